"""What an audit says, in Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["said"]

WORDS: dict[str, tuple[str, str]] = {
    "head": (
        "Audit van {names}; cellen: {cells}, uitkomsten: {outcomes}",
        "Audit of {names}; cells: {cells}, outcomes: {outcomes}",
    ),
    "impossible": (
        "Onverenigbaar onder gewone OLS; mogelijke verklaringen: drukfout, weging, andere n",
        "Incompatible under ordinary OLS; possible explanations: misprint, weighting, another n",
    ),
    "none_impossible": ("Geen cel is op zichzelf onmogelijk.", "No cell is impossible by itself."),
    "vif": (
        "|t| ≥ {t} zou een VIF van ten hoogste {vif} vragen; een VIF is ten minste 1. "
        "Bij deze toets hoort |β| ≥ {least}.",
        "|t| ≥ {t} would need a VIF of at most {vif}; a VIF is at least 1. "
        "This test goes with |β| ≥ {least}.",
    ),
    "test": (
        "sterren, p, t en standaardfout spreken elkaar tegen.",
        "stars, p, t and standard error contradict one another.",
    ),
    "share": (
        "|t| ≥ {t} zou op zichzelf meer verklaren dan de hele R² van ten hoogste {r2}.",
        "|t| ≥ {t} would by itself explain more than the whole R² of at most {r2}.",
    ),
    "range": (
        "de VIF zou ten minste {low} en ten hoogste {vif} moeten zijn.",
        "its VIF would have to be at least {low} and at most {vif}.",
    ),
    "conflict": (
        "Met dezelfde respondenten niet allebei waar: {high} (VIF ≥ {low_end}) en {low} (VIF ≤ {high_end}).",
        "With the same respondents not both true: {high} (VIF ≥ {low_end}) and {low} (VIF ≤ {high_end}).",
    ),
    "above": (
        "{outcome}: R² ≥ {r2} kan niet samengaan met deze β en VIF-grenzen; R² is dan ten hoogste {limit}.",
        "{outcome}: R² ≥ {r2} does not go with these β and bounds of VIFs; R² is then at most {limit}.",
    ),
    "below": (
        "{outcome}: R² ≤ {r2} kan niet samengaan met deze β en VIF-grenzen; R² is dan ten minste {limit}.",
        "{outcome}: R² ≤ {r2} does not go with these β and bounds of VIFs; R² is then at least {limit}.",
    ),
    "bands": (
        "VIF per voorspeller: grenzen uit alle mogelijke cellen, en in de matrix",
        "VIF per predictor: bounds from all possible cells, and in the matrix",
    ),
    "matrix": (
        "Een correlatiematrix waaronder de overige {held} van {cells} cellen kloppen (een van vele, "
        "geen schatting){moved}; kleinste eigenwaarde {smallest}",
        "A correlation matrix under which the other {held} of {cells} cells hold (one of many, "
        "no estimate){moved}; smallest eigenvalue {smallest}",
    ),
    "matrix_all": (
        "Een correlatiematrix waaronder alle {cells} cellen kloppen (een van vele, geen schatting){moved}; "
        "kleinste eigenwaarde {smallest}",
        "A correlation matrix under which all {cells} cells hold (one of many, no estimate){moved}; "
        "smallest eigenvalue {smallest}",
    ),
    "moved": (", met β binnen hun afronding", ", with β within their rounding"),
    "not_found": (
        "Geen correlatiematrix gevonden waaronder de overige cellen kloppen; dat is geen bewijs. "
        "De beste mist: {missed}.",
        "No correlation matrix was found under which the other cells hold; that is no proof. "
        "The best one misses: {missed}.",
    ),
    "left_out": (
        "Buiten de matrix, een β ontbreekt of is niet gestandaardiseerd: {outcomes}.",
        "Outside the matrix, a β is missing or not standardised: {outcomes}.",
    ),
    "r2": (
        "{outcome}: {kind} gedrukt {printed}, onder de matrix {found}{why}",
        "{outcome}: {kind} printed {printed}, under the matrix {found}{why}",
    ),
    "r2_why": (
        " (niet opgelegd: met een onmogelijke cel kunnen niet alle β van deze uitkomst kloppen; een andere "
        "toegelaten matrix kan een andere R² geven, dus dit verschil is geen bewijs)",
        " (not imposed: with an impossible cell not all β of this outcome can be right; another admissible "
        "matrix may give another R², so this difference is no proof)",
    ),
    "sum_ok": (
        "{name}: {found}, verschil {off} met {total}; afronding verklaart tot {bound}: klopt",
        "{name}: {found}, {off} from {total}; rounding explains up to {bound}: consistent",
    ),
    "sum_off": (
        "{name}: {found}, verschil {off} met {total}; afronding verklaart tot {bound}: telt niet op",
        "{name}: {found}, {off} from {total}; rounding explains up to {bound}: does not add up",
    ),
    "assumed": (
        "Aangenomen: OLS met klassieke standaardfouten en tweezijdige toetsen, de gedrukte n, afronding tot "
        "de gedrukte decimalen, alle voorspellers genoemd; voor uitkomsten samen: dezelfde respondenten. "
        "Bewezen is alleen een overschreden grens.",
        "Assumed: OLS with classical standard errors and two-sided tests, the printed n, rounding to the "
        "printed decimals, all predictors listed; for outcomes together: the same respondents. Only a bound "
        "that is violated is a proof.",
    ),
}  # fmt: skip


def said(key: str, language: str, **places: object) -> str:
    """Return a sentence with its places filled in.

    >>> said("moved", "en")
    ', with β within their rounding'
    """
    return in_language(WORDS[key], language, **places)
