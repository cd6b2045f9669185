"""Effects of quantities on hand-made draws: parameters by group, one for all groups, and absent groups."""

from __future__ import annotations

import numpy as np
import pytest

from werksem.bayes.effect_quantities import effect_quantities, usable_effects
from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.bayes.rows import estimate_rows
from werksem.spec.formula import parse
from werksem.spec.types import Effect

A = np.array([[1.0, 2.0, np.nan], [3.0, 4.0, np.nan]])
SHARE = np.array([0.25, 0.25, 0.5])
BOTH = np.array([True, True, False])
EFFECTS = (Effect("ind", parse("a * l")), Effect("two", parse("l + 1")))


def quantities() -> tuple[Quantity, Quantity]:
    a = Scaled(A, np.array([1.5, 3.5]), np.array([1.0, 2.0]), np.array([0.0, 9.0]))
    shared = Scaled(everyone=np.array([2.0, 10.0]))
    return (
        Quantity("a", "m", "~", "x", "a", a, a, a, BOTH, True),
        Quantity("l", "m", "=~", "i", "l", shared, shared, shared, np.ones(3, bool), False),
    )


def test_a_parameter_that_is_one_for_all_groups_goes_with_each() -> None:
    found = effect_quantities(quantities(), SHARE, EFFECTS)[0]
    assert found.raw.group is not None
    np.testing.assert_array_equal(found.raw.group[:, :2], [[2, 4], [30, 40]])
    # by share among the groups that have it, here one half each
    np.testing.assert_allclose(found.raw.everyone, [3, 35])
    np.testing.assert_allclose(found.std.everyone, [3, 35])
    np.testing.assert_allclose(found.raw.typical, [2, 20])
    np.testing.assert_allclose(found.raw.new, [0, 90])
    assert (found.present.tolist(), found.varies, found.op) == ([True, True, False], True, ":=")


def test_an_effect_of_shared_parameters_alone_is_the_same_in_every_group() -> None:
    found = effect_quantities(quantities(), SHARE, EFFECTS)[1]
    np.testing.assert_array_equal(found.raw.group, [[3, 3, 3], [11, 11, 11]])
    np.testing.assert_allclose(found.raw.everyone, [3, 11])
    assert not found.varies


def test_rows_leave_out_absent_groups_and_shared_values() -> None:
    found = quantities()
    pooled = Pooled(
        "latent", 1, ("g", "h", "k"), np.ones(3), SHARE, (*found, *effect_quantities(found, SHARE, EFFECTS))
    )
    rows = [(row["group"], row["lhs"], row["op"]) for row in estimate_rows(pooled, "ok")]
    assert rows == [
        ("all", "m", "~"), ("all", "m", "=~"), ("all", "ind", ":="), ("all", "two", ":="),
        ("g", "m", "~"), ("g", "ind", ":="), ("g", "two", ":="),
        ("h", "m", "~"), ("h", "ind", ":="), ("h", "two", ":="), ("k", "two", ":="),
        ("typical", "m", "~"), ("typical", "ind", ":="), ("typical", "two", ":="),
    ]  # fmt: skip
    typical = next(row for row in estimate_rows(pooled, "rhat") if row["group"] == "typical")
    assert (typical["est"], typical["status"]) == (1.5, "rhat")
    assert typical["ci_upper"] == pytest.approx(9 * 0.975)
    assert typical["method"] == "equal-tailed, of a new group"


def test_an_effect_of_unknown_parameters_is_left_out_and_said() -> None:
    used, said = usable_effects(["a"], EFFECTS, "scores")
    assert used == ()
    assert said[0] == "bayes: effect 'ind' is left out, level scores has no l"
