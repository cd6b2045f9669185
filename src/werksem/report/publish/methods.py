"""A methods paragraph from what a folder records: software, data, settings, fit, what went wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from werksem.report.answer import sizes
from werksem.report.appendix import data_sentences, method_sentences, notes_of
from werksem.report.failures import failures_said
from werksem.report.folder import Result
from werksem.report.messages import prior
from werksem.report.numbers import beta, count, interval, number, pvalue
from werksem.report.priors import prior_said
from werksem.report.publish.measurement import fit_lines
from werksem.report.publish.words import PUBLISHED, said
from werksem.report.replicates import counts_of
from werksem.report.words import engine_name

__all__ = ["methods", "software"]

# whose numbers are used by which engine
LIBRARIES = {"sem": ("semopy",), "bayes": ("pymc", "nutpie", "arviz")}
GENERAL = ("(default)", "(given)")


def methods(result: Result) -> tuple[str, ...]:
    """Return the sentences that reporting standards ask of a model with latent variables, in order.

    Appelbaum et al. (2018), table 7: software and version, missing data, estimator, fit of two kinds,
    solutions that did not converge or are inadmissible, and of a posterior its priors and convergence.
    """
    return tuple(_said(result))


def _said(result: Result) -> Iterator[str]:
    yield software(result.manifest, set(result.estimates["engine"]), result.language)
    yield from data_sentences(result)
    yield from _sizes(result)
    yield from method_sentences(result)
    yield from _seeds(result)
    yield from _fit(result)
    yield from notes_of(result, about_fit=True) if fit_lines(result) else ()
    yield from _replicates(result)
    yield from _posterior(result)
    yield from notes_of(result, about_fit=False)
    yield from _status(result)


def software(manifest: Mapping[str, Any], engines: set[str], language: str) -> str:
    """Return the program and the libraries behind the numbers, with their versions."""
    versions = manifest.get("versions") or {}
    names = ["python", *(name for engine, of in LIBRARIES.items() if engine in engines for name in of)]
    shown = {"python": "Python", "pymc": "PyMC", "arviz": "ArviZ"}
    listed = [f"{shown.get(name, name)} {versions[name]}" for name in names if versions.get(name)]
    with_ = f" ({', '.join(listed)})" if listed else ""
    return said("software", language, version=manifest.get("werksem", ""), with_=with_)


def _sizes(result: Result) -> Iterator[str]:
    """Yield how many respondents each engine uses."""
    listed = ", ".join(f"{engine} {n}" for engine, n in sizes(result))
    if listed:
        yield said("sizes", result.language, sizes=listed)


def _seeds(result: Result) -> Iterator[str]:
    """Yield the seeds of the engines that drew by chance."""
    seeds, language, ran = result.manifest.get("seed") or {}, result.language, set(result.estimates["engine"])
    drew = {name: seed for name, seed in seeds.items() if name in ran} if isinstance(seeds, Mapping) else {}
    if drew:
        listed = ", ".join(f"{engine_name(name, language)} {seed}" for name, seed in drew.items())
        yield said("resampled_seed", language, seed=listed)


def _fit(result: Result) -> Iterator[str]:
    """Yield χ² and indices of two kinds, absolute (RMSEA, SRMR) and incremental (CFI, TLI)."""
    language = result.language
    for group, values in fit_lines(result):
        if not values.get("df", 0.0) > 0:
            continue
        p = values.get("pvalue", math.nan)
        shown = pvalue(p, language) if not math.isnan(p) else ""
        limits = interval(
            values.get("rmsea_ci_lower", math.nan), values.get("rmsea_ci_upper", math.nan), language, 3
        )
        indices = {
            key: beta(values.get(key, math.nan), language, 3) for key in ("rmsea", "srmr", "cfi", "tli")
        }
        yield said(
            "fit_said", language, group="" if group == "all" else f" ({group})",
            df=count(values["df"], language), chisq=number(values.get("chisq", math.nan), language),
            p=shown if shown.startswith("<") else f"= {shown}", limits=f" {limits}" if limits else "",
            **indices,
        )  # fmt: skip


def _replicates(result: Result) -> Iterator[str]:
    counts, language = counts_of(result), result.language
    if counts.total and counts.good == counts.total:
        yield said("replicates_good", language, count=count(counts.total, language))
    elif counts.total:
        yield failures_said(result)


def _posterior(result: Result) -> Iterator[str]:
    """Yield the priors and how the chains converged."""
    language, rows = result.language, result.diagnostics
    rows = rows[rows["engine"] == "bayes"]
    found = dict(zip(rows["measure"], rows["value"].astype(float), strict=True))
    lines = [str(line) for line in result.manifest.get("priors", [])]
    general = [prior(line, language) for line in lines if line.endswith(GENERAL)]
    if general:
        yield said("priors", language, priors="; ".join(general))
        yield prior_said(result)
    if "rhat_max" in found:
        yield said(
            "chains", language, rhat=number(found["rhat_max"], language, 3),
            ess=count(found.get("ess_bulk_min", math.nan), language),
            divergences=count(found.get("divergences", 0.0), language),
        )  # fmt: skip


def _status(result: Result) -> Iterator[str]:
    """Yield what did not converge or is inadmissible, per engine, or that nothing is."""
    language, rows = result.language, result.estimates
    wrong = rows[~rows["status"].isin(["ok", ""]) & rows["status"].notna()]
    for engine, part in wrong.groupby("engine", sort=False):
        named = [str(status) for status in dict.fromkeys(part["status"])]
        texts = [said(f"status_{s}", language) if f"status_{s}" in PUBLISHED else s for s in named]
        yield said("not_ok", language, engine=engine_name(str(engine), language), status=", ".join(texts))
    if not len(wrong) and set(rows["engine"]) - {"ols"}:
        yield said("all_ok", language)
