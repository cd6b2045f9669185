"""What stands above the findings when the run ended with exit code 1."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from fake_result import make_result

from werksem.report.folder import Result, read_result
from werksem.report.html import make
from werksem.report.sized import outcomes_of
from werksem.report.trust import untrusted, watched


def result_with(place: Path, language: str = "nl", **status: str) -> Result:
    folder = make_result(place, "binding", language, synthetic=False)
    rows = pd.read_csv(folder / "estimates.csv", keep_default_na=False)
    for engine, value in status.items():
        rows.loc[rows["engine"] == engine, "status"] = value
    rows.to_csv(folder / "estimates.csv", index=False)
    return read_result(folder)


def test_nothing_is_said_where_all_is_in_order(tmp_path: Path) -> None:
    result = result_with(tmp_path / "a")
    assert untrusted(result) == ()
    assert 'class="warnings distrust"' not in make(result.folder).read_text(encoding="utf-8")
    # a diagnostic that costs no status stays among the warnings
    assert [said.split(":")[0] for said in watched(result)] == ["Posterior"]


def test_findings_that_do_not_rest_on_it_stand(tmp_path: Path) -> None:
    result = result_with(tmp_path / "a", bayes="few_draws")
    first, *told = untrusted(result)
    assert first == "De bevindingen hieronder rusten op SEM en Bootstrap en blijven staan. Niet in orde:"
    assert [said.split(".")[0] for said in told] == [
        "Posterior: kleinste effectieve steekproef (staarten) 341"
    ]
    assert watched(result) == ()


def test_what_did_not_converge_is_not_told_where_there_is_another(tmp_path: Path) -> None:
    result = result_with(tmp_path / "a", "en", sem="not_converged", bootstrap="not_converged")
    assert {one.engine for one in outcomes_of(result)} == {"ols"}
    first, *told = untrusted(result)
    assert first == "The findings below rest on OLS and stand. Not in order:"
    assert told == ["SEM: not converged.", "Bootstrap: not converged."]


@pytest.mark.parametrize("engine", ["sem", "bootstrap"])
def test_findings_on_an_inadmissible_solution_are_warned_of_above_them(tmp_path: Path, engine: str) -> None:
    result = result_with(tmp_path / "a", **{engine: "heywood"})
    assert untrusted(result)[0].startswith(
        "Ook de bevindingen hieronder rusten op schattingen die niet in orde"
    )
    page = make(result.folder).read_text(encoding="utf-8")
    box = page.index('class="warnings distrust"')
    assert box < page.index('class="caution"') < page.index('class="findings"')
