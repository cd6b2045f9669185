"""What a study answers: fit, check, describe, compare, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from werksem.api.verbs import ENGINES, engines_of
from werksem.cli.app import AsJson, Config, Folder, Set, app
from werksem.cli.streams import unread

__all__ = ["check", "compare", "describe", "fit", "report"]


@app.command()
def fit(
    config: Config,
    out: Annotated[
        Path | None, typer.Option(help="result folder (default results/STUDY)", metavar="DIR")
    ] = None,
    only: Annotated[str, typer.Option(help="engines to run, separated by commas")] = ",".join(ENGINES),
    overrides: Set = None,
    jobs: Annotated[int, typer.Option(min=0, help="threads of the bootstrap; 0 takes every processor")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="go on with kept replicates; do nothing where all is done")
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="no progress and no summary; what is not to be trusted is still said"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a study: OLS, SEM, bootstrap and posterior, compared in one result folder."""
    engines = engines_of(only, "--only")
    from werksem.run import Request, run_study

    request = Request(config, out, engines, tuple(overrides or ()), jobs, resume, quiet or as_json)
    if as_json:
        from werksem.machine import json_document, result_document

        with json_document() as found:
            folder, code = run_study(request)
            found |= result_document(folder, code)
        raise typer.Exit(code)
    folder, code = run_study(request)
    if not quiet:
        from werksem.report.console import print_summary

        with unread():
            print_summary(folder)
    elif code:
        from werksem.compare.cells import read_table
        from werksem.estimates import statuses_said

        estimates = read_table(folder / "estimates.csv", ("engine", "status"))
        print(f"werksem: {folder}: {statuses_said(estimates)}", file=sys.stderr)
    raise typer.Exit(code)


@app.command()
def check(
    config: Config,
    overrides: Set = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="no progress, no summary; what cannot be trusted is said")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read and check a study, its model and its data, without estimating."""
    from werksem.check import check_facts, check_study

    if as_json:
        from werksem.machine import gathered, json_document

        with json_document() as found:
            gathered(found, check_facts(config, tuple(overrides or ())))
        return
    for line in check_study(config, tuple(overrides or ())):
        if not quiet:
            print(line)


@app.command()
def describe(
    config: Config,
    out: Annotated[
        Path | None, typer.Option(help="result folder (default results/STUDY)", metavar="DIR")
    ] = None,
    overrides: Set = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="do not print the tables")] = False,
) -> None:
    """Make a study's descriptive tables: marks, shares, answers, with intervals and small cells left out."""
    from werksem.describing.run import Request, describe_study

    folder = describe_study(Request(config, out, tuple(overrides or ())))
    if not quiet:
        from werksem.report.described.console import print_tables

        print_tables(folder)


@app.command()
def compare(
    folders: Annotated[list[Path], typer.Argument(help="result folders", metavar="DIR…")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="a folder for across.csv, passport.csv and change.csv, or a CSV file for change",
            metavar="DIR",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print betas beside posteriors and why they differ, for one result folder or several, and over waves."""
    from werksem.report.change import print_change, refuse_change
    from werksem.report.console import print_comparison
    from werksem.report.folder import readable
    from werksem.report.passport_console import print_passport, write_across

    if out is not None and out.suffix.lower() == ".csv":
        refuse_change(folders)
    if as_json:
        from werksem.machine import compared_document, json_document

        with json_document() as found, readable(*folders):
            found |= compared_document(folders, write_across(folders, out))
        return
    with readable(*folders):
        print_comparison(folders)
        print_passport(folders)
        print_change(folders, write_across(folders, out))


@app.command()
def report(
    folder: Folder,
    formats: Annotated[
        str,
        typer.Option(help="html, docx, tex, csv, md, separated by commas (default: html and the study's)"),
    ] = "",
) -> None:
    """Make the report from a result folder again, without refitting: a page, and tables to publish."""
    from werksem.release.again import report_again

    for path in report_again(folder, formats):
        print(path)
