"""What names and labels share: ``veilig_1`` and ``veilig_2``, ``q12a`` and ``q12b``, opening words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

__all__ = ["by_header", "by_opening", "by_stem", "header", "is_general", "opening", "slug"]

# a number at the end, perhaps followed by the r or rec of a recoded item; or a letter after a number or _
NUMBERED = re.compile(r"(?P<stem>.*\D)\d{1,3}(_?r(ec|ev)?)?", re.IGNORECASE)
LETTERED = re.compile(r"(?P<stem>.*(\d[_. -]?|[_.]))[a-z](_?r(ec|ev)?)?", re.IGNORECASE)
GENERAL = {"item", "items", "vraag", "vrg", "question", "quest", "var", "col", "column", "kolom", "stelling"}
OPENING = 2  # words that labels share, at least


def by_stem(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the names that share a stem, by stem; a name goes with the most others it can go with.

    >>> by_stem(["wendbaar_1", "wendbaar_2", "q1a", "q1b", "age"])
    {'wendbaar_': ['wendbaar_1', 'wendbaar_2'], 'q1': ['q1a', 'q1b']}
    """
    possible = {name: _stems(name) for name in names}
    times: dict[str, int] = defaultdict(int)
    for stems in possible.values():
        for stem in stems:
            times[stem] += 1
    found: dict[str, list[str]] = defaultdict(list)
    for name, stems in possible.items():
        shared = [stem for stem in stems if times[stem] > 1]
        if shared:
            found[max(shared, key=lambda stem: (times[stem], len(stem)))].append(name)
    return {stem: together for stem, together in found.items() if len(together) > 1}


def _stems(name: str) -> list[str]:
    matches = (pattern.fullmatch(name) for pattern in (NUMBERED, LETTERED))
    return [match["stem"] for match in matches if match and re.search(r"[^\W\d_]", match["stem"])]


def is_general(stem: str) -> bool:
    """Tell whether a stem says nothing of a subject: one or two letters, or a word such as item.

    >>> is_general("Q"), is_general("vraag_"), is_general("wendbaar_"), is_general("q12_")
    (True, True, False, False)
    """
    word = re.sub(r"[\W_]+$", "", stem).casefold()
    return not re.search(r"\d", word) and (len(word) < 3 or word in GENERAL)


def by_opening(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return names whose labels open with the same words, by these words; three or more names each.

    >>> told = {"a": "My manager listens", "b": "My manager helps", "c": "My manager is fair", "d": "Pay"}
    >>> by_opening(told)
    {'My manager': ['a', 'b', 'c']}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name, label in labels.items():
        words = re.findall(r"\w[\w'-]*", label.casefold())
        if len(words) > OPENING:
            found[" ".join(words[:OPENING])].append(name)
    together = (names for names in found.values() if len(names) > 2)
    return {opening([labels[name] for name in names]): names for names in together}


def opening(labels: Sequence[str]) -> str:
    """Return the words with which all labels open, as the first writes them; empty below two words.

    >>> opening(["My manager: listens", "My manager: helps"])
    'My manager'
    """
    split = [label.split() for label in labels]
    shared = 0
    for words in zip(*split, strict=False):
        if len({word.casefold() for word in words}) > 1:
            break
        shared += 1
    shared = min([shared, *(len(words) - 1 for words in split)])
    return " ".join(split[0][:shared]).rstrip(" :;,.-–…") if shared >= OPENING else ""


def by_header(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return names whose labels have one heading before a colon or dash; three or more names each.

    >>> by_header({"a": "Rules: fair", "b": "Rules: heard", "c": "Rules - clear", "d": "Pay"})
    {'Rules': ['a', 'b', 'c']}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name, label in labels.items():
        match = re.match(r"(.+?)\s*(:| [-–] |\.{3}|…)\s*\S", label)
        if match:
            found[match[1]].append(name)
    return {text: names for text, names in found.items() if len(names) > 2}


def header(labels: Sequence[str]) -> str:
    """Return the one heading of all labels, empty where they have none."""
    found = by_header({str(at): label for at, label in enumerate(labels)})
    return next((text for text, names in found.items() if len(names) == len(labels)), "")


def slug(text: str) -> str:
    """Return a text as a name: lower case, words joined by _.

    >>> slug("Mijn leidinggevende …")
    'mijn_leidinggevende'
    """
    return "_".join(re.findall(r"\w+", text.casefold()))
