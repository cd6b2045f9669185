"""Files and folders that take their place whole: over others, beside them, after a killed process."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from werksem.errors import DataError, OutputError, SpecError
from werksem.files import data_hash, file_hash, in_use, together, whole, write_arrays
from werksem.kept import held, kept_folder
from werksem.report.folder import readable
from werksem.results import new_folder, placed, renewed
from werksem.swap import exchange, swap


def half(partial: Path) -> None:
    partial.write_text("half")
    raise RuntimeError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")
    file.chmod(0o600)
    with whole(file) as partial:
        partial.write_text("new")
        assert file.read_text() == "old"
        assert partial.suffix == ".csv"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RuntimeError), whole(file) as partial:
        half(partial)
    assert file.read_text() == "new"
    assert names(tmp_path) == ["a.csv"]


def test_several_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b", tmp_path / "unwritten"]
    with together(paths) as (one, two, _):
        one.write_text("1")
        two.write_text("2")
        assert not paths[0].exists()
    assert names(tmp_path) == ["a", "b"]
    with pytest.raises(FileExistsError), together([tmp_path / "c", paths[1]], over=False) as both:
        _ = [partial.write_text("3") for partial in both]
    assert names(tmp_path) == ["a", "b"]
    assert paths[1].read_text() == "2"


def test_a_link_is_written_through_and_a_device_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole(tmp_path / "link") as partial:
        partial.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    with whole(Path(os.devnull)) as partial:
        partial.write_text("nothing")
    assert not Path(os.devnull).is_file()


def test_arrays_are_written_to_the_byte_as_numpy_does(tmp_path: Path) -> None:
    arrays = {"a/b": np.arange(6.0).reshape(2, 3).T, "texts": np.array(["é", "ab"]), "one": np.array(True)}
    write_arrays(tmp_path / "a.npz", arrays)
    with io.BytesIO() as expected:
        np.savez(expected, **arrays)
        assert (tmp_path / "a.npz").read_bytes() == expected.getvalue()
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(tmp_path / "b.npz", {"a": np.array([object()])})


def test_what_a_killed_process_left_goes_and_what_a_running_one_writes_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not in_use(ended.pid)
    for pid in (ended.pid, os.getppid()):
        (tmp_path / f".part-{pid}-a.csv").write_text("half")
    (tmp_path / f".part-{ended.pid}-b.csv").write_text("of another file")
    with whole(tmp_path / "a.csv") as partial:
        partial.write_text("new")
    left = {f".part-{os.getppid()}-a.csv", f".part-{ended.pid}-b.csv", "a.csv"}
    assert set(names(tmp_path)) == left


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    work, out, aside = (tmp_path / name for name in ("work", "out", "aside"))
    for folder, text in ((work, "new"), (out, "old")):
        folder.mkdir()
        (folder / "file").write_text(text)
    if not at_once:
        monkeypatch.setattr("werksem.swap.exchange", lambda one, other: False)
    elif not exchange(work, out):
        pytest.skip("this system does not exchange names")
    else:
        exchange(work, out)
    swap(work, out, aside)
    assert (out / "file").read_text() == "new"
    assert not aside.exists()


def result(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "manifest.json").write_text('{"werksem": "0"}')
    (folder / "file").write_text(text)
    return folder


def test_what_was_being_moved_when_a_process_was_killed_is_put_back_or_moved_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result(tmp_path / ".out-old", "earlier")
    result(tmp_path / ".out-new", "half")
    with pytest.raises(RuntimeError), new_folder(out):
        raise RuntimeError
    assert names(tmp_path) == ["out"]
    assert (out / "file").read_text() == "earlier"
    result(tmp_path / ".out-ready", "made again")
    with renewed(out):
        assert (out / "file").read_text() == "made again"
    assert names(tmp_path) == ["out"]


def test_a_result_that_is_made_again_stays_the_same_folder(tmp_path: Path) -> None:
    out = result(tmp_path / "out", "old")
    (out / "bootstrap.parquet").write_text("large")
    before = out.stat().st_ino, (out / "bootstrap.parquet").stat().st_ino
    with renewed(out) as copy:
        (copy / "file").write_text("new")
        (copy / "figures").mkdir()
        (copy / "figures" / "one.svg").write_text("<svg/>")
        assert (out / "file").read_text() == "old"
    assert (out.stat().st_ino, (out / "bootstrap.parquet").stat().st_ino) == before
    assert (out / "file").read_text() == "new"
    assert names(out) == ["bootstrap.parquet", "figures", "file", "manifest.json"]
    with pytest.raises(DataError, match=r"out/file: damaged$"), renewed(out) as copy:
        raise DataError("damaged", where=str(copy / "file"))
    assert names(tmp_path) == ["out"]


def test_a_link_to_a_result_stays_a_link(tmp_path: Path) -> None:
    real = result(tmp_path / "real", "old")
    link = tmp_path / "link"
    link.symlink_to(real)
    assert placed(link) == real
    with new_folder(placed(link)) as folder:
        (folder / "file").write_text("new")
    assert (link / "file").read_text() == "new"
    assert names(tmp_path) == ["link", "real"]
    (tmp_path / "file").write_text("a thesis")
    with pytest.raises(SpecError, match="file exists and is not a werksem result folder: name another"):
        placed(tmp_path / "file")


def test_the_second_run_is_told_which_process_writes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import sys\nfrom pathlib import Path\nfrom werksem.kept import held\n"
        f"with held(Path({str(out)!r})):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    sentence = rf"another run \(process {first.pid}\) writes into .*out: wait for it, or use --out"
    with pytest.raises(SpecError, match=sentence), held(out):
        pass
    first.kill()
    first.communicate()
    assert kept_folder(out).exists()
    with held(out):
        assert (kept_folder(out) / "pid").read_text() == str(os.getpid())
    assert not names(tmp_path)


def test_results_that_are_replaced_while_they_are_read_are_not_shown(tmp_path: Path) -> None:
    out = result(tmp_path / "out", "old")
    with readable(out):
        pass
    sentence = "out: another run has replaced these results meanwhile: again"
    with pytest.raises(DataError, match=sentence), readable(out), new_folder(out) as folder:
        (folder / "manifest.json").write_text('{"werksem": "0"}')


def test_files_of_ones_own_are_in_the_next_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"

    def run(*names: str) -> None:
        with new_folder(out) as folder:
            (folder / "figures").mkdir()
            for name in ("manifest.json", *names):
                (folder / name).write_text('{"werksem": "1"}')

    run("old.csv", "fit.csv", "figures/a.svg")
    assert json.loads((out / "manifest.json").read_text())["files"] == [
        "figures/a.svg", "fit.csv", "manifest.json", "old.csv"
    ]  # fmt: skip
    own = {"notes.txt": "n", "figures/mine.svg": "m", "my plan/deep/a.md": "d"}
    for name, text in own.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    (out / "link").symlink_to(tmp_path)
    (out / "replicate_3_estimates.csv").write_text("of the earlier result")
    with renewed(out) as copy:
        (copy / "tables.md").write_text("made again")
    run("fit.csv", "new.csv")
    assert {name: (out / name).read_text() for name in own} == own
    assert (out / "link").readlink() == tmp_path
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there == {"manifest.json", "fit.csv", "new.csv", *own}
    said = "werksem: figures/mine.svg, link, my plan/deep/a.md and 1 more are not of werksem and stay in"
    assert said in capsys.readouterr().err
    run("notes.txt")  # what a run writes is the run's
    assert (out / "notes.txt").read_text() != own["notes.txt"]
    assert (out / "own/notes.txt").read_text() == own["notes.txt"]
    assert "notes.txt was not of werksem, which now writes" in capsys.readouterr().err
    run()
    assert not (out / "notes.txt").exists()
    assert (out / "own/notes.txt").read_text() == own["notes.txt"]
    assert (out / "my plan/deep/a.md").read_text() == "d"


MINE = (
    "replicate_mine.csv", "replicate_3.csv", "replicate_x/my.csv", "replicate_3_estimates.csv/a",
    "xreplicate_3_estimates.csv", "change.csv", "across.csv", "passport.csv", "deep/across.csv", ".part-mine",
    ".part-of/a.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", MINE)
def test_a_file_that_is_named_much_as_one_of_werksem_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = tmp_path / "out"
    written_again(out)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    written_again(out)
    assert (out / name).read_text() == "mine"
    assert f"werksem: {name} is not of werksem and stays in {out}" in capsys.readouterr().err


def written_again(out: Path, *names: str) -> None:
    """Write a result with these files over an earlier one."""
    with new_folder(out) as folder:
        for name in ("manifest.json", *names):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text('{"werksem": "1"}')


def test_a_file_whose_name_a_run_needs_lies_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    written_again(out)
    for name in ("items.csv", "figures", "own"):
        (out / name).write_text(f"my {name}")
    written_again(out, "items.csv", "figures/a.svg")
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert files == {
        "manifest.json", "items.csv", "figures/a.svg", "own", "own-2/items.csv", "own-2/figures"
    }  # fmt: skip
    for place, name in (("own", "own"), ("own-2/items.csv", "items.csv"), ("own-2/figures", "figures")):
        assert (out / place).read_text() == f"my {name}"
    said = capsys.readouterr().err
    assert f"werksem: own is not of werksem and stays in {out}\n" in said
    assert f"writes a file of that name: yours is own-2/items.csv in {out}\n" in said
    written_again(out, "items.csv")
    assert (out / "own-2/items.csv").read_text() == "my items.csv"


def test_a_report_leaves_a_file_whose_name_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    written_again(out, "fit.csv")
    (out / "tables.md").write_text("mine")
    (out / "notes.md").write_text("mine too")
    for text in ("first", "second"):
        with renewed(out) as copy:
            (copy / "tables.md").write_text(text)
        assert (out / "tables.md").read_text() == text
        assert (out / "own/tables.md").read_text() == "mine"
    assert capsys.readouterr().err.count("yours is own/tables.md") == 1
    assert (out / "notes.md").read_text() == "mine too"
    assert json.loads((out / "manifest.json").read_text())["files"] == [
        "fit.csv", "manifest.json", "tables.md"
    ]  # fmt: skip


AGAIN = """
import sys
from pathlib import Path
from werksem.errors import WerksemError
from werksem.results import new_folder, renewed
out, verb = Path(sys.argv[1]), sys.argv[2]
try:
    with (new_folder if verb == "fit" else renewed)(out) as folder:
        print("works")
        (folder / "manifest.json").write_text('{"werksem": "1", "files": ["manifest.json"]}')
except WerksemError as error:
    print(error)
"""


def unprivileged(out: Path, verb: str) -> str:
    """Return what is said by a process that may not read what its owner may not."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("an administrator reads everything")
    command = [*(drop if os.geteuid() == 0 else []), sys.executable, "-c", AGAIN, str(out), verb]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize("verb", ["fit", "report"])
def test_a_file_that_cannot_be_read_stays(tmp_path: Path, verb: str) -> None:
    out = tmp_path / "out"
    written_again(out)
    (out / "secret.txt").write_text("mine")
    (out / "secret.txt").chmod(0)
    os.mkfifo(out / "pipe")
    said = unprivileged(out, verb)
    assert said.startswith("works\n")
    assert ("pipe, secret.txt are not of werksem" in said) == (verb == "fit")
    assert names(out) == ["manifest.json", "pipe", "secret.txt"]
    (out / "secret.txt").chmod(0o600)
    assert (out / "secret.txt").read_text() == "mine"
    assert (out / "pipe").is_fifo()


@pytest.mark.parametrize("verb", ["fit", "report"])
def test_a_folder_that_cannot_be_read_is_refused_before_the_work(tmp_path: Path, verb: str) -> None:
    out = tmp_path / "out"
    written_again(out)
    (out / "private").mkdir(mode=0)
    said = unprivileged(out, verb)
    (out / "private").chmod(0o700)
    assert said.startswith(f"{out / 'private'}")
    assert "Permission denied" in said
    assert "make it readable, or move it out of" in said
    assert said.count("\n") == 1
    assert names(tmp_path) == ["out"]


def test_what_can_be_neither_linked_nor_copied_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object, **kwargs: object) -> None:
        raise PermissionError

    out = tmp_path / "out"
    written_again(out)
    (out / "notes.txt").write_text("mine")
    monkeypatch.setattr(os, "link", refused)
    written_again(out)
    assert (out / "notes.txt").read_text() == "mine"
    os.mkfifo(out / "pipe")
    with pytest.raises(OutputError, match=r"out/pipe: it cannot be read; .* move it out of"), new_folder(out):
        pytest.fail("the work has begun")
    with pytest.raises(OutputError, match=r"out/pipe cannot be copied \(.* is a named pipe\)"), renewed(out):
        pytest.fail("the work has begun")
    assert names(tmp_path) == ["out"]
    assert names(out) == ["manifest.json", "notes.txt", "pipe"]


def test_a_result_that_fails_leaves_files_of_ones_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for fails in (False, True):
        with suppress(RuntimeError), new_folder(out) as folder:
            (folder / "manifest.json").write_text('{"werksem": "1"}')
            if fails:
                raise RuntimeError
        (out / "notes.txt").write_text("n")
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "notes.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_data_that_changed_since_they_were_read_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("x1\n1\n")
    read = file_hash(file)
    assert data_hash(file, read) == read
    file.write_text("x1\n2\n")
    with pytest.raises(DataError, match=r"d\.csv: the file changed while the study ran; run it again"):
        data_hash(file, read)


def test_a_home_that_no_shell_wrote_out_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert placed(Path("~/out")) == tmp_path / "out"


def test_folders_that_a_run_made_and_left_empty_are_gone(tmp_path: Path) -> None:
    with suppress(DataError), held(tmp_path / "a" / "b" / "out"):
        assert (tmp_path / "a" / "b").is_dir()
        raise DataError("refused")
    assert not (tmp_path / "a").exists()
    with held(tmp_path / "a" / "b" / "out"):
        (tmp_path / "a" / "kept.txt").write_text("mine")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["kept.txt"]
