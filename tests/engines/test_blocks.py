"""Blocks of predictors and bifactor indices: against lavaan 0.6-14, lm and closed forms."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from werksem.compare.models import model_pairs
from werksem.report.console import print_comparison
from werksem.report.folder import read_result
from werksem.report.html import render
from werksem.run import Request, run_study

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = REFERENCE / "blocks_data.csv"
ALL = ", ".join(f"x{i}" for i in range(1, 10))
THREE = "s1 =~ x1 + x2 + x3; s2 =~ x4 + x5 + x6; s3 =~ x7 + x8 + x9"


def reference(what: str) -> dict[str, float]:
    table = pd.read_csv(REFERENCE / "blocks.csv")
    return table[table["what"] == what].set_index("name")["value"].to_dict()


def run(place: Path, name: str, syntax: str, rest: str, data: str = "") -> Path:
    config = place / f"{name}.yaml"
    lines = "\n".join(f"    {line.strip()}" for line in syntax.split(";"))
    config.write_text(
        f"study: {name}\nmodel:\n  syntax: |\n{lines}\ndata: {{file: {DATA}{data}}}\n"
        f"{rest}report: {{formats: []}}\n"
    )
    folder, _ = run_study(Request(config, place / name, quiet=True))
    return folder


LATENT = f"{THREE}; y1 ~ s1 + s2 + s3; y2 ~ s1 + s2 + s3 + y1"
BLOCKS = "blocks: {climate: [s1, s2]}\n"


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_the_joint_test_of_latent_paths_is_lavaans_wald_test(estimator: str, tmp_path: Path) -> None:
    folder = run(tmp_path, "a", LATENT, f"sem: {{estimator: {estimator}}}\n{BLOCKS}")
    found = pd.read_csv(folder / "blocks.csv").set_index("outcome")
    theirs = reference(estimator)
    assert found["wald"]["y1"] == pytest.approx(theirs["wald"], rel=1e-4)
    assert found["wald"]["y2"] == pytest.approx(theirs["wald_y2"], rel=1e-4)
    assert found["pvalue"]["y2"] == pytest.approx(theirs["pvalue_y2"], rel=1e-3)
    assert found["df"].tolist() == [2, 2]
    if estimator == "MLR":
        assert found["r2"]["y1"] == pytest.approx(theirs["r2"], abs=1e-5)
        added = theirs["r2"] - theirs["r2_without"]
        assert found["delta_r2"]["y1"] == pytest.approx(added, abs=1e-5)


@pytest.mark.parametrize(("se", "data"), [("classical", ""), ("HC3", ""), ("cluster", ", cluster: team")])
def test_the_joint_test_of_ols_is_rs(se: str, data: str, tmp_path: Path) -> None:
    ols = f"ols: {{se: {se}}}\nblocks: {{climate: [x1, x4]}}\n"
    folder = run(tmp_path, "a", "y1 ~ x1 + x4 + x7 + x9", ols, data)
    row = pd.read_csv(folder / "blocks.csv").iloc[0]
    theirs, plain = reference("ols" if se == "classical" else se), reference("ols")
    wald = 2 * theirs["f"] if se == "classical" else theirs["wald"]
    assert row["wald"] == pytest.approx(wald, rel=1e-8)
    assert row["delta_r2"] == pytest.approx(plain["delta_r2"], abs=1e-10)
    assert (row["df"], row["df2"]) == (2, 39 if se == "cluster" else 795)
    if "pvalue" in theirs:
        assert row["pvalue"] == pytest.approx(theirs["pvalue"], rel=1e-6)


def test_moments_alone_give_the_same_joint_test(tmp_path: Path) -> None:
    names = ["x1", "x4", "x7", "x9", "y1"]
    R = pd.read_csv(DATA)[names].corr()
    rows = "\n".join(f"      {name}: [{', '.join(map(repr, map(float, R[name])))}]" for name in names)
    config = tmp_path / "a.yaml"
    config.write_text(
        f"study: a\nmodel: {{syntax: y1 ~ x1 + x4 + x7 + x9}}\ndata:\n  moments:\n    n: 800\n"
        f"    correlation:\n{rows}\nols: {{}}\nblocks: {{climate: [x1, x4]}}\nreport: {{formats: []}}\n"
    )
    folder, _ = run_study(Request(config, tmp_path / "out", quiet=True))
    row = pd.read_csv(folder / "blocks.csv").iloc[0]
    assert row["wald"] == pytest.approx(2 * reference("ols")["f"], rel=1e-8)


def test_a_fixed_path_is_not_counted(tmp_path: Path) -> None:
    folder = run(tmp_path, "a", f"{THREE}; y1 ~ s1 + 0*s2 + s3", f"sem: {{}}\n{BLOCKS}")
    row = pd.read_csv(folder / "blocks.csv").iloc[0]
    paths = pd.read_csv(folder / "estimates.csv").query("lhs == 'y1' and rhs == 's1' and op == '~'")
    assert row["df"] == 1
    assert row["wald"] == pytest.approx(paths["z"].iloc[0] ** 2, rel=1e-6)


BIFACTOR = (
    f"g =~ {' + '.join(ALL.split(', '))}; {THREE}; g ~~ 0*s1; g ~~ 0*s2; g ~~ 0*s3; s1 ~~ 0*s2; "
    "s1 ~~ 0*s3; s2 ~~ 0*s3"
)


def test_bifactor_indices_are_those_of_lavaans_solution(tmp_path: Path) -> None:
    folder = run(tmp_path, "a", BIFACTOR, "sem: {scaling: unit_variance}\n")
    found = pd.read_csv(folder / "bifactor.csv").set_index("factor")
    theirs = reference("bifactor")
    for name, value in theirs.items():
        if name != "chisq":
            factor, measure = name.split(".")
            assert found[measure][factor] == pytest.approx(value, abs=2e-5), name
    assert found["puc"]["g"] == pytest.approx(1 - 9 / 36)
    assert found["general"].tolist() == [True, False, False, False]
    # the population: loadings as in blocks.R, four standard errors wide
    general = np.array([0.70, 0.65, 0.60, 0.55, 0.70, 0.60, 0.65, 0.50, 0.60])
    own = np.array([0.45, 0.50, 0.40, 0.50, 0.40, 0.55, 0.35, 0.60, 0.45])
    truth = (general**2).sum() / (general**2 + own**2).sum()
    half = found["ecv_ci_upper"]["g"] - found["ecv"]["g"]
    assert 0.01 < half < 0.06
    assert abs(found["ecv"]["g"] - truth) < 2 * half
    page = render(read_result(folder))
    assert "Wat de algemene factor waard is" in page
    assert "g (algemeen)" in page


def test_residuals_that_correlate_are_in_the_variance_of_the_sum_of_items(tmp_path: Path) -> None:
    """Omega's denominator is the sum of the correlations that the model implies, whatever makes them."""
    folder = run(tmp_path, "a", f"{BIFACTOR}; x1 ~~ x4", "sem: {scaling: unit_variance}\n")
    std = pd.read_csv(folder / "estimates.csv").set_index(["lhs", "op", "rhs"])["std"]
    items = ALL.split(", ")
    own = {f"x{i}": f"s{(i + 2) // 3}" for i in range(1, 10)}
    left = {name: std[name, "~~", name] for name in items}
    twice = 2 * std["x1", "~~", "x4"] * np.sqrt(left["x1"] * left["x4"])  # a correlation of residuals
    found = pd.read_csv(folder / "bifactor.csv").set_index("factor")
    assert abs(twice) > 0.01
    for factor, inside, more in (("g", items, twice), ("s1", items[:3], 0.0), ("s2", items[3:6], 0.0)):
        general = sum(std["g", "=~", name] for name in inside) ** 2
        parts = {s: sum(std[s, "=~", n] for n in inside if own[n] == s) ** 2 for s in ("s1", "s2", "s3")}
        total = general + sum(parts.values()) + sum(left[name] for name in inside) + more
        omega_h = (general if factor == "g" else parts[factor]) / total
        assert found["omega_h"][factor] == pytest.approx(omega_h, abs=1e-8)
        assert found["omega"][factor] == pytest.approx((general + sum(parts.values())) / total, abs=1e-8)


def test_other_models_have_no_bifactor_table(tmp_path: Path) -> None:
    assert not (run(tmp_path, "a", THREE, "sem: {}\n") / "bifactor.csv").exists()


def test_two_predictors_alike_are_named_tested_together_and_given_an_alternative(tmp_path: Path) -> None:
    """Items of one factor split over two constructs: HTMT is near 1."""
    split = "s1 =~ x1 + x4 + x7; s2 =~ x2 + x5 + x8; y1 ~ s1 + s2"
    folder = run(tmp_path, "a", split, "sem: {}\n")
    row = pd.read_csv(folder / "blocks.csv").iloc[0]
    assert row["block"] == "s1 + s2"
    assert row["delta_r2"] == pytest.approx(row["r2"])
    page = render(read_result(folder))
    assert "Blokken van voorspellers, samen getoetst" in page
    assert "s1, s2 zijn als voorspellers van y1 moeilijk te onderscheiden (HTMT 1,1" in page
    manifest = (folder / "manifest.json").read_text()
    assert "overlap: s1, s2 are hard to tell apart as predictors of y1 (HTMT 1.1" in manifest
    assert "p <0.001; fit a model with one common factor beside this one" in manifest


def test_folders_without_paths_are_compared_by_fit(tmp_path: Path) -> None:
    folders = [run(tmp_path, name, text, "sem: {}\n") for name, text in (("three", THREE), ("bi", BIFACTOR))]
    console = Console(file=io.StringIO(), width=80)
    table = print_comparison(folders, console)
    said = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert table.empty
    assert "Passing van de modellen" in said
    assert re.search(r"B A ja [\d,]+ 6 ", said)
    assert "bi is een bifactormodel: ω_h ,77, ECV ,64. Kies het niet op passing alleen" in said
    assert "De modellen verschillen" not in said


def pairs(tmp_path: Path) -> pd.DataFrame:
    robust = "sem: {estimator: MLR, scaling: unit_variance}\n"
    one = f"g =~ {' + '.join(ALL.split(', '))}"
    second = f"{THREE}; g =~ s1 + s2 + s3"
    crossed = "s1 =~ x1 + x2 + x4; s2 =~ x3 + x5 + x6; s3 =~ x7 + x8 + x9"
    models = {"one": one, "three": THREE, "second": second, "bifactor": BIFACTOR, "crossed": crossed}
    folders = [run(tmp_path, name, syntax, robust) for name, syntax in models.items()]
    return model_pairs(folders).set_index(["narrow", "wide"])


def test_which_models_are_nested_is_found_by_fitting(tmp_path: Path) -> None:
    """One factor in three, both in the bifactor; three crossed factors in neither; the second order of
    three first-order factors is the three correlated factors (Bentler & Satorra, 2010)."""
    found = pairs(tmp_path)
    assert found["nested"]["one", "three"] == "yes"
    assert found["nested"]["one", "bifactor"] == "yes"
    assert found["nested"]["one", "second"] == "yes"
    assert found["nested"]["three", "bifactor"] == "yes"
    assert found["nested"]["crossed", "three"] == "no"
    assert found["nested"]["second", "three"] == "equivalent"
    assert found["nested"]["crossed", "bifactor"] == "no"
    assert np.isnan(found["delta_chisq"]["crossed", "bifactor"])
    assert np.isfinite(found["delta_bic"]["crossed", "bifactor"])
    theirs, row = reference("lrt"), found.loc[("one", "three")]
    assert row["delta_chisq"] == pytest.approx(theirs["delta_chisq"], rel=1e-3)
    assert row["delta_df"] == theirs["delta_df"]
    assert row["delta_cfi"] == pytest.approx(theirs["delta_cfi"], abs=1e-4)
    assert row["delta_bic"] == pytest.approx(theirs["delta_bic"], abs=1e-2)


def test_a_robust_fit_and_a_plain_one_are_compared_plainly(tmp_path: Path) -> None:
    one = run(tmp_path, "one", f"g =~ {' + '.join(ALL.split(', '))}", "sem: {}\n")
    three = run(tmp_path, "three", THREE, "sem: {estimator: MLR}\n")
    row = model_pairs([one, three]).iloc[0]
    plain = [pd.read_csv(f / "fit.csv").set_index("measure")["value"]["chisq"] for f in (one, three)]
    assert row["delta_chisq"] == pytest.approx(plain[0] - plain[1])


def test_other_rows_or_variables_are_not_compared(tmp_path: Path) -> None:
    whole = run(tmp_path, "whole", THREE, "sem: {}\n")
    fewer = run(tmp_path, "fewer", "s1 =~ x1 + x2 + x3; s2 =~ x4 + x5 + x6", "sem: {}\n")
    part = run(tmp_path, "part", THREE, "sem: {}\n", ", where: team < 30")
    found = model_pairs([whole, fewer, part]).set_index(["narrow", "wide"])
    assert set(found["nested"]) == {"other variables", "other data"}
    assert found[["delta_chisq", "delta_bic"]].isna().all(axis=None)
