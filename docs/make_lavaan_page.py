"""Writes docs/lavaan.md: werksem's numbers beside lavaan's for the classics.

    python docs/make_lavaan_page.py

lavaan's values lie in tests/reference with the R scripts that made them; werksem's are computed here,
now. A case whose data are not on this machine is named and left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from tests.cases import REFERENCE, SHARED, data_of, spec_of  # noqa: E402
from werksem.engines.sem import fit_sem  # noqa: E402
from werksem.moments import moments  # noqa: E402
from werksem.patterns import patterns  # noqa: E402
from werksem.respondents import Respondents  # noqa: E402
from werksem.rows import Options  # noqa: E402
from werksem.sem_data import SemData  # noqa: E402
from werksem.spec.study import Sem  # noqa: E402

MEASURES = ("chisq", "df", "cfi", "tli", "rmsea", "srmr", "logl", "aic", "bic")
ROBUST = ("chisq_scaled", "chisq_scaling_factor", "cfi_robust", "tli_robust", "rmsea_robust")


def reference(file: str, **where: str) -> pd.DataFrame:
    """Return the rows of a reference table that are of one case."""
    table = pd.read_csv(REFERENCE / file, keep_default_na=False, na_values="NA")
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def ml_case(name: str, data: str, estimator: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return werksem's (estimates, fit) of a model of complete data."""
    spec = spec_of((REFERENCE / "models" / f"{name}.lavaan").read_text(), name)
    settings = Sem(
        estimator=estimator, engine="werksem", information="observed" if estimator == "MLR" else "expected"
    )
    names = list(dict.fromkeys(s.rhs for s in spec.statements if s.op == "=~"))
    names = [name for name in names if name in data_of(data).columns]
    rows = data_of(data)[names].to_numpy(dtype=float)
    people = SemData(("all",), (moments(rows, names),), (Respondents(rows),))
    result = fit_sem(spec, people, settings, Options())
    return result.tables.estimates, result.tables.fit


def bfi_fiml() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return werksem's FIML fit of the five factors of bfi, 2,800 respondents with real blanks."""
    spec = spec_of((REFERENCE / "models" / "fiml_bfi.lavaan").read_text(), "bfi")
    names = list(dict.fromkeys(s.rhs for s in spec.statements if s.op == "=~"))
    rows = pd.read_csv(SHARED / "bfi" / "bfi.csv")[names].to_numpy(dtype=float)
    settings = Sem(engine="werksem", information="observed")
    data = SemData(("all",), patterns=(patterns(rows, names),))
    result = fit_sem(spec, data, settings, Options(mean_structure=True))
    return result.tables.estimates, result.tables.fit


def side_by_side(
    title: str, ours: tuple[pd.DataFrame, pd.DataFrame], theirs: pd.DataFrame, fit: pd.DataFrame,
    *, shown: int,
) -> Iterator[str]:  # fmt: skip
    """Yield the lines of one case: fit measures, some estimates, and the largest differences of all."""
    estimates, measures = ours
    yield f"## {title}\n"
    yield "| measure | werksem | lavaan | difference |\n|---|--:|--:|--:|"
    values = dict(zip(measures["measure"], measures["value"], strict=True))
    published = {name.replace(".", "_"): value for name, value in fit[["measure", "value"]].to_numpy()}
    for name in (*MEASURES, *ROBUST):
        if name in values and name in published:
            gap = values[name] - float(published[name])
            yield f"| {name} | {values[name]:.4f} | {float(published[name]):.4f} | {gap:.1e} |"
    keys = ["lhs", "op", "rhs"]
    both = estimates.merge(theirs, on=keys, suffixes=("", "_lavaan"))
    both = both[both["se"].notna() & (both["se_lavaan"] > 0)]
    yield "\n| parameter | werksem | SE | lavaan | SE |\n|---|--:|--:|--:|--:|"
    for row in both.head(shown).itertuples():
        yield (
            f"| {row.lhs} {row.op} {row.rhs} | {row.est:.4f} | {row.se:.4f} "
            f"| {row.est_lavaan:.4f} | {row.se_lavaan:.4f} |"
        )
    gap = np.abs(both["est"] - both["est_lavaan"]).max()
    ratio = np.abs(both["se"] / both["se_lavaan"] - 1).max()
    yield (
        f"\nAll {len(both)} estimated parameters: largest difference of an estimate {gap:.1e}, of a standard "
        f"error {100 * ratio:.3f} %.\n"
    )


def page() -> Iterator[str]:
    """Yield the page."""
    yield "# werksem beside lavaan 0.6-14\n"
    yield (
        "Made by `python docs/make_lavaan_page.py`. lavaan's values come from the R scripts in "
        "`tests/reference`, werksem's are computed when the page is made. lavaan stops when its function "
        "changes by less than 1e-10, which leaves some 1e-5 in its estimates; werksem stops at a gradient "
        "below 1e-8.\n"
    )
    cases = (("holzinger", "Holzinger and Swineford, three factors"), ("democracy", "Political Democracy"))
    for name, title in cases:
        theirs = reference("lavaan_ml_estimates.csv", model=name, information="expected")
        fit = reference("lavaan_ml_fit.csv", model=name)
        yield from side_by_side(f"{title}, ML", ml_case(name, name, "ML"), theirs, fit, shown=12)
        theirs = reference("lavaan_robust_estimates.csv", case=f"{name}_MLR")
        fit = reference("lavaan_robust_fit.csv", case=f"{name}_MLR")
        yield from side_by_side(f"{title}, MLR", ml_case(name, name, "MLR"), theirs, fit, shown=6)
    if (SHARED / "bfi" / "bfi.csv").is_file():
        theirs = reference("lavaan_fiml_estimates.csv", model="fiml_bfi", variant="ML")
        fit = reference("lavaan_fiml_fit.csv", model="fiml_bfi", variant="ML")
        title = "bfi, five factors, 2,800 respondents with blanks, FIML"
        yield from side_by_side(title, bfi_fiml(), theirs, fit, shown=12)
    else:
        yield "bfi: the data are not here.\n"
    yield "More cases, compared number by number, run with the tests: `tests/inference/test_*lavaan*.py`.\n"


if __name__ == "__main__":
    lines = "\n".join(page())
    (ROOT / "docs" / "lavaan.md").write_text(lines, encoding="utf-8")
    print(f"docs/lavaan.md: {lines.count(chr(10))} lines")
