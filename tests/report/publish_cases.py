"""Folders and tables that the tests of published tables share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from fake_result import make_result

from werksem.report.publish.gather import publication
from werksem.report.publish.publication import Publication, named
from werksem.report.table import Body, Cell, Column, Table


def folder_with_scales(
    place: Path, kind: str = "binding", language: str = "nl", *, synthetic: bool = True
) -> Path:
    """Return a result folder with the tables of scale means."""
    folder = make_result(place, kind, language, synthetic)
    scales = [("veilig", 1204, 3.6641, 0.7213, 1, 5), ("wendbaar", 1199, 2.95, 0.744, 1, 5),
              ("tevredenheid_org", 1201, 3.68, 0.931, 1, 5)]  # fmt: skip
    pairs = [("wendbaar", "veilig", 1190, 0.472, 0.03, 40, 0.00000001, "design"),
             ("tevredenheid_org", "veilig", 1188, -0.062, 0.03, 40, 0.05, "design"),
             ("tevredenheid_org", "wendbaar", 1187, 0.0048, 0.03, 40, 0.0501, "design")]  # fmt: skip
    pd.DataFrame(scales, columns=["scale", "n", "mean", "sd", "min", "max"]).to_csv(
        folder / "scales.csv", index=False
    )
    pd.DataFrame(pairs, columns=["lhs", "rhs", "n", "r", "se", "df", "pvalue", "method"]).to_csv(
        folder / "correlations.csv", index=False
    )
    return folder


def published(place: Path, **options: str) -> Publication:
    return publication(folder_with_scales(place, **options))


AWKWARD = "50% van A&B_1 #2 $x^2 ~{a} \\b \"q\" 'r' <i> |p| `c` *s* −,05 χ² β ≥ → é"


def awkward(language: str = "nl", columns: int = 3) -> Publication:
    """Return a publication whose every text holds what some format reads as a command."""
    numbers = [Cell("−,05", "[−,11; ,01]", "***"), Cell("1.234,5", tone="warn")]
    row = (Cell(AWKWARD, "=SUM(A1)"), *(numbers * columns)[: columns - 1])
    heads = (Column(AWKWARD), *(Column(f"={at}", True, True) for at in range(1, columns)))
    other = (Cell("[x]"), *(Cell() for _ in range(columns - 1)))
    bodies = (Body(AWKWARD, (row, other)), Body("", ((Cell("+n\x00"), *row[1:]),)))
    tables = named([("Awk ward", Table(AWKWARD, heads, bodies, (AWKWARD,)))])
    return Publication(
        language, AWKWARD, AWKWARD, "Banner & co", "2026-11-21T09:30:00+00:00", (AWKWARD,), tables
    )
