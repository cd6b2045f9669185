"""Difference tests of nested ordinal models beside lavTestLRT (lavaan 0.6-14, method satorra.2000)."""

from __future__ import annotations

import pytest

from tests.cases import data_of, spec_of
from tests.ordinal_cases import ITEMS, THREE, cut
from werksem.errors import SpecError
from werksem.inference.least_squares import LSResult, fit_ordinal
from werksem.inference.ls_difference import ls_difference
from werksem.model import build_model
from werksem.rows import Options


def fitted(text: str, groups: tuple[str, ...] = ("all",), equal: tuple[str, ...] = ()) -> LSResult:
    raw = data_of("holzinger_full")
    data = raw.assign(agemo=raw.agemo / 12, **cut(raw[ITEMS].astype(float), THREE))
    base = build_model(spec_of(text), groups, Options(mean_structure=True, group_equal=equal))
    parts = [data[data.school == group] for group in groups] if len(groups) > 1 else [data]
    return fit_ordinal(base, [part[list(base.observed)].to_numpy(dtype=float) for part in parts], ITEMS)


def test_equal_loadings() -> None:
    wide = fitted("f =~ x1 + x2 + x3 + x4 + x5")
    narrow = fitted("f =~ x1 + a*x2 + a*x3 + a*x4 + x5")
    found = ls_difference(narrow, wide)
    assert found.df == 2
    assert found.chisq == pytest.approx(48.758, abs=2e-3)
    assert found.pvalue == pytest.approx(2.584e-11, rel=2e-3)


def test_groups_and_covariates() -> None:
    schools = ("Pasteur", "Grant-White")
    wide = fitted("f =~ x1 + x2 + x3 + x4\nf ~ sex + agemo", schools)
    narrow = fitted("f =~ x1 + x2 + x3 + x4\nf ~ c(a, a)*sex + agemo", schools, ("loadings",))
    found = ls_difference(narrow, wide)
    assert (round(found.chisq, 4), found.df, round(found.pvalue, 4)) == (6.5569, 4, 0.1612)


def test_the_wider_model_comes_second() -> None:
    wide, narrow = fitted("f =~ x1 + x2 + x3 + x4"), fitted("f =~ x1 + a*x2 + a*x3 + x4")
    with pytest.raises(SpecError, match="narrower"):
        ls_difference(wide, narrow)
