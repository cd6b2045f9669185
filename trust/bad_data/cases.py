"""All cases, in the order of the page."""

from __future__ import annotations

from trust.bad_data.answers import ANSWERS
from trust.bad_data.case import Case
from trust.bad_data.columns import COLUMNS
from trust.bad_data.files import FILES
from trust.bad_data.groups import GROUPS

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*COLUMNS, *ANSWERS, *FILES, *GROUPS)
