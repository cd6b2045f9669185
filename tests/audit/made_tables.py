"""Published tables made from data: what a careful author would print, and the truth behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

from werksem.audit.read import table_of
from werksem.audit.table import Table
from werksem.spec.document import Document


def table(outcomes: dict[str, Any], betas: list[dict[str, Any]], **keys: Any) -> Table:
    """Return a table of plain data."""
    return table_of(Document({"published": "made", "outcomes": outcomes, "betas": betas, **keys}))


def printed(seed: int, *, n: int = 300, k: int = 4, outcomes: int = 3) -> tuple[dict[str, Any], np.ndarray]:
    """Return the table that least squares on drawn data gives, printed to three decimals, and the true VIFs.

    The t distribution comes from statsmodels, so nothing here is the audit's own.
    """
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(k, k))
    x = rng.normal(size=(n, k)) @ (np.eye(k) + 0.5 * mixing)
    x = (x - x.mean(0)) / x.std(0)
    found: dict[str, Any] = {"published": f"seed {seed}", "outcomes": {}, "betas": []}
    for number in range(outcomes):
        y = x @ rng.normal(0, 0.15, k) + rng.normal(size=n)
        fit = sm.OLS((y - y.mean()) / y.std(), sm.add_constant(x)).fit()
        found["outcomes"][f"y{number}"] = {"n": n, "adj_r2": round(float(fit.rsquared_adj), 3)}
        found["betas"] += [
            {"lhs": f"y{number}", "rhs": f"x{j}", "beta": round(float(b), 3), "stars": mark(float(p))}
            for j, (b, p) in enumerate(zip(fit.params[1:], fit.pvalues[1:], strict=True))
        ]
    found["decimals"] = {"beta": 3, "r2": 3}
    return found, np.diag(np.linalg.inv(np.atleast_2d(np.corrcoef(x.T))))


def mark(p: float) -> str:
    return "***" if p <= 0.001 else "**" if p <= 0.01 else "*" if p <= 0.05 else ""
