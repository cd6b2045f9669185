"""One fault tried: the place before it, the command, what is there after it and after the next run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from trust.faults.case import THEN, Case, Strike
from trust.faults.commands import COMMANDS, write_place
from trust.faults.compared import content, raw, visible
from trust.faults.forked import Forker, asked, forker
from trust.faults.judged import answered, left, next_run, there
from trust.faults.surroundings import AROUND, Around, changed, disk, read_only
from trust.part import ROOT

__all__ = ["Found", "Ground", "prepared", "tried"]

SECONDS = 900  # that a command may take
PYTHON = (sys.executable, "-m", "trust.faults.inject")
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder in which faults are tried, and what each command ``made`` where nothing disturbed it.

    ``forks`` runs commands whose surroundings are as usual.
    """

    folder: Path
    made: dict[str, dict[str, bytes]]
    forks: Forker


@dataclass(frozen=True, slots=True)
class Found:
    """What a fault did: in words, the message, and whether the next run ended with the same bytes."""

    found: str
    message: str
    resumed: str
    same_bytes: str
    held: bool


@contextmanager
def prepared(folder: Path) -> Iterator[Ground]:
    """Yield ground for faults, with the small study in it."""
    (folder / "study").mkdir(parents=True)
    write_place(folder / "study")
    with forker(_environment(AROUND[""])) as forks:
        yield Ground(folder, {}, forks)


def tried(case: Case, ground: Ground) -> Found:
    """Return what a fault did in a fresh place, and what the next run made of it."""
    whole = _undisturbed(ground, case.verb)
    place = Path(tempfile.mkdtemp(dir=ground.folder)) / "place"
    place.mkdir()
    around, command = AROUND[case.around], COMMANDS[case.verb]
    with disk(place, around) as room:
        _begin(case, ground, place)
        before, names = raw(place, command.writes), visible(place)
        if around.read_only:
            read_only(place)
        typed = (*command.typed, *case.more)
        busy = case.around == "another run"
        done = _beside(ground, place, typed) if busy else _run(ground, place, typed, case.strike, around)
        wrong = [*answered(case, done), *there(case, place, before, whole), *left(case, place, names)]
        room()
        again = _again(case, ground, place, whole) if case.resume else []
        same = "" if not case.resume else "yes" if content(place, command.writes) == whole else "no"
    shutil.rmtree(place.parent, ignore_errors=True)
    said = " ".join(done.stderr.split()).replace(str(place), "…")
    answer = f"exit {done.returncode}; " + ("; ".join([*wrong, *again]) or THEN[case.then])
    resumed = ("no" if again else "yes") if case.resume else ""
    return Found(answer, said[:300], resumed, same, not wrong and not again)


def _undisturbed(ground: Ground, verb: str) -> dict[str, bytes]:
    """Return what a command writes where nothing disturbs it."""
    if verb not in ground.made:
        command, place = COMMANDS[verb], _of(ground, verb)
        _lay_out(ground, verb, place)
        done = _run(ground, place, command.typed)
        if done.returncode != command.exit_code:
            raise RuntimeError(f"{verb}: {done.stderr}")
        ground.made[verb] = content(place, command.writes)
    return ground.made[verb]


def _of(ground: Ground, verb: str) -> Path:
    return ground.folder / verb.replace(" ", "")


def _lay_out(ground: Ground, verb: str, place: Path) -> None:
    """Make a place in which a command can run, with what it needs."""
    shutil.copytree(ground.folder / "study", place, dirs_exist_ok=True)
    needs = COMMANDS[verb].needs
    if needs:
        _undisturbed(ground, needs)
        for name in ("out", "one"):
            shutil.copytree(_of(ground, needs) / "out", place / name)


def _begin(case: Case, ground: Ground, place: Path) -> None:
    """Make the place of a case: what the command needs, what a run before left, an earlier result."""
    _lay_out(ground, case.verb, place)
    if case.first is not None:
        _run(ground, place, COMMANDS[case.verb].typed, case.first)
    for name in COMMANDS[case.verb].writes if case.earlier else ():
        if not (place / name).exists():
            _earlier(_of(ground, case.verb) / name, place / name)
    AROUND[case.around].before(place)


def _earlier(source: Path, target: Path) -> None:
    """Put a result of another study, or other files, where the command will write."""
    if source.is_dir():
        shutil.copytree(source, target)
        files = [path for path in sorted(target.iterdir()) if path.name in ("study.yaml", "estimates.csv")]
    else:
        shutil.copy(source, target)
        files = [target]
    for path in files:
        path.write_bytes(path.read_bytes() + b"# earlier\n")


def _arguments(place: Path, typed: tuple[str, ...], strike: Strike | None, around: Around) -> tuple[str, ...]:
    what: dict[str, object] = {"limits": dict(around.limits), "place": str(place / "out")}
    what |= {} if strike is None else asdict(strike)
    return (json.dumps(what), *typed)


def _run(
    ground: Ground, place: Path, typed: tuple[str, ...], strike: Strike | None = None,
    around: Around = AROUND[""],
) -> Done:  # fmt: skip
    """Run the command line in a process of its own, struck by a fault."""
    arguments, environment = _arguments(place, typed, strike, around), _environment(around)
    if not (around.environment or around.limits or around.shell or "engine=dask" in " ".join(typed)):
        return asked(ground.forks, place, arguments, environment)
    command = [*PYTHON, *arguments]
    shell = ["bash", "-c", f'"$@" {around.shell}', "bash", *command] if around.shell else command
    return subprocess.run(
        shell, cwd=place, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False,
        errors="replace",
    )  # fmt: skip


def _environment(around: Around) -> dict[str, str]:
    """Return the environment of a run: no revision of git in the manifest, which may change meanwhile."""
    own = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "OMP_NUM_THREADS": "1", "COLUMNS": "80"}
    return changed(around.environment, **own, GIT_DIR=os.devnull)


def _beside(ground: Ground, place: Path, typed: tuple[str, ...]) -> Done:
    """Run a command while another run holds the place, which then ends undisturbed."""
    around = AROUND[""]
    plain = tuple(part for part in typed if part != "--resume")
    pause = _arguments(place, plain, Strike("werksem.run:read_inputs", "pause"), around)
    first = subprocess.Popen(
        [*PYTHON, *pause], cwd=place, env=_environment(around), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + SECONDS
    while not (place / "there").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    done = _run(ground, place, typed)
    (place / "go").touch()
    first.wait(timeout=SECONDS)
    for name in ("there", "go"):
        (place / name).unlink()
    return Done(
        done.args, done.returncode, done.stdout, done.stderr.replace(f"process {first.pid})", "process PID)")
    )


def _again(case: Case, ground: Ground, place: Path, whole: dict[str, bytes]) -> list[str]:
    """Return what is wrong after the next run, which goes on with what was kept."""
    command = COMMANDS[case.verb]
    more = command.again if case.kept or not case.earlier else ()
    return list(next_run(case, place, _run(ground, place, (*command.typed, *more)), whole))
