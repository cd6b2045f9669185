"""What is printed cannot steer the terminal: labels of data and of result folders may hold anything."""

from __future__ import annotations

import io
import sys

from werksem.errors import visible

__all__ = ["guard_stdout"]

HELP = {"--help", "--version", "--install-completion", "--show-completion"}


class _Visible(io.TextIOWrapper):
    """A stream that writes control characters out, as ``\\x1b``."""

    def write(self, text: str, /) -> int:
        super().write(visible(text))
        return len(text)


def guard_stdout() -> None:
    """Make stdout write control characters out; but for help, whose colours are our own."""
    if len(sys.argv) < 2 or HELP & set(sys.argv) or not isinstance(sys.stdout, io.TextIOWrapper):
        return
    out = sys.stdout
    out.flush()
    sys.stdout = _Visible(
        out.detach(), encoding=out.encoding, errors=out.errors, line_buffering=out.line_buffering
    )
