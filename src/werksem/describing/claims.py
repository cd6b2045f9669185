"""Claims of a study with tables: those that respondents decide, without telling of few of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from werksem.compare.claims import Evidence, claims_table
from werksem.compare.claims_file import read_claims
from werksem.describe.reading import Respondents, of_rows
from werksem.describe.sample import Sample
from werksem.estimates import estimates_table
from werksem.inputs import Inputs
from werksem.spec.claims import Claim, OrderOfGroups, ShareAbove
from werksem.spec.describe import Describe
from werksem.spec.equations import observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec, Statement

__all__ = ["tested"]


def tested(study: Study, model: ModelSpec, respondents: Respondents) -> pd.DataFrame | None:
    """Return the rows of ``claims.csv``, None for a study without claims.

    There are no estimates: what only an engine can decide stays undecided. Groups that the tables would
    leave out are no evidence.
    """
    if study.claims is None:
        return None
    described = study.describe or Describe()
    sample = _own(respondents.sample, described)
    plain = [name for name in _numbers(sample) if name not in observed_names(model)]
    whole = replace(model, statements=(*model.statements, *(Statement(name, "~1") for name in plain)))
    group = None if study.data.group is None else sample.frame[study.data.group].astype(str)
    inputs = Inputs(None, None, sample.scores, group, None, None, None, None, {})
    claims = read_claims(study, whole, inputs)
    scores = pd.DataFrame(dict(sample.frame[_numbers(sample)]) | dict(sample.scores))
    weights, cluster = sample.design.weights, sample.design.cluster
    evidence = Evidence(
        estimates_table([]), scores=scores, group=group,
        weights=None if weights is None else pd.Series(weights),
        cluster=None if cluster is None else pd.Series(cluster), language=study.language,
    )  # fmt: skip
    tables = [claims_table([claim], _careful(claim, evidence, described.smallest)) for claim in claims]
    return pd.concat(tables, ignore_index=True)


def _own(sample: Sample, described: Describe) -> Sample:
    return sample if sample.wave is None else of_rows(sample, (sample.wave == described.wave).to_numpy())


def _numbers(sample: Sample) -> list[str]:
    """Return the columns of numbers, without those that say who gave a "don't know"."""
    frame = sample.frame
    return [name for name in map(str, frame.columns) if frame[name].dtype.kind in "fiu"]


def _careful(claim: Claim, evidence: Evidence, smallest: int) -> Evidence:
    """Return the evidence a claim may use: no answers where too few respondents stand behind a number."""
    scores = evidence.scores
    if scores is None:
        return evidence
    if evidence.group is not None and (claim.group is not None or isinstance(claim, OrderOfGroups)):
        scores = scores.apply(lambda column: column.where(_large_groups(column, evidence.group, smallest)))
    if isinstance(claim, ShareAbove) and claim.variable in scores:
        inside = np.ones(len(scores), dtype=bool)
        if claim.group is not None and evidence.group is not None:
            inside = (evidence.group == claim.group).to_numpy()
        values = scores[claim.variable].to_numpy(dtype=float)[inside]
        above, known = int((values > claim.above).sum()), int(np.isfinite(values).sum())
        if not smallest <= above <= known - smallest:
            scores = scores.assign(**{claim.variable: np.nan})
    return replace(evidence, scores=scores)


def _large_groups(column: pd.Series, group: pd.Series | None, smallest: int) -> pd.Series:
    """Return whose group has enough answers (n,); with a small group the next smallest goes too."""
    if group is None:
        return pd.Series(True, index=column.index)
    sizes = column.notna().groupby(group).sum().sort_values(kind="stable")
    left_out = int((sizes < smallest).sum())
    while left_out and left_out < len(sizes) and (left_out < 2 or sizes.iloc[:left_out].sum() < smallest):
        left_out += 1
    return group.isin(sizes.index[left_out:])
