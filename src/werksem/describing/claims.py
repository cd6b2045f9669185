"""Claims of a study with tables: those that respondents decide, without telling of few of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from werksem.compare.claims import Evidence, claims_details, claims_table, say
from werksem.compare.claims_file import read_claims
from werksem.compare.few_claimed import labels_of_many
from werksem.compare.measured import People
from werksem.compare.respondents_claimed import classed, data_found
from werksem.describe.reading import Respondents, of_rows
from werksem.describe.sample import Sample
from werksem.describe.slices import texts
from werksem.estimates import estimates_table
from werksem.inputs import Inputs
from werksem.spec.claims import (
    Claim,
    Classes,
    Level,
    ShareAbove,
    Statistic,
    claimed_columns,
    load_classes,
)
from werksem.spec.describe import Describe
from werksem.spec.describe_rules import names_of
from werksem.spec.study import Study
from werksem.spec.table_spec import WAVE
from werksem.spec.types import ModelSpec

__all__ = ["Asked", "asked", "tested"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The claims of a study and the classes that they sort respondents by, none where it names no file."""

    claims: tuple[Claim, ...] = ()
    classes: Mapping[str, Classes] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names that claims are about or sort by, without their own classes and the wave."""
        variables, sorting = claimed_columns(self.claims)
        counted = [entry.column for name, entry in self.classes.items() if name in sorting]
        by_column = [name for name in sorting if name not in self.classes and name != WAVE]
        return tuple(dict.fromkeys((*variables, *counted, *by_column)))


def asked(study: Study, model: ModelSpec) -> Asked:
    """Return what a study claims, on names of its model and its tables; errors as ``read_claims``."""
    if study.claims is None:
        return Asked()
    tables = (study.describe or Describe()).tables
    claims = read_claims(study, model, also=[name for table in tables for name, _ in names_of(table)])
    return Asked(claims, load_classes(study.claims))


def tested(
    study: Study, said: Asked, respondents: Respondents, hidden: Mapping[str, Collection[str]]
) -> dict[str, pd.DataFrame]:
    """Return ``claims`` and ``claims_details``, nothing for a study without claims.

    There are no estimates: what only an engine can decide stays undecided. Claims that name a wave are
    about all of them, others about the study's own. Numbers that stand on few respondents are unknown,
    and those of groups that tables hide (``hidden``, per ``repr`` of their column).
    """
    if not said.claims:
        return {}
    described = study.describe or Describe()
    found: dict[str, list[pd.DataFrame]] = {"claims": [], "claims_details": []}
    for waves in (False, True):
        part = [_level(claim) for claim in said.claims if (WAVE in claimed_columns([claim])[1]) == waves]
        if part:
            sample = respondents.sample if waves else _own(respondents.sample, described)
            evidence = _evidence(study, part, said.classes, sample, hidden)
            found["claims"].append(claims_table(part, evidence))
            found["claims_details"].append(claims_details(part, evidence))
    return {name: pd.concat(tables, ignore_index=True) for name, tables in found.items()}


def _own(sample: Sample, described: Describe) -> Sample:
    return sample if sample.wave is None else of_rows(sample, (sample.wave == described.wave).to_numpy())


def _evidence(
    study: Study,
    claims: Collection[Claim],
    classes: Mapping[str, Classes],
    sample: Sample,
    hidden: Mapping[str, Collection[str]],
) -> Evidence:
    """Return the respondents as evidence."""
    frame = sample.frame
    numbers = [name for name in frame.columns if frame[name].dtype.kind in "fiu"]
    values = pd.DataFrame({**{name: frame[name] for name in numbers}, **dict(sample.scores)})
    _, sorting = claimed_columns(claims)
    labels = {name: pd.Series(texts(frame[name])) for name in (study.data.group, *sorting) if name in frame}
    labels |= {name: classed(classes[name], values) for name in sorting if name in classes}
    rule = study.disclosure
    labels = {
        name: column.where(~column.isin(list(hidden[repr(name)])), None)
        if repr(name) in hidden else labels_of_many(column, rule)
        for name, column in labels.items()
    }  # fmt: skip
    if sample.wave is not None:
        labels[WAVE] = sample.wave
    found = People(
        values, pd.DataFrame(labels, index=values.index), sample.design, study.data.group, sample.limits,
        rule.smallest,
    )  # fmt: skip
    weights, cluster = (
        None if part is None else pd.Series(part) for part in (sample.design.weights, sample.design.cluster)
    )
    group = None if study.data.group is None else frame[study.data.group].astype(str)
    inputs = Inputs(None, None, values, group, cluster, weights, None, None, {})
    plain = Evidence(estimates_table([]), None, values, group, weights, cluster, language=study.language)
    answers = data_found(found, inputs, partial(say, plain), lambda _: True)
    return replace(plain, respondents=answers)


def _level(claim: Claim) -> Claim:
    """Return a share above a value as the level of that share, which knows how few stand behind it."""
    if not isinstance(claim, ShareAbove):
        return claim
    share = Statistic(share=claim.variable, above=claim.above, group=claim.group)
    told = {key: getattr(claim, key) for key in Claim.model_fields}
    return Level(type="level", of=(share,), at_least=claim.at_least, at_most=claim.at_most, **told)
