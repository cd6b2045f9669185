"""Models that hang together: constructs, items, paths, labels, effects, constraints; and answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

CONSTRUCTS = ("veilig", "wendbaar", "binding", "Q1.werk", "één")
COLUMNS = ("age", "vrouw")


LABELLED = ("none", "none", "labels", "enumerate", "equal", "fixed")


@dataclass(frozen=True)
class Made:
    """A model as a mapping, and what its columns are."""

    model: dict[str, Any]
    items: dict[str, list[str]]
    columns: tuple[str, ...]
    scale: tuple[int, int]
    reversed: tuple[str, ...]


@st.composite
def models(draw: st.DrawFn, *, labels: bool = True, columns: bool = True, least: int = 2) -> Made:
    """Return a recursive model of one to four constructs with ``least`` to five items."""
    count = draw(st.integers(1, 4))
    scale = draw(st.sampled_from(((1, 5), (0, 10), (1, 7))))
    names = CONSTRUCTS[:count]
    items = {
        name: [f"{'abcde'[k]}_{i + 1}" for i in range(draw(st.integers(least, 5)))]
        for k, name in enumerate(names)
    }
    flat = [item for own in items.values() for item in own]
    turned = tuple(item for item in flat if draw(st.integers(0, 5)) == 0)
    given = COLUMNS[: draw(st.integers(0, 2))] if columns else ()
    model: dict[str, Any] = {"measurement": {}, "structural": {}}
    for name, own in items.items():
        block: dict[str, Any] = {"items": own, "scale": list(scale)}
        if turn := [item for item in own if item in turned]:
            block["reversed"] = turn
        if labels and draw(st.booleans()):
            block["label"] = draw(
                st.sampled_from(("Werk & veiligheid", {"nl": "Één", "en": "One"}, "<b>x</b>"))
            )
        model["measurement"][name] = block
    paths = _paths(draw, names, given, model["structural"])
    if labels and paths:
        _labels(draw, model, paths)
    # three items, two of them tied, that go with nothing else leave nothing to tell them apart by
    tied = len(items[names[0]]) > 3 or any(names[0] in path for path in paths)
    if len(flat) > 3 and draw(st.integers(0, 3)) == 0 and tied:
        model["covariances"] = [draw(st.sampled_from(((flat[0], flat[2]), (flat[1], flat[-1]))))]
        model["covariances"] = [list(pair) for pair in model["covariances"]]
    model = {key: value for key, value in model.items() if value}
    return Made(model, items, given, scale, turned)


def _paths(
    draw: st.DrawFn, names: tuple[str, ...], given: tuple[str, ...], structural: dict[str, Any]
) -> list[tuple[str, str]]:
    for at, name in enumerate(names[1:], 1):
        before = [*names[:at], *given]
        chosen = [other for other in before if draw(st.integers(0, 3))]
        if chosen:
            structural[name] = chosen
    if len(names) == 1 and given:
        structural[names[0]] = list(given)
    return [(lhs, rhs) for lhs, own in structural.items() for rhs in own]


def _labels(draw: st.DrawFn, model: dict[str, Any], paths: list[tuple[str, str]]) -> None:
    """Give paths labels, and make effects and constraints of them."""
    kind = draw(st.sampled_from(LABELLED))
    first, last = paths[0], paths[-1]
    if kind in ("labels", "equal"):
        named: dict[str, dict[str, Any]] = {}
        for at, (lhs, rhs) in enumerate(paths):
            named.setdefault(lhs, {})[rhs] = f"b{at}"
        model["structural"] = named
    match kind:
        case "labels":
            model["effects"] = {"samen": f"b0 * b{len(paths) - 1}", "half": "b0 / 2 + 0.1"}
        case "enumerate" if first[1] not in model["structural"] and last[0] in _reached(first[1], paths):
            model["effects"] = {"enumerate": {"from": [first[1]], "to": [last[0]]}}
        case "equal" if len(paths) > 1:
            model["constraints"] = [f"b0 == b{len(paths) - 1}"]
        case "fixed":
            model["structural"] = {
                lhs: {rhs: (0.3 if (lhs, rhs) == first else None) for rhs in own}
                for lhs, own in model["structural"].items()
            }


def _reached(source: str, paths: list[tuple[str, str]]) -> set[str]:
    found = {source}
    for lhs, rhs in paths:  # recursive: what comes later is explained by what comes before
        found |= {lhs} if rhs in found else set()
    return found


def answers(made: Made, n: int, seed: int, *, loading: float = 0.8) -> pd.DataFrame:
    """Return answers of n respondents in which each construct follows from its predictors."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {
        "age": rng.integers(20, 66, n),
        "vrouw": rng.integers(0, 2, n),
        "group": rng.choice(["Rijk", "ZBO"], n),
        "org": rng.integers(1, max(3, n // 10), n),
        "gewicht": np.round(rng.uniform(0.5, 2.0, n), 3),
        "stratum": rng.choice(["a", "b", "c"], n),
    }
    scores: dict[str, Any] = {"age": (values["age"] - 43) / 13, "vrouw": values["vrouw"] - 0.5}
    structural = made.model.get("structural", {})
    for name in made.items:
        before = sum((0.35 * scores[other] for other in structural.get(name, ())), start=np.zeros(n))
        scores[name] = before + 0.8 * rng.standard_normal(n)
        for item in made.items[name]:
            values[item] = _answer(scores[name], rng, made, loading, item in made.reversed)
    return pd.DataFrame(values)


def _answer(score: Any, rng: np.random.Generator, made: Made, loading: float, turned: bool) -> Any:
    low, high = made.scale
    signal = loading * score + np.sqrt(1 - loading**2) * rng.standard_normal(len(score))
    answer = np.clip(np.round((low + high) / 2 + (high - low) / 5 * signal), low, high).astype(int)
    return low + high - answer if turned else answer
