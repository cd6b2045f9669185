"""What the parts of YAML files share: frozen, unknown keys refused, and the kinds of value they take."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt

__all__ = ["Count", "Draws", "Level", "Name", "Number", "Replicates", "Section"]

Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Count = Annotated[StrictInt, Field(ge=1, le=1_000_000_000)]
Name = Annotated[str, Field(min_length=1)]
# what fits in a week: 10 million refits, 100,000 draws of a chain
Replicates = Annotated[StrictInt, Field(ge=1, le=10_000_000)]
Draws = Annotated[StrictInt, Field(ge=1, le=100_000)]
Level = Annotated[StrictFloat, Field(gt=0.5, lt=1)]


class Section(BaseModel):
    """What all parts of YAML files share: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
