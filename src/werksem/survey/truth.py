"""The true betas that a population file states, to hold estimates against."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from werksem.errors import SpecError
from werksem.spec.yaml import load

__all__ = ["true_betas"]


def true_betas(path: Path) -> pd.DataFrame:
    """Return ``level, group, model, lhs, rhs, b, beta`` of a population's regressions.

    ``level`` is ``scores`` (regressions on scale means; b is raw, beta standardised), ``latent``
    (on the latents behind the items, standardised only, so b is NaN; a single column is itself)
    or ``sem`` (what ML estimates from the exact covariances of the items, b in marker scaling).
    ``group`` is ``all``, or a sector whose own standard deviations are used. Blank answers are
    left out of account. Raises ``SpecError`` where the file states none.
    """
    truth = load(path).data.get("truth")
    if not isinstance(truth, dict):
        raise SpecError("this population file states no true betas (`truth:`)", where=str(path))
    table = pd.DataFrame(truth["rows"], columns=truth["columns"])
    return table.astype({"b": float, "beta": float})
