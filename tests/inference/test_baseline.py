"""The baseline model of CFI and TLI."""

from __future__ import annotations

from tests.cases import spec_of
from werksem.inference.baseline import baseline_model
from werksem.model import build_model


def test_variables_keep_the_order_of_the_model() -> None:
    # w is random because its variance is in the model, z stays fixed: moments are matched by place
    model = build_model(spec_of("f =~ x1 + x2 + x3\nf ~ z + w\nw ~~ w", "mixed"))
    assert model.fixed_x == ("z",)
    base = baseline_model(model)
    assert base.observed == model.observed
    assert base.fixed_x == model.fixed_x
    assert base.npar == 4
