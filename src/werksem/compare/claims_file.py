"""The claims of a study, with every name in them checked against its model and data."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from werksem.effects import defined_effects
from werksem.spec.claims import Claim, Known, load_claims
from werksem.spec.equations import constructs, equations, observed_names
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["read_claims"]


def read_claims(
    study: Study, model: ModelSpec, group: pd.Series | None = None, also: Collection[str] = ()
) -> tuple[Claim, ...]:
    """Return the study's claims, none where it names no file; raises ``SpecError`` where one is wrong.

    ``group`` (n,) are the respondents' groups, None where they are not known; ``also`` are names that claims
    may use beside those of the model.
    """
    if study.claims is None:
        return ()
    paths = [f"{e.outcome} ~ {predictor}" for e in equations(model) for predictor in e.predictors]
    effects = [effect.name for effect in defined_effects(model)]
    variables = [*constructs(model), *observed_names(model), *also]
    groups = [] if group is None else group.dropna().astype(str).unique().tolist()
    return load_claims(study.claims, Known(paths, effects, variables, groups))
