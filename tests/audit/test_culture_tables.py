"""Tables 3 and 4 of 2022 audited: two cells that cannot be, and a matrix under which 110 can."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.audit.lines import lines
from werksem.audit.run import Audit, audit, exit_code, write_audit
from werksem.errors import SpecError

ROOT = Path(__file__).resolve().parents[2]
TABLES = [ROOT / "data" / "published" / f"cultuur_2022_tabel_{number}.yaml" for number in (3, 4)]
IMPOSSIBLE = {("vi_privaat", "leren"), ("vi_privaat", "maat")}
# worked out by hand beside the published tables, to two decimals; None: no bound
BANDS = {
    "samenwerking": (1.27, 2.29), "missie": (1.30, 1.45), "wendbaarheid": (1.70, 2.04),
    "inclusiviteit": (1.00, 1.71), "leren": (2.05, 3.45), "maat": (1.63, 1.84), "voltijd": (1.91, 2.79),
    "vast": (1.00, 1.49), "thuis": (1.10, 1.30), "vrouw": (1.01, 1.36), "leeftijd": (1.43, 1.82),
    "dienstjaren": (1.13, 1.43), "opleiding": (1.19, np.inf), "uren": (1.00, np.inf),
}  # fmt: skip


@cache
def both() -> Audit:
    return audit(TABLES)


def test_two_of_112_cells_are_impossible_and_the_bounds_say_so() -> None:
    assert len(both().bounds) == 112
    found = {(b.cell.outcome, b.cell.predictor): b for b in both().bounds if b.reason}
    assert set(found) == IMPOSSIBLE
    assert {b.reason for b in found.values()} == {"vif"}
    assert found["vi_privaat", "leren"].vif[1] == pytest.approx(0.252, abs=0.001)
    assert found["vi_privaat", "maat"].vif[1] == pytest.approx(0.249, abs=0.001)
    assert exit_code(both()) == 1


def test_bands_of_the_other_cells_are_those_worked_out_by_hand() -> None:
    (found,) = both().found
    for name, band in BANDS.items():
        assert found.block.vif[name] == pytest.approx(band, abs=0.0075), name
    assert not found.block.conflicts


def test_the_matrix_gives_110_cells_and_seven_r2_as_printed() -> None:
    (found,) = both().found
    assert found.matrix is not None
    assert found.verified is not None
    assert found.verified.fits
    assert found.matrix.printed
    assert {(b.cell.outcome, b.cell.predictor) for b in found.verified.missed} == IMPOSSIBLE
    assert found.verified.missed_r2 == ("vi_privaat",)
    assert found.verified.smallest > 0.01


def test_the_written_matrix_gives_the_table_by_plain_algebra(tmp_path: Path) -> None:
    """From the file alone: beta = R^-1 r, adjusted R², t, and p of a normal as n is above 4,000."""
    from scipy.stats import norm

    out = tmp_path / "cells.csv"
    assert [path.name for path in write_audit(both(), out)] == ["cells.csv", "cells_matrix.csv"]
    cells, matrix = (
        pd.read_csv(out, keep_default_na=False),
        pd.read_csv(tmp_path / "cells_matrix.csv", index_col=0),
    )
    columns = ["outcome", "predictor", "beta", "stars", "n", "r2", "vif_lower", "vif_upper", "verdict"]
    assert list(cells) == columns
    assert (
        set(
            cells.loc[cells.verdict == "impossible", ["outcome", "predictor"]].itertuples(
                index=False, name=None
            )
        )
        == IMPOSSIBLE
    )
    names = list(matrix)
    inverse = np.linalg.inv(matrix.loc[names].to_numpy())
    for outcome, rows in cells.groupby("outcome"):
        rows = rows.set_index("predictor").loc[names]
        r = matrix.loc[outcome].to_numpy()
        beta, df = inverse @ r, int(rows.n.iloc[0]) - 15
        np.testing.assert_allclose(beta, rows.beta, atol=5e-4)
        r2 = beta @ r
        if outcome != "vi_privaat":
            assert r2 == pytest.approx(rows.r2.iloc[0], abs=0.0005)
        p = 2 * norm.sf(np.abs(beta) / np.sqrt((1 - r2) / df * np.diag(inverse)))
        marks = np.select([p <= 0.001, p <= 0.01, p <= 0.05], ["***", "**", "*"], "")
        differ = {
            (outcome, name)
            for name, ours, theirs in zip(names, marks, rows.stars, strict=True)
            if ours != theirs
        }
        assert differ == {cell for cell in IMPOSSIBLE if cell[0] == outcome}


def test_table_4_alone_is_possible() -> None:
    done = audit(TABLES[1:])
    assert exit_code(done) == 0
    assert "alle 42 cellen" in "\n".join(lines(done))


def test_the_wording_judges_nobody() -> None:
    text = "\n".join(lines(both()))
    assert "Onverenigbaar onder gewone OLS; mogelijke verklaringen: drukfout, weging, andere n" in text
    assert "vi_privaat ~ leren −,024***" in text
    assert "aangepaste R² gedrukt ,046" in text
    assert "dit verschil is geen bewijs" in text
    assert "klassieke standaardfouten" in text


def test_an_outcome_in_two_tables_is_refused() -> None:
    with pytest.raises(SpecError, match='outcome "vi_algemeen" is in'):
        audit([TABLES[0], TABLES[0]])


SUMS = """published: sums
language: en
totals:
- {name: row 1, parts: [33.3, 33.3, 33.3]}
- {name: respondents, parts: [444, 80], total: 525, counts: true}
"""


def test_sums_are_told_and_decide_the_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "sums.yaml"
    path.write_text(SUMS, encoding="utf-8")
    done = audit([path])
    assert exit_code(done) == 1
    assert list(lines(done))[-2:] == [
        "row 1: 99.9, −0.1 from 100.0; rounding explains up to 0.150: consistent",
        "respondents: 524, −1 from 525; rounding explains up to 0: does not add up",
    ]
    written = write_audit(done, tmp_path / "out.csv")
    assert list(pd.read_csv(written[1]).verdict) == ["possible", "impossible"]


@pytest.mark.parametrize(("number", "code"), [(3, 1), (4, 0)])
def test_the_verb_prints_writes_and_returns(number: int, code: int, tmp_path: Path) -> None:
    out = tmp_path / "cells.csv"
    command = [sys.executable, "-m", "werksem", "audit", str(TABLES[number - 3]), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert str(out) in done.stdout
    assert len(pd.read_csv(out)) == 14 * (5 if number == 3 else 3)


def test_a_wrong_table_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("published: t\nbetas:\n- {lhs: y, rhs: a, strs: '*'}\n", encoding="utf-8")
    command = [sys.executable, "-m", "werksem", "audit", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "t.yaml:3:" in done.stderr
    assert 'did you mean "stars"' in done.stderr
