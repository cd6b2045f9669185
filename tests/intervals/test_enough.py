"""The stopping rule: enough is enough, and steps are sane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werksem.intervals.enough import replicates_needed
from werksem.intervals.precision import limit_errors


@given(error=st.floats(0, 10), done=st.integers(0, 50000), decimals=st.integers(0, 4))
def test_whole_blocks_that_grow_and_suffice(error: float, done: int, decimals: int) -> None:
    target = 0.5 * 10.0**-decimals
    needed = replicates_needed(np.array([error, np.nan]), done, decimals)
    if done >= 1000 and error <= target:
        assert needed == done
        return
    assert needed % 128 == 0
    assert needed >= max(1024, done)
    assert needed <= max(1024, 4 * done)
    short = error * np.sqrt(done / needed) > target * (1 + 1e-8)
    assert not short or needed + 128 > 4 * done
    # no block more than needed
    assert needed == 1024 or done * (error / target) ** 2 > needed - 128 - 1e-6 * needed


@pytest.mark.parametrize("errors", [[], [np.nan, np.nan], [0.0]])
def test_nothing_to_wait_for(errors: list[float]) -> None:
    assert replicates_needed(np.array(errors), 2000) == 2000
    assert replicates_needed(np.array(errors), 200) == 1024


def test_an_infinite_error_asks_for_all_that_may_be_had() -> None:
    assert replicates_needed(np.array([np.inf]), 1280) == 5120


def test_the_printed_digit_is_safe_after_it() -> None:
    """A quantity with se 0.1: the rule's own answer brings the errors below 0.005."""
    rng, done = np.random.default_rng(6), 1024
    for _ in range(5):
        replicates = rng.normal(0.3, 0.1, (done, 1))
        errors = np.concatenate(limit_errors("percentile", replicates, np.full(1, 0.3), 0.95, np.zeros(1)))
        needed = replicates_needed(errors, done)
        if needed == done:
            break
        done = needed
    assert errors.max() <= 0.005
    # exactly: (0.1 / 0.005)^2 0.025 0.975 / phi(1.96)^2 = 2,855
    assert 2000 < done < 4500
