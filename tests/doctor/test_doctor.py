"""What doctor finds: each known-bad combination by its own sentence, on facts of other computers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bootstrap_runs import werksem
from werksem.doctor.facts import Facts, Place, facts
from werksem.doctor.known_bad import KNOWN_BAD, SLOW, said_of
from werksem.doctor.run import diagnosis, lines
from werksem.doctor.versions import installed_versions, quarrels

GOOD = Facts(
    python="3.11.9", executable="python", platform="Linux", processors=8, usable=8, quota=None,
    libraries={
        "pymc": "5.28.5", "pytensor": "2.38.3", "arviz": "0.23.4", "matplotlib": "3.11.2", "numpy": "2.4.6",
    },
    memory=16_000_000_000, available=8_000_000_000, blas="openblas", threads={"OMP_NUM_THREADS": "1"},
    pools=(), compilers={}, pytensor_flags="mode=NUMBA",
    places=(Place("compiled kernels (numba)", "/a", True),),
)  # fmt: skip


def with_libraries(**versions: str) -> Facts:
    return replace(
        GOOD, libraries={**GOOD.libraries, **{k.replace("_", "-"): v for k, v in versions.items()}}
    )


BAD = {
    "two generations; right is pytensor<2.39": with_libraries(arviz="1.0"),
    "right for Python 3.11 is pymc>=5.28.4,<6": with_libraries(pymc="6.0.1", pytensor="3.0", arviz="1.0"),
    "pymc 6 with pytensor 2": replace(with_libraries(pymc="6.0.1"), python="3.12.3"),
    "breaks `import pymc`": with_libraries(arviz_plots="0.8.1"),
    "did not end in 573": replace(GOOD, pytensor_flags="linker=cvm"),
    "every run compiles anew": replace(GOOD, places=(Place("compiled kernels (numba)", "/a", False),)),
    "`import pymc` fails; right is PYTENSOR": replace(
        GOOD, places=(Place("graphs (pytensor)", "/a", False),)
    ),
}
SLOWER = {
    "15 times slower": replace(GOOD, threads={"OMP_NUM_THREADS": "8"}),
    "compiled by C": replace(GOOD, pytensor_flags="base_compiledir=/a", compilers={"g++": "/usr/bin/g++"}),
    "fewer processors than it shows": replace(GOOD, quota=1.5),
    "less than 2 GB": replace(GOOD, available=1_000_000_000),
    "its own WLSMV": with_libraries(semopy="2.3.11"),
    "blackjax 1.6": with_libraries(blackjax="1.6.2"),
}


@pytest.mark.parametrize("words", BAD)
def test_a_known_bad_combination_is_said(words: str) -> None:
    said = said_of(KNOWN_BAD, BAD[words])
    assert len(said) == 1
    assert words in said[0]


@pytest.mark.parametrize("words", SLOWER)
def test_what_is_slow_is_a_note_only(words: str) -> None:
    assert [words in said for said in said_of(SLOW, SLOWER[words])] == [True]
    assert said_of(KNOWN_BAD, SLOWER[words]) == []


def test_every_combination_has_its_case() -> None:
    assert said_of(KNOWN_BAD, GOOD) == said_of(SLOW, GOOD) == []
    assert len(KNOWN_BAD) == len(BAD)
    assert len(SLOW) == len(SLOWER)


def test_ranges_and_quarrels_are_those_of_the_installed_libraries(tmp_path: Path) -> None:
    """Two made libraries: one asks for a numba that is not there, the other is what pip leaves behind."""
    for name, requires in (("askmuch", "numpy>=99"), ("content", "numpy>=1")):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: {requires}\n"
        )
    code = (
        "from werksem.doctor.versions import installed_versions, quarrels\n"
        "print(quarrels({'askmuch': '1.0', 'content': '1.0'}))\n"
        "print([one.ok for one in installed_versions('content')])"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stderr == ""
    said, content = done.stdout.splitlines()
    assert said.startswith("['askmuch 1.0 asks for numpy >=99, found ")
    assert content == "[True]"


def test_this_computer() -> None:
    found = facts()
    assert found.usable >= 1
    assert found.libraries["numpy"]
    assert quarrels({"numba": found.libraries["numba"]}) == []
    names = {one.name.lower() for one in installed_versions()}
    assert {"numpy", "pymc", "semopy"} <= names
    assert any(line.startswith("processors") for line in lines(diagnosis(found)))


def test_the_verb_imports_nothing_heavy() -> None:
    done = werksem(
        "doctor", "--json",
        before="import atexit\nheavy = {'pymc', 'numba', 'semopy', 'pytensor', 'arviz', 'scipy', 'pandas'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))",
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert done.returncode == found["exit_code"]
    assert done.stderr == "[]\n"
    assert {one["name"]: one["ok"] for one in found["versions"]}["pymc"] is True
    assert found["facts"]["python"].startswith("3.")
