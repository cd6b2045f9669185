"""Names that look alike: what is left of a text when case, spaces, look-alikes and marks are taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["alike", "damaged", "hidden_sign", "skeleton"]

# Cyrillic and Greek letters that look as Latin ones do
TWINS = str.maketrans("авекмнорстухіјѕԁαβεικνορτυχ", "abekmhopctyxijsdabeiknoptux")
# UTF-8 that was read as Windows-1252 (é as Ã©, ’ as â€™), and what stands for a letter that was lost
DAMAGED = re.compile("[ÃÂ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\ufffd")
# what moves the reader's eye or cursor: controls, line ends, marks that turn the direction of writing
HIDDEN = re.compile("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]")


def skeleton(text: str) -> str:
    """Return what is left of a name without case, spaces, invisible signs, and full stops at its ends.

    Letters that look alike are one letter, Unicode forms are one form, numbers that are equal are one number.

    >>> [skeleton(text) for text in ("R ijk.", "rıjk".upper(), "Ｒijk\u200b", "01", "1.0")]
    ['rijk', 'rijk', 'rijk', '1', '1']
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    found = "".join(plain.casefold().split()).translate(TWINS).strip(".,;:")
    try:
        return f"{float(found):.15g}" if found.isascii() and "_" not in found else found
    except ValueError:
        return found


def alike(name: str, others: Iterable[str]) -> list[str]:
    """Return those of the others that look as a name does and are another one, with signs told apart.

    >>> alike("x2", ["x2", "\u04452", "y"])
    ['х2']
    """
    return [other for other in others if other != name and skeleton(other) == skeleton(name)]


def damaged(text: str) -> bool:
    """Tell whether a text was read in another encoding than it was written in, before it came here.

    >>> damaged("FinanciÃ«n"), damaged("Financiën"), damaged("São Paulo")
    (True, False, False)
    """
    return DAMAGED.search(text) is not None


def hidden_sign(text: str) -> str:
    """Return the first sign of a text that cannot be seen and moves what can, empty where there is none.

    >>> hidden_sign("Rijk"), hidden_sign("G\\nR")
    ('', '\\n')
    """
    found = HIDDEN.search(text)
    return found.group() if found else ""
