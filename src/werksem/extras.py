"""Libraries of extras (``pip install 'werksem[dask]'``), and one sentence where one is missing."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from types import ModuleType

from werksem.errors import SpecError
from werksem.spec.study import Study

__all__ = ["installed", "require", "require_extras"]

# modules whose library goes by another name
LIBRARIES = {"distributed": "Dask", "docx": "python-docx"}

# what asks for a library: (does this study, with these engines?, module, extra, what needs it)
NEEDS: tuple[tuple[Callable[[Study, Sequence[str]], bool], str, str, str], ...] = (
    (lambda study, wanted: _on_dask(study, wanted), "distributed", "dask", "bootstrap.engine dask"),
    (lambda study, wanted: "docx" in study.report.formats, "docx", "report", "report.formats docx"),
)


def require(module: str, extra: str, need: str) -> ModuleType:
    """Return a module that comes with an extra.

    ``need`` is what asks for it. Raises ``SpecError`` where it is not installed or does not load.

    >>> require("json", "report", "report.formats json").__name__
    'json'
    >>> require("no_such_module", "report", "docx")
    Traceback (most recent call last):
    werksem.errors.SpecError: docx: no_such_module is not installed; right is pip install 'werksem[report]'
    """
    if not installed(module):
        raise _missing(module, extra, need)
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise SpecError(
            f"{need}: {_library(module)} does not load ({problem}); right is "
            f"pip install --upgrade 'werksem[{extra}]'"
        ) from None


def installed(module: str) -> bool:
    """Return whether a module is there, without importing it.

    >>> installed("json"), installed("no_such_module")
    (True, False)
    """
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def require_extras(study: Study, wanted: Sequence[str]) -> None:
    """Raise ``SpecError`` where a study, run with engines ``wanted``, asks for a library that is not there.

    Nothing is imported: this is quick, and comes before anything is estimated.
    """
    for asks, module, extra, need in NEEDS:
        if asks(study, wanted) and not installed(module):
            raise _missing(module, extra, need)


def _on_dask(study: Study, wanted: Sequence[str]) -> bool:
    return "bootstrap" in wanted and study.bootstrap is not None and study.bootstrap.engine == "dask"


def _missing(module: str, extra: str, need: str) -> SpecError:
    return SpecError(f"{need}: {_library(module)} is not installed; right is pip install 'werksem[{extra}]'")


def _library(module: str) -> str:
    return LIBRARIES.get(module, module)
