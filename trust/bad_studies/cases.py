"""Every bad study there is, by whom it is met: check, and fit, describe and convert for some of each kind."""

from __future__ import annotations

from collections.abc import Iterator

from trust.bad_studies import (
    folder_cases,
    model_cases,
    side_cases,
    study_cases,
    syntax_cases,
    yaml_cases,
)
from trust.bad_studies.case import Case, through

__all__ = ["CASES"]

LISTS = (yaml_cases, study_cases, model_cases, syntax_cases, side_cases, folder_cases)
UNREAD = ("groups", "constraints", "published")  # tables, and OLS of the first two, take no notice of them
EACH = 6  # some files that check refuses are met by fit, by describe, and models by convert too


def _everywhere(cases: tuple[Case, ...]) -> Iterator[Case]:
    yield from cases
    refused = [case for case in cases if case.command == ("check", "study.yaml") and case.in_study]
    for at, case in enumerate(refused):
        if case.kind in UNREAD:
            continue
        yield from {
            0: (through(case, "fit", "study.yaml"),),
            1: (through(case, "describe", "study.yaml"),),
            2: (through(case, "convert", "study.yaml"),) if case.in_model else (),
        }.get(at % EACH, ())


CASES: tuple[Case, ...] = tuple(_everywhere(tuple(case for part in LISTS for case in part.CASES)))
