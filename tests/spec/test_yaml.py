"""YAML 1.2 with places: what scalars mean, where pieces stand, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from werksem.errors import SpecError
from werksem.spec.yaml import load, loads, scalar


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("0o17", 15),
        ("0x1F", 31),
        ("007", 7),
        ("1e-6", 1e-6),
        (".5", 0.5),
        ("-3", -3),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        (",089", ",089"),
        ("1.2.3", "1.2.3"),
        (".inf", float("inf")),
        ("-.inf", float("-inf")),
        ("9" * 400, float("inf")),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, meaning: object) -> None:
    assert scalar(text) == meaning
    assert type(scalar(text)) is type(meaning)


def test_keys_are_text_and_norway_stays() -> None:
    data = loads("codes: {LEAVING: {yes: 1, no: 0}}\n1: a\ntrue: b\nnull: c").data
    assert data == {"codes": {"LEAVING": {"yes": 1, "no": 0}}, "1": "a", "true": "b", "null": "c"}


def test_quotes_and_str_tags_keep_text() -> None:
    assert loads("a: '12'\nb: \"no\"\nc: !!str 5").data == {"a": "12", "b": "no", "c": "5"}


def test_where_of_values_keys_and_what_lies_beyond() -> None:
    document = loads("a:\n  b: [1,\n    {c: 2}]\n", file="f.yaml")
    assert document.where(("a", "b", 1, "c")) == "f.yaml:3:9"
    assert document.where(("a", "b", 1, "c"), key=True) == "f.yaml:3:6"
    assert document.where(("a", "b", 1, "nothing", "here")) == "f.yaml:3:5"
    assert document.where(()) == "f.yaml:1:1"
    assert document.part("a").where(("b", 0)) == "f.yaml:2:7"


def test_an_empty_value_differs_from_null() -> None:
    document = loads("ols:\nsem: null\nbayes: {}")
    assert document.is_empty(("ols",))
    assert not document.is_empty(("sem",))
    assert not document.is_empty(("bayes",))


def test_commas_inside_parentheses_belong_to_the_value() -> None:
    document = loads("{paths: normal(0, 2), d: product(a, b), e: [c(a, b), 2], f: f(a, g(b, c)), z: 1}")
    assert document.data == {
        "paths": "normal(0, 2)",
        "d": "product(a, b)",
        "e": ["c(a, b)", 2],
        "f": "f(a, g(b, c))",
        "z": 1,
    }


def test_quoted_parentheses_join_nothing() -> None:
    assert loads("{a: 'x (', b: , c: 1}").data == {"a": "x (", "b": None, "c": 1}


def test_aliases_repeat_values() -> None:
    assert loads("a: &x [1, 2]\nb: *x").data == {"a": [1, 2], "b": [1, 2]}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", 'f:2:1: the key "a" stands here twice, first at f:1:1'),
        ("x: {b: 1, b: 2}", 'f:1:11: the key "b" stands here twice, first at f:1:5'),
        ("a: 1\n---\nb: 2", "f:2:1: a file holds one document, here a second begins"),
        (
            "a: !!python/object:os.system 1",
            "f:1:4: the tag tag:yaml.org,2002:python/object:os.system is not allowed",
        ),
        ("a: !mine 1", "f:1:4: the tag !mine is not allowed"),
        ("a: &x [*x]", "f:1:8: the alias *x has no finished anchor before it"),
        ("a: &x {b: *x}", "f:1:11: the alias *x has no finished anchor"),
        ("a: *nothing", "f:1:4: the alias *nothing"),
        ("base: &b {a: 1}\n<<: *b", "f:2:1: merge keys (<<) are not part of YAML 1.2"),
        ("? [a, b]\n: 1", "f:1:3: a key is one word or text"),
        ("- 1\n- 2", "f:1:1: expected keys with values (key: value), found a list"),
        ("just text", "expected keys with values (key: value), found 'just text'"),
        ("", "f: the file is empty"),
        ("# only a comment\n", "f: the file is empty"),
        ("a:\n\t- b", "f:2:1: this is not valid YAML: a tab; indent with spaces"),
        ("a: [1, 2", 'f:1:4: this is not valid YAML: "[" is opened here'),
        ("a: 'x' == y", "f:1:8: this is not valid YAML"),
        ("a: b: c", "f:1:5: this is not valid YAML: mapping values are not allowed here"),
        ("a: \x00", "f:1:4: the control character U+0000 is not seen"),
        ("a: " + "[" * 100 + "]" * 100, "nested deeper than 60 levels"),
        (BOMB, "aliases multiply here"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        loads(text, file="f")
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(SpecError, match=r"study\.yaml:2:7: byte 0xe9 is not UTF-8"):
        load(tmp_path / "study.yaml")
    with pytest.raises(SpecError, match=r'no such file; did you mean "study.yaml"\?'):
        load(tmp_path / "studie.yaml")
    with pytest.raises(SpecError, match="cannot read the file: is a directory"):
        load(tmp_path)


def test_windows_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")
    document = load(tmp_path / "a.yaml")
    assert document.data == {"a": 1, "b": "x\ny\n"}
    assert document.where(("b",)).endswith("a.yaml:2:4")


def test_origin_of_block_text() -> None:
    document = loads("m:\n  s: |\n\n    y ~ x\n      z ~ x\n  t: y ~ x\n  u: 'y ~ x'\n", file="f")
    assert document.origin(("m", "s")).at(2, 1) == "f:4:5"
    assert document.origin(("m", "s")).at(3, 3) == "f:5:7"
    assert document.origin(("m", "t")).at(1, 3) == "f:6:8"
    assert document.origin(("m", "u")).at(1, 1) == "f:7:7"
