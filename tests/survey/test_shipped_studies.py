"""The shipped models, study files and data fit one another."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tests.survey.population_files import ROOT, population, shipped
from werksem.compare.published_files import published_betas
from werksem.effects import defined_effects
from werksem.errors import SpecError
from werksem.spec.load import dump_study, load_model, load_study
from werksem.spec.yaml import load

MODELS = sorted(path.stem for path in (ROOT / "models").glob("*.yaml"))
STUDIES = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))
WAVE_OF = {
    "cultuur_2019": "werkonderzoek_2019",
    "cultuur_2022": "werkonderzoek_2022",
    "innovatie": "innovatie_2025",
}
BLOCKS = sorted((ROOT / "models" / "meting").glob("*.yaml"))


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_reads(name: str) -> None:
    study, model = load_study(ROOT / "configs" / f"{name}.yaml")
    assert study.study == name
    assert model.name in MODELS
    if study.data.file is not None and study.data.file.suffix != ".parquet":
        assert study.data.obtain


@pytest.mark.parametrize("path", BLOCKS, ids=lambda path: path.stem)
def test_items_of_a_block_are_in_a_wave_with_its_scale_keying_and_labels(path: Path) -> None:
    wave = WAVE_OF.get(path.stem, "werkonderzoek_2024")
    columns = {c.name: c for construct in population(wave).constructs for c in construct.columns}
    for name, scale in load(path).data.get("measurement", {}).items():
        assert list(scale["item_labels"]) == scale["items"], name
        for item in scale["items"]:
            answers = shipped(wave)[item].dropna()
            assert [answers.min(), answers.max()] == scale["scale"], item
            assert columns[item].reversed == (item in scale.get("reversed", ()))
            assert columns[item].label.en == scale["item_labels"][item]["en"]


def test_the_binding_chain_has_45_items_11_constructs_and_36_specific_indirect_effects() -> None:
    model = load_model(ROOT / "models" / "mediatie_binding.yaml")
    assert len(model.scales) == 11
    assert sum(len(scale.items) for scale in model.scales) == 45
    specific = [
        e for e in defined_effects(model) if e.name.count("->") == 2 and not e.name.startswith("total")
    ]
    assert len(specific) == 36


def test_published_paths_are_paths_of_the_model() -> None:
    published = load(ROOT / "data" / "published" / "figuur_2_6.yaml").data["betas"]
    paths = {(s.lhs, s.rhs) for s in load_model(ROOT / "models" / "binding.yaml").statements if s.op == "~"}
    assert {(beta["lhs"], beta["rhs"]) for beta in published} == paths
    assert all(beta["beta"] is None and beta["certainty"] == "lost" for beta in published)


def test_dummies_of_expertise_are_not_collinear_with_the_sectors() -> None:
    """Uitvoering is one for some of the Rijk only, dienstverlening for some of every decentral sector."""
    from werksem.inputs import read_inputs
    from werksem.spec.equations import equations

    study, model = load_study(ROOT / "configs" / "deskundigheid.yaml")
    scores = read_inputs(study, model).scores
    assert scores is not None
    predictors = list(equations(model)[0].predictors)
    dummies = scores[predictors[6:]].dropna()
    correlations = dummies.corr().to_numpy()
    assert max(1 / (1 - r2) for r2 in _explained(correlations)) < 4
    rijk = dummies[(dummies[["zbo", "gemeenten", "gr", "provincies", "waterschappen"]] == 0).all(axis=1)]
    assert 0.3 < rijk["uitvoering"].mean() < 0.7
    assert rijk["dienstverlening"].max() == 0
    assert dummies.loc[dummies["zbo"] == 1, ["uitvoering", "dienstverlening"]].to_numpy().max() == 0


def _explained(R: np.ndarray) -> list[float]:
    return [float(1 - 1 / value) for value in np.diag(np.linalg.inv(R))]


def test_the_tables_of_2022_are_one_study_with_all_112_published_betas() -> None:
    study, model = load_study(ROOT / "configs" / "cultuur_2022.yaml")
    published = published_betas(study.published)
    assert published is not None
    paths = {(s.lhs, s.rhs) for s in model.statements if s.op == "~"}
    assert set(zip(published["lhs"], published["rhs"], strict=True)) == paths
    assert len(published) == 112


def test_two_files_may_not_give_one_beta_twice() -> None:
    path = ROOT / "data" / "published" / "cultuur_2022_tabel_3.yaml"
    with pytest.raises(SpecError, match=r"vi_algemeen ~ samenwerking .* is given by two of"):
        published_betas([path, path])


def test_every_aspect_is_uncorrelated_with_the_others_in_the_bifactor_model() -> None:
    model = load_model(ROOT / "models" / "factor_cultuur_2022_bifactor.yaml")
    loads: dict[str, set[str]] = {}
    for s in model.statements:
        if s.op == "=~":
            loads.setdefault(s.lhs, set()).add(s.rhs)
    assert loads.pop("algemeen") == set().union(*loads.values())
    fixed = {frozenset((s.lhs, s.rhs)) for s in model.statements if s.op == "~~" and s.fixed == (0.0,)}
    assert fixed == {frozenset(pair) for pair in combinations(["algemeen", *loads], 2)}


def test_a_resolved_study_reads_again_with_its_blocks_design_and_published_files(tmp_path: Path) -> None:
    study, model = load_study(ROOT / "configs" / "cultuur_2022.yaml", ("design=panel",))
    (tmp_path / "study.yaml").write_text(dump_study(study, model, tmp_path), encoding="utf-8")
    again, _ = load_study(tmp_path / "study.yaml")
    assert again == study.model_copy(update={"model": None})
    assert list(again.blocks) == ["cultuur", "controls"]
    assert again.design == "panel"


def test_a_block_names_predictors() -> None:
    with pytest.raises(SpecError, match='"tevredenheid" predicts nothing in the model'):
        load_study(ROOT / "configs" / "cultuur_2022.yaml", ("blocks={a: [leren, tevredenheid]}",))
    with pytest.raises(SpecError, match='"leren" is listed twice'):
        load_study(ROOT / "configs" / "cultuur_2022.yaml", ("blocks={a: [leren, leren]}",))
