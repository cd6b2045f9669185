"""The documentation site: ``./dev docs`` builds it into ``build/docs`` and runs every example."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS / "_ext"), str(DOCS.parent / "src")]

from werksem import __version__  # noqa: E402

project = "werksem"
author = "the werksem authors"
project_copyright = "the werksem authors"
release = version = __version__
language = "en"

extensions = ["myst_parser", "mathml", "examples", "numbers_pages", "reference", "accessible"]
myst_enable_extensions = [
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "smartquotes",
]
myst_heading_anchors = 3
# quotes and ellipses, no dashes: --set and a range of negative numbers stay as they are written
smartquotes_action = "qe"
html_math_renderer = "mathml"
exclude_patterns = ["_ext", "make_*.py", "numbers/*.yaml"]
# a pattern of the index that matches no page yet is no fault; Sphinx gives that warning no type to suppress
logging.getLogger("sphinx.sphinx.directives.other").addFilter(
    lambda said: "glob pattern" not in str(said.msg)
)
keep_warnings = True

html_theme = "furo"
html_title = "werksem"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#154273", "color-brand-content": "#0b5fa5"},
    "dark_css_variables": {"color-brand-primary": "#9cc4ee", "color-brand-content": "#8ab8e6"},
}
