"""Nix: `version = "1.2.0";` of a derivation, with the `pname` beside it.

A derivation that fetches an archive by its hash is what was released last: it moves with the release only where it did before.

Source: https://nixos.org/manual/nixpkgs/stable/#sec-using-stdenv
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_VERSION = pattern(rf"^[ \t]*version[ \t]*=[ \t]*\"v?{VERSION}\"[ \t]*;", re.MULTILINE)
_NAME = pattern(r"^[ \t]*pname[ \t]*=[ \t]*\"(?P<name>[\w.+-]+)\"[ \t]*;", re.MULTILINE)
_FETCHED = pattern(r"\bfetch(?:FromGit\w+|url|zip|Crate|Pypi|git|Tarball)\b")
_NEAR = 400
"""Within how many characters the name of what has a version stands."""


def read(source: Source) -> Manifest:
    """Find the versions of derivations."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)) if len(source.text) <= 1_000_000 else ())


def _mentions(text: str) -> Iterator[Mention]:
    for found in _VERSION.finditer(text):
        start, end = max(0, found.start() - _NEAR), found.end() + _NEAR
        names = sorted((abs(one.start() - found.start()), one["name"]) for one in _NAME.finditer(text, start, end))
        fetched = _FETCHED.search(text, found.end(), end) is not None
        name = names[0][1] if names and not fetched else ""
        yield mention(
            "version", name, found.start("version"), found["version"], Spelling.PREFIX, why="version of a Nix derivation", beside=not names and not fetched
        )
