"""Writes the lavaan twin into a result folder; of respondents it holds n, means and covariances at most."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pandas as pd

from werksem.errors import SpecError
from werksem.inputs import Inputs
from werksem.model import Model, build_model
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.study import Sem, Study
from werksem.spec.types import ModelSpec
from werksem.survey.formulas import inert_table
from werksem.twin.answers import answers_in_r
from werksem.twin.call import call_of, shared_clusters, takes_moments
from werksem.twin.expression import quoted
from werksem.twin.syntax import Twin, twin_model

__all__ = ["moments_table", "write_twin"]

DIGITS = "%.17g"


def write_twin(folder: Path, out: Path, study: Study, spec: ModelSpec, inputs: Inputs) -> None:
    """Write ``lavaan/`` into ``folder``, which will be called ``out``: syntax, script, moments where enough.

    Where R's lavaan cannot hold the model, ``lavaan/why_not.txt`` says why.
    """
    settings = study.sem or Sem()
    data = sem_data(study, spec, inputs, by_group=settings.multigroup)
    model = build_model(spec, data.groups, sem_options(study))
    place = folder / "lavaan"
    place.mkdir()
    try:
        twin = twin_model(spec, model, data, one_label="regressions" in settings.group_equal)
        lines = list(_script(study, spec, model, data, twin, out.resolve() / "lavaan"))
    except SpecError as problem:
        text = f"There is no lavaan twin of this model: {problem.message}.\n"
        (place / "why_not.txt").write_text(text, encoding="utf-8")
        return
    if takes_moments(study):
        write_moments(data, model, place / "moments.csv")
    (place / "model.lavaan").write_text(twin.text, encoding="utf-8")
    (place / "run.R").write_text("\n".join(lines), encoding="utf-8")


def moments_table(data: SemData, model: Model) -> pd.DataFrame:
    """Return n, means and covariances (divisor n - 1), a row per group and variable of the model."""
    parts = []
    for group, found in zip(data.groups, data.moments, strict=True):
        at = [found.names.index(name) for name in model.observed]
        cov = found.cov[at][:, at] * found.n / (found.n - 1)
        own = {"group": group, "n": round(found.n), "variable": model.observed, "mean": found.mean[at]}
        matrix = pd.DataFrame(cov, columns=list(model.observed))
        parts.append(pd.concat([pd.DataFrame(own), matrix], axis=1))  # an item may be called n
    return pd.concat(parts, ignore_index=True)


def write_moments(data: SemData, model: Model, path: Path) -> None:
    """Write the moments with all their digits."""
    inert_table(moments_table(data, model)).to_csv(
        path, index=False, lineterminator="\n", float_format=DIGITS
    )


def _script(
    study: Study, spec: ModelSpec, model: Model, data: SemData, twin: Twin, place: Path
) -> Iterator[str]:
    """Yield the lines of run.R: what it is, helpers, data, fit, comparison."""
    name = study.title or study.study
    yield f"# lavaan twin of the study {quoted(name)}: fits its SEM in R and compares every number."
    yield "#   Rscript run.R" + ("" if takes_moments(study) else " [DATA FILE]")
    yield "# Made with the result folder it stands in; exit status 0 where both agree, 1 where they do not."
    yield _helpers("start.R")
    if takes_moments(study):
        yield _helpers("moments.R")
    else:
        yield _helpers("answers.R")
        yield from answers_in_r(study, spec, model, _data_file(study, place))
    yield ""
    yield 'text <- readLines(file.path(here, "model.lavaan"), encoding = "UTF-8")'
    yield 'syntax <- paste0(paste(text, collapse = "\\n"), "\\n")'
    arguments = ",\n           ".join(call_of(study, model, data))
    yield f"fit <- sem(syntax, {arguments})"
    yield f"groups <- c({', '.join(map(quoted, model.groups))})"
    if shared_clusters(data):
        yield "shared <- TRUE"
    for part, column in (("lavaan", 0), ("name", 1), ("group", 2)):
        values = ", ".join(quoted(effect[column]) for effect in twin.effects)
        yield f"effect_{part} <- c({values})" if values else f"effect_{part} <- character()"
    yield _helpers("compare.R")


def _data_file(study: Study, place: Path) -> str:
    if study.data.file is None:
        raise SpecError("the study has no data file")
    try:
        return Path(os.path.relpath(study.data.file, place)).as_posix()
    except ValueError:
        return study.data.file.as_posix()


def _helpers(name: str) -> str:
    return (files("werksem.twin") / name).read_text(encoding="utf-8")
