"""Versions: the suite on the lowest and the newest libraries allowed, known holes, the wheel, the types.

    python -m trust.versions [lowest] [newest]

runs some of the suites again, and keeps what was measured of the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd

from trust.part import FIGURES, ROOT, Part, table
from trust.public import KEPT, lines

__all__ = ["PART"]

RUNS = {"lowest": "lowest-direct", "newest": "highest"}
# two builds that share nothing but the commit: other folders, clocks, languages, rights of new files
ELSEWHERE = (
    ("one", {"TZ": "UTC", "LC_ALL": "C.UTF-8"}, 0o022),
    ("two", {"TZ": "Asia/Tokyo", "LC_ALL": "C"}, 0o077),
)


class Line(NamedTuple):
    """One thing tried: how often, how often it held, and what there is to say of it."""

    check: str
    what: str
    tried: int
    held: int
    said: str


def measure(folder: Path, runs: Sequence[str] = tuple(RUNS)) -> pd.DataFrame:
    """Return one row per thing tried with the libraries of ``runs``: check, what, tried, held, said."""
    found: list[Line] = []
    for name in runs:
        python = _environment(folder / name, RUNS[name])
        found += _libraries(name, python)
        found += [_suite(name, python, folder), _audited(name, python, folder)]
    return pd.DataFrame([*found, _wheel(folder), _listed()], columns=Line._fields)


def _beside(runs: Sequence[str], folder: Path) -> pd.DataFrame:
    """Return what is kept with these runs measured again, the lowest first."""
    new = measure(folder, runs)
    file = FIGURES / f"{PART.name}.csv"
    if not file.is_file():
        return new
    old = pd.read_csv(file, keep_default_na=False)
    both = pd.concat([old[~old["check"].isin(new["check"])], new], ignore_index=True)
    places = both["check"].map(lambda check: [*RUNS, "wheel", "interface"].index(check.split()[0]))
    return both.iloc[places.argsort(kind="stable")]


def _environment(place: Path, resolution: str) -> Path:
    """Make an environment with everything, at the lowest or highest versions allowed; return its Python."""
    _uv("venv", "--quiet", "--python", sys.executable, str(place))
    python = place / "bin" / "python"
    wanted = ("--resolution", resolution, "--editable", f"{ROOT}[dev]")
    _uv("pip", "install", "--quiet", "--python", str(python), *wanted)
    return python


def _uv(*typed: str) -> str:
    command = [sys.executable, "-m", "uv", *typed]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def _libraries(name: str, python: Path) -> Iterator[Line]:
    """Yield the version of every library that werksem itself asks for."""
    listed = json.loads(_uv("pip", "list", "--python", str(python), "--format", "json"))
    versions = {one["name"]: one["version"] for one in listed}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in project["dependencies"]:
        library = re.split(r"[<>=!~ ]", wanted)[0]
        yield Line(f"{name} version", library, 0, 0, versions[library.lower().replace(".", "-")])


def _suite(name: str, python: Path, folder: Path) -> Line:
    """Run the test suite, warnings as errors; count the tests that ran and those that passed."""
    report = folder / f"{name}.xml"
    command = [str(python), "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junitxml={report}"]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, cwd=ROOT, env=os.environ | threads, check=False, stdout=sys.stderr)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, skipped, failures, errors = (
        sum(int(one.attrib[key]) for one in suites) for key in ("tests", "skipped", "failures", "errors")
    )
    ran = tests - skipped
    return Line(f"{name} tests", "pytest", ran, ran - failures - errors, f"{skipped} skipped, with reasons")


def _audited(name: str, python: Path, folder: Path) -> Line:
    """Ask for known holes of every installed version; one that got no answer does not hold."""
    frozen = folder / f"{name}.txt"
    listed = _uv("pip", "freeze", "--python", str(python)).splitlines()
    frozen.write_text("\n".join(line for line in listed if "==" in line) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json"]
    done = subprocess.run([*command, "-r", str(frozen)], check=False, capture_output=True, text=True)
    asked = json.loads(done.stdout)["dependencies"] if done.stdout.strip() else []
    holes = [f"{one['name']} {hole['id']}" for one in asked for hole in one.get("vulns", ())]
    clean = sum("vulns" in one and not one["vulns"] for one in asked)
    lost = sum("==" in line for line in listed) - sum("vulns" in one for one in asked)
    said = [", ".join(holes)] if holes else []
    said += [f"no answer for {lost}: the database of known holes was out of reach"] if lost else []
    return Line(f"{name} holes", "pip-audit", clean + len(holes) + lost, clean, "; ".join(said))


def _wheel(folder: Path) -> Line:
    """Build the wheel from two clones, elsewhere and otherwise; count those with the first one's bytes."""
    hashes = []
    for name, other, mask in ELSEWHERE:
        clone, built = folder / name, folder / f"{name} built"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, umask=mask)
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(built), str(clone)]
        subprocess.run(command, check=True, env=os.environ | other, umask=mask, stdout=sys.stderr)
        hashes.append(hashlib.sha256(next(built.glob("*.whl")).read_bytes()).hexdigest())
    return Line("wheel", "build", len(hashes), hashes.count(hashes[0]), f"sha256 `{hashes[0]}`")


def _listed() -> Line:
    """Count public names, parameters, verbs and options, and those that are as listed."""
    kept, found = set(KEPT.read_text(encoding="utf-8").splitlines()), set(lines())
    return Line("interface", KEPT.name, len(kept | found), len(kept & found), "names, parameters, verbs")


def page(found: pd.DataFrame) -> str:
    """Return what was tried, and the versions of both runs beside each other."""
    versions = found["check"].str.endswith(" version")
    wide = found[versions].pivot(index="what", columns="check", values="said").reset_index()
    wide = wide.rename(columns={"what": "library", "lowest version": "lowest", "newest version": "newest"})
    return f"{INTRODUCTION}\n{table(found[~versions])}\n\n{table(wide.reindex(columns=['library', *RUNS]))}"


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return the checks, and how many held in full."""
    checks = found[~found["check"].str.endswith(" version")]
    return "checks of versions, wheel, interface", len(checks), int((checks["tried"] == checks["held"]).sum())


INTRODUCTION = """\
The whole suite runs twice, warnings as errors: on the lowest version of every library that `pyproject.toml`
allows, and on the newest there is. Both sets are held against the database of known holes (`pip-audit`; a
library that gave no answer does not count as held). The wheel is built from two clones in two folders,
time zones, languages and file rights, and has to have the same bytes. What users import and type is listed in
`trust/public_interface.txt`: a test fails where it changes by accident.
"""
PART = Part("versions", "Versions and supply", measure, page, summary)


if __name__ == "__main__":
    from trust.make import run

    asked = sys.argv[1:]
    if not asked or set(asked) - set(RUNS):
        sys.exit(f"which suites? there are {', '.join(RUNS)}")
    run(replace(PART, measure=partial(_beside, asked)))
