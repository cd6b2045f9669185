"""One place where errors become messages and exit codes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from werksem.cli.app import app
from werksem.cli.terminal import guard_stdout
from werksem.errors import WerksemError, shortened, visible

__all__ = ["guarded", "main"]

INTERRUPTED = 130
INTERNAL = 70
MOST_SAID = 2000


def main() -> None:
    """Run the command line; every error is one message on stderr and an exit code."""
    # small matrix products on several BLAS threads are 15 times slower than on one
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGTERM, _stopped)
    guard_stdout()
    sys.exit(guarded(app))


def _stopped(number: int, frame: object) -> None:
    """End as an interrupt does, so that no half-written folder stays."""
    del frame
    raise SystemExit(128 + number)


def guarded(command: Callable[[], object]) -> int:
    """Run a command and return its exit code; every error is one message on stderr."""
    try:
        command()
    except WerksemError as error:
        print(f"werksem: {visible(shortened(str(error), MOST_SAID))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("werksem: interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            print("werksem: interrupted", file=sys.stderr)
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        said = f"{error.filename or 'files'}: {error.strerror or error}"
        print(f"werksem: {visible(said)}", file=sys.stderr)
        return WerksemError.exit_code
    except Exception as error:
        if os.environ.get("WERKSEM_DEBUG"):
            raise
        kind = type(error).__name__
        print(
            f"werksem: internal error ({kind}: {error}). This is a fault of werksem, not of your study; "
            "set WERKSEM_DEBUG=1 to see where it arose.",
            file=sys.stderr,
        )
        return INTERNAL
    return 0
