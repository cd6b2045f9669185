"""The command line itself, and the arguments that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from werksem import __version__

__all__ = ["AsJson", "Config", "Folder", "Set", "app"]

app = typer.Typer(
    name="werksem",
    help="SEM, bootstrap and hierarchical posteriors of large employee surveys, side by side.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

Config = Annotated[Path, typer.Argument(help="study file (configs/*.yaml)", metavar="CONFIG")]
Folder = Annotated[Path, typer.Argument(help="result folder", metavar="DIR")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object instead")]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="override one key of the study")
]


def _version(value: bool) -> None:
    if value:
        print(f"werksem {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version and stop")
    ] = False,
) -> None:
    del version
