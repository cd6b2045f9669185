"""Files that are no YAML, or YAML that does harm: bombs, tags, duplicates, recursion, nesting, size."""

# one case a line
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from trust.bad_studies.case import STUDY, Case, in_file

__all__ = ["CASES"]

BOMB = "laugh0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"laugh{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 9)}]\n" for at in range(1, 12)
)
KEYED = "k0: &k0 {a: 1, b: 2}\n" + "".join(
    f"k{at}: &k{at} {{{', '.join(f'{key}: *k{at - 1}' for key in 'abcdefgh')}}}\n" for at in range(1, 12)
)
QUADRATIC = f"one: &one [{', '.join(['x'] * 5000)}]\nmany: [{', '.join(['*one'] * 5000)}]\n"
DIGITS = "9" * 1_000_000


def study(name: str, kind: str, text: str | bytes, place: str, *said: str) -> Case:
    """Return a case of a whole study file."""
    return in_file(name, kind, "study.yaml", text, place, *said)


BOMBS = (
    study("billion laughs", "bombs", STUDY + BOMB, "study.yaml:1", "aliases multiply here"),
    study("billion laughs of mappings", "bombs", STUDY + KEYED, "study.yaml:1", "aliases multiply here"),
    study("one long list 5,000 times", "bombs", STUDY + QUADRATIC, "study.yaml:7", "aliases multiply here"),
    study(
        "a list that holds itself",
        "bombs",
        STUDY + "x: &x [*x]\n",
        "study.yaml:6:8",
        "alias *x has no finished",
    ),
    study(
        "a mapping that holds itself",
        "bombs",
        STUDY + "x: &x {y: *x}\n",
        "study.yaml:6:11",
        "alias *x has no",
    ),
    study(
        "an alias of nothing", "bombs", STUDY + "title: *nothing\n", "study.yaml:6:8", "alias *nothing has no"
    ),
    study(
        "merge keys", "bombs", "base: &b {study: a}\n<<: *b\n", "study.yaml:2:1", "merge keys (<<) are not"
    ),
    study("10 MB of [", "bombs", STUDY + "x: " + "[" * 10_000_000, "study.yaml", "larger than"),
    study("a million [", "bombs", STUDY + "x: " + "[" * 1_000_000, "study.yaml:6:", "nested deeper than"),
    study("a million {", "bombs", STUDY + "x: " + "{a: " * 250_000, "study.yaml:6:", "nested deeper than"),
    study("a million - ", "bombs", STUDY + "x:\n  " + "- " * 400_000, "study.yaml:7:", "nested deeper than"),
    study("a million ? ", "bombs", STUDY + "? " * 400_000, "study.yaml:6:", "a key is one word"),
    study(
        "ever deeper lines",
        "bombs",
        "".join(f"{' ' * at}k:\n" for at in range(1000)),
        "study.yaml:6",
        "nested deeper",
    ),
    study(
        "a million keys", "bombs", "".join(f"k{at}: 1\n" for at in range(150_000)), "study.yaml:", "more than"
    ),
    study(
        "a number of a million digits",
        "bombs",
        STUDY + f"bootstrap: {{replicates: {DIGITS}}}\n",
        "study.yaml:6:25",
        "bootstrap.replicates: found",
        "whole number",
    ),
    study(
        "a fraction of a million digits",
        "bombs",
        STUDY + f"bootstrap: {{level: 0.{DIGITS}}}\n",
        "study.yaml:6:20",
        "bootstrap.level: found 1.0, right is below 1",
    ),
    study(
        "an exponent of a million digits",
        "bombs",
        STUDY + f"bootstrap: {{level: 1e{DIGITS}}}\n",
        "study.yaml:6:20",
        "bootstrap.level: found",
    ),
    study(
        "a hexadecimal of a million digits",
        "bombs",
        STUDY + f"bootstrap: {{seed: 0x{DIGITS}}}\n",
        "study.yaml:6:19",
        "bootstrap.seed: found",
    ),
    study(
        "a text of a million letters",
        "bombs",
        STUDY + f"language: {'n' * 1_000_000}\n".replace("language", "sem"),
        "study.yaml:6:6",
        "sem: found",
    ),
    study(
        "a key of a million letters",
        "bombs",
        STUDY + f"? {'k' * 900_000}\n: 1\n",
        "study.yaml:6:3",
        "unknown key",
    ),
    study(
        "a quoted text that never ends",
        "bombs",
        STUDY + 'title: "' + "a\n" * 100_000,
        "study.yaml:6:8",
        "not valid YAML",
    ),
)
TAGS = tuple(
    study(f"the tag {tag}", "tags", STUDY + f"title: {tag} {value}\n", "study.yaml:6:8", "tag", "is not allowed; write plain values")
    for tag, value in (
        ("!!python/object/apply:os.system", "['touch pwned']"), ("!!python/name:os.system", "''"),
        ("!!python/object/new:type", "[a]"), ("!!binary", "aGFoYQ=="), ("!!set", "{a, b}"), ("!!omap", "[a: 1]"),
        ("!!timestamp", "2024-01-01"), ("!!int", "'3'"), ("!!float", "1"), ("!!null", "''"), ("!include", "/etc/passwd"),
        ("!ENV", "${HOME}"), ("!<tag:example.org,2024:x>", "a"),
    )
)  # fmt: skip
FORM = (
    study(
        "%YAML 1.1",
        "documents",
        "%YAML 1.1\n---\n" + STUDY,
        "study.yaml:1:1",
        "YAML 1.1",
        "take the line away",
    ),
    study("%TAG", "documents", "%TAG ! tag:yaml.org,2002:python/\n---\n" + STUDY, "study.yaml:1:1", "%TAG"),
    study(
        "two documents",
        "documents",
        STUDY + "---\nstudy: other\n",
        "study.yaml:6:1",
        "one document, here a second",
    ),
    study(
        "a document after its end",
        "documents",
        STUDY + "...\nstudy: other\n",
        "study.yaml:7:1",
        "one document, here a second",
    ),
    study("an empty file", "documents", "", "study.yaml", "the file is empty"),
    study("comments only", "documents", "# a\n# b\n", "study.yaml", "the file is empty"),
    study("a list on top", "documents", "- a\n- b\n", "study.yaml:1:1", "found a list"),
    study(
        "text on top",
        "documents",
        "hello\n",
        "study.yaml:1:1",
        "expected keys with values (key: value), found",
    ),
    study(
        "a key twice",
        "duplicate keys",
        STUDY + "language: nl\n",
        "study.yaml:6:1",
        'the key "language" stands here twice, first at study.yaml:2:1',
    ),
    study(
        "a section twice",
        "duplicate keys",
        STUDY + "ols: {}\n",
        "study.yaml:6:1",
        '"ols" stands here twice, first at study.yaml:5:1',
    ),
    study(
        "a key twice inside",
        "duplicate keys",
        STUDY + "bootstrap:\n  seed: 1\n  seed: 2\n",
        "study.yaml:8:3",
        '"seed" stands here twice, first at study.yaml:7:3',
    ),
    study(
        "a key twice in one line",
        "duplicate keys",
        STUDY + "bootstrap: {seed: 1, 'seed': 2}\n",
        "study.yaml:6:22",
        '"seed" stands here twice',
    ),
    in_file(
        "a construct twice",
        "duplicate keys",
        "model.yaml",
        "model: m\nmeasurement:\n  a: {items: [a1, a2]}\n  a: {items: [a3]}\n",
        "model.yaml:4:3",
        '"a" stands here twice, first at model.yaml:3:3',
    ),
    in_file(
        "an outcome twice",
        "duplicate keys",
        "model.yaml",
        "model: m\nstructural:\n  y1: [a1]\n  y1: [b1]\n",
        "model.yaml:4:3",
        '"y1" stands here twice',
    ),
    study("a key that is a list", "wrong form", STUDY + "[a, b]: 1\n", "study.yaml:6:1", "a key is one word"),
    study(
        "a tab", "wrong form", STUDY + "sem:\n\tse: robust\n", "study.yaml:7:1", "a tab; indent with spaces"
    ),
    study(
        "no space after a colon",
        "wrong form",
        STUDY + "title:Proef\n",
        "study.yaml:6:7",
        "a space is missing after the colon",
    ),
    study(
        "a list not closed",
        "wrong form",
        STUDY + "report: {formats: [html, csv}\n",
        "study.yaml:6:19",
        '"[" is opened here',
    ),
    study("a NUL byte", "wrong form", STUDY.encode() + b"title: a\x00b\n", "study.yaml:6:9", "character"),
    study(
        "an escape character",
        "wrong form",
        STUDY.encode() + b"title: a\x1b[31mb\n",
        "study.yaml:6:9",
        "character",
    ),
    study(
        "Latin-1",
        "wrong form",
        (STUDY + "title: enquête\n").encode("latin-1"),
        "study.yaml:6:12",
        "0xea is not UTF-8; save the file as UTF-8",
    ),
    study("UTF-16", "wrong form", (STUDY).encode("utf-16"), "study.yaml:1:1", "is not UTF-8"),
    study("half a surrogate pair", "wrong form", STUDY + 'title: "\\ud800"\n', "study.yaml:6:8", "control character U+D800"),
    study(
        "an escape character in quotes",
        "wrong form",
        STUDY + 'title: "a\\x1b[31mb"\n',
        "study.yaml:6:8",
        "control character",
    ),
    study("a NUL in quotes", "wrong form", STUDY + 'title: "a\\0b"\n', "study.yaml:6:8", "control character"),
    study(
        "text turned around",
        "wrong form",
        STUDY + 'title: "a\u202eb"\n',
        "study.yaml:6:10",
        "control character",
    ),
)
CASES = (*BOMBS, *TAGS, *FORM)
