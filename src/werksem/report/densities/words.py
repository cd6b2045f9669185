"""What is said of the densities, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["said"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Bootstrap en posterior over elkaar", "Bootstrap and posterior over one another"),
    "title_bootstrap": ("De bootstrap per pad", "The bootstrap of each path"),
    "title_bayes": ("De posterior per pad", "The posterior of each path"),
    "key_both": (
        "Blauw: hoe de SEM-schatting uitvalt over {replicates} bootstrapsteekproeven. Oranje: de posterior, "
        "hoe waarschijnlijk elke waarde is na het zien van de gegevens.",
        "Blue: how the SEM estimate comes out over {replicates} bootstrap samples. Orange: the posterior, "
        "how probable each value is after seeing the data.",
    ),
    "key_bootstrap": (
        "Blauw: hoe de SEM-schatting uitvalt over {replicates} bootstrapsteekproeven.",
        "Blue: how the SEM estimate comes out over {replicates} bootstrap samples.",
    ),
    "key_bayes": (
        "Oranje: de posterior, hoe waarschijnlijk elke waarde is na het zien van de gegevens.",
        "Orange: the posterior, how probable each value is after seeing the data.",
    ),
    "key_marks": (
        "Daaronder de schattingen met hun interval: {marks}. Alles gestandaardiseerd (β); binnen een "
        "uitkomst op één schaal. Een smalle berg is hoog, een brede laag. De vorm is die van de "
        "ongestandaardiseerde trekkingen, plaats en breedte zijn die van β.",
        "Below them the estimates with their intervals: {marks}. All standardised (β); on one scale within "
        "an outcome. A narrow hill is high, a wide one low. The shape is that of the unstandardised "
        "draws, place and width are those of β.",
    ),
    "mark_ols": ("OLS (rondje)", "OLS (circle)"),
    "mark_sem": ("SEM (vierkant)", "SEM (square)"),
    "why_scores": (
        "Beide bergen komen van dezelfde enquête. Waar zij uiteen liggen verschilt de methode: het SEM "
        "haalt de meetfout uit de antwoorden, de posterior rekent met schaalscores en poolt groepen; ook "
        "wie meetelt kan iets verschillen.",
        "Both hills are of the same survey. Where they lie apart the methods differ: the SEM takes "
        "measurement error out of the answers, the posterior works with scale scores and pools groups; "
        "who counts may differ a little too.",
    ),
    "why_latent": (
        "Beide zijn van hetzelfde latente model. Waar de bergen uiteen liggen doet de a-prioriverdeling of "
        "het poolen van groepen ertoe.",
        "Both are of the same latent model. Where the hills lie apart, the prior or the pooling of groups "
        "matters.",
    ),
    "least": (
        "Het verst uiteen: {path}; van het oppervlak van elke berg deelt die {share} met de andere.",
        "Furthest apart: {path}; of its area each hill shares {share} with the other.",
    ),
    "some": (
        "Getekend zijn {shown} van de {count} paden: {which}.",
        "Drawn are {shown} of {count} paths: {which}.",
    ),
    "which_routes": ("die op de routes van de indirecte samenhang", "those on the indirect routes"),
    "which_strongest_routes": (
        "de sterkste op de routes van de indirecte samenhang",
        "the strongest on the indirect routes",
    ),
    "which_strongest": ("de sterkste", "the strongest"),
    "alt": ("Verdelingen per pad, {title}. {rows}.", "Distributions per path, {title}. {rows}."),
}


def said(key: str, language: str, **places: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its places filled.

    >>> said("mark_ols", "nl")
    'OLS (rondje)'
    """
    return in_language(WORDS[key], language, **places)
