"""Speed: what `werksem bench` does not measure, and the suite of `python -m pytest benchmarks`."""
