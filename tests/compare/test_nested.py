"""Likelihood-ratio tests between result folders: nested models on the same data, and on other data."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cases import data_of
from werksem.compare.models import model_pairs
from werksem.compare.nested import model_table
from werksem.run import Request, run_study

ROOT = Path(__file__).parents[2]


def folder(place: Path, name: str, data: str, **measures: float) -> Path:
    here = place / name
    here.mkdir()
    rows = [("sem", "all", measure, value) for measure, value in measures.items()]
    pd.DataFrame(rows, columns=["engine", "group", "measure", "value"]).to_csv(here / "fit.csv", index=False)
    manifest = {"study": name, "data": {"sha256": data, "rows_used": 75}, "n": {"sem": 75}}
    (here / "manifest.json").write_text(json.dumps(manifest))
    return here


def test_models_stand_widest_first_robust_only_where_all_are(tmp_path: Path) -> None:
    free = folder(tmp_path, "free", "a", chisq=38.125, df=35, cfi=0.995, cfi_robust=0.996, bic=3179.6)
    equal = folder(tmp_path, "equal", "a", chisq=40.179, df=38, cfi=0.997, cfi_robust=0.998, bic=3168.7)
    table = model_table([equal, free]).set_index("model")
    assert table.index.tolist() == ["free", "equal"]
    assert table["cfi"].tolist() == [0.996, 0.998]
    plain = folder(tmp_path, "plain", "b", chisq=90.0, df=50, cfi=0.9, bic=4000.0)
    table = model_table([equal, plain, free]).set_index("model")
    assert table["cfi"].tolist() == [0.995, 0.997, 0.9]
    assert table["srmr"].isna().all()


def test_without_the_study_nesting_is_not_tested_and_no_difference_is_given(tmp_path: Path) -> None:
    free = folder(tmp_path, "free", "a", chisq=38.125, df=35, cfi=0.995, bic=3179.6)
    equal = folder(tmp_path, "equal", "a", chisq=40.179, df=38, cfi=0.997, bic=3168.7)
    other = folder(tmp_path, "other", "b", chisq=90.0, df=50, cfi=0.9, bic=4000.0)
    table = model_pairs([free, equal, other]).set_index(["narrow", "wide"])
    assert table["nested"]["equal", "free"] == "untested"
    assert table["nested"]["other", "free"] == "other data"
    assert table[["delta_chisq", "delta_cfi", "delta_bic"]].isna().all(axis=None)


def test_equal_loadings_are_nested_in_free_ones(tmp_path: Path) -> None:
    """Political Democracy in lavaan's tutorial: 40.179 - 38.125 on 3 df, p .561."""
    text = (ROOT / "tests" / "reference" / "models" / "democracy{}.lavaan").as_posix()
    data_of("democracy").to_csv(tmp_path / "d.csv", index=False)
    folders = []
    for name, kind in (("free", ""), ("equal", "_equal")):
        config = tmp_path / f"{name}.yaml"
        model = text.format(kind)
        config.write_text(
            f"study: {name}\nmodel: {model}\ndata: {{file: d.csv}}\nsem: {{}}\nreport: {{formats: []}}\n"
        )
        folders.append(run_study(Request(config, tmp_path / name, quiet=True))[0])
    row = model_pairs(folders).iloc[0]
    assert (row["narrow"], row["wide"], row["nested"]) == ("equal", "free", "yes")
    assert row["delta_chisq"] == pytest.approx(2.054, abs=1e-3)
    assert row["delta_df"] == 3
    assert row["delta_pvalue"] == pytest.approx(0.561, abs=1e-3)
