"""Load counted, not timed: memory and passes at two sizes, and that what is cut into slices stays equal."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import werksem.engines.limits as limits
from trust.load.axes import AXES, CASES, Axis, Case
from trust.load.made import CHUNK, LOADING, PATHS_R2, Shape, chunks, write_answers, write_study
from trust.load.measure import TOTAL, growth
from trust.load.watch import STAGE, watched
from trust.part import FIGURES
from werksem.effects import quantity_values
from werksem.engines.ladder_groups import MOST_PARAMETERS, groups_that_fit
from werksem.engines.main_routes import MOST_ROUTES, main_routes, routes_said
from werksem.engines.sem import SemResult, fit_sem
from werksem.estimators.information_block import information_block
from werksem.estimators.objective import evaluate, information, problem_terms
from werksem.estimators.problem import build_problem
from werksem.inference.modification import modification_indices
from werksem.inference.routes import indirect_routes
from werksem.inputs import read_inputs
from werksem.intervals import INTERVALS
from werksem.intervals.monte_carlo import normal_draws
from werksem.moments import Moments
from werksem.progress import progress_bar
from werksem.report.effects import MOST_SHOWN, most_telling
from werksem.report.messages import message
from werksem.report.words import word
from werksem.sem_data import SemData, sem_data, sem_options
from werksem.spec.equations import observed_names
from werksem.spec.load import load_model, load_study
from werksem.spec.study import Sem
from werksem.spec.types import ModelSpec

GROUPED = {"data": {"group": "groep"}}


def peak(work: Callable[[], Any]) -> int:
    """Return the most bytes that were in use at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def made(folder: Path, shape: Shape, sections: dict[str, object]) -> Path:
    write_answers(shape, folder / "answers.parquet")
    return write_study(shape, folder, sections)


def fitted(folder: Path, shape: Shape, sections: dict[str, object] | None = None) -> SemResult:
    study, spec = load_study(made(folder, shape, {"sem": {"engine": "werksem"}, **(sections or {})}))
    data = sem_data(study, spec, read_inputs(study, spec), by_group=False)
    return fit_sem(spec, data, study.sem or Sem(), sem_options(study))


def test_made_answers_have_the_moments_of_the_model() -> None:
    shape = Shape(100_000, (2, 1), per=2)
    rows = pd.concat([table.to_pandas() for table in chunks(shape)])
    assert len(rows) == 100_000
    assert rows.columns.tolist() == ["groep", "a1_1", "a1_2", "a2_1", "a2_2", "b1_1", "b1_2"]
    # rounding to whole numbers adds 1/12 to the variance of an item (Sheppard, 1898); the ends cut little
    own, step = LOADING**2 / (1 + 1 / 12), np.sqrt(PATHS_R2 / 2)
    r = rows.drop(columns="groep").corr()
    for pair, expected in (("a1_1 a1_2", own), ("a1_1 a2_1", 0.0), ("a1_1 b1_2", own * step)):
        left, right = pair.split()
        assert r.loc[left, right] == pytest.approx(expected, abs=0.015)


def test_made_answers_take_the_memory_of_a_chunk() -> None:
    def drained(n: int) -> int:
        return peak(lambda: [None for _ in chunks(Shape(n))])

    assert drained(4 * CHUNK) < 1.1 * drained(2 * CHUNK)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.axis}-{case.size}")
def test_every_case_is_a_study(tmp_path: Path, case: Case) -> None:
    few = replace(case.shape, respondents=200)
    path = write_study(few, tmp_path, dict(case.sections), case.file)
    write_answers(few, tmp_path / case.file)
    study, spec = load_study(path)
    assert len(observed_names(spec)) == few.items
    assert study.data.file == tmp_path / case.file
    assert case.size in (case.shape.respondents, case.shape.items, case.shape.groups, case.shape.routes)


def test_reading_holds_as_many_copies_of_the_answers_at_any_size(tmp_path: Path) -> None:
    def copies(n: int) -> float:
        (tmp_path / str(n)).mkdir()
        shape = Shape(n, (2, 2), groups=3)
        study, spec = load_study(made(tmp_path / str(n), shape, {"ols": {}, **GROUPED}))
        read_inputs(study, spec)
        return peak(lambda: read_inputs(study, spec)) / (8 * n * shape.items)

    small, large = copies(20_000), copies(80_000)
    assert large < 1.1 * small
    assert large < 8


@pytest.mark.parametrize("grouped", [False, True])
def test_the_block_is_the_part_of_the_information_that_is_asked(tmp_path: Path, grouped: bool) -> None:
    study, spec = load_study(made(tmp_path, Shape(600, (2, 1), 3, groups=2), {"sem": {}, **GROUPED}))
    data = sem_data(study, spec, read_inputs(study, spec), by_group=grouped)
    sem = fit_sem(spec, data, Sem(engine="werksem"), sem_options(study))
    problem = build_problem(sem.model, sem.moments)
    terms, point = problem_terms(problem), evaluate(problem, sem.fit.theta * problem.scale)
    assert point is not None
    whole = information(problem, terms, point)
    asked = np.array([5, 0, 7])
    block, diagonal = information_block(problem, terms, point, asked)
    np.testing.assert_array_equal(block, whole[:, asked])
    np.testing.assert_allclose(diagonal, np.diag(whole), rtol=1e-14)


def test_modification_indices_do_not_hold_the_square_of_their_candidates(tmp_path: Path) -> None:
    sem = fitted(tmp_path, Shape(1_000, (3, 3), 8))
    table = modification_indices(sem.model, sem.moments, sem.fit)
    used = peak(lambda: modification_indices(sem.model, sem.moments, sem.fit))
    assert len(table) > 1_200
    assert used < 8 * len(table) ** 2


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> SemResult:
    return fitted(tmp_path_factory.mktemp("routes"), Shape(2_000, (3, 3, 3, 3), 1), {"effects": True})


def test_of_many_routes_the_largest_are_looked_at(routed: SemResult) -> None:
    every, chosen = indirect_routes(routed.model, routed.effects), main_routes(routed)
    assert (len(every), len(chosen)) == (81, MOST_ROUTES)
    std = quantity_values(routed.model, routed.effects, routed.fit.theta)[1]
    rows = [(row.lhs, row.rhs) for row in routed.model.rows]
    size = {
        route.effect: abs(np.prod([std[rows.index((to, start))] for start, to in route.steps]))
        for route in every
    }
    least = min(size[route.effect] for route in chosen)
    assert all(size[route.effect] <= least for route in every if route not in chosen)
    assert [route for route in every if route in chosen] == list(chosen)
    (said,) = routes_said(routed)
    assert "of 81 indirect effects the 60 largest" in said
    assert message(said, "nl").startswith("Van de 81 routes zijn de 60 met de grootste")


def test_few_routes_are_all_looked_at(routed: SemResult) -> None:
    few = replace(routed, effects=routed.effects[:20])
    assert main_routes(few) == indirect_routes(few.model, few.effects)
    assert routes_said(few) == ()


@pytest.mark.parametrize("kind", INTERVALS)
def test_limits_are_the_same_in_slices_of_any_width(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(3).standard_normal((400, 23)) ** 3
    values[:, 4], values[3, 6] = 1.0, np.nan
    estimate, bend = np.linspace(-0.2, 0.2, 23), np.full(23, 0.01)
    whole = limits.limits_of(kind, [(np.arange(23), values)], estimate, 0.95, bend)
    monkeypatch.setattr(limits, "COLUMNS", 5)
    parts = limits.limits_of(kind, limits.slices(values), estimate, 0.95, bend)
    assert sum(1 for _ in limits.slices(values)) == 5
    for left, right in ((parts.lower, whole.lower), (parts.upper, whole.upper), (parts.pvalue, whole.pvalue),
                        (parts.errors[0], whole.errors[0]), (parts.errors[1], whole.errors[1])):  # fmt: skip
        np.testing.assert_array_equal(left, right)


def test_normal_draws_of_many_effects_are_made_in_slices(
    routed: SemResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NORMAL_DRAWS", 640)
    monkeypatch.setattr(limits, "COLUMNS", 10)
    theta = normal_draws(routed.fit.theta, routed.vcov, 640, 5)
    whole = np.concatenate(quantity_values(routed.model, routed.effects, theta), axis=1)
    found, widest = np.full_like(whole, np.nan), 0
    for at, values in limits.normal_slices(routed, 5):
        found[:, at] = values
        widest = max(widest, len(at))
    np.testing.assert_array_equal(found, whole)
    assert widest == max(10, len(routed.model.rows))


def effects_named(routes: int) -> pd.DataFrame:
    names = [f"a -> m{k} -> y" for k in range(routes)] + ["total indirect: a -> y", "total: a -> y"]
    std = [k / routes for k in range(routes)] + [0.0, 0.0]
    return pd.DataFrame({"lhs": names, "est": std, "std": std})


def test_a_long_table_keeps_sums_and_the_largest_routes() -> None:
    shown = most_telling(effects_named(1_000))
    assert len(shown) == MOST_SHOWN
    assert shown[0] == "a -> m702 -> y"
    assert shown[-2:] == ["total indirect: a -> y", "total: a -> y"]
    assert len(most_telling(effects_named(MOST_SHOWN - 2))) == MOST_SHOWN
    said = word("effects_some", "en", shown="300", count="1,002")
    assert said.startswith("The table gives 300 of 1,002: the sums first")


def ladder_data(groups: int) -> tuple[ModelSpec, SemData]:
    spec = load_model({"syntax": "f =~ x1 + x2 + x3"})
    cov = np.eye(3) + 0.5
    names = tuple(f"g{k}" for k in range(groups))
    parts = tuple(
        Moments(("x1", "x2", "x3"), 100.0 + k, np.zeros(3), cov, name) for k, name in enumerate(names)
    )
    return spec, SemData(names, parts)


def test_the_ladder_keeps_the_largest_groups_that_fit() -> None:
    # a group has 2 loadings, 3 residual variances, 3 intercepts and 1 variance of its own
    most = MOST_PARAMETERS // 9
    spec, data = ladder_data(most + 10)
    kept, said = groups_that_fit(spec, data, Sem())
    assert said == (f"invariance: the ladder has the {most} largest of {most + 10} groups",)
    assert kept.groups == data.groups[10:]
    assert [part.group for part in kept.moments] == list(kept.groups)
    spec, data = ladder_data(most)
    assert groups_that_fit(spec, data, Sem()) == (data, ())


def test_growth_is_the_slope_of_the_last_sizes() -> None:
    axis = Axis("n", "Rows", "rows", "", {"SEM": (1.0, "n"), "report": (0.0, "")})
    rows = [
        ("n", size, stage, seconds)
        for size in (1, 10, 100, 1_000)
        for stage, seconds in (
            ("SEM", size / 100 if size > 1 else 9.0), ("report", 3.0), ("writing", size**1.5 / 1000),
            ("OLS", 0.5), (TOTAL, 50.0),
        )
    ]  # fmt: skip
    found = growth(pd.DataFrame(rows, columns=["axis", "size", "stage", "cpu_seconds"]), axis)
    assert found[["stage", "slope", "held"]].values.tolist() == [
        ["SEM", 1.0, True], ["report", 0.0, True], ["writing", 1.5, False],
    ]  # fmt: skip


def test_stages_are_heard_on_a_terminal() -> None:
    heard = (
        "\r\x1b[2Kreading …\r\x1b[2K\r\x1b[2KSEM …bootstrap    \x1b[38;5;1m━━╸ 3/10   120   0:02:09 0s ━━╸"
        "\r\x1b[2Kbootstrap    \x1b[90m━━\x1b[0m 4/10"
    )
    names = [found["name"] or found["bar"] or "other" for found in STAGE.finditer(heard)]
    assert names == ["reading", "other", "SEM", "bootstrap", "other", "bootstrap"]


def test_a_bar_of_the_command_is_heard(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("werksem.progress._watched", lambda quiet: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("bootstrap", 10) as tick:
        tick(10)
    heard = capfd.readouterr().err
    assert heard.count("bootstrap") > 1
    assert "bootstrap" in {found["bar"] for found in STAGE.finditer(heard)}


def test_a_run_is_watched_from_outside(tmp_path: Path) -> None:
    path = made(tmp_path, Shape(500, (2, 1), 3), {"ols": {}, "report": {"formats": []}})
    run = watched(["fit", path.name, "--out", "out"], tmp_path)
    assert run.code == 0
    assert {"reading", "OLS", "writing"} <= set(run.cpu)
    assert run.total > 0.3
    assert 0.05 < run.peak < 2
    assert watched(["fit", "absent.yaml"], tmp_path).code == 2


@pytest.fixture(scope="module")
def kept() -> pd.DataFrame:
    return pd.read_csv(FIGURES / "load.csv")


@pytest.mark.parametrize(
    ("axis", "size"), [("respondents", 1_000_000), ("items", 120), ("groups", 300), ("effects", 10_000)]
)
def test_the_largest_studies_end_well(kept: pd.DataFrame, axis: str, size: int) -> None:
    run = kept[(kept["axis"] == axis) & (kept["size"] == size) & (kept["stage"] == TOTAL)].squeeze()
    assert run["exit_code"] == 0
    assert run["peak_gb"] < 6
    assert run["cpu_seconds"] < 600
    assert run["page_mb"] < 5


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.name)
def test_the_measured_growth_is_that_of_the_arithmetic(kept: pd.DataFrame, axis: Axis) -> None:
    here = kept[(kept["axis"] == axis.name) & (kept["stage"] == TOTAL)]
    assert set(here["size"]) <= {case.size for case in CASES if case.axis == axis.name}
    assert (here["exit_code"] == 0).all()
    judged = growth(kept, axis)
    assert judged["held"].all(), judged[~judged["held"]].to_string()


@pytest.mark.slow
def test_ten_times_the_respondents_take_at_most_ten_times_as_long(tmp_path: Path) -> None:
    runs = {}
    for n in (20_000, 200_000):
        folder = tmp_path / str(n)
        folder.mkdir()
        sections = {"ols": {}, "sem": {}, "bootstrap": {"replicates": 200}, **GROUPED}
        made(folder, Shape(n, groups=20), sections)
        runs[n] = watched(["fit", "study.yaml", "--out", "out", "--jobs", "1"], folder)
    small, large = runs[20_000], runs[200_000]
    assert (small.code, large.code) == (0, 0)
    assert large.total < 10 * small.total
    for stage in ("reading", "answers", "bootstrap", "passport"):
        assert large.cpu[stage] < 12 * max(small.cpu[stage], 0.2), stage
    # 60 columns of 8 bytes: 96 MB more of answers, in no more than a dozen copies at once
    assert large.peak - small.peak < 12 * 0.096
