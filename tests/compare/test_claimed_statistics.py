"""Claims about respondents: statistics by closed form, orders, equivalence, trends with breaks."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from werksem.compare.found import Found
from werksem.compare.judges import JUDGES
from werksem.compare.measured import People, groups_in, measured
from werksem.compare.statistics_claimed import trend_weights
from werksem.compare.verdicts import THRESHOLDS
from werksem.describe.ratios import Design
from werksem.describe.trends import stretches
from werksem.spec.claims import TYPES, Claim, Statistic

RNG = np.random.default_rng(4)
N = 3000
GROUP = np.repeat(["Rijk", "ZBO", "GR"], N // 3)
SHIFT = np.select([GROUP == "Rijk", GROUP == "ZBO"], [0.4, 0.02])
Y = np.clip(np.round(RNG.normal(3.4, 0.9, N) + SHIFT), 1, 5)
X = np.where(RNG.random(N) < 0.01, np.nan, np.clip(np.round(RNG.normal(3.0, 1.1, N)), 1, 5))
SAMPLE = People(
    pd.DataFrame({"y": Y, "x": X}),
    pd.DataFrame({"sector": GROUP, "jaar": np.tile(["2019", "2022", "2024"], N // 3)}),
    group="sector", spans={"y": (1, 5)},
)  # fmt: skip
Z = NormalDist().inv_cdf(0.975)


def claim(kind: str, **about: object) -> Claim:
    return TYPES[kind].model_validate({"id": "F", "statement": "s", "type": kind} | about)


def judged(asked: Claim, sample: People = SAMPLE, **more: object) -> tuple[str, str] | None:
    found = Found(
        "data", lambda key: key, lambda path: None, lambda names, function, name: None,
        measured=lambda statistics: measured(statistics, sample), labels=lambda by: groups_in(sample, by),
    )  # fmt: skip
    return JUDGES[type(asked)].rule(asked, replace(found, **more), THRESHOLDS)


def test_means_marks_spreads_and_shares_equal_closed_forms() -> None:
    asked = [Statistic(mean="y"), Statistic(mark="y"), Statistic(sd="x"), Statistic(share="x", above=3),
             Statistic(mean="y", group="GR"), Statistic(share="x", between=(2, 3))]  # fmt: skip
    joint = measured(asked, SAMPLE)
    assert joint is not None
    known = X[np.isfinite(X)]
    share, middle = (known > 3).mean(), ((known >= 2) & (known <= 3)).mean()
    expected = [Y.mean(), 1 + (Y.mean() - 1) / 4 * 9, known.std(), share, Y[GROUP == "GR"].mean(), middle]
    np.testing.assert_allclose(joint.est, expected)
    # a variance of n values: (m4 - s^4) / n; a share: p (1 - p) / (n - 1)
    fourth = ((known - known.mean()) ** 4).mean()
    error = math.sqrt((fourth - known.var() ** 2) / len(known)) / (2 * known.std())
    se = np.sqrt(np.diag(joint.cov))
    np.testing.assert_allclose(se[0], Y.std(ddof=1) / math.sqrt(N), rtol=1e-10)
    np.testing.assert_allclose(se[1], se[0] * 9 / 4, rtol=1e-10)
    np.testing.assert_allclose(se[2], error, rtol=1e-3)
    np.testing.assert_allclose(se[3], math.sqrt(share * (1 - share) / (len(known) - 1)), rtol=1e-3)
    assert joint.names[2:6] == ("sd(x)", "share(x > 3)", "mean(y) [GR]", "share(x = 2..3)")
    assert measured([Statistic(mark="x")], SAMPLE) is None  # a mark needs a scale
    assert measured([Statistic(mean="z")], SAMPLE) is None
    assert measured([Statistic(mean="y", group="Elders")], SAMPLE) is None


@pytest.mark.parametrize(("kind", "about", "verdict"), [
    ("level", {"of": [{"mean": "y"}], "at_least": 3.3}, "bevestigd"),
    ("level", {"of": [{"mean": "y"}, {"mean": "x"}], "at_least": 3.3}, "weerlegd"),
    ("level", {"of": [{"share": "y", "at_least": 4}], "between": [0.4, 0.6]}, "bevestigd"),
    ("difference", {"first": {"mean": "y"}, "second": {"mean": "x"}, "at_least": 0.4}, "bevestigd"),
    ("difference", {"first": {"mean": "x"}, "second": {"mean": "y"}, "at_least": 0}, "weerlegd"),
    ("order", {"order": [{"mean": "y"}, {"mean": "x"}]}, "bevestigd"),
    ("order", {"order": [{"mean": "y"}, {"mean": "x"}], "each": "sector"}, "bevestigd"),
    ("order", {"order": [{"mean": "x"}, {"mean": "y"}], "group": "GR"}, "weerlegd"),
    ("order of groups", {"mean": "y", "order": ["Rijk", ["ZBO", "GR"]]}, "bevestigd"),
    ("order of groups", {"mean": "y", "order": ["Rijk", "ZBO", "GR"]}, "onbeslist"),
    ("order of groups", {"of": {"share": "y", "at_least": 4}, "order": ["GR", "Rijk"]}, "weerlegd"),
    ("no difference", {"of": [{"mean": "y"}], "groups": ["ZBO", "GR"]}, "bevestigd"),
    ("no difference", {"of": [{"mean": "y"}]}, "weerlegd"),
    ("no difference", {"of": [{"mark": "y"}], "groups": ["ZBO", "GR"]}, "bevestigd"),
    ("no trend", {"of": [{"mean": "y"}], "wave": "jaar"}, "bevestigd"),
    ("trend", {"of": [{"mean": "y"}], "wave": "jaar", "direction": "rises"}, "onbeslist"),
])  # fmt: skip
def test_verdicts(kind: str, about: dict[str, object], verdict: str) -> None:
    found = judged(claim(kind, **about))
    assert found is not None
    assert found[0] == verdict, found[1]


def test_a_difference_within_respondents_heeds_their_covariance() -> None:
    found = judged(claim("difference", first={"mean": "y"}, second={"mean": "y"}, at_least=-1))
    assert found is not None
    assert found[0] == "onbeslist"  # no spread, nothing measured
    both = np.isfinite(X)
    sample = People(pd.DataFrame({"y": Y[both], "x": X[both]}), SAMPLE.labels[both])
    said = judged(claim("difference", first={"mean": "y"}, second={"mean": "x"}, at_least=0), sample)
    d = Y[both] - X[both]
    half = Z * d.std(ddof=1) / math.sqrt(len(d))
    assert said is not None
    assert said[1].startswith(
        f"mean(y) - mean(x) {d.mean():.3f} (95% {d.mean() - half:.3f} .. {d.mean() + half:.3f})"
    )


def test_equivalence_is_in_standard_deviations() -> None:
    said = judged(claim("no difference", of=[{"mean": "y"}], groups=["Rijk", "GR"]))
    d = (Y[GROUP == "Rijk"].mean() - Y[GROUP == "GR"].mean()) / Y.std()
    assert said is not None
    assert said[1].startswith(f"(mean(y) [Rijk] - mean(y) [GR]) / sd {d:.3f} (90%")
    marks = judged(claim("no difference", of=[{"mark": "y"}], groups=["Rijk", "GR"]))
    assert marks is not None
    assert f" / sd {d:.3f} (90%" in marks[1]  # a mark is its scale, stretched


def test_trends_are_slopes_and_breaks_take_a_level() -> None:
    years = [2014.0, 2016.0, 2019.0, 2021.0, 2024.0]
    line = trend_weights(years)
    np.testing.assert_allclose(line @ (3 + 0.05 * np.array(years)), 0.05 * 10)
    jump = np.array([0, 0, 0.7, 0.7, 0.7])
    assert abs(line @ jump) > 0.3
    for after in (2016, 2017):  # the wave of 2016 is before a break of 2016, as in descriptive tables
        weights = trend_weights(years, [after])
        np.testing.assert_allclose(weights @ (jump + 0.05 * np.array(years)), 0.5)
        assert stretches(years, [after]) == [(0, 2), (2, 5)]
    one = replace(SAMPLE, labels=SAMPLE.labels.assign(jaar="2024"))
    asked = claim("trend", of=[{"mean": "y"}], wave="jaar", direction="rises")
    assert judged(asked, one) == ("onbeslist", "one wave")
    rising = replace(SAMPLE, values=SAMPLE.values.assign(y=Y + (SAMPLE.labels["jaar"] == "2024") * 1.0))
    found = judged(asked, rising)
    assert found is not None
    assert found[0] == "bevestigd"


def test_levels_of_rare_answers_err_no_more_often_than_they_say() -> None:
    """Of 300 respondents, 5 % of the population above 0: exact binomial chance of either wrong verdict.

    Symmetric limits would confirm "at most 5 %" in 6 %; those on the logit are R's
    svyciprop(method="logit"), here by hand.
    """
    most = claim("level", of=[{"share": "y", "above": 0}], at_most=0.05)
    least = claim("level", of=[{"share": "y", "above": 0}], at_least=0.05)
    wrong = {"at_most": 0.0, "at_least": 0.0}
    for count in range(1, 40):
        chance = math.comb(300, count) * 0.05**count * 0.95 ** (300 - count)
        y = (np.arange(300) < count).astype(float)
        sample = People(pd.DataFrame({"y": y}), pd.DataFrame(index=range(300)))
        for name, asked in (("at_most", most), ("at_least", least)):
            found = judged(asked, sample)
            assert found is not None
            wrong[name] += chance * (found[0] == "bevestigd")
        if count == 15:
            logit, error = math.log(0.05 / 0.95), math.sqrt(0.05 * 0.95 / 299) / (0.05 * 0.95)
            ends = [1 / (1 + math.exp(-logit - way * 1.967930 * error)) for way in (-1, 1)]
            assert found[1] == f"share(y > 0) 0.050 (95% {ends[0]:.3f} .. {ends[1]:.3f})"
    assert max(wrong.values()) < 0.035


def test_clusters_and_refused_orders() -> None:
    cluster = np.repeat(np.arange(30), N // 30)
    clustered = replace(SAMPLE, design=Design(cluster=cluster))
    joint = measured([Statistic(mean="y")], clustered)
    assert joint is not None
    assert joint.degrees == 29
    strata = Design(cluster=cluster, stratum=cluster // 10)
    stratified = measured([Statistic(mean="y")], replace(SAMPLE, design=strata))
    assert stratified is not None
    assert stratified.degrees == 27  # as R's survey::degf: clusters minus strata
    few = measured([Statistic(mean="y", group="GR"), Statistic(mean="y", group="Rijk")], SAMPLE)
    assert few is not None
    assert few.degrees == min((GROUP == "GR").sum(), (GROUP == "Rijk").sum()) - 1
    asked = claim("order of groups", mean="y", order=["Rijk", "GR"])
    assert judged(asked, ranked=lambda statistic: False) == ("onbeslist", "refused")
