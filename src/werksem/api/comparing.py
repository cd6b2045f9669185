"""Several results side by side, for Python."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from werksem.api.results import Compared
from werksem.api.threads import one_blas_thread

__all__ = ["compared"]


def compared(folders: Sequence[Path], *, change: bool = False) -> Compared:
    """Return what ``werksem compare`` prints, as tables; a folder given twice counts once."""
    folders = list({folder.resolve(): folder for folder in folders}.values())
    with one_blas_thread():
        from rich.console import Console

        from werksem.change.table import change_table, in_order, why_not
        from werksem.compare.models import model_pairs
        from werksem.compare.nested import model_table
        from werksem.errors import SpecError
        from werksem.report.change import REFUSED
        from werksem.report.console import print_comparison

        why = why_not(folders) if change else ""
        if why:
            raise SpecError(f"change: {REFUSED[why]}")
        screen = Console(file=StringIO(), width=100)
        paths = print_comparison(folders, screen)
        changes = change_table(in_order(folders)) if change else None
        text = screen.file.getvalue() if isinstance(screen.file, StringIO) else ""
        return Compared(paths, model_table(folders), model_pairs(folders), changes, text)
