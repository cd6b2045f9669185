"""The folder of finished work: what is the user's stays, what is of another run lifts no refusal."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.bootstrap_runs import run, same, werksem, write_data, write_study
from werksem.engines import bootstrap as engine
from werksem.errors import OutputError
from werksem.kept import held, kept_folder, kept_of

POSTERIOR = f"posterior-{'0' * 32}.npz"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folder")
    write_data(folder)
    write_study(folder, "cases", "replicates: 300")
    assert run(folder / "cases.yaml", folder / "whole") == 0
    return folder


@pytest.fixture
def stopped(place: Path, tmp_path: Path) -> Path:
    """A finished result, and two blocks of a run with another seed that was to replace it."""
    out = tmp_path / "out"
    run(place / "cases.yaml", out)
    with pytest.MonkeyPatch.context() as patch:
        write = engine.write_shard

        def stopping(folder: Path, first: int, block: object) -> None:
            write(folder, first, block)
            if first == 128:
                raise KeyboardInterrupt

        patch.setattr(engine, "write_shard", stopping)
        with pytest.raises(KeyboardInterrupt):
            run(place / "cases.yaml", out, "seed=6")
    return out


def test_only_the_run_that_stopped_goes_on_over_another_result(place: Path, stopped: Path) -> None:
    before, blocks = (stopped / "estimates.csv").read_bytes(), list(kept_folder(stopped).glob("block-0*.npz"))
    assert len(blocks) >= 2
    for other in ("seed=7", "interval=basic", "scheme=parametric"):
        with pytest.raises(OutputError, match="holds results of another study; run without --resume"):
            run(place / "cases.yaml", stopped, other, resume=True)
    assert (stopped / "estimates.csv").read_bytes() == before
    assert list(kept_folder(stopped).glob("block-0*.npz")) == blocks
    assert run(place / "cases.yaml", stopped, "seed=6", "replicates=400", resume=True) == 0
    fresh = stopped.with_name("fresh")
    run(place / "cases.yaml", fresh, "seed=6", "replicates=400")
    assert (stopped / "bootstrap.parquet").read_bytes() == (fresh / "bootstrap.parquet").read_bytes()
    assert not kept_folder(stopped).exists()


@pytest.mark.parametrize("name", [POSTERIOR, "block-000000000.npz", "notes.txt"])
def test_what_an_earlier_run_or_the_user_left_lifts_no_refusal(
    place: Path, tmp_path: Path, name: str
) -> None:
    out = shutil.copytree(place / "whole", tmp_path / "out")
    kept_folder(out).mkdir()
    (kept_folder(out) / name).write_text("x")
    with pytest.raises(OutputError, match="holds results of"):
        run(place / "cases.yaml", out, "seed=9", resume=True)
    assert (out / "estimates.csv").read_bytes() == (place / "whole" / "estimates.csv").read_bytes()


def test_a_run_that_ended_leaves_nothing_that_lifts(place: Path, tmp_path: Path) -> None:
    """A stale posterior beside a bootstrap that ran to its end is of no run that may go on."""
    out = tmp_path / "out"
    with suppress(KeyboardInterrupt), held(out, ("bayes",), run="one"):
        (kept_folder(out) / POSTERIOR).write_text("x")
        raise KeyboardInterrupt
    assert kept_of(out, "one")
    assert not kept_of(out, "two")
    with held(out, ("ols", "sem"), run="two"):  # keeps nothing, so it takes nothing over
        assert not kept_of(out, "two")
    assert kept_of(out, "one")
    with held(out, ("bootstrap",), run="two"):
        pass
    assert not kept_of(out, "one")
    assert not kept_of(out, "two")


def test_files_of_the_user_stay(place: Path, tmp_path: Path) -> None:
    folder = kept_folder(tmp_path / "out")
    (folder / "block-0.npz").mkdir(parents=True)
    theirs = [folder / name for name in ("notes.txt", "block-notes.txt", "posterior-2024.npz")]
    for path in theirs:
        path.write_text("mine")
    assert run(place / "cases.yaml", tmp_path / "out") == 0
    assert same(tmp_path / "out", place / "whole")
    assert sorted(folder.iterdir()) == sorted([*theirs, folder / "block-0.npz"])


def test_a_linked_folder_is_not_followed(place: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "block-000000000.npz").write_text("mine")
    kept_folder(tmp_path / "out").symlink_to(elsewhere)
    with pytest.raises(OutputError, match=r"\.out-kept is a symbolic link, which is not followed: remove it"):
        run(place / "cases.yaml", tmp_path / "out")
    assert [path.name for path in elsewhere.iterdir()] == ["block-000000000.npz"]


@pytest.mark.parametrize("name", ["block-000000000.npz", "lock", "pid", "block-fingerprint", "run"])
def test_a_folder_where_a_file_is_to_be_is_named(place: Path, tmp_path: Path, name: str) -> None:
    (kept_folder(tmp_path / "out") / name).mkdir(parents=True)
    done = werksem("fit", place / "cases.yaml", "--only", "bootstrap", "--out", tmp_path / "out")
    assert done.returncode == 2
    path = kept_folder(tmp_path / "out") / name
    assert done.stderr == (
        f"werksem: cannot write beside {tmp_path / 'out'}: {path} is a folder, where a file of a run is to "
        "be: remove that folder, or use --out\n"
    )


def test_other_engines_do_not_say_that_they_left_it(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    kept_folder(out).mkdir()
    (kept_folder(out) / POSTERIOR).write_text("x")
    with pytest.raises(KeyboardInterrupt), held(out, ("bootstrap",)):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == ""
    with pytest.raises(KeyboardInterrupt), held(out, ("bayes",), resume=True):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "werksem: the posterior is kept, --resume goes on\n"


def shorter(table: pa.Table) -> pa.Table:
    return table.slice(0, 60)


def added(table: pa.Table) -> pa.Table:
    return table.set_column(2, table.schema.field(2), pc.add(table.column(2), 1.0))


@pytest.mark.parametrize("change", [shorter, added, None])
@pytest.mark.parametrize("replicates", [300, 400])
def test_replicates_that_were_changed_are_not_done(
    place: Path, tmp_path: Path, change: object, replicates: int
) -> None:
    out = shutil.copytree(place / "whole", place / f"changed-{tmp_path.name}")
    path = out / "bootstrap.parquet"
    if callable(change):
        pq.write_table(change(pq.read_table(path)), path)
    else:
        path.unlink()
    with pytest.raises(OutputError) as problem:
        run(place / "cases.yaml", out, f"replicates={replicates}", resume=True)
    missing = change is None and replicates == 400
    said = "holds results of another study" if missing else "bootstrap.parquet is damaged"
    assert said in str(problem.value)
    assert str(problem.value).startswith("--resume:")  # the place is the result's, not the study
    assert json.loads((out / "manifest.json").read_text())["replicates"]["sha256"]
