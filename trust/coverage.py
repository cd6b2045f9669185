"""Coverage: intervals of shipped studies over simulated surveys of their own fits."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trust.part import ROOT, Part, table
from werksem.bootstrap.run import available_jobs
from werksem.calibrate.coverage import BROKEN, MARGIN, coverage_table
from werksem.calibrate.names import kind_name
from werksem.calibrate.simulated import plan_of, simulated
from werksem.calibrate.summary import judged
from werksem.inputs import read_inputs
from werksem.spec.calibrating import Calibrate
from werksem.spec.load import load_study

__all__ = ["PART", "STUDIES"]

# study: what it adds to the others
STUDIES = {
    "binding": "17,690 respondents in 293 organisations, three outcomes, one of them yes or no",
    "mediatie_vertrek": "a chain with its indirect effects, eight controls, a fifth of the respondents asked",
    "cultuur_2022_tabellen": "no respondents: correlations, n and eight regressions",
}
SETTINGS = Calibrate(surveys=200, replicates=299, seed=2026)

INTRO = f"""Each study is fitted, surveys are simulated from the fit (answers on their own scales,
organisations as large and as alike as in the data, the same questions left open), and every survey runs
through the study's own engines: `werksem calibrate`, {SETTINGS.surveys} surveys per study,
{SETTINGS.replicates} resamples each. Coverage is that of 95% intervals of standardised paths and effects;
chance alone leaves ± .030 on a single one (95%). A path is off where more than 5% of the surveys gave no
interval, where coverage is below 95% by more than {100 * MARGIN:g} points (exact binomial test), or where
bias is over a quarter of a standard deviation (t test), all of a study's tests together at 5%. That
so many surveys find none off is no proof for a single interval: one that covers less than about 84% would
be found, 4 times in 5. **Bold**: what the study itself prints; kinds that overlook organisations are there
to show what that costs."""


def measure(folder: Path) -> pd.DataFrame:
    """Return a row per study, engine and kind of interval."""
    del folder
    return pd.concat([_study(name) for name in STUDIES], ignore_index=True)


def _study(name: str) -> pd.DataFrame:
    study, model = load_study(ROOT / "configs" / f"{name}.yaml", ())
    plan = plan_of(study, model, read_inputs(study, model), SETTINGS)
    runs = simulated(plan, SETTINGS, jobs=available_jobs(), tick=lambda: None)
    found = judged(coverage_table(runs, plan.n))
    rows = [
        {
            "study": name, "n": plan.n, "engine": engine, "interval": kind, "own": bool(part["own"].any()),
            "paths": len(part), "surveys": int(part["surveys"].max()), "failed": int(part["failed"].max()),
            "coverage": part["coverage"].mean(), "lowest": part["coverage"].min(),
            "highest": part["coverage"].max(), "below": part["below"].mean(), "above": part["above"].mean(),
            "bias": (part["bias"].abs() / part["sd"]).max(),
            "off": int(part["verdict"].isin(BROKEN).sum()),
        }
        for (engine, kind), part in found.groupby(["engine", "interval"], sort=False)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def page(found: pd.DataFrame) -> str:
    """Return the section: a table per study, and what stands out."""
    parts = [INTRO]
    for name, rows in found.groupby("study", sort=False):
        said = f"**`configs/{name}.yaml`**: {STUDIES[str(name)]}; {rows['paths'].max()} paths and effects."
        parts.append(f"{said}\n\n{table(_shown(rows))}")
    return "\n\n".join([*parts, _largest(found)])


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a study's rows as they are printed."""
    names = [
        f"**{name}**" if own else name
        for own, name in zip(
            rows["own"],
            (kind_name(str(e), str(k), "en") for e, k in zip(rows["engine"], rows["interval"], strict=True)),
            strict=True,
        )
    ]
    return pd.DataFrame({
        "interval": names, "coverage": [f"{100 * value:.1f}%" for value in rows["coverage"]],
        "lowest to highest": [
            f"{100 * low:.1f}–{100 * high:.1f}%"
            for low, high in zip(rows["lowest"], rows["highest"], strict=True)
        ],
        "misses below / above": [
            f"{100 * low:.1f} / {100 * high:.1f}%"
            for low, high in zip(rows["below"], rows["above"], strict=True)
        ],
        "paths off": [f"{off} of {paths}" for off, paths in zip(rows["off"], rows["paths"], strict=True)],
        "surveys failed": rows["failed"].to_numpy(),
    })  # fmt: skip


def _largest(found: pd.DataFrame) -> str:
    own = found[found["own"]]
    mean = (own["coverage"] * own["paths"]).sum() / own["paths"].sum()
    return (
        f"Largest bias of any path, in standard deviations of its estimate: {found['bias'].max():.2f}, with "
        f"a simulation error of {1 / own['surveys'].min() ** 0.5:.2f} on each. "
        f"Mean coverage of the intervals that the studies print: {100 * mean:.1f}%."
    )


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return its line of the first table: the studies' own intervals, and how many are not found off."""
    own = found[found["own"]]
    total = int(own["paths"].sum())
    return (
        "intervals of paths and effects that the studies print, not found off",
        total,
        total - int(own["off"].sum()),
    )


PART = Part("coverage", "Coverage", measure, page, summary)
