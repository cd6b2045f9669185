"""Mistakes of a first study: every message names the place, what was found, and what is right."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.check import check_study
from werksem.errors import WerksemError
from werksem.spec.load import load_model

STUDY = """study: a
language: en
model:
  measurement:
    trust: {items: [t1, t2, t3], reversed: [t3], scale: [1, 5]}
    rules: {items: [r1, r2, r3], scale: [1, 5]}
  structural:
    trust: [rules]
data: {file: data.csv, group: sector}
ols: {}
sem: {estimator: ML}
"""
SYNTAX = """study: a
model:
  syntax: |
    trust =~ t1 + t2 + t3
    rules =~ r1 + r2 + r3
    LINE
data: {file: data.csv}
sem: {}
"""
MISTAKES = {
    "a list for a construct": (
        ("rules: {items: [r1, r2, r3], scale: [1, 5]}", "rules: [r1, r2, r3]"),
        "s.yaml:6:12: measurement.rules: found ['r1', 'r2', 'r3'], right is keys with values (key: value): "
        "{items: [r1, r2, r3]}",
    ),
    "lavaan for a construct": (
        ("rules: {items: [r1, r2, r3], scale: [1, 5]}", "rules: r1 + r2"), ": {items: [r1, r2]}",
    ),
    "items as text": (("[r1, r2, r3]", "r1 r2 r3"), "s.yaml:6:20: .*right is a list [..]: [r1, r2, r3]"),
    "a scale as text": (("scale: [1, 5]}\n  s", "scale: 1-5}\n  s"), '"1-5", right is a list [..]: [1, 5]'),
    "one missing code": (("sector}", "sector, missing_codes: 9}"), "found 9, right is a list [..]: [9]"),
    "a word for a section": (("ols: {}", "ols: HC3"), "s.yaml:10:6: ols: found \"HC3\".*its keys are se"),
    "a list for a section": (("ols: {}", "ols: [HC3]"), "s.yaml:10:6: .*its keys are se"),
    "codes without numbers": (("sector}", "sector, codes: {t1: yes}}"), "{yes: 1, no: 0}"),
    "one covariance": (
        ("data:", "  covariances: [trust, rules]\ndata:"), "covariances are pairs, [[a, b], [c, d]]",
    ),
    "a regression as in lavaan": (
        ("trust: [rules]", "trust ~ rules + sex"), "s.yaml:8:5: .*lavaan's lines stand under syntax: |",
    ),
    "predictors with a plus": (("[rules]", "rules + t1"), "s.yaml:8:12: .*right is [rules, t1]"),
    "a decimal comma": (
        ("ols: {}", "bootstrap: {level: 0,95}"),
        "s.yaml:10:20: bootstrap.level: found a decimal comma, right is a decimal point: 0.95",
    ),
    "a tab": (("    rules:", "\trules:"), "s.yaml:6:1: .*a tab; indent with spaces"),
    "no space after a colon": (
        ("language: en", "language:en"), "s.yaml:2:10: .*a space is missing after the colon: language: en",
    ),
    "an open bracket": (("[rules]", "[rules"), 's.yaml:8:12: .*"[" is opened here.*stopped in line 9'),
    "an open brace": (("ols: {}", "ols: {"), 's.yaml:10:6: .*"{" is opened here'),
    "a section twice": (("ols: {}", "sem: {}"), 's.yaml:11:1: the key "sem" stands here twice, first at'),
    "a section misspelt": (("sem:", "smm:"), 's.yaml:11:1: unknown key "smm"; did you mean "sem"?'),
    "a key misspelt": (("group:", "grop:"), 'unknown key "grop" in data; did you mean "group"?'),
    "an estimator misspelt": (("ML}", "WLMV}"), 's.yaml:11:18: .*found "WLMV", right are .*"WLSMV"?'),
    "an item misspelt": (
        ("[r1, r2, r3]", "[r1, r2, rr3]"), 'no column "rr3"; did you mean "r3"? (named at s.yaml:6:29)',
    ),
    "a construct misspelt": (
        ("[rules]", "[ruls]"), 'no column "ruls".*construct "rules"? (named at s.yaml:8:13)',
    ),
    "a file misspelt": (("data.csv", "dat.csv"), 'does not exist; did you mean "data.csv"?'),
    "a spreadsheet": (("data.csv", "data.xlsx"), 'files that end in ".xlsx".*save the sheet as CSV'),
    "a group in the model": (
        ("[rules]", "[rules, sector]"), 's.yaml:8:20: "sector" sorts respondents (data.group).*data.derive',
    ),
    "one equals sign in a filter": (
        ("sector}", "sector, where: sector = a}"), 's.yaml:9:46: .*write "==" for equal',
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({name: [1, 2, 3, 4, 5, 2] * 9 for name in ("t1", "t2", "t3", "r1", "r2", "r3")})
    frame.assign(sector=["a", "b"] * 27).to_csv("data.csv", index=False)
    return tmp_path


def message(text: str) -> str:
    Path("s.yaml").write_text(text)
    with pytest.raises(WerksemError) as problem:
        list(check_study(Path("s.yaml")))
    return str(problem.value)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_message_says_what_is_right(mistake: str, folder: Path) -> None:
    (wrong, instead), expected = MISTAKES[mistake]
    assert wrong in STUDY
    pattern = ".*".join(map(re.escape, expected.split(".*")))
    assert re.search(pattern, message(STUDY.replace(wrong, instead, 1)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("trust = rules", r's\.yaml:6:11: found "="'),
        ("trust <- rules", r"s\.yaml:6:11: write ~ for a regression"),
        ("trust ~", r"s\.yaml:6:11: nothing stands to the right of ~"),
        ("trust ~ a*rules; i := a*b", r's\.yaml:6:27: .*"b", which labels no parameter; labels are a'),
    ],
)
def test_a_wrong_line_of_lavaan(line: str, expected: str, folder: Path) -> None:
    assert re.search(expected, message(SYNTAX.replace("LINE", line)))


def test_a_negative_bound_is_no_arrow(folder: Path) -> None:
    from werksem.spec.load import load_model

    model = load_model({"syntax": "y ~ a*x\na <-1"})
    assert [constraint.text for constraint in model.constraints] == ["a < -1"]


@pytest.mark.parametrize(("missing", "names", "said"), [
    ("fiml", "[a, b]", "nobody in group 'b' answered t1; to leave the group out: data.where: sector != 'b'$"),
    ("fiml", "[1.0, 2.0]", "nobody in group '2.0' answered t1; to leave .*: data.where: sector != 2$"),
    ("listwise", "[a, b]", "0 of 54 rows of group 'b' answer all 6 items .* sector != 'b'$"),
])  # fmt: skip
def test_check_says_which_group_cannot_be_compared(missing: str, names: str, said: str, folder: Path) -> None:
    sectors = names.strip("[]").split(", ")
    answers = np.random.default_rng(1).integers(1, 6, (54, 6))
    frame = pd.DataFrame(answers, columns=["t1", "t2", "t3", "r1", "r2", "r3"], dtype=float)
    frame["sector"] = sectors * 27
    frame["t1"] = frame["t1"].mask(frame["sector"] == sectors[1])
    frame.to_csv("data.csv", index=False)
    study = STUDY.replace("sector}", f"sector, missing: {missing}}}") + "invariance: [configural]\n"
    assert re.search(said, message(study))


@pytest.mark.parametrize("name", ["my answers.sav", "a.csv.gz"])
def test_a_data_file_is_no_study(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"$FL2")
    with pytest.raises(
        WerksemError, match=r"this is a data file, right is a study; `werksem init --data .* writes"
    ):
        list(check_study(tmp_path / name))


def test_a_model_file_is_no_study(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("model: m\nmeasurement: {f: {items: [a, b, c]}}\n")
    with pytest.raises(
        WerksemError, match="this is a model file; right is a study, whose key model names it"
    ):
        list(check_study(tmp_path / "m.yaml"))


SCRIPT = """library(lavaan)  # don't forget
HS.model <- ' visual  =~ x1 + x2 + x3
              textual =~ x4 + x5 + x6 '
fit <- cfa(HS.model, data=HolzingerSwineford1939)
"""


def test_a_model_in_quotes_is_read_from_an_r_script(tmp_path: Path) -> None:
    (tmp_path / "h.R").write_text(SCRIPT)
    assert [s.rhs for s in load_model(tmp_path / "h.R").statements] == [f"x{at}" for at in range(1, 7)]
    (tmp_path / "h.R").write_text(SCRIPT.replace("x4 + x5", "x4 x5"))
    with pytest.raises(WerksemError, match=r"h\.R:3:"):
        load_model(tmp_path / "h.R")
    (tmp_path / "h.R").write_text(SCRIPT + "more <- 'y ~ x'\n")
    with pytest.raises(WerksemError, match=r"2 models in quotes \(lines 2, 5\); leave one"):
        load_model(tmp_path / "h.R")
