"""Writing a drawn wave to a file, with the codebook beside it that says that it is synthetic."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from werksem.errors import DataError
from werksem.survey.population import Column, Population
from werksem.survey.simulate import simulate

__all__ = ["SUFFIXES", "codebook", "codebook_path", "write_simulated"]

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".tsv", ".sav")
DESIGN_COLUMNS = {
    "sector": {"nl": "Sector", "en": "Sector"},
    "organisatie": {"nl": "Organisatie, binnen de sector", "en": "Organisation, within the sector"},
    "gewicht": {
        "nl": "Gewicht: aandeel van de sector in het personeel gedeeld door zijn aandeel in de steekproef",
        "en": "Weight: the sector's share of the workforce divided by its share of the sample",
    },
}


def write_simulated(
    population: Population, path: Path, n: int | None = None, seed: int | None = None
) -> pd.DataFrame:
    """Write a drawn wave by the file's suffix, and ``<stem>.codebook.yaml`` beside it; return the wave.

    Raises ``DataError`` for a suffix other than .parquet .csv .csv.gz .tsv .sav, or a folder
    that does not exist or cannot be written.
    """
    suffix = _suffix(path)
    frame = simulate(population, n, seed)
    seed = population.seed if seed is None else seed
    partial = path.with_name(f".{path.name}.partial{suffix}")
    try:
        _write(frame, partial, suffix)
        _dump(codebook(population, len(frame), seed), codebook_path(path))
        os.replace(partial, path)
    except OSError as problem:
        raise DataError(f"cannot write the file: {problem.strerror or problem}", where=str(path)) from None
    finally:
        partial.unlink(missing_ok=True)
    return frame


def codebook_path(path: Path) -> Path:
    """Return where the codebook of a data file stands.

    >>> codebook_path(Path("data/wave.csv.gz")).name
    'wave.codebook.yaml'
    """
    return path.with_name(path.name.removesuffix(_suffix(path)) + ".codebook.yaml")


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
    else:
        compression: Any = {"method": "gzip", "mtime": 0} if suffix == ".csv.gz" else None
        frame.to_csv(
            path,
            index=False,
            sep="\t" if suffix == ".tsv" else ",",
            compression=compression,
            lineterminator="\n",
        )


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
    variables["sector"]["values"] = [sector.name for sector in population.sectors]
    for construct in population.constructs:
        for column in construct.columns:
            entry = {"construct": construct.name, **_variable(column)}
            if column.name in texts:
                words = [word for name, _, by in population.texts if name == column.name for word in by]
                entry["values"] = list(dict.fromkeys(words))
            variables[column.name] = entry
    return {
        "synthetic": True,
        "about": {"nl": population.about.nl, "en": population.about.en},
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
    entry |= {"values": values} if len(values) <= 10 else {"range": [values[0], values[-1]]}
    if column.reversed:
        entry["reversed"] = True
    return entry
