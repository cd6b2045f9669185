"""What each verdict on a claim rests on, shown on demand: numbers by method, notes, and the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from werksem.compare.cells import records
from werksem.report.claims import (
    SHOWN,
    claims_of,
    details_of,
    method_name,
    truth_of,
    verdict_word,
)
from werksem.report.folder import Result, labels_of
from werksem.report.numbers import beta, day, number, pvalue
from werksem.report.words import word

__all__ = ["ClaimPage", "claims_hash", "claims_pages", "evidence_said"]

# a statistic of one group, as the evidence has it
OF_GROUP = r"\b((?:mean|mark|sd|share)\([^()]*\)) \[([^\]]*)\]"
# what stands in the evidence for machines, and what readers see
PHRASES = (
    ("P(all)", ("P(alle tegelijk)", "P(all at once)")),
    ("P(this order)", ("P(deze volgorde)", "P(this order)")),
    ("share ", ("aandeel ", "share ")),
    (">= ", ("≥ ", "≥ ")),
    ("<= ", ("≤ ", "≤ ")),
)
LEVELS = ("scores", "latent", "data")
HASH = 12  # characters of a hash that are shown; the manifest has all


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim: its title and sentence, per method the verdict and its evidence, and notes."""

    title: str
    statement: str
    methods: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]


def claims_pages(result: Result) -> tuple[ClaimPage, ...]:
    """Return per claim what decided it, method by method, and what a reader must know."""
    rows, details, truth = claims_of(result), details_of(result), truth_of(result)
    counted = details[details["family"] != ""]["engine"].value_counts()
    counts = {str(engine): int(count) for engine, count in counted.items()}
    found = []
    for (name, statement), part in rows.groupby(["id", "statement"], sort=False):
        by_engine = {str(row["engine"]): row for row in records(part)}
        methods = tuple(_method(by_engine[engine], result) for engine in SHOWN if engine in by_engine)
        own = details[details["id"] == name]
        notes = (*_notes(own, result), *_family(own, counts, result))
        notes = (*notes, *_population(truth[truth["id"] == name], result))
        found.append(ClaimPage(str(name), str(statement), methods, notes))
    return tuple(found)


def _method(row: dict[str, object], result: Result) -> tuple[str, tuple[str, ...]]:
    """Return a method with its verdict, and the parts of its evidence, one by one."""
    labels, language = labels_of(result), result.language
    title = f"{method_name(str(row['engine']), language)}: {verdict_word(str(row['verdict']), result)}"
    parts = str(row["evidence"]).split("; ")
    return title, tuple(evidence_said(text, labels, language) for text in parts)


def _notes(own: pd.DataFrame, result: Result) -> Iterator[str]:
    for row in records(own.head(1)):
        if row["source"]:
            yield word("claims_source", result.language, source=row["source"])
        if row["known_deviation"]:
            yield word("claims_deviation", result.language, text=row["known_deviation"])
        if row["note"]:
            yield row["note"]


def _family(own: pd.DataFrame, counts: dict[str, int], result: Result) -> Iterator[str]:
    """Yield where a verdict does not survive that it is one of many."""
    language = result.language
    for row in records(own):
        if row["family"] and row["family"] != row["verdict"]:
            yield word(
                "claims_family", language, count=counts[row["engine"]],
                engine=method_name(row["engine"], language),
                verdict=verdict_word(row["family"], result), p=pvalue(float(row["pvalue"]), language),
            )  # fmt: skip


def _population(truth: pd.DataFrame, result: Result) -> Iterator[str]:
    """Yield the true values by level, and why levels may differ."""
    labels, language = labels_of(result), result.language
    by_level = {str(row["level"]): row for row in records(truth)}
    for level in LEVELS:
        if level in by_level:
            values = "; ".join(
                evidence_said(text, labels, language) for text in str(by_level[level]["value"]).split("; ")
            )
            yield word("claims_values", language, level=word(f"level {level}", language), values=values)
    said = {level: str(by_level[level]["truth"]) for level in ("scores", "latent") if level in by_level}
    if len(set(said.values())) == 2:
        alpha = _alpha(str(by_level["scores"]["value"]), result)
        words = {level: word(value, language) for level, value in said.items()}
        yield word("claims_differ", language, **words, reliabilities=alpha)


def _alpha(values: str, result: Result) -> str:
    """Return the reliabilities of the scales that a claim is about."""
    table = result.reliability
    named = [str(name) in re.findall(r"\w+", values) for name in table["construct"]]
    alpha = table.loc[named, "alpha"].dropna()
    if alpha.empty:
        return ""
    low, high = (beta(float(value), result.language) for value in (alpha.min(), alpha.max()))
    said = low if low == high else f"{low} – {high}"
    return word("claims_alpha", result.language, alpha=said)


def claims_hash(result: Result) -> str:
    """Return since when claims and thresholds stand as they are, empty for older folders."""
    claims, rules = result.manifest.get("claims", {}), result.manifest.get("claims_rules", {})
    since, language = result.manifest.get("claims_since", {}), result.language
    if not (claims and rules and since):
        return ""
    same = since.get("data", "") == result.manifest.get("data", {}).get("sha256", "")
    return word(
        "claims_hash", language, file=claims["file"], claims=claims["sha256"][:HASH],
        rules=rules["sha256"][:HASH], seen=day(str(since["seen"]), language),
        data=word("claims_same_data" if same else "claims_other_data", language),
    )  # fmt: skip


def evidence_said(text: str, labels: dict[str, str], language: str) -> str:
    """Return a part of the evidence with labels for names and the language's numbers.

    >>> evidence_said("mark(v) 6.9 (95% 6.8 .. 7.0)", {"v": "Veilig"}, "nl")
    'cijfer Veilig 6,9 (95%: 6,8 – 7,0)'
    """

    def path(match: re.Match[str]) -> str:
        lhs, rhs = (labels.get(name, name) for name in match.groups())
        return f"{rhs} → {lhs}"

    def pair(match: re.Match[str]) -> str:
        one, other = (labels.get(name, name) for name in match.groups())
        return f"r({one}, {other})"

    def statistic(match: re.Match[str]) -> str:
        kind, name, bound = match.groups()
        return f"{word(f'kind {kind}', language)} {labels.get(name, name)}{bound}"

    def value(match: re.Match[str]) -> str:
        return _number(match.group(), language)

    named = re.sub(r"(\w+) ~~ (\w+)", pair, _named_once(text))
    named = re.sub(r"(\w+) ~ (\w+)", path, named)
    named = re.sub(r"\b(mean|mark|sd|share)\((\w+)([^()]*)\)", statistic, named)
    spaced = re.sub(r"\((\d+%) (\S+) \.\. (\S+)\)", r"(\1: \2 – \3)", named)
    found = re.sub(r"(?<![\w.])-?\d+\.\d+(?![\w.])", value, spaced)
    for key, words in PHRASES:
        found = found.replace(key, words[language == "en"])
    return found


def _named_once(text: str) -> str:
    """Return evidence on groups with what was measured named once, not with every group.

    >>> _named_once("mean(x) [a] 4.02, mean(x) [b] 3.92; mean(x) [a] - mean(x) [b] 0.10")
    'mean(x): a 4.02, b 3.92; a − b 0.10'
    >>> _named_once("share(x > 3) [a] 0.40")
    'share(x > 3) [a] 0.40'
    """
    last = ""

    def group(match: re.Match[str]) -> str:
        nonlocal last
        same, last = match.group(1) == last, match.group(1)
        return match.group(2) if same else f"{last}: {match.group(2)}"

    if len(re.findall(OF_GROUP, text)) < 2:
        return text
    return re.sub(OF_GROUP, group, re.sub(rf" - (?={OF_GROUP})", " − ", text))


def _number(text: str, language: str) -> str:
    decimals = len(text.partition(".")[2])
    return (beta if abs(float(text)) < 1 else number)(float(text), language, decimals)
