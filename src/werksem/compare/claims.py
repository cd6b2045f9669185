"""Claims against what the engines found: ``claims.csv``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.quantities import Pooled, Quantity
from werksem.compare.beliefs import Belief, from_posterior, from_rows, quantity_of
from werksem.compare.paths_claimed import Judged, claimed_paths, judge
from werksem.compare.shares import share_above
from werksem.compare.verdicts import CONFIRMED, REFUTED, THRESHOLDS, UNDECIDED, order
from werksem.spec.claims import Claim, OrderOfGroups, ShareAbove

__all__ = ["COLUMNS", "WORDS", "Evidence", "claims_table"]

Array = NDArray[np.float64]
COLUMNS = ("id", "statement", "engine", "verdict", "evidence")
ROW_ENGINES = ("ols", "sem", "bootstrap")
WORDS: Mapping[str, tuple[str, str]] = {
    "negligible": ("verwaarloosbaar", "negligible"),
    "refused": (
        "geweigerd: gemiddelden van groepen zijn pas te ordenen als scalaire meetinvariantie houdt",
        "refused: means of groups can be put in order only where scalar invariance holds",
    ),
    "partial": (
        "onder gedeeltelijke scalaire meetinvariantie, met {items} vrijgegeven",
        "under partial scalar invariance, with {items} freed",
    ),
    "untested": (
        "niet beoordeeld: dit vraagt draws van de posterior",
        "not tested: this takes draws of the posterior",
    ),
    "no means": (
        "niet beoordeeld: de posterior heeft geen gemiddelden van deze groepen",
        "not tested: the posterior has no means of these groups",
    ),
    "absent": ("niet beoordeeld: geen schatting", "not tested: no estimate"),
    "status": ("let op, status {status}", "note: status {status}"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What claims are held against.

    ``estimates`` of all engines and the posterior's draws, where there is one; ``scores`` (one row per
    respondent) with weights and clusters; ``ranking_allowed`` says whether means of groups may be put in
    order, ``freed`` which items had to be freed for that; ``language`` (nl, en) is that of words in the
    evidence.
    """

    estimates: pd.DataFrame
    pooled: Pooled | None = None
    scores: pd.DataFrame | None = None
    group: pd.Series | None = None
    weights: pd.Series | None = None
    cluster: pd.Series | None = None
    ranking_allowed: bool = True
    language: str = "nl"
    freed: str = ""


def say(evidence: Evidence, key: str) -> str:
    """Return a word of ``WORDS`` in the study's language."""
    return WORDS[key][evidence.language == "en"]


def claims_table(claims: Sequence[Claim], evidence: Evidence) -> pd.DataFrame:
    """Return a row per claim and engine that can test it: id, statement, engine, verdict, evidence.

    ``verdict`` is ``bevestigd``, ``weerlegd`` or ``onbeslist`` (``werksem.compare.verdicts``). The
    posterior (``bayes``) tests by its draws; OLS, SEM and bootstrap test claims about single paths by the
    intervals of ``estimates.csv``; a share of respondents is tested on the ``data``. A claim that nothing
    can test has one row, with an empty engine and the reason.
    """
    rows = []
    for claim in claims:
        found = list(_judged(claim, evidence)) or [("", (UNDECIDED, _untested(claim, evidence)))]
        rows += [(claim.id, claim.statement, engine, *judged) for engine, judged in found]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _untested(claim: Claim, evidence: Evidence) -> str:
    return say(evidence, "absent" if evidence.pooled or isinstance(claim, ShareAbove) else "untested")


def _judged(claim: Claim, evidence: Evidence) -> Iterator[tuple[str, Judged]]:
    if isinstance(claim, ShareAbove):
        judged = _share(claim, evidence)
        yield from [("data", judged)] if judged else []
    elif isinstance(claim, OrderOfGroups):
        if evidence.pooled is not None:
            yield "bayes", _order(claim, evidence.pooled, evidence)
    else:
        for engine in (*ROW_ENGINES, "bayes"):
            beliefs = [_belief(evidence, engine, path, claim.group) for path in claimed_paths(claim)]
            known = [belief for belief in beliefs if belief is not None]
            judged = judge(claim, known, partial(say, evidence)) if len(known) == len(beliefs) else None
            if judged is not None:
                yield engine, (judged[0], judged[1] + _status(engine, evidence))


def _belief(evidence: Evidence, engine: str, path: str, group: str | None) -> Belief | None:
    if engine == "bayes":
        return None if evidence.pooled is None else from_posterior(evidence.pooled, path, group)
    return from_rows(evidence.estimates, engine, path, group)


def _status(engine: str, evidence: Evidence) -> str:
    """Return that an engine's rows are not to be trusted, empty where they are."""
    rows = evidence.estimates[evidence.estimates["engine"] == engine]
    wrong = sorted(set(rows["status"]) - {"ok", ""})
    return f"; {say(evidence, 'status').format(status=', '.join(wrong))}" if wrong else ""


def _order(claim: OrderOfGroups, pooled: Pooled, evidence: Evidence) -> Judged:
    if claim.mean is not None and not evidence.ranking_allowed:
        return UNDECIDED, say(evidence, "refused")
    draws = _values(claim, pooled)
    labels = [label for rank in claim.ranks for label in rank]
    if draws is None or any(label not in draws for label in labels):
        return UNDECIDED, say(evidence, "no means" if claim.mean else "absent")
    above = [
        (high, low)
        for one, other in zip(claim.ranks, claim.ranks[1:], strict=False)
        for high in one
        for low in other
    ]
    right = [draws[high] > draws[low] for high, low in above]
    joint = float(np.all(right, axis=0).mean())
    # not 1 - P(right): groups that do not differ stand neither way round
    pairs = [float((draws[high] < draws[low]).mean()) for high, low in above]
    said = [f"P({high} > {low}) = {r.mean():.3f}" for (high, low), r in zip(above, right, strict=True)]
    means = ", ".join(f"{label} {draws[label].mean():.3f}" for label in labels)
    text = "; ".join([means, *said, f"P(this order) = {joint:.3f}"])
    if claim.mean is not None and evidence.freed:
        text += f"; {say(evidence, 'partial').format(items=evidence.freed)}"
    return order(joint, pairs, len(pairs)), text + _status("bayes", evidence)


def _values(claim: OrderOfGroups, pooled: Pooled) -> dict[str, Array] | None:
    """Return the draws of each group that has them: a path on the common metric, or a variable's mean."""
    found: Quantity | None
    if claim.path is not None:
        found = quantity_of(pooled, claim.path)
        values = None if found is None else found.common.group
    else:
        found = next((q for q in pooled.means if q.lhs == claim.mean), None)
        values = None if found is None else found.raw.group
    if found is None or values is None:
        return None
    present = found.present
    return {label: values[:, g] for g, label in enumerate(pooled.groups) if present[g]}


def _share(claim: ShareAbove, evidence: Evidence) -> Judged | None:
    if evidence.scores is None or claim.variable not in evidence.scores:
        return None
    keep = np.ones(len(evidence.scores), dtype=bool)
    if claim.group is not None:
        if evidence.group is None:
            return None
        keep = (evidence.group.astype(str) == claim.group).to_numpy()
    values = evidence.scores[claim.variable].to_numpy(dtype=float)[keep]
    weights = None if evidence.weights is None else evidence.weights.to_numpy(dtype=float)[keep]
    cluster = None if evidence.cluster is None else evidence.cluster[keep]
    share, low, high, n = share_above(values, claim.above, weights, cluster, THRESHOLDS.level)
    if not np.isfinite([share, low, high]).all():
        return None
    if claim.at_least is not None:
        confirmed, refuted = low >= claim.at_least, high < claim.at_least
    else:
        bound = claim.at_most if claim.at_most is not None else 1.0
        confirmed, refuted = high <= bound, low > bound
    verdict = CONFIRMED if confirmed else REFUTED if refuted else UNDECIDED
    return verdict, f"share {share:.3f} ({THRESHOLDS.level:.0%} {low:.3f} .. {high:.3f}), n = {n}"
