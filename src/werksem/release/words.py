"""Words of the output check, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["SAID", "said"]

SAID: dict[str, tuple[str, str]] = {
    "title": ("Uitvoercontrole: {title}", "Output check: {title}"),
    "for_checker": (
        "Voor wie de uitvoer controleert; dit blad en output_check.csv worden zelf niet vrijgegeven. "
        "Aantallen zijn ongewogen respondenten. Verborgen cellen zijn hier geteld, hun waarde staat er niet. "
        "Grijs achter een naam: waar de concentratie het grootst of de cel het kleinst is.",
        "For whoever checks the output; this sheet and output_check.csv are not released themselves. "
        "Numbers are unweighted respondents. Hidden cells are counted here, their values never stand here. "
        "Grey behind a name: where concentration is largest, or the cell smallest.",
    ),
    "all_pass": (
        "Alle {count} uitkomsten voldoen aan de vuistregels.",
        "All {count} outputs keep the rules of thumb.",
    ),
    "some_fail": (
        "{passing} van {count} uitkomsten voldoen aan de vuistregels; naar {broken} moet worden gekeken.",
        "{passing} of {count} outputs keep the rules of thumb; {broken} need looking at.",
    ),
    "what": ("Uitkomst", "Output"),
    "n": ("n", "n"),
    "cells": ("Cellen", "Cells"),
    "smallest": ("Kleinste cel", "Smallest cell"),
    "units": ("Clusters", "Clusters"),
    "df": ("Vrijheids­graden", "Degrees of freedom"),
    "largest_respondent": ("Grootste respondent", "Largest respondent"),
    "largest_unit": ("Grootste cluster", "Largest cluster"),
    "largest_category": ("Grootste categorie", "Largest category"),
    "hidden": ("Verborgen", "Hidden"),
    "result": ("Oordeel", "Verdict"),
    "passes": ("voldoet", "passes"),
    "everyone": ("Alle respondenten", "All respondents"),
    "smallest_shown": ("Kleinste cel en groep die getoond wordt", "Smallest cell and group that is shown"),
    "section_rule": ("Regel van de studie", "The study's rule"),
    "section_table": ("Tabellen", "Tables"),
    "section_group": ("Groepen van respondenten", "Groups of respondents"),
    "section_model": ("Modellen", "Models"),
    "section_cells": ("Bestanden met aantallen per rij", "Files with a number per row"),
    "rules": ("Vuistregels", "Rules of thumb"),
    "rule_units": (
        "Minstens {units} respondenten achter elk getal; bij een aandeel ook achter de rest.",
        "At least {units} respondents behind every number; behind a share also behind the rest.",
    ),
    "rule_df": (
        "Minstens 10 vrijheidsgraden per model (respondenten min parameters).",
        "At least 10 degrees of freedom per model (respondents less parameters).",
    ),
    "rule_share": (
        "Geen respondent en geen cluster (organisatie) met meer dan 50% van het gewicht van een cel; en de "
        "op een na grootste respondent kan de grootste niet binnen 10% schatten (p%-regel).",
        "No respondent and no cluster (organisation) with more than 50% of a cell's weight; and the second "
        "largest respondent cannot estimate the largest within 10% (p% rule).",
    ),
    "rule_category": (
        "Geen categorie met meer dan 90% van een groep (groepsonthulling).",
        "No category with more than 90% of a group (group disclosure).",
    ),
    "hidden_said": (
        "Verborgen: minder respondenten dan de grens + wat daarom mee verborgen is (secundaire "
        "onderdrukking).",
        "Hidden: fewer respondents than the limit + what is hidden with them (complementary suppression).",
    ),
    "broken_units": ("minder dan {units}", "fewer than {units}"),
    "broken_df": ("te weinig vrijheidsgraden", "too few degrees of freedom"),
    "broken_dominance": ("één respondent boven 50%", "one respondent above 50%"),
    "broken_p": ("p%-regel", "p% rule"),
    "broken_unit": ("één cluster boven 50%", "one cluster above 50%"),
    "broken_category": ("categorie boven 90%", "category above 90%"),
    "broken_loosened": ("regel versoepeld in de studie", "rule loosened in the study"),
    "broken_groupings": (
        "verborgen cellen bij twee indelingen in groepen: beslis",
        "hidden cells by two groupings: decide",
    ),
    "broken_rare": (
        "een aantal onder de grens is eruit te herleiden: beslis",
        "a number below the limit follows from it: decide",
    ),
    "files": ("Bestanden", "Files"),
    "files_said": (
        "Geen bestand bevat antwoorden van een respondent.",
        "No file has the answers of a respondent.",
    ),
    "files_release": (
        "Vrij te geven als hierboven alles voldoet",
        "For release where all of the above passes",
    ),
    "files_replicates": (
        "Niet vrijgeven: met de seed zijn uit schattingen per steekproeftrekking antwoorden te herleiden",
        "Not for release: with the seed, answers can be worked out from estimates per resample",
    ),
    "files_draws": (
        "Niet nodig voor publicatie: trekkingen van parameters, per groep",
        "Not needed for a publication: draws of parameters, by group",
    ),
    "files_rare": (
        "Beslis: een aantal onder de grens is eruit te herleiden (zie hierboven)",
        "Decide: a number below the limit follows from it (see above)",
    ),
    "files_own_units": (
        "Niet vrijgeven: uitkomsten per organisatie",
        "Not for release: results per organisation",
    ),
    "files_single": (
        "Niet vrijgeven: uitersten die over één respondent gaan",
        "Not for release: extremes that speak of one respondent",
    ),
    "files_checker": ("Voor de controle, niet vrijgeven", "For the check, not for release"),
    "files_rows": (
        "Niet vrijgeven: rijnummers van respondenten (werksem replay)",
        "Not for release: row numbers of respondents (werksem replay)",
    ),
    "source": (
        "Brandt e.a. (2010), Guidelines for the checking of output based on microdata research (ESSnet; "
        "Eurostat 2015); Hundepool e.a. (2012), Statistical Disclosure Control.",
        "Brandt et al. (2010), Guidelines for the checking of output based on microdata research (ESSnet; "
        "Eurostat 2015); Hundepool et al. (2012), Statistical Disclosure Control.",
    ),
}


def said(key: str, language: str, **values: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its ``{places}`` filled; ``KeyError`` if unknown.

    >>> said("what", "nl"), said("broken_df", "en")
    ('Uitkomst', 'too few degrees of freedom')
    """
    return in_language(SAID[key], language, **values)
