"""The Cargo manifests behind a surface, read once, with what they inherit from their workspaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.errors import ManifestError, RepositoryError
from lockstep.formats import cargo_toml
from lockstep.locks.crates import Crate, Crates
from lockstep.manifest import Manifest, Source, inside, join
from lockstep.model import Ecosystem, Package, Place
from lockstep.pattern import pattern
from lockstep.surface import Blind, Stability
from lockstep.text.toml import Document, Key
from lockstep.tree import Tree

_EXPERIMENTAL = pattern(r"(?:^|[-_])(?:experimental|unstable|nightly|preview|alpha)(?:[-_]|$)")
_INTERNAL = pattern(r"^_|(?:^|[-_])(?:internals?|private)(?:[-_]|$)")


class Manifests:
    """The manifests of packages, and of the workspaces that these inherit from; `blind` names those that cannot be read."""

    def __init__(self, tree: Tree, packages: Sequence[Package]) -> None:
        self.tree = tree
        self.blind: list[Blind] = []
        self.parsed: dict[str, Manifest] = {}
        for package in packages:
            if package.ecosystem is Ecosystem.CARGO:
                self.read(package.manifest)
                for folder in above(package.root):
                    self.read(inside(folder, "Cargo.toml"))
                pointed = self._pointed(package)
                if pointed is not None:
                    self.read(inside(pointed, "Cargo.toml"))
        self.crates = Crates(self.parsed, {})

    def read(self, path: str) -> None:
        """Read one more Cargo.toml, if it is there."""
        if path in self.parsed or not self.tree.has(path):
            return
        try:
            self.parsed[path] = cargo_toml.read(Source(path, self.tree.read(path)))
        except (ManifestError, RepositoryError) as error:
            self.blind.append(Blind(symbol="", place=Place(path=path, line=error.line), why=error.message))

    def _pointed(self, package: Package) -> str | None:
        manifest = self.parsed.get(package.manifest)
        pointed = manifest.document.string("package", "workspace") if manifest is not None and manifest.document is not None else None
        return join(package.root, pointed) if pointed is not None else None

    def crate(self, package: Package) -> Crate | None:
        """Give a Cargo package as its manifest states it."""
        return self.crates.crate(package.root) if package.manifest in self.parsed else None

    def place(self, path: str, key: Key) -> Place:
        """Say where a key of a manifest stands; the manifest's first line where there is no such key."""
        manifest = self.parsed[path]
        assert manifest.document is not None
        return place(manifest.document, key)

    def stated(self, package: Package, name: str) -> tuple[str, Place] | None:
        """Give a text of [package], inherited from the workspace where the manifest says so, with its place."""
        table = self.crates.table(package.root) or {}
        head = "package" if "package" in table else "project"
        body = table.get(head)
        value = body.get(name) if isinstance(body, dict) else None
        if isinstance(value, str):
            return value, self.place(package.manifest, (head, name))
        root = self.crates.root_of(package.root)
        path = inside(root, "Cargo.toml") if root is not None else ""
        if not isinstance(value, dict) or value.get("workspace") is not True or path not in self.parsed:
            return None
        document = self.parsed[path].document
        inherited = document.string("workspace", "package", name) if document is not None else None
        return (inherited, self.place(path, ("workspace", "package", name))) if inherited is not None else None


def place(document: Document, key: Key) -> Place:
    """Say where a key of a TOML file stands; its first line where there is no such key."""
    line, column = document.at(document.where(*key))
    return Place(path=document.path, line=line, column=column)


def stability(name: str) -> Stability:
    """Say what the name of a feature or an extra promises."""
    if _INTERNAL.search(name):
        return Stability.HIDDEN
    return Stability.EXPERIMENTAL if _EXPERIMENTAL.search(name) else Stability.STABLE


def above(folder: str) -> Iterator[str]:
    """Give the folders above a folder, the nearest first."""
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
