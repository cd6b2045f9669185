"""What is printed on a terminal: tables with their weights and colours, and nothing that steers it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PRINTS = """
import sys
sys.argv = ["werksem", "compare"]
from werksem.cli.terminal import guard_stdout
guard_stdout()
from rich.console import Console
Console(force_terminal=sys.stdout.isatty()).print("[bold red]beta[/]")
print("label \\x1b[2J \\x1b[8mhidden \\x1b]0;title\\x07")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")
def test_a_terminal_gets_the_tables_colours_and_no_command_of_a_label() -> None:
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    subprocess.run([sys.executable, "-c", PRINTS], stdout=theirs, env=environment, check=True)
    shown = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert "\x1b[1;31mbeta\x1b[0m" in shown
    assert r"label \x1b[2J \x1b[8mhidden \x1b]0;title\x07" in shown


def test_a_file_gets_no_control_characters_at_all() -> None:
    done = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stdout
    assert done.stdout.splitlines()[0] == "beta"
