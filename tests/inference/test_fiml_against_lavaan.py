"""Every number of a FIML fit beside lavaan's (``tests/reference/lavaan_fiml.R`` remakes them)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.cases import REFERENCE
from tests.fiml_cases import CASES, blank_data, fiml_case, fiml_data, fiml_fitted
from werksem.effects import quantities, quantity_values
from werksem.inference.delta import complex_jacobian
from werksem.inference.fiml import FimlInference, fiml_inference
from werksem.inference.vcov import standard_errors

# lavaan stops at a relative change of 1e-10 of its function, which leaves 1e-4 in small samples
ESTIMATE = 2e-4
ERROR = 2e-3
ESTIMATES = pd.read_csv(REFERENCE / "lavaan_fiml_estimates.csv", keep_default_na=False, na_values="NA")
FIT = pd.read_csv(REFERENCE / "lavaan_fiml_fit.csv")
VARIANTS = list(ESTIMATES[["model", "variant"]].drop_duplicates().itertuples(index=False, name=None))


@cache
def inferred(name: str, variant: str) -> FimlInference:
    _, model = fiml_case(name)
    weighted = variant == "weights"
    clusters = [blank_data(name).team.to_numpy()] if variant == "cluster" else None
    return fiml_inference(
        model, fiml_data(name, weighted), fiml_fitted(name, weighted), clusters=clusters,
        information="expected" if variant == "expected" else "observed",
        robust=variant in ("MLR", "weights"),
    )  # fmt: skip


def test_every_case_has_its_reference() -> None:
    assert {name for name, _ in VARIANTS} == set(CASES)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_estimates_equal_lavaan(name: str, variant: str) -> None:
    spec, model = fiml_case(name)
    fit = fiml_fitted(name, variant == "weights")
    raw, std = quantity_values(model, spec.effects, fit.theta)
    jacobian = complex_jacobian(lambda t: quantities(model, spec.effects, t), fit.theta)
    se = standard_errors(inferred(name, variant).vcov, jacobian)
    keys = [(row.group + 1, row.lhs, row.op, row.rhs) for row in model.rows]
    keys += [(0, effect.name, ":=", effect.text) for effect in spec.effects]
    K, compared = len(keys), 0
    wanted = ESTIMATES[(ESTIMATES.model == name) & (ESTIMATES.variant == variant) & (ESTIMATES.op != "==")]
    for row in wanted.itertuples():
        k = next(
            k for k, key in enumerate(keys)
            if key[1:3] == (row.lhs, row.op)
            and (row.op == ":=" or (key[0] == row.group and key[3] == ("" if row.op == "~1" else row.rhs)))
        )  # fmt: skip
        assert raw[k] == pytest.approx(row.est, abs=ESTIMATE, rel=2e-4), keys[k]
        assert se[k] == pytest.approx(row.se, abs=2e-6, rel=ERROR), keys[k]
        if not np.isnan(row.est_std):
            assert std[k] == pytest.approx(row.est_std, abs=ESTIMATE, rel=2e-4), keys[k]
            assert se[K + k] == pytest.approx(row.est_std_se, abs=5e-5, rel=ERROR), keys[k]
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_fit_measures_equal_lavaan(name: str, variant: str) -> None:
    found = inferred(name, variant).measures
    wanted = FIT[(FIT.model == name) & (FIT.variant == variant)]
    assert len(wanted) >= 20
    for row in wanted.itertuples():
        ours = found[row.measure.replace(".", "_")]
        # lavaan cuts weighted sizes of groups to whole numbers on its way to the robust measures
        cut = (name, variant) == ("fiml_groups", "weights") and "robust" in row.measure
        assert ours == pytest.approx(row.value, abs=5e-4 if cut else 2e-4, rel=5e-6), row.measure


def test_published_chi_square_of_bfi() -> None:
    found = inferred("fiml_bfi", "ML").measures
    assert (round(found["chisq"], 3), found["df"], found["ntotal"]) == (4674.263, 265, 2800)
