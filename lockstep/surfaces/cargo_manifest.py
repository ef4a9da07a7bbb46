"""What a crate's manifest promises: features and what they turn on, the least Rust, the dependencies that its users build too.

Sources: https://doc.rust-lang.org/cargo/reference/features.html, https://doc.rust-lang.org/cargo/reference/rust-version.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lockstep.locks.crates import NORMAL, Crate, Dependency
from lockstep.manifest import inside
from lockstep.model import Ecosystem, Package
from lockstep.project.discovery import is_example
from lockstep.surface import Item, ItemKind, Surface
from lockstep.surfaces.manifests import Manifests, stability
from lockstep.surfaces.toolchains import declarations
from lockstep.text.toml import strings
from lockstep.tree import Tree

SURFACE = "cargo-manifest"


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Read the manifest of every crate that is published."""
    manifests = Manifests(tree, packages)
    crates = {package: crate for package in packages if _is_offered(tree, manifests, package) and (crate := manifests.crate(package)) is not None}
    stated = {package: manifests.stated(package, "rust-version") for package in crates}
    spoken = declarations(tree, {package: found[0] for package, found in stated.items() if found is not None})
    surfaces = []
    for package, crate in crates.items():
        items = [*_features(manifests, crate), *_toolchain(manifests, package), *_dependencies(manifests, tree, package, crate), *spoken.get(package, ())]
        surfaces.append(Surface(surface=SURFACE, package=package.name, items={item.path: item for item in items}, blind=tuple(manifests.blind)))
    return tuple(surfaces)


def _is_offered(tree: Tree, manifests: Manifests, package: Package) -> bool:
    """Say whether other crates, or `cargo install`, may ask for a crate.

    One that makes a C library or an extension module alone is reached in other ways, and one among examples and benchmarks is not.
    Source: https://doc.rust-lang.org/cargo/reference/cargo-targets.html#the-crate-type-field
    """
    if package.ecosystem is not Ecosystem.CARGO or package.publish is False or (package.publish is None and is_example(package.root)):
        return False
    table = manifests.crates.table(package.root) or {}
    library = table.get("lib")
    kinds = set(strings(library.get("crate-type", library.get("crate_type")))) if isinstance(library, dict) else set()
    if "bin" in table or tree.has(inside(package.root, "src/main.rs")) or not kinds & {"cdylib", "staticlib"}:
        return True
    return bool(kinds & {"lib", "rlib", "dylib"}) and not _is_extension(tree, package)


def _is_extension(tree: Tree, package: Package) -> bool:
    """Say whether maturin makes a wheel of the crate."""
    path = inside(package.root, "pyproject.toml")
    return tree.has(path) and "maturin" in tree.read(path)


# ---- features


def _features(manifests: Manifests, crate: Crate) -> Iterator[Item]:
    dependencies = {dependency.alias: dependency for dependency in crate.dependencies if dependency.optional}
    table = manifests.crates.table(crate.folder) or {}
    written = table.get("features")
    for name, entries in crate.features.items():
        explicit = isinstance(written, dict) and name in written
        at = manifests.place(crate.manifest, ("features", name)) if explicit else manifests.crates.place(dependencies[name])
        yield Item(
            path=f"features.{name}",
            kind=ItemKind.FEATURE,
            place=at,
            signature=f"{name} = [{', '.join(map(json.dumps, entries))}]",
            bases=entries,
            traits=frozenset() if explicit else frozenset({"implicit"}),
            stability=stability(name),
        )


# ---- floors


def _toolchain(manifests: Manifests, package: Package) -> Iterator[Item]:
    for name in ("rust-version", "edition"):
        if (found := manifests.stated(package, name)) is not None:
            text, at = found
            yield Item(path=f"package.{name}", kind=ItemKind.FLOOR, place=at, signature=f'{name} = "{text}"', value=text)


def _dependencies(manifests: Manifests, tree: Tree, package: Package, crate: Crate) -> Iterator[Item]:
    """Give each dependency that its users build too; one that several targets need is named with its target from the second on."""
    library = tree.has(inside(package.root, "src/lib.rs")) or "lib" in (manifests.crates.table(package.root) or {})
    seen: set[str] = set()
    for one in crate.dependencies:
        if one.kind != NORMAL:
            continue
        target = str(one.key[1]) if one.key[0] == "target" else None
        path = f"dependencies.{one.alias}" if one.alias not in seen else f"target.{target}.dependencies.{one.alias}"
        seen.add(one.alias)
        sibling = _sibling(manifests, one)
        traits = {"cargo"}
        traits |= {"optional"} if one.optional else set()
        traits |= {"sibling"} if one.folder is not None else set()
        traits |= {"library"} if library else set()
        traits |= {"public"} if _is_public(manifests, one) else set()
        at = manifests.crates.place(one)
        yield Item(
            path=path,
            kind=ItemKind.DEPENDENCY,
            place=at,
            origin=one.name,
            signature=f'{one.alias} = "{one.requirement}"',
            value=one.requirement,
            annotation=sibling,
            traits=frozenset(traits),
            condition=target,
        )


def _sibling(manifests: Manifests, one: Dependency) -> str | None:
    """Give the rust-version of a crate of this repository that is needed."""
    found = manifests.crates.table(one.folder) if one.folder is not None else None
    package = found.get("package") if found is not None else None
    value = package.get("rust-version") if isinstance(package, dict) else None
    return value if isinstance(value, str) else None


def _is_public(manifests: Manifests, one: Dependency) -> bool:
    """Say whether the manifest declares a dependency as public; source: https://rust-lang.github.io/rfcs/3516-public-private-dependencies.html."""
    table: object = manifests.crates.table(one.origin.rpartition("/")[0])
    for part in one.key:
        table = table.get(part) if isinstance(table, dict) else None
    return isinstance(table, dict) and table.get("public") is True
