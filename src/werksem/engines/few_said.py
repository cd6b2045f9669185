"""What ``werksem check`` says of few respondents: no number below the study's limit, nor what tells one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from werksem.engines.few import Withheld, without_names
from werksem.engines.rare_cells import without_shares
from werksem.spec.disclosure import Disclosure, few_or

__all__ = ["counts_said", "notes_said", "sizes_said", "warnings_said"]

# what stands before a number of respondents in a note
COUNTS = (
    r"leftover code: \S+ has \S+ \(", r"between answers: \S+ has ", r"hardly together: ", r"duplicate rows: ",
    r"weights: ", r"\S+(?: in group '.+')?: (?=\d+ respondents in a category)",
)  # fmt: skip
# what they are about is a label, and labels of hidden groups are said
OF_LABELS = ("group spellings: ", "cluster spellings: ", "stratum spellings: ", "encoding: ", "formula: ")


def sizes_said(sizes: Mapping[str, int], withheld: Withheld, rule: Disclosure) -> dict[str, int | str]:
    """Return the size of every group, in words where tables hide it: all less the others would tell it.

    >>> withheld = Withheld(("c",), ("b",), frozenset("bc"))
    >>> sizes_said({"a": 40, "b": 12, "c": 7}, withheld, Disclosure())
    {'a': 40, 'b': '10 or more', 'c': 'fewer than 10'}
    """
    return {
        label: size if label not in withheld.inside
        else few_or(size, rule) if size < rule.smallest else f"{rule.smallest} or more"
        for label, size in sizes.items()
    }  # fmt: skip


def notes_said(
    notes: Iterable[str], rule: Disclosure, rare: Collection[str] = (), withheld: Withheld | None = None
) -> Iterator[str]:
    """Yield notes on the data without the sizes that tables hide, and shares that tell of a rare answer.

    >>> list(notes_said(['group spellings: g has "a" (40), "A" (3); they count'], Disclosure()))
    ['group spellings: g has "a" (40), "A" (< 10); they count']
    >>> list(notes_said(["groups of one: g has one respondent in b"], Disclosure()))
    ['groups of few: g has fewer than 10 respondents in b']
    """
    inside = withheld.inside if withheld is not None else frozenset()
    found = r'"(?P<label>[^"]*)" \((?P<size>\d+)\)'

    def said(match: re.Match[str]) -> str:
        label, size = match["label"], int(match["size"])
        hidden = size < rule.smallest or label in inside
        sign = "<" if size < rule.smallest else "≥"
        return f'"{label}" ({f"{sign} {rule.smallest}" if hidden else size})'

    for note in without_shares(notes, rare):
        text = re.sub(found, said, note) if " spellings: " in note else counts_said(note, rule)
        if text.startswith("groups of one: ") and rule.smallest > 1:
            text = text.replace("groups of one:", "groups of few:", 1)
            text = text.replace(
                " has one respondent in ", f" has fewer than {rule.smallest} respondents in ", 1
            )
        yield text


def counts_said(note: str, rule: Disclosure) -> str:
    """Return a note on the data with a count of respondents below the limit in words.

    >>> counts_said("leftover code: age has 99 (6x), far from its other values", Disclosure())
    'leftover code: age has 99 (fewer than 10x), far from its other values'
    >>> counts_said("weights: 3 of 420 respondents have a weight of zero in w", Disclosure())
    'weights: fewer than 10 of 420 respondents have a weight of zero in w'
    >>> counts_said("safe_1 in group 'Rijk': 4 respondents in a category", Disclosure())
    "safe_1 in group 'Rijk': fewer than 10 respondents in a category"
    """
    for before in COUNTS:
        if match := re.match(before, note):
            return f"{note[: match.end()]}{_worded(note[match.end() :], rule)}"
    return note


def _worded(rest: str, rule: Disclosure) -> str:
    """Return text with the number it begins with in words where it is below the limit."""
    return re.sub(r"^\d+", lambda match: few_or(int(match[0]), rule), rest, count=1)


def warnings_said(
    warnings: Iterable[str], rule: Disclosure, rare: Collection[str], withheld: Withheld
) -> Iterator[str]:
    """Yield the warnings of a fit: of hidden groups only how their labels are written, without sizes.

    >>> withheld = Withheld(inside=frozenset({"a ", "b"}))
    >>> warnings = ['group spellings: g has "a" (40), "a " (3); they count', "no variance between b and c"]
    >>> list(warnings_said(warnings, Disclosure(), (), withheld))
    ['group spellings: g has "a" (40), "a " (< 10); they count']
    """
    for text in notes_said(warnings, rule, rare, withheld):
        yield from [text] if text.startswith(OF_LABELS) else without_names([text], withheld.inside)
