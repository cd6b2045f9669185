"""The page of numbers beside lavaan's: made by one command, no difference above the tolerances."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_no_difference_above_the_tolerances() -> None:
    """Estimates within 5e-4, standard errors within 1 %, fit measures within 1e-3."""
    lines = "\n".join(runpy.run_path(str(ROOT / "docs" / "make_lavaan_page.py"))["page"]())
    estimates = [float(x) for x in re.findall(r"largest difference of an estimate ([0-9.e+-]+)", lines)]
    errors = [float(x) for x in re.findall(r"of a standard error ([0-9.]+) %", lines)]
    measures = [float(x) for x in re.findall(r"^\| \w+ \| .* \| (-?[0-9.e+-]+) \|$", lines, flags=re.M)]
    assert len(estimates) >= 4
    assert len(measures) >= 40
    assert max(estimates) < 5e-4
    assert max(errors) < 1
    assert max(abs(value) for value in measures) < 1e-3
