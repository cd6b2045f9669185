"""Studies with data on which the engines find what they find: regular models, enough respondents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.fuzz.models import Made, answers, models

# how the same model may be estimated: sections of a study
WAYS: dict[str, dict[str, Any]] = {
    "OLS": {"ols": {}},
    "ML": {"sem": {}, "ols": {}},
    "MLR": {"sem": {"estimator": "MLR"}},
    "MLM": {"sem": {"estimator": "MLM"}},
    "ML with means": {"sem": {"meanstructure": True, "engine": "werksem"}},
    "FIML": {"sem": {}, "data": {"missing": "fiml"}},
    "WLSMV": {"sem": {"estimator": "WLSMV"}, "data": {"ordered": "all"}},
    "GLS": {"sem": {"estimator": "GLS"}},
    "ULS": {"sem": {"estimator": "ULS"}},
    "groups": {"sem": {"multigroup": True}, "data": {"group": "group"}},
    "equal groups": {"sem": {"group_equal": ["loadings", "intercepts"]}, "data": {"group": "group"}},
    "clusters": {"sem": {}, "ols": {}, "data": {"cluster": "org"}},
    "weights": {"sem": {}, "ols": {}, "data": {"weights": "gewicht"}},
    "weights and clusters": {"sem": {}, "ols": {}, "data": {"weights": "gewicht", "cluster": "org"}},
    "HC3": {"ols": {"se": "HC3"}},
}
LEAST_SQUARES = ("GLS", "ULS", "WLSMV")


@dataclass(frozen=True)
class Case:
    """A model, the way it is estimated, and answers to it."""

    made: Made
    way: str
    frame: pd.DataFrame

    @property
    def content(self) -> dict[str, Any]:
        """The keys of the study file."""
        way = WAYS[self.way]
        if "structural" not in self.made.model:
            way = {key: value for key, value in way.items() if key != "ols"}
        return {"model": self.made.model, **way}

    def with_frame(self, frame: pd.DataFrame) -> Case:
        """Return the same study of other answers."""
        return replace(self, frame=frame)

    def with_data(self, **keys: Any) -> dict[str, Any]:
        """Return the keys of the study with other keys under data."""
        return self.content | {"data": {**self.content.get("data", {}), **keys}}

    def __repr__(self) -> str:
        return f"Case({self.way}, n={len(self.frame)}, {self.made.model})"


@st.composite
def cases(draw: st.DrawFn, ways: tuple[str, ...] = tuple(WAYS), *, labels: bool = True) -> Case:
    """Return a study and 150 to 400 answers to it, with blanks where the way keeps them."""
    way = draw(st.sampled_from(ways))
    ordinal = way == "WLSMV"
    made = draw(models(labels=labels and not ordinal, columns=not ordinal, least=3))
    if "structural" not in made.model and way in ("OLS", "HC3"):
        way = "ML"
    frame = answers(made, draw(st.integers(150, 400)), draw(st.integers(0, 2**32 - 1)))
    if ordinal and made.scale != (1, 5):
        made = replace(made, model=_five(made.model), scale=(1, 5))
        frame = answers(made, len(frame), draw(st.integers(0, 2**32 - 1)))
    if way == "FIML" or draw(st.integers(0, 4)) == 0:
        frame = blanked(frame, made, draw(st.integers(0, 2**32 - 1)))
    return Case(made, way, frame)


def _five(model: dict[str, Any]) -> dict[str, Any]:
    blocks = {name: {**block, "scale": [1, 5]} for name, block in model["measurement"].items()}
    return {**model, "measurement": blocks}


def blanked(frame: pd.DataFrame, made: Made, seed: int) -> pd.DataFrame:
    """Return answers of which one in twenty is blank."""
    rng = np.random.default_rng(seed)
    items = [item for own in made.items.values() for item in own]
    holes = frame[items].astype("Float64").mask(rng.random((len(frame), len(items))) < 0.05)
    return frame.assign(**{item: holes[item] for item in items})
