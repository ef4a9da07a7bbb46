"""Elixir: `version:` or `@version` of a mix.exs, and of the module that loads a NIF which rustler built.

Source: https://hexdocs.pm/mix/Mix.Project.html, https://hexdocs.pm/rustler_precompiled/RustlerPrecompiled.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern

_NAME = pattern(r"^[ \t]*(?:app|otp_app):[ \t]*:(?P<name>\w+)", re.MULTILINE)
_VERSION = pattern(rf"^[ \t]*(?P<key>@version[ \t]|version:|version[ \t]*=)[ \t]*\"{VERSION}\"", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the application's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    named = _NAME.search(source.text)
    if source.path.endswith(".ex") and "use Rustler" not in source.text:
        return
    for found in _VERSION.finditer(source.text):
        key = found["key"].strip(" \t:=")
        yield mention(key, named["name"] if named is not None else "", found.start("version"), found["version"], why="version of an Elixir application")
