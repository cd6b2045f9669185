"""Variables that follow exactly from others: copies, sums, dummies that add up to one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["exact_copy", "exact_dependence"]

# share of a variance that others leave unexplained; rounding leaves 1e-14 in single precision
UNEXPLAINED = 1e-10
# respondents with both answers, of whom the same answers throughout are no chance
FEWEST = 20
CHUNK = 100_000

Array = NDArray[np.float64]


def exact_dependence(rows: Array, names: Sequence[str]) -> str | None:
    """Return in words which variable follows exactly from the ones before it, None where none does.

    ``rows`` (n, p) are complete, n > p and no column is constant.

    >>> x = np.random.default_rng(1).integers(1, 6, (50, 2)).astype(float)
    >>> exact_dependence(np.column_stack([x, x.sum(axis=1)]), ["a", "b", "total"])
    '"total" is exactly a + b'
    >>> exact_dependence(x[:, [0, 0]], ["a", "again"])
    '"again" is an exact copy of "a"'
    """
    mean, sd = rows.mean(axis=0), rows.std(axis=0)
    scaled = (rows - mean) / sd
    R = scaled.T @ scaled / len(rows)
    if np.linalg.eigvalsh(R)[0] > UNEXPLAINED:
        return None
    for j in range(1, len(names)):
        # the variables before j are independent, else the loop had ended with one of them
        beta = np.linalg.solve(R[:j, :j], R[:j, j])
        if 1 - beta @ R[:j, j] < UNEXPLAINED:
            b = beta * sd[j] / sd[:j]
            return f'"{names[j]}" is {_in_words(b, mean[j] - b @ mean[:j], names[:j])}'
    return None


def exact_copy(rows: Array, names: Sequence[str]) -> str | None:
    """Return in words which variable copies an earlier one wherever both are answered, None where none does.

    ``rows`` (n, p) may have blanks (NaN). Fewer than ``FEWEST`` respondents with both answers are too few to
    say, and so is one answer that all of them gave.

    >>> x = np.random.default_rng(1).integers(1, 6, (50, 2)).astype(float)
    >>> again = np.where(np.arange(50) % 3 > 0, x[:, 0], np.nan)
    >>> exact_copy(np.column_stack([x, again]), ["a", "b", "again"])
    '"again" is an exact copy of "a"'
    """
    p = rows.shape[1]
    squares, products = np.zeros((p, p)), np.zeros((p, p))
    centre = np.nanmean(rows)
    for first in range(0, len(rows), CHUNK):
        part = rows[first : first + CHUNK]
        seen = ~np.isnan(part)
        filled = np.where(seen, part - centre, 0.0)
        squares += (filled**2).T @ seen
        products += filled.T @ filled
    # sum of (a - b)² over those who answered both, beside what rounding leaves of it
    apart, size = squares + squares.T - 2 * products, squares + squares.T
    for a, b in np.argwhere(np.triu(apart <= UNEXPLAINED * size, 1)):
        one, other = rows[:, a], rows[:, b]
        both = ~np.isnan(one) & ~np.isnan(other)
        if both.sum() >= FEWEST and (one[both] == other[both]).all() and np.ptp(one[both]) > 0:
            return f'"{names[b]}" is an exact copy of "{names[a]}"'
    return None


def _in_words(b: Array, constant: float, names: Sequence[str]) -> str:
    used = [(value, name) for value, name in zip(b.round(4), names, strict=True) if value]
    if [value for value, _ in used] == [1] and abs(constant) < 1e-6:
        return f'an exact copy of "{used[0][1]}"'
    terms = [_term(value, name) for value, name in used]
    if abs(constant) > 1e-6:
        terms.append(f"{constant:+.6g}".replace("+", "+ ").replace("-", "- "))
    return "exactly " + " ".join(terms).removeprefix("+ ")


def _term(value: float, name: str) -> str:
    size = "" if abs(value) == 1 else f"{abs(value):g}*"
    return f"{'-' if value < 0 else '+'} {size}{name}"
