"""A study run on a table up to its numbers, and two runs held beside each other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werksem.engines.all import Results, run_engines
from werksem.inputs import read_inputs
from werksem.spec.dump import dump_mapping
from werksem.spec.load import load_study
from werksem.spec.yaml import loads

KEY = ["engine", "group", "lhs", "op", "rhs"]
# what follows from n and df as well, and what is on the scale of the answers
RAW = ("est", "se", "ci_lower", "ci_upper")
STANDARDISED = ("std", "std_se", "std_ci_lower", "std_ci_upper")
TESTS = ("z", "pvalue")
ALL = (*RAW, *STANDARDISED, *TESTS)
# Newton ends below a gradient of 1e-8 per respondent: an estimate is off by less than 1e-8 n var(estimate),
# so by less than 1e-8 n SE standard errors: 1e-5 of one for the n and SEs that are drawn here
OF_SE = 1e-5
EXACT = 1e-9  # arithmetic in another order: 1e-16 times the condition of the scales, below 1e6


@dataclass(frozen=True)
class Numbers:
    """Estimates by engine, group, lhs, op, rhs; fit measures by engine, group, measure; all other tables."""

    estimates: pd.DataFrame
    fit: pd.Series
    results: Results

    @property
    def sound(self) -> bool:
        """Whether every row is to be trusted: what did not converge has no numbers to compare."""
        return bool((self.estimates["status"] == "ok").all())


def study_document(content: Mapping[str, Any], frame: pd.DataFrame, folder: Path) -> Any:
    """Write a table beside a study that reads it; return the study as it is loaded."""
    frame.to_parquet(folder / "d.parquet", index=False)
    data = {"file": "d.parquet", **content.get("data", {})}
    return loads(dump_mapping({"study": "s", **content, "data": data}), folder=folder)


def numbers(
    content: Mapping[str, Any], frame: pd.DataFrame, engines: tuple[str, ...] = ("ols", "sem")
) -> Numbers:
    """Return what a study finds in a table, with the engines that it has sections of."""
    with tempfile.TemporaryDirectory(prefix="werksem-fuzz-") as place:
        return _found(study_document(content, frame, Path(place)), engines)


def numbers_of_moments(content: Mapping[str, Any], moments: Mapping[str, Any]) -> Numbers:
    """Return what a study finds in summary statistics."""
    whole = {"study": "s", **content, "data": {"moments": moments}}
    return _found(loads(dump_mapping(whole)), ("ols", "sem"))


def _found(document: Any, engines: tuple[str, ...]) -> Numbers:
    study, model = load_study(document)
    inputs = read_inputs(study, model)
    wanted = [name for name in engines if getattr(study, name) is not None]
    found = run_engines(study, model, inputs, wanted, jobs=1, quiet=True)
    estimates = pd.concat([engine.estimates for engine in found.engines], ignore_index=True)
    fit = pd.concat([engine.fit for engine in found.engines], ignore_index=True)
    fits = fit.set_index(["engine", "group", "measure"])["value"].astype(float)
    return Numbers(estimates.set_index(KEY), fits, found)


def rekeyed(found: Numbers, name: Callable[[str], str]) -> Numbers:
    """Return numbers under other names of variables and groups."""
    rows = found.estimates.reset_index()
    for column in ("group", "lhs", "rhs"):
        rows[column] = rows[column].astype(str).map(name)
    return Numbers(rows.set_index(KEY), found.fit, found.results)


def same_numbers(
    first: Numbers, second: Numbers, columns: tuple[str, ...] = ALL, *, ops: tuple[str, ...] = (),
    exact: bool = False, of_se: float = OF_SE,
) -> None:  # fmt: skip
    """Assert that two runs have the same rows and, in these columns, the same numbers.

    ``exact``: to the last bit. Otherwise within ``of_se`` standard errors and as much of the number's size.
    """
    a, b = first.estimates.sort_index(), second.estimates.sort_index()
    assert list(a.index) == list(b.index), sorted(set(a.index) ^ set(b.index), key=str)
    # what is not to be trusted may fail in another way from another start: heywood, not converged
    assert first.sound == second.sound, (a["status"], b["status"])
    if not (first.sound and second.sound):
        return
    rows = a.index.get_level_values("op").isin(ops) if ops else np.ones(len(a), dtype=bool)
    for column in columns:
        x, y = (frame.loc[rows, column].to_numpy(dtype=float) for frame in (a, b))
        assert (np.isfinite(x) == np.isfinite(y)).all(), (column, a.loc[rows, column], b.loc[rows, column])
        if exact:
            np.testing.assert_array_equal(x, y, err_msg=column)
            continue
        unit = a.loc[rows, "std_se" if column.startswith("std") else "se"].to_numpy(dtype=float)
        unit = np.where(np.isfinite(unit), unit, 0.0) if column not in TESTS else np.ones(len(x))
        allowed = of_se * unit + max(of_se, EXACT) * np.abs(x) + EXACT
        off = np.abs(x - y) > allowed
        assert not off.any(), (column, a.index[rows][off].tolist(), x[off], y[off])


SCALED = (
    "chisq",
    "chisq_scaled",
    "df",
    "pvalue",
    "cfi",
    "tli",
    "rmsea",
    "srmr",
    "cfi_robust",
    "rmsea_robust",
)


def same_fit(
    first: Numbers, second: Numbers, measures: tuple[str, ...] = SCALED, factor: float = 1.0
) -> None:
    """Assert that two runs fit alike; the second's chi-squares are ``factor`` times the first's."""
    if not (first.sound and second.sound):
        return
    for key, value in first.fit.items():
        measure = str(key[2])
        if measure.split(".")[0] in measures and key in second.fit.index:
            other = float(second.fit[key])
            wanted = value * factor if measure.startswith("chisq") else value
            alike = np.isclose(wanted, other, rtol=OF_SE, atol=OF_SE, equal_nan=True)
            assert alike, (key, wanted, other)


def frames_alike(first: pd.DataFrame, second: pd.DataFrame, within: float = 1e-6) -> None:
    """Assert that two tables have the same texts and, within rounding, the same numbers."""
    assert list(first.columns) == list(second.columns)
    assert len(first) == len(second), (len(first), len(second))
    pd.testing.assert_frame_equal(
        first.reset_index(drop=True),
        second.reset_index(drop=True),
        rtol=within,
        atol=within,
        check_dtype=False,
    )
