"""The parts of docs/vertrouwen.md, in the order of the page. A new part is one module and one line here."""

from __future__ import annotations

from trust.disclosed import DISCLOSURE
from trust.part import Part

__all__ = ["PARTS"]

_ALL: tuple[Part, ...] = (DISCLOSURE,)
PARTS: dict[str, Part] = {part.name: part for part in _ALL}
