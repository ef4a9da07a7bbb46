"""The documentation site: `sphinx-build -W docs build/docs` builds it, without the network, from the pages here and from the code.

Below `docs/reference/` stands what the code says of itself: `reference.py` writes it before each build, and git ignores it. No page asks
another host for anything: no fonts, no scripts, no counters.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import reference
from pygments.lexer import RegexLexer
from pygments.token import Generic, Text
from sphinx.application import Sphinx

import lockstep

reference.write(Path(__file__).parent / "reference")

project = "lockstep"
author = "The lockstep maintainers"
copyright = author  # noqa: A001 - Sphinx's name
version = release = lockstep.__version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["Thumbs.db"]
nitpicky = True
smartquotes = False
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
myst_links_external_new_tab = False
highlight_language = "none"
pygments_style = "default"
pygments_dark_style = "github-dark"

html_theme = "furo"
html_title = f"lockstep {lockstep.__version__}"
html_static_path = ["static"]
html_css_files = ["lockstep.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f", "color-brand-visited": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#7bd8b4", "color-brand-content": "#7bd8b4", "color-brand-visited": "#7bd8b4"},
}


class Console(RegexLexer):
    """A terminal: a line that begins with a dollar is a command, any other is what was printed, whatever it looks like."""

    name = "Console"
    tokens = {"root": [(r"^(\$ )(.*\n)", lambda _, found: _command(found)), (r".*\n", Generic.Output)]}  # noqa: RUF012 - Pygments' way


def _command(found):  # noqa: ANN001, ANN202 - Pygments' way
    yield found.start(1), Generic.Prompt, found[1]
    yield found.start(2), Text, found[2]


def setup(app: Sphinx) -> None:
    """Read console blocks as they are meant."""
    app.add_lexer("console", Console)
