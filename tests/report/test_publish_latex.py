"""LaTeX: every command closed, every row as wide as its table, nothing of the data read as a command."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publish_cases import awkward, published

from werksem.report.publish.latex import document, fragment, write_latex
from werksem.report.publish.latex_text import escaped
from werksem.report.publish.publication import Publication


@pytest.fixture(scope="module", params=["nl", "en", "awkward", "wide"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    if request.param == "awkward":
        return awkward()
    if request.param == "wide":
        return awkward(columns=24)
    return published(tmp_path_factory.mktemp("tex") / "r", kind="mediatie", language=request.param)


def bare(text: str) -> str:
    """Return LaTeX without escaped characters and comments."""
    return re.sub(r"(?m)^%.*$", "", re.sub(r"\\[\\{}$&#%_]", "", text))


def columns(spec: str) -> int:
    """Return how many columns a format has: p{…}, r or l, outside @{…} and >{…}."""
    plain = re.sub(r"[@>]\{(?:[^{}]|\{[^{}]*\})*\}", "", spec)
    return len(re.findall(r"[pb]\{[^}]*\}|[rlc]", plain))


def cells(line: str) -> int:
    """Return how many columns a line fills."""
    line = re.sub(r"\\[&%#_${}]", "", line)
    spans = [int(n) for n in re.findall(r"\\multicolumn\{(\d+)\}", line)]
    return line.count("&") + 1 + sum(span - 1 for span in spans)


def test_environments_and_braces_are_closed(found: Publication) -> None:
    text = bare(document(found))
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    assert text.count("{") == text.count("}")
    assert text.count("$") % 2 == 0


def test_every_row_fills_every_column(found: Publication) -> None:
    for one in found.tables:
        text = fragment(found, one)
        tables = re.findall(r"\\begin\{longtable\}\{([^\n]*)\}\n(.*?)\\end\{longtable\}", text, re.S)
        assert tables
        for spec, inside in tables:
            lines = [line for line in inside.split("\n") if re.search(r"(?<!\\)\\\\\*?$", line)]
            lines = [line for line in lines if not line.startswith(r"\caption")]
            assert {cells(line) for line in lines} == {columns(spec)}
            assert inside.count(r"\toprule") == 2  # first page and others
            assert inside.count(r"\bottomrule") == 2  # end of a page, end of the table
            assert "|" not in spec


def test_labels_are_unique_and_files_stand_alone(found: Publication, tmp_path: Path) -> None:
    path = write_latex(found, tmp_path)
    text = path.read_text(encoding="utf-8")
    labels = re.findall(r"\\label\{(.*?)\}", text)
    assert len(labels) == len(set(labels)) >= len(found.tables)
    for one in found.tables:
        part = (tmp_path / "tables" / f"{one.name}.tex").read_text(encoding="utf-8")
        assert part in text
        assert r"\documentclass" not in part


def test_synthetic_data_say_so_in_every_caption(tmp_path: Path) -> None:
    text = document(published(tmp_path / "r"))
    captions = re.findall(r"\\caption\{(.*)\}\\label", text)
    assert captions
    assert all("(synthetische gegevens)" in caption for caption in captions)


@given(st.text(max_size=40))
def test_no_text_is_a_command(text: str) -> None:
    shown = escaped(text)
    kept = re.sub(r"\\(?:[&%#_{}]|,|[a-zA-Z]+)", "", re.sub(r"\$[^$]+\$", "", shown))
    assert not set(kept) & set('\\%&#_^"\u2212')
    assert shown.count("$") % 2 == 0
    assert kept.count("{") == kept.count("}")
    assert all(ord(char) <= 0x17F for char in shown)


def test_a_row_that_begins_with_a_bracket_is_no_option_of_the_line_before() -> None:
    found = awkward()
    assert "\n{}[x] & " in fragment(found, found.tables[0])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not here")
def test_it_compiles(found: Publication, tmp_path: Path) -> None:
    write_latex(found, tmp_path)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
