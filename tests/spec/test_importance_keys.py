"""What ``importance`` and ``blocks`` may name, and what is said of other names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.helpers import study_error, study_of

BASE = "study: a\nmodel: {syntax: y ~ x + z}\ndata: {file: a.csv}\nols: {}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_empty_section_asks_for_every_outcome() -> None:
    study, _ = study_of(BASE + "importance:\n")
    assert study.importance is not None
    assert (study.importance.of, study.importance.replicates, study.importance.seed) == ((), 1000, 2024)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("importance: {of: [x]}", 'importance.of: "x" is no outcome of the model'),
        ("importance: {off: [y]}", 'did you mean "of"'),
        (
            "blocks: {controls: [zz]}",
            'blocks.controls: "zz" predicts nothing in the model; did you mean "z"?',
        ),
        ("blocks: {controls: []}", "right is at least 1 entries"),
        ("blocks: {a: [x], b: [x]}\nimportance:", '"x" stands in the blocks "a" and "b", one is right'),
        ("blocks: {x: [z]}\nimportance:", 'blocks: "x" is the name of a predictor too'),
        ("ols: null\nimportance:", "importance divides R² of ols or sem; the study has neither section"),
    ],
)
def test_one_message_per_mistake(more: str, said: str) -> None:
    base = BASE.replace("ols: {}\n", "") if "ols" in more else BASE
    assert said in study_error(base + more + "\n")


def test_too_many_predictors_are_refused_unless_left_out() -> None:
    many = " + ".join(f"x{i}" for i in range(17))
    model = f"study: a\nmodel: {{syntax: 'y ~ {many}; z ~ x1'}}\ndata: {{file: a.csv}}\nols: {{}}\n"
    assert "y has 17 predictors, more than the 16" in study_error(model + "importance:\n")
    assert study_of(model + "importance: {of: [z]}\n")[0].importance is not None
