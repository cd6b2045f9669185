"""What the report says of claims beside their verdicts, Dutch and English."""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, tuple[str, str]] = {
    "claims_source": ("Bron: {source}.", "Source: {source}."),
    "claims_deviation": (
        "Bekende afwijking in de bron: {text}",
        "Known deviation in the source: {text}",
    ),
    "claims_family": (
        "Over alle {count} uitspraken die {engine} beslist samen (Holm): {verdict}, p = {p}.",
        "Over all {count} claims that {engine} decides together (Holm): {verdict}, p = {p}.",
    ),
    "claims_truth": ("In de populatie", "In the population"),
    "true": ("waar", "true"),
    "false": ("niet waar", "not true"),
    "edge": ("op de grens", "on the edge"),
    "level scores": ("schaalscores", "scale scores"),
    "level latent": ("latent", "latent"),
    "level data": ("respondenten", "respondents"),
    "claims_values": (
        "Waarde in de populatie, {level}: {values}.",
        "Value in the population, {level}: {values}.",
    ),
    "claims_differ": (
        "In de populatie is deze uitspraak voor schaalscores {scores} en voor latente variabelen {latent}. "
        "Een schaalscore is de latente variabele met meetfouten{reliabilities}: die maken elke samenhang "
        "kleiner, en waar voorspellers onderling samenhangen schuiven ze een deel van de ene β naar de "
        "andere. "
        "Een β op schaalscores kan daardoor kleiner én groter zijn dan de latente.",
        "In the population this claim is {scores} for scale scores and {latent} for latent variables. A "
        "scale "
        "score is the latent variable with measurement error{reliabilities}: it makes every association "
        "smaller, and where predictors are correlated it moves a part of one β to another. A β on scale "
        "scores can therefore be smaller and larger than the latent one.",
    ),
    "claims_alpha": (" (betrouwbaarheid α hier {alpha})", " (reliability α here {alpha})"),
    "claims_hash": (
        "De uitspraken staan in {file} (SHA-256 {claims}), de drempels in manifest.json (SHA-256 "
        "{rules}). Beide zijn "
        "hier voor het eerst getoetst op {seen}, {data}. Wie deze twee waarden vastlegt voordat de gegevens "
        "er zijn, kan daarna laten zien dat uitspraken en drempels niet naar de uitkomst zijn toegeschreven.",
        "The claims are in {file} (SHA-256 {claims}), the thresholds in manifest.json (SHA-256 "
        "{rules}). Both were "
        "first tested here on {seen}, {data}. Whoever records these two values before the data are there can "
        "show afterwards that claims and thresholds were not fitted to the outcome.",
    ),
    "claims_same_data": ("op deze gegevens", "on these data"),
    "claims_other_data": (
        "op andere gegevens: de uitspraken zijn ouder dan deze gegevens",
        "on other data: the claims are older than these data",
    ),
    "kind mean": ("gemiddelde", "mean"),
    "kind mark": ("cijfer", "mark"),
    "kind sd": ("spreiding", "standard deviation"),
    "kind share": ("aandeel", "share"),
}
