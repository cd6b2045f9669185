"""Directives that run what a page shows: commands, Python, study files, results as tables and figures.

Where an example needs data that are not ours to ship and that are not here, the page shows the
command and says why its output was left out. Every other failure fails the build.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from look_up import rows_where, shown, value
from markdown_text import code, escaped, fenced, table
from numbers_explained import unexplained
from scratch import data_of_others, make_scratch, run
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

__all__ = ["setup"]

LOG = logging.getLogger(__name__)
ABSENT = "werksem_absent"
NAMESPACE = "werksem_namespace"
# pixels: a wider figure is scrolled, as its text could not be read any more
WIDE = 800
LEFT_OUT = "(left out: the data are not here)"


def scratch_of(env: Any) -> Path:
    """Return the scratch copy of a build, which lies beside its pages."""
    return make_scratch(Path(env.app.outdir).parent)


class Example(SphinxDirective):
    """What all examples share: the scratch copy, and whether their data are here."""

    has_content = True

    def scratch(self) -> Path:
        """Return the scratch copy of this build."""
        return scratch_of(self.env)

    def absent(self) -> bool:
        """Return whether this example's data, or those of one before it on this page, are absent."""
        needed = self.options.get("needs")
        if needed and not data_of_others(needed).is_file():
            self.env.temp_data[ABSENT] = needed
        return bool(self.env.temp_data.get(ABSENT))

    def warn(self, text: str) -> None:
        """Report a failure; with -W it ends the build with an error."""
        LOG.warning("%s", text, location=self.get_location(), type="werksem", subtype="example")

    def markdown(self, text: str) -> list[nodes.Node]:
        """Return Markdown as nodes."""
        return self.parse_text_to_nodes(text)


class Needs(Example):
    """``{needs} FILE``: what follows needs a data file that is not shipped; says so where it is absent."""

    has_content = False
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a note where the file is absent."""
        self.options["needs"] = self.arguments[0]
        if not self.absent():
            return []
        name = Path(self.arguments[0]).name
        return self.markdown(
            f":::{{note}}\nThe data of this page ({code(name)}) are not ours to ship and were not here when "
            "the page was built. Commands are shown; their output and numbers in the text are left out.\n:::"
        )


class Run(Example):
    """``{run}``: the lines of its content are commands; shows each with what it printed."""

    option_spec: ClassVar[dict[str, Any]] = {
        "code": directives.nonnegative_int, "needs": directives.unchanged, "first": directives.positive_int,
        "hide": directives.flag, "silent": directives.flag,
    }  # fmt: skip

    def run(self) -> list[nodes.Node]:
        """Return a block per command."""
        blocks = [self._block(line) for line in self.content if line.strip()]
        return [] if "hide" in self.options else self.markdown("\n".join(blocks))

    def _block(self, command: str) -> str:
        if self.absent():
            return fenced(f"$ {command}\n{LEFT_OUT}", "console")
        scratch = self.scratch()
        done = run(scratch, command)
        if done.code != self.options.get("code", 0):
            self.warn(f"{command}: exit code {done.code}\n{done.printed}")
        for problem in unexplained(scratch / "results"):
            self.warn(problem)
        printed = "" if "silent" in self.options else self._cut(done.printed)
        return fenced(f"$ {command}\n{printed}".rstrip(), "console")

    def _cut(self, printed: str) -> str:
        lines, first = printed.splitlines(), self.options.get("first")
        if not first or len(lines) <= first:
            return printed
        return "\n".join([*lines[:first], f"… ({len(lines) - first} more lines)"])


class Written(Example):
    """``{written} PATH``: shows a file and writes it into the scratch copy, for commands to read."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the file as a captioned block."""
        path, text = self.scratch() / self.arguments[0], "\n".join(self.content) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        language = {".yaml": "yaml", ".lavaan": "r", ".csv": "text"}.get(path.suffix, "text")
        return self.markdown(f"````{{code-block}} {language}\n:caption: {self.arguments[0]}\n\n{text}````")


class Python(Example):
    """``{python}``: runs its content; snippets of a page share their names. Shows what it printed.

    ``:hide:`` shows nothing: with assertions it holds the sentences of a page to the numbers.
    """

    option_spec: ClassVar[dict[str, Any]] = {"needs": directives.unchanged, "hide": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the code and its output."""
        text = "\n".join(self.content)
        blocks = [fenced(text, "python")]
        if self.absent():
            return [] if "hide" in self.options else self.markdown(blocks[0] + fenced(LEFT_OUT))
        names: dict[str, Any] = self.env.temp_data.setdefault(NAMESPACE, {})
        printed, here = io.StringIO(), Path.cwd()
        os.chdir(self.scratch())
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(text, "example", "exec"), names)
        # an example may raise whatever it likes: that is a fault of the page, said with its place
        except Exception as error:
            self.warn(f"example in Python: {type(error).__name__}: {error}")
        finally:
            os.chdir(here)
        if "hide" in self.options:
            return []
        if printed.getvalue().strip():
            blocks.append(fenced(printed.getvalue().rstrip()))
        return self.markdown("\n".join(blocks))


class Rows(Example):
    """``{rows} FILE.csv``: some columns and rows of a result, as a table."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "columns": directives.unchanged_required, "where": directives.unchanged,
        "digits": directives.nonnegative_int, "first": directives.positive_int,
    }  # fmt: skip

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        columns = [name.strip() for name in self.options["columns"].split(",")]
        if self.absent():
            return self.markdown(f"*{LEFT_OUT}*")
        path = self.scratch() / self.arguments[0]
        if not path.is_file():
            self.warn(f"{self.arguments[0]} is not there")
            return []
        conditions = dict(pair.split("=", 1) for pair in self.options.get("where", "").split(";") if pair)
        rows = rows_where(path, {key.strip(): said.strip() for key, said in conditions.items()})
        if not rows:
            self.warn(f"{self.arguments[0]}: no rows where {self.options.get('where')}")
        cells = [[self._cell(row[name]) for name in columns] for row in rows[: self.options.get("first")]]
        return self.markdown(table([code(name) for name in columns], cells))

    def _cell(self, text: str) -> str:
        try:
            float(text)
        except ValueError:
            return escaped(text)
        if re.fullmatch(r"-?\d+", text):
            return text
        return shown(text, [f".{self.options.get('digits', 3)}f"])


class Picture(Example):
    """``{picture} FOLDER NAME``: a figure that a run wrote (``FOLDER/figures/NAME.svg``)."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the figure within the page, so that its text can be read and searched."""
        if self.absent():
            return self.markdown(f"*{LEFT_OUT}*")
        path = self.scratch() / self.arguments[0] / "figures" / f"{self.arguments[1]}.svg"
        if not path.is_file():
            there = ", ".join(sorted(found.stem for found in path.parent.glob("*.svg")))
            self.warn(f"{self.arguments[0]} has no figure {self.arguments[1]}; it has {there}")
            return []
        drawn = re.sub(r"^.*?(?=<svg\b)", "", path.read_text(encoding="utf-8"), count=1, flags=re.S)
        # ids of two figures, or of one figure shown twice, must not meet on a page
        mark = f"p{self.env.new_serialno('picture')}-"
        for name in sorted(set(re.findall(r'\bid="([^"]+)"', drawn)), key=len, reverse=True):
            place = rf'(\bid="|url\(#|href="#|labelledby="){re.escape(name)}(?=["\)])'
            drawn = re.sub(place, rf"\g<1>{mark}{name}", drawn)
        width = re.match(r'<svg[^>]*\bwidth="(\d+)', drawn)
        kind = "result wide" if width and int(width.group(1)) > WIDE else "result"
        return [nodes.raw("", f'<div class="{kind}" tabindex="0">{drawn}</div>', format="html")]


class Value(SphinxRole):
    """``{value}``: a number of a result, as the run of this build made it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the value as text."""
        if self.env.temp_data.get(ABSENT):
            return [nodes.inline(text="(left out)", classes=["absent"])], []
        try:
            said = value(scratch_of(self.env), self.text)
        except (LookupError, ValueError) as problem:
            LOG.warning("%s", problem, location=self.get_location(), type="werksem", subtype="value")
            said = "?"
        return [nodes.inline(text=said, classes=["value"])], []


def setup(app: Any) -> dict[str, bool]:
    """Register the directives and the role."""
    named = {
        "needs": Needs,
        "run": Run,
        "written": Written,
        "python": Python,
        "rows": Rows,
        "picture": Picture,
    }
    for name, directive in named.items():
        app.add_directive(name, directive)
    app.add_role("value", Value())
    return {"parallel_read_safe": False, "parallel_write_safe": True}
