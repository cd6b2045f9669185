"""Work that breaks: threads, Dask's workers, damaged or foreign kept work, memory, several runs at once."""

from __future__ import annotations

from trust.faults.case import Case, Strike

__all__ = ["WORKERS"]

SHARD, POSTERIOR = "werksem.engines.bootstrap:write_shard", "werksem.bayes.run:raw_draws"
BLOCKS = "block-*.npz"
KEPT = r"werksem: \d+ blocks? of replicates (?:is|are) kept, --resume goes on\n"
KILLED = Strike(SHARD, "SIGKILL", "after", 3)
RESUME = ("--resume",)


def _kept(name: str, around: str, **more: object) -> Case:
    """Return a case of an interrupted bootstrap whose kept work was changed, and that goes on."""
    given = {"code": 0, "then": "new", "resume": False} | more
    return Case(
        name, "damaged kept work", "fit", around, first=KILLED, around=around, more=RESUME, earlier=False,
        **given,  # type: ignore[arg-type]
    )  # fmt: skip


WORKERS: tuple[Case, ...] = (
    Case(
        "thread: error", "a thread that breaks", "fit", "bootstrap", 70,
        KEPT + "werksem: internal error .RuntimeError: a thread that breaks.*",
        Strike("werksem.bootstrap.run:compute_block", "error", nth=3), kept=(BLOCKS,), quick=True,
    ),
    Case(
        "thread: memory", "not enough memory", "fit", "bootstrap", 2,
        KEPT + r"werksem: not enough memory \(unable to allocate 1.00 TiB\); right is a machine .*",
        Strike("werksem.bootstrap.run:compute_block", "memory", nth=3), kept=(BLOCKS,),
    ),
    Case(
        "memory: reading", "not enough memory", "fit ols", "reading", 2, "werksem: not enough memory .*",
        Strike("werksem.run:read_inputs", "memory"),
    ),
    Case(
        "memory: limit", "not enough memory", "simulate", "drawing 10 million respondents", 2,
        "werksem: not enough memory .Unable to allocate .*", around="memory of 3 GB",
        more=("--n", "10000000"),
    ),
    Case(
        "dask: workers", "a Dask worker dies", "fit dask", "bootstrap", 2,
        KEPT + "werksem: study.yaml: bootstrap.engine dask: .*; "
        "replicates that came back are kept, --resume goes on",
        Strike(SHARD, "children", "after", 2), kept=(BLOCKS,),
    ),
    Case(
        "dask: refused", "no Dask scheduler", "fit dask", "start", 2,
        "werksem: study.yaml: bootstrap.scheduler: no Dask scheduler answers at tcp://127.0.0.1:9; "
        "right is .*",
        more=("--set", "bootstrap.scheduler=tcp://127.0.0.1:9"),
    ),
    _kept("kept: flipped", "a bit of a block flipped", quick=True),
    _kept("kept: cut", "blocks cut off"),
    _kept("kept: clock", "the clock set back"),
    _kept(
        "kept: version", "blocks of werksem 0.0.9", code=2, then="nothing", kept=(BLOCKS,),
        says=r"werksem: --resume: \S+ holds replicates of werksem 0.0.9, this is \S+; run without "
        "--resume to start anew",
    ),
    Case(
        "posterior: flipped", "damaged kept work", "fit bayes", "a bit of the posterior flipped", 1,
        r"werksem: out: estimates are not to be trusted: bayes .rhat.; the report says why",
        first=Strike(POSTERIOR, "SIGKILL"), around="a bit of the posterior flipped", more=RESUME, then="new",
        earlier=False, resume=False,
    ),
    Case(
        "two runs", "two runs into one folder", "fit ols", "while the first reads", 2,
        "werksem: another run .process PID. writes into out: wait for it, or use --out", around="another run",
        then="new", resume=False, quick=True,
    ),
    Case(
        "two runs: resume", "two runs into one folder", "fit", "--resume beside a run", 2,
        "werksem: another run .process PID. writes into out: wait for it, or use --out", around="another run",
        then="new", resume=False, more=RESUME, earlier=False,
    ),
    Case(
        "lock: dead", "two runs into one folder", "fit ols", "the lock of a dead process", 0,
        around="a lock of a dead process", then="new", resume=False, quick=True,
    ),
)  # fmt: skip
