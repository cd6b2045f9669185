"""Attacks on the folder of a calibration: names of small groups, and their sizes by what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from trust.disclosure.attacks import Found
from trust.disclosure.contents import files_of, text_of
from trust.disclosure.worlds import STUDY, WORLDS, World, data_of, few_of
from werksem.calibrate.run import Request, calibrate_study

__all__ = ["CALIBRATED", "attacked_calibration", "calibration_of"]

SURVEYS = 20
SETTINGS = f"""\
data: {{file: calibrated.csv, group: group}}
ols: {{}}
bayes: {{vary: [paths, means], chains: 2, draws: 200, tune: 200, method: laplace}}
calibrate: {{surveys: {SURVEYS}, replicates: 39, posteriors: {SURVEYS}}}
"""
CALIBRATED: World = replace(WORLDS[0], settings=SETTINGS)


def calibration_of(place: Path, rule: str) -> Path:
    """Return the folder of a calibration of a group of seven under a disclosure rule (YAML)."""
    name = f"calibrated{''.join(sign for sign in rule if sign.isalnum())}"
    out, study = place / name, place / f"{name}.yaml"
    if not out.is_dir():
        data_of(CALIBRATED).to_csv(place / "calibrated.csv", index=False)
        study.write_text(f"{STUDY}{SETTINGS}disclosure: {rule}\n", encoding="utf-8")
        calibrate_study(Request(study, out, quiet=True))
    return out


def attacked_calibration(folder: Path) -> Iterator[Found]:
    """Look for small groups by name in every file, and take the sizes of the others from that of all."""
    for path in files_of(folder):
        text = text_of(path)
        yield Found(path.name, 1, int(any(group in text for group in few_of(CALIBRATED))))
    yield Found("calibration.csv, smallest_sector.csv", 1, int(_left(folder) in _small()))


def _left(folder: Path) -> int:
    """Return how many respondents are of no group that has an n."""
    sizes = pd.read_csv(folder / "smallest_sector.csv", dtype={"group": str})
    groups = dict(CALIBRATED.sizes)
    own = sizes[sizes["group"].isin(list(groups))].drop_duplicates("group")
    return int(pd.read_csv(folder / "calibration.csv")["n"].max() - own["n"].sum())


def _small() -> set[int]:
    return {dict(CALIBRATED.sizes)[group] for group in few_of(CALIBRATED)}
