"""Replicates too few for their level, and how many respondents stand behind them."""

from __future__ import annotations

import pytest

from tests.one_step_cases import fitted_sem, numbers, sem_data_of
from werksem.engines.bootstrap import run_bootstrap
from werksem.engines.result import EngineResult
from werksem.spec.study import Bootstrap


def bootstrapped(wanted: Bootstrap, likelihood: str = "normal") -> EngineResult:
    study = numbers("holzinger", likelihood=likelihood)
    data = sem_data_of(study)
    return run_bootstrap(fitted_sem(study, data), data, study.settings, wanted, quiet=True).tables


@pytest.mark.parametrize(("replicates", "level", "least"), [(39, 0.95, 40), (2, 0.99, 200), (19, 0.9, 20)])
def test_too_few_replicates_for_the_level_are_told(replicates: int, level: float, least: int) -> None:
    """The least is where the smallest p that R replicates tell apart, 2 / (R + 1), is below 1 - level."""
    said = f"bootstrap: {replicates} replicates are too few for limits at level {level:g}, which take {least}"
    assert said in bootstrapped(Bootstrap(replicates=replicates, level=level)).warnings
    assert 2 / (least + 1) < round(1 - level, 9) <= 2 / least
    enough = bootstrapped(Bootstrap(replicates=least, level=level))
    assert not any("too few" in text for text in enough.warnings)


@pytest.mark.parametrize("likelihood", ["normal", "wishart"])
def test_respondents_are_counted_whatever_the_divisor(likelihood: str) -> None:
    rows = bootstrapped(Bootstrap(replicates=64), likelihood).diagnostics.set_index("measure")
    assert rows.loc["n", "value"] == 301
