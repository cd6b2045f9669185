"""The tables on measurement quality and design, as a study writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import data_of
from werksem.engines.all import Results, run_engines
from werksem.inference.reliability import alpha
from werksem.inputs import read_inputs
from werksem.spec.load import load_study

CONTRACT = ["construct", "alpha", "omega", "ave", "items"]
STUDY = """
study: quality
language: en
model:
  model: quality
  measurement:
    visual: {{items: [x1, x2, x3]}}
    textual: {{items: [x4, x5, x6]{reversed}}}
    speed: {{items: [x7, x8, x9]}}
    grade: {{items: [agemo]}}
  structural: {{speed: [visual, textual, grade]}}
data: {{file: data.csv{data}}}
sem: {{engine: werksem{sem}}}
{more}
"""


def run(
    folder: Path, data: pd.DataFrame | None = None, *, spec: str = "", sem: str = "", more: str = "",
    scale: str = "", wanted: tuple[str, ...] = ("sem", "bootstrap"),
) -> Results:  # fmt: skip
    frame = data_of("holzinger_full") if data is None else data
    frame.to_csv(folder / "data.csv", index=False)
    path = folder / "study.yaml"
    path.write_text(STUDY.format(data=spec, sem=sem, more=more, reversed=scale))
    study, model = load_study(path)
    inputs = read_inputs(study, model)
    return run_engines(study, model, inputs, wanted, quiet=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Results:
    more = "bootstrap: {replicates: 300, interval: percentile}"
    return run(tmp_path_factory.mktemp("plain"), spec=", group: school", more=more)


def test_reliability_begins_with_the_promised_columns_and_has_its_intervals(plain: Results) -> None:
    table = plain.reliability
    assert table is not None
    assert list(table.columns[:5]) == CONTRACT
    assert table["construct"].tolist() == ["visual", "textual", "speed", "grade"]
    assert table["group"].eq("all").all()
    several = table[table["items"] > 1]
    for key in ("alpha", "omega", "ave"):
        assert (several[f"{key}_ci_lower"] < several[key]).all()
        assert (several[key] < several[f"{key}_ci_upper"]).all()
    assert several["omega_method"].eq("bootstrap").all()
    assert table.loc[table["items"] == 1, ["alpha", "omega", "alpha_ci_lower"]].isna().all(axis=None)
    assert several["omega_ordinal"].isna().all()


def test_intervals_of_alpha_and_omega_are_about_as_wide_by_bootstrap_and_by_delta(
    plain: Results, tmp_path: Path
) -> None:
    delta = run(tmp_path, sem=", estimator: MLR").reliability
    table = plain.reliability
    assert delta is not None
    assert table is not None
    assert delta["omega_method"].tolist() == ["delta", "delta", "delta", ""]
    for key in ("omega", "ave"):
        wide = [(t[f"{key}_ci_upper"] - t[f"{key}_ci_lower"]).iloc[:3] for t in (table, delta)]
        assert wide[0].to_numpy() == pytest.approx(wide[1].to_numpy(), rel=0.2)
    # the same resamples whichever engine ran
    assert table["alpha_ci_lower"].equals(delta["alpha_ci_lower"])


def test_items_describe_those_who_answered_and_the_fit(plain: Results) -> None:
    table, data = plain.items, data_of("holzinger_full")
    assert table is not None
    assert len(table) == 10
    row = table.set_index("item").loc["x2"]
    assert row["mean"] == pytest.approx(data["x2"].mean())
    assert row["sd"] == pytest.approx(data["x2"].std(ddof=1))
    assert row["item_rest"] == pytest.approx(data["x2"].corr(data["x1"] + data["x3"]))
    assert row["item_rest_ci_lower"] < row["item_rest"] < row["item_rest_ci_upper"]
    assert row["alpha_if_dropped"] == pytest.approx(float(alpha(data[["x1", "x3"]].cov().to_numpy())))
    loading = plain.engines[0].estimates.query("op == '=~' and rhs == 'x2'")["std"].iloc[0]
    assert row["loading"] == pytest.approx(loading)
    assert np.isnan(row["floor"])
    assert table["note"].eq("").all()


def test_htmt_has_every_pair_and_says_which_are_distinct(plain: Results) -> None:
    table = plain.htmt
    assert table is not None
    pairs = list(zip(table["lhs"], table["rhs"], strict=True))
    assert pairs == [("visual", "textual"), ("visual", "speed"), ("textual", "speed")]
    assert table["ok"].tolist() == (table["htmt"] < 0.85).tolist()
    assert (table["htmt_ci_lower"] < table["htmt"]).all()
    assert (table["htmt"] < table["htmt_ci_upper"]).all()


def test_design_tells_of_groups(plain: Results) -> None:
    table = plain.design
    assert table is not None
    assert table["design"].eq("group").all()
    assert table["column"].eq("school").all()
    assert table["variable"].tolist() == ["visual", "textual", "speed", "grade"]
    assert table["units"].eq(2).all()


def test_groups_have_rows_of_their_own(tmp_path: Path) -> None:
    done = run(tmp_path, spec=", group: school", sem=", multigroup: true")
    data = data_of("holzinger_full")
    assert done.reliability is not None
    assert done.items is not None
    table = done.reliability.set_index(["group", "construct"])
    for school, part in data.groupby("school"):
        expected = float(alpha(part[["x4", "x5", "x6"]].cov().to_numpy()))
        assert table.loc[(school, "textual"), "alpha"] == pytest.approx(expected)
        row = done.items.query("group == @school and item == 'x1'").iloc[0]
        assert row["mean"] == pytest.approx(part["x1"].mean())
    assert len(done.items) == 20


def test_blanks_enter_pairwise_around_the_estimate_of_full_information(tmp_path: Path) -> None:
    data = data_of("holzinger_full").copy()
    rng = np.random.default_rng(1)
    items = [f"x{i}" for i in range(1, 10)]
    data[items] = data[items].mask(rng.random((len(data), 9)) < 0.1)
    done = run(tmp_path, data, spec=", missing: fiml")
    table = done.reliability
    assert table is not None
    several = table[table["items"] > 1]
    assert (several["alpha_ci_lower"] < several["alpha"]).all()
    assert (several["alpha"] < several["alpha_ci_upper"]).all()
    whole = run(tmp_path).reliability
    assert whole is not None
    wide = [(t["alpha_ci_upper"] - t["alpha_ci_lower"]).iloc[:3].to_numpy() for t in (table, whole)]
    assert (wide[0] < 1.6 * wide[1]).all()
    assert done.items is not None
    assert done.items["n"].tolist()[:9] == data[items].notna().sum().tolist()


def test_ordered_items_have_ordinal_alpha_and_omega(tmp_path: Path) -> None:
    data = data_of("holzinger_full").copy()
    items = [f"x{i}" for i in range(1, 10)]
    for item in items:
        data[item] = np.digitize(data[item], np.quantile(data[item], [0.2, 0.5, 0.8])) + 1.0
    listed = ", ".join(items)
    table = run(tmp_path, data, spec=f", ordered: [{listed}]", sem=", estimator: WLSMV").reliability
    assert table is not None
    several = table[table["items"] > 1]
    # of what lies behind the answers, and of the answers themselves
    assert (several["alpha_ordinal"] > several["alpha"]).all()
    assert (several["omega_ordinal"] < several["omega"]).all()
    assert several["omega_ordinal"].to_numpy() == pytest.approx(several["alpha"].to_numpy(), abs=0.03)


def test_a_scale_with_floor_and_a_reversed_item(tmp_path: Path) -> None:
    data = data_of("holzinger_full").copy()
    for item in ("x4", "x5", "x6"):
        data[item] = np.digitize(data[item], np.quantile(data[item], [0.3, 0.6, 0.9])) + 1.0
    data["x5"] = 5 - data["x5"]
    table = run(tmp_path, data, scale=", scale: [1, 4]").items
    assert table is not None
    row = table.set_index("item").loc["x5"]
    assert row["note"] == "runs against the others: reversed keying?"
    assert (table["note"] != "").sum() == 1
    assert row["floor"] == pytest.approx((data["x5"] == 1).mean())
    assert row["ceiling"] == pytest.approx((data["x5"] == 4).mean())
    table = run(tmp_path, data, scale=", scale: [1, 4], reversed: [x5]").items
    assert table is not None
    row = table.set_index("item").loc["x5"]
    assert row["note"] == ""
    assert row["floor"] == pytest.approx((data["x5"] == 4).mean())


def test_moments_alone_give_alpha_an_interval_and_name_what_looks_reversed(tmp_path: Path) -> None:
    data = data_of("holzinger_full")[["x1", "x2", "x3"]].copy()
    data["x3"] = -data["x3"]
    R = data.corr()
    lines = "\n".join(f"      {name}: {R.loc[name].round(6).tolist()}" for name in R)
    path = tmp_path / "study.yaml"
    path.write_text(
        "study: m\nmodel: {model: m, measurement: {f: {items: [x1, x2, x3]}}}\n"
        f"data:\n  moments:\n    n: 301\n    correlation:\n{lines}\nsem: {{engine: werksem}}\n"
    )
    study, model = load_study(path)
    done = run_engines(study, model, read_inputs(study, model), ("sem",), quiet=True)
    assert done.design is None
    assert done.reliability is not None
    assert done.items is not None
    row = done.reliability.iloc[0]
    assert row["alpha_ci_lower"] < row["alpha"] < row["alpha_ci_upper"]
    assert done.items["item_rest_ci_lower"].isna().all()
    warnings = done.engines[0].warnings
    assert [text for text in warnings if text.startswith("reversed keying: x3 correlates -0.")]


def test_a_heywood_case_is_named_in_the_warnings(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    R = {"x1": [1.0], "x2": [0.8, 1.0], "x3": [0.8, 0.5, 1.0]}
    lines = "\n".join(f"      {name}: {row}" for name, row in R.items())
    path.write_text(
        "study: m\nmodel: {model: m, measurement: {f: {items: [x1, x2, x3]}}}\n"
        f"data:\n  moments:\n    n: 100\n    correlation:\n{lines}\nsem: {{engine: werksem}}\n"
    )
    study, model = load_study(path)
    done = run_engines(study, model, read_inputs(study, model), ("sem",), quiet=True)
    assert (done.engines[0].estimates["status"] == "heywood").all()
    (said,) = done.engines[0].warnings
    # r12 r13 / r23 = 1.28 of a variance of .99 of x1 with divisor n
    assert said == "heywood: the residual variance of x1 is -0.277, below zero"
