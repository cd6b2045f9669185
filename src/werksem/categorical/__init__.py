"""Thresholds, polychoric and polyserial correlations and their sampling covariances."""
