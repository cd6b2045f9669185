"""The section `calibrate` of a study: how much is simulated to see whether the study keeps its promises."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from werksem.spec.section import Number, Section

__all__ = ["Calibrate"]


class Calibrate(Section):
    """How many surveys are simulated, with what, and the difference whose power is asked.

    ``surveys`` give bias, coverage and power, with ``replicates`` resamples each; ``posteriors`` are fitted
    for the ranks of the posterior. ``difference`` is of standardised coefficients.
    """

    surveys: Annotated[StrictInt, Field(ge=20, le=1_000_000)] = 500
    replicates: Annotated[StrictInt, Field(ge=39, le=1_000_000)] = 500
    posteriors: Annotated[StrictInt, Field(ge=20, le=100_000)] = 100
    difference: Annotated[Number, Field(gt=0, lt=1)] = 0.05
    seed: Annotated[StrictInt, Field(ge=0, lt=2**63)] = 2024
