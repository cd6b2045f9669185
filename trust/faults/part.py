"""The part of docs/vertrouwen.md on faults: what was tried, what was found, what is kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from trust.faults.case import THEN, Case
from trust.faults.cases import CASES, here
from trust.faults.compared import MAY_DIFFER
from trust.faults.trial import Found, prepared, tried
from trust.part import Part, table

__all__ = ["PART"]


def measure(folder: Path) -> pd.DataFrame:
    """Return a row per fault: what was expected, what was found, and what the next run made of it."""
    with prepared(folder / "ground") as ground:
        return pd.DataFrame([_row(case, tried(case, ground)) for case in CASES if here(case)])


def _row(case: Case, found: Found) -> dict[str, object]:
    named = {"fault": case.fault, "verb": case.verb, "moment": case.moment}
    return {**named, "expected": f"exit {case.code}; {THEN[case.then]}", **asdict(found)}


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return the part's line in the table on top."""
    return "faults put into running commands", len(found), int(found["held"].sum())


def page(found: pd.DataFrame) -> str:
    """Return what is kept, what may differ, and every fault."""
    per = found.groupby("fault", sort=False)["held"].agg(["size", "sum"]).reset_index()
    per.columns = pd.Index(["fault", "tried", "held"])
    differ = "\n".join(f"- `{name}`: {what}" for name, what in MAY_DIFFER.items())
    shown = found.assign(held=found["held"].map({True: "yes", False: "**no**"}))
    columns = ["fault", "verb", "moment", "expected", "found", "message", "resumed", "same_bytes", "held"]
    return f"""{WORDS}
{differ}

{table(per)}

{_not_tried(found)}

<details><summary>Every fault</summary>

{table(shown[columns])}

</details>
"""


def _not_tried(found: pd.DataFrame) -> str:
    """Return a sentence on the faults that this run did not try, empty where it tried them all."""
    there = set(zip(found["fault"], found["verb"], found["moment"], strict=True))
    missing = [case for case in CASES if (case.fault, case.verb, case.moment) not in there]
    named = "; ".join(f"{case.fault} ({case.verb}, {case.moment})" for case in missing)
    return f"Not tried in this run, {len(missing)} of {len(CASES)}: {named}." if missing else ""


WORDS = """\
Each fault strikes the real command line in a process of its own, at a named moment. It is held where the
exit code and the whole of stderr are as expected, what lay in the place is there byte for byte or the
new result is whole, nothing is left behind, and the next run (`fit` with `--resume` where work was kept)
ends with the bytes of an undisturbed one.

- **A result folder** is written beside its place and exchanged for the earlier one in one step; `report`
  writes into a copy and moves its files last. Several files of one command (`audit`, `simulate`, `init`,
  …) are written beside theirs and moved together at the end.
- **One run at a time** writes to a place: a lock, which the system frees when a process dies. Whoever
  comes second is told at once which process writes.
- **Finished work is kept** in `.NAME-kept` until the result is in its place: every block of replicates,
  every posterior (also those of refits with groups left out). Each carries a checksum and the hash of
  everything it depends on, the versions of werksem and of the libraries included; what is damaged is
  computed again, what belongs to another study is refused.
- What a killed process leaves begins with a dot, and the next run into that place removes it.

The same bytes, but for what tells the time:
"""

PART = Part("faults", "Faults", measure, page, summary)
