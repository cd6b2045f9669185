"""Numbers of descriptive tables as readers see them: half-up, whole percents, marks with one decimal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from werksem.describe.plain_cells import SHARES
from werksem.describe.rounding import half_up
from werksem.describe.table import HIDDEN
from werksem.report.described.folder import Described, value_label
from werksem.report.described.words import SAID, said
from werksem.report.numbers import count, number, pvalue
from werksem.report.table import Cell

__all__ = ["category_label", "cell", "count_cell", "one_in", "percent", "points", "shown"]

DECIMALS = {"mark": 1, "score": 0, "mean": 2, "sd": 2, "rank": 0, "break": 0, "slope": 3}
# "1 in 5" is said of shares this near to 1/5
NEAR = 0.005


def percent(share: float, language: str) -> str:
    """Return a share in whole percents, halves up.

    >>> percent(0.625, "nl"), percent(0.0049, "en")
    ('63%', '0%')
    """
    return f"{number(half_up(100 * share), language, 0)}%" if math.isfinite(share) else ""


def one_in(share: float, language: str) -> str:
    """Return a share as the nearest "1 in k", with "over" or "nearly" where it is half a percent or more off.

    >>> one_in(0.143, "nl"), one_in(0.22, "nl"), one_in(0.24, "en"), one_in(0.97, "nl")
    ('1 op 7', 'ruim 1 op 5', 'nearly 1 in 4', 'bijna iedereen')
    """
    if not (math.isfinite(share) and share > 0):
        return ""
    k = min((int(1 / share), int(1 / share) + 1), key=lambda k: abs(share - 1 / k))
    if k == 1:
        return ("bijna " if language == "nl" else "nearly ") + said("everyone", language)
    away = share - 1 / k
    key = "1 in k" if abs(away) < NEAR else "over 1 in k" if away > 0 else "nearly 1 in k"
    return said(key, language, k=count(k, language))


def shown(measure: str, value: float, language: str) -> str:
    """Return a number of a measure as text, empty where there is none."""
    if not math.isfinite(value):
        return ""
    if measure in SHARES:
        return percent(value, language)
    if measure in ("p", "p_holm", "equivalence"):
        return pvalue(value, language)
    decimals = DECIMALS.get(measure, 2)
    return number(half_up(value, decimals), language, decimals)


def cell(row: Mapping[str, Any] | None, language: str, *, interval: bool = True) -> Cell:
    """Return a row's number with its interval below it, a dot where it is hidden."""
    if row is None:
        return Cell()
    if row["status"] in HIDDEN:
        return Cell("·", tone="quiet")
    measure = str(row["measure"])
    if measure == "one_in":
        return Cell(one_in(1 / row["value"], language))
    return Cell(shown(measure, row["value"], language), _interval(row, language) if interval else "")


def points(row: Mapping[str, Any], language: str) -> Cell:
    """Return a difference of shares in points of percent, its interval below it, a dot where it is hidden.

    >>> found = points({"status": "ok", "value": -0.158, "ci_lower": -0.1804, "ci_upper": -0.13}, "nl")
    >>> found.text, found.sub
    ('−15,8 pp', '−18,0 – −13,0')
    """
    if row["status"] in HIDDEN:
        return Cell("·", tone="quiet")
    texts = [
        number(half_up(100 * row[key], 1), language, 1) if math.isfinite(row[key]) else ""
        for key in ("value", "ci_lower", "ci_upper")
    ]
    main = said("points_short", language, number=texts[0]) if texts[0] else ""
    return Cell(main, f"{texts[1]} – {texts[2]}" if texts[1] and texts[2] else "")


def _interval(row: Mapping[str, Any], language: str) -> str:
    """Return the limits as 14–16%, or with blanks where one is negative; empty where there are none."""
    low, high = (shown(str(row["measure"]), row[end], language) for end in ("ci_lower", "ci_upper"))
    if not (low and high):
        return ""
    return f"{low.removesuffix('%')}{' – ' if '−' in low + high else '–'}{high}"


def count_cell(rows: Sequence[Mapping[str, Any]], language: str) -> Cell:
    """Return the largest n of rows, a dot where all are hidden."""
    sizes = [row["n"] for row in rows if row["status"] not in HIDDEN and math.isfinite(row["n"])]
    return Cell(count(max(sizes), language)) if sizes else Cell("·" if rows else "", tone="quiet")


def category_label(found: Described, table: Mapping[str, Any], variable: str, category: str) -> str:
    """Return what a category is called: an answer by the codebook, classes and bounds in words."""
    language, kind = found.language, str(table["kind"])
    if kind in ("three_way", "top2", "items") and category in ("high", "top2", "low"):
        return _ends(found, variable, category) or said(category, language)
    if kind == "three_way" and category == "middle":
        return value_label(found, variable, "3") or said("middle", language)
    if category in SAID:
        return said(category, language)
    return value_label(found, variable, category) or _bounds(category, language)


def _ends(found: Described, variable: str, category: str) -> str:
    """Return the two highest or lowest answers in one, as (zeer) tevreden; empty without labels."""
    codes = sorted(found.manifest.get("values", {}).get(variable, {}), key=_numeric)
    codes = [code for code in codes if code in ("1", "2", "3", "4", "5", "6", "7")]
    if len(codes) < 4:
        return ""
    mild, strong = (codes[1], codes[0]) if category == "low" else (codes[-2], codes[-1])
    weak, full = value_label(found, variable, mild), value_label(found, variable, strong)
    if weak and full.endswith(f" {weak}"):
        return f"({full.removesuffix(weak).strip()}) {weak}"
    return f"{weak} {said('or', found.language)} {full}" if weak and full else ""


def _numeric(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return math.inf


def _bounds(category: str, language: str) -> str:
    """Return a class such as ``2.5 - 3.5`` or ``< 3`` in words, other text as it is."""
    words = category.split(" ")
    if len(words) == 2 and words[0] in ("<", "<=", ">"):
        key = {"<": "below", "<=": "at_most", ">": "above"}[words[0]]
        return said(key, language, bound=_plain(words[1], language))
    if len(words) == 3 and words[1] == "-":
        return said("over_to", language, low=_plain(words[0], language), high=_plain(words[2], language))
    return category


def _plain(text: str, language: str) -> str:
    return text.replace(".", ",") if language == "nl" else text
