"""Weights, clusters, strata and replicate weights that cannot be those of a survey."""

from __future__ import annotations

import numpy as np

from trust.bad_data.answers import put, text
from trust.bad_data.case import Case, changed

__all__ = ["DESIGN"]

THREE = ("check", "fit", "describe")
W = {"weights": "w"}
OLS = {"sem": None}
EACH = {"columns": "r*", "type": "bootstrap"}


def _weights(kind: str = "weights") -> list[Case]:
    large = lambda d: d.assign(w=np.where(d.index == 4, 900.0, d["w"]))  # noqa: E731
    return [
        *changed(kind, "negative", put("w", -1, 4), 'column "w" has 1 negative weight, first in line 6',
                 data=W, verbs=THREE),
        *changed(kind, "negative", put("w", -1.0, 4), 'column "w" has 1 negative weight, first in row 5',
                 data=W, formats=(".sav", ".parquet"), verbs=THREE),
        *changed(kind, "blank", put("w", None, 4, 6), 'column "w" has 2 blank weights, first in line 6',
                 data=W, verbs=THREE),
        *changed(kind, "blank", put("w", None, 4), 'column "w" has 1 blank weight, first in row 5',
                 data=W, formats=(".sav", ".parquet")),
        *changed(kind, "blank_after_filter", put("w", None, 4), 'column "w" has 1 blank weight', "in line 6",
                 data=W | {"where": "sector == 'GR'"}),
        *changed(kind, "infinite", text("w", "inf", 4), 'column "w" has 1 infinite weight', data=W),
        *changed(kind, "words", text("w", "zwaar", 4), 'column "w" has answers in text: "zwaar"', "line 6",
                 data=W),
        *changed(kind, "all_zero", lambda d: d.assign(w=0), 'column "w": all weights are zero', data=W,
                 verbs=THREE, formats=(".csv", ".sav")),
        *changed(kind, "all_blank", lambda d: d.assign(w=np.nan), 'column "w" has 120 blank weights', data=W),
        *changed(kind, "zero_some", put("w", 0, 4, 6),
                 "weights: fewer than 10 of 120 respondents have a weight of zero", data=W,
                 study=OLS, code=0),
        *changed(kind, "zero_in_group", lambda d: d.assign(w=d["w"].where(d["sector"] != "GR", 0)),
                 'column "w": all weights are zero in group GR', data=W | {"group": "sector"}),
        *changed(kind, "alone", lambda d: d.assign(w=np.where(np.arange(len(d)) == 4, 1e30, 1.0)),
                 "a weight beside which all others count for nothing: 1e+30 (first in line 6)", data=W,
                 study=OLS),
        *changed(kind, "dominating", large, "dominating weight: the largest in w is", data=W, study=OLS,
                 code=0, formats=(".csv", ".parquet")),
        *changed(kind, "equal", lambda d: d.assign(w=2), "equal weights: all weights in w are 2", data=W,
                 study=OLS, code=0),
        *changed(kind, "weights_are_item", lambda d: d, '"x1" weighs respondents (data.weights)',
                 data={"weights": "x1"}),
        *changed(kind, "weights_are_group", lambda d: d, "sector", data={"weights": "sector",
                 "group": "sector"}),
    ]  # fmt: skip


def _clusters(kind: str = "clusters, strata, replicates") -> list[Case]:
    def cluster(name: str, made: object, *words: str, code: int = 2, data: object = None) -> list[Case]:
        keys = {"cluster": "org"} | (data if isinstance(data, dict) else {})
        change = made if callable(made) else (lambda d: d.assign(org=made))
        return list(changed(kind, name, change, *words, code=code, data=keys,
                            study={"sem": {}} if code else OLS))  # fmt: skip

    def rep(name: str, value: object, *words: str, columns: str = "r*") -> list[Case]:
        return list(changed(kind, name, lambda d: put("r2", value, 4)(d.assign(r1=d["w"], r2=d["w"] * 1.1,
                    r3=d["w"] * 0.9)), *words, data=W | {"replicate_weights": EACH | {"columns": columns}},
                    study={"sem": {}, "bootstrap": {"scheme": "replicate_weights"}}))  # fmt: skip

    return [
        *cluster("one_cluster", "o1", 'column "org" (data.cluster) has one cluster'),
        *cluster("cluster_each", lambda d: d.assign(org=d.index), "clusters of one", code=0),
        *cluster("cluster_blank", lambda d: d.assign(org=d["org"].where(d.index > 4, "")),
                 "blank org: 5 respondents without org are left out", code=0),
        *cluster("split_cluster", put("org", "o0", 4), "split clusters: 1 of 12 clusters of org",
                 "o0 in", code=0, data={"group": "sector"}),
        *changed(kind, "one_cluster_in_group", lambda d: d.assign(org=d["sector"]),
                 'has one cluster among the rows of group', data={"cluster": "org", "group": "sector"},
                 study={"sem": {"multigroup": True}}),
        *changed(kind, "lonely_stratum", lambda d: d.assign(s=np.where(d["org"] == "o0", "A", "B")),
                 'stratum "A" has one cluster', "lonely_psu", data={"cluster": "org", "strata": "s"},
                 study={"sem": {}, "bootstrap": {"replicates": 10}}),
        *changed(kind, "cluster_in_strata", lambda d: d.assign(s=np.where(d.index % 5, "A", "B")),
                 'cluster "o0" lies in the strata "B", "A" of "s"', data={"cluster": "org", "strata": "s"},
                 study={"sem": {}, "bootstrap": {"replicates": 10}}),
        *rep("replicate_negative", -1.0, 'column "r2" has 1 negative weight, first in line 6'),
        *rep("replicate_blank", None, 'column "r2" has 1 blank weight, first in line 6'),
        *rep("replicate_none", 1.0, 'no column "q*"', columns="q*"),
        *changed(kind, "fpc_small", lambda d: d.assign(pop=2), 'column "pop" (data.fpc)',
                 "right is the number in the population", data={"fpc": "pop"}),
        *changed(kind, "fpc_negative", lambda d: d.assign(pop=-5), 'column "pop" (data.fpc) is not above 0',
                 data={"fpc": "pop"}),
    ]  # fmt: skip


DESIGN: tuple[Case, ...] = (*_weights(), *_clusters())
