"""Every word of the report and the console, Dutch and English, in one table."""

from __future__ import annotations

from collections.abc import Sequence

from werksem.bilingual import in_language
from werksem.report.sentences import SENTENCES

__all__ = ["WORDS", "engine_name", "group_name", "group_title", "listed", "word"]

WORDS: dict[str, tuple[str, str]] = {
    # banner, headings
    "banner": (
        "Synthetische gegevens: zegt niets over de werkelijkheid",
        "Synthetic data: says nothing about reality",
    ),
    "summary": ("In het kort", "In brief"),
    "warnings": ("Waarschuwingen", "Warnings"),
    "diagram": ("Padendiagram", "Path diagram"),
    "densities": ("Verdelingen per pad", "Distributions per path"),
    "comparison": ("Vergelijking per pad", "Comparison per path"),
    "effects": ("Indirecte samenhang (statistisch)", "Indirect association (statistical)"),
    "data": ("Onderzoek en gegevens", "Study and data"),
    "fit": ("Passing van het model", "Model fit"),
    "measurement": ("Meetkwaliteit", "Measurement quality"),
    "groups": ("Verschillen tussen groepen", "Differences between groups"),
    "diagnostics": ("Betrouwbaarheid van de berekening", "Reliability of the computation"),
    "cautions": ("Bij het lezen", "When reading this"),
    "provenance": ("Herkomst", "Provenance"),
    "contents": ("Inhoud", "Contents"),
    "skip": ("Direct naar de uitkomsten", "Skip to the results"),
    "scrollable": ("Tabel, opzij te schuiven", "Table, scrolls sideways"),
    "scrollable_figure": ("figuur, opzij te schuiven", "figure, scrolls sideways"),
    "source": ("Bron", "Source"),
    "made_with": ("Gemaakt met werksem", "Made with werksem"),
    "on": ("op", "on"),
    # comparison
    "predictor": ("Voorspeller", "Predictor"),
    "outcome": ("Uitkomst", "Outcome"),
    "group": ("Groep", "Group"),
    "published": ("Gepubliceerd", "Published"),
    "published_short": ("Publ.", "Publ."),
    "ols": ("OLS", "OLS"),
    "sem": ("SEM", "SEM"),
    "bootstrap": ("Bootstrap", "Bootstrap"),
    "sem_bootstrap": ("SEM met bootstrap", "SEM with bootstrap"),
    "bayes": ("Posterior", "Posterior"),
    "verdict": ("Oordeel", "Verdict"),
    "agree": ("gelijk", "agree"),
    "differ > .05": ("verschil > ,05", "differ > .05"),
    "sign differs": ("teken verschilt", "sign differs"),
    "difference": ("Verschil", "Difference"),
    "all": ("alle respondenten", "all respondents"),
    "typical": ("typische groep", "typical group"),
    "comparison_caption": ("Gestandaardiseerde padcoëfficiënten (β)", "Standardised path coefficients (β)"),
    "probit_caption": (
        "Uitkomsten van ja of nee, als probit (WLSMV)",
        "Yes or no outcomes, as a probit (WLSMV)",
    ),
    "probit_beta": ("Probit-β", "Probit β"),
    "probit_ame": ("Procentpunten", "Percentage points"),
    "forest_title": ("Elke schatting met haar interval", "Every estimate with its interval"),
    "forest_key": (
        "Gestandaardiseerde schattingen (β); de lijn is het {level}-interval.",
        "Standardised estimates (β); the line is the {level} interval.",
    ),
    "method": ("Methode", "Method"),
    "n": ("n", "n"),
    # effects
    "effect": ("Route", "Route"),
    "kind": ("Soort", "Kind"),
    "total_indirect": ("Totaal indirect", "Total indirect"),
    "total": ("Totaal", "Total"),
    "via": ("via", "via"),
    "direct": ("rechtstreeks", "direct"),
    "other_effects": ("Zelf opgegeven formules", "Formulas of the model"),
    "effects_caption": (
        "Gestandaardiseerde samenhang langs elke route",
        "Standardised association along every route",
    ),
    "effects_figure": ("Routes met hun interval", "Routes with their interval"),
    "not_zero": ("Interval zonder 0", "Interval without 0"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    # sensitivity
    "sensitivity": ("Gevoeligheid", "Sensitivity"),
    "fragility_caption": (
        "Residuele correlatie van mediator en uitkomst die een indirecte samenhang opheft",
        "Residual correlation of mediator and outcome that undoes an indirect association",
    ),
    "fragile_step": ("Zwakste stap", "Weakest step"),
    "rho_interval": ("ρ: interval raakt 0", "ρ: interval reaches 0"),
    "rho_zero": ("ρ: samenhang is 0", "ρ: association is 0"),
    "order_caption": ("Mediatoren in omgekeerde volgorde", "Mediators in reversed order"),
    "std_here": ("Zoals hier", "As here"),
    "std_reversed": ("Omgekeerd", "Reversed"),
    "chisq_here": ("χ² hier", "χ² here"),
    "chisq_reversed": ("χ² omgekeerd", "χ² reversed"),
    "equivalent": ("Past even goed", "Fits equally well"),
    "method_caption": (
        "Als een deel van elk antwoord aan de respondent ligt",
        "If a share of every answer is the respondent's style",
    ),
    "factor": ("Gedeelde factor", "Common factor"),
    "halo": ("Halo", "Halo"),
    "acquiescence": ("Ja-zeggen", "Yes-saying"),
    "method_share": ("Aandeel", "Share"),
    "clear_paths": ("Paden die standhouden", "Paths that stand"),
    "clear_effects": ("Samenhangen die standhouden", "Associations that stand"),
    "first_lost": ("Paden die vervallen", "Paths that do not"),
    "method_impossible": (
        "niet mogelijk: de samenhangen sluiten een zo grote factor uit",
        "not possible: the covariances rule out a factor this large",
    ),
    "method_unsolved": ("niet geconvergeerd", "not converged"),
    "more": ("en nog {count}", "and {count} more"),
    "robustness_caption": (
        "Robuustheid van β's op schaalscores: hoe sterk moet een weggelaten oorzaak zijn?",
        "Robustness of βs on scale scores: how strong must an omitted cause be?",
    ),
    "beta": ("β", "β"),
    "rv": ("RV: β wordt 0", "RV: β becomes 0"),
    "rv_alpha": ("RV: niet meer significant", "RV: no longer significant"),
    # fit and measurement
    "measure": ("Maat", "Measure"),
    "value": ("Waarde", "Value"),
    "judgement": ("Oordeel", "Judgement"),
    "rule": ("Vuistregel", "Rule of thumb"),
    "fit_caption": ("Passing van het SEM-model", "Fit of the SEM"),
    "good": ("goed", "good"),
    "acceptable": ("aanvaardbaar", "acceptable"),
    "poor": ("onvoldoende", "poor"),
    "expected_rejection": ("verwerpt; bij deze n te verwachten", "rejects; to be expected at this n"),
    "rejected": ("verwerpt het model", "rejects the model"),
    "not_rejected": ("verwerpt het model niet", "does not reject the model"),
    "chisq": ("χ² (vrijheidsgraden)", "χ² (degrees of freedom)"),
    "pvalue": ("p-waarde van χ²", "p-value of χ²"),
    "pvalue_bollen_stine": ("Bollen–Stine-p", "Bollen–Stine p"),
    "cfi": ("CFI", "CFI"),
    "tli": ("TLI", "TLI"),
    "rmsea": ("RMSEA [90%-interval]", "RMSEA [90% interval]"),
    "srmr": ("SRMR", "SRMR"),
    "npar": ("Geschatte parameters", "Free parameters"),
    "logl": ("Log-likelihood", "Log-likelihood"),
    "aic": ("AIC", "AIC"),
    "bic": ("BIC", "BIC"),
    "r2_caption": ("Verklaarde variantie (R²) per uitkomst", "Explained variance (R²) per outcome"),
    "r2_adj": ("OLS, gecorrigeerd", "OLS, adjusted"),
    "f_test": ("F (vrijheidsgraden)", "F (degrees of freedom)"),
    "reliability_caption": ("Betrouwbaarheid per construct", "Reliability per construct"),
    "construct": ("Construct", "Construct"),
    "items_count": ("Items", "Items"),
    "item": ("Item", "Item"),
    "alpha": ("α", "α"),
    "omega": ("ω", "ω"),
    "ave": ("AVE", "AVE"),
    "htmt_caption": ("Onderscheid tussen constructen", "Distinctness of constructs"),
    "pair": ("Paar", "Pair"),
    "residual": ("Residu", "Residual"),
    "residual_caption": ("Grootste residuele correlaties", "Largest residual correlations"),
    "residual_note": (
        "Waargenomen min door het model verwachte correlatie; boven ,10 een nadere blik waard.",
        "Observed minus model-implied correlation; beyond .10 worth a closer look.",
    ),
    "parameter": ("Parameter", "Parameter"),
    "mi": ("Modificatie-index", "Modification index"),
    "sepc": ("Verwachte verandering", "Expected change"),
    "modification_caption": ("Wat vrijlaten zou opleveren", "What freeing would gain"),
    "modification_note": (
        "Grootste modificatie-indices met de verwachte gestandaardiseerde verandering. Bij dit aantal "
        "respondenten is ook een kleine verandering significant; let op de verandering.",
        "Largest modification indices with the expected standardised change. With this many respondents a "
        "small change is significant too; look at the change.",
    ),
    "ladder_caption": ("Meetinvariantie over groepen", "Measurement invariance across groups"),
    "ladder_note": (
        "Vuistregel (Chen, 2007): een stap houdt als CFI niet meer dan ,010 daalt en RMSEA niet meer dan "
        ",015 stijgt.",
        "Rule of thumb (Chen, 2007): a step holds where CFI falls by at most .010 and RMSEA rises by at most "
        ".015.",
    ),
    "ladder_level": ("Niveau", "Level"),
    "ladder_chisq": ("χ²", "χ²"),
    "ladder_df": ("df", "df"),
    "ladder_cfi": ("CFI", "CFI"),
    "ladder_rmsea": ("RMSEA", "RMSEA"),
    "ladder_delta_cfi": ("ΔCFI", "ΔCFI"),
    "ladder_delta_rmsea": ("ΔRMSEA", "ΔRMSEA"),
    "ladder_delta_pvalue": ("p van Δχ²", "p of Δχ²"),
    "ladder_configural": ("Configuraal", "Configural"),
    "ladder_metric": ("Metrisch", "Metric"),
    "ladder_scalar": ("Scalair", "Scalar"),
    "ladder_strict": ("Strikt", "Strict"),
    "ladder_partial_metric": ("Metrisch, items vrij", "Metric, items freed"),
    "ladder_partial_scalar": ("Scalair, items vrij", "Scalar, items freed"),
    "ladder_partial_strict": ("Strikt, items vrij", "Strict, items freed"),
    "construct_pair": ("Constructen", "Constructs"),
    "htmt": ("HTMT", "HTMT"),
    "htmt2": ("HTMT2", "HTMT2"),
    "design_caption": (
        "Gelijkenis binnen organisaties en groepen",
        "Likeness within organisations and groups",
    ),
    "design_cluster": ("Clusters", "Clusters"),
    "design_group": ("Groepen", "Groups"),
    "scale": ("Schaal", "Scale"),
    "units": ("Eenheden", "Units"),
    "unit_size": ("Gemiddelde grootte", "Mean size"),
    "icc1": ("ICC(1)", "ICC(1)"),
    "design_effect": ("Ontwerpeffect", "Design effect"),
    "loading_range": ("Ladingen", "Loadings"),
    "measured": ("Ladingen en intercepten", "Loadings and intercepts"),
    "loading": ("Lading", "Loading"),
    "interval": ("{level}-interval", "{level} interval"),
    # groups
    "groups_figure": ("Groepen rond het gemiddelde", "Groups around the average"),
    "groups_caption": (
        "Posterior per groep, gestandaardiseerd op dezelfde schaal",
        "Posterior per group, standardised on a common scale",
    ),
    "path": ("Pad", "Path"),
    "own": ("eigen schatting", "own estimate"),
    # diagnostics, provenance
    "ok": ("Goed", "OK"),
    "what_to_do": ("Wat te doen", "What to do"),
    "diagnostics_caption": ("Controles per methode", "Checks per method"),
    "fine": ("in orde", "fine"),
    "look": ("let op", "attention"),
    "part": ("Onderdeel", "Item"),
    "provenance_caption": ("Waarmee en waarvan dit gemaakt is", "What this was made with and from"),
    "version": ("Versie van werksem", "werksem version"),
    "versions": ("Bibliotheken", "Libraries"),
    "seed": ("Toevalsgetal (seed)", "Seed"),
    "data_file": ("Gegevensbestand", "Data file"),
    "data_hash": ("SHA-256 van de gegevens", "SHA-256 of the data"),
    "model_hash": ("SHA-256 van het model", "SHA-256 of the model"),
    "git": ("Git-revisie", "Git revision"),
    "created": ("Berekend", "Computed"),
    "threads": ("Threads; BLAS", "Threads; BLAS"),
    "timings": ("Rekentijd", "Computing time"),
    "priors": ("A-prioriverdelingen", "Priors"),
    "priors_each": ("A-prioriverdelingen per parameter", "Priors per parameter"),
    "priors_say": ("Vóór de gegevens", "Before the data"),
    "priors_weigh": ("A-prioriverdelingen tegenover de gegevens", "Priors against the data"),
    "rows": ("rijen", "rows"),
    "more_in_report": ("en nog {count}; zie report.html", "and {count} more; see report.html"),
    "across_title": ("Gestandaardiseerde paden naast elkaar", "Standardised paths side by side"),
    "models_differ": (
        "De modellen verschillen: onder dezelfde naam kan iets anders gemeten zijn.",
        "The models differ: the same name may have been measured differently.",
    ),
    "report_at": ("Rapport", "Report"),
}


def word(key: str, language: str, **values: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its ``{places}`` filled; ``KeyError`` if unknown.

    >>> word("verdict", "nl")
    'Oordeel'
    """
    return in_language(WORDS[key] if key in WORDS else SENTENCES[key], language, **values)


def engine_name(engine: str, language: str) -> str:
    """Return what an engine is called; a name we do not know stays as it is."""
    return word(engine, language) if engine in WORDS else engine


def group_name(group: str, language: str) -> str:
    """Return a group's own label, or the words for ``all`` and ``typical``."""
    return word(group, language) if group in ("all", "typical") else group


def group_title(group: str, language: str) -> str:
    """Return a group as a heading: the words for ``all`` and ``typical`` with a capital.

    >>> group_title("typical", "nl"), group_title("gemeenten", "nl")
    ('Typische groep', 'gemeenten')
    """
    name = group_name(group, language)
    return name[0].upper() + name[1:] if group in ("all", "typical") else name


def listed(names: Sequence[str], language: str, joint: str = "and") -> str:
    """Return names as in a sentence; ``joint`` is the key of the word before the last one.

    >>> listed(["a", "b", "c"], "en"), listed(["a", "b"], "nl", "or")
    ('a, b and c', 'a of b')
    """
    return f" {word(joint, language)} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
