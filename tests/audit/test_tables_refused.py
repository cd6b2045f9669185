"""Tables that no audit can take, and files that it does not write over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from werksem.audit.run import audit
from werksem.cli import app, guarded
from werksem.errors import SpecError

TABLE = """published: t
outcomes: {{y: {{n: 100, r2: 0.2}}}}
betas:
- {{lhs: y, rhs: {rhs}, beta: {beta}}}
"""


@pytest.mark.parametrize(
    ("rhs", "beta", "message"),
    [
        ("y", "0.3", r't.yaml:4:3: betas.0: "y" is outcome and predictor of itself'),
        ("a", "1e300", r"t.yaml:4:\d+: betas.0.beta: found 1e\+300, right is at most 1000000000"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(rhs: str, beta: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TABLE.format(rhs=rhs, beta=beta))
    with pytest.raises(SpecError, match=message):
        audit([path])


def test_the_table_itself_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TABLE.format(rhs="a", beta="0.3"))
    before = path.read_text()
    monkeypatch.setattr(sys, "argv", ["werksem", "audit", str(path), "--out", str(path)])
    assert guarded(app) == 2
    assert "is the table itself" in capsys.readouterr().err
    assert path.read_text() == before


def test_a_printed_minus_is_read_from_csv(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("outcome;predictor;beta;n\ny;a;\u2212,30;100\ny;b;0,20;100\n", encoding="utf-8")
    assert [cell.printed for cell in audit([path]).tables[0].cells] == [-0.30, 0.20]
