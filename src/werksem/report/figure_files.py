"""Every figure of a report as a file of its own: ``figures/NAME.svg`` and ``figures/NAME.png``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from werksem.report.folder import Result
from werksem.report.sheet import Sheet, write_sheet
from werksem.report.sketch import Picture
from werksem.report.words import word

__all__ = ["figure_sheets", "write_figures"]

# panels beside one another on a sheet
COLUMNS = 3


def write_figures(result: Result, content: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write the figures of a report's content into the result folder and return their paths.

    What an earlier report left in ``figures`` is taken away first. Equal content gives equal bytes.
    """
    folder = result.folder / "figures"
    for old in (*folder.glob("*.svg"), *folder.glob("*.png")):
        old.unlink()
    sheets = figure_sheets(result, content)
    if sheets:
        folder.mkdir(exist_ok=True)
    return tuple(path for sheet in sheets for path in write_sheet(folder, sheet))


def figure_sheets(result: Result, content: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """Return a sheet per figure: what it shows, how to read it, its source, and whether data are synthetic.

    Names are ``paths_STUDY``, and ``forest_``, ``densities_``, ``effects_``, ``importance_``, ``shrinkage_``
    and ``groups_`` with the outcome's name.
    """
    language = result.language
    diagram, densities, shrinkage = content["diagram"], content["densities"], content["shrinkage"]
    study = str(result.manifest.get("study") or "study")
    named = [(f"paths_{study}", content["title"], diagram.title, diagram.pictures, diagram.notes)]
    for prefix, title, pictures, notes in (
        ("forest", word("forest_title", language), content["forests"], ()),
        ("densities", densities.title, densities.pictures, (densities.key,)),
        ("effects", word("effects_figure", language), content["effect_pictures"], (content["effect_key"],)),
        *(
            ("importance", word("importance_marks", language), found, (key,))
            for _, key, found in content["importance_figures"]
        ),
        *(
            ("shrinkage", word("pooling_figure", language), found, (shrinkage.key,))
            for _, found in shrinkage.outcomes
        ),
        (
            "groups",
            word("groups_figure", language),
            content["group_pictures"],
            (word("groups_key", language),),
        ),
    ):
        for name, here in _by_name(pictures):
            named.append((f"{prefix}_{name}", content["title"], title, here, notes))
    return tuple(
        _sheet(result, content, _plain(name), above, title, pictures, notes)
        for name, above, title, pictures, notes in named
        if pictures
    )  # fmt: skip


def _by_name(pictures: Iterable[Picture]) -> list[tuple[str, list[Picture]]]:
    """Return pictures that belong together by the name of their sketch, in their order."""
    found: dict[str, list[Picture]] = {}
    for picture in pictures:
        found.setdefault(picture.sketch.name, []).append(picture)
    return list(found.items())


def _sheet(
    result: Result, content: Mapping[str, Any], name: str, above: str, title: str,
    pictures: Sequence[Picture], notes: Sequence[str],
) -> Sheet:  # fmt: skip
    language = result.language
    source = f"{word('source', language)}: {content['source']} · " if content["source"] else ""
    made = f"{source}{word('made_with', language)} {content['version']}"
    banner = word("banner", language) if content["synthetic"] else ""
    sketches = tuple(picture.sketch for picture in pictures)
    wide = name.startswith("paths_")
    columns = 1 if wide else min(COLUMNS, len(sketches))
    return Sheet(name, title, above, banner, sketches, tuple(filter(None, notes)), made, columns, not wide)


def _plain(name: str) -> str:
    """Return a name fit for a file on every system.

    >>> _plain("forest_tevr org/Rijk")
    'forest_tevr_org_Rijk'
    """
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
