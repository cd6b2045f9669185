"""Path diagrams: what may not touch does not, in every shipped model and in random ones with cycles."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_result import make_result
from numpy.typing import NDArray

from werksem.estimates import estimates_table
from werksem.report.diagram.content import contents
from werksem.report.diagram.crossings import crossings, ordered
from werksem.report.diagram.heights import apart
from werksem.report.diagram.layers import layered
from werksem.report.diagram.parts import Arc, Box, Curve, Edge, Graph, Node, Placed, Tag
from werksem.report.diagram.place import arranged, placed
from werksem.report.diagram.show import diagrams
from werksem.report.folder import Result, read_result
from werksem.spec.load import load_model

ROOT = Path(__file__).resolve().parents[2]
MODELS = sorted((ROOT / "models").glob("*.yaml"), key=lambda path: path.stem)


def result_of(path: Path, language: str = "nl") -> Result:
    """Return a result folder's content for a model: made-up estimates, labels of the model."""
    model = load_model(path)
    rng = np.random.default_rng(7)
    rows = [
        row(s.lhs, s.op, s.rhs, float(rng.normal(0.1, 0.15)))
        for s in model.statements
        if s.op in ("~", "=~") and s.lhs != s.rhs
    ]
    paths = [(r["lhs"], r["rhs"]) for r in rows if r["op"] == "~"]
    outcomes = list(dict.fromkeys(y for y, _ in paths))
    given = [x for x in dict.fromkeys(x for _, x in paths) if x not in outcomes]
    factors = list(dict.fromkeys(r["lhs"] for r in rows)) if not paths else []
    for names in (outcomes, given, factors):
        rows += [
            row(one, "~~", other, float(rng.uniform(-0.4, 0.6))) for one, other in combinations(names, 2)
        ]
    rows += [{**row(name, "r2", name, 0.0), "est": 0.31} for name in outcomes]
    labels = {name: {"nl": text.nl, "en": text.en} for name, text in model.labels}
    for scale in model.scales:
        labels[scale.name] = {"nl": scale.label.nl, "en": scale.label.en}
        labels |= {name: {"nl": text.nl, "en": text.en} for name, text in scale.item_labels}
    manifest = {"study": path.stem, "language": language, "model": {"labels": labels}}
    blank = pd.DataFrame()
    return Result(Path(), estimates_table(rows), blank, blank, blank, blank, manifest, {})


def row(lhs: str, op: str, rhs: str, std: float) -> dict[str, object]:
    value = {"est": std, "std": std, "pvalue": 0.0004 if abs(std) > 0.03 else 0.4}
    return {"engine": "sem", "group": "all", "lhs": lhs, "op": op, "rhs": rhs, **value}


def random_graph(seed: int) -> Graph:
    """Return a graph of 9 nodes and 16 edges, cycles and pairs to and fro among them, and arcs."""
    rng = np.random.default_rng(seed)
    names = [f"x{at}" for at in range(9)]
    pairs = [(a, b) for a in names for b in names if a != b]
    chosen = rng.choice(len(pairs), size=16, replace=False)
    edges = tuple(Edge(*pairs[at], float(rng.normal(0, 0.3)), "−,12***") for at in sorted(chosen))
    ends = {name for edge in edges for name in (edge.source, edge.target)}
    nodes = (
        Node(name, "Een lange naam " * int(rng.integers(1, 4)), r2=0.2) for name in names if name in ends
    )
    graph = Graph(tuple(nodes), edges)
    arcs = [
        Arc(one, other, 0.3, "−,30")
        for keys in arranged(graph).rows
        for one, other in combinations([key for key in keys if isinstance(key, str)], 2)
    ]
    return replace(graph, arcs=tuple(arcs[::2]))


NAMES = [path.stem for path in MODELS] + [f"random {seed}" for seed in range(12)]


@cache
def graph_of(name: str) -> Graph:
    if name.startswith("random "):
        return random_graph(int(name.split()[1]))
    (found,) = contents(result_of(ROOT / "models" / f"{name}.yaml"))
    return found.graph


@cache
def drawn_of(name: str) -> Placed:
    return placed(graph_of(name))


def edges_of(box: Box | Tag) -> tuple[float, float, float, float]:
    if isinstance(box, Box):
        return box.x, box.x + box.width, box.y, box.y + box.height
    half = box.width / 2, box.height / 2
    return box.x - half[0], box.x + half[0], box.y - half[1], box.y + half[1]


def overlap(one: Box | Tag, other: Box | Tag) -> bool:
    a, b = edges_of(one), edges_of(other)
    return a[0] < b[1] - 1e-6 and b[0] < a[1] - 1e-6 and a[2] < b[3] - 1e-6 and b[2] < a[3] - 1e-6


def along(curve: Curve) -> NDArray[np.float64]:
    """Return points (k, 2) on a curve."""
    t = np.linspace(0, 1, 41)[:, None]
    parts = []
    for at in range(0, len(curve.points) - 1, 3):
        a, b, c, d = (np.array(curve.points[at + i]) for i in range(4))
        parts.append((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
    return np.concatenate(parts)


def inside(points: NDArray[np.float64], box: Box | Tag, air: float = 0.5) -> bool:
    left, right, top, bottom = edges_of(box)
    x, y = points.T
    return bool(((x > left + air) & (x < right - air) & (y > top + air) & (y < bottom - air)).any())


def test_every_shipped_model_is_drawn() -> None:
    assert len(MODELS) > 30
    assert all(drawn_of(path.stem).curves for path in MODELS)


@pytest.mark.parametrize("name", NAMES)
def test_boxes_and_numbers_do_not_touch_one_another(name: str) -> None:
    drawn = drawn_of(name)
    for one, other in combinations([*drawn.boxes, *drawn.tags], 2):
        assert not overlap(one, other), (one, other)
    for box in (*drawn.boxes, *drawn.tags):
        left, right, top, bottom = edges_of(box)
        assert left >= 0
        assert right <= drawn.width
        assert top >= 0
        assert bottom <= drawn.height


@pytest.mark.parametrize("name", NAMES)
def test_no_line_runs_through_a_box_or_another_paths_number(name: str) -> None:
    drawn = drawn_of(name)
    for curve in drawn.curves:
        points = along(curve)
        assert not any(inside(points, box) for box in drawn.boxes), curve.line
        others = (tag for tag in drawn.tags if tag.line is not curve.line and isinstance(tag.line, Edge))
        if isinstance(curve.line, Edge):
            assert not any(inside(points, tag) for tag in others), curve.line


@pytest.mark.parametrize("name", NAMES)
def test_lines_join_the_boxes_they_are_of(name: str) -> None:
    drawn = drawn_of(name)
    boxes = {box.node.name: box for box in drawn.boxes}
    for curve in drawn.curves:
        arc = isinstance(curve.line, Arc)
        ends = (curve.line.one, curve.line.other) if arc else (curve.line.source, curve.line.target)
        for end, point in zip(ends, (curve.points[0], curve.points[-1]), strict=True):
            left, right, top, bottom = edges_of(boxes[end])
            assert min(abs(point[0] - left), abs(point[0] - right)) < 1e-6
            assert top <= point[1] <= bottom


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_more_crossings_than_in_the_order_of_the_model(name: str) -> None:
    graph = graph_of(name)
    plain = layered([node.name for node in graph.nodes], graph.edges)
    least = arranged(graph)
    assert crossings(least.rows, least.links) <= crossings(plain.rows, plain.links)
    assert sorted(map(str, sum(least.rows, ()))) == sorted(map(str, sum(plain.rows, ())))


def test_random_graphs_lose_many_crossings() -> None:
    before = after = 0
    for seed in range(12):
        graph = random_graph(seed)
        plain = layered([node.name for node in graph.nodes], graph.edges)
        least = ordered(plain)
        before += crossings(plain.rows, plain.links)
        after += crossings(least.rows, least.links)
    assert after < 0.6 * before


def test_a_planar_drawing_is_found_where_there_is_one() -> None:
    names = [f"{side}{at}" for side in "ab" for at in range(6)]
    pairs = [(0, 5), (1, 3), (1, 4), (2, 2), (3, 2), (4, 0), (5, 0), (5, 1)]
    edges = [Edge(f"a{i}", f"b{j}", 0.1, "") for i, j in pairs]
    plain = layered(names, edges)
    assert crossings(plain.rows, plain.links) > 10
    least = ordered(plain)
    assert crossings(least.rows, least.links) == 0


@pytest.mark.parametrize("seed", range(12))
def test_cycles_are_broken_and_only_they_run_back(seed: int) -> None:
    graph = random_graph(seed)
    drawn = placed(graph)
    boxes = {box.node.name: box for box in drawn.boxes}
    names = [node.name for node in graph.nodes]
    back = layered(names, graph.edges).back
    for at, edge in enumerate(graph.edges):
        assert (boxes[edge.source].x > boxes[edge.target].x) == (at in back)
    forward = {name: {e.target for at, e in enumerate(graph.edges) if e.source == name and at not in back}
               for name in names}  # fmt: skip
    while free := [name for name in forward if not forward[name]]:
        forward = {name: rest - set(free) for name, rest in forward.items() if name not in free}
    assert not forward


def test_places_apart_are_the_least_squares_ones() -> None:
    """Against a solver that knows nothing of pooling: SLSQP on the same problem."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    for _ in range(5):
        want, weight, gap = rng.normal(0, 20, 6), rng.uniform(0.5, 4, 6), rng.uniform(2, 12, 5)
        rules = [{"type": "ineq", "fun": lambda y, i=i, g=gap: y[i + 1] - y[i] - g[i]} for i in range(5)]
        start = np.cumsum([0, *gap])
        best = minimize(lambda y, w=want, v=weight: (v * (y - w) ** 2).sum(), start, constraints=rules,
                        method="SLSQP", options={"ftol": 1e-12, "maxiter": 500})  # fmt: skip
        assert apart(list(want), list(gap), list(weight)) == pytest.approx(best.x, abs=2e-4)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Padendiagram, alle resp"), ("en", "Path diagram, all")]
)
def test_the_picture_says_every_path_in_words(tmp_path: Path, language: str, words: str) -> None:
    found = diagrams(read_result(make_result(tmp_path / "r", "binding", language)))
    (picture,) = found.pictures
    assert picture.sketch.alt.startswith(words)
    assert picture.sketch.alt.count("→") == 15
    assert re.search(
        r"→ Betrokkenheid ,\d\d\*" if language == "nl" else r"→ Commitment \.\d\d\*", picture.sketch.alt
    )
    assert f'aria-label="{words}' in picture.svg
    assert "xlink" not in picture.svg
    assert "http" not in picture.svg


def test_many_paths_are_thinned_and_the_page_says_so() -> None:
    result = result_of(ROOT / "models" / "cultuur_2022.yaml")
    (one,) = contents(result)
    floor = one.fewer.floor
    assert len(one.graph.edges) <= 40
    assert min(abs(edge.value) for edge in one.graph.edges) >= floor
    rows = result.estimates[result.estimates["op"] == "~"]
    assert (rows["std"].abs() >= floor).sum() == len(one.graph.edges)
    told = " ".join(diagrams(result).notes)
    assert f"Van de 112 paden staan er {len(one.graph.edges)} in het diagram" in told
    assert "Niet getekend: 28 correlaties" in told


def test_a_model_of_loadings_shows_items_and_a_general_factor_from_the_right() -> None:
    drawn = drawn_of("factor_cultuur_2022_bifactor")
    boxes = {box.node.name: box for box in drawn.boxes}
    general = max(boxes.values(), key=lambda box: box.x)
    assert general.node.latent
    assert sum(isinstance(c.line, Edge) and c.line.source == general.node.name for c in drawn.curves) == 24
    assert all(box.node.item != box.node.latent for box in boxes.values())


def test_groups_without_a_whole_have_a_diagram_each_up_to_three() -> None:
    result = result_of(ROOT / "models" / "kern.yaml")
    for groups, shown in ((["Rijk", "GR"], 2), (["a", "b", "c", "d"], 1)):
        tables = [result.estimates.assign(group=group) for group in groups]
        many = Result(Path(), pd.concat(tables), *[pd.DataFrame()] * 4, result.manifest, {})
        found = diagrams(many)
        assert len(found.pictures) == shown
        assert groups[0] in found.pictures[0].title
        assert any("is van a" in text for text in found.notes) == (shown == 1)


def test_equal_input_gives_equal_places() -> None:
    for name in NAMES[:6]:
        assert placed(graph_of(name)) == drawn_of(name)
