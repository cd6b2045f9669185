"""From a result folder to the graph of its path diagram, and what must be said of what is not in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from werksem.compare.cells import records
from werksem.compare.stars import stars
from werksem.report.diagram.fewer import Fewer, fewer_arcs, fewer_edges
from werksem.report.diagram.parts import Arc, Edge, Graph, Node
from werksem.report.folder import Result, labels_of
from werksem.report.numbers import beta

__all__ = ["Content", "contents"]

ENGINES = ("sem", "ols", "bayes")
# groups of a multi-group model that stand beside one another
MOST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Content:
    """One diagram: whose estimates, of which group, whether it is of measurement, and what was left out."""

    engine: str
    group: str
    graph: Graph
    measurement: bool
    stars: bool
    fewer: Fewer
    groups: int = 1


def contents(result: Result, *, loadings: bool = False) -> tuple[Content, ...]:
    """Return a diagram of all respondents together, or of up to three groups of a multi-group model.

    The SEM's estimates are shown where there are any, else those of OLS, else the posterior's; paths
    between constructs, and where a model has none its loadings. ``loadings`` asks for those of a model
    that has paths too. Empty for a folder with neither.
    """
    rows = result.estimates[result.estimates["op"].isin(("~", "=~"))]
    for engine in ENGINES:
        found = rows[rows["engine"] == engine]
        groups = list(dict.fromkeys(found["group"]))
        if groups:
            shown = ["all"] if "all" in groups else groups[: MOST_GROUPS if len(groups) <= MOST_GROUPS else 1]
            made = (_content(result, engine, group, len(groups), loadings) for group in shown)
            return tuple(one for one in made if one.graph.edges)
    return ()


def _content(result: Result, engine: str, group: str, groups: int, only_loadings: bool) -> Content:
    table = result.estimates
    rows = table[(table["engine"] == engine) & (table["group"] == group)]
    rows = rows[rows["std"].notna() | (rows["op"] == "r2")]
    by_op = {str(op): records(part) for op, part in rows.groupby("op", sort=False)}
    if only_loadings:
        by_op = {op: found for op, found in by_op.items() if op == "=~"}
    measurement = "~" not in by_op
    loadings, language = by_op.get("=~", []), result.language
    latent = {row["lhs"] for row in loadings}
    shown = [row for row in loadings if measurement or row["rhs"] in latent]
    edges = [_edge(row["lhs"], row["rhs"], row, language) for row in shown]
    edges += [_edge(row["rhs"], row["lhs"], row, language) for row in by_op.get("~", [])]
    names = dict.fromkeys(name for edge in edges for name in (edge.source, edge.target))
    graph = Graph(
        tuple(_node(result, name, loadings, by_op.get("r2", []), measurement) for name in names),
        _general(edges) if measurement else tuple(edges),
        tuple(_arc(row, language) for row in by_op.get("~~", []) if row["lhs"] != row["rhs"] and row["std"]),
    )
    graph, told = fewer_edges(graph)
    graph, left = fewer_arcs(graph, measurement)
    fewer = replace(left, edges=told.edges, shown=told.shown, floor=told.floor, dropped=told.dropped)
    tests = bool(rows["pvalue"].notna().any())
    return Content(engine, group, graph, measurement, tests, fewer, groups if group != "all" else 1)


def _node(
    result: Result, name: str, loadings: Sequence[Mapping[str, Any]], r2: Sequence[Mapping[str, Any]],
    measurement: bool,
) -> Node:  # fmt: skip
    """Return a variable; a construct of a single item counts as observed."""
    items = sum(row["lhs"] == name for row in loadings)
    share = next((float(row["est"]) for row in r2 if row["lhs"] == name), math.nan)
    item = measurement and items == 0
    label = labels_of(result).get(name, name)
    return Node(name, label, items > 1, math.nan if measurement else share, item)


def _edge(source: str, target: str, row: Mapping[str, Any], language: str) -> Edge:
    return Edge(str(source), str(target), row["std"], _text(row, language), _clear(row))


def _arc(row: Mapping[str, Any], language: str) -> Arc:
    return Arc(str(row["lhs"]), str(row["rhs"]), row["std"], beta(row["std"], language), _clear(row))


def _text(row: Mapping[str, Any], language: str) -> str:
    """Return a value with its stars; a loading has none, they all would."""
    mark = stars(row["pvalue"]) if row["op"] == "~" else ""
    return beta(row["std"], language) + mark


def _clear(row: Mapping[str, Any]) -> bool:
    """Return whether an estimate is significant, or its interval without 0 where it has no p-value."""
    if not math.isnan(row["pvalue"]):
        return bool(row["pvalue"] <= 0.05)
    low, high = row["std_ci_lower"], row["std_ci_upper"]
    return bool(math.isnan(low) or low > 0 or high < 0)


def _general(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """Return loadings with the arrows of a general factor, if there is one, from right to left.

    A general factor is the one with most items where items load on more than one factor.
    """
    counts = pd.Series([edge.target for edge in edges], dtype=object).value_counts()
    if not len(counts) or counts.iloc[0] < 2:
        return tuple(edges)
    most = pd.Series([edge.source for edge in edges]).value_counts(sort=True).index[0]
    shared = {name for name, many in counts.items() if many > 1}
    others = {edge.target for edge in edges if edge.source == most}
    whole = shared <= others
    return tuple(replace(edge, back=True) if whole and edge.source == most else edge for edge in edges)
