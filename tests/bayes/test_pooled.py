"""Without groups, or pooled completely, under flat priors: the posterior is OLS."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.bayes.cases import TWO, survey
from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.run import BayesResult, fit_scores
from werksem.bayes.sample import Sampled
from werksem.engines.ols import ols_from_scores
from werksem.errors import SpecError
from werksem.spec.study import Bayes
from werksem.spec.types import Equation

FRAME = survey()
FLAT = {"paths": "normal(0, 1000)", "means": "normal(0, 1000)", "residual_sd": "uniform(0, 1000)"}
SETTINGS = Bayes(draws=2000, seed=3, priors=FLAT)


@pytest.fixture(scope="module")
def fit() -> BayesResult:
    return fit_scores(TWO, FRAME, None, None, SETTINGS, quiet=True)


def test_flat_priors_give_ols(fit: BayesResult) -> None:
    ols = ols_from_scores(TWO, FRAME).estimates
    both = fit.estimates.merge(ols, on=["group", "lhs", "op", "rhs"], suffixes=("", "_ols"))
    assert len(both) == len(fit.estimates) == len(ols)
    paths = both[both["op"].isin(["~", "~1"])]
    np.testing.assert_array_less(np.abs(paths["est"] - paths["est_ols"]) / paths["se_ols"], 0.06)
    np.testing.assert_allclose(paths["se"], paths["se_ols"], rtol=0.03)
    slopes = both[both["op"] == "~"]
    for std in ("std", "std_common"):
        np.testing.assert_array_less(np.abs(slopes[std] - slopes["std_ols"]) / slopes["std_se_ols"], 0.1)
    rest = both[both["op"].isin(["r2", "~~"])]
    np.testing.assert_allclose(rest["est"], rest["est_ols"], rtol=0.03)
    assert fit.estimates["label"].tolist() == ols["label"].tolist()


def test_no_groups_no_group_rows(fit: BayesResult) -> None:
    assert set(fit.estimates["group"]) == {"all"}
    assert fit.tables["between"].empty
    assert fit.tables["pooled_share"].empty
    assert fit.idata.posterior["paths"].sizes["group"] == 1
    assert fit.diagnostics["ok"].all()
    assert fit.sizes["betrokkenheid"] == {"all": 307}


def test_the_same_seed_gives_the_same_draws_on_one_core(fit: BayesResult) -> None:
    again = fit_scores(TWO, FRAME, None, None, SETTINGS, quiet=True, cores=1)
    pd.testing.assert_frame_equal(fit.estimates, again.estimates)
    other = fit_scores(TWO, FRAME, None, None, SETTINGS.model_copy(update={"seed": 4}), quiet=True)
    assert (other.estimates["est"] != fit.estimates["est"]).all()


def test_an_empty_vary_pools_completely(fit: BayesResult) -> None:
    pooled = fit_scores(TWO, FRAME, FRAME["sector"], None, SETTINGS, quiet=True)
    table = pooled.estimates[pooled.estimates["op"].isin(["~", "~1"])]
    spread = table.groupby(["lhs", "op", "rhs"])["est"].agg(np.ptp)
    assert spread.max() < 1e-10
    one = fit.estimates.set_index(["group", "lhs", "op", "rhs"])["est"]
    for key, found in table[table["group"] == "all"].set_index(["group", "lhs", "op", "rhs"])["est"].items():
        assert found == pytest.approx(one[key], abs=0.01)
    assert (pooled.tables["pooled_share"]["value"] == 1).all()


@pytest.mark.slow
def test_pymcs_own_sampler_agrees(fit: BayesResult) -> None:
    short = SETTINGS.model_copy(update={"chains": 2, "draws": 1000})
    other = fit_scores(TWO, FRAME, None, None, short, quiet=True, sampler="pymc", cores=1)
    paths = fit.estimates["op"].isin(["~", "~1"])
    off = (other.estimates["est"] - fit.estimates["est"])[paths] / fit.estimates["se"][paths]
    np.testing.assert_array_less(np.abs(off), 0.12)
    assert other.idata.posterior.attrs["sampler"] == "pymc"
    assert other.diagnostics.set_index("measure").loc["gradient_evaluations", "value"] > 2000


def test_names_in_vary_are_checked() -> None:
    settings = SETTINGS.model_construct(**SETTINGS.model_dump() | {"vary": ("paht",), "priors": FLAT})
    with pytest.raises(SpecError, match="unknown name 'paht'; did you mean \"paths\""):
        fit_scores(TWO, FRAME, FRAME["sector"], None, settings, quiet=True)


def test_one_label_on_paths_that_vary_is_refused() -> None:
    twice = (Equation("betrokkenheid", ("veilig", "wendbaar"), ("b", "b")),)
    settings = SETTINGS.model_copy(update={"vary": ("paths",)})
    with pytest.raises(SpecError, match="label 'b' holds several paths equal"):
        fit_scores(twice, FRAME, FRAME["sector"], None, settings, quiet=True)


def chains(shift: float, draws: int) -> Sampled:
    rng = np.random.default_rng(1)
    values = rng.standard_normal((4, draws, 2))
    values[0] += shift
    stats = {"diverging": np.zeros((4, draws), dtype=bool), "energy": rng.standard_normal((4, draws))}
    return Sampled({"path": values}, stats, 0.0, "nutpie", {"bayes_sampling_cpu": 2.5})


@pytest.mark.parametrize(
    ("shift", "draws", "status"), [(0.0, 1000, "ok"), (1.0, 1000, "rhat"), (0.0, 60, "few_draws")]
)
def test_status_follows_the_diagnostics(shift: float, draws: int, status: str) -> None:
    table = diagnostics(chains(shift, draws), 10)
    assert status_of(table) == status
    assert table.set_index("measure").loc["cpu_seconds", "value"] == 2.5


def test_divergences_are_not_in_order() -> None:
    sampled = chains(0.0, 1000)
    sampled.stats["diverging"][0, 5] = True
    table = diagnostics(sampled, 10).set_index("measure")
    assert table.loc["divergences", "value"] == 1
    assert not table.loc["divergences", "ok"]
    assert status_of(table.reset_index()) == "not_converged"
    assert status_of(diagnostics(chains(1.0, 1000), 10)) == "rhat"


def test_a_chain_that_creeps_through_the_energies_is_not_converged() -> None:
    """E-BFMI of an AR(1) with coefficient r is 2 (1 - r); ArviZ says the same of every chain."""
    import arviz as az

    sampled = chains(0.0, 4000)
    energy, rng = sampled.stats["energy"], np.random.default_rng(2)
    for t in range(1, 4000):
        energy[2, t] = 0.95 * energy[2, t - 1] + np.sqrt(1 - 0.95**2) * rng.standard_normal()
    table = diagnostics(sampled, 10).set_index("measure")
    value = table.loc["ebfmi_min", "value"]
    assert value == pytest.approx(0.1, abs=0.03)
    # ArviZ divides by the variance with divisor n, and so does not differ by more than 1 in 4,000
    assert value == pytest.approx(az.bfmi({"energy": energy}).min(), rel=1e-3)
    assert not table.loc["ebfmi_min", "ok"]
    assert status_of(table.reset_index()) == "not_converged"
    assert diagnostics(chains(0.0, 4000), 10).set_index("measure").loc["ebfmi_min", "ok"]


def test_a_single_chain_is_judged_by_its_halves() -> None:
    sampled = chains(0.0, 1000)
    values = {"path": sampled.values["path"].reshape(1, 4000, 2)}
    one = Sampled(values, {"diverging": np.zeros((1, 4000))}, 0.0, "nutpie", {})
    assert diagnostics(one, 10).set_index("measure").loc["rhat_max", "value"] < 1.01
