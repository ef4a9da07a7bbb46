"""READMEs and first pages that tell how to install a package: `spam = "0.5"`, `spam==0.5.0`, `cargo add spam@0.5`, `uses: me/spam@v0.5.0`.

So is the page of a release, `https://docs.rs/spam/0.5.0`; what lies below such a page may be of that release for ever.
Narrow on purpose: a package's name beside a version proves little (benchmarks, examples, histories), an install line does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import Manifest, Mention, Named, Scope, Source, Tagged
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
_TAG = rf"(?P<version>v?{_NUMBER.removeprefix('(?P<version>')}"
_CARGO_TAG = pattern(rf"^[ \t]*(?://[/!][ \t]*)?(?P<name>[A-Za-z][\w-]*)[ \t]*=[ \t]*\{{[^}}\r\n]*?\btag[ \t]*=[ \t]*\"{_TAG}\"", re.MULTILINE)
_TOOL = pattern(
    r"\b(?:uvx|uv tool (?:install|run)|uv add|pipx (?:install|run)|poetry add|pdm add)\b"
    rf"[^\r\n`]*?[ \t\"'](?P<name>[A-Za-z][\w.-]*)(?:\[[\w,. -]*\])?@[\^~]?{_NUMBER}(?![\w.])"
)
_CONDA = pattern(rf"\b(?:conda|mamba|micromamba|pixi)\b[^\r\n`]*?[ \t\"':](?P<name>[A-Za-z][\w.-]*)=={{0,1}}{_NUMBER}(?![\w.])")
_HOST = r"(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)"
_SLUG = r"(?P<name>[\w.-]+/[\w.-]+?)"
_GIT_URL = pattern(rf"git\+(?:https|ssh)://(?:git@)?{_HOST}/{_SLUG}(?:\.git)?@{_TAG}(?![\w.])")
_GIT_TAG = pattern(rf"\bcargo (?:add|install|binstall)\b[^\r\n`]*?--git[ =]\"?https://{_HOST}/{_SLUG}(?:\.git)?/?\"?[ \t][^\r\n`]*?--tag[ =]\"?{_TAG}(?![\w.])")
_USES = pattern(rf"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?{_SLUG}(?:/[\w./-]+)?@{_TAG}(?![\w.])", re.MULTILINE)
_IMAGE = pattern(rf"(?<![\w./-])(?:(?:ghcr\.io|docker\.io|quay\.io|registry\.gitlab\.com)/)?{_SLUG}:{_TAG}(?![\w.:/])")
_TABLE = pattern(
    r"^[ \t]*(?://[/!][ \t]*)?\[(?:[\w.'\"()=, -]{1,80}\.)?(?:dev-|build-)?dependencies\.(?P<name>[A-Za-z][\w-]*)\][ \t]*\r?\n"
    rf"(?:(?![ \t]*(?://[/!][ \t]*)?(?:\[|```|version\b|\r?$))[^\n]{{0,200}}\n){{0,8}}[ \t]*(?://[/!][ \t]*)?version[ \t]*=[ \t]*\"[=^~]?[ \t]*{_NUMBER}\"",
    re.MULTILINE,
)
_HOOK = pattern(
    rf"\brepo:[ \t]*[\"']?https://{_HOST}/{_SLUG}(?:\.git)?/?[\"']?[ \t]*(?:#[^\n]*)?\r?\n"
    rf"(?:[ \t]*#[^\n]{{0,200}}\n){{0,4}}[ \t]*rev:[ \t]*[\"']?{_TAG}(?![\w.])"
)
_CRATE_PAGE = pattern(rf"\bhttps://(?:docs\.rs|crates\.io/crates)/(?P<name>[A-Za-z][\w-]*)/{_NUMBER}/?(?![\w./#?-])")
_PYPI_PAGE = pattern(rf"\bhttps://pypi\.(?:org|python\.org)/project/(?P<name>[A-Za-z][\w.-]*)/{_NUMBER}/?(?![\w./#?-])")
_TITLE = pattern(rf"\[[^\]\r\n]{{0,80}}?(?<![\w.])v?{_NUMBER}`?\]\(https://(?:docs\.rs|crates\.io/crates|pypi\.org/project)/(?P<name>[A-Za-z][\w.-]*)/[0-9]")
"""The text of a link to such a page, which ends in the version."""
_COMMAND = pattern(r"cargo (?:add|b?install)")
_SHAPES = (
    (pattern(r"\"[=^~]?[ \t]*[0-9]"), _CARGO, Ecosystem.CARGO),
    (_COMMAND, _CARGO_ADD, Ecosystem.CARGO),
    (_COMMAND, _CARGO_INSTALL, Ecosystem.CARGO),
    (pattern(r"[=~>]=[ \t]*[0-9]"), _PIP, Ecosystem.PYTHON),
    (pattern(r"@[\^~=]?[0-9]"), _NPM, Ecosystem.NPM),
    (pattern(r"\btag[ \t]*="), _CARGO_TAG, Ecosystem.CARGO),
    (pattern(r"@[\^~]?[0-9]"), _TOOL, Ecosystem.PYTHON),
    (pattern(r"conda|mamba|pixi"), _CONDA, Ecosystem.PYTHON),
    (pattern(r"git\+(?:https|ssh):"), _GIT_URL, None),
    (pattern(r"--git[ =]"), _GIT_TAG, None),
    (pattern(r"uses:[ \t]"), _USES, None),
    (pattern(r"/[\w.-]+:v?[0-9]"), _IMAGE, None),
)
LONGEST = 2000
"""Characters of the longest line whose pages are looked at."""
_RELEASE_PAGES = (
    (pattern(r"https://(?:docs|crates)\."), _CRATE_PAGE, Ecosystem.CARGO),
    (pattern(r"https://pypi\."), _PYPI_PAGE, Ecosystem.PYTHON),
)
"""What a line of each shape holds, found in a tenth of the time; then the shape, which never leaves its line. Without an ecosystem, a repository is named."""
_BLOCKS = (("dependencies.", _TABLE, Ecosystem.CARGO), ("rev:", _HOOK, None))
"""The same for what takes several lines."""


def read(source: Source) -> Manifest:
    """Find install lines of packages; whose they are is decided by the name."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)) if source.text else ())


def _mentions(text: str) -> Iterator[Mention]:
    for token, shape, ecosystem in _SHAPES:
        yield from (_mention(found, ecosystem) for found in _in_lines(token, shape, text))
    yield from _pages(text)
    for words, shape, ecosystem in _BLOCKS:
        if words in text:
            yield from (_mention(found, ecosystem) for found in shape.finditer(text))


def _pages(text: str) -> Iterator[Mention]:
    """Give the pages of releases and the texts of the links to them; none of a line that says the version elsewhere too, lest half of it moves."""
    lines: dict[int, list[tuple[re.Match[str], Ecosystem]]] = {}
    for token, shape, ecosystem in _RELEASE_PAGES:
        for found in _in_lines(token, shape, text):
            lines.setdefault(text.rfind("\n", 0, found.start()) + 1, []).append((found, ecosystem))
    for start, pages in lines.items():
        end = text.find("\n", start)
        line = text[start : end if end != -1 else len(text)]
        if len(line) > LONGEST:
            continue
        worlds = {page["name"]: ecosystem for page, ecosystem in pages}
        every = [(one, worlds[one["name"]]) for one in _TITLE.finditer(text, start, start + len(line)) if one["name"] in worlds] + pages
        for one, ecosystem in every:
            said = re.findall(rf"(?<![0-9.]){re.escape(one['version'])}(?![0-9]|\.[0-9])", line)
            if len(said) == sum(other["version"] == one["version"] for other, _ in every):
                yield _mention(one, ecosystem)


def _mention(found: re.Match[str], ecosystem: Ecosystem | None) -> Mention:
    name = found["name"].removeprefix("npm:")
    return Mention(
        key=f"install {name}",
        start=found.start("version"),
        text=found["version"],
        role=Role.MIRROR,
        spelling=Spelling.PREFIX,
        owner=Tagged(name) if ecosystem is None else Named(ecosystem, name),
        why="install line that names the repository" if ecosystem is None else "install line that names the package",
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
