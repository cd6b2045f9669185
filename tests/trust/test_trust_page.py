"""docs/vertrouwen.md is what was made of the figures that are kept, and every part has its place in it."""

from __future__ import annotations

from trust.make import PAGE, page
from trust.part import FIGURES
from trust.parts import PARTS


def test_the_page_is_made_of_the_kept_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_kept_figure_has_a_part_that_says_it() -> None:
    kept = {path.stem for path in FIGURES.iterdir()}
    assert kept <= set(PARTS)
    assert all((FIGURES / f"{name}.{kind}").is_file() for name in kept for kind in ("csv", "json"))


def test_what_was_tried_stands_in_the_summary() -> None:
    text = page()
    for name, part in PARTS.items():
        assert f"## {part.title}\n" in text
        assert ((FIGURES / f"{name}.csv").is_file()) == (
            f"[{part.title}]" in text and _measured(text, part.title)
        )


def _measured(text: str, title: str) -> bool:
    line = next(line for line in text.splitlines() if line.startswith(f"| [{title}]"))
    return "not measured yet" not in line
