"""Settings of a study that need or rule out one another, and those this version refuses."""

from __future__ import annotations

import pytest

from tests.spec.helpers import BASE, study_error, study_of
from werksem.spec.study import Study
from werksem.spec.support import UNSUPPORTED


@pytest.mark.parametrize(
    ("data", "more", "message"),
    [
        (
            "file: a, moments: {n: 5, correlation: {y: [], x: [.3]}}",
            "",
            "s.yaml:3:26: data has a file and moments",
        ),
        ("file: a", "ols: {se: cluster}", "s.yaml:4:11: ols.se: cluster needs data.cluster"),
        ("file: a", "sem: {se: cluster}", "s.yaml:4:11: sem.se: cluster needs data.cluster"),
        (
            "file: a",
            "bootstrap: {scheme: cluster}",
            "s.yaml:4:21: bootstrap.scheme: cluster needs data.cluster",
        ),
        (
            "file: a",
            "bootstrap: {scheme: strata}",
            "bootstrap.scheme: strata needs data.strata or data.group",
        ),
        ("file: a", "sem: {multigroup: true}", "s.yaml:4:19: sem.multigroup needs data.group"),
        ("file: a", "bayes: {nested: o}", "s.yaml:4:17: bayes.nested needs data.group"),
        ("file: a, group: g", "bayes: {nested: g}", 'bayes.nested: "g" is data.group itself'),
        ("file: a", "invariance: [metric]", "s.yaml:4:13: invariance needs data.group"),
        ("file: a", "bayes: {vary: [means]}", "s.yaml:4:15: bayes.vary needs data.group"),
        (
            "file: a, weights: w, group: w",
            "",
            's.yaml:3:26: data.weights: "w" is the group or cluster column too',
        ),
        ("file: a, fpc: s, strata: s", "", 's.yaml:3:22: data.fpc: "s" is another column of the design'),
        (
            "file: a, fpc: N, strata: s",
            "bootstrap: {scheme: cases}",
            "s.yaml:4:21: bootstrap.scheme: cases leaves out the strata of data.fpc; right are strata",
        ),
        (
            "file: a",
            "bootstrap: {scheme: replicate_weights}",
            "s.yaml:4:21: bootstrap.scheme: replicate_weights needs data.replicate_weights",
        ),
        (
            "file: a, replicate_weights: {columns: r*, type: brr}",
            "",
            "s.yaml:3:36: data.replicate_weights needs data.weights",
        ),
        (
            "file: a, weights: w, fpc: N, replicate_weights: {columns: r*, type: brr}",
            "",
            "their rscales hold",
        ),
        ("file: a, weights: w, replicate_weights: {columns: r*, type: fay}", "", "type fay needs rho"),
        (
            "file: a, weights: w, replicate_weights: {columns: r*, type: jk1, rho: .5}",
            "",
            "type jk1 has no rho",
        ),
        (
            "file: a, weights: w, replicate_weights: {columns: r*, type: brr, scale: 2}",
            "",
            "type brr has a scale of its own, 1/R; leave scale out",
        ),
        ("file: a, weights: w, replicate_weights: {columns: r*, type: jkn}", "", "type jkn needs rscales"),
        (
            "file: a, weights: w, replicate_weights: {columns: r*, type: other}",
            "",
            "type other needs a scale",
        ),
        (
            "file: a, weights: w, replicate_weights: {columns: r*, type: brr}",
            "bootstrap: {indices: i.csv}",
            "s.yaml:4:22: bootstrap.indices draws rows",
        ),
        ("moments: {n: 5, correlation: {y: [], x: [.3]}}, fpc: N", "", "data.fpc needs respondents"),
        ("moments: {n: 5, correlation: {y: [], x: [.3]}}, group: g", "", "data.group needs respondents"),
        (
            "moments: {n: 5, correlation: {y: [], x: [.3]}}",
            "bootstrap: {}",
            "bootstrap resamples respondents",
        ),
        (
            "moments: {n: 5, correlation: {y: [], x: [.3]}}",
            "bootstrap: {scheme: parametric}",
            "parametric takes the acceleration of BCa from respondents, but the study has moments only",
        ),
        (
            "file: a, missing: fiml",
            "bootstrap: {scheme: bollen-stine}",
            "bollen-stine takes ML of complete rows; it does not go with data.missing: fiml",
        ),
        ("file: a, ordered: all", "bootstrap: {scheme: parametric}", "does not go with data.ordered"),
        (
            "file: a",
            "sem: {estimator: ULS}\nbootstrap: {scheme: parametric}",
            "s.yaml:5:21: bootstrap.scheme: parametric takes ML of complete rows; it does not go with "
            "sem.estimator: ULS",
        ),
        (
            "file: a",
            "sem: {likelihood: wishart}\nbootstrap: {scheme: bollen-stine}",
            "does not go with sem.likelihood: wishart",
        ),
        (
            "file: a",
            "bootstrap: {scheme: parametric, indices: rows.csv}",
            "bootstrap.indices draws rows; scheme: parametric draws none",
        ),
        ("moments: {n: 5, correlation: {y: [], x: [.3]}}", "bayes: {}", "bayes needs respondents"),
        ("moments: {n: 5, correlation: {y: [], x: [.3]}}", "ols: {se: HC3}", "ols.se: HC3 needs respondents"),
        (
            "file: a, where: sector = 'x'",
            "",
            's.yaml:3:24: cannot read the expression "sector = \'x\'"; write "=="',
        ),
        (
            "file: a, derive: {d: prod(a, b)}",
            "",
            "unknown function prod() in 'prod(a, b)'; right are product",
        ),
    ],
)
def test_settings_that_need_or_rule_out_others(data: str, more: str, message: str) -> None:
    assert message in study_error(f"study: a\nmodel: {{syntax: y ~ x}}\ndata: {{{data}}}\n{more}\n")


def test_a_column_is_not_derived_under_the_name_of_a_construct() -> None:
    study = 'study: a\nmodel: {syntax: "f =~ x1 + x2 + x3; y ~ f"}\ndata: {file: a, derive: {f: x1 == 3}}\n'
    said = study_error(study)
    assert said.startswith("s.yaml:3:")
    assert "data.derive.f: the model measures a construct of that name; choose another name" in said


def test_names_of_studies_may_have_what_the_message_says() -> None:
    assert study_of(BASE.replace("study: a", "study: a+b_c.d-e f"))[0].study == "a+b_c.d-e f"
    said = study_error(BASE.replace("study: a", "study: a/b"))
    assert "right is letters, digits, _ . + - and spaces" in said


ASKED = {
    "data.missing": ("missing: fiml", "bootstrap: {}"),
    "ols.se": ("cluster: org", "ols: {}"),
    "sem.estimator": ("group: g", "sem: {estimator: WLSMV}\ninvariance: [metric]"),
    "sem.se": ("group: g", "sem: {se: robust}"),
    "sem.likelihood": ("group: g", "sem: {likelihood: wishart}\nbootstrap: {}"),
    "sem.group_equal": ("group: g", "sem: {group_equal: [loadings]}"),
    "sem.multigroup": ("group: g", "sem: {multigroup: true}"),
    "invariance": ("group: g", "invariance: [metric]"),
    "bootstrap.scheme": ("group: g", "bootstrap: {scheme: bollen-stine}"),
    "bootstrap.lonely_psu": ("cluster: org", "bootstrap: {lonely_psu: adjust}"),
    "data.fpc": ("fpc: N", ""),
    "bayes.level": ("group: g", "bayes: {level: latent}"),
    "claims": ("group: g", "claims: c.yaml"),
}


@pytest.mark.parametrize("place", [".".join(map(str, loc)) for loc in UNSUPPORTED])
def test_what_this_version_cannot_do_is_refused(place: str) -> None:
    data, more = ASKED[place]
    text = f"study: a\nmodel: {{syntax: y ~ x}}\ndata: {{file: a, {data}}}\n{more}\n"
    found = study_error(text)
    assert f": {place}: " in found
    assert "is not available yet in werksem" in found
    assert found.startswith("s.yaml:3:" if place.startswith("data.") else "s.yaml:4:")


def test_refusals_name_settings_that_exist() -> None:
    study = Study.model_validate(
        {
            "study": "a",
            "model": None,
            "ols": {},
            "sem": {},
            "bootstrap": {},
            "bayes": {},
            "data": {"file": "a"},
        }
    )
    for section, *keys in UNSUPPORTED:
        assert hasattr(study, str(section))
        assert all(hasattr(getattr(study, str(section)), str(key)) for key in keys)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[0.1, 0.05]", "shares rise and each stands once, found [0.1, 0.05]"),
        ("[0.05, 0.05]", "each stands once"),
        ("[0.5]", "found 0.5, right is below 0.5"),
        ("[-0.1]", "found -0.1, right is at least 0"),
        ("veel", "a list"),
    ],
)
def test_wrong_shares_are_one_message(text: str, says: str) -> None:
    assert says in str(study_error(BASE + f"sensitivity: {{method_variance: {text}}}\n"))


def test_method_variance_is_asked_for() -> None:
    assert study_of(BASE)[0].sensitivity is None
    found = study_of(BASE + "sensitivity: {method_variance: [0, .05]}\n")[0].sensitivity
    assert found is not None
    assert found.method_variance == (0, 0.05)
