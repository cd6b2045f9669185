"""Every posterior's arrays have a digest: the same for the same data, another for one changed answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.bayes.discrete_cases import arrays, survey
from werksem.bayes.digest import digest
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.run import score_design
from werksem.rows import Options
from werksem.spec.equations import equations
from werksem.spec.load import load_model
from werksem.spec.study import Bayes

OPTIONS = Options(True, True, Options().scaling, ())
LATENT = "f =~ a1 + a2 + a3; g =~ b1 + l*b2 + l*b3; g ~ p*f + x; e := p*l; y ~ g; y ~~ 0*x"


def answers() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    f, x = rng.normal(size=(2, 240))
    g = 0.5 * f + 0.3 * x + rng.normal(size=240)
    items = {f"{name}{k}": of + rng.normal(size=240) for name, of in (("a", f), ("b", g)) for k in (1, 2, 3)}
    units = np.arange(240) // 8
    return pd.DataFrame(items).assign(
        x=x, y=g + rng.normal(size=240), w=f + g, sector=np.array(list("abc"))[units % 3], unit=units
    )


def latent(frame: pd.DataFrame, *, nested: bool) -> Any:
    settings = Bayes(level="latent", vary=("paths", "means"), **({"nested": "unit"} if nested else {}))
    unit = frame["unit"] if nested else None
    model = load_model({"syntax": LATENT})
    return prepared(model, frame, frame["sector"], None, settings, OPTIONS, nested=unit)


def scores(frame: pd.DataFrame, *, nested: bool) -> Any:
    regressions = equations(load_model({"syntax": "y ~ x + a1; w ~ x + y"}))
    unit = frame["unit"] if nested else None
    settings = Bayes(vary=("means",), **({"nested": "unit", "vary_nested": ("means",)} if nested else {}))
    return score_design(regressions, frame, frame["sector"], None, settings, [("y", "w")], unit)


BUILT: dict[str, Callable[[pd.DataFrame], Any]] = {
    "scores": lambda frame: scores(frame, nested=False),
    "scores, units": lambda frame: scores(frame, nested=True),
    "latent": lambda frame: latent(frame, nested=False),
    "latent, units": lambda frame: latent(frame, nested=True),
}


@pytest.mark.parametrize("kind", BUILT)
def test_a_design_has_a_digest(kind: str) -> None:
    frame = answers()
    first, again = (digest(BUILT[kind](frame)) for _ in range(2))
    assert first == again
    frame.loc[17, "y"] += 1e-9
    assert digest(BUILT[kind](frame)) != first


@pytest.mark.parametrize("family", ["probit", "logit", "ordered"])
def test_a_design_of_categories_has_a_digest(family: str) -> None:
    frame = survey()
    first, again = (digest(arrays(frame, family)) for _ in range(2))
    assert first == again
    assert digest(arrays(frame, family, vary=("means",))) != first
    frame.loc[3, "x"] = 6.0 - frame.loc[3, "x"] + (frame.loc[3, "x"] == 3)
    assert digest(arrays(frame, family)) != first
