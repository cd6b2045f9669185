"""The mean square of casewise influence is each estimator's own sandwich variance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from tests.one_step_cases import EQUAL, FREE, MEANS, Case, fitted_sem, numbers, ordinal, sem_data_of
from werksem.categorical.moments import ordinal_influence
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.inference.covariance_influence import covariance_influence
from werksem.inference.least_squares import fit_continuous, fit_ordinal
from werksem.inference.ls_influence import ls_influence_blocks
from werksem.inference.robust import robust_inference
from werksem.model import build_model

LEAST_SQUARES = {
    "uls": numbers("holzinger", "ULS", FREE), "dwls": numbers("holzinger", "DWLS", FREE),
    "gls_groups": numbers("holzinger", "GLS", EQUAL, school=True), "wls": numbers("holzinger", "WLS", FREE),
    "wlsmv": ordinal("hs5", "WLSMV"), "mixed": ordinal("mixed", "WLSMV"),
    "covariates": ordinal("covariates", "ULSMV"), "weighted": ordinal("weighted", "WLSMV"),
    "groups": ordinal("school_loadings", "WLSMV"), "scales": ordinal("school_thresholds", "WLSMV"),
}  # fmt: skip


def stacked(blocks: Iterable[tuple[int, np.ndarray]], groups: int) -> list[np.ndarray]:
    """Return the influence of each group (n_g, q)."""
    found: list[list[np.ndarray]] = [[] for _ in range(groups)]
    for g, block in blocks:
        found[g].append(block.copy())
    return [np.concatenate(part) for part in found]


def conventional(study: Case) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return (influence per group as robust errors take it, their covariances, which are estimated)."""
    data = sem_data_of(study)
    model = build_model(study.spec, study.groups, study.options)
    people, estimator = data.respondents, study.settings.estimator
    rows = [part.rows for part in people]
    if study.ordered:
        done = fit_ordinal(model, rows, study.ordered, estimator, weights=study.weights, se="robust")
        blocks = ordinal_influence(
            rows, done.ls.model.observed, done.ls.ordered, x=done.ls.x, groups=study.groups,
            weights=study.weights,
        )  # fmt: skip
    else:
        done = fit_continuous(model, data.moments, estimator, rows, se="robust")
        # covariances have divisor n - 1 in influence, n in gamma
        divisor = [np.where(np.arange(len(s.values)) < len(s.level), 1, 1 - 1 / s.n) for s in done.statistics]
        plain = covariance_influence(done.statistics, people, estimator)
        blocks = ((g, block * divisor[g]) for g, block in plain)
    found = ls_influence_blocks(done.ls, done.statistics, done.fit, people, blocks, exact=False)
    estimated = np.diag(done.inference.vcov) > 0
    return stacked(found, len(people)), done.inference.vcov, estimated


@pytest.mark.parametrize("name", LEAST_SQUARES)
def test_least_squares(name: str) -> None:
    """lavaan divides by n - G, which is all the difference."""
    study = LEAST_SQUARES[name]
    influence, vcov, kept = conventional(study)
    n, groups = sum(map(len, influence)), len(influence)
    square = np.zeros_like(vcov)
    for part in influence:
        assert np.abs(part.mean(axis=0)).max() < 1e-9 * np.abs(part).max()
        square += part.T @ part / (n * (n - groups))
    used = np.ix_(kept, kept)
    size = np.sqrt(np.outer(np.diag(vcov)[kept], np.diag(vcov)[kept]))
    assert np.abs((square - vcov)[used] / size).max() < 1e-8


@pytest.mark.parametrize("weighted", [False, True])
def test_ml_by_moments(weighted: bool) -> None:
    study = numbers("restricted_means", options=MEANS, weighted=weighted)
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    people = respondents_of(data)
    (influence,) = stacked(influence_of(sem, data, study.settings, people), 1)
    vcov = robust_inference(sem.model, sem.moments, sem.fit, people, kind="MLR").vcov
    kept = ~np.array(sem.model.exogenous)
    square = influence.T @ influence / len(influence) ** 2
    size = np.sqrt(np.outer(np.diag(vcov)[kept], np.diag(vcov)[kept]))
    assert np.abs((square - vcov)[np.ix_(kept, kept)] / size).max() < 1e-8


def test_fixed_x_moves_as_its_own_moments_do() -> None:
    study = numbers("mimic", options=MEANS)
    data = sem_data_of(study)
    sem = fitted_sem(study, data)
    (influence,) = stacked(influence_of(sem, data, study.settings, respondents_of(data)), 1)
    x = study.rows[0][:, study.names.index("ageyr")]
    at = list(sem.model.parameters).index("ageyr~~ageyr")
    assert np.allclose(influence[:, at], (x - x.mean()) ** 2 - x.var(), atol=1e-8)
