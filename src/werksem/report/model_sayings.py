"""Sentences of a manifest on sparse answers and on what the posterior leaves out, in both languages."""

from __future__ import annotations

__all__ = ["MODEL_MESSAGES"]

# start of the English sentence with its places, then what it says in Dutch and in English
MODEL_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        r"fragility: of (?P<total>\d+) indirect effects the (?P<number>\d+) largest",
        "Van de {total} routes zijn de {number} met de grootste gestandaardiseerde samenhang beproefd: met "
        "samenhangende storingen, en met de mediatoren andersom.",
        "Of the {total} routes the {number} with the largest standardised association were tried: with "
        "correlated disturbances, and with the mediators exchanged.",
    ),
    (
        r"model: the regressions run in a circle: (?P<names>.+)",
        "De regressies lopen in een kring: {names}. Zo staat het in het model.",
        "The regressions run in a circle: {names}. The model says so.",
    ),
    (
        r"model: the item (?P<item>\S+) loads on (?P<names>.+), and counts in the scale mean of each",
        "Item {item} laadt op {names} en telt mee in het schaalgemiddelde van elk daarvan.",
        "Item {item} loads on {names} and counts in the scale mean of each of them.",
    ),
    (
        r"outside: (?P<key>.+) is (?P<file>.+), outside the project of the study",
        "Het bestand {file} ({key}) ligt buiten de map van het onderzoek.",
        "The file {file} ({key}) lies outside the folder of the study.",
    ),
    (
        r'model: "(?P<name>.+)" is measured as in the model itself, not as in (?P<file>.+)',
        "{name} is gemeten zoals in het model zelf staat, niet zoals in {file}.",
        "{name} is measured as the model itself says, not as {file} does.",
    ),
    (
        r"(?P<name>\w+)(?P<labels>(?: in group '.+')?): (?P<number>\d+|fewer than \d+) respondents "
        r"in a category",
        "Een van de antwoorden op {name} is{labels} door {number} respondenten gegeven; de correlaties van "
        "dit item zijn dan onzeker. Voeg antwoorden samen.",
        "One of the answers to {name} was given by {number} respondents{labels}; the correlations of this "
        "item are then uncertain. Merge answers.",
    ),
    (
        r"tables with empty cells(?P<labels>(?: in group '.+')?): (?P<item>.+)",
        "Combinaties van antwoorden die niemand gaf, per paar items{labels}: {item}. Zulke correlaties zijn "
        "onzeker; voeg zeldzame antwoorden samen.",
        "Combinations of answers that nobody gave, per pair of items{labels}: {item}. Such correlations are "
        "uncertain; merge rare answers.",
    ),
    (
        r"half a respondent moved into the empty cell(?P<labels>(?: in group '.+')?): (?P<item>.+)",
        "In een lege cel van een tabel van twee bij twee is een halve respondent gezet{labels}: {item}.",
        "Half a respondent was put into the empty cell of a two by two table{labels}: {item}.",
    ),
    (
        r"bayes: no complete rows in (?P<names>.+), so nothing is said of them",
        "De posterior zegt niets over {names}: daar heeft niemand alles beantwoord.",
        "The posterior says nothing of {names}: nobody there answered everything.",
    ),
    (
        r"bayes: level latent takes complete rows, (?P<number>\d+) with a blank are left out",
        "De latente posterior rekent met volledige rijen; {number} rijen met een open antwoord, die de SEM "
        "wel gebruikt, vallen af.",
        "The latent posterior takes complete rows; {number} rows with a blank, which the SEM uses, are "
        "left out.",
    ),
    (
        r"bayes: level latent takes answers as numbers",
        "De latente posterior neemt antwoorden als getallen, de SEM als categorieën; de β's zijn daarom niet "
        "van dezelfde soort.",
        "The latent posterior takes answers as numbers, the SEM as categories; their βs are therefore not of "
        "one kind.",
    ),
    (
        r"bayes: category (?P<labels>.+) of '(?P<name>.+)' was never answered and is dropped",
        "Antwoord {labels} op {name} gaf niemand; de posterior laat het weg.",
        "Nobody gave answer {labels} to {name}; the posterior drops it.",
    ),
    (
        r"bayes: effect '(?P<item>.+)' is left out, level (?P<labels>\w+) has no (?P<names>.+)",
        "De posterior laat effect {item} weg: op niveau {labels} is er geen {names}.",
        "The posterior leaves out effect {item}: level {labels} has no {names}.",
    ),
    (
        r"bayes: '(?P<name>.+)' is a predictor as it was answered and an outcome as a latent response",
        "{name} is voorspeller zoals geantwoord en uitkomst als latente neiging; langs een route via {name} "
        "worden die twee vermenigvuldigd.",
        "{name} is a predictor as it was answered and an outcome as a latent response; a route through "
        "{name} multiplies the two.",
    ),
    (
        r"bayes: '(?P<name>.+)' is not continuous: sampled by NUTS",
        "{name} is niet doorlopend: de posterior is daar getrokken (NUTS), niet benaderd. Zijn β telt "
        "standaarddeviaties van een latente neiging, een andere maat dan die van OLS en SEM, en doet in het "
        "oordeel niet mee.",
        "{name} is not continuous: its posterior was sampled (NUTS), not approximated. Its β counts standard "
        "deviations of a latent response, another scale than that of OLS and SEM, and has no part in the "
        "verdict.",
    ),
    (
        r"bayes: '(?P<name>.+)' is not continuous and has no level of '(?P<item>.+)' within groups",
        "{name} is niet doorlopend en heeft geen niveau van {item} binnen groepen: zijn intervallen nemen "
        "antwoorden binnen {item} voor onafhankelijk en kunnen te smal zijn.",
        "{name} is not continuous and has no level of {item} within groups: its intervals take answers "
        "within {item} for independent and may be too narrow.",
    ),
    (
        r"bayes: '(?P<name>.+)' ~~ '(?P<item>.+)': not used",
        "De residuele samenhang van {name} en {item} doet in de posterior niet mee: dat kan alleen tussen "
        "doorlopende uitkomsten.",
        "The residual association of {name} and {item} is not in the posterior: only continuous outcomes can "
        "have one.",
    ),
    (
        r"bayes: respondents of one '(?P<item>.+?)' count as independent",
        "De posterior neemt antwoorden binnen {item} voor onafhankelijk: intervallen kunnen te smal zijn "
        "(bayes.nested: {item} geeft ze een eigen niveau).",
        "The posterior takes answers within {item} for independent: its intervals may be too narrow "
        "(bayes.nested: {item} gives them a level of their own).",
    ),
    (
        r"bayes: predictive checks do not know units within groups",
        "De voorspellende controles kennen geen eenheden binnen groepen en zijn niet gemaakt "
        "(predictive.csv).",
        "Predictive checks do not know units within groups and were not made (predictive.csv).",
    ),
    (
        r"missing codes: (?P<number>\d+) answers count as blank: (?P<item>.+)",
        "{number} antwoorden tellen als niet ingevuld, volgens de codes in de studie: {item}.",
        "{number} answers count as blank, by the codes of the study: {item}.",
    ),
    (
        r"bayes: the weights are constant within every group",
        "De gewichten zijn binnen elke groep gelijk: groepen zijn geschat zoals ze zijn en opgeteld naar hun "
        "aandeel in de populatie (poststratificatie).",
        "The weights are constant within every group: groups were estimated as they are and added up by "
        "their share of the population (poststratification).",
    ),
    (
        r"bayes: weighted, so this is a pseudo-posterior: .*: (?P<item>.+)",
        "De posterior is gewogen en daarmee een pseudo-posterior: elke groep telt met haar effectieve aantal "
        "(som van de gewichten in het kwadraat, gedeeld door de som van hun kwadraten): {item}.",
        "The posterior is weighted and so a pseudo-posterior: every group counts with its effective number "
        "(squared sum of weights over their sum of squares): {item}.",
    ),
    (
        r"bayes: sensitivity to priors, predictive checks and leave_out are .* not of (?P<item>.+)",
        "Gevoeligheid voor a-prioriverdelingen, voorspellende controles en weggelaten groepen zijn er alleen "
        "voor doorlopende uitkomsten, dus niet voor {item}.",
        "Sensitivity to priors, predictive checks and groups left out are there for continuous outcomes "
        "only, not for {item}.",
    ),
)
