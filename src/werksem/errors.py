"""Every error a user can meet: one short message, and the exit code that goes with it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

__all__ = [
    "DataError", "EstimationError", "OutputError", "SpecError", "WerksemError", "did_you_mean", "is_control",
    "shortened", "visible",
]  # fmt: skip

MOST_SHOWN = 60
# line breaks and tabs; the joiners; the soft hyphen; the mark that opens a file
ALLOWED = frozenset("\n\t\u200c\u200d\u00ad\ufeff")


class WerksemError(Exception):
    """An error that is told to the user as one message on stderr, without a traceback.

    ``where`` is the file with its line and column, or the column of the data; ``exit_code`` is
    what the command line returns.

    >>> str(SpecError("unknown key 'grop'", where="binding.yaml:7:3"))
    "binding.yaml:7:3: unknown key 'grop'"
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str = "") -> None:
        self.message = message
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class SpecError(WerksemError):
    """The study or model file is wrong (exit code 2)."""


class OutputError(SpecError):
    """Results cannot be written, kept or resumed where they are to lie; nothing in the study is wrong (2)."""


class DataError(WerksemError):
    """The data are wrong or do not fit the study (exit code 2)."""


class EstimationError(WerksemError):
    """The model cannot be estimated: not identified, or singular (exit code 3)."""

    exit_code = 3


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``'; did you mean "x"?'`` for the nearest candidate, or an empty string.

    >>> did_you_mean("wendbar", ["veilig", "wendbaar"])
    '; did you mean "wendbaar"?'
    >>> did_you_mean("zzz", ["veilig"])
    ''
    """
    names = sorted(set(candidates))
    by_folded = {candidate.casefold(): candidate for candidate in names}
    found = difflib.get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.6)
    return f'; did you mean "{by_folded[found[0]]}"?' if found else ""


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    """Return text as a message quotes it: its beginning, where it is long.

    >>> shortened("a" * 100, 10)
    'aaaaaaa...'
    """
    return text if len(text) <= most else f"{text[: most - 3]}..."


def visible(text: str) -> str:
    """Return text in which what would steer a terminal, or turn its text around, is written out.

    Line breaks and tabs stay. Control characters are those of Unicode's categories Cc, Cf and Cs
    (https://www.unicode.org/reports/tr44/#General_Category_Values) but for the joiners of emoji and scripts.

    >>> visible("a" + chr(27)) == "a" + chr(92) + "x1b"
    True
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign if not is_control(sign) else ascii(sign)[1:-1] for sign in text)


def is_control(sign: str) -> bool:
    """Tell whether a character is not seen but steers: an escape, a mark of direction, half a pair."""
    return sign not in ALLOWED and unicodedata.category(sign) in ("Cc", "Cf", "Cs")
