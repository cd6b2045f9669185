"""From the data files of a study to the sample its tables describe, all waves together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.describe.ratios import Design
from werksem.describe.sample import Sample
from werksem.describe.wave import Wave, read_wave
from werksem.errors import DataError
from werksem.spec.describe import Describe
from werksem.spec.study import Data, Study
from werksem.spec.types import ModelSpec
from werksem.survey.codebook import Codebook, read_codebook
from werksem.survey.survey import refuse_used_twice

__all__ = ["Respondents", "of_rows", "read_respondents"]


@dataclass(frozen=True, slots=True)
class Respondents:
    """The sample of a study with its waves, what its codebook says, and how many rows were read and used.

    ``value_labels`` are those of the file (SPSS), per column; ``rows`` are read and used, of each wave.
    ``notes`` warn of the data, those of another wave with its name; ``hashes`` are of the files as read.
    """

    sample: Sample
    codebook: Codebook
    value_labels: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, tuple[int, int]]
    notes: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)


def read_respondents(
    study: Study, model: ModelSpec, describe: Describe, also: Collection[str] = ()
) -> Respondents:
    """Return the respondents of a study that its tables describe, with the columns ``also`` named.

    Raises ``DataError`` where the data are wrong: absent columns, answers outside their scale, weights.
    Another wave may lack columns, which then are blank there.
    """
    file = study.data.file
    if file is None:
        raise DataError("the study has moments, there are no respondents to describe")
    refuse_used_twice(study, model)
    files = {describe.wave or "": file, **describe.waves}
    if all(name.isdecimal() for name in files):  # years ascend, other names stay as written, the own first
        files = dict(sorted(files.items()))
    waves = {
        name: read_wave(path, study, model, describe, also, path == file) for name, path in files.items()
    }
    own = waves[describe.wave or ""]
    sample = Sample(
        frame=_stacked(wave.frame for wave in waves.values()),
        scores=_stacked(wave.scores for wave in waves.values()),
        items=_stacked(wave.items for wave in waves.values()),
        design=_design(study.data, waves),
        group=None,
        wave=_wave_column(waves) if describe.waves else None,
        level=describe.level,
        limits=_limits(model),
    )
    rows = {name: (wave.read, len(wave.frame)) for name, wave in waves.items()}
    notes = (
        f"{note} (wave {name})" if describe.waves else note
        for name, wave in waves.items()
        for note in wave.notes
    )
    hashes = {name: wave.sha256 for name, wave in waves.items()}
    return Respondents(sample, read_codebook(file), own.value_labels, rows, tuple(notes), hashes)


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(parts), ignore_index=True)


def _wave_column(waves: Mapping[str, Wave]) -> pd.Series:
    names = np.repeat(np.array(list(waves), dtype=object), [len(wave.frame) for wave in waves.values()])
    return pd.Series(pd.Categorical(names, categories=list(waves)))


def _limits(model: ModelSpec) -> dict[str, tuple[float, float]]:
    """Return the answers' limits of scales and items."""
    found = [(name, scale.scale) for scale in model.scales for name in (scale.name, *scale.items)]
    return {name: limits for name, limits in found if limits is not None}


def _design(data: Data, waves: Mapping[str, Wave]) -> Design:
    """Return the design of the waves together: each wave was drawn on its own, so strata lie within waves."""
    stacked = pd.concat([w.design.assign(wave=name) for name, w in waves.items()], ignore_index=True)

    def codes(key: str) -> NDArray[np.int64]:
        within = stacked["wave"] + "\0" + stacked[key].astype(str)
        return pd.factorize(within)[0].astype(np.int64)

    stratum = codes("stratum") if data.strata else None
    if stratum is None and len(waves) > 1:
        stratum = pd.factorize(stacked["wave"])[0].astype(np.int64)
    return Design(
        stacked["weights"].to_numpy(dtype=float) if data.weights else None,
        codes("cluster") if data.cluster else None,
        stratum,
        stacked["fraction"].to_numpy(dtype=float) if data.fpc else None,
    )


def of_rows(sample: Sample, keep: NDArray[np.bool_]) -> Sample:
    """Return the sample with the kept rows (n,) only, for parts that were drawn on their own (waves)."""
    design = sample.design
    kept = [None if part is None else part[keep] for part in (design.weights, design.fraction)]
    codes = [None if part is None else part[keep] for part in (design.cluster, design.stratum)]
    return replace(
        sample, frame=_kept(sample.frame, keep), scores=_kept(sample.scores, keep),
        items=_kept(sample.items, keep), design=Design(kept[0], codes[0], codes[1], kept[1]),
        group=None, wave=None,
    )  # fmt: skip


def _kept(frame: pd.DataFrame, keep: NDArray[np.bool_]) -> pd.DataFrame:
    return frame[keep].reset_index(drop=True)
