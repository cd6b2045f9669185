"""Labels, groups and titles that are code in some language are text in every file that werksem writes."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from trust.bad_studies.case import DATA, MODEL
from werksem.cli import guarded
from werksem.cli.app import app
from werksem.report.publish.latex_text import escaped
from werksem.twin.expression import quoted

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TEMPLATE = "{{ 7 * 191 }}{% raw %}${7 * 191}"
TEX = "\\input{/etc/passwd}\\write18{touch pwned}"
SHELL = "$(touch pwned) `touch pwned` %PATH% ; rm -rf x"
R = '"); system("touch pwned"); c("'
HOSTILE = (SCRIPT, TEMPLATE, TEX, SHELL, R)
LABELS = {"a": SCRIPT + TEMPLATE, "b": TEX + SHELL, "y": R}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inert")
    model = MODEL
    for name, label in LABELS.items():
        model = model.replace(f"  {name}: {{items", f"  {name}: {{label: {json.dumps(label)}, items")
    (folder / "model.yaml").write_text(model, encoding="utf-8")
    study = {
        "study": "inert", "title": SCRIPT + TEX, "source": TEMPLATE + SHELL, "language": "en",
        "model": "model.yaml", "data": {"file": "data.csv", "group": "sector"}, "ols": {},
        "report": {"formats": ["html", "docx", "tex", "csv", "md"]},
    }  # fmt: skip
    (folder / "study.yaml").write_text(json.dumps(study), encoding="utf-8")
    quotes = [SCRIPT.replace(",", ""), R.replace('"', '""')]
    data = DATA.replace(",Rijk", f',"{quotes[0]}"').replace(",ZBO", f',"{quotes[1]}"')
    (folder / "data.csv").write_text(data, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["werksem", "fit", "study.yaml", "--out", "out", "--quiet"])
        assert guarded(app) == 0
    assert not list(folder.rglob("pwned"))
    return folder / "out"


class _Tags(html.parser.HTMLParser):
    """Collects what a browser would run, and what it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.run: list[str] = []
        self.shown: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.run += [f"{name}={value}" for name, value in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        (self.run if self.inside == "script" else self.shown).append(data)


@pytest.mark.parametrize("name", ["report.html", "output_check.html"])
def test_a_page_shows_code_and_runs_none(result: Path, name: str) -> None:
    tags = _Tags()
    tags.feed((result / name).read_text(encoding="utf-8"))
    assert not [code for code in tags.run if "alert" in code or "pwned" in code]
    shown = "".join(tags.shown)
    assert "1337" not in shown
    if name == "report.html":
        assert SCRIPT in shown
        assert TEMPLATE in shown


def test_latex_reads_no_command(result: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in result.rglob("*.tex")]
    assert texts
    for text in texts:
        assert not re.search(r"\\(input|write18|immediate|include)\b", text)
        assert "1337" not in text
    assert escaped(TEX).startswith(r"\textbackslash{}input\{")


def test_word_and_pictures_are_well_formed(result: Path) -> None:
    documents, pictures = list(result.rglob("*.docx")), list(result.rglob("*.svg"))
    assert documents
    assert pictures
    for path in documents:
        with zipfile.ZipFile(path) as parts:
            body = ElementTree.fromstring(parts.read("word/document.xml"))
            assert "<script>" in "".join(body.itertext())
    for path in pictures:
        tree = ElementTree.parse(path)
        assert not [node for node in tree.iter() if node.tag.endswith("}script")]
        assert not [name for node in tree.iter() for name in node.attrib if name.startswith("on")]


def test_markdown_is_not_html(result: Path) -> None:
    texts = list(result.rglob("*.md"))
    assert texts
    for path in texts:
        assert "<script>" not in path.read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here")
def test_text_in_an_r_script_is_text(tmp_path: Path) -> None:
    script = tmp_path / "said.R"
    lines = [f"stopifnot(nchar({quoted(text)}) == {len(text)})" for text in HOSTILE]
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(["Rscript", str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "pwned").exists()


def test_a_terminal_is_not_steered(result: Path, tmp_path: Path) -> None:
    """A result that somebody edited, and a name on the command line, print their escapes as text."""
    edited = tmp_path / "out"
    shutil.copytree(result, edited)
    table = (edited / "comparison.csv").read_text(encoding="utf-8")
    escape = "\x1b]0;owned\x07\x1b[2J"
    (edited / "comparison.csv").write_text(table.replace("y,a,all", f"y,a{escape},all"), encoding="utf-8")
    for arguments in (["compare", str(edited)], ["check", f"no{escape}.yaml"]):
        command = [sys.executable, "-m", "werksem", *arguments]
        done = subprocess.run(command, capture_output=True, check=False)
        said = done.stdout + done.stderr
        assert b"\x1b" not in said
        assert b"\\x1b" in said
