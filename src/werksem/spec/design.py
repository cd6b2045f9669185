"""Defaults that follow from the design of the survey: clusters, weights, groups, estimators."""

from __future__ import annotations

from typing import Any

__all__ = ["with_design_defaults"]

ROBUST = ("MLR", "MLM", "MLMV", "ULSMV", "WLSMV")


def with_design_defaults(raw: Any) -> Any:
    """Return a raw study with the defaults that its design implies, where it is silent.

    A ``cluster`` makes standard errors and the bootstrap go by cluster; ``weights`` make them
    robust and resamples keep to strata or groups; replicate weights take the place of resamples; a
    ``group`` lets paths and means vary; robust estimators have robust standard errors
    and MLR and FIML the observed information, as in lavaan. Anything but a mapping comes back as it is.

    >>> with_design_defaults({"data": {"file": "a.csv", "cluster": "org"}, "ols": {}})["ols"]
    {'se': 'cluster'}
    """
    data = raw.get("data") if isinstance(raw, dict) else None
    if not isinstance(data, dict):
        return raw
    implied = {section: found for section, found in _implied(data, raw).items() if found}
    return {
        key: {**implied.get(key, {}), **value} if isinstance(value, dict) and key in implied else value
        for key, value in raw.items()
    }


def _implied(data: dict[str, Any], raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    sem = raw.get("sem")
    sem = sem if isinstance(sem, dict) else {}
    implied: dict[str, dict[str, Any]] = {"ols": {}, "sem": {}, "bootstrap": {}, "bayes": {}}
    if data.get("ordered") and "estimator" not in sem:
        implied["sem"]["estimator"] = "WLSMV"
    if sem.get("estimator", implied["sem"].get("estimator")) in ROBUST:
        implied["sem"]["se"] = "robust"
    if sem.get("estimator") == "MLR" or data.get("missing") == "fiml":
        implied["sem"]["information"] = "observed"
    if sem.get("group_equal"):
        implied["sem"]["multigroup"] = True
    if data.get("weights") is not None:
        implied["ols"]["se"] = "HC3"
        implied["sem"]["se"] = "robust"
        if data.get("strata") is not None or data.get("group") is not None:
            implied["bootstrap"]["scheme"] = "strata"
    if data.get("cluster") is not None:
        implied["ols"]["se"] = implied["sem"]["se"] = "cluster"
        implied["bootstrap"]["scheme"] = "cluster"
    if data.get("replicate_weights") is not None:
        implied["bootstrap"]["scheme"] = "replicate_weights"
    if data.get("group") is not None:
        implied["bayes"]["vary"] = ["paths", "means"]
    return implied
