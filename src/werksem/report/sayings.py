"""The English sentences a manifest may hold, and what they say in a report: one table."""

from __future__ import annotations

from werksem.report.cluster_sayings import CLUSTERS
from werksem.report.comparable_words import INVARIANCE
from werksem.report.data_sayings import DATA_MESSAGES
from werksem.report.disclosure_words import DISCLOSURE
from werksem.report.model_sayings import MODEL_MESSAGES
from werksem.report.model_words import OVERLAP
from werksem.report.words import word

__all__ = ["MESSAGES", "PRIOR_PHRASES", "REASONS", "SATURATED", "TOLD_WITH_THE_DATA"]

SATURATED = "saturated:"
# these stand in sentences of the section on the data, so they are no warnings
TOLD_WITH_THE_DATA = ("filter:", "listwise:")

# start of the English sentence with its places, then what it says in Dutch and in English
MESSAGES: tuple[tuple[str, str, str], ...] = (
    *INVARIANCE,
    *CLUSTERS,
    *OVERLAP,
    *MODEL_MESSAGES,
    *DISCLOSURE,
    *DATA_MESSAGES,
    (SATURATED, word("saturated", "nl"), word("saturated", "en")),
    (
        r"sensitivity: made for ML by moments only",
        "De gevoeligheid van indirecte samenhang en voor een gedeelde bron is niet berekend: dat kan alleen "
        "bij ML op volledige rijen met antwoorden als getallen.",
        "The sensitivity of indirect associations and to a common source was not computed: that takes ML on "
        "complete rows with answers as numbers.",
    ),
    (
        r"method variance: no variable is an answer",
        "Er is geen gedeelde methode weggerekend: geen enkele variabele is een antwoord op een item.",
        "No common method was taken out: no variable is an answer to an item.",
    ),
    (
        r"method variance: not taken out of (?P<names>.+): no construct's answers",
        "De gedeelde methode is niet weggerekend uit {names}: dat zijn geen antwoorden op items.",
        "The common method was not taken out of {names}: they are no answers to items.",
    ),
    (
        r"binary: (?P<names>.+?): treated as continuous",
        "Als doorlopend behandeld, al zijn er maar twee waarden: {names}. De regressie is dan een lineair "
        "kansmodel.",
        "Treated as continuous although there are two values only: {names}. The regression is then a linear "
        "probability model.",
    ),
    (
        r"(?:unequal n: )?the engines use different numbers of respondents: (?P<sizes>.+)",
        "De methoden rekenen op verschillende rijen: {sizes}. Met `data.sample: common` rekenen alle "
        "methoden op "
        "dezelfde rijen.",
        "The methods use different rows: {sizes}. With `data.sample: common` all methods use the same rows.",
    ),
    (
        r"bootstrap: the estimate did not converge",
        "Er is geen bootstrap: de schatting waaromheen herhaald zou worden, is niet geconvergeerd.",
        "There is no bootstrap: the estimate to resample around did not converge.",
    ),
    (
        r"bootstrap: auto stopped at (?P<number>\d+) replicates, .* is (?P<r>[\d.]+), above "
        r"(?P<share>[\d.]+)",
        "De bootstrap is gestopt bij {number} herhalingen, de bovengrens van `replicates: auto`; de "
        "grootste Monte-Carlofout van een grens is dan {r}, nog boven {share}.",
        "The bootstrap stopped at {number} replicates, the cap of `replicates: auto`; the largest "
        "Monte-Carlo error of a limit is then {r}, still above {share}.",
    ),
    (
        r"bootstrap: (?P<number>\d+) replicates are too few for limits at level (?P<share>[\d.]+), which "
        r"take (?P<total>\d+)",
        "Te weinig bootstrapherhalingen ({number}): grenzen op niveau {share} vragen er ten minste {total}.",
        "Too few bootstrap replicates ({number}): limits at level {share} take at least {total}.",
    ),
    (
        r"bootstrap: one-step, not refitted; resamples of this design",
        "De bootstrap is een eenstapsbootstrap: herhalingen volgen uit de invloed van elke respondent, "
        "zonder opnieuw te schatten. De steekproeven van dit ontwerp wegen respondenten met breuken en zijn "
        "daarom niet ter controle volledig te herschatten.",
        "The bootstrap is a one-step bootstrap: replicates follow from each respondent's influence, without "
        "refitting. Resamples of this design weigh respondents by fractions, so full refits cannot check "
        "them.",
    ),
    (
        r"bootstrap: one-step, not refitted: replicates lie (?P<share>\S+) SD from full refits .* "
        r"(?P<total>\d+) resamples",
        "De bootstrap is een eenstapsbootstrap: herhalingen volgen uit de invloed van elke respondent, "
        "zonder opnieuw te schatten. Op {total} steekproeven die wel opnieuw zijn geschat is de grootste "
        "afstand doorgaans {share} standaardafwijking van de bootstrap.",
        "The bootstrap is a one-step bootstrap: replicates follow from each respondent's influence, without "
        "refitting. On {total} resamples that were refitted the largest distance is typically {share} "
        "bootstrap standard deviations.",
    ),
    (
        r"bootstrap: one-step replicates lie more than (?P<share>\S+) SD from full refits",
        "De eenstapsbootstrap ligt te ver van volledige herschattingen (meer dan {share} "
        "standaardafwijking): lees zijn intervallen als ruwe benadering.",
        "The one-step bootstrap lies too far from full refits (more than {share} standard deviations): "
        "read its intervals as rough approximations.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) full refits have no solution",
        "Van {number} van de {total} volledige herschattingen is geen oplossing gevonden.",
        "No solution was found for {number} of the {total} full refits.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are not_converged",
        "{number} van de {total} bootstrapherhalingen zijn niet geconvergeerd.",
        "{number} of {total} bootstrap replicates did not converge.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are heywood",
        "{number} van de {total} bootstrapherhalingen hebben een negatieve variantie (Heywood); ze "
        "tellen mee.",
        "{number} of {total} bootstrap replicates have a negative variance (Heywood); they are kept.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are not_positive_definite",
        "{number} van de {total} bootstrapherhalingen hebben een covariantiematrix die niet "
        "positief-definiet is; ze "
        "tellen mee.",
        "{number} of {total} bootstrap replicates have a covariance matrix that is not positive "
        "definite; they are "
        "kept.",
    ),
    (
        r"probit of (?P<names>\S+): (?P<reason>.+)",
        "De probit van {names}: {reason}",
        "The probit of {names}: {reason}",
    ),
    (
        r"semopy cannot fit this model \((?P<reason>.+)\): fitted by werksem",
        "semopy kan dit model niet schatten ({reason}); de schatter van werksem zelf is gebruikt.",
        "semopy cannot fit this model ({reason}); werksem's own estimator was used.",
    ),
    (
        r"published: (?P<number>\d+) of (?P=number) betas have no value",
        "Van de {number} gepubliceerde bèta's staat er geen in de tekst van de bron: zij stonden in "
        "een figuur.",
        "None of the {number} published betas is in the source's text: they stood in a figure.",
    ),
    (
        r"published: (?P<number>\d+) of (?P<total>\d+) betas have no value",
        "Van {number} van de {total} gepubliceerde bèta's geeft de tekst van de bron geen waarde: zij "
        "stonden in een figuur.",
        "For {number} of the {total} published betas the source's text gives no value: they stood in a "
        "figure.",
    ),
    (
        r'published: (?P<names>.+) is not in the model; did you mean "(?P<near>.+)"',
        "Gepubliceerd pad {names} komt in het model niet voor; het lijkt op {near}.",
        "The published path {names} is not in the model; it resembles {near}.",
    ),
    (
        r"published: (?P<names>.+) is not in the model",
        "Gepubliceerd pad {names} komt in het model niet voor.",
        "The published path {names} is not in the model.",
    ),
    (
        r"listwise: (?P<number>\d+) of (?P<total>\d+) respondents left one or more of the (?P<items>\d+) "
        r"variables",
        "{number} van de {total} respondenten lieten een of meer van de {items} variabelen open.",
        "{number} of {total} respondents left one or more of the {items} variables blank.",
    ),
    (
        r"filter: (?P<number>\d+) of (?P<total>\d+) respondents satisfy (?P<filter>.+)",
        "{number} van de {total} respondenten voldoen aan {filter}.",
        "{number} of {total} respondents satisfy {filter}.",
    ),
    (
        r"blank (?P<names>.+?): (?P<number>\d+) respondents without",
        "{number} respondenten zonder {names} zijn weggelaten.",
        "{number} respondents without {names} were left out.",
    ),
    (
        r"duplicate rows: (?P<number>\d+|fewer than \d+) of (?P<total>\d+)",
        "{number} van de {total} respondenten gaven precies dezelfde antwoorden als een ander: zijn er "
        "rijen dubbel "
        "ingelezen?",
        "{number} of {total} respondents gave exactly the answers of another one: were rows read twice?",
    ),
    (
        r"reversed keying: (?P<item>\S+) correlates (?P<r>-?[\d.]+) with the rest of (?P<names>\S+); it "
        r"is listed",
        "Item {item} hangt negatief samen (r = {r}) met de rest van {names}, al staat het bij `reversed`.",
        "Item {item} correlates negatively (r = {r}) with the rest of {names}, although it is listed as "
        "reversed.",
    ),
    (
        r"reversed keying: (?P<item>\S+) correlates (?P<r>-?[\d.]+) with the rest of (?P<names>\S+); is it",
        "Item {item} hangt negatief samen (r = {r}) met de rest van {names}: hoort het bij `reversed`?",
        "Item {item} correlates negatively (r = {r}) with the rest of {names}: should it be listed as "
        "reversed?",
    ),
    (
        r"heywood: the residual variance of (?P<names>\S+) is (?P<r>\S+), below zero(?P<labels>.*)",
        "De residuele variantie van {names} is negatief ({r}), een Heywood-geval{labels}.",
        "The residual variance of {names} is negative ({r}), a Heywood case{labels}.",
    ),
    (
        r"heywood: the variance of (?P<names>\S+) is (?P<r>\S+), below zero(?P<labels>.*)",
        "De variantie van {names} is negatief ({r}), een Heywood-geval{labels}.",
        "The variance of {names} is negative ({r}), a Heywood case{labels}.",
    ),
    (
        r"not_positive_definite: the (?:residual )?correlation of (?P<names>\S+) and (?P<item>\S+) is "
        r"(?P<r>[\d.-]+)(?P<labels>.*)",
        "De geschatte correlatie van {names} en {item} is {r}, buiten het mogelijke{labels}.",
        "The estimated correlation of {names} and {item} is {r}, beyond what is possible{labels}.",
    ),
    (
        r"not_positive_definite: the (?:residual )?covariances of (?P<names>.+) contradict each other "
        r"\(.+ (?P<r>-[\d.]+)\)(?P<labels>.*)",
        "De geschatte covarianties van {names} spreken elkaar tegen (kleinste eigenwaarde van hun "
        "correlaties {r}){labels}.",
        "The estimated covariances of {names} contradict each other (smallest eigenvalue of their "
        "correlations {r}){labels}.",
    ),
    (
        r"near-constant: (?P<share>[\d.]+)% of the answers to (?P<item>\S+) are (?P<r>.+)",
        "{share}% van de antwoorden op {item} is {r}.",
        "{share}% of the answers to {item} are {r}.",
    ),
    (
        r"groups of one: (?P<item>.+?) has one respondent in (?P<labels>.+)",
        "{item} heeft één respondent in {labels}.",
        "{item} has one respondent in {labels}.",
    ),
    (
        r"groups of few: (?P<item>.+?) has fewer than (?P<number>\d+) respondents in (?P<labels>.+)",
        "{item} heeft minder dan {number} respondenten in {labels}.",
        "{item} has fewer than {number} respondents in {labels}.",
    ),
    (
        r"weights: (?P<number>\d+|fewer than \d+) of (?P<total>\d+) respondents have a weight of zero in "
        r"(?P<item>.+)",
        "{number} van de {total} respondenten hebben een gewicht van nul in {item}.",
        "{number} of {total} respondents have a weight of zero in {item}.",
    ),
    (
        r"dominating weight: the largest in (?P<item>.+) is over (?P<number>\d+) times the mean, "
        r"over (?P<share>[\d.]+)%",
        "Het grootste gewicht in {item} is meer dan {number} keer het gemiddelde, en meer dan {share}% van "
        "het totaal.",
        "The largest weight in {item} is over {number} times the mean, and over {share}% of the total.",
    ),
    (
        r"weights with cases: bootstrap\.scheme cases draws respondents as if (?P<item>.+) said nothing",
        "De bootstrap trekt respondenten alsof {item} niets zegt over hoe zij zijn getrokken. Met "
        "`data.strata`, `data.group` of `data.cluster` houden de herhalingen zich daaraan.",
        "The bootstrap draws respondents as if {item} said nothing of how they were sampled. With "
        "`data.strata`, `data.group` or `data.cluster` resamples keep to them.",
    ),
    (
        r"clusters left out: standard errors and tests by (?P<what>\w+) take no account of (?P<item>.+) and "
        r"may be too small",
        "Standaardfouten en toetsen met {what} houden geen rekening met {item} en kunnen te klein zijn. Met "
        "ML en MLR doen zij dat wel, en met `bootstrap.scheme: cluster` de bootstrap ook.",
        "Standard errors and tests by {what} take no account of {item} and may be too small. With ML and MLR "
        "they do, and so does the bootstrap with `bootstrap.scheme: cluster`.",
    ),
    (
        r"fpc: (?P<item>.+) corrects the errors and intervals of the bootstrap only",
        "De eindige-populatiecorrectie {item} zit alleen in de standaardfouten en intervallen van de "
        "bootstrap.",
        "The finite population correction {item} is in the bootstrap's standard errors and intervals only.",
    ),
    (
        r"replicate weights: only the bootstrap with scheme replicate_weights uses them",
        "De replicatiegewichten blijven ongebruikt: dat doet alleen `bootstrap.scheme: replicate_weights`.",
        "The replicate weights are not used: only `bootstrap.scheme: replicate_weights` does.",
    ),
    (
        r"replicate weights: with combined: (?P<labels>\w+) their mean is (?P<number>\S+) times that of "
        r"(?P<item>.+);",
        "Met `combined: {labels}` zijn de replicatiegewichten gemiddeld {number} keer {item}: zegt "
        "`combined` of het steekproefgewicht erin zit?",
        "With `combined: {labels}` the mean of the replicate weights is {number} times that of {item}: does "
        "`combined` say whether they hold the sampling weight?",
    ),
    (
        r"codes: data\.codes names (?P<labels>.+), which the study does not use",
        "`data.codes` noemt {labels}, die het onderzoek niet gebruikt.",
        "`data.codes` names {labels}, which the study does not use.",
    ),
)

# why semopy cannot fit a model, in Dutch
REASONS = {
    "more than one group": "meer dan één groep",
    "a mean structure": "een gemiddeldenstructuur",
    "constraints": "restricties",
    "observed predictors taken as they are": "geobserveerde voorspellers zoals ze zijn",
    "it stopped with an error": "semopy stopte met een fout",
    "fewer than two groups have rows enough for their own covariances": "minder dan twee groepen hebben "
    "rijen genoeg voor eigen covarianties",
}

# what the lines of the priors are made of, in Dutch
PRIOR_PHRASES = (
    (
        "yes or no by probit, the latent response with residual SD",
        "ja of nee met probit, de latente neiging met residuele SD",
    ),
    (
        "yes or no by logit, the latent response with residual SD",
        "ja of nee met logit, de latente neiging met residuele SD",
    ),
    (
        "ordered by cumulative probit, the latent response with residual SD",
        "geordend met cumulatieve probit, de latente neiging met residuele SD",
    ),
    (
        "; defaults are per SD of the predictor, in residual SDs",
        "; standaardinstellingen zijn per SD van de voorspeller, in residuele SD's",
    ),
    (" on the standardised metric (default)", " op de gestandaardiseerde schaal (standaardinstelling)"),
    (" on the raw variables (given)", " op de variabelen zelf (opgegeven)"),
    ("at the predictors' means", "bij gemiddelde voorspellers"),
    (", shared by the groups", ", gedeeld door de groepen"),
    ("residual SD of ", "residuele SD van "),
    ("between-group SD of ", "SD tussen groepen van "),
    ("between-unit SD of ", "SD tussen eenheden binnen groepen van "),
    ("residual correlations of ", "correlaties van de residuen van "),
    (", those of undeclared pairs being 0", ", die van niet genoemde paren zijn 0"),
    ("correlations of deviations", "correlaties van de afwijkingen"),
    ("between_sd of paths", "SD tussen groepen van paden"),
    ("between_sd of means", "SD tussen groepen van gemiddelden"),
    ("between_sd", "SD tussen groepen"),
    ("nested_sd of paths", "SD tussen eenheden binnen groepen van paden"),
    ("nested_sd of means", "SD tussen eenheden binnen groepen van gemiddelden"),
    ("nested_sd", "SD tussen eenheden binnen groepen"),
    ("residual_sd", "residuele SD"),
    ("not used, level scores has none", "niet gebruikt, schaalscores hebben ze niet"),
    ("paths:", "paden:"),
    ("means:", "gemiddelden:"),
    ("loadings:", "ladingen:"),
    ("latent_sd:", "SD van constructen:"),
    ("latent_correlation:", "correlaties van constructen:"),
    ("residual_correlation:", "correlaties van residuen:"),
    ("between_correlation:", "correlaties tussen groepen:"),
)
