"""Cargo.toml: the package, the workspace, and every requirement on a crate that stands beside it.

Source: https://doc.rust-lang.org/cargo/reference/manifest.html, .../workspaces.html, .../specifying-dependencies.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.manifest import (
    At,
    Declared,
    Faults,
    Here,
    Inherited,
    Inheritors,
    Manifest,
    Mention,
    PathDependency,
    Scope,
    Source,
    Stated,
    Unwritten,
    Workspace,
    join,
    mention_at,
)
from lockstep.model import Ecosystem, Role
from lockstep.text.toml import Document, Key, strings
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.CARGO
FILES = ("**/Cargo.toml",)
KINDS = ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")
"""The dependency tables; Cargo still reads the two with underscores."""


def read(source: Source) -> Manifest:
    """Read one manifest.

    Raises: ManifestError when it is not TOML.
    """
    document = Document(source.path, source.text)
    faults = Faults(source)
    mentions: list[Mention] = []
    declared: tuple[Declared, ...] = ()
    if "package" in document.data or "project" in document.data:
        head = "package" if "package" in document.data else "project"
        declared = tuple(_package(document, head, mentions, faults))
    if document.string("workspace", "package", "version") is not None:
        mentions.append(mention_at(document, ("workspace", "package", "version"), Inheritors(), Spelling.SEMVER))
    paths = tuple(_dependencies(source, document, mentions))
    return Manifest(
        source=source,
        declared=declared,
        workspace=_workspace(document),
        paths=paths,
        mentions=tuple(mentions),
        faults=tuple(faults),
        document=document,
    )


def _package(document: Document, head: str, mentions: list[Mention], faults: Faults) -> Iterator[Declared]:
    table = document.table(head)
    start = document.where(head)
    name = table.get("name")
    if not isinstance(name, str):
        faults.add("manifest-incomplete", start, f"[{head}] has no name", 'write name = "..." in it; Cargo refuses a package without one')
        return
    version = table.get("version")
    stated: Stated
    if isinstance(version, str):
        stated = mention_at(document, (head, "version"), Here(), Spelling.SEMVER)
        mentions.append(stated)
    elif isinstance(version, dict) and version.get("workspace") is True:
        stated = Inherited(start=document.where(head, "version"))
    elif version is None:
        stated = Unwritten(why="no version in [package]: Cargo takes 0.0.0 and never publishes it")
    else:
        faults.add(
            "manifest-incomplete",
            document.where(head, "version"),
            "version is neither a text nor { workspace = true }",
            'write version = "1.2.3" or version.workspace = true',
        )
        stated = Unwritten(why="its version cannot be read")
    publish = table.get("publish")
    inherits = isinstance(publish, dict) and publish.get("workspace") is True
    answer = False if version is None else _published(publish)
    yield Declared(name=name, ecosystem=Ecosystem.CARGO, version=stated, publish=answer, inherits_publish=inherits and version is not None)


def _published(publish: object) -> bool | None:
    """Say whether a value of `publish`, true, false or a list of registries, lets a crate be published; None where it says nothing."""
    return bool(publish) if isinstance(publish, bool | list) else None


def _workspace(document: Document) -> Workspace | None:
    if not isinstance(document.data.get("workspace"), dict):
        return None
    members = document.table("workspace").get("members")
    return Workspace(
        members=tuple((member, document.where("workspace", "members", i)) for i, member in enumerate(strings(members))),
        exclude=strings(document.table("workspace").get("exclude")),
        publish=_published(document.table("workspace", "package").get("publish")),
    )


def tables(document: Document) -> Iterator[tuple[Key, dict[str, object]]]:
    """Give every table of dependencies with its path: of the package, of each target, and of the workspace."""
    for kind in KINDS:
        if isinstance(table := document.data.get(kind), dict):
            yield (kind,), table
    for target, body in document.table("target").items():
        for kind in KINDS:
            if isinstance(body, dict) and isinstance(table := body.get(kind), dict):
                yield ("target", target, kind), table
    if isinstance(table := document.table("workspace").get("dependencies"), dict):
        yield ("workspace", "dependencies"), table
    if isinstance(table := document.data.get("replace"), dict):
        yield ("replace",), table
    for registry, table in document.table("patch").items():
        if isinstance(table, dict):
            yield ("patch", registry), table


def inherits(document: Document, alias: str) -> bool:
    """Say whether a package needs what the workspace offers under a name."""
    wanted = (table.get(alias) for key, table in tables(document) if key[0] != "workspace")
    return any(isinstance(value, dict) and value.get("workspace") is True for value in wanted)


def not_offered(document: Document, root: Document) -> Iterator[tuple[str, Key]]:
    """Give what a member inherits and its workspace does not offer, with the place; its version is looked at elsewhere."""
    offered = root.table("workspace")
    for key, table in tables(document):
        for alias, value in table.items() if key[0] != "workspace" else ():
            if isinstance(value, dict) and value.get("workspace") is True and alias not in root.table("workspace", "dependencies"):
                yield f"{alias} in [workspace.dependencies]", (*key, alias)
    for name, value in document.table("package").items():
        if isinstance(value, dict) and value.get("workspace") is True and name != "version" and name not in root.table("workspace", "package"):
            yield f"{name} in [workspace.package]", ("package", name)
    if document.table("lints").get("workspace") is True and "lints" not in offered:
        yield "[workspace.lints]", ("lints",)


def _dependencies(source: Source, document: Document, mentions: list[Mention]) -> Iterator[PathDependency]:
    for key, table in tables(document):
        for alias, value in table.items():
            if not isinstance(value, dict) or not isinstance(path := value.get("path"), str):
                continue
            package = value.get("package")
            name = package if isinstance(package, str) else alias
            folder = join(source.folder, path)
            start = document.where(*key, alias, "path")
            offered = alias if key[0] == "workspace" else ""
            yield PathDependency(name=name, folder=path if folder is None else folder, start=start, offered=offered)
            if folder is not None and isinstance(value.get("version"), str) and key[0] not in ("patch", "replace"):
                why = f"path dependency {path}" + (f" of crate {name}" if name != alias else "")
                mentions.append(mention_at(document, (*key, alias, "version"), At(folder, name), Spelling.CARGO_REQUIREMENT, Role.REQUIREMENT, why))
