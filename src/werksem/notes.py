"""Sentences that belong to a study's results: what it assumes, and what a reader must be warned of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from werksem.inputs import Inputs
from werksem.spec.disclosure import Disclosure, loosened
from werksem.spec.equations import equations, observed_names
from werksem.spec.outside import model_notes
from werksem.spec.study import Study
from werksem.spec.support import LEAST_SQUARES
from werksem.spec.types import ModelSpec
from werksem.survey.notice import FACTS

if TYPE_CHECKING:
    from werksem.engines.all import Results
    from werksem.engines.few import Withheld

__all__ = ["disclosure_notes", "disclosure_warnings", "study_notes", "study_warnings"]

SIZES_DIFFER = 0.10


def study_warnings(inputs: Inputs, results: Results) -> list[str]:
    """Return warnings about the data, and about engines that speak of different respondents."""
    said = [note for note in _survey_notes(inputs) if not note.startswith(FACTS)]
    sizes = {
        f"{engine.engine} ({outcome})" if outcome != "all" else engine.engine: n
        for engine in results.engines
        for outcome, n in engine.n.items()
    }
    if sizes and min(sizes.values()) < (1 - SIZES_DIFFER) * max(sizes.values()):
        listed = ", ".join(f"{name} {n}" for name, n in sizes.items())
        said.append(f"unequal n: the engines use different numbers of respondents: {listed}")
    return said


def disclosure_warnings(rule: Disclosure, crossed: Sequence[str] = ()) -> list[str]:
    """Return that the rule lets more through than the rule of thumb, and ``crossed`` tables, where it is so.

    >>> disclosure_warnings(Disclosure(smallest=5))
    ['disclosure: loosened, smallest: 5: not for release before somebody decided so']
    """
    said = []
    if crossed:
        said.append(
            f"disclosure: two groupings: {', '.join(crossed)}; they hide numbers of the same variable by "
            "different groups, and are protected each on its own: see whether one tells what another hides"
        )
    if not loosened(rule):
        return said
    found = [f"smallest: {rule.smallest}", *([] if rule.complementary else ["complementary: false"])]
    return [*said, f"disclosure: loosened, {', '.join(found)}: not for release before somebody decided so"]


def disclosure_notes(rule: Disclosure, withheld: Withheld) -> list[str]:
    """Return the rule that the tables of a run keep, and the groups it hides."""
    said = []
    if rule.smallest > 1:
        also = ", nor what it could be worked out from" if rule.complementary else ""
        said.append(
            f"disclosure: no cell and no group of fewer than {rule.smallest} respondents is shown{also}"
        )
    if withheld.inside:
        said.append(
            f"disclosure: hidden in every table: {', '.join((*withheld.few, *withheld.also))}; fewer than "
            f"{rule.smallest} respondents, or left out so that such a group cannot be worked out"
        )
    if withheld.coarse:
        said.append(
            "disclosure: weighted numbers of all respondents are rounded, and have no standard errors "
            "in tables of describe, for these would tell sizes and answers of those hidden"
        )
    if withheld.clusters:
        said.append("disclosure: no ICC by cluster: mean sizes would tell how small one of the clusters is")
    return said


def study_notes(study: Study, model: ModelSpec, inputs: Inputs) -> list[str]:
    """Return what the model assumes and its fit can or cannot show."""
    said = [note for note in _survey_notes(inputs) if note.startswith(FACTS)]
    regressions = equations(model)
    if regressions and _saturated(model):
        said.append("saturated: the structural part is saturated, so the fit tests the measurement only")
    binary = _binary_outcomes(inputs, [equation.outcome for equation in regressions])
    if binary:
        said.append(f"binary: {', '.join(binary)}: treated as continuous (a linear probability model)")
    return [*said, *model_notes(model), *_sensitivity_notes(study, model)]


def _sensitivity_notes(study: Study, model: ModelSpec) -> list[str]:
    """Return what the sensitivity tables leave out."""
    asked = study.sensitivity is not None and bool(study.sensitivity.method_variance)
    if study.sem is None or not (asked or model.routes or model.effects):
        return []
    if study.data.missing == "fiml" or study.data.ordered or study.sem.estimator in LEAST_SQUARES:
        return ["sensitivity: made for ML by moments only (complete rows, answers as numbers)"]
    items = {statement.rhs for statement in model.statements if statement.op == "=~"}
    plain = [name for name in observed_names(model) if name not in items]
    if asked and not items:
        return ["method variance: no variable is an answer to an item, so there is nothing to take out"]
    if asked and plain:
        return [f"method variance: not taken out of {', '.join(plain)}: no construct's answers"]
    return []


def _survey_notes(inputs: Inputs) -> tuple[str, ...]:
    return inputs.survey.notes if inputs.survey else ()


def _saturated(model: ModelSpec) -> bool:
    """Return whether every pair of structural variables is joined by a path or a free covariance."""
    regressions = equations(model)
    outcomes = [equation.outcome for equation in regressions]
    predictors = {name for equation in regressions for name in equation.predictors}
    causes = predictors - set(outcomes)
    paths = {(x, e.outcome) for e in regressions for x in e.predictors}
    joined = {frozenset((s.lhs, s.rhs)) for s in model.statements if s.op == "~~"}
    ends = [name for name in outcomes if name not in predictors]
    for at, outcome in enumerate(outcomes):
        if any((cause, outcome) not in paths for cause in causes):
            return False
        for other in outcomes[:at]:
            tied = (outcome, other) in paths or (other, outcome) in paths
            free = frozenset((outcome, other)) in joined or (outcome in ends and other in ends)
            if not (tied or free):
                return False
    return True


def _binary_outcomes(inputs: Inputs, outcomes: list[str]) -> list[str]:
    if inputs.scores is None:
        return []
    found = []
    for name in outcomes:
        values = inputs.scores[name].to_numpy(dtype=float)
        if len(np.unique(values[np.isfinite(values)])) == 2:
            found.append(name)
    return found
