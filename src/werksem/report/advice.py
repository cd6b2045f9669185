"""Diagnostics in words: what each measure is, and what to do when it is not in order."""

from __future__ import annotations

from collections.abc import Collection

from werksem.compare.cells import records
from werksem.report.folder import Result
from werksem.report.numbers import count, number
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, word

__all__ = ["MEASURES", "attention", "diagnostics_table"]

# measure: its name in Dutch and English, then what to do when it is not in order
MEASURES: dict[str, tuple[str, str, str, str]] = {
    "n": ("Gebruikte rijen", "Rows used", "", ""),
    "vif_max": (
        "Grootste VIF", "Largest VIF",
        "Voorspellers overlappen sterk: voeg ze samen of laat er een weg.",
        "Predictors overlap strongly: merge them or drop one.",
    ),
    "converged": (
        "Geconvergeerd", "Converged",
        "Controleer het model op identificatie; geef startwaarden of vereenvoudig het.",
        "Check the model's identification; give starting values or simplify it.",
    ),
    "admissible": (
        "Toelaatbare oplossing", "Admissible solution",
        "Een variantie is negatief of een correlatie groter dan 1: kijk naar items met te weinig of te sterk "
        "overlappende informatie.",
        "A variance is negative or a correlation above 1: look at items with too little or overlapping "
        "information.",
    ),
    "gradient_max": (
        "Grootste gradiënt", "Largest gradient",
        "Het optimum is niet bereikt: geef startwaarden of vereenvoudig het model.",
        "The optimum was not reached: give starting values or simplify the model.",
    ),
    "iterations": ("Iteraties", "Iterations", "", ""),
    "semopy_used": ("Begonnen bij semopy", "Started from semopy", "", ""),
    "semopy_distance": (
        "Afstand van semopy tot het optimum", "Distance of semopy to the optimum",
        "semopy stopte ver van het optimum; de getallen hier zijn die van ons optimum.",
        "semopy stopped far from the optimum; the numbers here are those of our optimum.",
    ),
    "replicates": (
        "Bootstrapherhalingen", "Bootstrap replicates",
        "Er zijn geen herhalingen: zorg eerst dat de SEM convergeert.",
        "There are no replicates: first make the SEM converge.",
    ),
    "replicates_failed": (
        "Mislukte herhalingen", "Failed replicates",
        "Het model is te wankel voor herhaalde steekproeven: vereenvoudig het, of vergroot de steekproef.",
        "The model is too fragile for resampling: simplify it, or enlarge the sample.",
    ),
    "replicates_inadmissible": (
        "Ontoelaatbare herhalingen", "Inadmissible replicates",
        "Vergelijk de intervallen met en zonder die herhalingen: de tabel in het rapport, of intervals.csv.",
        "Compare the intervals with and without those replicates: the table in the report, or intervals.csv.",
    ),
    "invariance_metric": (
        "Verandering van CFI bij gelijke ladingen", "Change of CFI with equal loadings",
        "Ladingen zijn niet gelijk over groepen: zie onder Poolen welke paden dat verandert.",
        "Loadings are not equal across groups: the section on pooling has the paths that this changes.",
    ),
    "invariance_scalar": (
        "Verandering van CFI bij gelijke intercepten", "Change of CFI with equal intercepts",
        "Intercepten zijn niet gelijk over groepen: vergelijk gemiddelden van groepen niet zonder meer.",
        "Intercepts are not equal across groups: do not compare means of groups as they are.",
    ),
    "limit_error_max": (
        "Grootste Monte-Carlofout van een gedrukte grens", "Largest Monte-Carlo error of a printed limit",
        "Is zij groter dan ,005, dan kan het laatste gedrukte cijfer van een grens verspringen: verhoog "
        "bootstrap.replicates.",
        "If it exceeds .005, the last printed digit of a limit may change: raise bootstrap.replicates.",
    ),
    "one_step_distance": (
        "Afstand van eenstaps- tot volledige herhalingen (mediaan, SD)",
        "Distance of one-step from full replicates (median, SD)",
        "De schatting buigt te veel in de data voor één stap: vergroot de steekproef of vereenvoudig het "
        "model.",
        "The estimate bends too much in the data for one step: enlarge the sample or simplify the model.",
    ),
    "one_step_distance_max": (
        "Afstand van eenstaps- tot volledige herhalingen (grootste, SD)",
        "Distance of one-step from full replicates (largest, SD)", "", "",
    ),
    "one_step_refits": ("Volledig herschatte steekproeven", "Resamples refitted in full", "", ""),
    "one_step_refits_failed": (
        "Volledige herschattingen zonder oplossing", "Full refits without a solution",
        "Het model is te wankel voor herhaalde steekproeven: vereenvoudig het, of vergroot de steekproef.",
        "The model is too fragile for resampling: simplify it, or enlarge the sample.",
    ),
    "rhat_max": (
        "Grootste R̂", "Largest R̂",
        "De ketens zijn niet samengekomen: verhoog bayes.tune en bayes.draws.",
        "The chains have not mixed: raise bayes.tune and bayes.draws.",
    ),
    "ess_bulk_min": (
        "Kleinste effectieve steekproef (midden)", "Smallest effective sample (bulk)",
        "Te weinig onafhankelijke trekkingen voor het gemiddelde: verhoog bayes.draws.",
        "Too few independent draws for the mean: raise bayes.draws.",
    ),
    "ess_tail_min": (
        "Kleinste effectieve steekproef (staarten)", "Smallest effective sample (tails)",
        "Te weinig onafhankelijke trekkingen voor de intervalgrenzen: verhoog bayes.draws.",
        "Too few independent draws for the interval limits: raise bayes.draws.",
    ),
    "divergences": (
        "Divergente overgangen", "Divergent transitions",
        "De sampler mist een deel van de verdeling: verhoog bayes.tune, of kies krappere "
        "a-prioriverdelingen voor de "
        "verschillen tussen groepen.",
        "The sampler misses part of the distribution: raise bayes.tune, or choose tighter priors for the "
        "differences "
        "between groups.",
    ),
    "ebfmi_min": (
        "Kleinste E-BFMI van de ketens", "Smallest E-BFMI of the chains",
        "De ketens verkennen de staarten te traag: verhoog bayes.tune, of kies krappere "
        "a-prioriverdelingen voor de verschillen tussen groepen.",
        "The chains explore the tails too slowly: raise bayes.tune, or choose tighter priors for the "
        "differences between groups.",
    ),
    "pareto_k": (
        "Pareto-k van de normale benadering", "Pareto k of the normal approximation",
        "De posterior lijkt te weinig op een normale verdeling: kies bayes.method: nuts.",
        "The posterior is too unlike a normal distribution: choose bayes.method: nuts.",
    ),
    "ess_importance": (
        "Effectieve steekproef van de gewichten", "Effective sample of the weights",
        "Te weinig trekkingen tellen mee: verhoog bayes.draws, of kies bayes.method: nuts.",
        "Too few draws count: raise bayes.draws, or choose bayes.method: nuts.",
    ),
    "cpu_seconds": ("Processortijd (s)", "CPU time (s)", "", ""),
    "gradient_evaluations": ("Gradiëntberekeningen", "Gradient evaluations", "", ""),
    "draws": ("Trekkingen", "Draws", "", ""),
    "chains": ("Ketens", "Chains", "", ""),
}  # fmt: skip
# what a measure is held to, Dutch and English, where that is one number
NORMS = {
    "vif_max": ("< 10", "< 10"), "gradient_max": ("< 10⁻⁸", "< 10⁻⁸"), "semopy_distance": ("< ,05", "< .05"),
    "replicates_failed": ("≤ 5%", "≤ 5%"), "replicates_inadmissible": ("≤ 5%", "≤ 5%"),
    "rhat_max": ("< 1,01", "< 1.01"), "ess_bulk_min": ("≥ 400", "≥ 400"), "ess_tail_min": ("≥ 400", "≥ 400"),
    "divergences": ("0", "0"), "ebfmi_min": ("≥ ,3", "≥ .3"), "pareto_k": ("< ,7", "< .7"),
    "ess_importance": ("≥ 400", "≥ 400"), "converged": ("ja", "yes"), "admissible": ("ja", "yes"),
    "invariance_metric": ("≥ −,010", "≥ −.010"), "invariance_scalar": ("≥ −,010", "≥ −.010"),
}  # fmt: skip
TRUTHS = ("converged", "admissible", "semopy_used")
YES = ("true", "1", "1.0", "yes")
NO = ("false", "0", "0.0", "no")


def _texts(measure: str, language: str) -> tuple[str, str]:
    found = MEASURES.get(measure, (measure, measure, "", ""))
    at = 1 if language == "en" else 0
    return found[at], found[2 + at]


def diagnostics_table(result: Result) -> Table:
    """Return every diagnostic by engine: measure, value, norm, in order or not; what to do if one is not."""
    language = result.language
    wrong = result.diagnostics["ok"].astype(str).str.lower().isin(NO).any()
    keys = ("measure", "value", "advice_norm", "judgement", *(("what_to_do",) if wrong else ()))
    columns = tuple(Column(word(key, language), key in ("value", "advice_norm")) for key in keys)
    bodies = []
    for engine, part in result.diagnostics.groupby("engine", sort=False):
        every = (_row(str(r["measure"]), r["value"], str(r["ok"]), language) for r in records(part))
        rows = tuple(row[: len(columns)] for row in every)
        bodies.append(Body(engine_name(str(engine), language), rows))
    return Table(word("diagnostics_caption", language), columns, tuple(bodies), wide=True)


def _row(measure: str, value: float, ok: str, language: str) -> tuple[Cell, ...]:
    """Return one diagnostic; counts and times, which nothing is asked of, have no judgement."""
    name, advice = _texts(measure, language)
    wrong = ok.lower() in NO
    shown = Cell(word("look", language), tone="bad") if wrong else Cell()
    if ok.lower() in YES and (advice or measure in NORMS):
        shown = Cell(word("fine", language), tone="good")
    norm = NORMS.get(measure, ("", ""))[1 if language == "en" else 0]
    told = _truth(value, language) if measure in TRUTHS else _value(value, language)
    return Cell(name), Cell(told), Cell(norm), shown, Cell(advice if wrong else "")


def _truth(value: float, language: str) -> str:
    return word("yes" if value else "no", language)


def _value(value: float, language: str) -> str:
    """Return whole numbers whole, small ones in powers of ten, the rest with three decimals."""
    if value == round(value) or abs(value) >= 100:
        return count(value, language)
    if abs(value) < 0.001:
        digits, power = f"{value:.1e}".split("e")
        return f"{number(float(digits), language, 1)} × 10" + str(int(power)).translate(SUPERSCRIPT)
    return number(value, language, 3 if abs(value) < 10 else 1)


SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def attention(result: Result, engines: Collection[str] | None = None) -> tuple[str, ...]:
    """Return a sentence per diagnostic that is not in order (of some engines): measure, value, what to do."""
    language, said = result.language, []
    for row in records(result.diagnostics):
        if str(row["ok"]).lower() in NO and (engines is None or str(row["engine"]) in engines):
            name, advice = _texts(str(row["measure"]), language)
            value = _value(float(row["value"]), language)
            engine = engine_name(str(row["engine"]), language)
            said.append(f"{engine}: {name[0].lower()}{name[1:]} {value}. {advice}".strip())
    return tuple(said)
