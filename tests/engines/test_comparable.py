"""The ladder before pooling, the items it suggests, and the posterior with these items freed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.cases import spec_of
from tests.engines.shifted_items import FIRM, MEANS, NAMES, PATHS, inputs, model, population
from werksem.bayes.latent.likelihood import log_likelihood
from werksem.bayes.latent.prepare import prepared
from werksem.bayes.quantities import Pooled, Quantity, Scaled
from werksem.compare.claims import claims_table
from werksem.compare.testing import evidence_of, partially_scalar, ranking_allowed
from werksem.engines.all import Results
from werksem.engines.comparable import comparable, worst_items
from werksem.engines.invariance import LEVELS, invariance_ladder
from werksem.engines.posterior import latent_options, run_posterior
from werksem.errors import EstimationError
from werksem.estimates import estimates_table
from werksem.estimators.ml import fit_ml
from werksem.inference.fit_measures import rmsea_pvalue
from werksem.inference.release import release_indices
from werksem.kernels.grouped_latent import grouped_latent
from werksem.model import build_model
from werksem.moments import Moments
from werksem.rows import Options
from werksem.sem_data import SemData
from werksem.spec.claims import OrderOfGroups
from werksem.spec.study import Bayes, Data, Sem, Study

SIZES = dict.fromkeys(PATHS, 1000)
SHIFTED = {FIRM[0]: FIRM[1:]}
SETTINGS = Bayes(level="latent", vary=("paths", "means"), chains=2, draws=300, tune=300, seed=7)
STUDY = Study(study="s", model=None, data=Data(), bayes=SETTINGS)
OPTIONS = latent_options(STUDY)


def design(found, freed: tuple[str, ...] = ()):
    return prepared(model(), found.items, found.group, None, SETTINGS, OPTIONS, freed=freed)


def gate(shifted=SHIFTED, sizes=SIZES, **more):
    return comparable(model(), design(inputs(shifted, sizes)), OPTIONS, **more)


def exact(shifted, groups=tuple(PATHS), n: float = 1000.0) -> SemData:
    parts = tuple(Moments(tuple(NAMES), n, *population(group, shifted), group) for group in groups)
    return SemData(groups, parts)


def test_a_shifted_item_fails_the_ladder_and_is_found() -> None:
    found = gate()
    table = found.tables["invariance"].set_index("level")
    assert list(table.index) == [*LEVELS, "partial_metric", "partial_scalar"]
    assert table.cfi["configural"] == pytest.approx(1, abs=1e-9)
    assert table.delta_rmsea["metric"] > 0.015
    assert table.delta_cfi["scalar"] < -0.010
    assert found.items[0] == FIRM[0]
    # one of each latent of four items: three shared items are left
    assert len(found.items) == 3
    assert {name[0] for name in found.items} == {"f", "g", "y"}
    assert table.chisq["partial_scalar"] == pytest.approx(0, abs=1e-6)
    assert found.tables["partial_invariance"].iloc[0][["group", "rhs"]].tolist() == ["D", FIRM[0]]
    rows = found.diagnostics.set_index("measure")
    assert not rows.ok["invariance_metric"]
    assert rows.value["invariance_scalar"] == table.delta_cfi["scalar"]
    assert any("loadings differ between groups" in text for text in found.warnings)


def test_equal_items_hold_and_nothing_is_said() -> None:
    found = gate({})
    assert found.diagnostics.ok.all()
    assert list(found.tables["invariance"]["level"]) == list(LEVELS)
    assert found.warnings == ()


def test_small_groups_are_left_out_by_name() -> None:
    found = gate({}, {"A": 200, "B": 12, "C": 200, "D": 3})
    assert found.warnings[0] == "invariance: too few complete rows for the ladder in B, D"
    assert len(found.tables["invariance"]) == 4
    alone = gate({}, {"A": 200, "B": 12})
    assert alone.tables == {}
    assert "means of groups are not put in order" in alone.warnings[1]
    assert not ranking_allowed(STUDY, alone.tables.get("invariance"))


def test_a_constant_item_leaves_its_group_out() -> None:
    found = inputs({}, {"A": 200, "B": 200, "C": 200})
    found.items.loc[found.group == "B", "f2"] = 3.0
    said = comparable(model(), design(found), OPTIONS).warnings
    assert said == ("invariance: too few complete rows for the ladder in B",)


def test_the_ladder_never_fails_the_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise EstimationError("no start values")

    monkeypatch.setattr("werksem.engines.comparable.worst_items", fails)
    found = gate({}, {"A": 100, "B": 100})
    assert (found.tables, found.items) == ({}, ())
    assert "(no start values): no ladder" in found.warnings[0]


def test_a_ladder_that_the_sem_made_is_taken_up() -> None:
    climbed = invariance_ladder(model(), exact(SHIFTED), Sem(engine="werksem"), list(LEVELS)[:3]).table
    found = gate(climbed=climbed)
    table = found.tables["invariance"]
    assert list(table["level"]) == ["configural", "metric", "scalar", "partial_metric", "partial_scalar"]
    pd.testing.assert_frame_equal(table.iloc[:3], climbed)
    assert "partial_invariance" not in found.tables


def test_the_largest_of_many_groups_are_on_the_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("werksem.engines.comparable.GROUPS", 2)
    found = gate({}, {"A": 100, "B": 80, "C": 120, "D": 90})
    assert found.warnings == ("invariance: the ladder has the 2 largest of 4 groups",)
    assert found.tables["invariance"].df[0] == 2 * 51


def test_unit_variances_and_markers_are_one_ladder() -> None:
    data = exact(SHIFTED)
    ladders = [
        invariance_ladder(model(), data, Sem(engine="werksem", scaling=scaling), list(LEVELS)).table
        for scaling in ("marker", "unit_variance")
    ]
    pd.testing.assert_frame_equal(*ladders, rtol=1e-6, atol=1e-6)


def test_freeing_in_the_ladder_equals_labels_of_each_group() -> None:
    """Per-group labels in the model's own words, fitted as one model."""
    data = exact({"y1": FIRM[1:], "g2": (0.2, 0.3)}, ("A", "D"))
    table = invariance_ladder(
        model(), data, Sem(engine="werksem"), ["configural", "metric", "scalar"], freed=("y2",)
    ).table.set_index("level")
    text = "\n".join([
        "f =~ f1 + f2 + f3 + f4", "g =~ g1 + g2 + g3 + g4", "y =~ y1 + c(l1, l2)*y2 + y3 + y4",
        "y ~ f + g", "y2 ~ c(i1, i2)*1",
    ])  # fmt: skip
    spec = spec_of(text)
    own = build_model(spec, ("A", "D"), Options(True, True, "marker", ("loadings", "intercepts")))
    fit = fit_ml(own, data.moments)
    assert table.df["partial_scalar"] == own.df
    assert table.chisq["partial_scalar"] == pytest.approx(fit.n * fit.discrepancy, rel=1e-6)
    assert table.chisq["partial_scalar"] > 10


def test_gains_of_release_are_those_of_fits_where_small() -> None:
    """A score test equals the fall of chi-squared for small departures (Sörbom, 1989)."""
    data = exact({"y2": (0.02, 0.03)}, ("A", "D"), 4000.0)
    settings = Sem(engine="werksem")
    held = build_model(model(), data.groups, Options(True, True, "marker", ("loadings", "intercepts")))
    fit = fit_ml(held, data.moments)
    best = release_indices(held, data.moments, fit)
    best = best[(best.lhs == "y2") & (best.op == "~1")]
    wide = spec_of("\n".join(["f =~ f1 + f2 + f3 + f4", "g =~ g1 + g2 + g3 + g4", "y =~ y1 + y2 + y3 + y4",
                              "y ~ f + g", "y2 ~ c(i1, i2)*1"]))  # fmt: skip
    free = fit_ml(build_model(wide, data.groups, Options(True, True, "marker", ("loadings", "intercepts"))),
                  data.moments)  # fmt: skip
    gain = fit.n * (fit.discrepancy - free.discrepancy)
    assert gain > 0.5
    assert best.mi.tolist() == pytest.approx([gain, gain], rel=0.02)
    assert worst_items(model(), data, settings)[0] == "y2"


def test_items_without_room_are_not_freed() -> None:
    spec = spec_of("f =~ f1 + f2\ng =~ g1 + g2 + g3\ng ~ f")
    assert all(name.startswith("g") for name in worst_items(spec, exact({"f1": (0.5, 0.5)}), Sem()))


@pytest.mark.parametrize(("plain", "freed", "allowed", "partial"), [
    (-0.004, None, True, False), (-0.02, -0.004, True, True), (-0.02, -0.02, False, False),
    (-0.02, None, False, False), (float("nan"), None, False, False),
])  # fmt: skip
def test_means_are_ordered_under_partial_invariance(
    plain: float, freed: float | None, allowed: bool, partial: bool
) -> None:
    rows = [("configural", np.nan), ("metric", -0.001), ("scalar", plain)]
    rows += [] if freed is None else [("partial_metric", -0.001), ("partial_scalar", freed)]
    table = pd.DataFrame(rows, columns=["level", "delta_cfi"]).assign(delta_rmsea=0.0)
    assert ranking_allowed(STUDY, table) is allowed
    assert partially_scalar(table) is partial


def test_under_partial_invariance_means_are_those_with_the_items_freed() -> None:
    rows = [("metric", -0.02), ("scalar", -0.02), ("partial_metric", 0.0), ("partial_scalar", 0.0)]
    ladder = pd.DataFrame(rows, columns=["level", "delta_cfi"]).assign(delta_rmsea=0.0)
    shared, freed = (_pooled_means(np.array([[low, 1 - low]] * 40)) for low in (0.0, 1.0))
    about = {"id": "c", "statement": "A above B", "type": "order of groups", "mean": "y"}
    claim = OrderOfGroups.model_validate(about | {"order": ["A", "B"]})

    def verdict(means: tuple[Quantity, ...], table: pd.DataFrame) -> str:
        results = Results((), pooled=shared, invariance=table, freed_means=means)
        evidence = evidence_of(STUDY, inputs({}, {"A": 20, "B": 20}), results, estimates_table([]))
        return str(claims_table([claim], evidence).verdict[0])

    assert verdict(freed.means, ladder) == "bevestigd"
    assert verdict((), ladder) == "onbeslist"
    assert verdict(freed.means, ladder.assign(delta_cfi=0.0)) == "weerlegd"


def _pooled_means(draws: np.ndarray) -> Pooled:
    raw = Scaled(draws, draws.mean(axis=1))
    mean = Quantity("mean of y", "y", "~1", "", "", raw, Scaled(), Scaled(), np.ones(2, dtype=bool), True)
    return Pooled("latent", 1, ("A", "B"), np.full(2, 20.0), np.full(2, 0.5), (), (mean,))


def test_the_kernel_with_freed_items_is_its_slow_twin() -> None:
    arrays = design(inputs(SHIFTED, dict.fromkeys(PATHS, 60)), ("y1", "g2"))
    assert arrays.cells.sizes[2] == 0
    names = [arrays.names[at] for at in arrays.vary]
    # another item sets the scale of y
    assert {"y=~y1", "y1 ~1", "g=~g2", "g2 ~1"} <= set(names)
    assert "y=~y2" not in arrays.names
    rng = np.random.default_rng(3)
    G, q = len(arrays.moments.n), len(arrays.model.parameters)
    theta = arrays.fitted * (1 + 0.1 * rng.uniform(-1, 1, (G, q)))
    shared = [at for at, name in enumerate(arrays.model.parameters) if "~~" in name and name[0] != name[3]]
    theta[:, shared] = arrays.fitted[shared]
    slopes, found = np.empty_like(theta), arrays.moments

    def value(at: np.ndarray) -> float:
        return float(log_likelihood(arrays.model, at, found.n, found.mean, found.cov).sum())

    ours = grouped_latent(theta, found.n, found.mean, found.cov, *arrays.cells, slopes)
    assert ours == pytest.approx(value(theta), rel=1e-11)
    for g, at in [(g, at) for g in (0, 3) for at in range(q)]:
        step = np.zeros_like(theta)
        step[g, at] = 1e-6
        numeric = (value(theta + step) - value(theta - step)) / 2e-6
        assert slopes[g, at] == pytest.approx(numeric, rel=2e-5, abs=2e-4), arrays.model.parameters[at]


def test_a_chisq_of_nothing_has_a_close_fit() -> None:
    assert rmsea_pvalue(1e-12, 204, 2800, 4) == 1.0


@pytest.mark.slow
def test_freeing_the_shifted_item_recovers_the_paths() -> None:
    found: dict[str, object] = {}
    done = run_posterior(STUDY, model(), inputs(SHIFTED, SIZES), found, quiet=True)
    table = found["freed_items"].set_index(["rhs", "group"])
    # pooling draws groups together: right is what is found where no item is shifted
    clean = run_posterior(STUDY, model(), inputs({}, SIZES), {}, quiet=True).estimates
    clean = clean[(clean["op"] == "~") & (clean["group"] != "all")].set_index(["rhs", "group"])["std"]
    wrong, left = (abs(table[column] - clean.reindex(table.index)) for column in ("pooled", "freed"))
    assert wrong["f", "D"] > 0.07
    assert left.max() < 0.02
    assert table.listed["f", "D"]
    assert (table.listed == (table.difference.abs() > 0.02)).all()
    assert any(text.startswith(f"freed items: {FIRM[0]}") for text in done.warnings)
    assert set(found["invariance"]["level"]) >= {"metric", "scalar", "partial_scalar"}
    # y1's intercept puts D above B, where it is not
    truth = [PATHS[group][0] * MEANS[group] for group in "BD"]
    assert truth[0] > truth[1]
    shared, freed = (
        next(q for q in means if q.lhs == "y").raw.group.mean(axis=0)
        for means in (found["pooled"].means, found["freed_means"])
    )
    assert shared[3] - shared[1] > 0.1
    assert freed[3] - freed[1] == pytest.approx(0.7 * (truth[1] - truth[0]), abs=0.03)


@pytest.mark.slow
def test_freed_loadings_and_means_are_the_groups_own() -> None:
    from werksem.bayes.latent.draws import latent_draws
    from werksem.bayes.latent.quantities import latent_quantities
    from werksem.bayes.latent.run import sampled_latent

    data = inputs(SHIFTED, SIZES)
    arrays = design(data, ("y1", "g2"))
    draws = latent_draws(arrays, sampled_latent(arrays, SETTINGS, quiet=True), 1)
    pooled = latent_quantities(arrays, draws)
    loading = next(q for q in pooled.quantities if (q.lhs, q.op, q.rhs) == ("y", "=~", "y1"))
    intercept = next(q for q in pooled.quantities if (q.lhs, q.op) == ("y1", "~1"))
    assert loading.varies
    # y2, with .7, sets the scale; the typical loading draws a little
    assert loading.raw.group.mean(axis=0) == pytest.approx([0.8 / 0.7] * 3 + [1.6 / 0.7], abs=0.06)
    gap = intercept.raw.group.mean(axis=0)
    assert gap[3] - gap[:3].mean() == pytest.approx(FIRM[2], abs=0.06)
    shared = next(q for q in pooled.quantities if (q.lhs, q.op, q.rhs) == ("y", "=~", "y3"))
    assert not shared.varies
    means = next(q for q in pooled.means if q.lhs == "f").raw.group.mean(axis=0)
    truth = np.array(list(MEANS.values()))
    assert means - means.mean() == pytest.approx((truth - truth.mean()) * 0.8, abs=0.05)
