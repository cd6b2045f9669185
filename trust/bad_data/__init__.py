"""Bad data: every case through the real command line, and what it answered."""

from trust.bad_data.part import PART

__all__ = ["PART"]
