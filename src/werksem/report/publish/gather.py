"""From a result folder to what it has to publish, in the order of a paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from werksem.report.answer import comparison_tables, main_groups
from werksem.report.blocks import blocks_table
from werksem.report.claims import claims_table
from werksem.report.controls import added_table, controls_table
from werksem.report.described.folder import Described, is_described, read_described
from werksem.report.described.layout import shown_tables
from werksem.report.described.page import claims_shown, method_said
from werksem.report.effects import effects_table
from werksem.report.folder import Result, read_result
from werksem.report.groups import groups_table, paths_by_group
from werksem.report.importance import importance_table, sector_table
from werksem.report.legible import one_line
from werksem.report.measurement import design_table, htmt_table
from werksem.report.misfit import invariance_table
from werksem.report.passport import passport_table
from werksem.report.pooling import ledger_table, slopes_table
from werksem.report.probit import probit_table
from werksem.report.publish.measurement import loadings_table, models_table
from werksem.report.publish.methods import methods, software
from werksem.report.publish.publication import Publication, named
from werksem.report.publish.regressions import regression_tables
from werksem.report.publish.scales import scales_table
from werksem.report.publish.words import said
from werksem.report.quality import reliability_table
from werksem.report.sample import flow_table, groups_sampled
from werksem.report.shrinkage import MANY_GROUPS
from werksem.report.table import Body, Table, with_columns
from werksem.report.words import word
from werksem.results import read_manifest

__all__ = ["publication"]


def publication(folder: Path) -> Publication:
    """Return what a finished folder of ``fit`` or ``describe`` has to publish.

    Raises ``DataError`` for a folder that is neither.
    """
    if is_described(read_manifest(folder)):
        found = read_described(folder)
        engines: set[str] = set()
        told = (software(found.manifest, engines, found.language), *method_said(found))
        return _publication(found, told, _described(found))
    result = read_result(folder)
    return _publication(result, methods(result), _modelled(result))


def _publication(
    found: Result | Described, told: tuple[str, ...], tables: Iterator[tuple[str, Table]]
) -> Publication:
    manifest, language = found.manifest, found.language
    return Publication(
        language=language,
        title=one_line(str(manifest.get("title") or manifest.get("study") or "werksem")),
        source=one_line(str(manifest.get("source") or "")),
        banner=word("banner", language) if manifest.get("synthetic") else "",
        created=str(manifest.get("created") or ""),
        methods=tuple(one_line(text) for text in told if text),
        tables=named(tables),
    )


def _modelled(result: Result) -> Iterator[tuple[str, Table]]:
    """Yield the tables of a model: respondents, measurement, fit, regressions, what follows from them."""
    yield "sample", flow_table(result)
    yield "sample-groups", groups_sampled(result)
    yield "scales", scales_table(result)
    yield "reliability", reliability_table(result)
    yield "htmt", htmt_table(result)
    yield "loadings", loadings_table(result)
    yield "design", design_table(result)
    yield "fit", models_table(result)
    yield "invariance", invariance_table(result)
    yield from regression_tables(result)
    for group, table in zip(main_groups(result.comparison), comparison_tables(result), strict=True):
        if sum(column.numeric for column in table.columns) > 1:  # one method: its regressions say it all
            yield "comparison" + ("" if group == "all" else f"-{group}"), table
    yield "passport", passport_table(result)
    yield "probit", probit_table(result)
    yield "blocks", blocks_table(result)
    yield "controls", controls_table(result)
    yield "added", added_table(result)
    yield "effects", effects_table(result)
    yield "importance", importance_table(result)
    yield "importance-groups", sector_table(result)
    yield "ledger", ledger_table(result)
    yield "slopes", slopes_table(result)
    yield "groups", _groups(result)
    yield "claims", _joined(claims_table(result))


def _groups(result: Result) -> Table:
    """Return the posterior's paths with a column per group; empty where they are too many to read."""
    paths = paths_by_group(result)
    few = max((len(path.groups) for path in paths), default=0) <= MANY_GROUPS + 1
    return groups_table(result, paths if few else ())


def _joined(table: Table) -> Table:
    """Return a table with its bodies as one, without lines between them."""
    return replace(table, bodies=(Body("", tuple(row for body in table.bodies for row in body.rows)),))


def _verdicts(table: Table, language: str) -> Table:
    """Return the table of claims with statements and verdicts only: evidence takes pages."""
    return replace(with_columns(table, (0, 1)), notes=(*table.notes, said("evidence", language)))


def _described(found: Described) -> Iterator[tuple[str, Table]]:
    """Yield the descriptive tables in their own order, and what is claimed of them."""
    for shown in shown_tables(found):
        source = (said("source", found.language, source=shown.source),) if shown.source else ()
        yield shown.name, replace(shown.table, notes=(*shown.table.notes, *source))
    claims = claims_shown(found)
    if claims is not None:
        yield "claims", _verdicts(claims, found.language)
