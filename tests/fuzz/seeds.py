"""Files to damage, and the words they are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werksem.spec.dump import dump_mapping

NAMES = ("x1", "x2", "x3", "x4", "x5", "x6", "f", "g", "age", "sector", "w", "org", "total")
WORDS = (*NAMES, "Rijk", "ZBO", "a", "b", "all", "1", "é ß", "no such", "g ~ f", "f ~~ g", "sector == 'Rijk'")

MODEL = {
    "measurement": {
        "f": {"items": ["x1", "x2", "x3"], "scale": [1, 5]},
        "g": {"items": ["x4", "x5", "x6"], "scale": [1, 5], "reversed": ["x6"]},
    },
    "structural": {"g": {"f": "b1", "age": "b2"}},
    "effects": {"twice": "2 * b1"},
}  # fmt: skip

STUDY = """study: s
title: Een studie
language: en
model:
  measurement:
    f: {items: [x1, x2, x3], scale: [1, 5]}
    g:
      items: [x4, x5, x6]
      scale: [1, 5]
      reversed: [x6]
      label: {nl: Gee, en: Gee}
  structural:
    g: {f: b1, age: b2}
  covariances: [[x1, x4]]
  effects:
    twice: 2 * b1
    enumerate: {from: [f], to: [g]}
data:
  file: d.csv
  where: sector != 'ZBO' and age >= 20
  group: sector
  weights: w
  cluster: org
  missing_codes: [9, 99]
  derive: {old: age > 50}
ols: {se: cluster}
sem: {estimator: MLR, engine: werksem}
bootstrap: {replicates: 20, seed: 1, interval: percentile, level: 0.9}
bayes: {level: scores, vary: [paths], priors: {paths: "normal(0, 1)"}}
claims: c.yaml
disclosure: {smallest: 10}
describe:
  tables: [{kind: means, table: t, of: [f, g], by: sector}]
report: {formats: [html]}
"""

CLAIMS = """source: rapport
claims:
  - {id: a, statement: f hangt samen met g, type: sign, positive: [g ~ f]}
  - {id: b, statement: klein, type: small, paths: [g ~ age], below: 0.1}
  - {id: c, statement: r2, type: r2, outcomes: [g], at_least: 0.02}
  - {id: d, statement: samen, type: correlation, positive: [f ~~ g]}
  - {id: e, statement: sterker, type: stronger than, path: g ~ f, than: [g ~ age]}
"""

AUDIT = """published: tabel
source: een rapport
stars: {"*": 0.05, "**": 0.01}
outcomes: {g: {n: 200, r2: 0.24}}
betas:
  - {lhs: g, rhs: f, beta: 0.31, stars: "**"}
  - {lhs: g, rhs: age, beta: -0.08, se: 0.06, p: "<.5"}
totals: [{name: som, parts: [33.3, 33.3, 33.4]}]
"""

LAVAAN = """# measurement
f =~ x1 + start(0.9)*x2 + NA*x3
g =~ 1*x4 + x5 + l6*x6
g ~ b1*f + b2*age
x1 ~~ 0.2*x4; f ~~ f
x1 ~ 1
ind := b1 * b2^2 - exp(-b1) / 2
b1 == b2
b1 > 0.1
"""

SEMOPY = """f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ b1*f + age
x1 ~~ x4
DEFINE(ordinal) x5 x6
CONSTRAINT(b1 > 0)
START(0.5) b1
"""

R_SCRIPT = """library(lavaan)
model <- '
  f =~ x1 + x2 + x3   # latent
  g =~ x4 + x5 + x6
  g ~ b1*f
'
fit <- sem(model, data = d, estimator = "MLR")
"""

POPULATION = """population: klein
n: 40
seed: 3
model:
  measurement:
    f: {items: [x1, x2, x3], scale: [1, 5]}
"""


def respondents(n: int = 60) -> pd.DataFrame:
    """Return the answers that the study above reads."""
    rng = np.random.default_rng(4)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).repeat(3, axis=1)
    factors[:, 5] *= -1
    items = np.clip(np.round(3 + factors + 0.7 * rng.standard_normal((n, 6))), 1, 5).astype(int)
    frame = pd.DataFrame(items, columns=list(NAMES[:6]))
    return frame.assign(
        age=rng.integers(20, 65, n), sector=np.resize(["Rijk", "ZBO", "GR"], n),
        w=np.round(rng.uniform(0.5, 2, n), 2), org=rng.integers(1, 9, n),
    )  # fmt: skip


CSV = respondents().to_csv(index=False)
MODEL_FILE = dump_mapping({"model": "m", **MODEL})
FILES: dict[str, str | bytes] = {"s.yaml": STUDY, "c.yaml": CLAIMS, "d.csv": CSV, "m.yaml": MODEL_FILE}
