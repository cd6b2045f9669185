"""Which claims are true in the population that synthetic data were drawn from, by its own moments.

The exact moments of scale means, and of latents, follow from the population file without drawing. A claim
is judged on them by the same rules as on estimates, with each value known to ±.005: true, false, or on
the edge of a bound. OLS and a posterior on scores estimate regressions on scale means, SEM, its bootstrap
and a latent posterior those on latents (as ML finds them, where the file states that: `sem` rows).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.compare.found import Found, Say, found_by
from werksem.compare.judges import JUDGES
from werksem.compare.measured import named
from werksem.compare.verdicts import CONFIRMED, REFUTED, THRESHOLDS
from werksem.describe.marks import linear
from werksem.effects import defined_effects
from werksem.errors import SpecError
from werksem.estimates import estimates_table
from werksem.estimators.joint import Joint
from werksem.inputs import Inputs
from werksem.spec import filters
from werksem.spec.claims import Claim, ShareAbove, Statistic, tidy
from werksem.spec.equations import equations
from werksem.spec.formula import evaluate
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import load
from werksem.survey.codebook import codebook_path
from werksem.survey.exact import ExactMoments, betas, exact_moments
from werksem.survey.population import Population, load_population
from werksem.survey.truth import true_betas

__all__ = ["COLUMNS", "Truth", "population_of", "truth_of", "truth_table"]

COLUMNS = ("id", "engine", "level", "truth", "value")
TESTED = r" \(\d+% [^)]*\)|p \S+, Holm \S+, |, $|, (?=;)"  # what is said of samples only
MANY = 1e12  # respondents, so that nothing is adjusted for their number
WORDS = {CONFIRMED: "true", REFUTED: "false"}


@dataclass(frozen=True, slots=True)
class Truth:
    """What holds in a population: its values by level (``scores``, ``latent``), and of which sectors.

    ``respondents`` answers for statistics of respondents: means, marks and standard deviations.
    """

    joints: Mapping[str, Joint]
    respondents: Callable[[Sequence[Statistic]], Joint | None]
    sectors: tuple[str, ...]


def population_of(study: Study) -> Path | None:
    """Return the population file that synthetic data were drawn from, None where it is not there.

    The codebook names it (``made_by``); it stands in ``population/`` beside the model file, or in
    ``models/population/`` beside the folder of the data.
    """
    if study.data.file is None or not codebook_path(study.data.file).exists():
        return None
    made_by = str(load(codebook_path(study.data.file)).data.get("made_by", ""))
    found = re.search(r"werksem simulate, population ([^,]+)", made_by)
    if found is None:
        return None
    name = f"{found.group(1)}.yaml"
    beside = [study.data.file.parent.parent / "models" / "population" / name]
    if study.model is not None:
        beside.insert(0, study.model.parent / "population" / name)
    return next((path for path in beside if path.is_file()), None)


def truth_of(study: Study, model: ModelSpec, inputs: Inputs) -> Truth | None:
    """Return the truth behind a study's data; None where it is not synthetic, weighted, or of other sectors.

    The population's moments are of whole sectors, so ``data.group`` has to be their column, and the only
    one that ``data.where`` asks.
    """
    path = population_of(study)
    if path is None or inputs.survey is None or not inputs.survey.synthetic or inputs.weights is not None:
        return None
    if study.data.where and set(filters.columns(study.data.where)) != {study.data.group}:
        return None
    population = load_population(path)
    present = set() if inputs.group is None else set(inputs.group.dropna().astype(str))
    sectors = tuple(sector.name for sector in population.sectors if sector.name in present)
    if not sectors or present != set(sectors):
        return None
    levels = {
        level: _joint(population, model, sectors, latent=level == "latent") for level in ("scores", "latent")
    }
    levels = {
        level: _stated(joint, model, path, sectors, "sem" if level == "latent" else level)
        for level, joint in levels.items()
    }
    return Truth(levels, partial(_measured, _marginals(population, model, sectors), model), sectors)


def _joint(population: Population, model: ModelSpec, sectors: Sequence[str], *, latent: bool) -> Joint:
    """Return paths, effects and correlations, of all sectors and of each."""
    parts = [("all", _values(_moments(population, model, sectors, latent=latent), model))]
    parts += [(name, _values(_moments(population, model, [name], latent=latent), model)) for name in sectors]
    names = tuple(name for _, values in parts for name in values)
    groups = tuple(group for group, values in parts for _ in values)
    est = np.array([value for _, values in parts for value in values.values()])
    return Joint(names, groups, est, np.zeros((0, 0)), MANY, exact=True)


def _moments(
    population: Population, model: ModelSpec, sectors: Sequence[str], *, latent: bool = False
) -> ExactMoments:
    """Return exact moments under the model's names: a scale is the construct with the same items.

    Of a population with a product of latents some constructs have no closed form; they are left out.
    """
    found = exact_moments(population, sectors=sectors, latent=latent)
    of_items = {frozenset(column.name for column in c.columns): c.name for c in population.constructs}
    scales = {s.name: of_items.get(frozenset(s.items)) for s in model.scales}
    columns = {c.columns[0].name: c.name for c in population.constructs if len(c.columns) == 1}
    # what follows from products of latents has no closed form, and so no moments here
    known = set(found.names)
    names = {name: construct for name, construct in (columns | scales).items() if construct in known}
    at = [found.names.index(construct) for construct in names.values()]
    return ExactMoments(tuple(names), found.mean[at], found.cov[np.ix_(at, at)])


def _values(moments: ExactMoments, model: ModelSpec) -> dict[str, float]:
    """Return standardised paths, effects and correlations; of names that the population has."""
    known = set(moments.names)
    found: dict[str, float] = {}
    named_by: dict[str, float] = {}
    for equation in equations(model):
        if not {equation.outcome, *equation.predictors} <= known:
            continue
        beta = betas(moments, equation.outcome, equation.predictors)
        for name, label, value in zip(equation.predictors, equation.parameters, beta.tolist(), strict=True):
            found[f"{equation.outcome} ~ {name}"] = value
            named_by |= {label: value, f"{equation.outcome}~{name}": value}
    for effect in defined_effects(model):
        try:
            found[effect.name] = float(evaluate(effect.formula, named_by))
        except KeyError:
            continue
    sd = np.sqrt(np.diag(moments.cov))
    here = [name for name in _variables(model) if name in known]
    for a, b in combinations(here, 2):
        i, j = moments.names.index(a), moments.names.index(b)
        found[tidy(f"{a} ~~ {b}")] = float(moments.cov[i, j] / (sd[i] * sd[j]))
    return found


def _variables(model: ModelSpec) -> list[str]:
    used = [name for e in equations(model) for name in (*e.predictors, e.outcome)]
    return list(dict.fromkeys([*used, *(scale.name for scale in model.scales)]))


def _stated(joint: Joint, model: ModelSpec, path: Path, sectors: Sequence[str], level: str) -> Joint:
    """Return values with the paths that the population file states for a model, where it states all of them.

    Level ``sem`` is what ML finds from the exact item moments; ``scores`` has what no closed form gives.
    """
    try:
        rows = true_betas(path)
    except SpecError:
        return joint
    if set(load(path).data["truth"].get("sectors", ())) != set(sectors):
        return joint
    rows = rows[(rows["level"] == level) & (rows["group"] == "all") & (rows["model"] == model.name)]
    stated = {
        f"{lhs} ~ {rhs}": beta for lhs, rhs, beta in zip(rows["lhs"], rows["rhs"], rows["beta"], strict=True)
    }
    if not set(stated) >= {f"{e.outcome} ~ {x}" for e in equations(model) for x in e.predictors}:
        return joint
    known = dict(zip(zip(joint.groups, joint.names, strict=True), joint.est.tolist(), strict=True))
    known |= {("all", name): value for name, value in stated.items()}
    groups, names = zip(*known, strict=True)
    return replace(joint, names=names, groups=groups, est=np.array(list(known.values())))


def _marginals(
    population: Population, model: ModelSpec, sectors: Sequence[str]
) -> dict[str | None, ExactMoments]:
    pooled: dict[str | None, ExactMoments] = {None: _moments(population, model, sectors)}
    return pooled | {name: _moments(population, model, [name]) for name in sectors}


def _measured(
    marginals: Mapping[str | None, ExactMoments], model: ModelSpec, statistics: Sequence[Statistic]
) -> Joint | None:
    """Return true means, marks and standard deviations; None for shares and for other groups than sectors."""
    values = []
    for statistic in statistics:
        moments = marginals.get(statistic.group)
        if statistic.kind == "share" or moments is None or statistic.variable not in moments.names:
            return None
        at, scale = moments.names.index(statistic.variable), model.scale(statistic.variable)
        value = float(np.sqrt(moments.cov[at, at]) if statistic.kind == "sd" else moments.mean[at])
        if statistic.kind == "mark":
            if scale is None or scale.scale is None:
                return None
            value = linear(value, *scale.scale)
        values.append(value)
    names = tuple(named(statistic) for statistic in statistics)
    groups = ("all",) * len(names)
    return Joint(names, groups, np.array(values), np.eye(len(names)), MANY, exact=True)


def truth_table(claims: Sequence[Claim], truth: Truth, details: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return per claim and engine whether it is true in the population: ``claims_truth.csv``.

    ``level`` says which moments (``scores``, ``latent``, ``data``), ``truth`` is ``true``, ``false`` or
    ``edge`` (within ±.005 of a bound), ``value`` the numbers. Claims that the population says nothing
    of are left out.
    """
    by_id = {claim.id: claim for claim in claims}
    rows = []
    for name, engine in zip(details["id"], details["engine"], strict=True):
        if not engine:
            continue
        level = _level(engine, study)
        judged = _judged(by_id[name], truth, level, study.language)
        if judged is not None:
            values = re.sub(TESTED, "", judged[1]).removesuffix("; ")
            rows.append((name, engine, level, WORDS.get(judged[0], "edge"), values))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _level(engine: str, study: Study) -> str:
    if engine == "data":
        return "data"
    latent = engine in ("sem", "bootstrap") or (study.bayes is not None and study.bayes.level == "latent")
    return "latent" if latent and engine != "ols" else "scores"


def _judged(claim: Claim, truth: Truth, level: str, language: str) -> tuple[str, str] | None:
    if isinstance(claim, ShareAbove) or type(claim) not in JUDGES:
        return None
    words: Say = lambda key: ""  # noqa: E731
    found = _found(claim, truth, level, words)
    judged = JUDGES[type(claim)].rule(claim, found, THRESHOLDS)
    return judged if judged is None or judged[1] else None


def _found(claim: Claim, truth: Truth, level: str, words: Say) -> Found:
    joint = truth.joints["scores" if level == "data" else level]
    found = found_by("truth", words, estimates=estimates_table([]), joint=joint, group=claim.group)
    return replace(found, measured=truth.respondents, labels=lambda by: truth.sectors if by is None else ())
