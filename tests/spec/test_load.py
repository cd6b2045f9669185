"""Loading a study: paths, overrides, groups, and the resolved study that runs again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec.helpers import BASE, study_error, study_of
from werksem.errors import SpecError
from werksem.spec.load import dump_study, load_model, load_study
from werksem.spec.study import Bootstrap, Ols
from werksem.spec.support import UNSUPPORTED

PROJECT = Path(__file__).resolve().parents[2]


def write(path: str, text: str) -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def test_paths_are_relative_to_the_study_file() -> None:
    write("models/m.yaml", "model: m\nstructural: {y: [x]}")
    config = write(
        "configs/s.yaml",
        "study: a\nmodel: ../models/m.yaml\ndata: {file: ../data/a.csv}\npublished: p.yaml\n",
    )
    study, model = load_study(config)
    here = Path.cwd()
    assert (study.data.file, study.model) == (here / "data/a.csv", here / "models/m.yaml")
    assert study.published == (here / "configs/p.yaml",)
    assert model.name == "m"


def test_a_study_without_a_model_name_names_its_inline_model() -> None:
    assert study_of(BASE)[1].name == "a"
    assert study_of(BASE.replace("{syntax", "{model: b, syntax"))[1].name == "b"


def test_errors_in_a_model_file_name_that_file() -> None:
    write("models/m.yaml", "model: m\nsyntax: |\n  y ~ x\n  y = z\n")
    config = write("configs/s.yaml", "study: a\nmodel: ../models/m.yaml\ndata: {file: a.csv}\n")
    with pytest.raises(SpecError, match=r'^models/m\.yaml:4:5: found "="'):
        load_study(config)


def test_errors_in_an_inline_model_name_the_study_file() -> None:
    text = "study: a\ndata: {file: a.csv}\nmodel:\n  syntax: |\n    y ~ x\n    z ~ 2 x\n"
    assert study_error(text).startswith("s.yaml:6:9: expected a name, found '2 x'")
    assert study_error("study: a\ndata: {file: a}\nmodel: {syntx: y ~ x}").startswith(
        's.yaml:3:9: unknown key "syntx"; did you mean "syntax"?'
    )


def test_lavaan_files_are_models() -> None:
    write("m.lavaan", "f =~ x1 + x2 + x3\nf ~ ~ z\n")
    with pytest.raises(SpecError, match=r"m\.lavaan:2:5: a second operator ~"):
        load_model("m.lavaan")
    write("m.lavaan", "f =~ x1 + x2 + x3")
    assert load_model(Path("m.lavaan")).name == "m"


def test_overrides_make_sections_and_replace_keys() -> None:
    study, _ = study_of(
        BASE + "ols: {se: HC3}", ["bootstrap.replicates=200", "ols.se=classical", "data.group=sector"]
    )
    assert study.bootstrap == Bootstrap(replicates=200)
    assert study.ols == Ols(se="classical")
    assert study.data.group == "sector"


def test_override_values_are_yaml_1_2() -> None:
    study, _ = study_of(
        BASE, ["data.codes.L.no=0", "bayes.vary=[means]", "data.where=a == 'b: c'", "title=no"]
    )
    assert study.data.codes == {"L": {"no": 0}}
    assert study.bayes is not None
    assert (study.bayes.vary, study.data.where, study.title) == (("means",), "a == 'b: c'", "no")


@pytest.mark.parametrize(("override", "runs"), [("ols=null", False), ("ols=", True), ("ols={}", True)])
def test_overrides_switch_sections(override: str, runs: bool) -> None:
    assert (study_of(BASE + "ols: {se: HC3}", [override])[0].ols is not None) == runs


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "bootstrap.replicats=200",
            '--set bootstrap.replicats: unknown key "replicats" in bootstrap; did you mean "replicates"?',
        ),
        ("bootsrap.seed=1", '--set bootsrap.seed: unknown key "bootsrap"'),
        ("bootstrap.replicates=many", '--set bootstrap.replicates: bootstrap.replicates: found "many"'),
        ("data.file.x=1", "--set data.file.x: \"data.file\" is 'a.csv' here and has no keys inside"),
        ("sem", "--set: found 'sem', right is KEY=VALUE, such as bootstrap.replicates=200"),
        ("=3", "--set: found '=3', right is KEY=VALUE"),
        ("a..b=3", "--set: found 'a..b=3', right is KEY=VALUE"),
        ("bootstrap.seed=[1", "--set bootstrap.seed: cannot read the value '[1'"),
        ("model.syntax=y ~", "--set model.syntax:1:3: nothing stands to the right of ~"),
    ],
)
def test_wrong_overrides(override: str, message: str) -> None:
    assert message in study_error(BASE, [override])


def test_an_override_does_not_reach_into_a_model_file() -> None:
    write("m.yaml", "model: m\nstructural: {y: [x]}")
    text = "study: a\nmodel: m.yaml\ndata: {file: a}"
    assert "set it in the model file itself" in study_error(text, ["model.syntax=y ~ z"])


def test_group_modifiers_need_groups_and_imply_multigroup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(UNSUPPORTED, ("sem", "multigroup"), raising=False)
    text = "study: a\nmodel:\n  syntax: y ~ c(a, b)*x\ndata: {file: a%s}\nsem: {}\n"
    assert study_error(text % "").startswith("s.yaml:3:15: the model has c(…) modifiers")
    study, _ = study_of(text % ", group: g")
    assert study.sem is not None
    assert study.sem.multigroup


FULL = """\
study: vol
title: 'Een studie: "alles"'
source: bron
language: en
model: models/m.yaml
data:
  file: data/a.csv
  where: sector != 'Rechterlijke macht'
  group: sector
  codes: {LEAVING: {yes: 1, no: 0, '12': 3}}
  derive: {d: x == 1, p: product(x, z)}
  missing_codes: [8, "9a"]
ols: {se: HC3}
sem: {}
bootstrap: {replicates: 10, indices: rows.csv}
bayes: {vary: [], priors: {paths: normal(0, 2)}}
published: p.yaml
"""
MODEL = """\
model: m
label: {nl: Een, en: One}
include: [meting/f.yaml]
measurement:
  g: {label: {nl: "G, en meer", en: no}, items: [g1, g2], reversed: [g2], scale: [1, 5], min_items: 1}
structural:
  y: {f: b, g: 0.5, x: start(0.2)*c}
covariances: [[g1, g2], [g2, f1, 0]]
effects: {enumerate: {from: [f], to: [y]}, e: b * c}
constraints: [b == c]
labels: {y: {nl: uitkomst}}
"""


def full_study() -> Path:
    write("meting/f.yaml", "")
    write("models/m.yaml", MODEL)
    write(
        "models/meting/f.yaml",
        "measurement: {f: {items: [f1, f2, f3], scale: [0, 1]}, unused: {items: [u1, u2]}}",
    )
    return write("s.yaml", FULL)


@pytest.mark.parametrize("folder", ["out/deep", "."])
def test_the_resolved_study_runs_again_and_is_stable(folder: str) -> None:
    study, model = load_study(full_study())
    text = dump_study(study, model, Path(folder))
    again, model_again = load_study(write(f"{folder}/resolved.yaml", text))
    assert model_again == model
    assert again == study.model_copy(update={"model": None})
    assert dump_study(again, model_again, Path(folder)) == text


def test_the_resolved_study_is_relative_and_complete() -> None:
    study, model = load_study(full_study())
    text = dump_study(study, model, Path("out/deep"))
    assert "file: ../../data/a.csv" in text
    assert "indices: ../../rows.csv" in text
    assert str(Path.cwd()) not in text
    assert "unused" not in text


def test_the_design_survives_the_resolved_study() -> None:
    design = (
        "weights: w, replicate_weights: {columns: [a, b], type: jkn, rscales: [.5, .25], combined: false}"
    )
    study, model = study_of(f"study: a\nmodel: {{syntax: y ~ x}}\ndata: {{file: a.csv, {design}}}\n")
    assert study.data.replicate_weights is not None
    assert study.data.replicate_weights.rscales == (0.5, 0.25)
    assert study_of(dump_study(study, model, Path()))[0] == study


@pytest.mark.parametrize(
    "syntax", ["y ~ 1 + x\nf =~ a + b + c\ny ~ f", "f =~ a + b\ng =~ b + c\nf ~~ c(1, NA)*g\n"]
)
def test_lavaan_models_survive_the_resolved_study(syntax: str) -> None:
    text = "study: a\ndata: {file: a.csv, group: g}\nmodel:\n  syntax: |\n"
    study, model = study_of(text + "".join(f"    {line}\n" for line in syntax.splitlines()))
    again = study_of(dump_study(study, model, Path()))[1]
    assert again == model


@pytest.mark.parametrize("config", sorted((PROJECT / "configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_studies_load_and_resolve(config: Path) -> None:
    study, model = load_study(config)
    Path("r.yaml").write_text(dump_study(study, model, Path.cwd()), encoding="utf-8")
    assert load_study(Path("r.yaml"))[1] == model


def test_loading_is_light() -> None:
    code = (
        "import sys, werksem.spec.load, werksem.spec.schema\n"
        "heavy = {'pandas', 'numba', 'pymc', 'semopy', 'scipy', 'arviz', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
