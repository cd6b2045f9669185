"""All cases, in the order of the page."""

from __future__ import annotations

from trust.bad_data.answers import ANSWERS
from trust.bad_data.binary import BINARY
from trust.bad_data.case import Case
from trust.bad_data.columns import COLUMNS
from trust.bad_data.design import DESIGN
from trust.bad_data.files import FILES
from trust.bad_data.groups import GROUPS
from trust.bad_data.moments import MOMENTS
from trust.bad_data.sheets import SHEETS

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*COLUMNS, *ANSWERS, *FILES, *BINARY, *GROUPS, *DESIGN, *MOMENTS, *SHEETS)
