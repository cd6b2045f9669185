"""The parts of docs/vertrouwen.md, in the order of the page. A new part is one module and one line here."""

from __future__ import annotations

from trust.load.report import PART as LOAD
from trust.part import Part

__all__ = ["PARTS"]

_ALL: tuple[Part, ...] = (LOAD,)
PARTS: dict[str, Part] = {part.name: part for part in _ALL}
