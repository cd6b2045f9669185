"""Casewise influence of every estimator: what one respondent more or less does to a full refit."""

from __future__ import annotations

import numpy as np
import pytest

from tests.one_step_cases import (
    EQUAL,
    FREE,
    MEANS,
    Case,
    blanked,
    fitted_sem,
    numbers,
    ordinal,
    sem_data_of,
)
from werksem.engines.influence_of import influence_of, respondents_of
from werksem.engines.refits import refit
from werksem.rows import Options

OTHER = 5
EXACT = {
    "ml_means": lambda: numbers("democracy"),
    "ml_constrained": lambda: numbers("fiml_constrained"),
    "ml_fixed_x": lambda: numbers("mimic", options=Options()),
    "ml_groups_weighted": lambda: numbers("holzinger", options=EQUAL, school=True, weighted=True),
    "wishart": lambda: numbers("holzinger", options=Options(), likelihood="wishart"),
    "wishart_means": lambda: numbers("equal_means", likelihood="wishart"),
    "wishart_groups": lambda: numbers("holzinger", options=EQUAL, school=True, likelihood="wishart"),
    "fiml": lambda: blanked("holzinger"),
    "fiml_weighted": lambda: blanked("holzinger", weighted=True),
    "fiml_fixed_x": lambda: blanked("mimic"),
    "fiml_groups": lambda: blanked("fiml_groups"),
    "fiml_constrained": lambda: blanked("fiml_constrained"),
    "uls": lambda: numbers("holzinger", "ULS", FREE),
    "uls_means": lambda: numbers("restricted_means", "ULS", Options(mean_structure=True, fixed_x=False)),
    "gls": lambda: numbers("holzinger", "GLS", FREE),
    "gls_means": lambda: numbers("restricted_means", "GLS", Options(mean_structure=True, fixed_x=False)),
    "dwls": lambda: numbers("holzinger", "DWLS", FREE),
    "dwls_means": lambda: numbers("restricted_means", "DWLS", Options(mean_structure=True, fixed_x=False)),
    "wls": lambda: numbers("holzinger", "WLS", FREE),
    "wls_means": lambda: numbers("equal_means", "WLS"),
    "wls_groups": lambda: numbers("holzinger", "WLS", EQUAL, school=True),
    "uls_fixed_x": lambda: numbers("mimic", "ULS", MEANS),
    "uls_groups_weighted": lambda: numbers("holzinger", "ULS", EQUAL, school=True, weighted=True),
    "uls_fixed_x_weighted": lambda: numbers("mimic", "ULS", MEANS, weighted=True),
    "ulsmv": lambda: ordinal("hs3", "ULSMV"),
    "wlsmv": lambda: ordinal("hs3", "WLSMV"),
    "wlsmv_five": lambda: ordinal("hs5", "WLSMV"),
    "wlsmv_two": lambda: ordinal("hs2", "WLSMV"),
    "wlsmv_groups": lambda: ordinal("school", "WLSMV"),
    "ulsmv_weighted": lambda: ordinal("weighted", "ULSMV"),
}  # fmt: skip
# outer products stand for curvature, or weights are held
NEAR = {
    "wlsmv_weighted": lambda: ordinal("weighted", "WLSMV"),
    "wlsmv_mixed": lambda: ordinal("mixed", "WLSMV"),
    "wlsmv_covariates": lambda: ordinal("covariates", "WLSMV"),
    "wlsmv_scales": lambda: ordinal("school_thresholds", "WLSMV"),
}


def moved(case: Case, chosen: tuple[int, ...], copies: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Return (influence, what refits say) of counting some respondents of the last group for another.

    Each takes the place of respondent 5, so the group stays as large: (len, q) each.
    """
    data = sem_data_of(case, copies)
    sem = fitted_sem(case, data)
    people = respondents_of(data)
    n = sum(len(part.rows) if part.weights is None else part.weights.sum() for part in people)
    blocks = [
        block.copy() for g, block in influence_of(sem, data, case.settings, people) if g == len(people) - 1
    ]
    found = np.concatenate(blocks)
    assert len(found) == len(people[-1].rows)
    refits = []
    for who in chosen:
        both = []
        for sign in (1, -1):
            times = [np.ones(len(part.rows), dtype=int) for part in people]
            times[-1][who * copies] += sign
            times[-1][OTHER * copies] -= sign
            both.append(refit(sem, data, case.settings, people, times))
        assert both[0] is not None
        assert both[1] is not None
        refits.append((both[0] - both[1]) / 2 * n)
    return found[[who * copies for who in chosen]] - found[OTHER * copies], np.array(refits)


@pytest.mark.parametrize("name", EXACT)
def test_influence_is_what_one_respondent_does(name: str) -> None:
    """Central differences of full refits, some 6,000 respondents: their error is about (influence / n)²."""
    influence, refits = moved(EXACT[name](), (2, 17, 60), copies=40 if name == "fiml_groups" else 20)
    size = np.abs(refits).max(axis=0) + 1e-3 * np.abs(refits).max()
    assert np.abs((influence - refits) / size).max() < 1e-3


@pytest.mark.parametrize("name", NEAR)
def test_influence_is_near_where_it_is_not_exact(name: str) -> None:
    influence, refits = moved(NEAR[name](), (2, 17, 60))
    assert np.corrcoef(influence.ravel(), refits.ravel())[0, 1] > 0.95
