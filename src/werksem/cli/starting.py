"""Studies, models and data to begin with: init, convert, schema, simulate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from werksem.cli.app import app

__all__ = ["convert", "init", "schema", "simulate"]


@app.command()
def simulate(
    population: Annotated[Path, typer.Argument(help="population file", metavar="POPULATION")],
    out: Annotated[
        Path, typer.Option(help="data file: .parquet, .csv, .csv.gz, .tsv or .sav", metavar="FILE")
    ],
    n: Annotated[
        int | None, typer.Option(min=1, help="respondents (default: as the population file says)")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="seed (default: the population file's own)")] = None,
) -> None:
    """Draw survey data from a population file."""
    from werksem.survey.synthetic import write_synthetic

    write_synthetic(population, out, n, seed)


@app.command()
def init(
    folder: Annotated[
        Path | None, typer.Argument(help="where to write (default here); or a data file", metavar="[DIR]")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="data to look at (.csv .csv.gz .tsv .sav .parquet)", metavar="FILE")
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en: of comments, labels and reports")] = "nl",
) -> None:
    """Write a starter study; of a data file, a commented study and model with guessed scales."""
    from werksem.starting.run import Start, start_study

    for line in start_study(Start(folder, data, language)):
        print(line)


@app.command()
def convert(
    file: Annotated[
        Path,
        typer.Argument(help="syntax (.lavaan, .semopy, .txt, .R), model, study or result folder"),
    ],
    syntax: Annotated[
        str | None, typer.Option("--from", help="lavaan or semopy (default: as the text shows)")
    ] = None,
) -> None:
    """Turn lavaan's or semopy's syntax into a model file, or a model into lavaan syntax."""
    from werksem.spec.convert import convert_file

    print(convert_file(file, syntax), end="")


@app.command()
def schema(
    kind: Annotated[
        str, typer.Argument(help="study, model, claims, published, population, audit or acceptance")
    ] = "study",
    out: Annotated[
        Path | None, typer.Option(help="write all of them into this folder", metavar="DIR")
    ] = None,
) -> None:
    """Print the JSON Schema of one kind of file, for editors, or write all of them."""
    from werksem.schemas import schema_text, write_schemas

    if out is None:
        print(schema_text(kind))
        return
    for path in write_schemas(out):
        print(path)
