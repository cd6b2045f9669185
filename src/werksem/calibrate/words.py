"""Words of the calibration page, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["SAID", "said"]

SAID: dict[str, tuple[str, str]] = {
    "title": ("IJking: {title}", "Calibration: {title}"),
    "kept": (
        "Bij n = {n} houdt deze studie zich aan haar woord: haar intervallen bevatten de ware waarde in "
        "{covers} van de gesimuleerde enquêtes.",
        "At n = {n} this study keeps its word: its intervals hold the true value in {covers} of the "
        "simulated surveys.",
    ),
    "undecided_study": (
        "Bij n = {n} is nog niet te zeggen of deze studie zich aan haar woord houdt. Haar intervallen "
        "bevatten de ware waarde in {covers} van de gesimuleerde enquêtes.",
        "At n = {n} this study may or may not keep its word: there is no telling yet. Its intervals hold the "
        "true value in {covers} of the simulated surveys.",
    ),
    "undecided_more": (
        "Voor {count} van {total} intervallen van paden en effecten zijn er te weinig gesimuleerde "
        "enquêtes om uit te sluiten dat de dekking meer dan {margin} procentpunt te laag is of de schatting "
        "vertekend; een dekking tot {short} procentpunt te laag is mogelijk.",
        "For {count} of {total} intervals of paths and effects there are not enough simulated surveys to "
        "rule out that coverage is more than {margin} percentage points too low or the estimate biased; "
        "coverage up to {short} points too low is possible.",
    ),
    "enough": (
        "Genoeg is ongeveer {more}, voor intervallen die precies dekken wat ze beloven, zonder vertekening; "
        "wie iets minder dekt, heeft er meer nodig.",
        "Enough is about {more}, of intervals that cover exactly what they promise, without bias; those "
        "that cover a little less take more.",
    ),
    "doubtful": (
        "Voor {count} daarvan is er geen aantal te noemen: wat werd gevonden (dekking, vertekening, "
        "mislukte enquêtes) ligt voorbij de helft van wat mag, zodat meer enquêtes ze ook in gebreke "
        "kunnen stellen.",
        "Of {count} of these there is no number to be said: what was found (coverage, bias, surveys without "
        "an interval) is beyond half of what is allowed, so more surveys may as well find them wanting.",
    ),
    "unjudged": (
        "Over {count} andere intervallen zegt dit niets: met {few} zijn er minder dan {least} gesimuleerde "
        "enquêtes, te weinig om ze in orde te vinden.",
        "Of {count} other intervals this says nothing: with {few} there are fewer than {least} simulated "
        "surveys, too few to find them in order.",
    ),
    "are_one": ("is", "is"),
    "are": ("zijn", "are"),
    "broken": (
        "Bij n = {n} houdt deze studie zich niet overal aan haar woord: {count} van {total} intervallen "
        "van paden en effecten {are} niet in orde. Haar intervallen bevatten de ware waarde in {covers} van "
        "de gesimuleerde enquêtes.",
        "At n = {n} this study does not keep its word everywhere: {count} of {total} intervals of paths "
        "and effects {are} not in order. Its intervals hold the true value in {covers} of the simulated "
        "surveys.",
    ),
    "broken_posterior": (
        "Bij n = {n} houdt deze studie zich niet overal aan haar woord: haar posterior is niet in orde. Haar "
        "intervallen bevatten de ware waarde in {covers} van de gesimuleerde enquêtes.",
        "At n = {n} this study does not keep its word everywhere: its posterior is not in order. Its "
        "intervals hold the true value in {covers} of the simulated surveys.",
    ),
    "covers": ("{share} ({level}-intervallen)", "{share} ({level} intervals)"),
    "and": (" en ", " and "),
    "none_own": ("Deze studie heeft geen intervallen van paden.", "This study has no intervals of paths."),
    "badge_left": ("{level}-intervallen", "{level} intervals"),
    "badge_right": ("dekken {share}", "cover {share}"),
    "badge_failed": ("{share} mislukt", "{share} failed"),
    "badge_off": ("{count} van {total} niet in orde", "{count} of {total} not in order"),
    "badge_posterior": ("posterior niet in orde", "posterior not in order"),
    "badge_unjudged": ("{count} niet beoordeeld", "{count} not judged"),
    "badge_undecided": ("onbeslist", "undecided"),
    "made_of": (
        "{surveys} enquêtes van {n} respondenten, getrokken uit wat het model van deze studie zegt: "
        "antwoorden op de eigen schalen met de eigen verdelingen, {rest}.",
        "{surveys} surveys of {n} respondents, drawn from what this study's model says: answers on their "
        "own scales with their own distributions, {rest}.",
    ),
    "of_moments": (
        "{surveys} enquêtes van {n} normaal verdeelde respondenten, met de samenhang die het model van "
        "deze studie zegt.",
        "{surveys} surveys of {n} normal respondents, with the covariances that this study's model says.",
    ),
    "clusters": (
        "{count} organisaties even groot en onderling even verschillend als in de gegevens",
        "{count} organisations as large and as different from one another as in the data",
    ),
    "no_clusters": ("zonder organisaties", "without organisations"),
    "blanks": (
        "en dezelfde vragen opengelaten, los van wat men zou antwoorden",
        "and the same questions left open, whatever would have been answered",
    ),
    "no_blanks": ("en niets opengelaten", "and nothing left open"),
    "distance": (
        "De samenhang van de getrokken antwoorden wijkt hoogstens {distance} (correlatie) af van wat het "
        "model zegt; wat waar is, is uit de getrokken samenhang berekend.",
        "The correlations of the drawn answers are at most {distance} from what the model says; the truth "
        "is worked out from the drawn ones.",
    ),
    "elsewhere": (
        "De enquêtes komen uit een andere populatie dan die van het model: een correlatie van de getrokken "
        "antwoorden ligt tot {distance} naast wat het model zegt. Dekking en onderscheidingsvermogen gelden "
        "voor wat er getrokken is (truth in calibration.csv), dat van de schattingen van de studie afwijkt.",
        "The surveys come from another population than the model's: a correlation of the drawn answers is "
        "up to {distance} from what the model says. Coverage and power are of what was drawn (truth in "
        "calibration.csv), which is not what the study estimates.",
    ),
    "n_differs": (
        "Elke uitkomst heeft haar eigen aantal respondenten, van {low} tot {high} (calibration.csv); wie "
        "bij een kleiner aantal hoort, zit ook in een groter.",
        "Every outcome has respondents of its own number, from {low} to {high} (calibration.csv); those of a "
        "smaller number are among those of a larger.",
    ),
    "icc": (
        "Hoe gelijk de antwoorden binnen een organisatie zijn (ICC): in de gegevens gemiddeld {data} "
        "({data_low} tot {data_high}), in de getrokken enquêtes gemiddeld {drawn} ({drawn_low} tot "
        "{drawn_high}).",
        "How alike the answers within an organisation are (ICC): in the data {data} on average ({data_low} "
        "to {data_high}), in the drawn surveys {drawn} on average ({drawn_low} to {drawn_high}).",
    ),
    "kept_traits": (
        "Wat voor alle respondenten van een organisatie gelijk is en alleen verklaart ({names}), is in elke "
        "enquête wat het in de gegevens is, en de andere antwoorden zijn gegeven die waarden getrokken. Wat "
        "hier waar is en hoe vaak een interval dat bevat, geldt voor juist deze organisaties.",
        "What is the same for all respondents of an organisation and only predicts ({names}) is in every "
        "survey what it is in the data, and the other answers are drawn given those values. What is true "
        "here, and how often an interval holds it, is of these very organisations.",
    ),
    "drawn_traits": (
        "Wat voor alle respondenten van een organisatie gelijk is maar ook iets anders dan een verklaring "
        "is ({names}), is in elke enquête opnieuw getrokken, eenmaal per organisatie: daarvan geldt de "
        "dekking gemiddeld over zulke organisaties, niet voor juist deze.",
        "What is the same for all respondents of an organisation but does not only predict ({names}) is "
        "drawn anew in every survey, once per organisation: of that, coverage is on average over such "
        "organisations, not of these very ones.",
    ),
    "groups_alike": (
        "Groepen verschillen in deze enquêtes alleen zoals hun organisaties verschillen. Daarom tellen de "
        "geloofwaardigheidsintervallen van groepen (calibration.csv) niet mee; hoe het intervallen vergaat "
        "van groepen die wel verschillen, staat per grootte van de sector in smallest_sector.csv.",
        "Groups differ in these surveys only as their organisations do. So the credible intervals of groups "
        "(calibration.csv) do not count; how intervals of groups that do differ fare stands in "
        "smallest_sector.csv, by size of the sector.",
    ),
    "failed": (
        "In {failed} van {surveys} enquêtes was er geen oplossing, in {heywood} een negatieve variantie "
        "of iets dergelijks (die tellen mee).",
        "{failed} of {surveys} surveys had no solution, {heywood} a negative variance or the like (these "
        "count).",
    ),
    "coverage": ("Dekking per soort interval", "Coverage per kind of interval"),
    "coverage_caption": (
        "Hoe vaak elke soort interval de ware gestandaardiseerde waarde bevat (paden en effecten)",
        "How often each kind of interval holds the true standardised value (paths and effects)",
    ),
    "coverage_note": (
        "Elk punt is een pad of effect. De lijn is wat het interval belooft, het streepje het gemiddelde; "
        "de band is wat {surveys} enquêtes aan toeval laten (95%). Gevuld: de intervallen die deze "
        "studie zelf geeft.",
        "Every point is a path or effect. The line is what the interval promises, the bar the mean; the "
        "band is what {surveys} surveys leave to chance (95%). Filled: the intervals that this study "
        "itself gives.",
    ),
    "coverage_posterior": (
        "Bij de posterior zijn het {posteriors} enquêtes.",
        "Of the posterior there are {posteriors} surveys.",
    ),
    "coverage_line": (
        "Dekking per soort interval: gemiddeld (laagste tot hoogste pad of effect)",
        "Coverage per kind of interval: mean (lowest to highest path or effect)",
    ),
    "coverage_none": ("geen enkele enquête gaf een interval", "no survey gave an interval"),
    "interval": ("Interval", "Interval"),
    "own": ("van deze studie", "this study's"),
    "mean": ("Dekking, gemiddeld", "Coverage, mean"),
    "lowest": ("laagst", "lowest"),
    "highest": ("hoogst", "highest"),
    "misses": ("mist onder / boven", "misses below / above"),
    "width": ("Breedte", "Width"),
    "verdict": ("Oordeel", "Verdict"),
    "ok": ("in orde", "in order"),
    "too low": ("te laag", "too low"),
    "too high": ("ruimer dan nodig", "wider than need be"),
    "biased": ("vertekend", "biased"),
    "undecided": ("te weinig enquêtes", "not enough surveys"),
    "not in order": ("te vaak geen oplossing", "too often no solution"),
    "used": ("Enquêtes", "Surveys"),
    "paths": ("Elk pad: vertekening, dekking, onderscheidend vermogen", "Every path: bias, coverage, power"),
    "paths_caption": (
        "De eigen intervallen van deze studie, per gestandaardiseerd pad",
        "This study's own intervals, per standardised path",
    ),
    "path": ("Pad", "Path"),
    "truth": ("Ware β", "True β"),
    "bias": ("Vertekening", "Bias"),
    "sd": ("SD over enquêtes", "SD over surveys"),
    "cover": ("Dekking", "Coverage"),
    "power": ("Vermogen bij {size}", "Power at {size}"),
    "n_80": ("n voor 80%", "n for 80%"),
    "power_heading": ("Onderscheidend vermogen", "Power"),
    "power_said": (
        "Een β van {size} wordt met {engine} in {paths} van de enquêtes van nul onderscheiden; twee β's "
        "van dezelfde uitkomst die {size} verschillen in {pairs} van elkaar.",
        "{engine} tells a β of {size} from zero in {paths} of surveys, and two betas of one outcome that "
        "differ by {size} from one another in {pairs}.",
    ),
    "power_path": (
        "Een β van {size} wordt met {engine} in {paths} van de enquêtes van nul onderscheiden.",
        "{engine} tells a β of {size} from zero in {paths} of surveys.",
    ),
    "power_open": (
        "Dat geldt als hun intervallen in orde zijn, wat van {count} van {total} paden niet is aangetoond.",
        "That holds if their intervals are in order, which is not shown of {count} of {total} paths.",
    ),
    "power_broken": (
        "Met {engine} zijn de intervallen van {count} van {total} paden niet in orde. Hoe vaak die de nul "
        "niet bevatten is geen onderscheidend vermogen, want ook zonder samenhang gebeurt dat te vaak of te "
        "zelden; het staat er dus niet bij.",
        "With {engine} the intervals of {count} of {total} paths are not in order. How often those leave out "
        "zero is no power, for it happens too often or too seldom where there is nothing as well; so it is "
        "not given.",
    ),
    "from_to": ("{low} tot {high}", "{low} to {high}"),
    "power_caption": (
        "Twee β's van een uitkomst die {size} verschillen: hoe vaak dat te zien is",
        "Two betas of one outcome that differ by {size}: how often that shows",
    ),
    "pair": ("Voorspellers", "Predictors"),
    "by_formula": ("Volgens formule", "By formula"),
    "in_clusters": ("{count} organisaties", "{count} organisations"),
    "power_note": (
        "Onderscheidend vermogen is geteld: in hoeveel enquêtes het eigen interval, verschoven tot de ware "
        "waarde {size} is, de nul niet bevat. Hoeveel respondenten 80% zouden geven volgt uit de "
        "niet-centrale t-verdeling{units}, met de vrijheidsgraden van het interval zelf. Een streepje staat "
        "waar het interval niet in orde is, of waar de formule meer dan 10 procentpunt scheelt van wat is "
        "geteld.",
        "Power is counted: in how many surveys the study's own interval, moved until the truth is {size}, "
        "leaves out zero. How many respondents would give 80% follows from the noncentral t "
        "distribution{units}, with the interval's own degrees of freedom. A dash stands where the interval "
        "is not in order, or where the formula is more than 10 percentage points from what was counted.",
    ),
    "power_units": (
        ", met organisaties zo groot als in de gegevens geteld",
        ", organisations as large as in the data being counted",
    ),
    "weights": (
        "De gewichten zijn die van de respondenten en hangen in de simulatie niet samen met wat zij "
        "antwoorden: of de intervallen kloppen waar dat wel zo is, is hier niet beproefd.",
        "Weights are those of the respondents and have nothing to do with what they answer in the "
        "simulation: whether intervals are right where they do is not tested here.",
    ),
    "margin": (
        "In orde is een interval dat bij ten minste {least} enquêtes aantoonbaar hooguit {margin} "
        "procentpunt minder dekt dan beloofd (de ondergrens van het 95%-interval van zijn dekking) en "
        "waarvan de vertekening aantoonbaar hooguit een kwart standaardafwijking is, terwijl aantoonbaar "
        "hooguit {failed} van de enquêtes geen interval geeft; te laag, vertekend of te vaak zonder "
        "oplossing waar het tegendeel is aangetoond, met samen 5% kans op vals alarm voor alle eigen "
        "intervallen. Anders is er "
        "te weinig gesimuleerd om het te zeggen. Alle ± zijn 1,96 simulatiefouten: ± {error} op een "
        "dekking van 95% bij {surveys} enquêtes.",
        "An interval is in order that, over at least {least} surveys, demonstrably covers at most "
        "{margin} percentage points less than it promises (the lower end of the 95% interval of its "
        "coverage) and whose bias is demonstrably at most a quarter of a standard deviation, while "
        "demonstrably at most {failed} of surveys give no interval; too low, biased or too often without a "
        "solution where the opposite is shown, with a chance of 5% of a false alarm for all own intervals "
        "together. "
        "Else too little was simulated to tell. Every ± is 1.96 simulation errors: ± {error} on a "
        "coverage of 95% at {surveys} surveys.",
    ),
    "limits": (
        "Dit zegt of de rekenwijze klopt als het model klopt; niet of het model klopt.",
        "This says whether the method is right if the model is; not whether the model is.",
    ),
    "reading": ("Hoe gemaakt, hoe te lezen", "How it was made, how to read it"),
    "classical": ("klassieke standaardfout", "classical standard error"),
    "HC3": ("HC3", "HC3"),
    "cluster": ("per cluster", "by cluster"),
    "CR2": ("per cluster, CR2", "by cluster, CR2"),
    "standard": ("standaard", "standard"),
    "robust": ("robuust", "robust"),
    "credible": ("geloofwaardigheidsinterval", "credible interval"),
    "percentile": ("percentiel", "percentile"),
    "basic": ("basic", "basic"),
    "bc": ("bc", "bc"),
    "bca": ("bca", "bca"),
    "monte_carlo": ("Monte-Carlo", "Monte Carlo"),
    "one-step": ("{kind}, één stap", "{kind}, one step"),
    "posterior": ("Posterior: rangen van de waarheid", "Posterior: ranks of the truth"),
    "sbc calibrated": (
        "In {posteriors} gesimuleerde enquêtes wijkt niets af van een posterior die uitrekent wat hij zegt "
        "(kleinste p van de rangen, voor alle grootheden gecorrigeerd, {p}; p van hun breedte samen "
        "{width}); 90%-intervallen bevatten de ware waarde in {cover}. Van één grootheid zou een afwijking "
        "van minder dan {shift} posterior-SD, of een SD die minder dan {narrow} te klein is, vaker dan een "
        "op de vijf keer zijn gemist.",
        "In {posteriors} simulated surveys no departure was found from a posterior that computes what it "
        "says (smallest p of the ranks, corrected for all quantities, {p}; p of their joint width "
        "{width}); 90% intervals hold the true value in {cover}. Of one quantity a departure of less than "
        "{shift} posterior SD, or an SD less than {narrow} too small, would have been missed more than one "
        "time in five.",
    ),
    "sbc more": (
        "Wie dit wil publiceren neemt ten minste {least} enquêtes (calibrate.posteriors).",
        "Take at least {least} surveys (calibrate.posteriors) to publish this.",
    ),
    "sbc not calibrated": (
        "De posterior rekent niet uit wat hij zegt: in {posteriors} gesimuleerde enquêtes valt de ware "
        "waarde niet overal even vaak (kleinste p van de rangen, voor alle grootheden gecorrigeerd, {p}; p "
        "van hun breedte samen {width}; onder ,01 is mis); 90%-intervallen bevatten haar in {cover}.",
        "The posterior does not compute what it says: in {posteriors} simulated surveys the true value "
        "does not fall equally often everywhere (smallest p of the ranks, corrected for all quantities, "
        "{p}; p of their joint width {width}; below .01 is wrong); 90% intervals hold it in {cover}.",
    ),
    "sbc not in order": (
        "Over de posterior is niets te zeggen: {failed} van {posteriors} ketens hadden "
        "divergenties, een te grote R-hat of te weinig onafhankelijke trekkingen.",
        "Nothing can be said of the posterior: {failed} of {posteriors} chains had divergences, too "
        "large an R-hat or too few independent draws.",
    ),
    "sbc_caption": (
        "Rangen van de ware waarde, per grootheid van de posterior",
        "Ranks of the true value, per quantity of the posterior",
    ),
    "quantity": ("Grootheid", "Quantity"),
    "rank_mean": ("Rang, gemiddeld", "Rank, mean"),
    "ecdf_p": ("p (gelijk verdeeld, × aantal)", "p (uniform, × number)"),
    "cover_90": ("90% dekt", "90% covers"),
    "z_sd": ("SD van z", "SD of z"),
    "contraction": ("Krimp", "Contraction"),
    "uniform": ("geen afwijking gevonden", "no departure found"),
    "not uniform": ("niet gelijk verdeeld", "not uniform"),
    "not simulated": ("niet gesimuleerd", "not simulated"),
    "ranks_title": (
        "Verdeling van de rangen, min een gelijke verdeling",
        "Distribution of ranks, less a uniform one",
    ),
    "ranks_alt": ("{out} van {count} lijnen komen buiten de band.", "{out} of {count} lines leave the band."),
    "ranks_note": (
        "Elke lijn is een grootheid van de posterior; de band bevat 95% van zulke lijnen in hun geheel "
        "als de posterior klopt; lijnen die eruit komen zijn oranje. Waarheden zijn uit de posterior van "
        "deze studie getrokken, elke enquête is samen met de waargenomen gegevens geschat.",
        "Every line is a quantity of the posterior; the band holds 95% of such lines whole if the "
        "posterior is right; those that leave it are orange. Truths are drawn from this study's "
        "posterior, every survey is fitted together with the observed data.",
    ),
    "rank_low": ("laagste rang", "lowest rank"),
    "rank_middle": ("midden", "middle"),
    "rank_high": ("hoogste rang", "highest rank"),
    "smallest": ("Vanaf welke sector de eigen β volstaat", "From which sector on its own β will do"),
    "smallest_said": (
        "De samengevoegde (gekrompen) β van een sector ligt gemiddeld dichter bij de waarheid dan de eigen "
        "(dat volgt uit het model, als dat klopt); het scheelt minder dan 5% vanaf {near} respondenten "
        "({span}, simulatiefout). De vuistregel zegt {rule}.",
        "A sector's pooled (shrunken) β lies closer to the truth on average than its own (that follows from "
        "the model, if it is right); the difference is less than 5% from {near} respondents on ({span}, "
        "simulation error). The rule of thumb says {rule}.",
    ),
    "smallest_never": (
        "De samengevoegde (gekrompen) β van een sector ligt gemiddeld dichter bij de waarheid dan de eigen "
        "(dat volgt uit het model, als dat klopt); in elke sector tot n = {n}, de grootste die is "
        "geprobeerd, scheelt het 5% of meer. De vuistregel zegt {rule}.",
        "A sector's pooled (shrunken) β lies closer to the truth on average than its own (that follows from "
        "the model, if it is right); in every sector up to n = {n}, the largest tried, the difference is "
        "5% or more. The rule of thumb says {rule}.",
    ),
    "smallest_caption": (
        "Per pad: de kleinste sector waarvan de eigen β bijna zo goed is",
        "Per path: the smallest sector whose own β is nearly as good",
    ),
    "n_margin": ("Binnen 5% vanaf", "Within 5% from"),
    "n_overall": ("Beter dan de β van allen vanaf", "Better than that of all from"),
    "sizes_caption": (
        "Hoe ver de β van een sector van de waarheid ligt (wortel van de gemiddelde gekwadrateerde fout)",
        "How far a sector's β lies from the truth (root mean squared error)",
    ),
    "size": ("Respondenten in de sector", "Respondents in the sector"),
    "rmse_own": ("Eigen β", "Own β"),
    "rmse_pooled": ("Samengevoegd", "Pooled"),
    "rmse_overall": ("β van allen", "That of all"),
    "cover_own": ("Eigen interval dekt", "Own interval covers"),
    "cover_pooled": ("Samengevoegd dekt", "Pooled covers"),
}


def said(key: str, language: str, **values: object) -> str:
    """Return a sentence or word of the page, with values filled in.

    >>> said("cluster", "nl"), said("one-step", "en", kind="bca")
    ('per cluster', 'bca, one step')
    """
    return in_language(SAID[key], language, **values)
