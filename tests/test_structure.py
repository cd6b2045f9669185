"""The shape of the code base, counted: imports flow one way, files and functions stay small."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "werksem"
FILES = sorted(SOURCE.rglob("*.py"))

# from left to right: a module imports only from its own room or from rooms before it
ORDER = [
    "errors", "bilingual", "progress", "files", "swap", "spec", "extras", "moments", "ordinal", "patterns",
    "survey", "rows", "partable", "model", "reliabilities", "implied", "estimators", "kernels", "respondents",
    "resampling", "categorical", "inference", "effects", "intervals", "bootstrap", "estimates", "bayes",
    "inputs", "summed", "sem_data", "describe", "engines", "compare", "manifest", "claims_record", "notes",
    "kept", "own_files", "results", "resume", "twin", "outputs", "change", "report", "release", "audit",
    "describing", "told", "check", "replay", "run", "api", "calibrate", "lock", "doctor", "schemas",
    "starting", "bench", "machine", "cli", "__main__",
]  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("werksem."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "werksem":
            found |= {alias.name for alias in node.names if not alias.name.startswith("__")}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("werksem.")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_flow_one_way(path: Path) -> None:
    if path.name == "__init__.py" and path.parent == SOURCE:
        return
    here = ORDER.index(room(path))
    later = {name for name in imports(ast.parse(path.read_text())) if ORDER.index(name) > here}
    assert not later, f"{path.name} imports from rooms to its right: {later}"


def test_every_room_has_its_place() -> None:
    assert {room(path) for path in FILES} - {"__init__"} <= set(ORDER)


def test_files_are_small() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in FILES}
    assert max(lines.values()) <= 400, max(lines, key=lambda path: lines[path])
    assert statistics.median(lines.values()) <= 130


def functions() -> list[tuple[str, int]]:
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = (ast.get_docstring(node) or "").count("\n")
                found.append((f"{path.name}:{node.name}", node.end_lineno - node.lineno + 1 - docstring))
    return found


def test_functions_are_small() -> None:
    long = [(name, size) for name, size in functions() if size > 60]
    assert not long
    assert statistics.median(size for _, size in functions()) <= 16


@pytest.mark.parametrize("verb", [["--help"], ["fit", "--help"], ["check", "--help"], ["audit", "--help"]])
def test_help_is_light(verb: list[str]) -> None:
    code = (
        f"import sys\nsys.argv = ['werksem', *{verb!r}]\n"
        "from werksem.cli import app, guarded\nguarded(app)\n"
        "heavy = {'numba', 'pymc', 'pytensor', 'semopy', 'arviz', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
