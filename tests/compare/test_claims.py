"""Claims on hand-made draws: verdicts and the probabilities in their evidence, by closed form."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.compare.beliefs import from_draws, from_rows
from werksem.compare.claims import Evidence, claims_table
from werksem.compare.shares import share_above
from werksem.compare.testing import ranking_allowed
from werksem.compare.verdicts import all_of, no_effect, order, sign, small, strong, wider
from werksem.estimates import estimates_table
from werksem.spec.claims import TYPES, Claim
from werksem.spec.study import Bayes, Data, Study

GROUPS = ("Rijk", "ZBO", "GR")
S = 4000
GRID = np.array([NormalDist().inv_cdf((i + 0.5) / S) for i in range(S)])


def normal(mean: float, sd: float, seed: int = 0) -> np.ndarray:
    """Draws whose quantiles are those of the normal distribution; ``seed`` shuffles them."""
    return np.random.default_rng(seed).permutation(mean + sd * GRID)


def path(
    lhs: str, rhs: str, mean: float, sd: float, groups: np.ndarray | None = None, seed: int = 0
) -> Quantity:
    scaled = Scaled(groups, normal(mean, sd, seed))
    return Quantity(f"{lhs}~{rhs}", lhs, "~", rhs, "", scaled, scaled, scaled, np.ones(3, bool), True)


def pooled() -> Pooled:
    groups = np.column_stack([normal(0.3, 0.02, 5), normal(0.2, 0.02, 6), normal(0.2, 0.02, 7)])
    means = Scaled(np.column_stack([normal(3.9, 0.02, 8), normal(3.5, 0.02, 9), normal(3.5, 0.02, 10)]))
    quantities = (
        path("y", "a", 0.21, 0.01, groups, 1), path("y", "b", -0.12, 0.01, seed=2),
        path("y", "c", 0.0, 0.02, seed=3), path("y", "d", 0.01, 0.004, seed=4),
        path("y", "e", 0.215, 0.01, seed=11), path("y", "f", 0.3, 0.1, np.ones((S, 3))),
    )  # fmt: skip
    mean = Quantity("mean of y", "y", "~1", "", "", means, Scaled(), Scaled(), np.array([True] * 3), True)
    return Pooled("scores", 1, GROUPS, np.ones(3), np.ones(3) / 3, quantities, (mean,))


def claim(kind: str, **about: object) -> Claim:
    return TYPES[kind].model_validate({"id": "F", "statement": "s", "type": kind} | about)


def verdicts(*claims: Claim, **more: object) -> list[tuple[str, str, str]]:
    evidence = Evidence(estimates_table([]), pooled(), **more)  # type: ignore[arg-type]
    table = claims_table(claims, evidence)
    return list(zip(table["engine"], table["verdict"], table["evidence"], strict=True))


@pytest.mark.parametrize(("kind", "about", "verdict"), [
    ("sign", {"positive": ["y ~ a"], "negative": ["y ~ b"]}, "bevestigd"),
    ("sign", {"positive": ["y ~ a", "y ~ b"]}, "weerlegd"),
    ("sign", {"positive": ["y ~ a", "y ~ c"]}, "onbeslist"),
    ("no effect", {"paths": ["y~c"]}, "bevestigd"),
    ("no effect", {"paths": ["y ~ c"], "rope": 0.03}, "onbeslist"),
    ("no effect", {"paths": ["y ~ c", "y ~ a"]}, "weerlegd"),
    ("small", {"paths": ["y ~ d"], "sign": "positive"}, "bevestigd"),
    ("small", {"paths": ["y ~ c"], "sign": "positive"}, "onbeslist"),
    ("small", {"paths": ["y ~ b"], "below": 0.115}, "onbeslist"),
    ("small", {"paths": ["y ~ b"]}, "weerlegd"),
    ("strong", {"paths": ["y ~ a"]}, "onbeslist"),
    ("strong", {"paths": ["y ~ a"], "least": 0.19}, "bevestigd"),
    ("strong", {"paths": ["y ~ b"]}, "weerlegd"),
    ("strong", {"paths": ["y ~ a"], "sign": "negative"}, "weerlegd"),
    ("stronger than", {"path": "y ~ a", "than": ["y ~ b", "y ~ c"]}, "bevestigd"),
    ("stronger than", {"path": "y ~ b", "than": ["y ~ a"]}, "weerlegd"),
    ("stronger than", {"path": "y ~ a", "than": ["y ~ e"]}, "onbeslist"),
    ("weaker than", {"path": "y ~ b", "than": ["y ~ a"]}, "bevestigd"),
    ("as strong as", {"paths": ["y ~ a", "y ~ e"]}, "bevestigd"),
    ("pattern", {"positive": ["y ~ a"], "negative": ["y ~ b"], "no_effect": ["y ~ c"]}, "bevestigd"),
    ("no trade-off", {"outcomes": ["y", "y"], "predictors": ["a", "b"]}, "bevestigd"),
    ("order of groups", {"path": "y ~ a", "order": ["Rijk", ["ZBO", "GR"]]}, "bevestigd"),
    ("order of groups", {"path": "y ~ a", "order": ["ZBO", "Rijk"]}, "weerlegd"),
    ("order of groups", {"path": "y ~ a", "order": ["Rijk", "ZBO", "GR"]}, "onbeslist"),
    ("order of groups", {"mean": "y", "order": ["Rijk", "GR"]}, "bevestigd"),
    ("order of groups", {"path": "y ~ f", "order": ["Rijk", "GR"]}, "onbeslist"),
])  # fmt: skip
def test_verdicts(kind: str, about: dict[str, object], verdict: str) -> None:
    assert [found[:2] for found in verdicts(claim(kind, **about))] == [("bayes", verdict)]


def test_the_evidence_holds_the_probabilities() -> None:
    [(_, _, signs)] = verdicts(claim("sign", positive=["y ~ c", "y ~ a"]))
    assert signs.startswith(
        "y ~ c 0.000 (95% -0.039 .. 0.039), P(> 0) = 0.500, verwaarloosbaar; y ~ a 0.210 ("
    )
    assert signs.endswith("P(all) = 0.500")
    [(_, _, inside)] = verdicts(claim("no effect", paths=["y ~ c"], rope=0.02))
    assert "(90% -0.033 .. 0.033)" in inside
    within = float(inside.rpartition("P(|β| < 0.02) = ")[2])
    assert within == pytest.approx(2 * NormalDist().cdf(1) - 1, abs=1e-3)
    [(_, _, strength)] = verdicts(claim("strong", paths=["y ~ a"]))
    assert f"P(|β| >= 0.2) = {NormalDist().cdf(1):.3f}" in strength
    assert "P(|β| >= 0.1) > 0.999, P(|β| >= 0.15) > 0.999" in strength
    [(_, _, contrast)] = verdicts(claim("stronger than", path="y ~ a", than=["y ~ b"]))
    assert contrast.startswith("|y ~ a| - |y ~ b| 0.090 (95% 0.06")
    [(_, _, groups)] = verdicts(claim("order of groups", path="y ~ a", order=["Rijk", "ZBO", "GR"]))
    joint = float(groups.rpartition("P(this order) = ")[2])
    assert joint == pytest.approx(0.5, abs=0.03)
    assert "P(Rijk > ZBO) > 0.999; P(ZBO > GR) = 0.5" in groups


def test_means_are_not_put_in_order_without_invariance() -> None:
    asked = claim("order of groups", mean="y", order=["Rijk", "GR"])
    [(engine, verdict, reason)] = verdicts(asked, ranking_allowed=False)
    assert (engine, verdict) == ("bayes", "onbeslist")
    assert reason.startswith("geweigerd: ")
    assert verdicts(asked, ranking_allowed=False, language="en")[0][2].startswith("refused: ")
    [(_, verdict, partial)] = verdicts(asked, freed="y1, y2", language="en")
    assert verdict == "bevestigd"
    assert partial.endswith("; under partial scalar invariance, with y1, y2 freed")
    on_path = claim("order of groups", path="y ~ a", order=["Rijk", "GR"])
    assert verdicts(on_path, ranking_allowed=False)[0][1] == "bevestigd"


@pytest.mark.parametrize(("cfi", "rmsea", "levels", "allowed"), [
    (-0.004, 0.002, ("configural", "metric", "scalar"), True),
    (-0.020, 0.002, ("configural", "metric", "scalar"), False),
    (-0.004, 0.016, ("configural", "metric", "scalar"), False),
    (-0.004, 0.002, ("configural", "metric"), False),
])  # fmt: skip
def test_ranking_needs_the_scalar_step(
    cfi: float, rmsea: float, levels: tuple[str, ...], allowed: bool
) -> None:
    table = pd.DataFrame({"level": levels, "delta_cfi": [np.nan] + [cfi] * (len(levels) - 1)})
    table["delta_rmsea"] = [np.nan] + [rmsea] * (len(levels) - 1)
    study = Study(study="s", model=None, data=Data(), bayes=Bayes(level="latent"))
    assert ranking_allowed(study, table) is allowed
    assert not ranking_allowed(study, None)
    assert ranking_allowed(study.model_copy(update={"bayes": Bayes()}), None)


def rows(**more: object) -> pd.DataFrame:
    base = {"group": "all", "lhs": "y", "op": "~", "rhs": "a", "est": 1.0, "std": 0.21, "std_se": 0.01,
            "std_ci_lower": 0.19, "std_ci_upper": 0.24, "level": 0.95, "status": "ok"}  # fmt: skip
    return estimates_table([base | {"engine": "sem"} | more])


def test_other_engines_test_single_paths_by_their_intervals() -> None:
    table = claims_table(
        [claim("sign", positive=["y ~ a"]), claim("stronger than", path="y ~ a", than=["y ~ a"])],
        Evidence(rows(status="heywood"), language="en"),
    )
    assert table["engine"].tolist() == ["sem", ""]
    assert table["verdict"].tolist() == ["bevestigd", "onbeslist"]
    assert table["evidence"][0] == "y ~ a 0.210 (95% 0.190 .. 0.240); note: status heywood"
    assert table["evidence"][1] == "not tested: no method of this study gives what this takes"


def test_a_row_gives_its_own_interval_and_a_normal_one_at_other_levels() -> None:
    belief = from_rows(rows(), "sem", "y~a", None)
    assert belief is not None
    assert belief.limits(0.95) == (0.19, 0.24)
    assert belief.limits(0.90) == pytest.approx((0.21 - 0.016449, 0.21 + 0.016449), abs=1e-6)
    assert from_rows(rows(std_se=np.nan), "sem", "y ~ a", None) is None
    assert from_rows(rows(), "sem", "y ~ a", "Rijk") is None


def test_a_claim_about_one_group_takes_its_own_draws() -> None:
    [(_, verdict, said)] = verdicts(claim("strong", paths=["y ~ a"], group="Rijk"))
    assert (verdict, said[:11]) == ("bevestigd", "y ~ a 0.300")
    [(engine, verdict, said)] = verdicts(claim("sign", positive=["y ~ b"], group="Rijk"))
    assert (engine, verdict, said) == ("", "onbeslist", "niet beoordeeld: geen schatting")


def test_refuting_one_of_many_takes_a_wider_interval() -> None:
    belief = from_draws("x", normal(-0.021, 0.01))
    assert sign(belief.limits, 1) == "weerlegd"
    assert sign(belief.limits, 1, 20) == "onbeslist"
    assert wider(20) == pytest.approx(0.9975)
    assert order(0.0, [0.98, 0.5], 1) == "weerlegd"
    assert order(0.0, [0.98, 0.5], 2) == "onbeslist"
    assert no_effect(belief.limits, 0.001) == "weerlegd"
    assert small(belief.limits, 0.1, 1) == "weerlegd"
    assert strong(belief.limits, 0.01, -1) == "onbeslist"
    assert all_of(["bevestigd", "bevestigd"]) == "bevestigd"


@pytest.mark.parametrize(("bound", "verdict"), [
    ({"at_least": 0.55}, "bevestigd"), ({"at_least": 0.7}, "weerlegd"), ({"at_least": 0.62}, "onbeslist"),
    ({"at_most": 0.7}, "bevestigd"), ({"at_most": 0.5}, "weerlegd"), ({"at_most": 0.62}, "onbeslist"),
])  # fmt: skip
def test_share_above_is_tested_on_the_data(bound: dict[str, float], verdict: str) -> None:
    scores = pd.DataFrame({"y": [4.0] * 600 + [3.0] * 400 + [np.nan] * 7})
    [(engine, found, said)] = verdicts(claim("share above", variable="y", above=3, **bound), scores=scores)
    assert (engine, found) == ("data", verdict)
    assert said == "share 0.600 (95% 0.569 .. 0.630), n = 1000"


def test_shares_by_cluster_and_weight_against_survey() -> None:
    values = np.array([5.0, 5, 1, 5, 1, 1])
    weights, cluster = np.array([1.0, 1, 2, 1, 1, 2]), pd.Series(list("aabbcc"))
    share, low, high, n = share_above(values, 3, weights, cluster, 0.95)
    assert (share, n) == (3 / 8, 6)
    # R: svyciprop(~I(x > 3), svydesign(~c, weights = ~w), method = "logit", df = Inf), survey 4.1
    assert (low, high) == pytest.approx((0.0647818947898, 0.8386344138899), abs=1e-10)


def test_a_share_of_all_or_none_has_a_wilson_interval() -> None:
    z2 = NormalDist().inv_cdf(0.975) ** 2
    assert share_above(np.ones(10), 0, None, None, 0.95)[:3] == pytest.approx((1, 10 / (10 + z2), 1))
    assert share_above(np.ones(10), 2, None, None, 0.95)[:3] == pytest.approx((0, 0, z2 / (10 + z2)))
