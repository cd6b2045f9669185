"""What may be changed without changing an answer, and what changes in a way that is known beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.cases import LEAST_SQUARES, WAYS, Case, cases
from tests.fuzz.models import Made
from tests.fuzz.numbers import (
    OF_SE,
    STANDARDISED,
    TESTS,
    frames_alike,
    numbers,
    rekeyed,
    same_fit,
    same_numbers,
)

KIND = "metamorphic"
OVER = "OLS (classical, HC3, cluster), ML, MLR, MLM, FIML, WLSMV, GLS, ULS, groups, clusters, weights"
SEEDED = st.tuples(cases(), st.integers(0, 2**32 - 1))


def _items(made: Made) -> list[str]:
    return [item for own in made.items.values() for item in own]


def _shuffled(case: Case, seed: int) -> pd.DataFrame:
    """Return the rows in another order, in which the group that came first does so still.

    Groups stand in the order in which they appear; means and effects of labels are relative to the first.
    """
    found = case.frame.sample(frac=1, random_state=np.random.default_rng(seed))
    first = found.index[(found["group"] == case.frame["group"].iloc[0]).to_numpy().argmax()]
    return pd.concat([found.loc[[first]], found.drop(index=first)])


def shuffled_rows(given: tuple[Case, int]) -> None:
    case, seed = given
    before = numbers(case.content, case.frame)
    after = numbers(case.content, _shuffled(case, seed))
    same_numbers(before, after)
    same_fit(before, after)
    for name in ("reliability", "htmt", "items", "scales", "correlations", "distributions"):
        first, second = (getattr(found.results, name) for found in (before, after))
        assert (first is None) == (second is None), name
        if first is not None and "group" not in case.content.get("data", {}):
            frames_alike(_drawn_apart(first), _drawn_apart(second))


def _drawn_apart(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without limits, which are of resamples: those of other rows in another order."""
    return table[[name for name in table if "_ci_" not in name and not name.startswith("ci_")]]


def shuffled_columns(given: tuple[Case, int]) -> None:
    case, seed = given
    order = np.random.default_rng(seed).permutation(list(case.frame.columns))
    moved = case.frame[list(order)].assign(ongebruikt=0.5, **{"nog een": "x"})
    same_numbers(numbers(case.content, case.frame), numbers(case.content, moved), exact=True)


def _with_model(case: Case, model: dict[str, Any]) -> dict[str, Any]:
    return case.content | {"model": model}


def shuffled_items(given: tuple[Case, int]) -> None:
    case, seed = given
    rng = np.random.default_rng(seed)
    blocks = {
        name: {**block, "items": [block["items"][0], *rng.permutation(block["items"][1:]).tolist()]}
        for name, block in case.made.model["measurement"].items()
    }
    order = rng.permutation(list(blocks)).tolist()
    model = {**case.made.model, "measurement": {name: blocks[name] for name in order}}
    structural = case.made.model.get("structural", {})
    model |= {"structural": {name: structural[name] for name in rng.permutation(list(structural)).tolist()}}
    _alike(case, model)


def _alike(case: Case, model: dict[str, Any]) -> None:
    before = numbers(case.content, case.frame)
    after = numbers(_with_model(case, {key: value for key, value in model.items() if value}), case.frame)
    same_numbers(_unordered(before), _unordered(after))
    same_fit(before, after)


def _unordered(found: Any) -> Any:
    """Return numbers with the two sides of a covariance in alphabetical order."""
    rows = found.estimates.reset_index()
    swap = (rows["op"] == "~~") & (rows["rhs"] < rows["lhs"])
    rows.loc[swap, ["lhs", "rhs"]] = rows.loc[swap, ["rhs", "lhs"]].to_numpy()
    return type(found)(rows.set_index(found.estimates.index.names), found.fit, found.results)


def reversed_items(given: tuple[Case, int]) -> None:
    case, seed = given
    rng = np.random.default_rng(seed)
    turn = [item for item in _items(case.made) if rng.random() < 0.5]
    low, high = case.made.scale
    blocks = {}
    for name, block in case.made.model["measurement"].items():
        declared = set(block.get("reversed", [])) ^ (set(turn) & set(block["items"]))
        blocks[name] = {**block, "reversed": [item for item in block["items"] if item in declared]}
    frame = case.frame.assign(**{item: low + high - case.frame[item] for item in turn})
    before = numbers(case.content, case.frame)
    after = numbers(_with_model(case, {**case.made.model, "measurement": blocks}), frame)
    same_numbers(before, after)
    same_fit(before, after)


def rescaled_items(given: tuple[Case, float, float]) -> None:
    """Every answer times ``factor`` plus ``shift``; loadings stay, variances grow by the square."""
    case, factor, shift = given
    items = _items(case.made)
    scale = [float(factor * limit + shift) for limit in case.made.scale]
    blocks = {name: {**block, "scale": scale} for name, block in case.made.model["measurement"].items()}
    frame = case.frame.assign(**{item: case.frame[item].astype("Float64") * factor + shift for item in items})
    before = numbers(case.content, case.frame)
    after = numbers(_with_model(case, {**case.made.model, "measurement": blocks}), frame)
    same_numbers(before, after, (*STANDARDISED, *TESTS), ops=("=~", "~", "~~"))
    same_fit(before, after)
    inside = before.estimates.index.get_level_values("rhs").isin([*items, *case.made.items])
    paths = before.estimates.index.get_level_values("op") == "~"
    if before.sound and after.sound and (inside & paths).any():
        x, y = before.estimates[inside & paths], after.estimates[inside & paths]
        for column in ("est", "se"):
            first, second = (found[column].astype(float) for found in (x, y))
            assert (np.abs(first - second) <= OF_SE * (x["se"].fillna(0) + np.abs(first)).fillna(0)).all()


def swapped_markers(given: tuple[Case, int]) -> None:
    case, seed = given
    rng = np.random.default_rng(seed)
    blocks = {
        name: {**block, "items": rng.permutation(block["items"]).tolist()}
        for name, block in case.made.model["measurement"].items()
    }
    before = numbers(case.content, case.frame)
    after = numbers(_with_model(case, {**case.made.model, "measurement": blocks}), case.frame)
    same_numbers(before, after, STANDARDISED, ops=("=~", "~", "~~"))
    same_fit(before, after)
    unit = case.content | {"sem": {**case.content["sem"], "scaling": "unit_variance"}}
    scaled = numbers(unit, case.frame)
    same_numbers(before, scaled, STANDARDISED, ops=("=~", "~", "~~"))
    same_fit(before, scaled)


def relabelled_groups(given: tuple[Case, int]) -> None:
    case, seed = given
    labels = {"Rijk": "2 — gemeente's", "ZBO": "all, maar anders"}
    if seed % 2:
        labels = {"Rijk": "10", "ZBO": "9"}
    frame = case.frame.assign(group=case.frame["group"].map(labels))
    before, after = numbers(case.content, case.frame), numbers(case.content, frame)

    def new(name: str) -> str:
        effect, colon, pair = name.rpartition(": ")  # a contrast: total: a -> b: Rijk - ZBO
        if colon and " - " in pair:
            return f"{effect}: {' - '.join(labels[group] for group in pair.split(' - '))}"
        return labels.get(name, name)

    same_numbers(rekeyed(before, new), after, exact=True)


def renamed(given: tuple[Case, int]) -> None:
    case, _ = given
    items = _items(case.made)
    names = {item: f"V{99 - at}.q" for at, item in enumerate(items)}
    names |= {name: f"{'zyxwvut'[at]}_{name}" for at, name in enumerate(case.made.items)}
    model = _renamed(case.made.model, names)
    before = numbers(case.content, case.frame)
    after = numbers(_with_model(case, model), case.frame.rename(columns=names))

    def new(name: str) -> str:
        return " -> ".join(names.get(part, part) for part in name.split(" -> "))

    def effect(name: str) -> str:
        head, colon, rest = name.partition(": ")
        return f"{head}: {new(rest)}" if colon else new(name)

    same_numbers(_unordered(rekeyed(before, effect)), _unordered(after), of_se=1e-7)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(inside, names) for key, inside in value.items()}
    if isinstance(value, list):
        return [_renamed(inside, names) for inside in value]
    return names.get(value, value) if isinstance(value, str) else value


def missing_codes(given: tuple[Case, int]) -> None:
    case, _ = given
    items = _items(case.made)
    coded = case.frame.assign(**{item: case.frame[item].astype("Float64").fillna(99) for item in items})
    before = numbers(case.content, case.frame)
    after = numbers(case.with_data(missing_codes=[99, 98]), coded)
    same_numbers(before, after, exact=True)


def filtered_rows(given: tuple[Case, int]) -> None:
    case, seed = given
    keep = np.random.default_rng(seed).random(len(case.frame)) < 0.9
    marked = case.frame.assign(houden=keep.astype(int))
    before = numbers(case.content, case.frame[keep])
    after = numbers(case.with_data(where="houden == 1"), marked)
    same_numbers(before, after, exact=True)


def listwise_rows(given: tuple[Case, int]) -> None:
    case, seed = given
    rng = np.random.default_rng(seed)
    items = _items(case.made)
    holes = case.frame.copy()
    holes[items] = holes[items].astype("Float64")
    lost = rng.random(len(holes)) < 0.1
    for at in np.flatnonzero(lost):
        holes.iloc[at, holes.columns.get_loc(items[int(rng.integers(len(items)))])] = pd.NA
    whole = holes[items].notna().all(axis=1)
    holes = pd.concat([holes[whole], holes[~whole]])  # the group that comes first does so among both
    before = numbers(case.content, holes[: whole.sum()], ("sem",))
    after = numbers(case.content, holes, ("sem",))
    same_numbers(before, after)


SEM = tuple(way for way in WAYS if "sem" in WAYS[way])
CLEAN = ("ML", "MLR", "MLM", "ML with means", "FIML", "GLS", "ULS", "WLSMV")
FACTORS = st.sampled_from((0.5, 2.0, 10.0, 25.0))
SHIFTS = st.sampled_from((-3.0, 0.0, 1.0, 100.0))
RESCALED = tuple(way for way in WAYS if way not in LEAST_SQUARES)

LAWS = (
    Law(
        "shuffled_rows",
        KIND,
        "the order of respondents changes no number",
        OVER,
        SEEDED,
        shuffled_rows,
        4,
        400,
    ),
    Law(
        "shuffled_columns",
        KIND,
        "the order of columns, and columns that are not used, change no bit",
        OVER,
        SEEDED,
        shuffled_columns,
        3,
        300,
    ),
    Law(
        "shuffled_items",
        KIND,
        "the order of items, constructs and equations changes no number",
        OVER,
        SEEDED,
        shuffled_items,
        4,
        400,
    ),
    Law(
        "reversed_items",
        KIND,
        "answers turned round and declared reversed change no number",
        OVER,
        SEEDED,
        reversed_items,
        4,
        400,
    ),
    Law(
        "rescaled_items",
        KIND,
        "another scale and zero of all answers leaves std, tests and fit as they are, "
        "and paths between constructs",
        OVER,
        st.tuples(cases(RESCALED, labels=False), FACTORS, SHIFTS),
        rescaled_items,
        4,
        400,
    ),
    Law(
        "swapped_markers",
        KIND,
        "another marker item, or unit variances, leave std and fit as they are",
        "ML, MLR, MLM, FIML, GLS, ULS, WLSMV",
        st.tuples(cases(CLEAN, labels=False), st.integers(0, 2**32 - 1)),
        swapped_markers,
        3,
        300,
    ),
    Law(
        "relabelled_groups",
        KIND,
        "other labels of groups change no bit",
        "groups, equal groups",
        st.tuples(cases(("groups", "equal groups")), st.integers(0, 1)),
        relabelled_groups,
        4,
        150,
    ),
    Law(
        "renamed",
        KIND,
        "other names of items and constructs change no number",
        OVER,
        st.tuples(cases(labels=False), st.just(0)),
        renamed,
        3,
        300,
    ),
    Law(
        "missing_codes",
        KIND,
        "an answer declared missing is a blank, to the last bit",
        OVER,
        SEEDED,
        missing_codes,
        3,
        300,
    ),
    Law(
        "filtered_rows",
        KIND,
        "a filter is the same as deleting the rows, to the last bit",
        OVER,
        SEEDED,
        filtered_rows,
        3,
        300,
    ),
    Law(
        "listwise_rows",
        KIND,
        "listwise is the same as deleting the incomplete rows",
        "SEM, listwise",
        st.tuples(cases(("ML", "MLR", "GLS", "WLSMV", "groups", "clusters")), st.integers(0, 2**32 - 1)),
        listwise_rows,
        3,
        200,
    ),
)
