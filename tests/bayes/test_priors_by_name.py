"""Priors of single parameters: which key wins, on which scale, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bayes.cases import TWO, arrays, survey
from werksem.bayes.graph import pymc_model, use_numba
from werksem.bayes.prior_lines import prior_lines
from werksem.bayes.priors import given_priors, rescaled, show
from werksem.errors import SpecError
from werksem.spec.load import load_study
from werksem.spec.priors import parse_prior

FRAME = survey()
NAMES = ["b1", "betrokkenheid~wendbaar", "c1", "betrokkenheid ~1", "vertrek ~1"]
OUTCOMES = ["betrokkenheid", "vertrek"]
PRIORS = {
    "paths": "normal(0, 2)", "betrokkenheid~wendbaar": "student_t(3, .1, .2)", "c1": "flat()",
    "vertrek ~1": "normal(5, 1)", "vertrek~~vertrek": "halfnormal(3)",
    "between_sd of paths": "halfnormal(.4)", "between_sd of b1": "exponential(5)",
    "between_sd of vertrek ~1": "halfflat()",
}  # fmt: skip


def lines(priors: dict[str, str]) -> tuple[str, ...]:
    return prior_lines(arrays(FRAME, priors=priors), given_priors(priors, NAMES, OUTCOMES))


def test_the_parameters_own_key_wins_over_its_kind() -> None:
    said = lines(PRIORS)
    for line in (
        "paths: normal(0, 2) on the raw variables (given)", "b1: normal(0, 2)",
        "betrokkenheid~wendbaar: student_t(3, 0.1, 0.2)", "c1: flat()", "vertrek ~1: normal(5, 1)",
        "residual SD of vertrek, shared by the groups: halfnormal(3)",
        "between-group SD of b1: exponential(5)",
        "between-group SD of betrokkenheid~wendbaar: halfnormal(0.4)",
        "between-group SD of c1: halfnormal(0.4)",
        "between-group SD of vertrek ~1: halfflat()",
    ):  # fmt: skip
        assert line in said, line
    assert not [line for line in said if line.startswith("between_sd of paths")]
    assert any(line.startswith("between_sd of means: halfnormal(0.25) on the standardised") for line in said)
    each = [line.partition(": ")[0] for line in said if not line.endswith(("(given)", "(default)"))]
    assert len(each) == len(set(each)) == 3 + 2 + 2 + 5


def test_literal_priors_are_in_the_model_in_its_units() -> None:
    model = arrays(FRAME, priors=PRIORS)
    step = model.scale_y[:, None] / model.scale_x
    assert show(rescaled(model.path_priors[1], step[0, 1])) == "student_t(3, 0.1, 0.2)"
    assert show(rescaled(model.sd_priors[1], model.scale_y[1])) == "halfnormal(3)"
    assert model.sd_priors[0] == parse_prior("halfnormal(2)")  # the default, in the model's units
    named = dict(zip(model.varying, model.between_priors, strict=True))
    assert show(rescaled(named["b1"], step[0, 0])) == "exponential(5)"
    assert named["betrokkenheid ~1"] == parse_prior("halfnormal(.25)")


def test_only_the_intercepts_that_have_a_prior_vary_where_x_is_zero() -> None:
    model = arrays(FRAME, priors=PRIORS)
    assert (model.lever[0] == 0).all()
    assert model.lever[1, 0] == pytest.approx(model.mean_x[1, 0] / model.scale_x[1, 0])
    everywhere = arrays(FRAME, priors={"between_sd": "halfnormal(1)"})
    assert (everywhere.lever[0] != 0).all()


def test_flat_priors_add_nothing_to_the_density() -> None:
    """The model's log-density differs from that under a normal prior by exactly that prior."""
    from scipy import stats

    use_numba()
    one = TWO[1:]
    flat = arrays(FRAME, one, ("paths",), {"c1": "flat()", "between_sd of c1": "halfflat()"})
    given = arrays(FRAME, one, ("paths",), {"c1": "normal(1, 2)", "between_sd of c1": "halfnormal(3)"})
    at = [_density(model, 0.3, 0.2) for model in (flat, given)]
    step = flat.scale_y[0] / flat.scale_x[0, 0]
    prior = stats.norm(1, 2).logpdf(0.3 * step) + stats.halfnorm(scale=3).logpdf(0.2 * step)
    assert at[1] - at[0] == pytest.approx(prior + 2 * np.log(step), rel=1e-8)


def _density(design, path: float, between: float) -> float:
    model = pymc_model(design)
    point = model.initial_point()
    for name in point:
        if name.startswith("paths"):
            point[name] = np.array([path])
        if name.startswith("between"):
            point[name] = np.log([between])
    return float(model.compile_logp(mode="FAST_COMPILE")(point))


@pytest.mark.parametrize(
    ("priors", "said"),
    [
        ({"between_sd of b2": "halfnormal(1)"}, 'did you mean "between_sd of b1"'),
        ({"between_sd of b1": "normal(0, 1)"}, "negative standard deviations"),
        ({"vertrek~~vertrek": "flat()"}, "negative standard deviations"),
        ({"vertrk~~vertrk": "halfflat()"}, 'did you mean "vertrek~~vertrek"'),
        ({"paths": "lkj(2)"}, "not for this kind"),
        ({"latent_correlation": "normal(0, 1)"}, "not for this kind"),
    ],
)
def test_what_is_wrong_is_said(priors: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        given_priors(priors, NAMES, OUTCOMES)


def test_a_flat_sd_between_two_groups_is_refused() -> None:
    two = FRAME[FRAME["sector"].isin(["Rijk", "ZBO"])].reset_index(drop=True)
    with pytest.raises(SpecError, match=r"between 2 groups cannot .* halfflat\(\)"):
        arrays(two, priors={"between_sd": "halfflat()"})


STUDY = """study: s
model: {{syntax: "y ~ b*x + z"}}
data: {{file: a.csv, group: g}}
bayes:
  vary: [paths]
  priors:
    {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "b: flat()", "y~z: normal(0, 1)", "y ~1: normal(3, 1)", "y~~y: halfnormal(1)",
        "between_sd of b: halfnormal(.2)", "between_sd of y~z: halfflat()", "between_sd of y ~1: gamma(2, 4)",
        "between_sd of paths: halfnormal(.2)",
    ],
)  # fmt: skip
def test_the_study_file_takes_every_key(tmp_path, line: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(STUDY.format(line=line))
    study, _ = load_study(path)
    assert study.bayes is not None
    key, _, text = line.partition(": ")
    assert dict(study.bayes.priors) == {key: text}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("between_sd of y~zz: halfnormal(1)", r's.yaml:7:5: unknown key .* did you mean "between_sd of y~z"'),
        ("between_sd of b: normal(0, 1)", r"s.yaml:7:\d+: .*negative standard deviations"),
        ("y~~y: flat()", r"s.yaml:7:\d+: .*negative standard deviations"),
    ],
)
def test_the_study_file_names_what_is_wrong(tmp_path, line: str, said: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(STUDY.format(line=line))
    with pytest.raises(SpecError, match=said):
        load_study(path)
