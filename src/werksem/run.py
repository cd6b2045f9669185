"""The whole analysis on one page: read, estimate four ways, compare, write.

It reads like a Method section: respondents become scale means and moments; regressions on scale
means; the latent-variable model by maximum likelihood; its bootstrap; the hierarchical posterior;
the comparison of them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from werksem.check import refuse_few, refuse_unfit
from werksem.compare.claims_file import read_claims
from werksem.compare.claims_tables import claims_tables
from werksem.compare.few_claimed import inputs_of_many, people_of_many
from werksem.compare.passport.table import passport
from werksem.compare.published import remarks
from werksem.compare.published_files import published_betas
from werksem.compare.respondents_claimed import claimed_sample
from werksem.compare.robustness import robustness
from werksem.compare.table import comparison
from werksem.compare.testing import ledger_of
from werksem.engines.all import ENGINES, Results, run_engines
from werksem.engines.few import Withheld, withheld_groups, without_groups
from werksem.engines.keeping import Earlier, Keeping
from werksem.engines.rare_cells import without_rare_cells
from werksem.errors import SpecError
from werksem.estimates import combine
from werksem.extras import require_extras
from werksem.inputs import Inputs, read_inputs
from werksem.kept import held, kept_folder
from werksem.outputs import write_results
from werksem.progress import shown
from werksem.release.fitted import fitted_outputs
from werksem.release.sheet import write_check
from werksem.report.publish.formats import write_reports
from werksem.results import new_folder, placed, read_manifest, run_record
from werksem.resume import REPLICATES, run_hash, what_stands
from werksem.spec.load import load_study
from werksem.spec.places import said_of
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document

__all__ = ["Request", "run_study"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed after ``werksem fit``; ``jobs`` 0 means every processor."""

    config: Path | Document
    out: Path | None = None
    only: tuple[str, ...] = ENGINES
    overrides: tuple[str, ...] = ()
    jobs: int = 0
    resume: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What an analysis found: the results, every estimate, these side by side, and remarks."""

    results: Results
    estimates: pd.DataFrame
    compared: pd.DataFrame
    said: tuple[str, ...]


def run_study(request: Request) -> tuple[Path, int]:
    """Run a study; return its result folder and the exit code: 0, or 1 for results not to trust."""
    study, model = load_study(request.config, request.overrides)
    with said_of(request.config, request.overrides, study.data.file):
        return _run(study, model, request)


def _run(study: Study, model: ModelSpec, request: Request) -> tuple[Path, int]:
    wanted = _wanted(study, request)
    require_extras(study, wanted)
    out = placed(request.out or Path("results") / study.study)
    keeping = Keeping(kept_folder(out), request.resume)
    if request.resume:
        standing = what_stands(out, study, model, wanted)
        if standing == "done":
            return out, 0
        if standing == "shorter":
            keeping = replace(keeping, earlier=_earlier(out))
    asked_for = run_hash(out, study, model, wanted)
    with held(out, wanted, resume=request.resume, run=asked_for), new_folder(out) as folder:
        with shown("reading", quiet=request.quiet):
            inputs = read_inputs(study, model)
        hidden = withheld_groups(study, model, inputs)
        refuse_few(study, model, inputs, hidden)
        refuse_unfit(study, model, inputs, wanted)
        found = _analysed(study, model, inputs, hidden, request, wanted, keeping)
        asked = run_record(request.config, out, request.overrides, wanted)
        with shown("writing", quiet=request.quiet):
            write_results(
                folder, out, study, model, inputs, found.results, found.estimates, found.compared, found.said,
                asked, hidden,
            )  # fmt: skip
        with shown("report", quiet=request.quiet):
            write_reports(folder, study.report.formats)
        write_check(folder, fitted_outputs(folder, study, model, inputs, hidden))
    return out, exit_code(found.results)


def _analysed(
    study: Study, model: ModelSpec, inputs: Inputs, hidden: Withheld,
    request: Request, wanted: tuple[str, ...], keeping: Keeping,
) -> Found:  # fmt: skip
    """Estimate by every engine, hide what is few, compare with what is published and claimed."""
    published = published_betas(study.published)
    claims = read_claims(study, model, inputs.group)
    sample = people_of_many(claimed_sample(claims, study, model, inputs), hidden, study.disclosure)
    results = run_engines(
        study, model, inputs, wanted, jobs=request.jobs, quiet=request.quiet, keeping=keeping
    )
    results = replace(
        results, ledger=ledger_of(study, results), robustness=robustness(results.robustness, published)
    )
    results = without_rare_cells(without_groups(results, hidden), model, inputs, study.disclosure)
    estimates = combine(engine.estimates for engine in results.engines)
    n = {engine.engine: engine.n for engine in results.engines}
    responses = () if study.bayes is None else tuple(study.bayes.outcomes)
    compared = comparison(estimates, published, n, results.pooled_share, results.probit, responses)
    tested = claims_tables(claims, study, model, inputs_of_many(inputs, hidden), results, estimates, sample)
    with shown("passport", quiet=request.quiet):
        passed = passport(study, model, inputs, results, compared, published)
    results = replace(
        results, claims=tested.get("claims"), claims_details=tested.get("claims_details"),
        claims_truth=tested.get("claims_truth"), passport=passed,
    )  # fmt: skip
    said = () if published is None else remarks(published, estimates)
    return Found(without_groups(results, hidden), estimates, compared, said)


def _earlier(out: Path) -> Earlier:
    """Return the replicates of the finished run in ``out``."""
    found = read_manifest(out).get("replicates", {})
    return Earlier(out / REPLICATES, str(found.get("fingerprint", "")), str(found.get("sha256", "")))


def _wanted(study: Study, request: Request) -> tuple[str, ...]:
    """Return the engines to run, in order; raises ``SpecError`` where the study has none of them."""
    wanted = tuple(name for name in ENGINES if name in request.only and getattr(study, name) is not None)
    if not wanted:
        raise SpecError(
            f"nothing to do: the study has no section {' or '.join(request.only)}", where=str(request.config)
        )
    return wanted


def exit_code(results: Results) -> int:
    """Return 1 where an engine's rows carry a status other than ``ok``, else 0."""
    return int(any((engine.estimates["status"] != "ok").any() for engine in results.engines))
