"""Streams, folders and languages that are not as usual: the result is the same."""

from __future__ import annotations

from collections.abc import Iterator

from trust.faults.case import Case, Strike

__all__ = ["WORLD"]

# what is around, and the commands that have to live with it
USUAL = {
    "stdout closed": ("fit ols", "audit"), "stdout and stderr closed": ("fit ols",),
    "stdin closed": ("fit ols",),
    "a reader that stops": ("audit", "schema"), "no HOME": ("fit html",), "HOME nowhere": ("fit html",),
    "numba cache nowhere": ("fit",), "matplotlib folder nowhere": ("fit html",),
    "temporary folder nowhere": ("fit html", "init"), "LC_ALL=C": ("fit html", "audit"),
    "stdout of ASCII": ("audit",),
}  # fmt: skip
QUICK = {("stdout closed", "audit"), ("LC_ALL=C", "audit"), ("a reader that stops", "audit")}


def _world() -> Iterator[Case]:
    for around, verbs in USUAL.items():
        for verb in verbs:
            yield Case(
                f"{around}: {verb}", around, verb, "all along", 0, around=around, then="new", resume=False,
                quick=(around, verb) in QUICK, earlier=verb != "init",
            )  # fmt: skip


WORLD: tuple[Case, ...] = (
    *_world(),
    Case(
        "stdout full", "stdout full", "audit", "printing", 2, "werksem: .*No space left on device",
        around="stdout full", then="new", resume=False, quick=True,
    ),
    Case(
        "twice", "Ctrl-C twice", "fit ols", "reading", -2, strike=Strike("werksem.run:read_inputs", "twice"),
    ),
)  # fmt: skip
