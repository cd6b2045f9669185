"""A small survey on disk, in organisations, with blanks, that several tests calibrate."""

from __future__ import annotations

import atexit
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import numpy as np
import pandas as pd

MODEL = """
x =~ x1 + x2 + x3
y =~ y1 + y2 + y3
y ~ x + z
"""
ITEMS = ("x1", "x2", "x3", "y1", "y2", "y3")


def nothing() -> None:
    """Tell nobody."""


def answers(n: int = 600, clusters: int = 40, shared: float = 0.1, seed: int = 1) -> pd.DataFrame:
    """Return n respondents in organisations that share a part of the latents; z is yes or no."""
    numbers = np.random.default_rng(seed)
    code = np.arange(n) % clusters

    def latent() -> np.ndarray:
        return np.sqrt(shared) * numbers.standard_normal(clusters)[code] + np.sqrt(
            1 - shared
        ) * numbers.standard_normal(n)

    x, z = latent(), (latent() > 0.4).astype(float)
    y = 0.4 * x + 0.5 * z + 0.8 * latent()
    found = {}
    for name in ITEMS:
        response = 0.8 * (x if name[0] == "x" else y) + 0.6 * numbers.standard_normal(n)
        found[name] = 1.0 + np.digitize(response, (-1.2, -0.4, 0.3, 1.1))
    frame = pd.DataFrame(
        found | {"z": z, "org": [f"o{c}" for c in code], "sector": [f"s{c % 4}" for c in code]}
    )
    return frame.mask(numbers.random(frame.shape) < np.where(frame.columns.isin(("x1", "y2")), 0.03, 0.0))


def scratch() -> Path:
    """Return a new folder that is gone when the process ends, for what a cache keeps over tests."""
    folder = Path(mkdtemp(prefix="werksem-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def study_file(folder: Path, frame: pd.DataFrame, sections: str, data: str = "") -> Path:
    """Write respondents and a study of them; return the study's path."""
    frame.to_csv(folder / "a.csv", index=False)
    model = "\n".join(f"    {line}" for line in MODEL.strip().splitlines())
    path = folder / "small.yaml"
    path.write_text(
        f"study: small\nlanguage: en\nmodel:\n  syntax: |\n{model}\ndata: {{file: a.csv{data}}}\n{sections}\n"
    )
    return path
