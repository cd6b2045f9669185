"""Words of the calibration page, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["SAID", "said"]

SAID: dict[str, tuple[str, str]] = {
    "title": ("IJking: {title}", "Calibration: {title}"),
    "kept": (
        "Bij n = {n} houdt deze studie zich aan haar woord: haar {level}-intervallen bevatten in {share} "
        "van de gesimuleerde enquêtes de ware waarde.",
        "At n = {n} this study keeps its word: its {level} intervals hold the true value in {share} of "
        "the simulated surveys.",
    ),
    "broken": (
        "Bij n = {n} houdt deze studie zich niet overal aan haar woord: {count} van {total} intervallen "
        "van paden en effecten wijken meer af dan toeval toelaat. Samen bevatten haar {level}-intervallen "
        "in {share} van de gesimuleerde enquêtes de ware waarde.",
        "At n = {n} this study does not keep its word everywhere: {count} of {total} intervals of paths "
        "and effects are further off than chance allows. Together its {level} intervals hold the true "
        "value in {share} of the simulated surveys.",
    ),
    "none_own": ("Deze studie heeft geen intervallen van paden.", "This study has no intervals of paths."),
    "badge_left": ("{level}-intervallen", "{level} intervals"),
    "badge_right": ("dekken {share}", "cover {share}"),
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
        "de band is wat {surveys} enquêtes aan toeval laten (95 %). Gevuld: de intervallen die deze "
        "studie zelf geeft.",
        "Every point is a path or effect. The line is what the interval promises, the bar the mean; the "
        "band is what {surveys} surveys leave to chance (95%). Filled: the intervals that this study "
        "itself gives.",
    ),
    "coverage_posterior": (
        "Bij de posterior zijn het {posteriors} enquêtes.",
        "Of the posterior there are {posteriors} surveys.",
    ),
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
    "failed_word": ("geen oplossing", "no solution"),
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
    "n_80": ("n voor 80 %", "n for 80%"),
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
    "from_to": ("{low} tot {high}", "{low} to {high}"),
    "power_caption": (
        "Twee β's van een uitkomst die {size} verschillen: hoe vaak dat te zien is",
        "Two betas of one outcome that differ by {size}: how often that shows",
    ),
    "pair": ("Voorspellers", "Predictors"),
    "simulated": ("Nageteld", "Counted"),
    "margin": (
        "Een interval geldt als te laag (of ruimer dan nodig) waar ook de gunstigste kant van de "
        "toevalsmarge van zijn dekking meer dan {margin} onder (boven) het beloofde ligt, een schatting "
        "als vertekend waar dat meer dan een kwart van haar standaardafwijking is, driemaal de "
        "simulatiefout niet meegerekend. Hooguit de laatste cijfers hangen van de simulatie af: ± {error} "
        "bij {surveys} enquêtes.",
        "An interval counts as too low (or wider than need be) where even the kinder end of the margin of "
        "chance of its coverage is more than {margin} below (above) what it promises, an estimate as "
        "biased where bias is over a quarter of its standard deviation, three simulation errors left out. "
        "At most the last digits hang on the simulation: ± {error} at {surveys} surveys.",
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
        "De posterior rekent uit wat hij zegt: in {posteriors} gesimuleerde enquêtes valt de ware waarde "
        "overal in de posterior even vaak (kleinste p, voor alle toetsen gecorrigeerd, {p}); "
        "90%-intervallen bevatten haar in {cover}.",
        "The posterior computes what it says: in {posteriors} simulated surveys the true value falls "
        "equally often everywhere in the posterior (smallest p, corrected for all tests, {p}); 90% "
        "intervals hold it in {cover}.",
    ),
    "sbc not calibrated": (
        "De posterior rekent niet uit wat hij zegt: in {posteriors} gesimuleerde enquêtes valt de ware "
        "waarde niet overal even vaak (kleinste p, voor alle toetsen gecorrigeerd, {p}); 90%-intervallen "
        "bevatten haar in {cover}.",
        "The posterior does not compute what it says: in {posteriors} simulated surveys the true value "
        "does not fall equally often everywhere (smallest p, corrected for all tests, {p}); 90% intervals "
        "hold it in {cover}.",
    ),
    "sbc not in order": (
        "Over de posterior is niets te zeggen: {failed} van {posteriors} ketens hadden divergenties of "
        "een te grote R-hat.",
        "Nothing can be said of the posterior: {failed} of {posteriors} chains had divergences or too "
        "large an R-hat.",
    ),
    "sbc_caption": (
        "Rangen van de ware waarde, per grootheid van de posterior",
        "Ranks of the true value, per quantity of the posterior",
    ),
    "quantity": ("Grootheid", "Quantity"),
    "rank_mean": ("Rang, gemiddeld", "Rank, mean"),
    "ecdf_p": ("p (gelijk verdeeld)", "p (uniform)"),
    "cover_90": ("90% dekt", "90% covers"),
    "z_sd": ("SD van z", "SD of z"),
    "contraction": ("Krimp", "Contraction"),
    "uniform": ("gelijk verdeeld", "uniform"),
    "not uniform": ("niet gelijk verdeeld", "not uniform"),
    "not simulated": ("niet gesimuleerd", "not simulated"),
    "ranks_title": (
        "Verdeling van de rangen, min een gelijke verdeling",
        "Distribution of ranks, less a uniform one",
    ),
    "ranks_alt": ("{out} van {count} lijnen komen buiten de band.", "{out} of {count} lines leave the band."),
    "ranks_note": (
        "Elke lijn is een grootheid van de posterior; de band bevat 95 % van zulke lijnen in hun geheel "
        "als de posterior klopt. Waarheden zijn uit de posterior van deze studie getrokken, elke enquête "
        "is samen met de waargenomen gegevens geschat.",
        "Every line is a quantity of the posterior; the band holds 95% of such lines whole if the "
        "posterior is right. Truths are drawn from this study's posterior, every survey is fitted "
        "together with the observed data.",
    ),
    "rank_low": ("laagste rang", "lowest rank"),
    "rank_middle": ("midden", "middle"),
    "rank_high": ("hoogste rang", "highest rank"),
    "smallest": ("Vanaf welke sector de eigen β volstaat", "From which sector on its own β will do"),
    "smallest_said": (
        "Onder n = {n} is de samengevoegde (gekrompen) β van een sector beter dan de eigen; het scheelt "
        "minder dan 5 % vanaf {near} respondenten. De vuistregel zegt {rule}.",
        "Below n = {n} a sector's pooled (shrunken) β is better than its own; the difference is less than "
        "5% from {near} respondents on. The rule of thumb says {rule}.",
    ),
    "smallest_never": (
        "In elke sector tot n = {n}, de grootste die is geprobeerd, is de samengevoegde (gekrompen) β "
        "beter dan de eigen; het scheelt minder dan 5 % vanaf {near} respondenten. De vuistregel zegt "
        "{rule}.",
        "In every sector up to n = {n}, the largest tried, the pooled (shrunken) β is better than its "
        "own; the difference is less than 5% from {near} respondents on. The rule of thumb says {rule}.",
    ),
    "smallest_caption": (
        "Per pad: de kleinste sector waarvan de eigen β niet slechter is",
        "Per path: the smallest sector whose own β is no worse",
    ),
    "n_equal": ("Eigen even goed vanaf", "Own as good from"),
    "n_margin": ("Binnen 5 % vanaf", "Within 5% from"),
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
