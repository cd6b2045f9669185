"""Every figure of a report as a file of its own: ``figures/NAME.svg`` and ``figures/NAME.png``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from werksem.report.folder import Result
from werksem.report.numbers import level_percent
from werksem.report.sheet import Sheet, write_sheet
from werksem.report.sketch import Picture
from werksem.report.words import word

__all__ = ["figure_sheets", "write_figures"]

# panels beside one another on a sheet
COLUMNS = 3
# how names of figures begin
KINDS = (
    "paths_", "loadings_", "forest_", "densities_", "passport_", "effects_", "importance_", "shrinkage_",
    "groups_",
)  # fmt: skip
# file systems take names of 255 bytes
LONGEST = 100

_Family = tuple[str, str, Sequence[Picture], Sequence[str]]


def write_figures(result: Result, content: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write the figures of a report's content into the result folder and return their paths.

    What an earlier report left in ``figures`` is taken away first, files of other names stay. Equal
    content gives equal bytes.
    """
    folder = result.folder / "figures"
    for old in (*folder.glob("*.svg"), *folder.glob("*.png")):
        if old.name.startswith(KINDS):
            old.unlink()
    sheets = figure_sheets(result, content)
    if sheets:
        folder.mkdir(exist_ok=True)
    return tuple(path for sheet in sheets for path in write_sheet(folder, sheet))


def figure_sheets(result: Result, content: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """Return a sheet per figure: what it shows, how to read it, its source, and whether data are synthetic.

    Names are ``paths_STUDY``, ``loadings_STUDY``, and ``forest_``, ``densities_``, ``effects_``,
    ``passport_``, ``importance_``, ``shrinkage_`` and ``groups_`` with the outcome's name.
    """
    study = str(result.manifest.get("study") or "study")
    diagram = content["diagram"]
    loadings = content["loadings_diagram"]
    sheets = {
        f"paths_{study}": (diagram.title, diagram.pictures, diagram.notes),
        f"loadings_{study}": (loadings.title, loadings.pictures, loadings.notes),
    }
    for prefix, title, pictures, notes in _families(result, content):
        for name, here in _by_name(pictures):
            sheets[f"{prefix}_{name}"] = (title, here, notes)
    found: dict[str, Sheet] = {}
    for name, (title, pictures, notes) in sheets.items():
        if pictures:
            plain = _free(_plain(name), {other.casefold() for other in found})
            found[plain] = _sheet(result, content, plain, title, pictures, notes)
    return tuple(found.values())


def _families(result: Result, content: Mapping[str, Any]) -> Iterator[_Family]:
    """Yield each kind of panels: prefix of the file's name, title, pictures, how to read them."""
    language = result.language
    densities, shrinkage = content["densities"], content["shrinkage"]
    levels = result.estimates["level"].dropna()
    level = level_percent(float(levels.iloc[0]) if len(levels) else 0.95, language)
    forest = word("forest_key", language, level=level)
    yield "forest", word("forest_title", language), content["forests"], (forest,)
    yield "densities", densities.title, densities.pictures, (densities.key, *densities.notes)
    key = content["passport_key"]
    yield "passport", word("passport_figure", language), content["passport_figures"], (key,)
    many = word("effects_many", language) if content["routes_left_out"] else ""
    routes = (content["effect_key"], many)
    yield "effects", word("effects_figure", language), content["effect_pictures"], routes
    what = word("importance_marks_what", language)
    for outcome, key, found in content["importance_figures"]:
        yield "importance", f"{word('importance_marks', language)}: {outcome}", found, (key, what)
    for outcome, found in shrinkage.outcomes:
        yield "shrinkage", f"{word('pooling_figure', language)}: {outcome}", found, (shrinkage.key,)
    around = word("groups_key", language)
    yield "groups", word("groups_figure", language), content["group_pictures"], (around,)


def _by_name(pictures: Iterable[Picture]) -> list[tuple[str, list[Picture]]]:
    """Return pictures that belong together by the name of their sketch, in their order."""
    found: dict[str, list[Picture]] = {}
    for picture in pictures:
        found.setdefault(picture.sketch.name, []).append(picture)
    return list(found.items())


def _sheet(
    result: Result, content: Mapping[str, Any], name: str, title: str,
    pictures: Sequence[Picture], notes: Sequence[str],
) -> Sheet:  # fmt: skip
    language = result.language
    source = f"{word('source', language)}: {content['source']} · " if content["source"] else ""
    made = f"{source}{word('made_with', language)} {content['version']}"
    banner = word("banner", language) if content["synthetic"] else ""
    sketches = tuple(picture.sketch for picture in pictures)
    wide = name.startswith(("paths_", "loadings_"))
    columns = 1 if wide else min(COLUMNS, len(sketches))
    return Sheet(
        name, title, content["title"], banner, sketches, tuple(filter(None, notes)), made, columns, not wide
    )


def _plain(name: str) -> str:
    """Return a name fit for a file on every system, cut off where it is long.

    >>> _plain("forest_tevr org/Rijk")
    'forest_tevr_org_Rijk'
    """
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)[:LONGEST].rstrip(".")


def _free(name: str, taken: Container[str]) -> str:
    """Return the name, with a number behind it where it is taken; ``taken`` is in small letters.

    Many file systems take ``forest_Y`` and ``forest_y`` for one name.

    >>> _free("A", {"a", "a_2"}), _free("b", {"a"})
    ('A_3', 'b')
    """
    if name.casefold() not in taken:
        return name
    return next(f"{name}_{at}" for at in count(2) if f"{name}_{at}".casefold() not in taken)
