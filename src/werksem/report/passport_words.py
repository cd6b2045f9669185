"""What the report says of the beta passport, Dutch and English."""

from __future__ import annotations

__all__ = ["NOTE_WORDS", "PASSPORT"]

PASSPORT: dict[str, tuple[str, str]] = {
    "passport": ("Bètapaspoort", "Beta passport"),
    "passport_intro": (
        "Waarom de ene β niet de andere is. Elke kolom verandert één ding; het kleine getal is wat dat "
        "met β doet. Tussen haakjes: het {level}-interval van die stap bevat 0. Vet: een stap van meer dan "
        "{limit}, of naar een ander teken.",
        "Why one β is not the other. Every column changes one thing; the small number is what that does "
        "to β. In brackets: the {level} interval of that step includes 0. Bold: a step of more than "
        "{limit}, or to another sign.",
    ),
    "passport_intro_bare": (
        "Waarom de ene β niet de andere is. Elke kolom verandert één ding; het kleine getal is wat dat "
        "met β doet. Vet: een stap van meer dan {limit}, of naar een ander teken.",
        "Why one β is not the other. Every column changes one thing; the small number is what that does "
        "to β. Bold: a step of more than {limit}, or to another sign.",
    ),
    "passport_caption": ("Elk pad, trede voor trede (β)", "Every path, step by step (β)"),
    "passport_figure": ("Hoe β verandert, trede voor trede", "How β changes, step by step"),
    "passport_figure_key": (
        "Een lijn per pad. Blauw: β verandert van de eerste trede tot SEM ten minste {limit}; grijs: minder. "
        "Gestippeld: SEM ordinaal; ruit: de posterior, te vergelijken met OLS.",
        "A line per path. Blue: β changes by at least {limit} from the first rung to the SEM; grey: less. "
        "Dotted: ordinal SEM; diamond: the posterior, to be compared with OLS.",
    ),
    "passport_alt": ("β per trede, {title}: {rows}", "β on each rung, {title}: {rows}"),
    "passport_against": ("{delta} t.o.v. {base}", "{delta} from {base}"),
    "passport_head": ("{rung} (t.o.v. {base})", "{rung} (from {base})"),
    "passport_across": ("Bètapaspoort: paden die verschillen", "Beta passport: paths that differ"),
    "passport_alike": (
        "Bètapaspoort: paden gelijk op elke trede: {paths}.",
        "Beta passport: paths that agree on every rung: {paths}.",
    ),
    "passport_console": ("Bètapaspoort: wat elke stap met β doet", "Beta passport: what each step does to β"),
    "passport_from": ("Van", "From"),
    "passport_to": ("Naar", "To"),
    "passport_rung": ("Trede", "Rung"),
    # causes, as heads of the terminal's columns
    "short_unexplained": ("Onv.", "Unex."),
    "short_weights": ("Weeg", "Weigh"),
    "short_rows": ("Rijen", "Rows"),
    "short_controls": ("Contr.", "Contr."),
    "short_attenuation": ("Meetf.", "Error"),
    "short_measurement": ("Model", "Model"),
    "short_blanks": ("Hiaat", "Blanks"),
    "short_estimator": ("Schat.", "Estim."),
    "short_ordinality": ("Ordin.", "Ordin."),
    "short_pooling": ("Pool", "Pool"),
    "passport_all_still": (
        "{outcome}: geen pad verandert meer dan {limit} tussen {first} en {last}.",
        "{outcome}: no path changes more than {limit} between {first} and {last}.",
    ),
    "passport_most": (
        "{outcome}: β verandert het meest bij {predictor}, van {before} ({first}) naar {after} ({last}): "
        "{parts}.",
        "{outcome}: β changes most for {predictor}, from {before} ({first}) to {after} ({last}): {parts}.",
    ),
    "passport_part": ("{what} {delta}", "{what} {delta}"),
    "passport_aside": (
        " {rung} wijkt van {base} het verst af bij {predictor}: {delta}.",
        " {rung} is furthest from {base} for {predictor}: {delta}.",
    ),
    "passport_lead": (
        "Hoeveel β gemiddeld over {paths} paden verandert: {what}.",
        "How much β changes on average over {paths} paths: {what}.",
    ),
    "passport_lead_one": ("Hoeveel β verandert: {what}.", "How much β changes: {what}."),
    "passport_by": ("{size} door {what}", "{size} by {what}"),
    "passport_less": ("minder dan {limit} door {what}", "less than {limit} by {what}"),
    "passport_same": (
        "Gemiddeld over {paths} paden verandert geen trede β met {limit} of meer.",
        "On average over {paths} paths no step changes β by {limit} or more.",
    ),
    "passport_same_one": (
        "Geen trede verandert β met {limit} of meer.",
        "No step changes β by {limit} or more.",
    ),
    # rungs, as heads of columns
    "rung_published": ("Gepubli­ceerd", "Published"),
    "rung_ols_unweighted": ("OLS ongewogen", "OLS un­weighted"),
    "rung_ols": ("OLS", "OLS"),
    "rung_ols_weighted": ("OLS gewogen", "OLS weighted"),
    "rung_rows": ("Zelfde rijen", "Same rows"),
    "rung_predictors": ("Met controles", "With controls"),
    "rung_corrected": ("Zonder meetfout", "Without error"),
    "rung_sem": ("SEM", "SEM"),
    "rung_full_information": ("SEM, ook met hiaten", "SEM, blanks too"),
    "rung_least_squares": ("SEM, kleinste kwadraten", "SEM, least squares"),
    "rung_ordinal": ("SEM ordinaal", "SEM ordinal"),
    "rung_pooled": ("Posterior", "Posterior"),
    # what the step to each rung explains
    "explains_unexplained": ("onverklaard", "unexplained"),
    "explains_weights": ("weging", "weights"),
    "explains_rows": ("andere rijen", "other rows"),
    "explains_controls": ("controlevariabelen", "control variables"),
    "explains_attenuation": ("meetfout", "measurement error"),
    "explains_measurement": ("itemgewichten van het model", "item weights of the model"),
    "explains_blanks": ("rijen met hiaten", "rows with blanks"),
    "explains_estimator": ("schatter", "estimator"),
    "explains_ordinality": ("ordinaliteit", "ordinality"),
    "explains_pooling": ("pooling", "pooling"),
    # what each rung is, below the table
    "about_published": (
        "Gepubliceerd → OLS: wat geen trede verklaart (andere steekproef, afronding, andere keuzes).",
        "Published → OLS: what no step explains (another sample, rounding, other choices).",
    ),
    "about_ols_unweighted": (
        "OLS ongewogen → gewogen: dezelfde regressie met de steekproefgewichten.",
        "OLS unweighted → weighted: the same regression with the sampling weights.",
    ),
    "about_rows": (
        "Zelfde rijen: alleen wie alle items van het model beantwoordde, zoals in het SEM.",
        "Same rows: only those who answer all items of the model, as in the SEM.",
    ),
    "about_predictors": (
        "Met controles: dezelfde regressie met de controlevariabelen erbij.",
        "With controls: the same regression with the control variables in it.",
    ),
    "about_corrected": (
        "Zonder meetfout: OLS nadat de meetfout uit de varianties van de schaalscores is gehaald (ω, "
        "anders α). Met meer voorspellers kan β daardoor ook dalen.",
        "Without error: OLS after measurement error is taken out of the variances of scale means (ω, "
        "else α). With several predictors that may lower β too.",
    ),
    "about_sem": (
        "SEM: items wegen naar hun lading en het model legt beperkingen op.",
        "SEM: items weigh by their loadings and the model adds its restrictions.",
    ),
    "about_full_information": (
        "Ook met hiaten: wie een deel van de items beantwoordde telt mee (FIML).",
        "Blanks too: those who answer some of the items count (FIML).",
    ),
    "about_least_squares": (
        "Kleinste kwadraten: hetzelfde model door de schatter van de studie.",
        "Least squares: the same model by the study's estimator.",
    ),
    "about_ordinal": (
        "SEM ordinaal: antwoorden als geordende categorieën (WLSMV), vergeleken met SEM.",
        "SEM ordinal: answers as ordered categories (WLSMV), compared with SEM.",
    ),
    "about_pooled": (
        "Posterior: het gepoolde gemiddelde, naast de schatting waarvan zij alleen in pooling "
        "verschilt; zonder gepaard interval.",
        "Posterior: its pooled mean, beside the estimate that it differs from in pooling only; "
        "without a paired interval.",
    ),
    "about_probit": (
        "Bij een uitkomst van ja of nee is SEM ordinaal een probit: een andere maat, die in het oordeel niet "
        "meetelt.",
        "For a yes or no outcome SEM ordinal is a probit: another scale, which has no part in the verdict.",
    ),
}
# the table's own remarks, in Dutch
NOTE_WORDS: dict[str, str] = {
    "not_definite": (
        "bij deze correlaties zijn de betrouwbaarheden te laag: zonder meetfout is de matrix niet positief "
        "definiet"
    ),
    "unreliable": "een betrouwbaarheid is onbekend, negatief of groter dan 1: corrigeren kan niet",
    "overlap": "schalen delen items, zodat hun fouten samenhangen: corrigeren kan niet",
    "groups": "het SEM is van groepen samen, niet van alle respondenten bij elkaar",
    "not_converged": "het SEM convergeert niet op deze rijen",
    "too_few": "er zijn minder volledige rijen dan items",
    "constraints": "het model heeft beperkingen (==): zijn herschattingen hebben geen interval",
    "no_ordinal": "met geordende categorieën is er geen oplossing",
    "other_predictors": "de gepubliceerde regressie heeft ook voorspellers die het model mist",
}
