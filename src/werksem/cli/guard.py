"""One place where errors become messages and exit codes."""

from __future__ import annotations

import logging
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import TextIO

from werksem.cli.app import app
from werksem.cli.streams import open_streams, silenced
from werksem.cli.terminal import guard_stdout
from werksem.errors import WerksemError, shortened, visible

__all__ = ["guarded", "main"]

INTERRUPTED = 130
INTERNAL = 70
STOPS = ("SIGTERM", "SIGHUP")
MOST_SAID = 2000


def main() -> None:
    """Run the command line; every error is one message on stderr and an exit code."""
    # small matrix products on several BLAS threads are 15 times slower than on one
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # that its font cache lies elsewhere is no news
    warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # drawn as boxes
    _listen()
    open_streams()
    guard_stdout()
    code = guarded(app)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is said and done: what remains is to end
    sys.exit(code)


def _listen() -> None:
    """End at a signal as at an interrupt, so that no half-written folder stays; at a second one at once.

    Signals that the caller has set to be ignored (``nohup``) stay so.
    """
    for name in ("SIGINT", *STOPS):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _stopped)


def _stopped(number: int, frame: object) -> None:
    del frame
    for name in ("SIGINT", *STOPS):
        other = getattr(signal, name, None)
        if other is not None and signal.getsignal(other) is _stopped:
            signal.signal(other, signal.SIG_DFL)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def guarded(command: Callable[[], object]) -> int:
    """Run a command and return its exit code; every error is one message on stderr.

    What is printed and cannot be written, as on a full disk, is an error too.
    """
    code = 0
    try:
        code = _code(command)
        sys.stdout.flush()
    except WerksemError as error:
        return _said(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _said("interrupted", INTERRUPTED)
    except BrokenPipeError:
        silenced(sys.stdout)
        return code
    except MemoryError as error:
        return _said(
            f"not enough memory{f' ({error})' if str(error) else ''}; right is a machine or a limit with "
            "more, fewer --jobs, or fewer respondents or items",
            WerksemError.exit_code,
        )
    except OSError as error:
        _lost(sys.stdout)
        return _said(f"{error.filename or 'files'}: {error.strerror or error}", WerksemError.exit_code)
    except Exception as error:
        return _internal(error)
    return code


def _code(command: Callable[[], object]) -> int:
    """Run a command; return 0, or the exit code with which it ended itself."""
    try:
        command()
    except SystemExit as stop:
        return _ended(stop)
    return 0


def _lost(stream: TextIO) -> None:
    """Forget what a stream cannot write, of which Python would print a traceback when it ends."""
    try:
        stream.flush()
    except OSError:
        silenced(stream)


def _said(message: str, code: int) -> int:
    print(f"werksem: {visible(shortened(message, MOST_SAID))}", file=sys.stderr)
    return code


def _ended(stop: SystemExit) -> int:
    """Return the exit code of a command that ended itself, or was ended by a signal, which is said."""
    if isinstance(stop.code, int):
        stops = {128 + number: name for name in STOPS if (number := getattr(signal, name, None)) is not None}
        said = {INTERRUPTED: "interrupted"} | {code: f"stopped by {name}" for code, name in stops.items()}
        if stop.code in said:
            _said(said[stop.code], stop.code)
        return stop.code
    return int(stop.code is not None)


def _internal(error: Exception) -> int:
    if os.environ.get("WERKSEM_DEBUG"):
        raise error
    kind = type(error).__name__
    return _said(
        f"internal error ({kind}: {error}). This is a fault of werksem, not of your study; "
        "set WERKSEM_DEBUG=1 to see where it arose.",
        INTERNAL,
    )
