"""Commands that are stopped: by Ctrl-C, by whoever manages jobs, by a terminal that closes, by kill -9."""

from __future__ import annotations

from collections.abc import Iterator

from trust.faults.case import Case, Strike

__all__ = ["STOPS"]

CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9}
NAMES = {"SIGINT": "Ctrl-C", "SIGTERM": "SIGTERM", "SIGHUP": "SIGHUP", "SIGKILL": "kill -9"}
BLOCKS, POSTERIOR = "block-*.npz", "posterior-*.npz"
SAID = {BLOCKS: r"\d+ blocks of replicates", POSTERIOR: "the posterior"}

# command, moment, where, when, which call, what is kept by then, what lies there afterwards
Moment = tuple[str, str, str, str, int, tuple[str, ...], str]
MOMENTS: tuple[Moment, ...] = (
    ("fit ols", "reading", "werksem.run:read_inputs", "before", 1, (), "earlier"),
    ("fit ols", "OLS", "werksem.engines.all:_ols", "before", 1, (), "earlier"),
    ("fit", "SEM", "werksem.engines.latent:fit_sem", "before", 1, (), "earlier"),
    ("fit", "bootstrap, early", "werksem.engines.bootstrap:write_shard", "after", 1, (BLOCKS,), "earlier"),
    ("fit", "bootstrap, late", "werksem.engines.bootstrap:write_shard", "after", 3, (BLOCKS,), "earlier"),
    ("fit bayes", "compiling", "werksem.bayes.sample:compiled", "during", 1, (), "earlier"),
    ("fit bayes", "sampling", "werksem.bayes.sample:_finished", "during", 1, (), "earlier"),
    ("fit bayes", "report", "werksem.run:write_reports", "before", 1, (POSTERIOR,), "earlier"),
    ("fit", "tables", "werksem.outputs:write_table", "after", 4, (BLOCKS,), "earlier"),
    ("fit html", "report", "werksem.run:write_reports", "during", 1, (), "earlier"),
    ("fit ols", "before the exchange", "werksem.results:swap", "before", 1, (), "earlier"),
    ("fit ols", "after the exchange", "werksem.results:swap", "after", 1, (), "new"),
    ("describe", "tables", "werksem.describing.run:write_table", "after", 1, (), "earlier"),
    ("describe", "before the exchange", "werksem.results:swap", "before", 1, (), "earlier"),
    ("calibrate", "surveys", "werksem.calibrate.run:simulated", "during", 1, (), "earlier"),
    ("calibrate", "posteriors", "werksem.calibrate.run:posterior_tables", "during", 1, (), "earlier"),
    ("calibrate", "tables", "werksem.calibrate.run:write_table", "after", 2, (), "earlier"),
    ("calibrate", "before the exchange", "werksem.results:swap", "before", 1, (), "earlier"),
    ("report", "page", "werksem.release.again:write_reports", "after", 1, (), "earlier"),
    ("compare", "tables", "werksem.report.passport_console:write_table", "after", 1, (), "earlier"),
    ("replay", "tables", "werksem.replay:write_table", "after", 1, (), "earlier"),
    ("verify --write", "writing", "os:replace", "before", 1, (), "earlier"),
    ("audit", "tables", "werksem.audit.run:_write", "after", 1, (), "earlier"),
    ("simulate", "data", "werksem.survey.synthetic:_dump", "before", 1, (), "earlier"),
    ("init", "files", "os:link", "before", 1, (), "nothing"),
    ("schema", "files", "os:replace", "before", 1, (), "earlier"),
    ("bench", "tables", "werksem.bench.files:ratio_plot", "before", 1, (), "earlier"),
)  # fmt: skip
# signals beside Ctrl-C and kill -9, which are tried at every moment
OTHERS = {
    ("fit", "bootstrap, early"): ("SIGTERM", "SIGHUP"), ("fit html", "report"): ("SIGTERM", "SIGHUP"),
    ("fit ols", "reading"): ("SIGTERM", "SIGHUP"), ("simulate", "data"): ("SIGTERM", "SIGHUP"),
    ("fit bayes", "sampling"): ("SIGTERM",), ("calibrate", "surveys"): ("SIGTERM", "SIGHUP"),
}  # fmt: skip
MORE = {"sampling": ("--set", "bayes.draws=60000", "--set", "bayes.tune=20000")}  # a minute's worth
QUICK = {
    ("fit ols", "before the exchange", "SIGKILL"), ("fit ols", "after the exchange", "SIGINT"),
    ("fit", "bootstrap, early", "SIGTERM"), ("fit", "tables", "SIGKILL"), ("report", "page", "SIGKILL"),
    ("audit", "tables", "SIGKILL"), ("init", "files", "SIGINT"), ("simulate", "data", "SIGHUP"),
}  # fmt: skip


def _stops() -> Iterator[Case]:
    for verb, moment, at, when, nth, kept, then in MOMENTS:
        for signal, code in CODES.items():
            others = OTHERS.get((verb, moment), ())
            if signal not in ("SIGINT", "SIGKILL", *others) or (moment, signal) == ("compiling", "SIGKILL"):
                continue
            first = f"werksem: {' and '.join(SAID[name] for name in kept)} (is|are) kept, --resume goes on\n"
            last = "werksem: interrupted" if signal == "SIGINT" else f"werksem: stopped by {signal}"
            yield Case(
                f"{NAMES[signal]}: {verb}, {moment}", NAMES[signal], verb, moment, code,
                "" if signal == "SIGKILL" else (first if kept else "") + last,
                Strike(at, signal, when, nth), then=then, kept=kept,
                earlier=verb != "init", quick=(verb, moment, signal) in QUICK, more=MORE.get(moment, ()),
            )  # fmt: skip


STOPS = tuple(_stops())
