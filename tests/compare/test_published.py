from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.published import read_published, remarks, unmatched
from werksem.errors import SpecError
from werksem.estimates import estimates_table

SHIPPED = sorted((Path(__file__).parents[2] / "data" / "published").glob("*.yaml"))


def write(folder: Path, text: str) -> Path:
    path = folder / "published.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lost_number_is_nan_and_the_group_is_all(tmp_path: Path) -> None:
    path = write(
        tmp_path, "betas:\n- {lhs: y, rhs: x, beta: null, stars: '**', certainty: lost, note: read}\n"
    )
    first = read_published(path).to_dict("records")[0]
    assert math.isnan(first["beta"])
    assert (first["group"], first["stars"], first["certainty"]) == ("all", "**", "lost")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_tables_can_be_read(path: Path) -> None:
    assert len(read_published(path)) > 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("betas: 3\n", "betas:"),
        ("betas: [\n", "cannot read"),
        ("betas:\n- {lhs: y}\n", "beta 1"),
        ("betas:\n- {lhs: y, rhs: x, stras: '*'}\n", 'did you mean "stars"'),
        ("betas:\n- {lhs: y, rhs: x, beta: veel}\n", "'veel'"),
        ("betas:\n- {lhs: y, rhs: x, beta: .nan}\n", "between -2 and 2"),
        ("betas:\n- {lhs: y, rhs: x, stars: '****'}\n", "stars are"),
        ("betas:\n- {lhs: y, rhs: x}\n- {lhs: y, rhs: x}\n", "given twice"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_published(write(tmp_path, text))
    assert says in str(caught.value)


def test_a_published_path_outside_the_model_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "betas:\n- {lhs: y, rhs: x}\n- {lhs: y, rhs: z}\n")
    estimates = estimates_table([{"engine": "ols", "lhs": "y", "op": "~", "rhs": "x"}])
    assert unmatched(read_published(path), estimates) == ("y ~ z",)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"nowhere\.yaml"):
        read_published(tmp_path / "nowhere.yaml")


def test_lost_values_and_foreign_paths_are_told() -> None:
    published = pd.DataFrame(
        [("y", "x", "all", float("nan")), ("y", "z", "all", 0.2)], columns=["lhs", "rhs", "group", "beta"]
    )
    estimates = pd.DataFrame([("y", "~", "x")], columns=["lhs", "op", "rhs"])
    assert remarks(published, estimates) == (
        "published: y ~ z is not in the model",
        "published: 1 of 2 betas have no value in the source's text",
    )
