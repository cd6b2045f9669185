"""The bootstrap on given resamples and the posterior's density: the same for the same respondents."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.bayes.cases import TWO, arrays, survey
from tests.bayes.latent.cases import MODELS, in_groups, model_of, moments_of, rows_in_groups
from tests.fuzz.budget import Law
from tests.fuzz.cases import Case, cases
from tests.fuzz.numbers import Numbers, numbers, same_numbers
from tests.fuzz.terminal import PREFIX
from werksem.bayes.latent.likelihood import log_likelihood as latent_density
from werksem.bayes.marginal import log_likelihood
from werksem.model import Model

KIND = "metamorphic"
SEEDS = st.integers(0, 2**32 - 1)
REPLICATES = 30


def _resampled(content: dict[str, Any], frame: pd.DataFrame, indices: np.ndarray) -> Numbers:
    """Return the bootstrap of these resamples (R, n) of the rows of a table."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as place:
        file = Path(place) / "indices.csv"
        pd.DataFrame(indices, columns=[f"d{at}" for at in range(indices.shape[1])]).to_csv(file, index=False)
        drawn = {
            "replicates": len(indices),
            "interval": "percentile",
            "scheme": "cases",
            "indices": str(file),
        }
        found = numbers(content | {"bootstrap": drawn}, frame, ("sem", "bootstrap"))
    rows = found.estimates[found.estimates.index.get_level_values("engine") == "bootstrap"]
    return Numbers(rows, found.fit, found.results)


def drawn_rows(given: tuple[Case, int]) -> None:
    """Respondents in another order, and the resamples with them: the same limits."""
    case, seed = given
    rng = np.random.default_rng(seed)
    frame = case.frame.dropna().reset_index(drop=True)
    n = len(frame)
    indices = rng.integers(0, n, (REPLICATES, n))
    order = rng.permutation(n)
    place = np.empty(n, dtype=int)
    place[order] = np.arange(n)
    before = _resampled(case.content, frame, indices)
    after = _resampled(case.content, frame.iloc[order], place[indices])
    same_numbers(before, after, ("est", "se", "ci_lower", "ci_upper", "std", "std_se"))


def drawn_items(given: tuple[Case, int]) -> None:
    """Answers turned round and declared so, and columns in another order: the same limits."""
    case, seed = given
    rng = np.random.default_rng(seed)
    frame = case.frame.dropna().reset_index(drop=True)
    indices = rng.integers(0, len(frame), (REPLICATES, len(frame)))
    low, high = case.made.scale
    turn = [item for own in case.made.items.values() for item in own if rng.random() < 0.5]
    blocks = {}
    for name, block in case.made.model["measurement"].items():
        declared = set(block.get("reversed", [])) ^ (set(turn) & set(block["items"]))
        blocks[name] = {**block, "reversed": [item for item in block["items"] if item in declared]}
    other = frame.assign(**{item: low + high - frame[item] for item in turn})
    other = other[list(rng.permutation(other.columns))]
    content = case.content | {"model": {**case.made.model, "measurement": blocks}}
    before, after = _resampled(case.content, frame, indices), _resampled(content, other, indices)
    same_numbers(before, after, ("est", "se", "ci_lower", "ci_upper", "std", "std_se"))


def density_of_scores(given: tuple[int, float, float]) -> None:
    """The density of the pooled regressions: rows, groups, labels, units, zero and sign of the scores."""
    seed, factor, shift = given
    rng = np.random.default_rng(seed)
    frame = survey(seed, {"Rijk": 40, "ZBO": 20, "GR": 9, "PR": 2})
    before = arrays(frame)
    gamma = 0.5 * rng.standard_normal((2, *before.varies.shape)) * _there(before)
    tau = rng.uniform(0.01, 0.6, gamma.shape) * before.varies
    sigma = rng.uniform(0.4, 1.5, gamma.shape[:2])
    density = log_likelihood(before, gamma, tau, sigma)
    labels = {"Rijk": "z", "ZBO": "9", "GR": "é", "PR": "all"}
    moved = frame.sample(frac=1, random_state=rng).assign(sector=lambda rows: rows["sector"].map(labels))
    np.testing.assert_allclose(log_likelihood(arrays(moved), gamma, tau, sigma), density, rtol=1e-11)
    # units: the outcome of the first regression predicts the second, so only its own density is per unit
    scaled = frame.assign(
        veilig=frame["veilig"] * factor + shift, betrokkenheid=frame["betrokkenheid"] * factor + shift
    )
    off = log_likelihood(arrays(scaled), gamma, tau, sigma) - density
    np.testing.assert_allclose(off, -len(frame) * np.log(factor), rtol=1e-7, atol=1e-6)
    turned = gamma.copy()
    turned[:, 0, 1] *= -1
    mirror = frame.assign(veilig=6 - frame["veilig"])
    np.testing.assert_allclose(log_likelihood(arrays(mirror), turned, tau, sigma), density, rtol=1e-11)


def _there(design: Any) -> np.ndarray:
    return np.concatenate([np.ones((len(TWO), 1), bool), design.path_of >= 0], axis=1)


def density_of_latents(given: tuple[str, int]) -> None:
    """The density of the latent-variable model: rows, order of groups, items turned round."""
    name, seed = given
    rng = np.random.default_rng(seed)
    model = model_of(MODELS[name])
    theta = in_groups(model, rng)
    rows, code = rows_in_groups(len(model.observed), rng)
    found = moments_of(rows, code)
    density = latent_density(model, theta, found.n, found.mean, found.cov)
    order = rng.permutation(len(rows))
    moved = moments_of(rows[order], code[order])
    again = latent_density(model, theta, moved.n, moved.mean, moved.cov)
    np.testing.assert_allclose(again, density, rtol=1e-10)
    groups = rng.permutation(4)
    swapped = moments_of(rows, np.argsort(groups)[code])
    np.testing.assert_allclose(
        latent_density(model, theta[groups], swapped.n, swapped.mean, swapped.cov),
        density[groups],
        rtol=1e-10,
    )
    items = _turnable(model)
    if items:
        item = str(rng.choice(items))
        at = model.observed.index(item)
        mirror = rows.copy()
        mirror[:, at] = 6 - mirror[:, at]
        turned = moments_of(mirror, code)
        np.testing.assert_allclose(
            latent_density(model, _turned(model, theta, item), turned.n, turned.mean, turned.cov),
            density,
            rtol=1e-9,
        )


def _turnable(model: Model) -> list[str]:
    """Return the items whose every loading, intercept and residual covariance is a parameter of its own."""
    rows = [(row, at) for row, at in zip(model.rows, model.free_of_row, strict=True) if row.op != "~~"]
    loads = {row.rhs for row, _ in rows if row.op == "=~"}
    fixed = {row.rhs if row.op == "=~" else row.lhs for row, at in rows if at < 0}
    return [name for name in model.observed if name in loads - fixed]


def _turned(model: Model, theta: np.ndarray, item: str) -> np.ndarray:
    """Return theta (G, q) of the model in which the item's answers are 6 minus what they were."""
    out = theta.copy()
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        if at < 0:
            continue
        sides = (row.lhs == item) + (row.rhs == item)
        if (row.op == "=~" and row.rhs == item) or (row.op == "~~" and sides == 1):
            out[:, at] = -theta[:, at]
        if row.op == "~1" and row.lhs == item:
            out[:, at] = 6 - theta[:, at]
    return out


WAYS = ("ML", "MLR", "FIML", "WLSMV", "groups", "ULS", "weights")
LAWS = (
    Law(
        "drawn_rows",
        KIND,
        "respondents in another order, resamples with them: the same limits",
        "bootstrap: ML, MLR, FIML, WLSMV, ULS, groups, weights",
        st.tuples(cases(WAYS, labels=False), SEEDS),
        drawn_rows,
        0,
        100,
    ),
    Law(
        "drawn_items",
        KIND,
        "items turned round and declared so, columns in another order: the same limits",
        "bootstrap: ML, MLR, FIML, WLSMV, ULS, groups, weights",
        st.tuples(cases(WAYS, labels=False), SEEDS),
        drawn_items,
        0,
        100,
    ),
    Law(
        "density_of_scores",
        KIND,
        "row order, labels, units, zero and sign of scores map the density of the posterior",
        "posterior on scale means",
        st.tuples(SEEDS, st.sampled_from((0.1, 2.0, 25.0)), st.sampled_from((-3.0, 0.0, 100.0))),
        density_of_scores,
        10,
        1000,
    ),
    Law(
        "density_of_latents",
        KIND,
        "row order, order of groups and items turned round map the density of the posterior",
        "posterior with latent variables",
        st.tuples(st.sampled_from(sorted(MODELS)), SEEDS),
        density_of_latents,
        20,
        2000,
    ),
)
