"""Text that any file can hold: labels, titles and groups come as people typed them."""

from __future__ import annotations

import re

__all__ = ["legible", "one_line"]

# characters that no XML file can hold
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
BLANKS = re.compile(r"[ \t\n\r]+")


def legible(text: str) -> str:
    r"""Return text without the characters that no XML file can hold.

    >>> legible("a\x07b\nc")
    'ab\nc'
    """
    return CONTROLS.sub("", text)


def one_line(text: str) -> str:
    r"""Return text on one line, without the characters that no XML file can hold.

    >>> one_line(" a\x07b\n  c ")
    'ab c'
    """
    return BLANKS.sub(" ", legible(text)).strip()
