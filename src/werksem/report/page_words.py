"""Words of the page itself: its parts, its menus, what can be folded out. Dutch and English."""

from __future__ import annotations

__all__ = ["PAGE"]

PAGE: dict[str, tuple[str, str]] = {
    "untrusted": ("Niet alles hier is te vertrouwen", "Not everything here is to be trusted"),
    "untrusted_here": (
        "Ook de bevindingen hieronder rusten op schattingen die niet in orde zijn; neem ze niet over.",
        "The findings below, too, rest on estimates that are not in order; do not use them.",
    ),
    "untrusted_elsewhere": (
        "De bevindingen hieronder rusten op {engine} en blijven staan. Niet in orde:",
        "The findings below rest on {engine} and stand. Not in order:",
    ),
    "part_answer": ("Antwoord", "Answer"),
    "part_evidence": ("Onderbouwing", "Evidence"),
    "part_measurement": ("Gegevens en meting", "Data and measurement"),
    "part_technical": ("Technische bijlage", "Technical appendix"),
    "to_top": ("naar boven", "back to top"),
    "how_to_read": ("Hoe te lezen", "How to read this"),
    "verdicts": ("Waarop elk oordeel over een uitspraak rust", "What each verdict on a claim rests on"),
    "methods": ("Methoden en instellingen", "Methods and settings"),
    "comparison_intro": (
        "Elke β is het verschil in de uitkomst, in standaarddeviaties, dat samengaat met één "
        "standaarddeviatie meer op de voorspeller, bij gelijke scores op de andere voorspellers. Bij "
        "elke tabel zijn dezelfde schattingen met hun interval getekend.",
        "Every β is the difference in the outcome, in standard deviations, that goes with one standard "
        "deviation more on the predictor, the other predictors being equal. With every table the same "
        "estimates are drawn with their intervals.",
    ),
    # the sample
    "flow_caption": ("Van bestand naar schatting", "From file to estimate"),
    "flow_step": ("Stap", "Step"),
    "flow_lost": ("Valt af", "Lost"),
    "flow_why": ("Waarom", "Why"),
    "flow_read": ("Gelezen", "Read"),
    "flow_used": ("In de analyse", "In the analysis"),
    "flow_common": (
        "alleen wie alles beantwoordde, bij elke methode dezelfde rijen",
        "only those who answered everything, the same rows for every method",
    ),
    "flow_listwise": ("onvolledige rijen weggelaten", "incomplete rows left out"),
    "flow_fiml": ("open antwoorden meegeschat (FIML)", "blanks handled by FIML"),
    "flow_ols": (
        "per vergelijking wie elke schaalscore heeft",
        "per equation those who have every scale score",
    ),
    "flow_bayes_scores": ("wie elke schaalscore heeft", "those who have every scale score"),
    "flow_bayes_latent": ("wie alles beantwoordde", "those who answered everything"),
    "sample_caption": ("Groepen in de steekproef", "Groups in the sample"),
    "sample_share": ("Aandeel", "Share"),
    "sample_complete": ("Alles beantwoord", "Answered all"),
    "sample_clusters": ("Organisaties", "Clusters"),
    "sample_weights": ("Gewichten", "Weights"),
    "sample_weight_share": ("Gewogen aandeel", "Weighted share"),
    "sample_effective": ("Effectieve n", "Effective n"),
    "sample_deff": ("Weegeffect (deff)", "Deff of weighting"),
    "sample_note": (
        "Alles beantwoord: elk item en elke variabele van het model ingevuld. Wie de vragenlijst niet "
        "heeft ontvangen of niet heeft teruggestuurd, staat niet in het bestand; over respons zegt deze "
        "tabel niets.",
        "Answered all: every item and variable of the model was answered. Those who did not receive or "
        "return the questionnaire are not in the file; this table says nothing of response.",
    ),
    "sample_kish": (
        "Effectieve n (Kish, 1965): zoveel gelijk gewogen respondenten zeggen evenveel; deff is n gedeeld "
        "door de effectieve n.",
        "Effective n (Kish, 1965): as many equally weighted respondents say as much; deff is n divided by "
        "the effective n.",
    ),
    # items
    "items": ("Antwoorden per item", "Answers per item"),
    "items_caption": (
        "Elk item: hoe het is beantwoord en hoe het bij zijn schaal past",
        "Every item: how it was answered and how it fits its scale",
    ),
    "items_n": ("n", "n"),
    "items_missing": ("Open", "Blank"),
    "items_mean": ("Gem.", "Mean"),
    "items_sd": ("SD", "SD"),
    "items_answers": ("Antwoorden, laag naar hoog", "Answers, low to high"),
    "items_rest": ("Item-rest r", "Item-rest r"),
    "items_reversed": ("omgekeerd gesteld, hier gespiegeld", "worded the other way, turned round here"),
    "items_small": ("te weinig", "too few"),
    "items_note": (
        "Balk: het deel dat elk antwoord gaf, van het laagste (oranje) tot het hoogste (blauw), in de "
        "richting van het construct; eronder de percentages. Open: niet beantwoord. Item-rest r: "
        "correlatie met de som van de andere items van de schaal. Lading: gestandaardiseerd, van de SEM.",
        "Bar: the share that gave each answer, from the lowest (orange) to the highest (blue), in the "
        "direction of the construct; below it the percentages. Blank: not answered. Item-rest r: "
        "correlation with the sum of the scale's other items. Loading: standardised, of the SEM.",
    ),
    "items_hidden": (
        "Aantallen van minder dan 10 respondenten zijn weggelaten, en zoveel andere als nodig is om ze "
        "niet te kunnen uitrekenen.",
        "Numbers of fewer than 10 respondents are left out, and as many others as it takes that they "
        "cannot be worked out.",
    ),
    "items_weighted": ("De percentages zijn gewogen.", "Percentages are weighted."),
    # the technical appendix
    "measured_caption": ("Elk item in het meetmodel", "Every item in the measurement model"),
    "measured_note": (
        "Lading, SE en interval zijn gestandaardiseerd; b is de ongestandaardiseerde lading en intercept "
        "het verwachte antwoord bij een construct van 0, met hun standaardfout tussen haken (geen: "
        "vastgezet). Rest: het deel van de itemvariantie dat het construct niet verklaart; R² is wat het "
        "wel verklaart.",
        "Loading, SE and interval are standardised; b is the unstandardised loading and the intercept the "
        "expected answer where the construct is 0, with their standard errors in brackets (none: fixed). "
        "Residual: the share of the item's variance that the construct does not explain; R² is what it "
        "does.",
    ),
    "loading_se": ("SE", "SE"),
    "loading_interval": ("Interval", "Interval"),
    "loading_raw": ("b", "b"),
    "intercept": ("Intercept", "Intercept"),
    "residual_std": ("Rest", "Residual"),
    "item_r2": ("R²", "R²"),
    "parameters": ("Alle parameters", "All parameters"),
    "parameters_intro": (
        "Per methode elke geschatte parameter van alle respondenten; groepen staan in estimates.csv. Op "
        "papier komt alleen wat is uitgeklapt.",
        "Per method every estimated parameter of all respondents; groups are in estimates.csv. On paper only "
        "what is folded out is printed.",
    ),
    "parameters_caption": ("{engine}: alle {count} parameters", "{engine}: all {count} parameters"),
    "parameters_note": (
        "Schatting, SE en interval zijn ongestandaardiseerd; β is gestandaardiseerd.",
        "Estimate, SE and interval are unstandardised; β is standardised.",
    ),
    "parameters_untold": (
        "{names} heeft geen ruwe coëfficiënten, en geen gemiddelde en variantie: daaruit volgt hoe weinig "
        "respondenten een antwoord gaven (onthulling).",
        "{names} has no raw coefficients, and no mean and variance: how few respondents gave an answer "
        "follows from these (disclosure).",
    ),
    "parameters_some": (
        "De eerste {shown} van de {all}; estimates.csv heeft ze alle.",
        "The first {shown} of {all}; estimates.csv has them all.",
    ),
    "parameter_estimate": ("Schatting", "Estimate"),
    "parameter_se": ("SE", "SE"),
    "parameter_z": ("z of t", "z or t"),
    "parameter_p": ("p", "p"),
    "parameter_limits": ("Interval", "Interval"),
    "parameter_std": ("β", "β"),
    "op_0": ("Ladingen", "Loadings"),
    "op_1": ("Paden", "Paths"),
    "op_2": ("Varianties en covarianties", "Variances and covariances"),
    "op_3": ("Intercepten", "Intercepts"),
    "op_4": ("Drempels", "Thresholds"),
    "op_5": ("Formules en routes", "Formulas and routes"),
    "op_6": ("Verklaarde variantie", "Explained variance"),
    "prior_one": ("Verdeling", "Distribution"),
    "priors_title": ("A-prioriverdelingen", "Priors"),
    "advice_norm": ("Norm", "Norm"),
}
