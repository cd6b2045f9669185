"""lavaan syntax that cannot be read, or means what cannot be: as the model of a study, and converted."""

# one case a line
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from trust.bad_studies.case import SYNTAX, Case, in_syntax

__all__ = ["CASES"]


def converted(name: str, text: str | bytes, place: str, *said: str, file: str = "m.lavaan") -> Case:
    """Return a case of a whole text for convert."""
    return Case(name, "syntax", ("convert", file), place, said, {file: text})


LINES = tuple(
    in_syntax(f"syntax {text[:40]!r}", kind, text, place, *said)
    for kind, text, place, said in (
        ("syntax", "y <~ a + b", "model.lavaan:4:3", ("formative constructs (<~) are not supported",)),
        ("syntax", "y = a + b", "model.lavaan:4:3", ('found "=", right is one of =~ ~ ~~ := == < >',)),
        ("syntax", "y <- a + b", "model.lavaan:4:3", ("write ~ for a regression",)),
        ("syntax", "y -> a", "model.lavaan:4:3", ("write ~ for a regression",)),
        ("syntax", "y ~* a", "model.lavaan:4:4", ("nothing stands before *",)),
        ("syntax", "y ~ ", "model.lavaan:4:3", ("nothing stands to the right of ~",)),
        ("syntax", "~ a", "model.lavaan:4:1", ("a second operator ~",)),
        ("syntax", "y ~ a +", "model.lavaan:4:", ("a name is missing beside +",)),
        ("syntax", "y ~ a + + b", "model.lavaan:4:", ("a name is missing beside +",)),
        ("syntax", "y ~ a b", "model.lavaan:4:5", ("is a + or * missing?",)),
        ("syntax", "y ~ a - b", "model.lavaan:4:5", ("terms are added with +, none are taken away",)),
        ("syntax", "y ~ a:b", "model.lavaan:4:5", ("write an interaction as a column under data.derive",)),
        ("syntax", "y ~ p*(a + b)", "model.lavaan:4:", ("write one modifier per term",)),
        ("syntax", "y ~ (a", "model.lavaan:4:5", ("this ( is not closed",)),
        ("syntax", "y ~ a)", "model.lavaan:4:6", ("this ) closes nothing",)),
        ("syntax", "y ~ a ~ b", "model.lavaan:4:7", ("a second operator ~ in one statement",)),
        ("syntax", "y ~ a @ b", "model.lavaan:4:7", ("cannot read '@' in lavaan syntax",)),
        ("syntax", "y ~ 'a", "model.lavaan:4:5", ("a quote (') that is not closed on its line",)),
        ("syntax", "y | t1", "model.lavaan:4:3", ("thresholds (|) are not supported",)),
        ("syntax", "y1 ~*~ y1", "model.lavaan:4:4", ("response scaling (~*~) is not supported",)),
        ("syntax", "level: 1", "model.lavaan:4:1", ("level: blocks are not supported",)),
        ("syntax", "system('touch pwned')", "model.lavaan:4:1", ("has no operator",)),
        ("syntax", "y ~ `a`", "model.lavaan:4:5", ("cannot read '`'",)),
        ("syntax", "y ~ prior('normal(0,1)')*a", "model.lavaan:4:5", ("priors belong in the study file",)),
        ("syntax", "y ~ efa('x')*a", "model.lavaan:4:5", ("exploratory blocks (efa) are not supported",)),
        ("syntax", "y ~ strat(0.5)*a", "model.lavaan:4:5", ('unknown modifier strat()', 'did you mean "start"?')),
        ("syntax", "y ~ start()*a", "model.lavaan:4:5", ("start() is empty",)),
        ("values", "y ~ start(NaN)*a", "model.lavaan:4:5", ("start() takes numbers",)),
        ("values", "y ~ start('x')*a", "model.lavaan:4:5", ("start() takes numbers, found 'x'",)),
        ("values", "y ~ 1e400*a", "model.lavaan:4:5", ("is too large",)),
        ("values", "y ~ 1e30*a", "model.lavaan:4:5", ("found 1e+30, right is at most 1e+09 in size",)),
        ("values", "y ~ (1/0)*a", "model.lavaan:4:5", ("as a number",)),
        ("values", "y1 ~~ -0.2*y1", "model.lavaan:4:", ('the variance of "y1" is fixed at -0.2',)),
        ("values", "y ~ p*a\np == 1\np == 2", "model.lavaan:6:1", ("the constraint 'p == 2' contradicts the ones before it",)),
        ("values", "y ~ p*a + q*b\np == q\nq == p", "model.lavaan:6:1", ("follows from the ones before it",)),
        ("values", "y ~ p*a\np == r", "model.lavaan:5:1", ('uses "r", which labels no parameter',)),
        ("values", "y ~ c(p, q, r)*a + c(s, t)*b", "model.lavaan:4:", ("it takes one per group",)),
        ("effects", "y ~ p*a\ne := p * z", "model.lavaan:5:", ('uses "z", which labels no parameter',)),
        ("effects", "y ~ p*a\ne := e + p", "model.lavaan:5:", ("in a circle: e -> e",)),
        ("effects", "y ~ p*a\ne := p\ne := p", "model.lavaan:6:", ('"e" is defined twice, first at model.lavaan:5:',)),
        ("effects", "y ~ p*a\np := p * 2", "model.lavaan:5:", ('"p" is a label of a parameter already',)),
        ("effects", "y ~ p*a\ne := open('/etc/passwd')", "model.lavaan:5:", ("formula",)),
        ("effects", "y ~ status*a", "model.lavaan:4:5", ('"status" is a column of bootstrap.parquet already',)),
        ("paths", "y ~ y", "model.lavaan:4:5", ('"y" explains itself',)),
        ("paths", "y ~ a\ny ~ a", "model.lavaan:5:5", ('"y ~ a" is stated twice, first at model.lavaan:4:5',)),
        ("paths", "y ~ a + a", "model.lavaan:4:", ("a stands twice to the right of ~",)),
        ("items", "a =~ a1", "model.lavaan:4:", ('"a =~ a1" is stated twice',)),
        ("items", "f =~ f + a1", "model.lavaan:4:6", ('the construct "f" has itself as an item',)),
        ("items", "f =~ g + h\ng =~ f + h", "model.lavaan:4:", ("measure one another in a circle",)),
    )
)
BIG = (
    in_syntax("a sum of 100,000 terms", "bombs", "y ~ " + " + ".join(f"v{at}" for at in range(100_000)), "data.csv", "the data have no column"),
    in_syntax("an effect of 100,000 terms", "bombs", "y ~ p*a\ne := " + " + ".join(["p"] * 100_000), "model.lavaan:5:", "may have 10000 characters"),
    in_syntax("100,000 brackets", "bombs", "y ~ " + "(" * 100_000, "model.lavaan:4:5", "this ( is not closed"),
    in_syntax("10 MB of text", "bombs", "# " + "x" * 10_000_000, "model.lavaan", "the file is larger than 5 MB"),
    in_syntax("a name of a million letters", "bombs", "y ~ " + "a" * 1_000_000, "data.csv", "the data have no column"),
    in_syntax("an escape character", "syntax", "y ~ \x1b[31ma", "model.lavaan:4:5", "control character U+001B"),
)
CONVERTED = (
    converted("convert nothing", "", "m.lavaan", "the model says nothing"),
    converted("convert no operator", "a b c\n", "m.lavaan:1:1", "has no operator"),
    converted("convert a second ~", "y ~ x ~ z\n", "m.lavaan:1:7", "a second operator ~"),
    converted("convert Latin-1", "y ~ é\n".encode("latin-1"), "m.lavaan:1:5", "is not UTF-8"),
    converted("convert two models", "m1 <- 'f =~ a + b'\nm2 <- 'g =~ c + d'\n", "m.R", "2 models in quotes (lines 1, 2)", file="m.R"),
    converted("convert R code", "system('touch pwned')\n", "m.R:1:1", "has no operator", file="m.R"),
    Case("convert a nameless syntax", "syntax", ("convert", "m.lavaan", "--from", "mplus"), "--from", ("no syntax 'mplus'",), {"m.lavaan": SYNTAX}),
    Case("convert what is not there", "syntax", ("convert", "q.lavaan"), "q.lavaan", ("no such file",)),
    Case("convert data", "syntax", ("convert", "data.csv"), "data.csv:1:1", ("expected keys with values",)),
)
CASES = (*LINES, *BIG, *CONVERTED)
