"""Densities of draws: against closed forms, scipy, and standardised draws of a simulated regression."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_result import make_result
from scipy.stats import gaussian_kde, norm

from werksem.report.densities.curve import density, overlap
from werksem.report.densities.draws import draws_of, on_standardised
from werksem.report.densities.show import densities
from werksem.report.folder import Result, read_result
from werksem.report.html import make

PATHS = 15


def with_draws(folder: Path, *, posterior: bool = True) -> Path:
    """Add replicates and posterior draws around the estimates of a made folder; two groups pooled."""
    import xarray as xr

    rng = np.random.default_rng(4)
    table = pd.read_csv(folder / "estimates.csv", keep_default_na=False)
    rows = table[(table["op"] == "~") & (table["group"] == "all")]
    names, columns = [], {}
    for row in rows[rows["engine"] == "bootstrap"].itertuples():
        names.append(f"{row.lhs}~{row.rhs}")
        columns[names[-1]] = rng.normal(float(row.est), float(row.se), 600)
    status = np.where(np.arange(600) < 590, "ok", "not_converged")
    columns[names[0]][590:] = 99.0
    pd.DataFrame(columns).assign(status=status).to_parquet(folder / "bootstrap.parquet")
    if posterior:
        bayes = rows[rows["engine"] == "bayes"]
        means, sds = bayes["est"].astype(float).to_numpy(), bayes["se"].astype(float).to_numpy()
        groups = ["Rijk", "ZBO", "Gemeenten", "GR", "Provincies", "Waterschappen"]
        draws = np.repeat(rng.normal(means, sds, (2, 400, 1, len(means))), len(groups), axis=2)
        head = ("chain", "draw", "group", "path")
        data = xr.Dataset({"paths": (head, draws)}, {"group": groups, "path": names})
        data.to_netcdf(folder / "posterior.nc", group="posterior", engine="h5netcdf")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return read_result(with_draws(make_result(tmp_path_factory.mktemp("d") / "binding", "binding")))


def test_the_density_is_scipys_with_the_same_bandwidth() -> None:
    draws = np.random.default_rng(1).gamma(4, 1, 3000)
    grid = np.linspace(-2, 25, 2001)
    low, high = np.quantile(draws, [0.25, 0.75])
    width = 1.06 * min(draws.std(ddof=1), (high - low) / 1.34) * len(draws) ** -0.2
    exact = gaussian_kde(draws, bw_method=width / draws.std(ddof=1))(grid)
    assert np.abs(density(draws, grid) - exact).max() < 0.002 * exact.max()


def test_the_overlap_of_two_normals_is_the_closed_form() -> None:
    grid = np.linspace(-8, 10, 4001)
    for apart in (0.0, 0.7, 2.5):
        curves = norm.pdf(grid), norm.pdf(grid, apart)
        assert overlap(*curves, grid[1] - grid[0]) == pytest.approx(2 * norm.cdf(-apart / 2), abs=1e-5)


def test_raw_draws_carried_over_have_the_limits_of_standardised_draws() -> None:
    """A bootstrap of a regression, standardised replicate by replicate, and by location and spread."""
    rng = np.random.default_rng(11)
    n, times = 2000, 1500
    x = rng.normal(size=(n, 2)) @ np.array([[1.0, 0.5], [0.0, 0.8]])
    y = x @ np.array([0.4, -0.1]) + rng.normal(size=n)
    raw, std = np.empty(times), np.empty(times)
    for at in range(times):
        rows = rng.integers(0, n, n)
        slope = np.linalg.lstsq(np.c_[np.ones(n), x[rows]], y[rows], rcond=None)[0][1]
        raw[at], std[at] = slope, slope * x[rows, 0].std() / y[rows].std()
    slope = np.linalg.lstsq(np.c_[np.ones(n), x], y, rcond=None)[0][1]
    beta = slope * x[:, 0].std() / y.std()
    found = on_standardised(raw, slope, raw.std(ddof=1), beta, std.std(ddof=1))
    levels = [0.025, 0.25, 0.5, 0.75, 0.975]
    error = np.abs(np.quantile(found, levels) - np.quantile(std, levels))
    assert error.max() < 0.1 * std.std(ddof=1)


def test_draws_have_the_standardised_location_and_spread_and_leave_out_failures(result: Result) -> None:
    rows = result.estimates
    for engine, size in (("bootstrap", 590), ("bayes", 800)):
        found = draws_of(result, engine)
        assert len(found) == PATHS
        here = rows[(rows["engine"] == engine) & (rows["op"] == "~") & (rows["group"] == "all")]
        for row in here.itertuples():
            draws = found[row.lhs, row.rhs]
            assert len(draws) == size
            assert draws.mean() == pytest.approx(row.std, abs=6 * row.std_se / np.sqrt(size))
            assert draws.std() == pytest.approx(row.std_se, rel=0.15)


def test_a_panel_per_outcome_with_every_path(result: Result) -> None:
    found = densities(result)
    assert [picture.title for picture in found.pictures] == [
        "Tevredenheid met de organisatie", "Betrokkenheid", "Vertrekintentie",
    ]  # fmt: skip
    assert found.title == "Bootstrap en posterior over elkaar"
    assert "590 bootstrapsteekproeven" in found.key
    said = r"Het verst uiteen: .+ → .+; van het oppervlak van elke berg deelt die \d+% met de andere\."
    assert re.search(said, found.notes[0])
    for picture in found.pictures:
        assert picture.svg.count("Wendbare cultuur</text>") == 1
        assert picture.sketch.alt.count("OLS") == 5


def test_one_kind_of_draws_is_shown_alone(tmp_path: Path) -> None:
    found = densities(read_result(with_draws(make_result(tmp_path / "binding"), posterior=False)))
    assert found.title == "De bootstrap per pad"
    assert len(found.pictures) == 3
    assert not found.notes


def test_of_more_than_fifteen_paths_those_on_routes_are_drawn(tmp_path: Path) -> None:
    result = read_result(with_draws(make_result(tmp_path / "mediatie", "mediatie", "en"), posterior=False))
    assert len(draws_of(result, "bootstrap")) == 26
    found = densities(result)
    assert sum(picture.sketch.alt.count("OLS") for picture in found.pictures) == 10
    assert found.notes == ("Drawn are 10 of 26 paths: those on the indirect routes.",)
    table = result.estimates
    bare = densities(replace(result, estimates=table[table["op"] != ":="]))
    assert sum(picture.sketch.alt.count("OLS") for picture in bare.pictures) == 15
    assert bare.notes == ("Drawn are 15 of 26 paths: the strongest.",)


def test_a_folder_without_draws_has_no_densities(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "binding")
    assert not densities(read_result(folder))
    assert '<section id="densities">' not in make(folder).read_text(encoding="utf-8")
