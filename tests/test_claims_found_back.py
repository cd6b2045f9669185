"""The published findings in the shipped synthetic wave of 2024: what OLS on scale means finds back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from werksem.run import Request, run_study

ROOT = Path(__file__).resolve().parents[1]
EIGHT = "[leiderschap, veilig, inclusief, maatschappelijk, procedureel, wendbaar, regeldruk, gedogen]"
BLOCKS = ("cultuur_2024", "leiderschap", "prestatie", "regeldruk", "gedogen")
PRESTATIES = f"""
study: prestaties
model:
  model: prestaties
  include: [{", ".join(f"{ROOT}/models/meting/{name}.yaml" for name in BLOCKS)}]
  structural: {{effectiviteit: {EIGHT}, efficientie: {EIGHT}, legitimiteit: {EIGHT}}}
data: {{file: {ROOT}/data/werkonderzoek_2024.parquet, where: "sector != 'Rechterlijke macht'",
        group: sector, cluster: organisatie}}
claims: {ROOT}/models/claims/prestaties.yaml
ols: {{se: cluster}}
"""


def tables(config: Path, out: Path) -> dict[str, pd.DataFrame]:
    run_study(Request(config, out, only=("ols",), quiet=True))
    names = ("claims", "claims_details", "claims_truth")
    return {name: pd.read_csv(out / f"{name}.csv", dtype=str) for name in names}


@pytest.mark.slow
def test_binding_is_found_back(tmp_path: Path) -> None:
    found = tables(ROOT / "configs" / "binding.yaml", tmp_path / "out")
    claims = found["claims"]
    assert claims["id"].tolist() == ["F-10", "F-11", "F-12", "F-13", "F-14", "F-15"]
    assert set(claims["verdict"]) == {"bevestigd"}
    assert set(found["claims_truth"]["truth"]) == {"true"}


@pytest.mark.slow
def test_performance_is_found_back_but_for_one_strength(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(PRESTATIES)
    found = tables(tmp_path / "s.yaml", tmp_path / "out")
    claims = found["claims"].set_index("id")
    # efficiency ~ agile is .22 in the population and .19 in this wave: its interval holds .20
    undecided = {"F-32"}
    latent_only = {"F-43"}
    assert set(claims.index[claims["verdict"] != "bevestigd"]) == undecided | latent_only
    assert claims.loc["F-43", "engine"] != "ols"
    assert claims.loc["F-32", "verdict"] == "onbeslist"
    truth = found["claims_truth"]
    assert set(truth.loc[truth["engine"] == "ols", "truth"]) == {"true"}
    family = found["claims_details"].set_index("id")["family"]
    assert set(family[family != "bevestigd"].index) == undecided | latent_only
