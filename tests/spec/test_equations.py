"""What a model asks of the data: regressions and columns."""

from __future__ import annotations

import pytest

from werksem.errors import SpecError
from werksem.spec.equations import constructs, equations, observed_names, residual_pairs
from werksem.spec.load import load_model
from werksem.spec.types import Equation

MODEL = "y ~ b*f + z\nf =~ x1 + x2\ng =~ f + x3\nz ~ c(p, q)*w + 0.5*v\ny ~ w\nx1 ~~ u\nt ~ 1"


def test_equations_are_grouped_by_outcome() -> None:
    assert equations(load_model({"syntax": MODEL})) == (
        Equation("y", ("f", "z", "w"), ("b", "y~z", "y~w")),
        Equation("z", ("w", "v"), ("z~w", "z~v")),
    )


def test_one_label_for_all_groups_names_the_parameter() -> None:
    assert equations(load_model({"syntax": "y ~ c(a, a)*x"}))[0].parameters == ("a",)


def test_observed_names_leave_constructs_out() -> None:
    model = load_model({"syntax": MODEL})
    assert constructs(model) == ("f", "g")
    assert observed_names(model) == ("x1", "x2", "x3", "y", "z", "w", "v", "u", "t")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("y ~ x; z ~ x; w ~ x", (("y", "z"), ("y", "w"), ("z", "w"))),
        ("y ~ m; z ~ x; m ~ x", (("y", "z"),)),
        ("y ~ x; z ~ x; z ~~ 0*y", ()),
        ("y ~ x; x ~~ z; y ~~ y", ()),
        ("y ~ m; m ~ x; m ~~ r*y", (("m", "y"),)),
    ],
)
def test_residuals_covary_as_in_lavaan(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert residual_pairs(load_model({"syntax": text})) == pairs


def test_a_covariance_held_at_a_number_is_refused() -> None:
    with pytest.raises(SpecError, match=r"cannot hold the covariance of 'y' and 'z' at 0\.3"):
        residual_pairs(load_model({"syntax": "y ~ x; z ~ x; y ~~ 0.3*z"}))
