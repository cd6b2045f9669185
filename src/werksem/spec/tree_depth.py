"""How deep a parsed expression is nested, counted without recursion."""

from __future__ import annotations

import ast

__all__ = ["deeper_than"]


def deeper_than(tree: ast.AST, levels: int) -> bool:
    """Return whether a tree has more levels of nodes than this; a tree of any depth can be asked.

    >>> [deeper_than(ast.parse("a + b * c", mode="eval").body, levels) for levels in (3, 4)]
    [True, False]
    """
    level: list[ast.AST] = [tree]
    for _ in range(levels):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
