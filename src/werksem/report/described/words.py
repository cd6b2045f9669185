"""Words of the pages with descriptive tables, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["SAID", "said"]

SAID: dict[str, tuple[str, str]] = {
    "total": ("Totaal", "Total"),
    "group": ("Groep", "Group"),
    "what": ("Schaal of vraag", "Scale or question"),
    "statement": ("Vraag", "Question"),
    "n": ("n", "n"),
    "interval": ("{level}-interval", "{level} interval"),
    "mean": ("Gemiddelde", "Mean"),
    "sd": ("SD", "SD"),
    "mark": ("Rapportcijfer", "Mark"),
    "share": ("Aandeel", "Share"),
    "score": ("Score", "Score"),
    "enps_score": ("eNPS", "eNPS"),
    "one_in": ("Anders gezegd", "In other words"),
    "1 in k": ("1 op {k}", "1 in {k}"),
    "over 1 in k": ("ruim 1 op {k}", "over 1 in {k}"),
    "nearly 1 in k": ("bijna 1 op {k}", "nearly 1 in {k}"),
    "everyone": ("iedereen", "everyone"),
    "insufficient": ("Onvoldoende (schaalscore onder 3)", "Insufficient (scale score below 3)"),
    "insufficient_short": ("Onvoldoende", "Insufficient"),
    "dont_know": ("Weet niet", "Don't know"),
    "high": ("Hoogste twee", "Highest two"),
    "middle": ("Midden", "Middle"),
    "low": ("Laagste twee", "Lowest two"),
    "top2": ("Hoogste twee", "Highest two"),
    "promoter": ("Promotor", "Promoter"),
    "passive": ("Neutraal", "Passive"),
    "detractor": ("Criticaster", "Detractor"),
    "or": ("of", "or"),
    "to": ("tot", "to"),
    "below": ("onder {bound}", "below {bound}"),
    "above": ("boven {bound}", "above {bound}"),
    "at_most": ("t/m {bound}", "up to {bound}"),
    "over_to": ("boven {low} t/m {high}", "over {low} up to {high}"),
    "bar": ("Verdeling", "Distribution"),
    "point": ("Met interval", "With interval"),
    "bar_alt": ("Gestapelde staaf: {parts}", "Stacked bar: {parts}"),
    "histogram_alt": ("Staafdiagram: {parts}", "Bar chart: {parts}"),
    "difference": ("Verschil", "Difference"),
    "slope": ("Helling per jaar", "Slope per year"),
    "rank": ("Rang", "Rank"),
    "share_of_all": ("Van allen", "Of all"),
    "share_of_responses": ("Van alle antwoorden", "Of all answers"),
    "change": ("Verandering", "Change"),
    "published": ("gepubliceerd", "published"),
    "break": ("Reeksbreuk na {year}", "Series breaks after {year}"),
    "d": ("d", "d"),
    "equivalence": ("p (TOST)", "p (TOST)"),
    "p_holm": ("p (Holm)", "p (Holm)"),
    "gelijkwaardig": ("gelijkwaardig", "equivalent"),
    "verschil": ("verschil", "different"),
    "onbeslist": ("onbeslist", "undecided"),
    "judged": ("Oordeel", "Verdict"),
    "p": ("p", "p"),
    "of_those": ("Samen, van wie {where}", "Together, of those with {where}"),
    "of_labelled": ("Samen, als deel van: {label}", "Together, as a share of: {label}"),
    "of_everyone": ("Samen, van alle respondenten", "Together, of all respondents"),
    "together": ("Samen", "Together"),
    "value": ("Waarde", "Value"),
    "compared_by": (
        "p: toets op geen verschil; Holm: gecorrigeerd voor het aantal vergelijkingen; TOST: toets op een "
        "verschil van {bound} of meer; is die p klein, dan is zo'n verschil uitgesloten (gelijkwaardig).",
        "p: test of no difference; Holm: corrected for the number of comparisons; TOST: test of a difference "
        "of {bound} or more; where that p is small, such a difference is ruled out (equivalent).",
    ),
    "hidden": (
        "· minder dan {smallest} respondenten (of alle op minder dan {smallest} na), of weggelaten zodat "
        "zo'n getal niet uit de andere is af te leiden.",
        "· fewer than {smallest} respondents (or all but fewer than {smallest}), or left out so that such a "
        "number cannot be worked out from the others.",
    ),
    "points": ("{number} procentpunt", "{number} percentage points"),
    "points_short": ("{number} pp", "{number} pp"),
    "in_points": ("pp: procentpunten.", "pp: percentage points."),
    "sds": ("{number} standaarddeviatie", "{number} standard deviation"),
    "top": (
        "Alleen de {top} hoogste van elke kolom; de andere blijven leeg.",
        "Only the {top} highest of every column; the others are blank.",
    ),
    "where": ("Alleen respondenten met {where}.", "Only respondents with {where}."),
    "rule": (
        "Rapportcijfers volgens {rule}; een 3 op de schaal van 1 tot 5 is {three}. Onvoldoende is een "
        "schaalscore onder 3, niet een cijfer onder 6.",
        "Marks by {rule}; a 3 on the scale of 1 to 5 is {three}. Insufficient is a scale score below 3, not "
        "a mark below 6.",
    ),
    "rule_lineair": ("lineaire omrekening, 2,25 × score − 1,25", "linear conversion, 2.25 × score − 1.25"),
    "rule_knik36": ("omrekening met een knik: 3 wordt 6", "conversion with a kink: 3 becomes 6"),
    "rule_dubbel": ("verdubbeling, 2 × score", "doubling, 2 × score"),
    "direct": (
        "Rechtstreeks gegeven cijfers van 1 tot 10, niet omgerekend.",
        "Marks of 1 to 10 as given, not converted.",
    ),
    "enps_werkonderzoek": (
        "Promotoren geven een 8 tot 10, neutralen een 6 of 7, criticasters een 1 tot 5 (klassen van het "
        "Werkonderzoek, niet de gebruikelijke). eNPS is promotoren min criticasters.",
        "Promoters answer 8 to 10, passives 6 or 7, detractors 1 to 5 (classes of the Werkonderzoek, not the "
        "usual ones). eNPS is promoters minus detractors.",
    ),
    "enps_standaard": (
        "Promotoren geven een 9 of 10, neutralen een 7 of 8, criticasters een 0 tot 6. eNPS is promotoren "
        "min criticasters.",
        "Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6. eNPS is promoters minus detractors.",
    ),
    "as_worded": (
        "Antwoorden zoals gegeven; omgekeerd gestelde vragen zijn niet omgepoold.",
        "Answers as given; reversed questions are not recoded.",
    ),
    "n_of": ("n: het grootste aantal in de kolom.", "n: the largest number in the column."),
    "overlap": (
        "Een respondent kan in meer dan één groep vallen; daarom is er geen totaal.",
        "A respondent may be in several groups, so there is no total.",
    ),
    "few": (
        "Zonder interval: te weinig eenheden in de steekproef voor een standaardfout.",
        "Without an interval: too few sampling units for a standard error.",
    ),
    "weighted": ("Gewogen met {name}.", "Weighted by {name}."),
    "unweighted": ("Ongewogen.", "Unweighted."),
    "made": (
        "Onder elk getal staat het {level}-interval, volgens het steekproefontwerp ({design}).",
        "Below every number its {level} interval, by the sampling design ({design}).",
    ),
    "made_printed": (
        "De {level}-intervallen, volgens het steekproefontwerp ({design}), staan in tables.html.",
        "The {level} intervals, by the sampling design ({design}), are in tables.html.",
    ),
    "design_simple": ("enkelvoudige steekproef", "simple sample"),
    "design_cluster": ("clusters: {name}", "clusters: {name}"),
    "design_strata": ("strata: {name}", "strata: {name}"),
    "design_fpc": ("eindige populatie: {name}", "finite population: {name}"),
    "claims": ("Uitspraken getoetst", "Claims tested"),
    "claim": ("Uitspraak", "Claim"),
    "evidence": ("Waarop het oordeel rust", "What the verdict rests on"),
    "rows": (
        "{file}: {read} rijen gelezen, {used} gebruikt.",
        "{file}: {read} rows read, {used} used.",
    ),
    "page_at": ("Tabellen", "Tables"),
}


def said(key: str, language: str, **values: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its ``{places}`` filled.

    >>> said("1 in k", "nl", k=7)
    '1 op 7'
    """
    return in_language(SAID[key], language, **values)
