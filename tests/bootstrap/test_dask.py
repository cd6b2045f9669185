"""Blocks on a real Dask cluster: two worker processes on loopback, and what goes wrong with one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bootstrap_runs import prepared_of, run, same, werksem, write_data, write_study
from werksem.bootstrap.on_dask import on_dask
from werksem.bootstrap.run import run_blocks
from werksem.errors import SpecError

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dask")
    write_data(folder)
    return folder


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Two worker processes on loopback; their address."""
    here = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **here) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def lone() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler process without workers, and its address."""
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen([*command, "--no-dashboard"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = next(filter(None, (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in process.stderr)))
        try:
            yield found[0], process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "design", ["whole_numbers", "groups", "rao_wu", "parametric", "replicate_weights", "fiml"]
)
def test_workers_make_the_same_bytes_as_threads(place: Path, scheduler: str, design: str) -> None:
    job = prepared_of(write_study(place, design, "replicates: 300")).job
    here, there = run_blocks(job, jobs=2), run_blocks(job, workers=on_dask(scheduler))
    assert there.theta.tobytes() == here.theta.tobytes()
    assert there.gradient_max.tobytes() == here.gradient_max.tobytes()
    assert (there.status == here.status).all()


def test_a_study_on_a_cluster_has_the_same_result(place: Path, scheduler: str) -> None:
    config = write_study(place, "cases", "replicates: 1000")
    assert run(config, place / "threads") == 0
    assert run(config, place / "dask", "engine=dask", f"scheduler={scheduler}") == 0
    assert same(place / "threads", place / "dask")


def test_workers_have_one_blas_thread_each(scheduler: str) -> None:
    with distributed.Client(scheduler) as client:
        found = client.run(lambda: (os.getpid(), os.environ["OMP_NUM_THREADS"]))
    assert len(dict(found.values())) == 2
    assert {threads for _, threads in found.values()} == {"1"}


def test_without_a_scheduler_there_are_processes_for_the_run(place: Path) -> None:
    config = write_study(place, "cases", "replicates: 300")
    out = place / "own"
    done = werksem(
        "fit", config, "--only", "bootstrap", "--set", "bootstrap.engine=dask", "--jobs", 2, "--out", out,
        "--quiet",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    run(config, place / "here")
    assert same(out, place / "here")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "pigeon://loft:1"])
def test_a_wrong_address_is_one_sentence_soon(place: Path, address: str) -> None:
    config = write_study(place, "cases", f"replicates: 300, engine: dask, scheduler: '{address}'")
    began = time.monotonic()
    done = werksem("fit", config, "--only", "bootstrap", "--out", place / "wrong")
    assert done.returncode == 2
    assert re.fullmatch(
        rf"werksem: {config}: bootstrap.scheduler: no Dask scheduler answers at {address}; .*\n", done.stderr
    )
    assert time.monotonic() - began < 40
    assert not (place / "wrong").exists()


def test_a_scheduler_without_workers_is_one_sentence(
    place: Path, lone: tuple[str, subprocess.Popen[str]]
) -> None:
    job = prepared_of(write_study(place, "cases", "replicates: 300")).job
    with pytest.raises(SpecError, match=f"{lone[0]} has no workers; right is `dask worker {lone[0]}` first"):
        run_blocks(job, workers=on_dask(lone[0]))


def test_a_lost_scheduler_leaves_finished_blocks(
    place: Path, tmp_path: Path, lone: tuple[str, subprocess.Popen[str]]
) -> None:
    address, process = lone
    config = write_study(place, "cases", f"replicates: 2000000, engine: dask, scheduler: '{address}'")
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard", "--no-nanny"]
    worker = subprocess.Popen([*command, "--nthreads", "1"], stderr=subprocess.DEVNULL)
    fit = subprocess.Popen(
        [sys.executable, "-m", "werksem", "fit", config, "--only", "bootstrap", "--out", tmp_path / "out"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for _ in range(600):
            if len(list(tmp_path.glob(".out-kept/block-*.npz"))) > 2:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        _, errors = fit.communicate(timeout=90)
    finally:
        worker.kill()
        fit.kill()
        worker.wait()
    assert fit.returncode == 2
    said = [line for line in errors.splitlines() if line.startswith("werksem: ")]
    assert re.search(r"\d+ blocks? of replicates (is|are) kept, --resume goes on", said[0])
    assert re.search(r"bootstrap\.engine dask: .* lost; replicates that came back are kept", said[1])
    assert "Traceback" not in errors
    assert len(list(tmp_path.glob(".out-kept/block-*.npz"))) > 2


def test_without_dask_it_says_what_to_install(place: Path) -> None:
    config = write_study(place, "cases", "replicates: 300, engine: dask")
    done = werksem(
        "fit", config, "--only", "bootstrap", "--out", place / "none",
        before="sys.modules['distributed'] = None",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        f"werksem: {config}: bootstrap.engine dask: Dask is not installed; "
        "right is pip install 'werksem[dask]'\n"
    )
