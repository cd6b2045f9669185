"""Which estimates are not to be trusted, said above everything else on the page."""

from __future__ import annotations

from werksem.compare.cells import records
from werksem.report.advice import attention
from werksem.report.folder import Result
from werksem.report.publish.words import PUBLISHED, said
from werksem.report.sized import outcomes_of
from werksem.report.words import engine_name, listed, word

__all__ = ["untrusted", "watched"]


def untrusted(result: Result) -> tuple[str, ...]:
    """Return whether the findings rest on estimates that are not in order, then what is wrong with those.

    Empty where every estimate has status ``ok``, so that the run ended with exit code 0.
    """
    wrong = _wrong(result)
    if not wrong:
        return ()
    told = [line for engine, statuses in wrong.items() for line in _lines(result, engine, statuses)]
    return (_findings_rest(result, wrong), *told)


def watched(result: Result) -> tuple[str, ...]:
    """Return the diagnostics not in order of engines whose estimates are."""
    return attention(result, [name for name in _engines(result) if name not in _wrong(result)])


def _engines(result: Result) -> list[str]:
    return [str(name) for name in dict.fromkeys(result.diagnostics["engine"])]


def _wrong(result: Result) -> dict[str, list[str]]:
    """Return the statuses that are not ``ok``, by engine."""
    found: dict[str, list[str]] = {}
    for row in records(result.estimates[["engine", "status"]].drop_duplicates()):
        if row["status"] not in ("ok", ""):
            found.setdefault(str(row["engine"]), []).append(str(row["status"]))
    return found


def _lines(result: Result, engine: str, statuses: list[str]) -> tuple[str, ...]:
    """Return an engine's diagnostics that are not in order; its statuses where it has none."""
    language = result.language
    named = [said(f"status_{s}", language) if f"status_{s}" in PUBLISHED else s for s in statuses]
    return attention(result, [engine]) or (f"{engine_name(engine, language)}: {', '.join(named)}.",)


def _findings_rest(result: Result, wrong: dict[str, list[str]]) -> str:
    told = {one.engine for one in outcomes_of(result)}
    if "sem" in told and result.comparison["bootstrap_ci_lower"].notna().any():
        told.add("bootstrap")
    if told & set(wrong):
        return word("untrusted_here", result.language)
    names = listed([engine_name(name, result.language) for name in ORDER if name in told], result.language)
    return word("untrusted_elsewhere", result.language, engine=names) if names else ""


ORDER = ("ols", "sem", "bootstrap", "bayes")
