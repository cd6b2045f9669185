"""Words of the page itself: its parts, its menus, what can be folded out. Dutch and English."""

from __future__ import annotations

__all__ = ["PAGE"]

PAGE: dict[str, tuple[str, str]] = {
    "part_answer": ("Antwoord", "Answer"),
    "part_evidence": ("Onderbouwing", "Evidence"),
    "part_measurement": ("Gegevens en meting", "Data and measurement"),
    "part_technical": ("Technische bijlage", "Technical appendix"),
    "part_provenance": ("Herkomst", "Provenance"),
    "to_top": ("naar boven", "back to top"),
    "how_to_read": ("Hoe te lezen", "How to read this"),
    "verdicts": ("Waarop elk oordeel over een uitspraak rust", "What each verdict on a claim rests on"),
    "methods": ("Methoden en instellingen", "Methods and settings"),
    "loadings": ("Ladingen per item", "Loadings per item"),
    "comparison_intro": (
        "Elke β is het verschil in de uitkomst, in standaarddeviaties, dat samengaat met één "
        "standaarddeviatie meer op de voorspeller, bij gelijke scores op de andere voorspellers. Naast "
        "elke tabel staan dezelfde schattingen met hun interval.",
        "Every β is the difference in the outcome, in standard deviations, that goes with one standard "
        "deviation more on the predictor, the other predictors being equal. Beside every table the same "
        "estimates are drawn with their intervals.",
    ),
}
