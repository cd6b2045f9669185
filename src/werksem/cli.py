"""The command line: one thin function per verb, and one place where errors become messages."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from werksem import __version__
from werksem.api.verbs import ENGINES, engines_of
from werksem.errors import WerksemError

__all__ = ["app", "main"]

INTERRUPTED = 130
INTERNAL = 70

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


def main() -> None:
    """Run the command line; every error is one message on stderr and an exit code."""
    # small matrix products on several BLAS threads are 15 times slower than on one
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGTERM, _stopped)
    sys.exit(_guarded(app))


def _stopped(number: int, frame: object) -> None:
    """End as an interrupt does, so that no half-written folder stays."""
    del frame
    raise SystemExit(128 + number)


def _guarded(command: Callable[[], object]) -> int:
    try:
        command()
    except WerksemError as error:
        print(f"werksem: {error}", file=sys.stderr)
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
        print(f"werksem: {error.filename or 'files'}: {error.strerror or error}", file=sys.stderr)
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
    quiet: Annotated[bool, typer.Option("--quiet", help="no progress and no summary")] = False,
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

        print_summary(folder)
    raise typer.Exit(code)


@app.command()
def check(
    config: Config,
    overrides: Set = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="say nothing, the exit code tells")] = False,
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

        with json_document() as found:
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


@app.command()
def replay(
    folder: Folder,
    replicate: Annotated[int, typer.Argument(help="row of bootstrap.parquet, counted from 0")],
) -> None:
    """Draw and fit one replicate of a finished bootstrap again; write its rows and estimates."""
    from werksem.replay import replay as replay_one
    from werksem.replay import replay_lines

    done = replay_one(folder, replicate)
    for line in replay_lines(done):
        print(line)
    raise typer.Exit(int(done.off is not None))


@app.command()
def verify(
    lock: Annotated[Path, typer.Argument(help="lock file", metavar="LOCK")],
    folder: Annotated[
        Path | None, typer.Argument(help="with --write: result folder", metavar="[DIR]")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="write LOCK from the results in DIR")] = False,
    only: Annotated[str, typer.Option(help="engines to run, separated by commas")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Do today's versions still give the published numbers? Exit code 1 where one moved."""
    if write != (folder is not None):
        raise WerksemError("right is verify LOCK, or verify --write LOCK DIR")
    from werksem.lock.verb import verify_lines, write_lines

    if folder is not None:
        for line in write_lines(lock, folder, as_json):
            print(line)
        return
    found, code = verify_lines(lock, tuple(filter(None, only.split(","))), as_json)
    for line in found:
        print(line)
    raise typer.Exit(code)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Versions, threads, folders and known-bad combinations. Exit code 1 where something is wrong."""
    import json

    from werksem.doctor.run import as_json as plain
    from werksem.doctor.run import diagnosis, lines

    found = diagnosis()
    for line in [json.dumps(plain(found))] if as_json else lines(found):
        print(line)
    raise typer.Exit(found.exit_code)


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
def bench(
    against: Annotated[str, typer.Option(help="peers, separated by commas")] = "semopy,lavaan",
    n: Annotated[str, typer.Option(help="numbers of respondents, separated by commas", metavar="N,N…")] = (
        "2000,10000,40000"
    ),
    replicates: Annotated[int, typer.Option(min=1, help="replicates of werksem per round")] = 1000,
    out: Annotated[
        Path | None, typer.Option(help="CSV file; rounds, starts and a plot come beside it", metavar="FILE")
    ] = None,
) -> None:
    """Measure the bootstrap's speed beside peers, in rounds in turn, as ratios."""
    from werksem.bench.threads import one_blas_thread

    one_blas_thread()
    from werksem.bench.run import BenchRequest, run_bench

    run_bench(BenchRequest(against, n, replicates, out))


@app.command()
def audit(
    tables: Annotated[
        list[Path], typer.Argument(help="published tables (.yaml, .csv), taken together", metavar="TABLE…")
    ],
    out: Annotated[
        Path | None, typer.Option(help="CSV file of the cells; the matrix comes beside it", metavar="FILE")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="say nothing, the exit code tells")] = False,
    as_json: AsJson = False,
) -> None:
    """Are published betas, stars, n and R² mutually possible? Exit code 1 where they are not."""
    from werksem.audit.lines import lines
    from werksem.audit.run import audit as audited
    from werksem.audit.run import exit_code, refuse_over, write_audit

    if out is not None:
        refuse_over(out, tables)
    if as_json:
        from werksem.machine import audit_document, json_document

        with json_document() as found:
            done = audited(tables)
            found |= audit_document(done)
    else:
        done = audited(tables)
    written = write_audit(done, out) if out is not None else ()
    if not quiet and not as_json:
        for line in (*lines(done), *written):
            print(line)
    raise typer.Exit(exit_code(done))


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
