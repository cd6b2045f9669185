"""The core module of 2019, 2022 and 2024: what changed between the waves, exactly, and what did not."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.survey.population_files import FOLDER, STUDIED_2024, population, shipped
from tests.survey.test_simulate import drawn_betas, scale_means
from werksem.spec.load import load_model
from werksem.spec.yaml import load
from werksem.survey.exact import exact_moments
from werksem.survey.simulate import simulate
from werksem.survey.truth import true_betas

YEARS = (2019, 2022, 2024)
PATHS = {
    "betrokkenheid": ["leiderschap", "regeldruk"],
    "bevlogenheid": ["leiderschap", "regeldruk"],
    "effectiviteit": ["bevlogenheid", "betrokkenheid", "leiderschap", "regeldruk"],
    "efficientie": ["bevlogenheid", "betrokkenheid", "leiderschap", "regeldruk"],
    "legitimiteit": ["bevlogenheid", "betrokkenheid", "leiderschap", "regeldruk"],
}
CORE = ["leiderschap", "regeldruk", *PATHS]
MOVED = {("effectiviteit", "leiderschap"), ("legitimiteit", "regeldruk")}


@cache
def paths(year: int, sectors: tuple[str, ...] = STUDIED_2024) -> dict[tuple[str, str], float]:
    """Return the unstandardised latent paths of the core."""
    moments = exact_moments(population(f"werkonderzoek_{year}"), sectors=sectors, latent=True)
    found = {}
    for outcome, predictors in PATHS.items():
        x, y = [moments.names.index(name) for name in predictors], moments.names.index(outcome)
        solved = np.linalg.solve(moments.cov[np.ix_(x, x)], moments.cov[x, y])
        found |= {(outcome, name): float(b) for name, b in zip(predictors, solved, strict=True)}
    return found


@cache
def variances(year: int) -> dict[str, float]:
    moments = exact_moments(population(f"werkonderzoek_{year}"), sectors=STUDIED_2024, latent=True)
    return {name: float(moments.cov[i, i]) for i, name in enumerate(moments.names)}


def columns(year: int) -> dict[str, tuple[float, tuple[float, ...], bool, str]]:
    return {
        c.name: (c.loading, c.thresholds, c.reversed, c.label.nl)
        for construct in population(f"werkonderzoek_{year}").constructs
        if construct.name in (*CORE, "gedogen", "tev_baan")
        for c in construct.columns
    }


def known(year: int, kind: str) -> dict[str, object]:
    changes = load(FOLDER / f"werkonderzoek_{year}.yaml").data["changes"]
    return next(change for change in changes if change["kind"] == kind)


def test_all_paths_but_two_are_the_same_in_three_waves() -> None:
    for earlier, later in pairwise(YEARS):
        assert len(paths(later)) == 16
        for path, value in paths(later).items():
            if path not in MOVED:
                assert value == pytest.approx(paths(earlier)[path], abs=0.0015), path


def test_one_unstandardised_path_changed_by_012_between_2022_and_2024() -> None:
    found = [paths(year)["effectiviteit", "leiderschap"] for year in YEARS]
    assert found[2] - found[1] == pytest.approx(0.12, abs=0.001)
    assert found[1] == pytest.approx(found[0], abs=0.001)
    change = known(2024, "path")
    assert [change["from"], change["to"]] == pytest.approx(found[1:], abs=0.001)


def test_one_latent_variance_changed_and_moves_its_betas_only_by_standardisation() -> None:
    for name in CORE:
        wide = 1.44 if name == "betrokkenheid" else 1.0
        assert variances(2022)[name] / variances(2024)[name] == pytest.approx(wide, abs=0.001)
        assert variances(2019)[name] / variances(2022)[name] == pytest.approx(1, abs=0.001)
    change = known(2024, "variance")
    assert (change["construct"], change["from"] / change["to"]) == ("betrokkenheid", 1.44)
    betas = {
        year: true_betas(FOLDER / f"werkonderzoek_{year}.yaml")
        .query("level == 'latent' and group == 'all' and model == 'kern'")
        .set_index(["lhs", "rhs"])["beta"]
        for year in (2022, 2024)
    }
    ratio = betas[2024] / betas[2022]
    assert ratio["betrokkenheid", "leiderschap"] == pytest.approx(1.2, abs=0.005)
    assert ratio["efficientie", "betrokkenheid"] == pytest.approx(1 / 1.2, abs=0.005)
    assert ratio["efficientie", "leiderschap"] == pytest.approx(1, abs=0.005)


def test_one_loading_changed_between_2019_and_2022_and_no_threshold_ever() -> None:
    for earlier, later in pairwise(YEARS):
        assert set(columns(earlier)) == set(columns(later))
        for name, column in columns(later).items():
            before = columns(earlier)[name]
            if (earlier, name) == (2019, "bev_3"):
                change = known(2022, "loadings")
                assert (before[0], column[0]) == (change["from"], change["to"]) == (0.55, 0.82)
            else:
                assert before[0] == column[0], name
            assert before[1:] == column[1:], name


def test_the_mix_of_sectors_moved_a_path_that_no_sector_changed() -> None:
    path = ("legitimiteit", "regeldruk")
    by_sector = {year: {s: paths(year, (s,))[path] for s in STUDIED_2024} for year in YEARS}
    for sector in STUDIED_2024:
        # other paths of 2022 differ by sector too, which reaches this one through its residuals
        assert by_sector[2019][sector] == pytest.approx(by_sector[2022][sector], abs=0.013)
    assert by_sector[2022]["Rijk"] < by_sector[2022]["Gemeenten"] - 0.29
    assert np.ptp(list(by_sector[2024].values())) < 0.05

    def mixed(year: int) -> float:  # the sectors' paths of 2022 at the shares of a year
        n = {s.name: s.n for s in population(f"werkonderzoek_{year}").sectors}
        return sum(n[s] * by_sector[2022][s] for s in STUDIED_2024) / sum(n[s] for s in STUDIED_2024)

    assert mixed(2022) - mixed(2019) == pytest.approx(0.06, abs=0.005)
    for year in (2019, 2022):
        assert paths(year)[path] == pytest.approx(mixed(year), abs=0.003)
    assert paths(2024)[path] == pytest.approx(paths(2022)[path], abs=0.001)


def test_answers_to_the_core_did_not_change_as_published() -> None:
    """F-16, F-26 and F-46: performance, leadership and red tape as they were; 85 % satisfied with the job."""
    for earlier, later in pairwise(YEARS):
        one, other = (shipped(f"werkonderzoek_{year}") for year in (earlier, later))
        for name in columns(later):
            if name.startswith("betr_"):
                continue  # its latent variance changed
            first, second = one[name].dropna() > 3, other[name].dropna() > 3
            error = np.sqrt(2.5 * (first.var() / len(first) + second.var() / len(second)))  # 2.5: clusters
            assert abs(first.mean() - second.mean()) < 4 * error, name
        assert abs(one.tev_baan.dropna().gt(3).mean() - 0.85) < 0.01


@pytest.mark.parametrize("year", [2019, 2022])
def test_leadership_and_red_tape_keep_their_shares(year: int) -> None:
    achieved = load(FOLDER / f"werkonderzoek_{year}.yaml").data["achieved"]
    assert achieved["leiderschap"]["below_3"] == pytest.approx(0.224, abs=0.002)
    assert achieved["regeldruk"]["above_3.5"] == pytest.approx(0.33, abs=0.004)


def test_safety_and_performance_orientation_interact_in_2019() -> None:
    source = population("werkonderzoek_2019")
    moments = exact_moments(source, latent=True)
    names = ["veilig", "prestatiegericht", "veilig_x_prestatiegericht"]
    x = [moments.names.index(name) for name in names]
    for outcome, path in {"bevlogenheid": 0.12, "effectiviteit": 0.09}.items():
        y = moments.names.index(outcome)
        found = np.linalg.solve(moments.cov[np.ix_(x, x)], moments.cov[x, y])
        assert found[2] == pytest.approx(path, abs=0.003)
        assert (found[:2] > 0.15).all()
    R = moments.cov / np.sqrt(np.outer(np.diag(moments.cov), np.diag(moments.cov)))
    dimensions = [moments.names.index(n) for n in source.names[:7]]
    assert R[np.ix_(dimensions, dimensions)].min() > 0.3  # where both are high, so are the others


@pytest.mark.parametrize("outcome", ["bevlogenheid", "effectiviteit"])
def test_the_interaction_of_scale_means_in_a_draw_of_300000(outcome: str) -> None:
    source, names = population("werkonderzoek_2019"), ["veilig", "prestatiegericht"]
    scores = scale_means(simulate(source, 300_000, 6), source, [outcome, *names])
    centred = scores.dropna() - scores.dropna().mean()
    product = centred.veilig * centred.prestatiegericht
    rows = centred.assign(veilig_x_prestatiegericht=product)
    predictors = [*names, "veilig_x_prestatiegericht"]
    found, error = drawn_betas(rows[[outcome, *predictors]], outcome, predictors)
    stated = true_betas(FOLDER / "werkonderzoek_2019.yaml")
    stated = stated[stated["model"] == "moderatie_veiligheid"].set_index(["level", "lhs", "rhs"]).beta
    truth = np.array([stated["scores", outcome, name] for name in predictors])
    assert (np.abs(found - truth) < 4 * error).all()
    assert error.max() < 0.004
    latent = stated["latent", outcome, predictors[2]]
    assert 0.6 < truth[2] / latent < 0.8  # attenuated, as the product of two scales with error


def test_the_model_of_the_core_has_these_paths() -> None:
    model = load_model(FOLDER.parent / "kern.yaml")
    assert {(s.lhs, s.rhs) for s in model.statements if s.op == "~"} == set(paths(2024))
