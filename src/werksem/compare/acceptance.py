"""Every row of the acceptance page as lines: the published number, ours, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.compare.agreement import agrees, bounds
from werksem.compare.cells import records
from werksem.compare.look_up import Found, claimed, found, rows_of
from werksem.compare.printed_betas import Judged, judged, stars_line
from werksem.describe.marks import linear
from werksem.describe.rounding import half_up, rounded
from werksem.errors import DataError
from werksem.spec.acceptance import Evidence, Row

__all__ = [
    "LOST",
    "NOT",
    "OPEN",
    "OUT",
    "REPRODUCED",
    "SIGN",
    "WITHIN",
    "Known",
    "Line",
    "lines_of",
    "number",
]

REPRODUCED, SIGN, LOST = "gereproduceerd", "alleen het teken", "getal niet in de tekst"
OUT, NOT = "buiten bereik", "niet gereproduceerd"
WITHIN, OPEN = "binnen de steekproefmarge", "onbeslist"
PERCENT = {"percent": "%", "pp": " procentpunt", "thousand": " duizend"}


@dataclass(frozen=True, slots=True)
class Known:
    """What lines are made of: published values, betas by file, result folders by study, measures' cells."""

    values: pd.DataFrame
    betas: Mapping[str, pd.DataFrame]
    folders: Mapping[str, Path]
    measures: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: what was published, what we have (empty where nothing), and the verdict."""

    id: str
    what: str
    place: str
    published: str
    ours: str
    verdict: str
    why: str = ""


def lines_of(row: Row, known: Known) -> Iterator[Line]:
    """Yield the lines of one row; every published value of the row is one, whatever is known of it.

    Raises ``DataError`` where evidence finds nothing, where a value has neither evidence nor a reason why
    it is not ours, and where a row has no line at all.
    """
    made = list(_lines(row, known))
    if not made:
        raise DataError(f"row {row.id} has no published numbers, no evidence, and neither lost: nor out:")
    yield from made


def _lines(row: Row, known: Known) -> Iterator[Line]:
    values = known.values[known.values["id"] == row.id]
    used: set[int] = set()
    for value in records(values[values["certainty"] != "lost"]):
        fits = [n for n, evidence in enumerate(row.evidence) if _is_about(evidence, value)]
        used |= set(fits[:1])
        yield _value_line(row, value, row.evidence[fits[0]] if fits else None, known)
    for number_, evidence in enumerate(row.evidence):
        if evidence.claim or evidence.betas or evidence.rule:
            yield from (_noted(line, evidence) for line in _other_lines(row, evidence, known))
        elif number_ not in used:
            raise DataError(f"row {row.id}: evidence {number_ + 1} is about none of its published numbers")
    for value in records(values[values["certainty"] == "lost"]):
        yield Line(row.id, value["what"], value["place"], value["text"], "", LOST)
    if row.lost:
        yield Line(row.id, row.what, row.place, row.lost, "", LOST)
    if row.out and values.empty:
        yield Line(row.id, row.what, row.place, "", "", OUT, row.out)


def _is_about(evidence: Evidence, value: Mapping[str, Any]) -> bool:
    if evidence.claim or evidence.betas or evidence.rule:
        return False
    return all(str(value[key]) == str(wanted) for key, wanted in evidence.of.items())


def _value_line(row: Row, value: Mapping[str, Any], evidence: Evidence | None, known: Known) -> Line:
    known_group = value["group"] == "all" or str(value["group"]).lower() in str(value["what"]).lower()
    who = "" if known_group else f", {value['group']}"
    when = f" ({value['wave']})" if value["wave"] else ""
    line = Line(row.id, value["what"] + who + when, value["place"], _published(value), "", OUT, row.out)
    if evidence is None:
        if not row.out:
            raise DataError(f"row {row.id}: {line.what} has no evidence, and out: does not say why")
        return line
    ours = _computed(evidence, value, known) if evidence.compute else _looked_up(evidence, value, known)
    low, high = bounds(value["value"], value["rounding"], value["low"], value["high"])
    same = agrees(ours.value, value["value"], value["rounding"], value["low"], value["high"])
    if evidence.compute:  # from rounded inputs: what they allow must meet what was printed
        same = same or (ours.low <= high and low <= ours.high)
    parts = ("" if same else _why(ours, low, high, value), str(value["known_deviation"]).rstrip("."))
    why = "; ".join(part for part in parts if part)
    near = WITHIN if ours.low <= high and low <= ours.high else NOT
    line = replace(line, ours=_ours(ours, value, evidence), verdict=REPRODUCED if same else near, why=why)
    return _noted(line, evidence)


def _noted(line: Line, evidence: Evidence) -> Line:
    parts = (line.why, evidence.gap if line.verdict in (NOT, WITHIN) else "", evidence.note)
    return replace(line, why="; ".join(part for part in parts if part))


def _looked_up(evidence: Evidence, value: Mapping[str, Any], known: Known) -> Found:
    cells = {key: str(value[key]) for key in ("variable", "category", "group", "wave", "measure")}
    for key, text in known.measures.get(cells["measure"], {}).items():
        cells[key] = text.format(**value)
    here = found(known.folders, _filled(evidence, value), cells)
    return here.times(100) if value["unit"] in ("percent", "pp") else here


def _filled(evidence: Evidence, value: Mapping[str, Any]) -> Evidence:
    """Return evidence whose cells name those of the value, such as {category}."""
    where = {key: str(text).format(**value) for key, text in evidence.where.items()}
    return evidence.model_copy(update={"where": where})


def _computed(evidence: Evidence, value: Mapping[str, Any], known: Known) -> Found:
    """Return what published numbers imply: the change between two, growth in percent, the mark of a mean."""
    inputs = [_input(known, str(value["id"]), cells) for cells in evidence.inputs]
    if evidence.compute == "change":
        (first, second) = inputs
        return Found(second.value - first.value, second.low - first.high, second.high - first.low)
    if evidence.compute == "growth":
        return inputs[0].times(100 / (evidence.start or float("nan")))
    mean = inputs[0].value if inputs else float(value["category"])
    at = linear(mean)
    return Found(at, at, at)


def _input(known: Known, row: str, cells: Mapping[str, Any]) -> Found:
    values = known.values[known.values["id"] == row]
    for key, wanted in cells.items():
        values = values[values[key].astype(str) == str(wanted)]
    if len(values) != 1:
        raise DataError(f"row {row}: {dict(cells)} is {len(values)} published numbers, it must be one")
    one = values.iloc[0]
    low, high = bounds(one["value"], one["rounding"], one["low"], one["high"])
    return Found(one["value"] if one["value"] == one["value"] else (low + high) / 2, low, high)


def _other_lines(row: Row, evidence: Evidence, known: Known) -> Iterator[Line]:
    if evidence.rule:
        many = len(rows_of(known.folders, evidence, {}))
        said = f"toegepast in {evidence.study} ({many} rijen)"
        yield Line(row.id, row.what, row.place, evidence.rule, said, REPRODUCED)
    elif evidence.claim:
        rows = claimed(known.folders, evidence)
        confirmed = bool((rows["verdict"] == "bevestigd").all())
        said = ", ".join(
            f"{one['id']} {one['verdict']} ({one['engine'] or 'niet beoordeeld'})" for one in records(rows)
        )
        statement = "; ".join(dict.fromkeys(rows["statement"].astype(str)))
        refuted = bool((rows["verdict"] == "weerlegd").any())
        verdict = SIGN if confirmed else NOT if refuted else OPEN
        why = "" if confirmed else "een deel is weerlegd" if refuted else "niet elk deel is te beslissen"
        yield Line(row.id, f"uitspraak {evidence.claim}", row.place, statement, said, verdict, why)
    else:
        yield from (_beta_line(row, one) for one in _judged(evidence, known))


def _judged(evidence: Evidence, known: Known) -> list[Judged]:
    name = str(evidence.betas)
    if name not in known.betas:
        raise DataError(f"there is no published table {name}, there are {', '.join(sorted(known.betas))}")
    estimates = rows_of(
        known.folders, evidence.model_copy(update={"file": "estimates.csv"}), {"engine": evidence.engine}
    )
    if evidence.show == "stars":
        return [stars_line(known.betas[name], estimates)]
    return judged(known.betas[name], estimates)


def _beta_line(row: Row, one: Judged) -> Line:
    right = SIGN if one.signs else REPRODUCED
    return Line(row.id, one.what, row.place, one.published, one.ours, right if one.same else NOT, one.why)


def _published(value: Mapping[str, Any]) -> str:
    if value["certainty"] == "words":
        return f"{value['text']} ({_between(value['low'], value['high'])})"
    return number(value["value"], _decimals(value["rounding"])) + PERCENT.get(value["unit"], "")


def _ours(ours: Found, value: Mapping[str, Any], evidence: Evidence) -> str:
    decimals = _decimals_of(ours.value, value)
    said = number(ours.value, decimals) + PERCENT.get(value["unit"], "")
    if not evidence.compute:
        return said
    between = f"{_between(ours.low, ours.high, decimals)}, " if ours.low < ours.high else ""
    return f"{said} ({between}berekend uit gepubliceerde getallen)"


def _between(low: float, high: float, decimals: int | None = None) -> str:
    # with a minus before the higher limit too, a dash would say the wrong thing
    return f"{number(low, decimals)}{' tot ' if high < 0 else '-'}{number(high, decimals)}"


def _decimals_of(ours: float, value: Mapping[str, Any]) -> int:
    """Return one decimal more than was printed, more where that would round across: 1.7498 is no 1.75."""
    if value["unit"] == "count" or value["certainty"] == "words":
        return 0 if value["unit"] == "count" else 1
    first, right = _decimals(value["rounding"]) + 1, rounded(ours, value["rounding"])
    enough = (d for d in range(first, 9) if rounded(half_up(ours, d), value["rounding"]) == right)
    return next(enough, 9)


def _why(ours: Found, low: float, high: float, value: Mapping[str, Any]) -> str:
    if ours.low != ours.low:
        return "verschilt meer dan de afronding"
    decimals = 1 if value["unit"] == "percent" else 2
    margin = f"95% {_between(ours.low, ours.high, decimals)}"
    return margin if ours.low <= high and low <= ours.high else f"buiten de steekproefmarge ({margin})"


def _decimals(rounding: float) -> int:
    return max(0, -int(f"{rounding:e}".split("e")[1]))


def number(value: float, decimals: int | None = None) -> str:
    """Return a number as Dutch text, halves rounded up.

    >>> number(46.61, 1), number(-0.0125, 3), number(6.85, 1), number(4374.0)
    ('46,6', '-0,013', '6,9', '4374')
    """
    text = f"{value:g}" if decimals is None else f"{half_up(value, decimals):.{decimals}f}"
    return text.replace(".", ",")
