"""The lavaan twin, run in R: lavaan finds the estimates, errors and fit of the result folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import werksem
from tests.cases import data_of
from werksem.spec.load import load_study
from werksem.spec.yaml import loads

DEMOCRACY = {
    "measurement": {
        "ind60": {"items": ["x1", "x2", "x3"]},
        "dem60": {"items": ["y1", "y2", "y3", "y4"]},
        "dem65": {"items": ["y5", "y6", "y7", "y8"]},
    },
    "structural": {"dem60": {"ind60": "a"}, "dem65": ["ind60", "dem60"]},
    "covariances": [["y1", "y5"], ["y2", "y4"], ["y2", "y6"]],
    "effects": {"enumerate": {"from": ["ind60"], "to": ["dem65"]}, "twice": "2 * a"},
}
FACTORS = {"syntax": "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"}
CHAIN = {
    "syntax": "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\n"
    "textual ~ visual + sex\nx9 ~ textual + visual",
    "effects": {"enumerate": {"from": ["visual"], "to": ["x9"]}},
}
ROWS = {
    "n": 120,
    "correlation": {"y": [1.0], "m": [0.5, 1.0], "x": [0.4, 0.6, 1.0]},
    "sd": {"y": 2.0, "m": 1.5, "x": 1.0},
}


@cache
def school() -> pd.DataFrame:
    """Holzinger and Swineford with what surveys have: text, codes for no answer, clusters, weights."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(data_of("holzinger")).copy()
    frame["sex"] = rng.integers(0, 2, len(frame))
    frame["half"] = np.where(np.arange(len(frame)) < 156, " Pasteur", "Grant-White")
    frame["team"] = [f"t{at % 40}" for at in range(len(frame))]
    frame["class"] = frame["half"].str.strip() + frame["team"]
    frame["weight"] = 1 + np.arange(len(frame)) % 5 / 2
    frame["x2"] = (12 - frame["x2"]).round(6)
    frame["word"] = np.where(frame["sex"] == 1, "yes", "no")
    for at in range(1, 10):
        frame[f"o{at}"] = np.digitize(frame[f"x{at}"], frame[f"x{at}"].quantile([0.3, 0.7])) + 1
    return frame


def blanked() -> pd.DataFrame:
    frame = school()
    i = np.arange(len(frame))
    for j in range(1, 10):
        hole = (7 * i**2 + 31 * i * j + 17 * j**2 + 13 * i) % 101 < 9
        frame = frame.assign(**{f"x{j}": frame[f"x{j}"].mask(hole)})
    return frame


ORDINAL = {"syntax": "a =~ o1 + o2 + o3\nb =~ o4 + o5 + o6\nb ~ a + sex"}
TURNED = {
    "measurement": {
        "visual": {"items": ["x1", "x2", "x3"], "reversed": ["x2"], "scale": [0, 12]},
        "textual": {"items": ["x4", "x5", "x6"]},
    },
    "structural": {"textual": ["visual", "sex_yes", "old", "both"]},
}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "ML": ("democracy", {"model": DEMOCRACY, "sem": {}}),
    "observed information, means": (
        "democracy", {"model": DEMOCRACY, "sem": {"information": "observed", "meanstructure": True}},
    ),
    "MLR": ("democracy", {"model": DEMOCRACY, "sem": {"estimator": "MLR"}}),
    "MLM": ("school", {"model": FACTORS, "sem": {"estimator": "MLM"}}),
    "GLS": ("school", {"model": FACTORS, "sem": {"estimator": "GLS"}}),
    "Wishart, unit variance": (
        "school", {"model": CHAIN, "sem": {"likelihood": "wishart", "scaling": "unit_variance"}},
    ),
    "cluster": ("school", {"model": CHAIN, "sem": {"estimator": "MLR"}, "data": {"cluster": "team"}}),
    "cluster, ML": ("school", {"model": CHAIN, "sem": {}, "data": {"cluster": "team"}}),
    "cluster, MLM": ("school", {"model": CHAIN, "sem": {"estimator": "MLM"}, "data": {"cluster": "team"}}),
    "cluster, MLMV": ("school", {"model": CHAIN, "sem": {"estimator": "MLMV"}, "data": {"cluster": "team"}}),
    "weights": ("school", {"model": FACTORS, "sem": {}, "data": {"weights": "weight"}}),
    "robust": ("school", {"model": FACTORS, "sem": {"se": "robust"}}),
    "FIML": ("blanked", {"model": CHAIN, "sem": {}, "data": {"missing": "fiml"}}),
    "cluster, plain errors": (
        "school", {"model": CHAIN, "sem": {"se": "standard"}, "data": {"cluster": "team"}}
    ),
    "FIML, cluster, plain errors": (
        "blanked",
        {"model": FACTORS, "sem": {"se": "standard"}, "data": {"missing": "fiml", "cluster": "team"}},
    ),
    "FIML, MLR, clusters": ("blanked", {"model": FACTORS, "sem": {"estimator": "MLR"},
                                       "data": {"missing": "fiml", "cluster": "team"}}),
    "groups, clusters within them": (
        "school", {"model": CHAIN, "sem": {"estimator": "MLR", "multigroup": True},
                   "data": {"group": "half", "cluster": "class"}},
    ),
    "FIML, groups, clusters within them": (
        "blanked", {"model": CHAIN, "sem": {"estimator": "MLR", "group_equal": ["loadings", "intercepts"]},
                    "data": {"group": "half", "cluster": "class", "missing": "fiml"}},
    ),
    "groups that share clusters": (
        "school", {"model": CHAIN, "sem": {"estimator": "MLR", "multigroup": True},
                   "data": {"group": "half", "cluster": "team"}},
    ),
    "WLSMV": ("school", {"model": ORDINAL, "sem": {"estimator": "WLSMV"},
                         "data": {"ordered": [f"o{at}" for at in range(1, 7)]}}),
    "DWLS, clusters left out": ("school", {"model": ORDINAL, "sem": {"estimator": "DWLS"},
                                           "data": {"ordered": [f"o{at}" for at in range(1, 7)],
                                                    "cluster": "team"}}),
    "groups": ("school", {"model": CHAIN, "sem": {"multigroup": True}, "data": {"group": "half"}}),
    "groups, equal loadings and intercepts": (
        "school", {"model": FACTORS, "data": {"group": "half"},
                   "sem": {"group_equal": ["loadings", "intercepts"], "estimator": "MLR"}},
    ),
    "groups, equal regressions": (
        "school", {"model": CHAIN, "data": {"group": "half"},
                   "sem": {"group_equal": ["loadings", "regressions"]}},
    ),
    "labels by group": (
        "school", {"model": {"syntax": "v =~ x1 + x2 + x3\nt =~ x4 + x5 + x6\nt ~ c(a, b)*v\ngap := a - b"},
                   "data": {"group": "half"}, "sem": {}},
    ),
    "a constraint": ("school", {"model": {**FACTORS, "syntax": FACTORS["syntax"].replace("x3\n", "a*x3\n")
                                          .replace("x6\n", "b*x6\n") + "\na == b"}, "sem": {}}),
    "a single item with a reliability": (
        "school", {"model": {"measurement": {"v": {"items": ["x1", "x2", "x3"]},
                                             "s": {"items": ["x9"], "reliability": 0.8}},
                             "structural": {"s": ["v"]}}, "sem": {}},
    ),
    "recoded": (
        "school", {"model": TURNED, "sem": {"estimator": "MLR"},
                   "data": {"where": "half == 'Pasteur' or not team in ['t1', 't2']", "missing_codes": [99],
                            "codes": {"word": {"yes": 1, "no": 0}},
                            "derive": {"sex_yes": "word == 1", "old": "ageyr >= 13 and not missing(sex)",
                                       "both": "product(visual, x9)"}}},
    ),
}  # fmt: skip


def fitted(name: str, place: Path) -> werksem.Results:
    data, study = CASES[name]
    frame = {"democracy": data_of("democracy"), "school": school(), "blanked": blanked()}[data]
    if name == "recoded":
        frame = frame.assign(
            ageyr=12 + np.arange(len(frame)) % 4, x4=frame["x4"].mask(frame.index % 50 == 3, 99)
        )
    frame.to_csv(place / "answers.csv", index=False)
    whole = {"study": "twin", "language": "en", **study}
    whole["data"] = {"file": str(place / "answers.csv"), **study.get("data", {})}
    return werksem.fit(whole, out=place / "out", quiet=True)


def in_r(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("there is no Rscript on the path")
    found = subprocess.run([program, "-e", "library(lavaan)"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("R has no lavaan")
    command = [program, str(folder / "lavaan" / "run.R"), *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("name", CASES)
def test_lavaan_finds_the_same(name: str, tmp_path: Path) -> None:
    result = fitted(name, tmp_path)
    done = in_r(result.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("the twin agrees")
    compared = int(re.search(r"(\d+) parameters", done.stdout)[1])  # type: ignore[index]
    sem = result.estimates.query("engine == 'sem' and op != 'r2'")
    assert compared == len(sem)


def test_errors_are_not_compared_where_groups_share_clusters(tmp_path: Path) -> None:
    done = in_r(fitted("groups that share clusters", tmp_path).folder)
    assert "clusters lie in several groups: lavaan takes each group's by themselves" in done.stdout
    assert not re.search(r"^(se|pvalue|interval) ", done.stdout, re.MULTILINE)
    assert re.search(r"^est ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("suffix", ["sav", "csv"])
def test_files_of_spss_and_of_spreadsheets_are_read_in_r_as_here(suffix: str, tmp_path: Path) -> None:
    frame = school()
    file = tmp_path / f"answers.{suffix}"
    if suffix == "sav":
        holes = frame.assign(x4=frame["x4"].mask(frame.index % 30 == 3, 99))
        meant = {"half": {1.0: "Pasteur", 2.0: "Grant-White"}}
        codes = (holes["half"] == "Grant-White") + 1.0
        pyreadstat.write_sav(
            holes.assign(half=codes), file, variable_value_labels=meant, missing_ranges={"x4": [99]}
        )
    else:
        frame.to_csv(file, index=False, sep=";", decimal=",")
    study = {"study": "s", "model": CHAIN, "sem": {"estimator": "MLR", "multigroup": True}}
    data = {"file": str(file), "group": "half", "missing": "fiml"}
    result = werksem.fit({**study, "data": data}, out=tmp_path / "out", quiet=True)
    done = in_r(result.folder)
    assert done.stdout.rstrip().endswith("the twin agrees"), done.stdout + done.stderr


def test_summary_statistics_alone(tmp_path: Path) -> None:
    study = {"study": "m", "model": {"syntax": "y ~ m + x\nm ~ x"}, "data": {"moments": ROWS}, "sem": {}}
    result = werksem.fit(study, out=tmp_path / "out", quiet=True)
    assert in_r(result.folder).returncode == 0


def test_a_difference_is_seen(tmp_path: Path) -> None:
    result = fitted("ML", tmp_path)
    table = result.estimates
    table.loc[(table["engine"] == "sem") & (table["op"] == "~"), "est"] += 0.001
    table.to_csv(result.folder / "estimates.csv", index=False)
    done = in_r(result.folder)
    assert done.returncode == 1
    assert "the twin differs" in done.stdout
    assert re.search(r"est all: dem60 ~ ind60", done.stdout)


@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        ("op == 'r2' and lhs == 'dem60'", "est", "r2 all: r2 dem60"),
        ("op == '~' and lhs == 'dem60'", "pvalue", "pvalue all: dem60 ~ ind60"),
        ("op == '~' and lhs == 'dem60'", "ci_upper", "interval all: dem60 ~ ind60"),
        ("op == '~' and lhs == 'dem60'", "", "not in estimates.csv: all: dem60 ~ ind60"),
    ],
)
def test_whatever_is_printed_is_compared(tmp_path: Path, rows: str, column: str, said: str) -> None:
    result = fitted("MLR", tmp_path)
    table = result.estimates
    at = table.query(f"engine == 'sem' and {rows}").index
    assert len(at) == 1
    if column:
        table.loc[at, column] += 0.01
    else:
        table = table.drop(at)
    table.to_csv(result.folder / "estimates.csv", index=False)
    done = in_r(result.folder)
    assert done.returncode == 1
    assert said in re.sub(" +", " ", done.stdout)


def test_no_answers_of_respondents_are_in_the_folder(tmp_path: Path) -> None:
    result = fitted("MLR", tmp_path)
    assert {path.name for path in (result.folder / "lavaan").iterdir()} == {"model.lavaan", "run.R"}
    done = in_r(result.folder, tmp_path / "lost.csv")
    assert "the data file is not here" in done.stderr
    moments = pd.read_csv(fitted("ML", tmp_path).folder / "lavaan" / "moments.csv")
    assert moments["variable"].tolist() == [*(f"x{i}" for i in (1, 2, 3)), *(f"y{i}" for i in range(1, 9))]
    expected = data_of("democracy")[moments["variable"]].cov().to_numpy()
    assert np.allclose(moments[moments["variable"]].to_numpy(), expected, rtol=1e-12)


def test_names_that_lavaan_cannot_hold_are_told(tmp_path: Path) -> None:
    frame = school().rename(columns={"x1": "Q 1"})
    model = {"measurement": {"v": {"items": ["Q 1", "x2", "x3"]}, "t": {"items": ["x4", "x5", "x6"]}}}
    study = {"study": "s", "model": model, "sem": {}}
    result = werksem.fit(study, data=frame, out=tmp_path / "out", quiet=True)
    assert '"Q 1" cannot be a name in lavaan syntax' in (result.folder / "lavaan" / "why_not.txt").read_text()


def test_items_may_be_called_as_columns_of_the_moments_are(tmp_path: Path) -> None:
    names = dict(zip(("x1", "x2", "x4", "x5"), ("n", "group", "mean", "variable"), strict=True))
    model = {
        "measurement": {"v": {"items": ["n", "group", "x3"]}, "t": {"items": ["mean", "variable", "x6"]}}
    }
    study = {"study": "s", "model": model, "sem": {}}
    result = werksem.fit(study, data=school().rename(columns=names), out=tmp_path / "out", quiet=True)
    done = in_r(result.folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_syntax_reads_back(tmp_path: Path) -> None:
    result = fitted("ML", tmp_path)
    text = (result.folder / "lavaan" / "model.lavaan").read_text()
    indented = "\n".join(f"    {line}" for line in text.splitlines())
    study = f"study: s\nmodel:\n  syntax: |\n{indented}\ndata: {{file: a.csv}}\nsem: {{}}\n"
    _, spec = load_study(loads(study, file="s.yaml"))
    assert [effect.text for effect in spec.effects] == ["(a * p2)", "(a * p2)", "((a * p2) + p1)", "(2 * a)"]
