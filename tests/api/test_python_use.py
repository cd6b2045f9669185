"""werksem from Python: the same numbers as the command line, tables as pandas, errors as exceptions."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import werksem
from tests.cases import data_of
from tests.report.fake_result import make_result
from werksem.api.threads import VARIABLES, one_blas_thread

STUDY = {
    "study": "democracy",
    "language": "en",
    "model": {
        "measurement": {
            "ind60": {"items": ["x1", "x2", "x3"]},
            "dem60": {"items": ["y1", "y2", "y3", "y4"]},
        },
        "structural": {"dem60": ["ind60"]},
    },
    "ols": {},
    "sem": {},
}
FILE = """
study: democracy
language: en
model:
  measurement: {ind60: {items: [x1, x2, x3]}, dem60: {items: [y1, y2, y3, y4]}}
  structural: {dem60: [ind60]}
data: {file: democracy.csv}
ols: {}
sem: {}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("python")
    data_of("democracy").to_csv(place / "democracy.csv", index=False)
    (place / "democracy.yaml").write_text(FILE)
    return place


@pytest.fixture(scope="module")
def result(place: Path) -> werksem.Results:
    return werksem.fit(place / "democracy.yaml", out=place / "out", quiet=True)


def test_python_writes_the_bytes_of_the_command_line(place: Path, result: werksem.Results) -> None:
    command = [sys.executable, "-m", "werksem", "fit", str(place / "democracy.yaml"), "--quiet"]
    subprocess.run([*command, "--out", str(place / "cli")], check=True, env=os.environ)
    for name in ("estimates.csv", "comparison.csv", "fit.csv", "study.yaml"):
        assert (place / "cli" / name).read_bytes() == (result.folder / name).read_bytes(), name


def test_tables_are_pandas(result: werksem.Results) -> None:
    path = result.estimates.query("engine == 'sem' and op == '~'").iloc[0]
    assert path["std"] == pytest.approx(0.460466, abs=1e-5)  # lavaan 0.6-14
    assert result.estimates is result.tables["estimates"]
    assert {"estimates", "fit", "reliability"} <= set(dir(result))
    assert result.trusted
    assert result.code == 0
    assert result.manifest["study"] == "democracy"


def test_what_a_study_did_not_run_is_said(result: werksem.Results) -> None:
    with pytest.raises(AttributeError, match=r'no table .estimate. .*did you mean "estimates"'):
        _ = result.estimate
    with pytest.raises(werksem.DataError, match=r"posterior.nc is not here: the study ran no posterior"):
        _ = result.posterior


@pytest.mark.parametrize("kind", ["mapping", "file"])
def test_a_table_in_memory_gives_the_numbers_of_its_file(
    place: Path, result: werksem.Results, kind: str
) -> None:
    study = STUDY if kind == "mapping" else place / "democracy.yaml"
    frame = data_of("democracy")
    again = werksem.fit(study, data=frame, out=place / kind, set={"ols": None}, quiet=True)
    expected = result.estimates.query("engine == 'sem'").reset_index(drop=True)
    pd.testing.assert_frame_equal(again.estimates, expected)
    rerun = (place / kind / "study.yaml").read_text()
    assert "fit the study again with data=" in rerun
    assert not any(path.suffix == ".parquet" for path in again.folder.iterdir())


def test_the_codebook_of_the_named_file_goes_along(place: Path) -> None:
    (place / "democracy.codebook.yaml").write_text("synthetic: true\nvariables: {x1: {label: GNP}}\n")
    try:
        found = werksem.fit(place / "democracy.yaml", data=data_of("democracy"), out=place / "s", only="ols")
    finally:
        (place / "democracy.codebook.yaml").unlink()
    assert found.manifest["synthetic"] is True
    assert "Synthetic data" in repr(found)


def test_labels_of_groups_and_missing_values_survive(place: Path) -> None:
    half = pd.Categorical([2] * 38 + [1] * 37)
    frame = data_of("democracy").assign(half=half, x1=data_of("democracy")["x1"].astype("Float64"))
    frame.loc[3, "x1"] = pd.NA
    study = {**STUDY, "data": {"group": "half"}, "invariance": ["configural", "metric"]}
    lines = werksem.check(study, data=frame)
    assert any("74 complete" in line for line in lines)
    assert "groups (half): 2 38, 1 37" in lines


@pytest.mark.parametrize(
    ("study", "data", "said"),
    [
        (3, None, "a study is a file name or a mapping, found int"),
        ("lost.yaml", None, "lost.yaml: no such file"),
        ({**STUDY, "olz": {}}, data_of("democracy"), 'olz.*did you mean "ols"'),
        (STUDY, data_of("democracy").drop(columns="x1"), '^data: .*no column "x1"'),
        (STUDY, data_of("democracy").to_numpy(), "right is a pandas DataFrame, found ndarray"),
        (STUDY, data_of("democracy").rename(columns={"x1": 1}), "names of text, found 1"),
        (STUDY, pd.DataFrame({"x1": [1, "one"]}), "values of several kinds"),
    ],
)
def test_errors_are_exceptions_with_one_sentence(study: object, data: object, said: str) -> None:
    with pytest.raises(werksem.WerksemError, match=said):
        werksem.check(study, data=data)  # type: ignore[arg-type]


def test_settings_and_engines_are_those_of_the_command_line(place: Path) -> None:
    with pytest.raises(werksem.SpecError, match=r'no engine .olz.*did you mean "ols"'):
        werksem.fit(place / "democracy.yaml", only="olz")
    with pytest.raises(werksem.SpecError, match=r"only: names no engine; there are ols, sem"):
        werksem.fit(place / "democracy.yaml", only="")
    with pytest.raises(werksem.SpecError, match="estimator"):
        werksem.check(place / "democracy.yaml", set=["sem.estimator=MLZ"])
    with pytest.raises(werksem.SpecError, match="resume goes on"):
        werksem.fit(STUDY, data=data_of("democracy"), resume=True)
    with pytest.raises(werksem.EstimationError, match="not identified"):
        werksem.check({**STUDY, "model": {"syntax": "f =~ NA*x1 + x2 + x3 + y1"}, "ols": None},
                      data=data_of("democracy"))  # fmt: skip


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.cells.append(data.strip())


def test_a_notebook_shows_the_summary(tmp_path: Path) -> None:
    found = werksem.read(make_result(tmp_path / "binding"))
    page = _Text()
    page.feed(found._repr_html_())
    assert not page.open
    assert "Synthetische gegevens: zegt niets over de werkelijkheid" in page.cells
    assert "Sociaal veilig werkklimaat" in page.cells
    assert "Gestandaardiseerde padcoëfficiënten (β)" in repr(found)
    assert found.trusted == (set(found.estimates["status"]) == {"ok"})


def test_results_side_by_side(place: Path, result: werksem.Results) -> None:
    other = werksem.fit(place / "democracy.yaml", out=place / "mlr", set={"sem.estimator": "MLR"}, quiet=True)
    both = werksem.compare(result, other.folder)
    assert {"out.sem", "mlr.sem"} <= set(both.paths)
    assert both.paths["difference"].max() < 1e-8  # the estimates of ML and MLR are the same
    assert len(both.models) == 2
    with pytest.raises(werksem.SpecError, match="different data files"):
        werksem.compare(result, other, change=True)
    with pytest.raises(werksem.DataError, match="not a finished werksem result folder"):
        werksem.read(place)


def test_described_tables(place: Path) -> None:
    study = {**STUDY, "describe": {"tables": [{"table": "t", "kind": "means", "of": ["ind60"]}]}}
    found = werksem.describe(study, data=data_of("democracy"), out=place / "tables")
    mean = found.tables["tables"].query("measure == 'mean'")["value"].item()
    assert mean == pytest.approx(data_of("democracy")[["x1", "x2", "x3"]].to_numpy().mean(), rel=1e-9)
    assert "ind60" in repr(found)
    assert "ind60" in found._repr_html_()


def test_import_is_light_and_verbs_stay_functions() -> None:
    code = (
        "import sys, werksem\n"
        "heavy = {'numpy', 'pandas', 'pydantic', 'numba', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "import werksem.describe, werksem.compare, werksem.check\n"
        "assert all(callable(getattr(werksem, name)) for name in werksem.__all__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_threads_are_one_inside_and_as_before_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    from threadpoolctl import threadpool_info

    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with one_blas_thread():
        assert [os.environ[name] for name in VARIABLES] == ["1"] * 3
        assert all(pool["num_threads"] == 1 for pool in threadpool_info() if pool["user_api"] == "blas")
    assert not any(name in os.environ for name in VARIABLES)
    monkeypatch.setenv(VARIABLES[0], "2")
    with one_blas_thread():
        assert os.environ[VARIABLES[0]] == "2"
