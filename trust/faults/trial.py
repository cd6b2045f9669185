"""One fault tried: the place before it, the command, what is there after it and after the next run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from trust.faults.case import THEN, Case, Strike
from trust.faults.commands import COMMANDS, write_place
from trust.faults.compared import content, raw, visible
from trust.faults.judged import answered, left, next_run, there
from trust.faults.surroundings import AROUND, Around, changed, disk, read_only
from trust.part import ROOT

__all__ = ["Found", "Ground", "prepared", "tried"]

SECONDS = 900  # that a command may take
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder in which faults are tried, and what each command ``made`` where nothing disturbed it."""

    folder: Path
    made: dict[str, dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a fault did: in words, the message, and whether the next run ended with the same bytes."""

    found: str
    message: str
    resumed: str
    same_bytes: str
    held: bool


def prepared(folder: Path) -> Ground:
    """Return ground for faults, with the small study in it."""
    (folder / "study").mkdir(parents=True)
    write_place(folder / "study")
    return Ground(folder, {})


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
        done = (
            _beside(place, typed) if case.around == "another run" else _run(place, typed, case.strike, around)
        )
        wrong = [*answered(case, done), *there(case, place, before, whole), *left(case, place, names)]
        room()
        again = _again(case, place, whole) if case.resume else []
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
        done = _run(place, command.typed)
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
        _run(place, COMMANDS[case.verb].typed, case.first)
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


def _command(place: Path, typed: tuple[str, ...], strike: Strike | None, around: Around) -> list[str]:
    what: dict[str, object] = {"limits": dict(around.limits), "place": str(place / "out")}
    what |= {} if strike is None else asdict(strike)
    command = [sys.executable, "-m", "trust.faults.inject", json.dumps(what), *typed]
    return ["bash", "-c", f'"$@" {around.shell}', "bash", *command] if around.shell else command


def _run(
    place: Path, typed: tuple[str, ...], strike: Strike | None = None, around: Around | None = None
) -> Done:
    """Run the command line in a process of its own, struck by a fault."""
    around = around or Around()
    return subprocess.run(
        _command(place, typed, strike, around), cwd=place, env=_environment(around), capture_output=True,
        text=True, timeout=SECONDS, check=False, errors="replace",
    )  # fmt: skip


def _environment(around: Around) -> dict[str, str]:
    return changed(around.environment, PYTHONPATH=f"{ROOT / 'src'}:{ROOT}", OMP_NUM_THREADS="1", COLUMNS="80")


def _beside(place: Path, typed: tuple[str, ...]) -> Done:
    """Run a command while another run holds the place, which then ends undisturbed."""
    pause, around = Strike("werksem.run:read_inputs", "pause"), Around()
    plain = tuple(part for part in typed if part != "--resume")
    first = subprocess.Popen(
        _command(place, plain, pause, around), cwd=place, env=_environment(around), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + SECONDS
    while not (place / "there").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    done = _run(place, typed)
    (place / "go").touch()
    first.wait(timeout=SECONDS)
    for name in ("there", "go"):
        (place / name).unlink()
    return Done(
        done.args, done.returncode, done.stdout, done.stderr.replace(f"process {first.pid})", "process PID)")
    )


def _again(case: Case, place: Path, whole: dict[str, bytes]) -> list[str]:
    """Return what is wrong after the next run, which goes on with what was kept."""
    command = COMMANDS[case.verb]
    more = command.again if case.kept or not case.earlier else ()
    return list(next_run(case, place, _run(place, (*command.typed, *more)), whole))
