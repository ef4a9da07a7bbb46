"""What a C header promises to those who include it, and to programs that were compiled against it before.

Public are the headers below a folder `include`, those of a crate that has a `cbindgen.toml`, and those that the configuration declares; vendored
code, tests and samples are not.
Source: https://abi-laboratory.pro/index.php?view=breakage_reports for what breaks a compiled program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from lockstep.config import Config
from lockstep.config.reading import load
from lockstep.dataclass import replace
from lockstep.errors import ConfigError, ManifestError, RepositoryError
from lockstep.manifest import inside
from lockstep.model import Ecosystem, Package, Place
from lockstep.pattern import pattern
from lockstep.project.discovery import NOT_OURS, SAMPLES, is_example
from lockstep.surface import Blind, Item, ItemKind, Surface
from lockstep.surfaces.c.declarations import Header, attributes, wrappers
from lockstep.surfaces.c.preprocessor import Macro, Plain, preprocess
from lockstep.tree import Tree

SURFACE = "c"
LARGEST = 4 * 2**20
"""Characters; a longer header is data."""

_INCLUDE = pattern(r"(?:^|.*/)include/(?P<name>.+)")
_INCLUDED = pattern(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]+)", re.MULTILINE)
_PRIVATE = pattern(r"(?:^|/)(?:internal|private|detail|impl)/|[_-](?:internal|private)\.h$")
_CPP = pattern(r"^[ \t]*(?:template[ \t]*<|(?:inline[ \t]+)?namespace[ \t]+\w*|class[ \t]+\w+[^;]*$|using[ \t]+\w+[ \t]*=|public:|private:)", re.MULTILINE)


def read(tree: Tree, packages: Sequence[Package], config: Config | None = None) -> tuple[Surface, ...]:
    """Read the public headers, each for the package in whose folder it lies; without a configuration, the tree's own says which are declared."""
    found: dict[str, dict[str, str]] = {}
    crates = {package.root for package in packages if package.ecosystem is Ecosystem.CARGO and tree.has(inside(package.root, "cbindgen.toml"))}
    for path in tree.paths("**/*.h"):
        owner = _owner(path, packages)
        if owner is not None and (name := _included_as(path, owner, crates)) is not None:
            found.setdefault(owner.name, {})[path] = name
    for path in _declared(tree, config):
        owner = _owner(path, packages)
        found.setdefault(owner.name if owner is not None else "", {}).setdefault(path, path.rpartition("/")[2])
    return tuple(_surface(tree, package, names) for package, names in found.items())


def _declared(tree: Tree, config: Config | None) -> Iterator[str]:
    """Give the headers that the configuration declares."""
    if config is None:
        try:
            config = load(tree)
        except (ConfigError, ManifestError, RepositoryError):
            return  # who opened the tree was told
    for one in config.declared:
        if one.kind == "c-header":
            yield from (path for path in tree.paths(one.path) if not config.excludes(path))


def _owner(path: str, packages: Sequence[Package]) -> Package | None:
    above = [package for package in packages if not package.root or path.startswith(f"{package.root}/")]
    return max(above, key=lambda package: (len(package.root), package.ecosystem is Ecosystem.CARGO), default=None)


def _included_as(path: str, owner: Package, crates: set[str]) -> str | None:
    """Give the name that users include a header by, None where it is not public."""
    below = path.removeprefix(f"{owner.root}/") if owner.root else path
    if NOT_OURS.search(path) or SAMPLES.search(path) or is_example(path.rpartition("/")[0]) or _PRIVATE.search(below):
        return None
    if (found := _INCLUDE.fullmatch(path)) is not None:
        return found["name"]
    return below if owner.root in crates and not below.startswith(("src/", "target/")) else None


def _surface(tree: Tree, package: str, names: dict[str, str]) -> Surface:
    blind: list[Blind] = []
    plain: dict[str, Plain] = {}
    items: dict[str, Item] = {}
    for path, name in names.items():
        items[name] = Item(path=name, kind=ItemKind.FILE, place=Place(path=path, line=1), signature=f"#include <{name}>")
        try:
            text = tree.read(path)
        except RepositoryError as error:
            blind.append(Blind(symbol=name, place=Place(path=path, line=error.line), why=error.message))
            continue
        if len(text) > LARGEST:
            blind.append(Blind(symbol=name, place=Place(path=path), why=f"longer than {LARGEST // 2**20} MiB"))
            continue
        one = preprocess(text)
        if (found := _CPP.search(one.text)) is not None:
            blind.append(Blind(symbol=name, place=Place(path=path, line=one.text.count("\n", 0, found.start()) + 1), why="this is C++, which is not read"))
            continue
        plain[path] = one
    macros: dict[str, list[Macro]] = {}
    for one in plain.values():
        for macro in one.macros:
            macros.setdefault(macro.name, []).append(macro)
    empty, around = attributes(macros), wrappers(macros)
    aliases: dict[str, str] = {}
    known: dict[str, str] = {}
    headers = [Header(path=path, plain=one, empty=empty, around=around, aliases=aliases, known=known) for path, one in plain.items()]
    for header in headers:
        header.collect_aliases()
    for header in headers:
        for item in header.items():
            _add(items, item)
        blind += header.blind
    basis = {path: _basis(tree, path) for path in {one.place.path for one in blind} if path in plain}
    blind = [replace(one, basis=basis.get(one.place.path, "")) for one in blind]
    return Surface(surface=SURFACE, package=package, items=items, blind=tuple(blind))


def _basis(tree: Tree, path: str) -> str:
    """Give a digest of a header and of all headers of the repository that it may include: what its declarations say depends on no more."""
    texts: dict[str, str] = {}
    pending = [path]
    while pending:
        one = pending.pop()
        if one in texts:
            continue
        try:
            texts[one] = tree.read(one)
        except RepositoryError:
            return ""
        pending += [found for name in _INCLUDED.findall(texts[one]) for found in tree.paths(f"**/{name.rpartition('/')[2]}")]
    return sha256("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode(errors="surrogatepass")).hexdigest()


def _add(items: dict[str, Item], item: Item) -> None:
    """Add an item: a body stands before a mere declaration; what two branches say alike stands under no condition."""
    old = items.get(item.path)
    if old is None or "unread" in old.traits or ("opaque" in old.traits and "opaque" not in item.traits):
        items[item.path] = item
    elif "opaque" in item.traits or "unread" in item.traits:
        return
    elif _said(old) == _said(item):
        items[item.path] = replace(old, condition=None) if old.condition != item.condition else old
    else:
        items.setdefault(f"{item.path} [{item.condition}]", replace(item, path=f"{item.path} [{item.condition}]"))


def _said(item: Item) -> tuple[object, ...]:
    return (item.kind, item.bases, item.value, item.annotation, item.call and (tuple(one.annotation for one in item.call.parameters), item.call.returns))
