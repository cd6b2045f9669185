"""What is said of a path diagram, Dutch and English."""

from __future__ import annotations

from werksem.bilingual import in_language

__all__ = ["said"]

WORDS: dict[str, tuple[str, str]] = {
    "numbers_sem": (
        "Getallen zijn gestandaardiseerde schattingen van het structurele-vergelijkingsmodel (SEM), {group}.",
        "Numbers are standardised estimates of the structural equation model (SEM), {group}.",
    ),
    "numbers_ols": (
        "Getallen zijn gestandaardiseerde regressiecoëfficiënten op schaalscores (OLS), {group}.",
        "Numbers are standardised regression coefficients on scale scores (OLS), {group}.",
    ),
    "numbers_bayes": (
        "Getallen zijn gestandaardiseerde gemiddelden van de posterior, {group}.",
        "Numbers are standardised posterior means, {group}.",
    ),
    "stars": (
        "Sterren: * p ≤ {p05}, ** p ≤ {p01}, *** p ≤ {p001}.",
        "Stars: * p ≤ {p05}, ** p ≤ {p01}, *** p ≤ {p001}.",
    ),
    "lines": (
        "Blauw: positief; oranje en gestreept: negatief; dun grijs: {unclear}. Hoe dikker en donkerder, hoe "
        "sterker.",
        "Blue: positive; orange and dashed: negative; thin grey: {unclear}. Thicker and darker is stronger.",
    ),
    "unclear_p": ("niet significant (p > {p05})", "not significant (p > {p05})"),
    "unclear_interval": ("interval bevat 0", "interval includes 0"),
    "shapes": (
        "Afgerond: latent construct; rechthoek: waargenomen.",
        "Rounded: latent construct; rectangle: observed.",
    ),
    "r2": ("R²: verklaarde variantie.", "R²: explained variance."),
    "arcs": (
        "Boogjes: correlaties, bij uitkomsten van wat er niet verklaard is.",
        "Bows: correlations, of outcomes those of what is left unexplained.",
    ),
    "arcs_cfa": ("Boogjes: correlaties.", "Bows: correlations."),
    "arcs_items": (
        "Boogjes: correlaties, tussen items die van hun residuen.",
        "Bows: correlations, between items those of their residuals.",
    ),
    "floor": (
        "Van de {count} paden staan er {shown} in het diagram: die met |β| ≥ {floor}. De tabel heeft "
        "ze alle.",
        "Of the {count} paths, the diagram has {shown}: those with |β| ≥ {floor}. The table has them all.",
    ),
    "dropped": (
        "Zonder zo'n pad, en niet getekend: {names}.",
        "Without such a path, and not drawn: {names}.",
    ),
    "arcs_many": (
        "Niet getekend: {count} correlaties tussen {names}, van {low} tot {high}.",
        "Not drawn: {count} correlations between {names}, from {low} to {high}.",
    ),
    "arcs_apart": ("Niet getekend: de correlatie {pairs}.", "Not drawn: the correlation {pairs}."),
    "predictors": ("de voorspellers", "the predictors"),
    "constructs": ("de constructen", "the constructs"),
    "unexplained": (
        "wat er van {names} niet verklaard is",
        "what is left unexplained of {names}",
    ),
    "unexplained_many": ("wat er van uitkomsten niet verklaard is", "what is left unexplained of outcomes"),
    "first_group": (
        "Het model is per groep geschat; het diagram is van {group}.",
        "The model was estimated per group; the diagram is that of {group}.",
    ),
    "alt": ("Padendiagram, {group}. {paths}.", "Path diagram, {group}. {paths}."),
    "title": ("Padendiagram", "Path diagram"),
    "title_cfa": ("Meetmodel: ladingen", "Measurement model: loadings"),
}


def said(key: str, language: str, **places: object) -> str:
    """Return a word or sentence in ``nl`` or ``en``, its places filled.

    >>> said("title", "nl"), said("dropped", "en", names="a, b")
    ('Padendiagram', 'Without such a path, and not drawn: a, b.')
    """
    return in_language(WORDS[key], language, **places)
