"""The columns of the survey's design: sampling fractions and replicate weights, read and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.survey.studies import answers, small_model, study_of
from werksem.check import check_study
from werksem.errors import DataError
from werksem.inputs import read_inputs
from werksem.report.messages import message as translated
from werksem.sem_data import sem_data
from werksem.spec.support import UNSUPPORTED
from werksem.survey.sampling import sampling_fractions
from werksem.survey.survey import Survey, read_survey

BOOTSTRAP = {"sem": {}, "bootstrap": {}}
SECTOR = {"Rijk": 40.0, "GR": 50.0, "ZBO": 20.0}


def table() -> pd.DataFrame:
    """Return 60 respondents in three sectors, in 12 organisations, with weights and replicate weights."""
    frame = answers(60)
    frame["org"] = [f"{sector}{row // 15}" for row, sector in enumerate(frame["sector"])]
    frame["N"] = frame["sector"].map(SECTOR)
    frame["w"] = np.linspace(1, 3, 60)
    for r in range(3):
        frame[f"rep{r}"] = frame["w"] * np.where(np.arange(60) % 3 == r, 0, 1.5)
    return frame


def survey_of(
    frame: pd.DataFrame, folder: Path, *, bootstrap: dict[str, Any] | None = None,
    sem: dict[str, Any] | None = None, **data: Any,
) -> Survey:  # fmt: skip
    frame.to_csv(folder / "a.csv", index=False)
    sections = {"sem": sem or {}, "bootstrap": bootstrap or {}}
    return read_survey(study_of(folder / "a.csv", sections=sections, **data), small_model())


def test_population_sizes_become_fractions_of_clusters_or_respondents(tmp_path: Path) -> None:
    by_row = survey_of(table(), tmp_path, strata="sector", fpc="N").data
    assert by_row["N"].to_numpy() == pytest.approx(20 / by_row["sector"].map(SECTOR).to_numpy(dtype=float))
    by_cluster = survey_of(table(), tmp_path, strata="sector", cluster="org", fpc="N").data
    assert by_cluster["N"].to_numpy() == pytest.approx(
        4 / by_cluster["sector"].map(SECTOR).to_numpy(dtype=float)
    )
    whole = survey_of(table().assign(N=120), tmp_path, fpc="N").data
    assert (whole["N"] == 0.5).all()


def test_shares_are_taken_as_they_are(tmp_path: Path) -> None:
    frame = table()
    frame["N"] = frame["sector"].map({"Rijk": 0.25, "GR": 1.0, "ZBO": 0.5})
    assert (survey_of(frame, tmp_path, strata="sector", fpc="N").data["N"] == frame["N"]).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([4.0, 4, np.nan, 9], 'column "N" (data.fpc) is blank or infinite for 1 of 4 rows'),
        ([4.0, 4, 9, -9], 'column "N" (data.fpc) is not above 0 for 1 of 4 rows'),
        ([4.0, 4, 0.5, 0.5], 'column "N" (data.fpc) is below 1 where others are above (numbers and shares'),
        ([4.0, 4, 9, 8], 'column "N" (data.fpc) is 8 and 9 in stratum "b"; it is one number'),
        (
            [4.0, 4, 1.5, 1.5],
            'column "N" (data.fpc) says 1.5 respondents in stratum "b", but 2 of them are in',
        ),
    ],
)
def test_impossible_populations_are_refused(given: list[float], message: str) -> None:
    with pytest.raises(DataError) as problem:
        sampling_fractions("N", np.array(given), np.array(["a", "a", "b", "b"], dtype=object))
    assert message in str(problem.value)


def test_clusters_are_counted_within_their_stratum() -> None:
    strata, clusters = np.array(list("aabb"), dtype=object), np.array(list("pqrr"), dtype=object)
    found = sampling_fractions("N", np.array([4.0, 4, 4, 4]), strata, clusters)
    assert found.tolist() == [0.5, 0.5, 0.25, 0.25]
    with pytest.raises(DataError, match="says 1 clusters over the rows, but 3 of them are in the data"):
        sampling_fractions("N", np.array([1.0, 1, 1, 1.0]) + 1e-9, None, clusters)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".sav"])
def test_a_pattern_finds_columns_in_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    frame, file = table(), tmp_path / f"a{suffix}"
    if suffix == ".csv":
        frame.to_csv(file, index=False)
    elif suffix == ".parquet":
        frame.to_parquet(file)
    else:
        import pyreadstat

        pyreadstat.write_sav(frame, file)
    weights = {"columns": "rep*", "type": "jk1"}
    study = study_of(file, sections=BOOTSTRAP, weights="w", replicate_weights=weights, where="age > 30")
    assert study.bootstrap is not None
    assert study.bootstrap.scheme == "replicate_weights"
    inputs = read_inputs(study, small_model())
    kept = frame["age"] > 30
    assert np.allclose(inputs.replicate_weights, frame.loc[kept, ["rep0", "rep1", "rep2"]])
    people = sem_data(study, small_model(), inputs, by_group=False).respondents
    assert people is not None
    assert people[0].replicate_weights is not None
    assert people[0].replicate_weights.shape == (kept.sum(), 3)


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({"rep1": -1.0}, {}, 'column "rep1" has 60 negative weights, first in line 2'),
        (
            {"rep2": np.where(np.arange(60) == 7, np.nan, 1)},
            {},
            'column "rep2" has 1 blank weight, first in line 9',
        ),
        ({"rep0": 0.0}, {}, 'column "rep0": all weights are zero'),
        ({}, {"columns": "repw*"}, 'the data have no column "repw*"'),
        ({}, {"columns": ["rep1"]}, 'data.replicate_weights.columns finds "rep1"; right are two columns'),
        ({}, {"columns": "*"}, 'data.replicate_weights.columns takes "w", the sampling weights'),
        (
            {},
            {"type": "jkn", "rscales": [1, 2]},
            "data.replicate_weights.rscales has 2 numbers for 3 columns",
        ),
    ],
)
def test_replicate_weights_that_are_wrong_are_refused(
    tmp_path: Path, change: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    weights = {"columns": "rep*", "type": "jk1", **settings}
    with pytest.raises(DataError) as problem:
        survey_of(table().assign(**change), tmp_path, weights="w", replicate_weights=weights)
    assert message in str(problem.value)
    assert "a.csv" in str(problem.value)


def notes_of(folder: Path, scheme: str = "", sem: dict[str, Any] | None = None, **data: Any) -> list[str]:
    """Return the notes on the design, each of which a report says in Dutch too."""
    survey = survey_of(table(), folder, bootstrap={"scheme": scheme} if scheme else {}, sem=sem, **data)
    about = ("weights with", "fpc:", "replicate weights", "clusters left out")
    said = [note for note in survey.notes if note.startswith(about)]
    assert all(translated(note, "nl") != note for note in said)
    return said


def test_settings_that_the_design_does_not_go_with_are_told(tmp_path: Path) -> None:
    assert notes_of(tmp_path, weights="w", strata="sector") == []
    assert notes_of(tmp_path, "cases") == []
    assert notes_of(tmp_path, cluster="org") == []
    for sem, ordered in (
        ({"estimator": "ULS", "se": "robust"}, {}),
        ({"estimator": "GLS", "se": "standard"}, {}),
        ({"estimator": "WLSMV"}, {"ordered": "all"}),
    ):
        said = notes_of(tmp_path, sem=sem, cluster="org", **ordered)
        expected = (
            f"clusters left out: standard errors and tests by {sem['estimator']} take no account of org"
        )
        assert said[0].startswith(expected)
        assert "houden geen rekening met org en kunnen te klein zijn" in translated(said[0], "nl")
    assert notes_of(tmp_path, "cases", weights="w", strata="sector")[0].startswith("weights with cases:")
    assert notes_of(tmp_path, weights="w")[0].startswith("weights with cases:")
    assert notes_of(tmp_path, fpc="N", strata="sector", scheme="strata")[0].startswith("fpc: N corrects")
    weights = {"columns": "rep*", "type": "jk1"}
    assert notes_of(tmp_path, weights="w", replicate_weights=weights) == []
    assert (
        "not this study"
        in notes_of(tmp_path, "cluster", cluster="org", weights="w", replicate_weights=weights)[0]
    )
    wrong = notes_of(tmp_path, weights="w", replicate_weights={**weights, "combined": False})
    assert wrong[0].startswith("replicate weights: with combined: false their mean is 2.1")


def test_the_fpc_is_no_variable_of_the_model(tmp_path: Path) -> None:
    with pytest.raises(Exception, match='"age" sorts respondents'):
        survey_of(table(), tmp_path, fpc="age")


def test_check_names_the_strata_with_one_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(UNSUPPORTED, ("bootstrap", "lonely_psu"), raising=False)
    frame = table()
    frame.loc[frame["sector"] == "GR", "org"] = "GR0"
    frame.to_csv(tmp_path / "a.csv", index=False)
    text = (
        "study: s\nmodel:\n  measurement:\n    f: {items: [x1, x2, x3]}\n    g: {items: [x4, x5, x6]}\n"
        "data: {file: a.csv, strata: sector, cluster: org}\nsem: {}\nbootstrap: {RULE}\n"
    )
    config = tmp_path / "s.yaml"
    config.write_text(text.replace("RULE", ""))
    with pytest.raises(DataError, match=r'a\.csv: stratum "GR" has one cluster among the rows used'):
        list(check_study(config))
    config.write_text(text.replace("RULE", "lonely_psu: certainty"))
    assert list(check_study(config))[-1] == "ok"
