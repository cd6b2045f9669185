"""What ML estimates from infinitely many respondents: the model fitted to the exact item covariances.

Five-point items are not quite linear in their latents, so these values differ from the regressions
among the latents themselves, here by less than .01.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from werksem.estimators.ml import fit_ml
from werksem.implied import standardised
from werksem.model import build_model
from werksem.moments import Moments, select
from werksem.spec.load import load_model
from werksem.survey.exact import exact_moments, item_constructs
from werksem.survey.population import Population


def sem_rows(population: Population, file: Path, sectors: Sequence[str], n: int) -> list[list[Any]]:
    """Return [sem, all, model, lhs, rhs, b, beta] of a model file's paths, b in marker scaling."""
    spec = load_model(file)
    model = build_model(spec)
    units = item_constructs(population, [scale.name for scale in spec.scales])
    exact = exact_moments(population, sectors=sectors, constructs=units)
    moments = select(Moments(exact.names, float(n), exact.mean, exact.cov), model.observed)
    fit = fit_ml(model, [moments])
    if fit.status != "ok":
        raise SystemExit(f"{file.name}: {fit.status}")
    beta = np.asarray(standardised(model, fit.theta))
    return [
        ["sem", "all", file.stem, row.lhs, row.rhs, round(float(fit.theta[at]), 5), round(float(beta[i]), 5)]
        for i, (row, at) in enumerate(zip(model.rows, model.free_of_row, strict=True))
        if row.op == "~"
    ]
