"""What the report says of the bootstrap, Dutch and English; ``{places}`` are filled with numbers."""

from __future__ import annotations

__all__ = ["RESAMPLING"]

RESAMPLING: dict[str, tuple[str, str]] = {
    "method_bootstrap": (
        "Bootstrap: {replicates} herhalingen van het SEM-model{auto}, steekproefschema {scheme}, interval "
        "{interval}.",
        "Bootstrap: {replicates} replicates of the SEM{auto}, resampling scheme {scheme}, interval "
        "{interval}.",
    ),
    "method_one_step": (
        "Eenstapsbootstrap: {replicates} herhalingen{auto}, uit de invloed van elke respondent op de "
        "schatting en zonder opnieuw te schatten, steekproefschema {scheme}, interval {interval}.",
        "One-step bootstrap: {replicates} replicates{auto}, from each respondent's influence on the "
        "estimate and without refitting, resampling scheme {scheme}, interval {interval}.",
    ),
    "auto_enough": (
        " (auto: tot de Monte-Carlofout van elke gedrukte grens hooguit {error} was)",
        " (auto: until the Monte-Carlo error of every printed limit was at most {error})",
    ),
    "auto_capped": (
        " (auto: gestopt bij de bovengrens, voordat de Monte-Carlofout van elke gedrukte grens hooguit "
        "{error} was)",
        " (auto: stopped at the cap, before the Monte-Carlo error of every printed limit was at most "
        "{error})",
    ),
    # what is drawn
    "scheme_cases": ("respondenten", "respondents"),
    "scheme_strata": ("respondenten binnen strata", "respondents within strata"),
    "scheme_cluster": ("clusters", "clusters"),
    "scheme_cluster_strata": ("clusters binnen strata", "clusters within strata"),
    "scheme_rescaled": ("{scheme}, herschaald (Rao–Wu)", "{scheme}, rescaled (Rao–Wu)"),
    "scheme_fpc": (
        "{scheme}, herschaald (Rao–Wu) met eindige-populatiecorrectie",
        "{scheme}, rescaled (Rao–Wu) with a finite population correction",
    ),
    "scheme_replicate_weights": (
        "replicatiegewichten van de enquête",
        "the survey's replicate weights",
    ),
    "scheme_bollen-stine": (
        "respondenten uit gegevens waarin het model geldt (Bollen–Stine)",
        "respondents from data in which the model holds (Bollen–Stine)",
    ),
    "scheme_parametric": (
        "nieuwe gegevens uit het geschatte model (parametrisch)",
        "new data from the estimated model (parametric)",
    ),
    "scheme_given": ("opgegeven steekproeven", "given resamples"),
    "weights_bootstrap": ("bootstrap", "bootstrap"),
    "weights_brr": ("BRR", "BRR"),
    "weights_fay": ("BRR volgens Fay", "Fay's BRR"),
    "weights_jk1": ("jackknife, JK1", "jackknife, JK1"),
    "weights_jkn": ("jackknife binnen strata, JKn", "jackknife within strata, JKn"),
    "weights_other": ("eigen schaal", "scale of their own"),
    # which interval
    "interval_percentile": ("percentiel", "percentile"),
    "interval_basic": ("basic (gespiegeld percentiel)", "basic (mirrored percentile)"),
    "interval_bc": ("BC", "BC"),
    "interval_bca": ("BCa", "BCa"),
    "interval_monte_carlo": ("Monte Carlo", "Monte Carlo"),
    "interval_t": ("Student-t", "Student's t"),
    # the band
    "band": ("Band", "Band"),
    "band_not_zero": ("Band zonder 0", "Band without 0"),
    "interval_only": ("alleen interval", "interval only"),
    "band_only": ("alleen band", "band only"),
    "effects_kind": (
        "Tussen haken bij de bootstrap: {level}-interval ({kind}).",
        "In brackets with the bootstrap: {level} interval ({kind}).",
    ),
    "band_note": (
        "Band: alle {count} rijen liggen sámen met {level} zekerheid binnen hun band (max-|t|); een los "
        "interval geldt alleen voor zijn eigen rij. Wie naar alle rijen tegelijk kijkt, gaat af op de band.",
        "Band: all {count} rows lie within their bands together with {level} confidence (max-|t|); a "
        "single interval holds for its own row only. Whoever looks at all rows at once goes by the band.",
    ),
    "precision_note": (
        "Met {replicates} herhalingen zijn de grenzen op {error} nauwkeurig (de grootste Monte-Carlofout; "
        "die van elke grens staat in intervals.csv).",
        "With {replicates} replicates limits are accurate to {error} (the largest Monte-Carlo error; "
        "intervals.csv has that of every limit).",
    ),
    "brief_banded": (
        "Interval zonder 0: {clear} van de {count} totale indirecte samenhangen; als alle "
        "tegelijk worden beoordeeld (band): {banded}.",
        "Interval without 0: {clear} of the {count} total indirect associations; when all are judged "
        "at once (band): {banded}.",
    ),
    "share_said": (
        "Van de herhalingen van de bootstrap is {share} in orde.",
        "Of the bootstrap's replicates {share} are in order.",
    ),
    # the audit
    "share_note": (
        "Het percentage achter een interval is het aandeel herhalingen van de bootstrap dat in orde is; de "
        "andere staan onder ‘{section}’.",
        "The percentage after an interval is the share of bootstrap replicates that are in order; the others "
        "are told under ‘{section}’.",
    ),
    "audit_good": (
        "Van de {total} bootstrapherhalingen zijn er {good} in orde ({share}).",
        "Of {total} bootstrap replicates {good} are in order ({share}).",
    ),
    "audit_failed": (
        "Niet geconvergeerd: {count} ({share}); die hebben geen uitkomst en tellen niet mee.",
        "Not converged: {count} ({share}); these have no result and do not count.",
    ),
    "audit_inadmissible": (
        "Ontoelaatbaar, met een negatieve variantie (Heywood) of een matrix die niet positief-definiet is: "
        "{count} ({share}); die tellen mee. Kolom ‘status’ van bootstrap.parquet zegt welke het zijn.",
        "Inadmissible, with a negative variance (Heywood) or a matrix that is not positive definite: {count} "
        "({share}); these count. Column ‘status’ of bootstrap.parquet says which they are.",
    ),
    "audit_same": (
        "Zonder de ontoelaatbare verandert geen enkele gedrukte grens van een pad of route.",
        "Without the inadmissible ones no printed limit of a path or route changes.",
    ),
    "audit_caption": (
        "Intervallen ({kind}) die zonder ontoelaatbare herhalingen anders zijn",
        "Intervals ({kind}) that differ without inadmissible replicates",
    ),
    "audit_more": (
        "De {shown} grootste verschillen van {total}; alle staan in intervals.csv.",
        "The {shown} largest differences of {total}; intervals.csv has all.",
    ),
    "path_or_route": ("Pad of route", "Path or route"),
    "with_all": ("Met", "With"),
    "without_inadmissible": ("Zonder", "Without"),
    "without_zero": ("Interval zonder 0", "Interval without 0"),
    # the terminal
    "console_replicates": ("Bootstrap: {total} herhalingen", "Bootstrap: {total} replicates"),
    "console_good": ("Daarvan {share} in orde", "Of these {share} in order"),
    "console_changed": (
        "; zonder de rest zijn {count} van {total} intervallen anders",
        "; without the rest {count} of {total} intervals differ",
    ),
    "console_precision": (", grenzen op {error} nauwkeurig", ", limits accurate to {error}"),
}
