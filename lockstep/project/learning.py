"""Sites learned from the project's own last bump.

A line that went from the old version to the new one in that bump, and that stands today in the same shape at the current version, is a
site even if no format knows the file. Changelogs are never learned: there the current version is history. A manifest's line is learned
only when it asks for a package of ours, a lock's line never: formats know these.

A learned line is broken when it stands where it stood after the bump, in the same shape, and says another version. Where it stood is where the
lines around it are the same, or where it is as many-th of as many lines of its shape as then. One that was deleted, rewritten or moved is no site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.model import LEARNED, Ecosystem, Package, Role, Site
from lockstep.pattern import pattern
from lockstep.tree import Tree
from lockstep.versions.agreement import says
from lockstep.versions.version import Spelling, Version, read_any

_MANIFEST = pattern(
    r"(?:^|/)(?P<name>Cargo\.toml|pyproject\.toml|package\.json|setup\.(?:py|cfg)|requirements[^/]*\.txt|environment[^/]*\.ya?ml|go\.mod|Gemfile|Pipfile)$"
)
_MANIFESTS = ("Cargo.toml", "pyproject.toml", "package.json", "setup.py", "setup.cfg", ".txt", ".yaml", ".yml", "go.mod", "Gemfile", "Pipfile")
"""How the paths of manifests end: most other paths are told from them by that alone."""
_CONSTANT = pattern(r"\s*\w*version\w*\s*=\s*[\"']", re.IGNORECASE)
"""An assignment of a version in Python: no requirement."""
_MARKS = dict.fromkeys(map(ord, "-_."))
"""What names that mean the same differ in."""
_WORLDS = {"Cargo.toml": Ecosystem.CARGO, "package.json": Ecosystem.NPM}
"""In whose names a manifest speaks, where these are not Python's."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A version in a line: where it starts, as it is written there, and how it is spelled."""

    start: int
    text: str
    spelling: Spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line that a commit moved from one version to another, without line endings.

    `above` and `below` are the lines around it after that; of the `alike` lines that differ from it in the version alone it was number `nth`, from 0.
    `mentions` are those of the new version in `new`.
    """

    path: str
    old: str
    new: str
    above: str
    below: str
    nth: int
    alike: int
    mentions: tuple[Mention, ...]

    @property
    def is_dated(self) -> bool:
        """Say whether a date in the line moved with the version: the rest of it is the same."""
        at = end = 0
        for mention in self.mentions:
            part = self.new[end : mention.start]
            if (at := self.old.find(part, at)) < 0:
                return True
            at, end = at + len(part), mention.start + len(mention.text)
        return not self.old.endswith(self.new[end:])


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBump:
    """The commit that made the last step from `old` to `new`, and the lines that it moved."""

    commit: str
    subject: str
    old: Version
    new: Version
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A mention in a text: `start` is the offset of its line, `line` the number of that; of a `weak` one it is not sure that it moves.

    Beside a `dated` one stands a day that moves with it.
    """

    start: int
    line: int
    mention: Mention
    weak: bool = False
    dated: bool = False


def learn(tree: Tree, bump: PastBump, current: Version, package: Package, packages: Sequence[Package], known: frozenset[tuple[str, int]]) -> Iterator[Site]:
    """Give the places of `tree` that the last bump teaches about `package`: those at the current version, and those that are broken.

    `packages` are all of ours, `known` holds the (path, line) of sites that formats found already.
    """
    taught: dict[str, list[ChangedLine]] = {}
    for line in bump.lines:
        taught.setdefault(line.path, []).append(line)
    for path, lines in sorted(taught.items()):
        if not tree.has(path):
            continue
        try:
            text = tree.read(path)
        except LockstepError:
            continue
        if path.endswith(_MANIFESTS) and not (lines := [line for line in lines if not _is_known(text, line, known) and asks_for_us(line, packages)]):
            continue
        found = _untouched(text, lines) if current == bump.new else None
        if found is None:
            from lockstep.project.lessons import search  # noqa: PLC0415 - most texts are as the bump left them

            found = [*search(text, lines, bump, current)]
        for one in found:
            if (path, one.line) in known:
                continue
            yield Site(
                path=path,
                key=LEARNED,
                start=one.start + one.mention.start,
                text=one.mention.text,
                line=one.line,
                column=one.mention.start + 1,
                role=Role.MIRROR,
                spelling=one.mention.spelling,
                package=package,
                why=f"moved in the last bump, {bump.commit[:9]} ({bump.old} to {bump.new})",
                weak=one.weak,
                dated=one.dated,
            )


def _untouched(text: str, taught: list[ChangedLine]) -> list[Standing] | None:
    """Give the mentions of the lines that stand in a text as the bump left them; None when one of them does not."""
    counts: dict[str, int] = {}
    for line in taught:
        counts[line.new] = counts.get(line.new, 0) + 1
    found = []
    for one in {line.new: line for line in taught}.values():
        starts = _whole_lines(text, one.new)
        if len(starts) < counts[one.new]:
            return None
        lines = [(start, text.count("\n", 0, start) + 1) for start in starts]
        found += [Standing(start=start, line=line, mention=mention, dated=one.is_dated) for start, line in lines for mention in one.mentions]
    return found


def _is_known(text: str, line: ChangedLine, known: frozenset[tuple[str, int]]) -> bool:
    """Say whether a line stands in a text as the bump left it, and formats found each of its sites."""
    starts = _whole_lines(text, line.new)
    return bool(starts) and all((line.path, text.count("\n", 0, start) + 1) in known for start in starts)


def _whole_lines(text: str, line: str) -> list[int]:
    """Give the offsets of a line in a text."""
    starts, at = [], text.find(line)
    while at >= 0:
        end = at + len(line)
        if (at == 0 or text[at - 1] == "\n") and (text[end : end + 1] in ("", "\n") or text[end : end + 2] == "\r\n"):
            starts.append(at)
        at = text.find(line, end)
    return starts


def followers(tree: Tree, taught: Iterable[Site], resting: Iterable[tuple[str, Site]]) -> Iterator[Site]:
    """Give the entries of locks that repeat what a learned line of a manifest requires: they move with it.

    `resting` has the entries with the folder of the manifest that each is of, as `Project.resting`.
    """
    required: dict[str, list[tuple[str, str]]] = {}
    for site in taught:
        if in_manifest(site):
            line = tree.read(site.path).split("\n")[site.line - 1]
            required.setdefault(site.path.rpartition("/")[0], []).append((line, site.text))
    for home, site in resting:
        if any(f'"{site.package.name}"' in line and site.text.endswith(text) for line, text in required.get(home, ())):
            yield site


def is_ahead(site: Site, version: Version) -> bool:
    """Say whether a learned site says a higher version."""
    return site.text != str(version) and not says(site.text, Spelling.PREFIX, version) and read_any(site.text) > version


def in_manifest(site: Site) -> bool:
    """Say whether a site is a requirement of a manifest that only the last bump taught."""
    return site.key == LEARNED and _MANIFEST.search(site.path) is not None


def asks_for_us(line: ChangedLine, packages: Iterable[Package]) -> bool:
    """Say whether a line can teach a site: where it is in a manifest, when it asks for a package of ours.

    What a manifest asks for is in the manifest's own world: a crate of another project may be named like our wheel, or like the very crate that
    binds it.
    """
    if not line.path.endswith(_MANIFESTS) or (manifest := _MANIFEST.search(line.path)) is None:
        return True
    if manifest["name"] == "setup.py" and _CONSTANT.match(line.old):
        return True
    world, letters = _WORLDS.get(manifest["name"], Ecosystem.PYTHON), line.old.translate(_MARKS)
    named = (one for one in packages if one.ecosystem is world and one.manifest != line.path and one.name.translate(_MARKS) in letters)
    return any(_requires(line.old, one.name) for one in named)


def _requires(line: str, name: str) -> bool:
    """Say whether a manifest's line is about a package of that name: its key, its `package = `, or `name==`."""
    key = "[-_.]+".join(map(re.escape, re.split(r"[-_.]+", name)))  # PEP 503; crates whose names differ in these alone cannot both be published
    as_key = rf"^\s*[\"']?{key}[\"']?\s*(?:\.version\s*)?[=:]"
    as_requirement = rf"[\"']{key}(?:\[[^\]]*\])?\s*(?:[=~<>!]=|@)"
    return re.search(rf"{as_key}|\bpackage\s*=\s*[\"']{key}[\"']|{as_requirement}", line) is not None
