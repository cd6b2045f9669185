"""Every scheme from study file to result folder: what is drawn, against outside numbers where there are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.bootstrap.replicate_cases import drawn_units, prepared, replicates_of
from tests.cases import REFERENCE, data_of
from tests.fiml_cases import blanked
from werksem.errors import DataError
from werksem.intervals import INTERVALS
from werksem.run import Request, run_study

ITEMS = tuple(f"x{k}" for k in range(1, 10))
FACTORS = """
  measurement: {visual: {items: [x1, x2, x3]}, textual: {items: [x4, x5, x6]}, speed: {items: [x7, x8, x9]}}
"""
MODEL = (
    FACTORS
    + """
  structural: {textual: [visual], speed: [visual, textual]}
  effects: {enumerate: {from: [visual], to: [speed]}}
"""
)
PLAIN = "file: whole.csv"
DESIGN = "file: whole.csv, cluster: team, strata: region"


def run(place: Path, name: str, data: str, bootstrap: str, sem: str = "", model: str = MODEL) -> Path:
    """Run a study through its file, without a report; return its folder."""
    text = f"study: {name}\nlanguage: en\nmodel:\n  model: tiny{model}\ndata: {{{data}}}\nsem: {{{sem}}}\n"
    (place / f"{name}.yaml").write_text(f"{text}bootstrap: {{{bootstrap}}}\nreport: {{formats: []}}\n")
    return run_study(Request(place / f"{name}.yaml", place / name, jobs=2, quiet=True))[0]


def bootstrapped(folder: Path, op: str = "~") -> pd.DataFrame:
    table = pd.read_csv(folder / "estimates.csv")
    return table[(table["engine"] == "bootstrap") & (table["op"] == op)]


def warnings_of(folder: Path) -> list[str]:
    return json.loads((folder / "manifest.json").read_text())["warnings"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holzinger's pupils in 40 teams of two schools, three regions; replicate weights of resampled pupils."""
    folder = tmp_path_factory.mktemp("schemes")
    row = np.arange(301)
    whole = data_of("holzinger").reset_index(drop=True)
    whole = whole.assign(
        team=[f"{school}{k}" for school, k in zip(whole["school"], row % 20, strict=True)],
        across=row % 20, region=np.select([row % 20 < 8, row % 20 < 14], ["n", "m"], "s"),
        sampled=0.6, weight=3 + (row % 5) / 2,
    )  # fmt: skip
    rng = np.random.default_rng(5)
    times = np.stack([np.bincount(rng.integers(0, 301, 301), minlength=301) for _ in range(80)], axis=1)
    whole = whole.join(pd.DataFrame(
        whole[["weight"]].to_numpy() * times, columns=[f"r_{k}" for k in range(80)]
    ))  # fmt: skip
    whole.to_csv(folder / "whole.csv", index=False)
    blanked(whole, ITEMS).to_csv(folder / "blanks.csv", index=False)
    return folder


SCHEMES = {
    "cases": (PLAIN, "scheme: cases", ""),
    "strata": (DESIGN, "scheme: strata", ""),
    "cluster": ("file: whole.csv, cluster: team", "scheme: cluster", ""),
    "rao_wu": (DESIGN, "scheme: cluster", ""),
    "fpc": (DESIGN + ", fpc: sampled", "scheme: cluster", ""),
    "parametric": (PLAIN, "scheme: parametric", ""),
    "groups_cases": (PLAIN + ", group: school", "scheme: cases", "multigroup: true"),
    "groups_strata": (DESIGN + ", group: school", "scheme: strata", "multigroup: true"),
    "groups_cluster": (DESIGN + ", group: school", "scheme: cluster", "multigroup: true"),
    "groups_parametric": (PLAIN + ", group: school", "scheme: parametric", "multigroup: true"),
    "fiml_cluster": ("file: blanks.csv, missing: fiml, cluster: team", "scheme: cluster", ""),
    "fiml_rao_wu": (
        "file: blanks.csv, missing: fiml, cluster: team, strata: region", "scheme: cluster", ""
    ),
    "fiml_strata": ("file: blanks.csv, missing: fiml, strata: region", "scheme: strata", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_gives_errors_near_those_of_the_sandwich(place: Path, name: str) -> None:
    """Robust errors (of clusters where the data have them) and 400 replicates' spread, by the median path."""
    data, scheme, sem = SCHEMES[name]
    robust = sem + (", " if sem else "") + "estimator: MLR"
    folder = run(place, name, data, f"replicates: 400, {scheme}", robust)
    table = pd.read_csv(folder / "estimates.csv")
    free = table[(table["op"].isin(["=~", "~"])) & table["se"].notna()]
    ours, theirs = (free[free["engine"] == engine]["se"].to_numpy() for engine in ("bootstrap", "sem"))
    expected = np.sqrt(0.4) if name == "fpc" else 1.0
    # clusters of 7 pupils say little about their own spread; school by school there are heavy tails
    assert np.median(ours / theirs) == pytest.approx(expected, rel=0.2)
    assert ("one-step" in bootstrapped(folder)["method"].iloc[0]) == name.startswith("fiml")


@pytest.mark.parametrize("kind", INTERVALS)
def test_limits_agree_with_p_values(place: Path, kind: str) -> None:
    folder = run(place, f"limits_{kind}", PLAIN, f"replicates: 600, interval: {kind}")
    found = pd.concat([bootstrapped(folder), bootstrapped(folder, ":=")])
    assert len(found) == 6
    assert set(found["method"]) == {kind}
    excluded = (found["ci_lower"] > 0) | (found["ci_upper"] < 0)
    assert ((found["pvalue"] < 0.05) == excluded).all()
    table = pd.read_csv(folder / "intervals.csv")
    assert set(table["interval"]) >= {*INTERVALS, "band"}
    paths = table[(table["op"] == "~") & (table["interval"] != "band")]
    counts = paths.groupby(["interval", "metric", "lhs", "rhs"]).size()
    assert (counts == 1).all()
    assert len(counts) >= len(INTERVALS) * 2 * 3
    numbers = paths[["estimate", "lower", "upper", "pvalue"]]
    assert numbers.notna().all(axis=None)
    outside = (paths["lower"] > 0) | (paths["upper"] < 0)
    assert ((paths["pvalue"] < 0.05) == outside).all()
    own = paths[(paths["interval"] == kind) & (paths["metric"] == "raw")]
    assert np.allclose(own["lower"], bootstrapped(folder)["ci_lower"])
    assert np.allclose(own["upper"], bootstrapped(folder)["ci_upper"])


def test_monte_carlo_limits_come_from_normal_draws(place: Path) -> None:
    """For a path they are the Wald limits, but for the noise of 20,000 draws; replicates play no part."""
    few = run(place, "few", PLAIN, "replicates: 64, interval: monte_carlo")
    many = run(place, "many", PLAIN, "replicates: 256, interval: monte_carlo")
    columns = ["ci_lower", "ci_upper", "pvalue"]
    assert np.allclose(bootstrapped(few)[columns], bootstrapped(many)[columns])
    table = pd.read_csv(few / "estimates.csv")
    wald = table[(table["engine"] == "sem") & (table["op"] == "~")]
    assert np.allclose(bootstrapped(few)[columns[:2]], wald[columns[:2]], atol=0.05 * wald["se"].max())


def indices_file(place: Path, name: str) -> str:
    """Write a shuffled copy of the data and its resamples, rows numbered as they stand; return its name."""
    ready = prepared(name)
    order = np.random.default_rng(8).permutation(len(ready.table))
    order = order[np.argsort(order != 0, kind="stable")]  # the first group stays the first
    shuffled = ready.table.iloc[order]
    shuffled.to_csv(place / f"{name}_data.csv", index=False)
    places = np.concatenate([people.place for people in ready.respondents])
    stands = np.argsort(order)
    pd.DataFrame(stands[places[drawn_units(name)]]).to_csv(place / f"{name}_rows.csv", index=False)
    return f"{name}_data.csv"


@pytest.mark.parametrize("name", ["intercepts", "groups", "groups_equal"])
def test_given_resamples_number_the_rows_as_they_stand(place: Path, name: str) -> None:
    """Groups in turns through the file: the replicates are those that equal lavaan's."""
    data = f"file: {indices_file(place, name)}" + (", group: school" if name != "intercepts" else "")
    sem = "meanstructure: true" + (", multigroup: true" if name != "intercepts" else "")
    sem += ", group_equal: [loadings, intercepts]" if name == "groups_equal" else ""
    folder = run(place, f"given_{name}", data, f"indices: {name}_rows.csv", sem, FACTORS)
    found, expected = pd.read_parquet(folder / "bootstrap.parquet"), replicates_of(name)
    assert list(found["status"]) == list(expected.status)
    solved = expected.status != "not_converged"
    theta = found[list(prepared(name).model.parameters)].to_numpy(dtype=float)
    assert np.allclose(theta[solved], expected.theta[solved], rtol=1e-5, atol=1e-5)


def test_given_resamples_of_blanks_number_the_rows_as_they_stand(place: Path) -> None:
    """FIML's one step in joint groups: the order of the file makes no difference."""
    prepared("groups")
    indices_file(place, "groups")
    drawn = drawn_units("groups")
    ready = prepared("groups")
    places = np.concatenate([people.place for people in ready.respondents])
    ready.table.to_csv(place / "sorted.csv", index=False)
    pd.DataFrame(places[drawn]).to_csv(place / "sorted_rows.csv", index=False)
    theta = [
        pd.read_parquet(
            run(place, f"order_{name}", f"file: {file}, missing: fiml, group: school", f"indices: {rows}",
                "multigroup: true", FACTORS) / "bootstrap.parquet"
        ) for name, file, rows in (("sorted", "sorted.csv", "sorted_rows.csv"),
                                   ("mixed", "groups_data.csv", "groups_rows.csv"))
    ]  # fmt: skip
    names = list(ready.model.parameters)
    assert np.allclose(theta[0][names].to_numpy(float), theta[1][names].to_numpy(float), atol=1e-5)
    assert theta[0][names].std().min() > 0


def test_bollen_stine_by_given_resamples_is_lavaans(place: Path) -> None:
    reference = pd.read_csv(REFERENCE / "bollen_stine.csv")
    expected = reference.loc[reference["means"] == "false", "chisq"].to_numpy()
    rows = REFERENCE / "bollen_stine_indices.csv"
    folder = run(place, "bollen", PLAIN, f"scheme: bollen-stine, indices: {rows}", "", FACTORS)
    found = pd.read_parquet(folder / "bootstrap.parquet")
    assert found["chisq"].to_numpy(dtype=float) == pytest.approx(expected[1:], abs=1e-5)
    fit = pd.read_csv(folder / "fit.csv").query("engine == 'bootstrap'").set_index("measure")["value"]
    assert fit["pvalue_bollen_stine"] == np.mean(expected[1:] > expected[0])
    assert fit["chisq"] == pytest.approx(expected[0], abs=1e-5)


KINDS = {
    "bootstrap": "columns: 'bootstrap_*', type: bootstrap",
    "jk1": "columns: 'jk1_*', type: jk1",
    "brr": "columns: 'brr_*', type: brr",
    "fay": "columns: 'fay_*', type: fay, rho: 0.3",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_regression_with_replicate_weights_is_svyglms(place: Path, kind: str) -> None:
    data = f"file: {REFERENCE / 'survey_sample.csv'}, weights: weight, replicate_weights: {{{KINDS[kind]}}}"
    model = "\n  syntax: 'y ~ x1 + x2'\n"
    found = bootstrapped(run(place, f"svy_{kind}", data, "scheme: replicate_weights", "", model))
    survey = pd.read_csv(REFERENCE / "survey_replicates.csv").query("design == @kind")
    for quantity, column in (("est", "est"), ("se", "se")):
        own = survey[survey["quantity"] == quantity].set_index("name")["value"]
        assert found[column].to_numpy() == pytest.approx(own[["b_x1", "b_x2"]].to_numpy(), abs=1e-6)
    assert set(found["method"]) == {"t"}


def test_one_step_takes_replicate_weights_beside_the_sampling_weight(place: Path) -> None:
    """FIML of complete rows is ML: its one step has the spread of ML's refits by the same weights."""
    data = "file: whole.csv, weights: weight, replicate_weights: {columns: 'r_*', type: bootstrap}"
    refits = bootstrapped(run(place, "refits", data, "scheme: replicate_weights"))
    steps = bootstrapped(run(place, "steps", data + ", missing: fiml", "scheme: replicate_weights"))
    assert np.allclose(steps["est"], refits["est"], atol=1e-6)
    assert steps["se"].to_numpy() == pytest.approx(refits["se"].to_numpy(), rel=0.15)


def test_blanks_keep_the_finite_population_correction(place: Path) -> None:
    """60 % sampled: errors shrink by the square root of .4, in every replicate's step."""
    design = "file: blanks.csv, missing: fiml, cluster: team, strata: region"
    with_all = run(place, "without_fpc", design, "replicates: 128, scheme: cluster")
    corrected = run(place, "with_fpc", design + ", fpc: sampled", "replicates: 128, scheme: cluster")
    (one, theta), (other, _) = (
        (pd.read_parquet(folder / "bootstrap.parquet")["speed~visual"].to_numpy(),
         bootstrapped(folder)["est"].to_numpy()[1]) for folder in (corrected, with_all)
    )  # fmt: skip
    assert np.allclose(one - theta, np.sqrt(0.4) * (other - theta), atol=1e-8)


def test_clusters_lie_in_one_of_the_joint_groups(place: Path) -> None:
    across = "file: whole.csv, cluster: across, group: school"
    said = r'cluster "0" .* lies in the groups "Pasteur" and "Grant-White", and 20 of 20 clusters'
    with pytest.raises(DataError, match=said):
        run(place, "split", across, "replicates: 64, scheme: cluster", "multigroup: true")
    # the same clusters are right where the groups are not joint, and where pupils are drawn
    run(place, "together", across, "replicates: 64, scheme: cluster")
    run(place, "pupils", across, "replicates: 64, scheme: cases", "multigroup: true")


def test_weights_with_cases_are_warned_about(place: Path) -> None:
    folder = run(place, "weights", "file: whole.csv, weights: weight", "replicates: 64")
    assert any(text.startswith("weights with cases") for text in warnings_of(folder))


@pytest.mark.parametrize(
    ("data", "code"), [(DESIGN + ", fpc: sampled", 0), ("file: whole.csv, cluster: across, group: school", 2)]
)
def test_schemes_from_the_command_line(place: Path, data: str, code: int) -> None:
    """Clusters within strata of a finite population run; clusters in two joint groups end in a sentence."""
    sem = "multigroup: true" if code else ""
    text = (
        f"study: line{code}\nlanguage: en\nmodel:\n  model: tiny{MODEL}\ndata: {{{data}}}\nsem: {{{sem}}}\n"
    )
    config = place / f"line{code}.yaml"
    config.write_text(text + "bootstrap: {replicates: 64, scheme: cluster}\n")
    command = [sys.executable, "-m", "werksem", "fit", str(config), "--out", str(place / f"line{code}")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert ("lies in the groups" in " ".join(done.stderr.split())) == (code == 2)
    assert (place / f"line{code}" / "report.html").is_file() == (code == 0)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_one_cluster_gives_no_standard_errors(place: Path, missing: str) -> None:
    whole = pd.read_csv(place / "whole.csv").assign(firm="one")
    whole.to_csv(place / "one_cluster.csv", index=False)
    with pytest.raises(
        DataError, match=r'column "firm" \(data.cluster\) has one cluster among the rows that'
    ):
        run(
            place,
            "one_cluster",
            f"file: one_cluster.csv, missing: {missing}, cluster: firm",
            "replicates: 64",
        )
    with pytest.raises(DataError, match=r'"region".* has one cluster among the rows of group \'n\' that'):
        run(place, "group_cluster", "file: whole.csv, group: region, cluster: region", "scheme: cases",
            "multigroup: true")  # fmt: skip


@pytest.mark.filterwarnings("error")
def test_effects_without_a_value_are_blank(place: Path) -> None:
    """A formula that divides by 0 or leaves its domain has neither a value nor an interval, and no noise."""
    model = MODEL.replace("speed: [visual, textual]", "speed: {visual: a, textual: b}").replace(
        "{enumerate: {from: [visual], to: [speed]}}",
        '{none: "log(a*a - 1000)", never: "sqrt(a - 1000)", ab: "a*b"}',
    )
    folder = run(place, "blank_effects", PLAIN, "replicates: 100", "", model)
    rows = bootstrapped(folder, ":=").set_index("lhs")
    assert rows.loc["none", ["est", "se", "ci_lower", "pvalue"]].isna().all()
    assert rows.loc["ab", ["est", "se", "ci_lower", "pvalue"]].notna().all()
