"""A joint group that is one cluster: refused where clusters enter errors or tests, else not used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.check import check_study
from werksem.errors import DataError
from werksem.run import Request, run_study

MODEL = "model: {syntax: 'F =~ x1 + x2 + x3; y ~ F'}\n"
ENTER = [
    "estimator: ML, se: robust", "estimator: MLR, se: robust", "estimator: MLR, se: standard",
    "estimator: MLM, se: robust", "estimator: MLM, se: standard", "estimator: MLMV, se: robust",
]  # fmt: skip
CASES = [(sem, missing) for sem in ENTER for missing in ("listwise", "fiml") if missing == "listwise" or
         "MLM" not in sem]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two groups of 120: ``a`` in eight organisations, ``b`` in one."""
    out, rng = tmp_path_factory.mktemp("one_cluster"), np.random.default_rng(4)
    group = np.repeat(["a", "b"], 120)
    org = np.where(group == "a", np.arange(240) % 8, 99)
    f = rng.normal(size=240) + 0.5 * rng.normal(size=100)[org]
    frame = pd.DataFrame(f[:, None] + rng.normal(size=(240, 4)), columns=["x1", "x2", "x3", "y"])
    frame.loc[::9, "x1"] = np.nan
    frame.assign(org=org, g=group).to_csv(out / "d.csv", index=False)
    return out


def study(place: Path, name: str, sem: str, missing: str, *, cluster: bool = True, more: str = "") -> Path:
    config = place / f"{name}.yaml"
    clusters = "cluster: org, " if cluster else ""
    config.write_text(
        f"study: {name}\ndata: {{file: d.csv, {clusters}group: g, missing: {missing}}}\n{MODEL}"
        f"sem: {{{sem}, multigroup: true, engine: werksem}}\nreport: {{formats: []}}\n{more}"
    )
    return config


@pytest.mark.parametrize(("sem", "missing"), CASES)
def test_errors_and_tests_by_cluster_are_refused_in_words(place: Path, sem: str, missing: str) -> None:
    config = study(place, "refused", sem, missing)
    said = (
        r"d\.csv: column \"org\" \(data\.cluster\) has one cluster among the rows of group 'b' that are "
        r"used; standard errors by cluster need two or more; to leave the group out: data\.where: g != 'b'"
    )
    with pytest.raises(DataError, match=said):
        list(check_study(config))
    with pytest.raises(DataError, match=said):
        run_study(Request(config, place / "refused", quiet=True))


def test_a_second_cluster_that_answered_nothing_is_none(place: Path) -> None:
    """Rows without the fixed x are left out under FIML: of group ``b`` one organisation is left."""
    frame = pd.read_csv(place / "d.csv")
    frame.loc[frame.index[-30:], "org"] = 98
    frame.loc[frame.index[-30:], "x2"] = np.nan
    frame.to_csv(place / "left.csv", index=False)
    config = place / "left.yaml"
    config.write_text(
        "study: left\ndata: {file: left.csv, cluster: org, group: g, missing: fiml}\n"
        "model: {syntax: y ~ x2}\nsem: {multigroup: true}\nreport: {formats: []}\n"
    )
    with pytest.raises(DataError, match="has one cluster among the rows of group 'b'"):
        list(check_study(config))


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_standard_errors_of_ml_are_those_without_clusters(place: Path, missing: str) -> None:
    sem, found = "estimator: ML, se: standard", []
    for cluster in (True, False):
        # clusters bring means in by themselves
        config = study(
            place, f"{missing}{cluster:d}", f"{sem}, meanstructure: true", missing, cluster=cluster
        )
        assert list(check_study(config))[-1] == "ok"
        folder, _ = run_study(Request(config, place / f"out_{missing}{cluster:d}", quiet=True))
        found.append((pd.read_csv(folder / "estimates.csv"), pd.read_csv(folder / "fit.csv")))
    (one, fit), (other, plain) = found
    assert set(one["method"].dropna()) == {"wald"}
    assert one["se"].to_numpy() == pytest.approx(other["se"].to_numpy(), rel=1e-10, nan_ok=True)
    assert fit["measure"].tolist() == plain["measure"].tolist()
    assert fit["value"].to_numpy() == pytest.approx(plain["value"].to_numpy(), rel=1e-8, nan_ok=True)


def test_an_ols_by_cluster_does_not_refuse_a_sem_that_is_not(place: Path) -> None:
    config = study(place, "ols", "se: standard", "listwise", more="ols: {se: CR2}\n")
    assert list(check_study(config))[-1] == "ok"


@pytest.mark.parametrize("se", ["cluster", "CR2"])
def test_an_ols_in_one_cluster_is_refused_by_check_as_by_fit(place: Path, se: str) -> None:
    pd.read_csv(place / "d.csv").assign(org="one").to_csv(place / "one.csv", index=False)
    config = place / "one.yaml"
    config.write_text(
        "study: one\ndata: {file: one.csv, cluster: org}\nmodel: {syntax: y ~ x2 + x3}\n"
        f"ols: {{se: {se}}}\n"
    )
    for ask in (
        lambda: list(check_study(config)),
        lambda: run_study(Request(config, place / "o", quiet=True)),
    ):
        with pytest.raises(
            DataError, match=r"one\.csv: column \"org\" \(data\.cluster\) has one cluster among"
        ):
            ask()


def test_monte_carlo_limits_go_by_cluster_without_a_sem(place: Path) -> None:
    """Drawn from standard errors: those of the SEM that the design implies, not those without clusters."""
    both = []
    for name, sem in (("bare", ""), ("full", "sem: {}\n")):
        config = place / f"{name}.yaml"
        config.write_text(
            f"study: {name}\ndata: {{file: d.csv, cluster: org}}\n{MODEL}{sem}report: {{formats: []}}\n"
            "bootstrap: {replicates: 100, interval: monte_carlo, scheme: cases}\n"
        )
        folder, _ = run_study(Request(config, place / f"out_{name}", quiet=True))
        rows = pd.read_csv(folder / "estimates.csv").query("engine == 'bootstrap' and op == '~'")
        both.append(rows[["ci_lower", "ci_upper"]].to_numpy(dtype=float))
    assert np.isfinite(both[0]).all()
    assert both[0] == pytest.approx(both[1], rel=1e-9)
