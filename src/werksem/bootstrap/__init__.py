"""The bootstrap: an estimate of every resample, by a full ML refit or by one step."""
