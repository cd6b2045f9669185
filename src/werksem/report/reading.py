"""What stands open on the page and what a reader folds out; text as a string of a style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werksem.report.words import word

__all__ = ["Read", "css_string", "reading", "running"]

# some three lines below a table; a rest this short is no reason to fold
OPEN, REST = 260, 90


@dataclass(frozen=True, slots=True)
class Read:
    """Notes that are shown, and those behind ``How to read this``."""

    shown: tuple[str, ...]
    hidden: tuple[str, ...]


def reading(notes: Sequence[str]) -> Read:
    """Return notes cut in two after the sentences that fit three lines.

    >>> reading(["Stars: p.", "In brackets: intervals."]).hidden
    ()
    >>> found = reading(["Short.", "The first of two. " + "Very " * 90 + "long."])
    >>> found.shown, found.hidden[0][:9]
    (('Short.', 'The first of two.'), 'Very Very')
    """
    whole = sum(len(note) for note in notes)
    if whole <= OPEN + REST:
        return Read(tuple(notes), ())
    shown, used = [], 0
    for at, note in enumerate(notes):
        sentences = re.split(r"(?<=[a-z\d)\]%’0][.]) (?=[A-ZÀ-Þα-ωχΑ-Ω‘])", note)
        fitting = 0
        while fitting < len(sentences) and used + len(sentences[fitting]) <= OPEN:
            used += len(sentences[fitting])
            fitting += 1
        shown += [" ".join(sentences[:fitting])] if fitting else []
        if fitting < len(sentences):
            return Read(tuple(shown), (" ".join(sentences[fitting:]), *notes[at + 1 :]))
    return Read(tuple(shown), ())


def css_string(text: str) -> str:
    r"""Return text as a quoted string for a style sheet, every sign but plain letters and digits escaped.

    >>> print(css_string('a"b<'))
    "a\22 b\3c "
    """
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text)
    return '"' + "".join(plain) + '"'


def running(manifest: Mapping[str, Any], language: str) -> tuple[Any, Any]:
    """Return what stands above every printed page, as strings of a style sheet: the title, and whether
    data are synthetic, else the maker.
    """
    from markupsafe import Markup

    title = str(manifest.get("title") or manifest.get("study") or "werksem")
    made = f"{word('made_with', language)} {manifest.get('werksem', '')}"
    right = word("banner", language) if manifest.get("synthetic") else made
    return Markup(css_string(title)), Markup(css_string(right))
