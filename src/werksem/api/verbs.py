"""The verbs of the command line as functions: the same checks, the same folder, the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from werksem.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from werksem.api.results import Compared, Results
    from werksem.api.study import Settings, StudyLike

__all__ = ["ENGINES", "check", "compare", "describe", "engines_of", "fit", "read"]

ENGINES = ("ols", "sem", "bootstrap", "bayes")


def engines_of(only: str | Sequence[str], name: str = "only") -> tuple[str, ...]:
    """Return engines named in one text or a list; raises ``SpecError`` for one that there is not.

    >>> engines_of("ols, sem")
    ('ols', 'sem')
    """
    engines = tuple(only.split(",")) if isinstance(only, str) else tuple(only)
    engines = tuple(engine.strip() for engine in engines if engine.strip())
    for engine in engines:
        if engine not in ENGINES:
            raise SpecError(
                f"{name}: no engine {engine!r}; there are {', '.join(ENGINES)}{did_you_mean(engine, ENGINES)}"
            )
    if not engines:
        raise SpecError(f"{name}: names no engine; there are {', '.join(ENGINES)}")
    return engines


def fit(
    study: StudyLike, *, data: pd.DataFrame | None = None, out: str | Path | None = None,
    only: str | Sequence[str] = ENGINES, set: Settings = (), jobs: int = 0, resume: bool = False,
    quiet: bool = False,
) -> Results:  # fmt: skip
    """Run a study and return its results, which stand in the folder ``out`` (``results/STUDY``) too.

    ``study`` is a study file or a mapping with its keys; ``data`` are respondents that take the place
    of ``data.file``, checked as a file is. ``set`` overrides keys: ``{"bootstrap.replicates": 200}``.
    The other parameters are those of ``werksem fit``. Raises ``WerksemError`` (``SpecError``,
    ``DataError``, ``EstimationError``) with one sentence; results not to trust say so in ``.trusted``.
    """
    from werksem.api.results import read_results
    from werksem.api.study import overrides_of, with_data
    from werksem.api.threads import one_blas_thread

    if data is not None and resume:
        raise SpecError("resume goes on with a study whose data are a file; write the table to one first")
    engines = engines_of(only)
    with one_blas_thread(), with_data(study, data) as source:
        from werksem.run import Request, run_study

        place = None if out is None else Path(out)
        folder, _ = run_study(Request(source, place, engines, overrides_of(set), jobs, resume, quiet))
    return read_results(folder)


def check(study: StudyLike, *, data: pd.DataFrame | None = None, set: Settings = ()) -> tuple[str, ...]:
    """Return what a study would estimate, a sentence each, without estimating; raises what is wrong."""
    from werksem.api.study import overrides_of, with_data
    from werksem.check import check_study

    with with_data(study, data) as source:
        return tuple(check_study(source, overrides_of(set)))


def describe(
    study: StudyLike, *, data: pd.DataFrame | None = None, out: str | Path | None = None, set: Settings = ()
) -> Results:
    """Make a study's descriptive tables, small cells left out, and return them (``.tables["tables"]``)."""
    from werksem.api.results import read_results
    from werksem.api.study import overrides_of, with_data
    from werksem.api.threads import one_blas_thread

    with one_blas_thread(), with_data(study, data) as source:
        from werksem.describing.run import Request, describe_study

        place = None if out is None else Path(out)
        folder = describe_study(Request(source, place, overrides_of(set)))
    return read_results(folder)


def read(folder: str | Path) -> Results:
    """Return the results in a folder that ``fit`` or ``describe`` made; raises ``DataError`` for another."""
    from werksem.api.results import read_results

    return read_results(Path(folder))


def compare(*results: Results | str | Path, change: bool = False) -> Compared:
    """Return betas and fit of several results side by side; with ``change``, why betas changed over waves.

    Raises ``DataError`` for a folder without results, and ``SpecError`` where ``change`` is asked of
    folders that are no waves of one survey.
    """
    from werksem.api.comparing import compared

    if not results:
        raise SpecError("compare: name one result or more")
    folders = [Path(one) if isinstance(one, str | Path) else one.folder for one in results]
    return compared(folders, change=change)
