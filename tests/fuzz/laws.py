"""All laws, in the order of the page."""

from __future__ import annotations

from tests.fuzz import (
    laws_of_change,
    laws_of_data,
    laws_of_draws,
    laws_of_files,
    laws_of_forms,
    laws_of_formulas,
    laws_of_runs,
    laws_of_sums,
    laws_of_weights,
)
from tests.fuzz.budget import Law

ROOMS = (
    laws_of_files, laws_of_formulas, laws_of_data, laws_of_runs, laws_of_forms, laws_of_change,
    laws_of_weights, laws_of_sums, laws_of_draws,
)  # fmt: skip
LAWS: tuple[Law, ...] = tuple(law for room in ROOMS for law in room.LAWS)
