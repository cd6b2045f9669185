"""Standard errors by few clusters: who is told, and of what; CR2 in a study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import spec_of
from werksem.engines.few_clusters import few_clusters, few_clusters_of_sem
from werksem.engines.ols import ols_from_scores
from werksem.estimators.ols import fit_ols
from werksem.estimators.ols_robust import robust
from werksem.moments import moments
from werksem.patterns import patterns
from werksem.report.messages import message
from werksem.respondents import Respondents
from werksem.run import Request, run_study
from werksem.sem_data import SemData
from werksem.spec.equations import equations

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = REFERENCE / "ols_cluster_data.csv"
FOUND = pd.read_csv(REFERENCE / "ols_cluster.csv")


def value(what: str, name: str) -> float:
    return float(FOUND.query("case == 'main' and what == @what and name == @name")["value"].iloc[0])


def run(place: Path, text: str, data: Path = DATA) -> tuple[Path, list[str]]:
    config = place / "s.yaml"
    config.write_text(f"study: s\ndata: {{file: {data}, cluster: org}}\nreport: {{formats: []}}\n{text}")
    folder, _ = run_study(Request(config, place / "out", quiet=True))
    manifest = pd.read_json(folder / "manifest.json", typ="series")
    return folder, list(manifest["warnings"])


MODEL = "model: {syntax: y ~ treat + x + z}\n"


def test_plain_errors_by_cluster_name_the_paths_that_few_clusters_tell_of(tmp_path: Path) -> None:
    _, said = run(tmp_path, f"{MODEL}ols:\nblocks: {{two: [x, z]}}\n")
    (told,) = (text for text in said if text.startswith("ols: few clusters"))
    for name in ("treat", "x", "z"):
        assert f"y ~ {name} {int(value('cr1_df', name))}/12" in told
    assert "ols.se: CR2" in told
    assert "y ~ treat 3/12, y ~ x 7/12, y ~ z 6/12." in message(told, "nl")


def test_a_study_with_cr2_has_the_numbers_of_clubsandwich(tmp_path: Path) -> None:
    folder, said = run(tmp_path, f"{MODEL}ols: {{se: CR2}}\nblocks: {{two: [x, z]}}\n")
    rows = pd.read_csv(folder / "estimates.csv").query("op == '~'").set_index("rhs")
    assert set(rows["method"]) == {"CR2"}
    for name in ("treat", "x", "z"):
        assert rows["se"][name] == pytest.approx(value("cr2_se", name), rel=1e-8)
        assert rows["pvalue"][name] == pytest.approx(value("cr2_p", name), rel=1e-7)
    fit = pd.read_csv(folder / "fit.csv").set_index("measure")["value"]
    assert fit["f.y"] == pytest.approx(value("htz_f", "all"), rel=1e-7)
    assert fit["f_df2.y"] == pytest.approx(value("htz_df2", "all"), rel=1e-7)
    block = pd.read_csv(folder / "blocks.csv").iloc[0]
    assert block["wald"] / block["df"] == pytest.approx(value("htz_f", "x+z"), rel=1e-7)
    assert block["pvalue"] == pytest.approx(value("htz_p", "x+z"), rel=1e-7)
    told = [text for text in said if text.startswith("ols:")]
    assert told == [
        "ols: CR2 has fewer than 4 degrees of freedom for y ~ treat 2/12; their p-values are rough"
    ]
    assert "minder dan 4 vrijheidsgraden (CR2) voor y ~ treat 2/12:" in message(told[0], "nl")


def test_cr2_without_clusters_is_refused(tmp_path: Path) -> None:
    from werksem.errors import SpecError

    config = tmp_path / "s.yaml"
    config.write_text(f"study: s\ndata: {{file: {DATA}}}\n{MODEL}ols: {{se: CR2}}\n")
    with pytest.raises(SpecError, match=r"ols\.se: CR2 needs data\.cluster, the column of the clusters"):
        run_study(Request(config, tmp_path / "out", quiet=True))


def sample(orgs: int, n: int = 4000) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(9)
    org = np.arange(n) % orgs
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=["a", "b", "c", "y"])
    return frame + 0.4 * rng.normal(size=(orgs, 4))[org], pd.Series(org)


def told(orgs: int, se: str) -> tuple[str, ...]:
    frame, org = sample(orgs)
    return ols_from_scores(equations(spec_of("y ~ a + b + c")), frame, se=se, cluster=org).warnings


def test_many_like_clusters_and_other_errors_are_told_nothing() -> None:
    assert told(200, "cluster") == told(200, "CR2") == told(5, "HC3") == told(5, "classical") == ()
    assert few_clusters((), "cluster") == ()


def test_one_treated_cluster_is_told_however_many_there_are() -> None:
    """A dummy of one cluster of 40 in 4,000 rows: nearly all variance of its path is its own."""
    frame, org = sample(100)
    frame["a"] = (org == 7).astype(float)
    regressions = equations(spec_of("y ~ a"))
    for se in ("cluster", "CR2"):
        said = ols_from_scores(regressions, frame, se=se, cluster=org).warnings
        assert said[0] == (
            "ols: one cluster has most, or one side, of what is known of y ~ a 99%; no errors by cluster "
            "hold there"
        )
        assert "geen enkele standaardfout per cluster" in message(said[0], "nl")


@pytest.mark.parametrize(
    "sizes", [[100] + [25] * 9, [300] + [10] * 20, [25] * 6, [25] * 4, [25] * 3, [10, 40, 40], [60, 25]]
)
def test_one_treated_cluster_is_told_whatever_its_size(sizes: list[int]) -> None:
    """CR2's 95 % intervals hold .4 to .55 of the time there; nor is CR2 called the right choice."""
    org = np.repeat(np.arange(len(sizes)), sizes)
    rng = np.random.default_rng(2)
    y = rng.normal(size=len(org)) + 0.3 * rng.normal(size=len(sizes))[org]
    frame = pd.DataFrame({"a": (org == 0).astype(float), "y": y})
    for se in ("cluster", "CR2"):
        said = ols_from_scores(equations(spec_of("y ~ a")), frame, se=se, cluster=pd.Series(org)).warnings
        told = [text for text in said if "coefficients" not in text]
        assert len(told) == 1
        assert told[0].startswith("ols: one cluster has most, or one side, of what is known of y ~ a")


def test_values_of_which_each_is_in_one_cluster_are_not_two_sides() -> None:
    """A size of organisations, three doses, and some treated within one of them: each hangs on more."""
    org = np.repeat(np.arange(5), 40)
    rng = np.random.default_rng(5)
    size, dose = np.array([1.0, 2, 3, 4, 5])[org], np.array([0.0, 0, 1, 1, 2])[org]
    mixed = (org == 0) & (np.arange(200) % 4 > 0)
    rows = np.column_stack([size, dose, mixed, org == 3])
    for at, single in enumerate([False, False, False, True]):
        y = rng.normal(size=200)
        fit = fit_ols(moments(np.column_stack([rows[:, [at]], y]), ("x", "y")), "y", ("x",))
        assert robust(fit, rows[:, [at]], y, org).single_cluster.tolist() == [single]


@pytest.mark.parametrize("df", [0.99999999999999, 1.0, 1.0000001])
def test_degrees_of_freedom_that_are_whole_up_to_rounding_are_not_cut(df: float) -> None:
    rows = np.random.default_rng(8).normal(size=(60, 2))
    fit = fit_ols(moments(rows, ("x", "y")), "y", ("x",))
    found = robust(fit, rows[:, :1], rows[:, 1], np.arange(60) % 4)
    (said,) = few_clusters([replace(found, effective_df=np.array([df]))], "CR2")
    assert "for y ~ x 1/3;" in said


def test_two_treated_clusters_of_many_are_not_one() -> None:
    org = np.repeat(np.arange(20), 30)
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"a": (org < 2).astype(float), "y": rng.normal(size=600)})
    said = ols_from_scores(equations(spec_of("y ~ a")), frame, se="cluster", cluster=pd.Series(org)).warnings
    assert len(said) == 1
    assert said[0].startswith("ols: few clusters in effect, in whole degrees of freedom: y ~ a")


def test_no_fewer_coefficients_than_clusters_are_told() -> None:
    first, second = told(4, "cluster")
    assert first.startswith("ols: y has 4 coefficients and 4 clusters: the rank of their covariances is 3")
    assert second.startswith("ols: few clusters in effect")
    assert message(first, "nl").startswith("De regressie van y heeft 4 coëfficiënten en maar 4 clusters")
    assert not [text for text in told(5, "cluster") if "coefficients" in text]


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_a_sem_by_few_clusters_says_so(missing: str, tmp_path: Path) -> None:
    text = "model: {syntax: y ~ x + z}\nsem: {}\n"
    config = tmp_path / "s.yaml"
    data = tmp_path / "d.csv"
    frame = pd.read_csv(DATA)
    for orgs, expected in ((13, 1), (50, 0)):
        own = frame.assign(org=frame["org"] if orgs == 13 else np.arange(len(frame)) % 50)
        own.to_csv(data, index=False)
        config.write_text(
            f"study: s\ndata: {{file: {data}, cluster: org, missing: {missing}}}\n"
            f"report: {{formats: []}}\n{text}"
        )
        folder, _ = run_study(Request(config, tmp_path / f"out{orgs}", quiet=True))
        said = [w for w in pd.read_json(folder / "manifest.json", typ="series")["warnings"] if "z takes" in w]
        assert len(said) == expected
        if said:
            sizes = frame["org"].value_counts()
            effective = f"{sizes.sum() ** 2 / (sizes**2).sum():.0f}"
            assert said[0].startswith(
                f"sem: standard errors rest on 13 clusters, {effective} in effect by their sizes, and z "
                "takes them for many"
            )
            assert "rusten op 13 clusters, die naar hun grootte tellen als" in message(said[0], "nl")


@pytest.mark.parametrize("kept", ["respondents", "blanks"])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_sem_of_many_clusters_of_which_one_is_large_says_so(kept: str, weighted: bool) -> None:
    """57 clusters, one of 460 of 740 respondents: 95 % intervals by z hold 78 % of the time (simulation)."""
    org = np.repeat(np.arange(57), [460] + [5] * 56)
    weights = np.where(org == 0, 5 / 460, 1.0) * 740 / 285 if weighted else None
    rows = np.random.default_rng(1).normal(size=(740, 2))
    if kept == "blanks":
        rows[::5, 0] = np.nan
        rows[3] = np.nan
        data = SemData(("all",), patterns=(patterns(rows, ("x", "y"), weights=weights),), clusters=(org,))
    else:
        data = SemData(("all",), respondents=(Respondents(rows, weights, org, cluster_of_all=org),))
    said = few_clusters_of_sem(data, "cluster", 5)
    if weighted:
        # by their weights all clusters are as large
        assert said == ()
    else:
        effective = (739**2 / (459**2 + 56 * 25)) if kept == "blanks" else (740**2 / (460**2 + 56 * 25))
        assert said == (
            f"sem: standard errors rest on 57 clusters, {effective:.0f} in effect by their sizes, and z "
            "takes them for many (50 or more): intervals may be too short",
        )
    assert few_clusters_of_sem(data, "robust", 5) == ()
