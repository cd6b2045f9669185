"""Which files of a result folder are for release, and why others are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from werksem.release.rules import Output

__all__ = ["REASONS", "file_outputs"]

# no file of a result folder has answers of a respondent; these are not for release all the same
REASONS = {
    "bootstrap.parquet": "replicates",
    "posterior.nc": "draws",
    "nested.csv": "own_units",
    "loo.csv": "single",
    "output_check.csv": "checker",
    "output_check.html": "checker",
}


def file_outputs(names: Iterable[str], rare: Collection[str] = ()) -> list[Output]:
    """Return a row per file; ``held`` says why one is not for release: ``rare`` ones tell of few respondents.

    >>> [(row.name, row.held) for row in file_outputs(["fit.csv", "posterior.nc", "replicate_3.csv"])]
    [('fit.csv', ''), ('posterior.nc', 'draws'), ('replicate_3.csv', 'rows')]
    """
    return [
        Output("file", name, file=name, held="rare" if name in rare else _reason(name))
        for name in sorted(names)
    ]


def _reason(name: str) -> str:
    return "rows" if name.startswith("replicate_") else REASONS.get(name, "")
