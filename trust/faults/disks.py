"""Disks that are full or read-only, and places where something else is."""

from __future__ import annotations

from trust.faults.case import Case, Strike

__all__ = ["DISKS"]

SHARD = "werksem.engines.bootstrap:write_shard"
KEPT = r"werksem: \d+ blocks? of replicates (?:is|are) kept, --resume goes on\n"
NO_ROOM = r"werksem: replicates cannot be kept in \S+: "

DISKS: tuple[Case, ...] = (
    Case(
        "file limit: blocks", "full disk", "fit", "bootstrap", 2, NO_ROOM + "File too large",
        around="files of 8 kB", quick=True,
    ),
    Case(
        "disk full: early", "full disk", "fit", "bootstrap", 2, f"{KEPT}{NO_ROOM}No space left on device",
        around="disk of 60 kB", earlier=False, then="nothing",
        kept=("block-*.npz",),
    ),
    Case(
        "disk full: tables", "full disk", "fit", "tables", 2,
        KEPT + "werksem: .*No space left on device.*", around="disk of 300 kB", earlier=False, then="nothing",
        kept=("block-*.npz",),
    ),
    Case(
        "full: posterior", "full disk", "fit bayes", "keeping the posterior", 2,
        r"werksem: \S+: the posterior cannot be kept: No space left on device",
        Strike("werksem.bayes.kept:write_arrays", "full"),
    ),
    Case(
        "full: report", "full disk", "fit html", "report", 2, "werksem: /somewhere: No space left on device",
        Strike("werksem.run:write_reports", "full"),
    ),
    Case(
        "full: calibrate", "full disk", "calibrate", "page", 2,
        "werksem: /somewhere: No space left on device",
        Strike("werksem.calibrate.run:make_calibration_page", "full"),
    ),
    Case(
        "full: audit", "full disk", "audit", "tables", 2, "werksem: /somewhere: No space left on device",
        Strike("werksem.audit.run:_write", "full", nth=2), quick=True,
    ),
    Case(
        "full: schema", "full disk", "schema", "files", 2, "werksem: schemas/study.json: File too large",
        around="files of 8 kB",
    ),
    Case(
        "read-only: fit", "read-only disk", "fit ols", "start", 2,
        r"werksem: cannot write beside out: Read-only file system: \.out-kept", around="read-only disk",
    ),
    Case(
        "read-only: report", "read-only disk", "report", "start", 2,
        r"werksem: cannot write beside out: Read-only file system: \.out-kept", around="read-only disk",
    ),
    Case(
        "read-only: calibrate", "read-only disk", "calibrate", "start", 2,
        r"werksem: cannot write beside calibrated: Read-only file system: \.calibrated-kept",
        around="read-only disk",
    ),
    Case(
        "read-only: audit", "read-only disk", "audit", "tables", 2,
        "werksem: cells.csv: Read-only file system", around="read-only disk",
    ),
    Case(
        "place: file", "something in the place", "fit ols", "start", 2,
        "werksem: out exists and is not a werksem result folder: name another with --out",
        around="a file in the place", then="foreign", earlier=False, resume=False, quick=True,
    ),
    Case(
        "place: foreign", "something in the place", "describe", "start", 2,
        "werksem: out exists and is not a werksem result folder: name another with --out",
        around="a foreign folder in the place", then="foreign", earlier=False, resume=False,
    ),
    Case(
        "place: comes", "something in the place", "fit ols", "while running", 2,
        "werksem: out exists and is not a werksem result folder: name another with --out",
        Strike("werksem.run:write_results", "foreign"), then="foreign", resume=False, quick=True,
    ),
    Case(
        "place: link", "something in the place", "fit ols", "start", 0, around="a symbolic link in the place",
        then="new", resume=False,
    ),
    Case(
        "place: removed", "place removed", "fit ols", "while running", 2,
        r"werksem: \S+ went away while results were written into it",
        Strike("werksem.run:write_results", "gone"), then="nothing", resume=False,
        quick=True,
    ),
)  # fmt: skip
