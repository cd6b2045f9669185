"""Borst & Noordegraaf (2022), table 4: mission and agility, least by beta, carry a tenth of R²."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from werksem.inference.relative_importance import lmg, ranks
from werksem.spec.yaml import load

DESIGN = Path(__file__).resolve().parents[2] / "models" / "population" / "design_2022.yaml"
FACETS = ("samenwerking", "missie", "wendbaarheid", "inclusiviteit", "leren", "maat")
# the published betas of mission and agility
BETAS = {"tevredenheid": (0.077, 0.039), "trots": (0.035, 0.087), "aanbevelen": (0.081, 0.033)}


def correlations(outcome: str) -> np.ndarray:
    """Return the correlations under which the published betas give the published R², outcome last."""
    targets = load(DESIGN).data["targets"]
    names, rows = targets["names"], targets["correlation"]
    R = np.eye(len(names))
    for i, row in enumerate(rows):
        R[i, : len(row)] = R[: len(row), i] = row
    at = [*range(14), names.index(outcome)]
    return R[np.ix_(at, at)]


@pytest.mark.parametrize("outcome", BETAS)
def test_the_least_by_beta_still_carry_a_share(outcome: str) -> None:
    R = correlations(outcome)
    beta = np.linalg.solve(R[:-1, :-1], R[:-1, -1])
    assert beta[[1, 2]] == pytest.approx(BETAS[outcome], abs=0.001)
    share = lmg(R) / (beta @ R[:-1, -1])
    assert share.sum() == pytest.approx(1)
    assert 0.07 < share[1] < 0.11
    assert 0.10 < share[2] < 0.14
    assert set(ranks(share[: len(FACETS)])[[1, 2]]) <= {4, 5, 6}
    assert ranks(share)[FACETS.index("leren")] == 1
