"""Bad studies and models: what a study may not say, and what is said of it."""

from trust.bad_studies.part import PART

__all__ = ["PART"]
