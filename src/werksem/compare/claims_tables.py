"""A study's claims from file to tables: ``claims.csv``, ``claims_details.csv`` and ``claims_truth.csv``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from werksem.compare.claims import claims_details, claims_table
from werksem.compare.expected import truth_of, truth_table
from werksem.compare.measured import People
from werksem.compare.testing import evidence_of
from werksem.compare.verdicts import THRESHOLDS
from werksem.engines.all import Results
from werksem.inputs import Inputs
from werksem.spec.claims import Claim
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["canonical", "claims_tables", "rules"]


def claims_tables(
    claims: tuple[Claim, ...], study: Study, model: ModelSpec, inputs: Inputs, results: Results,
    estimates: pd.DataFrame, sample: People | None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return the tables of a study's claims by name, none for a study without."""
    if not claims:
        return {}
    evidence = evidence_of(study, inputs, results, estimates, sample)
    details = claims_details(claims, evidence)
    tables = {"claims": claims_table(claims, evidence), "claims_details": details}
    truth = truth_of(study, model, inputs)
    return tables if truth is None else tables | {"claims_truth": truth_table(claims, truth, details, study)}


def rules(study: Study) -> Mapping[str, Any]:
    """Return every threshold that verdicts use, as the manifest records and hashes them.

    >>> rules(Study.model_validate({"study": "s", "model": None, "data": {}}))["rope"]
    0.05
    """
    found = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(THRESHOLDS).items()}
    return found | ({} if study.bayes is None else {"bayes_rope": study.bayes.rope})


def canonical(values: Mapping[str, Any]) -> str:
    """Return values as one text that is equal where they are, for a hash.

    >>> canonical({"b": 1, "a": 0.05})
    '{"a": 0.05, "b": 1}'
    """
    return json.dumps(dict(values), sort_keys=True)
