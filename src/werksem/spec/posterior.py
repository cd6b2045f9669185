"""What the ``bayes`` section may name: kinds of parameters, parameters of the model, and priors as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from werksem.errors import SpecError, did_you_mean
from werksem.spec.equations import equations
from werksem.spec.priors import Prior, parse_prior
from werksem.spec.study import Study
from werksem.spec.types import ModelSpec, Statement
from werksem.spec.yaml import Document, Loc

__all__ = [
    "BETWEEN", "KINDS", "NESTED", "VARYING", "check_posterior", "is_deviation", "parameter_names",
    "prior_keys", "unsuited",
]  # fmt: skip

# kinds of parameters that a prior can be given to; the SDs are of what the kind's name says
KINDS = (
    "paths", "means", "loadings", "residual_sd", "latent_sd", "between_sd", "nested_sd",
    "latent_correlation", "residual_correlation", "between_correlation",
)  # fmt: skip
# the SD between groups of one parameter, or of a kind: "between_sd of y~x", "between_sd of means"
BETWEEN = "between_sd of "
NESTED = "nested_sd of "  # the same between units within groups
VARYING = ("paths", "means", "variances", "covariances")


def parameter_names(model: ModelSpec) -> tuple[str, ...]:
    """Return the names a model's parameters have in a study: labels, else ``lhs op rhs`` without spaces.

    An intercept is ``y ~1``, of every variable that a regression explains.

    >>> from werksem.spec.load import load_model
    >>> parameter_names(load_model({"syntax": "y ~ a*x + z"}))
    ('a', 'y~z', 'y ~1')
    """
    stated = [name for s in model.statements if s.op != "~1" for name in _names(s)]
    means = [f"{equation.outcome} ~1" for equation in equations(model)]
    means += [f"{s.lhs} ~1" for s in model.statements if s.op == "~1"]
    return tuple(dict.fromkeys((*stated, *means)))


def _names(statement: Statement) -> tuple[str, ...]:
    labels = tuple(label for label in statement.label if label)
    return labels or (f"{statement.lhs}{statement.op}{statement.rhs}",)


def prior_keys(names: Sequence[str], residuals: Sequence[str]) -> tuple[str, ...]:
    """Return every key that ``bayes.priors`` may have: kinds, parameters, residual and between-group SDs.

    ``names`` are paths, intercepts and the like, ``residuals`` the variables with a residual: its
    key is ``y~~y`` and the prior is one of the SD, not of the variance. ``between_sd of NAME`` is the
    SD between groups of that parameter, ``between_sd of paths`` of all paths; ``nested_sd of …`` that
    between units within groups. In falling order of precedence: a parameter's own key, its kind's,
    ``between_sd`` or ``nested_sd``.

    >>> prior_keys(["y~x"], ["y"])[-4:]
    ('between_sd of y~x', 'nested_sd of paths', 'nested_sd of means', 'nested_sd of y~x')
    """
    variances = tuple(f"{name}~~{name}" for name in residuals)
    own = tuple(dict.fromkeys((*names, *variances)))
    spread = tuple(level + name for level in (BETWEEN, NESTED) for name in ("paths", "means", *names))
    return (*KINDS, *own, *spread)


def is_deviation(key: str) -> bool:
    """Return whether the prior at this key is one of a standard deviation.

    >>> [is_deviation(key) for key in ("residual_sd", "y~~y", "between_sd of y~x", "y~~z", "paths")]
    [True, True, True, False, False]
    """
    lhs, _, rhs = key.partition("~~")
    return key.endswith("_sd") or key.startswith((BETWEEN, NESTED)) or (bool(rhs) and lhs == rhs)


def _residuals(model: ModelSpec) -> tuple[str, ...]:
    """Return the outcomes, constructs and items, which have a variance of their own."""
    outcomes = [equation.outcome for equation in equations(model)]
    measured = [name for s in model.statements if s.op == "=~" for name in (s.lhs, s.rhs)]
    stated = [s.lhs for s in model.statements if s.op == "~~" and s.lhs == s.rhs]
    return tuple(dict.fromkeys((*outcomes, *measured, *stated)))


def check_posterior(study: Study, model: ModelSpec, document: Document) -> None:
    """Raise ``SpecError`` for the first name or prior in ``bayes`` that is none, with its place."""
    if study.bayes is None:
        return
    names = parameter_names(model)
    keys = prior_keys(names, _residuals(model))
    for loc, message in (*_priors(study, keys), *_varying(study, names), *_outcomes(study, model)):
        raise SpecError(message, where=document.where(loc, key=message.startswith("unknown key")))


def _priors(study: Study, keys: tuple[str, ...]) -> Iterator[tuple[Loc, str]]:
    assert study.bayes is not None
    for key, text in study.bayes.priors.items():
        loc: Loc = ("bayes", "priors", key)
        if key not in keys:
            yield loc, f'unknown key "{key}" in bayes.priors{did_you_mean(key, keys)}'
        try:
            prior = parse_prior(text)
        except ValueError as error:
            yield loc, f"bayes.priors.{key}: {error}"
            continue
        wrong = unsuited(key, text, prior)
        if wrong:
            yield loc, f"bayes.priors.{key}: {wrong}"


def unsuited(key: str, text: str, prior: Prior) -> str:
    """Return why a prior does not go with what it is for, empty where it does.

    >>> unsuited("residual_sd", "flat()", parse_prior("flat()"))
    "'flat()' allows negative standard deviations; right is for example halfnormal(1)"
    """
    if key.endswith("_correlation") != (prior.family == "lkj"):
        right = "lkj(2)" if key.endswith("_correlation") else "normal(0, 2)"
        return f"{text!r} is not for this kind; right is for example {right}"
    nonnegative = prior.positive or (prior.family == "uniform" and prior.parameters[0] >= 0)
    if is_deviation(key) and not nonnegative:
        return f"{text!r} allows negative standard deviations; right is for example halfnormal(1)"
    return ""


def _varying(study: Study, names: tuple[str, ...]) -> Iterator[tuple[Loc, str]]:
    assert study.bayes is not None
    for key in ("vary", "vary_nested"):
        for at, name in enumerate(getattr(study.bayes, key)):
            if name not in (*VARYING, *names):
                near = did_you_mean(name, (*VARYING, *names))
                right = f"right are {', '.join(VARYING)} and the model's parameters"
                yield ("bayes", key, at), f'bayes.{key}: found "{name}", {right}{near}'


def _outcomes(study: Study, model: ModelSpec) -> Iterator[tuple[Loc, str]]:
    assert study.bayes is not None
    known = [equation.outcome for equation in equations(model)]
    for name in study.bayes.outcomes:
        if name not in known:
            near = did_you_mean(name, known)
            yield (
                ("bayes", "outcomes", name),
                f'bayes.outcomes: "{name}" is no outcome of a regression{near}',
            )
    if study.bayes.outcomes and study.bayes.level == "latent":
        yield ("bayes", "outcomes"), "bayes.outcomes is for level scores; at level latent all are continuous"
