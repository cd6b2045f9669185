"""What the report says of invariance and of freed items, Dutch and English."""

from __future__ import annotations

__all__ = ["COMPARABLE", "INVARIANCE"]

COMPARABLE: dict[str, tuple[str, str]] = {
    "ladder_partial_note": (
        "Items vrij: de items die het meest afwijken hebben per groep een eigen lading en intercept; de "
        "metrische stap staat dan weer naast de configurale.",
        "Items freed: the items that deviate most have a loading and an intercept of each group's own; the "
        "metric step then stands beside the configural one again.",
    ),
    "comparable": ("Is wat gepoold wordt vergelijkbaar?", "Is what is pooled comparable?"),
    "comparable_intro": (
        "Ladingen, intercepten en residuen van items zijn in de posterior voor alle groepen gelijk. Paden"
        " zijn vergelijkbaar als de metrische stap houdt, gemiddelden als ook de scalaire stap houdt. Bij"
        " dit aantal respondenten beslissen ΔCFI en ΔRMSEA, niet Δχ²; de strikte stap beslist niets.",
        "Loadings, intercepts and residuals of items are the same for all groups in the posterior. Paths "
        "can be compared where the metric step holds, means where the scalar step holds too. With this "
        "many respondents ΔCFI and ΔRMSEA decide, not Δχ²; the strict step decides nothing.",
    ),
    "freed_none": (
        "Vrijgeven van {items} (de items die het meest afwijken) verandert geen van de {count} gepoolde "
        "paden meer dan ,02; de grootste verandering is {far}.",
        "Freeing {items} (the items that deviate most) changes none of the {count} pooled paths by more "
        "than .02; the largest change is {far}.",
    ),
    "freed_one": (
        "Vrijgeven van {items} (de items die het meest afwijken) verandert 1 van de {count} gepoolde "
        "paden meer dan ,02; de grootste verandering is {far}.",
        "Freeing {items} (the items that deviate most) changes 1 of the {count} pooled paths by more than"
        " .02; the largest change is {far}.",
    ),
    "freed_some": (
        "Vrijgeven van {items} (de items die het meest afwijken) verandert {listed} van de {count} "
        "gepoolde paden meer dan ,02; de grootste verandering is {far}.",
        "Freeing {items} (the items that deviate most) changes {listed} of the {count} pooled paths by "
        "more than .02; the largest change is {far}.",
    ),
    "freed_caption": (
        "Gepoolde paden die veranderen als de afwijkendste items worden vrijgegeven",
        "Pooled paths that change where the items that deviate most are freed",
    ),
    "freed_shared": ("Items gelijk", "Items shared"),
    "freed_own": ("Items vrij", "Items freed"),
    "freed_difference": ("Verschil", "Difference"),
    "freed_note": (
        "De grootste van de {count} veranderingen boven ,02; freed_items.csv heeft alle paden. "
        "Vrijgegeven zijn lading en intercept, gepoold over groepen; gestandaardiseerd met de gepoolde "
        "standaarddeviaties binnen groepen.",
        "The largest of the {count} changes above .02; freed_items.csv has all paths. Freed are loading "
        "and intercept, pooled over groups; standardised by the pooled standard deviations within groups.",
    ),
}

# start of the English sentence with its places, then what it says in Dutch and in English
INVARIANCE: tuple[tuple[str, str, str], ...] = (
    (
        r"invariance: too few complete rows for the ladder in (?P<names>.+)",
        "Meetinvariantie is niet getoetst voor {names}: te weinig volledige rijen voor eigen covarianties.",
        "Invariance was not tested for {names}: too few complete rows for covariances of their own.",
    ),
    (
        r"invariance: the ladder has the (?P<some>\d+) largest of (?P<number>\d+) groups",
        "Meetinvariantie is getoetst over de {some} grootste van de {number} groepen.",
        "Invariance was tested across the {some} largest of the {number} groups.",
    ),
    (
        r"invariance: (?P<reason>.+): no ladder, and means of groups are not put in order",
        "Meetinvariantie is niet getoetst ({reason}); gemiddelden van groepen worden niet geordend.",
        "Invariance was not tested ({reason}); means of groups are not put in order.",
    ),
    (
        r"invariance: loadings differ between groups: CFI (?P<r>\S+), RMSEA (?P<share>\S+)",
        "Ladingen verschillen tussen groepen (CFI {r}, RMSEA {share}): gepoolde paden vergelijken dan niet "
        "precies hetzelfde.",
        "Loadings differ between groups (CFI {r}, RMSEA {share}): pooled paths then do not compare quite the "
        "same thing.",
    ),
    (
        r"invariance: intercepts differ between groups: CFI (?P<r>\S+), RMSEA (?P<share>\S+)",
        "Intercepten van items verschillen tussen groepen (CFI {r}, RMSEA {share}).",
        "Intercepts of items differ between groups (CFI {r}, RMSEA {share}).",
    ),
    (
        r"invariance: it holds with (?P<names>.+) freed",
        "Met {names} vrijgegeven houdt meetinvariantie; alleen op die voorwaarde worden gemiddelden van "
        "groepen geordend.",
        "With {names} freed invariance holds; only on that condition are means of groups put in order.",
    ),
    (
        r"invariance: it does not hold with (?P<names>.+) freed",
        "Ook met {names} vrijgegeven houdt meetinvariantie niet: gemiddelden van groepen worden niet "
        "geordend.",
        "With {names} freed invariance does not hold either: means of groups are not put in order.",
    ),
    (
        r"invariance: no latent has items enough to free one",
        "Geen latente variabele heeft items genoeg om er een vrij te geven: gemiddelden van groepen worden "
        "niet geordend.",
        "No latent has items enough to free one: means of groups are not put in order.",
    ),
    (
        r"freed items: (?P<names>.+) freed change (?P<some>\d+) of (?P<number>\d+) pooled paths",
        "Vrijgeven van {names} verandert {some} van de {number} gepoolde paden meer dan ,02.",
        "Freeing {names} changes {some} of the {number} pooled paths by more than .02.",
    ),
    (
        r"freed items: no second fit with (?P<names>.+) freed \((?P<reason>.+)\)",
        "Wat vrijgeven van {names} verandert is niet bekend: de tweede posterior kon niet worden gemaakt "
        "({reason}).",
        "What freeing {names} changes is not known: the second posterior could not be made ({reason}).",
    ),
    (
        r"freed items: R-hat of the second fit is (?P<r>[\d.]+)",
        "De ketens van de tweede posterior, met de afwijkendste items vrij, zijn niet samengekomen (R̂ {r}).",
        "The chains of the second posterior, with the items that deviate most freed, disagree (R-hat {r}).",
    ),
)
