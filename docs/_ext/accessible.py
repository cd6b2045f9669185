"""What the theme leaves to be said to a screen reader or a keyboard, written into the built pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["setup"]

SAID = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    # what scrolls sideways must be reached by keys
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
}


def _say(app: Any, failure: Exception | None) -> None:
    if failure is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for found, said in SAID.items():
            text = text.replace(found, said)
        page.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """Do so when the pages are written."""
    app.connect("build-finished", _say)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
