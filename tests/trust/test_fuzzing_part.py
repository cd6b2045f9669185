"""The part of the page on fuzzing: every law is counted, and every find has its test."""

from __future__ import annotations

import pandas as pd

from tests.fuzz import test_fuzz_found
from tests.fuzz.laws import LAWS
from trust.fuzzing import FOUND, KINDS, PART
from trust.part import FIGURES


def kept() -> pd.DataFrame:
    return pd.read_csv(FIGURES / "fuzzing.csv")


def test_every_law_was_measured_as_it_is_said() -> None:
    said = [(law.name, law.kind, law.says, law.over) for law in LAWS]
    assert list(kept()[["law", "kind", "says", "over"]].itertuples(index=False, name=None)) == said
    assert {law.kind for law in LAWS} == set(KINDS)


def test_every_find_has_a_test() -> None:
    named = pd.read_csv(FOUND)["test"]
    assert named.is_unique
    assert set(named) == {name for name in vars(test_fuzz_found) if name.startswith("test_")}


def test_a_broken_law_is_counted_as_such() -> None:
    rows = pd.DataFrame(
        {"law": ["a", "b"], "kind": ["no crash", "round trip"], "says": ["x", "y"], "over": ["z", "z"],
         "examples": [10, 4], "failed": [0, 1], "seconds": [1.0, 1.0]}
    )  # fmt: skip
    assert PART.summary(rows)[1:] == (15, 14)
    page = PART.page(rows)
    assert "2 laws were tried on 14 examples" in page
    assert "| y | z | 4 | 1 |" in page
