"""Effects: every route once, sums that add up, standardised values, the delta method."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cases import case, fitted, spec_of
from werksem.effects import defined_effects, quantity_values
from werksem.errors import SpecError
from werksem.inference.delta import complex_jacobian
from werksem.spec.formula import evaluate
from werksem.spec.structured import model_of
from werksem.spec.yaml import loads

SERIAL = """
model: serial
structural:
  m1: [x, z]
  m2: {m1: d, x: a2}
  y: [m1, m2, x]
effects: {enumerate: {from: [x, z], to: [y]}, twice: 2*d}
"""


def serial():
    return model_of(loads(SERIAL))


def test_every_directed_route_is_there_once() -> None:
    names = [effect.name for effect in defined_effects(serial())]
    assert len(names) == len(set(names))
    assert set(names) == {
        "x -> m1 -> m2 -> y", "x -> m1 -> y", "x -> m2 -> y", "total indirect: x -> y", "total: x -> y",
        "z -> m1 -> m2 -> y", "z -> m1 -> y", "total indirect: z -> y", "total: z -> y", "twice",
    }  # fmt: skip


def test_totals_equal_the_inverse_of_i_minus_b() -> None:
    """The total effect of x on y is the (y, x) cell of (I - B)^-1."""
    paths = {"m1~x": 0.3, "m1~z": 0.2, "d": 0.5, "a2": 0.1, "y~m1": 0.4, "y~m2": 0.6, "y~x": -0.2}
    order = ["x", "z", "m1", "m2", "y"]
    B = np.zeros((5, 5))
    cells = {
        "m1~x": (2, 0),
        "m1~z": (2, 1),
        "d": (3, 2),
        "a2": (3, 0),
        "y~m1": (4, 2),
        "y~m2": (4, 3),
        "y~x": (4, 0),
    }
    for name, cell in cells.items():
        B[cell] = paths[name]
    total = np.linalg.inv(np.eye(5) - B)
    effects = {effect.name: evaluate(effect.formula, paths) for effect in defined_effects(serial())}
    for source in ("x", "z"):
        expected = total[4, order.index(source)]
        assert effects[f"total: {source} -> y"] == pytest.approx(expected)
    assert effects["total indirect: x -> y"] == pytest.approx(effects["total: x -> y"] - paths["y~x"])
    assert effects["twice"] == 1.0


def test_unknown_ends_name_the_nearest() -> None:
    text = SERIAL.replace("from: [x, z]", "from: [m3]")
    with pytest.raises(SpecError, match="m3"):
        defined_effects(model_of(loads(text)))


def test_complex_steps_equal_differences() -> None:
    spec, model, _, _ = case("democracy")
    theta = fitted("democracy").theta

    def values(t):
        return np.concatenate(quantity_values(model, spec.effects, t), axis=-1)

    exact = complex_jacobian(values, theta)
    steps = 1e-6 * np.eye(len(theta))
    numeric = np.array([(values(theta + s) - values(theta - s)) / 2e-6 for s in steps]).T
    assert np.allclose(exact, numeric, atol=1e-7)


def test_quantities_broadcast_over_draws() -> None:
    spec, model, _, _ = case("democracy")
    theta = fitted("democracy").theta
    many = theta + np.random.default_rng(1).normal(0, 0.01, (4, len(theta)))
    raw, std = quantity_values(model, spec.effects, many)
    for k in range(4):
        one_raw, one_std = quantity_values(model, spec.effects, many[k])
        assert np.allclose(raw[k], one_raw)
        assert np.allclose(std[k], one_std)


def test_formula_keeps_to_arithmetic() -> None:
    with pytest.raises(SpecError):
        spec_of("y ~ a*x\nbad := __import__('os')")
