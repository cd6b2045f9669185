"""The beta passport in the report: each path with its rungs, what every step changes, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.passport.records import LEVEL, NOTES, ORDER
from werksem.compare.passport.table import TEXT
from werksem.compare.table import DIFFERENCE
from werksem.report.answer import VERDICT_TONES
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, interval, level_percent
from werksem.report.passport_words import NOTE_WORDS
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import listed, word

__all__ = [
    "chain",
    "outcomes",
    "passport_intro",
    "passport_rows",
    "passport_said",
    "passport_table",
    "rung_name",
    "signed",
]

Row = dict[str, Any]
# a path that changes less than this from one end to the other is said not to change
STILL = 0.01
# a mean step, and a rung aside, smaller than this are not worth a number; a change of 0 in three decimals
SMALL, ROUNDS = 0.005, 0.0005
# rungs beside the ladder that others do not stand on
ASIDE = ("ordinal", "pooled")


def passport_rows(result: Result, group: str = "all") -> pd.DataFrame:
    """Return the passport of one group, rungs without an estimate left out; empty where there is none."""
    table = optional_table(result, "passport.csv", TEXT)
    if "std" not in table:
        return pd.DataFrame(columns=[*TEXT, "std"])
    return table[(table["group"] == group) & table["std"].notna()]


def passport_intro(result: Result) -> str:
    """Return how to read the table, empty where the folder has no passport."""
    rows = passport_rows(result)
    if not len(rows):
        return ""
    known = rows["delta_ci_lower"].notna().any()
    level = level_percent(LEVEL, result.language)
    places = {"level": level, "limit": beta(DIFFERENCE, result.language)}
    return word("passport_intro" if known else "passport_intro_bare", result.language, **places)


def passport_table(result: Result, group: str = "all") -> Table:
    """Return a row per path and a column per rung: its beta, and below it what changed."""
    language, rows = result.language, passport_rows(result, group)
    rungs = [name for name in ORDER if name in set(rows["rung"])]
    apart = _apart(rows, rungs)
    heads = [Column(_head(name, rungs, apart, language), True) for name in rungs]
    columns = (Column(word("predictor", language)), *heads, Column(word("verdict", language)))
    bodies = [
        Body(label_of(result, outcome), tuple(_cells(result, path, rungs, apart) for path in paths))
        for outcome, paths in outcomes(rows)
    ]
    notes = _about(result, rows, rungs)
    return Table(word("passport_caption", language), columns, tuple(bodies), notes, wide=True)


def outcomes(rows: pd.DataFrame) -> list[tuple[str, list[list[Row]]]]:
    """Return each outcome with its paths, each path with its rungs in order."""
    return [
        (str(outcome), [records(path) for _, path in part.groupby("rhs", sort=False)])
        for outcome, part in rows.groupby("lhs", sort=False)
    ]


def rung_name(name: str, rungs: Sequence[str], language: str) -> str:
    """Return what a rung is called; OLS is weighted where there is an unweighted one beside it."""
    weighted = name == "ols" and "ols_unweighted" in rungs
    return word("rung_ols_weighted" if weighted else f"rung_{name}", language)


def _apart(rows: pd.DataFrame, rungs: Sequence[str]) -> dict[str, str]:
    """Return the rungs whose every step starts from one other than the rung before them, with that base."""
    before = dict(zip(rungs[1:], rungs, strict=False))
    bases = {name: set(rows.loc[rows["rung"] == name, "base"]) for name in rungs}
    found = {name: str(next(iter(base))) for name, base in bases.items() if len(base) == 1}
    return {name: base for name, base in found.items() if base and base != before.get(name)}


def _head(name: str, rungs: Sequence[str], apart: Mapping[str, str], language: str) -> str:
    rung = rung_name(name, rungs, language)
    if name not in apart:
        return rung
    return word("passport_head", language, rung=rung, base=rung_name(apart[name], rungs, language))


def _cells(
    result: Result, path: Sequence[Row], rungs: Sequence[str], apart: Mapping[str, str]
) -> tuple[Cell, ...]:
    language, found, shown = result.language, {str(row["rung"]): row for row in path}, []
    last = ""
    for name in rungs:
        row = found.get(name)
        if row is None:
            shown.append(Cell("", tone="quiet"))
            continue
        change = _change(row, apart.get(name, last), rungs, language)
        shown.append(Cell(beta(row["std"], language), change, tone=_tone(row)))
        last = name
    said = str(path[0]["verdict"])
    verdict = Cell(word(said, language) if said else "", tone=VERDICT_TONES.get(said, ""))
    return (Cell(label_of(result, str(path[0]["rhs"]))), *shown, verdict)


def _change(row: Row, last: str, rungs: Sequence[str], language: str) -> str:
    """Return a step's change, in brackets where its interval has 0; with its base where not beside it."""
    if not row["base"]:
        return ""
    text = signed(row["delta"], language)
    if row["delta_ci_lower"] <= 0 <= row["delta_ci_upper"]:
        text = f"({text})"
    if row["base"] != last:
        base = rung_name(str(row["base"]), rungs, language).replace("\xad", "")
        return word("passport_against", language, delta=text, base=base)
    return text


def signed(value: float, language: str) -> str:
    """Return a change with its sign and three decimals, 0 where it rounds to that.

    >>> signed(0.0152, "nl"), signed(-0.0152, "en"), signed(0.0004, "nl")
    ('+,015', '−.015', '0')
    """
    if abs(value) < ROUNDS:
        return "0"
    return ("+" if value > 0 else "") + beta(value, language, 3)


def _tone(row: Row) -> str:
    return "strong" if row["flag"] else ""


def _about(result: Result, rows: pd.DataFrame, rungs: Sequence[str]) -> tuple[str, ...]:
    """Return what each rung is, and the table's remarks."""
    language = result.language
    told = [word(f"about_{name}", language) for name in rungs if name != "ols" and _told(name, rungs)]
    every = optional_table(result, "passport.csv", TEXT)
    notes = set(every.loc[every["group"] == "all", "note"])
    if NOTES["probit"] in notes:
        told.append(word("about_probit", language))
    for key, text in NOTES.items():
        if text in notes and key in NOTE_WORDS:
            said = NOTE_WORDS[key] if language == "nl" else text
            told.append(f"! {said[0].upper()}{said[1:]}.")
    return (
        " ".join(told[:-1] if told and told[-1].startswith("!") else told),
        *[t for t in told if t.startswith("!")],
    )


def _told(name: str, rungs: Sequence[str]) -> bool:
    """Return whether a rung is explained: an end of a step that the table has."""
    return name not in ("published", "ols_unweighted") or len(rungs) > 1


def chain(path: Sequence[Row]) -> list[Row]:
    """Return the rungs of a path that stand on one another, from the first on; steps aside are left out.

    >>> rungs = [("ols", ""), ("sem", "ols"), ("pooled", "ols")]
    >>> [row["rung"] for row in chain([{"rung": rung, "base": base} for rung, base in rungs])]
    ['ols', 'sem']
    """
    found = list(path[:1])
    for row in path[1:]:
        if row["base"] == found[-1]["rung"] and row["rung"] not in ASIDE:
            found.append(row)
    return found


def passport_said(result: Result) -> tuple[str, ...]:
    """Return what changes beta most over all paths, then a sentence per outcome.

    Of an outcome: the path that changes most from the first rung to the SEM and why, and what the rungs
    aside (ordered categories, the posterior) change at most.
    """
    rows = passport_rows(result)
    if not len(rows):
        return ()
    lead = _lead(result, rows)
    told = (_sentence(result, outcome, paths) for outcome, paths in outcomes(rows))
    return (*([lead] if lead else []), *filter(None, told))


def _lead(result: Result, rows: pd.DataFrame) -> str:
    """Return the causes by the mean size of their steps, largest first; those below .005 in one breath."""
    # probit betas are on another scale
    language, steps = result.language, rows[rows["delta"].notna() & (rows["note"] != NOTES["probit"])]
    sizes = steps["delta"].abs().groupby(steps["explains"]).mean().sort_values(ascending=False)
    if sizes.empty:
        return ""
    paths, limit = len(steps.groupby(["lhs", "rhs"], sort=False)), beta(SMALL, language, 3)
    named = [
        word("passport_by", language, size=beta(v, language, 3), what=_causes(str(k), language))
        for k, v in sizes.items() if v >= SMALL
    ]  # fmt: skip
    one = "_one" if paths == 1 else ""
    if not named:
        return word(f"passport_same{one}", language, paths=paths, limit=limit)
    small = [_causes(str(k), language) for k, v in sizes.items() if v < SMALL]
    less = [word("passport_less", language, what=listed(small, language), limit=limit)] if small else []
    return word(f"passport_lead{one}", language, paths=paths, what="; ".join([*named, *less]))


def _sentence(result: Result, outcome: str, paths: Sequence[list[Row]]) -> str:
    language = result.language
    most = max(paths, key=lambda path: abs(chain(path)[-1]["std"] - chain(path)[0]["std"]))
    steps, rungs = chain(most), [str(row["rung"]) for row in most]
    aside = _asides(result, paths, rungs)
    name = label_of(result, outcome)
    if len(steps) < 2:
        return f"{name}:{aside}" if aside else ""
    total = steps[-1]["std"] - steps[0]["std"]
    ends = {
        "outcome": name,
        "first": _plain(steps[0], rungs, language),
        "last": _plain(steps[-1], rungs, language),
    }
    if abs(total) < STILL:
        return word("passport_all_still", language, limit=beta(STILL, language), **ends) + aside
    said = word(
        "passport_most", language, predictor=label_of(result, str(most[0]["rhs"])),
        before=beta(steps[0]["std"], language), after=beta(steps[-1]["std"], language),
        parts=_parts(steps[1:], language), **ends,
    )  # fmt: skip
    return said + aside


def _plain(row: Row, rungs: Sequence[str], language: str) -> str:
    return rung_name(str(row["rung"]), rungs, language).replace("\xad", "")


def _parts(steps: Sequence[Row], language: str) -> str:
    """Return the steps' changes with their intervals and causes, largest first, without those that are 0."""
    shown = sorted((row for row in steps if abs(row["delta"]) >= ROUNDS), key=lambda row: -abs(row["delta"]))
    parts = (
        word(
            "passport_part",
            language,
            delta=_with_limits(row, language),
            what=_causes(row["explains"], language),
        )
        for row in shown
    )
    return ", ".join(parts)


def _causes(explains: str, language: str) -> str:
    return " + ".join(word(f"explains_{part}", language) for part in explains.split("+"))


def _with_limits(row: Row, language: str) -> str:
    limits = interval(row["delta_ci_lower"], row["delta_ci_upper"], language, 3)
    return f"{signed(row['delta'], language)} {limits}".strip()


def _asides(result: Result, paths: Sequence[list[Row]], rungs: Sequence[str]) -> str:
    """Return the largest change that each rung aside makes, where that is worth a word."""
    language, said = result.language, ""
    for name in ASIDE:
        rows = [row for path in paths for row in path if row["rung"] == name and row["base"]]
        rows = [row for row in rows if row["note"] != NOTES["probit"]]
        row = max(rows, key=lambda one: abs(one["delta"]), default=None)
        if row is not None and abs(row["delta"]) >= SMALL:
            said += word(
                "passport_aside", language, rung=_plain(row, rungs, language),
                delta=_with_limits(row, language), predictor=label_of(result, str(row["rhs"])),
                base=rung_name(str(row["base"]), rungs, language).replace("\xad", ""),
            )  # fmt: skip
    return said
