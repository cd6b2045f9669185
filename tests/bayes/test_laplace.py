"""The Laplace approximation: exact for normals, near NUTS where Pareto k is good, honest where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.bayes.cases import TWO, survey
from werksem.bayes.convergence import diagnostics, status_of
from werksem.bayes.graph import use_numba
from werksem.bayes.laplace import laplace_model, resample
from werksem.bayes.run import fit_scores
from werksem.bayes.sample import sample_model
from werksem.errors import EstimationError
from werksem.spec.study import Bayes

LARGE = {"A": 900, "B": 700, "C": 800, "D": 600, "E": 500, "F": 900, "G": 700, "H": 800, "I": 1000, "J": 600}


def normal_model():
    """Return a model whose posterior is normal: mean m, covariance V."""
    import pymc as pm
    import pytensor.tensor as pt

    use_numba()
    A = np.array([[2.0, 0.6, 0.0], [0.6, 1.0, -0.3], [0.0, -0.3, 0.5]])
    m = np.array([1.0, -2.0, 30.0])
    with pm.Model() as model:
        x = pm.Flat("x", shape=3)
        pm.Potential("density", -0.5 * (x - m) @ A @ (x - m))
        pm.Deterministic("twice", 2 * x)
        pm.Deterministic("total", pt.stack([x.sum()]))
    return model, m, np.linalg.inv(A)


def test_a_normal_posterior_is_exact() -> None:
    model, m, V = normal_model()
    done = laplace_model(model, chains=4, draws=5000, seed=3, kept=("twice", "total", "absent"))
    assert set(done.values) == {"twice", "total"}
    assert done.values["twice"].shape == (4, 5000, 3)
    assert done.fit["pareto_k"] == 0.0
    assert done.fit["ess_importance"] == 20_000
    x = done.values["twice"].reshape(-1, 3) / 2
    np.testing.assert_allclose(done.values["total"].reshape(-1), x.sum(axis=1))
    np.testing.assert_array_less(np.abs(x.mean(axis=0) - m) / np.sqrt(np.diag(V) / len(x)), 4)
    np.testing.assert_allclose(np.cov(x.T), V, atol=0.06 * np.sqrt(np.outer(np.diag(V), np.diag(V))).max())
    for k in range(3):
        assert stats.kstest(x[:, k], stats.norm(m[k], np.sqrt(V[k, k])).cdf).pvalue > 0.001
    table = diagnostics(done, 5).set_index("measure")
    assert table["ok"].all()
    assert table.loc["pareto_k", "value"] == 0


def test_weights_put_a_skewed_posterior_right() -> None:
    """A gamma(5, 2) in one dimension, sampled on the log scale: not normal, so the weights must work."""
    import pymc as pm

    use_numba()
    with pm.Model() as model:
        pm.Deterministic("g", pm.Gamma("x", 5, 2, shape=1) * 1.0)
    done = laplace_model(model, chains=4, draws=5000, seed=1, kept=("g",))
    assert done.fit["pareto_k"] < 0.7
    g = done.values["g"].ravel()
    assert g.mean() == pytest.approx(2.5, abs=0.04)
    assert g.std() == pytest.approx(np.sqrt(5) / 2, abs=0.04)
    np.testing.assert_allclose(
        np.quantile(g, [0.05, 0.5, 0.95]), stats.gamma(5, scale=0.5).ppf([0.05, 0.5, 0.95]), atol=0.06
    )


def test_heavy_tails_are_refused_by_pareto_k() -> None:
    import pymc as pm

    use_numba()
    with pm.Model() as model:
        pm.Deterministic("t", pm.Cauchy("x", 0, 1, shape=12) * 1.0)
    done = laplace_model(model, chains=2, draws=1000, seed=1, kept=("t",))
    table = diagnostics(done, 5)
    assert done.fit["pareto_k"] > 0.7
    assert not table.set_index("measure").loc["pareto_k", "ok"]
    assert status_of(table) == "few_draws"
    assert len(np.unique(done.values["t"])) == done.values["t"].size  # not resampled


def test_no_mode_is_said() -> None:
    import pymc as pm

    use_numba()
    with pm.Model() as model:
        x = pm.Flat("x", shape=2)
        pm.Potential("saddle", x[0] ** 2 - x[1] ** 2)
    with pytest.raises(EstimationError, match="right is method: nuts"):
        laplace_model(model, chains=1, draws=10, seed=1, kept=())


def test_each_side_of_the_mode_has_its_own_spread() -> None:
    """Widths of 2 and .7 are found, so that little is left to weigh."""
    import pymc as pm
    import pytensor.tensor as pt

    use_numba()
    with pm.Model() as model:
        x = pm.Flat("x", shape=3)
        wide = pt.switch(x > 0, 2.0, 0.7)
        pm.Potential("split", (-0.5 * (x / wide) ** 2).sum())
        pm.Deterministic("same", x * 1.0)
    done = laplace_model(model, chains=4, draws=5000, seed=2, kept=("same",))
    x = done.values["same"].reshape(-1, 3)
    assert done.fit["pareto_k"] < 0.3
    assert done.fit["ess_importance"] == 20_000  # of 80,000 proposals
    np.testing.assert_allclose((x > 0).mean(axis=0), 2 / 2.7, atol=0.012)
    np.testing.assert_allclose(x.mean(axis=0), np.sqrt(2 / np.pi) * 1.3, atol=0.04)


def test_systematic_resampling_is_unbiased() -> None:
    rng = np.random.default_rng(5)
    weights = rng.dirichlet(np.ones(50))
    counts = np.mean([np.bincount(resample(weights, 100, rng), minlength=50) for _ in range(2000)], axis=0)
    np.testing.assert_allclose(counts, 100 * weights, atol=0.06)


@pytest.fixture(scope="module")
def both():
    frame = survey(sizes=LARGE)
    settings = Bayes(vary=("paths", "means"), seed=5, draws=4000)
    nuts = fit_scores(TWO, frame, frame["sector"], None, settings, quiet=True)
    laplace = settings.model_copy(update={"method": "laplace"})
    return nuts, fit_scores(TWO, frame, frame["sector"], None, laplace, quiet=True)


def test_scores_agree_with_nuts_where_k_is_good(both) -> None:
    """Means within .1 posterior SD, SDs within 10 %: ten groups of 500 to 1,000."""
    nuts, laplace = both
    table = laplace.diagnostics.set_index("measure")
    assert table.loc["pareto_k", "value"] < 0.7
    assert table["ok"].all()
    assert "rhat_max" not in table.index
    assert set(laplace.estimates["status"]) == {"ok"}
    keys = ["group", "lhs", "op", "rhs"]
    one = nuts.estimates.set_index(keys)
    other = laplace.estimates.set_index(keys)
    assert one.index.equals(other.index)
    np.testing.assert_array_less(np.abs(other["est"] - one["est"]) / one["se"], 0.1)
    np.testing.assert_allclose(other["se"], one["se"], rtol=0.1)
    found, exact = (fit.tables["between"] for fit in (laplace, nuts))
    off = (found["est"] - exact["est"]).abs() / exact["se"]
    np.testing.assert_array_less(off, 0.1)
    assert laplace.idata.posterior.attrs["sampler"] == "laplace"
    names = [fit.tables["prior_sensitivity"]["parameter"].tolist() for fit in (laplace, nuts)]
    assert names[0] == names[1]


def test_the_same_seed_gives_the_same_draws() -> None:
    model, _, _ = normal_model()
    one, again, other = (
        laplace_model(model, chains=2, draws=50, seed=seed, kept=("twice",)).values["twice"]
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).all()


def test_the_search_may_start_elsewhere() -> None:
    """Two modes: which is found depends on where the search starts."""
    import pymc as pm
    import pytensor.tensor as pt

    use_numba()
    with pm.Model() as model:
        x = pm.Flat("x", shape=1)
        pm.Potential("two", pt.logaddexp(-0.5 * (x - 10) ** 2, -0.5 * (x + 10) ** 2).sum())
        pm.Deterministic("same", x * 1.0)
    for start in (8.0, -8.0):
        initial = {"x": np.array([start])}
        done = laplace_model(model, chains=1, draws=200, seed=1, kept=("same",), initial=initial)
        assert done.values["same"].mean() == pytest.approx(np.sign(start) * 10, abs=0.4)


@pytest.mark.parametrize("sampler", ["nutpie", "pymc"])
def test_samplers_keep_what_is_asked_and_start_where_told(sampler: str) -> None:
    import pymc as pm
    import pytensor.tensor as pt

    use_numba()
    with pm.Model() as model:
        x = pm.Flat("x", shape=1)
        pm.Potential("two", pt.logaddexp(-0.5 * (x - 30) ** 2, -0.5 * (x + 30) ** 2).sum())
        pm.Deterministic("same", x * 1.0)
        pm.Deterministic("other", x * 2.0)
    for start in (29.0, -29.0):
        done = sample_model(
            model, chains=1, draws=200, tune=200, seed=1, quiet=True, sampler=sampler, cores=1,
            kept=("same", "absent"), initial={"x": np.array([start])},
        )  # fmt: skip
        assert set(done.values) == {"same"}
        assert done.values["same"].shape == (1, 200, 1)
        assert done.values["same"].mean() == pytest.approx(np.sign(start) * 30, abs=0.5)
        assert {"diverging", "energy"} <= set(done.stats)
