"""``report.html`` from a result folder: one file that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from werksem.report.advice import diagnostics_table
from werksem.report.answer import by_outcome, comparison_tables, main_groups, sizes, warnings_of
from werksem.report.appendix import (
    cautions,
    data_sentences,
    method_sentences,
    notes_of,
    priors_each,
    priors_table,
    provenance_table,
)
from werksem.report.bifactor import bifactor_tables
from werksem.report.blocks import blocks_table
from werksem.report.certainty import certainty
from werksem.report.claims import claims_said, claims_table
from werksem.report.claims_pages import claims_hash, claims_pages
from werksem.report.comparable import freed_said, freed_table
from werksem.report.controls import added_table, controls_said, controls_table
from werksem.report.densities.show import densities
from werksem.report.described.folder import is_described
from werksem.report.described.page import make_page
from werksem.report.design_words import design_word, effects_heading
from werksem.report.diagram.show import diagrams, loadings_diagram
from werksem.report.effect_panels import effect_figures, effect_key, routes_left_out
from werksem.report.effects import effects_table
from werksem.report.failures import failures_said, failures_table
from werksem.report.figure_files import write_figures
from werksem.report.figures import forest_figures, group_figures
from werksem.report.findings import findings, sizes_said
from werksem.report.folder import Result, read_result
from werksem.report.groups import PathByGroup, groups_table, paths_by_group
from werksem.report.importance import importance_figures, importance_said, importance_table, sector_table
from werksem.report.item_tables import items_table
from werksem.report.key_figure import key_figure
from werksem.report.left_out import left_out_table, loo_table
from werksem.report.measurement import design_table, htmt_table
from werksem.report.misfit import invariance_table, modification_table, residual_table
from werksem.report.numbers import count, day
from werksem.report.pages import page
from werksem.report.parameters import measured_table, parameter_tables
from werksem.report.passport import passport_intro, passport_said, passport_table
from werksem.report.passport_figure import passport_figures, passport_key
from werksem.report.pooling import ledger_table, pooling_said, slopes_table
from werksem.report.predictive import predictive_said, predictive_tables
from werksem.report.probit import probit_table
from werksem.report.quality import LARGE_N, fit_table, ntotal, r2_table, reliability_table
from werksem.report.reading import running
from werksem.report.sample import flow_table, groups_sampled
from werksem.report.sensitivity import sensitivity_tables
from werksem.report.shrinkage import MANY_GROUPS, shrinkage
from werksem.report.trust import untrusted, watched
from werksem.report.words import word
from werksem.results import read_manifest

__all__ = ["SECTIONS", "make", "render"]

# parts of the page and their sections, in this order; a section without content is left out
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("answer", ("cautions", "claims")),
    ("evidence", ("comparison", "passport", "diagram", "effects", "importance", "controls", "sensitivity",
                  "pooling", "groups", "densities", "predictive")),
    ("measurement", ("data", "items", "measurement", "fit")),
    ("technical", ("methods", "measured", "parameters", "diagnostics", "verdicts")),
    ("provenance", ("provenance",)),
)  # fmt: skip
SECTIONS = tuple(name for _, names in PARTS for name in names)
# panels of groups that are drawn; the table has every path
MOST_PANELS = 12
# outcomes of the first screen; the others are folded
MOST_FINDINGS = 5


def make(folder: Path) -> Path:
    """Write ``report.html`` (of described tables ``tables.html``) from a folder's files; return its path.

    Raises ``DataError`` for a folder that is no finished result folder.
    """
    if is_described(read_manifest(folder)):
        return make_page(folder)
    path, result = folder / "report.html", read_result(folder)
    content = _content(result)
    path.write_text(page("report.html.j2", content), encoding="utf-8", newline="\n")
    write_figures(result, content)
    return path


def render(result: Result) -> str:
    """Return the report as one HTML page: style, tables and figures inside, nothing fetched."""
    return page("report.html.j2", _content(result))


def _content(result: Result) -> dict[str, Any]:
    """Return everything the template shows, formatted."""
    language, manifest = result.language, result.manifest
    content = {
        "language": language,
        "title": manifest.get("title") or manifest.get("study") or "werksem",
        "source": manifest.get("source") or "",
        "version": manifest.get("werksem", ""),
        "created": day(str(manifest.get("created", "")), language),
        "synthetic": bool(manifest.get("synthetic")),
        "running": running(manifest, language),
        **_first_screen(result),
        "untrusted": untrusted(result),
        "warnings": (*warnings_of(result), *watched(result)),
        **_answer(result), **_background(result), **_pooling(result), **_groups(result),
    }  # fmt: skip
    return content | _contents(content)


def _contents(content: dict[str, Any]) -> dict[str, Any]:
    """Return which sections there are, and the parts of the page that have any."""
    sections = [name for name in SECTIONS if _present(name, content)]
    parts = [(part, [name for name in names if name in sections]) for part, names in PARTS]
    return {"sections": sections, "parts": [(part, names) for part, names in parts if names]}


def _first_screen(result: Result) -> dict[str, Any]:
    return {
        "findings": findings(result),
        "most_findings": MOST_FINDINGS,
        "sizes_said": sizes_said(result),
        "caution_line": design_word(result, "caution_line"),
        "key_figure": key_figure(result),
        "certainty": certainty(result),
        "sizes": sizes(result),
    }


def _answer(result: Result) -> dict[str, Any]:
    tables = comparison_tables(result)
    forests = [
        picture for group in main_groups(result.comparison) for picture in forest_figures(result, group)
    ]
    return {
        "comparison_pairs": tuple(zip(by_outcome(tables), forests, strict=True)),
        "forests": forests,
        "diagram": diagrams(result),
        "loadings_diagram": loadings_diagram(result),
        "densities": densities(result),
        "comparison_notes": tables[0].notes if tables else (),
        "probit": probit_table(result),
        "blocks": blocks_table(result),
        "passport": passport_intro(result),
        "passport_said": passport_said(result),
        "passport_table": passport_table(result),
        "passport_key": passport_key(result),
        "passport_figures": passport_figures(result),
        "effects": effects_table(result),
        "effects_heading": effects_heading(result),
        "effects_intro": _effects_intro(result),
        "effect_pictures": effect_figures(result),
        "effect_key": effect_key(result),
        "routes_left_out": routes_left_out(result),
        "sensitivity": sensitivity_tables(result),
        "importance": importance_said(result),
        "importance_table": importance_table(result),
        "importance_figures": importance_figures(result),
        "importance_sectors": sector_table(result),
        "controls": controls_said(result),
        "controls_tables": (controls_table(result), added_table(result)),
    }


def _effects_intro(result: Result) -> str:
    """Return what an effect along a route is; nothing where the model has formulas only."""
    formulas = effects_heading(result) == word("formulas", result.language)
    return "" if formulas else design_word(result, "effects_intro")


def _background(result: Result) -> dict[str, Any]:
    n = ntotal(result)
    return {
        "data": (*data_sentences(result), *notes_of(result, about_fit=False)),
        "methods": method_sentences(result),
        "fit": fit_table(result),
        "fit_n": count(n, result.language) if n >= LARGE_N else "",
        "fit_notes": notes_of(result, about_fit=True),
        "r2": r2_table(result),
        "residuals": residual_table(result),
        "modification": modification_table(result),
        "invariance": invariance_table(result),
        "reliability": reliability_table(result),
        "bifactor": bifactor_tables(result),
        "htmt": htmt_table(result),
        "design": design_table(result),
        "flow": flow_table(result),
        "sample": groups_sampled(result),
        "items": items_table(result),
        "measured": measured_table(result),
        "parameters": parameter_tables(result),
        "priors": (priors_table(result), priors_each(result)),
        "diagnostics": diagnostics_table(result),
        "audit_said": failures_said(result),
        "audit": failures_table(result),
        "cautions": cautions(result),
        "provenance": provenance_table(result),
    }


def _pooling(result: Result) -> dict[str, Any]:
    return {
        "claims": claims_table(result),
        "claims_said": claims_said(result),
        "claims_pages": claims_pages(result),
        "claims_hash": claims_hash(result),
        "pooling": pooling_said(result),
        "shrinkage": shrinkage(result),
        "ledger": ledger_table(result),
        "slopes": slopes_table(result),
        "comparable": freed_said(result),
        "comparable_here": bool(pooling_said(result) and invariance_table(result).bodies) and _latent(result),
        "freed": freed_table(result),
    }


def _latent(result: Result) -> bool:
    """Return whether the posterior of the folder pools latent-variable models."""
    return (result.study.get("bayes") or {}).get("level") == "latent" and "bayes" in set(
        result.estimates["engine"]
    )


def _groups(result: Result) -> dict[str, Any]:
    paths = paths_by_group(result)
    shown = () if pooling_said(result) else _furthest(paths)
    counts = {"shown": count(len(shown), result.language), "count": count(len(paths), result.language)}
    some = word("groups_some", result.language, **counts) if 0 < len(shown) < len(paths) else ""
    return {
        "groups": groups_table(result, paths if _few_groups(paths) else ()),
        "group_pictures": group_figures(result, shown),
        "groups_some": some,
        "predictive": predictive_said(result),
        "predictive_tables": (*predictive_tables(result), left_out_table(result), loo_table(result)),
    }


def _few_groups(paths: tuple[PathByGroup, ...]) -> bool:
    """Return whether a table with a column per group can be read; where not, ledger.csv has them."""
    return max((len(path.groups) for path in paths), default=0) <= MANY_GROUPS + 1


def _furthest(paths: tuple[PathByGroup, ...]) -> tuple[PathByGroup, ...]:
    """Return the paths on which groups differ most, in the order of the model."""
    chosen = sorted(paths, key=lambda path: -path.spread)[:MOST_PANELS]
    return tuple(path for path in paths if path in chosen)


def _present(name: str, content: dict[str, Any]) -> bool:
    if name == "comparison":
        return bool(content["comparison_pairs"])
    if name == "measurement":
        return any(content[part] for part in ("reliability", "htmt", "design"))
    if name == "verdicts":
        return bool(content["claims_pages"])
    if name == "fit":
        return bool(content["fit"] or content["r2"])
    return bool(content[name])
