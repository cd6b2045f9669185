"""The part of docs/vertrouwen.md on bad studies and models."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path

import pandas as pd

from trust.bad_studies.cases import CASES
from trust.bad_studies.trial import Found, finished, run, what_is_wrong
from trust.part import Part, table

__all__ = ["PART"]

SHOWN = 160
LIBRARIES = (
    "werksem.run", "werksem.check", "werksem.describing.run", "werksem.replay", "werksem.lock.verb",
    "werksem.report.passport_console", "werksem.release.again", "werksem.spec.convert",
    "werksem.survey.synthetic", "werksem.audit.run",
)  # fmt: skip
INTRODUCTION = """\
Every study below was written to a folder of its own and met by the real command line, in a process with a
minute of processor time and 4 GB. It holds where the exit code is right (2 for what is wrong; 0 where the
study is read and what is unusual in it is said), the message has the words and the place (file, line and
column) that the case asks for, is one sentence, and nothing is left behind: no result, no file outside the
folder, nothing that code in a study would have made. The cases are in `trust/bad_studies`; the tests run
the same list. What a study may and may not is in [limits](limits.md).
"""


def measure(folder: Path) -> pd.DataFrame:
    """Return one row per case: what was expected, what was found, what was said."""
    _load()
    made = folder / "made"
    made.mkdir()
    result = finished(made)
    rows = []
    for case in CASES:
        found = run(case, result)
        wrong = what_is_wrong(case, found)
        rows.append({
            "case": case.name[:SHOWN], "kind": case.kind, "verb": case.verb, "expected": case.code,
            "found": found.code, "message": _message(found), "seconds": round(found.seconds, 1),
            "held": not wrong, "wrong": wrong,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _load() -> None:
    """Load what the commands use, so that every process forked from here has it."""
    for name in LIBRARIES:
        import_module(name)


def _message(found: Found) -> str:
    """Return the sentence that was said, else the last line; folders that are made for one run left out."""
    lines = found.said.splitlines() or [""]
    said = next((line for line in lines if line.startswith(("werksem: ", "warning: "))), lines[-1])
    parts = (part for part in said.removeprefix("werksem: ").split(tempfile.gettempdir()))
    short = "".join(part.split("/here/", 1)[-1] for part in parts)
    return short if len(short) <= SHOWN else f"{short[: SHOWN - 3]}..."


def page(found: pd.DataFrame) -> str:
    """Return the page: kinds with tried and held, one message of each, the slowest."""
    kinds = found.groupby("kind", sort=False).agg(tried=("held", "size"), held=("held", "sum"))
    first = found[found["expected"] == 2].groupby("kind", sort=False).first()
    examples = first.reset_index()[["kind", "case", "message"]]
    examples["message"] = "`" + examples["message"].str.replace("`", "'") + "`"
    verbs = found.groupby("verb", sort=False).agg(tried=("held", "size"), held=("held", "sum"))
    slowest = found.sort_values("seconds", ascending=False).iloc[0]
    said = (
        f"The slowest took {slowest['seconds']} s of processor time ({slowest['case']}, {slowest['verb']})."
    )
    parts = [
        INTRODUCTION, table(kinds.reset_index()), "By command:", table(verbs.reset_index()), said,
        "What is said, one of each kind:", table(examples),
    ]  # fmt: skip
    failed = found[~found["held"].astype(bool)]
    if len(failed):
        parts += ["What does not hold:", table(failed[["case", "verb", "wrong", "message"]])]
    return "\n\n".join(parts)


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return what was tried, how many, how many held."""
    return "bad studies and models, through the command line", len(found), int(found["held"].sum())


PART = Part("bad_studies", "Bad studies and models", measure, page, summary)
