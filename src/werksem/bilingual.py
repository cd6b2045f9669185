"""Texts that stand in tables of (Dutch, English), with places to fill."""

from __future__ import annotations

__all__ = ["in_language"]


def in_language(text: tuple[str, str], language: str, /, **places: object) -> str:
    """Return the Dutch text where ``language`` is ``nl``, else the English one, its places filled.

    Raises ``KeyError`` for a place that is not given.

    >>> in_language(("{n} groepen", "{n} groups"), "en", n=7)
    '7 groups'
    """
    return text[0 if language == "nl" else 1].format(**places)
