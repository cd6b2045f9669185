"""Parameters drawn from the priors of regressions on scale means, without a compiler or a sampler."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from werksem.bayes.block import Block
from werksem.bayes.design import Design
from werksem.bayes.lkj import beta_shapes, pairs_of
from werksem.bayes.prior_numbers import draw_prior, is_proper
from werksem.bayes.priors import DEFAULTS
from werksem.bayes.sample import Sampled
from werksem.errors import SpecError
from werksem.spec.priors import Prior, parse_prior

__all__ = ["prior_sampled"]

Array = NDArray[np.float64]


def prior_sampled(design: Design, draws: int, rng: np.random.Generator) -> Sampled:
    """Return draws from the priors, in the units of the model and in the form of a sampler's.

    Raises ``SpecError`` for a prior that is no distribution: nothing can be drawn from a flat one.
    """
    stated = (*design.path_priors, *(p for p in design.mean_priors if p), *design.sd_priors,
              *design.between_priors, *design.nested_priors)  # fmt: skip
    flat = next((prior for prior in stated if not is_proper(prior)), None)
    if flat is not None:
        raise SpecError(
            f"nothing can be drawn from {flat.family}(); right is a proper prior, or truths of the posterior",
            where="bayes.priors",
        )
    path = np.column_stack([draw_prior(prior, draws, rng) for prior in design.path_priors])
    values = {
        "path": path, "intercept": _intercepts(design, path, rng),
        "residual_sd": _columns(design.sd_priors, draws, rng),
        "between_sd": _columns(design.between_priors, draws, rng),
        "nested_sd": _columns(design.nested_priors, draws, rng),
        "residual_correlation": _residuals(design, draws, rng),
        "between_correlation": _deviations(design, [len(b.varies) for b in design.blocks], draws, rng),
        "nested_correlation": _deviations(design, [len(b.nested) for b in design.blocks], draws, rng),
    }  # fmt: skip
    kept = {name: value[None] for name, value in values.items() if value.shape[1]}
    return Sampled(kept, {}, 0.0, "prior", {})


def _columns(priors: Sequence[Prior], draws: int, rng: np.random.Generator) -> Array:
    found = [draw_prior(prior, draws, rng) for prior in priors]
    return np.column_stack(found) if found else np.zeros((draws, 0))


def _intercepts(design: Design, path: Array, rng: np.random.Generator) -> Array:
    """Return (draws, E) intercepts at the grand means; a user's prior is of the raw one."""
    known = design.path_of >= 0
    slopes = path[:, np.where(known, design.path_of, 0)] * (design.ratio * known)
    offset = (slopes * (design.mean_x / design.scale_x)).sum(-1) - design.mean_y / design.scale_y
    default = parse_prior(DEFAULTS["means"])
    columns = [
        draw_prior(default, len(path), rng)
        if prior is None
        else draw_prior(prior, len(path), rng) + offset[:, e]
        for e, prior in enumerate(design.mean_priors)
    ]
    return np.column_stack(columns)


def _residuals(design: Design, draws: int, rng: np.random.Generator) -> Array:
    eta = design.residual_prior.parameters[0]
    found = [np.zeros((draws, 0))]
    for block in design.blocks:
        if block.pairs and block.complete:
            i, j = np.array(block.pairs).T
            found.append(_lkj(len(block.members), eta, draws, rng)[:, j, i])
        elif block.pairs:
            found.append(_sparse(block, eta, draws, rng))
    return np.concatenate(found, axis=1)


def _deviations(design: Design, sizes: list[int], draws: int, rng: np.random.Generator) -> Array:
    found = [np.zeros((draws, 0))]
    for size in sizes if design.between_prior is not None else ():
        if size > 1 and design.between_prior is not None:
            i, j = pairs_of(size).T
            found.append(_lkj(size, design.between_prior.parameters[0], draws, rng)[:, i, j])
    return np.concatenate(found, axis=1)


def _lkj(size: int, eta: float, draws: int, rng: np.random.Generator) -> Array:
    """Return (draws, size, size) correlation matrices of density ∝ |R|^(eta - 1), by partial correlations."""
    shape = beta_shapes(size, eta)
    partial = 2 * rng.beta(shape, shape, (draws, len(shape))) - 1
    L = np.zeros((draws, size, size))
    L[:, 0, 0] = 1.0
    left = np.ones((draws, size))
    for (i, j), z in zip(pairs_of(size).tolist(), partial.T, strict=True):
        L[:, i, j] = z * np.sqrt(left[:, i])
        left[:, i] *= 1 - z**2
        L[:, i, i] = np.sqrt(left[:, i])
    return np.asarray(L @ np.swapaxes(L, 1, 2))


def _sparse(block: Block, eta: float, draws: int, rng: np.random.Generator) -> Array:
    """Return (draws, pairs) correlations, all others 0, of density ∝ |R|^(eta - 1): by rejection."""
    if eta < 1:
        raise SpecError(
            f"no truths from lkj({eta:g}) where some residuals do not covary; right is lkj(1) or more",
            where="bayes.priors.residual_correlation",
        )
    i, j = np.array(block.pairs).T
    kept: list[Array] = []
    while len(kept) < draws:
        rho = rng.uniform(-1, 1, len(i))
        R = np.eye(len(block.members))
        R[i, j] = R[j, i] = rho
        least = float(np.linalg.eigvalsh(R)[0])
        if least > 0 and rng.random() < float(np.linalg.det(R)) ** (eta - 1):
            kept.append(rho)
    return np.stack(kept)
