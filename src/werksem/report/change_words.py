"""What ``compare`` says of why betas changed between waves, Dutch and English."""

from __future__ import annotations

__all__ = ["CHANGE"]

CHANGE: dict[str, tuple[str, str]] = {
    "change_title": ("Waardoor β veranderde: {first} → {second}", "Why β changed: {first} → {second}"),
    "change_betas": ("β", "β"),
    "change_difference": ("Δβ", "Δβ"),
    "change_mix": ("Mix", "Mix"),
    "change_loadings": ("Meting", "Measure"),
    "change_variances": ("Spreiding", "Spread"),
    "change_path": ("Pad", "Path"),
    "change_rest": ("Rest", "Rest"),
    "change_sum": (
        "De delen tellen op tot de verandering. Vet: het {level}-interval bevat 0 niet (bootstrap, elke "
        "golf apart in haar eigen ontwerp, {count} keer); ook als er niets verandert is ongeveer 1 op de "
        "{chance} vet.",
        "The parts sum to the change. Bold: the {level} interval excludes 0 (bootstrap, each wave by "
        "itself in its own design, {count} times); about 1 in {chance} is bold even if nothing changes.",
    ),
    "change_means_mix": (
        "Mix: andere aandelen van de groepen ({groups}) onder de (gewogen) respondenten. Zonder weging is"
        " dat ook een andere respons.",
        "Mix: other shares of the groups ({groups}) among the (weighted) respondents. Without weights "
        "that includes another response.",
    ),
    "change_means_loadings": (
        "Meting: items laden anders of hangen meer van toeval af. Raakt alleen β van schaalscores (OLS): "
        "een latente variabele (SEM) heeft de eenheid van de items die gelijk bleven.",
        "Measure: items load otherwise or have more error. It touches β of scale means only (OLS): a "
        "latent variable (SEM) has the unit of the items that stayed as they were.",
    ),
    "change_means_variances": (
        "Spreiding: respondenten verschillen onderling meer of minder op voorspeller of uitkomst, zodat "
        "een gelijk pad gestandaardiseerd anders uitvalt (β = b · s van de voorspeller / s van de "
        "uitkomst).",
        "Spread: respondents differ more or less on predictor or outcome, so that the same path turns out"
        " otherwise once standardised (β = b · s of the predictor / s of the outcome).",
    ),
    "change_means_path": (
        "Pad: de ongestandaardiseerde samenhang zelf, in dezelfde eenheden, is anders.",
        "Path: the unstandardised association itself, in the same units, is another.",
    ),
    "change_means_rest": (
        "Rest: wat het model van β van schaalscores (OLS) niet weergeeft.",
        "Rest: what the model does not reproduce of β of scale means (OLS).",
    ),
    "change_caution": (
        "Elke golf is één moment en bevraagt anderen: een verandering tussen golven is geen verandering "
        "van personen. Is de respons anders dan in de groepen te zien is, dan zit dat in spreiding en "
        "pad. Gerekend met ML op volledig ingevulde rijen.",
        "Each wave is one moment and asks other people: a change between waves is no change of persons. "
        "Where response changed in ways the groups do not show, spread and path have it. Computed by ML "
        "on complete rows.",
    ),
    "change_not": (
        "Waardoor β veranderde is niet te zeggen: {why}.",
        "Why β changed cannot be said: {why}.",
    ),
    "change_why_moments": (
        "de studie heeft alleen momenten, geen respondenten",
        "the study has moments only, no respondents",
    ),
    "change_why_gone": (
        "het gegevensbestand van de studie is er niet meer",
        "the data file of the study is gone",
    ),
    "change_why_changed": (
        "het gegevensbestand is sindsdien veranderd (draai fit opnieuw)",
        "the data file has changed since (run fit again)",
    ),
    "change_why_groups": ("het model heeft parameters per groep", "the model has parameters per group"),
}
