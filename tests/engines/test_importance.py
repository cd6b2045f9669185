"""Importance and controls of whole studies, against numbers made another way."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from werksem.engines.all import Results, run_engines
from werksem.engines.importance import divided
from werksem.estimators.ols import fit_ols
from werksem.estimators.ols_robust import path_cov
from werksem.inference.joint_paths import joint_of_paths
from werksem.inputs import read_inputs
from werksem.moments import moments
from werksem.spec.load import load_study
from werksem.spec.study import Study
from werksem.spec.types import Equation

STUDY = """
study: carried
model:
  model: carried
  measurement:
    f: {items: [f1, f2, f3], scale: [1, 5]}
    g: {items: [g1, g2, g3], scale: [1, 5]}
    out: {items: [y1, y2, y3], scale: [1, 5]}
  structural:
    out: [f, g, age, years]
data: {file: data.csv, group: sector, cluster: organisation}
blocks: {controls: [age, years]}
importance: {replicates: 200}
"""
N = 1200
PREDICTORS = ["f", "g", "age", "years"]


def answers(seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    f, g = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], N).T
    age = rng.normal(45, 10, N).round()
    years = (0.5 * (age - 20) + rng.normal(0, 5, N)).round()
    y = 0.5 * f + 0.2 * g - 0.02 * (age - 45) + rng.normal(0, 0.8, N)
    columns = {
        f"{name}{item}": np.clip(np.round(3.2 + 0.8 * value + 0.5 * rng.normal(size=N)), 1, 5)
        for name, value in (("f", f), ("g", g), ("y", y))
        for item in (1, 2, 3)
    }
    organisation = rng.integers(0, 60, N)
    sector = np.array(["Rijk", "GR", "ZBO"])[organisation % 3]
    return pd.DataFrame(
        columns | {"age": age, "years": years, "organisation": organisation, "sector": sector}
    )


def run(folder: Path, more: str) -> tuple[Study, Results]:
    answers().to_csv(folder / "data.csv", index=False)
    (folder / "study.yaml").write_text(STUDY + more, encoding="utf-8")
    study, model = load_study(folder / "study.yaml")
    wanted = tuple(name for name in ("ols", "sem") if getattr(study, name))
    return study, run_engines(study, model, read_inputs(study, model), wanted, quiet=True)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    more = "ols: {se: cluster}\nsem: {engine: werksem}\n"
    return run(tmp_path_factory.mktemp("carried"), more)[1]


def scores(frame: pd.DataFrame) -> pd.DataFrame:
    means = {name: frame[[f"{key}{i}" for i in (1, 2, 3)]].mean(axis=1) for name, key in
             (("f", "f"), ("g", "g"), ("out", "y"))}  # fmt: skip
    return pd.DataFrame(means | {"age": frame["age"], "years": frame["years"]})


def r2(frame: pd.DataFrame, names: tuple[str, ...]) -> float:
    X = np.column_stack([np.ones(len(frame)), frame[list(names)]])
    residual = frame["out"] - X @ np.linalg.lstsq(X, frame["out"], rcond=None)[0]
    return 1 - float(residual.var() / frame["out"].var())


@pytest.mark.parametrize("sector", ["all", "Rijk"])
def test_shares_are_those_of_regressions_in_every_order(results: Results, sector: str) -> None:
    frame = answers()
    rows = scores(frame if sector == "all" else frame[frame["sector"] == sector])
    gain = dict.fromkeys(PREDICTORS, 0.0)
    for order in permutations(PREDICTORS):
        for at, name in enumerate(order):
            gain[name] += (r2(rows, order[: at + 1]) - r2(rows, order[:at])) / 24
    table = results.importance
    assert table is not None
    part = table[(table["engine"] == "ols") & (table["group"] == sector) & (table["kind"] == "predictor")]
    assert part["predictor"].tolist() == PREDICTORS
    assert part["lmg"].to_numpy() == pytest.approx(list(gain.values()), abs=1e-12)
    assert part["share"].sum() == pytest.approx(1)
    assert part["r2"].to_numpy() == pytest.approx(r2(rows, tuple(PREDICTORS)), abs=1e-12)
    assert part["n"].tolist() == [len(rows)] * 4


def test_intervals_hold_the_estimates_and_ranks_are_ranks(results: Results) -> None:
    table = results.importance
    assert table is not None
    assert set(table["engine"]) == {"ols", "sem"}
    assert (table["replicates"] == 200).all()
    assert (table["lmg_ci_lower"] < table["lmg_ci_upper"]).all()
    first = table[(table["group"] == "all") & (table["predictor"] == "f")]
    assert (first["rank"] == 1).all()
    assert (first["first_share"] == 1).all()
    assert (first["rank_upper"] == 1).all()
    assert ((table["rank_lower"] <= table["rank"]) & (table["rank"] <= table["rank_upper"])).all()
    grouped = table.groupby(["engine", "group", "kind"])["first_share"].sum()
    assert grouped.to_numpy() == pytest.approx(1)


def test_blocks_enter_as_one(results: Results) -> None:
    table = results.importance
    assert table is not None
    blocks = table[(table["kind"] == "block") & (table["group"] == "all") & (table["engine"] == "ols")]
    assert blocks["predictor"].tolist() == ["f", "g", "controls"]
    rows, orders = scores(answers()), list(permutations(["f", "g", "c"]))
    members = {"f": ("f",), "g": ("g",), "c": ("age", "years")}
    expected = 0.0
    for order in orders:
        before = tuple(name for part in order[: order.index("c")] for name in members[part])
        expected += (r2(rows, (*before, "age", "years")) - r2(rows, before)) / len(orders)
    assert blocks["lmg"].iloc[2] == pytest.approx(expected, abs=1e-12)


def test_marks_are_linear_and_by_sector(results: Results) -> None:
    table = results.importance
    assert table is not None
    frame = answers()
    for sector in ("all", "GR"):
        rows = scores(frame if sector == "all" else frame[frame["sector"] == sector])
        row = table[
            (table["group"] == sector) & (table["predictor"] == "g") & (table["engine"] == "ols")
        ].iloc[0]
        assert row["mark"] == pytest.approx(2.25 * rows["g"].mean() - 1.25, abs=1e-12)
        assert row["mark_ci_lower"] < row["mark"] < row["mark_ci_upper"]
    assert table.loc[table["predictor"] == "age", "mark"].isna().all()


def test_latent_shares_of_independent_predictors_are_squared_betas() -> None:
    cov = np.array([[2.0, 0, 0.8], [0, 1, 0.3], [0.8, 0.3, 1]])
    equation = Equation("y", ("a", "b"), ("y~a", "y~b"))
    study = Study(study="s", model=None, data={"file": "a.csv"})
    rows = list(divided("sem", "all", equation, study, cov, None, 100))
    assert [row["lmg"] for row in rows] == pytest.approx([0.8**2 / 2, 0.09])
    assert [row["beta"] ** 2 for row in rows] == pytest.approx([row["lmg"] for row in rows])


def test_controls_change_betas_by_what_two_regressions_differ(results: Results) -> None:
    table, blocks = results.controls, results.controls_blocks
    assert table is not None
    assert blocks is not None
    names = ["f", "g", "age", "years", "out"]
    whole = moments(scores(answers())[names].to_numpy(), names)
    with_them = fit_ols(whole, "out", ("f", "g", "age", "years"))
    without = fit_ols(whole, "out", ("f", "g"))
    assert table["predictor"].tolist() == ["f", "g"]
    assert table["beta_with"].to_numpy() == pytest.approx(with_them.beta[:2])
    assert table["beta_without"].to_numpy() == pytest.approx(without.beta)
    low, high = table["difference_ci_lower"], table["difference_ci_upper"]
    assert ((low < table["difference"]) & (table["difference"] < high)).all()
    # paired: far narrower than the interval of either beta
    assert ((high - low) < with_them.beta_se[0]).all()
    controls = blocks[blocks["block"] == "controls"].iloc[0]
    assert controls["delta_r2"] == pytest.approx(with_them.r2 - without.r2)
    assert controls["se"] == "cluster"
    assert controls["df2"] == 59


def test_block_tests_are_those_of_r() -> None:
    data = pd.read_csv(REFERENCE / "relative_importance_swiss.csv")
    names = ["Agriculture", "Catholic", "Infant.Mortality", "Examination", "Education", "Fertility"]
    rows = data[names].to_numpy(dtype=float)
    found = moments(rows, names)
    fit = fit_ols(found, "Fertility", tuple(names[:-1]))
    cluster = np.arange(len(rows)) % 12
    for _, row in pd.read_csv(REFERENCE / "relative_importance_tests.csv").iterrows():
        vcov = path_cov(fit, found.cov, rows, se=row["se"], cluster=cluster)
        test = joint_of_paths(fit.b, vcov, np.arange(3, 5))
        ours = (test.wald / test.df, test.df, test.df2, test.pvalue)
        assert ours == pytest.approx(tuple(row[["f", "df1", "df2", "pvalue"]]), rel=1e-9)


def test_a_study_of_moments_has_shares_without_intervals(tmp_path: Path) -> None:
    text = """
study: given
model: {syntax: y ~ a + b}
data: {moments: {n: 100, correlation: {a: [], b: [0.4], y: [0.5, 0.3]}}}
ols:
importance:
"""
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    study, model = load_study(tmp_path / "s.yaml")
    table = run_engines(study, model, read_inputs(study, model), ("ols",)).importance
    assert table is not None
    both = (0.25 + 0.09 - 2 * 0.5 * 0.3 * 0.4) / (1 - 0.16)
    assert table["lmg"].tolist() == pytest.approx([(0.25 + both - 0.09) / 2, (0.09 + both - 0.25) / 2])
    assert table["lmg_ci_lower"].isna().all()
    assert (table["replicates"] == 0).all()


def test_coverage_of_shares_in_simulated_surveys() -> None:
    """Of 300 surveys of 400, 95 % intervals of LMG hold the population's in 95 ± 3.2 % (2.5 SE)."""
    rng = np.random.default_rng(11)
    truth = np.array([[1, 0.4, 0.2, 0.5], [0.4, 1, 0.3, 0.4], [0.2, 0.3, 1, 0.3], [0.5, 0.4, 0.3, 1]])
    equation = Equation("y", ("a", "b", "c"), ("", "", ""))
    study = Study(study="s", model=None, data={"file": "a.csv"})
    exact = [row["lmg"] for row in divided("ols", "all", equation, study, truth, None, 1)]
    inside = np.zeros(3)
    for _ in range(300):
        rows = rng.multivariate_normal(np.zeros(4), truth, 400)
        drawn = rng.multinomial(400, np.full(400, 1 / 400), 300)
        means = drawn @ rows / 400
        covs = np.einsum("rn,ni,nj->rij", drawn, rows, rows, optimize=True) / 400
        covs -= means[:, :, None] * means[:, None]
        found = divided("ols", "all", equation, study, np.cov(rows.T), covs, 400)
        inside += [
            row["lmg_ci_lower"] < true < row["lmg_ci_upper"] for row, true in zip(found, exact, strict=True)
        ]
    assert (np.abs(inside / 300 - 0.95) < 2.5 * np.sqrt(0.95 * 0.05 / 300)).all(), inside


def test_a_design_that_lets_nothing_be_drawn_leaves_the_betas(tmp_path: Path) -> None:
    """One cluster in a stratum shows no variance: controls have no intervals, the study runs on."""
    text = STUDY.replace("importance: {replicates: 200}", "").replace(
        "cluster: org", "strata: lonely, cluster: org"
    )
    frame = answers()
    frame["lonely"] = np.where(frame["organisation"] == 7, "one", "others")
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "study.yaml").write_text(text + "ols: {se: classical}\n", encoding="utf-8")
    study, model = load_study(tmp_path / "study.yaml")
    table = run_engines(study, model, read_inputs(study, model), ("ols",)).controls
    assert table is not None
    assert table["beta_with"].notna().all()
    assert table["difference_ci_lower"].isna().all()
    assert (table["replicates"] == 0).all()


def test_groups_in_which_a_predictor_is_constant_have_no_shares(tmp_path: Path) -> None:
    frame = answers()
    frame.loc[frame["sector"] == "ZBO", "age"] = 40
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "study.yaml").write_text(STUDY + "ols:\n", encoding="utf-8")
    study, model = load_study(tmp_path / "study.yaml")
    table = run_engines(study, model, read_inputs(study, model), ("ols",)).importance
    assert table is not None
    assert set(table["group"]) == {"all", "Rijk", "GR"}
