"""Bad data: each case of ``trust/bad_data`` is refused or warned of, before anything is estimated."""

from __future__ import annotations

from pathlib import Path

import pytest

from trust.bad_data.case import Case
from trust.bad_data.cases import CASES
from trust.bad_data.runner import Outcome, put

# a fit that is only warned runs to its end, report and all
QUICK = [(case, verb) for case in CASES for verb in case.verbs if case.code or verb == "check"]
LONG = [(case, verb) for case in CASES for verb in case.verbs if not case.code and verb != "check"]


def named(pairs: list[tuple[Case, str]]) -> list[str]:
    return [f"{verb}-{case.kind}-{case.name.removesuffix(case.suffix)}{case.suffix}" for case, verb in pairs]


def assert_held(found: Outcome, case: Case) -> None:
    assert found.code == case.code, found.said
    for word in case.words:
        assert word in found.said
    assert found.held, "a result was left, or none was made"


@pytest.mark.parametrize(("case", "verb"), QUICK, ids=named(QUICK))
def test_bad_data(case: Case, verb: str, tmp_path: Path) -> None:
    assert_held(put(case, verb, tmp_path), case)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "verb"), LONG, ids=named(LONG))
def test_bad_data_that_is_warned_of(case: Case, verb: str, tmp_path: Path) -> None:
    assert_held(put(case, verb, tmp_path), case)


def test_names_of_cases_differ() -> None:
    names = [(case.kind, case.name, case.suffix) for case in CASES]
    assert len(set(names)) == len(names)
