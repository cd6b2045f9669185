"""Claims about columns of text, and of a variable with itself, are refused in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.describe.studies import study_file
from tests.describe.test_hidden_comparisons import MEANS, survey
from werksem.describing.run import Request, describe_study
from werksem.errors import DataError, SpecError

MEAN = {"of": [{"mean": "x1"}]}
ORDER = {"type": "order of groups", "mean": "x1", "order": ["low", "high"], "by": "k"}
CLASSES = {"k": {"column": "g", "at": [3], "labels": ["low", "high"]}}


@pytest.mark.parametrize(
    ("claim", "classes", "message"),
    [
        ({"type": "correlation", "positive": ["x1 ~~ x1"]}, {}, r'"x1 ~~ x1" is no pair of two variables'),
        ({"type": "trend", "wave": "g", "direction": "rises", **MEAN}, {}, r'waves are numbers, "g" has'),
        (ORDER, CLASSES, 'classes are of numbers, and "g" is text'),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_is_said(
    claim: dict[str, Any], classes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = study_file(tmp_path, survey(), [MEANS], data={"group": "g"})
    told = {"classes": classes, "claims": [{"id": "A", "statement": "s", **claim}]}
    (tmp_path / "claims.yaml").write_text(yaml.safe_dump(told))
    path.write_text(path.read_text() + "claims: claims.yaml\n")
    with pytest.raises((DataError, SpecError), match=message):
        describe_study(Request(path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()
