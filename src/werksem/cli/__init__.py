"""The command line: one thin function per verb, and one place where errors become messages."""

from werksem.cli import analysing, starting, trusting  # registers the verbs, in this order
from werksem.cli.app import app
from werksem.cli.guard import guarded, main

__all__ = ["analysing", "app", "guarded", "main", "starting", "trusting"]
