"""The ordinal data sets of ``tests/reference/lavaan_ordinal.R``, remade from the classics."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.cases import REFERENCE, data_of, shared_csv, spec_of
from werksem.categorical.moments import ordinal_moments
from werksem.estimators.ls_model import LSModel, ordinal_model
from werksem.model import build_model
from werksem.ordinal import OrdinalMoments
from werksem.rows import Options

ITEMS = [f"x{i}" for i in range(1, 10)]
FIVE, THREE, TWO = [-1.2, -0.4, 0.5, 1.3], [-0.6, 0.7], [0.2]
BFI = [f"{letter}{i}" for letter in "ACN" for i in range(1, 6)]

# case: (model file, which are ordered)
CASES = {
    "hs5": ("holzinger", ITEMS), "hs3": ("hs_path", ITEMS), "hs2": ("holzinger", ITEMS),
    "sparse": ("holzinger", ITEMS), "mixed": ("holzinger", [*ITEMS[:3], *ITEMS[6:]]),
    "covariates": ("hs_covariates", ITEMS), "probit": ("hs_probit", ["x9"]),
    "mediator": ("hs_mediator", ["x4", "x9"]), "school": ("holzinger", ITEMS),
    "school_loadings": ("holzinger", ITEMS), "school_thresholds": ("holzinger", ITEMS),
    "weighted": ("holzinger", ITEMS), "bfi": ("bfi_items", BFI),
}  # fmt: skip


def cut(frame: pd.DataFrame, at: list[float]) -> pd.DataFrame:
    z = (frame - frame.mean()) / frame.std(ddof=1)
    return sum((z > c).astype(float) for c in at) + 1


@cache
def ordinal_data(name: str) -> pd.DataFrame:
    if name == "bfi":
        return shared_csv("bfi", "bfi.csv")[BFI].head(1500).dropna()
    raw = data_of(
        "holzinger_full" if name in ("covariates", "probit") or name.startswith("school") else "holzinger"
    )
    raw = raw.copy()
    raw["agemo"] = raw["agemo"] / 12 if "agemo" in raw else 0.0
    raw = raw.astype(dict.fromkeys(ITEMS, float))
    cuts = {"hs5": FIVE, "weighted": FIVE, "hs2": TWO, "sparse": [0.9]}
    if name in ("probit", "mediator"):
        ordered = {"x9": TWO} | ({"x4": THREE} if name == "mediator" else {})
        return raw.assign(**{item: cut(raw[item], at) for item, at in ordered.items()})
    done = raw.assign(**cut(raw[ITEMS], cuts.get(name, THREE)))
    if name == "mixed":
        done = done.assign(**raw[ITEMS[3:6]], **cut(raw[ITEMS[6:8]], FIVE))
    return done.iloc[::4] if name == "sparse" else done


@cache
def ordinal_case(name: str) -> tuple[LSModel, tuple[OrdinalMoments, ...]]:
    file, ordered = CASES[name]
    spec = spec_of((REFERENCE / "models" / f"{file}.lavaan").read_text(), name)
    data = ordinal_data(name)
    groups = tuple(dict.fromkeys(data.school)) if name.startswith("school") else ("all",)
    equal = {"school_loadings": ("loadings",), "school_thresholds": ("loadings", "intercepts")}.get(name, ())
    base = build_model(spec, groups, Options(mean_structure=True, group_equal=equal))
    parts = [data[data.school == group] for group in groups] if len(groups) > 1 else [data]
    rows = [part[list(base.observed)].to_numpy(dtype=float) for part in parts]
    weights = [1 + (np.arange(1, len(data) + 1) % 3).astype(float)] if name == "weighted" else None
    x = base.fixed_x
    use = [item for item in ordered if item in base.observed]
    found = ordinal_moments(rows, base.observed, use, x=x, groups=groups, weights=weights)
    return ordinal_model(base, found, equal_thresholds="intercepts" in equal), found
