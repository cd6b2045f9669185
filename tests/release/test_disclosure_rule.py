"""The rule of a study: one name for it, said in every result, and a loosened one fails the output check."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.bootstrap_runs import werksem
from werksem.compare.claims import Evidence, claims_table
from werksem.compare.few_claimed import people_of_many
from werksem.compare.measured import People
from werksem.engines.few import Withheld
from werksem.errors import SpecError
from werksem.estimates import estimates_table
from werksem.results import new_folder
from werksem.run import Request, run_study
from werksem.spec.claims import ShareAbove
from werksem.spec.disclosure import Disclosure
from werksem.spec.load import load_study

STUDY = """\
study: ruled
language: LANGUAGE
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}, zeal: {items: [z1, z2, z3], scale: [1, 5]}}
  structural: {zeal: [mood], leaves: [mood]}
data: {file: people.csv, group: sector, weights: weight}
ols: {}
"""


def people() -> pd.DataFrame:
    """Answers of 300 respondents, of whom 4 leave; 6 are of a small sector, 14 of the next one."""
    rng = np.random.default_rng(8)
    level = rng.normal(size=300)
    frame = {
        f"{name}{k}": np.clip(np.round(3 + level + rng.normal(size=300)), 1, 5)
        for name in "mz"
        for k in (1, 2, 3)
    }
    sector = np.repeat(["Rijk", "Gemeenten", "Waterschap", "Eiland"], [180, 100, 14, 6])
    leaves = (np.arange(300) % 75 == 0).astype(int)
    return pd.DataFrame(frame).assign(sector=sector, leaves=leaves, weight=rng.uniform(0.5, 2, 300))


def fitted(place: Path, language: str = "en", more: str = "") -> Path:
    people().to_csv(place / "people.csv", index=False)
    path = place / "study.yaml"
    path.write_text(STUDY.replace("LANGUAGE", language) + more, encoding="utf-8")
    out, _ = run_study(Request(path, place / "out", quiet=True))
    return out


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "In geen tabel getoond worden Eiland, Waterschap"), ("en", "no table shows Eiland, Waterschap")],
)
def test_the_rule_and_what_it_hides_are_said(tmp_path: Path, language: str, said: str) -> None:
    out = fitted(tmp_path, language)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["disclosure"] == {
        "smallest": 10, "complementary": True, "hidden": ["Eiland", "Waterschap"],
    }  # fmt: skip
    assert manifest["data"]["groups"] == {"Rijk": 180, "Gemeenten": 100}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert said.lower() in page.lower()
    assert pd.read_csv(out / "sample.csv")["group"].tolist() == ["all", "Rijk", "Gemeenten"]
    check = pd.read_csv(out / "output_check.csv").set_index("section").loc["rule"]
    assert (check["smallest"], check["hidden"], check["hidden_also"], check["passes"]) == (10, 1, 1, "yes")


@pytest.mark.parametrize(
    ("rule", "said"), [("{smallest: 3}", "smallest: 3"), ("{complementary: false}", "complementary: false")]
)
def test_a_loosened_rule_is_said_aloud_and_fails(tmp_path: Path, rule: str, said: str) -> None:
    out = fitted(tmp_path, "en", f"disclosure: {rule}\n")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["warnings"][0].startswith("disclosure: loosened")
    assert said in manifest["warnings"][0]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "This study loosened the rule".lower() in page.lower()
    assert "rule loosened in the study" in (out / "output_check.html").read_text(encoding="utf-8")
    check = pd.read_csv(out / "output_check.csv").set_index("section").loc["rule"]
    assert check["passes"] == "no"
    assert "loosened" in check["failed"]


def test_a_rare_answer_has_no_mean_and_its_files_ask_for_a_decision(tmp_path: Path) -> None:
    """Four of 300 leave: the coefficients, raw and standardised, give that away, and nothing hides it."""
    out = fitted(tmp_path)
    for name, key in (("scales.csv", "scale"), ("moments.csv", "variable")):
        row = pd.read_csv(out / name).set_index(key).loc[["leaves"]]
        assert row[["mean", "sd"]].isna().all(axis=None)
        assert (row["n"] == 300).all()
    check = pd.read_csv(out / "output_check.csv").query("failed == 'rare'")
    assert set(check["section"]) == {"cells", "file"}
    assert set(check["name"]) == {"estimates.csv"}
    assert set(check.loc[check["section"] == "cells", "group"]) == {"leaves", "weight"}
    page = (out / "output_check.html").read_text(encoding="utf-8")
    assert "a number below the limit follows from it: decide" in page
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert "near-constant: nearly all of the answers to leaves are 0" in told
    assert "Nearly all of the answers to leaves are 0." in (out / "report.html").read_text(encoding="utf-8")
    b = pd.read_csv(out / "estimates.csv").query("lhs == 'leaves' and op == '~'").iloc[0]
    mood, weights, y = people()[["m1", "m2", "m3"]].mean(axis=1), people()["weight"], people()["leaves"]
    spread = np.sqrt(np.cov(mood, aweights=weights, ddof=0) * 300 / 299)
    shown = pd.read_csv(out / "scales.csv").set_index("scale").loc["mood", "sd"]
    assert shown != pytest.approx(spread)  # coarse, for groups are hidden
    assert shown == pytest.approx(spread, abs=0.005)
    sd = spread * b["est"] / b["std"]
    share = (weights * y).sum() / weights.sum()
    assert sd**2 == pytest.approx(share * (1 - share) * 300 / 299)  # so it does follow


def test_the_old_place_of_the_rule_is_read_and_beside_the_new_one_names_it(tmp_path: Path) -> None:
    people().to_csv(tmp_path / "people.csv", index=False)
    path = tmp_path / "study.yaml"
    older = STUDY.replace("LANGUAGE", "nl") + "describe:\n  smallest: 5\n"
    path.write_text(older, encoding="utf-8")
    assert load_study(path)[0].disclosure.smallest == 5
    path.write_text(older + "disclosure: {smallest: 5}\n", encoding="utf-8")
    with pytest.raises(SpecError) as problem:
        load_study(path)
    assert problem.value.message == (
        'unknown key "smallest" in describe; right is disclosure.smallest, for the whole study'
    )
    assert problem.value.where is not None
    assert problem.value.where.endswith("study.yaml:9:3")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{smallest: 0}", "disclosure.smallest: found 0, right is at least 1"),
        ("{smallest: ten}", 'disclosure.smallest: found "ten", right is a whole number'),
        ("{smalest: 5}", 'unknown key "smalest" in disclosure; did you mean "smallest"?'),
        ("{complementary: 1}", "disclosure.complementary: found 1, right is true or false"),
    ],
)
def test_a_wrong_rule_is_refused(tmp_path: Path, rule: str, said: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY.replace("LANGUAGE", "nl") + f"disclosure: {rule}\n", encoding="utf-8")
    done = werksem("fit", path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "study.yaml:8:" in done.stderr


def test_claims_about_few_respondents_stay_undecided() -> None:
    values = pd.DataFrame({"mood": [5.0] * 4 + [1.0] * 96})
    claim = ShareAbove(id="c", statement="s", type="share above", variable="mood", above=3, at_least=0.01)
    for smallest, verdicts in ((1, {"bevestigd", "weerlegd"}), (10, {"onbeslist"})):
        told = claims_table([claim], Evidence(estimates_table([]), scores=values, smallest=smallest))
        assert set(told["verdict"]) <= verdicts
        assert told["evidence"].str.contains("share 0.040").any() == (smallest == 1)


def test_people_of_hidden_groups_have_no_label() -> None:
    labels = pd.DataFrame({"sector": ["a"] * 40 + ["b"] * 30, "age": ["old"] * 65 + ["young"] * 5})
    sample = People(pd.DataFrame(index=labels.index), labels, group="sector")
    found = people_of_many(sample, Withheld(("b",), (), frozenset({"b"})), Disclosure())
    assert found is not None
    assert found.smallest == 10
    assert found.labels["sector"].value_counts().to_dict() == {"a": 40}
    assert found.labels["age"].isna().all()  # all less the old would be the young


def test_a_result_folder_is_no_wider_open_than_the_user_wants(tmp_path: Path) -> None:
    import os

    before = os.umask(0o077)
    try:
        with new_folder(tmp_path / "out") as work:
            (work / "manifest.json").write_text("{}", encoding="utf-8")
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_a_weighted_regression_of_yes_or_no_is_for_a_person_to_decide(tmp_path: Path) -> None:
    """Residual variance over 1 - R² is p (1 - p), p the exact weighted share that other tables round."""
    data = people().assign(rises=lambda d: (d["m1"] > 3).astype(int))
    data.to_csv(tmp_path / "people.csv", index=False)
    for outcome, held in (("rises", "no"), ("mood", "yes")):
        path = tmp_path / f"{outcome}.yaml"
        text = STUDY.replace("LANGUAGE", "en").replace(
            "{zeal: [mood], leaves: [mood]}", f"{{{outcome}: [zeal]}}"
        )
        path.write_text(text, encoding="utf-8")
        out, _ = run_study(Request(path, tmp_path / outcome, quiet=True))
        found = pd.read_csv(out / "estimates.csv").query("engine == 'ols'").set_index("op")["est"]
        share = np.average(data["rises"], weights=data["weight"])
        if outcome == "rises":
            n = len(data)
            total = found["~~"] / (1 - found["r2"])
            assert np.isclose(total * (n - 1) / n, share * (1 - share), rtol=0.01)
        passes = pd.read_csv(out / "output_check.csv").query("file == 'estimates.csv'")["passes"]
        assert ("no" in set(passes)) == (held == "no")
