"""Single items with a stated reliability: attenuation undone by hand, and the sensitivity rows."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import data_of
from werksem.engines.sem import fit_sem
from werksem.engines.sensitivity import reliability_sensitivity
from werksem.moments import moments
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.structured import model_of
from werksem.spec.study import Sem
from werksem.spec.yaml import loads

TEXT = """
model: single
measurement:
  f: {items: [x1], reliability: 0.75}
  g: {items: [x4]}
structural: {g: [f]}
"""


def test_a_path_is_disattenuated() -> None:
    """With one predictor, beta = r / sqrt(reliability)."""
    spec = model_of(loads(TEXT))
    rows = data_of("holzinger")[["x1", "x4"]].to_numpy(dtype=float)
    found = moments(rows, ["x1", "x4"])
    data = SemData(("all",), (found,))
    sem = fit_sem(spec, data, Sem(engine="werksem"), Options())
    table = sem.tables.estimates
    beta = table[(table.op == "~")]["std"].item()
    r = np.corrcoef(rows.T)[0, 1]
    assert beta == pytest.approx(r / np.sqrt(0.75), abs=1e-7)
    shown = reliability_sensitivity(spec, sem.model, data)
    assert shown is not None
    expected = {assumed: r / np.sqrt(assumed) for assumed in (0.65, 0.75, 0.85, 1.0)}
    assert dict(zip(shown["reliability"], shown["std"], strict=True)) == pytest.approx(expected, abs=1e-6)
