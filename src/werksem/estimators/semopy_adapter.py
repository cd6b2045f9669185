"""semopy, behind one door: it estimates, and nothing else of what it prints is used.

Its optimum stops short (about 1e-3), so it serves as a start and a visible cross-check; standard
errors, fit and standardised values are ours.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from werksem.model import Model
from werksem.moments import Moments, select
from werksem.rows import Row

__all__ = ["model_text", "reason_against", "semopy_estimates", "silent_log", "table_theta"]

Array = NDArray[np.float64]


def reason_against(model: Model) -> str:
    """Return why semopy cannot fit this model, empty where it can."""
    if len(model.groups) > 1:
        return "more than one group"
    if model.mean_structure and not _means_free(model):
        return "a mean structure"
    if model.constraints:
        return "constraints"
    if model.fixed_x:
        return "observed predictors taken as they are"
    return ""


def _means_free(model: Model) -> bool:
    """Return whether the means are saturated: each observed one free by itself, each latent one 0."""
    means = [row for row in model.rows if row.op == "~1"]
    free = all(row.free and not row.label for row in means if row.lhs not in model.latent)
    fixed = all(not row.free and row.value == 0 for row in means if row.lhs in model.latent)
    observed = {row.lhs for row in means} >= set(model.observed)
    # a mean of an explained variable is an intercept, which semopy does not give
    return free and fixed and observed and not set(model.eta) & set(model.observed)


def model_text(model: Model) -> str:
    """Return the whole parameter table in semopy's syntax, nothing left to its defaults."""
    rows = [row for row in model.rows if row.op != "~1"]
    return "\n".join(f"{row.lhs} {row.op} {_modifier(row)}{row.rhs}" for row in rows)


def _modifier(row: Row) -> str:
    if not row.free:
        return f"{row.value:.12g}*"
    return f"{row.label}*" if row.label else ""


def semopy_estimates(model: Model, moments: Sequence[Moments]) -> Array | None:
    """Return semopy's ML estimates (q,) of a single-group model, None where it fails."""
    import pandas as pd
    import semopy

    data = select(moments[0], model.observed)
    cov = pd.DataFrame(data.cov, index=data.names, columns=data.names)
    with warnings.catch_warnings(), silent_log():
        warnings.simplefilter("ignore")
        try:
            fitted = semopy.Model(model_text(model))
            fitted.fit(cov=cov, n_samples=int(data.n), obj="MLW")
            table = fitted.inspect(information=None)  # estimates: its standard errors are not used
        # semopy raises whatever its parser or optimiser met; the reader learns of it in the diagnostics
        except (
            ArithmeticError,
            KeyError,
            LookupError,
            RuntimeError,
            SyntaxError,
            ValueError,
            np.linalg.LinAlgError,
        ):
            return None
    return table_theta(model, table, dict(zip(data.names, data.mean, strict=True)))


@contextmanager
def silent_log() -> Iterator[None]:
    """Keep semopy's own remarks (through the root logger) off the reader's screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def table_theta(model: Model, table: object, means: dict[str, float]) -> Array | None:
    """Return the estimates in the order of theta; semopy writes ``f =~ x`` as ``x ~ f``.

    Free means are those of the sample, which is where a saturated mean structure puts them.
    """
    found = {}
    for lhs, op, rhs, value in table[["lval", "op", "rval", "Estimate"]].itertuples(index=False):  # type: ignore[index]
        found[lhs, op, rhs] = value
        if op == "~~":
            found[rhs, op, lhs] = value
    theta = np.full(len(model.parameters), np.nan)
    for row, at in zip(model.rows, model.free_of_row, strict=True):
        key = (row.rhs, "~", row.lhs) if row.op == "=~" else (row.lhs, row.op, row.rhs)
        if at >= 0 and row.op == "~1":
            theta[at] = means[row.lhs]
        elif at >= 0 and key in found:
            theta[at] = float(found[key])
    return theta if np.isfinite(theta).all() else None
