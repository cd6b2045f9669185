"""A model says the same in any unit: z, p and standardised values do not move with the size of numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.effects import units
from werksem.model import build_model
from werksem.run import Request, run_study
from werksem.spec.load import load_model

STUDY = """
study: units
model: {syntax: "f =~ x1 + x2 + x3; y ~ f"}
data: {file: d.csv}
sem: {}
bootstrap: {replicates: 64, seed: 3, interval: percentile}
"""
SAME = ["z", "pvalue", "std", "std_se", "std_ci_lower", "std_ci_upper"]
RAW = ["est", "se", "ci_lower", "ci_upper"]


def estimates(folder: Path, size: str) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    f = rng.normal(size=(200, 1))
    data = pd.DataFrame(f + rng.normal(size=(200, 4)), columns=["x1", "x2", "x3", "y"])
    data.assign(y=data["y"] * float(size)).to_csv(folder / "d.csv", index=False)
    (folder / "s.yaml").write_text(STUDY)
    out, _ = run_study(Request(folder / "s.yaml", folder / size, ("sem", "bootstrap"), quiet=True))
    table = pd.read_csv(out / "estimates.csv", keep_default_na=False, na_values=[""])
    return table.set_index(["engine", "lhs", "op", "rhs"])


@pytest.mark.parametrize("size", ["1e-38", "1e38"])
def test_another_unit_gives_the_same_tests_and_errors_in_that_unit(tmp_path: Path, size: str) -> None:
    plain, found = estimates(tmp_path, "1"), estimates(tmp_path, size)
    assert plain.index.equals(found.index)
    np.testing.assert_allclose(found[SAME[2:]], plain[SAME[2:]], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found.loc["sem", SAME], plain.loc["sem", SAME], rtol=1e-5, atol=1e-7)
    path = [("sem", "y", "~", "f"), ("bootstrap", "y", "~", "f")]
    np.testing.assert_allclose(found.loc[path, RAW], plain.loc[path, RAW] * float(size), rtol=1e-5)
    assert found.loc[("sem", "f", "=~", "x1"), RAW[1:]].isna().all()  # the marker


def test_a_unit_is_how_small_a_parameter_is_beside_its_standardised_value() -> None:
    model = build_model(load_model({"syntax": "f =~ x1 + x2 + x3; y ~ f"}), ("all",))
    rows = len(model.rows)
    raw, std = np.full(rows + 1, 2e-20), np.full(rows + 1, 0.5)
    raw[0], std[0], raw[1], std[1] = 3e8, 0.5, 0.0, 0.0
    found = units(model, np.concatenate([raw, std]))
    assert found[:2].tolist() == [1.0, 1.0]
    np.testing.assert_allclose(found[2:rows], 4e-20)
    assert (found[rows:] == 1).all()  # the effect, and all that is standardised
