"""How a report may speak: of association in a cross-section, of effects where the design bears it."""

from __future__ import annotations

from werksem.report.folder import Result
from werksem.report.words import word

__all__ = ["design_word", "effects_heading"]


def design_word(result: Result, key: str, **values: object) -> str:
    """Return a word or sentence as the study's ``design`` allows.

    A cross-section, the default, has the plain key; a panel and an experiment have their own,
    ``KEY_panel`` and ``KEY_experiment``.
    """
    design = str(result.study.get("design") or "cross-section")
    name = key if design == "cross-section" else f"{key}_{design}"
    return word(name, result.language, **values)


def effects_heading(result: Result) -> str:
    """Return the heading of the section on defined effects: routes, or the user's formulas alone."""
    rows = result.estimates[result.estimates["op"] == ":="]
    routes = rows["lhs"].astype(str).str.contains(" -> ", regex=False)
    if len(rows) and not routes.any():
        return word("formulas", result.language)
    return design_word(result, "effects")
