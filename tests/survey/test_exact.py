"""The populations keep their promises exactly: no draws here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.survey.population_files import FOLDER, FURTHER, ROOT, STUDIED_2024, WAVES, population
from werksem.spec.yaml import load
from werksem.survey.exact import ExactMoments, betas, correlations, exact_moments, item_constructs
from werksem.survey.truth import true_betas

TOLERANCE = 0.0005  # of a beta, as promised for the exact scale-mean correlations
FACETS_2024 = ["veilig", "inclusief", "maatschappelijk", "procedureel", "wendbaar"]
FACETS_2022 = ["samenwerking", "missie", "wendbaarheid", "inclusiviteit", "leren", "maat"]
CONTROLS_2022 = ["uren", "voltijd", "vast", "thuis", "vrouw", "leeftijd", "dienstjaren", "opleiding"]
EIGHT = [*FACETS_2024, "leiderschap", "regeldruk", "gedogen"]
# total effects of the calibration of 2024, order of EIGHT
TOTAL_EFFECTS = {
    "tevredenheid_org": [0.09, 0.19, 0.1, 0.03, 0.22, 0.16, -0.04, -0.06],
    "betrokkenheid": [0.05, 0.15, 0.18, 0.03, 0.17, 0.15, -0.03, -0.03],
    "bevlogenheid": [0.09, 0.07, 0.11, 0.01, 0.08, 0.16, -0.05, -0.02],
    "vertrekintentie": [-0.06, -0.1, -0.04, 0.0, -0.08, -0.09, 0.02, 0.02],
    "effectiviteit": [0.07, 0.04, 0.1, 0.07, 0.24, 0.16, -0.05, -0.07],
    "efficientie": [0.06, 0.0, 0.05, 0.06, 0.22, 0.14, -0.07, -0.2],
    "legitimiteit": [0.17, 0.05, 0.17, 0.21, 0.0, 0.07, -0.06, 0.0],
    "benutting": [0.12, 0.24, 0.04, 0.02, 0.22, 0.14, -0.03, -0.03],
}


def moments_2024(name: str = "werkonderzoek_2024", *, latent: bool = False) -> ExactMoments:
    return exact_moments(population(name), sectors=STUDIED_2024, latent=latent)


@pytest.mark.parametrize("name", ["werkonderzoek_2024", "werkonderzoek_2024_null"])
@pytest.mark.parametrize("outcome", TOTAL_EFFECTS)
def test_betas_of_2024_are_the_calibrated_ones(name: str, outcome: str) -> None:
    found = betas(moments_2024(name), outcome, EIGHT)
    assert np.abs(found - TOTAL_EFFECTS[outcome]).max() < TOLERANCE


@pytest.mark.parametrize("table", ["cultuur_2022_tabel_3", "cultuur_2022_tabel_4"])
def test_betas_of_2022_are_the_published_ones(table: str) -> None:
    moments = exact_moments(population("werkonderzoek_2022"))
    published = pd.DataFrame(load(ROOT / "data" / "published" / f"{table}.yaml").data["betas"])
    for outcome, rows in published.groupby("lhs", sort=False):
        assert set(rows.rhs) == {*FACETS_2022, *CONTROLS_2022}
        assert np.abs(betas(moments, str(outcome), list(rows.rhs)) - rows.beta).max() < TOLERANCE


@pytest.mark.parametrize(
    ("name", "facets"), [("werkonderzoek_2024", FACETS_2024), ("werkonderzoek_2022", FACETS_2022)]
)
def test_facets_are_reliable_and_their_latents_apart(name: str, facets: list[str]) -> None:
    sectors = STUDIED_2024 if name.endswith("2024") else None
    latent = exact_moments(population(name), sectors=sectors, latent=True)
    scales = [c.name for c in population(name).constructs if len(c.columns) > 1]
    R = correlations(latent, scales)
    assert np.abs(R - np.eye(len(R))).max() < 0.80
    predictors = EIGHT if name.endswith("2024") else [*FACETS_2022, *CONTROLS_2022]
    assert np.diag(np.linalg.inv(correlations(latent, predictors))).max() < 5
    achieved = load(FOLDER / f"{name}.yaml").data["achieved"]
    for facet in facets:
        assert achieved[facet]["alpha"] >= 0.88
        assert achieved[facet]["latent_r2"] >= 0.85


def test_stated_alpha_is_that_of_the_exact_item_covariances() -> None:
    source = population("werkonderzoek_2024")
    stated = load(FOLDER / "werkonderzoek_2024.yaml").data["achieved"]
    for facet in FACETS_2024:
        cov = exact_moments(source, sectors=STUDIED_2024, constructs=item_constructs(source, [facet])).cov
        k = len(cov)
        assert k / (k - 1) * (1 - np.trace(cov) / cov.sum()) == pytest.approx(
            stated[facet]["alpha"], abs=1e-4
        )


@pytest.mark.parametrize("name", [*WAVES, *FURTHER, "werkonderzoek_2024_null"])
def test_stated_true_betas_are_those_of_the_exact_moments(name: str) -> None:
    table = true_betas(FOLDER / f"{name}.yaml")
    stated = load(FOLDER / f"{name}.yaml").data["truth"]
    table = table[table.level.isin(["scores", "latent"]) & (table.group == "all")]
    for (level, model), rows in table.groupby(["level", "model"]):
        if (level, model) == ("scores", "moderatie_veiligheid"):
            continue  # not a closed form: tests/survey/test_wave_changes.py draws
        without = stated.get("without", {}).get(model, ())
        chosen = [sector for sector in stated["sectors"] if sector not in without]
        moments = exact_moments(population(name), sectors=chosen, latent=level == "latent")
        for outcome, equation in rows.groupby("lhs"):
            found = betas(moments, outcome, list(equation.rhs))
            assert np.abs(found - equation.beta).max() < 2e-5


def test_sector_paths_differ_as_stated_and_not_in_the_null_variant() -> None:
    def spread(name: str) -> float:
        table = true_betas(FOLDER / f"{name}.yaml")
        rows = table[(table.level == "scores") & (table.model == "binding") & (table.group != "all")]
        chosen = rows[(rows.lhs == "tevredenheid_org") & (rows.rhs == "wendbaar")]
        return float(chosen.beta.std(ddof=0))

    assert spread("werkonderzoek_2024") == pytest.approx(0.045, abs=0.012)  # tau .05, attenuated by the scale
    assert spread("werkonderzoek_2024_null") < 0.01


def test_marks_of_the_sectors_are_the_published_ones() -> None:
    for sector, mark in {"Rijk": 5.3, "Provincies": 5.2}.items():
        moments = exact_moments(population("werkonderzoek_2024"), sectors=[sector])
        mean = moments.mean[moments.names.index("wendbaar")]
        assert 2.25 * mean - 1.25 == pytest.approx(mark, abs=0.05)


def test_means_of_the_facets_give_the_published_marks() -> None:
    source = population("werkonderzoek_2024")
    force = {s.name: s.workforce for s in source.sectors if s.name in STUDIED_2024}
    means = {s: exact_moments(source, sectors=[s]) for s in force}
    for facet, mark in {"veilig": 7.0, "inclusief": 6.9, "wendbaar": 5.4}.items():
        at = means["Rijk"].names.index(facet)
        mean = sum(force[s] * means[s].mean[at] for s in force) / sum(force.values())
        assert 2.25 * mean - 1.25 == pytest.approx(mark, abs=0.02)


@pytest.mark.parametrize("variant", ["", "_null"])
def test_ml_on_exact_item_covariances_is_near_the_latent_truth(variant: str) -> None:
    table = true_betas(FOLDER / f"werkonderzoek_2024{variant}.yaml")
    table = table[table.group == "all"].set_index(["model", "lhs", "rhs"])
    sem, latent = table[table.level == "sem"].beta, table[table.level == "latent"].beta
    assert len(sem) == 15 + 36 + 16 + 24
    # the paths of prestaties stand among those of totaal
    near = [latent[("totaal" if model == "prestaties" else model, *path)] for model, *path in sem.index]
    assert np.abs(sem.to_numpy() - np.array(near)).max() < 0.01
