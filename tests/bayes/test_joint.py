"""Joint regressions, correlated deviations and a third level: their density is that of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from werksem.bayes import score_priors
from werksem.bayes.correlation import lkj_root
from werksem.bayes.design import Design, design
from werksem.bayes.draws import further, model_units, raw
from werksem.bayes.graph import Roots, log_likelihood_graph, use_numba
from werksem.bayes.graph import log_likelihood as log_likelihood_op
from werksem.bayes.joint import blocks_of, joint_statistics
from werksem.bayes.marginal import Further, draw_groups, log_likelihood, points
from werksem.bayes.nested import draw_units
from werksem.bayes.priors import given_priors
from werksem.bayes.statistics import group_labels
from werksem.errors import SpecError
from werksem.spec.types import Equation

THREE = (
    Equation("y", ("x", "z"), ("y~x", "y~z")),
    Equation("m", ("x",), ("m~x",)),
    Equation("w", ("z", "m"), ("w~z", "w~m")),
)
LITERAL = {"between_sd": "halfnormal(1)", "nested_sd": "halfnormal(1)", "between_correlation": "lkj(2)"}


@dataclass(frozen=True)
class Setup:
    """What is joint, what varies, and whether there is a third level."""

    pairs: tuple[tuple[str, str], ...]
    vary: tuple[str, ...]
    nested: tuple[str, ...]
    priors: dict[str, str]


SETUPS = {
    "two outcomes": Setup((("y", "w"),), ("means", "paths"), (), {}),
    "correlated deviations": Setup((), ("means", "paths"), (), LITERAL),
    "all three, nothing varies": Setup((("y", "w"), ("m", "y"), ("w", "m")), (), (), {}),
    "a chain, raw intercepts": Setup((("y", "w"), ("y", "m")), ("means", "y~x"), (), LITERAL),
    "third level": Setup((), ("means", "paths"), ("means",), {}),
    "units alone": Setup((), (), ("means", "y~x"), LITERAL),
    "everything": Setup((("y", "w"), ("m", "w")), ("means", "paths"), ("means", "paths"), LITERAL),
}


def survey(seed: int = 2) -> pd.DataFrame:
    """Return scores in groups of 30, 5, 1 and 9, with units of 1 to 12 whose labels recur; some are
    missing."""
    rng = np.random.default_rng(seed)
    parts = []
    for label, units in (("A", (12, 10, 5, 3)), ("B", (4, 1)), ("C", (1,)), ("D", (6, 3))):
        for o, n in enumerate(units):
            x, z = rng.standard_normal((2, n)) + rng.normal(0, 0.3)
            e = rng.standard_normal((n, 3)) @ np.array([[0.8, 0.4, -0.3], [0, 0.7, 0.2], [0, 0, 0.9]])
            m = 2 + 0.5 * x + 0.3 * rng.standard_normal() + e[:, 1]
            y = 3 + 0.4 * x - 0.2 * z + 0.3 * rng.standard_normal() + e[:, 0]
            w = 1 + 0.3 * z + 0.4 * m + 0.3 * rng.standard_normal() + e[:, 2]
            parts.append(
                pd.DataFrame({"x": x, "z": z, "y": y, "m": m, "w": w, "sector": label, "unit": f"u{o}"})
            )
    frame = pd.concat(parts, ignore_index=True)
    frame.loc[[2, 33], "w"] = np.nan
    frame.loc[[5], "x"] = np.nan
    return frame


FRAME = survey()


def arrays(setup: Setup, frame: pd.DataFrame = FRAME) -> Design:
    labels, code = group_labels(frame["sector"], len(frame))
    units = frame["unit"] if setup.nested else None
    found, joints = joint_statistics(THREE, frame, labels, code, None, setup.pairs, units)
    names = [*(p for e in THREE for p in e.parameters), *(f"{e.outcome} ~1" for e in THREE)]
    return design(found, setup.vary, given_priors(setup.priors, names), joints, setup.nested)


def correlation(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return the root of a random correlation matrix."""
    half = rng.standard_normal((size, size)) + np.eye(size)
    cov = half @ half.T
    sd = np.sqrt(np.diag(cov))
    return np.linalg.cholesky(cov / np.outer(sd, sd))


def chained(rng: np.random.Generator, block: Any) -> np.ndarray:
    """Return the root of a correlation matrix with zeros where no residuals covary."""
    R = np.eye(len(block.members))
    for i, j in block.pairs:
        R[i, j] = R[j, i] = rng.uniform(-0.5, 0.5)
    return np.linalg.cholesky(R)


def point(model: Design, seed: int) -> tuple[list[np.ndarray], Further]:
    """Return gamma, tau (1, E, K), sigma (1, E) and what else there is, in the model's units."""
    rng = np.random.default_rng(seed)
    there = np.concatenate([np.ones((3, 1), bool), model.path_of >= 0], axis=1)
    gamma = 0.5 * rng.standard_normal((1, *there.shape)) * there
    tau = rng.uniform(0.1, 0.6, (1, *there.shape)) * model.varies
    nested = rng.uniform(0.1, 0.6, (1, *there.shape)) * model.nested_varies
    free = model.between_prior is not None
    more = Further(
        tuple(chained(rng, b)[None] if b.pairs else None for b in model.blocks),
        tuple(correlation(rng, len(b.varies))[None] if free and len(b.varies) > 1 else None
              for b in model.blocks),
        tuple(correlation(rng, len(b.nested))[None] if free and len(b.nested) > 1 else None
              for b in model.blocks),
        nested,
    )  # fmt: skip
    return [gamma, tau, rng.uniform(0.5, 1.5, (1, 3))], more


def raw_parts(
    model: Design, block: Any, at: list[np.ndarray], more: Further, b: int
) -> tuple[np.ndarray, ...]:
    """Return a block's raw mean, residual covariance and covariances of groups' and units' coefficients."""
    gamma, tau, sigma = (part[0] for part in at)
    sizes = [len(THREE[e].predictors) + 1 for e in block.members]
    K, starts = sum(sizes), np.cumsum([0, *sizes])
    A, shift, levels = np.zeros((K, K)), np.zeros(K), [np.eye(K), np.eye(K)]
    for i, e in enumerate(block.members):
        p, s = sizes[i] - 1, starts[i]
        step = model.scale_y[e] / model.scale_x[e, :p]
        A[s : s + p + 1, s : s + p + 1] = np.diag([model.scale_y[e], *step])
        A[s, s + 1 : s + p + 1] = -model.mean_x[e, :p] * step
        shift[s] = model.mean_y[e]
        for W in levels:  # a given prior speaks of raw intercepts
            W[s, s + 1 : s + p + 1] = (model.mean_x[e, :p] / model.scale_x[e, :p]) * model.lever.any()
    stack = np.concatenate([gamma[e, :size] for e, size in zip(block.members, sizes, strict=True)])
    covs = []
    nested = more.nested[0]
    for W, tau_of, root in ((levels[0], tau, more.between[b]), (levels[1], nested, more.within[b])):
        t = np.concatenate([tau_of[e, :size] for e, size in zip(block.members, sizes, strict=True)])
        R = np.eye(K)
        if root is not None:
            free = np.flatnonzero(t)
            R[np.ix_(free, free)] = root[0] @ root[0].T
        covs.append(A @ W @ (np.outer(t, t) * R) @ W.T @ A.T)
    sd = (sigma * model.scale_y)[list(block.members)]
    R = np.eye(len(sd)) if more.residual[b] is None else more.residual[b][0] @ more.residual[b][0].T
    return shift + A @ stack, np.outer(sd, sd) * R, *covs


def stacked(block: Any, part: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Z (n E, K), y (n E,) and each entry's unit, of a group's complete rows, row by row."""
    equations = [THREE[e] for e in block.members]
    names = sorted({n for e in equations for n in (*e.predictors, e.outcome)})
    part = part.dropna(subset=names)
    K = sum(len(e.predictors) + 1 for e in equations)
    Z, at = np.zeros((len(part), len(equations), K)), 0
    for i, e in enumerate(equations):
        Z[:, i, at] = 1
        Z[:, i, at + 1 : at + 1 + len(e.predictors)] = part[list(e.predictors)]
        at += 1 + len(e.predictors)
    y = part[[e.outcome for e in equations]].to_numpy()
    return Z.reshape(-1, K), y.ravel(), np.repeat(part["unit"].to_numpy(), len(equations))


def implied(block: Any, parts: tuple[np.ndarray, ...], part: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """Return Z, y, their mean and their covariance with everything integrated out."""
    mean, residual, between, within = parts
    Z, y, unit = stacked(block, part)
    V = np.kron(np.eye(len(y) // len(block.members)), residual) + Z @ between @ Z.T
    return Z, y, Z @ mean, V + (Z @ within @ Z.T) * (unit[:, None] == unit)


def by_rows(model: Design, at: list[np.ndarray], more: Further) -> float:
    total = 0.0
    for b, block in enumerate(model.blocks):
        parts = raw_parts(model, block, at, more, b)
        for _, part in FRAME.groupby("sector"):
            _, y, mean, V = implied(block, parts, part)
            total += stats.multivariate_normal(mean, V).logpdf(y)
    return total


@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS)
def test_the_density_is_that_of_all_rows(setup: Setup) -> None:
    model = arrays(setup)
    for seed in (1, 2):
        at, more = point(model, seed)
        assert log_likelihood(model, *at, more)[0] == pytest.approx(by_rows(model, at, more), abs=1e-8)


def symbolic(model: Design, more: Further, form: Any) -> Any:
    """Return a function of gamma, tau, sigma, nested and all roots to the value and its gradient."""
    use_numba()
    import pytensor
    import pytensor.tensor as pt

    names = [pt.dmatrix("gamma"), pt.dmatrix("tau"), pt.dvector("sigma"), pt.dmatrix("nested")]
    parts = [tuple(None if root is None else pt.dmatrix() for root in roots)
             for roots in (more.residual, more.between, more.within)]  # fmt: skip
    value = form(model, *names[:3], Roots(*parts, names[3]))
    names += [name for roots in parts for name in roots if name is not None]
    slopes = pytensor.grad(value, names, disconnected_inputs="ignore")
    return pytensor.function(names, [value, *slopes], mode="FAST_COMPILE", on_unused_input="ignore")


FORMS = [(name, log_likelihood_op) for name in SETUPS]
FORMS += [(name, log_likelihood_graph) for name in ("a chain, raw intercepts", "everything")]


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_kernel_and_graph_equal_numpy_and_their_gradients_finite_differences(name: str, form: Any) -> None:
    """One central difference per array, along a random direction of what can move."""
    model = arrays(SETUPS[name])
    at, more = point(model, 3)
    roots = [root for part in (more.residual, more.between, more.within) for root in part if root is not None]
    values = [part[0] for part in (*at, more.nested, *roots)]
    both = symbolic(model, more, form)
    found, *gradient = both(*values)
    assert found == pytest.approx(log_likelihood(model, *at, more)[0], abs=1e-10, rel=1e-12)
    rng = np.random.default_rng(4)
    for k, slope in enumerate(gradient):
        for _ in range(4):
            way = rng.standard_normal(slope.shape)
            way = np.tril(way) if k > 3 else way * {1: model.varies, 3: model.nested_varies}.get(k, 1.0)
            up, down = list(values), list(values)
            up[k], down[k] = values[k] + 1e-5 * way, values[k] - 1e-5 * way
            moved = (both(*up)[0] - both(*down)[0]) / 2e-5
            assert (slope * way).sum() == pytest.approx(moved, rel=1e-6, abs=1e-5)


def test_priors_are_weighed_against_the_joint_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks of two draws each, the correlations and the third level among them."""
    model = arrays(SETUPS["everything"])
    rng = np.random.default_rng(8)
    S, sizes = 5, (len(model.varying), len(model.nested_varying))
    flat = {
        "path": rng.standard_normal((S, 5)), "intercept": rng.standard_normal((S, 3)),
        "residual_sd": rng.uniform(0.5, 1, (S, 3)), "between_sd": rng.uniform(0.1, 0.5, (S, sizes[0])),
        "nested_sd": rng.uniform(0.1, 0.5, (S, sizes[1])),
        "residual_correlation": rng.uniform(-0.4, 0.4, (S, 2)),
        "between_correlation": rng.uniform(-0.1, 0.1, (S, len(model.between_pairs))),
        "nested_correlation": rng.uniform(-0.1, 0.1, (S, len(model.nested_pairs))),
    }  # fmt: skip
    monkeypatch.setattr(score_priors, "NUMBERS", 2 * model.blocks[0].cross.size)
    found = score_priors.log_likelihoods(model, flat)
    for s in range(S):
        one = {name: values[s : s + 1] for name, values in flat.items()}
        gamma, tau, sigma = model_units(model, one)
        assert found[s] == pytest.approx(by_rows(model, [gamma, tau, sigma], further(model, one)), abs=1e-7)


def test_groups_and_units_are_drawn_from_their_conditional_normals() -> None:
    model = arrays(SETUPS["everything"])
    at, more = point(model, 5)
    block, S, unit = model.blocks[0], 20_000, 1
    parts = raw_parts(model, block, at, more, 0)
    part = FRAME[FRAME["sector"] == "A"]
    Z, y, mean, V = implied(block, parts, part)
    _, _, of_row = stacked(block, part)
    many = [np.repeat(value, S, axis=0) for value in at]
    several = Further(
        *(tuple(None if r is None else np.repeat(r, S, axis=0) for r in roots)
          for roots in (more.residual, more.between, more.within)), np.repeat(more.nested, S, axis=0),
    )  # fmt: skip
    rng = np.random.default_rng(6)
    groups = draw_groups(model, *many, rng, several)
    here = next(iter(points(model, *many, several)))
    own = groups[:, :, 0][:, block.e, block.k]
    found = draw_units(block, here, own, np.array([unit]), rng)[0]
    in_unit = Z * (of_row == block.labels[unit])[:, None]
    covs = (parts[2] @ Z.T, parts[2] @ Z.T + parts[3] @ in_unit.T)
    priors = (parts[2], parts[2] + parts[3])
    for drawn, with_rows, prior in zip((own, found), covs, priors, strict=True):
        padded = np.zeros((S, *model.varies.shape))
        padded[:, block.e, block.k] = drawn
        values = raw(model, padded)[:, block.e, block.k]
        gain = with_rows @ np.linalg.inv(V)
        expected, left = parts[0] + gain @ (y - mean), prior - gain @ with_rows.T
        sd = np.sqrt(np.diag(left))
        assert (np.abs(values.mean(axis=0) - expected) < 4 * sd / np.sqrt(S)).all()
        np.testing.assert_allclose(np.cov(values.T), left, rtol=0, atol=0.05 * np.outer(sd, sd).max())
        np.testing.assert_allclose(values.std(axis=0), sd, rtol=0.04)


def test_a_block_uses_the_rows_that_all_its_regressions_have() -> None:
    joint, alone = arrays(SETUPS["two outcomes"]), arrays(SETUPS["correlated deviations"])
    whole = FRAME.dropna(subset=["x", "z", "y", "m", "w"])
    assert joint.statistics[0].rows.sum() == joint.statistics[2].rows.sum() == len(whole)
    assert alone.statistics[0].rows.sum() == FRAME[["x", "z", "y"]].notna().all(axis=1).sum()
    assert joint.residual_pairs == ((0, 2),)
    assert blocks_of(["y", "m", "w"], [("w", "y"), ("m", "w")]) == ((0, 1, 2),)


def test_a_circle_of_paths_is_refused_where_residuals_covary() -> None:
    circle = (Equation("y", ("m",), ("y~m",)), Equation("m", ("y",), ("m~y",)))
    with pytest.raises(SpecError, match="lead from 'y' back to itself"):
        joint_statistics(circle, FRAME, *group_labels(FRAME["sector"], len(FRAME)), None, [("y", "m")], None)


def test_weights_count_in_units_as_in_groups() -> None:
    weights = np.random.default_rng(3).uniform(0.5, 2.0, len(FRAME))
    labels, code = group_labels(FRAME["sector"], len(FRAME))
    found, joints = joint_statistics(THREE, FRAME, labels, code, weights, [("y", "w")], FRAME["unit"])
    for joint in joints:
        total = np.add.reduceat(joint.cross, joint.starts[:-1])
        e = joint.members[0]
        p = len(THREE[e].predictors) + 1
        np.testing.assert_allclose(total[:, :p, :p], found[e].cross[:, :p, :p], atol=1e-10)
        assert joint.rows.sum() == found[e].rows.sum()


def test_lkj_of_partial_correlations_is_the_density_of_the_matrix() -> None:
    """Against |R|^(eta - 1): draws of three correlations, each Beta(eta + 1/2) on (-1, 1) and alike."""
    use_numba()
    import pymc as pm

    with pm.Model():
        root = lkj_root("partial", 3, 2.0)
        drawn = pm.draw(root, draws=4000, random_seed=1, mode="FAST_COMPILE")
    R = drawn @ np.swapaxes(drawn, 1, 2)
    np.testing.assert_allclose(np.diagonal(R, axis1=1, axis2=2), 1.0, atol=1e-12)
    for i, j in ((1, 0), (2, 0), (2, 1)):
        assert stats.kstest((R[:, i, j] + 1) / 2, stats.beta(2.5, 2.5).cdf).pvalue > 0.01
