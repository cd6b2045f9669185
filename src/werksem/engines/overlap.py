"""Predictors that are hard to tell apart: which pairs, and what stands beside their single paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from werksem.engines.blocks import Blocks, sem_blocks
from werksem.engines.quality import DISCRIMINANT
from werksem.engines.sem import SemResult
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import Equation, ModelSpec

__all__ = ["joint_blocks", "overlap_blocks", "overlap_warnings", "overlapping"]

Pair = tuple[str, str, float]


def joint_blocks(
    study: Study, spec: ModelSpec, sem: SemResult, htmt: pd.DataFrame, before: pd.DataFrame | None
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Return ``blocks.csv``, the SEM's rows below OLS's, and warnings of predictors that overlap.

    None where the study has no blocks and no predictors overlap.
    """
    regressions = equations(spec)
    found = overlapping(regressions, htmt)
    blocks = overlap_blocks(found, study.blocks)
    if not blocks:
        return before, ()
    tested = sem_blocks(regressions, sem, blocks)
    parts = [part for part in (before, tested) if part is not None and len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else tested
    return table, tuple(overlap_warnings(found, blocks, tested))


def overlapping(regressions: Sequence[Equation], htmt: pd.DataFrame) -> dict[str, tuple[Pair, ...]]:
    """Return per outcome the pairs of its predictors whose HTMT is .85 or more in any group.

    Henseler, Ringle & Sarstedt (2015): above it two constructs do not count as distinct.

    >>> found = pd.DataFrame({"lhs": ["a", "a"], "rhs": ["b", "c"], "htmt": [0.9, 0.3]})
    >>> overlapping([Equation("y", ("a", "b", "c"), ("a", "b", "c"))], found)
    {'y': (('a', 'b', 0.9),)}
    """
    high: dict[tuple[str, str], float] = {}
    for row in htmt[htmt["htmt"] >= DISCRIMINANT].to_dict("records"):
        pair = str(row["lhs"]), str(row["rhs"])
        high[pair] = max(high.get(pair, 0.0), float(row["htmt"]))
    found: dict[str, tuple[Pair, ...]] = {}
    for equation in regressions:
        inside = set(equation.predictors)
        pairs = tuple((a, b, value) for (a, b), value in high.items() if {a, b} <= inside)
        if pairs:
            found[equation.outcome] = pairs
    return found


def overlap_blocks(found: dict[str, tuple[Pair, ...]], given: Blocks) -> dict[str, tuple[str, ...]]:
    """Return the study's blocks, and one per cluster of overlapping predictors that no block holds.

    >>> overlap_blocks({"y": (("a", "b", 0.9), ("b", "c", 0.9))}, {"x": ("d", "e")})
    {'x': ('d', 'e'), 'a + b + c': ('a', 'b', 'c')}
    """
    clusters: list[list[str]] = []
    for a, b in dict.fromkeys((a, b) for pairs in found.values() for a, b, _ in pairs):
        touching = [cluster for cluster in clusters if a in cluster or b in cluster]
        clusters = [cluster for cluster in clusters if cluster not in touching]
        clusters.append(list(dict.fromkeys([*(name for part in touching for name in part), a, b])))
    blocks = {name: tuple(names) for name, names in given.items()}
    for cluster in clusters:
        if not any(set(cluster) <= set(names) for names in blocks.values()):
            blocks[" + ".join(cluster)] = tuple(cluster)
    return blocks


def overlap_warnings(
    found: dict[str, tuple[Pair, ...]], blocks: Blocks, tested: pd.DataFrame
) -> Iterator[str]:
    """Yield a sentence per overlapping pair and outcome: HTMT, the joint test, the alternative."""
    for outcome, pairs in found.items():
        for a, b, value in pairs:
            block = next((name for name, names in blocks.items() if {a, b} <= set(names)), "")
            row = tested[(tested["outcome"] == outcome) & (tested["block"] == block)].head(1)
            joint = _said(block, row["delta_r2"].iloc[0], row["pvalue"].iloc[0]) if len(row) else "untested"
            yield (
                f"overlap: {a}, {b} are hard to tell apart as predictors of {outcome} (HTMT {value:.2f}); "
                f"{joint}; fit a model with one common factor beside this one"
            )


def _said(block: str, added: float, p: float) -> str:
    said = "<0.001" if p < 0.0005 else f"{p:.3f}"
    return f"together ({block}) they add {added:.3f} to R2, p {said}"
