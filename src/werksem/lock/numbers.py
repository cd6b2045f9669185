"""Every number of a result folder by engine and name, and how many decimals a publication prints."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

from werksem.compare.cells import records
from werksem.report.answer import decimals_of
from werksem.report.folder import Result, optional_table, read_result
from werksem.report.shrinkage import MANY_GROUPS

__all__ = ["Found", "numbers", "row_name"]

COLUMNS = (
    "std", "est", "se", "std_se", "pvalue", "ci_lower", "ci_upper", "std_ci_lower", "std_ci_upper",
)  # fmt: skip
# decimals in the report
FIT = {
    "chisq": 1, "df": 0, "pvalue": 3, "cfi": 3, "tli": 3, "srmr": 3,
    "rmsea": 3, "rmsea_ci_lower": 3, "rmsea_ci_upper": 3,
    "chisq_scaled": 1, "df_scaled": 0, "pvalue_scaled": 3, "cfi_robust": 3, "tli_robust": 3,
    "rmsea_robust": 3, "rmsea_ci_lower_robust": 3, "rmsea_ci_upper_robust": 3, "pvalue_bollen_stine": 3,
    "ntotal": 0,
}  # fmt: skip
RELIABILITY, R2, EFFECTS, PVALUE = 2, 3, 3, 3
MEANS, LIMITS = ("std", "est"), ("std_ci_lower", "std_ci_upper", "ci_lower", "ci_upper")


@dataclass(frozen=True, slots=True)
class Found:
    """A number (or verdict) of a result folder; ``rounding`` is None where no publication prints it."""

    value: float | str
    rounding: int | None = None
    mcse: float | None = None

    @property
    def printed(self) -> bool:
        """Whether a lock has it without being asked."""
        return self.rounding is not None or isinstance(self.value, str)


def numbers(folder: Path) -> dict[str, dict[str, Found]]:
    """Return the numbers of a folder that ``fit`` wrote, by engine and name; undefined ones are left out.

    Names are ``column / row``, such as ``std / y ~ x``, then `` / group`` but for all respondents.
    """
    result = read_result(folder)
    found: dict[str, dict[str, Found]] = {}
    for part in (_estimates(result), _fit(result), _reliability(result), _claims(result)):
        for engine, name, number in part:
            if isinstance(number.value, str) or math.isfinite(number.value):
                found.setdefault(engine, {}).setdefault(name, number)
    return found


def row_name(row: dict[str, Any]) -> str:
    """Return what a row of ``estimates.csv`` is called.

    >>> row_name({"lhs": "y", "op": "~", "rhs": "x", "group": "Rijk"})
    'y ~ x / Rijk'
    >>> row_name({"lhs": "y", "op": "r2", "rhs": "y", "group": "all"})
    'r2 y'
    >>> row_name({"lhs": "total: x -> y", "op": ":=", "rhs": "", "group": "all"})
    'total: x -> y'
    """
    alone = {":=": row["lhs"], "r2": f"r2 {row['lhs']}"}
    path = alone.get(row["op"], f"{row['lhs']} {row['op']} {row['rhs']}".strip())
    return path if row["group"] == "all" else f"{path} / {row['group']}"


def _estimates(result: Result) -> Iterator[tuple[str, str, Found]]:
    compared = result.comparison
    paths = set(zip(compared["lhs"], compared["rhs"], strict=True))
    outcomes, groups = set(compared["lhs"]), set(compared["group"])
    groups = groups if len(groups) <= MANY_GROUPS + 1 else {"all"}
    betas, ess = decimals_of(compared), {kind: _ess(result, kind) for kind in ("bulk", "tail")}
    for row in records(result.estimates):
        shown: dict[str, int] = {}
        if row["group"] in groups and row["op"] == "~" and (row["lhs"], row["rhs"]) in paths:
            shown = _shown(row, betas)
        elif row["group"] in groups and row["op"] == ":=":
            shown = _shown(row, EFFECTS)
        elif row["group"] == "all" and row["op"] == "r2" and row["lhs"] in outcomes:
            shown = {"est": R2}
        name = row_name(row)
        for column in COLUMNS:
            error = _mcse(row, column, ess) if row["engine"] == "bayes" else math.nan
            mcse = error if math.isfinite(error) else None
            yield row["engine"], f"{column} / {name}", Found(float(row[column]), shown.get(column), mcse)


def _mcse(row: dict[str, Any], column: str, ess: dict[str, float]) -> float:
    """Return the Monte-Carlo error of a posterior number, NaN for a column without one.

    Of a mean sd / sqrt(ESS); of a limit at probability p, for a posterior that is near normal,
    sd sqrt(p (1 - p) / ESS) / phi(z_p), with the effective number of draws of the tails.
    """
    sd = float(row["std_se" if column.startswith("std") else "se"])
    if column in MEANS:
        return sd / math.sqrt(ess["bulk"])
    p = (1 - float(row["level"])) / 2
    if column not in LIMITS or not 0 < p < 0.5:
        return math.nan
    normal = NormalDist()
    return sd * math.sqrt(p * (1 - p) / ess["tail"]) / normal.pdf(normal.inv_cdf(p))


def _shown(row: dict[str, Any], decimals: int) -> dict[str, int]:
    """Return which columns of a path or effect are printed: of the bootstrap its limits alone.

    The p-value stands for the stars.
    """
    standardised = math.isfinite(float(row["std"]))
    prefix = "std_" if standardised else ""
    limits = {f"{prefix}ci_lower": decimals, f"{prefix}ci_upper": decimals}
    if row["engine"] == "bootstrap":
        return limits
    return {"std" if standardised else "est": decimals, **limits, "pvalue": PVALUE}


def _ess(result: Result, kind: str) -> float:
    """Return the smallest effective number of draws (``bulk`` or ``tail``), NaN without a posterior."""
    rows = result.diagnostics
    found = rows.loc[(rows["engine"] == "bayes") & (rows["measure"] == f"ess_{kind}_min"), "value"]
    return float(found.iloc[0]) if len(found) else math.nan


def _fit(result: Result) -> Iterator[tuple[str, str, Found]]:
    for row in records(result.fit):
        rounding = FIT.get(row["measure"]) if row["engine"] in ("sem", "bootstrap") else None
        rounding = 0 if row["measure"].startswith("n.") else rounding
        suffix = "" if row["group"] == "all" else f" / {row['group']}"
        yield row["engine"], f"fit / {row['measure']}{suffix}", Found(float(row["value"]), rounding)


def _reliability(result: Result) -> Iterator[tuple[str, str, Found]]:
    for row in records(result.reliability):
        group = str(row.get("group", "all"))
        suffix = "" if group == "all" else f" / {group}"
        for measure in ("alpha", "omega", "ave"):
            name = f"{measure} / {row['construct']}{suffix}"
            yield "sem", name, Found(float(row[measure]), RELIABILITY)


def _claims(result: Result) -> Iterator[tuple[str, str, Found]]:
    for row in records(optional_table(result, "claims.csv", ("id", "engine", "verdict"))):
        yield row["engine"], f"claim / {row['id']}", Found(str(row["verdict"]))
