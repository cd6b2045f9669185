"""The badge: what the study's own intervals cover, small enough for a first page."""

from __future__ import annotations

from html import escape

from werksem.calibrate.summary import Kept, standing
from werksem.calibrate.words import said
from werksem.report.numbers import level_percent, percent

__all__ = ["badge", "badge_said"]

HEIGHT, PAD, PER_SIGN = 24, 9, 6.6
LEFT = "#5a6673"
COLOURS = {"kept": "#1d6b3c", "undecided": "#8a5a00", "broken": "#b3261e"}
FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def badge_said(kept: Kept, language: str) -> tuple[str, str]:
    """Return the badge's two halves in words.

    >>> badge_said(Kept(((0.95, 0.948),), 15), "en")
    ('95% intervals', 'cover 94.8%')
    >>> badge_said(Kept(((0.95, 0.94), (0.8, 0.79)), 15, undecided=2, failed=0.012), "en")
    ('95%, 80% intervals', 'cover 94.0%, 79.0% · 1.2% failed · undecided')
    """
    levels = ", ".join(level_percent(level, language) for level, _ in kept.shares)
    shares = ", ".join(percent(share, language, 1) for _, share in kept.shares if share == share)
    right = [said("badge_right", language, share=shares)] if shares else []
    if kept.failed:
        right.append(said("badge_failed", language, share=percent(kept.failed, language, 1)))
    if kept.off:
        right.append(said("badge_off", language, count=kept.off, total=kept.total))
    if not kept.posterior:
        right.append(said("badge_posterior", language))
    if kept.unjudged:
        right.append(said("badge_unjudged", language, count=kept.unjudged))
    if standing(kept) == "undecided":
        right.append(said("badge_undecided", language))
    return said("badge_left", language, level=levels), " · ".join(right)


def badge(kept: Kept, language: str) -> str:
    """Return the badge as SVG: green where every promise is kept, red where one is broken, else brown."""
    left, right = badge_said(kept, language)
    widths = [2 * PAD + PER_SIGN * len(text) for text in (left, right)]
    total, colour = sum(widths), COLOURS[standing(kept)]
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
