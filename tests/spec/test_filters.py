"""Row filters and derived columns: three-valued logic, arithmetic, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from werksem.errors import SpecError
from werksem.spec.filters import columns, derive, parse_filter, rows

FRAME = pd.DataFrame(
    {
        "sector": ["Rijk", " Rijk ", "Gemeenten", None, "Rechterlijke macht"],
        "age": [20.0, 30.0, np.nan, 50.0, 60.0],
        "score": [1, 2, 3, 4, 5],
        "flag": [True, False, True, False, True],
        "Q 1": [1.0, np.nan, 3.0, 4.0, 5.0],
        "a.b": [0, 1, 0, 1, 0],
        "kind": pd.Categorical(["x", "y", "x", "y", None]),
    },
    index=[10, 11, 12, 13, 14],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sector == 'Rijk'", "11000"),
        ("sector != 'Rijk'", "00101"),
        ("sector in ['Rijk', 'Gemeenten']", "11100"),
        ("sector not in ('Rijk', 'Gemeenten')", "00001"),
        ("not sector == 'Rijk'", "00101"),
        ("age > 20", "01011"),
        ("not age > 20", "10000"),
        ("age >= 20 and score < 3", "11000"),
        ("age > 20 or score >= 3", "01111"),
        ("age > 20 and score < 3", "01000"),
        ("age > 100 or sector == 'Rijk'", "11000"),
        ("20 < age <= 50", "01010"),
        ("score in [1, 5]", "10001"),
        ("missing(age) or missing(sector)", "00110"),
        ("not missing(age)", "11011"),
        ("`Q 1` >= 3", "00111"),
        ("a.b == 1", "01010"),
        ("kind == 'x'", "10100"),
        ("kind != 'x'", "01010"),
        ("flag == 1", "10101"),
        ("score - 1 > -1 * -2", "00011"),
        ("score * 10 == age", "00000"),
        ("score / 0 == 1", "00000"),
        ("age == age", "11011"),
        ("sector != 'Provincies'", "11101"),
        ('sector == "Rechterlijke macht"\n  or score == 1', "10001"),
    ],
)
def test_rows(text: str, expected: str) -> None:
    assert rows(text, FRAME).tolist() == [mark == "1" for mark in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sector == 'Rijk'", [1, 1, 0, np.nan, 0]),
        ("age > 20", [0, 1, np.nan, 1, 1]),
        ("(score + 1) * 2", [4, 6, 8, 10, 12]),
        ("-score ** 2", [-1, -4, -9, -16, -25]),
        ("age / score", [20, 15, np.nan, 12.5, 12]),
        ("(score > 2) + flag", [1, 0, 2, 1, 2]),
        ("product(score, a.b)", [0.8, -0.6, 0, 0.6, -0.8]),
    ],
)
def test_derive(text: str, expected: list[float]) -> None:
    np.testing.assert_allclose(derive(text, FRAME), expected, atol=1e-15)


def test_a_product_is_centred_twice_over_the_rows_that_have_both() -> None:
    both = FRAME[["age", "Q 1"]].dropna()
    a, q = both["age"] - both["age"].mean(), both["Q 1"] - both["Q 1"].mean()
    found = derive("product(age, `Q 1`)", FRAME)
    np.testing.assert_allclose(found[[0, 3, 4]], (a * q - (a * q).mean()).to_numpy())
    assert np.isnan(found[[1, 2]]).all()


def test_columns_are_named_in_order_once() -> None:
    assert columns("b == 'x' and `Q 1` + a.b > b") == ("b", "Q 1", "a.b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sector = 'Rijk'", 'write "==" for equal'),
        ("sector <> 'Rijk'", 'write "!=" for unequal'),
        ("age > 1 && score > 2", 'write "and", "or"'),
        ("(age > 1) & (score > 2)", 'write "and", "or" instead of & and |'),
        ("age", "'age' is no condition"),
        ("age + 1", "'age + 1' is no condition"),
        ("__import__('os').system('ls')", "is not allowed in"),
        ("open('x') == 1", "unknown function open() in"),
        ("missing(age, score)", "missing() takes 1 column, found 2"),
        ("[x for x in age] == 1", "is not allowed in"),
        ("(lambda: 1)() == 1", "is not allowed in"),
        ("age[0] == 1", "'age[0]' is not allowed in"),
        ("age if score else flag", "is not allowed in"),
        ("f'{age}' == 'x'", "is not allowed in"),
        ("age == None", "is not allowed in"),
        ("age in 5", "a list [..] stands after in, and only there"),
        ("age == [1, 2]", "a list [..] stands after in, and only there"),
        ("age in [score]", "a list holds numbers or 'text'"),
        ("age @ score == 1", "is not allowed in"),
        ("age ==", "cannot read the expression 'age =='"),
        ("(" * 300 + "a" + ")" * 300 + " == 1", "cannot read the expression"),
        ("a == 1 and " * 2000 + "b == 1", "an expression may have 10000 characters"),
        ("not " * 150 + "a == 1", "an expression may be nested 100 levels deep"),
    ],
)
def test_what_is_refused_before_there_are_data(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_filter(text, "s.yaml:3:5")
    assert message in str(caught.value)
    assert str(caught.value).startswith("s.yaml:3:5: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sectr == 'Rijk'", 'there is no column "sectr"; did you mean "sector"?'),
        ("sector == Rijk", 'there is no column "Rijk"; text stands in quotes'),
        (
            "sector == 'Rechtelijke macht'",
            "no row has sector 'Rechtelijke macht'; did you mean \"Rechterlijke macht\"?",
        ),
        ("sector in ['rijk']", "no row has sector 'rijk'; did you mean \"Rijk\"?"),
        ("sector == 1", '"sector" is text, 1 is a number'),
        ("age == '20'", "\"age\" is a number, '20' is text"),
        ("sector > 'A'", "'sector' is text, which is equal or not, never smaller or larger"),
        ("sector == age", "text and numbers do not compare"),
        ("sector + 1 == 2", '"sector" is text, a formula takes numbers'),
    ],
)
def test_what_the_data_refute(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        rows(parse_filter(text, "s.yaml:3:5"), FRAME)
    assert message in str(caught.value)
    assert str(caught.value).startswith("s.yaml:3:5: ")


def test_a_derived_column_of_text_is_refused() -> None:
    with pytest.raises(SpecError, match="is text where a number belongs"):
        derive("'text'", FRAME)
