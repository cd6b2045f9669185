"""The output check: what an output checker of a statistical office wants to see of every table and model."""
