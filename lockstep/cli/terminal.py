"""What the terminal can do, as far as it says so: its width, and whether it opens links."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

LINKING = ("WezTerm", "iTerm.app", "ghostty", "Hyper", "rio", "WarpTerminal")
"""Values of TERM_PROGRAM. VS Code is not one of them: it makes a link of `path:line:column` by itself, and that one leads to the line."""
LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "contour", "wezterm")
VTE = 5001
"""The first VTE that does not crash on links."""
KONSOLE = 201200


def width(environment: Mapping[str, str]) -> int | None:
    """Give the columns of the terminal that stdout leads to; None where it is none, or does not say."""
    if not sys.stdout.isatty() or environment.get("TERM") == "dumb":
        return None
    named = environment.get("COLUMNS", "")
    if named.isdecimal() and int(named) > 0:
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except OSError:
        return None


def links(environment: Mapping[str, str], host: str) -> str:
    """Give how a terminal wants a file named in a link, "" where it is not known to open one.

    `FORCE_HYPERLINK` decides where it is set: 0 for none. kitty and ghostty take the line as a fragment.
    """
    forced = environment.get("FORCE_HYPERLINK")
    term = environment.get("TERM", "")
    if forced == "0" or (not forced and not _knows(environment, term)):
        return ""
    return f"file://{host}{{path}}" + ("#{line}" if term in ("xterm-kitty", "xterm-ghostty") else "")


def _knows(environment: Mapping[str, str], term: str) -> bool:
    if term.startswith(("screen", "tmux")) or "TMUX" in environment:
        return False
    return (
        environment.get("TERM_PROGRAM") in LINKING
        or term in LINKING_TERMS
        or _number(environment, "VTE_VERSION") >= VTE
        or _number(environment, "KONSOLE_VERSION") >= KONSOLE
    )


def _number(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name, "")
    return int(text) if text.isdecimal() else 0
