"""``werksem calibrate`` as a user runs it: the folder, the page, the exit code, and what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.calibrate.calibrated import answers, study_file
from werksem.bootstrap.replicates import Replicates
from werksem.bootstrap.run import Job
from werksem.calibrate.console import calibration_document, calibration_lines
from werksem.calibrate.page import make_calibration_page
from werksem.calibrate.run import Request, calibrate_study
from werksem.calibrate.sbc import RANKS
from werksem.calibrate.sbc_table import KEPT, calibrated
from werksem.calibrate.smallest_table import SECTOR, Errors, smallest_table
from werksem.calibrate.summary import posterior_off
from werksem.cli import app
from werksem.errors import EstimationError, SpecError
from werksem.spec.study import Bootstrap

FEW = "calibrate: {surveys: 24, replicates: 59, seed: 3}"
WHOLE = f"ols: {{se: cluster}}\nsem: {{estimator: MLR}}\nbootstrap: {{scheme: cluster}}\n{FEW}"
FILES = {
    "badge.svg", "calibration.csv", "calibration.html", "manifest.json", "output_check.csv",
    "output_check.html", "power.csv", "study.yaml",
}  # fmt: skip


def made(folder: Path, sections: str, data: str = "", jobs: int = 1) -> tuple[Path, int]:
    """Return the folder of a calibration of the small survey, and its exit code."""
    config = study_file(folder, answers(), sections, data)
    return calibrate_study(Request(config, folder / "out", (), jobs, quiet=True))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("whole"), WHOLE, ", cluster: org", jobs=2)[0]


def test_the_folder_is_whole(whole: Path) -> None:
    assert {path.name for path in whole.iterdir()} == FILES
    manifest = json.loads((whole / "manifest.json").read_text())
    assert (manifest["verb"], manifest["n"], manifest["clusters"]) == ("calibrate", 600, 40)
    assert manifest["calibrate"]["surveys"] == 24
    assert manifest["distance"] < 1e-9
    assert [row["name"] for row in manifest["icc"]] == ["x1", "x2", "x3", "y1", "y2", "y3", "z"]
    assert all(row["drawn"] == pytest.approx(max(row["data"], 0)) for row in manifest["icc"])


def test_every_kind_of_interval_is_there(whole: Path) -> None:
    table = pd.read_csv(whole / "calibration.csv")
    kinds = {engine: set(part["interval"]) for engine, part in table.groupby("engine")}
    resampled = {"percentile", "basic", "bc", "bca"}
    assert kinds == {
        "ols": {"classical", "HC3", "cluster"},
        "sem": {"standard", "robust", "cluster"},
        "bootstrap": {"monte_carlo"} | resampled | {f"one-step {kind}" for kind in resampled},
    }
    own = set(table.loc[table["own"], ["engine", "interval"]].itertuples(index=False, name=None))
    assert own == {("ols", "cluster"), ("sem", "cluster"), ("bootstrap", "bca")}
    assert (table["surveys"] == 24).all()
    assert (table["failed"] == 0).all()
    assert (table["coverage"] + table["below"] + table["above"]).round(9).eq(1).all()


def test_the_page_says_it_in_words(whole: Path) -> None:
    page = (whole / "calibration.html").read_text(encoding="utf-8")
    for text in (
        "Calibration: small",
        "600",
        "40 organisations as large",
        "How alike the answers within an organisation are (ICC): in the data",
        "95% intervals",
        "OLS, by cluster",
    ):
        assert text in page, text
    assert "<svg" in (whole / "badge.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(("distance", "said"), [(0.323, ".32"), (0.02, "")])
def test_a_population_far_from_the_model_is_said_first(
    tmp_path: Path, whole: Path, distance: float, said: str
) -> None:
    folder = tmp_path / "far"
    shutil.copytree(whole, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"distance": distance}))
    page = make_calibration_page(folder).read_text(encoding="utf-8").replace("&#39;", "'")
    sentence = "The surveys come from another population than the model's"
    assert (f'<p class="bad">{sentence}' in page) == (sentence in page) == bool(said)
    lines = calibration_lines(folder)
    assert lines[1].startswith(sentence) == bool(said)
    assert f"up to {said} from" in lines[1] or not said
    assert calibration_document(folder, 0)["distance"] == distance


@pytest.mark.parametrize("sections", [WHOLE], ids=["all engines"])
def test_the_same_bytes_on_one_thread_and_on_two(tmp_path: Path, whole: Path, sections: str) -> None:
    one, _ = made(tmp_path, sections, ", cluster: org", jobs=1)
    for name in ("calibration.csv", "power.csv", "badge.svg"):
        assert (one / name).read_bytes() == (whole / name).read_bytes(), name


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("werksem.calibrate.run.coverage_table", stopped)
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, f"ols: {{}}\n{FEW}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "small.yaml"]


def test_a_fit_is_not_replaced(tmp_path: Path) -> None:
    config = study_file(tmp_path, answers(), f"ols: {{}}\n{FEW}")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "estimates.csv").write_text("engine\n")
    with pytest.raises(SpecError, match=r"out has the results of fit, which calibrate would replace: name"):
        calibrate_study(Request(config, tmp_path / "out", quiet=True))


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        (
            "describe: {}",
            "calibrate: the study has neither ols, sem, bootstrap nor bayes: nothing to simulate",
        ),
        ("ols: {}\ncalibrate: {survey: 30}", 'unknown key "survey" in calibrate'),
        ("ols: {}\ncalibrate: {surveys: 3}", "calibrate.surveys"),
    ],
)
def test_refusals_are_sentences(tmp_path: Path, sections: str, said: str) -> None:
    config = study_file(tmp_path, answers(), sections)
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, SpecError)
    assert said in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_json_is_one_document(tmp_path: Path) -> None:
    config = study_file(tmp_path, answers(), f"ols: {{}}\n{FEW}")
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out"), "--json"])
    found = json.loads(done.stdout)
    assert found["exit_code"] == done.exit_code
    assert {row["interval"] for row in found["kinds"]} == {"classical", "HC3"}
    assert found["verdict"].startswith("At n = 600 this study")


@pytest.mark.slow
def test_a_posterior_alone_has_ranks_and_sectors(tmp_path: Path) -> None:
    bayes = "bayes: {level: scores, vary: [paths], chains: 2, draws: 200, tune: 200}\n"
    few = "calibrate: {surveys: 20, replicates: 39, posteriors: 20}"
    folder, code = made(tmp_path, bayes + few, ", group: sector")
    sbc, sectors = pd.read_csv(folder / "sbc.csv"), pd.read_csv(folder / "smallest_sector.csv")
    assert code == (sbc["verdict"][0] != "calibrated")
    assert sbc["quantity"][0] == "every quantity"
    assert set(sectors["lhs"]) == {"y", "every path"}
    assert len(pd.read_csv(folder / "calibration.csv")) == 0
    assert "badge.svg" not in {path.name for path in folder.iterdir()}


def ranks_of(shift: float, surveys: int = 100) -> pd.DataFrame:
    """Return the ranks of two quantities, uniform but for a shift of the first."""
    numbers = np.random.default_rng(6)
    rank = numbers.integers(0, KEPT + 1, (surveys, 2))
    rank[:, 0] = np.clip(rank[:, 0] + round(shift * KEPT), 0, KEPT)
    rows = [
        (s, name, "all", rank[s, k], 0.0, 0.9, 1.0, 800.0, 0)
        for s in range(surveys) for k, name in enumerate(("y~x", "y~z"))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(RANKS))


@pytest.mark.parametrize(
    ("shift", "said", "code"),
    [
        (0.0, "no departure was found from a posterior", False),
        (0.3, "The posterior does not compute what", True),
    ],
)
def test_the_page_says_what_the_ranks_say(
    tmp_path: Path, whole: Path, shift: float, said: str, code: bool
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    ranks = ranks_of(shift)
    table = calibrated(ranks)
    assert posterior_off(table) == code
    table.to_csv(folder / "sbc.csv", index=False)
    ranks.to_csv(folder / "sbc_ranks.csv", index=False)
    page = make_calibration_page(folder).read_text(encoding="utf-8")
    for text in (said, "Ranks of the true value", "y ~ z"):
        assert text in page, text
    assert "a sector" not in page


def test_the_page_says_from_which_sector_on_own_betas_do(tmp_path: Path, whole: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    numbers = np.random.default_rng(2)
    errors = [
        Errors(s, "y", "x", SECTOR, n, numbers.normal(0, 2 / n**0.5), numbers.normal(0, 0.05), 1, True, True)
        for s in range(300) for n in (100, 400, 1600, 6400)
    ]  # fmt: skip
    table = smallest_table(errors, "posterior")
    table.to_csv(folder / "smallest_sector.csv", index=False)
    page = make_calibration_page(folder).read_text(encoding="utf-8").replace("&#39;", "'")
    row = table[table["group"] == "smallest"].iloc[-1]
    # 2 / sqrt(n) is 5 % above .05 at n = 1,451
    assert row["n_margin_lower"] < 1451 < row["n_margin_upper"]
    sizes = [f"{row[name]:,.0f}" for name in ("n_margin", "n_margin_lower", "n_margin_upper")]
    assert "less than 5% from {} respondents on ({} to {}, simulation error)".format(*sizes) in page
    assert "that follows from the model, if it is right" in page
    assert "The rule of thumb says 100." in page


ORDERED = ", ordered: [x1, x2, x3, y1, y2, y3]"


@pytest.mark.parametrize(
    ("sections", "data", "said"),
    [
        ("sem: {estimator: WLSMV}", ORDERED, "found z: leave data.ordered out"),
        (
            "sem: {estimator: WLSMV, multigroup: true}", f"{ORDERED}, group: half",
            "found the joint groups a, b: leave out sem.multigroup",
        ),
    ],
    ids=["covariate", "joint groups"],
)  # fmt: skip
def test_ordered_items_that_cannot_be_simulated_are_refused(
    tmp_path: Path, sections: str, data: str, said: str
) -> None:
    frame = answers()
    frame["half"] = np.where(np.arange(len(frame)) % 2 == 0, "a", "b")
    config = study_file(tmp_path, frame, sections, data)
    if "group" in data:
        config.write_text(config.read_text().replace("y ~ x + z", "y ~ x"))
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, SpecError)
    assert said in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_report_says_where_the_page_of_a_calibration_is(whole: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(whole)])
    assert "this folder holds a calibration; its page is calibration.html" in str(done.exception)


def test_a_survey_whose_every_replicate_failed_has_no_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.calibrate.test_calibrate_engines import made as case_of
    from werksem.calibrate import resampled
    from werksem.calibrate.simulated import plan_of
    from werksem.spec.calibrating import Calibrate

    study, spec, inputs, _, drawn, seed = case_of("cluster")
    study = study.model_copy(update={"bootstrap": Bootstrap(scheme="cluster")})
    method = plan_of(study, spec, inputs, Calibrate(replicates=59)).methods[-1]
    run_blocks = resampled.run_blocks

    def failing(job: Job, *, jobs: int) -> Replicates:
        found = run_blocks(job, jobs=jobs)
        return replace(found, status=np.full(len(found.theta), "not_converged"))

    monkeypatch.setattr(resampled, "run_blocks", failing)
    values, kinds = method.estimate(drawn, seed).values, method.keys["interval"]
    assert np.isnan(values[kinds.isin(("bca", "one-step bca"))]).all()
    assert np.isfinite(values[kinds == "cluster"]).all()


def test_a_study_of_which_no_survey_has_an_interval_is_a_sentence_and_3(tmp_path: Path) -> None:
    frame = answers(300)
    frame["w"] = np.where(np.arange(300) == 5, 1e6, 1e-5)
    config = study_file(tmp_path, frame, f"ols: {{}}\n{FEW}", ", weights: w")
    done = CliRunner().invoke(app, ["calibrate", str(config), "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, EstimationError)
    assert done.exception.exit_code == 3
    said = "calibrate: none of 24 simulated surveys gave an interval: y: no variance in z"
    assert str(done.exception) == said
    assert not (tmp_path / "out").exists()


def test_the_folders_above_the_result_are_made(tmp_path: Path) -> None:
    config = study_file(tmp_path, answers(), f"ols: {{}}\n{FEW}")
    folder, _ = calibrate_study(Request(config, tmp_path / "nodir" / "deep" / "x", quiet=True))
    assert (folder / "calibration.html").is_file()


def test_the_page_says_that_weights_that_tell_of_answers_are_not_tested(tmp_path: Path) -> None:
    frame = answers()
    frame["w"] = np.where(np.arange(len(frame)) % 3 == 0, 2.0, 0.5)
    config = study_file(tmp_path, frame, f"ols: {{}}\n{FEW}", ", weights: w")
    folder, _ = calibrate_study(Request(config, tmp_path / "out", quiet=True))
    page = (folder / "calibration.html").read_text(encoding="utf-8")
    assert "Weights are those of the respondents and have nothing to do with what they answer" in page


def test_a_page_without_intervals_says_so(tmp_path: Path, whole: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    for name in ("calibration.csv", "power.csv"):
        header = (folder / name).read_text().splitlines()[0]
        (folder / name).write_text(header + "\n")
    page = make_calibration_page(folder).read_text(encoding="utf-8")
    assert "This study has no intervals of paths." in page
