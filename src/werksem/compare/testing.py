"""The ledger and the claims of a study, from its engines' results."""

from __future__ import annotations

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.claims import Evidence, claims_table
from werksem.compare.ledger import ledger
from werksem.engines.all import Results
from werksem.engines.invariance import CFI_FALL, RMSEA_RISE
from werksem.inputs import Inputs
from werksem.spec.claims import Claim
from werksem.spec.study import Study

__all__ = ["ledger_of", "ranking_allowed", "tested_claims"]


def ledger_of(study: Study, results: Results) -> pd.DataFrame | None:
    """Return the pooling ledger, None where there is no posterior or it has no groups."""
    parts = (results.own, results.between, results.fixed_effects)
    own, between, slopes = parts
    if study.bayes is None or results.pooled is None or own is None or between is None or slopes is None:
        return None
    table = ledger(results.pooled, own, between, slopes, study.bayes.rope)
    return table if len(table) else None


def tested_claims(
    claims: tuple[Claim, ...], study: Study, inputs: Inputs, results: Results, estimates: pd.DataFrame
) -> pd.DataFrame | None:
    """Return the rows of ``claims.csv``, None for a study without claims."""
    if not claims:
        return None
    evidence = Evidence(
        estimates, results.pooled, inputs.scores, inputs.group, inputs.weights, inputs.cluster,
        ranking_allowed(study, results.invariance), study.language,
    )  # fmt: skip
    return claims_table(claims, evidence)


def ranking_allowed(study: Study, invariance: pd.DataFrame | None) -> bool:
    """Return whether means of groups may be put in order.

    Where the invariance ladder was climbed, its metric and scalar steps must hold (Chen, 2007); where
    it was not, scale means may be put in order and latent means may not.
    """
    if invariance is None:
        return study.bayes is None or study.bayes.level == "scores"
    rows = {str(row["level"]): row for row in records(invariance)}
    steps = [rows[name] for name in ("metric", "scalar") if name in rows]
    held = all(row["delta_cfi"] >= -CFI_FALL and row["delta_rmsea"] <= RMSEA_RISE for row in steps)
    return "scalar" in rows and held
