"""No page of a fit has the numbers from which the count of a rare yes/no answer follows."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.report.untold import without_told
from werksem.run import Request, run_study

STUDY = """\
study: untold
language: en
model:
  measurement: {mood: {items: [m1, m2, m3], scale: [1, 5]}}
  structural: {mood: [seldom, age]}
data: {file: people.csv}
ols: {}
sem: {meanstructure: true, fixed_x: false}
report: {formats: [html, csv, tex, md]}
"""
N, RARE = 400, 6
NUMBER = re.compile(r"\d*\.\d+")


def people() -> pd.DataFrame:
    """Respondents of whom six said yes to a rare question."""
    rng = np.random.default_rng(5)
    level, age = rng.normal(size=N), rng.normal(40, 7, N).round()
    items = {f"m{k}": np.clip(np.round(3.2 + level + 0.7 * rng.normal(size=N)), 1, 5) for k in (1, 2, 3)}
    seldom = (np.arange(N) % 70 == 3).astype(int)
    assert seldom.sum() == RARE
    return pd.DataFrame(items).assign(age=age, seldom=seldom)


def fitted(place: Path, more: str = "") -> Path:
    people().to_csv(place / "people.csv", index=False)
    (place / "study.yaml").write_text(STUDY + more, encoding="utf-8")
    return run_study(Request(place / "study.yaml", place / "out", quiet=True))[0]


def rows_of(folder: Path) -> dict[str, list[list[float]]]:
    """Return the numbers in every row of a page's tables, by what the row is called."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    found: dict[str, list[list[float]]] = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", page, flags=re.S):
        name, *cells = [re.sub("<[^>]+>", " ", part) for part in re.split("<td", row)]
        values = [float(text) for cell in cells for text in NUMBER.findall(cell)]
        found.setdefault(" ".join(name.split()), []).append(values)
    return found


def counts_told(folder: Path) -> set[str]:
    """Return how the count of yes follows from a page: from its variance, its mean, or raw over standardised.

    What is rounded to three decimals tells a count where no other whole number rounds alike.
    """
    p = RARE / N
    spread, tables = np.sqrt(p * (1 - p)), rows_of(folder)
    own = [value for values in tables.get("seldom", []) for value in values]
    paths = [values for values in tables.get("seldom → mood", []) if len(values) > 2]
    estimates = pd.read_csv(folder / "estimates.csv").query("lhs == 'mood' and rhs == 'seldom'")
    told = {"variance": round(p * (1 - p), 3) in own, "mean": p in own}
    raw = set(estimates["est"].abs().round(3))
    told["ratio"] = any(raw & set(values) for values in paths)
    age = people()["age"].std()
    assert spread < 0.02 * age  # no other row has these numbers
    return {name for name, yes in told.items() if yes}


def test_a_page_tells_the_count_only_where_the_rule_is_loosened(tmp_path: Path) -> None:
    for name, more, told in (
        ("open", "disclosure: {smallest: 1}\n", {"variance", "mean", "ratio"}), ("rule", "", set()),
    ):  # fmt: skip
        (tmp_path / name).mkdir()
        folder = fitted(tmp_path / name, more)
        assert counts_told(folder) == told
        tables = rows_of(folder)
        std = abs(pd.read_csv(folder / "estimates.csv").query("op == '~' and rhs == 'seldom'")["std"])
        shown = {value for values in tables["seldom → mood"] for value in values}
        assert set(std.round(3)) <= shown  # betas stay
        aged = pd.read_csv(folder / "estimates.csv").query("op == '~' and rhs == 'age'")["est"].abs()
        raws = {value for values in tables["age → mood"] for value in values}
        assert set(aged.round(3)) <= raws  # and so do others' raw coefficients
        files = [path for path in folder.rglob("*") if path.name.startswith("regression-")]
        lines = [line for path in files for line in path.read_text("utf-8").splitlines() if "seldom" in line]
        raw = {
            f"{v:.3f}" for v in pd.read_csv(folder / "estimates.csv").query("rhs == 'seldom'")["est"].abs()
        }
        assert files
        assert any(any(text in line for text in raw) for line in lines) == (name == "open")
        note = "has no raw coefficients" in (folder / "report.html").read_text(encoding="utf-8")
        assert note == (name == "rule")


def test_the_output_check_passes_the_page_and_holds_the_table(tmp_path: Path) -> None:
    check = pd.read_csv(fitted(tmp_path) / "output_check.csv").query("section == 'file'").set_index("name")
    assert check.loc["report.html", "passes"] == "yes"
    assert check.loc["estimates.csv", "failed"] == "rare"


@pytest.mark.parametrize("op", ["~", "~~", "=~"])
def test_a_row_without_a_standardised_value_keeps_its_raw_one(op: str) -> None:
    names = ["lhs", "op", "rhs", "est", "se", "std", "z"]
    rows = pd.DataFrame([["y", op, "x", 0.3, 0.1, np.nan, 3.0], [":", ":=", "", 0.2, 0.1, 0.1, 2.0]])
    shown = without_told(rows.set_axis(names, axis=1), {"x"})
    assert shown["est"].iloc[0] == 0.3
    assert np.isnan(shown["est"].iloc[1])
