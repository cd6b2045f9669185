"""Locks of small studies: the same numbers, moved ones with their stage, other files than the lock's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.bootstrap_runs import werksem
from tests.cases import data_of
from werksem.describing.run import Request as DescribeRequest
from werksem.describing.run import describe_study
from werksem.errors import SpecError
from werksem.lock.file import Lock, Value, read_lock, write_lock
from werksem.lock.moved import moved
from werksem.lock.numbers import Found, _mcse
from werksem.lock.run import lock_folder, verify
from werksem.lock.said import lines
from werksem.lock.sources import fingerprint
from werksem.run import Request, run_study

STUDY = """
study: small
language: en
report: {formats: []}
model:
  model: small
  measurement: {visual: {items: [x1, x2, x3]}, textual: {items: [x4, x5, x6]}}
  structural: {textual: [visual]}
data: {file: DATA.csv}
ols: {}
sem: {}
bootstrap: {replicates: 60, interval: percentile, seed: 3}
"""
# what differs from the study above, and the stage that must be named: (old text, new text)
VARIANTS = {
    "reading": ("{file: DATA.csv}", "{file: DATA.csv, where: ageyr > 12}"),
    "moments": ("DATA.csv", "MORE.csv"),
    "estimation of sem": ("sem: {}", "sem: {estimator: GLS}"),
    "resampling": ("seed: 3", "seed: 4"),
}
# the same estimates with other errors: a default of the estimator that changed
ERRORS = {"ols": ("ols: {}", "ols: {se: HC3}"), "sem": ("sem: {}", "sem: {se: robust}")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its results and its lock."""
    folder = tmp_path_factory.mktemp("lock")
    data = data_of("holzinger_full")[["ageyr", "school", *(f"x{k}" for k in range(1, 7))]]
    data.to_csv(folder / "DATA.csv", index=False)
    data.assign(x3=data["x3"] + 0.2 * data["x4"]).to_csv(folder / "MORE.csv", index=False)
    made(folder, "study", STUDY)
    return folder


def made(folder: Path, name: str, text: str) -> Path:
    """Run a study and lock its results; return the lock."""
    (folder / f"{name}.yaml").write_text(text)
    run_study(Request(folder / f"{name}.yaml", folder / f"{name}_out", quiet=True))
    lock_folder(folder / f"{name}_out", folder / f"{name}.lock.yaml")
    return folder / f"{name}.lock.yaml"


def edited(place: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Return a copy of the lock with texts replaced, each of which stands in it once."""
    text = (place / "study.lock.yaml").read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (place / f"{name}.lock.yaml").write_text(text)
    return place / f"{name}.lock.yaml"


def line_of(place: Path, name: str, engine: str = "sem") -> str:
    """Return the line of a value in the lock."""
    part = (place / "study.lock.yaml").read_text().split(f"\n  {engine}:\n")[1]
    return next(line for line in part.splitlines() if name in line)


def test_nothing_moved(place: Path) -> None:
    done = werksem("verify", place / "study.lock.yaml")
    lock = read_lock(place / "study.lock.yaml")
    count = sum(map(len, lock.values.values()))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{count} of {count} published numbers are the same (to their printed decimals)\n"
    estimates = pd.read_csv(place / "study_out" / "estimates.csv")
    beta = estimates[(estimates.engine == "sem") & (estimates.op == "~")]["std"].item()
    assert lock.values["sem"]["std / textual ~ visual"] == Value(value=beta, rounding=2)
    assert lock.values["sem"]["fit / chisq"].rounding == 1
    assert set(lock.values) == {"ols", "sem", "bootstrap"}
    assert lock.seeds == {"bootstrap": 3}
    assert not list(place.glob(".*"))


@pytest.mark.parametrize("stage", VARIANTS)
def test_a_number_that_moved_names_its_stage(place: Path, stage: str) -> None:
    """The lock of a study that differs in one stage, checked against the study itself."""
    other = read_lock(made(place, "other", STUDY.replace(*VARIANTS[stage])))
    own = read_lock(place / "study.lock.yaml")
    write_lock(other.model_copy(update={"study": own.study, "files": own.files}), place / "mixed.lock.yaml")
    found = verify(place / "mixed.lock.yaml", quiet=True)
    assert found.exit_code == 1
    told = {change.stage for change in found.moved}
    assert told == {stage}
    engines = {change.engine for change in found.moved}
    reached = {"estimation of sem": {"sem", "bootstrap"}, "resampling": {"bootstrap"}}
    assert engines == reached.get(stage, {"ols", "sem", "bootstrap"})
    for change in found.moved:
        assert change.difference == pytest.approx(
            float(change.now) - float(change.then), abs=1.1 * 10.0 ** -(len(change.now.partition(".")[2]))
        )


@pytest.mark.parametrize("engine", ERRORS)
def test_standard_errors_that_moved_are_seen(place: Path, engine: str) -> None:
    other = read_lock(made(place, "errors", STUDY.replace(*ERRORS[engine])))
    own = read_lock(place / "study.lock.yaml")
    write_lock(other.model_copy(update={"study": own.study, "files": own.files}), place / "mixed.lock.yaml")
    found = verify(place / "mixed.lock.yaml", quiet=True)
    assert found.exit_code == 1
    moved_of = [change for change in found.moved if change.engine == engine]
    assert {change.name.split(" / ")[0] for change in moved_of} & {"std_ci_lower", "std_ci_upper"}
    assert {(change.stage, change.through.split(" se ")[0]) for change in moved_of} == {
        (f"estimation of {engine}", "root mean square of all")
    }


def test_limits_of_a_posterior_have_their_own_monte_carlo_error() -> None:
    """Against the spread of the limits of 20,000 samples of 400 independent normal draws."""
    draws = np.random.default_rng(1).normal(0.3, 0.1, (20_000, 400))
    row = {"std_se": 0.1, "se": 0.1, "level": 0.95}
    ess = {"bulk": 400.0, "tail": 400.0}
    assert _mcse(row, "std", ess) == pytest.approx(draws.mean(axis=1).std(), rel=0.03)
    limit = np.quantile(draws, 0.025, axis=1).std()
    assert _mcse(row, "std_ci_lower", ess) == pytest.approx(limit, rel=0.06)
    assert np.isnan(_mcse(row, "pvalue", ess))


def test_an_edited_number_is_said_with_size_and_stage(place: Path) -> None:
    line = line_of(place, "std / textual ~ visual")
    value = read_lock(place / "study.lock.yaml").values["sem"]["std / textual ~ visual"].value
    assert isinstance(value, float)
    lock = edited(place, "edited", (line, line.replace(f"{value:.10g}", f"{value + 0.03:.10g}")))
    done = werksem("verify", lock)
    assert done.returncode == 1
    assert f"sem: std / textual ~ visual: {value + 0.03:.2f} -> {value:.2f} (by -0.03), moved" in done.stdout
    assert "through standardisation or rounding" in done.stdout
    mark = "  estimation of sem: {est of textual ~ visual: "
    lock = edited(
        place, "edited", (line, line.replace(f"{value:.10g}", f"{value + 0.03:.10g}")), (mark, f"{mark}1")
    )
    found = json.loads(werksem("verify", lock, "--json").stdout)
    assert (found["exit_code"], len(found["moved"])) == (1, 1)
    assert found["moved"][0]["stage"] == "estimation of sem"
    assert found["moved"][0]["through"].startswith("est of textual ~ visual 1")


def test_numbers_added_by_hand_and_engines_left_out(place: Path) -> None:
    line = line_of(place, "std / textual ~ visual")
    estimates = pd.read_csv(place / "study_out" / "estimates.csv")
    se = estimates[(estimates.engine == "sem") & (estimates.op == "~")]["se"].item()
    lock = edited(
        place, "added", (line, f"{line}\n    se / textual ~ visual: {{value: {se:.3f}, rounding: 3}}")
    )
    found = verify(lock, ("sem",), quiet=True)
    assert found.moved == ()
    assert found.looked == len(read_lock(lock).values["sem"])
    assert found.left_out > 0
    lock = edited(place, "added", (line, f"{line}\n    se / textual ~ visua: {{value: 1, rounding: 3}}"))
    done = werksem("verify", lock, "--only", "sem")
    assert done.returncode == 2
    assert (
        'values: sem has no number "se / textual ~ visua"; did you mean "se / textual ~ visual"?'
        in done.stderr
    )
    lock = edited(place, "added", (line, f"{line}\n    se / textual ~ visual: {{value: {se:.3f}}}"))
    with pytest.raises(SpecError, match="a number needs its rounding"):
        read_lock(lock)


@pytest.mark.parametrize(
    ("file", "what", "old", "new"),
    [
        ("DATA.csv", "data", "Pasteur", "pasteur"),
        ("study.yaml", "study", "seed: 3", "seed: 4"),
        ("study.yaml", "study", "textual: [visual]}", "textual: [visual, ageyr]}"),
    ],
)
def test_a_file_that_changed_is_named(
    place: Path, tmp_path: Path, file: str, what: str, old: str, new: str
) -> None:
    for name in ("DATA.csv", "study.yaml", "study.lock.yaml"):
        shutil.copy(place / name, tmp_path)
    path = tmp_path / file
    path.write_text(path.read_text().replace(old, new, 1))
    done = werksem("verify", tmp_path / "study.lock.yaml")
    assert done.returncode == 2
    assert f"{what} {file} is not the file of the lock (sha256 " in done.stderr
    assert "nothing was computed" in done.stderr
    path.unlink()
    done = werksem("verify", tmp_path / "study.lock.yaml")
    assert f"{what} {file} is not there" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("values:\n", "values: {}\nold:\n", "unknown key"),
        ("lock: 1", "lock: 2", "found 2, right is 1"),
        ("only: [ols, sem, bootstrap]", "only: [ols, semm]", 'did you mean "sem"'),
        ("only: [ols, sem, bootstrap]", "only: []", "right is the engines to run"),
        ("study: study.yaml", "study: other_study.yaml", "is not among them"),
    ],
)
def test_a_lock_that_would_pass_whatever_it_is_refused(place: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        read_lock(edited(place, "hollow", (old, new)))


def test_a_lock_without_values_verifies_nothing(place: Path) -> None:
    text = (place / "study.lock.yaml").read_text()
    (place / "none.lock.yaml").write_text(text[: text.index("\nvalues:")] + "\nvalues: {}\n")
    with pytest.raises(SpecError, match="nothing would be verified"):
        read_lock(place / "none.lock.yaml")


def test_what_the_study_reads_beside_the_files_of_the_lock_is_said(place: Path) -> None:
    changed = edited(place, "beside", ("only: [", "set: ['data.file=MORE.csv']\nonly: ["))
    with pytest.raises(SpecError, match=r"does not have: data MORE\.csv"):
        verify(changed, quiet=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{items: [x4, x5, x6]}", "{items: [x4, x5]}", "model"),
        ("sem: {}", "sem: {estimator: MLR}", "sem"),
        ("{file: DATA.csv}", "{file: DATA.csv, where: ageyr > 12}", "data"),
    ],
)
def test_a_study_that_changed_since_is_not_locked(
    place: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    before = (place / "study.yaml").read_text()
    (place / "study.yaml").write_text(before.replace(old, new))
    try:
        with pytest.raises(SpecError, match=rf"its study has changed since \({said}\)"):
            lock_folder(place / "study_out", tmp_path / "new.lock.yaml")
    finally:
        (place / "study.yaml").write_text(before)
    assert not (tmp_path / "new.lock.yaml").exists()


def test_tables_by_default_are_locked(tmp_path: Path) -> None:
    """The study leaves to defaults what ``study.yaml`` of the results has in full."""
    data_of("holzinger_full")[["school", "x1", "x2", "x3"]].to_csv(tmp_path / "d.csv", index=False)
    text = "study: t\nmodel: {measurement: {v: {items: [x1, x2, x3]}}}\ndata: {file: d.csv, group: school}\n"
    (tmp_path / "t.yaml").write_text(f"{text}describe: {{}}\n")
    describe_study(DescribeRequest(tmp_path / "t.yaml", tmp_path / "out", ()))
    assert lock_folder(tmp_path / "out", tmp_path / "t.lock.yaml").verb == "describe"


def test_comments_and_layout_do_not_count(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("study: a\ndata: {file: b.csv}\n")
    two.write_text("# said\nstudy: a\ndata:\n  file: b.csv  # where\n")
    assert fingerprint(one) == fingerprint(two)
    two.write_text("study: a\ndata: {file: c.csv}\n")
    assert fingerprint(one) != fingerprint(two)


def test_what_is_not_a_lock_is_never_overwritten(place: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.yaml"
    notes.write_text("mine: 1\n")
    done = werksem("verify", "--write", notes, place / "study_out")
    assert done.returncode == 2
    assert done.stderr == f"werksem: {notes}: exists and is not a lock file: name another\n"
    assert notes.read_text() == "mine: 1\n"
    assert werksem("verify", "--write", notes).stderr == (
        "werksem: right is verify LOCK, or verify --write LOCK DIR\n"
    )
    assert "it has no key lock" in werksem("verify", notes).stderr
    assert "no finished werksem result folder" in werksem("verify", "--write", notes, tmp_path).stderr


def test_results_of_other_data_are_not_locked(place: Path, tmp_path: Path) -> None:
    for name in ("DATA.csv", "study.yaml"):
        shutil.copy(place / name, tmp_path)
    shutil.copytree(place / "study_out", tmp_path / "study_out")
    (tmp_path / "DATA.csv").write_text((place / "MORE.csv").read_text())
    with pytest.raises(SpecError, match="its data have changed since"):
        lock_folder(tmp_path / "study_out", tmp_path / "new.lock.yaml")
    assert not (tmp_path / "new.lock.yaml").exists()


def test_tables_are_locked_with_their_hidden_cells(place: Path) -> None:
    config = place / "tables.yaml"
    data = pd.read_csv(place / "DATA.csv").assign(group=np.where(np.arange(301) < 7, "few", "many"))
    data.to_csv(place / "GROUPS.csv", index=False)
    config.write_text(
        "study: tables\nlanguage: en\nmodel: {measurement: {visual: {items: [x1, x2, x3]}}}\n"
        "data: {file: GROUPS.csv}\n"
        "describe: {tables: [{table: scores, kind: means, of: [visual], by: group}]}\n"
    )
    out = describe_study(DescribeRequest(config, place / "tables_out"))
    lock = lock_folder(out, place / "tables.lock.yaml")
    values = lock.values["tables"]
    assert values["mean / scores / visual / few"] == Value(value="hidden")
    assert values["mean / scores / visual"].rounding == 2
    found = verify(place / "tables.lock.yaml")
    assert (found.looked, found.moved, found.exit_code) == (len(values), (), 0)
    text = (place / "tables.lock.yaml").read_text()
    (place / "tables.lock.yaml").write_text(
        text.replace("few: {value: hidden}", "few: {value: 4.5, rounding: 2}", 1)
    )
    found = verify(place / "tables.lock.yaml")
    assert [(change.then, change.now) for change in found.moved] == [("4.50", "hidden")]
    assert found.exit_code == 1


def lock_of(value: Value) -> Lock:
    """A lock of one posterior beta whose draws had the path at .3."""
    return Lock(
        lock=1, verb="fit", study="a.yaml", files=(), values={"bayes": {"std / y ~ x": value}},
        stages={"moments": {"mean of x": 3.5}, "sampling": {"est of y ~ x": 0.3}},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "mean", "kind", "stage"),
    [
        (0.3052, 3.5, "monte_carlo", "sampling"),  # .0004 apart, 3 sqrt(.0002² + .0002²) = .00085
        (0.3062, 3.5, "moved", "sampling"),
        (0.3052, 3.6, "moved", "moments"),  # other answers, not other draws
    ],
)
def test_posterior_numbers_are_held_to_their_monte_carlo_error(
    today: float, mean: float, kind: str, stage: str
) -> None:
    marks = {"moments": {"mean of x": mean}, "sampling": {"est of y ~ x": 0.301}}
    numbers = {"bayes": {"std / y ~ x": Found(today, 2, 0.0002)}}
    looked, found = moved(lock_of(Value(value=0.3048, rounding=2, mcse=0.0002)), numbers, marks, ["bayes"])
    assert looked == 1
    assert [(change.kind, change.stage) for change in found] == [(kind, stage)]


def test_a_rounding_edge_is_no_change() -> None:
    numbers = {"bayes": {"std / y ~ x": Found(0.305000001, 2, 1e-12)}}
    _, found = moved(lock_of(Value(value=0.304999999, rounding=2)), numbers, {}, ["bayes"])
    assert [(change.kind, change.then, change.now) for change in found] == [("edge", "0.30", "0.31")]


def test_other_versions_are_named(place: Path) -> None:
    lock = read_lock(place / "study.lock.yaml")
    versions = {**lock.versions, "numpy": "1.26.4"}
    write_lock(lock.model_copy(update={"versions": versions}), place / "versions.lock.yaml")
    said = list(lines(verify(place / "versions.lock.yaml", ("ols",), quiet=True)))
    assert said[-1] == f"although versions differ: numpy 1.26.4 -> {np.__version__}"
