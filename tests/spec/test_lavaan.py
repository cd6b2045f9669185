"""lavaan syntax: what each line means (checked against lavaan 0.6 by hand), and what it may not say."""

from __future__ import annotations

import pytest

from werksem.errors import SpecError
from werksem.spec.lavaan import parse_lavaan
from werksem.spec.load import load_model
from werksem.spec.types import Statement
from werksem.spec.yaml import Origin


def lines(text: str) -> list[str]:
    return [f"{line.lhs} {line.op} {line.rhs}".strip() for line in parse_lavaan(text).terms]


def only(text: str) -> Statement:
    return load_model({"syntax": text}).statements[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f =~ x1 + x2", ["f =~ x1", "f =~ x2"]),
        ("f=~x1+x2;g=~y1", ["f =~ x1", "f =~ x2", "g =~ y1"]),
        ("f =~ x1 +\n  x2\n  + x3", ["f =~ x1", "f =~ x2", "f =~ x3"]),
        ("f =~\n  x1\n\n  + x2", ["f =~ x1", "f =~ x2"]),
        ("f\n  ~ z", ["f ~ z"]),
        ("# first\nf =~ x1 # + x9\n! whole line\n  + x2 ! rest\n\n", ["f =~ x1", "f =~ x2"]),
        ("x1 + x2 ~~ y", ["x1 ~~ y", "x2 ~~ y"]),
        ("x1 ~~ x1 + x2", ["x1 ~~ x1", "x1 ~~ x2"]),
        ("y1 + y2 ~ x + z", ["y1 ~ x", "y1 ~ z", "y2 ~ x", "y2 ~ z"]),
        ("y ~ 1", ["y ~1"]),
        ("y ~1", ["y ~1"]),
        ("y ~ 1 + x", ["y ~1", "y ~ x"]),
        ("x + z ~ 1", ["x ~1", "z ~1"]),
        ("y ~ c(a, b)*1", ["y ~1"]),
        ("y.a ~ .x + x_1.b", ["y.a ~ .x", "y.a ~ x_1.b"]),
        ("één ~ ü", ["één ~ ü"]),
        ("", []),
        ("# nothing\n", []),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("term", "fixed", "label", "start", "free"),
    [
        ("x", (), (), (), False),
        ("1*x", (1.0,), (), (), False),
        ("-.5*x", (-0.5,), (), (), False),
        ("2.5e-1*x", (0.25,), (), (), False),
        ("1/4*x", (0.25,), (), (), False),
        ("sqrt(4)*x", (2.0,), (), (), False),
        ("a*x", (), ("a",), (), False),
        ('"my label"*x', (), ("my label",), (), False),
        ("'b'*x", (), ("b",), (), False),
        ('label("b")*x', (), ("b",), (), False),
        ("NA*x", (), (), (), True),
        ("start(0.8)*x", (), (), (0.8,), False),
        ("0.8?x", (), (), (0.8,), False),
        ("start(0.8)*x + a*x", (), ("a",), (0.8,), False),
        ("a*x + start(0.8)*x", (), ("a",), (0.8,), False),
        ("start(0.8)*a*x", (), ("a",), (0.8,), False),
        ("NA*x + a*x", (), ("a",), (), True),
        ("c(a, b)*x", (), ("a", "b"), (), False),
        ('c("a", "b")*x', (), ("a", "b"), (), False),
        ('label(c("a", "b"))*x', (), ("a", "b"), (), False),
        ("c(1, NA)*x", (1.0, None), (), (), True),
        ("c(NA, NA)*x", (), (), (), True),
        ("c(0.5, -1)*x", (0.5, -1.0), (), (), False),
        ("c(a, NA)*x", (), ("a", None), (), False),
        ("c(1, a)*x", (1.0, None), (None, "a"), (), False),
        ("start(c(0.1, 0.2))*x", (), (), (0.1, 0.2), False),
        ("start(0.1, NA)*x", (), (), (0.1, None), False),
        ("c(a, b)*x + start(c(1, 2))*x", (), ("a", "b"), (1.0, 2.0), False),
    ],
)
@pytest.mark.parametrize("op", ["=~", "~", "~~"])
def test_modifiers(
    op: str, term: str, fixed: tuple[float, ...], label: tuple[str, ...], start: tuple[float, ...], free: bool
) -> None:
    found = only(f"f {op} {term}")
    assert (found.lhs, found.op, found.rhs) == ("f", op, "x")
    assert (found.fixed, found.label, found.start, found.free) == (fixed, label, start, free)


def test_fixed_intercepts() -> None:
    assert only("y ~ 0*1") == Statement("y", "~1", "", fixed=(0.0,))
    assert only("y ~ 0") == Statement("y", "~1", "", fixed=(0.0,))
    assert only("y ~ m*1") == Statement("y", "~1", "", label=("m",))


def test_equal_gives_both_parameters_one_label() -> None:
    statements = load_model({"syntax": 'f =~ x1 + x2 + x3 + equal("f =~ x2")*x4'}).statements
    assert [s.label for s in statements] == [(), ("f=~x2",), (), ("f=~x2",)]
    statements = load_model({"syntax": "f =~ x1 + a*x2 + equal('f=~x2')*x3 + equal(a)*x4"}).statements
    assert [s.label for s in statements] == [(), ("a",), ("a",), ("a",)]


def test_definitions_and_constraints() -> None:
    model = load_model(
        {
            "syntax": "y ~ b*m + c*x\nm ~ a*x\ntotal := c +\n  ind  # both\n"
            "ind := a*b\na == b^2; c > 0\n0.5 < a"
        }
    )
    assert [(e.name, e.text) for e in model.effects] == [("total", "c + ind"), ("ind", "a*b")]
    assert [(c.op, c.text) for c in model.constraints] == [
        ("==", "a == b^2"),
        (">", "c > 0"),
        ("<", "0.5 < a"),
    ]


def test_scales_come_from_measurement_lines() -> None:
    scales = load_model({"syntax": "f =~ x1 + x2\ng =~ x2 + x3\nh =~ f + g"}).scales
    assert [(s.name, s.items, s.scale) for s in scales] == [
        ("f", ("x1", "x2"), None),
        ("g", ("x2", "x3"), None),
        ("h", ("f", "g"), None),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f =~ x1 + x2 +", "m:1:3: a name is missing beside + or *"),
        ("y ~ x ++ z", "m:1:3: a name is missing"),
        ("y ~ a*", "m:1:3: a name is missing"),
        ("=~ x", "m:1:1: nothing stands to the left of =~"),
        ("f =~", "m:1:3: nothing stands to the right of =~"),
        ("y ~ x\nf", "m:2:1: 'f' has no operator; right are =~ ~ ~~ := == < >"),
        ("f =~ x1 x2", "m:1:6: expected a name, found 'x1 x2'; is a + or * missing?"),
        ("f =~ x1\nx2 + x3", "m:2:1: 'x2 + x3' has no operator"),
        ("f =~ x1 + g ~ x2", "m:1:13: a second operator ~ in one statement"),
        ("f =~ x1 +\ng =~ x2", "m:2:3: a second operator =~ in one statement; is a line break or + missing"),
        ("f = x1", 'm:1:3: found "=", right is one of =~ ~ ~~ := == < >'),
        ("y ~ x - 1", "m:1:5: found 'x - 1'; terms are added with +, none are taken away"),
        (
            "y ~ x + x:z",
            "m:1:9: found 'x:z'; write an interaction as a column under data.derive: product(a, b)",
        ),
        ("y ~ a*(x + z)", "m:1:7: found '(x + z)'; write one modifier per term"),
        ("y ~ c(a, b*x\nz ~ x", "m:1:6: this ( is not closed"),
        ("y ~ x)", "m:1:6: this ) closes nothing"),
        ("y | t1", "m:1:3: thresholds (|) are not supported"),
        ("f <~ x", "m:1:3: formative constructs (<~) are not supported"),
        ("x ~*~ x", "m:1:3: response scaling (~*~) is not supported"),
        ("level: 1\ny ~ x", "m:1:1: level: blocks are not supported"),
        ("group: 1\ny ~ x", "m:1:1: group: blocks are not supported; use c(a, b)* for groups"),
        ("a >= 1", "m:1:3: write > for an inequality constraint"),
        ("y ~ lower(0)*x", "m:1:5: lower(): bounds are not supported"),
        ("y ~ prior('n')*x", "m:1:5: prior(): priors belong in the study file"),
        (
            "y ~ strt(1)*x",
            'm:1:5: unknown modifier strt(); right are c(), start(), label(), equal(); did you mean "start"?',
        ),
        ("y ~ start(a)*x", "m:1:5: start() takes numbers, found 'a'"),
        ("y ~ label(1)*x", 'm:1:5: label() takes a name in quotes: label("a")'),
        ("y ~ c()*x", "m:1:5: c() is empty"),
        ("y ~ c(a,,b)*x", "m:1:7: an entry is missing in 'a,,b'"),
        ("y ~ equal(a, b)*x", "m:1:5: equal() takes one parameter"),
        ("y ~ 2*3*x", "m:1:5: one term is given a value twice"),
        ("y ~ a*x + b*x", "m:1:11: one term is given a label twice"),
        ("y ~ NA*x + 1*x", "m:1:12: one term is both fixed and free (NA)"),
        ("y ~ x + x", "m:1:9: x stands twice to the right of ~"),
        ("y ~ 2x", "m:1:5: expected a name, found '2x'"),
        ("y ~ 3", "m:1:5: expected a name, found '3'"),
        ("f =~ 1", "m:1:6: expected a name, found '1'"),
        ("y ~ *x", "m:1:5: nothing stands before *"),
        ("a + b := c", "m:1:1: left of := stands one name, found 'a + b'"),
        ("a == b == c", "m:1:8: a second operator == in one statement"),
        ("y ~ 'q*x", "m:1:5: a quote (') that is not closed on its line"),
        ("y ~ x @ z", "m:1:7: cannot read '@' in lavaan syntax"),
    ],
)
def test_one_message_per_mistake(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_lavaan(text, Origin("m"))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f =~ x1 + x2\nf =~ x2", '"f =~ x2" is stated twice'),
        ("x ~~ y\ny ~~ x", '"y ~~ x" is stated twice'),
        ("y ~ 1\ny ~ 1 + x", '"y ~1" is stated twice'),
        ("y ~ a*x\nb := a\nb := 2*a", '"b" is defined twice'),
        ("y ~ a*x\nb := aa*2", 'uses "aa", which labels no parameter'),
        ("y ~ a*x\na == 2*bb", 'uses "bb", which labels no parameter'),
        ("y ~ x\nz ~ equal('y~w')*w", 'equal("y~w"): no such parameter in the model; did you mean "y~x"?'),
        ("f =~ f", 'the construct "f" has itself as an item'),
        ("y ~ c(a, b)*x + c(1, 1, 2)*z", "c(…) has 3 entries here and 2 before"),
        ("y ~ a*x\ni := a*", "cannot read the formula 'a*'"),
        ("# nothing", "the model says nothing"),
    ],
)
def test_mistakes_of_the_whole_model(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        load_model({"syntax": text})
    assert message in str(caught.value)
