"""What a model asks of the data: its regressions, and the columns it needs."""

from __future__ import annotations

from werksem.spec.types import Equation, ModelSpec, Statement

__all__ = ["constructs", "equations", "observed_names"]


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
