"""Claims against what the engines found: ``claims.csv``, and beside it what each verdict needs to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werksem.bayes.quantities import Pooled, Quantity
from werksem.compare.beliefs import quantity_of
from werksem.compare.cells import probability
from werksem.compare.found import Found, found_by
from werksem.compare.judges import JUDGES
from werksem.compare.paths_claimed import Judged
from werksem.compare.shares import share_above
from werksem.compare.verdicts import (
    THRESHOLDS,
    UNDECIDED,
    Thresholds,
    bounded,
    order,
    smallest,
    stricter,
)
from werksem.describe.contrasts import holm
from werksem.estimators.joint import Joint
from werksem.spec.claims import Claim, OrderOfGroups, ShareAbove

__all__ = ["COLUMNS", "DETAILS", "WORDS", "Evidence", "claims_details", "claims_table"]

Array = NDArray[np.float64]
COLUMNS = ("id", "statement", "engine", "verdict", "evidence")
DETAILS = (
    "id", "finding", "type", "source", "engine", "verdict", "pvalue", "family", "note", "known_deviation",
)  # fmt: skip
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
        "niet beoordeeld: geen enkele methode van dit onderzoek geeft wat dit vraagt",
        "not tested: no method of this study gives what this takes",
    ),
    "no means": (
        "niet beoordeeld: de posterior heeft geen gemiddelden van deze groepen",
        "not tested: the posterior has no means of these groups",
    ),
    "one wave": (
        "niet beoordeeld: deze gegevens hebben één meetmoment",
        "not tested: these data have one wave",
    ),
    "suppression": (
        "ook meetfouten in de andere voorspellers kunnen dit geven: zie de latente versie",
        "measurement error in the other predictors may bring this about as well: see the latent version",
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
    evidence. ``joints`` are engines' joint values by name; ``respondents`` answers for the data. A share of
    fewer than ``smallest`` respondents is not told.
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
    joints: Mapping[str, Joint] = field(default_factory=dict)
    respondents: Callable[[Claim], Found] | None = None
    smallest: int = 1


def say(evidence: Evidence, key: str) -> str:
    """Return a word of ``WORDS`` in the study's language."""
    return WORDS[key][evidence.language == "en"]


def claims_table(claims: Sequence[Claim], evidence: Evidence) -> pd.DataFrame:
    """Return a row per claim and engine that can test it: id, statement, engine, verdict, evidence.

    ``verdict`` is ``bevestigd``, ``weerlegd`` or ``onbeslist`` (``werksem.compare.verdicts``). The
    posterior (``bayes``) tests by its draws; OLS, SEM and bootstrap test single paths by the intervals of
    ``estimates.csv`` and contrasts by their joint values; statistics of respondents are tested on the
    ``data``. A claim that nothing can test has one row, with an empty engine and the reason.
    """
    rows = []
    for claim in claims:
        found = [(engine, test(THRESHOLDS)) for engine, test in _tests(claim, evidence)]
        rows += [
            (claim.id, claim.statement, engine, *judged)
            for engine, judged in found or [("", (UNDECIDED, _untested(claim, evidence)))]
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def claims_details(claims: Sequence[Claim], evidence: Evidence) -> pd.DataFrame:
    """Return per claim and engine what belongs to the verdict: ``claims_details.csv``.

    ``pvalue`` is the smallest level at which the test still decides; ``family`` the verdict that is left
    after Holm's correction over all claims that this engine decides. The posterior's are empty: it gives
    probabilities, not tests. A claim that nothing can test has one row, with an empty engine.
    """
    rows = []
    for claim in claims:
        kind = str(getattr(claim, "type", ""))
        for engine, test in [*_tests(claim, evidence)] or [("", _undecided)]:
            verdict = test(THRESHOLDS)[0]
            tested = engine not in ("bayes", "")
            p = max(_pvalue(test, verdict), _coarseness(engine, evidence)) if tested else np.nan
            about = (claim.id, claim.finding or claim.id, kind, claim.source, engine, verdict, p, "")
            rows.append((*about, claim.note, claim.known_deviation))
    table = pd.DataFrame(rows, columns=list(DETAILS))
    for _, part in table[table["pvalue"].notna()].groupby("engine", sort=False):
        kept = [p <= 1 - THRESHOLDS.level for p in holm(part["pvalue"].to_numpy(dtype=float))]
        table.loc[part.index, "family"] = np.where(kept, part["verdict"], UNDECIDED)
    return table


def _undecided(_: Thresholds) -> Judged:
    return UNDECIDED, ""


def _pvalue(test: Test, verdict: str) -> float:
    if verdict == UNDECIDED:
        return 1.0
    alpha = 1 - THRESHOLDS.level
    return smallest(lambda level: test(stricter(level))[0] == verdict, alpha)


def _coarseness(engine: str, evidence: Evidence) -> float:
    """Return the smallest p-value that an engine can tell: 1 / (replicates + 1) where it has those."""
    joint = evidence.joints.get(engine)
    return 0.0 if joint is None or joint.draws is None else 1 / (len(joint.draws) + 1)


def _untested(claim: Claim, evidence: Evidence) -> str:
    return say(evidence, "absent" if evidence.pooled or isinstance(claim, ShareAbove) else "untested")


Test = Callable[[Thresholds], Judged]


def _tests(claim: Claim, evidence: Evidence) -> Iterator[tuple[str, Test]]:
    """Yield each engine that can judge a claim, and how it does at given thresholds."""
    if isinstance(claim, ShareAbove):
        if _share(claim, evidence) is not None:
            yield "data", lambda at: _share(claim, evidence, at) or (UNDECIDED, "")
        return
    pooled = evidence.pooled
    if isinstance(claim, OrderOfGroups) and pooled is not None and claim.of is None and claim.by is None:
        yield "bayes", lambda at: _order(claim, pooled, evidence, at)
    judge = JUDGES[type(claim)]
    for engine in judge.engines:
        found = _found(claim, engine, evidence)
        if found is None or judge.rule(claim, found, THRESHOLDS) is None:
            continue
        yield engine, partial(_by_rule, claim, found, _status(engine, evidence))


def _by_rule(claim: Claim, found: Found, status: str, at: Thresholds) -> Judged:
    judged = JUDGES[type(claim)].rule(claim, found, at)
    return (UNDECIDED, status) if judged is None else (judged[0], judged[1] + status)


def _found(claim: Claim, engine: str, evidence: Evidence) -> Found | None:
    if engine == "data":
        return None if evidence.respondents is None else evidence.respondents(claim)
    if engine == "bayes" and evidence.pooled is None:
        return None
    return found_by(
        engine, partial(say, evidence), estimates=evidence.estimates, joint=evidence.joints.get(engine),
        pooled=evidence.pooled if engine == "bayes" else None, group=claim.group,
    )  # fmt: skip


def _status(engine: str, evidence: Evidence) -> str:
    """Return that an engine's rows are not to be trusted, empty where they are."""
    rows = evidence.estimates[evidence.estimates["engine"] == engine]
    wrong = sorted(set(rows["status"]) - {"ok", ""})
    return f"; {say(evidence, 'status').format(status=', '.join(wrong))}" if wrong else ""


def _order(claim: OrderOfGroups, pooled: Pooled, evidence: Evidence, at: Thresholds) -> Judged:
    if claim.mean is not None and not evidence.ranking_allowed:
        return UNDECIDED, say(evidence, "refused")
    draws = _values(claim, pooled)
    labels = [label for rank in claim.ranks for label in rank]
    if draws is None or any(label not in draws for label in labels):
        return UNDECIDED, say(evidence, "no means" if claim.mean else "absent")
    above = [(high, low) for one, other in pairwise(claim.ranks) for high in one for low in other]
    right = [draws[high] > draws[low] for high, low in above]
    joint = float(np.all(right, axis=0).mean())
    # not 1 - P(right): groups that do not differ stand neither way round
    pairs = [float((draws[high] < draws[low]).mean()) for high, low in above]
    said = [f"P({high} > {low}) {probability(r.mean())}" for (high, low), r in zip(above, right, strict=True)]
    means = ", ".join(f"{label} {draws[label].mean():.3f}" for label in labels)
    text = "; ".join([means, *said, f"P(this order) {probability(joint)}"])
    if claim.mean is not None and evidence.freed:
        text += f"; {say(evidence, 'partial').format(items=evidence.freed)}"
    return order(joint, pairs, len(pairs), at), text + _status("bayes", evidence)


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


def _share(claim: ShareAbove, evidence: Evidence, at: Thresholds = THRESHOLDS) -> Judged | None:
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
    share, low, high, n = share_above(values, claim.above, weights, cluster, at.level)
    count = int((values > claim.above).sum())
    if not np.isfinite([share, low, high]).all() or min(n, count, n - count) < evidence.smallest:
        return None
    least, most = (
        end if given is None else given for given, end in ((claim.at_least, -np.inf), (claim.at_most, np.inf))
    )
    verdict = bounded(lambda _: (low, high), least, most, 1, at)
    return verdict, f"share {share:.3f} ({at.level:.0%} {low:.3f} .. {high:.3f}), n = {n}"
