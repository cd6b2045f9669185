"""How each engine looks in every figure and key: colour, marker, and whether it is filled.

Grey, blue and vermilion stay apart for the colour-blind and in print, and have at least 3:1
contrast with white; the markers differ too, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BAND", "FAINT", "GRID", "INK", "LATENT", "NEGATIVE", "POSITIVE", "QUIET", "STYLES", "Style",
]  # fmt: skip

INK = "#1b2733"
QUIET = "#5a6673"
GRID = "#e3e8ed"
BAND = "#dbe7f3"
LATENT = "#eef4fa"
FAINT = "#9aa5b1"
POSITIVE = "#0b5fa5"
NEGATIVE = "#c14a00"


@dataclass(frozen=True, slots=True)
class Style:
    """A marker in matplotlib's notation, its colour, and whether it is filled."""

    marker: str
    colour: str
    filled: bool = True


STYLES = {
    "published": Style("D", "#1b2733", filled=False),
    "ols": Style("o", "#6b7785"),
    "sem": Style("s", "#0b5fa5"),
    "bootstrap": Style("s", "#0b5fa5"),
    "bayes": Style("D", "#c14a00"),
}
