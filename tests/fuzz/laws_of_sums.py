"""Numbers that must agree because the mathematics says so: two ways to the same estimate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests.fuzz.budget import Law
from tests.fuzz.cases import Case, cases
from tests.fuzz.models import COLUMNS, Made, answers, models
from tests.fuzz.numbers import (
    RAW,
    STANDARDISED,
    TESTS,
    Numbers,
    numbers,
    numbers_of_moments,
    same_fit,
    same_numbers,
)

KIND = "metamorphic"
SEEDS = st.integers(0, 2**32 - 1)
N = st.integers(120, 400)


@st.composite
def regressions(draw: st.DrawFn) -> tuple[dict[str, Any], pd.DataFrame, int]:
    """Return one or two outcomes of the same predictors, all columns: a saturated model; its data and k."""
    k, outcomes, n = draw(st.integers(1, 5)), draw(st.integers(1, 2)), draw(N)
    rng = np.random.default_rng(draw(SEEDS))
    root = np.eye(k) + 0.4 * np.tril(rng.standard_normal((k, k)), -1)
    X = rng.standard_normal((n, k)) @ root.T * rng.choice([0.1, 1.0, 50.0], k) + rng.choice(
        [-5.0, 0.0, 100.0], k
    )
    frame = pd.DataFrame(X, columns=[f"x{j}" for j in range(k)])
    for j in range(outcomes):
        frame[f"y{j}"] = X @ rng.standard_normal(k) / X.std(axis=0).max() + rng.standard_normal(n)
    return {f"y{j}": [f"x{i}" for i in range(k)] for j in range(outcomes)}, frame, k


def saturated(given: tuple[dict[str, Any], pd.DataFrame, int]) -> None:
    """A saturated model of columns has OLS's b and β; its SEs divide by n where OLS's divide by n - k - 1."""
    structural, frame, k = given
    found = numbers({"model": {"structural": structural}, "ols": {}, "sem": {}}, frame)
    rows = found.estimates[found.estimates.index.get_level_values("op") == "~"]
    ols, sem = (rows.xs(engine).sort_index() for engine in ("ols", "sem"))
    for column in ("est", "std"):
        off = np.abs(ols[column] - sem[column]).astype(float) / ols["se" if column == "est" else "std_se"]
        assert float(off.max()) < 1e-5, (column, ols[column], sem[column])
    ratio = np.sqrt((len(frame) - k - 1) / len(frame))
    np.testing.assert_allclose(sem["se"].astype(float), ols["se"].astype(float) * ratio, rtol=1e-6)
    assert abs(found.fit["sem", "all", "chisq"]) < 1e-6 * len(frame)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Return two models without a construct in common, and answers to both by the same respondents."""
    n, parts, frames, seed = draw(N), [], [], draw(SEEDS)
    for letter in "ab":
        made = draw(models(labels=False, columns=False, least=3))
        own = answers(made, n, seed + ord(letter)).drop(
            columns=["org", "stratum", "gewicht", "group", *COLUMNS]
        )
        names = {name: f"{letter}{name}" for name in [*own.columns, *made.items]}
        parts.append(_renamed(made.model, names))
        frames.append(own.rename(columns=names))
    return parts, pd.concat(frames, axis=1)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(inside, names) for key, inside in value.items()}
    if isinstance(value, list):
        return [_renamed(inside, names) for inside in value]
    return names.get(value, value) if isinstance(value, str) else value


def disconnected(given: tuple[list[dict[str, Any]], pd.DataFrame]) -> None:
    """Two models that share nothing, fitted as one, have the estimates of each apart.

    Chi-squares add up, with n (ln|S1| + ln|S2| - ln|S|) for the correlations between the two samples.
    """
    parts, frame = given
    zeros = [[a, b, 0] for a in parts[0]["measurement"] for b in parts[1]["measurement"]]
    both: dict[str, Any] = {"measurement": parts[0]["measurement"] | parts[1]["measurement"]}
    both["structural"] = parts[0].get("structural", {}) | parts[1].get("structural", {})
    both["covariances"] = [*parts[0].get("covariances", []), *parts[1].get("covariances", []), *zeros]
    both = {key: value for key, value in both.items() if value}
    together = numbers({"model": both, "sem": {}}, frame)
    found = [numbers({"model": part, "sem": {}}, frame) for part in parts]
    if not (together.sound and all(one.sound for one in found)):
        return
    for one in found:
        keys = one.estimates.index
        part = Numbers(together.estimates.loc[keys], together.fit, together.results)
        same_numbers(one, part)
    items = [[item for block in part["measurement"].values() for item in block["items"]] for part in parts]
    logs = [
        np.linalg.slogdet(np.cov(frame[own].to_numpy(dtype=float).T))[1]
        for own in (*items, [*items[0], *items[1]])
    ]
    expected = sum(one.fit["sem", "all", "chisq"] for one in found) + len(frame) * (
        logs[0] + logs[1] - logs[2]
    )
    assert abs(together.fit["sem", "all", "chisq"] - expected) < 1e-5 * (1 + expected)


@st.composite
def twins(draw: st.DrawFn) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return a construct of two predictors that may change places, for the data say the same of both."""
    made = Made({}, {"f": [f"f_{i}" for i in range(4)]}, ("age", "vrouw"), (1, 5), ())
    frame = answers(made, draw(N), draw(SEEDS))
    rng = np.random.default_rng(draw(SEEDS))
    frame = frame.assign(p=rng.standard_normal(len(frame)), q=rng.standard_normal(len(frame)))
    frame["f_0"] += (frame["p"] > 0).astype(int)
    other = frame.rename(columns={"p": "q", "q": "p"})
    model = {
        "measurement": {"f": {"items": made.items["f"]}}, "structural": {"f": {"p": "b1", "q": "b2"}},
    }  # fmt: skip
    return model, pd.concat([frame, other[frame.columns]], ignore_index=True)


def implied_equality(given: tuple[dict[str, Any], pd.DataFrame]) -> None:
    """A constraint that the data meet already changes no estimate and no chi-square, and adds one df."""
    model, frame = given
    free = numbers({"model": model, "sem": {}}, frame)
    equal = numbers({"model": {**model, "constraints": ["b1 == b2"]}, "sem": {}}, frame)
    same_numbers(free, equal, ("est", "std"))
    same_fit(free, equal, ("chisq", "srmr"))
    if free.sound:
        assert equal.fit["sem", "all", "df"] == free.fit["sem", "all", "df"] + 1


def copied_groups(given: tuple[Case, int]) -> None:
    """Groups that are copies of each other have the estimates of one; the chi-square is that of all."""
    case, copies = given
    parts = [case.frame.assign(group=f"copy {at}") for at in range(copies)]
    one = numbers(case.content, case.frame, ("sem",))
    content = case.content | {"sem": {**case.content["sem"], "multigroup": True}, "data": {"group": "group"}}
    many = numbers(content, pd.concat(parts, ignore_index=True), ("sem",))
    if not (one.sound and many.sound):
        return
    plain = one.estimates.index.get_level_values("op").isin(["=~", "~", "~~"])
    for at in range(copies):
        rows = many.estimates.xs(f"copy {at}", level="group")
        own = one.estimates[plain].droplevel("group")
        for column in ("est", "se", "std", "std_se"):
            x, y = own[column].astype(float), rows.loc[own.index, column].astype(float)
            np.testing.assert_allclose(x, y, rtol=1e-5, atol=1e-6, err_msg=column)
    assert abs(many.fit["sem", "all", "chisq"] - copies * one.fit["sem", "all", "chisq"]) < 1e-4


def wishart(case: Case) -> None:
    """Wishart's likelihood leaves std as it is and multiplies the chi-square by (n - 1) / n."""
    normal = numbers(case.content, case.frame, ("sem",))
    other = numbers(case.content | {"sem": {"likelihood": "wishart"}}, case.frame, ("sem",))
    same_numbers(normal, other, ("std",), ops=("=~", "~", "~~"))
    n = normal.fit["sem", "all", "ntotal"]
    if normal.sound and other.sound:
        ratio = other.fit["sem", "all", "chisq"] - normal.fit["sem", "all", "chisq"] * (n - 1) / n
        assert abs(ratio) < 1e-5 * (1 + normal.fit["sem", "all", "chisq"])


def no_blanks(case: Case) -> None:
    """FIML on complete answers is ML with means."""
    frame = case.frame.dropna()
    sem = {"information": "observed", "meanstructure": True}
    whole = numbers({"model": case.made.model, "sem": sem}, frame)
    kept = numbers({"model": case.made.model, "sem": sem, "data": {"missing": "fiml"}}, frame)
    same_numbers(whole, kept, of_se=1e-4)
    same_fit(whole, kept, ("chisq", "df", "pvalue", "cfi", "rmsea"))


def two_engines(case: Case) -> None:
    """Started by semopy or by ourselves, the optimum is the same."""
    first, second = (
        numbers(case.content | {"sem": {**case.content["sem"], "engine": engine}}, case.frame, ("sem",))
        for engine in ("semopy", "werksem")
    )
    same_numbers(first, second)
    same_fit(first, second)


def from_moments(case: Case) -> None:
    """Correlations, SDs, means and n say all that complete respondents say, to OLS and to ML."""
    items = [item for own in case.made.items.values() for item in own]
    names = [*items, *case.made.columns]
    frame = case.frame.dropna(subset=names)
    values = frame[names].astype(float)
    corr = values.corr().to_numpy()
    moments = {
        "n": len(values), "sd": dict(zip(names, values.std().tolist(), strict=True)),
        "mean": dict(zip(names, values.mean().tolist(), strict=True)),
        "correlation": {name: corr[at, : at + 1].tolist() for at, name in enumerate(names)},
    }  # fmt: skip
    content = {"model": case.made.model, "sem": {}}
    before = numbers(content, frame)
    after = numbers_of_moments(content, moments)
    same_numbers(before, after, (*RAW, *STANDARDISED, *TESTS))
    same_fit(before, after)


LAWS = (
    Law(
        "saturated",
        KIND,
        "a saturated model of columns has the b and β of OLS",
        "ML and OLS",
        regressions(),
        saturated,
        8,
        1000,
    ),
    Law(
        "disconnected",
        KIND,
        "two models that share nothing have, fitted as one, the estimates of each apart",
        "ML",
        pairs(),
        disconnected,
        3,
        300,
    ),
    Law(
        "implied_equality",
        KIND,
        "a constraint that the data meet already changes nothing but df",
        "ML",
        twins(),
        implied_equality,
        3,
        200,
    ),
    Law(
        "copied_groups",
        KIND,
        "groups that are copies have the estimates of one, and its chi-square times their number",
        "ML in groups",
        st.tuples(cases(("ML with means",), labels=False), st.integers(2, 3)),
        copied_groups,
        3,
        150,
    ),
    Law(
        "wishart",
        KIND,
        "Wishart's likelihood leaves std and multiplies chi-square by (n-1)/n",
        "ML",
        cases(("ML",)),
        wishart,
        3,
        200,
    ),
    Law(
        "no_blanks",
        KIND,
        "FIML without blanks is ML with means",
        "ML, FIML",
        cases(("ML",), labels=False),
        no_blanks,
        3,
        200,
    ),
    Law(
        "two_engines",
        KIND,
        "from semopy's solution or our own start, the optimum is the same",
        "ML, MLR, MLM",
        cases(("ML", "MLR", "MLM")),
        two_engines,
        3,
        300,
    ),
    Law(
        "from_moments",
        KIND,
        "moments give the numbers of the respondents behind them",
        "ML",
        cases(("ML",)),
        from_moments,
        3,
        200,
    ),
)
