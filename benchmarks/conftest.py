"""One BLAS thread, and the cases every benchmark shares."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest

from benchmarks.parts import Parts, parts_of
from werksem.bench.case import Case, case_of
from werksem.bench.chain import answers, chain_model
from werksem.model import build_model
from werksem.spec.load import load_model


@pytest.fixture(scope="session", params=[2_000, 10_000, 40_000], ids="n={:,}".format)
def chain(request: pytest.FixtureRequest) -> Case:
    return case_of(chain_model(), answers(request.param))


@pytest.fixture(scope="session")
def parts(chain: Case) -> Parts:
    return parts_of(chain)


@pytest.fixture(scope="session", params=["holzinger", "democracy"])
def classic(request: pytest.FixtureRequest) -> Case:
    from semopy.examples import holzinger39, political_democracy

    source = {"holzinger": holzinger39, "democracy": political_democracy}[request.param]
    model = build_model(load_model({"model": request.param, "syntax": source.get_model()}))
    return case_of(model, source.get_data()[list(model.observed)].to_numpy(dtype=np.float64))
