"""Writes docs/acceptatie.md: every published number beside ours, from runs of the shipped studies.

    python docs/make_acceptatie.py [--results DIR]

Rows and references are in docs/acceptatie.yaml, published numbers in data/published. Studies whose folder
is already in DIR are not run again; without DIR all run, in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from werksem.compare.acceptance import LOST, NOT, OPEN, OUT, REPRODUCED, SIGN, WITHIN, Known, Line, lines_of
from werksem.compare.published import read_published, read_values
from werksem.errors import WerksemError
from werksem.spec.acceptance import Acceptance
from werksem.spec.problems import validated
from werksem.spec.yaml import load

DOCS = Path(__file__).resolve().parent
PUBLISHED = DOCS.parent / "data" / "published"
PAGE = DOCS / "acceptatie.md"
COLUMNS = "| rij | wat | plaats | gepubliceerd | hier | oordeel |\n|---|---|---|---|---|---|"


def content() -> Acceptance:
    """Return docs/acceptatie.yaml."""
    return validated(Acceptance, load(DOCS / "acceptatie.yaml"))


def run_studies(page: Acceptance, results: Path) -> dict[str, Path]:
    """Return each study's result folder, run where it is not there; stops at the first that fails."""
    folders = {}
    for name, study in page.studies.items():
        folders[name] = results / name
        if folders[name].is_dir():
            continue
        typed = [
            study.command,
            str((DOCS / study.config).resolve()),
            *study.args,
            "--out",
            str(folders[name]),
        ]
        print(f"werksem {' '.join(typed)}", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", "werksem", *typed], check=False, stdout=subprocess.DEVNULL
        )
        if done.returncode > 1:  # 1 is a result with a warning
            raise SystemExit(f"{name}: werksem stopped with exit code {done.returncode}")
    return folders


def known(page: Acceptance, folders: Mapping[str, Path]) -> Known:
    """Return published numbers, result folders and how measures stand in tables."""
    values = [read_values(PUBLISHED / f"{name}.yaml") for name in page.published]
    betas = {name: read_published(PUBLISHED / f"{name}.yaml") for name in page.published if _has_betas(name)}
    filled = [table for table in values if len(table)]
    return Known(pd.concat(filled, ignore_index=True), betas, folders, page.measures)


def _has_betas(name: str) -> bool:
    return bool(load(PUBLISHED / f"{name}.yaml").data.get("betas"))


def made(page: Acceptance, known: Known) -> list[tuple[str, list[Line]]]:
    """Return the lines of every row, by source; raises where a published value has no row."""
    ids = {row.id for row in page.rows}
    homeless = sorted(set(known.values["id"]) - ids)
    if homeless:
        raise SystemExit(f"published numbers of rows that docs/acceptatie.yaml does not have: {homeless}")
    sources = list(dict.fromkeys(row.source for row in page.rows))
    return [
        (s, [line for row in page.rows if row.source == s for line in lines_of(row, known)]) for s in sources
    ]


def markdown(opening: str, parts: list[tuple[str, list[Line]]]) -> Iterator[str]:
    """Yield the page."""
    yield opening
    every = [line for _, lines in parts for line in lines]
    count = Counter(line.verdict for line in every)
    said = "; ".join(
        f"{verdict} {count[verdict]}" for verdict in (REPRODUCED, WITHIN, SIGN, OPEN, LOST, OUT, NOT)
    )
    yield f"{len(every)} regels van {len({line.id for line in every})} rijen: {said}.\n"
    for source, lines in parts:
        yield f"## {load(PUBLISHED / f'{source}.yaml').data['source']}\n"
        yield COLUMNS
        yield from (_row(line) for line in lines)
        yield ""


def _row(line: Line) -> str:
    verdict = f"{line.verdict}: {line.why}" if line.why else line.verdict
    return (
        "| " + " | ".join(_cells((line.id, line.what, line.place, line.published, line.ours, verdict))) + " |"
    )


def _cells(texts: Iterable[str]) -> Iterator[str]:
    return (text.replace("|", "\\|").strip() for text in texts)


def main() -> None:
    """Run what is needed, write the page."""
    parser = argparse.ArgumentParser(description="Write docs/acceptatie.md from runs of the shipped studies.")
    parser.add_argument(
        "--results", type=Path, help="folder of results; studies already there do not run again"
    )
    asked = parser.parse_args()
    page = content()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            folders = run_studies(page, asked.results or Path(scratch))
            lines = "\n".join(markdown(page.opening, made(page, known(page, folders))))
        except WerksemError as problem:
            raise SystemExit(f"docs/make_acceptatie.py: {problem}") from None
    PAGE.write_text(lines, encoding="utf-8")
    print(f"{PAGE.name}: {lines.count(chr(10))} lines")


if __name__ == "__main__":
    main()
