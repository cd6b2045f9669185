"""Claims, published numbers, populations, tables to audit and lock files that cannot be."""

# one case a line
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from trust.bad_studies.case import STUDY, Case

__all__ = ["CASES"]

BETA = "published: t\nbetas:\n  - {lhs: y, rhs: a, beta: 0.2}\n"
CLAIM = "claims:\n  - id: C1\n    statement: a with y\n    type: sign\n    positive: [y ~ a]\n"
POPULATION = """\
population: p
about: {nl: x, en: x}
made_from: [x]
assumed: [x]
seed: 1
missing: 0
skippers: 0
organisations: {icc: 0.03, seed: 1, slope_sd: 0, slopes: {}}
sectors: {Rijk: {workforce: 1, organisations: [50, 50, 50, 50, 50, 50]}}
sector_slopes: {}
structure: {}
answers: {}
constructs: {a: {thresholds: [0]}, b: {thresholds: [0]}}
correlation: [[], [0.3]]
"""
LOCK = """\
lock: 1
verb: fit
study: study.yaml
only: [ols]
files:
  - {what: study, file: study.yaml, sha256: aa}
values:
  ols:
    std / y ~ a: {value: 0.17, rounding: 2}
"""


def claims(name: str, text: str, place: str, *said: str) -> Case:
    """Return a case of a claims file."""
    return Case(f"claims: {name}", "claims", ("check", "study.yaml"), place, said, {"study.yaml": STUDY + "claims: c.yaml\n", "c.yaml": text})


def published(name: str, text: str, place: str, *said: str) -> Case:
    """Return a case of a file of published numbers."""
    return Case(f"published: {name}", "published", ("check", "study.yaml"), place, said, {"study.yaml": STUDY + "published: p.yaml\n", "p.yaml": text})


def audited(name: str, text: str | bytes, place: str, *said: str, file: str = "t.yaml") -> Case:
    """Return a case of a table to audit."""
    return Case(f"audit: {name}", "audit", ("audit", file), place, said, {file: text})


def population(name: str, old: str, new: str, place: str, *said: str) -> Case:
    """Return a case of a population with one thing changed."""
    files = {"p.yaml": POPULATION.replace(old, new)}
    return Case(f"population: {name}", "population", ("simulate", "p.yaml", "--out", "wave.csv"), place, said, files, left=("wave.csv",))


def locked(name: str, old: str, new: str, place: str, *said: str) -> Case:
    """Return a case of a lock file with one thing changed."""
    return Case(f"lock: {name}", "lock", ("verify", "l.yaml"), place, said, {"l.yaml": LOCK.replace(old, new)})


CLAIMS = (
    claims("a path that is none", CLAIM.replace("y ~ a]", "y ~ q]"), "c.yaml:5:16", '"y ~ q" is no path of the model'),
    claims("a path nearly right", CLAIM.replace("y ~ a]", "y ~ aa]"), "c.yaml:5:16", 'did you mean "y ~ a"?'),
    claims("an unknown type", CLAIM.replace("sign", "sing"), "c.yaml:4:11", 'found "sing", right are', 'did you mean "sign"?'),
    claims("no type", CLAIM.replace("    type: sign\n", ""), "c.yaml:2:5", "a claim needs one of"),
    claims("a type that is a list", CLAIM.replace("sign", "[sign]"), "c.yaml:4:11", "type: found"),
    claims("an id twice", CLAIM + CLAIM.split("\n", 1)[1], "c.yaml:6:9", 'the id "C1" stands twice'),
    claims("no id", CLAIM.replace("id: C1\n    ", ""), "c.yaml:2:5", 'the key "id" is missing'),
    claims("no claims", "claims: []\n", "c.yaml:1:9", "right is at least one claim"),
    claims("claims that are a mapping", "claims: {a: b}\n", "c.yaml:1:9", "claims: found"),
    claims("an unknown key", CLAIM + "    positve: [y ~ b]\n", "c.yaml:6:5", 'unknown key "positve"; did you mean "positive"?'),
    claims("an unknown key on top", CLAIM + "clams: 1\n", "c.yaml:6:1", 'unknown key "clams"; did you mean "claims"?'),
    claims("an unknown group", CLAIM + "    group: Rijkk\n", "c.yaml:6:12", '"Rijkk" is no group in the data; did you mean "Rijk"?'),
    claims("a bomb", "claims: &a [*a]\n", "c.yaml:1:13", "has no finished anchor"),
    claims("a tag", "claims: !!python/object/apply:os.system ['touch pwned']\n", "c.yaml:1:9", "is not allowed"),
    claims("an effect that is none", CLAIM.replace("y ~ a]", "total]"), "c.yaml:5:16", '"total" is no defined effect of the model'),
    claims("code", CLAIM.replace("y ~ a]", "__import__('os')]"), "c.yaml:5:16", "is no defined effect of the model"),
    Case("claims: no such file", "claims", ("check", "study.yaml"), "study.yaml:6:9", ('claims "c.yaml": no such file',), {"study.yaml": STUDY + "claims: c.yaml\n"}),
    Case("claims: a folder", "claims", ("check", "study.yaml"), "study.yaml:6:9", ('claims "..": cannot read the file: is a directory',), {"study.yaml": STUDY + "claims: ..\n"}),
)
PUBLISHED = (
    published("no numbers", "published: t\n", "p.yaml:1:1", "needs betas: or values:"),
    published("a beta of 3", BETA.replace("0.2", "3"), "p.yaml:3:28", "found 3, right is at most 2"),
    published("a beta of text", BETA.replace("0.2", "',20'"), "p.yaml:3:28", "with a decimal point"),
    published("a beta with a comma", BETA.replace("0.2", "0,2"), "p.yaml:3:28", "found a decimal comma, right is a decimal point: 0.2"),
    published("a beta of NaN", BETA.replace("0.2", ".nan"), "p.yaml:3:28", "right is a finite number"),
    published("stars", BETA.replace("0.2", "0.2, stars: '****'"), "p.yaml:3:40", 'found "****", right are'),
    published("an unknown key", BETA.replace("beta: 0.2", "beat: 0.2"), "p.yaml:3:22", 'unknown key "beat" in betas.0; did you mean "beta"?'),
    published("no outcome", BETA.replace("lhs: y, ", ""), "p.yaml:3:5", 'the key "lhs" is missing'),
    published("a rounding of 0", BETA + "rounding: 0\n", "p.yaml:4:11", "found 0, right is above 0"),
    published("twice the same", BETA + "  - {lhs: y, rhs: a, beta: 0.3}\n", "p.yaml:4:", "twice"),
    Case("published: no such file", "published", ("check", "study.yaml"), "study.yaml:6:12", ('published "p.yaml": no such file',), {"study.yaml": STUDY + "published: p.yaml\n"}),
)
AUDITS = (
    audited("nothing", "published: t\n", "t.yaml:1:1", "there is nothing to audit"),
    audited("a cell twice", BETA + "  - {lhs: y, rhs: a, beta: 0.3}\n", "t.yaml:4:5", "y ~ a is given twice"),
    audited("an outcome of itself", BETA.replace("rhs: a", "rhs: y"), "t.yaml:3:5", '"y" is outcome and predictor of itself'),
    audited("an unknown mark", BETA.replace("0.2", "0.2, stars: '#'"), "t.yaml:3:", 'found the mark "#"'),
    audited("n of 2", BETA + "outcomes: {y: {n: 2}}\n", "t.yaml:4:", "n is 2 for 1 predictors; at least 3"),
    audited("n of -5", BETA + "outcomes: {y: {n: -5}}\n", "t.yaml:4:19", "found -5, right is at least 1"),
    audited("n of 1e30", BETA + "outcomes: {y: {n: 1000000000000000000000000000000}}\n", "t.yaml:4:19", "right is at most"),
    audited("an R2 of 2", BETA + "outcomes: {y: {n: 90, r2: 2}}\n", "t.yaml:4:27", "found 2, right is at most 1"),
    audited("two R2", BETA + "outcomes: {y: {r2: .2, adj_r2: .1}}\n", "t.yaml:4:", "right is r2 or adj_r2, not both"),
    audited("an outcome nearly right", BETA + "outcomes: {yy: {n: 90}}\n", "t.yaml:", 'outcomes has no "y"; did you mean "yy"?'),
    audited("a beta of 1e300", BETA.replace("0.2", "1e300"), "t.yaml:3:28", "right is at most"),
    audited("decimals of 99", BETA + "decimals: {beta: 99}\n", "t.yaml:4:18", "found 99, right is at most 15"),
    audited("a p of text", BETA.replace("0.2", "0.2, p: small"), "t.yaml:3:", 'found "small", right is a number or, as text, "<.001"'),
    audited("a sum of nothing", "totals: [{name: x, parts: []}]\n", "t.yaml:1:27", "at least 1 entries"),
    audited("a bomb", "betas: &b [*b]\n", "t.yaml:1:12", "has no finished anchor"),
    audited("a CSV without a header", "1,2,3\n", "t.csv:1", 'unknown column "1"', file="t.csv"),
    audited("an empty CSV", "", "t.csv", "empty", file="t.csv"),
    audited("a CSV of ragged lines", "outcome,predictor,beta\ny,a,0.2,0.3\n", "t.csv:2", "4 values under 3 columns", file="t.csv"),
    audited("a CSV with text for a number", "outcome,predictor,beta\ny,a,much\n", "t.csv:2", "much", file="t.csv"),
    audited("a CSV with NUL", b"outcome,predictor,beta\ny,a\x00,0.2\n", "t.csv:2", "control character", file="t.csv"),
    Case("audit: no such file", "audit", ("audit", "q.yaml"), "q.yaml", ("no such file",)),
    Case("audit: a folder", "audit", ("audit", "."), ".", ("directory",)),
    Case("audit: over its own table", "audit", ("audit", "t.yaml", "--out", "t.yaml"), "t.yaml", ("--out is the table itself",), {"t.yaml": BETA}),
)
POPULATIONS = (
    population("an unknown key", "seed: 1\nmissing", "sead: 1\nmissing", "p.yaml:5:1", 'unknown key "sead"; did you mean "seed"?'),
    population("no constructs", "constructs: {a: {thresholds: [0]}, b: {thresholds: [0]}}\n", "", "p.yaml:1:1", 'the key "constructs" is missing'),
    population("a seed of text", "seed: 1\nmissing", "seed: one\nmissing", "p.yaml:5:7", 'seed: found "one", right is a whole number'),
    population("a share of 2", "missing: 0", "missing: 2", "p.yaml:6:10", "missing: found 2, right is at most 1"),
    population("sectors that are a list", "{Rijk: {workforce: 1, organisations: [50, 50, 50, 50, 50, 50]}}", "[Rijk]", "p.yaml:9:10", "sectors: found", "keys with values"),
    population("no workforce", "workforce: 1, ", "", "p.yaml:9:", 'sectors.Rijk: the key "workforce" is missing'),
    population("organisations of -5", "50]}}", "-5]}}", "p.yaml:9:", "found -5, right is at least 1"),
    population("organisations of a billion", "50]}}", "1000000000000]}}", "p.yaml:9:", "right is at most"),
    population("correlations of 2", "[0.3]", "[2]", "p.yaml", "the latent correlations are not positive definite"),
    population("correlations of 1", "[0.3]", "[1]", "p.yaml", "not positive definite"),
    population("correlations that are no triangle", "[[], [0.3]]", "[[0.3]]", "p.yaml", "is a lower triangle"),
    population("thresholds that fall", "a: {thresholds: [0]}", "a: {thresholds: [1, 0]}", "p.yaml", "a: thresholds ascend"),
    population("thresholds of text", "a: {thresholds: [0]}", "a: {thresholds: [x]}", "p.yaml:13:", 'found "x", right is a number'),
    population("a loading of 2", "a: {thresholds: [0]}", "a: {items: {a1: {thresholds: [0], loading: 2}}}", "p.yaml", "a loading lies in (0, 1]"),
    population("a path of nothing", "structure: {}", "structure: {a: [q]}", "p.yaml", '"q" is not a construct of this population'),
    population("a path to itself", "structure: {}", "structure: {a: [a]}", "p.yaml", "a stands before its predictor a"),
    population("about that is text", "about: {nl: x, en: x}", "about: x", "p.yaml:2:8", 'about: found "x", right is keys with values'),
    population("extends itself", "population: p", "population: p\nextends: p.yaml", "p.yaml:2:10", "a population can extend one that extends nothing"),
    population("extends nothing", "population: p", "population: p\nextends: q.yaml", "q.yaml", "no such file"),
    population("a rounding without end", "a: {thresholds: [0]}", "a: {rounded: {mean: 0, sd: 1, low: 0, high: 1000000000, step: 0.0001}}", "p.yaml", "is not 1 to 10000 steps"),
    population("a rounding of 0", "a: {thresholds: [0]}", "a: {rounded: {mean: 0, sd: 1, low: 0, high: 5, step: 0}}", "p.yaml", "step"),
    Case("population: n of a billion", "population", ("simulate", "p.yaml", "--out", "wave.csv", "--n", "1000000000000"), "n is 1000000000000", ("at most 10000000 respondents",), {"p.yaml": POPULATION}, left=("wave.csv",)),
    Case("population: no such suffix", "population", ("simulate", "p.yaml", "--out", "wave.exe"), "wave.exe", ("cannot write a .exe file",), {"p.yaml": POPULATION}),
)
LOCKS = (
    locked("no lock", "lock: 1\n", "", "l.yaml", "this is no lock file of werksem"),
    locked("another lock", "lock: 1", "lock: 2", "l.yaml:1:7", "lock: found 2, right is 1"),
    locked("an unknown verb", "verb: fit", "verb: rm -rf", "l.yaml:2:7", 'found "rm -rf", right are fit, describe'),
    locked("an unknown engine", "[ols]", "[olss]", "l.yaml:4:8", 'did you mean "ols"?'),
    locked("no rounding", ", rounding: 2", "", "l.yaml:9:", "a number needs its rounding"),
    locked("a rounding of 99", "rounding: 2", "rounding: 99", "l.yaml:9:", "right is at most 12"),
    locked("a value of NaN", "value: 0.17", "value: .nan", "l.yaml:9:", "right is a finite number"),
    locked("no values", "values:\n  ols:\n    std / y ~ a: {value: 0.17, rounding: 2}\n", "values: {}\n", "l.yaml:7:9", "nothing would be verified"),
    locked("a study that is not among its files", "file: study.yaml", "file: other.yaml", "l.yaml:", "the study study.yaml is not among them"),
    locked("a study that is nowhere", "study.yaml", "gone.yaml", "l.yaml", "study gone.yaml is not there"),
    locked("options", "only: [ols]", "only: [ols]\nset: ['--out=/pwned']", "l.yaml", "is not the file of the lock"),
    locked("a study elsewhere", "study.yaml", "/etc/passwd", "l.yaml", "is not the file of the lock"),
    locked("a bomb", "lock: 1", "x: &x [*x]\nlock: 1", "l.yaml:1:8", "has no finished anchor"),
    locked("a number that is none", "std / y ~ a", "std / y ~ q", "l.yaml", "is not the file of the lock"),
)
CASES = (*CLAIMS, *PUBLISHED, *AUDITS, *POPULATIONS, *LOCKS)
