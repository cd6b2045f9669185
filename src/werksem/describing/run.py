"""``werksem describe``: read a study, make its tables, write the folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from werksem.compare.cells import records
from werksem.describe.coarse import was_coarsened
from werksem.describe.defaults import with_tables
from werksem.describe.hidden_groups import hidden_groups
from werksem.describe.produce import all_rows, largest_weight, shown_rows
from werksem.describe.reading import Respondents, read_respondents
from werksem.describe.two_groupings import crossed_tables
from werksem.describing.claims import Asked, asked, tested
from werksem.describing.groupings import groupings_of, names_hidden
from werksem.describing.manifest import manifest_of
from werksem.errors import DataError, SpecError, did_you_mean
from werksem.extras import require_extras
from werksem.kept import held
from werksem.release.described import described_outputs
from werksem.release.sheet import write_check
from werksem.report.publish.formats import write_reports
from werksem.results import new_folder, placed, run_record, write_json, write_table
from werksem.spec.describe import Describe
from werksem.spec.describe_rules import check_describe, names_of
from werksem.spec.load import dump_study, load_study
from werksem.spec.overrides import with_overrides
from werksem.spec.places import said_of
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec
from werksem.spec.yaml import Document, load
from werksem.survey.header import MissingColumnsError

__all__ = ["Request", "describe_study", "read_described"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed after ``werksem describe``."""

    config: Path | Document
    out: Path | None = None
    overrides: tuple[str, ...] = ()


def describe_study(request: Request) -> Path:
    """Make a study's tables and return the result folder; raises what is wrong with the study or its data."""
    study, model = load_study(request.config, request.overrides)
    out = placed(request.out or Path("results") / study.study)
    _keep_fit(out)
    require_extras(study, ())
    with said_of(request.config, request.overrides, study.data.file):
        return _describe(study, model, out, request)


def _describe(study: Study, model: ModelSpec, out: Path, request: Request) -> Path:
    study, respondents, claims = read_described(study, model, request.config, request.overrides)
    described = study.describe or Describe()
    with held(out), new_folder(out) as folder:
        found = all_rows(described, model, respondents)
        known = groupings_of(study, model, respondents)
        groups = hidden_groups(found, study.disclosure, known)
        shown = shown_rows(found, study.disclosure, largest_weight(respondents), groups)
        crossed = crossed_tables(found, records(shown), groups, known)
        write_table(shown, folder / "tables.csv")
        for name, table in tested(study, claims, respondents, names_hidden(groups)).items():
            write_table(table, folder / f"{name}.csv")
        (folder / "study.yaml").write_text(dump_study(study, model, out.resolve()), encoding="utf-8")
        asked = {"run": run_record(request.config, out, request.overrides)}
        coarse = was_coarsened(found, records(shown))
        write_json(manifest_of(study, model, respondents, coarse, crossed) | asked, folder / "manifest.json")
        write_reports(folder, study.report.formats)
        write_check(folder, described_outputs(found, shown, study, respondents, crossed))
    return out


def _keep_fit(out: Path) -> None:
    """Raise ``SpecError`` where the tables would take the place of what ``fit`` found."""
    if (out / "estimates.csv").is_file():
        raise SpecError(f"{out} has the results of fit, which tables would replace: name another with --out")


def read_described(
    study: Study, model: ModelSpec, config: Path | Document, overrides: tuple[str, ...] = ()
) -> tuple[Study, Respondents, Asked]:
    """Return a loaded study with its tables written out, its respondents, and what is claimed of them.

    Raises ``SpecError`` naming file and line of a name in a table that is no scale and no column.
    """
    described = with_tables(study, model)
    study = study.model_copy(update={"describe": described})
    document = with_overrides(load(config), overrides)
    check_describe(study, model, document)
    if not described.tables:
        raise SpecError("describe: the model has no scales, so name the tables", where=str(config))
    claims = asked(study, model)
    try:
        return study, read_respondents(study, model, described, claims.columns), claims
    except MissingColumnsError as problem:
        for at, table in enumerate(described.tables):
            for name, loc in names_of(table):
                if name in problem.names:
                    near = did_you_mean(name, [scale.name for scale in model.scales])
                    where = document.where(("describe", "tables", at, *loc))
                    said = f'table "{table.table}": {problem.message}'
                    raise SpecError(
                        said + near.replace("; did", "; or the scale: did"), where=where
                    ) from None
        raise DataError(problem.message, where=problem.where) from None
