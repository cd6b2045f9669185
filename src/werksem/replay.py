"""One replicate of a finished bootstrap again: its rows, its fit, and whether it is the same to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem import __version__
from werksem.bootstrap.replicates import Replicates, taken
from werksem.bootstrap.run import compute_block
from werksem.bootstrap.shards import fingerprint
from werksem.engines.bootstrap_job import Prepared, prepare
from werksem.engines.bootstrap_tables import replicate_table
from werksem.engines.sem import fit_sem
from werksem.errors import DataError, SpecError
from werksem.files import file_hash, together
from werksem.inputs import read_inputs
from werksem.resampling.draws import multipliers
from werksem.results import is_result_folder, read_manifest, write_table
from werksem.resume import REPLICATES
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study
from werksem.spec.study import Sem, Study

__all__ = ["Replayed", "replay", "replay_lines", "rows_folder"]

WIDTH = 41


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replicate: ``stored`` and ``again`` are its row of ``bootstrap.parquet``, as kept and as made now.

    ``rows`` (row, group, times) are the rows drawn, counted from 0 among those used, None where none are;
    ``estimates`` (quantity, estimate, replicate, difference). ``off`` is how far any number lies from the
    one kept, None where all bytes are equal. ``drawn`` and ``remarks`` are sentences,
    ``beside`` is the name of the folder that the rows went into.
    """

    number: int
    stored: pd.DataFrame
    again: pd.DataFrame
    rows: pd.DataFrame | None
    estimates: pd.DataFrame
    off: float | None
    drawn: str
    remarks: tuple[str, ...]
    beside: str


def replay(folder: Path, number: int) -> Replayed:
    """Return replicate ``number`` (a row of ``bootstrap.parquet``, counted from 0), drawn and fitted again.

    Writes ``replicate_N_estimates.csv`` into the folder and, where rows are drawn, ``replicate_N.csv`` into
    the folder of rows beside it (``rows_folder``): numbers of respondents do not belong among results.
    Raises ``SpecError`` for a folder without replicates or without this one, ``DataError`` where the data
    are no longer those of the run.
    """
    table = _replicates(folder)
    if not 0 <= number < len(table):
        raise SpecError(f"there is no replicate {number}: {folder} has replicates 0 to {len(table) - 1}")
    prepared, remarks = _prepared(folder, len(table))
    job = prepared.job
    first = number // job.block * job.block
    again = replicate_table(
        prepared, taken(compute_block(job, first), slice(number - first, number - first + 1))
    )
    rows, drawn = _rows(prepared, number)
    stored = table.iloc[[number]].reset_index(drop=True)
    if list(stored.columns) != list(again.columns):
        raise DataError(f"{folder / REPLICATES} has other columns than its study: run fit again")
    done = Replayed(
        number,
        stored,
        again,
        rows,
        _estimates(prepared, again),
        _off(stored, again),
        drawn,
        remarks,
        rows_folder(folder).name,
    )
    files = [folder / f"replicate_{number}_estimates.csv", rows_folder(folder) / f"replicate_{number}.csv"]
    with together(files[: 1 if rows is None else 2], home=folder) as places:
        write_table(done.estimates, places[0])
        if rows is not None:
            write_table(rows, places[1])
    return done


def rows_folder(folder: Path) -> Path:
    """Return the folder beside a result folder that takes the rows of its replicates.

    >>> rows_folder(Path("results/binding")).name
    'binding-rows'
    """
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}-rows")


def _replicates(folder: Path) -> pd.DataFrame:
    if not folder.is_dir():
        raise SpecError(f"{folder}: there is no such folder")
    if not is_result_folder(folder):
        raise SpecError(f"{folder} is not a werksem result folder")
    if not (folder / REPLICATES).is_file():
        raise SpecError(f"{folder} has no {REPLICATES}: its study ran without a bootstrap")
    try:
        return pd.read_parquet(folder / REPLICATES)
    except (OSError, ValueError):
        raise DataError(f"{folder / REPLICATES} is damaged: run fit again") from None


def _prepared(folder: Path, replicates: int) -> tuple[Prepared, tuple[str, ...]]:
    """Return the bootstrap of a result folder, and what is not as it was when the folder was made."""
    study, spec = load_study(folder / "study.yaml")
    manifest = read_manifest(folder)
    _refuse_other_data(study, folder, manifest.get("data", {}).get("sha256"))
    if study.bootstrap is None:
        raise SpecError(f"{folder / 'study.yaml'} has no section bootstrap")
    settings = study.sem or Sem()
    data = sem_data(study, spec, read_inputs(study, spec), by_group=settings.multigroup)
    sem = fit_sem(spec, data, settings, sem_options(study))
    prepared = prepare(sem, data, settings, study.bootstrap, study.data.replicate_weights)
    prepared = replace(prepared, job=replace(prepared.job, replicates=replicates))
    if manifest.get("replicates", {}).get("fingerprint") == fingerprint(prepared.job):
        return prepared, ()
    made = manifest.get("werksem", "")
    why = (
        f"made by werksem {made}, this is {__version__}"
        if made != __version__
        else "drawn from another start, or by other libraries"
    )
    return prepared, (f"the replicates of this folder were {why}",)


def _refuse_other_data(study: Study, folder: Path, sha256: str | None) -> None:
    if study.data.file is None:
        return
    if not study.data.file.is_file():
        raise DataError(f"the data of {folder} are not there", where=str(study.data.file))
    if file_hash(study.data.file) != sha256:
        raise DataError(f"these are not the data that {folder} was made from", where=str(study.data.file))


def _off(stored: pd.DataFrame, again: pd.DataFrame) -> float | None:
    """Return the largest difference of two tables' numbers, None where they are equal to the byte."""
    one, two = (table.drop(columns="status").to_numpy(dtype=float) for table in (stored, again))
    if one.tobytes() == two.tobytes() and list(stored["status"]) == list(again["status"]):
        return None
    with np.errstate(invalid="ignore"):
        return float(np.nan_to_num(np.abs(one - two)).max())


def _rows(prepared: Prepared, number: int) -> tuple[pd.DataFrame | None, str]:
    """Return the rows that the replicate drew, and how many they are, as a sentence."""
    resampling, groups = prepared.job.resampling, prepared.sem.model.groups
    if resampling.kind == "parametric":
        return None, "drawn from the model: a parametric resample has no rows"
    tables, units, before = [], [], 0
    for g, group in enumerate(resampling.groups):
        counts = np.asarray(multipliers(resampling, g, number, 1)[0][: group.count])
        units.append(counts)
        place = prepared.respondents[g].place
        row = np.arange(before, before + len(group.unit)) if place is None else place
        before += len(group.unit)
        tables.append(pd.DataFrame({"row": row, "group": groups[g], "times": counts[group.unit]}))
    rows = pd.concat(tables, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
    rows = rows[rows["times"] != 0].reset_index(drop=True)
    return rows, _said(prepared, np.concatenate(units), len(rows))


def _said(prepared: Prepared, units: NDArray[np.generic], rows: int) -> str:
    """Return how many units were drawn, as a sentence."""
    kind, scheme = prepared.job.resampling.kind, prepared.wanted.scheme
    whole = scheme == "cluster" and prepared.wanted.indices is None
    what, distinct = "clusters" if whole else "respondents", int((units != 0).sum())
    if kind in ("rescaled", "multipliers"):
        return f"{distinct} of {len(units)} {what} count, {rows} rows; times is what each counts for"
    text = f"{int(units.sum())} {what} drawn, {distinct} distinct"
    text += f", {rows} rows" if whole else ""
    return f"{text}; moved to where the model is true" if scheme == "bollen-stine" else text


def _estimates(prepared: Prepared, again: pd.DataFrame) -> pd.DataFrame:
    """Return the replicate's parameters and effects beside those of the whole sample."""
    none = np.zeros(1)
    whole = Replicates(prepared.sem.fit.theta[None], np.array(["ok"]), none, np.full(1, np.nan))
    names = [name for name in again.columns if name not in ("status", "gradient_max", "chisq")]
    estimate, found = (
        table[names].to_numpy(dtype=float)[0] for table in (replicate_table(prepared, whole), again)
    )
    return pd.DataFrame(
        {"quantity": names, "estimate": estimate, "replicate": found, "difference": found - estimate}
    )


def replay_lines(done: Replayed) -> Iterator[str]:
    """Yield what ``werksem replay`` prints, within 80 columns."""
    row, off = done.again.iloc[0], done.off
    yield f"replicate {done.number} (the row of {REPLICATES}, counted from 0)"
    yield (
        f"same bytes as in {REPLICATES}" if off is None else f"NOT the same as in {REPLICATES}: {off:.1e} off"
    )
    yield from done.remarks
    yield done.drawn
    if done.rows is not None:
        yield f"its rows (row, counted from 0 among those used): {done.beside}/replicate_{done.number}.csv,"
        yield "beside the results and not for release"
    yield f"its estimates: replicate_{done.number}_estimates.csv"
    yield f"status {row['status']}, largest gradient {row['gradient_max']:.1e}" + (
        f", chi-square {row['chisq']:.3f}" if "chisq" in done.again else ""
    )
    yield f"\n{'':{WIDTH}}{'estimate':>13}{'replicate':>13}{'difference':>13}"
    for name, *values in done.estimates.itertuples(index=False):
        short = name if len(name) <= WIDTH else f"{name[: WIDTH // 2]}…{name[-(WIDTH - 1 - WIDTH // 2) :]}"
        yield f"{short:{WIDTH}}" + "".join(f"{value:13.5g}" for value in values)
