"""``werksem init``: a starter that runs, and studies written from data files that pass ``check``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from werksem.check import check_study
from werksem.errors import WerksemError
from werksem.spec.load import load_study
from werksem.starting.run import Start, start_study
from werksem.starting.write import write_all


def werksem(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "werksem", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "100", "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def answers(n: int, items: int, seed: int, loading: float = 0.8) -> np.ndarray:
    """Return n answers of 1 to 5 to items that show one latent variable."""
    stream = np.random.default_rng(seed)
    latent = stream.standard_normal((n, 1))
    y = loading * latent + np.sqrt(1 - loading**2) * stream.standard_normal((n, items))
    return (np.digitize(y, [-1.3, -0.4, 0.4, 1.3]) + 1).astype(float)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_starter_runs_as_its_readme_says(tmp_path: Path, language: str) -> None:
    done = werksem("init", "new", "--language", language, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    readme = (tmp_path / "new/README.md").read_text()
    commands = [line.split("#")[0].split()[1:] for line in readme.splitlines() if line.startswith("werksem")]
    assert [command[0] for command in commands] == ["check", "fit", "compare"]
    checked = werksem(*commands[0], cwd=tmp_path / "new")
    assert checked.stdout.endswith("ok\n")
    assert "synthetic" in checked.stdout
    assert "warning" not in checked.stdout
    if language == "nl":
        fitted = werksem(*commands[1], "--only", "ols,sem", cwd=tmp_path / "new")
        assert fitted.returncode == 0, fitted.stderr
        estimates = pd.read_csv(tmp_path / "new/results/voorbeeld/estimates.csv")
        sem = estimates[(estimates.engine == "sem") & (estimates.op == "~")].set_index(["lhs", "rhs"])["std"]
        # the population's latent correlations give these regressions
        R = np.array([[1, -0.3], [-0.3, 1]])
        truth = np.linalg.solve(R, [0.5, -0.3])
        assert sem["bevlogenheid", "leiding"] == pytest.approx(truth[0], abs=0.1)
        assert sem["bevlogenheid", "regels"] == pytest.approx(truth[1], abs=0.1)
        assert werksem(*commands[2], cwd=tmp_path / "new").returncode == 0


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/voorbeeld.yaml").write_text("mine")
    with pytest.raises(WerksemError, match=r"models/voorbeeld\.yaml exists already"):
        list(start_study(Start(tmp_path)))
    assert [path.name for path in tmp_path.rglob("*")] == ["models", "voorbeeld.yaml"]
    assert (tmp_path / "models/voorbeeld.yaml").read_text() == "mine"


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file where a folder should come")
    with pytest.raises(WerksemError, match="cannot write"):
        write_all(tmp_path, {"a/x": b"1", "b/y": b"2"})
    assert [path.name for path in tmp_path.rglob("*")] == ["b"]


def test_a_second_study_joins_the_first(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(200, 3, 1), columns=["a_1", "a_2", "a_3"])
    for name in ("one", "two"):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        list(start_study(Start(tmp_path, tmp_path / f"{name}.csv")))
    assert {path.name for path in (tmp_path / "configs").iterdir()} == {"one.yaml", "two.yaml"}
    with pytest.raises(WerksemError, match="exist already"):
        list(start_study(Start(tmp_path, tmp_path / "two.csv")))


def test_a_data_file_for_a_folder_is_read_as_data(tmp_path: Path) -> None:
    pd.DataFrame(answers(200, 3, 1), columns=["a_1", "a_2", "a_3"]).to_csv(tmp_path / "x.csv", index=False)
    done = werksem("init", "x.csv", "--language", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "x.csv is a data file; read as --data x.csv" in done.stdout
    assert "werksem check configs/x.yaml" in done.stdout
    absent = werksem("init", "y.csv", cwd=tmp_path)
    assert absent.returncode == 2
    assert "y.csv: the data file does not exist" in absent.stderr
    assert werksem("init", "--language", "de", cwd=tmp_path).returncode == 2


def test_odd_names_are_quoted_and_unusable_ones_named(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(300, 3, 1), columns=["no: 1", "no: 2", "no: 3"])
    frame[["on_1", "on_2", "on_3"]] = answers(300, 3, 2)
    frame[["é 'x' 1", "é 'x' 2", "é 'x' 3"]] = answers(300, 3, 3)
    frame["no"], frame["on"], frame["1e3"], frame["a*b"] = 1.0, np.arange(300) % 2, np.arange(300) % 7, 2.0
    frame.to_csv(tmp_path / "odd ünicode (1).csv", index=False)
    said = list(start_study(Start(tmp_path, tmp_path / "odd ünicode (1).csv", "en")))
    study, model = load_study(tmp_path / "configs/odd_ünicode_1.yaml")
    assert [scale.items for scale in model.scales] == [
        ("no: 1", "no: 2", "no: 3"), ("on_1", "on_2", "on_3"), ("é 'x' 1", "é 'x' 2", "é 'x' 3"),
    ]  # fmt: skip
    # the names of the scales are names of columns already
    assert [scale.name for scale in model.scales] == ["no_scale", "on_scale", "é 'x"]
    assert study.data.file == tmp_path / "odd ünicode (1).csv"
    assert any("a*b" in line for line in said)
    assert list(check_study(tmp_path / "configs/odd_ünicode_1.yaml"))[-1] == "ok"


def test_yaml_11_readers_see_the_same_names(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    frame = pd.DataFrame(answers(300, 3, 1), columns=["n_1", "n_2", "n_3"])
    frame[["y1", "y2", "y3"]] = answers(300, 3, 2)
    frame.to_csv(tmp_path / "yes.csv", index=False)
    list(start_study(Start(tmp_path, tmp_path / "yes.csv")))
    reader = YAML(typ="safe")
    reader.version = (1, 1)
    told = reader.load((tmp_path / "models/yes.yaml").read_text())
    assert list(told["measurement"]) == ["n", "y"]
    assert told["model"] == "yes"


def test_data_without_scales_give_a_model_that_claims_nothing(tmp_path: Path) -> None:
    stream = np.random.default_rng(3)
    frame = pd.DataFrame(stream.normal(size=(100, 3)), columns=["stress", "affect", "ese"])
    frame["total"] = frame.stress + frame.affect  # would make the covariances singular
    frame.to_csv(tmp_path / "plain.csv", index=False)
    list(start_study(Start(tmp_path, tmp_path / "plain.csv")))
    _, model = load_study(tmp_path / "configs/plain.yaml")
    assert {(s.lhs, s.op, s.rhs) for s in model.statements} == {
        ("stress", "~~", "affect"), ("stress", "~~", "ese"), ("affect", "~~", "ese"),
    }  # fmt: skip
    assert list(check_study(tmp_path / "configs/plain.yaml"))[-1] == "ok"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\nx,y\nz,w\nx,y\n", r"nothing to model: .* found a \(words\), b \(words\)"),
        ("a,b\n1,1\n1,2\n1,3\n", r"nothing to model: .* found a \(constant\), b \(items\)"),
        ('a,b\n"1,5","2,5"\n"1,6","2,6"\n', "columns a, b have decimal commas"),
        ("a;b\n1.234;2\n2.345;3\n", "thousands apart"),
    ],
)
def test_data_that_no_model_can_be_made_of_are_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(WerksemError, match=message):
        list(start_study(Start(tmp_path / "new", tmp_path / "x.csv")))
    assert not (tmp_path / "new").exists()


def test_init_is_light(tmp_path: Path) -> None:
    frame = pd.DataFrame(answers(200, 8, 1), columns=[f"q{i}" for i in range(8)])
    frame.to_csv(tmp_path / "x.csv", index=False)
    code = (
        "import sys\nfrom pathlib import Path\nfrom werksem.starting.run import Start, start_study\n"
        f"list(start_study(Start(Path({str(tmp_path)!r}), Path({str(tmp_path / 'x.csv')!r}))))\n"
        "names = {'numba', 'pymc', 'pytensor', 'semopy', 'arviz', 'scipy.stats', 'matplotlib'}\n"
        "heavy = names & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
