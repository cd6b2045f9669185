"""``data.moments`` as names and a full correlation matrix."""

from __future__ import annotations

from collections.abc import Callable

from werksem.errors import SpecError, did_you_mean
from werksem.spec.study import MomentsInput
from werksem.spec.yaml import Loc

__all__ = ["correlation_matrix"]

Where = Callable[[Loc], str]


def correlation_matrix(
    section: MomentsInput, where: Where = lambda loc: ""
) -> tuple[tuple[str, ...], list[list[float]]]:
    """Return the names and the full symmetric matrix of ``data.moments.correlation``.

    Raises ``SpecError`` for rows of the wrong length, names that are not there, two values of one
    correlation that differ, a diagonal that is not 1, values beyond -1 … 1, or missing pairs.

    >>> from werksem.spec.study import MomentsInput
    >>> correlation_matrix(MomentsInput(n=50, correlation={"y": [], "x": [0.3]}))
    (('y', 'x'), [[1.0, 0.3], [0.3, 1.0]])
    """
    names = tuple(section.correlation)
    found: dict[tuple[str, str], float] = {}
    for row, name in enumerate(names):
        for other, value in _pairs(section, names, row, where):
            _note(found, name, other, value, where(("correlation", name)))
    for key, given in (("sd", section.sd), ("mean", section.mean)):
        for name in given or ():
            if name not in names:
                message = f'{key}: "{name}" is not among the correlations{did_you_mean(name, names)}'
                raise SpecError(message, where=where((key, name)))
    matrix = [[1.0] * len(names) for _ in names]
    for i, name in enumerate(names):
        for j, other in enumerate(names[:i]):
            if (name, other) not in found:
                message = f'the correlation of "{name}" and "{other}" is missing'
                raise SpecError(message, where=where(("correlation", name)))
            matrix[i][j] = matrix[j][i] = found[name, other]
    return names, matrix


def _pairs(section: MomentsInput, names: tuple[str, ...], row: int, where: Where) -> list[tuple[str, float]]:
    name = names[row]
    given = section.correlation[name]
    if isinstance(given, list):
        if len(given) not in (row, row + 1, len(names)):
            message = (
                f'correlation: "{name}" has {len(given)} numbers, right are {row} (below the diagonal), '
                f"{row + 1} (with it) or {len(names)} (the full row)"
            )
            raise SpecError(message, where=where(("correlation", name)))
        return list(zip(names, given, strict=False))
    for other in given:
        if other not in names:
            message = f'correlation: "{other}" has no row of its own{did_you_mean(other, names)}'
            raise SpecError(message, where=where(("correlation", name, other)))
    return list(given.items())


def _note(found: dict[tuple[str, str], float], name: str, other: str, value: float, where: str) -> None:
    if name == other:
        if value != 1:
            raise SpecError(f'correlation: "{name}" with itself is {value:g}, right is 1', where=where)
        return
    if not -1 <= value <= 1:
        raise SpecError(
            f'correlation: "{name}" and "{other}": {value:g} is not between -1 and 1', where=where
        )
    if found.setdefault((other, name), value) != value:
        message = f'correlation: "{name}" and "{other}" are given as {found[other, name]:g} and {value:g}'
        raise SpecError(message, where=where)
    found[name, other] = value
