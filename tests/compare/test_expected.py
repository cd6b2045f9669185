"""Truth of claims in the populations of the shipped waves, against the betas their files state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.compare.expected import Truth, population_of, truth_of, truth_table
from werksem.inputs import Inputs, read_inputs
from werksem.spec.claims import TYPES, Claim
from werksem.spec.load import load_study
from werksem.survey.truth import true_betas

ROOT = Path(__file__).resolve().parents[2]
EIGHT = "[leiderschap, veilig, inclusief, maatschappelijk, procedureel, wendbaar, regeldruk, gedogen]"
STUDY = f"""
study: prestaties
model:
  model: eigen
  include: [{
    ", ".join(
        f"{ROOT}/models/meting/{name}.yaml"
        for name in ("cultuur_2024", "leiderschap", "prestatie", "regeldruk", "gedogen")
    )
}]
  structural: {{effectiviteit: {EIGHT}, efficientie: {EIGHT}, legitimiteit: {EIGHT}}}
data: {{file: {ROOT}/data/werkonderzoek_2024.parquet, where: "sector != 'Rechterlijke macht'", group: sector}}
ols: {{}}
"""


def of(text: str, folder: Path) -> tuple[Truth | None, Inputs, object]:
    (folder / "s.yaml").write_text(text)
    study, model = load_study(folder / "s.yaml", ())
    inputs = read_inputs(study, model)
    return truth_of(study, model, inputs), inputs, study


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, object]:
    truth, _, study = of(STUDY, tmp_path_factory.mktemp("truth"))
    assert truth is not None
    return truth, study


@pytest.mark.parametrize("level", ["scores", "latent"])
def test_paths_are_the_betas_that_the_population_states(found: tuple[Truth, object], level: str) -> None:
    rows = true_betas(ROOT / "models" / "population" / "werkonderzoek_2024.yaml")
    rows = rows[(rows["model"] == "totaal") & (rows["level"] == level) & (rows["group"] == "all")]
    joint = found[0].joints[level]
    values = {(g, n): v for g, n, v in zip(joint.groups, joint.names, joint.est, strict=True)}
    compared = [
        (values["all", f"{row.lhs} ~ {row.rhs}"], row.beta)
        for row in rows.itertuples() if ("all", f"{row.lhs} ~ {row.rhs}") in values
    ]  # fmt: skip
    assert len(compared) == 24
    ours, stated = np.array(compared).T
    np.testing.assert_allclose(ours, stated, atol=6e-6)  # rounded to five decimals
    assert {"Rijk", "GR", "all"} < set(joint.groups)


def claim(name: str, kind: str, **about: object) -> Claim:
    return TYPES[kind].model_validate({"id": name, "statement": "s", "type": kind} | about)


def test_a_model_with_paths_as_ml_finds_them_has_those_as_latent_truth(tmp_path: Path) -> None:
    truth, _, _ = of(STUDY.replace("model: eigen", "model: prestaties"), tmp_path)
    assert truth is not None
    joint = truth.joints["latent"]
    values = dict(zip(zip(joint.groups, joint.names, strict=True), joint.est.tolist(), strict=True))
    # werksem.estimators.ml on the exact item covariances; lavaan on a million respondents finds .098
    assert values["all", "effectiviteit ~ procedureel"] == pytest.approx(0.09779, abs=1e-6)


def test_claims_are_judged_on_each_engines_own_truth(found: tuple[Truth, object]) -> None:
    truth, study = found
    claims = [
        claim("F-33", "no effect", paths=["legitimiteit ~ wendbaar"]),
        claim("F-34b", "small", paths=["effectiviteit ~ procedureel"], sign="positive"),
        claim("F-31", "weaker than", path="legitimiteit ~ leiderschap", than=["effectiviteit ~ leiderschap"]),
        claim("wrong", "sign", negative=["effectiviteit ~ wendbaar"]),
        claim("zero", "sign", positive=["efficientie ~ inclusief"]),
        claim("mark", "level", of=[{"mark": "veilig"}], between=[6.9, 7.1]),
        claim("share", "level", of=[{"share": "veilig", "above": 3}], at_least=0.5),
        claim("order", "order of groups", mean="wendbaar", order=["ZBO", ["Rijk", "Provincies"]]),
    ]  # fmt: skip
    engines = [(c.id, e) for c in claims[:5] for e in ("ols", "sem")] + [(c.id, "data") for c in claims[5:]]
    details = pd.DataFrame(engines, columns=["id", "engine"])
    table = truth_table(claims, truth, details, study).set_index(["id", "engine"])  # type: ignore[arg-type]
    assert table["truth"].to_dict() == {
        ("F-33", "ols"): "true", ("F-33", "sem"): "true",
        ("F-34b", "ols"): "true", ("F-34b", "sem"): "edge",  # .070 for scores, .101 for latents
        ("F-31", "ols"): "true", ("F-31", "sem"): "true",
        ("wrong", "ols"): "false", ("wrong", "sem"): "false",
        ("zero", "ols"): "edge", ("zero", "sem"): "false",  # .000 and -.021
        ("mark", "data"): "true", ("order", "data"): "true",
    }  # fmt: skip
    assert table.loc[("F-34b", "sem"), "value"] == "effectiviteit ~ procedureel 0.101"
    assert set(table["level"]) == {"scores", "latent", "data"}


def test_nothing_is_said_of_other_rows_or_data(tmp_path: Path) -> None:
    assert of(STUDY.replace("sector != 'Rechterlijke macht'", "leeftijd > 40"), tmp_path)[0] is None
    weighted = STUDY.replace("group: sector}", "group: sector, weights: gewicht}")
    assert of(weighted, tmp_path)[0] is None
    assert of(STUDY.replace(", group: sector}", "}"), tmp_path)[0] is None
    study, _ = load_study(ROOT / "configs" / "binding.yaml", ())
    assert population_of(study) == ROOT / "models" / "population" / "werkonderzoek_2024.yaml"
    elsewhere = study.model_copy(update={"data": study.data.model_copy(update={"file": tmp_path / "x.csv"})})
    assert population_of(elsewhere) is None


def test_constructs_without_a_closed_form_are_left_out(tmp_path: Path) -> None:
    """In 2019 a product of latents predicts engagement, whose scale means then have no closed form."""
    text = STUDY.replace("werkonderzoek_2024", "werkonderzoek_2019").replace("cultuur_2024", "cultuur_2019")
    text = text.replace("gedogen", "binding").replace(
        EIGHT.replace("gedogen", "binding"), "[leiderschap, regeldruk]"
    )
    truth, _, _ = of(text, tmp_path)
    assert truth is not None
    scores, latent = truth.joints["scores"], truth.joints["latent"]
    assert "leiderschap ~~ regeldruk" in scores.names
    assert not any("effectiviteit" in name for name in scores.names)
    assert "effectiviteit ~ leiderschap" in latent.names
