"""A realistic result folder without running an engine: all its tables, 2024 constructs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werksem.compare.cells import csv_text
from werksem.compare.table import comparison
from werksem.estimates import estimates_table

SECTORS = {
    "Rijk": 6258,
    "ZBO": 2221,
    "Gemeenten": 4640,
    "GR": 2405,
    "Provincies": 1093,
    "Waterschappen": 1180,
}
LABELS = {
    "veilig": ("Sociaal veilig werkklimaat", "Psychologically safe climate", 5),
    "inclusief": ("Inclusief werkklimaat", "Inclusive climate", 4),
    "maatschappelijk": ("Maatschappelijke betrokkenheid", "Societal orientation", 4),
    "procedureel": ("Procedurele cultuur", "Procedural culture", 4),
    "wendbaar": ("Wendbare cultuur", "Agile culture", 5),
    "leiderschap": ("Transformationeel leiderschap", "Transformational leadership", 8),
    "tevredenheid_org": ("Tevredenheid met de organisatie", "Satisfaction with the organisation", 1),
    "betrokkenheid": ("Betrokkenheid", "Commitment", 4),
    "bevlogenheid": ("Bevlogenheid", "Engagement", 3),
    "vertrekintentie": ("Vertrekintentie", "Intention to leave", 1),
    "effectiviteit": ("Effectiviteit", "Effectiveness", 2),
    "efficientie": ("Efficiëntie", "Efficiency", 2),
    "legitimiteit": ("Legitimiteit", "Legitimacy", 2),
}
FACETS = ("veilig", "inclusief", "maatschappelijk", "procedureel", "wendbaar")
BINDING = {
    "tevredenheid_org": (0.151, 0.219, 0.115, 0.030, 0.273),
    "betrokkenheid": (0.104, 0.175, 0.193, 0.030, 0.212),
    "vertrekintentie": (-0.093, -0.115, -0.048, 0.0, -0.106),
}
CHAIN = {
    "bevlogenheid": {"leiderschap": 0.21, "veilig": 0.09, "inclusief": 0.07, "wendbaar": 0.08},
    "betrokkenheid": {"leiderschap": 0.15, "veilig": 0.05, "inclusief": 0.15, "wendbaar": 0.17},
    "effectiviteit": {"leiderschap": 0.129, "veilig": 0.055, "inclusief": 0.02, "wendbaar": 0.217,
                      "bevlogenheid": 0.12, "betrokkenheid": 0.08},
    "efficientie": {"leiderschap": 0.12, "veilig": 0.052, "inclusief": -0.016, "wendbaar": 0.202,
                    "bevlogenheid": 0.05, "betrokkenheid": 0.08},
    "legitimiteit": {"leiderschap": 0.05, "veilig": 0.16, "inclusief": 0.037, "wendbaar": -0.015,
                     "bevlogenheid": 0.08, "betrokkenheid": 0.05},
}  # fmt: skip
N_SEM = 17_204


def paths(kind: str) -> dict[str, dict[str, float]]:
    if kind == "mediatie":
        return CHAIN
    return {outcome: dict(zip(FACETS, betas, strict=True)) for outcome, betas in BINDING.items()}


def make_result(folder: Path, kind: str = "binding", language: str = "nl", synthetic: bool = True) -> Path:
    """Write the folder (without report.html) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(2024)
    model = paths(kind)
    rows = _paths(model, rng) + _effects(model, rng) + _loadings(model, rng)
    estimates = estimates_table(rows)
    n: dict[str, Any] = {
        "ols": {outcome: N_SEM + 110 * i for i, outcome in enumerate(model)},
        "sem": N_SEM, "bootstrap": N_SEM, "bayes": 17_510,
    }  # fmt: skip
    tables = {
        "estimates": estimates,
        "comparison": comparison(estimates, _published(model), n, _shares(model, rng)),
        "fit": _fit(model),
        "reliability": _reliability(model, rng),
        "diagnostics": _diagnostics(),
        "sample": _sample(rng),
        "distributions": _answers(model, rng),
    }
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
    manifest = _manifest(kind, language, synthetic, n)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY.format(kind=kind, language=language), encoding="utf-8")
    return folder


def with_intervals(folder: Path, *, failed: int = 0, inadmissible: int = 0, kind: str = "bca") -> Path:
    """Add ``intervals.csv`` and counts of replicates to the folder, as the bootstrap writes them.

    Bands are twice as wide as the intervals of effects. Without inadmissible replicates paths to
    ``vertrekintentie`` and ``legitimiteit`` have lower limits .02 further out; all other limits stay.
    """
    estimates = pd.read_csv(folder / "estimates.csv", keep_default_na=False)
    estimates.loc[estimates["engine"] == "bootstrap", "method"] = kind
    estimates.to_csv(folder / "estimates.csv", index=False)
    rows = estimates[estimates["engine"] == "bootstrap"]
    parts = []
    for metric, prefix in (("raw", ""), ("std", "std_")):
        limits = [pd.to_numeric(rows[f"{prefix}ci_{end}"]) for end in ("lower", "upper")]
        part = rows[["group", "lhs", "op", "rhs", "label"]].assign(
            metric=metric, interval=kind, level=0.95, estimate=rows["std" if prefix else "est"],
            lower=limits[0], upper=limits[1], mc_lower=0.0012, mc_upper=0.0014, pvalue=0.01,
        )  # fmt: skip
        half = (limits[1] - limits[0]) / 2
        effects = part[part["op"] == ":="].assign(interval="band", mc_lower=np.nan, mc_upper=np.nan)
        parts += [part, effects.assign(lower=limits[0] - half, upper=limits[1] + half)]
        if inadmissible:
            moved = part["lhs"].isin(["vertrekintentie", "legitimiteit"]) * 0.02
            parts.append(part.assign(interval=f"{kind} (admissible)", lower=part["lower"] - moved))
    pd.concat(parts).to_csv(folder / "intervals.csv", index=False)
    table = pd.read_csv(folder / "diagnostics.csv")
    counted = {"replicates_failed": failed, "replicates_inadmissible": inadmissible}
    table["value"] = table["measure"].map(counted).fillna(table["value"])
    sharp = {"engine": "bootstrap", "measure": "limit_error_max", "value": 0.00142, "ok": True}
    pd.concat([table, pd.DataFrame([sharp])]).to_csv(folder / "diagnostics.csv", index=False)
    return folder


def _estimate(engine: str, lhs: str, op: str, rhs: str, std: float, se: float, **more: Any) -> dict[str, Any]:
    z = std / se
    limits = {"ci_lower": std * 0.9 - 1.8 * se, "ci_upper": std * 0.9 + 1.8 * se}
    return {
        "engine": engine, "group": "all", "lhs": lhs, "op": op, "rhs": rhs, "est": std * 0.9, "se": se * 0.9,
        "z": z if engine in ("ols", "sem") else None,
        "pvalue": float(np.exp(-0.717 * abs(z) - 0.416 * z * z)) if engine in ("ols", "sem") else None,
        **limits, "level": 0.95, "std": std, "std_se": se,
        "std_ci_lower": std - 1.96 * se, "std_ci_upper": std + 1.96 * se,
        "method": {"bootstrap": "bca", "bayes": "equal-tailed"}.get(engine, "wald"), "status": "ok", **more,
    }  # fmt: skip


def _paths(model: dict[str, dict[str, float]], rng: np.random.Generator) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {engine: [] for engine in ("ols", "sem", "bootstrap", "bayes")}
    for outcome, betas in model.items():
        for predictor, beta in betas.items():
            noise = rng.normal(0, 0.006, 3)
            latent = beta * (1.25 if abs(beta) > 0.05 else 0.6) + noise[1]
            rows["ols"].append(_estimate("ols", outcome, "~", predictor, beta + noise[0], 0.009))
            rows["sem"].append(_estimate("sem", outcome, "~", predictor, latent, 0.013))
            rows["bootstrap"].append(_estimate("bootstrap", outcome, "~", predictor, latent, 0.0135))
            pooled = beta + noise[0] + noise[2] / 4
            rows["bayes"].append(
                _estimate("bayes", outcome, "~", predictor, pooled, 0.012, std_common=pooled * 0.98)
            )
            for sector, size in (*SECTORS.items(), ("typical", 700)):
                se = 1.0 / np.sqrt(size) * 0.9
                own = pooled + (0 if sector == "typical" else rng.normal(0, 0.045))
                more = {"group": sector, "std_common": own * 0.98}
                rows["bayes"].append(_estimate("bayes", outcome, "~", predictor, own, se, **more))
    return [row for engine in rows.values() for row in engine]


def _effects(model: dict[str, dict[str, float]], rng: np.random.Generator) -> list[dict[str, Any]]:
    if "effectiviteit" not in model:
        return []
    rows = []
    for engine, factor in (("sem", 1.2), ("bootstrap", 1.2), ("bayes", 1.0)):
        for source in ("leiderschap", "wendbaar"):
            for target in ("effectiviteit", "efficientie", "legitimiteit"):
                via = {
                    m: model[m][source] * model[target][m] * factor for m in ("bevlogenheid", "betrokkenheid")
                }
                for name, value in _named(source, target, via, model[target][source] * factor).items():
                    se = 0.0035 + abs(rng.normal(0, 0.0003)) + (0.008 if name.startswith("total:") else 0)
                    rows.append(_estimate(engine, name, ":=", "", value, se))
    return rows


def _named(source: str, target: str, via: dict[str, float], direct: float) -> dict[str, float]:
    named = {f"{source} -> {m} -> {target}": value for m, value in via.items()}
    indirect = sum(via.values())
    ends = f"{source} -> {target}"
    return {**named, f"total indirect: {ends}": indirect, f"total: {ends}": indirect + direct}


def _loadings(model: dict[str, dict[str, float]], rng: np.random.Generator) -> list[dict[str, Any]]:
    names = dict.fromkeys([p for betas in model.values() for p in betas] + list(model))
    rows = []
    for name in names:
        for item in range(1, LABELS[name][2] + 1) if LABELS[name][2] > 1 else ():
            std = float(rng.uniform(0.66, 0.86))
            rows.append(_estimate("sem", name, "=~", f"{name}_{item}", std, 0.006))
    rows += [_explained("ols", y, 0.30 + 0.02 * i) for i, y in enumerate(model)]
    return rows + [_explained("sem", y, 0.38 + 0.02 * i) for i, y in enumerate(model)]


def _explained(engine: str, outcome: str, r2: float) -> dict[str, Any]:
    return {
        "engine": engine,
        "group": "all",
        "lhs": outcome,
        "op": "r2",
        "rhs": outcome,
        "est": r2,
        "status": "ok",
    }


def _published(model: dict[str, dict[str, float]]) -> pd.DataFrame | None:
    if "tevredenheid_org" not in model:
        return None
    rows = [
        {"lhs": "tevredenheid_org", "rhs": "veilig", "beta": 0.15, "stars": "***", "certainty": "figure"},
        {"lhs": "tevredenheid_org", "rhs": "wendbaar", "beta": 0.27, "stars": "***", "certainty": "figure"},
        {"lhs": "vertrekintentie", "rhs": "procedureel", "beta": None, "stars": "", "certainty": "lost"},
    ]
    return pd.DataFrame(rows).assign(group="all")


def _shares(model: dict[str, dict[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for outcome, betas in model.items():
        for predictor in betas:
            for sector, size in SECTORS.items():
                s2 = 0.8 / size
                share = s2 / (s2 + rng.uniform(0.02, 0.05) ** 2)
                rows.append({"lhs": outcome, "rhs": predictor, "group": sector, "value": share})
    return pd.DataFrame(rows)


def _fit(model: dict[str, dict[str, float]]) -> pd.DataFrame:
    values = {
        "npar": 78, "chisq": 2418.3, "df": 349, "pvalue": 0.0, "baseline_chisq": 190211.0, "cfi": 0.972,
        "tli": 0.967, "rmsea": 0.0186, "rmsea_ci_lower": 0.0179, "rmsea_ci_upper": 0.0193, "srmr": 0.0147,
        "logl": -512034.2, "aic": 1024224.4, "bic": 1024829.1, "ntotal": float(N_SEM),
    }  # fmt: skip
    rows = [("sem", "all", measure, value) for measure, value in values.items()]
    for i, outcome in enumerate(model):
        rows += [
            ("ols", "all", f"r2.{outcome}", 0.30 + 0.02 * i),
            ("ols", "all", f"r2_adj.{outcome}", 0.2998 + 0.02 * i),
        ]
        rows += [("ols", "all", f"f.{outcome}", 1480.2 - 99 * i), ("ols", "all", f"f_pvalue.{outcome}", 0.0)]
        rows += [("ols", "all", f"f_df1.{outcome}", 5.0), ("ols", "all", f"f_df2.{outcome}", 17198.0)]
        rows += [("ols", "all", f"n.{outcome}", N_SEM + 110.0 * i)]
    return pd.DataFrame(rows, columns=["engine", "group", "measure", "value"])


def _reliability(model: dict[str, dict[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    names = dict.fromkeys([p for betas in model.values() for p in betas] + list(model))
    rows = []
    for name in names:
        if LABELS[name][2] > 1:
            alpha = float(rng.uniform(0.66 if LABELS[name][2] < 3 else 0.82, 0.93))
            rows.append((name, alpha, alpha + 0.004, alpha - 0.27, LABELS[name][2]))
    return pd.DataFrame(rows, columns=["construct", "alpha", "omega", "ave", "items"])


def _sample(rng: np.random.Generator) -> pd.DataFrame:
    total = sum(SECTORS.values())
    rows = []
    for group, n in {"all": total, **SECTORS}.items():
        low, high = sorted(rng.uniform(0.4, 3.0, 2))
        rows.append((group, n, n / total, round(0.95 * n), n // 60, low, high, n / total, n / 1.2))
    names = ["group", "n", "share", "complete", "clusters", "weight_min", "weight_max", "weight_share"]
    return pd.DataFrame(rows, columns=[*names, "n_effective"])


def _answers(model: dict[str, dict[str, float]], rng: np.random.Generator) -> pd.DataFrame:
    """Five answers per item; those of the first one have a small cell and what goes with it."""
    names = dict.fromkeys([p for betas in model.values() for p in betas] + list(model))
    rows = []
    for name in names:
        for item in range(1, LABELS[name][2] + 1):
            shares = rng.dirichlet([1, 4, 12, 14, 5])
            for at, share in enumerate(shares, start=1):
                hidden = not rows or (len(rows) < 4 and rows[0][1] == f"{name}_{item}")
                status = ("suppressed" if at == 1 else "suppressed_complementary") if hidden else ""
                n, shown = (np.nan, np.nan) if hidden else (round(17_600 * share), share)
                rows.append((name, f"{name}_{item}", float(at), n, shown, np.nan, status))
    columns = ["construct", "item", "answer", "n", "share", "share_weighted", "status"]
    return pd.DataFrame(rows, columns=columns)


def _diagnostics() -> pd.DataFrame:
    rows = [
        ("sem", "n", N_SEM, True), ("sem", "gradient_max", 3.1e-10, True),
        ("sem", "semopy_distance", 8.4e-4, True),
        ("bootstrap", "replicates", 5000, True), ("bootstrap", "replicates_failed", 0, True),
        ("bootstrap", "replicates_inadmissible", 3, True), ("bayes", "rhat_max", 1.004, True),
        ("bayes", "ess_bulk_min", 1211, True), ("bayes", "ess_tail_min", 341, False),
        ("bayes", "divergences", 0, True), ("bayes", "gradient_evaluations", 86_401, None),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["engine", "measure", "value", "ok"])


def _manifest(kind: str, language: str, synthetic: bool, n: dict[str, Any]) -> dict[str, Any]:
    title = "Cultuur en werkklimaat in relatie tot binding"
    labels = {name: {"nl": nl, "en": en} for name, (nl, en, _) in LABELS.items()}
    labels["veilig_1"] = {"nl": "Ik kan vrijuit mijn mening geven", "en": "I can speak my mind freely"}
    return {
        "werksem": "0.1.0", "study": kind, "title": title,
        "source": "De organisatie aan zet (2026), figuur 2.6",
        "language": language, "synthetic": synthetic, "created": "2026-11-21T09:30:00+00:00",
        "seed": {"bootstrap": 2024, "bayes": 2024},
        "versions": {"python": "3.11.7", "numpy": "2.2.6", "semopy": "2.3.11", "pymc": "5.28.4"},
        "threads": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": ""},
        "data": {"file": "werkonderzoek_2024.parquet", "sha256": "9f2c" * 16, "rows_read": 18_040,
                 "rows_used": 17_797, "groups": SECTORS},
        "model": {"sha256": "41aa" * 16, "labels": labels}, "git": "97abb1d", "n": n,
        "warnings": ["semopy cannot fit this model (constraints): fitted by werksem"],
        "notes": [
            "saturated: the structural part is saturated, so the fit tests the measurement only",
            "binary: vertrekintentie: treated as continuous (a linear probability model)",
        ],
        "priors": [
            "paths: normal(0, 0.5) on the standardised metric (default)",
            "between-group SD of betrokkenheid~1 (at the predictors' means): halfnormal(0.2)",
        ],
        "timings": {"sem": 1.9, "bootstrap": 41.2, "bayes_compile": 12.4, "bayes_sampling_cpu": 131.0},
    }  # fmt: skip


STUDY = """\
study: {kind}
title: Cultuur en werkklimaat in relatie tot binding
language: {language}
model:
  model: {kind}
data:
  file: ../../data/werkonderzoek_2024.parquet
  where: sector != 'Rechterlijke macht'
  group: sector
  missing: listwise
ols:
  se: HC3
sem:
  estimator: ML
  engine: semopy
bootstrap:
  replicates: 5000
  seed: 2024
  scheme: cases
  interval: bca
  level: 0.95
bayes:
  level: scores
  vary: [paths, means]
  chains: 4
  draws: 1000
  tune: 1000
  seed: 2024
published: ../../data/published/figuur_2_6.yaml
"""
