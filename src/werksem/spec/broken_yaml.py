"""What is wrong with YAML that cannot be read, in words, and where it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError

__all__ = ["explained"]

GLUED = re.compile(r"(?P<before>\s*(- )?)(?P<key>[\w.-]+):(?P<value>[^\s:/\\].*)")


def explained(problem: MarkedYAMLError, lines: Sequence[str]) -> tuple[str, tuple[int, int] | None]:
    """Return what is wrong, and the line and column (from 1) where that is not where the parser stopped."""
    mark, opened = problem.problem_mark, problem.context_mark
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "a tab; indent with spaces", None
    if opened is not None and "flow" in str(problem.context):
        sign = "]" if "sequence" in str(problem.context) else "}"
        stopped = f"; reading stopped in line {mark.line + 1}" if mark is not None else ""
        opening = {"]": "[", "}": "{"}[sign]
        said = f'"{opening}" is opened here, and no "{sign}" or comma stands where one is expected{stopped}'
        return said, (opened.line + 1, opened.column + 1)
    if opened is not None and "quoted scalar" in str(problem.context):
        return "a quote is opened here and never closed", (opened.line + 1, opened.column + 1)
    last = mark.line if mark is not None else len(lines) - 1
    for number in range(min(last, len(lines) - 1), max(last - 3, -1), -1):
        glued = GLUED.fullmatch(lines[number])
        if glued:
            said = f"a space is missing after the colon: {glued['key']}: {glued['value'].strip()}"
            return said, (number + 1, glued.start("value") + 1)
    return str(problem.problem or problem.context or "unreadable"), None
