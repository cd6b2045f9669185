"""Descriptive statistics of a survey: weighted, with intervals by its design (``describing`` is the verb)."""
