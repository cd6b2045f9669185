"""Words of the tables to publish, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["PUBLISHED", "said"]

PUBLISHED: dict[str, tuple[str, str]] = {
    "table": ("Tabel", "Table"),
    "note": ("Noot.", "Note."),
    "tables": ("Tabellen", "Tables"),
    "method": ("Methode", "Method"),
    "source": ("Bron: {source}.", "Source: {source}."),
    "synthetic": ("synthetische gegevens", "synthetic data"),
    "part": ("deel {part} van {parts}", "part {part} of {parts}"),
    "continued": ("vervolg", "continued"),
    # blanks that are not broken
    "stars": ("*\u00a0p\u00a0≤\u00a0{p05}, **\u00a0p\u00a0≤\u00a0{p01}, ***\u00a0p\u00a0≤\u00a0{p001}.",) * 2,
    "column_stars": ("{header}: sterren", "{header}: stars"),
    "column_marks": ("{header}: teken", "{header}: mark"),
    "column_interval": ("{header}: interval", "{header}: interval"),
    "column_below": ("{header}: eronder", "{header}: below"),
    "evidence": (
        "Waarop elk oordeel rust, staat in claims.csv.",
        "What decided each verdict is in claims.csv.",
    ),
    # scales
    "scales_caption": (
        "Gemiddelden, standaarddeviaties, betrouwbaarheid en correlaties van de schalen",
        "Means, standard deviations, reliability and correlations of the scales",
    ),
    "scale": ("Schaal", "Scale"),
    "mean": ("M", "M"),
    "sd": ("SD", "SD"),
    "omega": ("ω", "ω"),
    "scales_note": (
        "Op schaalgemiddelden; n per schaal, correlaties over wie beide schalen heeft (n van {low} tot "
        "{high}).",
        "On scale means; n per scale, correlations over all who have both scales (n from {low} to {high}).",
    ),
    "scales_weighted": ("M, SD en correlaties zijn gewogen.", "M, SD and correlations are weighted."),
    "scales_design": (
        "P-waarden van correlaties naar het steekproefontwerp.",
        "P-values of correlations by the sampling design.",
    ),
    # loadings and fit
    "loadings_caption": ("Gestandaardiseerde factorladingen", "Standardised factor loadings"),
    "lambda": ("λ", "λ"),
    "se": ("SE", "SE"),
    "fit_caption": ("Passing van de modellen", "Fit of the models"),
    "model": ("Model", "Model"),
    "chisq": ("χ²", "χ²"),
    "df": ("df", "df"),
    "p": ("p", "p"),
    "cfi": ("CFI", "CFI"),
    "tli": ("TLI", "TLI"),
    "rmsea": ("RMSEA", "RMSEA"),
    "srmr": ("SRMR", "SRMR"),
    "aic": ("AIC", "AIC"),
    "bic": ("BIC", "BIC"),
    "fit_note": (
        "Schatter {estimator}. Onder RMSEA het interval van {level}.",
        "Estimator {estimator}. Below RMSEA its {level} interval.",
    ),
    # regressions
    "regression_caption": ("Regressies ({engine}{group})", "Regressions ({engine}{group})"),
    "r2": ("R²", "R²"),
    "r2_adj": ("Adj. R²", "Adj. R²"),
    "regression_note": (
        "Gestandaardiseerde coëfficiënten (β) met sterren; eronder de ongestandaardiseerde b met tussen "
        "haakjes de standaardfout.",
        "Standardised coefficients (β) with stars; below them the unstandardised b with its standard error "
        "in parentheses.",
    ),
    "regression_bayes": (
        "Posteriorgemiddelden van β; eronder dat van de ongestandaardiseerde b met tussen haakjes de "
        "standaarddeviatie. Een posterior heeft geen p-waarden en dus geen sterren.",
        "Posterior means of β; below them that of the unstandardised b with its standard deviation in "
        "parentheses. A posterior has no p-values and so no stars.",
    ),
    "regression_se": ("Standaardfouten {se}.", "{se} standard errors."),
    "r2_stars": (
        "Sterren bij R² zijn van de F-toets van alle voorspellers samen.",
        "Stars with R² are of the F test of all predictors together.",
    ),
    # methods
    "software": (
        "De analyses zijn uitgevoerd met werksem {version}{with_}.",
        "The analyses were done with werksem {version}{with_}.",
    ),
    "fit_said": (
        "Passing van het model{group}: χ²({df}) = {chisq}, p {p}, RMSEA = {rmsea}{limits}, SRMR = {srmr}, "
        "CFI = {cfi}, TLI = {tli}.",
        "Fit of the model{group}: χ²({df}) = {chisq}, p {p}, RMSEA = {rmsea}{limits}, SRMR = {srmr}, CFI = "
        "{cfi}, TLI = {tli}.",
    ),
    "replicates_good": (
        "Alle {count} bootstrapherhalingen hebben een toelaatbare oplossing.",
        "All {count} bootstrap replicates have an admissible solution.",
    ),
    "all_ok": (
        "De schattingen zelf zijn alle geconvergeerd en toelaatbaar.",
        "The estimates themselves all converged and are admissible.",
    ),
    "not_ok": ("Niet in orde bij {engine}: {status}.", "Not in order with {engine}: {status}."),
    "status_not_converged": ("niet geconvergeerd", "not converged"),
    "status_heywood": ("een negatieve variantie (Heywood)", "a negative variance (Heywood case)"),
    "status_not_positive_definite": (
        "een covariantiematrix die niet positief definiet is",
        "a covariance matrix that is not positive definite",
    ),
    "status_rhat": ("R̂ te hoog", "R̂ too high"),
    "status_few_draws": ("te weinig onafhankelijke trekkingen", "too few independent draws"),
    "priors": ("A-prioriverdelingen: {priors}.", "Priors: {priors}."),
    "chains": (
        "Van de ketens is de hoogste R̂ {rhat}, de laagste effectieve steekproefgrootte {ess} en het aantal "
        "divergenties {divergences}.",
        "Over the chains the highest R̂ is {rhat}, the lowest effective sample size {ess}, and there are "
        "{divergences} divergences.",
    ),
    "sizes": ("Respondenten: {sizes}.", "Respondents: {sizes}."),
    "resampled_seed": ("Seed: {seed}.", "Seed: {seed}."),
}


def said(key: str, language: str, **values: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its ``{places}`` filled; ``KeyError`` if unknown.

    >>> said("table", "nl"), said("part", "en", part=1, parts=2)
    ('Tabel', 'part 1 of 2')
    """
    return in_language(PUBLISHED[key], language, **values)
