"""The claims in the report: how many hold, each verdict by method, and the numbers they rest on."""

from __future__ import annotations

import re

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.verdicts import CONFIRMED, REFUTED, THRESHOLDS, UNDECIDED
from werksem.report.folder import Result, labels_of, optional_table
from werksem.report.numbers import beta, number
from werksem.report.table import Body, Cell, Column, Table
from werksem.report.words import engine_name, word

__all__ = ["claims_said", "claims_table", "claims_why", "verdict_word"]

TONES = {CONFIRMED: "good", REFUTED: "bad", UNDECIDED: "quiet"}
TEXT = ("id", "statement", "engine", "verdict", "evidence")
# the verdicts counted first are those of the engine that can test most
COUNTED = ("bayes", "bootstrap", "sem", "ols", "data", "")

# what stands in the evidence for machines, and what readers see
PHRASES = (
    ("P(all)", ("P(alle tegelijk)", "P(all at once)")),
    ("P(this order)", ("P(deze volgorde)", "P(this order)")),
    ("share ", ("aandeel ", "share ")),
)


def _claims(result: Result) -> pd.DataFrame:
    return optional_table(result, "claims.csv", TEXT)


def verdict_word(verdict: str, result: Result) -> str:
    """Return a verdict in the report's words; of synthetic data, whether the claim was found back."""
    return word(f"synthetic {verdict}" if result.manifest.get("synthetic") else verdict, result.language)


def claims_said(result: Result) -> str:
    """Return the answer in one sentence, empty without claims."""
    rows = _claims(result)
    engine = next((name for name in COUNTED if (rows["engine"] == name).any()), None)
    if engine is None:
        return ""
    verdicts = rows[rows["engine"] == engine]["verdict"]
    language = result.language
    said = {CONFIRMED: "yes", REFUTED: "no", UNDECIDED: "open"}
    return word(
        "claims_said", language, count=len(verdicts), engine=_by(engine, language),
        confirmed=int((verdicts == CONFIRMED).sum()), refuted=int((verdicts == REFUTED).sum()),
        undecided=int((verdicts == UNDECIDED).sum()),
        **{place: verdict_word(verdict, result) for verdict, place in said.items()},
    )  # fmt: skip


def _by(engine: str, language: str) -> str:
    return word({"bayes": "by_bayes", "data": "by_data"}.get(engine, engine or "no_engine"), language)


def _name(engine: str, language: str) -> str:
    if engine in ("data", ""):
        return word("data_engine" if engine else "no_engine", language)
    return engine_name(engine, language)


def claims_table(result: Result) -> Table:
    """Return claims as rows and the engines that test them as columns."""
    rows, language = _claims(result), result.language
    engines = [name for name in COUNTED if (rows["engine"] == name).any()]
    columns = (Column(word("claim", language)), *(Column(_name(engine, language)) for engine in engines))
    body = []
    for (name, statement), part in rows.groupby(["id", "statement"], sort=False):
        verdicts = dict(zip(part["engine"], part["verdict"], strict=True))
        cells = [_verdict(verdicts.get(engine, ""), result) for engine in engines]
        body.append((Cell(str(statement), str(name)), *cells))
    places = {"yes": verdict_word(CONFIRMED, result), "order": beta(THRESHOLDS.order, language)}
    notes = (word("claims_note", language, **places),)
    bodies = (Body("", tuple(body)),) if body else ()
    return Table(word("claims_caption", language), columns, bodies, notes, wide=True)


def _verdict(verdict: str, result: Result) -> Cell:
    return Cell(verdict_word(verdict, result), tone=TONES[verdict]) if verdict in TONES else Cell()


def claims_why(result: Result) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return per claim what decided it: id and engine, then the parts of the evidence, one by one."""
    labels, language, found = labels_of(result), result.language, []
    for name, part in _claims(result).groupby("id", sort=False):
        by_engine = {str(row["engine"]): row for row in records(part)}
        engine = next(engine for engine in COUNTED if engine in by_engine)
        parts = str(by_engine[engine]["evidence"]).split("; ")
        title = f"{name} · {_name(engine, language)}"
        found.append((title, tuple(_readable(text, labels, language) for text in parts)))
    return tuple(found)


def _readable(text: str, labels: dict[str, str], language: str) -> str:
    """Return a part of the evidence with labels for names and the language's numbers."""

    def path(match: re.Match[str]) -> str:
        lhs, rhs = (labels.get(name, name) for name in match.groups())
        return f"{rhs} → {lhs}"

    def value(match: re.Match[str]) -> str:
        return _number(match.group(), language)

    named = re.sub(r"(\w+) ~ (\w+)", path, text)
    spaced = re.sub(r"\((\d+%) (\S+) \.\. (\S+)\)", r"(\1: \2 – \3)", named)
    found = re.sub(r"(?<![\w.])-?\d+\.\d+(?![\w.])", value, spaced)
    for key, words in PHRASES:
        found = found.replace(key, words[language == "en"])
    return found


def _number(text: str, language: str) -> str:
    decimals = len(text.partition(".")[2])
    return (beta if abs(float(text)) < 1 else number)(float(text), language, decimals)
