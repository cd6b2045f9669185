"""Claims about paths, effects, correlations and explained variance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, model_validator

from werksem.spec.claims_base import Bounded, Claim, Direction, Paths, Positive
from werksem.spec.study import Name

__all__ = [
    "AsStrongAs", "Correlation", "DeltaR2", "NoEffect", "NoTradeOff", "Pattern", "R2", "Sign", "Small",
    "Strong", "StrongerThan", "Suppression", "WeakerThan",
]  # fmt: skip


class Sign(Claim):
    """These paths are positive, those negative."""

    type: Literal["sign"]
    positive: tuple[Name, ...] = ()
    negative: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> Sign:
        if not (self.positive or self.negative):
            raise ValueError("a claim of type sign names paths under positive, negative or both")
        return self


class NoEffect(Claim):
    """These paths lie within ±``rope``."""

    type: Literal["no effect"]
    paths: Paths
    rope: Positive | None = None


class Small(Claim):
    """These paths are smaller than ``below`` in absolute value, with the sign where one is claimed."""

    type: Literal["small"]
    paths: Paths
    sign: Direction | None = None
    below: Positive | None = None


class Strong(Claim):
    """These paths are at least ``least`` in absolute value, with the sign where one is claimed."""

    type: Literal["strong"]
    paths: Paths
    sign: Direction | None = None
    least: Positive | None = None


class StrongerThan(Claim):
    """One path is larger in absolute value than each of the others, in one standardisation."""

    type: Literal["stronger than"]
    path: Name
    than: Paths


class WeakerThan(Claim):
    """One path is smaller in absolute value than each of the others, in one standardisation."""

    type: Literal["weaker than"]
    path: Name
    than: Paths


class AsStrongAs(Claim):
    """Every two of these paths differ by less than ``rope`` in absolute value."""

    type: Literal["as strong as"]
    paths: Annotated[tuple[Name, ...], Field(min_length=2)]
    rope: Positive | None = None


class Pattern(Claim):
    """Some paths are positive or negative, and others have no effect (within ±``rope``)."""

    type: Literal["pattern"]
    positive: tuple[Name, ...] = ()
    negative: tuple[Name, ...] = ()
    no_effect: Paths
    rope: Positive | None = None


class NoTradeOff(Claim):
    """No predictor raises one of the outcomes while it lowers another."""

    type: Literal["no trade-off"]
    outcomes: Annotated[tuple[Name, ...], Field(min_length=2)]
    predictors: Paths
    rope: Positive | None = None


class Suppression(Claim):
    """These paths have the other sign than the correlation of the same two variables.

    ``family`` are the paths among which Holm's correction is made; without it those of ``paths``.
    """

    type: Literal["suppression"]
    paths: Paths
    family: tuple[Name, ...] = ()


class Correlation(Claim):
    """These correlations (``a ~~ b``) are positive, those negative, and all at most ``at_most``."""

    type: Literal["correlation"]
    positive: tuple[Name, ...] = ()
    negative: tuple[Name, ...] = ()
    below: tuple[Name, ...] = ()
    at_most: Positive | None = None

    @model_validator(mode="after")
    def _some(self) -> Correlation:
        if not (self.positive or self.negative or self.below):
            raise ValueError("a claim of type correlation names pairs under positive, negative or below")
        if bool(self.below) != (self.at_most is not None):
            raise ValueError("pairs under below are below at_most; give both or neither")
        return self


class R2(Bounded):
    """The explained variance of outcomes, ``adjusted`` where asked."""

    type: Literal["r2"]
    outcomes: Paths
    adjusted: StrictBool = False


class DeltaR2(Bounded):
    """What predictors together add to the explained variance of outcomes, beside all others in the model."""

    type: Literal["delta r2"]
    outcomes: Paths
    predictors: Paths
