"""The first screen: a sentence or two per outcome, made from the numbers and from no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werksem.compare.verdicts import THRESHOLDS
from werksem.report.folder import Result, label_of, optional_table
from werksem.report.numbers import beta, interval, level_percent, number, percent
from werksem.report.sized import OutcomePaths, SizedPath, outcomes_of
from werksem.report.words import group_name, listed, word

__all__ = ["Finding", "findings", "sizes_said", "titled"]

# paths that are named one by one in a sentence; what comes after is counted
NAMED = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome and what goes with it, in sentences."""

    title: str
    text: str


def findings(result: Result) -> tuple[Finding, ...]:
    """Return what each outcome goes with most, what comes next, what does not matter, and what is unsure."""
    return tuple(Finding(titled(result, one), _text(result, one)) for one in outcomes_of(result))


def titled(result: Result, one: OutcomePaths) -> str:
    """Return an outcome's label, with its group where groups are estimated by themselves."""
    label = label_of(result, one.outcome)
    return label if one.group == "all" else f"{label} · {group_name(one.group, result.language)}"


def sizes_said(result: Result) -> str:
    """Return what strong, small and negligible mean here."""
    at, language = THRESHOLDS, result.language
    places = {"strong": beta(at.strong, language), "small": beta(at.small, language)}
    return word("sizes_said", language, rope=beta(at.rope, language), **places)


def _text(result: Result, one: OutcomePaths) -> str:
    language = result.language
    matters = [path for path in one.paths if path.matters]
    parts = {size: [p for p in one.paths if p.size == size] for size in ("negligible", "unsure")}
    rope = beta(THRESHOLDS.rope, language)
    tied, said = _tied(matters), []
    if matters:
        rivalled = _rivalled(one.paths, matters[0])
        said = [_top(result, one, matters[0], alone=rivalled), *_points(result, one, matters[0])]
    if tied:
        said.append(word("finding_tied", language, paths=_named(result, tied)))
    if not matters and not parts["unsure"]:
        return " ".join([word("finding_none", language, rope=rope), *_explained(result, one)])
    if not matters and not parts["negligible"]:
        unsure = word("finding_unsure_all", language, paths=_named(result, parts["unsure"]))
        return " ".join([unsure, *_explained(result, one)])
    rest = matters[1 + len(tied) :]
    larger, minor = ([p for p in rest if (p.size == "small") == small] for small in (False, True))
    if larger:
        said.append(word("finding_next", language, paths=_named(result, larger)))
    if minor:
        small = beta(THRESHOLDS.small, language)
        said.append(word("finding_minor", language, small=small, paths=_few(result, minor)))
    if parts["negligible"]:
        paths = _few(result, parts["negligible"])
        said.append(word("finding_small", language, rope=rope, paths=paths))
    if parts["unsure"]:
        said.append(word("finding_unsure", language, paths=_few(result, parts["unsure"])))
    return " ".join([*said, *_other_sign(result, one, matters), *_explained(result, one)])


def _other_sign(result: Result, one: OutcomePaths, matters: Sequence[SizedPath]) -> list[str]:
    """Return which of the paths told have the other sign by another method."""
    rows = result.comparison
    rows = rows[(rows["lhs"] == one.outcome) & (rows["group"] == one.group)]
    other = set(rows.loc[rows["verdict"] == "sign differs", "rhs"])
    named = [label_of(result, path.predictor) for path in matters if path.predictor in other]
    language = result.language
    return [word("finding_sign", language, paths=listed(named, language))] if named else []


def _tied(matters: Sequence[SizedPath]) -> list[SizedPath]:
    """Return the paths after the first whose interval reaches that of the first, signs aside."""
    if not matters:
        return []
    found = list(matters[1:])
    return found[: next((at for at, path in enumerate(found) if not _reaches(path, matters[0])), len(found))]


def _rivalled(paths: Sequence[SizedPath], first: SizedPath) -> bool:
    """Return whether any other path, an unsure one too, may be as strong as the first."""
    return any(_reaches(path, first) for path in paths if path is not first)


def _reaches(path: SizedPath, first: SizedPath) -> bool:
    """Return whether a path's interval reaches that of the first, signs aside.

    Where it does not, the difference is clear whatever the covariance of the two: its standard error is
    at most the sum of theirs. Where it does, nothing is known of the difference: intervals that overlap
    are no test (Schenker & Gentleman, 2001). Paths without intervals are taken as they come.
    """
    far, least = max(abs(path.low), abs(path.high)), min(abs(first.low), abs(first.high))
    return bool(far >= least)


def _top(result: Result, one: OutcomePaths, path: SizedPath, *, alone: bool) -> str:
    language = result.language
    return word(
        "finding_only" if alone or len(one.paths) == 1 else "finding_top", language,
        predictor=label_of(result, path.predictor), size=word(f"size_{path.size}", language),
        direction=word("higher" if path.value > 0 else "lower", language),
        beta=beta(path.value, language), level=level_percent(one.level, language),
        interval=interval(path.low, path.high, language) or "–",
    )  # fmt: skip


def _points(result: Result, one: OutcomePaths, path: SizedPath) -> list[str]:
    """Return what a path says of the probability of a yes or no outcome, where a probit gives it."""
    table = optional_table(result, "probit.csv", ("group", "lhs", "rhs", "method"))
    if table.empty:
        return []
    rows = table[(table["lhs"] == one.outcome) & (table["rhs"] == path.predictor)]
    rows = rows[(rows["group"] == one.group) & rows["ame_points"].notna()]
    return [_probable(float(value), result.language) for value in rows["ame_points"][:1]]


def _probable(points: float, language: str) -> str:
    direction = word("higher" if points > 0 else "lower", language)
    return word("finding_points", language, points=number(abs(points), language, 1), direction=direction)


def _named(result: Result, paths: Sequence[SizedPath]) -> str:
    language = result.language
    named = [f"{label_of(result, p.predictor)} ({beta(p.value, language)})" for p in paths[:NAMED]]
    rest = len(paths) - NAMED
    return (
        ", ".join(named) + " " + word("more", language, count=rest) if rest > 0 else listed(named, language)
    )


def _few(result: Result, paths: Sequence[SizedPath]) -> str:
    """Return paths by name, or how many there are where a sentence would become a list."""
    many = len(paths) > NAMED
    return word("finding_count", result.language, count=len(paths)) if many else _named(result, paths)


def _explained(result: Result, one: OutcomePaths) -> list[str]:
    """Return the share of an outcome's variance that its predictors explain, where the engine gives it."""
    rows = result.estimates
    rows = rows[(rows["op"] == "r2") & (rows["lhs"] == one.outcome) & (rows["group"] == one.group)]
    found = rows.loc[rows["engine"] == one.engine, "est"].dropna()
    if not len(found) or len(one.paths) < 2:
        return []
    language = result.language
    share = percent(float(found.iloc[0]), language, 0)
    return [word("finding_r2", language, share=share)]
