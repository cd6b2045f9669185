"""Waves whose sectors have exactly the moments that were asked for, written as a study and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from werksem.change.waves import Wave, wave_of
from werksem.inputs import read_inputs
from werksem.spec.load import load_study

ITEMS = {"leid": 4, "bev": 3, "eff": 3}
STUDY = """
study: {name}
language: nl
model:
  model: chain
  measurement:
    leid: {{items: [leid1, leid2, leid3, leid4]}}
    bev: {{items: [bev1, bev2, bev3]}}
    eff: {{items: [eff1, eff2, eff3]}}
  structural: {{bev: [leid], eff: [bev, leid]}}
data: {{file: {name}.csv, group: sector{more}}}
sem: {{engine: werksem}}
"""


@dataclass(frozen=True)
class Sector:
    """A sector's population: bev = a leid + z, eff = b bev + c leid + z, items = loading * latent + error."""

    a: float = 0.5
    b: float = 0.4
    c: float = 0.2
    leid: float = 1.0
    bev: float = 0.6
    eff: float = 0.5
    first_loading: float = 1.0
    first_error: float = 0.4


def items() -> list[str]:
    return [f"{name}{k + 1}" for name, count in ITEMS.items() for k in range(count)]


def covariance(of: Sector) -> np.ndarray:
    """Return the items' covariances (10, 10)."""
    B = np.array([[0, 0, 0], [of.a, 0, 0], [of.c, of.b, 0]])
    A = np.linalg.inv(np.eye(3) - B)
    loading = np.zeros((10, 3))
    for at, (k, value) in enumerate((k, 1 - 0.1 * j) for k, n in enumerate(ITEMS.values()) for j in range(n)):
        loading[at, k] = value
    loading[0, 0] = of.first_loading
    errors = np.full(10, 0.4)
    errors[0] = of.first_error
    return loading @ A @ np.diag([of.leid, of.bev, of.eff]) @ A.T @ loading.T + np.diag(errors)


def held(of: Sector, **paths: float) -> Sector:
    """Return the sector with other paths to bev and the same variance of bev."""
    new = replace(of, **paths)
    return replace(new, bev=of.bev + (of.a**2 - new.a**2) * of.leid)


def exact_rows(cov: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Return rows whose mean is 3 and whose covariances are these, to rounding."""
    z = np.random.default_rng(seed).normal(size=(n, len(cov)))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(z.T @ z / n)).T
    return 3 + z @ np.linalg.cholesky(cov).T


def drawn_rows(cov: np.ndarray, n: int, seed: int) -> np.ndarray:
    return 3 + np.random.default_rng(seed).multivariate_normal(np.zeros(len(cov)), cov, n)


def write(place: Path, name: str, sectors: Mapping[str, tuple[Sector, int]], seed: int, *, exact: bool = True,
          weights: Mapping[str, float] | None = None) -> Path:  # fmt: skip
    """Write a wave's data and study file; return the study file."""
    make = exact_rows if exact else drawn_rows
    parts, sizes = [], [n for _, n in sectors.values()]
    if not exact:
        sizes = np.random.default_rng(seed).multinomial(sum(sizes), np.array(sizes) / sum(sizes)).tolist()
    for number, ((label, (of, _)), n) in enumerate(zip(sectors.items(), sizes, strict=True)):
        frame = pd.DataFrame(make(covariance(of), n, seed + 1000 * number), columns=items())
        parts.append(frame.assign(sector=label, weight=(weights or {}).get(label, 1.0)))
    pd.concat(parts).to_csv(place / f"{name}.csv", index=False)
    text = STUDY.format(name=name, more=", weights: weight" if weights else "")
    (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place / f"{name}.yaml"


def wave(
    place: Path, name: str, sectors: Mapping[str, tuple[Sector, int]], seed: int = 1, *, exact: bool = True,
    weights: Mapping[str, float] | None = None,
) -> Wave:  # fmt: skip
    """Return a wave, written and read; its draws are keyed by ``seed`` too."""
    study, spec = load_study(write(place, name, sectors, seed, exact=exact, weights=weights))
    return wave_of(study, spec, read_inputs(study, spec), seed)
