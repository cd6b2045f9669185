"""The whole analysis on one page: read, estimate four ways, compare, write.

It reads like a Method section: respondents become scale means and moments; regressions on scale
means; the latent-variable model by maximum likelihood; its bootstrap; the hierarchical posterior;
the comparison of them all.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from werksem.check import refuse_unfit
from werksem.compare.claims_file import read_claims
from werksem.compare.claims_tables import claims_tables
from werksem.compare.passport.table import passport
from werksem.compare.published import remarks
from werksem.compare.published_files import published_betas
from werksem.compare.respondents_claimed import claimed_sample
from werksem.compare.robustness import robustness
from werksem.compare.table import comparison
from werksem.compare.testing import ledger_of
from werksem.engines.all import ENGINES, Results, run_engines
from werksem.engines.few import without_small_groups
from werksem.engines.keeping import Earlier, Keeping
from werksem.errors import SpecError
from werksem.estimates import combine
from werksem.extras import require_extras
from werksem.inputs import read_inputs
from werksem.kept import held, kept_folder
from werksem.outputs import write_results
from werksem.progress import shown
from werksem.release.fitted import fitted_outputs
from werksem.release.sheet import write_check
from werksem.report.publish.formats import write_reports
from werksem.results import new_folder, read_manifest, run_record
from werksem.resume import REPLICATES, what_stands
from werksem.spec.load import load_study
from werksem.spec.study import Study
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


def run_study(request: Request) -> tuple[Path, int]:
    """Run a study; return its result folder and the exit code: 0, or 1 for results not to trust."""
    study, model = load_study(request.config, request.overrides)
    wanted = _wanted(study, request)
    require_extras(study, wanted)
    out = request.out or Path("results") / study.study
    kept = kept_folder(out)
    keeping = Keeping(kept, request.resume)
    if request.resume:
        standing = what_stands(out, study, model, wanted)
        if standing == "done":
            return out, 0
        if standing == "shorter":
            keeping = replace(keeping, earlier=_earlier(out))
    published = published_betas(study.published)
    with new_folder(out) as folder, held(kept) if "bootstrap" in wanted else nullcontext():
        with shown("reading", quiet=request.quiet):
            inputs = read_inputs(study, model)
        if "bootstrap" in wanted:
            refuse_unfit(study, model, inputs)
        claims = read_claims(study, model, inputs.group)
        sample = claimed_sample(claims, study, model, inputs)
        results = run_engines(
            study, model, inputs, wanted, jobs=request.jobs, quiet=request.quiet, keeping=keeping
        )
        results = replace(results, robustness=robustness(results.robustness, published))
        estimates = combine(engine.estimates for engine in results.engines)
        n = {engine.engine: engine.n for engine in results.engines}
        compared = comparison(estimates, published, n, results.pooled_share, results.probit)
        tested = claims_tables(claims, study, model, inputs, results, estimates, sample)
        results = replace(
            results, ledger=ledger_of(study, results), claims=tested.get("claims"),
            claims_details=tested.get("claims_details"), claims_truth=tested.get("claims_truth"),
            passport=passport(study, model, inputs, results, compared, published),
        )  # fmt: skip
        results = without_small_groups(results, inputs)
        said = () if published is None else remarks(published, estimates)
        asked = run_record(request.config, out, request.overrides, wanted)
        write_results(folder, out, study, model, inputs, results, estimates, compared, said, asked)
        with shown("report", quiet=request.quiet):
            write_reports(folder, study.report.formats)
        write_check(folder, fitted_outputs(folder, study, model, inputs))
    return out, exit_code(results)


def _earlier(out: Path) -> Earlier:
    """Return the replicates of the finished run in ``out``."""
    return Earlier(out / REPLICATES, str(read_manifest(out).get("replicates", {}).get("fingerprint", "")))


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
