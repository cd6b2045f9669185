"""What ``init`` prints: what it found, what to look at, what it wrote, the next command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from werksem.starting.model_text import strength
from werksem.starting.plan import Plan
from werksem.starting.proposals import Proposal
from werksem.starting.roles import named_weights
from werksem.starting.words import say

__all__ = ["found_lines", "written_lines"]

SHOWN = 12


def found_lines(plan: Plan) -> Iterator[str]:
    """Yield in words what was found in a data file, and what to look at."""
    language = plan.language
    yield say(language, "read", file=plan.file.name, rows=plan.rows, columns=len(plan.columns))
    for role in plan.roles:
        if role.sure:
            told = say(language, role.why, n=role.n)
            yield f"  {say(language, role.kind)}: {role.column} ({told})"
    n = len(plan.scales)
    key = "none_found" if not n else "one_scale_found" if n == 1 else "scales_found"
    yield say(language, key, n=n)
    yield from (f"  {_scale(entry, language)}" for entry in plan.scales)
    yield say(language, "look")
    yield from (f"  - {line}" for line in _look(plan))


def _scale(entry: Proposal, language: str) -> str:
    items = f"{entry.items[0]} … {entry.items[-1]}" if len(entry.items) > 3 else ", ".join(entry.items)
    names = ", ".join(item for item, _ in entry.reversed)
    turned = say(language, "turned", items=names) if names else ""
    places = {"name": entry.name, "n": len(entry.items), "items": items, "turned": turned}
    return say(language, "scale_line", alpha=strength(entry, language), **places)


def _look(plan: Plan) -> Iterator[str]:
    language = plan.language
    for key, names in (
        ("look_reversed", [item for entry in plan.scales for item, _ in entry.reversed]),
        ("look_left_out", [item for entry in plan.scales for item, _ in entry.left_out]),
        ("look_answers", [entry.name for entry in plan.scales if entry.source == "answers"]),
        ("look_unsure", [entry.name for entry in plan.doubtful]),
        ("look_codes", [f"{code:g}" if isinstance(code, float) else str(code) for code in _codes(plan)]),
        ("look_words", [c.name for c in plan.columns if c.kind == "words" and not _busy(c.name, plan)]),
        ("look_odd", plan.odd),
        ("look_weights", _weights(plan)),
        ("look_wave", [role.column for role in plan.roles if role.kind == "wave"]),
    ):
        if names:
            yield say(language, key, items=_short(names, language))
    yield say(language, "look_structural")


def _weights(plan: Plan) -> list[str]:
    """Return the columns that may weigh respondents, of a study without weights."""
    if plan.role("weights") is not None:
        return []
    possible = {role.column for role in plan.roles if role.kind == "weights"}
    kinds = ("text", "words", "unique")
    return [c.name for c in plan.columns if c.name in possible or (c.kind in kinds and named_weights(c.name))]


def _codes(plan: Plan) -> list[float | str]:
    return list(dict.fromkeys([*plan.codes, *(code for codes in plan.own_codes.values() for code in codes)]))


def _busy(name: str, plan: Plan) -> bool:
    return any(role.column == name and role.sure for role in plan.roles)


def _short(names: Sequence[str], language: str) -> str:
    more = f", {say(language, 'and_more', n=len(names) - SHOWN)}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def written_lines(files: Sequence[Path], config: Path, language: str, verb: str = "check") -> Iterator[str]:
    """Yield which files were written, and the next command."""
    yield say(language, "written")
    yield from (f"  {file.as_posix()}" for file in files)
    yield f"{say(language, 'next')} werksem {verb} {config.as_posix()}"
