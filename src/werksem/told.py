"""A model in words, as equations, and in counts: what a reader checks before anything is estimated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from werksem.effects import defined_effects
from werksem.model import Model
from werksem.report.words import listed
from werksem.rows import Row
from werksem.spec.equations import equations
from werksem.spec.types import Label, ModelSpec

__all__ = ["counts", "equation_lines", "word_lines"]

KINDS = ("loadings", "paths", "variances", "covariances", "intercepts", "thresholds")
MOST = 15  # lines of a kind that are shown
LONG = 8  # terms of a sum that are shown


def word_lines(spec: ModelSpec, language: str) -> Iterator[str]:
    """Yield a sentence per construct and per regression, with labels where the model has them."""
    lines = [
        f"{_called(scale.name, spec, language)} is measured by {_items(scale.items, scale.reversed)}"
        for scale in spec.scales
    ]
    yield from _shortened(lines)
    lines = []
    for equation in equations(spec):
        causes = listed([_label(name, spec, language) or name for name in equation.predictors], "en")
        lines.append(f"{_called(equation.outcome, spec, language)} is regressed on {causes}")
    yield from _shortened(lines)


def _items(items: Sequence[str], turned: Sequence[str]) -> str:
    """Return items in words.

    >>> _items(["a1", "a2", "a3", "a4", "a5"], ["a2"])
    '5 items: a1 … a5 (reversed: a2)'
    """
    shown = ", ".join(items) if len(items) < 4 else f"{items[0]} … {items[-1]}"
    backwards = f" (reversed: {', '.join(turned)})" if turned else ""
    return f"{len(items)} item{'' if len(items) == 1 else 's'}: {shown}{backwards}"


def _called(name: str, spec: ModelSpec, language: str) -> str:
    """Return a variable's label with its name behind it, or the name alone."""
    text = _label(name, spec, language)
    return f"{text} ({name})" if text and text != name else name


def _label(name: str, spec: ModelSpec, language: str) -> str:
    scale = spec.scale(name)
    label = scale.label if scale is not None else dict(spec.labels).get(name, Label())
    return (label.en or label.nl) if language == "en" else (label.nl or label.en)


def equation_lines(spec: ModelSpec, model: Model) -> Iterator[str]:
    """Yield the equations of the first group: measurement per construct, then each regression.

    A fixed loading stands as its value, a free one as its label or λ; a free path as its label or β;
    ε and ζ are what a variable has of its own.
    """
    rows = [row for row in model.rows if row.group == 0]
    yield from _shortened([_measured(name, rows) for name in model.latent])
    yield from _shortened([_regressed(equation.outcome, rows) for equation in equations(spec)])


def _measured(construct: str, rows: Sequence[Row]) -> str:
    """Return ``a1 = f + ε; a2 … a4 = λ·f + ε`` of a construct f."""
    exact = {row.lhs for row in rows if row.op == "~~" and row.lhs == row.rhs and row.value == 0}
    alike: dict[str, list[str]] = {}
    for row in rows:
        if row.op == "=~" and row.lhs == construct:
            error = "" if row.rhs in exact else " + ε"
            alike.setdefault(f"{_times(row, 'λ')}{error}", []).append(row.rhs)
    parts = [f"{_short(items)} = {term}" for term, items in alike.items()]
    return "; ".join(parts[:LONG]) + (f"; … and {len(parts) - LONG} more" if len(parts) > LONG else "")


def _short(items: Sequence[str]) -> str:
    return ", ".join(items) if len(items) < 4 else f"{items[0]} … {items[-1]}"


def _regressed(outcome: str, rows: Sequence[Row]) -> str:
    terms = [_times(row, "β") for row in rows if row.op == "~" and row.lhs == outcome]
    shown = [*terms[:LONG], f"… ({len(terms) - LONG} more)"] if len(terms) > LONG else terms
    return f"{outcome} = {' + '.join(shown)} + ζ"


def _times(row: Row, sign: str) -> str:
    """Return a coefficient times what it multiplies: the construct of a loading, the cause of a path."""
    variable = row.lhs if row.op == "=~" else row.rhs
    if row.free:
        return f"{row.label or sign}·{variable}"
    return variable if row.value == 1 else f"{row.value:g}·{variable}"


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"… and {len(lines) - MOST} more"


def counts(spec: ModelSpec, model: Model) -> Mapping[str, int]:
    """Return how many free parameters there are of each kind, and moments, degrees of freedom, effects.

    Equal labels count once; ``==`` constraints, as ``constraints``, take away from the parameters.
    """
    first: dict[int, str] = {}
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if at >= 0 and not model.exogenous[at]:
            first.setdefault(at, _kind(row))
    found = Counter(first.values())
    tied = sum(constraint.op == "==" for constraint in model.constraints)
    return {
        **{kind: found[kind] for kind in KINDS if found[kind]},
        **({"constraints": tied} if tied else {}),
        "parameters": model.npar, "moments": model.npar + model.df, "df": model.df,
        "effects": len(defined_effects(spec)),
    }  # fmt: skip


def _kind(row: Row) -> str:
    same = row.lhs == row.rhs
    kinds = {"=~": "loadings", "~": "paths", "~1": "intercepts", "|": "thresholds"}
    return kinds.get(row.op, "variances" if same else "covariances")
