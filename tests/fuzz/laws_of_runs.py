"""Whole commands: what check promises fit keeps, folders are whole or not there, tables survive shuffling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.cases import Case, cases
from tests.fuzz.from_schema import allowed
from tests.fuzz.laws_of_files import KEYS, with_file
from tests.fuzz.mutate import damaged_data
from tests.fuzz.numbers import frames_alike
from tests.fuzz.seeds import FILES, MODEL, NAMES, STUDY, WORDS, respondents
from tests.fuzz.terminal import Said, a_sentence, folder_with, werksem
from werksem.schemas import SCHEMAS
from werksem.spec.dump import dump_mapping
from werksem.spec.yaml import loads

SLOW = (
    "bootstrap",
    "bayes",
    "importance",
    "invariance",
    "describe",
    "claims",
    "report",
    "sensitivity",
    "blocks",
)
SCHEMA = SCHEMAS["study"]()
SCHEMA = {**SCHEMA, "properties": {k: v for k, v in SCHEMA["properties"].items() if k not in SLOW}}
RUNNING = KEYS | {"ols": ({}, {"se": "HC3"}, None), "where": (None, "age > 22"), "missing_codes": ([], [9])}
quick = allowed(SCHEMA, WORDS, RUNNING).map(
    lambda data: (
        {**with_file(data), "report": {"formats": []}}
        | ({} if data.get("ols") or data.get("sem") else {"sem": {}})
    )
)
SETTINGS = loads(STUDY).data | {"report": {"formats": []}}
SETTINGS = {key: value for key, value in SETTINGS.items() if key not in SLOW} | {"report": {"formats": []}}
slips = damaged_data(st.just(SETTINGS), NAMES)
BIG = respondents(240).to_csv(index=False)
PLACES = ("s.yaml", "m.yaml", "d.csv", "c.yaml")


def _files(given: Mapping[str, Any] | Case) -> dict[str, str | bytes]:
    """Return a folder's files: a study of the table that is there, or one with answers of its own."""
    study, answers = given, BIG
    if isinstance(given, Case):
        study = {"study": "s", **given.with_data(file="d.csv"), "report": {"formats": []}}
        answers = given.frame.to_csv(index=False)
    return {**FILES, "d.csv": answers, "s.yaml": json.dumps(study, default=str)}


def accepted(given: Mapping[str, Any] | Case) -> bool:
    """Return whether check finds nothing wrong."""
    with folder_with(_files(given)):
        return werksem("check", "s.yaml", "--quiet").code == 0


def _kept(given: Mapping[str, Any] | Case) -> None:
    """What check passes fit does not refuse and the other way round; a folder is whole or not there."""
    with folder_with(_files(given)) as place:
        checked = werksem("check", "s.yaml", "--quiet")
        a_sentence(checked, *PLACES)
        fitted = werksem("fit", "s.yaml", "--quiet", "--out", "out", "--jobs", "1")
        a_sentence(fitted, *PLACES)
        assert (checked.code == 2) == (fitted.code == 2), (checked, fitted)
        if checked.code == 3:
            assert fitted.code in (1, 3), (checked, fitted)
        _whole(place, fitted)


def _whole(place: Path, fitted: Said) -> None:
    left = sorted(path.name for path in place.iterdir() if path.name not in FILES)
    assert left == (["out"] if fitted.code < 2 else []), (left, fitted)
    if fitted.code < 2:
        made = {path.name for path in (place / "out").iterdir()}
        assert {"manifest.json", "study.yaml", "estimates.csv", "diagnostics.csv"} <= made, made


DESCRIBE = SCHEMAS["study"]()["properties"]["describe"]
TABLES = allowed(DESCRIBE | {"$defs": SCHEMA.get("$defs", {})}, WORDS, KEYS)


def _describe(tables: Mapping[str, Any], frame: pd.DataFrame, **data: Any) -> pd.DataFrame | None:
    """Return the table that describe writes, None where it refuses, in a sentence."""
    study = {
        "study": "s", "language": "en", "model": MODEL, "data": {"file": "d.csv", **data},
        "describe": tables, "report": {"formats": []},
    }  # fmt: skip
    with folder_with({**FILES, "s.yaml": json.dumps(study, default=str), "d.csv": frame.to_csv(index=False)}):
        done = werksem("describe", "s.yaml", "--out", "out", "--quiet")
        a_sentence(done, *PLACES)
        if done.code:
            assert not Path("out").exists(), done
            return None
        return pd.read_csv("out/tables.csv", dtype={"group": str}, keep_default_na=False, na_values=[""])


def _any_tables(tables: Mapping[str, Any] | None) -> None:
    _describe(tables or {}, respondents(200))


DESIGNS: tuple[dict[str, Any], ...] = (
    {}, {"weights": "w"}, {"weights": "w", "cluster": "org"}, {"cluster": "org", "strata": "sector"},
)  # fmt: skip
WANTED = [
    {"kind": "means", "table": "m", "of": ["f", "g"], "by": "sector"},
    {"kind": "marks", "table": "c", "of": ["f"], "by": "sector"},
    {"kind": "items", "table": "i", "of": ["g"]},
    {"kind": "top2", "table": "t", "of": ["x1", "x6"], "by": "sector"},
    {"kind": "classes", "table": "k", "of": ["f"], "at": [2.5, 3.5]},
    {"kind": "share_below", "table": "s", "of": ["g"], "below": 3, "by": "sector"},
]


def _tables_shuffled(given: tuple[int, dict[str, Any], float]) -> None:
    """Rows in another order, weights times a constant and other labels leave every cell as it is."""
    seed, design, factor = given
    frame = respondents(150 + seed % 100)
    frame = frame.assign(org=frame["sector"] + frame["org"].astype(str))  # within strata
    rng = np.random.default_rng(seed)
    labels = {"Rijk": "Rijk", "ZBO": "X — é", "GR": "5"}
    changed = frame.sample(frac=1, random_state=rng).assign(w=lambda rows: rows["w"] * factor)
    changed = changed.assign(sector=changed["sector"].map(labels), ongebruikt=1)
    before, after = (_describe({"tables": WANTED}, one, **design) for one in (frame, changed))
    assert before is not None
    assert after is not None
    before = before.assign(group=before["group"].map(lambda name: labels.get(name, name)))
    order = [name for name in before.columns if not pd.api.types.is_numeric_dtype(before[name])]
    frames_alike(before.sort_values(order), after.sort_values(order), within=1e-9)


CLAIMED = dump_mapping(
    SETTINGS
    | {"claims": "c.yaml", "ols": {}, "sem": {}}
    | {"data": {"file": "d.csv", "group": "sector", "missing_codes": [9]}}
)
DRAWN = ("ci_lower", "ci_upper", "_se", "mc_error", "pvalue", "interval")


def _whole_shuffled(given: tuple[int, bool]) -> None:
    """Every number of a result folder that is not drawn stays as it is when rows and columns are shuffled."""
    seed, columns = given
    rng = np.random.default_rng(seed)
    frame = respondents(200 + seed % 100)
    moved = frame.sample(frac=1, random_state=rng)
    moved = moved[rng.permutation(moved.columns)] if columns else moved
    found = [_folder(frame.to_csv(index=False)), _folder(moved.to_csv(index=False))]
    assert sorted(found[0]) == sorted(found[1])
    for name in found[0]:
        first, second = (one[name] for one in found)
        kept = [c for c in first if not any(part in c for part in DRAWN)]
        if name == "output_check.csv":
            kept.remove("group")  # the first of the smallest cells, of groups as small as each other
        texts = [
            c
            for c in kept
            if pd.api.types.is_string_dtype(first[c]) and c not in ("evidence", "statement", "found")
        ]
        numbers = [c for c in kept if not pd.api.types.is_string_dtype(first[c])]
        first, second = (table[[*texts, *numbers]].sort_values(texts) for table in (first, second))
        try:
            frames_alike(first, second, within=1e-5)
        except AssertionError as problem:
            raise AssertionError(f"{name}: {problem}") from None


def _folder(csv: str) -> dict[str, pd.DataFrame]:
    with folder_with({**FILES, "s.yaml": CLAIMED, "d.csv": csv}):
        done = werksem("fit", "s.yaml", "--quiet", "--out", "out", "--jobs", "1")
        assert done.code in (0, 1), done
        keep = {"keep_default_na": False, "na_values": [""]}
        return {path.name: pd.read_csv(path, **keep) for path in Path("out").glob("*.csv")}


LAWS = (
    Law(
        "check_and_fit",
        "no crash",
        "what check passes fit does not refuse, what it refuses fit refuses; a result "
        "folder is whole or not there",
        "studies that the schema allows, sound ones in fifteen ways, and slips",
        st.one_of(quick, cases(), slips),
        _kept,
        4,
        250,
    ),
    Law(
        "any_tables",
        "no crash",
        "any descriptive tables that the schema allows are made or refused",
        "describe",
        TABLES,
        _any_tables,
        10,
        1500,
    ),
    Law(
        "tables_shuffled",
        "metamorphic",
        "row order, weights times a constant, labels and columns that are not used leave every cell as it is",
        "describe, four designs",
        st.tuples(st.integers(0, 10**6), st.sampled_from(DESIGNS), st.sampled_from((0.01, 1.0, 1000.0))),
        _tables_shuffled,
        3,
        120,
    ),
    Law(
        "whole_shuffled",
        "metamorphic",
        "row and column order change no number of a result folder that is not drawn",
        "fit: OLS, SEM, passport, reliability, claims",
        st.tuples(st.integers(0, 10**6), st.booleans()),
        _whole_shuffled,
        0,
        20,
    ),
)
