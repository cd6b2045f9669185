"""What warnings about the data say in a report: start of the English sentence, then Dutch and English."""

from __future__ import annotations

__all__ = ["DATA_MESSAGES"]

DATA_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        r"(?:group|cluster|stratum) spellings: (?P<item>.+?) has (?P<labels>.+); they count",
        "{item} heeft {labels}; ze tellen als verschillend.",
        "{item} has {labels}; they count as different.",
    ),
    (
        r"encoding: (?P<item>.+?) has (?P<labels>.+): the text was read",
        "{item} heeft {labels}: die tekst is in een andere codering gelezen dan geschreven, voordat hij in "
        "dit bestand kwam.",
        "{item} has {labels}: that text was read in another encoding than it was written in, before it came "
        "into this file.",
    ),
    (
        r"formula: (?P<item>.+?) has (?P<labels>.+), which a spreadsheet would run",
        "{item} heeft {labels}, wat een rekenblad als formule zou uitvoeren; in elke CSV staat er een "
        "apostrof voor.",
        "{item} has {labels}, which a spreadsheet would run as a formula; in every CSV it stands behind an "
        "apostrophe.",
    ),
    (
        r"between answers: (?P<item>\S+) has (?P<number>\d+|fewer than \d+) "
        r"answers that are not whole, as (?P<r>.+)",
        "{item} heeft {number} antwoorden tussen de antwoorden van de schaal in, zoals {r}.",
        "{item} has {number} answers between those of its scale, such as {r}.",
    ),
    (
        r"leftover code: (?P<item>\S+) has (?P<labels>\S+) \((?P<number>\d+|fewer than \d+)x\)",
        "{item} heeft {number} keer {labels}, ver van alle andere waarden. Betekent dat “geen antwoord”, zet "
        "het dan in `missing_codes`.",
        "{item} has {labels} {number} times, far from all other values. If it means “no answer”, list it in "
        "`missing_codes`.",
    ),
    (
        r"hardly together: (?P<number>\d+|fewer than \d+) of (?P<total>\d+) respondents answered both "
        r"(?P<names>\S+) and "
        r"(?P<name>\S+?)(?: \(.+\))?; how",
        "Maar {number} van de {total} respondenten hebben zowel {names} als {name} beantwoord; hun samenhang "
        "rust op het model.",
        "Only {number} of {total} respondents answered both {names} and {name}; how they go together rests "
        "on the model.",
    ),
    (
        r"clusters of one: each of the (?P<number>\d+) clusters of (?P<item>.+) has one respondent",
        "Elk van de {number} clusters van {item} heeft één respondent: clusteren verandert dan niets.",
        "Each of the {number} clusters of {item} has one respondent, so clustering changes nothing.",
    ),
    (
        r"unasked items: there is no column of (?P<number>\d+) of the (?P<total>\d+) items of (?P<item>.+?) "
        r"\((?P<name>.+)\), so",
        "{number} van de {total} items van {item} staan niet in deze meting ({name}): {item} heeft er geen "
        "gemiddelde.",
        "{number} of the {total} items of {item} are not in this wave ({name}), so {item} has no mean there.",
    ),
    (
        r"split clusters: (?P<number>\d+) of (?P<total>\d+) clusters of (?P<item>.+?) lie in several groups "
        r"of (?P<name>.+?), such as",
        "{number} van de {total} clusters van {item} liggen in meer dan één groep van {name}.",
        "{number} of {total} clusters of {item} lie in several groups of {name}.",
    ),
    (
        r"constant in group: (?P<item>.+?) has one answer only to (?P<labels>.+)",
        "Binnen een groep van {item} geeft iedereen hetzelfde antwoord: {labels}.",
        "Within a group of {item} everybody gives the same answer: {labels}.",
    ),
    (
        r"unanswered in group: (?P<item>.+?) has no answers to (?P<labels>.+)",
        "Binnen een groep van {item} antwoordt niemand: {labels}.",
        "Within a group of {item} nobody answers: {labels}.",
    ),
    (
        r"equal weights: all weights in (?P<item>.+) are (?P<r>\S+), so",
        "Alle gewichten in {item} zijn {r}: wegen verandert geen schatting.",
        "All weights in {item} are {r}, so weighting changes no estimate.",
    ),
)
