"""The model that stands in quotes in an R script, as users of lavaan write it."""

from __future__ import annotations

import re

from werksem.errors import SpecError

__all__ = ["model_text"]

# comments first, so that an apostrophe in one opens no text
PARTS = re.compile(r"#[^\n]*|'[^']*'|\"[^\"]*\"")


def model_text(text: str, where: str) -> str:
    """Return lavaan syntax of an R script: what its quotes hold, on its own lines; other text as it is.

    Raises ``SpecError`` where several texts in quotes may be the model.

    >>> model_text("library(lavaan)\\nmodel <- 'f =~ a + b'  # don't\\ncfa(model)", "a.R")
    '\\nf =~ a + b'
    >>> model_text("f =~ a + b  # it's all", "a.R")
    "f =~ a + b  # it's all"
    """
    found = [part for part in PARTS.finditer(text) if part[0][0] in "'\"" and "~" in part[0]]
    if not found or "~" in PARTS.sub("", text):
        return text
    if len(found) > 1:
        lines = ", ".join(str(text.count("\n", 0, part.start()) + 1) for part in found)
        raise SpecError(
            f"the script has {len(found)} models in quotes (lines {lines}); leave one", where=where
        )
    return "\n" * text.count("\n", 0, found[0].start()) + found[0][0][1:-1]
