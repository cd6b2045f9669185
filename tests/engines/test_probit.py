"""The probit twin of binary outcomes: the right model, the right effects, apart from the verdict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from tests.cases import REFERENCE, spec_of
from tests.ordinal_cases import ordinal_data
from werksem.compare.table import COLUMNS, comparison
from werksem.engines.probit import binary_outcomes, probit_rows, probit_spec, probit_twins
from werksem.estimates import estimates_table
from werksem.inference.least_squares import fit_ordinal
from werksem.inputs import read_inputs
from werksem.model import build_model
from werksem.rows import Options
from werksem.spec.load import load_study

N = 20_000
PATHS = {"a": 0.5, "b": -0.3, "z": 0.25}
CUT = 0.6
# a covariate that nothing describes is uncorrelated with the constructs in the model, as in lavaan
SPREAD = np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 1.0]])
STUDY = """
study: leaving
model:
  model: leaving
  measurement:
    a: {items: [a1, a2, a3]}
    b: {items: [b1, b2, b3]}
    leave: {items: [out]}
  structural:
    leave: [a, b, z]
data: {file: data.csv}
sem: {engine: werksem}
"""


def predictors(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.multivariate_normal(np.zeros(3), SPREAD, size=n)


def folder_of(tmp_path: Path, study: str = STUDY) -> Path:
    rng = np.random.default_rng(7)
    x = predictors(rng, N)
    propensity = x @ np.array(list(PATHS.values())) + rng.normal(size=N)
    columns = {
        f"{name}{item}": 0.8 * x[:, at] + 0.6 * rng.normal(size=N)
        for at, name in enumerate("ab")
        for item in (1, 2, 3)
    }
    frame = pd.DataFrame(columns | {"z": x[:, 2], "out": (propensity > CUT).astype(int)})
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    return tmp_path / "study.yaml"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    study, spec = load_study(folder_of(tmp_path_factory.mktemp("probit")))
    done = probit_twins(study, spec, read_inputs(study, spec))
    assert done is not None
    assert done.warnings == ()
    return done.table.set_index("rhs")


def test_betas_of_the_propensity_are_found_again(table: pd.DataFrame) -> None:
    slopes = np.array(list(PATHS.values()))
    total = np.sqrt(slopes @ SPREAD @ slopes + 1)
    assert list(table.index) == ["a", "b", "z"]
    assert set(table["lhs"]) == {"leave"}
    for name, slope in PATHS.items():
        row = table.loc[name]
        assert abs(row["std_ystar"] - slope / total) < 4 * row["std_ystar_se"]
        assert 0.005 < row["std_ystar_se"] < 0.02


def test_marginal_effects_are_average_slopes_of_the_probability(table: pd.DataFrame) -> None:
    """The mean change of P(y = 1) for a small step of one predictor, over a million respondents."""
    x = predictors(np.random.default_rng(11), 1_000_000)
    slopes = np.array(list(PATHS.values()))
    step = 1e-3
    for at, name in enumerate(PATHS):
        shift = step * np.eye(3)[at]
        change = ndtr((x + shift) @ slopes - CUT) - ndtr((x - shift) @ slopes - CUT)
        simulated = 100 * change.mean() / (2 * step)
        row = table.loc[name]
        assert abs(row["ame_points"] - simulated) < 4 * row["ame_se"] + 0.02
        assert 0.05 < row["ame_se"] < 0.6


def test_marginal_effects_follow_from_the_share_of_ones(table: pd.DataFrame, tmp_path: Path) -> None:
    """AME = std_ystar phi(tau), and P(y = 1) = Phi(-tau) where y* has unit variance in all."""
    share = pd.read_csv(folder_of(tmp_path).with_name("data.csv"))["out"].mean()
    density = np.exp(-(ndtri(share) ** 2) / 2) / np.sqrt(2 * np.pi)
    ratio = (table["ame_points"] / table["std_ystar"]).to_numpy()
    assert ratio == pytest.approx([100 * density] * 3, rel=2e-3)
    assert np.ptp(ratio) < 1e-10


def test_only_single_columns_of_two_values_that_are_not_ordered_yet(tmp_path: Path) -> None:
    study, spec = load_study(folder_of(tmp_path))
    inputs = read_inputs(study, spec)
    assert binary_outcomes(study, spec, inputs) == {"leave": "out"}
    ordered = study.model_copy(update={"data": study.data.model_copy(update={"ordered": ("out",)})})
    assert binary_outcomes(ordered, spec, inputs) == {}
    assert probit_twins(ordered, spec, inputs) is None
    twin = probit_spec(spec, "leave", "out")
    assert [s.lhs for s in twin.statements if s.op == "~"] == ["out"] * 3
    assert twin.scale("leave") is None


def test_a_probit_beta_is_shown_last_and_never_judged() -> None:
    rows = [
        {"engine": engine, "group": "all", "lhs": "y", "op": "~", "rhs": "x", "std": std, "status": "ok"}
        for engine, std in (("ols", 0.10), ("sem", 0.11))
    ]
    probit = pd.DataFrame([{"group": "all", "lhs": "y", "rhs": "x", "std_ystar": -0.9}])
    found = comparison(estimates_table(rows), probit=probit)
    assert COLUMNS[-1] == found.columns[-1] == "sem_probit"
    assert found["sem_probit"].tolist() == [-0.9]
    assert found["verdict"].tolist() == ["agree"]


def test_a_twin_that_cannot_be_estimated_is_a_warning(tmp_path: Path) -> None:
    path = folder_of(tmp_path)
    frame = pd.read_csv(tmp_path / "data.csv")
    frame.assign(out=(frame["z"] > 0).astype(int)).to_csv(tmp_path / "data.csv", index=False)
    study, spec = load_study(path)
    done = probit_twins(study, spec, read_inputs(study, spec))
    assert done is not None
    assert done.table.empty
    assert [text.partition(":")[0] for text in done.warnings] == ["probit of leave"]
    sem = [
        {"engine": "sem", "group": "all", "lhs": "leave", "op": "~", "rhs": "a", "std": 0.1, "status": "ok"}
    ]
    assert comparison(estimates_table(sem), probit=done.table)["sem_probit"].isna().all()


def test_rows_equal_lavaan() -> None:
    """The probit of ``tests/reference/lavaan_ordinal.R``: constructs and a covariate explain x9."""
    model = build_model(
        spec_of((REFERENCE / "models" / "hs_probit.lavaan").read_text()), options=Options(mean_structure=True)
    )
    done = fit_ordinal(model, [ordinal_data("probit")[list(model.observed)].to_numpy(dtype=float)], ["x9"])
    lavaan = pd.read_csv(REFERENCE / "lavaan_ordinal_estimates.csv")
    lavaan = lavaan[(lavaan.model == "probit") & (lavaan.estimator == "WLSMV")]
    lavaan = lavaan[(lavaan.op == "~") & (lavaan.lhs == "x9")].set_index("rhs")
    rows = {row["rhs"]: row for row in probit_rows(done, "x9", "x9")}
    assert set(rows) == set(lavaan.index) != set()
    pairs = {"est": "est", "se": "se", "std_ystar": "est_std", "std_ystar_se": "est_std_se"}
    for name, row in rows.items():
        for ours, theirs in pairs.items():
            assert row[ours] == pytest.approx(lavaan.loc[name, theirs], abs=2e-5, rel=1e-4), (name, ours)
