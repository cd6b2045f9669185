"""Plain data to YAML that people like to read: blocks, short lists in one line, text as ``|``."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from werksem.spec.yaml import scalar

__all__ = ["dump_mapping"]


def dump_mapping(content: Mapping[str, Any]) -> str:
    """Return plain data as block-style YAML 1.2, several lines of text as ``|``, short lists in one line.

    >>> print(dump_mapping({"study": "a", "ols": {"se": "HC3"}, "x": ["yes", "1"]}), end="")
    study: a
    ols: {se: HC3}
    x: [yes, "1"]
    """
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 10_000  # never breaks a text in two
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    writer.dump(_styled(dict(content), 0), stream)
    return stream.getvalue()


def _styled(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        if "\n" in value:
            return LiteralScalarString(value)
        return value if scalar(value) == value else DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        mapping = CommentedMap({key: _styled(inside, depth + 1) for key, inside in value.items()})
        if (
            depth
            and value
            and not any(
                isinstance(inside, Mapping | list) or "\n" in str(inside) for inside in value.values()
            )
        ):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        sequence = CommentedSeq([_styled(inside, depth + 1) for inside in value])
        if not any(isinstance(inside, Mapping) for inside in value):
            sequence.fa.set_flow_style()
        return sequence
    return value
