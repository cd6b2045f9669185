"""Nothing that a file says is run: no eval, no pickle, no shell, no loader that makes objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "werksem"
FILES = sorted(SOURCE.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
ATTRIBUTES = {
    "system", "popen", "spawnl", "spawnv", "execv", "execvp", "mktemp", "read_pickle", "to_pickle", "query",
    "eval", "literal_eval", "unsafe_load", "full_load", "tempnam",
}  # fmt: skip
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "pty", "commands", "code", "yaml"}


def wrong(tree: ast.AST) -> Iterator[str]:
    """Yield what runs, or reads objects from, whatever it is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            yield from (f"import {name}" for name in names if name.split(".")[0] in MODULES)
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in CALLS:
            yield called.id
        owner = called.value if isinstance(called, ast.Attribute) else None
        named = isinstance(owner, ast.Name) and owner.id == "platform"  # platform.system() tells which one
        if isinstance(called, ast.Attribute) and called.attr in ATTRIBUTES and not named:
            yield f".{called.attr}"
        for given in node.keywords:
            value = given.value
            on = not (isinstance(value, ast.Constant) and value.value is False)
            if given.arg in ("shell", "allow_pickle") and on:
                yield f"{given.arg}=True"
            if given.arg == "typ" and not (isinstance(value, ast.Constant) and value.value in ("safe", "rt")):
                yield "a YAML loader that makes objects"
        plain = isinstance(called, ast.Attribute) and called.attr == "load"
        if (
            plain
            and isinstance(called.value, ast.Name)
            and called.value.id in ("np", "numpy", "joblib", "torch")
        ):
            pickles = called.value.id != "np" or not any(
                given.arg == "allow_pickle" and getattr(given.value, "value", None) is False
                for given in node.keywords
            )
            if pickles:
                yield f"{called.value.id}.load"


def test_no_file_runs_what_it_reads() -> None:
    found = {path.name: list(wrong(ast.parse(path.read_text(encoding="utf-8")))) for path in FILES}
    assert {name: said for name, said in found.items() if said} == {}
    assert len(FILES) > 500


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')", "exec(text)", "import pickle", "from pickle import loads", "os.system(x)", "import yaml",
        "frame.query('a == 1')", "pd.eval('1')", "np.load(path)", "run(c, shell=True)",
        "f(allow_pickle=True)",
        "YAML(typ='unsafe')", "tempfile.mktemp()", "__import__('os')", "pd.read_pickle(x)",
    ],
)  # fmt: skip
def test_what_runs_would_be_seen(code: str) -> None:
    assert list(wrong(ast.parse(code)))


def test_templates_escape_what_they_are_given() -> None:
    """Every environment of templates escapes by itself, but LaTeX's, which escapes cells."""
    found = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Environment"
            ):
                given = {word.arg: word.value for word in node.keywords}
                assert isinstance(given["autoescape"], ast.Constant)
                found[path.name] = given["autoescape"].value
    assert found == {"pages.py": True, "latex.py": False}


def test_subprocesses_are_lists_of_words() -> None:
    """A command is a list, so that no text becomes two words or a redirection."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if (
                isinstance(owner, ast.Name)
                and owner.id == "subprocess"
                and node.func.attr in ("run", "Popen")
            ):
                assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr), path
