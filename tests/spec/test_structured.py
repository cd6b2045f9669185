"""The structured form of model files: what lines it stands for, includes, and its mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.helpers import model_error, model_of_text
from werksem.spec.load import load_model
from werksem.spec.types import Label, ModelSpec, Routes, Statement


def lines(model: ModelSpec) -> list[str]:
    return [f"{s.lhs} {s.op} {s.rhs}".strip() for s in model.statements]


def path(model: ModelSpec, rhs: str) -> Statement:
    return next(s for s in model.statements if s.rhs == rhs)


def test_lines_come_in_order() -> None:
    model = model_of_text(
        "model: m\nstructural: {y: [f, x], f: x}\ncovariances: [[a, b]]\n"
        "measurement: {f: {items: [a, b, c]}}\n"
        "syntax: y ~ 1"
    )
    assert lines(model) == ["f =~ a", "f =~ b", "f =~ c", "y ~ f", "y ~ x", "f ~ x", "a ~~ b", "y ~1"]


@pytest.mark.parametrize(
    ("written", "fixed", "label", "start", "free"),
    [
        ("null", (), (), (), False),
        ("b1", (), ("b1",), (), False),
        ("0.5", (0.5,), (), (), False),
        ("1", (1.0,), (), (), False),
        ("NA", (), (), (), True),
        ("start(0.8)", (), (), (0.8,), False),
        ("start(0.8)*b", (), ("b",), (0.8,), False),
        ("c(a, b)", (), ("a", "b"), (), False),
        ("c(1, NA)", (1.0, None), (), (), True),
        ("[a, b]", (), ("a", "b"), (), False),
        ("[1, NA]", (1.0, None), (), (), True),
        ("[1, null]", (1.0, None), (), (), True),
        ("[1, b]", (1.0, None), (None, "b"), (), False),
        ("[a, null]", (), ("a", None), (), False),
    ],
)
def test_values_of_paths(
    written: str, fixed: tuple[float, ...], label: tuple[str, ...], start: tuple[float, ...], free: bool
) -> None:
    model = model_of_text(f"model: m\nstructural: {{y: {{x: {written}, z: null}}}}")
    found = path(model, "x")
    assert (found.fixed, found.label, found.start, found.free) == (fixed, label, start, free)


def test_a_block_gives_a_scale() -> None:
    model = model_of_text(
        "model: m\nmeasurement:\n  f:\n    label: {nl: Eff, en: F}\n    items: [a, b, c]\n    reversed: [b]\n"
        "    scale: [1, 5]\n    min_items: 2\n    missing_codes: [9]\n    reliability: 0.8\n"
        "    item_labels: {a: {nl: Aa}, b: Bee}\n    loadings: {b: lam}\n    cross_loadings: [d]\n"
        "  g: {items: [d, e]}\n"
    )
    scale = model.scale("f")
    assert scale is not None
    assert (scale.items, scale.reversed, scale.scale, scale.required) == (("a", "b", "c"), ("b",), (1, 5), 2)
    assert (scale.label, scale.missing_codes, scale.reliability) == (Label("Eff", "F"), (9,), 0.8)
    assert scale.item_labels == (("a", Label("Aa", "")), ("b", Label("Bee", "Bee")))
    assert lines(model) == ["f =~ a", "f =~ b", "f =~ c", "f =~ d", "g =~ d", "g =~ e"]
    assert path(model, "b").label == ("lam",)


def test_half_of_the_items_are_required_where_the_file_is_silent() -> None:
    model = model_of_text("model: m\nmeasurement: {f: {items: [a, b, c]}}")
    assert model.scales[0].required == 2


def test_syntax_with_scales_beside_it() -> None:
    model = model_of_text(
        "model: m\nmeasurement: {f: {scale: [1, 5], reversed: [b]}}\n"
        "syntax: |\n  f =~ a + b + c\n  g =~ d + e\n"
    )
    assert [(s.name, s.items, s.scale) for s in model.scales] == [
        ("f", ("a", "b", "c"), (1, 5)),
        ("g", ("d", "e"), None),
    ]


def test_effects_and_constraints() -> None:
    model = model_of_text(
        "model: m\nstructural: {y: {x: a, m: b}, m: {x: c}}\nconstraints: [a == b + c, a > 0]\n"
        "effects: {enumerate: {from: x, to: [y]}, total: a + ind, ind: c * b}"
    )
    assert model.routes == Routes(("x",), ("y",))
    assert [(e.name, e.text) for e in model.effects] == [("total", "a + ind"), ("ind", "c * b")]
    assert [(c.op, c.text) for c in model.constraints] == [("==", "a == b + c"), (">", "a > 0")]


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def test_includes_bring_what_the_model_names() -> None:
    write(
        "meting/a.yaml",
        "measurement: {f: {items: [f1, f2]}, g: {items: [g1, g2]}, h: {items: [g, h1]}}\n"
        "labels: {x: {nl: ix}}",
    )
    model = model_of_text("model: m\ninclude: [meting/a.yaml]\nstructural: {f: [x]}")
    assert lines(model) == ["f =~ f1", "f =~ f2", "f ~ x"]
    assert model.labels == (("x", Label("ix")),)


def test_includes_bring_constructs_below_constructs() -> None:
    write("meting/a.yaml", "measurement: {g: {items: [g1, g2]}, h: {items: [g, h1]}, k: {items: [k1]}}")
    model = model_of_text("model: m\ninclude: meting/a.yaml\nstructural: {h: [x]}")
    assert [scale.name for scale in model.scales] == ["g", "h"]


def test_measurement_alone_takes_all_that_is_included() -> None:
    write("meting/a.yaml", "include: b.yaml\nmeasurement: {f: {items: [f1, f2]}}")
    write("meting/b.yaml", "measurement: {g: {items: [g1, g2]}}")
    assert [s.name for s in load_model(_model("model: m\ninclude: [meting/a.yaml]")).scales] == ["g", "f"]


def _model(text: str) -> Path:
    Path("m.yaml").write_text(text, encoding="utf-8")
    return Path("m.yaml")


def test_the_models_own_block_goes_before_an_included_one() -> None:
    write("meting/a.yaml", "measurement: {f: {items: [f1, f2]}, g: {items: [g1, g2]}}")
    model = model_of_text(
        "model: m\ninclude: [meting/a.yaml]\nmeasurement: {f: {items: [f1, f3]}}\nstructural: {f: [g]}"
    )
    scale = model.scale("f")
    assert scale is not None
    assert scale.items == ("f1", "f3")
    assert model.notes == ('"f" is measured as in the model itself, not as in a.yaml',)


def test_one_file_included_twice_is_one() -> None:
    write("a.yaml", "measurement: {f: {items: [f1, f2]}}")
    write("b.yaml", "include: [a.yaml]\nmeasurement: {g: {items: [g1, g2]}}")
    assert [s.name for s in model_of_text("model: m\ninclude: [a.yaml, b.yaml]").scales] == ["f", "g"]


@pytest.mark.parametrize(
    ("include", "files", "message"),
    [
        (
            "[mm.yaml]",
            {"m2.yaml": "{}"},
            'm.yaml:2:11: cannot include "mm.yaml": no such file; did you mean "m',
        ),
        ("[m.yaml]", {}, "m.yaml:2:11: the files include one another in a circle: m.yaml -> m.yaml"),
        (
            "[a.yaml]",
            {"a.yaml": "include: [b.yaml]", "b.yaml": "include: [a.yaml]"},
            "b.yaml:1:11: the files include one another in a circle: a.yaml -> b.yaml -> a.yaml",
        ),
        (
            "[a.yaml]",
            {"a.yaml": "model: a\nstructural: {y: [x]}"},
            'a.yaml:2:1: an included file holds measurement and labels only; "structural"',
        ),
        (
            "[a.yaml]",
            {"a.yaml": "measurment: {}"},
            'a.yaml:1:1: unknown key "measurment"; did you mean "measurement"?',
        ),
        (
            "[a.yaml, b.yaml]",
            {"a.yaml": "measurement: {f: {items: [a, b]}}", "b.yaml": "measurement: {f: {items: [a]}}"},
            'b.yaml:1:15: "f" is measured differently in two included files, first at a.yaml:1:15',
        ),
    ],
)
def test_wrong_includes(include: str, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        write(name, text)
    assert message in model_error(f"model: m\ninclude: {include}\nmeasurement: {{z: {{items: [z1, z2]}}}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "measurement: {gedogen: {items: [gedogen]}}",
            'm.yaml:2:33: the construct "gedogen" has itself as an item; a column needs no construct',
        ),
        (
            "measurement: {f: {items: [f, g]}}",
            'm.yaml:2:27: the construct "f" has itself as an item; give the construct another name',
        ),
        (
            "measurement:\n  f: {items: [a, b, c]}\n  g:\n    items: [c, d]",
            'm.yaml:5:13: the item "c" is in f and in g; if it is to load on both',
        ),
        ("measurement: {f: {items: [a, b, a]}}", 'm.yaml:2:33: f: the item "a" is listed twice'),
        ("measurement: {f: {items: [a, b], cross_loadings: [b]}}", 'f: the item "b" is listed twice'),
        (
            "measurement: {f: {items: [a, b], revrsed: [a]}}",
            'm.yaml:2:34: unknown key "revrsed" in measurement.f; did you mean "reversed"?',
        ),
        (
            "measurement: {f: {items: [item_1, b], reversed: [itm_1], scale: [1, 5]}}",
            'm.yaml:2:50: f.reversed: "itm_1" is not an item of f; did you mean "item_1"?',
        ),
        (
            "measurement: {f: {items: [a, b], reversed: [a]}}",
            "m.yaml:2:44: f has reversed items, so it needs scale: [lowest, highest]",
        ),
        (
            "measurement: {f: {items: [a, b], scale: [5, 1]}}",
            "m.yaml:2:41: f.scale: found [5, 1], right is [lowest, highest]",
        ),
        (
            "measurement: {f: {items: [a, b], scale: [1, 3, 5]}}",
            "measurement.f.scale: found [1, 3, 5], right is at most 2 entries",
        ),
        (
            "measurement: {f: {items: [a, b], min_items: 3}}",
            "m.yaml:2:45: f.min_items: found 3, but there are 2 items",
        ),
        (
            "measurement: {f: {items: [a, b], item_labels: {c: x}}}",
            'm.yaml:2:48: f.item_labels: "c" is not an item of f',
        ),
        ("measurement: {f: {items: [a, b], loadings: {c: 1}}}", 'f.loadings: "c" is not an item of f'),
        ("measurement: {f: {items: ab}}", 'm.yaml:2:26: measurement.f.items: found "ab", right is a list'),
        (
            "measurement: {f: [a, b]}",
            "m.yaml:2:18: measurement.f: found ['a', 'b'], right is keys with values",
        ),
        ("measurement: {f: {scale: [1, 5]}}", 'm.yaml:2:15: "f" has no items'),
        (
            "measurement: {f: {items: [g, x]}, g: {items: [f]}}",
            "m.yaml:2:27: the constructs measure one another in a circle: f =~ g =~ f",
        ),
        ("structural: {y: [x, x]}", 'm.yaml:2:21: "y ~ x" is stated twice, first at m.yaml:2:18'),
        ("structural: {y: [y]}", 'm.yaml:2:18: "y" explains itself (~)'),
        ("structural: {y: {x: 1e999}}", "m.yaml:2:21: structural.y.x: found inf, right is a finite number"),
        ("structural: {y: []}", 'm.yaml:2:17: structural: "y" has no predictors'),
        ("structural: {y: true}", "m.yaml:2:17: structural.y: found true, right is a list"),
        ("structural: {y~z: [x]}", "'y~z' cannot be a name"),
        ("structural: {y: {x: b 1}}", "m.yaml:2:21: cannot read 'b 1' as a number, a label or NA"),
        (
            "structural: {y: {x: [a, b], z: [1, 2, 3]}}",
            "m.yaml:2:29: c(…) has 3 entries here and 2 at m.yaml:2:18",
        ),
        (
            "structural: {y: [x]}\ncovariances: [[y, xx]]",
            'm.yaml:3:15: covariances: "xx" is neither measured nor part of a regression; did you mean "x"?',
        ),
        (
            "structural: {y: [x]}\ncovariances: [[y]]",
            "m.yaml:3:15: covariances.0: found ['y'], right is at least 2 entries",
        ),
        (
            "structural: {y: [x], z: [x]}\ncovariances: [[y, z], [z, y]]",
            'm.yaml:3:23: "z ~~ y" is stated twice, first at m.yaml:3:15',
        ),
        ("structural: {y: [x]}\nsyntax: y ~ x", 'm.yaml:3:13: "y ~ x" is stated twice, first at m.yaml:2:18'),
        (
            "structural: {y: [x]}\neffects: {enumerate: {from: [x], to: [yy]}}",
            'm.yaml:3:22: effects.enumerate: "yy" takes part in no regression; did you mean "y"?',
        ),
        (
            "structural: {y: [x], w: [z]}\neffects: {enumerate: {from: [x], to: [w]}}",
            'no directed route leads from "x" to w',
        ),
        (
            "structural: {y: [x], w: [z]}\neffects: {enumerate: {from: [x], to: [y, w]}}",
            'no directed route leads to "w" from x',
        ),
        (
            "structural: {y: [x]}\neffects: {enumerate: {from: [x]}}",
            'm.yaml:3:11: the key "to" is missing in effects.enumerate',
        ),
        (
            "structural: {y: [x]}\neffects: {enumerate: a*b}",
            "m.yaml:3:22: effects: enumerate takes {from: [..], to: [..]}",
        ),
        (
            "structural: {y: {x: b_one, z: b2}}\neffects: {e: b_on * b2}",
            "m.yaml:3:14: the formula 'b_on * b2' uses \"b_on\", which labels no parameter"
            '; did you mean "b_one"?',
        ),
        (
            "structural: {y: [x]}\neffects: {e: b1 * b2}",
            "which labels no parameter; the model has no labels (write a*x)",
        ),
        ("structural: {y: {x: b}}\neffects: {e: 'b *'}", "m.yaml:3:14: cannot read the formula 'b *'"),
        (
            "structural: {y: {x: b}}\neffects: {b: b * 2}",
            'm.yaml:3:14: "b" is a label of a parameter already',
        ),
        (
            "structural: {y: {x: b}}\neffects: {i: j * 2, j: i * b}",
            "the effects define one another in a circle: i -> j -> i",
        ),
        ("structural: {y: {x: b}}\nconstraints: [b == cc]", "m.yaml:3:15: the formula 'b == cc' uses \"cc\""),
        ("structural: {y: {x: b}}\nconstraints: ['1 == 2']", "the constraint '1 == 2' names no label"),
        ("structural: {y: {x: b}}\nconstraints: [b = 1]", 'm.yaml:3:15: constraints: found "="'),
        (
            "structural: {y: {x: b}}\nconstraints: [y ~ x]",
            "m.yaml:3:15: constraints: found 'y ~ x', right is",
        ),
        ("syntax: >\n  y ~ x\n  z ~ x", 'm.yaml:2:9: ">" joins lines; write "|" to keep them'),
        ("label: {de: x}\nsyntax: y ~ x", 'm.yaml:2:9: unknown key "de" in label; valid keys are en, nl'),
        ("", "m.yaml:1:1: the model says nothing"),
    ],
)
def test_one_message_per_mistake(text: str, message: str) -> None:
    assert message in model_error(f"model: m\n{text}\n")


def test_a_model_file_has_a_name() -> None:
    assert model_error("syntax: y ~ x").startswith(
        'm.yaml:1:1: the key "model" (the name of the model) is missing'
    )


def test_effects_cannot_explode() -> None:
    chain = ", ".join(f"e{i}: e{i - 1} * e{i - 1}" for i in range(1, 40))
    assert "is too long" in model_error(
        f"model: m\nstructural: {{y: {{x: b}}}}\neffects: {{e0: b + b, {chain}}}"
    )


def test_circles_of_regressions_are_noted_where_they_are_meant() -> None:
    model = model_of_text("model: m\ncycles: true\nstructural: {y: [x], z: [y], x: [z]}")
    assert model.notes == ("the regressions run in a circle: x -> y -> z -> x",)
