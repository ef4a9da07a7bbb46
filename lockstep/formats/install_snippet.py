"""READMEs and first pages that tell how to install a package: `spam = "0.5"`, `spam==0.5.0`, `cargo add spam@0.5`.

Narrow on purpose: a package's name beside a version proves little (benchmarks, examples, histories), an install line does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import Manifest, Mention, Named, Scope, Source
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
_PAGES = "{index,install*,Install*,INSTALL*,*getting*started*,*quick*start*,usage,README}"
FILES = (
    "README*.{md,rst,txt,adoc}",
    "README",
    "docs/*.{md,rst,mdx}",
    f"docs/**/{_PAGES}.{{md,rst,mdx}}",
    "src/lib.rs",
    "src/main.rs",
)

_NUMBER = r"(?P<version>[0-9]+(?:\.[0-9]+){0,2}(?:-?(?:alpha|beta|rc|a|b|dev)[.-]?[0-9]*)?)"
_CARGO = pattern(
    rf"^[ \t]*(?://[/!][ \t]*)?(?P<name>[A-Za-z][\w-]*)[ \t]*=[ \t]*(?:\{{[^}}\r\n]*?\bversion[ \t]*=[ \t]*)?\"[=^~]?[ \t]*{_NUMBER}\"", re.MULTILINE
)
_CARGO_ADD = pattern(rf"\bcargo (?:add|install|binstall)\b[^\r\n`]*?[ \t](?P<name>[A-Za-z][\w-]*)@[=^~]?{_NUMBER}(?![\w.])")
_CARGO_INSTALL = pattern(rf"\bcargo (?:install|binstall)\b[^\r\n`]*?[ \t](?P<name>[A-Za-z][\w-]*)[ \t]+--version[ =]\"?=?{_NUMBER}(?![\w.])")
_PIP = pattern(rf"(?<![\w./-])(?P<name>[A-Za-z][\w.-]*)(?:\[[\w,. -]*\])?[ \t]*(?:==|~=|>=)[ \t]*{_NUMBER}(?![\w.*])")
_NPM = pattern(rf"\b(?:npm|npx|yarn|pnpm|bun|bunx|deno)\b[^\r\n`]*?[ \t](?P<name>(?:npm:)?(?:@[\w.-]+/)?[A-Za-z][\w.-]*)@[\^~=]?{_NUMBER}(?![\w.])")
_COMMAND = pattern(r"cargo (?:add|b?install)")
_SHAPES = (
    (pattern(r"\"[=^~]?[ \t]*[0-9]"), _CARGO, Ecosystem.CARGO),
    (_COMMAND, _CARGO_ADD, Ecosystem.CARGO),
    (_COMMAND, _CARGO_INSTALL, Ecosystem.CARGO),
    (pattern(r"[=~>]=[ \t]*[0-9]"), _PIP, Ecosystem.PYTHON),
    (pattern(r"@[\^~=]?[0-9]"), _NPM, Ecosystem.NPM),
)
"""What a line of each shape holds, found in a tenth of the time; then the shape, which never leaves its line."""


def read(source: Source) -> Manifest:
    """Find install lines of packages; whose they are is decided by the name."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    for token, shape, ecosystem in _SHAPES:
        for found in _in_lines(token, shape, text):
            name = found["name"].removeprefix("npm:")
            yield Mention(
                key=f"install {name}",
                start=found.start("version"),
                text=found["version"],
                role=Role.MIRROR,
                spelling=Spelling.PREFIX,
                owner=Named(ecosystem, name),
                why="install line that names the package",
                weak=True,
                kept=True,
                installs=True,
            )


def _in_lines(token: re.Pattern[str], shape: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Give what matches in those lines that hold the token."""
    end = 0
    while near := token.search(text, end):
        end = text.find("\n", near.end())
        if end == -1:
            end = len(text)
        yield from shape.finditer(text, text.rfind("\n", 0, near.start()) + 1, end)
