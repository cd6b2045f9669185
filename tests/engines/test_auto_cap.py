"""``replicates: auto``: silent where limits became sharp, a warning where its cap came first."""

from __future__ import annotations

import numpy as np
import pytest

from tests.one_step_cases import fitted_sem, numbers, sem_data_of
from werksem.engines import bootstrap
from werksem.engines.bootstrap import BootstrapResult, run_bootstrap
from werksem.intervals.enough import SHARP, replicates_needed
from werksem.report.messages import message
from werksem.spec.study import Bootstrap


def automatic(level: float) -> BootstrapResult:
    """Return a one-step bootstrap of 75 countries."""
    case = numbers("democracy", likelihood="wishart")
    data = sem_data_of(case)
    wanted = Bootstrap(replicates="auto", level=level, interval="percentile")
    return run_bootstrap(fitted_sem(case, data), data, case.settings, wanted, quiet=True)


def error_of(found: BootstrapResult) -> float:
    rows = found.tables.diagnostics
    return float(rows.loc[rows["measure"] == "limit_error_max", "value"].iloc[0])


def test_the_cap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MOST", 1024)
    found = automatic(0.99)
    assert error_of(found) > SHARP
    (said,) = (text for text in found.tables.warnings if "auto" in text)
    assert "stopped at 1024 replicates, its cap: the largest Monte-Carlo error of a limit is " in said
    assert message(said, "nl").startswith("De bootstrap is gestopt bij 1.024 herhalingen, de bovengrens")
    assert message(said, "en").endswith("still above 0.005.")


def test_sharp_limits_are_silent() -> None:
    found = automatic(0.6)
    assert error_of(found) <= SHARP
    assert found.replicates is not None
    assert len(found.replicates) < bootstrap.MOST
    assert not [text for text in found.tables.warnings if "auto" in text]


def test_sharp_is_what_the_stopping_rule_means() -> None:
    """The report's and the warning's limit are the rule's own: enough at it, not enough above it."""
    assert replicates_needed(np.array([SHARP]), 2048) == 2048
    assert replicates_needed(np.array([SHARP * 1.01]), 2048) > 2048
