"""A page of HTML from one of the templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werksem.report.numbers import day
from werksem.report.reading import reading
from werksem.report.words import word

__all__ = ["made", "page"]


def made(manifest: Mapping[str, Any], language: str) -> str:
    """Return what made a page and when: the version and the day of its results.

    >>> made({"werksem": "0.1.0", "created": "2026-11-21T10:00:00"}, "en")
    'Made with werksem 0.1.0 on 2026-11-21'
    """
    created = day(str(manifest.get("created", "")), language)
    return f"{word('made_with', language)} {manifest.get('werksem', '')} {word('on', language)} {created}"


def page(template: str, content: Mapping[str, Any]) -> str:
    """Return a template filled with content; text is escaped, and a name that has no content is an error.

    In a template ``w(key)`` is a word of the report in the content's ``language``, and ``notes | reading``
    parts notes into those that are shown and those behind "how to read".
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def translate(key: str, **values: object) -> str:
        return word(key, content["language"], **values)

    environment = Environment(
        loader=PackageLoader("werksem.report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.globals["w"] = translate
    environment.filters["reading"] = reading
    return environment.get_template(template).render(content)
