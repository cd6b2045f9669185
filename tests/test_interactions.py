"""Latent interactions: product indicators, double-mean-centred, with MLR."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.engines.sem import fit_sem
from werksem.inputs import read_inputs
from werksem.sem_data import sem_data, sem_options
from werksem.spec.load import load_study

STUDY = """
study: interaction
model:
  model: interaction
  measurement:
    A: {items: [a1, a2, a3]}
    B: {items: [b1, b2, b3]}
    AxB: {items: [ab1, ab2, ab3]}
    Y: {items: [y1, y2, y3]}
  structural: {Y: [A, B, AxB]}
data:
  file: d.csv
  derive: {ab1: "product(a1, b1)", ab2: "product(a2, b2)", ab3: "product(a3, b3)"}
sem: {estimator: MLR, engine: werksem}
"""


def test_the_interaction_of_the_population_comes_back(tmp_path: Path) -> None:
    """y = .3 a + .2 b + .15 ab; in the markers' units the interaction is .15 · .9 / .8² = .2109."""
    rng, n = np.random.default_rng(4), 20_000
    a, b = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n).T
    y = 0.3 * a + 0.2 * b + 0.15 * a * b + rng.normal(0, 0.8, n)
    columns = {}
    for k in (1, 2, 3):
        columns[f"a{k}"] = 4 + 0.8 * a + rng.normal(0, 0.6, n)
        columns[f"b{k}"] = 3 + 0.8 * b + rng.normal(0, 0.6, n)
        columns[f"y{k}"] = 0.9 * y + rng.normal(0, 0.5, n)
    pd.DataFrame(columns).to_csv(tmp_path / "d.csv", index=False)
    (tmp_path / "i.yaml").write_text(STUDY)
    study, spec = load_study(tmp_path / "i.yaml")
    data = sem_data(study, spec, read_inputs(study, spec), by_group=False)
    assert study.sem is not None
    table = fit_sem(spec, data, study.sem, sem_options(study)).tables.estimates
    found = table[(table.op == "~") & (table.rhs == "AxB")].iloc[0]
    assert found.est == pytest.approx(0.15 * 0.9 / 0.64, abs=4 * found.se)
    assert 0.008 < found.se < 0.016
