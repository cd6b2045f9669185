"""The first screen in words, Dutch and English: what goes with what, how large it is, how sure that is."""

from __future__ import annotations

__all__ = ["FINDINGS"]

FINDINGS: dict[str, tuple[str, str]] = {
    "findings_lead": (
        "Wat met elke uitkomst het sterkst samenhangt, bij gelijke scores op de andere voorspellers:",
        "What goes with each outcome most strongly, the other predictors being equal:",
    ),
    "finding_top": (
        "Het sterkst is de samenhang met {predictor}: wie daar hoger op scoort, scoort hier gemiddeld "
        "{direction} ({size}; β = {beta}; {level}-interval {interval}).",
        "The strongest association is with {predictor}: those who score higher on it score {direction} here "
        "on average ({size}; β = {beta}; {level} interval {interval}).",
    ),
    "finding_only": (
        "Wie hoger scoort op {predictor}, scoort hier gemiddeld {direction} ({size}; β = {beta}; "
        "{level}-interval {interval}).",
        "Those who score higher on {predictor} score {direction} here on average ({size}; β = {beta}; "
        "{level} interval {interval}).",
    ),
    "finding_tied": (
        "Mogelijk even sterk (de intervallen overlappen; het verschil zelf is hier niet getoetst): {paths}.",
        "Possibly as strong (the intervals overlap; the difference itself is not tested here): {paths}.",
    ),
    "finding_points": (
        "Eén standaarddeviatie hoger gaat samen met een kans die gemiddeld {points} procentpunt "
        "{direction} is.",
        "One standard deviation more goes with a probability that is {points} percentage points "
        "{direction} on average.",
    ),
    "finding_unsure_all": (
        "Van geen voorspeller staat vast dat zij hiermee samenhangt; het interval bevat 0 bij {paths}.",
        "No predictor is sure to be associated with it; the interval contains 0 for {paths}.",
    ),
    "finding_none": (
        "Geen voorspeller hangt hier meer dan verwaarloosbaar mee samen (alle binnen ±{rope}).",
        "No predictor is more than negligibly associated with it (all within ±{rope}).",
    ),
    "finding_next": ("Daarna: {paths}.", "Next: {paths}."),
    "finding_minor": ("Klein (binnen ±{small}): {paths}.", "Small (within ±{small}): {paths}."),
    "finding_small": ("Verwaarloosbaar (binnen ±{rope}): {paths}.", "Negligible (within ±{rope}): {paths}."),
    "finding_unsure": (
        "Onzeker, want het interval bevat 0: {paths}.",
        "Unsure, as the interval contains 0: {paths}.",
    ),
    "finding_count": ("{count} voorspellers", "{count} predictors"),
    "finding_sign": (
        "Let op, een andere methode geeft hier het omgekeerde teken: {paths}.",
        "Note that another method has the opposite sign here: {paths}.",
    ),
    "finding_r2": (
        "Samen verklaren de voorspellers {share} van de verschillen.",
        "Together the predictors explain {share} of the differences.",
    ),
    "higher": ("hoger", "higher"),
    "lower": ("lager", "lower"),
    "size_strong": ("sterk", "strong"),
    "size_clear": ("matig", "moderate"),
    "size_small": ("klein", "small"),
    "size_open": ("grootte onbekend", "of unknown size"),
    "sizes_said": (
        "Sterk: het hele 95%-interval ligt op of voorbij ±{strong}. Klein: het 90%-interval ligt binnen "
        "±{small}. Verwaarloosbaar: het 90%-interval ligt binnen ±{rope}. Matig is wat daartussen ligt. "
        "Zulke grenzen zijn afspraken; significantie zegt niets over grootte.",
        "Strong: the whole 95% interval lies at or beyond ±{strong}. Small: the 90% interval lies within "
        "±{small}. Negligible: the 90% interval lies within ±{rope}. Moderate is what lies between. Such "
        "bounds are conventions; significance says nothing of size.",
    ),
    "more_outcomes": ("Nog {count} uitkomsten", "Another {count} outcomes"),
    "caution_line": (
        "Lees dit als samenhang, niet als oorzaak: alle antwoorden zijn op één moment gegeven, voorspellers "
        "en uitkomsten komen van dezelfde respondenten, en gemeten is wat zij vinden.",
        "Read this as association, not as cause: all answers were given at one moment, predictors and "
        "outcomes come from the same respondents, and what is measured is what they think.",
    ),
    "caution_line_panel": (
        "De volgorde in de tijd is bekend, maar wat niet is gemeten kan beide verklaren; voorspellers en "
        "uitkomsten komen van dezelfde respondenten, en gemeten is wat zij vinden.",
        "The order in time is known, but what was not measured may explain both; predictors and outcomes "
        "come from the same respondents, and what is measured is what they think.",
    ),
    "caution_line_experiment": (
        "Alleen wat is geloot mag als oorzaak worden gelezen; de andere paden zijn samenhangen. Gemeten is "
        "wat respondenten vinden.",
        "Only what was assigned at random may be read as a cause; the other paths are associations. What is "
        "measured is what respondents think.",
    ),
    "caution_more": ("Waarom dat telt", "Why that matters"),
    # how sure
    "sure_title": ("Hoe zeker is dit?", "How sure is this?"),
    "sure_methods": ("Methoden", "Methods"),
    "sure_single": (
        "{paths} paden zijn geschat, met {engine} alleen: er is geen tweede methode om ze mee te "
        "vergelijken.",
        "{paths} paths were estimated, by {engine} alone: there is no second method to compare them with.",
    ),
    "sure_single_one": (
        "Eén pad is geschat, met {engine} alleen: er is geen tweede methode om het mee te vergelijken.",
        "One path was estimated, by {engine} alone: there is no second method to compare it with.",
    ),
    "sure_size": ("Significant of groot", "Significant or large"),
    "sure_claims": ("Uitspraken", "Claims"),
    "sure_groups": ("Groepen", "Groups"),
    "sure_routes": ("Routes", "Routes"),
    "sure_measured": ("Meting", "Measurement"),
    "sure_fit": ("Model", "Model"),
    "differ_named": ("Het verst uiteen: {paths}.", "Furthest apart: {paths}."),
    "differ_error": (
        "SEM rekent meetfout weg en verdeelt de samenhang daardoor soms anders over voorspellers die op "
        "elkaar lijken.",
        "SEM takes measurement error out, which may divide the association differently over predictors that "
        "resemble one another.",
    ),
    "sign_near_zero": (
        "Waar het teken verschilt, liggen de schattingen dicht bij 0.",
        "Where the sign differs, the estimates lie near 0.",
    ),
    "significant_small": (
        "Significant maar verwaarloosbaar klein: {count} van de {all} significante paden. Bij {n} "
        "respondenten wordt ook significant wat er niet toe doet.",
        "Significant but negligibly small: {count} of the {all} significant paths. With {n} respondents even "
        "what does not matter becomes significant.",
    ),
    "scales_good": (
        "De {count} schalen zijn betrouwbaar (α van {low} tot {high}).",
        "The {count} scales are reliable (α from {low} to {high}).",
    ),
    "scales_some": (
        "Van de {count} schalen blijven er onder α = {limit}: {names}. Hun β's op schaalscores zijn het "
        "sterkst afgezwakt.",
        "Of the {count} scales, these stay below α = {limit}: {names}. Their βs on scale scores are the most "
        "attenuated.",
    ),
    "fit_whole": ("Het model", "The model"),
    "fit_measured": (
        "Het meetmodel (de paden zijn verzadigd en worden niet getoetst)",
        "The measurement model (the paths are saturated and not tested)",
    ),
    "fit_good": ("{what} past goed ({indices}).", "{what} fits well ({indices})."),
    "fit_acceptable": ("{what} past aanvaardbaar ({indices}).", "{what} fits acceptably ({indices})."),
    "fit_poor": (
        "{what} past onvoldoende ({indices}): lees de schattingen van SEM met voorbehoud.",
        "{what} fits poorly ({indices}): read the estimates of SEM with reservation.",
    ),
    # the key figure
    "key_caption": ("In één oogopslag", "At a glance"),
    "key_said": (
        "β van {engine} met {level}-interval; band: verwaarloosbaar (±{rope}). Open rondje: "
        "verwaarloosbaar of onzeker.",
        "β of {engine} with its {level} interval; band: negligible (±{rope}). Open circle: negligible or "
        "unsure.",
    ),
    "key_engine": ("SEM, OLS of posterior", "SEM, OLS or posterior"),
    "key_more": (
        "De {shown} grootste per uitkomst; hieronder staan alle paden.",
        "The {shown} largest per outcome; all paths are below.",
    ),
    "sizes_n": ("Respondenten", "Respondents"),
}
