"""The long table that every kind of description gives: one row per number."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["COLUMNS", "COMPLEMENTARY", "HIDDEN", "PRIMARY", "no_number", "row"]

COLUMNS = (
    "table", "kind", "variable", "category", "group", "wave", "measure",
    "value", "se", "ci_lower", "ci_upper", "n", "status",
)  # fmt: skip
# what status says of a hidden row: of few respondents itself, or hidden so that another stays so
HIDDEN = PRIMARY, COMPLEMENTARY = "suppressed", "suppressed_complementary"


def row(**cells: Any) -> dict[str, Any]:
    """Return one row of the table; what is not given is empty, a number not given NaN, status ``ok``.

    >>> row(table="a", value=0.5)["measure"], row()["status"], list(row()) == list(COLUMNS)
    ('', 'ok', True)
    """
    empty = {name: math.nan if name in ("value", "se", "ci_lower", "ci_upper") else "" for name in COLUMNS}
    return {**empty, "n": 0, "status": "ok", **cells}


def no_number(n: Any) -> bool:
    """Return whether a row says no number of respondents.

    >>> no_number(None), no_number(""), no_number(math.nan), no_number(0)
    (True, True, True, False)
    """
    return n is None or n == "" or math.isnan(float(n))
