"""Sites learned from the project's own last bump.

A line that went from the old version to the new one in that bump, and that stands today in the same shape at the current version, is a
site even if no format knows the file. Changelogs are never learned: there the current version is history. A manifest's line is learned
only when it asks for a package of ours, a lock's line never: formats know these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError, VersionError
from lockstep.model import LEARNED, Ecosystem, Package, Role, Site
from lockstep.pattern import pattern
from lockstep.text.toml import Lines
from lockstep.tree import Tree
from lockstep.versions.version import Spelling, Version

_NEVER = pattern(
    r"(?:^|/)(?:[^/]*(?:change(?:s|log)|history|release[_-]?notes|releases|whats[_-]?new|migrat|upgrad)[^/]*|news)(?:/|\.[a-z]+$|$)"
    r"|[.-]lock(?:\.\w+)?$|(?:^|/)(?:go\.sum|yarn\.lock|pnpm-lock\.yaml|npm-shrinkwrap\.json)$|\.(?:snap|ambr|svg|min\.js|map|ipynb|csv|tsv|log|out|diff|patch)$|(?:^|/)(?:licen[cs]es?|third[-_]party[^/]*|notice)[^/]*$",
    re.IGNORECASE,
)
_FOREIGN = pattern(r"(?:^|/)(?:vendor|vendored|_vendor|third[_-]?party|node_modules|testdata|test[_-]data|fixtures?|__fixtures__|snapshots)/", re.IGNORECASE)
_PAST = pattern(
    r"\b(?:since|as of|starting (?:from|with|in)|from version|(?:added|new|introduced|removed|changed|fixed|deprecated|available) in|prior to|before|until"
    r"|version(?:added|changed)|deprecated)\b",
    re.IGNORECASE,
)
_COMPARE = pattern(r"/compare/[^\s/]+\.\.\.(?:HEAD|main|master|develop)\b")
_MANIFEST = pattern(
    r"(?:^|/)(?P<name>Cargo\.toml|pyproject\.toml|package\.json|setup\.(?:py|cfg)|requirements[^/]*\.txt|environment[^/]*\.ya?ml|go\.mod|Gemfile|Pipfile)$"
)
_CONSTANT = pattern(r"\s*\w*version\w*\s*=\s*[\"']", re.IGNORECASE)
"""An assignment of a version in Python: no requirement."""
_WORLDS = {"Cargo.toml": Ecosystem.CARGO, "package.json": Ecosystem.NPM}
"""In whose names a manifest speaks, where these are not Python's."""


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that a commit replaced, without line endings."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBump:
    """The commit that made the last step from `old` to `new`, and the lines that it replaced."""

    commit: str
    subject: str
    old: Version
    new: Version
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    text: str
    spelling: Spelling


def learn(tree: Tree, bump: PastBump, current: Version, package: Package, packages: Iterable[Package], known: frozenset[tuple[str, int]]) -> Iterator[Site]:
    """Give the places of `tree` that the last bump teaches about `package`.

    `packages` are all of ours, `known` holds the (path, line) of sites that formats found already.
    """
    ours = tuple(packages)
    shapes: dict[str, set[tuple[str, ...]]] = {}
    for line in bump.lines:
        if not teachable(line, ours):
            continue
        shape = _shape(line.old, bump.old)
        if len(shape) > 1 and shape == _shape(line.new, bump.new):
            shapes.setdefault(line.path, set()).add(shape)
    for path, wanted in sorted(shapes.items()):
        if not tree.has(path):
            continue
        try:
            text = tree.read(path)
        except LockstepError:
            continue
        lines = Lines(text)
        for found in re.finditer(r"[^\n]*", text):
            written = found[0].rstrip("\r")
            number = lines.at(found.start())[0]
            if not written or (path, number) in known or _shape(written, current) not in wanted:
                continue
            for token in _tokens(written, current):
                yield Site(
                    path=path,
                    key=LEARNED,
                    start=found.start() + token.start,
                    text=token.text,
                    line=number,
                    column=token.start + 1,
                    role=Role.MIRROR,
                    spelling=token.spelling,
                    package=package,
                    why=f"moved in the last bump, {bump.commit[:9]} ({bump.old} to {bump.new})",
                )


def in_manifest(site: Site) -> bool:
    """Say whether a site is a requirement of a manifest that only the last bump taught."""
    return site.key == LEARNED and _MANIFEST.search(site.path) is not None


def teachable(line: ChangedLine, packages: Iterable[Package]) -> bool:
    """Say whether a line can teach a site.

    What a manifest asks for is in the manifest's own world: a crate of another project may be named like our wheel, or like the very crate that
    binds it.
    """
    if _FOREIGN.search(line.path) or _PAST.search(line.old) or (_NEVER.search(line.path) and not _COMPARE.search(line.old)):
        return False
    if (manifest := _MANIFEST.search(line.path)) is None:
        return True
    if manifest["name"] == "setup.py" and _CONSTANT.match(line.old):
        return True
    world = _WORLDS.get(manifest["name"], Ecosystem.PYTHON)
    return any(one.ecosystem is world and one.manifest != line.path and _requires(line.old, one.name) for one in packages)


def _requires(line: str, name: str) -> bool:
    """Say whether a manifest's line is about a package of that name: its key, its `package = `, or `name==`."""
    key = "[-_.]+".join(map(re.escape, re.split(r"[-_.]+", name)))  # PEP 503; crates whose names differ in these alone cannot both be published
    as_key = rf"^\s*[\"']?{key}[\"']?\s*(?:\.version\s*)?[=:]"
    as_requirement = rf"[\"']{key}(?:\[[^\]]*\])?\s*(?:[=~<>!]=|@)"
    return re.search(rf"{as_key}|\bpackage\s*=\s*[\"']{key}[\"']|{as_requirement}", line) is not None


def _spellings(version: Version) -> Iterator[tuple[str, Spelling]]:
    """Give the texts by which a line may mean a version, the longest first; a bare major.minor stands for a release alone."""
    for spelling in (Spelling.SEMVER, Spelling.PEP440):
        try:
            yield version.spell(spelling, version.text if spelling is Spelling.SEMVER else ""), Spelling.PREFIX if spelling is Spelling.SEMVER else spelling
        except VersionError:
            continue
    if version.pre is None:
        yield f"{version.major}.{version.minor}", Spelling.PREFIX


def _tokens(line: str, version: Version) -> Iterator[_Token]:
    """Give each whole mention of a version in a line, from left to right."""
    texts: dict[str, Spelling] = {}
    for text, spelling in _spellings(version):
        texts.setdefault(text, spelling)
    ordered = sorted(texts, key=len, reverse=True)
    pattern = rf"(?<![0-9A-Za-uw-z.])(?:{'|'.join(map(re.escape, ordered))})(?![0-9A-Za-z]|\.[0-9]|[-+][0-9A-Za-z]*[0-9])"
    for found in re.finditer(pattern, line):
        yield _Token(found.start(), found[0], texts[found[0]])


def _shape(line: str, version: Version) -> tuple[str, ...]:
    """Give a line with each mention of the version taken out, and how long a mention each was."""
    parts, end = [], 0
    kinds = []
    for token in _tokens(line, version):
        parts.append(line[end : token.start])
        kinds.append(f"{token.spelling}{token.text.count('.')}" if version.pre is None else token.spelling)
        end = token.start + len(token.text)
    return (*parts, line[end:], *kinds)
