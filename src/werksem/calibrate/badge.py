"""The badge: what the study's own intervals cover, small enough for a first page."""

from __future__ import annotations

from html import escape

from werksem.calibrate.summary import Kept
from werksem.calibrate.words import said
from werksem.report.numbers import level_percent, percent

__all__ = ["badge", "badge_said"]

HEIGHT, PAD, PER_SIGN = 24, 9, 6.6
LEFT, GOOD, BAD = "#5a6673", "#1d6b3c", "#b3261e"
FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def badge_said(kept: Kept, language: str) -> tuple[str, str]:
    """Return the badge's two halves in words.

    >>> badge_said(Kept(0.948, 0.95, 15, 0), "en")
    ('95% intervals', 'cover 94.8%')
    """
    level = level_percent(kept.level, language)
    share = percent(kept.share, language, 1)
    return said("badge_left", language, level=level), said("badge_right", language, share=share)


def badge(kept: Kept, language: str) -> str:
    """Return the badge as SVG: green where no promise is broken, else red."""
    left, right = badge_said(kept, language)
    widths = [2 * PAD + PER_SIGN * len(text) for text in (left, right)]
    total, colour = sum(widths), BAD if kept.off else GOOD
    texts = "".join(
        f'<text x="{x:.1f}" y="16" fill="#fff" text-anchor="middle" font-size="12">{escape(text)}</text>'
        for x, text in ((widths[0] / 2, left), (widths[0] + widths[1] / 2, right))
    )
    alt, inner = escape(f"{left} {right}"), widths[1] - 3
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="badge" role="img" aria-label="{alt}" '
        f'width="{total:.0f}" height="{HEIGHT}" viewBox="0 0 {total:.1f} {HEIGHT}" font-family="{FONTS}">'
        f'<rect width="{total:.1f}" height="{HEIGHT}" rx="3" fill="{LEFT}"/><path fill="{colour}" '
        f'd="M{widths[0]:.1f} 0h{inner:.1f}a3 3 0 0 1 3 3v{HEIGHT - 6}a3 3 0 0 1 -3 3h-{inner:.1f}z"/>'
        f"{texts}</svg>"
    )
