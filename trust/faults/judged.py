"""What is wrong with an answer, with what lies there after a fault, and with the next run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from trust.faults.case import Case
from trust.faults.commands import COMMANDS
from trust.faults.compared import content, differing, hidden, raw, visible

__all__ = ["answered", "left", "next_run", "there"]

Done = subprocess.CompletedProcess[str]


def answered(case: Case, done: Done) -> Iterator[str]:
    """Yield what is wrong with the answer: its exit code, its sentence."""
    if done.returncode != case.code:
        yield f"exit code {case.code} was expected"
    if "Traceback" in done.stderr:
        yield "a traceback"
    if not re.fullmatch(case.says, done.stderr.strip(), flags=re.DOTALL):
        yield f"expected the sentence {case.says!r}"


def there(case: Case, place: Path, before: dict[str, bytes], whole: dict[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with what lies there after the fault."""
    names = COMMANDS[case.verb].writes
    now = raw(place, names)
    if case.code < 0:  # what a killed process wrote beside its files is hidden, and goes with the next run
        now = {name: found for name, found in now.items() if not Path(name).name.startswith(".part-")}
    if case.then == "earlier" and now != before:
        yield f"{', '.join(differing(now, before))} of the earlier result changed"
    if case.then == "nothing" and now:
        yield f"{', '.join(now)} came to be"
    if case.then == "new" and (found := content(place, names)) != whole:
        yield f"{', '.join(differing(found, whole))} of the new result are not as they should be"
    if case.then == "foreign" and list(now.values()) != [b"all of it"]:
        yield "foreign files were touched"
    for pattern in case.kept:
        if not any((place / ".out-kept").glob(pattern)):
            yield f"no {pattern} is kept"


def left(case: Case, place: Path, names: set[str]) -> Iterator[str]:
    """Yield what a command leaves behind that it should not; one that was killed may leave hidden files."""
    more = visible(place) - names - set(COMMANDS[case.verb].writes)
    if more:
        yield f"{', '.join(sorted(more))} is left behind"
    killed = case.code < 0
    rest = set(hidden(place)) - ({".out-kept"} if case.kept else set())
    if rest and not killed:
        yield f"{', '.join(sorted(rest))} is left behind"


def next_run(case: Case, place: Path, done: Done, whole: dict[str, bytes]) -> Iterator[str]:
    """Yield what is wrong after the next run of the command."""
    command = COMMANDS[case.verb]
    if done.returncode != command.exit_code:
        yield f"the next run: exit {done.returncode}, {done.stderr.strip()}"
    found = content(place, command.writes)
    if found != whole:
        yield f"the next run has other bytes in {', '.join(differing(found, whole))}"
    if hidden(place):
        yield f"the next run leaves {', '.join(hidden(place))}"
