"""Models that say what cannot be: labels, effects, items, circles, groups, constraints, values."""

# one case a line
# ruff: noqa: E501, RUF005
# fmt: off

from __future__ import annotations

from trust.bad_studies.case import MODEL, STUDY, Case, in_file, in_model

__all__ = ["CASES"]

LABELLED = MODEL.replace("y: [a, b]", "y: {a: p, b: q}")


def model(name: str, kind: str, text: str, place: str, *said: str) -> Case:
    """Return a case of a whole model file."""
    return in_file(name, kind, "model.yaml", text, place, *said)


def changed(name: str, kind: str, old: str, new: str, place: str, *said: str) -> Case:
    """Return a case of the sound model with one thing changed."""
    return model(name, kind, MODEL.replace(old, new), place, *said)


ITEMS = (
    changed("an item in two constructs", "items", "[b1, b2, b3]", "[b1, b2, a3]", "model.yaml:4:23", 'the item "a3" is in a and in b', "cross_loadings"),
    changed("an item twice in one", "items", "[a1, a2, a3]", "[a1, a2, a1]", "model.yaml:3:23", 'a: the item "a1" is listed twice'),
    changed("an item and a cross-loading of one", "items", "items: [a1, a2, a3]", "items: [a1, a2, a3], cross_loadings: [a1]", "model.yaml:3:", 'the item "a1" is listed twice'),
    changed("a construct without items", "items", "items: [a1, a2, a3]", "items: []", "model.yaml:3:", '"a" has no items'),
    changed("a construct with nothing", "items", "{items: [a1, a2, a3], scale: [1, 5]}", "{}", "model.yaml:3:", '"a" has no items'),
    changed("a construct that is null", "items", "{items: [a1, a2, a3], scale: [1, 5]}", "", "model.yaml:3:", "measurement.a: found nothing"),
    changed("a construct measured by itself", "items", "[a1, a2, a3]", "[a, a2, a3]", "model.yaml:3:15", 'the construct "a" has itself as an item'),
    model("constructs that measure one another", "items", "model: m\nmeasurement:\n  a: {items: [b, a2]}\n  b: {items: [a, b2]}\n", "model.yaml:3:15", "measure one another in a circle: a =~ b =~ a"),
    changed("items that are a text", "items", "[a1, a2, a3]", "a1 + a2 + a3", "model.yaml:3:14", 'found "a1 + a2 + a3", right is a list'),
    changed("an item that is a number", "items", "[a1, a2, a3]", "[a1, 2, a3]", "model.yaml:3:19", "found 2, right is text"),
    changed("an item that is empty", "items", "[a1, a2, a3]", "[a1, '', a3]", "model.yaml:3:19", "right is a name"),
    changed("an item with an operator", "items", "[a1, a2, a3]", "[a1, 'a2 =~ x', a3]", "model.yaml:3:19", "cannot be a name"),
    changed("an item with a line break", "items", "[a1, a2, a3]", '[a1, "a2\\nx", a3]', "model.yaml:3:19", "cannot be a name"),
    changed("two constructs that differ by case", "names", "  b: {items", "  A: {items", "model.yaml:4:3", 'the constructs "a" and "A" look the same'),
    changed("names that look the same", "names", "  b: {items", "  ａ: {items", "model.yaml:4:3", "look the same but for case or spelling"),
    changed("reversed item that is none", "items", "scale: [1, 5]}\n  b", "scale: [1, 5], reversed: [a4]}\n  b", "model.yaml:3:", '"a4" is not an item of a'),
    changed("reversed without a scale", "items", "items: [a1, a2, a3], scale: [1, 5]", "items: [a1, a2, a3], reversed: [a1]", "model.yaml:3:", "so it needs scale"),
    changed("a scale upside down", "values", "scale: [1, 5]}\n  b", "scale: [5, 1]}\n  b", "model.yaml:3:", "right is [lowest, highest]"),
    changed("a scale of one", "values", "scale: [1, 5]}\n  b", "scale: [5]}\n  b", "model.yaml:3:", "a.scale"),
    changed("a scale of text", "values", "scale: [1, 5]}\n  b", "scale: ['1', '5']}\n  b", "model.yaml:3:", 'found "1", right is a number'),
    changed("an endless scale", "values", "scale: [1, 5]}\n  b", "scale: [1, .inf]}\n  b", "model.yaml:3:", "right is a finite number"),
    changed("a reliability above one", "values", "scale: [1, 5]}\n  b", "scale: [1, 5], reliability: 1.2}\n  b", "model.yaml:3:", "reliability"),
    changed("more items needed than there are", "values", "scale: [1, 5]}\n  b", "scale: [1, 5], min_items: 9}\n  b", "model.yaml:3:", "min_items"),
    changed("a loading of what is no item", "items", "scale: [1, 5]}\n  b", "scale: [1, 5], loadings: {q: 1}}\n  b", "model.yaml:3:", '"q" is not an item of a'),
)  # fmt: skip
PATHS = (
    changed("an outcome that predicts itself", "paths", "y: [a, b]", "y: [a, y]", "model.yaml:7:10", '"y" explains itself'),
    changed("a path twice", "paths", "y: [a, b]", "y: [a, a]", "model.yaml:7:10", '"y ~ a" is stated twice, first at model.yaml:7:7'),
    in_model("a path twice, in both forms", "paths", "syntax: y ~ a", "model.yaml:8:", '"y ~ a" is stated twice, first at model.yaml:7:7'),
    changed("an outcome without predictors", "paths", "y: [a, b]", "y: []", "model.yaml:7:", '"y" has no predictors'),
    changed("an outcome with nothing", "paths", "y: [a, b]", "y:", "model.yaml:7:", "structural.y: found nothing"),
    changed("predictors with plus signs", "paths", "y: [a, b]", "y: a + b", "model.yaml:7:", "right is [a, b]"),
    changed("a regression in a circle", "circles", "y: [a, b]", "y: [a, b]\n  a: [y]", "model.yaml:7:7", "the regressions run in a circle", "a -> y -> a", "say cycles: true"),
    changed("a longer circle", "circles", "y: [a, b]", "y: [a]\n  a: [b]\n  b: [y]", "model.yaml:", "the regressions run in a circle", "cycles: true"),
    in_model("a covariance of nothing", "paths", "covariances: [[y, q]]", "model.yaml:8:15", '"q" is neither measured nor part of a regression'),
    in_model("a covariance of three", "paths", "covariances: [[a, b, y, q]]", "model.yaml:8:15", "at most 3 entries"),
    in_model("a covariance of one", "paths", "covariances: [[y]]", "model.yaml:8:15", "at least 2 entries"),
    in_model("a covariance twice", "paths", "covariances: [[a, b], [b, a]]", "model.yaml:8:", "is stated twice"),
)  # fmt: skip
EFFECTS = (
    model("a label that is nowhere", "effects", LABELLED + "effects: {e: p * r}\n", "model.yaml:8:14", 'uses "r", which labels no parameter'),
    model("a label nearly right", "effects", LABELLED.replace("a: p", "a: path_a") + "effects: {e: pad_a * q}\n", "model.yaml:8:14", 'did you mean "path_a"?'),
    in_model("a formula without labels in the model", "effects", "effects: {e: p * q}", "model.yaml:8:14", "the model has no labels (write a*x)"),
    model("an effect called as a label", "effects", LABELLED + "effects: {p: q * 2}\n", "model.yaml:8:14", '"p" is a label of a parameter already'),
    model("effects in a circle", "effects", LABELLED + "effects: {e: f * 2, f: e * 2}\n", "model.yaml:8:", "define one another in a circle: e -> f -> e"),
    model("an effect of itself", "effects", LABELLED + "effects: {e: e + 1}\n", "model.yaml:8:14", "in a circle: e -> e"),
    model("an effect of a number", "effects", LABELLED + "effects: {e: 3}\n", "model.yaml:8:14", "effects.e: found 3"),
    model("an effect of no label", "effects", LABELLED + "effects: {e: 1 + 2}\n", "model.yaml:8:14", "names no label"),
    model("an effect that divides by zero", "effects", LABELLED + "effects: {e: p / 0}\n", "model.yaml:8:14", "is infinite or undefined"),
    model("a call", "effects", LABELLED + "effects: {e: \"__import__('os').system('touch pwned')\"}\n", "model.yaml:8:14", "is not allowed in a formula"),
    model("an attribute", "effects", LABELLED + "effects: {e: p.__class__}\n", "model.yaml:8:14", 'uses "p.__class__", which labels no parameter'),
    model("a comprehension", "effects", LABELLED + "effects: {e: '[p for p in q]'}\n", "model.yaml:8:14", "cannot read the formula"),
    model("a lambda", "effects", LABELLED + "effects: {e: '(lambda: p)()'}\n", "model.yaml:8:14", "cannot read the formula"),
    model("a formula of 100,000 terms", "effects", LABELLED + f"effects: {{e: {' + '.join(['p'] * 100_000)}}}\n", "model.yaml:8:14", "may have 10000 characters"),
    model("a formula nested 2,000 deep", "effects", LABELLED + f"effects: {{e: {'(' * 2000}p{')' * 2000}}}\n", "model.yaml:8:14", "formula"),
    model("a formula of minus signs", "effects", LABELLED + f"effects: {{e: {'-' * 4000}p}}\n", "model.yaml:8:14", "formula"),
    model("powers of powers", "effects", LABELLED + "effects: {e: p + 9^9^9^9^9}\n", "model.yaml:8:14", "is infinite or undefined"),
    model("a number of 9,000 digits", "effects", LABELLED + f"effects: {{e: p * {'9' * 9000}}}\n", "model.yaml:8:14", "formula"),
    model("effects that double", "effects", LABELLED + "effects:\n  e0: p + q\n" + "".join(f"  e{at}: e{at - 1} * e{at - 1} + e{at - 1}\n" for at in range(1, 40)), "model.yaml:", "is too long"),
    model("effects 5,000 deep", "effects", LABELLED + "effects:\n  e0: p + q\n" + "".join(f"  e{at}: e{at - 1} + 1\n" for at in range(1, 5000)), "model.yaml:208:9", "is nested more than 200 deep"),
    in_model("a route from nowhere", "effects", "effects: {enumerate: {from: [q], to: [y]}}", "model.yaml:8:", '"q" takes part in no regression'),
    in_model("a route nearly right", "effects", "effects: {enumerate: {from: [a1], to: [y]}}", "model.yaml:8:", '"a1" takes part in no regression'),
    in_model("a route that is no way", "effects", "effects: {enumerate: {from: [y], to: [a]}}", "model.yaml:8:", 'no directed route leads from "y" to a'),
    in_model("a route to itself", "effects", "effects: {enumerate: {from: [a], to: [a]}}", "model.yaml:8:", "no directed route"),
    in_model("routes without an end", "effects", "effects: {enumerate: {from: [a]}}", "model.yaml:8:", 'the key "to" is missing'),
    in_model("routes from none", "effects", "effects: {enumerate: {from: [], to: [y]}}", "model.yaml:8:", "at least 1"),
    in_model("routes twice", "effects", "effects: {enumerate: {from: [a, a], to: [y]}}", "model.yaml:8:", "twice"),
    model("2^60 routes", "effects", "model: m\nstructural:\n" + "".join(f"  a{i}: [a{i - 1}, b{i - 1}]\n  b{i}: [a{i - 1}, b{i - 1}]\n" for i in range(1, 60)) + "effects: {enumerate: {from: [a0], to: [a59]}}\n", "model.yaml:", "routes"),
)  # fmt: skip
GROUPS = (
    Case("c() of other lengths", "groups", ("check", "study.yaml"), "model.yaml:7:", ("c(…) has 3 entries here and 2 at", "it takes one per group"), {"model.yaml": MODEL.replace("y: [a, b]", "y: {a: [p1, p2], b: [q1, q2, q3]}")}),
    Case("c() of three in two groups", "groups", ("check", "study.yaml"), "model.yaml:7:", ("3 entries", "2 groups"), {"study.yaml": STUDY + "sem: {}\n", "model.yaml": MODEL.replace("y: [a, b]", "y: {a: [p1, p2, p3], b: q}")}),
    Case("c() without a group", "groups", ("check", "study.yaml"), "model.yaml:7:", ("the study names no data.group",), {"study.yaml": STUDY.replace(", group: sector", "") + "sem: {}\n", "model.yaml": MODEL.replace("y: [a, b]", "y: {a: [p1, p2], b: q}")}),
    changed("an empty list for groups", "groups", "y: [a, b]", "y: {a: [], b: q}", "model.yaml:7:", "found an empty list"),
)  # fmt: skip
VALUES = (
    changed("a start that is no number", "values", "y: [a, b]", "y: {a: start(x)*p, b: q}", "model.yaml:7:", "start() takes numbers, found 'x'"),
    changed("a start of NaN", "values", "y: [a, b]", "y: {a: start(NaN)*p, b: q}", "model.yaml:7:", "start()"),
    changed("a start without end", "values", "y: [a, b]", "y: {a: start(1e400)*p, b: q}", "model.yaml:7:10", "is too large"),
    changed("a path of infinity", "values", "y: [a, b]", "y: {a: .inf, b: q}", "model.yaml:7:", "finite number"),
    changed("a path of NaN", "values", "y: [a, b]", "y: {a: .nan, b: q}", "model.yaml:7:", "finite number"),
    changed("a path that is true", "values", "y: [a, b]", "y: {a: true, b: q}", "model.yaml:7:", "structural.y.a: found true"),
    changed("a value of 1e300", "values", "y: [a, b]", "y: {a: 1e300, b: q}", "model.yaml:7:", "1e+300"),
    in_model("a negative variance", "values", "covariances: [[y, y, -0.5]]", "model.yaml:8:", 'the variance of "y" is fixed at -0.5', "at least 0"),
    in_model("status as a label", "names", "syntax: y ~~ status*a1", "model.yaml:8:", '"status" is a column of bootstrap.parquet'),
    in_model("an effect with an arrow", "names", "effects: {a -> y: p}", "model.yaml:8:", "cannot be the name of an effect"),
    in_model("a negative item variance", "values", "covariances: [[a1, a1, -1]]", "model.yaml:8:", 'the variance of "a1" is fixed at -1'),
    model("one label, two values", "values", MODEL.replace("y: [a, b]", "y: {a: 0.5*p, b: 0.7*p}"), "model.yaml:7:", '"p"', "0.5", "0.7"),
    model("one label, fixed and free", "values", MODEL.replace("y: [a, b]", "y: {a: 0.5*p, b: p}"), "model.yaml:7:", '"p"', "fixed"),
    changed("fixed twice", "values", "y: [a, b]", "y: {a: 1*2, b: q}", "model.yaml:7:", "a value twice"),
    changed("two labels", "values", "y: [a, b]", "y: {a: p*r, b: q}", "model.yaml:7:", "given a label twice"),
    changed("a label that is R", "values", "y: [a, b]", "y: {a: 'system(\"touch pwned\")', b: q}", "model.yaml:7:", "unknown modifier system()"),
    changed("bounds", "values", "y: [a, b]", "y: {a: lower(0)*p, b: q}", "model.yaml:7:", "bounds are not supported"),
)  # fmt: skip
CONSTRAINTS = tuple(
    model(f"constraint {text}", "constraints", LABELLED + f"constraints: [{text!r}]\n", "model.yaml:8:", *said)
    for text, said in (
        ("p == ", ("nothing stands to the right of ==",)),
        ("== q", ("nothing stands to the left of ==",)),
        ("p", ("has no operator",)),
        ("p = q", ('found "="',)),
        ("p == q == 1", ("a second operator ==",)),
        ("p >= q", ("write > for",)),
        ("p == r", ('"r", which labels no parameter',)),
        ("1 == 1", ("names no label",)),
        ("1 == 2", ("names no label",)),
        ("p == p", ("follows from arithmetic; take it out",)),
        ("p ~ q", ("constraints: found",)),
        ("p := q", ("constraints: found",)),
        ("", ("constraints: found",)),
        ("p == import os", ("cannot read",)),
    )
) + (
    model("contradictory constraints", "constraints", LABELLED + "constraints: ['p == 1', 'p == 2']\n", "model.yaml:8:25", "the constraint 'p == 2' contradicts the ones before it"),
    model("contradictory inequalities", "constraints", LABELLED + "constraints: ['p > 1', 'p < 0']\n", "model.yaml:8:15", "only == constraints are estimated"),
    model("a constraint twice", "constraints", LABELLED + "constraints: ['p == q', 'p == q']\n", "model.yaml:8:25", "follows from the ones before it"),
    model("constraint of a fixed label", "constraints", LABELLED.replace("a: p", "a: 0.5*p") + "constraints: ['p == 1']\n", "model.yaml:8:15", 'is of "p", which is fixed at 0.5'),
)  # fmt: skip
FORM = (
    model("an empty model", "form", "model: m\n", "model.yaml:1:1", "the model says nothing"),
    model("a model without a name", "form", "structural: {y1: [a1]}\n", "model.yaml:1:1", 'the key "model" (the name of the model) is missing'),
    in_model("an unknown key", "form", "strucural: {}", "model.yaml:8:1", 'unknown key "strucural"; did you mean "structural"?'),
    changed("an unknown key of a construct", "form", "scale: [1, 5]}\n  b", "scal: [1, 5]}\n  b", "model.yaml:3:", 'unknown key "scal" in measurement.a; did you mean "scale"?'),
    model("measurement that is a list", "form", "model: m\nmeasurement: [a, b]\n", "model.yaml:2:14", "measurement: found"),
    in_file("a model that is a number", "form", "study.yaml", STUDY.replace("model.yaml", "3"), "study.yaml:3:8", "model: right is a file, or the keys of a model"),
    in_file("a model that is nowhere", "form", "study.yaml", STUDY.replace("model.yaml", "modell.yaml"), "study.yaml:3:8", 'did you mean "model.yaml"?'),
    in_file("a model that is data", "form", "study.yaml", STUDY.replace("model.yaml", "data.csv"), "data.csv:1:1", "expected keys with values"),
    in_file("a model that is the study", "form", "study.yaml", STUDY.replace("model.yaml", "study.yaml"), "study.yaml:1:1", 'unknown key "study"'),
    in_model("syntax folded", "form", "syntax: >\n  a ~ b\n  y ~ a", "model.yaml:8:", '">" joins lines'),
    in_model("syntax that is a list", "form", "syntax: [y ~ a]", "model.yaml:8:", "syntax: found"),
)  # fmt: skip
INCLUDES = (
    Case("an include of itself", "includes", ("check", "study.yaml"), "model.yaml:8:", ("include one another in a circle",), {"model.yaml": MODEL + "include: [model.yaml]\n"}),
    Case("includes in a circle", "includes", ("check", "study.yaml"), "two.yaml:1:", ("in a circle: one.yaml -> two.yaml -> one.yaml",), {"model.yaml": MODEL + "include: [one.yaml]\n", "one.yaml": "include: [two.yaml]\n", "two.yaml": "include: [one.yaml]\n"}),
    Case("an include that is nowhere", "includes", ("check", "study.yaml"), "model.yaml:8:11", ('cannot include "q.yaml": no such file',), {"model.yaml": MODEL + "include: [q.yaml]\n"}),
    Case("an include of a folder", "includes", ("check", "study.yaml"), "model.yaml:8:11", ('cannot include ".": no such file',), {"model.yaml": MODEL + "include: [.]\n"}),
    Case("an include with paths", "includes", ("check", "study.yaml"), "one.yaml:1:1", ('"structural" is for models',), {"model.yaml": MODEL + "include: [one.yaml]\n", "one.yaml": "structural: {y: [a]}\n"}),
    Case("includes that differ", "includes", ("check", "study.yaml"), "two.yaml:1:", ('"c" is measured differently in two included files, first at one.yaml:1:',), {"model.yaml": MODEL + "include: [one.yaml, two.yaml]\n", "one.yaml": "measurement: {c: {items: [c1, c2]}}\n", "two.yaml": "measurement: {c: {items: [c1, c3]}}\n"}),
    Case("a bomb of includes", "includes", ("check", "study.yaml"), "ok", ("24 degrees of freedom",), {"model.yaml": MODEL + "include: [i0.yaml]\n", **{f"i{at}.yaml": f"include: [{', '.join([f'i{at + 1}.yaml'] * 9)}]\n" for at in range(30)}, "i30.yaml": "labels: {a1: x}\n"}, code=0),
)  # fmt: skip
CASES = (*ITEMS, *PATHS, *EFFECTS, *GROUPS, *VALUES, *CONSTRAINTS, *FORM, *INCLUDES)
