"""No crash: filters, derived columns, effects and constraints, from a grammar and damaged."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.mutate import damaged
from tests.fuzz.seeds import FILES
from tests.fuzz.terminal import a_sentence, folder_with, werksem

NUMBERS = ("0", "1", "2.5", "-3", "1e308", "1e999", "9" * 400, "0x1F", "1j", "True", "1_000", "007", "1.")
ATOMS = st.sampled_from(
    (
        "age",
        "x1",
        "sector",
        "`x 1`",
        "`sector`",
        "f",
        "nowhere",
        "'Rijk'",
        '"Rijk"',
        "'Rijks'",
        "''",
        "a.b.c",
        "é",
        "None",
        "...",
        "f'{x}'",
        "b'x'",
        *NUMBERS,
    )
)
LISTS = st.sampled_from(
    ("['Rijk', 'ZBO']", "[1, 2, 3]", "[]", "(1,)", "{1}", "['Rijk', 1]", "[[1]]", "[-1]", "sector")
)
COMPARE = st.sampled_from(("==", "!=", "<", ">", "<=", ">=", "=", "<>", "is", "in", "not in"))
ARITHMETIC = st.sampled_from(("+", "-", "*", "/", "**", "%", "//", "@", "&", "|", "<<", "^"))


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    both = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, COMPARE, inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.tuples(inner, st.sampled_from(("in", "not in")), LISTS).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.tuples(inner, st.sampled_from(("and", "or", "&&")), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
        st.tuples(inner, ARITHMETIC, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"not ({t})"),
        inner.map(lambda t: f"missing({t})"),
        inner.map(lambda t: f"-({t})"),
        both.map(lambda t: f"product({t[0]}, {t[1]})"),
        both.map(lambda t: f"{t[0]} < {t[1]} <= 5"),
        both.map(lambda t: f"{t[0]} if {t[1]} else 2"),
        inner.map(lambda t: f"exp({t})"),
    )


DEEP = st.tuples(
    st.sampled_from(
        ("(", "not ", "-", "~", "a.", "[", "missing(", "1+", "1 < ", "f(", "{", "lambda: ", "x1 and ")
    ),
    st.sampled_from((50, 99, 101, 150, 400, 1000, 3000)),
    st.booleans(),
).map(lambda t: t[0] * t[1] + "x1" + (")" * t[1] if t[2] and t[0].endswith("(") else ""))
GRAMMAR = st.recursive(ATOMS, _grown, max_leaves=8)
SLIPS = damaged(
    ("sector == 'Rijk' and 20 <= age < 65", "product(f, g) + x1 / 2", "not missing(x1) or `age` > 3")
)
EXPRESSIONS = st.one_of(GRAMMAR, SLIPS, DEEP)
FORMULAS = st.one_of(GRAMMAR, damaged(("b1 * b2 + exp(-b1) / 2", "b1^2 - log(b2)", "sqrt(b1*b1)")), DEEP)
PLACES = ("s.yaml", "d.csv", "data.where", "data.derive", "--set")
CHECK = ("check", "s.yaml", "--quiet")


def _filter(text: str) -> None:
    with folder_with(FILES):
        a_sentence(werksem(*CHECK, "--set", f"data.where={json.dumps(text)}"), *PLACES)


def _derived(text: str) -> None:
    asked = (f"data.derive.age={json.dumps(text)}", "data.where=null")
    with folder_with(FILES):
        a_sentence(werksem(*CHECK, *(part for one in asked for part in ("--set", one))), *PLACES)


def _effect(text: str) -> None:
    model = {
        "model": "m",
        "structural": {"x1": {"x2": "b1", "x3": "b2"}},
        "effects": {"e": text},
    }
    study = "study: s\nmodel: m.yaml\ndata: {file: d.csv}\nsem: {engine: werksem}\n"
    with folder_with({**FILES, "s.yaml": study, "m.yaml": json.dumps(model)}):
        a_sentence(werksem(*CHECK), "m.yaml", "s.yaml", "d.csv")


LAWS = (
    Law(
        "filters",
        "no crash",
        "any row filter keeps rows or is refused with its place",
        "data.where",
        EXPRESSIONS,
        _filter,
        30,
        4000,
    ),
    Law(
        "derived",
        "no crash",
        "any formula of columns makes a column or is refused",
        "data.derive",
        EXPRESSIONS,
        _derived,
        30,
        4000,
    ),
    Law(
        "effects",
        "no crash",
        "any formula of labels is an effect or is refused",
        "effects",
        FORMULAS,
        _effect,
        25,
        3000,
    ),
)
