"""The parts of docs/vertrouwen.md, in the order of the page. A new part is one module and one line here."""

from __future__ import annotations

from trust import bad_studies
from trust.part import Part

__all__ = ["PARTS"]

_ALL: tuple[Part, ...] = (bad_studies.PART,)
PARTS: dict[str, Part] = {part.name: part for part in _ALL}
