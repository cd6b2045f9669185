"""Warnings and notes of a manifest in the language of the report.

A manifest holds English sentences. Those listed here appear in words of the report's language,
with their names labelled; a sentence we do not know appears as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from werksem.report.numbers import count
from werksem.report.words import engine_name, word

__all__ = ["MESSAGES", "SATURATED", "message", "messages"]

SATURATED = "saturated:"

# start of the English sentence with its places, then what it says in Dutch and in English
MESSAGES: tuple[tuple[str, str, str], ...] = (
    (SATURATED, word("saturated", "nl"), word("saturated", "en")),
    (
        r"binary: (?P<names>.+?): treated as continuous",
        "Als doorlopend behandeld, al zijn er maar twee waarden: {names}. De regressie is dan een lineair "
        "kansmodel.",
        "Treated as continuous although there are two values only: {names}. The regression is then a linear "
        "probability model.",
    ),
    (
        r"the engines use different numbers of respondents: (?P<sizes>.+)",
        "De methoden rekenen op verschillende rijen: {sizes}. Met `data.sample: common` rekenen alle "
        "methoden op "
        "dezelfde rijen.",
        "The methods use different rows: {sizes}. With `data.sample: common` all methods use the same rows.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are not_converged",
        "{number} van de {total} bootstrapherhalingen zijn niet geconvergeerd.",
        "{number} of {total} bootstrap replicates did not converge.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are heywood",
        "{number} van de {total} bootstrapherhalingen hebben een negatieve variantie (Heywood); ze "
        "tellen mee.",
        "{number} of {total} bootstrap replicates have a negative variance (Heywood); they are kept.",
    ),
    (
        r"bootstrap: (?P<number>\d+) of (?P<total>\d+) replicates .* are not_positive_definite",
        "{number} van de {total} bootstrapherhalingen hebben een covariantiematrix die niet "
        "positief-definiet is; ze "
        "tellen mee.",
        "{number} of {total} bootstrap replicates have a covariance matrix that is not positive "
        "definite; they are "
        "kept.",
    ),
    (
        r"semopy cannot fit this model \((?P<reason>.+)\): fitted by werksem",
        "semopy kan dit model niet schatten ({reason}); de schatter van werksem zelf is gebruikt.",
        "semopy cannot fit this model ({reason}); werksem's own estimator was used.",
    ),
)


# why semopy cannot fit a model, in Dutch
REASONS = {
    "more than one group": "meer dan één groep",
    "a mean structure": "een gemiddeldenstructuur",
    "constraints": "restricties",
    "observed predictors taken as they are": "geobserveerde voorspellers zoals ze zijn",
    "it stopped with an error": "semopy stopte met een fout",
}


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
    if key == "reason" and language == "nl":
        return REASONS.get(part, part)
    return count(int(part), language) if part.isdigit() else part


def _size(entry: str, language: str, labels: Mapping[str, str]) -> str:
    """Return ``ols (name) 123`` with the engine's name, the label and a readable number."""
    found = re.fullmatch(r"(?P<engine>\w+)(?: \((?P<name>.+)\))? (?P<n>\d+)", entry)
    if not found:
        return entry
    name = f" ({labels.get(found['name'], found['name'])})" if found["name"] else ""
    return f"{engine_name(found['engine'], language)}{name} {count(int(found['n']), language)}"
