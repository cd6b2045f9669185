"""The documentation site: numbers explained completely, sources and code that exist, generated pages."""

from __future__ import annotations

import csv
import importlib
import json
import re
import sys
from pathlib import Path

import pytest

from werksem.outputs import TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS / "_ext"))
numbers_explained = importlib.import_module("numbers_explained")
look_up = importlib.import_module("look_up")
plain = importlib.import_module("plain")
ENTRIES = list(numbers_explained.entries())


def test_every_table_that_is_written_has_its_page() -> None:
    written = {"estimates", "comparison", "moments", "fit", "diagnostics", *TABLES}
    assert len(written) > 30
    assert not {f"{name}.csv" for name in written} - set(numbers_explained.explained_files())


def test_every_file_stands_on_one_page() -> None:
    shown = [
        file
        for page in sorted((DOCS / "numbers").glob("*.md"))
        for found in re.findall(r"^```\{numbers\} (.*)$", page.read_text(), re.M)
        for file in found.split()
    ]
    assert sorted(shown) == sorted({"common", *numbers_explained.explained_files()})


@pytest.mark.parametrize(("file", "name", "entry"), ENTRIES, ids=[f"{f}:{n}" for f, n, _ in ENTRIES])
def test_an_entry_is_complete_and_true(file: str, name: str, entry: dict[str, object]) -> None:
    assert set(entry) <= {"is", "formula", "source", "code", "unit", "empty"}
    assert str(entry["is"]).rstrip("”").endswith((".", ")"))
    literature = numbers_explained.read_yaml(DOCS / "numbers" / "literature.yaml")
    assert not set(entry.get("source", [])) - set(literature)  # type: ignore[call-overload]
    for reference in entry.get("code", []):  # type: ignore[attr-defined]
        module, function = reference.split(":")
        path = ROOT / "src" / "werksem" / f"{module.replace('.', '/')}.py"
        assert re.search(rf"^def {function}\(", path.read_text(), re.M), reference


def test_every_work_is_named_by_an_entry() -> None:
    named = {source for _, _, entry in ENTRIES for source in entry.get("source", [])}
    assert set(numbers_explained.read_yaml(DOCS / "numbers" / "literature.yaml")) == named


def test_formulas_become_mathml_without_rest() -> None:
    converter = pytest.importorskip("latex2mathml.converter")
    for file, name, entry in ENTRIES:
        if "formula" in entry:
            assert "\\" not in converter.convert(entry["formula"]), f"{file}: {name}"


def folder_with(path: Path, name: str, rows: list[list[str]]) -> Path:
    (path / "study").mkdir()
    (path / "study" / "manifest.json").write_text(json.dumps({"werksem": "0"}))
    with (path / "study" / name).open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def table_in(path: Path, name: str, rows: list[list[str]]) -> Path:
    return folder_with(path, name, rows) / "study" / name


def test_a_new_column_or_measure_is_noticed(tmp_path: Path) -> None:
    made = table_in(tmp_path, "fit.csv", [["engine", "measure", "value", "new"], ["sem", "cfj", "1", ""]])
    said = list(numbers_explained.unexplained_in(made))
    assert len(said) == 2
    assert "'new'" in said[0]
    assert "'cfj'" in said[1]


def test_a_new_file_is_noticed(tmp_path: Path) -> None:
    made = table_in(tmp_path, "brandnew.csv", [["a"], ["1"]])
    assert list(numbers_explained.unexplained_in(made)) == [
        "brandnew.csv is explained nowhere: give it an entry in docs/numbers/*.yaml"
    ]


def test_measures_of_one_outcome_are_those_of_all(tmp_path: Path) -> None:
    made = table_in(tmp_path, "fit.csv", [["engine", "measure", "value"], ["ols", "r2.y", ".5"]])
    assert not list(numbers_explained.unexplained_in(made))


def test_a_value_is_looked_up(tmp_path: Path) -> None:
    folder_with(tmp_path, "estimates.csv", [["lhs", "rhs", "std"], ["y", "x", "-0.125"], ["y", "z", "0.5"]])
    assert look_up.value(tmp_path, "study/estimates.csv lhs=y rhs=x std .2f") == "−0.12"
    assert look_up.value(tmp_path, "study/estimates.csv lhs=y count") == "2"
    assert look_up.value(tmp_path, "study/manifest.json werksem") == "0"


@pytest.mark.parametrize("asked", ["lhs=y std", "lhs=q std", "lhs=y rhs=x beta", "left=y std"])
def test_what_names_no_value_is_an_error(tmp_path: Path, asked: str) -> None:
    folder_with(tmp_path, "estimates.csv", [["lhs", "rhs", "std"], ["y", "x", "-0.125"], ["y", "z", "0.5"]])
    with pytest.raises(LookupError):
        look_up.value(tmp_path, f"study/estimates.csv {asked}")


def test_tables_set_numbers_to_the_right() -> None:
    assert plain.table(["a", "b"], [["x", "1.5"], ["y", "−2"]]).splitlines()[1] == "| --- | --: |"


def test_the_reference_has_every_key_and_verb() -> None:
    pytest.importorskip("sphinx")
    reference = importlib.import_module("reference")

    from werksem.cli import app
    from werksem.spec.claims import TYPES
    from werksem.spec.study import Study

    study = reference.keys_text("study")
    assert all(f"`{name}`\n: " in study for name in Study.model_fields)
    assert all(f"## {name}\n" in reference.keys_text("claims") for name in TYPES)
    verbs = [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]
    assert all(f"## {name}\n" in reference.verbs_text() for name in verbs)


def links() -> list[tuple[Path, str]]:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    return [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text())]


def test_links_between_pages_lead_somewhere() -> None:
    found = [(page, link) for page, link in links() if not link.startswith("http")]
    assert len(found) > 40
    assert not [(page.name, link) for page, link in found if not (page.parent / link).is_file()]
