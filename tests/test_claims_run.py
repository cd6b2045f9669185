"""A study with groups and claims from file to folder: ledger.csv, claims.csv, manifest, resume."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import data_of
from werksem.errors import SpecError
from werksem.files import file_hash
from werksem.manifest import text_hash
from werksem.run import Request, run_study

STUDY = """
study: tiny
language: en
model:
  measurement: {dem60: {items: [y1, y2, y3, y4]}, dem65: {items: [y5, y6, y7, y8]}}
  structural: {dem60: [x1], dem65: [x1, dem60]}
  effects: {enumerate: {from: [x1], to: [dem65]}}
data: {file: democracy.csv, group: region}
claims: claims.yaml
ols: {}
bayes: {vary: [paths, means], chains: 2, draws: 200, tune: 300, seed: 1}
"""
CLAIMS = """
source: Bollen (1989)
claims:
  - {id: A, statement: Democracy lasts, type: strong, paths: [dem65 ~ dem60], sign: positive}
  - {id: B, statement: Industry works through democracy, type: sign, positive: [x1 -> dem60 -> dem65]}
  - {id: C, statement: North above south, type: order of groups, mean: dem65, order: [north, south]}
  - {id: D, statement: Half scores above five, type: share above, variable: dem65, above: 5, at_least: 0.5}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims")
    data = data_of("democracy")
    data.assign(region=np.where(np.arange(len(data)) % 3 == 0, "south", "north")).to_csv(
        folder / "democracy.csv", index=False
    )
    (folder / "s.yaml").write_text(STUDY)
    (folder / "claims.yaml").write_text(CLAIMS)
    run_study(Request(folder / "s.yaml", folder / "out", quiet=True))
    return folder


def test_claims_are_tested_by_the_engines_that_can(place: Path) -> None:
    table = pd.read_csv(place / "out" / "claims.csv")
    assert table.columns.tolist() == ["id", "statement", "engine", "verdict", "evidence"]
    assert list(zip(table["id"], table["engine"], strict=True)) == [
        ("A", "ols"), ("A", "bayes"), ("B", "bayes"), ("C", "bayes"), ("C", "data"), ("D", "data"),
    ]  # fmt: skip
    assert set(table["verdict"]) <= {"bevestigd", "weerlegd", "onbeslist"}
    assert table["verdict"][:2].tolist() == ["bevestigd", "bevestigd"]
    assert table["evidence"][2].startswith("x1 -> dem60 -> dem65 0.")
    share = (data_of("democracy")[["y5", "y6", "y7", "y8"]].mean(axis=1) > 5).mean()
    assert table["evidence"][5].startswith(f"share {share:.3f} (95%")


def test_means_of_groups_are_those_the_regressions_imply(place: Path) -> None:
    data = pd.read_csv(place / "democracy.csv")
    north = data.loc[data["region"] == "north", ["y5", "y6", "y7", "y8"]].mean(axis=1).mean()
    of_the_posterior, of_the_data = pd.read_csv(place / "out" / "claims.csv")["evidence"][3:5]
    assert float(of_the_posterior.split(", ")[0].removeprefix("north ")) == pytest.approx(north, abs=0.15)
    assert of_the_data.startswith(f"mean(dem65) [north] {north:.3f}, ")


def test_the_ledger_agrees_with_the_other_tables(place: Path) -> None:
    ledger = pd.read_csv(place / "out" / "ledger.csv")
    assert ledger["group"].tolist() == ["all", "south", "north", "typical"] * 3
    estimates = pd.read_csv(place / "out" / "estimates.csv")
    bayes = estimates[(estimates["engine"] == "bayes") & (estimates["op"] == "~")]
    both = ledger.merge(bayes, on=["lhs", "rhs", "group"])
    np.testing.assert_allclose(both["pooled"], both["std_common"], rtol=1e-8)
    assert len(both) == len(ledger)
    shares = pd.read_csv(place / "out" / "comparison.csv").merge(ledger, on=["lhs", "rhs", "group"])
    shares = shares.dropna(subset=["bayes_pooled_share"])
    np.testing.assert_allclose(shares["shrinkage"], shares["bayes_pooled_share"], rtol=1e-8)
    assert len(shares) == 6


def test_the_manifest_has_the_claims_hash_and_resume_heeds_it(place: Path) -> None:
    manifest = json.loads((place / "out" / "manifest.json").read_text())
    assert manifest["claims"] == {"file": "claims.yaml", "sha256": file_hash(place / "claims.yaml")}
    rules = manifest["claims_rules"]
    assert rules["sha256"] == text_hash(json.dumps(rules["thresholds"], sort_keys=True))
    assert (rules["thresholds"]["rope"], rules["thresholds"]["readings"]) == (0.05, [0.1, 0.15, 0.2])
    assert manifest["claims_since"] == {"seen": manifest["created"], "data": manifest["data"]["sha256"]}
    again = Request(place / "s.yaml", place / "out", resume=True, quiet=True)
    assert run_study(again) == (place / "out", 0)
    (place / "claims.yaml").write_text(CLAIMS.replace("least: 0.5", "least: 0.6"))
    with pytest.raises(SpecError, match="holds results of other claims"):
        run_study(again)


def test_a_wrong_claim_is_said_before_anything_is_fitted(place: Path) -> None:
    (place / "wrong.yaml").write_text(CLAIMS.replace("dem65 ~ dem60", "dem65 ~ dem6"))
    with pytest.raises(SpecError, match=r'wrong.yaml:4:.*did you mean "dem65 ~ dem60"'):
        run_study(Request(place / "s.yaml", place / "new", overrides=("claims=wrong.yaml",), quiet=True))
    assert not (place / "new").exists()
