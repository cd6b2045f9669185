"""werksem: SEM, bootstrap and hierarchical posteriors of large employee surveys, side by side."""

__version__ = "0.1.0"
