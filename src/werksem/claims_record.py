"""What the manifest says of claims: their hash, that of the rules, and since when both stand.

A claim that was written down before the data were seen weighs more than one that was made after. The
hashes show that nothing was changed since; the record goes from run to run of one result folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werksem import manifest
from werksem.compare.claims_tables import canonical, rules
from werksem.spec.study import Study

__all__ = ["claims_record"]


def claims_record(study: Study, now: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys ``claims_rules`` and ``claims_since`` of a manifest, none for a study without claims.

    ``now`` is the manifest of this run, ``earlier`` that of the results it replaces. ``claims_since`` is
    the first run in a row with these claims and rules: when it was (``seen``) and on which data.
    """
    if study.claims is None:
        return {}
    thresholds = rules(study)
    found = {"sha256": manifest.text_hash(canonical(thresholds)), "thresholds": dict(thresholds)}
    same_claims = earlier.get("claims", {}).get("sha256") == now["claims"]["sha256"]
    same_rules = earlier.get("claims_rules", {}).get("sha256") == found["sha256"]
    since = {"seen": now["created"], "data": now["data"].get("sha256", "")}
    if same_claims and same_rules and earlier.get("claims_since"):
        since = dict(earlier["claims_since"])
    return {"claims_rules": found, "claims_since": since}
