"""Which things belong together because pairs of them do."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

__all__ = ["linked"]

T = TypeVar("T", bound=Hashable)


def linked(things: Iterable[T], pairs: Iterable[tuple[T, T]]) -> tuple[tuple[T, ...], ...]:
    """Return the things in sets that pairs link, directly or by way of others, in their order.

    >>> linked("abcd", [("c", "a")])
    (('a', 'c'), ('b',), ('d',))
    """
    together = {thing: {thing} for thing in things}
    for left, right in pairs:
        both = together[left] | together[right]
        for thing in both:
            together[thing] = both
    return tuple(dict.fromkeys(tuple(o for o in together if o in found) for found in together.values()))
