"""The PyMC model: Op and plain graph agree with the NumPy twin, and the priors are the stated ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.bayes.latent.cases import MODELS, model_of, random_theta
from werksem.bayes.graph import use_numba
from werksem.bayes.latent.design import LatentDesign
from werksem.bayes.latent.graph import latent_model
from werksem.bayes.latent.likelihood import log_likelihood
from werksem.bayes.latent.links import PARTIAL, theta_of
from werksem.bayes.latent.prepare import prepared
from werksem.implied import implied_moments
from werksem.rows import Options
from werksem.spec.load import load_model
from werksem.spec.study import Bayes

SHAPES = ("correlated residuals", "observed outcomes", "four latents")


def design_of(name: str, **settings) -> LatentDesign:
    """Return the arrays of a model and a survey of 3 groups drawn from it."""
    rng = np.random.default_rng(5)
    model = model_of(MODELS[name])
    theta = random_theta(model, rng)
    exo = [
        at for row, at in zip(model.rows, model.free_of_row, strict=True) if row.exo and row.lhs == row.rhs
    ]
    theta[exo] = 1.0
    mu, Sigma = implied_moments(model, theta)
    rows = rng.multivariate_normal(mu, Sigma, 260)
    frame = pd.DataFrame(rows, columns=list(model.observed))
    group = pd.Series(np.repeat(["a", "b", "c"], [200, 50, 10]))
    frame += 0.2 * rng.standard_normal(3)[pd.factorize(group)[0], None]
    vary = settings.pop("vary", ("paths", "means"))
    spec = load_model({"syntax": MODELS[name]})
    chosen = Bayes(level="latent", vary=vary, **settings)
    return prepared(spec, frame, group, None, chosen, Options(True, True, "marker", ()))


def functions(design: LatentDesign, **options):
    use_numba()
    model = latent_model(design, **options)
    names = ["likelihood", "prior", "typical", *(["between_sd", "deviation"] if len(design.vary) else [])]
    outputs = model.replace_rvs_by_values([model[name] for name in names])
    compiled = model.compile_fn(
        outputs, inputs=model.value_vars, mode="FAST_COMPILE", on_unused_input="ignore"
    )
    rng = np.random.default_rng(6)
    at = {
        name: value + 0.3 * rng.standard_normal(value.shape) for name, value in model.initial_point().items()
    }
    return dict(zip(names, compiled(at), strict=True))


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("vary", [("paths", "means"), ("paths", "means", "variances", "covariances"), ()])
def test_op_graph_and_formula_agree(name: str, vary: tuple[str, ...]) -> None:
    design = design_of(name, vary=vary)
    by_op, by_graph = functions(design), functions(design, compiled=False)
    assert by_op["likelihood"] == pytest.approx(by_graph["likelihood"], rel=1e-10)
    b = np.zeros(len(design.names))
    b[design.free] = by_op["typical"]
    links = np.tile(b, (3, 1))
    if len(design.vary):
        links[:, design.vary] += by_op["deviation"].reshape(3, -1)
    theta = theta_of(design.links, links, design.given)
    found = design.moments
    exact = log_likelihood(design.model, theta, found.n, found.mean, found.cov).sum()
    assert by_op["likelihood"] == pytest.approx(exact, rel=1e-12)


def test_the_prior_is_the_stated_one() -> None:
    priors = {
        "paths": "normal(0, 2)", "loadings": "student_t(4, 1, 2)", "means": "normal(1, 10)",
        "residual_sd": "halfnormal(3)", "latent_sd": "exponential(1)", "latent_correlation": "lkj(3)",
    }  # fmt: skip
    design = design_of("four latents", vary=(), priors=priors)
    found = functions(design)
    b = np.zeros(len(design.names))
    b[design.free] = found["typical"]
    exact = 0.0
    families = {
        "loadings": stats.t(4, 1, 2), "intercepts": stats.norm(1, 10),
        "residual_sd": stats.halfnorm(scale=3), "latent_sd": stats.expon(),
    }  # fmt: skip
    for kind, link in zip(design.kinds, b, strict=True):
        if kind in families:
            sd = kind.endswith("_sd")
            exact += families[kind].logpdf(np.exp(link) if sd else link) + (link if sd else 0.0)
    # lkj(3) by its own formula: det(R)^(eta - 1), times the Jacobian of R by the links
    partial = np.flatnonzero(design.links.kind == PARTIAL)

    def correlations(x: np.ndarray) -> np.ndarray:
        links = b.copy()
        links[partial] = x
        theta = theta_of(design.links, links, design.given[0])
        row = {name: i for i, name in enumerate(design.model.parameters)}
        R = np.eye(4)
        for i, left in enumerate("fghk"):
            for j, right in enumerate("fghk"[:i]):
                cov = theta[row[f"{right}~~{left}"]]
                R[i, j] = R[j, i] = cov / np.sqrt(
                    theta[row[f"{left}~~{left}"]] * theta[row[f"{right}~~{right}"]]
                )
        return R

    lower = np.tril_indices(4, -1)
    jacobian = np.array([
        (correlations(b[partial] + step)[lower] - correlations(b[partial] - step)[lower]) / 2e-6
        for step in 1e-6 * np.eye(6)
    ])  # fmt: skip
    determinant = np.linalg.slogdet(correlations(b[partial]))[1]
    exact += 2 * determinant + np.linalg.slogdet(jacobian)[1]
    assert found["prior"] == pytest.approx(exact, rel=1e-6)


def test_gradient_against_differences() -> None:
    use_numba()
    design = design_of("observed outcomes")
    function = latent_model(design).logp_dlogp_function(ravel_inputs=True, mode="FAST_COMPILE")
    function.set_extra_values({})
    rng = np.random.default_rng(7)
    x = 0.3 * rng.standard_normal(len(function(np.zeros(_size(design)))[1]))
    slopes = function(x)[1]
    for at in rng.choice(len(x), 25, replace=False):
        step = np.zeros(len(x))
        step[at] = 1e-5
        exact = (function(x + step)[0] - function(x - step)[0]) / 2e-5
        assert slopes[at] == pytest.approx(exact, rel=1e-5, abs=1e-5)


def _size(design: LatentDesign) -> int:
    V, G = len(design.vary), len(design.moments.n)
    return int(design.free.sum()) + V + V * G


def test_priors_of_deviations_go_from_the_parameter_to_the_kind_to_all() -> None:
    priors = {
        "between_sd of z~f": "halfnormal(.5)", "between_sd of paths": "halfnormal(.6)",
        "between_sd of means": "halfnormal(.7)", "between_sd": "halfnormal(.8)",
    }  # fmt: skip
    design = design_of("observed outcomes", vary=("paths", "means", "variances"), priors=priors)
    found = {design.names[v]: prior.parameters for v, prior in zip(design.vary, design.between, strict=True)}
    assert found["z~f"] == (0.5,)
    assert found["w~z"] == (0.6,)
    assert found["f ~1"] == found["z ~1"] == (0.7,)
    assert found["f~~f"] == (0.8,)
    assert not design.centre.any()  # a prior of the means' SD speaks of intercepts as they are
