"""The path diagrams of a report: pictures with the sentences that explain them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from werksem.report.diagram.content import Content, contents
from werksem.report.diagram.draw import draw_diagram
from werksem.report.diagram.parts import Arc, Graph
from werksem.report.diagram.place import placed
from werksem.report.diagram.words import said
from werksem.report.folder import Result, label_of
from werksem.report.numbers import beta, count
from werksem.report.sketch import Picture, Sketch, picture
from werksem.report.words import group_name, listed

__all__ = ["Diagrams", "diagrams", "loadings_diagram"]


# more outcomes than this are not named one by one
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Diagrams:
    """The pictures, and the sentences below them."""

    title: str = ""
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pictures)


def diagrams(result: Result) -> Diagrams:
    """Return the path diagram of a result folder; empty for one without paths or loadings."""
    found = contents(result)
    if not found:
        return Diagrams()
    shown = tuple(picture(_sketch(result, one), f"diagram-{at}") for at, one in enumerate(found, start=1))
    key = "title_cfa" if found[0].measurement else "title"
    return Diagrams(said(key, result.language), shown, _notes(result, found))


def loadings_diagram(result: Result) -> Diagrams:
    """Return the measurement of a model with paths, several items per construct; empty for another."""
    paths = result.estimates["op"] == "~"
    found = contents(result, loadings=True) if paths.any() else ()
    kept = tuple(replace(one, graph=_several(one.graph)) for one in found)
    kept = tuple(one for one in kept if one.graph.edges)
    if not kept:
        return Diagrams()
    # drawn on a sheet only: the page has the loadings as tables
    sketches = [_sketch(result, one) for one in kept]
    shown = tuple(Picture(sketch.title, "", sketch) for sketch in sketches)
    return Diagrams(said("title_cfa", result.language), shown, _notes(result, kept))


def _several(graph: Graph) -> Graph:
    """Return the graph without constructs of a single item."""
    latent = {node.name for node in graph.nodes if node.latent}
    edges = tuple(edge for edge in graph.edges if edge.source in latent)
    ends = {name for edge in edges for name in (edge.source, edge.target)}
    return replace(graph, nodes=tuple(node for node in graph.nodes if node.name in ends), edges=edges)


def _sketch(result: Result, content: Content) -> Sketch:
    drawing, language = placed(content.graph), result.language
    group = group_name(content.group, language)
    key = "title_cfa" if content.measurement else "title"
    title = said(key, language) if content.group == "all" else f"{said(key, language)}: {group}"
    alt = said("alt", language, group=group, paths=_paths(content.graph))
    return Sketch(title, drawing.width, drawing.height, alt, partial(draw_diagram, drawing, language))


def _paths(graph: Graph) -> str:
    """Return every path in words: from, to, value."""
    names = {node.name: node.label for node in graph.nodes}
    paths = [f"{names[edge.source]} → {names[edge.target]} {edge.text}" for edge in graph.edges]
    return "; ".join([*paths, *(f"{names[a.one]} ↔ {names[a.other]} {a.text}" for a in graph.arcs)])


def _notes(result: Result, found: tuple[Content, ...]) -> tuple[str, ...]:
    """Return how to read the diagram, and what is not in it."""
    language, first = result.language, found[0]
    names = ", ".join(group_name(one.group, language) for one in found)
    p05 = beta(0.05, language)
    key = "unclear_p" if first.stars else "unclear_interval"
    reading = [
        said(f"numbers_{first.engine}", language, group=names),
        said("lines", language, unclear=said(key, language, p05=p05)),
    ]
    if first.stars and not first.measurement:
        places = {"p05": p05, "p01": beta(0.01, language), "p001": beta(0.001, language, 3)}
        reading.insert(1, said("stars", language, **places))
    nodes = [node for one in found for node in one.graph.nodes]
    reading += [said("shapes", language)] if any(node.latent for node in nodes) else []
    reading += [said("r2", language)] if any(node.r2 == node.r2 for node in nodes) else []
    if any(one.graph.arcs for one in found):
        items = {node.name for node in nodes if node.item}
        between = any(arc.one in items for one in found for arc in one.graph.arcs)
        key = ("arcs_items" if between else "arcs_cfa") if first.measurement else "arcs"
        reading.append(said(key, language))
    left = [text for one in found for text in _left_out(result, one)]
    if len(found) == 1 < first.groups:
        left.insert(0, said("first_group", language, group=first.group))
    return (" ".join(reading), *dict.fromkeys(left))


def _left_out(result: Result, content: Content) -> list[str]:
    language, fewer = result.language, content.fewer
    told = []
    if fewer.floor:
        places = {"count": count(fewer.edges, language), "shown": count(fewer.shown, language)}
        told.append(said("floor", language, floor=beta(fewer.floor, language), **places))
    if fewer.dropped:
        told.append(said("dropped", language, names=", ".join(fewer.dropped)))
    for layer, arcs in fewer.many:
        values = [arc.value for arc in arcs]
        ends = {"low": beta(min(values), language), "high": beta(max(values), language)}
        names = _whose(result, content, layer, arcs)
        told.append(said("arcs_many", language, count=count(len(arcs), language), names=names, **ends))
    apart = [said("arcs_apart", language, pairs=_pair(result, arc)) for arc in fewer.apart]
    return told + apart


def _whose(result: Result, content: Content, layer: int, arcs: tuple[Arc, ...]) -> str:
    """Return whose correlations they are: all predictors, all constructs, or outcomes by name."""
    if layer == 0:
        return said("constructs" if content.measurement else "predictors", result.language)
    names = dict.fromkeys(name for arc in arcs for name in (arc.one, arc.other))
    labels = [label_of(result, name) for name in names]
    if len(labels) > MOST_NAMED:
        return said("unexplained_many", result.language)
    return said("unexplained", result.language, names=listed(labels, result.language))


def _pair(result: Result, arc: Arc) -> str:
    return f"{label_of(result, arc.one)} ↔ {label_of(result, arc.other)} ({arc.text})"
