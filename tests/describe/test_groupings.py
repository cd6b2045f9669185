"""Groupings of one study: those that fit and claims speak of, and two that hide rows of one variable."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.describe.studies import study_file
from werksem.describing.run import Request, describe_study
from werksem.engines.few import withheld_groups
from werksem.inputs import read_inputs
from werksem.spec.load import load_study

MODEL = {
    "measurement": {
        "s": {"items": ["y1", "y2"], "scale": [1, 5]}, "z": {"items": ["y3", "y4"], "scale": [1, 5]}
    },
    "structural": {"z": ["s"]},
}  # fmt: skip
SIZES = {"A": 300, "B": 200, "Mid": 60, "Part": 40, "Few": 14}


def people(blank: int = 6) -> pd.DataFrame:
    """Return groups of which the last has ``blank`` respondents with s or z, not both."""
    rng = np.random.default_rng(8)
    group = np.repeat(list(SIZES), list(SIZES.values()))
    frame = pd.DataFrame({f"y{k}": rng.integers(2, 5, len(group)).astype(float) for k in (1, 2, 3, 4)})
    last = frame.index[group == "Few"]
    frame.loc[last[: blank // 2], ["y1", "y2"]] = np.nan
    frame.loc[last[blank // 2 : blank], ["y3", "y4"]] = np.nan
    return frame.assign(g=group, sex=np.where(rng.random(len(group)) < 0.5, "m", "v"))


def test_tables_hide_the_groups_that_fit_hides(tmp_path: Path) -> None:
    # 11 of Few have s, 11 have z, 8 have both: only the regression has fewer than ten
    wanted = [{"table": "m", "kind": "means", "of": ["s", "z"], "by": "g"}]
    path = study_file(tmp_path, people(), wanted, model=MODEL, data={"group": "g"})
    study, model = load_study(path)
    withheld = withheld_groups(study, model, read_inputs(study, model))
    assert (withheld.few, withheld.also) == (("Few",), ("Part",))
    found = pd.read_csv(describe_study(Request(path, tmp_path / "out")) / "tables.csv")
    for variable, rows in found[found["measure"] == "mean"].groupby("variable"):
        assert set(rows.loc[rows["status"] != "ok", "group"]) == withheld.inside, variable


def test_claims_say_nothing_of_groups_that_tables_hide(tmp_path: Path) -> None:
    claim = "id: {0}, statement: s, type: share above, variable: s, above: 3, at_least: 0.1, group: {0}"
    listed = "".join(f"  - {{{claim.format(group)}}}\n" for group in SIZES)
    (tmp_path / "claims.yaml").write_text(f"claims:\n{listed}")
    wanted = [{"table": "m", "kind": "means", "of": ["s", "z"], "by": "g"}]
    path = study_file(tmp_path, people(), wanted, model=MODEL, data={"group": "g"})
    path.write_text(path.read_text() + "claims: claims.yaml\n")
    said = pd.read_csv(describe_study(Request(path, tmp_path / "out")) / "claims.csv").set_index("id")
    told = {group for group in SIZES if "0." in str(said.loc[group, "evidence"])}
    assert told == {"A", "B", "Mid"}


@pytest.mark.parametrize("both", [False, True])
def test_two_groupings_that_hide_numbers_of_one_variable_ask_for_a_decision(
    both: bool, tmp_path: Path
) -> None:
    frame = people(0)
    frame.loc[:3, "sex"] = "x"
    by = ["g", "sex"] if both else ["g"]
    frame.loc[frame.index[frame["g"] == "Few"][:6], "g"] = "A"
    wanted = [{"table": f"by {name}", "kind": "means", "of": ["s"], "by": name} for name in by]
    wanted.append({"table": "other", "kind": "means", "of": ["z"], "by": "g"})
    out = describe_study(Request(study_file(tmp_path, frame, wanted, model=MODEL), tmp_path / "out"))
    check = pd.read_csv(out / "output_check.csv", keep_default_na=False).set_index("name")
    assert (check["failed"] == "groupings").sum() == 2 * both
    assert {name for name in by if check.loc[f"by {name}", "passes"] == "no"} == (set(by) if both else set())
    warnings = json.loads((out / "manifest.json").read_text())["warnings"]
    assert sum("two groupings" in text for text in warnings) == both
    assert ("protected each on its own" in (out / "tables.html").read_text()) == both
    assert ("hidden cells by two groupings" in (out / "output_check.html").read_text()) == both
