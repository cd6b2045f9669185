"""A wheelhouse installs into an empty environment without a network, and what it installs runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NO_NETWORK = ("Temporary failure in name resolution", "NewConnectionError", "Network is unreachable")


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHONPATH"))}
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env={**kept, **environment},
        check=False,
    )


def unconnected() -> tuple[str, ...]:
    """Return what takes the network from a command, nothing where this computer does not allow that."""
    prefix = ("unshare", "-rn")
    return prefix if shutil.which("unshare") and run(*prefix, "true").returncode == 0 else ()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheelhouse") / "wheels"
    environment = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = run(ROOT / "tools" / "wheelhouse.sh", folder, PYTHON=sys.executable, **environment)
    if any(text in done.stderr for text in NO_NETWORK):
        pytest.skip("a wheelhouse is filled from a package index, and none can be reached")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_every_wheel_has_its_hash(wheels: Path, tmp_path: Path) -> None:
    lines = (wheels / "requirements.txt").read_text().splitlines()
    assert len(lines) == len(list(wheels.glob("*.whl"))) > 50
    assert all(re.fullmatch(r"[\w.]+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    own = next(line for line in lines if line.startswith("werksem=="))
    for text, code in ((own, 0), (own[:-1] + ("0" if own[-1] != "0" else "1"), 1)):
        (tmp_path / "one.txt").write_text(text)
        install = [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", wheels, "--no-deps"]
        done = run(
            *install, "--require-hashes", "--target", tmp_path / f"to{code}", "-r", tmp_path / "one.txt",
            PIP_CONFIG_FILE=os.devnull,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert "DO NOT MATCH THE HASHES" in done.stderr


@pytest.mark.slow
def test_it_installs_and_runs_without_a_network(wheels: Path, tmp_path: Path) -> None:
    venv, off = tmp_path / "venv", unconnected()
    assert run(sys.executable, "-m", "venv", venv).returncode == 0
    done = run(
        *off, venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-index",
        "--find-links", wheels, "--require-hashes", "-r", wheels / "requirements.txt",
        PIP_CONFIG_FILE=os.devnull,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    program = venv / "bin" / "werksem"
    assert "nothing is known to be wrong" in run(*off, program, "doctor").stdout
    assert run(*off, program, "init", tmp_path / "start").returncode == 0
    config = tmp_path / "start" / "configs" / "voorbeeld.yaml"
    done = run(*off, program, "check", config)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "ok"), done.stderr
    done = run(*off, program, "fit", config, "--only", "ols,sem", "--quiet", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "estimates.csv").is_file()


def test_a_folder_with_older_wheels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "older.whl").touch()
    done = run(ROOT / "tools" / "wheelhouse.sh", tmp_path)
    assert done.returncode == 2
    assert "is not empty: name another" in done.stderr
