"""What the badge and the first sentence say follows the gravest of what was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from tests.calibrate.test_promises import known
from werksem.calibrate.badge import COLOURS, badge, badge_said
from werksem.calibrate.coverage import coverage_table, exact_limits, off
from werksem.calibrate.sentences import verdict_more, verdict_said
from werksem.calibrate.summary import kept_of, needed, per_kind, standing
from werksem.calibrate.surveys import Run

NONE = pd.DataFrame()


def failing(share: float, surveys: int = 2000) -> Run:
    """Return surveys whose intervals are right, a share of them without one."""
    run = known(0.1, 1.0, surveys=surveys)
    values = run.values.copy()
    values[:: round(1 / share)] = np.nan
    return replace(run, values=values)


def without(run: Run, failed: int) -> Run:
    """Return a run of whose surveys so many have no interval."""
    values = run.values.copy()
    values[:failed] = np.nan
    return replace(run, values=values)


def verdict_of(run: Run) -> str:
    return str(coverage_table([run], 100)["verdict"].iloc[0])


def twice(run: Run) -> Run:
    """Return a run whose path is there in units and standardised."""
    keys = run.method.keys
    both = pd.concat([keys.assign(quantity="b"), keys], ignore_index=True)
    return Run(replace(run.method, keys=both), np.repeat(run.values, 2, axis=1), run.status)


@pytest.mark.parametrize(("share", "verdict"), [(0.04, "ok"), (0.1, "not in order"), (1.0, "not in order")])
def test_surveys_without_a_solution_count(share: float, verdict: str) -> None:
    table = coverage_table([failing(share)], 100)
    assert table["verdict"][0] == verdict
    assert table["used"][0] + table["failed"][0] == 2000
    kept = kept_of(table, NONE)
    assert kept is not None
    assert standing(kept) == ("kept" if verdict == "ok" else "broken")
    assert f"{100 * share:.1f}% failed" in badge_said(kept, "en")[1]
    assert per_kind(table)["used"].tolist() == table["used"].tolist()


def test_a_posterior_that_is_not_calibrated_is_no_green_badge() -> None:
    table = coverage_table([known(0.1, 1.0, surveys=2000)], 100)
    right, wrong = (kept_of(table, pd.DataFrame({"verdict": [word]}))
                    for word in ("calibrated", "not calibrated"))  # fmt: skip
    assert right is not None
    assert wrong is not None
    assert COLOURS["kept"] in badge(right, "nl")
    assert COLOURS["broken"] in badge(wrong, "nl")
    assert badge_said(wrong, "nl")[1].endswith("posterior niet in orde")
    assert "its posterior is not in order" in verdict_said({"n": 100}, wrong, "en")


def test_too_few_surveys_are_neither_kept_nor_broken() -> None:
    kept = kept_of(coverage_table([known(0.1, 1.0, surveys=500)], 100), NONE)
    assert kept is not None
    assert standing(kept) == "undecided"
    assert COLOURS["undecided"] in badge(kept, "en")
    lowest = exact_limits(475, 500)[0]
    said = verdict_more(kept, "en")
    assert f"up to {100 * (0.95 - lowest):.1f} points too low is possible" in said
    assert "Enough is about calibrate.surveys: 1,600, of intervals that cover exactly what they" in said
    assert "no number" not in said
    assert verdict_said({"n": 100}, kept, "en").startswith(
        "At n = 100 this study may or may not keep its word"
    )


def test_a_hundred_surveys_that_all_cover_are_not_yet_in_order() -> None:
    found = coverage_table([known(0.1, 9.0, surveys=100)], 100)
    assert found["coverage_lower"][0] > 0.93
    assert found["verdict"][0] == "undecided"


def test_the_surveys_that_would_do_do() -> None:
    """The exact chance that an interval of coverage .95 is found in order, by the binomial itself."""
    for intervals in (1, 30):
        surveys = needed(0.95, intervals)
        inside = np.arange(surveys + 1)
        shown = np.array([exact_limits(int(k), surveys)[0] >= 0.93 for k in inside])
        chance = binom.pmf(inside, surveys, 0.95)[shown].sum()
        assert chance >= 1 - 0.1 / intervals
        less = surveys // 2
        few = np.array([exact_limits(int(k), less)[0] >= 0.93 for k in range(less + 1)])
        assert binom.pmf(np.arange(less + 1), less, 0.95)[few].sum() < 0.9


def test_levels_are_not_mixed() -> None:
    run = known(0.1, norm.ppf(0.9) / norm.ppf(0.975), surveys=5000)
    other = Run(replace(run.method, keys=run.method.keys.assign(engine="bootstrap", level=0.8)),
                run.values, run.status)  # fmt: skip
    kept = kept_of(coverage_table([known(0.1, 1.0, surveys=5000), other], 100), NONE)
    assert kept is not None
    assert badge_said(kept, "en") == ("95%, 80% intervals", "cover 95.0%, 80.0%")
    assert "95.0% (95% intervals) and 80.0% (80% intervals)" in verdict_said({"n": 9}, kept, "en")


def test_a_path_in_units_and_standardised_is_one_interval() -> None:
    table = coverage_table([twice(known(0.1, 0.5, surveys=2000))], 100)
    kept = kept_of(table, NONE)
    assert kept is not None
    assert (len(off(table)), kept.off, kept.total) == (2, 1, 1)
    assert ": 1 of 1 intervals" in verdict_said({"n": 100}, kept, "en")


def alarms(intervals: int, studies: int, surveys: int, bias: float, coverage: float) -> int:
    """Return in how many studies any interval is called off, all at ``bias`` and ``coverage``."""
    numbers = np.random.default_rng(3)
    one = known(0.1, 1.0, surveys=surveys)
    keys = pd.concat([one.method.keys.assign(rhs=f"x{k}") for k in range(intervals)], ignore_index=True)
    called = 0
    for _ in range(studies):
        estimate = 0.1 * (bias + numbers.standard_normal((surveys, intervals)))
        half = np.where(numbers.random(estimate.shape) < coverage, np.abs(estimate) + 1, 0.0)
        values = np.stack([estimate, 0 * estimate + 0.1, estimate - half, estimate + half], axis=2)
        table = coverage_table([Run(replace(one.method, keys=keys), values, one.status)], 100)
        called += table["verdict"].isin(("biased", "too low")).any()
    return called


@pytest.mark.parametrize(("bias", "coverage"), [(0.25, 0.95), (0.0, 0.93), (0.25, 0.93)])
@pytest.mark.parametrize(("intervals", "studies"), [(1, 400), (40, 80)])
def test_false_alarms_have_one_rate_over_all_own_intervals(
    bias: float, coverage: float, intervals: int, studies: int
) -> None:
    """At the bounds themselves no more than 1 study in 20 is called off, of one interval or of forty."""
    assert binom.sf(alarms(intervals, studies, 400, bias, coverage) - 1, studies, 0.05) > 0.001


def test_few_surveys_of_intervals_that_are_right_raise_no_alarm() -> None:
    """Thirty surveys of forty intervals of 95 %: the largest of the misses is no proof."""
    assert alarms(40, 80, 30, 0.0, 0.95) <= 4
    assert alarms(40, 20, 30, 0.0, 0.5) == 20


@pytest.mark.parametrize(("width", "standing_of", "unjudged"), [(1.0, "kept", 1), (0.5, "broken", 0)])
def test_few_posteriors_are_not_judged_but_where_they_are_broken(
    width: float, standing_of: str, unjudged: int
) -> None:
    few = known(0.1, width, surveys=100)
    few = Run(replace(few.method, keys=few.method.keys.assign(engine="bayes")), few.values, few.status)
    kept = kept_of(coverage_table([known(0.1, 1.0, surveys=5000), few], 100), NONE)
    assert kept is not None
    assert standing(kept) == standing_of
    assert kept.unjudged == unjudged
    assert ("1 not judged" in badge_said(kept, "en")[1]) == bool(unjudged)
    assert ("with calibrate.posteriors: 100 there are fewer than 200" in verdict_more(kept, "en")) == bool(
        unjudged
    )
    assert kept.total == 2 - unjudged


@pytest.mark.parametrize("surveys", [20, 100, 500])
def test_failures_that_may_be_chance_are_no_proof(surveys: int) -> None:
    """By the binomial itself: where surveys fail as often as they may 1.7 in 100 studies are called off."""
    run = known(0.1, 1.0, surveys=surveys)
    called = next(k for k in range(surveys) if verdict_of(without(run, k)) == "not in order")
    assert binom.sf(called - 1, surveys, 0.05) < 0.05 / 3
    assert binom.sf(called - 2, surveys, 0.05) >= 0.05 / 3
    # truly 3 % failing: less than one in a thousand, where the share alone called off 8 in 100 of a hundred
    assert binom.sf(called - 1, surveys, 0.03) < 0.005


def test_failures_that_may_be_too_many_are_not_in_order_either() -> None:
    run = known(0.1, 1.0, surveys=2000)
    shown = [verdict_of(without(run, k)) for k in range(60, 131)]
    assert shown == sorted(shown, key=("ok", "undecided", "not in order").index)
    least, last = 60 + shown.index("undecided"), 60 + shown.index("not in order") - 1
    # found in order: the upper end of the exact 95 % interval is at most .05
    assert binom.cdf(least - 1, 2000, 0.05) <= 0.025 < binom.cdf(least, 2000, 0.05)
    assert binom.sf(last - 1, 2000, 0.05) >= 0.05 / 3 > binom.sf(last, 2000, 0.05)


def test_surveys_that_would_do_are_not_said_of_intervals_that_cover_less() -> None:
    """At 1,600 surveys an interval that truly covers .94 is found in order 3 times in 10, not 9."""
    enough = needed(0.95, 1)
    inside = np.arange(enough + 1)
    shown = np.array([exact_limits(int(k), enough)[0] >= 0.93 for k in inside])
    assert binom.pmf(inside, enough, 0.94)[shown].sum() == pytest.approx(0.322, abs=0.001)
    # ± .94 covers .935: 1.5 points too low
    kept = kept_of(coverage_table([known(0.1, 0.94, surveys=500)], 100), NONE)
    assert kept is not None
    assert (kept.undecided, kept.doubtful, kept.more) == (1, 1, ())
    said = verdict_more(kept, "en")
    assert "Enough" not in said
    assert "Of 1 of these there is no number to be said" in said
    assert "geen aantal te noemen" in verdict_more(kept, "nl")


def test_an_interval_counts_once_by_the_graver_of_its_two_verdicts() -> None:
    """Too low standardised and undecided in units: it is not in order, and no more surveys are asked."""
    run = known(0.1, 1.0, surveys=500)
    low = known(0.1, 0.8, surveys=500)
    both = twice(run)
    both = replace(both, values=np.concatenate([run.values, low.values], axis=1))
    table = coverage_table([both], 100)
    assert table["verdict"].tolist() == ["undecided", "too low"]
    kept = kept_of(table, NONE)
    assert kept is not None
    assert (kept.total, kept.off, kept.undecided) == (1, 1, 0)
    assert verdict_more(kept, "en") == ""
