"""What is said of wrong entries in lists and of wrong keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.describe.studies import study_file
from tests.describe.test_hidden_comparisons import survey
from werksem.errors import SpecError
from werksem.spec.load import load_study


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"table": "t", "kind": "means", "of": [1]}, r"tables.0.of.0: found 1, right is text; put it"),
        ({"table": "t", "kind": "means", "of": []}, r"tables.0.of: found \[\], right is at least 1 entries"),
        ("means", r'tables.0: found "means", right is keys with values'),
        (
            {"table": "t", "kind": "trend", "of": ["x1"], "published": {"x1": {"abc": 3}}},
            r'published.x1: found the key "abc", right is a number',
        ),
    ],
)  # fmt: skip
def test_the_wrong_entry_is_named(table: object, message: str, tmp_path: Path) -> None:
    path = study_file(tmp_path, survey(), [table])  # type: ignore[list-item]
    with pytest.raises(SpecError, match=message):
        load_study(path)
