"""What a fit leaves behind, for Python: every table of the folder as pandas, the posterior as xarray."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werksem.errors import DataError, did_you_mean

if TYPE_CHECKING:
    import arviz
    import pandas as pd
    import xarray as xr

__all__ = ["Compared", "Results", "read_results"]

# columns of any table that are text even where all of it looks like numbers (a group called 1)
TEXT = (
    "engine", "group", "lhs", "op", "rhs", "label", "method", "status", "verdict", "published_stars",
    "published_certainty", "measure", "construct", "item", "variable", "outcome", "block", "column", "id",
    "statement", "evidence", "finding", "source", "note", "known_deviation", "family", "table", "kind",
    "category", "wave", "by", "parameter",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """A result folder as it was read; ``result.estimates`` is ``result.tables["estimates"]``.

    ``tables`` has every CSV of the folder by its name without ``.csv``; ``manifest`` says what was run.
    """

    folder: Path
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.tables:
            near = did_you_mean(name, self.tables)
            raise AttributeError(
                f"no table {name!r} in {self.folder}{near}; there are {', '.join(self.tables)}"
            )
        return self.tables[name]

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.tables]

    @property
    def code(self) -> int:
        """What the command line would have returned: 0, or 1 where a result is not to be trusted."""
        rows = self.tables.get("estimates")
        return 0 if rows is None else int((rows["status"] != "ok").any())

    @property
    def trusted(self) -> bool:
        """Whether every estimate has status ``ok``."""
        return self.code == 0

    @cached_property
    def bootstrap(self) -> pd.DataFrame:
        """The replicates, one per row: a column per parameter and effect, and ``status``."""
        import pandas as pd

        return pd.read_parquet(_there(self.folder, "bootstrap.parquet"))

    @cached_property
    def inference_data(self) -> arviz.InferenceData:
        """All of ``posterior.nc`` as ArviZ has it: posterior, sample statistics, observed data."""
        import arviz

        with arviz.rc_context({"data.load": "eager"}):
            return arviz.from_netcdf(str(_there(self.folder, "posterior.nc")), engine="h5netcdf")

    @cached_property
    def posterior(self) -> xr.Dataset:
        """The draws of the posterior, with dimensions chain and draw first."""
        return self.inference_data.posterior

    def __repr__(self) -> str:
        from werksem.api.shown import as_text

        return as_text(self.folder)

    def _repr_html_(self) -> str:
        from werksem.api.shown import as_html

        return as_html(self.folder)


@dataclass(frozen=True, eq=False, repr=False)
class Compared:
    """Several result folders side by side.

    ``paths``: a row per path and group, wide. ``models``: the fit of each SEM. ``pairs``: differences
    between those two by two. ``change``: why betas changed between waves, None where not asked for.
    """

    paths: pd.DataFrame
    models: pd.DataFrame
    pairs: pd.DataFrame
    change: pd.DataFrame | None = None
    text: str = ""

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return str(self.paths.to_html(index=False, na_rep="", float_format=lambda value: f"{value:.3f}"))


def read_results(folder: Path) -> Results:
    """Return what a result folder holds; raises ``DataError`` for one that is none, or is damaged."""
    from werksem.report.described.folder import is_described, read_described
    from werksem.report.folder import read_result
    from werksem.results import read_manifest

    manifest = read_manifest(folder)
    (read_described if is_described(manifest) else read_result)(folder)
    return Results(folder, {path.stem: _table(path) for path in sorted(folder.glob("*.csv"))}, manifest)


def _table(path: Path) -> pd.DataFrame:
    """Return a CSV with its names as text and undefined numbers as NaN."""
    import pandas as pd

    from werksem.survey.formulas import undone_table

    try:
        types = dict.fromkeys(TEXT, str)
        frame = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""], encoding="utf-8")
    except ValueError as problem:
        raise DataError(f"this table is damaged ({problem}); run fit again", where=str(path)) from None
    texts = [str(name) for name in frame if pd.api.types.is_string_dtype(frame[name])]
    return undone_table(frame.assign(**{name: frame[name].fillna("") for name in texts}))


def _there(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise DataError(f"{name} is not here: the study ran no {name.split('.')[0]}", where=str(folder))
    return folder / name
