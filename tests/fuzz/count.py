"""Tries laws outside the test suite and writes how often each held.

    python -m tests.fuzz.count --budget nightly --share 1 --out counts.csv [LAW …]

``--share`` takes a part of the budget, or several times it; 0.1 is a tenth.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from tests.fuzz.budget import BUDGETS, Tried, examples_of, tried_law
from tests.fuzz.laws import LAWS

COLUMNS = ("law", "kind", "says", "over", "examples", "failed", "seconds", "broken")


def row(tried: Tried) -> dict[str, object]:
    law = tried.law
    return {
        "law": law.name, "kind": law.kind, "says": law.says, "over": law.over, "examples": tried.examples,
        "failed": int(bool(tried.broken)), "seconds": round(tried.seconds, 1), "broken": tried.broken,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("laws", nargs="*", metavar="LAW", help=", ".join(law.name for law in LAWS))
    parser.add_argument("--budget", choices=BUDGETS, default="nightly")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=Path("counts.csv"))
    parser.add_argument("--no-shrink", action="store_true", help="the first counterexample, not the smallest")
    asked = parser.parse_args()
    wanted = [law for law in LAWS if not asked.laws or law.name in asked.laws]
    with asked.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for law in wanted:
            if examples_of(law, asked.budget):
                tried = tried_law(law, asked.budget, asked.share, shrink=not asked.no_shrink)
                writer.writerow(row(tried))
                file.flush()
                print(
                    f"{law.name:24} {tried.examples:6} {tried.seconds:7.1f} s  {tried.broken[:6000]}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
