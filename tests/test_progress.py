"""Progress is shown on a terminal only, and never where it is to be quiet."""

from __future__ import annotations

import io
import sys

import pytest

from werksem.progress import progress_bar, shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, quiet: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with shown("SEM", quiet=quiet):
        pass
    with shown("posterior", quiet=quiet), progress_bar("bootstrap", 4, quiet=quiet) as tick:
        tick(1)
        tick(3)
    return stream.getvalue()


def test_a_terminal_sees_stages_and_a_bar_with_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(Terminal(), monkeypatch)
    assert text.startswith("\r\x1b[2KSEM …\r\x1b[2K")
    assert "4/4" in text
    assert "0:00:00" in text
    # the stage's name gives way to the bar
    assert "posterior …\r\x1b[2K" in text


@pytest.mark.parametrize("quiet", [True, False])
def test_nobody_else_sees_anything(quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(io.StringIO(), monkeypatch, quiet=quiet) == ""
    assert written(Terminal(), monkeypatch, quiet=True) == ""
