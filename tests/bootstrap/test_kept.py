"""A bootstrap that is stopped, damaged, resumed or extended ends with the bytes of one that ran through."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from tests.bootstrap_runs import run, same, werksem, write_data, write_study
from werksem.engines import bootstrap as engine
from werksem.errors import SpecError

TOTAL = 1000
BLOCKS = 8  # of 128
# stops the process itself, by a signal, as soon as three blocks are kept
STOP = """
import os, signal
from werksem.engines import bootstrap as engine
signal.signal(signal.SIGINT, signal.default_int_handler)
write, count = engine.write_shard, [0]
def stopping(*arguments):
    write(*arguments)
    count[0] += 1
    if count[0] == 3:
        os.kill(os.getpid(), signal.{signal})
engine.write_shard = stopping
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    write_data(folder)
    write_study(folder, "cases", f"replicates: {TOTAL}")
    assert run(folder / "cases.yaml", folder / "whole") == 0
    return folder


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first numbers of the blocks that were computed and kept."""
    found: list[int] = []
    write = engine.write_shard

    def counting(folder: Path, first: int, block: object) -> None:
        found.append(first)
        write(folder, first, block)

    monkeypatch.setattr(engine, "write_shard", counting)
    return found


@pytest.fixture
def stopped(place: Path, tmp_path: Path) -> Path:
    """A place for a result whose run was interrupted once three blocks were kept."""
    with pytest.MonkeyPatch.context() as patch:
        write, count = engine.write_shard, [0]

        def stopping(folder: Path, first: int, block: object) -> None:
            write(folder, first, block)
            count[0] += 1
            if count[0] == 3:
                raise KeyboardInterrupt

        patch.setattr(engine, "write_shard", stopping)
        with pytest.raises(KeyboardInterrupt):
            run(place / "cases.yaml", tmp_path / "out")
    return tmp_path / "out"


def _kept(blocks: int) -> str:
    many = "1 block of replicates is" if blocks == 1 else f"{blocks} blocks of replicates are"
    return f"{many} kept, --resume goes on"


def kept(out: Path) -> list[Path]:
    return sorted(out.with_name(f".{out.name}-kept").glob("block-*.npz"))


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_a_stopped_run_is_resumed(
    place: Path, tmp_path: Path, name: str, code: int, computed: list[int]
) -> None:
    out = tmp_path / "out"
    config = place / "cases.yaml"
    command = ("fit", config, "--only", "bootstrap", "--out", out, "--jobs", 2)
    done = werksem(*command, before=STOP.format(signal=name))
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    there = len(kept(out))
    assert 3 <= there < BLOCKS
    if code > 0:
        assert _kept(there) in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == [".out-kept"]
    assert run(config, out, resume=True, jobs=2) == 0
    assert len(computed) == BLOCKS - there
    assert same(out, place / "whole")
    assert not kept(out)


def test_damaged_blocks_are_made_again(place: Path, stopped: Path, computed: list[int]) -> None:
    one, two, three = kept(stopped)[:3]
    one.write_bytes(one.read_bytes()[:-100])
    two.write_bytes(b"")
    three.rename(three.with_suffix(".part"))
    before = len(kept(stopped))
    assert run(place / "cases.yaml", stopped, resume=True) == 0
    assert sorted(computed)[:3] == [0, 128, 256]
    assert len(computed) == BLOCKS - before + 2
    assert same(stopped, place / "whole")


def test_blocks_under_each_others_names_are_drawn_again(
    place: Path, stopped: Path, computed: list[int]
) -> None:
    one, two = kept(stopped)[:2]
    shutil.copy(one, two)  # whole and as long as the other
    before = len(kept(stopped))
    assert run(place / "cases.yaml", stopped, resume=True) == 0
    assert int(two.stem.removeprefix("block-")) in computed
    assert len(computed) == BLOCKS - before + 1
    assert same(stopped, place / "whole")


@pytest.mark.parametrize("change", ["seed=6", "scheme=parametric"])
def test_other_draws_are_not_resumed(place: Path, stopped: Path, change: str, computed: list[int]) -> None:
    before = kept(stopped)
    with pytest.raises(SpecError, match="another study, other data or other libraries; run without --resume"):
        run(place / "cases.yaml", stopped, change, resume=True)
    assert kept(stopped) == before
    assert not computed
    assert run(place / "cases.yaml", stopped, change) == 0
    assert len(computed) == BLOCKS
    assert not same(stopped, place / "whole")


def test_other_data_are_not_resumed(place: Path, stopped: Path) -> None:
    data = pd.read_csv(place / "whole.csv")
    data.loc[7, "x4"] += 1
    other = stopped.parent / "whole.csv"
    data.to_csv(other, index=False)
    shutil.copy(place / "cases.yaml", other.parent)
    with pytest.raises(SpecError, match="other data"):
        run(other.parent / "cases.yaml", stopped, resume=True)


def test_without_resume_it_starts_anew(place: Path, stopped: Path, computed: list[int]) -> None:
    assert run(place / "cases.yaml", stopped) == 0
    assert len(computed) == BLOCKS
    assert same(stopped, place / "whole")


def test_an_interrupted_replacement_is_resumed(place: Path, stopped: Path, computed: list[int]) -> None:
    """The folder still holds another study's result, which the interrupted run was to replace."""
    shutil.copytree(place / "whole", stopped)
    text = (stopped / "study.yaml").read_text()
    (stopped / "study.yaml").write_text(text.replace("seed: 2024", "seed: 77"))
    before = len(kept(stopped))
    assert run(place / "cases.yaml", stopped, resume=True) == 0
    assert len(computed) == BLOCKS - before
    assert same(stopped, place / "whole")


def test_other_engines_leave_kept_replicates_alone(place: Path, stopped: Path) -> None:
    from werksem.run import Request, run_study

    before = kept(stopped)
    run_study(Request(place / "cases.yaml", stopped, ("sem",), quiet=True))
    assert before
    assert kept(stopped) == before


def test_more_replicates_extend_a_finished_run(place: Path, tmp_path: Path, computed: list[int]) -> None:
    out = tmp_path / "out"
    run(place / "cases.yaml", out, "replicates=300")
    computed.clear()
    assert run(place / "cases.yaml", out, f"replicates={TOTAL}", resume=True) == 0
    assert sorted(computed) == [256, 384, 512, 640, 768, 896]
    assert same(out, place / "whole")
    with pytest.raises(SpecError, match="out has 1000 replicates and the study asks for 999"):
        run(place / "cases.yaml", out, "replicates=999", resume=True)


def test_earlier_replicates_of_other_origin_are_refused(place: Path) -> None:
    out = place / "origin"  # the resolved study names its data from there
    shutil.copytree(place / "whole", out)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["replicates"]["fingerprint"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SpecError, match="other data, or by another version of werksem"):
        run(place / "cases.yaml", out, "replicates=1100", resume=True)
    (out / "bootstrap.parquet").write_bytes(b"PAR1")
    with pytest.raises(SpecError, match="is damaged"):
        run(place / "cases.yaml", out, "replicates=1100", resume=True)


def test_auto_goes_on_from_what_is_there(
    place: Path, tmp_path: Path, computed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST", 1500)
    run(place / "cases.yaml", tmp_path / "fresh", "replicates=auto")
    assert len(pd.read_parquet(tmp_path / "fresh" / "bootstrap.parquet")) == 1500
    assert len(computed) == len(set(computed)) == 12
    computed.clear()
    out = shutil.copytree(place / "whole", place / "auto")
    run(place / "cases.yaml", out, "replicates=auto", resume=True)
    assert sorted(computed) == [896, 1024, 1152, 1280, 1408]
    assert same(out, tmp_path / "fresh")


def test_one_run_at_a_time(place: Path, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / ".out-kept"
    folder.mkdir()
    with FileLock(folder / "lock"):
        done = werksem("fit", place / "cases.yaml", "--only", "bootstrap", "--out", out)
    assert done.returncode == 2
    assert re.fullmatch(r"werksem: another run writes into \S*out: wait for it, or use --out\n", done.stderr)
    assert folder.is_dir()
    assert run(place / "cases.yaml", out, "replicates=100") == 0


def test_a_full_disk_is_one_sentence(place: Path, stopped: Path) -> None:
    before = len(kept(stopped))
    command = ("fit", place / "cases.yaml", "--only", "bootstrap", "--out", stopped, "--resume")
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"
    done = werksem(*command, before=small)
    assert done.returncode == 2
    said = done.stderr.splitlines()
    assert said[0] == f"werksem: {_kept(before)}"
    assert re.fullmatch(r"werksem: replicates cannot be kept in \S+: File too large", said[1])
    assert len(said) == 2


def test_a_place_that_cannot_be_written_is_one_sentence(place: Path, tmp_path: Path) -> None:
    (tmp_path / ".out-kept").write_text("not a folder")
    with pytest.raises(SpecError, match=r"cannot write beside .*out: .*\.out-kept is a file, where a folder"):
        run(place / "cases.yaml", tmp_path / "out")
    with pytest.raises(SpecError, match="cannot write beside /proc/out"):
        run(place / "cases.yaml", Path("/proc/out"))
