"""One row per path and group: every engine's standardised estimate, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

__all__ = ["COLUMNS", "DIFFERENCE", "ZERO", "comparison", "verdict"]

# differences up to this size are called agreement
DIFFERENCE = 0.05
# a beta nearer to 0 than this has no sign worth comparing (two SEs at n = 10,000)
ZERO = 0.02
ROUNDING = 1e-9
# shown, and told of in the warnings, but no verdict rests on them
UNUSABLE = ("not_converged", "rhat")

KEYS = ("lhs", "rhs", "group")
N_COLUMNS = ("n_ols", "n_sem", "n_bootstrap", "n_bayes")
TEXT = (*KEYS, "verdict", "published_stars", "published_certainty")
COLUMNS = (
    *KEYS, "published",
    "ols", "ols_ci_lower", "ols_ci_upper",
    "sem", "sem_ci_lower", "sem_ci_upper",
    "bootstrap_ci_lower", "bootstrap_ci_upper",
    "bayes", "bayes_ci_lower", "bayes_ci_upper", "bayes_pooled_share",
    "verdict", *N_COLUMNS, "published_stars", "published_certainty",
    "sem_probit",
)  # fmt: skip

Sizes = int | Mapping[str, Any] | None


def verdict(values: Iterable[float]) -> str:
    """Return ``agree``, ``differ > .05`` or ``sign differs``; empty with fewer than two values.

    ``sign differs``: one value is at least .02, another at most -.02 (nearer to 0 there is no
    sign to speak of). ``differ > .05``: the largest and the smallest are more than .05 apart.

    >>> verdict([0.31, 0.33]), verdict([0.31, 0.42]), verdict([0.04, -0.03]), verdict([0.01, -0.01])
    ('agree', 'differ > .05', 'sign differs', 'agree')
    """
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if low <= -ZERO and high >= ZERO:
        return "sign differs"
    return "differ > .05" if high - low > DIFFERENCE + ROUNDING else "agree"


def comparison(
    estimates: pd.DataFrame,
    published: pd.DataFrame | None = None,
    n: Mapping[str, Sizes] | None = None,
    pooled_share: pd.DataFrame | None = None,
    probit: pd.DataFrame | None = None,
    latent_responses: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row per path (``op`` is ``~``) and group, standardised, in the order of the estimates.

    ``estimates`` has the columns of ``estimates.csv``; ``published`` has ``lhs, rhs, group,
    beta`` and perhaps ``stars, certainty``; ``n`` says per engine how many respondents: a
    number, or a mapping by outcome (or ``all``), perhaps with a mapping by group inside. ``pooled_share`` has
    ``lhs, rhs, group, value``. In the verdict enter the published value, OLS, SEM and the
    posterior mean, each where there is one; an estimate that did not converge is shown but
    does not enter. The bootstrap gives an interval around the SEM estimate, which stands under ``sem``
    where the bootstrap ran alone.
    ``probit`` has ``lhs, rhs, group, std_ystar``: the last column, which never enters the verdict,
    for probit betas are not on the scale of the others; nor are those of a posterior whose outcome is one of
    ``latent_responses`` (yes or no, ordered), which stand in their column and do not enter either.
    """
    paths = estimates[estimates["op"] == "~"]
    table = _keys(paths)
    for engine in ("ols", "sem", "bootstrap", "bayes"):
        table = table.merge(_engine(paths, engine), on=list(KEYS), how="left")
    table = table.merge(_published(published), on=list(KEYS), how="left")
    table = table.merge(_column(pooled_share, "value", "bayes_pooled_share"), on=list(KEYS), how="left")
    table = table.merge(_column(probit, "std_ystar", "sem_probit"), on=list(KEYS), how="left")
    table["verdict"] = _verdicts(table, latent_responses)
    for column in N_COLUMNS:
        engine = column.removeprefix("n_")
        sizes = [_size((n or {}).get(engine), *key) for key in zip(table["lhs"], table["group"], strict=True)]
        shown = table[engine if engine != "bootstrap" else "bootstrap_ci_lower"].notna()
        table[column] = pd.array(sizes, dtype="Int64")
        table[column] = table[column].where(shown)
    for column in TEXT:
        known = table[column].astype(object)
        table[column] = known.where(known.notna(), "").astype(str)
    return table[list(COLUMNS)]


def _keys(paths: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct paths and groups: paths as they appear, ``all`` first among the groups."""
    distinct = paths[list(KEYS)].drop_duplicates().reset_index(drop=True)
    path = pd.Index(list(zip(distinct["lhs"], distinct["rhs"], strict=True)), tupleize_cols=False)
    groups = [g for g in distinct["group"].unique() if g != "all"]
    rank = {"all": 0} | {g: i for i, g in enumerate(groups, start=1)}
    order = pd.DataFrame({"path": pd.factorize(path)[0], "group": distinct["group"].map(rank)})
    return distinct.loc[order.sort_values(["path", "group"], kind="stable").index].reset_index(drop=True)


def _engine(paths: pd.DataFrame, engine: str) -> pd.DataFrame:
    """Return one engine's standardised values under their names in the comparison."""
    names = {"std": engine, "std_ci_lower": f"{engine}_ci_lower", "std_ci_upper": f"{engine}_ci_upper"}
    found = paths.loc[paths["engine"] == engine, [*KEYS, *names, "status"]]
    if engine == "sem" and found.empty:
        resampled = paths.loc[paths["engine"] == "bootstrap", [*KEYS, *names, "status"]]
        found = resampled.assign(std_ci_lower=float("nan"), std_ci_upper=float("nan"))
    return found.rename(columns={**names, "status": f"{engine}_status"})


def _published(published: pd.DataFrame | None) -> pd.DataFrame:
    """Return the published betas under their names in the comparison."""
    names = {"beta": "published", "stars": "published_stars", "certainty": "published_certainty"}
    given = pd.DataFrame(columns=[*KEYS]) if published is None else published
    renamed = given.reindex(columns=[*KEYS, *names]).rename(columns=names)
    renamed["published"] = pd.to_numeric(renamed["published"]).astype(float)
    return renamed.drop_duplicates(list(KEYS))


def _column(table: pd.DataFrame | None, value: str, name: str) -> pd.DataFrame:
    """Return one column of a table under its name in the comparison; no rows where there is no table."""
    given = pd.DataFrame(columns=[*KEYS, value]) if table is None else table
    renamed = given[[*KEYS, value]].rename(columns={value: name})
    renamed[name] = pd.to_numeric(renamed[name]).astype(float)
    return renamed


def _verdicts(table: pd.DataFrame, latent_responses: Collection[str]) -> list[str]:
    engines = [table[e].where(~table[f"{e}_status"].isin(UNUSABLE)) for e in ("ols", "sem", "bayes")]
    engines[-1] = engines[-1].where(~table["lhs"].isin(latent_responses))
    values = pd.concat([table["published"], *engines], axis=1).astype(float).to_numpy()
    return [verdict(row) for row in values.tolist()]


def _size(sizes: Sizes, outcome: str, group: str) -> int | None:
    """Return the respondents behind one row; a single number speaks of all groups together."""
    found = sizes.get(outcome, sizes.get("all")) if isinstance(sizes, Mapping) else sizes
    if isinstance(found, Mapping):
        found = found.get(group)
    elif group != "all":
        return None
    return None if found is None else int(found)
