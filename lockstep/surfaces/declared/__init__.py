"""What the configuration declares as promised: schemas by their keys, constants and lists by their values, other files as touched or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lockstep.config import Config, DeclaredConfig
from lockstep.config.reading import load
from lockstep.errors import ConfigError, ManifestError, RepositoryError
from lockstep.model import Package, Place
from lockstep.surface import Blind, Item, ItemKind, Stability, Surface
from lockstep.surfaces.declared.documents import document
from lockstep.surfaces.declared.schemas import keys
from lockstep.text.toml import Lines
from lockstep.tree import Tree

SURFACE = "declared"
C_HEADER = "c-header"
LONGEST = 200
"""Characters of the longest value of a constant."""
_WORD = r"(?P<value>\w(?:[\w./+-]{0,100}\w)?)"
"""One of several values: an option, a code, a version, a key."""


def read(tree: Tree, packages: Sequence[Package], config: Config | None = None) -> tuple[Surface, ...]:
    """Read what is declared; without a configuration, the tree's own. Compare two trees with one configuration, the later one's."""
    if config is None:
        try:
            config = load(tree)
        except (ConfigError, ManifestError, RepositoryError):
            return ()  # who opened the tree was told
    found: dict[str, tuple[dict[str, Item], list[Blind]]] = {}
    for one in config.declared:
        if one.kind == C_HEADER and tree.paths(one.path):
            continue  # the reader of C has it
        paths = [path for path in tree.paths(one.path) if not config.excludes(path)]
        if not paths:
            items, blind = found.setdefault(_owner(one.path, packages), ({}, []))
            blind.append(Blind(symbol=one.name or one.path, place=Place(path=config.path, line=one.line), why=f"nothing here is called {one.path}"))
        for path in paths:
            items, blind = found.setdefault(_owner(path, packages), ({}, []))
            name = one.name if one.name and len(paths) == 1 else path
            try:
                items |= {item.path: item for item in _items(one, name, path, tree.read(path), blind) if item.path not in items or item.kind is ItemKind.FILE}
            except (RepositoryError, ManifestError) as error:
                blind.append(Blind(symbol=name, place=Place(path=path, line=error.line), why=error.message))
    return tuple(Surface(surface=SURFACE, package=package, items=items, blind=tuple(blind)) for package, (items, blind) in found.items())


def _owner(path: str, packages: Sequence[Package]) -> str:
    above = [package for package in packages if not package.root or path.startswith(f"{package.root}/")]
    return max(above, key=lambda package: len(package.root)).name if above else next((package.name for package in packages), "")


def _items(one: DeclaredConfig, name: str, path: str, text: str, blind: list[Blind]) -> Iterator[Item]:
    match one.kind:
        case "json-schema":
            yield from _schema(one, name, path, text, blind)
        case "constant":
            yield from _constant(one, name, path, text, blind)
        case "values":
            yield from _values(one, one.name or path, path, text, blind)
        case _:
            digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
            yield Item(path=name, kind=ItemKind.FILE, place=Place(path=path, line=1), value=digest, stability=Stability(one.stability))


def _schema(one: DeclaredConfig, name: str, path: str, text: str, blind: list[Blind]) -> Iterator[Item]:
    body, spots = document(path, text)
    stability = Stability(one.stability)
    directions = {"in", "out"} if one.direction == "both" else {one.direction}
    found, whole = keys(body)
    if not whole:
        blind.append(Blind(symbol=name, place=Place(path=path, line=1), why="too large, or its references branch too much"))
    for key in found:
        types, values = sorted(key.types), sorted(key.values)
        traits = {*({key.direction} if key.direction else directions), *(["required"] if key.required else []), *(["closed"] if key.closed else [])}
        yield Item(
            path=f"{name}#{key.path}",
            kind=ItemKind.KEY,
            place=Place(path=path, line=spots.of(key.path, key.name, key.above)),
            signature=f"{' | '.join(values or types)}{'' if key.required else ', may be missing'}",
            annotation=" ".join(types),
            bases=tuple(values),
            traits=frozenset(traits),
            stability=stability,
        )


def _constant(one: DeclaredConfig, name: str, path: str, text: str, blind: list[Blind]) -> Iterator[Item]:
    before, _, after = one.pattern.partition("{value}")
    end = re.escape(after) or r"(?=\s|$)"
    found = list(re.finditer(rf"{re.escape(before)}(?P<value>[^\n]{{1,{LONGEST}}}?){end}", text))
    if not found:
        blind.append(Blind(symbol=name, place=Place(path=path, line=1), why=f"no {one.pattern} stands here"))
        return
    if any(first["value"] != second["value"] for first, second in pairwise(found)):
        blind.append(Blind(symbol=name, place=Place(path=path, line=1), why=f"{one.pattern} stands here with several values"))
        return
    value = found[0]["value"].strip()
    line = text.count("\n", 0, found[0].start("value")) + 1
    yield Item(
        path=name,
        kind=ItemKind.CONSTANT,
        place=Place(path=path, line=line),
        signature=found[0][0].strip(),
        value=value,
        stability=Stability(one.stability),
    )


def _values(one: DeclaredConfig, name: str, path: str, text: str, blind: list[Blind]) -> Iterator[Item]:
    """Give each value that stands in the pattern, once: the first place speaks for it."""
    before, _, after = one.pattern.partition("{value}")
    start = rf"(?<!\w){re.escape(before)}" if before[:1].isalnum() else re.escape(before)
    found: dict[str, re.Match[str]] = {}
    for each in re.finditer(rf"{start}{_WORD}{re.escape(after)}", text):
        found.setdefault(each["value"], each)
    if not found:
        blind.append(Blind(symbol=name, place=Place(path=path, line=1), why=f"no {one.pattern} stands here"))
    lines = Lines(text)
    for value, each in found.items():
        yield Item(
            path=f"{name}#{value}",
            kind=ItemKind.CONSTANT,
            place=Place(path=path, line=lines.at(each.start("value"))[0]),
            signature=each[0].strip(),
            value=value,
            traits=frozenset({"listed"}),
            stability=Stability(one.stability),
        )
