"""Words on effects, and on what a panel or an experiment may say of them, Dutch and English."""

from __future__ import annotations

__all__ = ["EFFECTS"]

# said of a panel and of an experiment alike, in place of the same key without a design
ALIKE: dict[str, tuple[str, str]] = {
    "effects": ("Indirecte effecten", "Indirect effects"),
    "effects_caption": (
        "Gestandaardiseerd effect langs elke route",
        "Standardised effect along every route",
    ),
    "brief_indirect": (
        "Interval zonder 0: {clear} van de {count} totale indirecte effecten.",
        "Interval without 0: {clear} of the {count} total indirect effects.",
    ),
    "brief_single": (
        "Het totale indirecte effect heeft {clear} interval zonder 0.",
        "The total indirect effect has {clear} interval without 0.",
    ),
    "brief_banded": (
        "Interval zonder 0: {clear} van de {count} totale indirecte effecten; als alle tegelijk "
        "worden beoordeeld (band): {banded}.",
        "Interval without 0: {clear} of the {count} total indirect effects; when all are judged at "
        "once (band): {banded}.",
    ),
}

EFFECTS: dict[str, tuple[str, str]] = {
    **{f"{key}_{design}": text for key, text in ALIKE.items() for design in ("panel", "experiment")},
    "formula": ("Formule", "Formula"),
    "formulas_caption": ("Elke formule met haar interval", "Every formula with its interval"),
    "formulas": ("Verschillen en sommen van paden", "Differences and sums of paths"),
    "effects_intro_panel": (
        "Het effect langs een route is het product van de paden op die route. De volgorde in de tijd staat "
        "vast; dat niets anders beide verklaart blijft een aanname.",
        "The effect along a route is the product of the paths on it. The order in time is known; that "
        "nothing else explains both remains an assumption.",
    ),
    "effects_intro_experiment": (
        "Het effect langs een route is het product van de paden op die route. Alleen wat is geloot mag als "
        "oorzaak worden gelezen; de stap van mediator naar uitkomst is niet geloot.",
        "The effect along a route is the product of the paths on it. Only what was assigned at random may be "
        "read as a cause; the step from mediator to outcome was not.",
    ),
    "caution_cross_panel": (
        "De antwoorden zijn op meer momenten gegeven: de volgorde in de tijd is bekend, maar wat niet is "
        "gemeten kan beide verklaren.",
        "The answers were given at several moments: the order in time is known, but what was not measured "
        "may explain both.",
    ),
    "caution_cross_experiment": (
        "Alleen de voorspellers die zijn geloot mogen als oorzaak worden gelezen; de andere paden zijn "
        "samenhangen.",
        "Only the predictors that were assigned at random may be read as causes; the other paths are "
        "associations.",
    ),
    "effects_key": (
        "De sterkste samenhang staat bovenaan. Vierkant of ruit: schatting; lijn: interval.",
        "The strongest association comes first. Square or diamond: estimate; line: interval.",
    ),
    "effects_key_band": (
        "De sterkste samenhang staat bovenaan. Dikke lijn: interval van elke rij voor zich; dunne lijn met "
        "streepjes: band voor alle rijen tegelijk. Ligt de band buiten 0, dan houdt de rij stand ook als "
        "alle rijen samen worden beoordeeld.",
        "The strongest association comes first. Thick line: the interval of each row by itself; thin line "
        "with end caps: the band for all rows at once. Where the band lies clear of 0, the row stands even "
        "when all rows are judged together.",
    ),
    "headline_note": (
        "De totale indirecte samenhang staat voorop. Mediatoren zonder onderlinge volgorde delen variantie: "
        "hoe het totaal over hun routes wordt verdeeld hangt aan het model, het totaal zelf niet.",
        "The total indirect association comes first. Mediators without an order share variance: how the "
        "total is split over their routes depends on the model, the total itself does not.",
    ),
    "formulas_note": (
        "Verschillen en sommen van gestandaardiseerde paden: elke variabele in haar eigen standaarddeviatie.",
        "Differences and sums of standardised paths: every variable in its own standard deviation.",
    ),
    "caution_opposite": (
        "Bij {routes} hebben de rechtstreekse en de indirecte samenhang een verschillend teken: ze heffen "
        "elkaar deels op, en van een deel van het totaal dat indirect loopt kan dan niet worden gesproken.",
        "For {routes} the direct and the indirect association differ in sign: they cancel in part, and "
        "one cannot then speak of a share of the total that is indirect.",
    ),
}
