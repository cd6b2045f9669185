"""The parts of docs/vertrouwen.md, in the order of the page. A new part is one module and one line here."""

from __future__ import annotations

from trust.bad_data import BAD_DATA
from trust.bad_studies import PART as BAD_STUDIES
from trust.coverage import COVERAGE
from trust.disclosed import DISCLOSURE
from trust.faults.part import PART as FAULTS
from trust.fuzzing import FUZZING
from trust.load.report import PART as LOAD
from trust.part import Part
from trust.ranks import PART as RANKS
from trust.versions import VERSIONS

__all__ = ["PARTS"]

_ALL: tuple[Part, ...] = (BAD_DATA, BAD_STUDIES, FAULTS, LOAD, FUZZING, COVERAGE, RANKS, DISCLOSURE, VERSIONS)
PARTS: dict[str, Part] = {part.name: part for part in _ALL}
