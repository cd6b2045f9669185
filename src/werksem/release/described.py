"""The output check of descriptive tables: one row per table, over its cells that are shown."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.compare.cells import records
from werksem.describe.grouping import group_of
from werksem.describe.plain_cells import SHARES, count_of
from werksem.describe.produce import table_sample
from werksem.describe.reading import Respondents
from werksem.describe.sample import Sample
from werksem.describe.slices import texts
from werksem.describe.table import COMPLEMENTARY, HIDDEN, PRIMARY, no_number
from werksem.describe.variables import values
from werksem.release.rules import Concentration, Output, concentration, rule_output
from werksem.spec.describe import Describe, Grouping, TableSpec
from werksem.spec.study import Study

__all__ = ["described_outputs"]

Mask = NDArray[np.bool_]
Row = Mapping[str, Any]


def described_outputs(
    found: Sequence[Row],
    shown: pd.DataFrame,
    study: Study,
    respondents: Respondents,
    crossed: Collection[str] = (),
) -> list[Output]:
    """Return the rule and a row for every table.

    ``found`` are its rows before small cells were left out, ``shown`` the same rows after it. A table in
    ``crossed`` asks for a decision (``groupings``).
    """
    describe = study.describe or Describe()
    pairs = list(zip(found, records(shown), strict=True))
    tables = [
        replace(
            _of_table(
                spec, [pair for pair in pairs if pair[0]["table"] == spec.table], describe, respondents
            ),
            held="groupings" if spec.table in crossed else "",
        )
        for spec in describe.tables
    ]
    return [rule_output(study.disclosure), *tables]


def _of_table(
    spec: TableSpec, pairs: Sequence[tuple[Row, Row]], describe: Describe, respondents: Respondents
) -> Output:
    kept = [before for before, after in pairs if after["status"] not in HIDDEN and not no_number(before["n"])]
    places = {(str(line["group"]), str(line["wave"])) for line in kept}
    spread = [
        (label, one) for label, place, one in _parts(spec, describe, respondents) if place in places and one.n
    ]
    shares = [_side(line) for line in kept]
    worst = max(spread, key=lambda pair: max(pair[1].respondent, _zero(pair[1].unit)), default=None)
    status = [after["status"] for _, after in pairs]
    return Output(
        "table", spec.table, worst[0] if worst else "", "tables.csv",
        n=max((float(line["n"]) for line in kept), default=math.nan),
        cells=len(kept),
        smallest=min((side for side, _ in shares), default=math.nan),
        units=min((one.units for _, one in spread if one.units), default=math.nan),
        largest_respondent=max((one.respondent for _, one in spread), default=math.nan),
        largest_unit=max((one.unit for _, one in spread if one.units), default=math.nan),
        largest_category=max((share for _, share in shares if share == share), default=math.nan),
        hidden=status.count(PRIMARY), hidden_also=status.count(COMPLEMENTARY),
        p_percent=any(one.p_percent for _, one in spread),
    )  # fmt: skip


def _zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _side(line: Row) -> tuple[float, float]:
    """Return the respondents behind a number, and of a share how much of its base it counts (else NaN).

    Behind a share are those that it counts, or those that it does not, whichever are fewer.
    """
    n, cell = int(line["n"]), line.get("cell")
    if line["measure"] not in SHARES or not n:
        return n, math.nan
    count = int(cell.count if cell is not None else count_of(line))
    return min(count, n - count), count / n


def _parts(
    spec: TableSpec, describe: Describe, respondents: Respondents
) -> Iterator[tuple[str, tuple[str, str], Concentration]]:
    """Yield for every group and wave of a table what it is called, its place in the rows, and its spread."""
    sample = table_sample(spec, describe, respondents)
    weights = sample.design.weights if sample.design.weights is not None else np.ones(len(sample.frame))
    every = sample.frame.notna().any(axis=1).to_numpy()
    waves = {"": every}
    if sample.wave is not None:
        found = texts(sample.wave)
        waves = {str(wave): every & (found == wave) for wave in dict.fromkeys(found) if wave is not None}
    for group, inside in _groups(spec.by, sample, respondents).items():
        for wave, there in waves.items():
            mask = inside & there
            cluster = None if sample.design.cluster is None else sample.design.cluster[mask]
            label = " ".join(part for part in (group, wave) if part)
            yield label, (group, wave), concentration(weights[mask], cluster)


def _groups(by: str | Grouping | None, sample: Sample, respondents: Respondents) -> dict[str, Mask]:
    """Return who is in each group of a table (n,), all that have a group under the empty name."""
    if by is None:
        return {"": np.ones(len(sample.frame), dtype=bool)}
    if isinstance(by, Grouping) and by.indicators:
        labels = by.labels or by.indicators
        return {label: values(sample, name) == 1 for name, label in zip(by.indicators, labels, strict=True)}
    group = group_of(by, sample, respondents.codebook)
    found = texts(group)
    named = {str(label): found == label for label in dict.fromkeys(found) if label is not None}
    return {"": group.notna().to_numpy()} | named
