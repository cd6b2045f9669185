"""Claims files: what is read, and what is said of mistakes, with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from werksem.errors import SpecError
from werksem.spec.claims import Known, OrderOfGroups, Sign, load_claims

KNOWN = Known(
    ["y ~ veilig", "y ~ wendbaar"], ["veilig -> m -> y"], ["y", "veilig", "wendbaar"], ["Rijk", "ZBO"]
)
HEAD = "source: rapport\nclaims:\n  - id: F-1\n    statement: Een zin\n"
SIGN = HEAD + "    type: sign\n    positive: [y ~ veilig]\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def claims_of(text: str, known: Known = KNOWN):
    Path("c.yaml").write_text(text, encoding="utf-8")
    return load_claims(Path("c.yaml"), known)


def error(text: str, known: Known = KNOWN) -> str:
    with pytest.raises(SpecError) as caught:
        claims_of(text, known)
    return str(caught.value)


def test_a_claim_is_read_with_the_files_source() -> None:
    [claim] = claims_of(SIGN)
    assert isinstance(claim, Sign)
    assert (claim.id, claim.source, claim.positive) == ("F-1", "rapport", ("y ~ veilig",))
    [own] = claims_of(SIGN + "    source: elders\n")
    assert own.source == "elders"


def test_an_order_may_have_ties_and_an_effect_may_be_claimed() -> None:
    text = HEAD + "    type: order of groups\n    path: y~veilig\n    order: [Rijk, [ZBO]]\n"
    [claim] = claims_of(text)
    assert isinstance(claim, OrderOfGroups)
    assert claim.ranks == (("Rijk",), ("ZBO",))
    assert claims_of(HEAD + "    type: no effect\n    paths: [veilig -> m -> y]\n")


@pytest.mark.parametrize(("text", "message"), [
    (SIGN.replace("type: sign", "type: sing"),
     'c.yaml:5:11: type: found "sing", right are sign, no effect, small, strong, stronger than, order of '
     'groups, share above, weaker than, as strong as, pattern, '),
    (HEAD, "c.yaml:3:5: type: a claim needs one of sign, no effect"),
    (SIGN.replace("positive", "postive"),
     'c.yaml:6:5: unknown key "postive"; did you mean "positive"?'),
    (SIGN.replace("source: rapport", "sourse: rapport"), 'c.yaml:1:1: unknown key "sourse"'),
    (SIGN.replace("y ~ veilig", "y ~ velig"),
     'c.yaml:6:16: F-1: "y ~ velig" is no path of the model; did you mean "y ~ veilig"?'),
    (SIGN.replace("y ~ veilig", "veilig -> m"),
     'c.yaml:6:16: F-1: "veilig -> m" is no defined effect of the model; did you mean "veilig -> m -> y"?'),
    (SIGN + "    group: Rik\n", 'c.yaml:7:12: F-1: "Rik" is no group in the data; did you mean "Rijk"?'),
    (HEAD + "    type: sign\n",
     "c.yaml:3:5: a claim of type sign names paths under positive, negative or both"),
    (HEAD + "    type: small\n    paths: [y ~ veilig]\n    below: -1\n",
     "c.yaml:7:12: below: found -1, right is above 0"),
    (HEAD + "    type: stronger than\n    path: y ~ veilig\n", 'c.yaml:3:5: the key "than" is missing'),
    (HEAD + "    type: order of groups\n    order: [Rijk, ZBO]\n",
     "c.yaml:3:5: an order of groups is on a path or on a mean; give one of path, mean"),
    (HEAD + "    type: order of groups\n    mean: y\n    order: [Rijk, Rijk]\n",
     "c.yaml:3:5: a group stands twice in the order"),
    (HEAD + "    type: order of groups\n    mean: y\n    order: [Rijk, [ZB]]\n",
     'c.yaml:7:19: F-1: "ZB" is no group in the data; did you mean "ZBO"?'),
    (HEAD + "    type: share above\n    variable: yy\n    above: 3\n    at_least: 0.5\n",
     'c.yaml:6:15: F-1: "yy" is no variable of the model; did you mean "y"?'),
    (HEAD + "    type: share above\n    variable: y\n    above: 3\n",
     "c.yaml:3:5: a share above is at_least or at_most a share; give one of the two"),
    (SIGN + "  - id: F-1\n    statement: b\n    type: sign\n    positive: [y ~ veilig]\n",
     'c.yaml:7:9: the id "F-1" stands twice'),
    (HEAD + "    type: r2\n    outcomes: [y]\n",
     "c.yaml:3:5: a number is claimed to be at_least, at_most or between; give one of the three"),
    (HEAD + "    type: r2\n    outcomes: [yy]\n    at_least: 0.1\n",
     'c.yaml:6:16: F-1: "yy" is no outcome of the model; did you mean "y"?'),
    (HEAD + "    type: delta r2\n    outcomes: [y]\n    predictors: [velig]\n    at_least: 0.1\n",
     'c.yaml:7:18: F-1: "y ~ velig" is no path of the model; did you mean "y ~ veilig"?'),
    (HEAD + "    type: correlation\n    positive: [y ~~ velig]\n",
     'c.yaml:6:16: F-1: "velig" is no variable of the model; did you mean "veilig"?'),
    (HEAD + "    type: correlation\n    positive: [y ~ veilig]\n",
     'c.yaml:6:16: F-1: "y ~ veilig" is no pair of two variables; right is a ~~ b'),
    (HEAD + "    type: correlation\n    below: [y ~~ veilig]\n",
     "c.yaml:3:5: pairs under below are below at_most; give both or neither"),
    (HEAD + "    type: level\n    of: [{share: y}]\n    at_least: 0.5\n",
     "c.yaml:6:10: of.0: a share, and only that, has one of above, at_least, below, at_most, between"),
    (HEAD + "    type: level\n    of: [{mean: y, mark: y}]\n    at_least: 0.5\n",
     "c.yaml:6:10: of.0: a statistic is one of mean, mark, sd, share"),
    (HEAD + "    type: no difference\n    of: [{mean: y}]\n    groups: [Rijk, ZB]\n",
     'c.yaml:7:20: F-1: "ZB" is no group in the data; did you mean "ZBO"?'),
    (HEAD + "    type: pattern\n    positive: [y ~ veilig]\n", 'c.yaml:3:5: the key "no_effect" is missing'),
    ("classes: {c: {column: x, at: [3], labels: [a]}}\n" + SIGN,
     "c.yaml:1:14: classes.c: 2 classes have as many labels, found 1"),
    ("claims: []\n", "c.yaml:1:9: claims: found [], right is at least one claim"),
    ("claims: [F-1]\n", "c.yaml:1:10: claims.0: found \"F-1\", right is keys with values (key: value)"),
])  # fmt: skip
def test_mistakes_are_named_with_their_place(text: str, message: str) -> None:
    assert error(text).startswith(message)


def test_a_file_that_is_not_there_is_said_so() -> None:
    with pytest.raises(SpecError, match="no such file"):
        load_claims(Path("d.yaml"), KNOWN)


def test_groups_are_not_checked_where_the_data_have_none() -> None:
    assert claims_of(SIGN + "    group: Rik\n", Known(KNOWN.paths))
