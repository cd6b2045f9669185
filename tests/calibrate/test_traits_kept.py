"""What is the same for all of an organisation and only predicts stays as observed in every survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.calibrated import answers, nothing, study_file
from werksem.calibrate.coverage import coverage_table
from werksem.calibrate.draw import drawn_inputs, stream
from werksem.calibrate.given import given_traits
from werksem.calibrate.marginals import marginal, shown
from werksem.calibrate.population import Population, population, trait_names
from werksem.calibrate.sentences import made_of
from werksem.calibrate.simulated import plan_of, simulated
from werksem.calibrate.truth import score_moments, score_truth
from werksem.engines.ols import ols_from_scores
from werksem.engines.sem import fit_sem
from werksem.errors import DataError
from werksem.implied import implied_moments
from werksem.inputs import Inputs, read_inputs
from werksem.sem_data import sem_data, sem_options
from werksem.spec.calibrating import Calibrate
from werksem.spec.equations import equations
from werksem.spec.load import load_study
from werksem.spec.study import Sem
from werksem.spec.types import Equation, ModelSpec

CLUSTERED = ", cluster: org"
SPANNING = f"{CLUSTERED}, group: half"


def clustered(sizes: list[int], seed: int, shared: float = 0.1) -> pd.DataFrame:
    """Return answers of 1 to 5 in organisations of these sizes, the first of which is treated."""
    numbers = np.random.default_rng(seed)
    code = np.repeat(np.arange(len(sizes)), sizes)
    n = len(code)
    latent = np.sqrt(shared) * numbers.standard_normal(len(sizes))[code]
    latent = latent + np.sqrt(1 - shared) * numbers.standard_normal(n) - 0.4 * (code == 0)
    items = {
        f"y{k}": np.clip(np.round(3 + 0.9 * (0.7 * latent + 0.7 * numbers.standard_normal(n))), 1, 5)
        for k in range(3)
    }
    return pd.DataFrame(items | {"org": [f"o{c}" for c in code], "treat": (code == 0).astype(float)})


def treated(folder: Path) -> Path:
    """Write a study of 12 organisations of which one is treated, with 165 of 550 respondents."""
    clustered([165] + [35] * 11, seed=4).to_csv(folder / "a.csv", index=False)
    path = folder / "treated.yaml"
    path.write_text(
        "study: treated\nlanguage: en\n"
        "model: {measurement: {y: {items: [y0, y1, y2]}}, structural: {y: [treat]}}\n"
        f"data: {{file: a.csv{CLUSTERED}}}\nols: {{se: CR2}}\n"
    )
    return path


def test_one_treated_organisation_is_the_one_that_is_tried(tmp_path: Path) -> None:
    """CR2 with one treated cluster of 12: its intervals are too short in just this design."""
    study, spec = load_study(treated(tmp_path), ())
    inputs = read_inputs(study, spec)
    settings = Calibrate(surveys=800, replicates=39)
    plan = plan_of(study, spec, inputs, settings)
    table = coverage_table(simulated(plan, settings, jobs=1, tick=nothing), plan.n)
    row = table[(table["interval"] == "CR2") & (table["quantity"] == "b")].iloc[0]
    assert abs(row["bias"]) < 4 * row["sd"] / np.sqrt(800)
    # normal answers with the same treated organisation and ICC .1, drawn without the program's simulation
    assert inputs.cluster is not None
    assert inputs.scores is not None
    code, numbers, held = pd.factorize(inputs.cluster)[0], np.random.default_rng(1), []
    for _ in range(400):
        y = np.sqrt(0.1) * numbers.standard_normal(12)[code] + np.sqrt(0.9) * numbers.standard_normal(550)
        frame = inputs.scores[["treat"]].assign(y=y)
        found = ols_from_scores([Equation("y", ("treat",), ("p",))], frame, se="CR2", cluster=inputs.cluster)
        path = found.estimates[found.estimates["op"] == "~"].iloc[0]
        held.append(path["ci_lower"] <= 0 <= path["ci_upper"])
    # Monte-Carlo errors .018 and .025
    assert np.mean(held) == pytest.approx(0.535, abs=0.075)
    assert row["coverage"] == pytest.approx(np.mean(held), abs=3 * np.hypot(0.018, 0.025))
    assert row["verdict"] == "too low"


def spanning(
    folder: Path, frame: pd.DataFrame, sections: str = "", data: str = "", model: str = "y ~ x + z"
) -> tuple[ModelSpec, Inputs, Population]:
    """Return the population of two joint groups."""
    wanted = f"sem: {{multigroup: true{sections}}}"
    path = study_file(folder, frame, wanted, f"{SPANNING}{data}")
    path.write_text(path.read_text().replace("y ~ x + z", model))
    study, spec = load_study(path, ())
    inputs = read_inputs(study, spec)
    settings = study.sem or Sem()
    base = fit_sem(spec, sem_data(study, spec, inputs, by_group=True), settings, sem_options(study))
    return spec, inputs, population(study, spec, inputs, base)


def halves(frame: pd.DataFrame) -> pd.DataFrame:
    """Return respondents in two groups, of which the second is more often of a later organisation."""
    numbers, code = np.random.default_rng(3), frame["org"].str[1:].astype(int)
    later = numbers.random(len(frame)) < 0.2 + 0.6 * code / code.max()
    return frame.assign(half=np.where(later, "b", "a"))


def test_the_size_of_an_organisation_is_the_same_in_both_groups_and_that_of_the_data(tmp_path: Path) -> None:
    frame = halves(answers(1500, 30, 0.2, seed=9))
    frame["z"] = np.round(np.exp(np.random.default_rng(1).standard_normal(30)), 2)[
        frame["org"].str[1:].astype(int)
    ]
    spec, inputs, source = spanning(tmp_path, frame)
    assert trait_names(source) == {"kept_traits": ["z"], "drawn_traits": []}
    for survey in range(3):
        items = drawn_inputs(source, spec, inputs, stream(3, survey)).items
        assert items is not None
        assert inputs.items is not None
        assert (items["z"] == inputs.items["z"]).all()
    for part in source.parts:
        observed = frame["z"].to_numpy()[part.rows]
        assert part.distance < 1e-9
        assert part.moments.mean[-1] == pytest.approx(observed.mean())
        assert part.moments.cov[-1, -1] == pytest.approx(observed.var())


def test_a_trait_says_as_much_in_a_group_however_large_it_is_in_another(tmp_path: Path) -> None:
    """Organisations of 10 to 60 and of 1,000 to 6,000; the fit itself is the truth that is wanted."""
    frame = answers(1500, 30, 0.2, seed=9).fillna(3.0)
    code = frame["org"].str[1:].astype(int).to_numpy()
    numbers = np.random.default_rng(4)
    few, many = numbers.uniform(10, 60, 30), numbers.uniform(1000, 6000, 30)
    frame["z"] = np.where(code < 15, few[code], many[code]).round()
    for name in ("y1", "y2", "y3"):
        frame[name] = (frame[name] + 2 * (frame["z"] > np.where(code < 15, 35, 3500))).clip(1, 7)
    frame["half"] = np.where(code < 15, "a", "b")
    study, spec = load_study(study_file(tmp_path, frame, "sem: {multigroup: true}", SPANNING), ())
    inputs = read_inputs(study, spec)
    base = fit_sem(
        spec, sem_data(study, spec, inputs, by_group=True), Sem(multigroup=True), sem_options(study)
    )
    source = population(study, spec, inputs, base)
    for part in source.parts:
        assert part.distance < 1e-9
        assert np.isfinite(part.expected).all()
        inside = np.unique(part.cluster) if part.cluster is not None else np.zeros(0)
        assert not np.delete(part.centre, inside, axis=0).any()
    drawn = [drawn_inputs(source, spec, inputs, stream(5, survey)).items for survey in range(40)]
    for group, part in enumerate(source.parts):
        model, at = base.model, [base.model.observed.index(name) for name in ("y1", "z")]
        cov = np.asarray(implied_moments(model, base.fit.theta, group)[1])[np.ix_(at, at)]
        found = [items.iloc[part.rows][["y1", "z"]].corr().iloc[0, 1] for items in drawn if items is not None]
        error = np.std(found, ddof=1) / np.sqrt(len(found))  # 15 organisations, which pull apart
        assert error < 0.02
        assert np.mean(found) == pytest.approx(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]), abs=4 * error)


def test_slopes_and_thresholds_keep_shares_and_covariances_with_two_traits() -> None:
    numbers, J = np.random.default_rng(2), 40
    size = numbers.integers(3, 60, J)
    values = np.column_stack([np.exp(numbers.standard_normal(J)), numbers.integers(0, 2, J)])
    code = np.repeat(np.arange(J), size)
    rows = np.column_stack([numbers.choice(5, len(code), p=[0.5, 0.2, 0.1, 0.1, 0.1]) + 1.0, values[code]])
    columns = tuple(marginal(name, rows[:, j]) for j, name in enumerate("yab"))
    implied = np.corrcoef(rows.T)
    implied[0, 1:] = implied[1:, 0] = 0.3, -0.25
    found = given_traits(columns, implied, np.array([False, True, True]), values, size.astype(float))
    sd = np.array([column.sd for column in columns])
    assert found.apart[0, 1:] == pytest.approx(implied[0, 1:] * sd[0] * sd[1:], abs=1e-9)
    assert found.apart[1:, 1:] == pytest.approx(np.cov(values[code].T, ddof=0))
    assert found.mean == pytest.approx(rows.mean(axis=0))
    many = np.repeat(code, 400)
    drawn = shown(found.columns, found.centre[many] + numbers.standard_normal((len(many), 1)))
    shares = np.bincount(drawn[:, 0].astype(int))[1:] / len(many)
    assert shares == pytest.approx(np.bincount(rows[:, 0].astype(int))[1:] / len(code), abs=0.003)
    assert np.cov(drawn[:, 0], values[many, 0], ddof=0)[0, 1] == pytest.approx(found.apart[0, 1], rel=0.02)


def test_the_truth_is_the_mean_of_estimates_where_blanks_go_with_a_trait(tmp_path: Path) -> None:
    """Small organisations leave a question open more often; 60 organisations of three sizes."""
    frame = answers(1800, 60, 0.2, seed=9)
    code = frame["org"].str[1:].astype(int).to_numpy()
    frame["z"] = np.array([1.0, 2.0, 8.0])[code % 3]
    frame["y1"] = frame["y1"].mask((code % 3 == 0) & (np.random.default_rng(1).random(1800) < 0.7))
    study, spec = load_study(study_file(tmp_path, frame, "ols: {se: cluster}", CLUSTERED), ())
    inputs = read_inputs(study, spec)
    source = population(study, spec, inputs, None)
    equation = equations(spec)[0]
    names = [*equation.predictors, equation.outcome]
    true = score_truth(score_moments(source, spec, names), equation)[0]
    found = []
    for survey in range(300):
        scores = drawn_inputs(source, spec, inputs, stream(5, survey)).scores
        assert scores is not None
        rows = scores[names].dropna().to_numpy()
        found.append(np.linalg.lstsq(np.c_[np.ones(len(rows)), rows[:, :-1]], rows[:, -1])[0][1:])
    error = np.std(found, axis=0) / np.sqrt(300)
    assert (np.abs(np.mean(found, axis=0) - true) < 4 * error).all()
    assert (error < 0.006).all()


def test_what_a_trait_says_of_others_is_not_shared_twice(tmp_path: Path) -> None:
    """Organisations pull apart in each group, but for their trait, which is the same in both."""
    frame = answers(3000, 100, 0.3, seed=6).fillna(3.0)
    other = answers(3000, 100, 0.3, seed=7).fillna(3.0)
    half = np.arange(3000) // 100 % 2
    items = [name for name in frame if name[0] in "xy"]
    frame.loc[half == 1, items] = other.loc[half == 1, items]
    frame["z"] = (frame["org"].str[1:].astype(int) % 2).astype(float)
    for name in ("y1", "y2", "y3"):
        frame[name] = (frame[name] + 2 * frame["z"]).clip(1, 7)
    frame["half"] = np.where(half == 0, "a", "b")
    source = spanning(tmp_path, frame)[2]
    assert source.kept.sum() == 1
    assert source.shared[0, 1] < 0.25  # of all that organisations differ by, more than half is their trait


def test_organisations_of_which_one_is_in_both_groups_are_each_one(tmp_path: Path) -> None:
    frame = answers(1200, 40, 0.2, seed=5)
    code = frame["org"].str[1:].astype(int)
    half = np.where(code < 20, "a", "b")
    half[np.flatnonzero(code == 0)[::2]] = "b"
    source = spanning(tmp_path, frame.assign(half=half))[2]
    assert source.shared[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_a_trait_that_is_explained_is_drawn_once_for_all_groups(tmp_path: Path) -> None:
    frame = halves(answers(1500, 30, 0.2, seed=9))
    frame["z"] = (frame["org"].str[1:].astype(int) % 3).astype(float)
    spec, inputs, source = spanning(tmp_path, frame, model="y ~ x\n    z ~ x")
    assert trait_names(source) == {"kept_traits": [], "drawn_traits": ["z"]}
    assert inputs.cluster is not None
    drawn = [drawn_inputs(source, spec, inputs, stream(3, survey)).items for survey in range(4)]
    for items in drawn:
        assert items is not None
        assert (items["z"].groupby(inputs.cluster).nunique() == 1).all()
    assert drawn[0] is not None
    assert drawn[1] is not None
    assert (drawn[0]["z"] != drawn[1]["z"]).any()


def traits_explained(folder: Path, model: str) -> tuple[ModelSpec, Inputs, Population]:
    """Return the population of two groups that share 40 organisations, of one of which A is unknown."""
    frame = halves(answers(1600, 40, 0.2, seed=9))
    code, numbers = frame["org"].str[1:].astype(int), np.random.default_rng(8)
    A = numbers.standard_normal(40).round(2)
    B = (0.6 * A + 0.8 * numbers.standard_normal(40)).round(2)
    C = (0.5 * B + numbers.standard_normal(40)).round(2)
    frame = frame.assign(A=np.where(code == 7, np.nan, A[code]), B=B[code], C=C[code])
    return spanning(folder, frame, data=", missing: fiml", model=model)


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        ("y ~ x + B\n    B ~ A", ["A"]),
        ("y ~ x\n    B ~ A\n    C ~ B", ["A"]),
        ("y ~ x\n    C ~ B\n    B ~ x", []),
    ],
)
def test_drawn_traits_are_the_same_in_all_groups_whatever_else_is_kept(
    tmp_path: Path, model: str, kept: list[str]
) -> None:
    spec, inputs, source = traits_explained(tmp_path, model)
    names = trait_names(source)
    assert names["kept_traits"] == kept
    assert inputs.cluster is not None
    found: list[list[np.ndarray]] = [[] for _ in source.parts]
    at = np.flatnonzero(source.traits)
    for survey in range(400):
        items = drawn_inputs(source, spec, inputs, stream(3, survey)).items
        assert items is not None
        if survey < 3:
            assert (items[names["drawn_traits"]].groupby(inputs.cluster).nunique() == 1).all(axis=None)
        for part, moments in zip(source.parts, found, strict=True):
            rows = items[[source.names[j] for j in at]].to_numpy()[part.rows]
            rows = rows[np.isfinite(rows).all(axis=1)]
            mean = rows.mean(axis=0)
            # about the population's means, whose squares are then without bias
            off = rows - part.moments.mean[at]
            moments.append(np.r_[mean, (off.T @ off / len(rows)).ravel()])
    for part, moments in zip(source.parts, found, strict=True):
        wanted = np.r_[part.moments.mean[at], part.moments.cov[np.ix_(at, at)].ravel()]
        error = np.maximum(np.std(moments, axis=0) / np.sqrt(len(moments)), 1e-9)
        assert (np.abs(np.mean(moments, axis=0) - wanted) < 4 * error).all()
        assert (error < 0.04).all()
        assert part.distance < 0.06  # one organisation counts for more in one group than in the other


def test_a_drawn_trait_is_that_of_the_organisation_where_it_has_one_respondent(tmp_path: Path) -> None:
    frame = answers(1680, 80, 0.2, seed=9).fillna(3.0)
    frame["half"] = np.where(np.arange(1680) < 80, "b", "a")  # one respondent of each is in b
    code = frame["org"].str[1:].astype(int)
    frame["z"] = np.random.default_rng(2).standard_normal(80).round(1)[code]
    spec, inputs, source = spanning(tmp_path, frame, model="y ~ x\n    z ~ x")
    items = drawn_inputs(source, spec, inputs, stream(3, 0)).items
    assert items is not None
    assert (items["z"].groupby(code).nunique() == 1).all()
    assert not items["z"].eq(frame["z"]).all()


def test_the_page_says_what_is_fixed_and_of_whom_the_truth_is() -> None:
    manifest = {
        "calibrate": {"surveys": 500, "difference": 0.05}, "n": 100, "distance": 0.0, "data": {"file": "a"},
        "kept_traits": ["treat", "size"], "drawn_traits": ["rank"],
    }  # fmt: skip
    table = pd.DataFrame({"n": [], "engine": [], "group": [], "op": [], "quantity": [], "interval": []})
    lines = made_of(manifest, table, pd.DataFrame(), "en")
    kept = next(line for line in lines if "treat, size" in line)
    assert "is in every survey what it is in the data" in kept
    assert "of these very organisations" in kept
    assert any("(rank) is drawn anew" in line for line in lines)
    assert any("(treat, size)" in line for line in made_of(manifest, table, pd.DataFrame(), "nl"))
    none = made_of(manifest | {"kept_traits": [], "drawn_traits": []}, table, pd.DataFrame(), "en")
    assert not any("organisation and only" in line for line in none)


def test_an_organisation_that_nobody_describes_is_as_the_mean(tmp_path: Path) -> None:
    frame = answers(900, 30, 0.2, seed=9)
    frame["z"] = (frame["org"].str[1:].astype(int) % 3).astype(float)
    frame.loc[frame["org"] == "o4", "z"] = np.nan
    study, spec = load_study(study_file(tmp_path, frame, "ols: {}", CLUSTERED), ())
    inputs = read_inputs(study, spec)
    source = population(study, spec, inputs, None)
    assert source.kept.any()
    part = source.parts[0]
    assert np.isfinite(part.centre).all()
    assert not part.centre[4].any()
    items = drawn_inputs(source, spec, inputs, stream(1, 1)).items
    assert items is not None
    assert items["z"].isna().equals(frame["z"].isna())


def test_traits_that_no_organisation_has_together_are_refused_in_words(tmp_path: Path) -> None:
    frame = answers(900, 30, 0.2, seed=9)
    code = frame["org"].str[1:].astype(int)
    for place, name in enumerate("zwv"):  # every two of them are known of ten organisations
        frame[name] = (code // 3 % 2 + place).astype(float).where(code % 3 != place)
    path = study_file(tmp_path, frame, "ols: {}", CLUSTERED)
    path.write_text(path.read_text().replace("y ~ x + z", "y ~ x + z + w\n    x ~ w + v"))
    study, spec = load_study(path, ())
    with pytest.raises(DataError, match=r"0 of 30 org have all of z, w, v; right are at least two"):
        population(study, spec, read_inputs(study, spec), None)
