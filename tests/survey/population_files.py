"""Where the population files and the shipped waves stand, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from werksem.survey.population import Population, load_population

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "models" / "population"
WAVES = ("werkonderzoek_2019", "werkonderzoek_2022", "werkonderzoek_2024")
FURTHER = ("innovatie_2025", "markt_2024")
STUDIED_2024 = ("Rijk", "ZBO", "Gemeenten", "GR", "Provincies", "Waterschappen")


@cache
def population(name: str) -> Population:
    return load_population(FOLDER / f"{name}.yaml")


@cache
def shipped(name: str) -> pd.DataFrame:
    return pd.read_parquet(ROOT / "data" / f"{name}.parquet")
