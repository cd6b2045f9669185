"""How the bootstrap was made, in words: schemes, intervals, auto, its warnings and its test of the model."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, get_args

import pytest
from fake_result import make_result, with_intervals
from ruamel.yaml import YAML

from werksem.bootstrap.replicates import STATUS
from werksem.intervals import INTERVALS
from werksem.report.appendix import method_sentences
from werksem.report.folder import Result, read_result
from werksem.report.messages import message
from werksem.report.quality import fit_table
from werksem.report.replicates import kind_name
from werksem.report.words import word
from werksem.spec.study import Bootstrap, ReplicateWeights

ENGINES = Path(__file__).parents[2] / "src" / "werksem" / "engines"


def studied(folder: Path, data: dict[str, Any], **bootstrap: Any) -> Result:
    """Return a folder whose study has these sections."""
    with_intervals(make_result(folder), kind=bootstrap.pop("kind", "bca"))
    path, yaml = folder / "study.yaml", YAML(typ="safe", pure=True)
    study = yaml.load(path.read_text(encoding="utf-8"))
    study["data"] |= data
    study["bootstrap"] |= bootstrap
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(study, stream)
    return read_result(folder)


@pytest.mark.parametrize(
    ("data", "bootstrap", "said"),
    [
        ({}, {}, "5.000 herhalingen van het SEM-model, steekproefschema respondenten, interval BCa."),
        ({"strata": "sector"}, {"scheme": "cluster"}, "clusters binnen strata, herschaald (Rao–Wu), i"),
        ({"fpc": "N"}, {"scheme": "strata"}, "binnen strata, herschaald (Rao–Wu) met eindige-p"),
        ({"strata": "s", "fpc": "N"}, {"scheme": "cluster"}, "clusters binnen strata, herschaald (Rao–Wu) m"),
        ({"fpc": "N"}, {"scheme": "bollen-stine"}, "waarin het model geldt (Bollen–Stine), interval"),
        ({}, {"scheme": "parametric"}, "nieuwe gegevens uit het geschatte model (parametrisch)"),
        ({}, {"indices": "x.csv"}, "steekproefschema opgegeven steekproeven"),
        ({"replicate_weights": {"columns": "w_*", "type": "jkn"}},
         {"scheme": "replicate_weights", "kind": "t"},
         "replicatiegewichten van de enquête (jackknife binnen strata, JKn), interval Student-t."),
        ({}, {"replicates": "auto"}, "5.000 herhalingen van het SEM-model (auto: tot de Monte-C"),
    ],
)  # fmt: skip
def test_the_method_names_what_was_drawn(
    tmp_path: Path, data: dict[str, Any], bootstrap: dict[str, Any], said: str
) -> None:
    sentences = method_sentences(studied(tmp_path / "r", data, **bootstrap))
    (found,) = (text for text in sentences if text.startswith("Bootstrap"))
    assert said in found


def test_auto_says_that_it_hit_its_cap(tmp_path: Path) -> None:
    folder = studied(tmp_path / "r", {}, replicates="auto").folder
    path = folder / "diagnostics.csv"
    path.write_text(path.read_text().replace("0.00142", "0.0081"))
    assert any("gestopt bij de bovengrens" in text for text in method_sentences(read_result(folder)))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_that_a_study_may_ask_has_a_name(language: str) -> None:
    for kind in (*INTERVALS, "t"):
        assert kind_name(kind, language)
    for scheme in get_args(Bootstrap.model_fields["scheme"].annotation):
        assert word(f"scheme_{scheme}", language)
    for kind in get_args(ReplicateWeights.model_fields["type"].annotation):
        assert word(f"weights_{kind}", language)


def warnings_in(path: Path) -> list[str]:
    """Return the sentences of a module that begin with ``bootstrap: ``, their places filled."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in (node for node in ast.walk(tree) if id(node) not in pieces):
        if isinstance(node, ast.JoinedStr):
            text = "".join(_filled(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if text.startswith("bootstrap: ") and len(text) > 30:
            found.append(text)
    return found


def _filled(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    return "STATUS" if ast.unparse(part.value) == "status" else "7"


def test_every_warning_of_the_bootstrap_has_a_dutch_saying() -> None:
    texts = [text for path in sorted(ENGINES.glob("bootstrap*.py")) for text in warnings_in(path)]
    assert len(texts) >= 6
    for text in texts:
        for status in STATUS[1:] if "STATUS" in text else ("",):
            filled = text.replace("STATUS", status)
            assert message(filled, "nl") != filled, filled
            assert "7" in message(filled, "nl") or "7" not in filled, filled


@pytest.mark.parametrize(
    ("value", "n", "shown", "verdict"),
    [
        (0.21, 17_204, ",210", "verwerpt het model niet"),
        (0.0002, 17_204, "< ,001", "verwerpt; bij deze n te verwachten"),
        (0.03, 300, ",030", "verwerpt het model"),
    ],
)
def test_the_bollen_stine_p_stands_with_the_fit(
    tmp_path: Path, value: float, n: int, shown: str, verdict: str
) -> None:
    folder = make_result(tmp_path / "r")
    path = folder / "fit.csv"
    text = path.read_text().replace("ntotal,17204", f"ntotal,{n}")
    path.write_text(text + f"bootstrap,all,chisq,2418.3\nbootstrap,all,pvalue_bollen_stine,{value}\n")
    (row,) = (r for r in fit_table(read_result(folder)).bodies[0].rows if r[0].text == "Bollen–Stine-p")
    assert (row[1].text, row[2].text) == (shown, verdict)


def test_no_bollen_stine_without_its_scheme(tmp_path: Path) -> None:
    rows = fit_table(read_result(make_result(tmp_path / "r"))).bodies[0].rows
    assert not any("Bollen" in row[0].text for row in rows)


def test_nothing_is_said_of_a_bootstrap_that_was_not_made(tmp_path: Path) -> None:
    result = studied(tmp_path / "r", {}, kind="none")
    assert not any(text.startswith("Bootstrap") for text in method_sentences(result))
    assert kind_name("invented", "nl") == "invented"
