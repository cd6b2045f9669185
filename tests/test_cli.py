"""The command line as users meet it: exit codes, messages, result folders whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases import data_of
from werksem import read

ROOT = Path(__file__).resolve().parents[1]
STUDY = """
study: tiny
title: A tiny study
language: en
model:
  model: tiny
  measurement:
    ind60: {items: [x1, x2, x3]}
    dem60: {items: [y1, y2, y3, y4]}
    dem65: {items: [y5, y6, y7, y8]}
  structural: {dem60: [ind60], dem65: [ind60, dem60]}
  effects: {enumerate: {from: [ind60], to: [dem65]}}
data: {file: democracy.csv}
ols: {}
sem: {}
bootstrap: {replicates: 200, interval: percentile}
bayes: {chains: 2, draws: 300, tune: 300}
"""


def werksem(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "werksem", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "100", "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("study")
    data_of("democracy").to_csv(place / "democracy.csv", index=False)
    (place / "tiny.yaml").write_text(STUDY)
    return place


@pytest.fixture(scope="module")
def result(folder: Path) -> Path:
    done = werksem("fit", folder / "tiny.yaml", "--out", folder / "out")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    return folder / "out"


def test_a_result_folder_is_whole(result: Path) -> None:
    names = {path.name for path in result.iterdir()}
    assert names >= {
        "estimates.csv", "fit.csv", "comparison.csv", "reliability.csv", "diagnostics.csv",
        "bootstrap.parquet", "posterior.nc", "study.yaml", "manifest.json", "report.html",
    }  # fmt: skip
    manifest = json.loads((result / "manifest.json").read_text())
    each = {"dem60": 75, "dem65": 75}
    assert manifest["n"] == {"ols": each, "sem": 75, "bootstrap": 75, "bayes": each}
    assert {"ols", "sem", "bootstrap", "bootstrap_cpu"} <= set(manifest["timings"])
    assert not list(result.parent.glob(".out-*"))


def test_engines_speak_of_the_same_paths(result: Path) -> None:
    table = pd.read_csv(result / "estimates.csv")
    paths = table[(table.op == "~") & (table.group == "all")]
    for engine in ("ols", "sem", "bootstrap", "bayes"):
        rows = paths[paths.engine == engine][["lhs", "rhs"]].itertuples(index=False)
        assert set(rows) == {("dem60", "ind60"), ("dem65", "ind60"), ("dem65", "dem60")}, engine
    sem = table[table.engine == "sem"].set_index(["lhs", "op", "rhs"])
    assert sem.loc[("dem65", "~", "dem60"), "std"].item() == pytest.approx(0.8937, abs=0.02)
    effects = table[(table.op == ":=") & (table.engine == "bootstrap")]
    assert effects.lhs.tolist() == [
        "ind60 -> dem60 -> dem65", "total indirect: ind60 -> dem65", "total: ind60 -> dem65",
    ]  # fmt: skip
    assert (effects.ci_lower < effects.est).all()


def test_replicates_have_names_and_a_status(result: Path) -> None:
    replicates = pd.read_parquet(result / "bootstrap.parquet")
    assert len(replicates) == 200
    assert {"ind60=~x2", "dem65~dem60", "x1~~x1", "ind60 -> dem60 -> dem65", "status"} <= set(replicates)
    product = replicates["dem60~ind60"] * replicates["dem65~dem60"]
    assert np.allclose(product, replicates["ind60 -> dem60 -> dem65"])


def test_equal_bytes_for_equal_studies(folder: Path, result: Path) -> None:
    for jobs in (1, 3):
        done = werksem("fit", folder / "tiny.yaml", "--out", folder / f"again{jobs}", "--jobs", jobs,
                       "--only", "ols,sem,bootstrap", "--quiet")  # fmt: skip
        assert done.returncode == 0, done.stderr
    for name in ("estimates.csv", "comparison.csv", "bootstrap.parquet"):
        assert (folder / "again1" / name).read_bytes() == (folder / "again3" / name).read_bytes()
    full = pd.read_csv(result / "estimates.csv")
    part = pd.read_csv(folder / "again1" / "estimates.csv")
    pd.testing.assert_frame_equal(full[full.engine != "bayes"].reset_index(drop=True), part)


def test_the_resolved_study_runs_again(folder: Path, result: Path) -> None:
    done = werksem("fit", result / "study.yaml", "--only", "ols,sem", "--out", folder / "third", "--quiet")
    assert done.returncode == 0, done.stderr
    first, third = (pd.read_csv(folder / name / "estimates.csv") for name in ("out", "third"))
    pd.testing.assert_frame_equal(first[first.engine.isin(["ols", "sem"])].reset_index(drop=True), third)


def test_resume(folder: Path, result: Path) -> None:
    before = (result / "manifest.json").stat().st_mtime_ns
    assert werksem("fit", folder / "tiny.yaml", "--out", result, "--resume", "--quiet").returncode in (0, 1)
    assert (result / "manifest.json").stat().st_mtime_ns == before
    changed = werksem(
        "fit", folder / "tiny.yaml", "--out", result, "--resume", "--set", "bootstrap.replicates=50"
    )
    assert changed.returncode == 2
    assert "--resume" in changed.stderr


def test_report_and_compare_work_from_the_folder_alone(result: Path) -> None:
    html = (result / "report.html").read_bytes()
    (result / "report.html").unlink()
    assert werksem("report", result).returncode == 0
    assert (result / "report.html").read_bytes() == html
    shown = werksem("compare", result)
    assert shown.returncode == 0
    assert "dem60" in shown.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("sem: {}", "sem: {estimater: ML}", 'tiny.yaml:15:7: .*estimater.*"estimator"'),
        (
            "democracy.csv",
            "democrcy.csv",
            r'tiny.yaml:\d+:\d+: data.file "democrcy.csv": the data file does not exist',
        ),
        ("replicates: 200", "replicates: -5", "replicates"),
        ("ols: {}", "published: lost.yaml", 'tiny.yaml:14:12: published "lost.yaml": no such file'),
        ("ols: {}", "published: [lost.yaml]", 'tiny.yaml:14:13: published.0 "lost.yaml": no such file'),
        ("x1, x2, x3", "x1, x2, x33", 'x33.*"x3"'),
        ("dem65: [ind60, dem60]", "dem65: [ind60, dem6]", '"dem6".*construct "dem6[05]"'),
    ],
)
def test_mistakes_are_one_message(folder: Path, right: str, wrong: str, message: str) -> None:
    place = folder / "bad"
    place.mkdir(exist_ok=True)
    data_of("democracy").to_csv(place / "democracy.csv", index=False)
    (place / "tiny.yaml").write_text(STUDY.replace(right, wrong))
    done = werksem("fit", place / "tiny.yaml", "--out", place / "out")
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(message, done.stderr.replace("\n", " ")), done.stderr
    assert not (place / "out").exists()


def test_models_that_cannot_be_estimated_exit_3(folder: Path) -> None:
    text = "study: s\nmodel: {syntax: 'f =~ NA*x1 + x2 + x3 + y1'}\ndata: {file: democracy.csv}\nsem: {}\n"
    (folder / "loose.yaml").write_text(text)
    done = werksem("fit", folder / "loose.yaml", "--out", folder / "loose")
    assert done.returncode == 3
    assert "not identified" in done.stderr
    assert not (folder / "loose").exists()


def test_a_foreign_folder_is_never_replaced(folder: Path) -> None:
    precious = folder / "precious"
    precious.mkdir()
    (precious / "thesis.docx").write_text("all of it")
    done = werksem("fit", folder / "tiny.yaml", "--out", precious, "--only", "ols")
    assert done.returncode == 2
    assert (precious / "thesis.docx").read_text() == "all of it"


@pytest.mark.parametrize(
    ("name", "text"), [("manifest.json", "{"), ("estimates.csv", "a,b\n1,2\n"), ("comparison.csv", "")]
)
@pytest.mark.parametrize("verb", ["report", "compare"])
def test_a_damaged_folder_is_one_message(
    result: Path, tmp_path: Path, verb: str, name: str, text: str
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(result, broken)
    (broken / name).write_text(text)
    done = werksem(verb, broken)
    assert done.returncode == 2
    assert re.fullmatch(
        rf"werksem: .*broken(: this result folder|/{name}: this table) is damaged .*\n", done.stderr
    )


def test_labels_by_group_estimate_the_groups_jointly(folder: Path) -> None:
    half = ["=one"] * 38 + ["two"] * 37
    data_of("democracy").assign(half=half).to_csv(folder / "halves.csv", index=False)
    (folder / "halves.yaml").write_text(
        "study: h\nmodel: {syntax: 'f =~ y1 + c(a, a)*y2 + y3 + y4'}\n"
        "data: {file: halves.csv, group: half}\nsem: {}\n"
    )
    done = werksem("fit", folder / "halves.yaml", "--out", folder / "halves", "--quiet")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(folder / "halves" / "estimates.csv")
    shared = table[table.label == "a"]
    assert list(shared.group) == ["'=one", "two"]  # what a spreadsheet would run stands behind an apostrophe
    there = read(folder / "halves").estimates
    assert list(there[there.label == "a"].group) == ["=one", "two"]
    assert shared.est.nunique() == 1


def test_an_interrupted_run_says_so_and_keeps_its_replicates(folder: Path) -> None:
    place = folder / "interrupted"
    place.mkdir()
    command = [
        sys.executable, "-m", "werksem", "fit", str(folder / "tiny.yaml"), "--only", "bootstrap",
        "--set", "bootstrap.replicates=5000000", "--out", str(place / "out"),
    ]  # fmt: skip
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(place.glob(".out-kept/block-*.npz")) and time.monotonic() < deadline:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 130
    assert re.search(r"werksem: \d+ blocks? of replicates (is|are) kept, --resume goes on", errors)
    assert errors.rstrip().endswith("werksem: interrupted")
    assert "Traceback" not in errors
    assert [path.name for path in place.iterdir()] == [".out-kept"]


def test_moments_alone_run_ols_and_sem(folder: Path) -> None:
    R = data_of("democracy")[["x1", "x2", "x3", "y1"]].corr().round(6)
    rows = "\n".join(f"      {name}: {R.loc[name].tolist()}" for name in R)
    text = (
        "study: m\nmodel: {syntax: 'y1 ~ x1 + x2 + x3'}\ndata:\n  moments:\n    n: 75\n"
        f"    correlation:\n{rows}\nols: {{}}\nsem: {{}}\n"
    )
    (folder / "m.yaml").write_text(text)
    done = werksem("fit", folder / "m.yaml", "--out", folder / "m", "--quiet")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(folder / "m" / "estimates.csv")
    betas = table[table.op == "~"].pivot(index="rhs", columns="engine", values="std")
    assert np.allclose(betas["ols"], betas["sem"], atol=1e-8)


def test_check_says_what_would_be_estimated(folder: Path) -> None:
    done = werksem("check", folder / "tiny.yaml")
    assert done.returncode == 0, done.stderr
    assert "parameters: 25, degrees of freedom: 41" in done.stdout
    assert done.stdout.rstrip().endswith("ok")


def test_check_is_light(folder: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom werksem.check import check_study\n"
        f"list(check_study(Path({str(folder / 'tiny.yaml')!r})))\n"
        "heavy = {'numba', 'pymc', 'semopy', 'arviz', 'scipy.stats'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_convert_goes_both_ways(folder: Path) -> None:
    text = "dem60 =~ y1 + y2 + y3\nind60 =~ x1 + x2 + x3\ndem60 ~ b*ind60\ny1 ~~ y2\ntwice := 2*b\n"
    (folder / "m.lavaan").write_text(text)
    model = werksem("convert", folder / "m.lavaan")
    assert model.returncode == 0, model.stderr
    (folder / "m_model.yaml").write_text(model.stdout)
    back = werksem("convert", folder / "m_model.yaml")
    assert back.returncode == 0, back.stderr
    (folder / "again.lavaan").write_text(back.stdout)
    assert werksem("convert", folder / "again.lavaan").stdout.replace("again", "m") == model.stdout


@pytest.mark.parametrize("kind", ["study", "model"])
def test_schema_is_json(kind: str) -> None:
    done = werksem("schema", kind)
    assert json.loads(done.stdout)["title"] == f"werksem {kind} file"
    assert werksem("schema", "studi").returncode == 2


def test_a_common_sample_gives_every_engine_the_same_rows(folder: Path) -> None:
    data = data_of("democracy").copy()
    data.iloc[:10, data.columns.get_loc("y1")] = np.nan
    data.iloc[5:15, data.columns.get_loc("x2")] = np.nan
    data.to_csv(folder / "blanks.csv", index=False)
    (folder / "blanks.yaml").write_text(
        STUDY.replace("file: democracy.csv", "file: blanks.csv, sample: common")
    )
    out = folder / "common"
    done = werksem("fit", folder / "blanks.yaml", "--out", out, "--only", "ols,sem,bootstrap", "--quiet")
    assert done.returncode == 0, done.stderr
    n = json.loads((out / "manifest.json").read_text())["n"]
    assert n == {"ols": {"dem60": 60, "dem65": 60}, "sem": 60, "bootstrap": 60}


@pytest.mark.parametrize(
    "text", ["ols: {}\nmodel: {syntax: 'f =~ x1 + x2 + x3'}", "model: {syntax: 'f =~ x1 + x2 + x3'}"]
)
def test_check_refuses_what_fit_would(folder: Path, text: str) -> None:
    (folder / "refused.yaml").write_text(f"study: r\n{text}\ndata: {{file: democracy.csv}}\n")
    checked, fitted = (werksem(verb, folder / "refused.yaml") for verb in ("check", "fit"))
    assert checked.returncode == fitted.returncode == 2


def test_check_names_what_is_not_identified(folder: Path) -> None:
    syntax = "A =~ x1 + x2 + x3\n    B =~ y1 + y2 + y3\n    B ~ A\n    A ~ B\n"
    (folder / "cycle.yaml").write_text(
        f"study: c\nmodel:\n  syntax: |\n    {syntax}\ndata: {{file: democracy.csv}}\nsem: {{}}\n"
    )
    done = werksem("check", folder / "cycle.yaml")
    assert done.returncode == 3
    assert "B~A" in done.stderr


def test_a_quiet_fit_still_says_what_cannot_be_trusted(folder: Path) -> None:
    (folder / "heywood.yaml").write_text(
        "study: h\nmodel: {syntax: 'f =~ x1 + x2 + x3'}\n"
        "data:\n  moments:\n    n: 200\n    correlation: {x1: [], x2: [0.8], x3: [0.8, 0.5]}\nsem: {}\n"
    )
    done = werksem("fit", folder / "heywood.yaml", "--out", folder / "heywood", "--quiet")
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    said = "estimates are not to be trusted: sem (heywood); the report says why\n"
    assert done.stderr == f"werksem: {folder / 'heywood'}: {said}"
