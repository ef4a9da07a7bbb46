"""The tables of options in `docs/configuration.md`, and the schemas, made from `lockstep.config.options`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.config import options as every_option
from lockstep.config.options import Option

TABLE = re.compile(r"^\| option \| type \| default \| what it decides \|\n\| --- \| --- \| --- \| --- \|\n((?:^\|.*\n)*)", re.MULTILINE)
ROW = re.compile(r"^\| `([\w-]+)`", re.MULTILINE)


def options() -> list[Mapping[str, Option]]:
    """Give every set of options that the configuration has."""
    return [value for name, value in vars(every_option).items() if name.endswith("OPTIONS")]


def row(name: str, option: Option) -> str:
    """Give an option's line."""
    return f"| `{name}` | {option.kind} | `{option.default}` | {option.doc} |\n"


def renewed(text: str) -> str:
    """Give the page with its tables as the options are; a table belongs to the options that its first name stands in."""

    def table(found: re.Match[str]) -> str:
        first = ROW.search(found[1])
        assert first is not None, found[0]
        names = ROW.findall(found[1])
        best = max(options(), key=lambda one: len(set(names) & set(one)))
        return found[0][: found.start(1) - found.start()] + "".join(row(name, option) for name, option in best.items())

    return TABLE.sub(table, text)
