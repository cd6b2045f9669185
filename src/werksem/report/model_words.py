"""Words on blocks of predictors, bifactor models and models side by side, Dutch and English."""

from __future__ import annotations

__all__ = ["MODELS", "OVERLAP"]

MODELS: dict[str, tuple[str, str]] = {
    # blocks
    "blocks_caption": ("Blokken van voorspellers, samen getoetst", "Blocks of predictors, tested together"),
    "block": ("Blok", "Block"),
    "r2": ("R²", "R²"),
    "delta_r2": ("ΔR²", "ΔR²"),
    "wald": ("Wald (df)", "Wald (df)"),
    "p": ("p", "p"),
    "blocks_note": (
        "ΔR²: hoeveel R² daalt zonder het blok, met de andere voorspellers erin. Bij SEM volgt dat uit de "
        "covarianties van het model zelf. De Wald-toets vraagt of alle paden van het blok samen 0 zijn, met "
        "de standaardfouten van de schatting; bij OLS hoort p bij F = Wald / df.",
        "ΔR²: how much R² falls without the block, the other predictors kept. With SEM it follows from the "
        "model's own covariances. The Wald test asks whether all paths of the block are 0 together, with "
        "the standard errors of the estimate; with OLS p is that of F = Wald / df.",
    ),
    # bifactor
    "bifactor_factor": ("Factor", "Factor"),
    "bifactor_caption": ("Wat de algemene factor waard is", "What the general factor is worth"),
    "omega_h": ("ω_h", "ω_h"),
    "ecv": ("ECV", "ECV"),
    "puc": ("PUC", "PUC"),
    "bifactor_general": ("{factor} (algemeen)", "{factor} (general)"),
    "bifactor_note": (
        "ω: aandeel van de variantie van de somscore dat door factoren komt; ω_h: het deel van deze factor "
        "alleen; ECV: aandeel van de gemeenschappelijke variantie, bij een specifieke factor dat van de "
        "eigen items; PUC: aandeel van de paren items dat alleen via de algemene factor samenhangt "
        "(Rodriguez, Reise & Haviland, 2016). Een bifactormodel past al snel het best omdat het meer "
        "vrijheid heeft; kies het niet op passing alleen. ω en AVE van een factor in de tabel hierboven "
        "laten de algemene factor buiten beschouwing.",
        "ω: share of the variance of the sum of items that is due to factors; ω_h: the part of this factor "
        "alone; ECV: share of the common variance, for a specific factor that of its own items; PUC: share "
        "of the pairs of items that correlate through the general factor alone (Rodriguez, Reise & Haviland, "
        "2016). A bifactor model readily fits best because it has more freedom; do not choose it on fit "
        "alone. ω and AVE of a factor in the table above leave the general factor out of account.",
    ),
    # models side by side
    "models_title": ("Passing van de modellen", "Fit of the models"),
    "pairs_title": (
        "Modellen twee aan twee: het krappe tegenover het ruime",
        "Models two by two: narrow against wide",
    ),
    "model": ("Model", "Model"),
    "narrow": ("Krap", "Narrow"),
    "wide": ("Ruim", "Wide"),
    "nested": ("Genest", "Nested"),
    "nested_yes": ("ja", "yes"),
    "nested_no": ("nee", "no"),
    "nested_equivalent": ("gelijkwaardig", "equivalent"),
    "nested_untested": ("niet getoetst", "not tested"),
    "nested_other data": ("andere rijen", "other rows"),
    "nested_other variables": ("andere variabelen", "other variables"),
    "pairs_note": (
        "Genest: het ruime model geeft de door het krappe model geïmpliceerde covarianties precies weer "
        "(Bentler & Satorra, 2010). Alleen dan staat er Δχ². ΔCFI en ΔBIC zijn krap min ruim: een ΔBIC boven "
        "0 spreekt voor het ruime model.",
        "Nested: the wide model reproduces the covariances that the narrow one implies (Bentler & Satorra, "
        "2010). Only then is there a Δχ². ΔCFI and ΔBIC are narrow minus wide: a ΔBIC above 0 speaks for the "
        "wide model.",
    ),
    "bifactor_said": (
        "{model} is een bifactormodel: ω_h {omega_h}, ECV {ecv}. Kies het niet op passing alleen; het heeft "
        "meer vrijheid dan de andere en past daardoor al snel het best.",
        "{model} is a bifactor model: ω_h {omega_h}, ECV {ecv}. Do not choose it on fit alone; it has more "
        "freedom than the others and so readily fits best.",
    ),
}

# a pair of predictors that cannot be told apart: names, outcome, HTMT, and the joint test where there is one
OVERLAP: tuple[tuple[str, str, str], ...] = (
    (
        r"overlap: (?P<names>.+?) are hard to tell apart as predictors of (?P<name>.+?) "
        r"\(HTMT (?P<r>[\d.]+)\); together \((?P<block>.+?)\) they add (?P<share>\S+) to R2, "
        r"p (?P<p><?[\d.]+)",
        "{names} zijn als voorspellers van {name} moeilijk te onderscheiden (HTMT {r}, ten minste ,85). "
        "Lees ze samen: hun blok ({block}) voegt {share} toe aan R² (p {p}; blocks.csv). Schat daarnaast een "
        "model met één gemeenschappelijke factor.",
        "{names} are hard to tell apart as predictors of {name} (HTMT {r}, at least .85). Read them "
        "together: their block ({block}) adds {share} to R² (p {p}; blocks.csv). Fit a model with one "
        "common factor beside this one.",
    ),
    (
        r"overlap: (?P<names>.+?) are hard to tell apart as predictors of (?P<name>.+?) "
        r"\(HTMT (?P<r>[\d.]+)\)",
        "{names} zijn als voorspellers van {name} moeilijk te onderscheiden (HTMT {r}, ten minste ,85). "
        "Schat daarnaast een model met één gemeenschappelijke factor.",
        "{names} are hard to tell apart as predictors of {name} (HTMT {r}, at least .85). Fit a model with "
        "one common factor beside this one.",
    ),
)
