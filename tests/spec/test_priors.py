"""Priors as text."""

from __future__ import annotations

import pytest

from werksem.spec.priors import FAMILIES, Prior, parse_prior


@pytest.mark.parametrize(
    ("text", "prior"),
    [
        ("normal(0, 2)", Prior("normal", (0.0, 2.0), False)),
        (" Normal( -1 ,.5 ) ", Prior("normal", (-1.0, 0.5), False)),
        ("halfnormal(1e-1)", Prior("halfnormal", (0.1,), True)),
        ("student_t(3, 0, 2.5)", Prior("student_t", (3.0, 0.0, 2.5), False)),
    ],
)
def test_priors(text: str, prior: Prior) -> None:
    assert parse_prior(text) == prior


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_family_counts_its_numbers(family: str) -> None:
    names, positive = FAMILIES[family]
    text = f"{family}({', '.join(str(at + 1) for at in range(len(names)))})"
    assert parse_prior(text) == Prior(family, tuple(float(at + 1) for at in range(len(names))), positive)
    with pytest.raises(ValueError, match="with numbers"):
        parse_prior(text.replace(")", ", 9)"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("normal", "right is a prior such as normal"),
        ("norml(0, 1)", 'found the prior "norml"'),
        ("normal(0, a)", r"right is normal\(mean, sd\) with numbers"),
        ("normal(0, 0)", "sd must be above 0"),
        ("halfnormal(-1)", "sd must be above 0"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_prior(text)
