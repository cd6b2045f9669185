"""Simulation-based calibration of shipped posteriors, and of posteriors that are wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trust.part import ROOT, Part, table
from werksem.bayes.design import Design
from werksem.bayes.priors import rescaled
from werksem.bayes.sample import Sampled, available_cores
from werksem.calibrate.sbc import Truths, ranks_of
from werksem.calibrate.sbc_latent import ReadyLatent, latent_level
from werksem.calibrate.sbc_level import Level
from werksem.calibrate.sbc_run import AnyReady, ready_posterior
from werksem.calibrate.sbc_scores import Ready, scores_level
from werksem.calibrate.sbc_table import EVERY, KEPT, calibrated
from werksem.calibrate.sbc_uniform import band, ecdf_difference
from werksem.inputs import read_inputs
from werksem.report.palette import BAND, FAINT, INK, NEGATIVE, QUIET
from werksem.report.sheet import Sheet, write_sheet
from werksem.report.sketch import Sketch
from werksem.report.style import SMALL, axes_at
from werksem.spec.load import load_study

__all__ = ["CASES", "PART", "Case", "held", "level_of", "ranks_of_case", "ready_of", "tabled"]

SEED = 2026
FIGURES = ROOT / "docs" / "figures"
NAME = "ranks_ecdf"
WIDTH, HEIGHT = 240.0, 150.0
KEY = (
    "Each line is a quantity: the share of ranks up to a point less the share expected. The band holds the "
    "whole line of a right posterior 95 times in 100; orange lines are quantities with ranks not uniform."
)
SAID = f"""If a posterior is computed right, the rank of a true value among its draws is uniform (Talts et
al. 2018). Truths `posterior` are drawn from the study's own posterior and fitted to the observed and the
simulated answers together (Säilynoja et al. 2025); truths `prior` are drawn from its priors and fitted to
the simulated answers alone, which sees a wrong prior too. A rank is among {KEPT} draws. Quantities are
paths in every sector, intercepts, residuals, SDs between sectors, effects and the log-likelihood; the least
of their p is given times their number. `width` is 1 where ranks are uniform, more where posteriors are too
narrow or in the wrong place; `failed` counts chains. The last three are wrong on purpose, and have to be
noticed. `werksem calibrate` does the same for a study of your own."""


@dataclass(frozen=True, slots=True)
class Case:
    """A study's posterior under calibration; ``wrong`` names what was made wrong, empty where nothing was."""

    name: str
    study: str
    truths: Truths
    posteriors: int
    says: str
    wrong: str = ""


CASES = (
    Case("binding", "binding", "posterior", 60, "three outcomes jointly, five facets, six sectors"),
    Case("binding-prior", "binding", "prior", 40, "the same, truths from the priors"),
    Case("twice", "binding", "posterior", 30, "every respondent counted twice", "twice"),
    Case("spread", "binding", "posterior", 30, "residual variances a sixth too small", "spread"),
    Case("prior", "binding", "prior", 30, "SDs between sectors a tenth of what their prior says", "prior"),
)


def _twice(design: Design) -> Design:
    blocks = tuple(replace(block, n=2 * block.n, cross=2 * block.cross) for block in design.blocks)
    return replace(design, blocks=blocks)


def _spread(design: Design) -> Design:
    blocks = tuple(replace(block, n=1.2 * block.n) for block in design.blocks)
    return replace(design, blocks=blocks)


# what the fit is given instead of the data
WRONG: dict[str, Callable[[Design], Design]] = {"twice": _twice, "spread": _spread}


@cache
def ready_of(study: str) -> AnyReady:
    """Return a shipped study's posterior, compiled once."""
    found, model = load_study(ROOT / "configs" / f"{study}.yaml")
    return ready_posterior(found, model, read_inputs(found, model))


def level_of(case: Case, ready: AnyReady, posteriors: int) -> Level:
    """Return the posterior of a case as calibration takes it, wrong where the case says so."""
    prior, cores = case.truths == "prior", available_cores()
    if isinstance(ready, ReadyLatent):
        return latent_level(ready, posteriors, SEED, prior=prior, cores=cores)
    if case.wrong == "prior":  # truths are drawn from other priors than the compiled model has
        narrow = tuple(rescaled(given, 0.1) for given in ready.design.between_priors)
        ready = replace(ready, design=replace(ready.design, between_priors=narrow))
    return _mistaken(scores_level(ready, posteriors, SEED, prior=prior, cores=cores), case.wrong)


def _mistaken(level: Level, wrong: str) -> Level:
    change = WRONG.get(wrong)
    if change is None:
        return level

    def fit(data: Any, draws: int, seed: int) -> Sampled:
        return level.fit(change(data), draws, seed)

    def values(sampled: Sampled, data: Any, seed: int) -> Any:
        return level.values(sampled, change(data), seed)

    return replace(level, fit=fit, values=values)


def ranks_of_case(case: Case, ready: Ready | ReadyLatent, posteriors: int) -> pd.DataFrame:
    """Return the ranks of a case over so many surveys."""
    return ranks_of(level_of(case, ready, posteriors), posteriors, SEED, 0, lambda: None)


def measure(_: Path) -> pd.DataFrame:
    """Calibrate every case."""
    return tabled({case: ranks_of_case(case, ready_of(case.study), case.posteriors) for case in CASES})


def tabled(found: dict[Case, pd.DataFrame]) -> pd.DataFrame:
    """Return the table of every case's ranks, and draw the figure."""
    tables = [calibrated(ranks).round(4).assign(case=case.name) for case, ranks in found.items()]
    _draw(found)
    whole = pd.concat(tables, ignore_index=True)
    return whole[["case", *(name for name in whole.columns if name != "case")]]


def _draw(found: dict[Case, pd.DataFrame]) -> None:
    FIGURES.mkdir(exist_ok=True)
    sketches = tuple(_sketch(case, ranks) for case, ranks in found.items())
    title = "Ranks of true values among posterior draws"
    write_sheet(FIGURES, Sheet(NAME, title, "", "", sketches, (KEY,), "", 3))
    (FIGURES / f"{NAME}.png").unlink()


def _sketch(case: Case, ranks: pd.DataFrame) -> Sketch:
    found = calibrated(ranks)
    wrong = {(row.quantity, row.group) for row in found.itertuples() if row.verdict == "not uniform"}
    alt = f"{case.name}: {len(wrong)} of {len(found) - 1} quantities not uniform"

    def draw(figure: Any, x: float, y: float) -> None:
        axes = axes_at(figure, x + 34, y + 6, WIDTH - 44, HEIGHT - 32)
        share = np.arange(1, KEPT + 2) / (KEPT + 1)
        low, high = band(ranks["survey"].nunique(), KEPT)
        axes.fill_between(share, low, high, color=BAND, lw=0, zorder=0)
        axes.axhline(0, color=INK, lw=0.8, zorder=1)
        for (quantity, group), part in ranks.groupby(["quantity", "group"], sort=False):
            bad = (quantity, group) in wrong
            if bad or group in ("all", "typical"):
                line = ecdf_difference(part["rank"].to_numpy(), KEPT)
                axes.plot(
                    share[3::4], line[3::4], color=NEGATIVE if bad else FAINT, lw=0.9 if bad else 0.5,
                    zorder=3 if bad else 2,
                )  # fmt: skip
        _dress(axes)

    return Sketch(f"{case.name} ({ranks['survey'].nunique()} surveys)", WIDTH, HEIGHT, alt, draw, NAME)


def _dress(axes: Any) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.35, 0.35)
    axes.set_xticks([0, 0.5, 1], ["0", ".5", "1"], fontsize=SMALL, color=QUIET)
    axes.set_yticks([-0.3, 0, 0.3], ["-.3", "0", ".3"], fontsize=SMALL, color=QUIET)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(QUIET)
    axes.tick_params(length=3, color=QUIET)


def page(found: pd.DataFrame) -> str:
    """Say what was calibrated, how it came out, and that wrong posteriors are noticed."""
    rows = [_row(case, found[found["case"] == case.name]) for case in CASES]
    what = "\n".join(f"- **{case.name}**: {case.says}" for case in CASES)
    figure = f"![Differences of the ranks' distribution](figures/{NAME}.svg)"
    return f"{SAID}\n\n{what}\n\n{table(pd.DataFrame(rows))}\n\n{figure}"


def _row(case: Case, found: pd.DataFrame) -> dict[str, object]:
    every = found[found["quantity"] == EVERY].iloc[0]
    return {
        "posterior": case.name, "truths": case.truths, "surveys": int(every["posteriors"]),
        "not uniform": f"{(found['verdict'] == 'not uniform').sum()} of {len(found) - 1}",
        "least p × all": _small(every["ecdf_pvalue"]),
        "width (p)": f"{every['width']:.3f} ({_small(every['width_pvalue'])})",
        "50 / 95% cover": f"{every['coverage_50']:.1%} / {every['coverage_95']:.1%}",
        "failed": int(every["failed"]),
        "verdict": str(every["verdict"]), "right": "yes" if held(case, found) else "**no**",
    }  # fmt: skip


def _small(pvalue: float) -> str:
    return f"{pvalue:.4f}" if pvalue >= 0.0001 else "< 0.0001"


def held(case: Case, found: pd.DataFrame) -> bool:
    """Return whether a right posterior was called calibrated, or a wrong one was not."""
    verdict = found.loc[found["quantity"] == EVERY, "verdict"].iloc[0]
    return bool((verdict == "calibrated") != bool(case.wrong))


def summary(found: pd.DataFrame) -> tuple[str, int, int]:
    """Return what was tried: posteriors, right and wrong, over how many simulated surveys."""
    surveys = int(found.loc[found["quantity"] == EVERY, "posteriors"].sum())
    good = sum(held(case, found[found["case"] == case.name]) for case in CASES)
    return f"posteriors, right and wrong on purpose, over {surveys} simulated surveys", len(CASES), good


PART = Part("ranks", "Posterior: simulation-based calibration", measure, page, summary)
