"""Sizes of hidden groups cannot be solved from weights and mean sizes; without the rule they can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trust.disclosure.weighted import by_squares, by_weight
from werksem.engines.all import Results
from werksem.engines.design import design_table
from werksem.engines.few import NOBODY, Withheld, withheld_groups, without_groups
from werksem.engines.sample import sample_table
from werksem.engines.telling_clusters import telling_clusters
from werksem.inputs import Inputs, read_inputs
from werksem.release.fitted import fitted_outputs
from werksem.release.rules import failed
from werksem.results import write_table
from werksem.run import Request, run_study
from werksem.spec.assemble import Parts, assemble
from werksem.spec.disclosure import Disclosure
from werksem.spec.lavaan import parse_lavaan
from werksem.spec.load import load_study
from werksem.spec.study import Study

# respondents and weight of each: two groups that the rule hides, with weights as after post-stratification
SIZES = {"Gemeenten": 298, "Rijk": 248, "Onderwijs": 247, "Kleinste": 7}
WEIGHTS = {"Gemeenten": 8 / 9, "Rijk": 0.8, "Onderwijs": 4 / 3, "Kleinste": 0.9}
MODEL = assemble(parse_lavaan("y ~ x"), Parts("m"))
RULE, OPEN = Disclosure(), Disclosure(smallest=1)
STUDY = """\
study: sized
language: en
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}, zeal: {items: [z1, z2, z3], scale: [1, 5]}}
  structural: {zeal: [mood]}
data: {file: people.csv, group: sector, weights: weight, cluster: again}
ols: {}
report: {formats: []}
"""


def study(rule: Disclosure = RULE) -> Study:
    data = {"group": "sector", "weights": "weight", "cluster": "again"}
    return Study.model_validate({"study": "s", "model": None, "data": data, "disclosure": rule.model_dump()})


def inputs_of(sizes: dict[str, int], cluster: list[str] | None, *, grouped: bool = True) -> Inputs:
    """Respondents of groups of these sizes, with their weights and clusters, who answered x and y."""
    labels = pd.Series([name for name, size in sizes.items() for _ in range(size)])
    rng = np.random.default_rng(3)
    scores = pd.DataFrame({"x": rng.normal(size=len(labels)), "y": rng.normal(size=len(labels))})
    weights = labels.map(WEIGHTS).fillna(1.0)
    clusters = None if cluster is None else pd.Series(cluster)
    group = labels if grouped else None
    return Inputs(None, scores, scores, group, clusters, weights, None, None, {})


def named(sizes: dict[str, int]) -> list[str]:
    return [f"org {name}" for name, size in sizes.items() for _ in range(size)]


def tables(rule: Disclosure, withheld: Withheld) -> tuple[Any, Any]:
    """Return ``sample`` and ``design`` of a run."""
    inputs = inputs_of(SIZES, named(SIZES))
    found = without_groups(
        Results((), sample=sample_table(inputs, rule), design=design_table(study(), inputs)), withheld
    )
    return found.sample, found.design


def test_hidden_sizes_follow_from_weights_and_from_mean_sizes_unless_these_are_hidden() -> None:
    inputs = inputs_of(SIZES, named(SIZES))
    withheld = withheld_groups(study(), MODEL, inputs)
    assert (withheld.few, withheld.also, withheld.clusters) == (("Kleinste",), ("Onderwijs",), True)
    sample, design = (sample_table(inputs, RULE), design_table(study(), inputs))
    assert sample is not None
    assert design is not None
    shown = sample[~sample["group"].isin(withheld.inside)]  # rows of hidden groups gone, no more
    assert by_weight(shown) == pytest.approx([7, 247])
    assert by_squares(design, shown) == pytest.approx([7, 247])
    sample, design = tables(RULE, withheld)
    assert not np.isfinite(by_weight(sample)).any()
    assert design is None
    of_groups = sample.set_index("group").loc[["Gemeenten", "Rijk"]]
    assert of_groups["n_effective"].tolist() == pytest.approx([298, 248])  # their own stay
    assert of_groups["weight_max"].tolist() == pytest.approx([8 / 9, 0.8])


def test_without_hidden_groups_weights_and_clusters_stay() -> None:
    inputs = inputs_of({**SIZES, "Kleinste": 10}, named({**SIZES, "Kleinste": 10}))
    withheld = withheld_groups(study(), MODEL, inputs)
    assert withheld == NOBODY
    sample, design = tables(OPEN, NOBODY)
    assert sample[["weight_share", "n_effective"]].notna().all(axis=None)
    assert set(design["design"]) == {"cluster", "group"}


@pytest.mark.parametrize(
    ("sizes", "clusters", "tells"),
    [
        ((40, 7), 2, True),  # two clusters, one of seven
        ((40, 17), 2, False),
        ((40, 7, *[30] * 7), 9, True),
        ((40, 7, *[30] * 8), 10, False),  # Σn and Σn² of ten sizes leave too many ways
    ],
)
def test_few_clusters_with_a_small_one_tell(sizes: tuple[int, ...], clusters: int, tells: bool) -> None:
    assert len(sizes) == clusters
    named_sizes = {f"o{k}": size for k, size in enumerate(sizes)}
    inputs = inputs_of(named_sizes, named(named_sizes), grouped=False)
    assert telling_clusters(inputs, (), RULE) is tells
    assert telling_clusters(inputs, (), OPEN) is False


def test_clusters_within_shown_groups_are_unknown_and_those_that_are_groups_known() -> None:
    """Twelve clusters of one shown group hide the sizes of two; groups of one cluster do not."""
    many = {f"g{k}": 40 for k in range(12)} | {"a": 7, "b": 20}
    withheld = withheld_groups(study(), MODEL, inputs_of(many, named(many)))
    assert withheld.inside == {"a", "b"}
    assert withheld.clusters
    whole = {"g": 480, "a": 7, "b": 20}
    split = [f"g{k % 12}" for k in range(480)] + ["a"] * 7 + ["b"] * 20
    found = withheld_groups(study(), MODEL, inputs_of(whole, split))
    assert found.inside == {"a", "b"}
    assert not found.clusters


def test_who_answered_counts_for_a_cluster() -> None:
    inputs = inputs_of({"a": 40, "b": 40}, named({"a": 40, "b": 40}))
    assert inputs.scores is not None
    scores = inputs.scores.assign(x=inputs.scores["x"].where(inputs.scores.index < 47))
    assert telling_clusters(replace(inputs, scores=scores), (), RULE)
    assert not telling_clusters(inputs, (), RULE)


def test_the_output_check_refuses_tables_that_tell(tmp_path: Path) -> None:
    """A run writes neither; a folder that has them does not pass."""
    rng = np.random.default_rng(2)
    sector = np.repeat(list(SIZES), list(SIZES.values()))
    level = rng.normal(size=len(sector))
    answers = {
        f"{name}{k}": np.clip(np.round(3 + level + rng.normal(size=len(sector))), 1, 5)
        for name in "mz"
        for k in (1, 2, 3)
    }
    people = pd.DataFrame(answers).assign(
        sector=sector, again=[f"o {name}" for name in sector], weight=pd.Series(sector).map(WEIGHTS)
    )
    people.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")

    out, _ = run_study(Request(tmp_path / "study.yaml", tmp_path / "out", quiet=True))
    asked, model = load_study(tmp_path / "study.yaml")
    inputs = read_inputs(asked, model)
    withheld = withheld_groups(asked, model, inputs)

    def broken() -> dict[str, tuple[str, ...]]:
        outputs = fitted_outputs(out, asked, model, inputs, withheld)
        return {one.name: failed(one) for one in outputs if one.section == "cells" and failed(one)}

    assert broken() == {}
    assert not (out / "design.csv").exists()
    sample, design = sample_table(inputs, RULE), design_table(asked, inputs)
    assert sample is not None
    assert design is not None
    write_table(sample[~sample["group"].isin(withheld.inside)], out / "sample.csv")
    write_table(design[design["design"] == "cluster"], out / "design.csv")
    assert broken() == {"sample.csv": ("rare",), "design.csv": ("rare",)}
