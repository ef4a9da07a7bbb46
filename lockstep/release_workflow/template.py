"""The pieces of a workflow: YAML in which `@name@` stands for a value, and `@pin` behind an action for the commit that it is pinned to.

A line that is nothing but `@name@` stands for lines, which get its indentation; for none it goes away.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from lockstep.pattern import pattern

_WHOLE = pattern(r"(?P<indent> *)@(?P<name>[a-z_]+)@")
_INSIDE = pattern(r"@(?P<name>[a-z_]+)@")


@cache
def _piece(name: str) -> str:
    return files("lockstep.release_workflow").joinpath("templates", f"{name}.yml").read_text(encoding="utf-8")


def filled(piece: str, **values: str) -> str:
    """Give a piece with its values; it ends with a line break.

    Raises: KeyError for a value that is not given.
    """
    lines: list[str] = []
    for line in _piece(piece).splitlines():
        whole = _WHOLE.fullmatch(line)
        if whole is None:
            lines.append(_INSIDE.sub(lambda found: values[found["name"]], line))
        else:
            lines += (f"{whole['indent']}{row}".rstrip() for row in values[whole["name"]].splitlines())
    return "".join(f"{line}\n" for line in lines)


def indented(text: str, by: int) -> str:
    """Give a text with each line further to the right."""
    return re.sub(r"^(?=.)", " " * by, text, flags=re.MULTILINE)
