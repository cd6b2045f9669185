"""What kinds of interval, paths and variables are called on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werksem.calibrate.words import SAID, said
from werksem.report.words import engine_name

__all__ = ["kind_name", "label", "path_name"]

ONE_STEP = "one-step "


def kind_name(engine: str, kind: str, language: str) -> str:
    """Return what a kind of interval is called.

    >>> kind_name("ols", "cluster", "en"), kind_name("bootstrap", "one-step bca", "nl")
    ('OLS, by cluster', 'Bootstrap, bca, één stap')
    """
    plain = kind.removeprefix(ONE_STEP)
    name = said(plain, language) if plain in SAID else plain
    name = said("one-step", language, kind=name) if kind.startswith(ONE_STEP) else name
    return f"{engine_name(engine, language)}, {name}"


def label(manifest: Mapping[str, Any], name: str, language: str) -> str:
    """Return the label of a variable in the page's language, else its name."""
    found = manifest.get("model", {}).get("labels", {}).get(name, {})
    return str(found.get(language) or name)


def path_name(manifest: Mapping[str, Any], row: Mapping[str, Any], language: str) -> str:
    """Return a path as predictor → outcome; an effect's own name, with the labels along its route."""
    if row["op"] == "~":
        return f"{label(manifest, str(row['rhs']), language)} → {label(manifest, str(row['lhs']), language)}"
    steps = str(row["lhs"]).split(" -> ")
    return " → ".join(label(manifest, step, language) for step in steps)
