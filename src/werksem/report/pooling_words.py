"""What the report says of pooling and of claims, Dutch and English; ``{places}`` are filled with numbers."""

from __future__ import annotations

__all__ = ["POOLING"]

POOLING: dict[str, tuple[str, str]] = {
    "pooling": ("Poolen", "Pooling"),
    "pooling_none": (
        "Geen van de {count} schattingen van een groep wijkt met een kans van ten minste {sure} meer dan "
        "{rope} af van het gemiddelde.",
        "None of the {count} estimates of a group differs from the average by more than {rope} with a "
        "probability of at least {sure}.",
    ),
    "pooling_one": (
        "Van de {count} schattingen van een groep wijkt er 1 met een kans van ten minste {sure} meer dan "
        "{rope} af van het gemiddelde.",
        "Of the {count} estimates of a group, 1 differs from the average by more than {rope} with a "
        "probability of at least {sure}.",
    ),
    "pooling_some": (
        "Van de {count} schattingen van een groep wijken er {differ} met een kans van ten minste {sure} "
        "meer dan {rope} af van het gemiddelde.",
        "Of the {count} estimates of a group, {differ} differ from the average by more than {rope} with a"
        " probability of at least {sure}.",
    ),
    "pooling_smallest": (
        "De kleinste groep, {group} (n = {n}), leunt gemiddeld voor {share} op de andere groepen; de "
        "grootste, {large} (n = {large_n}), voor {large_share}.",
        "The smallest group, {group} (n = {n}), leans on the other groups for {share} on average; the "
        "largest, {large} (n = {large_n}), for {large_share}.",
    ),
    "pooling_rule": (
        "De vuistregel (een eigen regressie vanaf {least} respondenten, anders die van alle groepen "
        "samen) zou bij {own} van de {count} schattingen de eigen regressie nemen; haar keuze ligt "
        "hooguit {far} van de gepoolde schatting.",
        "The rule of thumb (an own regression from {least} respondents on, else that of all groups "
        "together) would take the own regression for {own} of the {count} estimates; its choice is at "
        "most {far} from the pooled estimate.",
    ),
    "pooling_figure": ("Van eigen naar gepoolde schatting", "From own to pooled estimate"),
    "pooling_key": (
        "Elke pijl loopt van de eigen schatting van een groep (open rondje; een driehoekje: buiten beeld) "
        "naar de gepoolde (ruit, met 95%-interval): hoe langer, hoe meer er van de andere groepen is "
        "geleend. Grotere tekens: meer respondenten; n staat achter de naam. Blauwe lijn: gemiddelde van "
        "alle respondenten; lichte band: {rope} daaromheen, verschillen die er niet toe doen. Een vette naam "
        "wijkt met een kans van ten minste {sure} verder af. Elk paneel is even breed, rond zijn eigen "
        "gemiddelde.",
        "Every arrow runs from a group's own estimate (open circle; a triangle: outside the picture) to the "
        "pooled one (diamond, with 95% interval): the longer, the more was borrowed from the other groups. "
        "Larger marks: more respondents; n stands behind the name. Blue line: average of all respondents; "
        "pale band: {rope} around it, differences that do not matter. A name in bold differs by more than "
        "that with a probability of at least {sure}. Every panel is equally wide, around its own average.",
    ),
    "pooling_order": ("Groepen staan van groot naar klein.", "Groups run from large to small."),
    "pooling_extremes": (
        "Per pad staan van de {count} groepen alleen de {ends} met de hoogste en de {ends} met de laagste"
        " gepoolde schatting, van hoog naar laag; ledger.csv heeft ze alle.",
        "Per path only the {ends} highest and the {ends} lowest pooled estimates of the {count} groups "
        "are shown, from high to low; ledger.csv has them all.",
    ),
    "pooling_panels": (
        "De figuur toont de {shown} paden waarop de groepen het verst uiteenlopen, van de {count}.",
        "The figure shows the {shown} paths on which groups are furthest apart, of {count}.",
    ),
    "pooling_between": ("… {count} groepen …", "… {count} groups …"),
    "pooling_caption": (
        "Schattingen die het waarschijnlijkst van het gemiddelde afwijken",
        "Estimates that most probably differ from the average",
    ),
    "pooling_note": (
        "P: kans dat de groep meer dan {rope} van het gemiddelde van alle respondenten afwijkt. Geleend: "
        "s² / (s² + τ²), het deel dat van de andere groepen komt. Alles gestandaardiseerd met de gepoolde"
        " standaarddeviaties binnen groepen. ledger.csv heeft alle {count} schattingen.",
        "P: probability that the group differs from the average of all respondents by more than {rope}. "
        "Borrowed: s² / (s² + τ²), the part that comes from the other groups. All standardised by the "
        "pooled standard deviations within groups. ledger.csv has all {count} estimates.",
    ),
    "pooling_own": ("Eigen schatting", "Own estimate"),
    "pooling_pooled": ("Gepoold", "Pooled"),
    "pooling_average": ("Gemiddelde", "Average"),
    "pooling_borrowed": ("Geleend", "Borrowed"),
    "pooling_p": ("P", "P"),
    "pooling_thumb": ("Vuistregel", "Rule of thumb"),
    "own regression": ("eigen regressie", "own regression"),
    "complete pooling": ("alles samen", "complete pooling"),
    "fixed_effects": ("OLS, één helling", "OLS, one slope"),
    "slopes_caption": (
        "Gemiddelde, nieuwe groep en één helling voor alle groepen",
        "Average, new group, and one slope for all groups",
    ),
    "new_group": ("Interval nieuwe groep", "Interval of a new group"),
    "slopes_note": (
        "Gemiddelde: de groepen gewogen naar hun aandeel. Typische groep: het gemiddelde van de verdeling"
        " van groepen. OLS, één helling: regressie met een intercept per groep en dezelfde hellingen.",
        "Average: the groups weighted by their share. Typical group: the mean of the distribution of "
        "groups. OLS, one slope: regression with an intercept per group and the same slopes.",
    ),
    "claims": ("Uitspraken getoetst", "Claims tested"),
    "claim": ("Uitspraak", "Claim"),
    "claims_said": (
        "Met {engine} getoetst: {tested} van de {count} uitspraken. Daarvan zijn er {verdicts}.",
        "Tested with {engine}: {tested} of the {count} claims. Of these, {verdicts}.",
    ),
    "claims_said_all": (
        "Met {engine} getoetst: {count} uitspraken. Daarvan zijn er {verdicts}.",
        "Tested with {engine}: {count} claims. Of these, {verdicts}.",
    ),
    "claims_said_same": (
        "Met {engine} getoetst: {tested} van de {count} uitspraken, alle {verdict}.",
        "Tested with {engine}: {tested} of the {count} claims, all {verdict}.",
    ),
    "claims_said_all_same": (
        "Met {engine} getoetst: {count} uitspraken, alle {verdict}.",
        "Tested with {engine}: {count} claims, all {verdict}.",
    ),
    "claims_untested": (
        "Geen van de uitspraken ({count}) is met deze gegevens te toetsen.",
        "None of the claims ({count}) can be tested on these data.",
    ),
    "claims_said_one": (
        "Met {engine} getoetst: 1 uitspraak, {verdict}.",
        "Tested with {engine}: 1 claim, {verdict}.",
    ),
    "claims_caption": ("Oordeel per uitspraak en methode", "Verdict per claim and method"),
    "claims_why": ("Waarop de oordelen rusten", "What the verdicts rest on"),
    "claims_note": (
        "Een teken is {yes} als het 95%-interval aan die kant van 0 ligt; ‘geen effect’ en ‘klein’ als "
        "het 90%-interval binnen de grenzen ligt; ‘sterk’ als de 95%-ondergrens de grens haalt; ‘sterker "
        "dan’ als het interval van het verschil 0 niet bevat; een volgorde als haar kans ten minste "
        "{order} is. Een uitspraak over meer paden vraagt dat voor elk pad. Vergelijkingen van paden "
        "rusten op"
        " hun gezamenlijke covariantie, in de bootstrap en de posterior op dezelfde trekkingen.",
        "A sign is {yes} where the 95% interval lies on that side of 0; ‘no effect’ and ‘small’ where the"
        " 90% interval lies within the bounds; ‘strong’ where the lower 95% limit reaches the bound; "
        "‘stronger than’ where the interval of the difference excludes 0; an order where its probability "
        "is at least {order}. A claim about several paths asks this of each. Contrasts of paths rest on "
        "their "
        "joint covariance, in the bootstrap and the posterior on the same draws.",
    ),
    "bevestigd": ("bevestigd", "confirmed"),
    "weerlegd": ("weerlegd", "refuted"),
    "onbeslist": ("onbeslist", "undecided"),
    "synthetic bevestigd": ("teruggevonden", "recovered"),
    "synthetic weerlegd": ("niet teruggevonden", "not recovered"),
    "synthetic onbeslist": ("onbeslist", "undecided"),
    "by_data": ("de gegevens", "the data"),
    "by_bootstrap": ("de bootstrap", "the bootstrap"),
    "data_engine": ("Gegevens", "Data"),
    "no_engine": ("geen", "none"),
}
