"""The ``disclosure`` section of a study file: what the results may tell of few respondents."""

from __future__ import annotations

from typing import Any

from pydantic import StrictBool

from werksem.spec.section import Count, Section

__all__ = ["SMALLEST", "Disclosure", "few_or", "loosened", "with_disclosure"]

# respondents behind every number: the rule of thumb of output checking (Brandt et al., 2010)
SMALLEST = 10


class Disclosure(Section):
    """The rule for every table of a run: no cell and no group of fewer than ``smallest`` respondents.

    ``complementary``: what such a cell or group could be worked out from is hidden with it. A ``smallest``
    of 1 shows everything.
    """

    smallest: Count = SMALLEST
    complementary: StrictBool = True


def loosened(rule: Disclosure) -> bool:
    """Return whether a rule lets more through than the rule of thumb of ten respondents.

    >>> loosened(Disclosure()), loosened(Disclosure(smallest=5)), loosened(Disclosure(complementary=False))
    (False, True, True)
    """
    return rule.smallest < SMALLEST or not rule.complementary


def few_or(count: int, rule: Disclosure) -> str:
    """Return a number of respondents in words: itself, or that it is below the limit.

    >>> few_or(12, Disclosure()), few_or(7, Disclosure()), few_or(0, Disclosure())
    ('12', 'fewer than 10', '0')
    """
    return f"fewer than {rule.smallest}" if 0 < count < rule.smallest else str(count)


def with_disclosure(raw: Any) -> Any:
    """Return a raw study whose ``describe.smallest``, as older studies write it, is ``disclosure.smallest``.

    One that has both, or a number there that is not right, is left as it is, and its key is refused.

    >>> with_disclosure({"describe": {"smallest": 5, "wave": 2024}})
    {'describe': {'wave': 2024}, 'disclosure': {'smallest': 5}}
    """
    tables = raw.get("describe") if isinstance(raw, dict) else None
    smallest = tables.get("smallest") if isinstance(tables, dict) else None
    if tables is None or type(smallest) is not int or smallest < 1 or "disclosure" in raw:
        return raw
    rest = {key: value for key, value in tables.items() if key != "smallest"}
    return {**raw, "describe": rest, "disclosure": {"smallest": smallest}}
