"""A suite measured again stands beside what is kept of the other."""

from pathlib import Path

import pandas as pd
import pytest

from trust import versions
from trust.versions import Line, page, summary


def ran(run: str, wheel: str) -> pd.DataFrame:
    """Return what a run of one suite finds, the wheel and the interface with it."""
    return pd.DataFrame([
        Line(f"{run} version", "numpy", 0, 0, run), Line(f"{run} tests", "pytest", 5, 5, ""),
        Line("wheel", "build", 2, 2, wheel), Line("interface", "names", 1, 1, ""),
    ], columns=Line._fields)  # fmt: skip


def test_one_suite_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "FIGURES", tmp_path)
    for run, wheel in (("newest", "old"), ("lowest", "new")):
        monkeypatch.setattr(versions, "measure", lambda folder, runs, wheel=wheel: ran(runs[0], wheel))
        found = versions._beside([run], tmp_path)
        found.to_csv(tmp_path / "versions.csv", index=False)
    assert found["check"].tolist() == [
        "lowest version", "lowest tests", "newest version", "newest tests", "wheel", "interface"
    ]  # fmt: skip
    assert found.loc[found["check"] == "wheel", "said"].tolist() == ["new"]
    assert "| numpy | lowest | newest |" in page(found)
    assert summary(found)[1:] == (4, 4)


def test_one_suite_alone_has_a_page() -> None:
    assert "| numpy | lowest |  |" in page(ran("lowest", ""))
