"""Warnings and notes of a manifest in the language of the report.

A manifest holds English sentences. Those listed in ``sayings`` appear in words of the report's language,
with their names labelled; a sentence we do not know appears as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from werksem.report.numbers import count
from werksem.report.sayings import MESSAGES, PRIOR_PHRASES, REASONS
from werksem.report.words import engine_name

__all__ = ["message", "messages", "prior"]


def message(text: str, language: str, labels: Mapping[str, str] | None = None) -> str:
    """Return a warning or note in words of the language; names in it appear under their ``labels``.

    >>> message("binary: leaves: treated as continuous", "en", {"leaves": "Intention to leave"})[:45]
    'Treated as continuous although there are two '
    >>> message("as it is", "nl")
    'as it is'
    """
    for pattern, dutch, english in MESSAGES:
        found = re.match(pattern, text)
        if found:
            places = {
                key: _place(key, part, language, labels or {}) for key, part in found.groupdict().items()
            }
            return (english if language == "en" else dutch).format(**places)
    return text


def messages(texts: Sequence[str], language: str, labels: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return every distinct warning or note in words, in order."""
    return tuple(dict.fromkeys(message(str(text), language, labels) for text in texts))


def _place(key: str, part: str, language: str, labels: Mapping[str, str]) -> str:
    """Return one place of a sentence: names under their labels, numbers with thousands apart."""
    if key == "names":
        return ", ".join(labels.get(name, name) for name in part.split(", "))
    if key == "sizes":
        return ", ".join(_size(entry, language, labels) for entry in part.split(", "))
    if key == "name":
        return labels.get(part, part)
    if key in ("r", "share", "p"):
        return part.replace(".", ",") if language == "nl" else part
    if key == "reason" and language == "nl":
        return REASONS.get(part, part)
    if key == "number" and language == "nl":
        part = part.replace("fewer than", "minder dan")
    return count(int(part), language) if part.isdigit() else part


def _size(entry: str, language: str, labels: Mapping[str, str]) -> str:
    """Return ``ols (name) 123`` with the engine's name, the label and a readable number."""
    found = re.fullmatch(r"(?P<engine>\w+)(?: \((?P<name>.+)\))? (?P<n>\d+)", entry)
    if not found:
        return entry
    name = f" ({labels.get(found['name'], found['name'])})" if found["name"] else ""
    return f"{engine_name(found['engine'], language)}{name} {count(int(found['n']), language)}"


def prior(text: str, language: str) -> str:
    """Return a line on a prior in the report's language.

    >>> prior("paths: normal(0, 2) on the raw variables (given)", "nl")
    'paden: normal(0, 2) op de variabelen zelf (opgegeven)'
    """
    if language == "nl":
        for english, dutch in PRIOR_PHRASES:
            text = text.replace(english, dutch)
    return text
