"""The posterior of a study, on scale means or with latent variables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from werksem.bayes.result import BayesResult
from werksem.effects import defined_effects
from werksem.engines.result import EngineResult, fit_rows
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.equations import equations, residual_pairs
from werksem.spec.study import Bayes, Sem, Study
from werksem.spec.types import ModelSpec

if TYPE_CHECKING:
    from werksem.bayes.latent.design import LatentDesign

__all__ = ["run_posterior"]


def run_posterior(
    study: Study, model: ModelSpec, inputs: Inputs, found: dict[str, Any], *, quiet: bool,
    keep: Path | None = None,
) -> EngineResult:  # fmt: skip
    """Return the posterior's part of the result folder; its tables go into ``found``.

    Finished draws that lie in the folder ``keep`` are taken up, new ones are kept there.
    """
    settings = study.bayes
    if settings is None or inputs.scores is None or inputs.items is None:
        raise DataError("bayes needs respondents, the study gives moments")
    if settings.level == "latent":
        done = _latent(study, model, inputs, settings, found, quiet, keep)
    else:
        done = _scores(model, inputs, settings, quiet, keep)
    found |= {**done.tables, "posterior": done.idata, "priors": done.priors, "pooled": done.pooled}
    n = {outcome: sizes["all"] for outcome, sizes in done.sizes.items()}
    warnings = (*done.warnings, *_independent(study, settings))
    return EngineResult(
        "bayes", done.estimates, fit_rows("bayes", {}), done.diagnostics, n, warnings, done.timings
    )


def _independent(study: Study, settings: Bayes) -> tuple[str, ...]:
    """Return that the posterior does not know the clusters, where it does not."""
    cluster = study.data.cluster
    if cluster is None or settings.nested == cluster:
        return ()
    return (
        f"bayes: respondents of one {cluster!r} count as independent, so intervals may be too narrow; "
        f"right is bayes.nested: {cluster}",
    )


def _scores(model: ModelSpec, inputs: Inputs, settings: Bayes, quiet: bool, keep: Path | None) -> BayesResult:
    from werksem.bayes.checks.cuts import scale_cuts
    from werksem.bayes.run import fit_scores

    assert inputs.scores is not None
    return fit_scores(
        equations(model), inputs.scores, inputs.group, inputs.weights, settings, defined_effects(model),
        cuts=scale_cuts(model), pairs=residual_pairs(model), nested=inputs.nested, quiet=quiet,
        keep=keep,
    )  # fmt: skip


def _latent(
    study: Study, model: ModelSpec, inputs: Inputs, settings: Bayes, found: dict[str, Any], quiet: bool,
    keep: Path | None,
) -> BayesResult:  # fmt: skip
    from werksem.bayes.checks.cuts import item_cuts
    from werksem.bayes.checks.respondents import respondents
    from werksem.bayes.latent.prepare import prepared
    from werksem.bayes.latent.run import fit_latent, slopes_of
    from werksem.engines.comparable import comparable
    from werksem.engines.freed import freed_items

    assert inputs.items is not None
    assert inputs.scores is not None
    options = latent_options(study)
    arrays = prepared(
        model, inputs.items, inputs.group, inputs.weights, settings, options, nested=inputs.nested
    )
    people = respondents(arrays, inputs.items, inputs.group, inputs.weights, item_cuts(model))
    slopes = slopes_of(equations(model), inputs.scores, inputs.group, inputs.weights)
    said = _said(study, inputs, arrays)
    apart = bool(settings.vary) and len(arrays.moments.groups) > 1 and _measured(model)
    gate = comparable(model, arrays, options, found.get("invariance")) if apart else None
    done = fit_latent(
        arrays, settings, defined_effects(model), slopes=slopes, people=people, said=said, quiet=quiet,
        keep=keep,
    )  # fmt: skip
    if gate is None:
        return done
    second = freed_items(model, inputs, settings, options, gate.items, done.pooled, quiet=quiet, keep=keep)
    found["freed_means"] = second.means
    return replace(
        done, tables={**done.tables, **gate.tables, **second.tables},
        diagnostics=pd.concat([done.diagnostics, gate.diagnostics], ignore_index=True),
        warnings=(*done.warnings, *gate.warnings, *second.warnings),
        timings={**done.timings, **gate.timings, **second.timings},
    )  # fmt: skip


def _said(study: Study, inputs: Inputs, arrays: LatentDesign) -> tuple[str, ...]:
    """Return what a reader must know of the rows and weights that the posterior takes."""
    from werksem.bayes.statistics import group_labels
    from werksem.bayes.weighting import weight_sentence

    assert inputs.items is not None
    labels, code = group_labels(inputs.group, len(inputs.items))
    complete = inputs.items[list(arrays.model.observed)].notna().all(axis=1).to_numpy()
    code = np.where(complete, code, -1)
    said = list(weight_sentence(arrays.moments.groups, code, inputs.weights, arrays.moments.n))
    gone = [label for label in labels if label not in arrays.moments.groups]
    if gone:
        said.append(f"bayes: no complete rows in {', '.join(gone)}, so nothing is said of them")
    if study.data.missing == "fiml":
        left = int(len(complete) - complete.sum())
        said.append(
            f"bayes: level latent takes complete rows, {left} with a blank are left out (the SEM has them)"
        )
    if study.data.ordered:
        said.append("bayes: level latent takes answers as numbers, the SEM takes them as categories")
    return tuple(said)


def _measured(model: ModelSpec) -> bool:
    return any(statement.op == "=~" for statement in model.statements)


def latent_options(study: Study) -> Any:
    """Return how the parameter table is completed: as for the SEM, with means, groups apart."""
    from werksem.rows import Options

    settings = study.sem or Sem()
    return Options(True, settings.fixed_x, settings.scaling, ())
