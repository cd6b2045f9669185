"""Hidden cells: small ones are, and nobody can work them out from what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tests.describe.studies import long_table, study_file
from werksem.describe.suppress import suppressed
from werksem.describing.run import Request, describe_study
from werksem.spec.disclosure import Disclosure

ANSWERS = (1.0, 2.0, 3.0, 4.0, 5.0)
# what each row sums over the answers 1..5, by table and category: written down anew, not asked of the code
SUMS: dict[tuple[str, str], tuple[float, ...]] = {
    **{("items", str(at + 1)): tuple(float(at == j) for j in range(5)) for at in range(5)},
    ("items", "top2"): (0, 0, 0, 1, 1), ("items", ""): ANSWERS, ("means", ""): ANSWERS,
    ("top2", "top2"): (0, 0, 0, 1, 1), ("three", "high"): (0, 0, 0, 1, 1),
    ("three", "middle"): (0, 0, 1, 0, 0), ("three", "low"): (1, 1, 0, 0, 0),
}  # fmt: skip
WANTED = [
    {"table": "items", "kind": "items", "of": ["x"], "by": "g"},
    {"table": "top2", "kind": "top2", "of": ["x"], "by": "g"},
    {"table": "three", "kind": "three_way", "of": ["x"], "by": "g"},
    {"table": "means", "kind": "means", "of": ["x"], "by": "g"},
]
MODEL = {"measurement": {"f": {"items": ["x", "y"], "scale": [1, 5]}}}


def survey(seed: int) -> pd.DataFrame:
    """Return answers of groups of very different sizes; some answers are rare."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([4, 7, 9, 25, 40, 60, 90, 200], size=rng.integers(3, 7))
    groups = np.repeat([f"g{at}" for at in range(len(sizes))], sizes)
    chances = rng.dirichlet([0.5, 1, 3, 3, 1], size=len(sizes))
    x = np.concatenate([rng.choice(ANSWERS, size, p=p) for size, p in zip(sizes, chances, strict=True)])
    return pd.DataFrame({"x": x, "y": rng.choice(ANSWERS, len(x)), "g": groups})


def equations(shown: pd.DataFrame, groups: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the equations (k, u) and right sides (k,) that a reader has of the respondents."""
    left, right = [], []
    for row in shown.to_dict("records"):
        inside = [float(row["group"] in ("", group)) for group in groups]
        if row["measure"] != "sd":
            left.append(np.kron(inside, SUMS[row["table"], row["category"]]))
            right.append(row["value"] * row["n"])
        left.append(np.kron(inside, np.ones(5)))
        right.append(float(row["n"]))
    return np.array(left), np.array(right)


def reach(sought: np.ndarray, left: np.ndarray, right: np.ndarray) -> float:
    """Return how far apart the smallest and the largest value are that the sought sum may have."""
    ends = []
    for sign in (1, -1):
        answer = linprog(sign * sought, A_eq=left, b_eq=right, bounds=[(0, 10_000)] * len(sought))
        assert answer.status == 0, answer.message
        ends.append(sign * float(answer.fun))
    return ends[1] - ends[0]


@pytest.mark.parametrize("seed", range(8))
def test_no_hidden_number_follows_from_those_shown(seed: int, tmp_path: Path) -> None:
    frame = survey(seed)
    groups = sorted(frame["g"].unique())
    found = long_table(tmp_path, frame, WANTED, model=MODEL)
    hidden, shown = found[found["status"] != "ok"], found[found["status"] == "ok"]
    assert hidden[["value", "se", "ci_lower", "ci_upper", "n"]].isna().all(axis=None)
    if not len(shown):
        return
    left, right = equations(shown, groups)
    rank = np.linalg.matrix_rank(left)
    for row in hidden[hidden["measure"] != "sd"].to_dict("records"):
        inside = [float(row["group"] in ("", group)) for group in groups]
        sought = np.kron(inside, SUMS[row["table"], row["category"]])
        assert np.linalg.matrix_rank(np.vstack([left, sought])) == rank + 1, row
        assert reach(sought, left, right) > 0.01, row
    sizes = frame["g"].value_counts()
    for at, group in enumerate(groups):
        if sizes[group] < 10:
            base = np.kron(np.eye(len(groups))[at], np.ones(5))
            assert reach(base, left, right) > 0.01


@pytest.mark.parametrize("seed", range(8))
def test_no_cell_of_few_respondents_is_shown(seed: int, tmp_path: Path) -> None:
    frame = survey(seed)
    found = long_table(tmp_path, frame, WANTED, model=MODEL).query("status == 'ok' and measure == 'share'")
    for row in found.to_dict("records"):
        count = row["value"] * row["n"]
        assert 10 - 1e-6 <= count <= row["n"] - 10 + 1e-6
    whole = long_table(tmp_path, frame, WANTED, model=MODEL, smallest=1)
    assert (whole.query("measure != 'share'")["status"] == "ok").all()


def test_primary_suppression_alone_would_give_cells_away(tmp_path: Path) -> None:
    """Without complementary cells the same reader finds the hidden ones: the test above can fail."""
    frame = survey(0)
    groups = sorted(frame["g"].unique())
    whole = long_table(tmp_path, frame, WANTED, model=MODEL, smallest=1)
    found = long_table(tmp_path, frame, WANTED, model=MODEL)
    only = (found["status"] == "suppressed").to_numpy()
    left, right = equations(whole[~only & (whole["status"] == "ok").to_numpy()], groups)
    given_away = 0
    for row in found[only & (found["measure"] == "share").to_numpy()].to_dict("records"):
        sought = np.kron(
            [float(row["group"] in ("", g)) for g in groups], SUMS[row["table"], row["category"]]
        )
        given_away += reach(sought, left, right) < 1e-6
    assert given_away > 0


def test_two_small_groups_that_are_small_together_take_a_third(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [3.0, 4.0] * 60, "y": 3, "g": ["a"] * 4 + ["b"] * 4 + ["c"] * 52 + ["d"] * 60})
    wanted = [{"table": "means", "kind": "means", "of": ["x"], "by": "g"}]
    found = (
        long_table(tmp_path, frame, wanted, model=MODEL)
        .query("measure == 'mean'")
        .set_index("group")["status"]
    )
    assert found.to_dict() == {
        "": "ok", "a": "suppressed", "b": "suppressed", "c": "suppressed_complementary", "d": "ok"
    }  # fmt: skip


def test_nothing_hidden_is_written_anywhere_in_the_folder(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    groups = np.repeat(["small", "next", "large", "rest"], [7, 53, 120, 171])
    frame = pd.DataFrame({"x": rng.choice(ANSWERS, 351), "y": 3, "g": groups, "w": rng.uniform(0.5, 2, 351)})
    claim = "id: {0}, statement: s, type: share above, variable: x, above: 3, at_least: 0.1, group: {0}"
    listed = "".join(f"  - {{{claim.format(group)}}}\n" for group in ("small", "next", "large"))
    (tmp_path / "claims.yaml").write_text(f"claims:\n{listed}")
    path = study_file(tmp_path, frame, WANTED, model=MODEL, data={"weights": "w", "group": "g"})
    path.write_text(path.read_text() + "claims: claims.yaml\n")
    all_out = describe_study(Request(path, tmp_path / "all", ("disclosure.smallest=1",)))
    out = describe_study(Request(path, tmp_path / "out"))
    whole = pd.read_csv(all_out / "tables.csv", keep_default_na=False, dtype=str)
    found = pd.read_csv(out / "tables.csv", keep_default_na=False, dtype=str)
    gone = whole[found["status"] != "ok"]
    assert set(gone["group"]) >= {"small", "next"}
    numbers = ["value", "se", "ci_lower", "ci_upper"]
    kept = set(found[numbers].to_numpy().ravel())
    secret = {text for text in gone[numbers].to_numpy().ravel() if len(text) > 5} - kept
    assert len(secret) > 50
    for file in out.iterdir():
        assert not [text for text in secret if text in file.read_text()], file.name
    said = pd.read_csv(out / "claims.csv").set_index("id")["evidence"]
    assert "[large] 0." in said["large"]
    assert "0." not in said["small"]
    assert "0." not in said["next"]


def test_rows_without_a_cell_are_protected_by_their_groups() -> None:
    def row(variable: str, group: str, n: int, value: float, measure: str = "share") -> dict[str, Any]:
        named = {"table": "t", "kind": "multi_response", "variable": variable, "category": "", "group": group}
        numbers = {"value": value, "se": 0.1, "ci_lower": 0.1, "ci_upper": 0.9, "n": n, "status": "ok"}
        return {**named, "wave": "", "measure": measure, **numbers}

    sizes = {"": 208, "a": 8, "b": 100, "c": 100}
    rows = [row(v, g, n, 0.05 if (v, g) == ("q", "c") else 0.4) for v in ("p", "q") for g, n in sizes.items()]
    rows += [row("p", g, n, 1.0, "rank") for g, n in sizes.items()]
    found = {(r["variable"], r["group"], r["measure"]): r["status"] for r in suppressed(rows, Disclosure())}
    hidden = {v: [g for g in sizes if found[v, g, "share"] != "ok"] for v in ("p", "q")}
    # c goes whole, of which fewer gave an answer than of b, else the size of a would follow
    assert hidden == {"p": ["a", "c"], "q": ["a", "b", "c"]}
    assert found["p", "a", "rank"] != "ok"
    assert found["p", "", "rank"] == "ok"
