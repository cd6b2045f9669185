"""Groups compared: against R's survey, against simulation, and what each comparison consists of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.describe.samples import expected, only, reference_sample, sample_of
from werksem.describe.compared import sides, standardised
from werksem.describe.differences import difference
from werksem.describe.ratios import Design
from werksem.errors import DataError
from werksem.spec.describe_more import Difference

PAIRS = ["a - b", "a - c", "b - c"]
VARIABLES = ["y", "high"]


def spec(**keys: object) -> Difference:
    given = {"kind": "difference", "table": "verschillen", "of": ["y"], "by": "g", **keys}
    return Difference.model_validate(given)


def measure(name: str) -> str:
    return "share" if name == "high" else "mean"


def of_r(what: str) -> object:
    """Return what (value, error) of R have to be compared with."""
    return pytest.approx(tuple(expected(what)[["value", "se"]]), rel=1e-8)


def ours(rows: list[dict[str, object]], category: str, measure: str = "difference") -> tuple[object, object]:
    row = only(rows, category=category, measure=measure)
    return row["value"], row["se"]


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_equal_those_of_svyglm(name: str, pair: str) -> None:
    rows = difference(spec(of=[name], compare="pairs", measure=measure(name)), reference_sample())
    assert ours(rows, pair) == of_r(f"{name} {pair}")


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("group", ["a", "b", "c"])
def test_a_group_and_the_rest_equal_svyglm(name: str, group: str) -> None:
    rows = difference(spec(of=[name], measure=measure(name)), reference_sample())
    assert ours(rows, f"{group} - rest") == of_r(f"{name} {group} - rest")


@pytest.mark.parametrize("name", VARIABLES)
def test_planned_contrasts_equal_svycontrast(name: str) -> None:
    given = {"compare": "contrasts", "contrasts": {"ab": {"a": 0.5, "b": 0.5, "c": -1}}}
    rows = difference(spec(of=[name], measure=measure(name), **given), reference_sample())
    assert ours(rows, "ab") == of_r(f"{name} planned")


def test_d_and_its_error_equal_the_delta_method_of_survey() -> None:
    rows = difference(spec(compare="pairs"), reference_sample())
    assert ours(rows, "a - b", "d") == of_r("y d a - b")


def test_of_a_simple_sample_d_has_the_error_of_the_textbook() -> None:
    """(n1 + n2) / (n1 n2) + d² / (2 (n1 + n2)) for normal data (Hedges & Olkin 1985)."""
    generator = np.random.default_rng(8)
    n1, n2, d = 9000, 6000, 0.8
    y = np.concatenate([generator.normal(d, 1, n1), generator.normal(0, 1, n2)])
    masks = np.stack([np.arange(n1 + n2) < n1, np.arange(n1 + n2) >= n1], axis=1)
    value, se = standardised(sides(3 * y + 100, masks, Design()), np.array([1.0, -1.0]))
    assert value == pytest.approx(d, abs=4 * se)
    textbook = np.sqrt((n1 + n2) / (n1 * n2) + value**2 / (2 * (n1 + n2)))
    assert se == pytest.approx(textbook, rel=0.02)


def test_tests_are_by_the_designs_degrees_of_freedom() -> None:
    """40 clusters in 4 strata leave 36; p and limits then follow from value and error."""
    from scipy import stats

    rows = difference(spec(compare="pairs", measure="share", of=["high"]), reference_sample())
    row = only(rows, category="a - c", measure="difference")
    half = stats.t.ppf(0.975, 36) * row["se"]
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((row["value"] - half, row["value"] + half))
    p = 2 * stats.t.sf(abs(row["value"]) / row["se"], 36)
    assert only(rows, category="a - c", measure="p")["value"] == pytest.approx(p)
    outside = [stats.t.sf((0.05 + side * row["value"]) / row["se"], 36) for side in (1, -1)]
    assert only(rows, category="a - c", measure="equivalence")["value"] == pytest.approx(max(outside))


def test_of_means_it_is_d_that_lies_within_the_bound() -> None:
    from scipy import stats

    rows = difference(spec(compare="pairs"), reference_sample())
    d = only(rows, category="b - c", measure="d")
    outside = [stats.t.sf((0.2 + side * d["value"]) / d["se"], 36) for side in (1, -1)]
    assert only(rows, category="b - c", measure="equivalence")["value"] == pytest.approx(max(outside))


def large() -> pd.DataFrame:
    """Four groups of 4,000: b is 0.02 sd above a, c 0.5, and d has eight respondents only."""
    generator = np.random.default_rng(4)
    parts = [(4000, 0.0), (4000, 0.02), (4000, 0.5), (8, 0.1)]
    y = np.concatenate([generator.normal(mean, 1, n) for n, mean in parts])
    return pd.DataFrame({"g": np.repeat(list("abcd"), [n for n, _ in parts]), "y": y})


def test_verdicts() -> None:
    rows = difference(spec(compare="reference", reference="a"), sample_of(large()))
    words = {"gelijkwaardig", "verschil", "onbeslist"}
    found = {row["category"]: row["measure"] for row in rows if row["measure"] in words}
    assert found == {"b - a": "gelijkwaardig", "c - a": "verschil", "d - a": "onbeslist"}
    assert only(rows, category="d - a", measure="difference")["n"] == 8


def test_holm_is_over_the_comparisons_of_one_variable() -> None:
    rows = difference(spec(compare="pairs", of=["y", "z"]), sample_of(large().assign(z=lambda d: -d["y"])))
    for name in ("y", "z"):
        here = [row for row in rows if row["variable"] == name]
        raw = sorted(row["value"] for row in here if row["measure"] == "p")
        corrected = sorted(row["value"] for row in here if row["measure"] == "p_holm")
        assert len(raw) == 6
        assert corrected[0] == pytest.approx(6 * raw[0])
        assert max(corrected) <= 1


def test_of_two_groups_there_is_one_comparison() -> None:
    rows = difference(spec(), sample_of(large().query("g in ['a', 'c']").reset_index(drop=True)))
    assert {row["category"] for row in rows} == {"a - c"}
    assert only(rows, measure="p")["value"] == only(rows, measure="p_holm")["value"]


def test_equivalence_is_claimed_of_a_difference_at_the_bound_one_time_in_twenty() -> None:
    generator = np.random.default_rng(12)
    frame = pd.DataFrame({"g": np.repeat(["a", "b"], 1000)})
    given = spec(measure="share", values=[1], compare="pairs")
    claimed = 0
    for _ in range(400):
        frame["y"] = np.concatenate([generator.random(1000) < 0.55, generator.random(1000) < 0.5]).astype(
            float
        )
        rows = difference(given, sample_of(frame))
        claimed += any(row["measure"] == "gelijkwaardig" for row in rows)
    assert claimed / 400 == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 400))


def test_wrong_groups_and_weights_are_told() -> None:
    with pytest.raises(DataError, match=r'g has no group "d".*it has a, b, c'):
        difference(spec(compare="reference", reference="d"), reference_sample())
    with pytest.raises(DataError, match="fewer than two groups"):
        difference(spec(), sample_of(large().query("g == 'a'").reset_index(drop=True)))
    with pytest.raises(ValueError, match="weights add to 0, the positive ones to 1"):
        spec(compare="contrasts", contrasts={"a": {"a": 2, "b": -1, "c": -1}})
    with pytest.raises(ValueError, match="reference: NAME goes with compare: reference"):
        spec(reference="a")
    with pytest.raises(ValueError, match="values belong to measure: share"):
        spec(values=[4, 5])


@pytest.mark.filterwarnings("error")
def test_shares_without_variation_decide_nothing() -> None:
    frame = pd.DataFrame({"g": ["a", "b"] * 20, "y": 0.0})
    rows = difference(spec(measure="share", compare="pairs"), sample_of(frame))
    assert rows[-1]["measure"] == "onbeslist"
    assert np.isnan(rows[-1]["value"])
