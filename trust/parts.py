"""The parts of docs/vertrouwen.md, in the order of the page. A new part is one module and one line here."""

from __future__ import annotations

from trust import bad_data, bad_studies, coverage, disclosed, fuzzing, ranks, versions
from trust.faults import part as faults
from trust.load import report as load
from trust.part import Part

__all__ = ["PARTS"]

PARTS: dict[str, Part] = {
    module.PART.name: module.PART
    for module in (bad_data, bad_studies, faults, load, fuzzing, coverage, ranks, disclosed, versions)
}
