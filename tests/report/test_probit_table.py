"""The table of binary outcomes below the comparison."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_result import make_result

from werksem.engines.probit import COLUMNS
from werksem.report.folder import read_result
from werksem.report.html import make
from werksem.report.probit import probit_table

PROBIT = f"""{",".join(COLUMNS)}
all,vertrekintentie,veilig,-0.19,0.026,-0.127,0.017,-0.161,-0.093,-3.08,0.42,wlsmv
Rijk,vertrekintentie,veilig,-0.21,0.026,-0.137,0.017,-0.171,-0.103,-3.28,0.42,wlsmv
"""


@pytest.mark.parametrize(
    ("language", "points", "limits", "said"),
    [
        ("nl", "−3,1", "[−3,9; −2,3]", "niet vergelijkbaar in grootte"),
        ("en", "−3.1", "[−3.9, −2.3]", "not comparable in size"),
    ],
)
def test_betas_and_percentage_points(
    tmp_path: Path, language: str, points: str, limits: str, said: str
) -> None:
    folder = make_result(tmp_path / "binding", "binding", language)
    (folder / "probit.csv").write_text(PROBIT, encoding="utf-8")
    table = probit_table(read_result(folder))
    assert [body.heading.partition(" · ")[2] for body in table.bodies] == ["", "Rijk"]
    _, beta, effect = table.bodies[0].rows[0]
    assert beta.text in ("−,13", "−.13")
    assert (effect.text, effect.sub) == (points, limits)
    assert any(said in note for note in table.notes)
    page = make(folder).read_text(encoding="utf-8")
    assert said in page
    assert page.index('id="comparison"') < page.index(said) < page.index('id="data"')


def test_no_table_without_binary_outcomes(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "binding", "binding", "nl")
    assert not probit_table(read_result(folder))
    assert "Probit" not in make(folder).read_text(encoding="utf-8")
