"""The tables of misfit: the largest first, a folder without the files has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.fake_result import make_result
from werksem.report.folder import read_result
from werksem.report.html import make
from werksem.report.misfit import invariance_table, modification_table, residual_table

RESIDUALS = "group,lhs,rhs,residual\nall,veilig_1,veilig_2,-0.1312\nall,veilig_1,wendbaar_1,0.0204\n"
INDICES = "group,lhs,op,rhs,mi,epc,sepc_all\nall,veilig_1,~~,veilig_2,412.3,0.04,0.181\n"
LADDER = (
    "level,chisq,df,pvalue,cfi,tli,rmsea,srmr,bic,delta_chisq,delta_df,delta_pvalue,delta_cfi,delta_rmsea,status\n"
    "configural,115.85,48,0,0.923,0.885,0.097,0.068,7706.8,,,,,,ok\n"
    "metric,124.04,54,0,0.921,0.895,0.093,0.072,7680.8,8.19,6,0.22,-0.002,-0.004,ok\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_result(tmp_path, "mediatie", "nl", True)
    return tmp_path


def test_an_older_folder_has_no_such_tables(folder: Path) -> None:
    result = read_result(folder)
    assert not any((residual_table(result).bodies, modification_table(result).bodies))
    assert not invariance_table(result).bodies


def test_the_report_shows_them(folder: Path) -> None:
    for name, text in (("residuals", RESIDUALS), ("modification", INDICES), ("invariance", LADDER)):
        (folder / f"{name}.csv").write_text(text)
    html = make(folder).read_text()
    for text in ("−,131", "412,3", ",181", "Metrisch", "ΔCFI", "−,002"):
        assert text in html, text


def test_robust_values_take_the_place_of_plain_ones(folder: Path) -> None:
    plain = make(folder).read_text()
    assert "geschaald" not in plain
    rows = "sem,all,chisq_scaled,4321.9\nsem,all,pvalue_scaled,0\nsem,all,rmsea_robust,0.0777\n"
    with (folder / "fit.csv").open("a") as stream:
        stream.write(rows)
    html = make(folder).read_text()
    for text in ("4.321,9", ",078", "χ² is geschaald"):
        assert text in html, text
