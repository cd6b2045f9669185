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
model: {syntax: "f =~ x1 + x2 + x3; m ~ a*f; y ~ b*m + f; ab := a*b"}
data: {file: d.csv}
sem: {}
bootstrap: {replicates: 64, seed: 3, interval: percentile}
"""
SAME = ["z", "pvalue", "std", "std_se", "std_ci_lower", "std_ci_upper"]
RAW = ["est", "se", "ci_lower", "ci_upper"]


def results(folder: Path, size: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return estimates and intervals where the outcome is in this unit."""
    rng = np.random.default_rng(1)
    f = rng.normal(size=(200, 1))
    data = pd.DataFrame(f + rng.normal(size=(200, 4)), columns=["x1", "x2", "x3", "y"])
    data["m"] = f[:, 0] + rng.normal(size=200)
    data.assign(y=(data["y"] + data["m"]) * float(size)).to_csv(folder / "d.csv", index=False)
    (folder / "s.yaml").write_text(STUDY)
    out, _ = run_study(Request(folder / "s.yaml", folder / size, ("sem", "bootstrap"), quiet=True))
    estimates, intervals = (
        pd.read_csv(out / f"{name}.csv", keep_default_na=False, na_values=[""]).fillna({"rhs": ""})
        for name in ("estimates", "intervals")
    )
    return (
        estimates.set_index(["engine", "lhs", "op", "rhs"]),
        intervals.set_index(["interval", "metric", "lhs", "op", "rhs"]),
    )


@pytest.mark.parametrize("size", ["1e-38", "1e38"])
def test_another_unit_gives_the_same_tests_and_errors_in_that_unit(tmp_path: Path, size: str) -> None:
    (plain, limits), (found, limits_found) = results(tmp_path, "1"), results(tmp_path, size)
    assert plain.index.equals(found.index)
    np.testing.assert_allclose(found[SAME[2:]], plain[SAME[2:]], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found.loc["sem", SAME], plain.loc["sem", SAME], rtol=1e-5, atol=1e-7)
    scaled = [("y", "~", "f"), ("ab", ":=", "")]
    path = [(engine, *names) for engine in ("sem", "bootstrap") for names in scaled]
    np.testing.assert_allclose(found.loc[path, RAW], plain.loc[path, RAW] * float(size), rtol=1e-5)
    assert found.loc[("sem", "f", "=~", "x1"), RAW[1:]].isna().all()  # the marker
    assert limits.index.equals(limits_found.index)
    assert limits["pvalue"].notna().all()
    np.testing.assert_allclose(limits_found["pvalue"], limits["pvalue"], rtol=1e-3)
    path = [(kind, "raw", *names) for kind in ("percentile", "bca", "monte_carlo") for names in scaled]
    own = ["lower", "upper", "mc_lower", "mc_upper"]
    assert limits.loc[path, own].notna().all(axis=None)
    np.testing.assert_allclose(limits_found.loc[path, own], limits.loc[path, own] * float(size), rtol=1e-3)
    # the band has limits, and no Monte-Carlo errors
    path, own = [("band", "raw", *scaled[1])], ["lower", "upper"]
    np.testing.assert_allclose(limits_found.loc[path, own], limits.loc[path, own] * float(size), rtol=1e-3)


def test_a_unit_is_how_small_a_parameter_is_beside_its_standardised_value() -> None:
    spec = load_model({"syntax": "f =~ x1 + x2 + x3; y ~ a*f; z ~ b*y; ab := a*b; none := a - a"})
    model = build_model(spec, ("all",))
    rows = len(model.rows)
    raw, std = np.full(rows + 2, 2e-20), np.full(rows + 2, 0.5)
    raw[0], std[0], raw[1], std[1] = 3e8, 0.5, 0.0, 0.0
    found = units(model, spec.effects, np.concatenate([raw, std]))
    assert found[:2].tolist() == [1.0, 1.0]
    np.testing.assert_allclose(found[2:rows], 4e-20)
    # a b moves by b da + a db
    np.testing.assert_allclose(found[rows : rows + 2], [2 * 2e-20 * 4e-20, 1], rtol=1e-12)
    assert (found[rows + 2 :] == 1).all()  # all that is standardised
