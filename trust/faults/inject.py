"""``python -m trust.faults.inject STRIKE ARGUMENT…``: the command line, struck by a fault at one moment."""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

DELAY = 0.3  # seconds into a call, for faults during it


def main() -> None:
    """Put the fault in its place and run the command line."""
    strike = json.loads(sys.argv[1])
    sys.argv = ["werksem", *sys.argv[2:]]
    for name, bytes_ in strike.get("limits", {}).items():
        resource.setrlimit(getattr(resource, name), (bytes_, bytes_))
    # the caller may run in the background, or under nohup
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if "at" in strike:
        _place(strike)
    from werksem.__main__ import main as run

    run()


def _place(strike: dict[str, Any]) -> None:
    module, name = strike["at"].split(":")
    target = importlib.import_module(module)
    original, calls = getattr(target, name), [0]

    def struck(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        here = calls[0] == strike["nth"]
        if here and strike["when"] == "during":
            threading.Timer(DELAY, _doing(strike)).start()
        if here and strike["when"] == "before":
            _doing(strike)()
        found = original(*arguments, **named)
        if here and strike["when"] == "during":
            time.sleep(2 * DELAY)
        if here and strike["when"] == "after":
            _doing(strike)()
        return found

    setattr(target, name, struck)


def _doing(strike: dict[str, Any]) -> Callable[[], None]:
    what, place = strike["do"], Path(strike.get("place", "."))
    if what.startswith("SIG"):
        return lambda: os.kill(os.getpid(), getattr(signal, what))
    return {
        "memory": _no_memory, "full": _full, "error": _error, "pause": lambda: _pause(place),
        "foreign": lambda: _foreign(place), "gone": lambda: shutil.rmtree(place.parent),
        "twice": _twice, "children": _kill_children,
    }[what]  # fmt: skip


def _no_memory() -> None:
    raise MemoryError("unable to allocate 1.00 TiB")


def _full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")


def _error() -> None:
    raise RuntimeError("a thread that breaks")


def _twice() -> None:
    """Interrupt, and once more while what was begun is being cleared away."""

    def clearing(*arguments: Any, **named: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    shutil.rmtree = clearing  # type: ignore[assignment]
    os.kill(os.getpid(), signal.SIGINT)


def _kill_children() -> None:
    """Kill the processes that this one has started: Dask's workers."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            mine = (place / "stat").read_text().rpartition(")")[2].split()[1] == str(os.getpid())
            if mine and "spawn_main" in (place / "cmdline").read_text():
                os.kill(int(place.name), signal.SIGKILL)


def _pause(place: Path) -> None:
    """Say that the command is there, and wait until somebody says that it may go on."""
    place.with_name("there").touch()
    deadline = time.monotonic() + 300
    while not place.with_name("go").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _foreign(place: Path) -> None:
    """Put a folder that is no result where the result is to be."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / "thesis.txt").write_text("all of it", encoding="utf-8")


if __name__ == "__main__":
    main()
