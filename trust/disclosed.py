"""The part on disclosure: attacks on small groups and rare answers, and marks of respondents looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from trust.disclosure.attacks import ATTACKS, Attack, Found
from trust.disclosure.calibrations import CALIBRATED, attacked_calibration, calibration_of
from trust.disclosure.contents import release_of
from trust.disclosure.partners import ATTACKED, attacked
from trust.disclosure.rare import SIZES, small_cells, thresholds
from trust.disclosure.resamples import resampled, solved
from trust.disclosure.sentinels import STUDIES, marked, marks_in, rows_in, run_marked
from trust.disclosure.weighted import answered, described, exact_shares, sized, unhidden
from trust.disclosure.worlds import ORDINAL, WEIGHED, WORLDS, World, folder_of, study_of, without_rows
from trust.part import Part, table

__all__ = ["PART", "controls", "folders"]

COLUMNS = ["attack", "over", "file", "tried", "recovered", "inside", "control", "held"]
FORMATS = "[html, docx, tex, csv, md]"
ITEMS = 200
OPEN, ALONE = "{smallest: 1}", "{complementary: false}"

HEAD = """\
Under the rule (`disclosure: {{smallest: 10, complementary: true}}`) no table is to show a cell or a group
of fewer than ten respondents, nor what it could be worked out from: one decision per run. Tried was what is
listed below and nothing else: each attack looks for the values that it names, in the files that it names, on
made surveys whose truth is known ({worlds}), without blanks, and without weights and clusters unless their
row says so. Each was first seen to work where the rule is loosened (last column). What no attack here looks
for may be there all the same."""
EXACT = """\
Exact means and standard deviations stand in many tables, and could tell how few gave an answer. Of items that
are answered 1 to 5:"""
SO = """\
So moments are not rounded (what would hide these cells would spoil every other table), but where they leave
one possibility, mean and SD are in no table of means, and the output check asks for a decision on files of
exact coefficients."""

SAYS = {
    **{attack.name: attack.says for attack in ATTACKS},
    "weights": "the sizes of two hidden groups are solved from shares of the weight, effective n and the "
    "largest weight in `sample.csv`, where every respondent of a group weighs the same",
    "clusters": "they are solved from mean sizes of clusters, where these are the groups by another name: "
    "`design.csv`, `sample.csv`",
    "tables": "the size and top-two answers of the small group are sought among all that there can be, from "
    "weighted shares of all and their standard errors in `tables.csv` of `describe`, where the weight of "
    "every group is public",
    "shares": "its size is sought so that every weighted share of all in `distributions.csv`, times the sum "
    "of weights, is a whole number, where the weight of every group is public",
    "calibration": "in a folder of `calibrate` the name of the small group is looked for in every file, as "
    "text, and the sizes of the groups in `smallest_sector.csv` are taken from that of all",
    "partners": "the one answer of a group of 1 is sought from means of a scale and its items in "
    "`tables.csv` of `describe`: all less the shown groups, and, where one variable hides it with another "
    "partner, by the scale less its other item",
    "leavers": "numbers of fewer than ten leavers are sought in a table of destinations: all less the groups "
    "whose base, or whose share that left, is shown, and a group's base less its shown destinations",
    "units": "the size of hidden groups is sought as all less the shown groups, less what the shown smaller "
    "groups within the hidden ones add up to",
    "threshold": "n times the normal probability between two thresholds in `estimates.csv` is the count of "
    "an answer, to 0.01",
    "moments": "all counts with the same n, mean and SD (and the shown cells) are tried, on drawn answers, "
    "no files",
    "resamples": "answers are solved from the replicates of means in `bootstrap.parquet` and the seed they "
    "were drawn with",
    "marks": "in every file, as text: the number and the remark of two respondents, the weight of one and "
    "the cluster of one; parts of Word files opened, of Parquet the names and texts, of all others the bytes "
    "as they lie there (compressed ones are not opened); the weight also among the numbers of Parquet and "
    "netCDF. Answers are not looked for",
    "rows": "CSV and Parquet files with as many rows, and netCDF arrays with as many entries along one "
    "dimension, as respondents were read or used; no other files",
}


def folders(world: World, place: Path) -> dict[str, Path]:
    """Return a world's folders: under the rule, and those on which attacks must succeed."""
    free = folder_of(world, place, OPEN)
    return {
        "rule": folder_of(world, place, "{}", FORMATS), "open": free,
        "alone": folder_of(world, place, ALONE), "rows": without_rows(free, world, place),
    }  # fmt: skip


def controls(attack: Attack, there: dict[str, Path], world: World) -> int:
    """Return how many true values an attack works out where it must succeed."""
    return sum(found.recovered for found in attack.run(there[attack.works], there["open"], world))


def _measure(place: Path) -> pd.DataFrame:
    rows = [
        *_groups(place), *_weighed(place), *_partners(place), *_calibrated(place), *_rare(place), *_moments(),
        *_resamples(place), *_marks(place),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(place: Path) -> Iterator[list[object]]:
    for world in WORLDS:
        there = folders(world, place)
        for attack in ATTACKS:
            found = list(attack.run(there["rule"], there["open"], world))
            yield from _rows(
                attack.name, world.name, found, release_of(there["rule"]), controls(attack, there, world)
            )


def _rows(
    attack: str, over: str, found: Iterable[Found], release: dict[str, str], control: int
) -> Iterator[list[object]]:
    """Yield a row per file: what was worked out of those that may leave, and (``inside``) of the others."""
    files: dict[str, list[Found]] = {}
    for one in found:
        files.setdefault(one.file, []).append(one)
    for file, part in files.items():
        tried, recovered = sum(one.tried for one in part), sum(one.recovered for one in part)
        held = bool(release.get(file))
        out, inside = (0, recovered) if held else (recovered, 0)
        yield [attack, over, file, tried, out, inside, control, out == 0]


def _weighed(place: Path) -> Iterator[list[object]]:
    folder = folder_of(WEIGHED, place, "{}")
    control = {name: one.recovered for name, one in sized(*unhidden(study_of(WEIGHED, place, "{}"), folder))}
    design = folder / "design.csv"
    tables = pd.read_csv(folder / "sample.csv"), pd.read_csv(design) if design.is_file() else None
    for name, one in sized(*tables):
        yield from _rows(name, WEIGHED.name, [one], release_of(folder), control[name])
    shown, free = described(place)
    exact = exact_shares(study_of(WEIGHED, place, "{}"))
    known = {name: one.recovered for name, one in answered(free, exact, coarse=False)}
    for name, one in answered(shown, pd.read_csv(folder / "distributions.csv"), coarse=True):
        yield from _rows(name, WEIGHED.name, [one], release_of(folder), known[name])


def _calibrated(place: Path) -> Iterator[list[object]]:
    control = sum(found.recovered for found in attacked_calibration(calibration_of(place, OPEN)))
    under = calibration_of(place, "{}")
    yield from _rows("calibration", CALIBRATED.name, attacked_calibration(under), release_of(under), control)


def _partners(place: Path) -> Iterator[list[object]]:
    known = {name: one.recovered for name, one in attacked(place, ALONE)}
    for name, one in attacked(place):
        yield from _rows(name, ATTACKED, [one], {}, known[name])


def _rare(place: Path) -> Iterator[list[object]]:
    control = sum(found.recovered for found in thresholds(folder_of(ORDINAL, place, OPEN)))
    under = folder_of(ORDINAL, place, "{}")
    yield from _rows("threshold", ORDINAL.name, thresholds(under), release_of(under), control)


def _moments() -> Iterator[list[object]]:
    for n in SIZES:
        told = small_cells(n, ITEMS if n < 1000 else ITEMS // 4)
        over, file = f"{n} answers, 1 to 5", "distributions.csv, items.csv"
        yield ["moments", over, file, told["cells"], told["rule"], 0, told["alone"], told["rule"] == 0]
        yield ["moments", over, "exact moments", told["cells"], 0, told["moments"], told["moments"], True]


def _resamples(place: Path) -> Iterator[list[object]]:
    folder, answers = resampled(place)
    right = int(((solved(folder, place) - answers).abs() < 1e-3).sum().sum())
    found = [Found("bootstrap.parquet", answers.size, right)]
    yield from _rows("resamples", f"{len(answers)} respondents", found, release_of(folder), right)


def _marks(place: Path) -> Iterator[list[object]]:
    for name in STUDIES:
        study = marked(name, place)
        folder = run_marked(study, place)
        for attack, looked in (("marks", marks_in), ("rows", rows_in)):
            found = list(looked(folder, study))
            tried, recovered = sum(one.tried for one in found), sum(one.recovered for one in found)
            yield [attack, name, f"{len(found)} files", tried, recovered, 0, "", recovered == 0]


def _page(found: pd.DataFrame) -> str:
    small = found[~found["attack"].isin(["marks", "rows", "moments"])]
    attacks = small.groupby(["attack", "over"], sort=False).agg(
        files=("file", "nunique"), tried=("tried", "sum"), recovered=("recovered", "sum"),
        inside=("inside", "sum"), without_rule=("control", "first"),
    ).reset_index()  # fmt: skip
    attacks = attacks.rename(columns={"inside": "from files held inside", "without_rule": "without the rule"})
    whole = ("tried", "recovered", "from files held inside", "without the rule")
    attacks = attacks.astype(dict.fromkeys(whole, int))
    told = "\n".join(f"- **{name}**: {SAYS[name]}" for name in SAYS if name in set(found["attack"]))
    return "\n\n".join(
        [HEAD.format(worlds=_worlds()), table(attacks), told, _solved(found), _alone(found), _marked(found)]
    )


def _worlds() -> str:
    return "; ".join(world.name for world in WORLDS)


def _solved(found: pd.DataFrame) -> str:
    row = found[found["attack"] == "resamples"].iloc[0]
    return (
        "`bootstrap.parquet` is held inside by the output check for a reason: with the seed, "
        f"{int(row['inside'])} of {int(row['tried'])} answers of respondents were solved from it, without "
        "the data."
    )


def _alone(found: pd.DataFrame) -> str:
    """Return what n, mean and SD alone tell of small cells, as a table."""
    part = found[found["attack"] == "moments"]
    exact = part[part["file"] == "exact moments"].set_index("over")
    shown = part[part["file"] != "exact moments"].set_index("over")
    lines = pd.DataFrame(
        {
            "": shown.index, "cells of 1 to 9": shown["tried"].astype(int),
            "told where only they are hidden": shown["control"].astype(float).astype(int),
            "told by exact n, mean and SD alone": exact["inside"].astype(int).reindex(shown.index),
            "told under the rule": shown["recovered"].astype(int),
        }
    )  # fmt: skip
    return f"{EXACT}\n\n{table(lines)}\n\n{SO}"


def _marked(found: pd.DataFrame) -> str:
    part = found[found["attack"].isin(["marks", "rows"])]
    looked = part.groupby("attack")["tried"].sum()
    return (
        f"The shipped studies ({part['over'].nunique()}) ran on respondents of whom each carried a number "
        "and a remark, and one a weight and one an organisation of their own, where the study has these: "
        f"{int(looked['marks'])} times a mark was looked for in a file, and {int(looked['rows'])} files were "
        f"held against the number of respondents. Found: {int(part['recovered'].sum())}. That is said of "
        "these marks and lengths, not of whatever else could be read from the files."
    )


def _summary(found: pd.DataFrame) -> tuple[str, int, int]:
    held = found["held"].astype(str) == "True"
    return (
        "attacks on small groups, rare answers and single respondents, per file",
        len(found),
        int(held.sum()),
    )


PART = Part("disclosure", "Disclosure", _measure, _page, _summary)
