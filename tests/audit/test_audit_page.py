"""The page about audits shows what is printed, and its example can be read."""

from __future__ import annotations

import re
from pathlib import Path

from werksem.audit.lines import lines
from werksem.audit.read import table_of
from werksem.audit.run import audit
from werksem.spec.yaml import loads

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
TABLES = [ROOT / "data" / "published" / f"cultuur_2022_tabel_{number}.yaml" for number in (3, 4)]


def shown(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, flags=re.S)
    return str(found)


def masked(text: str) -> str:
    """Return the text without its decimals: another processor may end at another matrix."""
    return re.sub(r"\s+", " ", re.sub(r"−?\d*,\d+", "#", text))


def test_the_page_shows_the_audit_of_tables_3_and_4() -> None:
    printed = "\n".join(lines(audit(TABLES)))
    proofs, matrix = shown("text").split("\n\n", 2)[1:]
    assert proofs in printed
    assert masked(matrix) == masked(printed.split("\n\n", 2)[2]) + " "


def test_the_example_can_be_read_and_is_possible(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(shown("yaml"), encoding="utf-8")
    found = table_of(loads(shown("yaml")))
    assert found.language == "en"
    assert len(found.cells) == 4
    done = audit([path])
    assert not [b for b in done.bounds if b.reason]
    (block,) = done.found
    assert block.verified is not None
    assert block.verified.fits
    assert all(entry.consistent for entry in done.sums)
