"""The ledger of a study and what its claims are held against, from its engines' results."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.claims import Evidence, say
from werksem.compare.ledger import ledger
from werksem.compare.measured import People
from werksem.compare.respondents_claimed import data_found
from werksem.engines.all import Results
from werksem.engines.invariance import step_holds
from werksem.inputs import Inputs
from werksem.spec.claims import Statistic
from werksem.spec.study import Study

__all__ = ["evidence_of", "ledger_of", "partially_scalar", "ranking_allowed"]


def ledger_of(study: Study, results: Results) -> pd.DataFrame | None:
    """Return the pooling ledger, None where there is no posterior or it has no groups."""
    parts = (results.own, results.between, results.fixed_effects)
    own, between, slopes = parts
    if study.bayes is None or results.pooled is None or own is None or between is None or slopes is None:
        return None
    table = ledger(results.pooled, own, between, slopes, study.bayes.rope)
    return table if len(table) else None


def evidence_of(
    study: Study, inputs: Inputs, results: Results, estimates: pd.DataFrame, sample: People | None = None
) -> Evidence:
    """Return what the claims of a study are held against; ``sample`` are the respondents."""
    evidence = Evidence(
        estimates, _ordered_by(results), inputs.scores, inputs.group, inputs.weights, inputs.cluster,
        _may_order(study, results), study.language, _ranking_note(results),
        {engine.engine: engine.joint() for engine in results.engines if engine.joint is not None},
        smallest=study.disclosure.smallest,
    )  # fmt: skip
    if sample is None:
        return evidence
    held = results.invariance is None or _holds(results.invariance, "")
    scales = set(sample.spans)

    def ranked(statistic: Statistic) -> bool:
        # shares and means of a scale carry what sets its items apart; a column is only itself
        return held or statistic.variable not in scales

    return replace(evidence, respondents=data_found(sample, inputs, partial(say, evidence), ranked))


def _may_order(study: Study, results: Results) -> bool:
    """Return whether means may be put in order: under partial invariance only those of the second fit."""
    partial = results.invariance is not None and partially_scalar(results.invariance)
    return ranking_allowed(study, results.invariance) and not (partial and not results.freed_means)


def _ordered_by(results: Results) -> Any:
    """Return the posterior, under partial invariance with the means it has where the worst items are freed.

    Means with all items shared carry what sets these items apart.
    """
    partial = results.invariance is not None and partially_scalar(results.invariance)
    if results.pooled is None or not (partial and results.freed_means):
        return results.pooled
    return replace(results.pooled, means=tuple(results.freed_means))


def _ranking_note(results: Results) -> str:
    """Return the items that had to be freed before means of groups may be put in order, else nothing."""
    ladder, items = results.invariance, results.freed_items
    partial = ladder is not None and partially_scalar(ladder)
    return str(items["items"].iloc[0]) if partial and items is not None and len(items) else ""


def ranking_allowed(study: Study, invariance: pd.DataFrame | None) -> bool:
    """Return whether means of groups may be put in order.

    Where the invariance ladder was climbed, its metric and scalar steps must hold (Chen, 2007), or both
    with the worst items freed; where it was not, scale means may be put in order and latent means may not.
    """
    if invariance is None:
        return study.bayes is None or study.bayes.level == "scores"
    return _holds(invariance, "") or partially_scalar(invariance)


def partially_scalar(invariance: pd.DataFrame) -> bool:
    """Return whether loadings and intercepts are equal only with the worst items freed."""
    return not _holds(invariance, "") and _holds(invariance, "partial_")


def _holds(invariance: pd.DataFrame, prefix: str) -> bool:
    rows = {str(row["level"]): row for row in records(invariance)}
    steps = [rows[prefix + name] for name in ("metric", "scalar") if prefix + name in rows]
    held = all(step_holds(row["delta_cfi"], row["delta_rmsea"]) for row in steps)
    return f"{prefix}scalar" in rows and held
