"""Another wave that lacks columns: a part of a scale is no scale, what sorts rows is needed everywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.describing.run import Request, describe_study
from werksem.errors import DataError

MODEL = "{measurement: {f: {items: [x1, x2, x3], scale: [1, 5]}, g: {items: [y1, y2], scale: [1, 5]}}}"
TREND = "describe: {wave: 2024, waves: {2019: old.csv}, tables: [{table: t, kind: trend, of: [f, g]}]}"


def survey(n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    answers = {name: rng.integers(1, 6, n) for name in ("x1", "x2", "x3", "y1", "y2")}
    return pd.DataFrame(answers | {"sector": np.where(np.arange(n) % 2, "a", "b"), "org": np.arange(n) % 20})


def described(folder: Path, old: pd.DataFrame, data: str) -> pd.DataFrame:
    survey().to_csv(folder / "new.csv", index=False)
    old.to_csv(folder / "old.csv", index=False)
    text = f"study: s\nlanguage: en\nmodel: {MODEL}\ndata: {{file: new.csv{data}}}\n{TREND}\n"
    (folder / "s.yaml").write_text(text)
    return pd.read_csv(describe_study(Request(folder / "s.yaml", folder / "out")) / "tables.csv")


def test_a_scale_of_which_a_wave_asked_a_part_has_no_mean_there(tmp_path: Path) -> None:
    found = described(tmp_path, survey().drop(columns="x3"), "")
    means = found[found["measure"] == "mean"].set_index(["variable", "wave"])["value"]
    assert means.index.tolist() == [("f", "2024"), ("g", "2019"), ("g", "2024")]
    manifest = (tmp_path / "out" / "manifest.json").read_text()
    assert "unasked items" in manifest


@pytest.mark.parametrize(("key", "name"), [("group", "sector"), ("cluster", "org"), ("where", "sector")])
def test_a_wave_without_a_column_that_sorts_rows_is_refused(tmp_path: Path, key: str, name: str) -> None:
    data = f", {key}: {name if key != 'where' else 'sector == b'}".replace("== b", "== 'b'")
    with pytest.raises(DataError, match=rf'this wave has no column "{name}" \(data.{key}\)') as error:
        described(tmp_path, survey().drop(columns=name), data)
    assert str(error.value).startswith(str(tmp_path / "old.csv"))
