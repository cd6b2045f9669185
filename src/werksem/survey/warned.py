"""Warnings and notes about the data have names that stay: what stands before their first colon."""

from __future__ import annotations

__all__ = ["DATA_WARNINGS", "warning_name"]

# every warning about the data that check prints and manifest.json keeps; docs/errors.md says what to do
DATA_WARNINGS = (
    "reversed keying", "near-constant", "between answers", "leftover code", "duplicate rows",
    "hardly together", "group spellings", "cluster spellings", "stratum spellings", "encoding", "formula",
    "groups of one", "groups of few", "clusters of one", "split clusters", "constant in group",
    "unanswered in group", "weights", "equal weights", "dominating weight", "weights with cases",
    "clusters left out", "fpc", "replicate weights", "codes", "sparse", "two items", "unequal n",
    "unasked items",
)  # fmt: skip


def warning_name(text: str) -> str:
    """Return the name of a warning or note, by which it can be looked up.

    >>> warning_name("near-constant: 98.3% of the answers to x1 are 3")
    'near-constant'
    """
    return text.split(":", 1)[0]
