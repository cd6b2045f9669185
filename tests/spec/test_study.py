"""The study file: defaults, what follows from the design, and one message per mistake."""

from __future__ import annotations

import pytest

from tests.spec.helpers import BASE, study_error, study_of
from werksem.spec.study import Bootstrap, Ols, Sem, Study


def test_sections_that_are_absent_do_not_run() -> None:
    study, _ = study_of(BASE)
    assert (study.ols, study.sem, study.bootstrap, study.bayes, study.invariance) == (None,) * 5
    assert (study.title, study.language, study.report.formats) == ("", "nl", ("html",))


@pytest.mark.parametrize(
    "written", ["ols:\nsem:\nbootstrap:\nbayes:\nreport:\n", "ols: {}\nsem: {}\nbootstrap: {}\nbayes: {}\n"]
)
def test_empty_sections_run_with_their_defaults(written: str) -> None:
    study, _ = study_of(BASE + written)
    assert study.ols == Ols(se="classical")
    assert study.sem == Sem(
        estimator="ML", engine="semopy", se="standard", information="expected", fixed_x=True
    )
    assert study.bootstrap == Bootstrap(
        replicates=5000, seed=2024, scheme="cases", interval="bca", level=0.95
    )
    assert study.bayes is not None
    assert study.bayes.vary == ("paths", "means")


def test_null_takes_a_section_away() -> None:
    assert study_of(BASE + "ols: null\nsem: ~\n")[0].sem is None


def test_without_groups_nothing_varies() -> None:
    study, _ = study_of("study: a\nmodel: {syntax: y ~ x}\ndata: {file: a.csv}\nbayes: {}\n")
    assert study.bayes is not None
    assert study.bayes.vary == ()


BRR = {"columns": "rep*", "type": "brr"}
DESIGN = {"study": "a", "model": None, "ols": {}, "sem": {}, "bootstrap": {}}


@pytest.mark.parametrize(
    ("data", "ols", "sem", "scheme"),
    [
        ({}, "classical", "standard", "cases"),
        ({"cluster": "org"}, "cluster", "cluster", "cluster"),
        ({"weights": "w"}, "HC3", "robust", "cases"),
        ({"weights": "w", "cluster": "org"}, "cluster", "cluster", "cluster"),
        ({"weights": "w", "strata": "s"}, "HC3", "robust", "strata"),
        ({"weights": "w", "group": "g"}, "HC3", "robust", "strata"),
        ({"group": "g", "strata": "s"}, "classical", "standard", "cases"),
        ({"weights": "w", "replicate_weights": BRR}, "HC3", "robust", "replicate_weights"),
        (
            {"weights": "w", "cluster": "o", "replicate_weights": BRR},
            "cluster",
            "cluster",
            "replicate_weights",
        ),
    ],
)
def test_defaults_follow_the_design(data: dict[str, str], ols: str, sem: str, scheme: str) -> None:
    study = Study.model_validate({**DESIGN, "data": {"file": "a.csv", **data}})
    assert study.ols is not None
    assert study.sem is not None
    assert study.bootstrap is not None
    assert (study.ols.se, study.sem.se, study.bootstrap.scheme) == (ols, sem, scheme)


def test_what_is_written_wins_over_the_design() -> None:
    raw = {**DESIGN, "ols": {"se": "HC3"}, "data": {"file": "a.csv", "cluster": "org"}}
    study = Study.model_validate(raw)
    assert study.ols == Ols(se="HC3")


@pytest.mark.parametrize(
    ("estimator", "se", "information"),
    [("ML", "standard", "expected"), ("MLR", "robust", "observed"), ("WLSMV", "robust", "expected")],
)
def test_estimators_have_lavaans_defaults(estimator: str, se: str, information: str) -> None:
    study = Study.model_validate({**DESIGN, "sem": {"estimator": estimator}, "data": {"file": "a.csv"}})
    assert study.sem is not None
    assert (study.sem.se, study.sem.information) == (se, information)


def test_group_equal_implies_multigroup_and_takes_lavaans_dots() -> None:
    raw = {
        **DESIGN,
        "sem": {"group_equal": ["loadings", "residual.covariances"]},
        "data": {"file": "a", "group": "g"},
    }
    study = Study.model_validate(raw)
    assert study.sem is not None
    assert study.sem.multigroup
    assert study.sem.group_equal == ("loadings", "residual_covariances")


def test_text_answers_keep_their_spelling() -> None:
    study, _ = study_of(
        BASE.replace("group: g", "codes: {LEAVING: {yes: 1, no: 0, X: null}}, missing_codes: [8, DK]")
    )
    assert study.data.codes == {"LEAVING": {"yes": 1, "no": 0, "X": None}}
    assert study.data.missing_codes == (8, "DK")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "study: a\ndata: {grop: x, file: a}\nmodel: {syntax: y ~ x}",
            's.yaml:2:8: unknown key "grop" in data; did you mean "group"?',
        ),
        (BASE + "boostrap: {}", 's.yaml:4:1: unknown key "boostrap"; did you mean "bootstrap"?'),
        (
            BASE + "zzz: 1",
            's.yaml:4:1: unknown key "zzz"; valid keys are bayes, blocks, bootstrap, ',
        ),
        (
            BASE + "bayes: {priors: {path: normal(0, 1)}}",
            's.yaml:4:18: unknown key "path" in bayes.priors; did you mean "paths"?',
        ),
        ("data: {file: a}\nmodel: {syntax: y ~ x}", 's.yaml:1:1: the key "study" is missing'),
        ("study: a\ndata: {file: a}", 's.yaml:1:1: the key "model" is missing'),
        ("study: a\nmodel: {syntax: y ~ x}", 's.yaml:1:1: the key "data" is missing'),
        (
            "study: 12\nmodel: {syntax: y ~ x}\ndata: {file: a}",
            's.yaml:1:8: study: found 12, right is text; put it in quotes: "12"',
        ),
        (
            "study: a/b\nmodel: {syntax: y ~ x}\ndata: {file: a}",
            's.yaml:1:8: study: found "a/b", right is letters, digits',
        ),
        ("study: ..\nmodel: {syntax: y ~ x}\ndata: {file: a}", 's.yaml:1:8: study: found ".."'),
        (
            "study: a\nmodel: 12\ndata: {file: a}",
            "s.yaml:2:8: model: right is a file, or the keys of a model",
        ),
        ("study: a\nmodel:\ndata: {file: a}", "s.yaml:2:1: model: right is a file"),
        ("study: a\nmodel: gone.yaml\ndata: {file: a}", 's.yaml:2:8: model "gone.yaml": no such file'),
        (
            "study: a\nmodel: {syntax: y ~ x}\ndata: a.csv",
            's.yaml:3:7: data: found "a.csv", right is keys with values',
        ),
        ("study: a\nmodel: {syntax: y ~ x}\ndata: {}", "s.yaml:3:7: data needs a file, or moments instead"),
        (
            "study: a\nmodel: {syntax: y ~ x}\ndata: {file: ''}",
            "s.yaml:3:14: data.file: found an empty file name",
        ),
        (
            "study: a\nmodel: {syntax: y ~ x}\ndata: {file: 12}",
            "s.yaml:3:14: data.file: found 12, right is a file name",
        ),
        (BASE + "language: fr", 's.yaml:4:11: language: found "fr", right are nl, en'),
        (
            BASE + "ols: {se: HC2}",
            's.yaml:4:11: ols.se: found "HC2", right are classical, HC3, cluster, CR2; did you mean "HC3"?',
        ),
        (BASE + "ols: true", "s.yaml:4:6: ols: found true, right is keys with values"),
        (BASE + "sem: [1]", "s.yaml:4:6: sem: found [1], right is keys with values"),
        (BASE + "sem: {multigroup: yes}", 's.yaml:4:19: sem.multigroup: found "yes", right is true or false'),
        (BASE + "sem: {estimator: MLX}", 's.yaml:4:18: sem.estimator: found "MLX", right are ML, MLR'),
        (BASE + "sem: {group_equal: [loading]}", 'group_equal.0: found "loading", right are loadings'),
        (
            BASE + "bootstrap: {replicates: many}",
            's.yaml:4:25: bootstrap.replicates: found "many", right is a whole number or auto',
        ),
        (BASE + "bootstrap: {replicates: 0}", "bootstrap.replicates: found 0, right is at least 1"),
        (
            BASE + "bootstrap: {replicates: 1.5}",
            "bootstrap.replicates: found 1.5, right is a whole number or auto",
        ),
        (
            BASE + "bootstrap: {replicates: true}",
            "bootstrap.replicates: found true, right is a whole number or auto",
        ),
        (BASE + "bootstrap: {seed: -1}", "bootstrap.seed: found -1, right is at least 0"),
        (
            BASE + "bootstrap:\n  level: 0,95",
            's.yaml:5:10: bootstrap.level: found "0,95", right is a number with a decimal point: 0.95',
        ),
        (BASE + "bootstrap: {level: 95}", "bootstrap.level: found 95, right is below 1"),
        (BASE + "bayes: {vary: paths}", 's.yaml:4:15: bayes.vary: found "paths", right is a list'),
        (
            BASE + "bayes: {vary: [path]}",
            's.yaml:4:16: bayes.vary: found "path", right are paths, means, variances, covariances '
            'and the model\'s parameters; did you mean "paths"?',
        ),
        (
            BASE + "bayes: {priors: {paths: norml(0, 2)}}",
            's.yaml:4:25: bayes.priors.paths: found the prior "norml"',
        ),
        (
            BASE + "bayes: {priors: {paths: normal(0, -2)}}",
            "bayes.priors.paths: 'normal(0, -2)': sd must be above 0",
        ),
        (BASE + "bayes: {priors: {paths: normal(0)}}", "right is normal(mean, sd) with numbers"),
        (BASE + "bayes: {priors: {paths: wide}}", "found 'wide', right is a prior such as normal(0, 2)"),
        (
            BASE + "invariance: [metrc]",
            'invariance.0: found "metrc", right are configural, metric, scalar, strict'
            '; did you mean "metric"?',
        ),
        (BASE + "report: {formats: html}", 's.yaml:4:19: report.formats: found "html", right is a list'),
        (
            BASE.replace("group: g", "codes: {L: {yes: one}}"),
            'data.codes.L.yes: found "one", right is a number',
        ),
        (
            BASE.replace("group: g", "replicate_weights: {columns: [r1, 2], type: brr}"),
            "s.yaml:3:55: data.replicate_weights.columns.1: found 2, right is text",
        ),
        (
            BASE.replace("group: g", "replicate_weights: {columns: r*, type: br}"),
            'data.replicate_weights.type: found "br", right are bootstrap, brr, fay, jk1, jkn, other',
        ),
        (
            BASE + "bootstrap: {lonely_psu: certain}",
            's.yaml:4:25: bootstrap.lonely_psu: found "certain", right are fail, certainty, remove, adjust',
        ),
        (
            BASE.replace("group: g", "cluster: c") + "sem: {estimator: ULS}",
            "s.yaml:4:18: sem.estimator: ULS on numbers has no standard errors by cluster",
        ),
        (
            BASE.replace("group: g", "group: 3"),
            's.yaml:3:28: data.group: found 3, right is text; put it in quotes: "3"',
        ),
    ],
)
def test_one_message_per_mistake(text: str, message: str) -> None:
    assert message in study_error(text)


def test_the_first_mistake_in_the_file_is_told() -> None:
    text = "study: 5\nmodel: {syntax: y ~ x}\ndata: {file: a}\nols: {se: x}\nzzz: 1\n"
    assert study_error(text).startswith("s.yaml:1:8: study")
