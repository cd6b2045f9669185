"""Whether numbers hold: replay, verify, calibrate, doctor, bench, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from werksem.cli.app import AsJson, Config, Folder, Set, app
from werksem.errors import WerksemError

__all__ = ["audit", "bench", "calibrate", "doctor", "replay", "verify"]


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
def calibrate(
    config: Config,
    out: Annotated[
        Path | None, typer.Option(help="result folder (default results/STUDY_calibration)", metavar="DIR")
    ] = None,
    overrides: Set = None,
    jobs: Annotated[int, typer.Option(min=0, help="threads; 0 takes every processor")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="no progress and no summary")] = False,
    as_json: AsJson = False,
) -> None:
    """Does this study keep its promises at its n? Simulates surveys: bias, coverage, ranks, power.

    Exit code 1 where an interval of the study's own is off by more than chance allows.
    """
    from werksem.calibrate.run import Request, calibrate_study

    request = Request(config, out, tuple(overrides or ()), jobs, quiet or as_json)
    if as_json:
        from werksem.calibrate.console import calibration_document
        from werksem.machine import json_document

        with json_document() as found:
            folder, code = calibrate_study(request)
            found |= calibration_document(folder, code)
        raise typer.Exit(code)
    folder, code = calibrate_study(request)
    if not quiet:
        from werksem.calibrate.console import calibration_lines

        for line in calibration_lines(folder):
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
