"""What users type and import changes only where it was meant to: trust/public_interface.txt lists it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trust.public import KEPT, lines

SCRIPT = """\
import pandas as pd
import werksem

result: werksem.Results = werksem.fit("study.yaml", only=["ols"], set={"bootstrap.replicates": 200})
estimates: pd.DataFrame = result.estimates
trusted: bool = result.trusted
compared: werksem.Compared = werksem.compare("results/study")
try:
    werksem.read("results/study")
except werksem.SpecError as error:
    code: int = error.exit_code
"""


def test_the_public_interface_is_the_one_that_is_listed() -> None:
    kept, found = KEPT.read_text(encoding="utf-8").splitlines(), lines()
    gone, new = sorted(set(kept) - set(found)), sorted(set(found) - set(kept))
    assert not gone, "promised and gone (if meant: python -m trust.public > trust/public_interface.txt)"
    assert not new, "new and not listed (python -m trust.public > trust/public_interface.txt)"


def test_the_list_has_every_verb_and_every_name() -> None:
    import werksem
    from werksem.cli import app

    kept = KEPT.read_text(encoding="utf-8")
    verbs = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]
    assert all(f"werksem {verb}\n" in kept for verb in verbs)
    assert all(f"werksem.{name}" in kept for name in werksem.__all__)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [False, True])
def test_a_users_script_is_checked_with_our_types(tmp_path: Path, wrong: bool) -> None:
    (tmp_path / "script.py").write_text(SCRIPT.replace("code: int", "code: str") if wrong else SCRIPT)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "script.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode != 0) == wrong, done.stdout
