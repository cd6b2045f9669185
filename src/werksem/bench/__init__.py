"""Bootstrap speed beside peers: one model, the same resamples, rounds in turn, ratios."""
