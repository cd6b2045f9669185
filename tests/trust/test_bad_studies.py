"""Bad studies and models: each is met with one sentence that says where, what was found and what is right."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trust.bad_studies.case import Case
from trust.bad_studies.cases import CASES
from trust.bad_studies.trial import Found, finished, laid_out, what_is_left, what_is_wrong
from werksem.cli import guarded
from werksem.cli.app import app

SECONDS = 30


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("made"))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that goes afterwards: other tests look through what results lie there."""
    folder = tmp_path / "here"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.name}"[:100])
def test_a_bad_study_is_said(
    case: Case, here: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    laid_out(case, here, request.getfixturevalue("result") if case.folder else None)
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "argv", ["werksem", *case.command])
    started = time.process_time()
    code = guarded(app)
    said = "".join(capsys.readouterr())
    assert what_is_wrong(case, Found(code, said, left=what_is_left(case, here))) == "", said[:2000]
    assert time.process_time() - started < SECONDS


def test_every_case_is_another() -> None:
    names = [(case.kind, case.name) for case in CASES]
    assert len(set(names)) == len(names)
    assert len(names) >= 100
