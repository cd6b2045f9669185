"""werksem: SEM, bootstrap and hierarchical posteriors of large employee surveys, side by side.

From Python, in three lines::

    import werksem
    result = werksem.fit("configs/binding.yaml")
    result.estimates
"""

import sys
from types import ModuleType

from werksem.api.results import Compared, Results
from werksem.api.verbs import check, compare, describe, fit, read
from werksem.errors import DataError, EstimationError, SpecError, WerksemError

__version__ = "0.1.0"

__all__ = [
    "Compared", "DataError", "EstimationError", "Results", "SpecError", "WerksemError", "check", "compare",
    "describe", "fit", "read",
]  # fmt: skip


class _Package(ModuleType):
    """A package whose verbs stay functions when the rooms of the same name (check, describe) are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
