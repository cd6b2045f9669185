"""Groups of few respondents: one decision per run, and no table of the run has a row of theirs.

A hidden group took part in every estimate of all respondents; its own row, pooled or not, is gone. A pooled
path is the group's own, too: it moves with what its few respondents answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.describe.coarse import coarse, largest_of, step_of
from werksem.describe.few_groups import groups_of_few
from werksem.engines.all import Results
from werksem.engines.result import EngineResult
from werksem.engines.telling_clusters import telling_clusters
from werksem.errors import DataError
from werksem.inputs import Inputs
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = [
    "NOBODY", "Withheld", "behind", "refuse_few_respondents", "refuse_small_groups", "rounded", "shown_rows",
    "tells_sizes", "withheld_groups", "without_groups", "without_names",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Withheld:
    """Groups that no table shows: of ``few`` respondents, those hidden ``also``, and both, ``inside``.

    ``clusters`` is whether mean sizes and ICCs of clusters would tell the size of a small one; ``largest``
    the largest weight in means (0 without weights); ``coarse`` whether weighted numbers of all are rounded.
    """

    few: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()
    clusters: bool = False
    largest: float = 0.0
    coarse: bool = False


NOBODY = Withheld()
# who is behind a number, beside the outcomes of regressions
EVERYONE, COMPLETE = "(all)", "(complete)"
# tables whose means, spreads and shares of all respondents weigh hidden ones
ROUNDED = ("distributions", "scales", "items")


def withheld_groups(study: Study, model: ModelSpec, inputs: Inputs) -> Withheld:
    """Return which groups of ``data.group`` the study's rule hides, by every n that its tables speak of.

    These are all respondents of the group, those with all scale means of a regression, and for a posterior
    with latent variables those who answered every item.
    """
    if inputs.items is None or inputs.scores is None:
        return NOBODY
    few: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    if inputs.group is not None:
        group = inputs.group.astype(object).where(inputs.group.notna(), None)
        found = behind(study, model, inputs.items, inputs.scores).set_axis(group.index)
        if not _by_group(study):
            found = found.drop(columns=COMPLETE, errors="ignore")
        few, also = groups_of_few(found.groupby(group, sort=False).sum(), study.disclosure)
    inside = frozenset((*few, *also))
    weights = None if inputs.weights is None else inputs.weights.to_numpy(dtype=float)
    largest = largest_of(weights) if inside and study.disclosure.complementary else 0.0
    clusters = telling_clusters(inputs, inside, study.disclosure)
    return Withheld(few, also, inside, clusters, largest, largest > 0)


def behind(study: Study, model: ModelSpec, items: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return who is behind each n: a row per respondent, and a column for every number that tables have."""
    complete = {EVERYONE: np.ones(len(items), dtype=bool)}
    for equation in equations(model):
        names = [name for name in (equation.outcome, *equation.predictors) if name in scores]
        complete[equation.outcome] = scores[names].notna().all(axis=1).to_numpy()
    sem = study.sem is not None and study.data.missing == "listwise"
    if sem or (study.bayes is not None and study.bayes.level == "latent"):
        complete[COMPLETE] = items.notna().all(axis=1).to_numpy()
    return pd.DataFrame(complete, index=items.index)


def _by_group(study: Study) -> bool:
    """Return whether estimates of groups are of those who answered every item."""
    latent = study.bayes is not None and study.bayes.level == "latent"
    return latent or (study.sem is not None and study.sem.multigroup)


def refuse_few_respondents(study: Study, model: ModelSpec, inputs: Inputs) -> None:
    """Raise ``DataError`` where all respondents behind an estimate are fewer than a table may show."""
    if inputs.items is None or inputs.scores is None or study.disclosure.smallest <= 1:
        return
    sizes = behind(study, model, inputs.items, inputs.scores).sum()
    if study.ols is None and (study.bayes is None or study.bayes.level != "scores"):
        sizes = sizes[sizes.index.isin((EVERYONE, COMPLETE))]
    if sizes.min() < study.disclosure.smallest:
        at = str(sizes.idxmin())
        of = {EVERYONE: "this study", COMPLETE: "the model of complete answers"}.get(
            at, f"the regression of {at}"
        )
        raise DataError(
            f"{of} has fewer than {study.disclosure.smallest} respondents (disclosure.smallest), of whom no "
            "table may tell; right is more respondents, or disclosure.smallest: 1 where nobody is to be "
            "protected",
            where=str(study.data.file),
        )


def refuse_small_groups(study: Study, withheld: Withheld) -> None:
    """Raise ``DataError`` where the SEM would have parameters of a group that no table may show."""
    if study.sem is None or not study.sem.multigroup or not withheld.few:
        return
    raise DataError(
        f"sem.multigroup estimates every group of {study.data.group} by itself, and {withheld.few[0]!r} has "
        f"fewer than {study.disclosure.smallest} respondents (disclosure.smallest); leave it out with "
        "data.where, or put it with another group"
    )


def without_names(sentences: Iterable[str], gone: Collection[str]) -> tuple[str, ...]:
    """Return sentences without hidden groups in their lists; one that is about such a group goes.

    >>> without_names(["sizes: a 40, b 7, c 30", "groups of one: region has one respondent in b"], {"b"})
    ('sizes: a 40, c 30',)
    """
    found = []
    for text in sentences:
        for group in gone:
            name = rf"(?<!\w){re.escape(group)}(?!\w)"
            text = re.sub(rf", {name}(?: [\d.]+)?(?=,|;|:|$)|(?<= ){name}(?: [\d.]+)?, ", "", text)
        if not any(re.search(rf"(?<!\w){re.escape(group)}(?!\w)", text) for group in gone):
            found.append(text)
    return tuple(found)


def without_groups(results: Results, withheld: Withheld) -> Results:
    """Return the results without rows, draws and quantities of the withheld groups.

    Of ``design`` go the rows by group too, and those by cluster where they tell as much: the sums of squares
    behind them give two hidden sizes away. Of ``sample`` go the weights that would do so (``_weighed``).
    """
    if withheld.inside or withheld.clusters:
        results = replace(results, design=_design(results.design, withheld))
    if not withheld.inside:
        return results
    gone = withheld.inside
    found: dict[str, Any] = {
        field.name: shown_rows(getattr(results, field.name), gone)
        for field in fields(results)
        if isinstance(getattr(results, field.name), pd.DataFrame)
    }
    found |= {} if results.sample is None else {"sample": _weighed(found["sample"])}
    found |= {name: rounded(found[name], withheld) for name in ROUNDED if name in found}
    found["engines"] = tuple(_engine(engine, gone) for engine in results.engines)
    if results.posterior is not None:
        found["posterior"] = results.posterior.map(_drawn, gone=gone)
    if results.pooled is not None:
        keep = [label not in gone for label in results.pooled.groups]
        found["pooled"] = _pooled(results.pooled, np.array(keep, dtype=bool))
        found["freed_means"] = tuple(
            _quantity(mean, np.array(keep, dtype=bool)) for mean in results.freed_means
        )
    return replace(results, **found)


def rounded(table: pd.DataFrame, withheld: Withheld) -> pd.DataFrame:
    """Return a table with weighted means and shares of all respondents coarse, where groups are hidden.

    Exact ones give the sum of weights: the only number whose products with all of them are whole. A row's
    step is that of its ``n``, of a share that of all who answered; rows of one shown group stay as they are.

    >>> table = pd.DataFrame({"scale": ["f"], "n": [420], "mean": [3.14159], "sd": [1.0102]})
    >>> rounded(table, Withheld(inside=frozenset("b"), largest=2.5)).values.tolist()
    [['f', 420, 3.14, 1.01]]
    """
    if not withheld.largest or not len(table):
        return table
    base = table["n"] / table["share"] if "share_weighted" in table else table["n"]
    steps = [step_of(withheld.largest, n) for n in base]
    everyone = (table["group"] == "all").to_numpy() if "group" in table else np.ones(len(table), dtype=bool)
    if "kind" in table:
        everyone &= (table["kind"] != "correlations").to_numpy()
    return table.assign(**{
        name: [
            coarse(value, step) if own and np.isfinite(value) else value
            for value, step, own in zip(table[name], steps, everyone, strict=True)
        ]
        for name in ("mean", "sd", "floor", "ceiling", "share_weighted") if name in table
    })  # fmt: skip


def shown_rows(table: pd.DataFrame, gone: Collection[str]) -> pd.DataFrame:
    """Return a table without the rows of some groups; as it is where it has no column ``group``.

    >>> shown_rows(pd.DataFrame({"group": ["all", "a", "b"], "n": [9, 4, 5]}), {"b"})["n"].tolist()
    [9, 4]
    """
    if "group" not in table:
        return table
    return table[~table["group"].isin(list(gone))].reset_index(drop=True)


def _design(table: pd.DataFrame | None, withheld: Withheld) -> pd.DataFrame | None:
    """Return ``design`` without the rows of groups, or clusters, from which a hidden size can be solved."""
    names = [name for name, tells in (("group", withheld.inside), ("cluster", withheld.clusters)) if tells]
    if table is None or not names:
        return table
    inside = table["design"].isin(names)
    if not inside.any():
        return table
    return None if inside.all() else table[~inside].reset_index(drop=True)


def _weighed(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``sample`` without what tells the weight of hidden groups: of all less that of the others.

    Where every respondent of a group has one weight, as after post-stratification, Σw and Σw² of the hidden
    groups and the largest weight give their sizes. What is of one shown group only stays.
    """
    names = [name for name in ("weight_min", "weight_max", "n_effective") if name in table]
    everyone = table["group"] == "all"
    return table.assign(
        **({"weight_share": np.nan} if "weight_share" in table else {}),
        **{name: table[name].mask(everyone) for name in names},
    )


def tells_sizes(name: str, table: pd.DataFrame, withheld: Withheld) -> bool:
    """Return whether a written ``sample.csv`` or ``design.csv`` has what would tell a hidden size.

    >>> withheld = Withheld(few=("b",), also=("c",), inside=frozenset("bc"))
    >>> rows = pd.DataFrame({"group": ["all", "a"], "weight_share": [np.nan, 0.5]})
    >>> tells_sizes("sample.csv", rows, withheld), tells_sizes("sample.csv", rows, NOBODY)
    (True, False)
    """
    if name == "sample.csv" and withheld.inside:
        return bool((table.notna() & _weighed(table).isna()).any(axis=None))
    return name == "design.csv" and _design(table, withheld) is not table


def _engine(engine: EngineResult, gone: frozenset[str]) -> EngineResult:
    tables: Mapping[str, pd.DataFrame] = {name: shown_rows(t, gone) for name, t in engine.tables.items()}
    return replace(
        engine, estimates=shown_rows(engine.estimates, gone), fit=shown_rows(engine.fit, gone), tables=tables
    )


def _drawn(draws: Any, gone: frozenset[str]) -> Any:
    """Return an xarray dataset without the groups along its dimension ``group``."""
    if "group" not in draws.dims:
        return draws
    return draws.sel(group=[label for label in draws["group"].values if str(label) not in gone])


def _pooled(pooled: Pooled, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Pooled:
    return replace(
        pooled, groups=tuple(label for label, kept in zip(pooled.groups, keep, strict=True) if kept),
        n=pooled.n[keep], share=pooled.share[keep],
        quantities=tuple(_quantity(quantity, keep) for quantity in pooled.quantities),
        means=tuple(_quantity(mean, keep) for mean in pooled.means),
    )  # fmt: skip


def _quantity(quantity: Quantity, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Quantity:
    def own(scaled: Scaled) -> Scaled:
        return scaled if scaled.group is None else replace(scaled, group=scaled.group[:, keep])

    return replace(
        quantity, raw=own(quantity.raw), std=own(quantity.std), common=own(quantity.common),
        present=quantity.present[keep],
    )  # fmt: skip
