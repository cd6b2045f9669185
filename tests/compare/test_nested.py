"""Likelihood-ratio tests between result folders: nested models on the same data, and on other data."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from werksem.compare.nested import model_table


def folder(place: Path, name: str, data: str, **measures: float) -> Path:
    here = place / name
    here.mkdir()
    rows = [("sem", "all", measure, value) for measure, value in measures.items()]
    pd.DataFrame(rows, columns=["engine", "group", "measure", "value"]).to_csv(here / "fit.csv", index=False)
    manifest = {"study": name, "data": {"sha256": data, "rows_used": 75}, "n": {"sem": 75}}
    (here / "manifest.json").write_text(json.dumps(manifest))
    return here


def test_the_narrower_model_is_tested_against_the_wider(tmp_path: Path) -> None:
    """Political Democracy with equal loadings: 40.179 - 38.125 on 3 df, p .561."""
    free = folder(tmp_path, "free", "a", chisq=38.125, df=35, cfi=0.995, bic=3179.6)
    equal = folder(tmp_path, "equal", "a", chisq=40.179, df=38, cfi=0.997, bic=3168.7)
    other = folder(tmp_path, "other", "b", chisq=90.0, df=50, cfi=0.9, bic=4000.0)
    table = model_table([equal, other, free]).set_index("model")
    assert table.index.tolist() == ["free", "equal", "other"]
    assert table.delta_chisq["equal"] == pytest.approx(2.054, abs=1e-3)
    assert table.delta_df["equal"] == 3
    assert table.delta_pvalue["equal"] == pytest.approx(0.561, abs=1e-3)
    assert pd.isna(table.delta_chisq["other"])
