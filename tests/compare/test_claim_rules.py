"""Rules of claims on hand-made joint values: contrasts, patterns, suppression, explained variance."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from werksem.compare.claims import Evidence, claims_details, claims_table
from werksem.compare.found import derived, found_by, wald
from werksem.compare.judges import JUDGES
from werksem.compare.verdicts import THRESHOLDS, bounded, smallest, stricter
from werksem.describe.contrasts import holm
from werksem.estimates import estimates_table
from werksem.estimators.joint import Joint
from werksem.estimators.ols_joint import joint_from_moments
from werksem.moments import Moments
from werksem.spec.claims import TYPES, Claim
from werksem.spec.types import Equation

PATHS = {"y ~ a": 0.30, "y ~ b": 0.10, "z ~ a": -0.12, "z ~ b": 0.28, "y ~ c": 0.0, "z ~ c": 0.01}
SE = 0.02


def joint(values: dict[str, float] = PATHS, correlation: float = 0.0, **more: object) -> Joint:
    """Values with equal standard errors and one correlation among all of them."""
    k = len(values)
    cov = SE**2 * ((1 - correlation) * np.eye(k) + correlation)
    return Joint(tuple(values), ("all",) * k, np.array(list(values.values())), cov, 1000.0, **more)  # type: ignore[arg-type]


def claim(kind: str, **about: object) -> Claim:
    return TYPES[kind].model_validate({"id": "F", "statement": "s", "type": kind} | about)


def judged(asked: Claim, values: Joint) -> tuple[str, str]:
    found = found_by("ols", lambda key: key, estimates=estimates_table([]), joint=values)
    verdict = JUDGES[type(asked)].rule(asked, found, THRESHOLDS)
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(("kind", "about", "verdict"), [
    ("stronger than", {"path": "y ~ a", "than": ["y ~ b", "z ~ a"]}, "bevestigd"),
    ("stronger than", {"path": "y ~ b", "than": ["y ~ a"]}, "weerlegd"),
    ("stronger than", {"path": "y ~ a", "than": ["y ~ b", "z ~ b"]}, "onbeslist"),
    ("weaker than", {"path": "y ~ b", "than": ["y ~ a", "z ~ b"]}, "bevestigd"),
    ("weaker than", {"path": "y ~ a", "than": ["z ~ a"]}, "weerlegd"),
    ("as strong as", {"paths": ["y ~ a", "z ~ b"], "rope": 0.08}, "bevestigd"),
    ("as strong as", {"paths": ["y ~ a", "z ~ b"]}, "onbeslist"),
    ("as strong as", {"paths": ["y ~ a", "y ~ b"]}, "weerlegd"),
    ("pattern", {"positive": ["y ~ a"], "negative": ["z ~ a"], "no_effect": ["y ~ c"]}, "bevestigd"),
    ("pattern", {"positive": ["y ~ a"], "no_effect": ["y ~ b"], "rope": 0.06}, "onbeslist"),
    ("pattern", {"positive": ["y ~ a"], "no_effect": ["y ~ b"]}, "weerlegd"),
    ("pattern", {"positive": ["z ~ a"], "no_effect": ["y ~ c"]}, "weerlegd"),
    ("no trade-off", {"outcomes": ["y", "z"], "predictors": ["b", "c"]}, "bevestigd"),
    ("no trade-off", {"outcomes": ["y", "z"], "predictors": ["a", "b"]}, "weerlegd"),
])  # fmt: skip
def test_verdicts_on_joint_values(kind: str, about: dict[str, object], verdict: str) -> None:
    assert judged(claim(kind, **about), joint())[0] == verdict


def test_no_trade_off_is_confirmed_by_chance_in_5_percent() -> None:
    """On the edge (+rope for y, -rope for z) either half can confirm: by 90 % intervals 9.75 % would."""
    claimed = claim("no trade-off", outcomes=["y", "z"], predictors=["a"])
    rng, count = np.random.default_rng(8), 0
    for errors in rng.normal(0, 0.01, (1500, 2)):
        est = np.array([0.05, -0.05]) + errors
        edge = Joint(("y ~ a", "z ~ a"), ("all", "all"), est, np.eye(2) * 0.01**2, np.inf)
        count += judged(claimed, edge)[0] == "bevestigd"
    assert 0.033 < count / 1500 < 0.067


def test_a_contrast_has_the_variance_of_the_difference_of_sizes() -> None:
    z = NormalDist().inv_cdf(0.975)
    for name, sign in (("y ~ b", -1), ("z ~ a", 1)):
        _, said = judged(claim("stronger than", path="y ~ a", than=[name]), joint(correlation=0.5))
        se = SE * math.sqrt(2 + sign * 2 * 0.5)  # |a| - |b| is a + b where b is negative
        est = 0.30 - abs(PATHS[name])
        assert said == f"|y ~ a| - |{name}| {est:.3f} (95% {est - z * se:.3f} .. {est + z * se:.3f})"


def test_replicates_decide_by_their_own_quantiles() -> None:
    rng = np.random.default_rng(2)
    draws = np.column_stack([rng.exponential(0.1, 999), np.full(999, 0.05)])
    two = Joint(("y ~ a", "y ~ b"), ("all", "all"), np.array([0.1, 0.05]), np.eye(2), 9.0, draws=draws)
    found = derived(two, ["y~a", "y ~ b"], lambda v: v[..., 0] - v[..., 1], "d")
    assert found is not None
    assert found.limits(0.9) == pytest.approx(tuple(np.quantile(draws[:, 0] - 0.05, [0.05, 0.95])))
    assert found.draws is None  # replicates have no probability of a sign
    assert derived(two, ["y ~ x"], lambda v: v[..., 0], "x") is None


R = np.array([[1.0, 0.6, 0.4], [0.6, 1.0, 0.1], [0.4, 0.1, 1.0]])  # a, b, y: b is suppressed


def suppressing(n: int) -> Joint:
    return joint_from_moments(
        [Equation("y", ("a", "b"), ("", ""))], Moments(("a", "b", "y"), n, np.zeros(3), R)
    )


def test_suppression_needs_both_signs_by_holm() -> None:
    asked = claim("suppression", paths=["y ~ b"], family=["y ~ a", "y ~ b"])
    many = suppressing(1000)
    beta = np.linalg.solve(R[:2, :2], R[:2, 2])
    assert (beta[1], R[1, 2]) == (pytest.approx(-0.21875), 0.1)
    verdict, said = judged(asked, many)
    assert verdict == "bevestigd"
    assert f"VIF {1 / (1 - 0.36):.2f}" in said
    z = 0.1 / math.sqrt(many.cov[many.names.index("b ~~ y")][many.names.index("b ~~ y")])
    from scipy.stats import t

    # the weaker of the two decides, twice because the family has two
    p = float(2 * t.sf(z, many.degrees))
    assert f"p {p:.4f}, Holm {2 * p:.4f}" in said
    assert judged(asked, suppressing(300))[0] == "onbeslist"
    assert judged(claim("suppression", paths=["y ~ a"]), many)[0] == "weerlegd"


def test_explained_variance_and_what_a_block_adds_equal_closed_forms() -> None:
    many = suppressing(1001)
    r2 = R[:2, 2] @ np.linalg.solve(R[:2, :2], R[:2, 2])
    _, said = judged(claim("r2", outcomes=["y"], at_least=0.1), many)
    # the variance of R² under normality: 4 R² (1 - R²)² / n (Olkin & Finn, 1995)
    se = math.sqrt(4 * r2 * (1 - r2) ** 2 / 1000)
    from scipy.stats import t

    half = t.ppf(0.975, many.degrees) * se
    assert said == f"R² y {r2:.3f} (95% {r2 - half:.3f} .. {r2 + half:.3f})"
    _, adjusted = judged(claim("r2", outcomes=["y"], adjusted=True, at_least=0.1), many)
    assert adjusted.startswith(f"adj. R² y {1 - (1 - r2) * 1000 / 998:.3f} (")
    verdict, added = judged(claim("delta r2", outcomes=["y"], predictors=["b"], at_least=0.01), many)
    assert added.startswith(f"ΔR² y {r2 - 0.16:.3f} (")
    assert verdict == "bevestigd"


@pytest.mark.parametrize(("about", "verdict"), [
    ({"positive": ["a ~~ b", "y~~b"]}, "bevestigd"), ({"negative": ["b ~~ a"]}, "weerlegd"),
    ({"below": ["a ~~ b"], "at_most": 0.85}, "bevestigd"),
    ({"below": ["a ~~ b"], "at_most": 0.5}, "weerlegd"),
    ({"below": ["a ~~ b"], "at_most": 0.62}, "onbeslist"),
])  # fmt: skip
def test_correlations(about: dict[str, object], verdict: str) -> None:
    assert judged(claim("correlation", **about), suppressing(1000))[0] == verdict


def test_p_is_the_level_at_which_the_verdict_falls() -> None:
    evidence = Evidence(estimates_table([]), joints={"ols": joint()})
    asked = {"no": ("y ~ a", ["z ~ b"]), "yes": ("z ~ b", ["y ~ b", "z ~ a"]), "too": ("y ~ a", ["z ~ a"])}
    claims = [claim("stronger than", id=name, path=path, than=than) for name, (path, than) in asked.items()]
    details = claims_details(claims, evidence).set_index("id")
    # both contrasts must pass: the weaker one, .28 - .12, decides, one-sided in a two-sided interval
    z = 0.16 / (SE * math.sqrt(2))
    assert details.loc["yes", "pvalue"] == pytest.approx(2 * NormalDist().cdf(-z), rel=2e-3)
    assert details["family"].tolist() == ["onbeslist", "bevestigd", "bevestigd"]
    assert details.loc["no", "pvalue"] == 1
    assert claims_table(claims, evidence)["verdict"].tolist() == ["onbeslist", "bevestigd", "bevestigd"]


def test_many_weak_claims_do_not_survive_as_a_family() -> None:
    values = {f"y ~ x{i}": 0.042 for i in range(10)}
    claims = [
        claim("stronger than", path=path, than=["y ~ o"]).model_copy(update={"id": path}) for path in values
    ]
    evidence = Evidence(estimates_table([]), joints={"ols": joint(values | {"y ~ o": 0.0}, 0.5)})
    details = claims_details(claims, evidence)
    assert set(details["verdict"]) == {"bevestigd"}  # z = 2.1 each
    assert set(details["family"]) == {"onbeslist"}


def test_holm_bounds_and_missing_spread() -> None:
    assert holm(np.array([0.04, 0.01, 0.03])).tolist() == [0.06, 0.03, 0.06]
    assert smallest(lambda alpha: alpha >= 1e-4) == pytest.approx(1e-4, rel=1e-3)
    assert stricter(0.01).inside == 0.98
    assert bounded(wald(0.5, 0.1), 0.2, math.inf) == "bevestigd"
    assert bounded(wald(0.5, 0.1), 0.2, 0.6) == "onbeslist"
    assert bounded(wald(0.5, 0.1), -math.inf, 0.3) == "weerlegd"
    assert bounded(wald(0.5, 0.0), 0.2, math.inf) == "onbeslist"


def test_a_claim_that_nothing_can_test_keeps_its_notes() -> None:
    asked = claim("stronger than", path="y ~ q", than=["y ~ a"], note="Lees dit.", source="Rapport")
    evidence = Evidence(estimates_table([]), joints={"ols": joint()})
    [row] = claims_details([asked], evidence).to_dict("records")
    assert [row[key] for key in ("engine", "verdict", "note", "source")] == [
        "", "onbeslist", "Lees dit.", "Rapport",
    ]  # fmt: skip
    assert math.isnan(row["pvalue"])


def test_replicates_tell_no_smaller_p_than_their_number() -> None:
    draws = np.column_stack([np.full(99, 0.4), np.linspace(0.1, 0.2, 99)])
    two = Joint(("y ~ a", "y ~ b"), ("all", "all"), np.array([0.4, 0.15]), np.eye(2), 9.0, draws=draws)
    asked = claim("stronger than", path="y ~ a", than=["y ~ b"])
    details = claims_details([asked], Evidence(estimates_table([]), joints={"bootstrap": two}))
    assert details["pvalue"].tolist() == [0.01]
