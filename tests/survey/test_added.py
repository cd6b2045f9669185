"""Constructs added to a population: closed forms, draws, and what they leave as it was."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.survey.population_files import STUDIED_2024, population, shipped
from tests.survey.test_simulate import drawn_betas, scale_means
from werksem.errors import SpecError
from werksem.spec.yaml import Document
from werksem.survey.exact import betas, exact_moments
from werksem.survey.extension import group_moments
from werksem.survey.organisations import organisations
from werksem.survey.population import Population, population_from
from werksem.survey.simulate import simulate

FINE = {"rounded": {"mean": 0.0, "sd": 1.0, "low": -6.0, "high": 6.0, "step": 0.05}}
Y = {**FINE, "paths": {"a": 0.3, "b": 0.2, "ab": 0.15}, "noise": 0.8, "means": {"S": 0.1}}
Z = {**FINE, "paths": {"y": 0.4, "a": 0.1}, "by_sector": {"a": {"S": 0.2, "T": -0.1}}, "noise": 0.5}


def small(additions: dict[str, Any], *, icc: float = 0.05, **changes: Any) -> Population:
    """Return a population of two normal columns in two sectors of 20 organisations, with additions."""
    data: dict[str, Any] = {
        "population": "small",
        "about": {"nl": "", "en": ""},
        "made_from": [],
        "assumed": [],
        "seed": 1,
        "missing": 0.0,
        "skippers": 0.1,
        "answers": {},
        "constructs": {"a": FINE, "b": FINE},
        "correlation": [[], [0.4]],
        "structure": {},
        "organisations": {"icc": icc, "seed": 5, "slope_sd": 0.0, "slopes": {}},
        "sectors": {
            "S": {"organisations": [40] * 20, "workforce": 1, "means": {"a": 0.2}},
            "T": {"organisations": [20] * 20, "workforce": 1, "means": {"b": -0.3}},
        },
        "sector_slopes": {},
        "additions": additions,
    } | changes
    return population_from(data, Document(data, "small.yaml"))


def pooled(source: Population) -> tuple[np.ndarray, np.ndarray]:
    groups = organisations(source)
    mean, within = group_moments(source, groups)
    centre = groups.share @ mean
    apart = mean - centre
    return centre, np.tensordot(groups.share, within, 1) + (apart * groups.share[:, None]).T @ apart


def test_a_product_of_two_standard_normal_variables_has_the_textbook_moments() -> None:
    """Without sectors and organisations: var ab = 1 + r², cov(ab, cd) = r_ac r_bd + r_ad r_bc."""
    one = {"S": {"organisations": [30] * 10, "workforce": 1}}
    y = {k: v for k, v in Y.items() if k != "means"}
    added = {"ab": {"product": ["a", "b"]}, "aa": {"product": ["a", "a"]}, "y": y}
    mean, cov = pooled(small(added, icc=0.0, sectors=one))
    assert np.abs(mean).max() < 1e-12
    assert cov[2, 2] == pytest.approx(1 + 0.4**2)
    assert cov[3, 3] == pytest.approx(2)
    assert cov[2, 3] == pytest.approx(2 * 0.4)
    assert np.abs(cov[2, :2]).max() < 1e-12
    assert cov[4, 2] == pytest.approx(0.15 * 1.16)
    assert cov[4, 4] == pytest.approx(0.09 + 0.04 + 2 * 0.3 * 0.2 * 0.4 + 0.15**2 * 1.16 + 0.8)


def test_a_large_draw_has_the_closed_form_moments_with_sectors_and_organisations() -> None:
    source = small({"ab": {"product": ["a", "b"]}, "y": Y, "z": Z})
    frame = simulate(source, 200_000, 3)
    drawn = frame[["a", "b", "y", "z"]].astype(float)
    drawn.insert(2, "ab", drawn.a * drawn.b - 0.4)
    mean, cov = pooled(source)
    apart = drawn.to_numpy() - drawn.to_numpy().mean(axis=0)
    products = np.einsum("ni,nj->nij", apart, apart)
    error = products.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(apart.mean(axis=0)) < 1e-9).all()
    assert (np.abs(products.mean(axis=0) - cov) < 4 * error + 0.001).all()  # .05² / 12 of rounding
    assert error.max() < 0.02
    assert (np.abs(drawn.mean() - mean) < 4 * drawn.std() / np.sqrt(len(drawn))).all()


def test_paths_are_those_of_the_sector() -> None:
    source = small({"ab": {"product": ["a", "b"]}, "y": Y, "z": Z})
    frame = simulate(source, 100_000, 4).astype({"a": float, "y": float, "z": float})
    for sector, path in {"S": 0.3, "T": 0.0}.items():
        rows = frame[frame.sector == sector]
        x = np.column_stack([np.ones(len(rows)), rows.a, rows.y])
        (_, found, on_y), rest, *_ = np.linalg.lstsq(x, rows.z.to_numpy(), rcond=None)
        error = np.sqrt(rest[0] / len(rows) * np.linalg.inv(x.T @ x)[1, 1])
        assert found == pytest.approx(path, abs=6 * error)  # respondents share their organisation's noise
        assert on_y == pytest.approx(0.4, abs=0.02)


def test_additions_leave_what_was_drawn_before_as_it_was() -> None:
    without = simulate(small({}), 3000, 8)
    with_ = simulate(small({"y": {**FINE, "paths": {"a": 0.5}, "noise": 0.7}}), 3000, 8)
    pd.testing.assert_frame_equal(without, with_[without.columns])
    assert list(with_.columns) == [*without.columns, "y"]


@pytest.mark.parametrize(
    ("name", "columns", "digest"),
    [
        ("werkonderzoek_2022", 43, "3b09e5bcc3d68c00d2743be95d69d63cfcbc727bb187419f6c11e10c7958c6ea"),
        ("werkonderzoek_2024", 89, "ba23026f02dfa055fd1d26761a1ccab2f9e2032600f9898181c0f65e505903c7"),
    ],
)
def test_the_first_columns_of_a_shipped_wave_never_change(name: str, columns: int, digest: str) -> None:
    """The values of 2026-11-20, before anything was added."""
    found = hashlib.sha256()
    for column in shipped(name).columns[:columns]:
        values = shipped(name)[column]
        text = "\n".join(values.fillna("")) if not pd.api.types.is_numeric_dtype(values) else ""
        found.update(column.encode() + (text.encode() or values.to_numpy("<f8").tobytes()))
    assert found.hexdigest() == digest


@pytest.mark.parametrize(
    ("name", "outcome", "predictors"),
    [
        (
            "werkonderzoek_2022",
            "effectiviteit",
            ["bevlogenheid", "betrokkenheid", "leiderschap", "regeldruk"],
        ),
        ("werkonderzoek_2022", "betrokkenheid", ["leiderschap", "regeldruk", "leren", "tevredenheid"]),
        ("werkonderzoek_2019", "betrokkenheid", ["leiderschap", "regeldruk", "veilig", "missie"]),
    ],
)
def test_betas_of_the_core_in_a_draw_of_200000(name: str, outcome: str, predictors: list[str]) -> None:
    source = population(name)
    frame = simulate(source, 200_000, 78)
    frame = frame[frame["sector"].isin(STUDIED_2024)]
    found, se = drawn_betas(scale_means(frame, source, [outcome, *predictors]), outcome, predictors)
    truth = betas(exact_moments(source, sectors=STUDIED_2024), outcome, predictors)
    assert (np.abs(found - truth) < 4 * se).all()
    assert se.max() < 0.007


def test_only_closed_forms_are_returned_where_a_latent_is_a_product() -> None:
    source = population("werkonderzoek_2019")
    scores, latent = exact_moments(source), exact_moments(source, latent=True)
    assert {"bevlogenheid", "tev_baan", "veilig_x_prestatiegericht"}.isdisjoint(scores.names)
    assert {"betrokkenheid", "regeldruk", "leeftijd"} <= set(scores.names)
    assert {"bevlogenheid", "effectiviteit", "veilig_x_prestatiegericht"} <= set(latent.names)
    assert "leeftijd" not in latent.names


@pytest.mark.parametrize(
    ("additions", "message"),
    [
        ({"y": {**FINE, "paths": {"c": 1}, "noise": 1}}, 'follows from "c", which is no construct before it'),
        ({"a": {**FINE, "paths": {}, "noise": 1}}, "a is there already"),
        ({"y": {**FINE, "paths": {"a": 1}, "noise": -0.1}}, "noise of y is a variance; found -0.1"),
        ({"y": {**FINE, "paths": {}, "noise": 1}, "ab": {"product": ["a", "b"]}}, "stands before additions"),
        ({"ab": {"product": ["a"]}}, "it names two constructs"),
        ({"y": {**FINE, "paths": {}, "by_sector": {"a": {"S": 1}}, "noise": 1}}, "y ~ a varies but"),
        ({"y": {**FINE, "paths": {}, "means": {"U": 1}, "noise": 1}}, 'names "U", which is no sector'),
        ({"y": {**FINE, "paths": {}}}, "not a complete population file.*noise"),
    ],
)
def test_errors_of_additions_name_the_fault(additions: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        small(additions)
