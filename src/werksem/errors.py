"""Every error a user can meet: one short message, and the exit code that goes with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["DataError", "EstimationError", "SpecError", "WerksemError", "did_you_mean"]


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
