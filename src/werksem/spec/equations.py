"""What a model asks of the data: its regressions, and the columns it needs."""

from __future__ import annotations

from itertools import combinations

from werksem.errors import SpecError
from werksem.spec.types import Equation, ModelSpec, Statement

__all__ = ["constructs", "equations", "observed_names", "residual_pairs"]


def constructs(model: ModelSpec) -> tuple[str, ...]:
    """Return the names that are measured by others (left of ``=~``), in the order of the file.

    >>> from werksem.spec.load import load_model
    >>> constructs(load_model({"syntax": "f =~ x1 + x2 + x3; f ~ z"}))
    ('f',)
    """
    return tuple(dict.fromkeys(s.lhs for s in model.statements if s.op == "=~"))


def equations(model: ModelSpec) -> tuple[Equation, ...]:
    """Return the regressions, outcome by outcome, in the order of the file.

    A path's parameter is its label, or ``lhs~rhs`` where it has none or one per group. Paths of
    fixed size are included; intercepts are not.

    >>> from werksem.spec.load import load_model
    >>> equations(load_model({"syntax": "y ~ a*x + z"}))
    (Equation(outcome='y', predictors=('x', 'z'), parameters=('a', 'y~z')),)
    """
    paths: dict[str, list[Statement]] = {}
    for statement in model.statements:
        if statement.op == "~":
            paths.setdefault(statement.lhs, []).append(statement)
    return tuple(
        Equation(outcome, tuple(s.rhs for s in found), tuple(_parameter(s) for s in found))
        for outcome, found in paths.items()
    )


def _parameter(path: Statement) -> str:
    alike = set(path.label)
    label = next(iter(alike)) if len(alike) == 1 else None
    return label or f"{path.lhs}~{path.rhs}"


def observed_names(model: ModelSpec) -> tuple[str, ...]:
    """Return every column of the data that the model needs: indicators, outcomes, predictors, others.

    >>> from werksem.spec.load import load_model
    >>> observed_names(load_model({"syntax": "f =~ x1 + x2 + x3; f ~ z"}))
    ('x1', 'x2', 'x3', 'z')
    """
    measured = set(constructs(model))
    by_role = (
        [s.rhs for s in model.statements if s.op == "=~"],
        [s.lhs for s in model.statements if s.op == "~"],
        [s.rhs for s in model.statements if s.op == "~"],
        [name for s in model.statements if s.op in ("~~", "~1") for name in (s.lhs, s.rhs) if name],
    )
    return tuple(dict.fromkeys(name for role in by_role for name in role if name not in measured))


def residual_pairs(model: ModelSpec) -> tuple[tuple[str, str], ...]:
    """Return the pairs of outcomes whose residuals covary, as in lavaan: pure outcomes, and what is stated.

    A pure outcome predicts nothing. ``y1 ~~ 0*y2`` takes a pair out; another fixed value is refused
    (``SpecError``), since regressions on scale means estimate covariances or leave them out.

    >>> from werksem.spec.load import load_model
    >>> residual_pairs(load_model({"syntax": "y ~ m + x; m ~ x; z ~ x; y ~~ m"}))
    (('y', 'z'), ('y', 'm'))
    """
    outcomes = [equation.outcome for equation in equations(model)]
    predictors = {s.rhs for s in model.statements if s.op == "~"} | {
        s.rhs for s in model.statements if s.op == "=~"
    }
    pairs = dict.fromkeys(combinations([name for name in outcomes if name not in predictors], 2))
    for statement in model.statements:
        if statement.op != "~~" or statement.lhs == statement.rhs:
            continue
        if statement.lhs not in outcomes or statement.rhs not in outcomes:
            continue
        pair = (statement.lhs, statement.rhs)
        fixed = {value for value in statement.fixed if value is not None}
        if fixed - {0.0}:
            raise SpecError(
                f"bayes: level scores cannot hold the covariance of {pair[0]!r} and {pair[1]!r} at "
                f"{min(fixed - {0.0}):g}; right are 0 or an estimated one", where=statement.where
            )  # fmt: skip
        if pair[::-1] in pairs:
            pair = pair[::-1]
        pairs[pair] = None
        if fixed:
            del pairs[pair]
    return tuple(pairs)
