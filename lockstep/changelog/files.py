"""The changelogs of a repository: which files they are, and whose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import basename, dirname

from lockstep.changelog import blocks, titles
from lockstep.changelog.model import Changelog
from lockstep.changelog.titles import Kind
from lockstep.changelog.writers import Writer, readable_text, writer_of
from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.model import Group, Package
from lockstep.pattern import pattern
from lockstep.project.project import Project
from lockstep.tree import Tree
from lockstep.versions.version import Version

_NAME = pattern(
    r"(?:change[-_]?log|changes|history|news|release[-_]?notes|releases|whats[-_]?new)(?P<kind>\.(?:md|markdown|mdown|rst|txt|adoc|asciidoc|org))?",
    re.IGNORECASE,
)
_ORDER = ("changelog", "changes", "history", "news", "release")
_HEADING = pattern(r"^#{1,4}[ \t]+(?P<text>[^\r\n]{1,300})", re.MULTILINE)
MARKDOWN = ("", ".md", ".markdown", ".mdown")
DOCS = ("docs", "doc", "docs/source", "docs/src")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogFile:
    """A changelog of the repository. `folder` is that of the packages that it is about; `writer` is the tool that writes it."""

    path: str
    folder: str
    text: str
    writer: Writer | None = None

    @property
    def markdown(self) -> bool:
        """Say whether it is written in Markdown."""
        return _is_markdown(self.path)


def changelogs_of(tree: Tree, config: Config, project: Project, group: Group) -> tuple[ChangelogFile, ...]:
    """Give the changelogs that tell of a group's packages, the root's first.

    That of the root, when no package lies there, is the main group's, unless its newest release is another package's.
    """
    roots = {package.root for package in project.packages}
    folders = sorted({package.root for package in group.packages})
    named: dict[str, list[str]] = {}
    for path in tree.paths():
        if _NAME.fullmatch(basename(path)) and not config.excludes(path):
            named.setdefault(dirname(path), []).append(path)
    found = [found for folder in folders if (found := _in(tree, named, folder)) is not None]
    if "" not in roots and (root := _in(tree, named, "")) is not None and (not project.groups or _owner(root, project) == group.name):
        found.insert(0, root)
    return tuple(found)


def _owner(root: ChangelogFile, project: Project) -> str | None:
    """Give the name of the group whose releases the root's changelog tells of: the main one, unless its newest is a release that only another made.

    None where that is a package which moves on its own.
    """
    main, newest = project.groups[0], _newest(root.text)
    if newest is None or main.version is None or newest.major == main.version.major:
        return main.name
    others = [one for one in project.packages if one.group != main.name and one.version is not None]
    theirs = [one for one in others if one.version is not None and one.version.release[:2] == newest.release[:2]]
    return theirs[0].group if theirs else main.name


def _newest(text: str) -> Version | None:
    """Give the version of the first heading that names a release."""
    for line in _HEADING.finditer(text):
        title = titles.read(line["text"])
        if title is not None and title.kind is Kind.RELEASE:
            return title.version
    return None


def is_generated(file: ChangelogFile, changelog: Changelog, version: Version | None) -> bool:
    """Say whether the tool that writes a changelog writes its next section, that of `version` where it is known: nobody has begun it by hand."""
    if file.writer is None or file.writer.always:
        return file.writer is not None
    if (version is not None and changelog.of(version)) or any(blocks.entry_blocks(section) for section in changelog.unreleased):
        return False
    return file.writer.heading or not changelog.unreleased


def package_of(file: ChangelogFile, group: Group) -> Package:
    """Give the package that an edit of a changelog is about."""
    return next((package for package in group.packages if package.root == file.folder), group.packages[0])


def _in(tree: Tree, named: Mapping[str, list[str]], folder: str) -> ChangelogFile | None:
    """Give the changelog of a folder: beside the manifest before the one among its documents, a longer text before a pointer to it."""
    places = [folder, *(f"{folder}/{name}" if folder else name for name in DOCS)]
    found = sorted((path for place in places for path in named.get(place, ())), key=lambda path: (path.count("/"), not _is_markdown(path), _rank(path), path))
    texts = [(path, text) for path in found if (text := readable_text(tree, path)) is not None]
    if not texts:
        return None
    path, text = next(((path, text) for path, text in texts if re.search(r"[0-9]\.[0-9]|unreleased", text, re.IGNORECASE)), texts[0])
    return ChangelogFile(path=path, folder=folder, text=text, writer=writer_of(tree, folder, text))


def _is_markdown(path: str) -> bool:
    found = _NAME.fullmatch(basename(path))
    return found is not None and (found["kind"] or "").lower() in MARKDOWN


def _rank(path: str) -> int:
    name = basename(path).lower().replace("-", "").replace("_", "")
    return next((number for number, word in enumerate(_ORDER) if name.startswith(word)), len(_ORDER))
