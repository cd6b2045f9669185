"""Descriptive statistics of a survey: weighted, with intervals that know its design."""
