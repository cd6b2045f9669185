"""Libraries of extras: one sentence where one is missing, before anything is read or estimated."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bootstrap_runs import werksem, write_data, write_study
from werksem.errors import SpecError
from werksem.extras import NEEDS, installed, require

DASK = "werksem: bootstrap.engine dask: Dask is not installed; right is pip install 'werksem[dask]'\n"
WITHOUT_DASK = "sys.modules['distributed'] = None"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extras")
    write_data(folder)
    return folder


@pytest.mark.parametrize("verb", ["fit", "check"])
def test_it_is_said_before_the_data_are_read(place: Path, tmp_path: Path, verb: str) -> None:
    text = write_study(place, "cases", "replicates: 300, engine: dask").read_text()
    config = tmp_path / "no_data.yaml"
    config.write_text(text)  # its data file is not here
    done = werksem(verb, config, before=WITHOUT_DASK)
    assert (done.returncode, done.stderr) == (2, DASK.replace("werksem: ", f"werksem: {config}: ", 1))
    assert [path.name for path in tmp_path.iterdir()] == ["no_data.yaml"]


def test_engines_that_do_not_need_it_run(place: Path, tmp_path: Path) -> None:
    config = write_study(place, "cases", "replicates: 300, engine: dask")
    done = werksem("fit", config, "--only", "sem", "--quiet", "--out", tmp_path / "out", before=WITHOUT_DASK)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("module", "extra", "need"), [entry[1:] for entry in NEEDS])
def test_every_need_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, module: str, extra: str, need: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert not installed(module)
    with pytest.raises(
        SpecError, match=rf"^{need}: .* is not installed; right is pip install 'werksem\[{extra}\]'$"
    ):
        require(module, extra, need)


def test_a_library_that_does_not_load_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "halfway.py").write_text("import not_there_at_all\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SpecError, match=r"halfway does not load .*not_there_at_all.*--upgrade"):
        require("halfway", "report", "report.formats docx")
