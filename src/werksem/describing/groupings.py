"""What ``describe`` knows of groupings: the groups that ``fit`` hides, and which lie within others."""

from __future__ import annotations

from werksem.describe.hidden_groups import Groupings, Hidden
from werksem.describe.nested_groupings import nested_groupings
from werksem.describe.reading import Respondents
from werksem.describe.table import COMPLEMENTARY, PRIMARY
from werksem.engines.few import withheld_groups
from werksem.errors import DataError, SpecError
from werksem.inputs import read_inputs
from werksem.spec.describe import Describe
from werksem.spec.equations import equations
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec

__all__ = ["groupings_of", "names_hidden"]


def groupings_of(study: Study, model: ModelSpec, respondents: Respondents) -> Groupings:
    """Return what is known of the groupings of a study's tables besides their rows."""
    described = study.describe or Describe()
    by = study.data.group
    if by is None or study.disclosure.smallest <= 1 or all(table.by != by for table in described.tables):
        fitted = {}
    else:
        fitted = {repr(by): _fitted(study, model)}
    return Groupings(fitted, nested_groupings(described, respondents))


def _fitted(study: Study, model: ModelSpec) -> dict[str, str]:
    """Return the groups that no table of ``fit`` has, none where it has no other n than the tables have."""
    latent = study.bayes is not None and study.bayes.level == "latent"
    if not (equations(model) or latent):
        return {}
    try:
        withheld = withheld_groups(study, model, read_inputs(study, model))
    except (DataError, SpecError):  # what fit refuses has no results to compare with
        return {}
    return dict.fromkeys(withheld.few, PRIMARY) | dict.fromkeys(withheld.also, COMPLEMENTARY)


def names_hidden(hidden: Hidden) -> dict[str, frozenset[str]]:
    """Return per grouping (``repr`` of ``by``) the groups that some wave hides of all respondents.

    >>> names_hidden({("'g'", "", ""): {"a": "suppressed"}, ("'g'", "", "x > 1"): {"b": "suppressed"}})
    {"'g'": frozenset({'a'})}
    """
    found: dict[str, frozenset[str]] = {}
    for place, groups in hidden.items():
        if not place[2]:
            found[place[0]] = found.get(place[0], frozenset()) | frozenset(groups)
    return found
