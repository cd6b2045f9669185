"""Claims and tables of descriptive studies with several waves, and the shipped ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.describing.run import Request, describe_study

ROOT = Path(__file__).resolve().parents[2]
STUDIES = (
    "beschrijvend_2019", "beschrijvend_vertrek_2022", "beschrijvend_innovatie", "overheid_markt_2024",
    "trends",
)  # fmt: skip


def survey(seed: int, mean: float, n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = np.clip(np.round(rng.normal(mean, 1, n)), 1, 5)
    return pd.DataFrame({"x": x, "g": np.where(np.arange(n) < n - 4, "large", "tiny"), "w": 1.0})


def study(folder: Path, tables: str, claims: str = "") -> Path:
    survey(1, 3.0).to_csv(folder / "b.csv", index=False)
    survey(2, 3.6).to_csv(folder / "a.csv", index=False)
    (folder / "claims.yaml").write_text(f"claims:\n{claims}")
    path = folder / "study.yaml"
    path.write_text(
        "study: s\nlanguage: en\nmodel: {model: m, measurement: {f: {items: [x], scale: [1, 5]}}}\n"
        "data: {file: b.csv, group: g}\n"
        f"describe:\n  wave: 2024\n  waves: {{2019: a.csv}}\n  tables:\n{tables}"
        + ("claims: claims.yaml\n" if claims else "")
    )
    return path


def rows(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "tables.csv", keep_default_na=False)


def test_a_table_by_wave_has_waves_as_groups_and_no_total(tmp_path: Path) -> None:
    path = study(tmp_path, "    - {table: t, kind: means, of: [x], by: wave}\n")
    found = rows(describe_study(Request(path, tmp_path / "out"))).query("measure == 'mean'")
    assert found["group"].astype(str).tolist() == ["2019", "2024"]
    assert found["value"].astype(float).tolist() == pytest.approx(
        [survey(2, 3.6)["x"].mean(), survey(1, 3.0)["x"].mean()], rel=1e-9
    )


def test_waves_are_compared_as_groups(tmp_path: Path) -> None:
    compared = "{table: t, kind: difference, of: [x], by: wave, compare: reference, reference: '2019'}"
    path = study(tmp_path, f"    - {compared}\n")
    found = rows(describe_study(Request(path, tmp_path / "out"))).set_index("measure")["value"].astype(float)
    assert found["difference"] == pytest.approx(survey(1, 3.0)["x"].mean() - survey(2, 3.6)["x"].mean())
    assert "verschil" in found.index


def test_claims_over_waves_use_all_of_them_and_others_the_own_wave(tmp_path: Path) -> None:
    claims = (
        "  - {id: falls, statement: s, type: trend, of: [{mean: x}], wave: wave, direction: falls}\n"
        "  - {id: own, statement: s, type: level, of: [{mean: x}], at_most: 3.3}\n"
    )
    path = study(tmp_path, "    - {table: t, kind: means, of: [x]}\n", claims)
    found = pd.read_csv(describe_study(Request(path, tmp_path / "out")) / "claims.csv").set_index("id")
    assert found["verdict"].to_dict() == {"falls": "bevestigd", "own": "bevestigd"}
    assert found["engine"].unique().tolist() == ["data"]


def test_claims_on_few_respondents_are_not_decided(tmp_path: Path) -> None:
    claims = "  - {id: few, statement: s, type: level, of: [{mean: x, group: tiny}], at_most: 5}\n"
    path = study(tmp_path, "    - {table: t, kind: means, of: [x]}\n", claims)
    found = pd.read_csv(describe_study(Request(path, tmp_path / "out")) / "claims.csv")
    assert found["verdict"].tolist() == ["onbeslist"]
    assert not found["evidence"].str.contains(r"\d").any()


@pytest.mark.parametrize("name", STUDIES)
def test_shipped_descriptive_studies_find_their_claims_back(name: str, tmp_path: Path) -> None:
    folder = describe_study(Request(ROOT / "configs" / f"{name}.yaml", tmp_path / "out"))
    claims = pd.read_csv(folder / "claims.csv")
    assert set(claims["verdict"]) == {"bevestigd"}
    assert set(rows(folder)["status"]) <= {"ok", "suppressed", "suppressed_complementary", "few"}
