"""The shipped models, study files and data fit one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survey.population_files import ROOT, population, shipped
from werksem.effects import defined_effects
from werksem.spec.load import load_model, load_study
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
    for name, scale in load(path).data["measurement"].items():
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
