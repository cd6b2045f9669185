"""A published table in CSV, as the document that the same table in YAML would be."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from werksem.errors import SpecError, did_you_mean
from werksem.spec.document import Document, Loc, Spot
from werksem.spec.yaml import read_text

__all__ = ["csv_document"]

CELL = ("beta", "b", "stars", "se", "t", "p")
OUTCOME = ("n", "r2", "adj_r2", "sample")
COLUMNS = ("outcome", "predictor", *CELL, *OUTCOME)


def csv_document(path: Path) -> Document:
    """Return a CSV table as a document whose places are the file's lines.

    Columns: outcome, predictor, beta or b, and any of stars, se, t, p, n, r2 or adj_r2, sample; separated by
    commas, or by semicolons, then decimal commas are read. Empty is not printed, but an empty ``stars``
    is a cell without stars. Raises ``SpecError`` for other columns and for n or R² that differ within
    an outcome.
    """
    text = read_text(path)
    semicolons = ";" in text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if semicolons else ",")
    try:
        rows = [(lines.line_num, row) for row in lines if any(field.strip() for field in row)]
    except csv.Error as problem:
        raise SpecError(f"cannot read the line: {problem}", where=f"{path}:{lines.line_num}") from None
    if not rows:
        raise SpecError("the file is empty", where=str(path))
    header = [name.strip() for name in rows[0][1]]
    _check_header(header, path)
    data: dict[str, Any] = {"published": path.stem, "outcomes": {}, "betas": [], "decimals": {}}
    spots: dict[Loc, Spot] = {(): Spot(f"{path}:1", f"{path}:1")}
    for line, row in rows[1:]:
        where = f"{path}:{line}"
        if len(row) != len(header):
            raise SpecError(f"{len(row)} values under {len(header)} columns", where=where)
        texts = {name: value.strip() for name, value in zip(header, row, strict=True)}
        _add(data, spots, {n: _in_yaml(v, semicolons) for n, v in texts.items()}, where)
    return Document(data, str(path), path.parent, spots)


def _check_header(header: list[str], path: Path) -> None:
    where = f"{path}:1"
    for name in header:
        if name not in COLUMNS:
            near = did_you_mean(name, COLUMNS) or f"; right are {', '.join(COLUMNS)}"
            raise SpecError(f'unknown column "{name}"{near}', where=where)
        if header.count(name) > 1:
            raise SpecError(f'the column "{name}" is there twice', where=where)
    for name in ("outcome", "predictor"):
        if name not in header:
            raise SpecError(f'the column "{name}" is missing', where=where)


def _in_yaml(text: str, semicolons: bool) -> str:
    """Return a text with the signs of YAML: a hyphen for a printed minus, a point for a decimal comma."""
    plain = re.sub(r"^\u2212(?=[\d.,])", "-", text)
    return plain.replace(",", ".") if semicolons else plain


def _add(data: dict[str, Any], spots: dict[Loc, Spot], texts: dict[str, str], where: str) -> None:
    """Add one line: its cell, and n and R² of its outcome."""
    entry: dict[str, Any] = {"lhs": texts["outcome"], "rhs": texts["predictor"]}
    for name in CELL:
        if name in texts and (texts[name] or name == "stars"):
            entry[name] = texts[name] if name == "stars" else _number(texts[name])
            _note_decimals(data["decimals"], name, texts[name])
    spots["betas", len(data["betas"])] = Spot(where, where)
    data["betas"].append(entry)
    outcome = data["outcomes"].setdefault(texts["outcome"], {})
    spots.setdefault(("outcomes", texts["outcome"]), Spot(where, where))
    for name in OUTCOME:
        if texts.get(name):
            value = texts[name] if name == "sample" else _number(texts[name])
            if outcome.setdefault(name, value) != value:
                message = f'{name} of "{texts["outcome"]}" is {outcome[name]} above and {value} here'
                raise SpecError(message, where=where)
            _note_decimals(data["decimals"], "r2", texts[name] if "r2" in name else "")


def _number(text: str) -> Any:
    """Return a whole number, a number, or the text itself where it is neither."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def _note_decimals(found: dict[str, int], kind: str, text: str) -> None:
    digits = text.partition(".")[2]
    if kind in ("beta", "b", "r2", "se", "t", "p") and digits.isdigit():
        found[kind] = max(found.get(kind, 0), len(digits))
