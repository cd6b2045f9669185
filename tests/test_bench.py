"""The benchmark: the model's size, equal resamples, peers' numbers, the files, absent peers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import werksem.bench.lavaan_peer
import werksem.bench.run
from werksem.bench.case import Case, case_of
from werksem.bench.chain import FILE, answers, chain_model, indirect_effects
from werksem.bench.files import COLUMNS, write_bench
from werksem.bench.own import own_refits, own_units, resamples
from werksem.bench.peer import Peer, PeerAbsentError
from werksem.bench.peers import PEERS
from werksem.bench.rounds import Line, Played, play
from werksem.bench.run import BenchRequest, run_bench
from werksem.bench.start import Start, own_starts
from werksem.bench.table import print_bench
from werksem.errors import DataError, WerksemError
from werksem.spec.load import load_model

ROOT = Path(__file__).resolve().parents[1]
N, FEW = 600, 3
COLD = Start("werksem", "0", "cold", N, 1.0, 0.1, 9.0, 11.0, 300.0)


@pytest.fixture(scope="module")
def chain() -> Case:
    return case_of(chain_model(), answers(N))


@pytest.fixture(scope="module")
def played(chain: Case) -> Played:
    return play(chain, ("semopy", "lavaan"), replicates=FEW, rounds=2)


def line_of(played: Played, name: str) -> Line:
    found = [line for line in played.lines if line.peer == name]
    if not found:
        pytest.skip(f"{name} is absent: {played.absent[name]}")
    return found[0]


def test_the_model_is_the_shipped_binding_chain() -> None:
    ours, shipped = load_model(FILE), load_model(ROOT / "models" / "mediatie_binding.yaml")

    def said(statement: object) -> str:
        return str(replace(statement, where=""))  # type: ignore[type-var]

    assert sorted(map(said, ours.statements)) == sorted(map(said, shipped.statements))
    assert ours.routes == shipped.routes
    model = chain_model()
    assert (len(model.observed), len(model.latent), model.npar, indirect_effects()) == (45, 11, 145, 36)


def test_answers_have_five_points_and_the_models_correlations() -> None:
    rows = answers(20_000)
    assert set(np.unique(rows)) == {1, 2, 3, 4, 5}
    fit = case_of(chain_model(), rows).fit
    found = dict(zip(chain_model().parameters, fit.theta, strict=True))
    pair = [
        found[f"{x}~~{y}"] for x, y in [("veilig", "inclusief"), *[(f, f) for f in ("veilig", "inclusief")]]
    ]
    # .67 in the population; five points rather than none cost a little of the items, not of the latents
    assert pair[0] / np.sqrt(pair[1] * pair[2]) == pytest.approx(0.67, abs=0.015)


def test_resamples_are_those_the_bootstrap_draws(chain: Case) -> None:
    units = own_units(chain)
    drawn = resamples(N, 7, FEW)
    assert drawn.shape == (FEW, N)
    given = own_refits(chain, units, 0, 0, indices=drawn)
    assert np.allclose(own_refits(chain, units, 7, 20).theta[:FEW], given.theta, atol=1e-10)


def test_lavaan_finds_the_same_numbers(played: Played) -> None:
    line = line_of(played, "lavaan")
    assert 0 < line.difference < 5e-5
    assert line.failed == 0


def test_semopy_stops_near(played: Played) -> None:
    line = line_of(played, "semopy")
    assert 0 < line.difference < 0.02
    assert line.failed == 0


def test_ratios_are_peer_by_werksem(played: Played) -> None:
    own = line_of(played, "werksem")
    assert (own.ratio_cpu, own.ratio_wall, own.difference) == (1, 1, 0)
    for line in played.lines:
        assert len(line.cpu) == len(line.wall) == len(line.ratios) == 2
        assert line.ratio_cpu == pytest.approx(np.median(line.cpu) / np.median(own.cpu))
        assert line.ratios[1] == pytest.approx(line.cpu[1] / own.cpu[1])
        assert min(line.wall) > 0


def test_files_hold_what_was_promised(played: Played, tmp_path: Path) -> None:
    paths = write_bench(played.lines, [COLD], tmp_path / "bench.csv")
    assert [path.name for path in paths] == ["bench.csv", "bench_rounds.csv", "bench_start.csv", "bench.svg"]
    table = pd.read_csv(paths[0])
    assert tuple(table.columns) == COLUMNS
    assert list(table.peer) == [line.peer for line in played.lines]
    assert (table["items"] == 45).all()
    assert (table["parameters"] == 145).all()
    own = table[table.peer == "werksem"].iloc[0]
    assert np.allclose(table.cpu_per_replicate / own.cpu_per_replicate, table.ratio_cpu)
    assert len(pd.read_csv(paths[1])) == 2 * len(table)
    assert pd.read_csv(paths[2]).state.tolist() == ["cold"]
    drawn = paths[3].read_text()
    for line in played.lines[1:]:
        assert f"{line.peer} {line.version}" in drawn


def test_an_absent_peer_is_named_and_skipped(chain: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(werksem.bench.lavaan_peer.shutil, "which", lambda name: None)
    found = play(chain, ("lavaan",), replicates=FEW, rounds=1)
    assert [line.peer for line in found.lines] == ["werksem"]
    out = StringIO()
    print_bench(found.lines, [COLD], found.absent, Console(file=out, width=80))
    assert "lavaan is skipped: there is no Rscript on the path" in out.getvalue()
    assert "36 indirect effects" in out.getvalue()
    assert "…" not in out.getvalue()


def script(folder: Path, text: str) -> str:
    """Return the path of a stand-in for Rscript."""
    file = folder / "Rscript"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("text", "reason"), [("echo absent", "install.packages"), ("echo no such thing >&2", "no such thing")]
)
def test_r_without_lavaan_says_why(
    chain: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    program = script(tmp_path, text)
    monkeypatch.setattr(werksem.bench.lavaan_peer.shutil, "which", lambda name: program)
    with pytest.raises(PeerAbsentError, match=reason), PEERS["lavaan"](chain):
        raise AssertionError("it stood ready")


def test_a_peer_that_fails_on_the_way_is_skipped(chain: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def failing(case: Case) -> Iterator[Peer]:
        def refit(drawn: object) -> object:
            raise PeerAbsentError("R stopped: out of memory")

        yield Peer("0", 0.0, 0.0, refit)  # type: ignore[arg-type]

    monkeypatch.setitem(PEERS, "lavaan", failing)
    found = play(chain, ("lavaan",), replicates=FEW, rounds=2)
    assert [line.peer for line in found.lines] == ["werksem"]
    assert found.absent == {"lavaan": "R stopped: out of memory"}


def test_the_verb_writes_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(werksem.bench.run, "own_starts", lambda n: (COLD, replace(COLD, state="warm")))
    request = BenchRequest("semopy", f"{N + 50},{N}", FEW, tmp_path / "b.csv", rounds=2)
    lines = run_bench(request)
    assert [line.n for line in lines if line.peer == "werksem"] == [N, N + 50]
    assert len(pd.read_csv(tmp_path / "b.csv")) == len(lines)
    said = capsys.readouterr().out
    assert "werksem 0, warm" in said
    assert "b.svg" in said


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (BenchRequest(against="lavan"), 'did you mean "lavaan"'),
        (BenchRequest(n="2000,many"), "found 'many'"),
        (BenchRequest(n="100"), "200 or more"),
        (BenchRequest(n=""), "found nothing"),
        (BenchRequest(out=Path("no/such/folder/b.csv")), "a folder that exists"),
        (BenchRequest(out=Path("b.svg")), "names the CSV file"),
    ],
)
def test_wrong_words_are_told_before_anything_runs(request_: BenchRequest, said: str) -> None:
    with pytest.raises((WerksemError, DataError), match=said):
        run_bench(request_)


def test_help_shows_the_verb() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "werksem", "bench", "--help"], capture_output=True, text=True, check=True
    )
    for option in ("--against", "--n", "--replicates", "--out"):
        assert option in done.stdout


@pytest.mark.slow
def test_a_cold_start_compiles_and_a_warm_one_does_not() -> None:
    cold, warm = own_starts(N)
    assert cold.first_replicates > 3 * warm.first_replicates
    for start in (cold, warm):
        assert start.process > start.first_replicates > 0
        assert start.peak_mb > 50
