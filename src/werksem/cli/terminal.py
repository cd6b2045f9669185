"""What is printed cannot steer the terminal: labels of data and of result folders may hold anything."""

from __future__ import annotations

import io
import re
import sys

from werksem.errors import visible

__all__ = ["guard_stdout", "harmless"]

HELP = {"--help", "--version", "--install-completion", "--show-completion"}
# bold, dim, italic, underlined, the colours but black, and back: what our tables on a terminal are made of,
# and what hides nothing where a label has it
STYLE = re.compile(r"(\x1b\[(?:[01234]|3[1-79]|9[0-7])(?:;(?:[01234]|3[1-79]|9[0-7]))*m)")


class _Visible(io.TextIOWrapper):
    """A stream that writes control characters out, as ``\\x1b``."""

    def write(self, text: str, /) -> int:
        super().write(harmless(text) if self.isatty() else visible(text))
        return len(text)


def harmless(text: str) -> str:
    """Return text for a terminal: with weights and colours, every other control character written out.

    >>> harmless("\\x1b[1mβ\\x1b[0m") == "\\x1b[1mβ\\x1b[0m", harmless("\\x1b[2J").isprintable()
    (True, True)
    """
    parts = STYLE.split(text)
    return "".join(part if at % 2 else visible(part) for at, part in enumerate(parts))


def guard_stdout() -> None:
    """Make stdout write control characters out; but for help, whose colours are our own."""
    if len(sys.argv) < 2 or HELP & set(sys.argv) or not isinstance(sys.stdout, io.TextIOWrapper):
        return
    out = sys.stdout
    out.flush()
    sys.stdout = _Visible(
        out.detach(), encoding=out.encoding, errors=out.errors, line_buffering=out.line_buffering
    )
