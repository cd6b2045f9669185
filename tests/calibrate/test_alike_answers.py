"""How alike answers within an organisation are: estimated from rows with blanks, and drawn so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.calibrated import ITEMS, answers, nothing, scratch, study_file
from werksem.calibrate.alike import between_answers, correlations, shared_between
from werksem.calibrate.clusters import alikeness, drawn_alikeness, parts_of
from werksem.calibrate.copula import answer_covariances
from werksem.calibrate.coverage import BROKEN, coverage_table, off
from werksem.calibrate.draw import drawn_inputs, stream
from werksem.calibrate.marginals import coefficients, marginal, shown
from werksem.calibrate.population import Population, population
from werksem.calibrate.simulated import plan_of, simulated
from werksem.engines.sem import fit_sem
from werksem.errors import DataError
from werksem.inputs import Inputs, read_inputs
from werksem.sem_data import sem_data, sem_options
from werksem.spec.calibrating import Calibrate
from werksem.spec.load import load_study
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec
from werksem.survey.ordinal import series

EFFECT = np.array([[0.3, 0.1, -0.15], [0.1, 0.2, 0.0], [-0.15, 0.0, 0.4]])
NOISE = np.array([[1.0, 0.4, 0.2], [0.4, 1.0, -0.3], [0.2, -0.3, 1.0]])


def clustered(
    seed: int, clusters: int, smallest: int = 2, largest: int = 12
) -> tuple[np.ndarray, np.ndarray]:
    """Return normal rows (n, 3) with these covariances between and within clusters, and their clusters."""
    numbers = np.random.default_rng(seed)
    code = np.repeat(np.arange(clusters), numbers.integers(smallest, largest, clusters))
    pull = numbers.multivariate_normal(np.zeros(3), EFFECT, clusters)
    return pull[code] + numbers.multivariate_normal(np.zeros(3), NOISE, len(code)), code


def test_complete_rows_give_the_textbook_mean_squares() -> None:
    rows, code = clustered(1, 30)
    size = np.bincount(code)
    n, J = len(rows), len(size)
    means = pd.DataFrame(rows).groupby(code).mean().to_numpy()
    off = means - rows.mean(axis=0)
    msb = (off * size[:, None]).T @ off / (J - 1)
    msw = (rows - means[code]).T @ (rows - means[code]) / (n - J)
    between, within = between_answers(rows, code)
    assert within == pytest.approx(msw)
    assert between == pytest.approx((msb - msw) / ((n - (size**2).sum() / n) / (J - 1)))
    assert between_answers(rows, code, np.full(n, 3.0))[0] == pytest.approx(between)


@pytest.mark.parametrize("weighted", [False, True])
def test_rows_with_blanks_and_weights_are_unbiased_pair_by_pair(weighted: bool) -> None:
    """Nobody answers both of the last two questions, and no row is complete."""
    found, apart = [], []
    for seed in range(200):
        rows, code = clustered(seed, 60)
        n = len(rows)
        rows[np.arange(n) % 3 == 0, 0] = np.nan
        rows[np.arange(n) % 2 == 0, 1] = np.nan
        rows[np.arange(n) % 2 == 1, 2] = np.nan
        weights = np.random.default_rng(seed).uniform(0.2, 3.0, n) if weighted else None
        between, within = between_answers(rows, code, weights)
        found.append(between)
        apart.append(within)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - EFFECT) < 4 * error).all()
    assert (4 * error < 0.05).all()
    inside = np.mean(apart, axis=0)
    assert np.isnan(inside[1, 2])
    known = np.isfinite(inside)
    assert inside[known] == pytest.approx(NOISE[known], abs=0.04)


def test_what_data_do_not_say_is_unknown_and_not_nothing() -> None:
    rows, code = clustered(2, 20)
    alone = between_answers(rows, np.arange(len(rows)))  # every respondent a cluster of his own
    assert np.isnan(alone[0]).all()
    assert np.isnan(alone[1]).all()
    rows[code != 3, 2] = np.nan  # asked in one cluster
    between, _ = between_answers(rows, code)
    assert np.isnan(between[2]).all()
    assert np.isfinite(between[:2, :2]).all()


def test_correlations_are_those_of_the_rows_with_both() -> None:
    rows, _ = clustered(3, 40)
    rows[::3, 0], rows[1::3, 1] = np.nan, np.nan
    assert correlations(rows) == pytest.approx(pd.DataFrame(rows).corr().to_numpy())
    weights = np.random.default_rng(1).integers(1, 4, len(rows))
    repeated = pd.DataFrame(np.repeat(rows, weights, axis=0)).corr().to_numpy()
    assert correlations(rows, weights.astype(float)) == pytest.approx(repeated)


def test_many_questions_in_few_organisations_stay_as_alike_as_found() -> None:
    """40 questions with ICC .02 in 25 organisations: covariances between them are all noise."""
    numbers = np.random.default_rng(4)
    code, p = np.repeat(np.arange(25), 30), 40
    normal = np.sqrt(0.02) * numbers.standard_normal((25, p))[code] + np.sqrt(0.98) * numbers.standard_normal(
        (len(code), p)
    )
    rows = 1.0 + np.digitize(normal, (-1.2, -0.4, 0.3, 1.1))
    columns = tuple(marginal(str(j), rows[:, j]) for j in range(p))
    found = between_answers(rows, code)
    correlation = np.eye(p)
    between, within = parts_of(columns, correlation, *found)
    wanted = np.maximum(alikeness(*found), 0)
    assert drawn_alikeness(columns, between) == pytest.approx(wanted, abs=1e-9)
    assert np.diag(between + within) == pytest.approx(np.ones(p))
    assert min(np.linalg.eigvalsh(between)[0], np.linalg.eigvalsh(within)[0]) > -1e-9
    large = np.repeat(np.arange(4000), 5)
    pull = numbers.multivariate_normal(np.zeros(p), between, 4000, method="eigh")
    own = numbers.multivariate_normal(np.zeros(p), within, len(large), method="eigh")
    drawn = alikeness(*between_answers(shown(columns, pull[large] + own), large))
    # error of an ICC near 0 of 4,000 clusters of 5: sqrt(2 / (4000 * 5 * 4)) = .005, of the mean of 40 .0008
    assert drawn.mean() == pytest.approx(wanted.mean(), abs=0.003)
    assert np.abs(drawn - wanted).max() < 0.022


def test_covariances_nobody_knows_are_as_the_columns_correlate() -> None:
    numbers = np.random.default_rng(5)
    columns = tuple(marginal(name, numbers.integers(1, 6, 500).astype(float)) for name in "ab")
    total = np.array([[1, 0.5], [0.5, 1]])
    var = np.array([column.sd**2 for column in columns])
    between, within = np.diag(0.1 * var), np.diag(0.9 * var)
    between[0, 1] = between[1, 0] = np.nan
    found, _ = parts_of(columns, total, between, within)
    assert found[0, 1] == pytest.approx(0.5 * np.sqrt(found[0, 0] * found[1, 1]))


def skipped(folder: Path, sections: str) -> Path:
    """Write a study in which every respondent skips a question of x and one of y: no row is complete."""
    frame = answers(1800, 60, 0.3, seed=3)
    for place, name in enumerate(ITEMS):
        frame.loc[np.arange(len(frame)) // 60 % 3 == place % 3, name] = np.nan
    return study_file(folder, frame, sections, ", cluster: org, missing: fiml")


@cache
def planned() -> tuple[ModelSpec, Inputs, Population]:
    """Return that survey with its population."""
    study, spec = load_study(skipped(scratch(), "sem: {}"), ())
    inputs = read_inputs(study, spec)
    base = fit_sem(spec, sem_data(study, spec, inputs, by_group=False), Sem(), sem_options(study))
    return spec, inputs, population(study, spec, inputs, base)


def test_organisations_stay_alike_where_no_row_is_complete() -> None:
    spec, inputs, source = planned()
    assert inputs.items is not None
    assert not np.isfinite(inputs.items.to_numpy()).all(axis=1).any()
    part = source.parts[0]
    assert part.icc is not None
    assert (part.icc[:, 0] > 0.05).all()
    assert part.icc[:, 1] == pytest.approx(part.icc[:, 0], abs=1e-9)
    assert inputs.cluster is not None
    code = pd.factorize(inputs.cluster)[0]
    drawn = []
    for survey in range(40):
        items = drawn_inputs(source, spec, inputs, stream(1, survey)).items
        assert items is not None
        drawn.append(between_answers(items[list(source.names)].to_numpy(), code)[0])
    wanted = series(coefficients(part.columns), part.between.T @ part.between)
    error = np.std(drawn, axis=0) / np.sqrt(len(drawn))
    assert (np.abs(np.mean(drawn, axis=0) - wanted) < 4.5 * error).all()


def test_errors_that_overlook_organisations_are_caught_where_no_row_is_complete(tmp_path: Path) -> None:
    study, spec = load_study(skipped(tmp_path, "ols: {se: classical}"), ())
    settings = Calibrate(surveys=300, replicates=39, seed=5)
    plan = plan_of(study, spec, read_inputs(study, spec), settings)
    run = simulated(plan, settings, jobs=1, tick=nothing)[0]
    table = coverage_table([run], plan.n)
    verdicts = table[table["quantity"] == "b"].groupby("interval")["verdict"].unique().map(set)
    assert verdicts["classical"] == {"too low"}
    assert verdicts["cluster"].isdisjoint(BROKEN)
    assert len(off(table)) == 4


def joint(alike: bool, trait: bool = False) -> tuple[ModelSpec, Inputs, Population]:
    """Return a survey of two groups in the same organisations, which pull alike in both or each apart."""
    frame = answers(3000, 100, 0.4, seed=6)
    half = np.arange(len(frame)) // 100 % 2
    if not alike:  # the second group's answers are those of other organisations
        other = answers(3000, 100, 0.4, seed=7)
        frame.loc[half == 1, [*ITEMS, "z"]] = other.loc[half == 1, [*ITEMS, "z"]]
    if trait:
        frame["z"] = (frame["org"].str[1:].astype(int) % 3 == 0).astype(float)
    frame["half"] = np.where(half == 0, "a", "b")
    folder = scratch()
    sections = "sem: {multigroup: true}"
    study, spec = load_study(study_file(folder, frame, sections, ", cluster: org, group: half"), ())
    inputs = read_inputs(study, spec)
    settings = study.sem or Sem()
    base = fit_sem(spec, sem_data(study, spec, inputs, by_group=True), settings, sem_options(study))
    return spec, inputs, population(study, spec, inputs, base)


def test_an_organisation_in_two_groups_is_drawn_as_one() -> None:
    spec, inputs, source = joint(alike=True)
    assert source.shared[0, 1] > 0.85
    first, second = source.parts
    assert first.cluster is not None
    assert second.cluster is not None
    sums = np.zeros((len(source.names), len(source.names)))
    surveys = 60
    for survey in range(surveys):
        items = drawn_inputs(replace(source, blank=np.zeros_like(source.blank)), spec, inputs,
                             stream(2, survey)).items  # fmt: skip
        assert items is not None
        rows = items.to_numpy()
        means = [pd.DataFrame(rows[part.rows] - part.moments.mean).groupby(part.cluster).mean().to_numpy()
                 for part in source.parts]  # fmt: skip
        sums += means[0].T @ means[1] / 100
    # the normals of two respondents of one organisation in different groups
    behind = source.shared[0, 1] * first.between.T @ second.between
    terms = [coefficients(part.columns) for part in source.parts]
    wanted = sum(np.outer(terms[0][:, k], terms[1][:, k]) * behind ** (k + 1) for k in range(12))
    size = np.sqrt(np.outer(*(np.diag(part.moments.cov) for part in source.parts)))
    assert np.diag(wanted / size).min() > 0.1
    assert sums / surveys / size == pytest.approx(wanted / size, abs=0.015)


def test_organisations_that_pull_apart_in_each_group_are_drawn_so() -> None:
    assert joint(alike=False)[2].shared[0, 1] < 0.2


def test_a_trait_of_organisations_is_the_same_in_all_groups_whatever_else_is() -> None:
    spec, inputs, source = joint(alike=False, trait=True)
    assert source.shared[0, 1] < 0.2
    assert [name for name, trait in zip(source.names, source.traits, strict=True) if trait] == ["z"]
    for survey in range(5):
        items = drawn_inputs(source, spec, inputs, stream(3, survey)).items
        assert items is not None
        assert inputs.cluster is not None
        assert (items["z"].groupby(inputs.cluster).nunique() == 1).all()
        assert items["z"].nunique() == 2


def test_errors_by_organisation_hold_where_groups_share_organisations(tmp_path: Path) -> None:
    """A path that is the same in two groups: each organisation is in both, and counts once."""
    frame = answers(2400, 120, 0.4, seed=6)
    frame["half"] = np.where(np.arange(len(frame)) // 120 % 2 == 0, "a", "b")
    sections = "sem: {estimator: MLR, multigroup: true, group_equal: [loadings, regressions]}"
    config = study_file(tmp_path, frame, sections, ", cluster: org, group: half")
    study, spec = load_study(config, ())
    settings = Calibrate(surveys=250, replicates=39, seed=5)
    plan = plan_of(study, spec, read_inputs(study, spec), settings)
    run = simulated(plan, settings, jobs=1, tick=nothing)[0]
    table = coverage_table([run], plan.n)
    path = table[(table["op"] == "~") & (table["quantity"] == "b") & (table["interval"] == "cluster")]
    ratio = path["mean_se"] / path["sd"]
    # error of an SD of 250 surveys: 1 / sqrt(500) = .045
    assert ratio.to_numpy() == pytest.approx(1.0, abs=0.12)
    assert (path["coverage"] > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 250)).all()


def test_how_far_clusters_pull_alike_is_found_back() -> None:
    numbers, J, m = np.random.default_rng(8), 3000, 6
    pulls = numbers.multivariate_normal(
        [0, 0], [[0.2, 0.08], [0.08, 0.2]], (J, 4)
    )  # (J, p, 2): correlation .4
    code, part = np.tile(np.repeat(np.arange(J), m), 2), np.repeat([0, 1], J * m)
    rows = pulls[code, :, part] + numbers.standard_normal((len(code), 4))
    spread = (np.full(4, np.sqrt(0.2)),) * 2
    groups = (np.flatnonzero(part == 0), np.flatnonzero(part == 1))
    assert shared_between(rows, code, groups, spread)[0, 1] == pytest.approx(0.4, abs=0.04)


def test_a_trait_of_organisations_is_the_same_for_all_of_one() -> None:
    frame = answers(1500, 75, 0.1, seed=9)
    frame["z"] = (frame["org"].str[1:].astype(int) % 3 == 0).astype(float)
    folder = scratch()
    study, spec = load_study(study_file(folder, frame, "ols: {se: cluster}\nsem: {}", ", cluster: org"), ())
    inputs = read_inputs(study, spec)
    plan = plan_of(study, spec, inputs, Calibrate(surveys=300, replicates=39))
    source = plan.population
    assert source is not None
    assert source.parts[0].distance < 1e-9
    at, products = source.names.index("z"), []
    for survey in range(60):
        drawn = plan.draw(survey)[0]
        assert drawn.items is not None
        assert (drawn.items["z"] == frame["z"]).all()
        products.append(pd.concat([drawn.items["z"], drawn.items["y1"]], axis=1).cov().to_numpy()[0, 1])
    wanted = source.parts[0].moments.cov[at, source.names.index("y1")]
    assert np.mean(products) == pytest.approx(wanted, abs=4 * np.std(products) / np.sqrt(60))
    # so errors that overlook organisations are far too small for it, which respondents apart would hide
    run = simulated(plan, Calibrate(surveys=300, replicates=39), jobs=1, tick=nothing)[0]
    table = coverage_table([run], 1500).set_index(["interval", "rhs", "quantity"])
    plain, right = (table.loc[(kind, "z", "b")] for kind in ("HC3", "cluster"))
    assert plain["mean_se"] < 0.85 * plain["sd"]
    assert right["mean_se"] == pytest.approx(right["sd"], rel=0.12)


def test_a_question_of_one_organisation_is_refused() -> None:
    frame = answers()
    frame.loc[frame["org"] != "o1", "z"] = np.nan
    folder = scratch()
    study, spec = load_study(study_file(folder, frame, "ols: {}", ", cluster: org"), ())
    inputs = read_inputs(study, spec)
    with pytest.raises(DataError, match=r'calibrate: "z" is answered in one org only, so how alike'):
        population(study, spec, inputs, None)


def test_two_questions_nobody_answers_together_need_a_model() -> None:
    frame = answers()
    frame.loc[np.arange(600) % 2 == 0, "x1"] = np.nan
    frame.loc[np.arange(600) % 2 == 1, "y1"] = np.nan
    folder = scratch()
    study, spec = load_study(study_file(folder, frame, "ols: {}"), ())
    inputs = read_inputs(study, spec)
    with pytest.raises(DataError, match=r'no respondents answered both "x1" and "y1"'):
        population(study, spec, inputs, None)


def test_a_part_whose_covariances_sum_to_the_answers_is_unchanged() -> None:
    columns = tuple(marginal(name, np.repeat([1.0, 2, 3], [20, 50, 30])) for name in "ab")
    total = np.array([[1, 0.6], [0.6, 1]])
    cov = answer_covariances(columns, total)
    between, within = parts_of(columns, total, 0.1 * cov, 0.9 * cov)
    assert between + within == pytest.approx(total)
    assert series(coefficients(columns), between) == pytest.approx(0.1 * cov)
