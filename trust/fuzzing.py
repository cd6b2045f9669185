"""The part of docs/vertrouwen.md on fuzzing: laws, the examples they were tried on, what was found.

Laws and what they are tried on stand in ``tests/fuzz``. ``WERKSEM_FUZZ_SHARE`` takes a share of the nightly
budget (0.1 is a tenth), or several times it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

from trust.part import ROOT, Part, table

__all__ = ["FOUND", "PART"]

FOUND = ROOT / "trust" / "found.csv"
KINDS = {
    "no crash": "Done, or refused in one sentence",
    "round trip": "There and back",
    "metamorphic": "What may change, and what may not",
}


def measure(folder: Path) -> pd.DataFrame:
    """Return a row per law: what it says, over what, on how many examples it held, whether one broke it."""
    share = os.environ.get("WERKSEM_FUZZ_SHARE", "1")
    out = folder / "counts.csv"
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz.count", "--budget", "nightly"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(
        [*command, "--share", share, "--out", str(out)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=sys.stderr,
    )
    return pd.read_csv(out)[["law", "kind", "says", "over", "examples", "failed", "seconds"]]


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return the part's line in the table on top."""
    held = int(found["examples"].sum())
    return f"examples of {len(found)} laws, drawn by hypothesis", held + int(found["failed"].sum()), held


def page(found: pd.DataFrame) -> str:
    """Return the laws by kind with how often each held, and what fuzzing found so far."""
    parts = [WORDS.format(laws=len(found), examples=f"{int(found['examples'].sum()):,}")]
    for kind, title in KINDS.items():
        rows = found[found["kind"] == kind]
        shown = rows[["says", "over", "examples", "failed"]].rename(columns={"says": "law"})
        parts.append(f"### {title}\n\n{table(shown)}")
    mended = pd.read_csv(FOUND)[["what", "where"]]
    parts.append(f"### Found and mended\n\n{MENDED}\n\n{table(mended)}")
    return "\n\n".join(parts)


WORDS = """Nobody wrote these studies, models, tables and texts: [hypothesis](https://hypothesis.readthedocs.io)
draws them from grammars, from the JSON Schemas of our own files and from a generator of models with answers
to them, and damages them as a hand, an editor or a disk would. {laws} laws were tried on {examples} examples.
A law fails where its smallest counterexample breaks it. The same laws run in the test suite on a smaller
budget, with the same examples every time; the nightly one draws new ones at every run.

Numbers agree within 1e-5 of a standard error: the optimiser stops at a gradient below 1e-8 per respondent,
which moves an estimate by less than 1e-8 · n · SE standard errors. Where the arithmetic is the same (columns
moved, rows filtered, missing codes for blanks, other labels of groups) they agree to the last bit."""
MENDED = "Each became a test of its own, in `tests/fuzz/test_fuzz_found.py`; `trust/found.csv` says which."

PART = Part("fuzzing", "Fuzzing", measure, page, summary)
