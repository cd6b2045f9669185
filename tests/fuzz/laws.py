"""All laws, in the order of the page."""

from __future__ import annotations

from tests.fuzz import laws_of_change, laws_of_files, laws_of_formulas
from tests.fuzz.budget import Law

LAWS: tuple[Law, ...] = (*laws_of_files.LAWS, *laws_of_formulas.LAWS, *laws_of_change.LAWS)
