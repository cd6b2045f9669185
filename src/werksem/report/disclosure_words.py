"""What a report says of the disclosure rule: the sentences of a manifest, in Dutch and English."""

from __future__ import annotations

__all__ = ["DISCLOSURE"]

DISCLOSURE: tuple[tuple[str, str, str], ...] = (
    (
        r"disclosure: no cell and no group of fewer than (?P<number>\d+) respondents is shown, nor",
        "Onthulling: geen cel en geen groep van minder dan {number} respondenten wordt getoond, noch "
        "waaruit die te herleiden is.",
        "Disclosure: no cell and no group of fewer than {number} respondents is shown, nor what it could be "
        "worked out from.",
    ),
    (
        r"disclosure: no cell and no group of fewer than (?P<number>\d+) respondents is shown",
        "Onthulling: geen cel en geen groep van minder dan {number} respondenten wordt getoond.",
        "Disclosure: no cell and no group of fewer than {number} respondents is shown.",
    ),
    (
        r"near-constant: nearly all of the answers to (?P<item>\S+) are (?P<r>.+)",
        "Bijna alle antwoorden op {item} zijn {r}.",
        "Nearly all of the answers to {item} are {r}.",
    ),
    (
        r"disclosure: loosened, (?P<r>.+): not for release",
        "Onthulling: de regel is in deze studie versoepeld ({r}); de uitkomsten zijn niet vrij te geven "
        "voordat iemand daarover besloten heeft.",
        "Disclosure: this study loosened the rule ({r}); its results are not for release before somebody "
        "decided so.",
    ),
    (
        r"disclosure: two groupings: (?P<names>.+?); they hide",
        "Onthulling: {names} verbergen getallen van dezelfde variabelen bij verschillende indelingen in "
        "groepen, en zijn elk op zichzelf beveiligd: ga na of de ene tabel vertelt wat de andere verbergt.",
        "Disclosure: {names} hide numbers of the same variables by different groups, and are protected each "
        "on its own: see whether one tells what another hides.",
    ),
    (
        r"disclosure: hidden in every table: (?P<names>.+?); fewer than (?P<number>\d+) respondents, or",
        "Onthulling: in geen tabel getoond worden {names}: minder dan {number} respondenten, of weggelaten "
        "zodat zo'n groep niet te herleiden is. In de uitkomsten van alle respondenten tellen zij mee.",
        "Disclosure: no table shows {names}: fewer than {number} respondents, or left out so that such a "
        "group cannot be worked out. They count in the results of all respondents.",
    ),
    (
        r"disclosure: weighted numbers of all respondents are rounded, and",
        "Onthulling: gewogen gemiddelden en aandelen van alle respondenten zijn afgerond, en hebben in "
        "beschrijvende tabellen geen standaardfout of interval: daaruit zijn omvang en antwoorden van "
        "verborgen groepen te herleiden.",
        "Disclosure: weighted means and shares of all respondents are rounded, and have no standard error or "
        "interval in descriptive tables: sizes and answers of hidden groups could be worked out from these.",
    ),
    (
        r"disclosure: no ICC by cluster: mean sizes would tell",
        "Onthulling: geen ICC per cluster, want uit gemiddelde omvang is af te leiden hoe klein een van de "
        "clusters is.",
        "Disclosure: no ICC by cluster, for mean sizes would tell how small one of the clusters is.",
    ),
)  # fmt: skip
