"""Every rung of the beta passport against lavaan 0.6-14 and lm (tests/reference/passport.R)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from werksem.run import Request, run_study

REFERENCE = Path(__file__).parents[1] / "reference"
MEASURED = ["A =~ a1 + a2 + a3", "B =~ b1 + b2", "C =~ c1 + c2 + c3 + c4", "Y =~ y1 + y2 + y3"]


def study_of(place: Path, name: str, structural: list[str], rest: str, data: str = "") -> Path:
    """Run a study of the reference data; return its result folder."""
    lines = "\n".join(f"    {line}" for line in (*MEASURED, *structural))
    config = place / f"{name}.yaml"
    file = REFERENCE / "passport_data.csv"
    config.write_text(
        f"study: {name}\nmodel:\n  syntax: |\n{lines}\ndata: {{file: {file}{data}}}\n"
        f"ols: {{se: classical}}\n{rest}report: {{formats: []}}\n",
        encoding="utf-8",
    )
    folder, _ = run_study(Request(config, place / name, quiet=True))
    return folder


def rungs_of(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "passport.csv").set_index(["rung", "lhs", "rhs"]).sort_index()


def expected(case: str) -> pd.DataFrame:
    table = pd.read_csv(REFERENCE / "passport.csv")
    return table[(table["case"] == case) & ~table["rung"].isin(["alpha", "omega"])]


def beside(folder: Path, case: str) -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    """Return (ours, theirs): (rung, lhs, rhs) -> beta, of every rung that R has of the case."""
    theirs = expected(case).set_index(["rung", "lhs", "rhs"])["std"].to_dict()
    assert theirs
    ours = rungs_of(folder)["std"]
    return {path: ours.loc[path] for path in theirs}, theirs


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    structural = ["Y ~ A + B + C", "leave ~ A + B + C"]
    return study_of(tmp_path_factory.mktemp("plain"), "plain", structural, "sem: {engine: werksem}\n")


def test_regressions_reliability_sem_and_wlsmv_are_theirs(plain: Path) -> None:
    ours, theirs = beside(plain, "plain")
    assert ours == pytest.approx(theirs, abs=2e-5)


def test_a_ladder_stands_on_itself_and_sums(plain: Path) -> None:
    found = rungs_of(plain)
    for (rung, lhs, rhs), row in found[found["base"].notna()].iterrows():
        below = found.loc[(row["base"], lhs, rhs), "std"]
        assert below + row["delta"] == pytest.approx(row["std"], abs=1e-9), rung
    whole = found["std"].unstack("rung")
    main = found["delta"].unstack("rung")[["rows", "corrected", "sem"]].sum(axis=1)
    assert main.to_numpy() == pytest.approx((whole["sem"] - whole["ols"]).to_numpy(), abs=1e-9)
    assert set(found["explains"].dropna()) == {"rows", "attenuation", "measurement", "ordinality"}


def test_n_says_on_which_rows_a_rung_stands(plain: Path) -> None:
    n = rungs_of(plain)["n"].unstack("rung").loc["Y"].iloc[0]
    data = pd.read_csv(REFERENCE / "passport_data.csv")
    assert n["rows"] == n["sem"] == n["ordinal"] == data.dropna().shape[0]
    assert n["ols"] == len(data)


def test_the_ordinal_rung_of_a_yes_or_no_outcome_is_a_probit_without_a_say(plain: Path) -> None:
    found = rungs_of(plain)
    assert found.loc["ordinal", "leave"]["note"].str.contains("probit").all()
    probit = found.loc["ordinal", "leave", "B"]
    assert abs(probit["delta"]) > 0.05
    assert pd.isna(probit["flag"])
    rows = found.xs(("leave", "C"), level=("lhs", "rhs"))
    assert set(rows["verdict"]) == {"agree"}


def test_weights_and_controls_are_rungs(tmp_path: Path) -> None:
    folder = study_of(
        tmp_path, "weighted", ["Y ~ A + B + C + age"],
        "sem: {estimator: MLR, engine: werksem}\nblocks: {controls: [age]}\n", ", weights: w",
    )  # fmt: skip
    ours, theirs = beside(folder, "weighted")
    assert ours == pytest.approx(theirs, abs=2e-5)
    found = rungs_of(folder)
    assert found.loc[("ols", "Y", "A"), "explains"] == "weights"
    assert found.loc[("predictors", "Y", "A"), "explains"] == "controls"
    # a control begins where it comes in
    assert pd.isna(found.loc[("predictors", "Y", "age"), "base"])
    assert ("ols", "Y", "age") not in found.index
    # age is no answer in a few categories
    assert "ordinal" not in found.index.get_level_values("rung")


def test_rows_with_blanks_are_a_step_of_their_own(tmp_path: Path) -> None:
    folder = study_of(tmp_path, "blanks", ["Y ~ A + B + C"], "sem: {engine: werksem}\n", ", missing: fiml")
    ours, theirs = beside(folder, "blanks")
    assert ours == pytest.approx(theirs, abs=2e-5)
    row = rungs_of(folder).loc[("full_information", "Y", "B")]
    assert (row["base"], row["explains"]) == ("sem", "blanks")
    assert row["delta_ci_lower"] < row["delta"] < row["delta_ci_upper"]


def test_a_study_of_ordered_items_steps_from_numbers_to_categories(tmp_path: Path) -> None:
    folder = study_of(
        tmp_path, "ordered", ["Y ~ A + B + C"], "sem: {estimator: WLSMV, engine: werksem}\n", ", ordered: all"
    )
    found = rungs_of(folder)
    assert found.loc[("sem", "Y", "B"), "explains"] == "measurement"
    assert found.loc[("ordinal", "Y", "B"), "base"] == "sem"
    estimates = pd.read_csv(folder / "estimates.csv")
    own = estimates[(estimates["engine"] == "sem") & (estimates["op"] == "~")].set_index("rhs")["std"]
    assert found.loc[("ordinal", "Y", "B"), "std"] == pytest.approx(own["B"], abs=1e-9)
    row = found.loc[("ordinal", "Y", "B")]
    assert row["delta_ci_lower"] < row["delta"] < row["delta_ci_upper"]


def test_equal_studies_give_equal_bytes(plain: Path, tmp_path: Path) -> None:
    again = study_of(tmp_path, "plain", ["Y ~ A + B + C", "leave ~ A + B + C"], "sem: {engine: werksem}\n")
    assert (again / "passport.csv").read_bytes() == (plain / "passport.csv").read_bytes()


def test_with_too_few_complete_rows_blanks_have_the_only_sem(tmp_path: Path) -> None:
    table = pd.read_csv(REFERENCE / "passport_data.csv")
    items = [name for name in table.columns if name[0] in "abcy" and name != "age"]
    # everyone leaves one item blank, in turn
    for at, item in enumerate(items):
        table.loc[table.index % len(items) == at, item] = None
    table.to_csv(tmp_path / "blanks.csv", index=False)
    config = tmp_path / "few.yaml"
    lines = "\n".join(f"    {line}" for line in (*MEASURED, "Y ~ A + B + C"))
    config.write_text(
        f"study: few\nmodel:\n  syntax: |\n{lines}\ndata: {{file: blanks.csv, missing: fiml}}\n"
        "ols: {}\nsem: {engine: werksem}\nreport: {formats: []}\n",
        encoding="utf-8",
    )
    folder, _ = run_study(Request(config, tmp_path / "few", quiet=True))
    found = rungs_of(folder)
    assert "fewer complete rows" in found.loc[("rows", "Y", "A"), "note"]
    row = found.loc[("full_information", "Y", "A")]
    assert (row["base"], row["explains"]) == ("ols", "attenuation+measurement+blanks")
