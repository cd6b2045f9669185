"""Published betas to compare with, from ``data/published/*.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from werksem.errors import SpecError, did_you_mean

__all__ = ["read_published", "remarks", "unmatched"]

FIELDS = ("lhs", "rhs", "group", "beta", "stars", "certainty", "t", "df")
REMARKS = ("note",)
STARS = ("", "*", "**", "***")


def read_published(path: Path) -> pd.DataFrame:
    """Return published betas: ``lhs, rhs, group, beta, stars, certainty, t, df, n``; NaN where one is lost.

    The file holds ``betas``, a list of mappings with those keys and perhaps a ``note``; ``group`` is
    ``all`` where it is absent; n is the outcome's in ``outcomes``. Raises ``SpecError`` for an
    unreadable file, an unknown key, a beta that is no number or lies outside -2 to 2, a t or df that is
    no number, stars other than ``* ** ***``, and a path given twice.
    """
    content = _content(path)
    entries = content["betas"]
    rows = [_row(entry, f"{path}, beta {number}") for number, entry in enumerate(entries, start=1)]
    table = pd.DataFrame(rows, columns=list(FIELDS))
    table["beta"] = table["beta"].astype(float)
    table["n"] = [_size(content.get("outcomes"), outcome) for outcome in table["lhs"]]
    twice = table[table.duplicated(["lhs", "rhs", "group"])]
    if len(twice):
        first = twice.iloc[0]
        raise SpecError(f"{first.lhs} ~ {first.rhs} (group {first.group}) is given twice", where=str(path))
    return table


def remarks(published: pd.DataFrame, estimates: pd.DataFrame) -> tuple[str, ...]:
    """Return what a reader must know of published betas: paths the model lacks, values the source lacks."""
    lost = int(published["beta"].isna().sum())
    said = [f"published: {path} is not in the model" for path in unmatched(published, estimates)]
    if lost:
        said.append(f"published: {lost} of {len(published)} betas have no value in the source's text")
    return tuple(said)


def unmatched(published: pd.DataFrame, estimates: pd.DataFrame) -> tuple[str, ...]:
    """Return the published paths that the model does not have, as ``lhs ~ rhs``."""
    paths = estimates[estimates["op"] == "~"]
    known = set(zip(paths["lhs"], paths["rhs"], strict=True))
    asked = zip(published["lhs"], published["rhs"], strict=True)
    return tuple(dict.fromkeys(f"{lhs} ~ {rhs}" for lhs, rhs in asked if (lhs, rhs) not in known))


def _content(path: Path) -> dict[str, Any]:
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError("there is no such file with published betas", where=str(path)) from None
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise SpecError(f"cannot read the published betas: {error}", where=str(path)) from None
    if not isinstance(content, dict) or not isinstance(content.get("betas"), list):
        raise SpecError(
            "a file of published betas needs `betas:`, a list of {lhs, rhs, beta}", where=str(path)
        )
    return content


def _size(outcomes: Any, outcome: str) -> float:
    """Return the printed n of an outcome, NaN where there is none."""
    found = outcomes.get(outcome) if isinstance(outcomes, dict) else None
    n = found.get("n") if isinstance(found, dict) else None
    return float(n) if isinstance(n, int | float) and not isinstance(n, bool) else float("nan")


def _row(entry: Any, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict) or not {"lhs", "rhs"} <= set(entry):
        raise SpecError(f"expected {{lhs, rhs, group, beta, stars, certainty}}, found {entry!r}", where=where)
    for key in entry:
        if key not in (*FIELDS, *REMARKS):
            raise SpecError(f"unknown key {key!r}{did_you_mean(str(key), FIELDS)}", where=where)
    stars = str(entry.get("stars") or "")
    if stars not in STARS:
        raise SpecError(f"stars are *, ** or ***, found {stars!r}", where=where)
    return {
        "lhs": str(entry["lhs"]),
        "rhs": str(entry["rhs"]),
        "group": str(entry.get("group") or "all"),
        "beta": _beta(entry.get("beta"), where),
        "stars": stars,
        "certainty": str(entry.get("certainty") or ""),
        "t": _number(entry, "t", where),
        "df": _number(entry, "df", where),
    }


def _number(entry: dict[Any, Any], key: str, where: str) -> float:
    value = entry.get(key)
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise SpecError(f"{key} is a number, found {value!r}", where=where)
    return float(value)


def _beta(value: Any, where: str) -> float:
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 2:
        raise SpecError(
            f"a published beta is a number between -2 and 2, or empty; found {value!r}", where=where
        )
    return float(value)
