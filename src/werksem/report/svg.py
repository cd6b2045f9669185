"""A matplotlib figure as SVG inside a page: no foreign addresses, unique ids, equal bytes each time."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import Any

from werksem.report.legible import legible

__all__ = ["clean_svg", "inline_svg"]

# no date, no creator: equal bytes for equal numbers
METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def inline_svg(figure: Any, key: str, alt: str) -> str:
    """Return a figure as an ``<svg>`` element with text as text; ``alt`` is read aloud."""
    stream = StringIO()
    figure.savefig(stream, format="svg", metadata=METADATA, transparent=True)
    return clean_svg(stream.getvalue(), key, alt)


def clean_svg(text: str, key: str, alt: str) -> str:
    """Return the ``<svg>`` element of a file: ids prefixed, prologue, namespaces and fonts taken off.

    >>> clean_svg('<?xml?><svg width="3pt" viewBox="0 0 3 2" xmlns="x"><g id="a"/></svg>', "f", "A")
    '<svg class="figure" role="img" aria-label="A" width="3" height="2" viewBox="0 0 3 2"><g id="f-a"/></svg>'
    """
    body = text[text.index("<svg") :].strip()
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    inside = body[body.index(">") + 1 :]
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', body)
    width, height = size.groups() if size else ("340", "200")
    inside = re.sub(r'\bid="', f'id="{key}-', inside)
    inside = re.sub(r'xlink:href="#', f'href="#{key}-', inside)
    inside = inside.replace("url(#", f"url(#{key}-")
    inside = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", inside, flags=re.DOTALL)
    inside = re.sub(r"\s*font-family: [^;\"]*;?", "", inside)
    inside = re.sub(r"font: ([^;\"]*)", _font, inside)
    inside = re.sub(r"\n\s*", "\n", inside)
    head = f'<svg class="figure" role="img" aria-label="{escape(alt)}" width="{width}" height="{height}"'
    return legible(f'{head} viewBox="0 0 {width} {height}">{inside}')


def _font(found: re.Match[str]) -> str:
    """Return matplotlib's short font declaration without its family, so that the page's own is used."""
    size = re.search(r"([\d.]+)px", found[1])
    weight = "; font-weight: 600" if re.search(r"bold|[67]00", found[1]) else ""
    return f"font-size: {size[1]}px{weight}" if size else "font-size: inherit"
