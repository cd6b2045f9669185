"""Resamples and their moments: what is drawn, how often, and the covariances that come of it."""
