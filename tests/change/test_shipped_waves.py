"""The three synthetic waves: each known change between them is found, and in its component."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from werksem.change.table import change_between
from werksem.change.waves import Wave, wave_of
from werksem.inputs import read_inputs
from werksem.spec.load import load_study

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
YEARS = (2019, 2022, 2024)
# from, engine, outcome, predictor, component, which rose; as the population files of the waves say
KNOWN = [
    (2019, "ols", "bevlogenheid", "leiderschap", "loadings"),  # bev_3 loads .82, before .55
    (2019, "sem", "legitimiteit", "regeldruk", "mix"),  # fewer of the central government, where it differs
    (2022, "sem", "effectiviteit", "leiderschap", "path"),  # .12 more
    (2022, "sem", "betrokkenheid", "leiderschap", "variances"),  # its variance from 1.44 to 1
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CONFIGS / "kern_2019.yaml").is_file(), reason="the waves are not here"),
]


def read(number: int, year: int) -> Wave:
    study, spec = load_study(CONFIGS / f"kern_{year}.yaml")
    return wave_of(study, spec, read_inputs(study, spec), number)


@pytest.fixture(scope="module")
def changes() -> pd.DataFrame:
    waves = [read(number, year) for number, year in enumerate(YEARS)]
    return pd.concat([change_between(first, second, 400) for first, second in pairwise(waves)])


@pytest.mark.parametrize(("year", "engine", "outcome", "predictor", "component"), KNOWN)
def test_a_known_change_is_in_its_component(
    changes: pd.DataFrame, year: int, engine: str, outcome: str, predictor: str, component: str
) -> None:
    here = (changes["from"] == f"kern_{year}") & (changes["engine"] == engine)
    rows = changes[here & (changes["lhs"] == outcome) & (changes["rhs"] == predictor)].set_index("component")
    assert rows.loc[component, "ci_lower"] > 0
    parts = rows["est"].drop(["difference"]).abs()
    assert parts.idxmax() == component, rows["est"].to_string()


def test_latent_betas_do_not_move_with_the_loading_that_changed(changes: pd.DataFrame) -> None:
    rows = changes[(changes["engine"] == "sem") & (changes["component"] == "loadings")]
    assert (rows["est"] == 0).all()
