"""Writing a drawn wave to a file, with the codebook beside it that says that it is synthetic."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import DataError
from werksem.files import together
from werksem.survey.codebook import codebook_path
from werksem.survey.multiple import codebook_entries
from werksem.survey.population import Column, Population, load_population
from werksem.survey.simulate import simulate

__all__ = ["SUFFIXES", "codebook", "write_synthetic"]

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".tsv", ".sav")
DESIGN_COLUMNS = {
    "sector": {"nl": "Sector", "en": "Sector"},
    "organisatie": {"nl": "Organisatie, binnen de sector", "en": "Organisation, within the sector"},
    "gewicht": {
        "nl": "Gewicht: aandeel van de sector in het personeel gedeeld door zijn aandeel in de steekproef",
        "en": "Weight: the sector's share of the workforce divided by its share of the sample",
    },
}


def write_synthetic(
    population: Path, out: Path, n: int | None = None, seed: int | None = None
) -> pd.DataFrame:
    """Draw a wave, write it by the file's suffix with ``<stem>.codebook.yaml`` beside it; return the wave.

    ``n`` and ``seed`` default to those of the population's shipped wave. Raises ``SpecError``
    for a wrong population file, ``DataError`` for a suffix other than .parquet .csv .csv.gz .tsv
    .sav, or a folder that does not exist or cannot be written.
    """
    suffix = _suffix(out)
    source = load_population(population)
    frame = simulate(source, n, seed)
    said = codebook(source, len(frame), source.seed if seed is None else seed)
    try:
        with together([out, codebook_path(out)]) as (data, book):
            _write(frame, data, suffix)
            _dump(said, book)
    except OSError as problem:
        raise DataError(f"cannot write the file: {problem.strerror or problem}", where=str(out)) from None
    return frame


def _suffix(path: Path) -> str:
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if path.name.endswith(suffix) and path.name != suffix:
            return suffix
    raise DataError(
        f"cannot write a {path.suffix or 'nameless'} file; known are {' '.join(SUFFIXES)}", where=str(path)
    )


def _write(frame: pd.DataFrame, path: Path, suffix: str) -> None:
    if suffix == ".parquet":
        frame.to_parquet(path, index=False, compression="zstd")
    elif suffix == ".sav":
        import pyreadstat

        pyreadstat.write_sav(frame, str(path))
    elif suffix == ".csv.gz":  # without name and time of the file, so that equal data are equal bytes
        with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
            frame.to_csv(file, index=False, lineterminator="\n")
    else:
        frame.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",", lineterminator="\n")


def _dump(content: dict[str, Any], path: Path) -> None:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 110
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yaml.dump(content, file)


def codebook(population: Population, n: int, seed: int) -> dict[str, Any]:
    """Return what a codebook file says: synthetic, how it was made, from what, and every variable."""
    texts = {column for column, _, _ in population.texts}
    variables: dict[str, Any] = {name: {"label": label} for name, label in DESIGN_COLUMNS.items()}
    variables["sector"]["values"] = {sector.name: sector.name for sector in population.sectors}
    for construct in population.constructs:
        for column in construct.columns:
            entry = {"construct": construct.name, **_variable(column)}
            if column.name in texts:
                words = [word for name, _, by in population.texts if name == column.name for word in by]
                entry["values"] = {word: word for word in dict.fromkeys(words)}
            variables[column.name] = entry
    variables |= codebook_entries(population.multiple)
    return {
        "synthetic": True,
        "about": [population.about.nl, population.about.en],
        "made_by": f"werksem simulate, population {population.name}, n {n}, seed {seed}",
        "n": n,
        "seed": seed,
        "made_from": list(population.made_from),
        "assumed": list(population.assumed),
        "variables": variables,
    }


def _variable(column: Column) -> dict[str, Any]:
    values = [int(v) if v == int(v) else v for v in column.values]
    entry: dict[str, Any] = {"label": {"nl": column.label.nl, "en": column.label.en}}
    if column.answers:
        words = ({"nl": answer.nl, "en": answer.en} for answer in column.answers)
        entry["values"] = dict(zip(values, words, strict=True))
    else:
        entry["range"] = [values[0], values[-1]]
    if column.reversed:
        entry["reversed"] = True
    return entry
