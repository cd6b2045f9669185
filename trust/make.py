"""Writes docs/vertrouwen.md: inputs tried, faults survived, load held, coverage, versions.

    python -m trust.make [PART …]

Runs the named parts (all of them where none is named), keeps what each found in trust/figures/PART.csv, and
writes the page from all that is kept; ``--page`` runs nothing.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from trust.part import FIGURES, ROOT, Part, table
from trust.parts import PARTS
from werksem import __version__
from werksem.manifest import git_revision

PAGE = ROOT / "docs" / "vertrouwen.md"
HEAD = """# Vertrouwen: what werksem was put through

Made by `python -m trust.make`: every number on this page was measured by running werksem. Each part can be
made again on its own (`python -m trust.make faults`); what it found is kept in `trust/figures`.
"""


def main() -> None:
    """Run the parts asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--page", action="store_true", help="only write the page")
    asked = parser.parse_args()
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in [] if asked.page else asked.parts or PARTS:
        run(PARTS[name])
    PAGE.write_text(page(), encoding="utf-8")


def run(part: Part) -> None:
    """Measure a part and keep what it found: the table, and when, with what and in how many seconds."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=f"werksem-{part.name}-") as folder:
        found = part.measure(Path(folder))
    FIGURES.mkdir(exist_ok=True)
    found.to_csv(FIGURES / f"{part.name}.csv", index=False, lineterminator="\n")
    record = {
        "werksem": __version__, "python": platform.python_version(), "system": platform.system(),
        "machine": platform.machine(), "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.perf_counter() - started), "git": git_revision(ROOT),
    }  # fmt: skip
    (FIGURES / f"{part.name}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def page() -> str:
    """Return the page, from what the parts left in trust/figures; a part that was not measured says so."""
    lines, sections = [], []
    for part in PARTS.values():
        line = {"part": f"[{part.title}](#{_anchor(part.title)})", "tried": "not measured yet"}
        said = line["tried"].capitalize() + "."
        if (FIGURES / f"{part.name}.csv").is_file():
            found, record = _kept(part)
            tried, number, held = part.summary(found)
            line |= {"tried": tried, "number": str(number), "held": str(held)}
            said = f"{part.page(found).strip()}\n\n{_measured(record)}"
        lines.append(line)
        sections.append(f"## {part.title}\n\n{said}\n")
    return "\n".join([HEAD, table(pd.DataFrame(lines)) + "\n", *sections])


def _kept(part: Part) -> tuple[pd.DataFrame, dict[str, str]]:
    found = pd.read_csv(FIGURES / f"{part.name}.csv", keep_default_na=False, na_values=[""])
    return found, json.loads((FIGURES / f"{part.name}.json").read_text(encoding="utf-8"))


def _measured(record: dict[str, str]) -> str:
    """Return when and with what a part was measured, and what was not of that run (``later``)."""
    later = f" {record['later']}" if record.get("later") else ""
    return (
        f"*Measured {record['date']} with werksem {record['werksem']}, Python {record['python']}, "
        f"{record['system']} {record['machine']}, in {record['seconds']} s.{later}*"
    )


def _anchor(title: str) -> str:
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -")
    return kept.replace(" ", "-")


if __name__ == "__main__":
    main()
