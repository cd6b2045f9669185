"""The documentation site: numbers explained completely, sources and code that exist, generated pages."""

from __future__ import annotations

import csv
import doctest
import importlib
import json
import re
import sys
import warnings
from pathlib import Path

import pytest

from werksem.outputs import TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS / "_ext"))
numbers_explained = importlib.import_module("numbers_explained")
look_up = importlib.import_module("look_up")
plain = importlib.import_module("markdown_text")
ENTRIES = list(numbers_explained.entries())
ABSENT = "the extra docs is not installed"


def test_every_table_that_is_written_has_its_page() -> None:
    written = {"estimates", "comparison", "moments", "fit", "diagnostics", *TABLES}
    assert len(written) > 30
    assert not {f"{name}.csv" for name in written} - set(numbers_explained.explained_files())


def test_the_page_of_result_folders_lists_every_table() -> None:
    page = (DOCS / "results.md").read_text()
    assert not [name for name in TABLES if f"| `{name}.csv`" not in page and f", `{name}.csv`" not in page]


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
    assert not set(entry.get("source", [])) - set(numbers_explained.literature())  # type: ignore[call-overload]
    for reference in entry.get("code", []):  # type: ignore[attr-defined]
        module, function = reference.split(":")
        path = ROOT / "src" / "werksem" / f"{module.replace('.', '/')}.py"
        assert re.search(rf"^def {function}\(", path.read_text(), re.M), reference


def test_every_work_is_named_by_an_entry() -> None:
    named = {source for _, _, entry in ENTRIES for source in entry.get("source", [])}
    assert set(numbers_explained.literature()) == named


def test_formulas_become_mathml_without_rest() -> None:
    converter = pytest.importorskip("latex2mathml.converter", reason=ABSENT)
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


@pytest.mark.parametrize(("name", "examples"), [("look_up", 1), ("markdown_text", 1), ("reference", 1)])
def test_the_examples_of_the_directives_are_true(name: str, examples: int) -> None:
    if name == "reference":
        pytest.importorskip("sphinx", reason=ABSENT)
    assert doctest.testmod(importlib.import_module(name)) == (0, examples)


def test_tables_set_numbers_to_the_right() -> None:
    assert plain.table(["a", "b"], [["x", "1.5"], ["y", "−2"]]).splitlines()[1] == "| --- | --: |"


def test_the_reference_has_every_key_and_verb() -> None:
    pytest.importorskip("sphinx", reason=ABSENT)
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


def built(tmp_path: Path, page: str) -> tuple[int, str, str]:
    """Build a site of one page with our directives; return exit code, page and warnings."""
    sphinx = pytest.importorskip("sphinx.cmd.build", reason=ABSENT)
    source, out, said = tmp_path / "docs", tmp_path / "build" / "site", tmp_path / "warnings"
    source.mkdir()
    (source / "index.md").write_text("# Page\n\n" + page)
    conf = (
        f"import sys\nsys.path.append({str(DOCS / '_ext')!r})\n"
        "extensions = ['myst_parser', 'mathml', 'examples']\nhtml_math_renderer = 'mathml'\n"
        "myst_enable_extensions = ['colon_fence', 'dollarmath']\n"
    )
    (source / "conf.py").write_text(conf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Sphinx and its parsers are not ours
        code = sphinx.main(["-W", "--keep-going", "-q", "-w", str(said), str(source), str(out)])
    html = (out / "index.html").read_text() if (out / "index.html").is_file() else ""
    return code, re.sub(r"<[^>]+>", "", html), said.read_text()


PAGE = """
```{run}
werksem --version
```

```{python}
x = 6 * 7
print(f"answer {x}")
```

```{python}
:hide:
assert x == 42
```

$$
\\frac{a}{b}
$$
"""


def test_examples_are_run_and_shown(tmp_path: Path) -> None:
    code, page, said = built(tmp_path, PAGE)
    assert (code, said) == (0, "")
    assert "$ werksem --version\nwerksem 0" in page
    assert "answer 42" in page
    assert "assert" not in page


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("```{run}\nwerksem check nothing.yaml\n```\n", "exit code 2"),
        ("```{python}\nassert 1 == 2\n```\n", "AssertionError"),
        ("{value}`results/none/fit.csv measure=cfi value .2f`\n", "is not there"),
    ],
)
def test_a_failing_example_fails_the_build(tmp_path: Path, page: str, why: str) -> None:
    code, _, said = built(tmp_path, page)
    assert code != 0
    assert why in said


def test_without_the_data_of_others_output_is_left_out(tmp_path: Path) -> None:
    page = (
        "```{needs} nobody/has_this.csv\n```\n\n```{run}\nwerksem check nothing.yaml\n```\n\n"
        "CFI {value}`results/none/fit.csv measure=cfi value .2f`\n"
    )
    code, shown, said = built(tmp_path, page)
    assert (code, said) == (0, "")
    assert "not ours to ship" in shown
    assert "$ werksem check nothing.yaml\n(left out" in shown
    assert "CFI (left out)" in shown
