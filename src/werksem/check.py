"""``werksem check``: what a study would estimate, and whether it can, without estimating."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from werksem.compare.claims_file import read_claims
from werksem.compare.published import strangers
from werksem.compare.published_files import published_betas
from werksem.compare.respondents_claimed import claimed_sample
from werksem.describing.check import check_tables
from werksem.engines.few import Withheld, refuse_few_respondents, refuse_small_groups, withheld_groups
from werksem.engines.few_said import notes_said, sizes_said
from werksem.engines.rare_cells import hidden_answers
from werksem.errors import DataError, EstimationError, SpecError
from werksem.estimators.constraints import equalities
from werksem.extras import require_extras
from werksem.inference.identified import require_enough_moments, unidentified
from werksem.inputs import Inputs, read_inputs
from werksem.model import Model, build_model
from werksem.moments import Moments
from werksem.resampling.strata import refuse_lonely
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.contradictions import refuse_constraints, refuse_inequalities
from werksem.spec.disclosure import Disclosure, few_or
from werksem.spec.equations import equations
from werksem.spec.load import load_study
from werksem.spec.outside import model_notes
from werksem.spec.places import said_of
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document
from werksem.survey.notice import FACTS
from werksem.survey.survey import fits_items
from werksem.told import counts, equation_lines, word_lines

__all__ = ["Facts", "check_facts", "check_study", "refuse_few", "refuse_unfit"]

Facts = dict[str, Any]
WARNING = "warning: "

SPARSE = 10
ENGINES = ("ols", "sem", "bootstrap", "bayes")


def check_study(config: Path | Document, overrides: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of the check; raises what ``fit`` would raise before estimating."""
    return (said for said in _checked(config, overrides) if isinstance(said, str))


def check_facts(config: Path | Document, overrides: tuple[str, ...] = ()) -> Iterator[Facts]:
    """Yield what the check found, piece by piece, for machines; raises as ``check_study``.

    Keys: ``study``, ``title``, ``engines``, ``claims``, ``rows_read``, ``rows_used``, ``complete``,
    ``groups`` (respondents of each, in words where tables hide it), ``model`` with its ``counts``, one
    ``warning`` or ``note`` at a time.
    """
    for said in _checked(config, overrides):
        if not isinstance(said, str):
            yield said
        elif said.startswith(WARNING):
            yield {"warning": said.removeprefix(WARNING)}
        elif said.startswith((*FACTS, "blanks ", "tables:", "marks:")):
            yield {"note": said}


def _checked(config: Path | Document, overrides: tuple[str, ...]) -> Iterator[str | Facts]:
    """Yield what the check says, in lines, and beside them what it found as plain data."""
    study, model = load_study(config, overrides)
    with said_of(config, overrides, study.data.file):
        yield from _said(study, model, config, overrides)


def _said(
    study: Study, model: ModelSpec, config: Path | Document, overrides: tuple[str, ...]
) -> Iterator[str | Facts]:
    yield f"study {study.study}: {study.title}" if study.title else f"study {study.study}"
    yield {"study": study.study, "title": study.title}
    wanted = [name for name in ENGINES if getattr(study, name) is not None]
    if not wanted and study.describe is None:
        raise SpecError(f"the study has none of the sections {', '.join(ENGINES)}", where=str(config))
    require_extras(study, wanted)
    tables = tuple(check_tables(study, model, config, overrides)) if study.describe is not None else ()
    yield from tables
    if not wanted:
        yield "ok"
        return
    if study.ols is not None and not equations(model):
        raise SpecError(f"ols: model {model.name!r} has no regressions", where=str(config))
    yield f"engines: {', '.join(wanted)}"
    yield {"engines": wanted}
    published = published_betas(study.published)
    inputs = read_inputs(study, model)
    claims = read_claims(study, model, inputs.group)
    claimed_sample(claims, study, model, inputs)  # names every column that is not there
    if claims:
        yield f"claims: {len(claims)}, {', '.join(claim.id for claim in claims)}"
        yield {"claims": [claim.id for claim in claims]}
    withheld = withheld_groups(study, model, inputs)
    yield from _data_lines(study, inputs, withheld)
    yield from _model_lines(study, model, inputs)
    refuse_few(study, model, inputs, withheld)
    yield from _category_lines(model, inputs, study.disclosure)
    yield from (f"{WARNING}{note}" for note in model_notes(model))
    if published is not None:
        paths = ((e.outcome, predictor) for e in equations(model) for predictor in e.predictors)
        yield from (f"{WARNING}{note}" for note in strangers(published, paths))
    for note in _notes(study, model, inputs, withheld):
        line = note if note.startswith(FACTS) else f"{WARNING}{note}"
        if line not in tables:
            yield line
    yield "ok"


def _notes(study: Study, model: ModelSpec, inputs: Inputs, withheld: Withheld) -> Iterator[str]:
    """Yield the notes on the data, as far as the study's rule lets them tell of few respondents."""
    if inputs.survey is not None:
        rare = {name for name, _ in hidden_answers(model, inputs, study.disclosure)}
        yield from notes_said(inputs.survey.notes, study.disclosure, rare, withheld)


def _data_lines(study: Study, inputs: Inputs, withheld: Withheld) -> Iterator[str | Facts]:
    survey = inputs.survey
    if survey is None or inputs.items is None:
        yield "data: moments"
        return
    complete = int(np.isfinite(inputs.items.to_numpy(dtype=float)).all(axis=1).sum())
    yield (
        f"data: {study.data.file.name if study.data.file else ''}, {survey.rows_read} rows read, "
        f"{survey.rows_used} used, {complete} complete on all items"
    )
    yield {"rows_read": survey.rows_read, "rows_used": survey.rows_used, "complete": complete}
    yield {"synthetic": survey.synthetic}
    if survey.synthetic:
        yield "data: synthetic, they say nothing about reality"
    if inputs.group is not None:
        counted = {str(label): int(n) for label, n in inputs.group.value_counts(sort=False).items()}
        sizes = sizes_said(counted, withheld, study.disclosure)
        yield f"groups ({study.data.group}): {', '.join(f'{label} {n}' for label, n in sizes.items())}"
        yield {"groups": sizes}


def _model_lines(study: Study, spec: ModelSpec, inputs: Inputs) -> Iterator[str | Facts]:
    """Yield what is said of the latent model; where the study does not estimate it, why it could not."""
    _refuse_constraints(study, spec, ENGINES)
    if fits_items(study):
        yield from _latent_lines(study, spec, inputs)
        return
    try:
        yield from _latent_lines(study, spec, inputs)
    except (DataError, EstimationError, SpecError) as problem:
        yield f"{WARNING}the study does not estimate the model with latents, which fails: {problem.message}"


def _latent_lines(study: Study, spec: ModelSpec, inputs: Inputs) -> Iterator[str | Facts]:
    settings = study.sem or Sem()
    data = sem_data(study, spec, inputs, by_group=settings.multigroup)
    if study.invariance is not None:
        sem_data(study, spec, inputs, by_group=True)  # every group has what the ladder takes
    model = build_model(spec, data.groups, sem_options(study))
    if study.sem is not None or study.bootstrap is not None:
        equalities(model)
    regressions = equations(spec)
    yield (
        f"model {spec.name}: {len(model.latent)} constructs, {len(model.observed)} observed variables, "
        f"{len(regressions)} regressions, {sum(len(e.predictors) for e in regressions)} paths"
    )
    yield f"parameters: {model.npar}, degrees of freedom: {model.df}"
    yield from _told(study, spec, model)
    require_enough_moments(spec.name, model)
    loose = unidentified(model)
    if loose and not data.ordered:
        raise EstimationError(
            f"model {spec.name!r} is not identified: {', '.join(loose[:8])} can move together without "
            "changing the implied moments; fix one of them or add indicators"
        )
    yield from _small_blocks(model)
    yield from _pattern_lines(data, study.disclosure)
    _resampled(study, data)
    for moments in data.moments:
        _positive_definite(moments)


def _told(study: Study, spec: ModelSpec, model: Model) -> Iterator[str | Facts]:
    """Yield the model in words, as equations and in counts."""
    words, sums = list(word_lines(spec, study.language)), list(equation_lines(spec, model))
    if words:
        yield "in words:"
        yield from (f"  {line}" for line in words)
        yield "as equations:"
        yield from (f"  {line}" for line in sums)
    found = dict(counts(spec, model))
    yield {
        "model": {
            "name": spec.name, "constructs": list(model.latent), "observed": list(model.observed),
            "words": words, "equations": sums, "counts": dict(found),
        }
    }  # fmt: skip
    effects, df, moments, whole = (found.pop(name) for name in ("effects", "df", "moments", "parameters"))
    listed = ", ".join(f"{number} {_one(kind, number)}" for kind, number in found.items())
    yield f"counts: {moments} moments - {whole} parameters ({listed}) = {df} degrees of freedom"
    if effects:
        yield f"effects: {effects} indirect, total and defined {_one('effects', effects)}"


def _one(kind: str, number: int) -> str:
    return kind.removesuffix("s") if number == 1 else kind


def _small_blocks(model: Model) -> Iterator[str]:
    """Yield a line for each construct that leans on the rest of the model to be identified."""
    for construct in model.latent:
        items = [row.rhs for row in model.rows if row.op == "=~" and row.lhs == construct]
        if len(items) == 2:
            yield f"warning: two items: {construct} is identified only through the rest of the model"


def _pattern_lines(data: SemData, rule: Disclosure) -> Iterator[str]:
    """Yield how the blanks fall, where they are kept (FIML)."""
    for group in data.patterns or ():
        smallest = int(group.observed.sum(axis=1).min())
        yield (
            f"blanks ({group.group}): {len(group.observed)} patterns of answered items, the shortest has "
            f"{smallest}; {few_or(group.empty, rule)} respondents answered nothing"
        )


def _refuse_constraints(study: Study, spec: ModelSpec, wanted: Container[str]) -> None:
    """Raise ``SpecError`` for constraints that an engine would run without: no silence about them."""
    refuse_inequalities(spec.constraints)
    if "bayes" in wanted and study.bayes is not None and study.bayes.level == "latent":
        refuse_constraints(spec)


def refuse_unfit(study: Study, spec: ModelSpec, inputs: Inputs, wanted: Container[str] = ENGINES) -> None:
    """Raise what ``check`` would, before ``fit`` estimates anything of the engines that are ``wanted``.

    That is: constraints that nothing holds to, resamples within strata with nothing to draw from.
    """
    _refuse_constraints(study, spec, wanted)
    if "bootstrap" not in wanted:
        return
    within = study.data.strata or (study.bootstrap is not None and study.bootstrap.scheme == "strata")
    if within and study.bootstrap is not None:
        _resampled(study, sem_data(study, spec, inputs, by_group=(study.sem or Sem()).multigroup))


def refuse_few(study: Study, spec: ModelSpec, inputs: Inputs, withheld: Withheld) -> None:
    """Raise ``DataError`` for numbers of respondents, or parameters of a group, that no table may show.

    First what cannot be fitted.
    """
    refuse_few_respondents(study, spec, inputs)
    if withheld.few and study.sem is not None and study.sem.multigroup:
        sem_data(study, spec, inputs, by_group=True)
        refuse_small_groups(study, withheld)


def _resampled(study: Study, data: SemData) -> None:
    """Raise ``DataError`` where a stratum has nothing to draw from and no rule says what it adds."""
    if study.bootstrap is None:
        return
    try:
        for group in data.respondents or ():
            refuse_lonely(group, study.bootstrap.scheme, study.bootstrap.lonely_psu)
    except DataError as problem:
        raise DataError(problem.message, where=str(study.data.file)) from None


def _positive_definite(moments: Moments) -> None:
    sd = np.sqrt(np.diag(moments.cov))
    smallest = np.linalg.eigvalsh(moments.cov / np.outer(sd, sd))[0]
    if smallest < 1e-10:
        raise EstimationError(
            f"the covariances are singular (smallest eigenvalue of the correlations {smallest:.1e}): "
            "an item is a copy or a sum of others"
        )


def _category_lines(model: ModelSpec, inputs: Inputs, rule: Disclosure) -> Iterator[str]:
    """Yield a line for each answer category with fewer than ten respondents."""
    if inputs.items is None:
        return
    for scale in model.scales:
        if scale.scale is None or scale.scale[1] - scale.scale[0] > SPARSE:
            continue
        for item in scale.items:
            values = inputs.items[item].to_numpy(dtype=float)
            for answer in range(int(scale.scale[0]), int(scale.scale[1]) + 1):
                count = int((values == answer).sum())
                if count < SPARSE:
                    few = few_or(count, rule)
                    whom = "respondent" if few == "1" else "respondents"
                    yield f"warning: sparse: answer {answer} to {item} was given by {few} {whom}"
