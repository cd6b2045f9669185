"""What the report says of importance and of control variables, Dutch and English."""

from __future__ import annotations

__all__ = ["IMPORTANCE"]

IMPORTANCE: dict[str, tuple[str, str]] = {
    "importance": ("Wat is bepalend?", "What carries the outcome?"),
    "importance_what": (
        "Bepalend betekent hier: welk deel van de verklaarde variantie (R²) bij een voorspeller hoort. "
        "Het deel (LMG) is wat een voorspeller aan R² toevoegt, gemiddeld over alle volgordes van "
        "toevoegen; de delen tellen op tot R². Een β zegt iets anders: het verschil in de uitkomst bij "
        "gelijke andere voorspellers. Geen van beide zegt dat de voorspeller de oorzaak is, of dat beter "
        "scoren helpt.",
        "Importance here is the part of explained variance (R²) that belongs to a predictor. The part "
        "(LMG) is what a predictor adds to R², averaged over all orders of adding; the parts sum to R². A"
        " β says something else: the difference in the outcome with other predictors equal. Neither says "
        "that the predictor is the cause, or that scoring better would help.",
    ),
    "importance_first": (
        "{outcome}: {first} heeft het grootste aandeel, {share} van de R² van {r2}; in {certain} van de "
        "{count} herhalingen staat het op 1.",
        "{outcome}: {first} has the largest share, {share} of the R² of {r2}; it comes first in {certain}"
        " of {count} resamples.",
    ),
    "importance_caption": ("Aandeel in de verklaarde variantie", "Share of explained variance"),
    "importance_r": ("r", "r"),
    "importance_share": ("Aandeel, {engine}", "Share, {engine}"),
    "importance_rank": ("Rang, {engine}", "Rank, {engine}"),
    "importance_together": ("samen: {names}", "together: {names}"),
    "importance_note": (
        "Aandeel en rang met hun {level}-interval (bootstrap, zoals de steekproef is getrokken). Rangen "
        "waarvan de intervallen overlappen zijn niet te onderscheiden. Lindeman, Merenda & Gold (1980); "
        "Grömping (2006).",
        "Share and rank with their {level} interval (bootstrap, as the sample was drawn). Ranks whose "
        "intervals overlap cannot be told apart. Lindeman, Merenda & Gold (1980); Grömping (2006).",
    ),
    "importance_marks": ("Belang en rapportcijfer", "Importance and mark"),
    "importance_marks_what": (
        "Elke genummerde stip is een voorspeller: hoe verder naar rechts, hoe beter het oordeel "
        "(schaalgemiddelde als rapportcijfer, 1 tot 10), hoe hoger, hoe groter het aandeel in R² (met "
        "interval). De lijnen staan bij het gemiddelde; het gekleurde vlak linksboven is wat meer dan "
        "gemiddeld telt en minder dan gemiddeld scoort. Voorspellers zonder rapportcijfer staan er niet "
        "in.",
        "Each numbered dot is a predictor: further right the judgement is better (scale mean as a mark, 1"
        " to 10), higher up its share of R² is larger (with interval). The lines are the averages; the "
        "tinted area at the upper left counts more than average and scores less than average. Predictors "
        "without a mark are left out.",
    ),
    "importance_part": ("Aandeel in R²", "Share of R²"),
    "importance_mark": ("Rapportcijfer", "Mark"),
    "importance_alt": (
        "{title}: aandeel in R² en rapportcijfer per voorspeller: {rows}",
        "{title}: share of R² and mark per predictor: {rows}",
    ),
    "importance_one": ("{name} aandeel {share}, cijfer {mark}", "{name} share {share}, mark {mark}"),
    "importance_sector_caption": (
        "Aandeel in R², en daaronder het rapportcijfer, per groep",
        "Share of R², and below it the mark, by group",
    ),
    "block_controls": ("controlevariabelen", "control variables"),
    "controls": ("Met en zonder controlevariabelen", "With and without control variables"),
    "controls_what": (
        "Controlevariabelen: {names}. Beide regressies zijn van dezelfde respondenten.",
        "Control variables: {names}. Both regressions are of the same respondents.",
    ),
    "controls_caption": ("β zonder en met controlevariabelen", "β without and with control variables"),
    "controls_without": ("β zonder", "β without"),
    "controls_with": ("β met", "β with"),
    "controls_blocks_caption": ("Wat elk blok aan R² toevoegt", "What each block adds to R²"),
    "controls_block": ("Blok", "Block"),
    "controls_controls": ("Controlevariabelen, na de andere", "Control variables, after the others"),
    "controls_facets": ("Andere voorspellers, na de controles", "Other predictors, after the controls"),
    "controls_gain": ("ΔR²", "ΔR²"),
    "controls_f": ("F (vrijheidsgraden)", "F (degrees of freedom)"),
    "controls_p": ("p", "p"),
    "controls_note": (
        "Intervallen zijn gepaard ({level}, bootstrap): beide regressies opnieuw in elke herhaling. F "
        "toetst het hele blok; bij clusters of ongelijke spreiding een Wald-toets met robuuste "
        "standaardfouten.",
        "Intervals are paired ({level}, bootstrap): both regressions anew in every resample. F tests the "
        "whole block; with clusters or unequal spread a Wald test with robust standard errors.",
    ),
}
