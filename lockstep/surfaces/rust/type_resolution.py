"""What a written type certainly means: one of Rust itself, of its standard library, or of the repository; see `comparison.rust_types` for the notation.

What a condition, a macro, a crate from elsewhere or a generic parameter decides is not certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from lockstep.comparison.rust_types import OWN, UNKNOWN
from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surfaces.rust.standard_library import PRELUDE, PRIMITIVES, RESULT_ALIASES, ROOTS, STANDARD, TRAITS, written
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import EDITION_OF_ROOTS, Item, Module, Use
from lockstep.surfaces.rust_source.types import Array, Borrowed, Named, RustType, Tuple, read

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 16
_NOTHING_OPEN = 2**31
_LENGTH = pattern(r"\d+")


@dataclass(frozen=True, slots=True)
class _Standard:
    """Something of the standard library, by its path below the root; the root itself has none."""

    path: tuple[str, ...]


_Found: TypeAlias = Item | Module | _Standard | None
_Sought: TypeAlias = Item | Module | _Standard | bool | None


class TypeResolver:
    """Resolves types where they are written; what is not certain is UNKNOWN."""

    def __init__(self) -> None:
        self._types: dict[Module, dict[str, list[Item]]] = {}
        self._children: dict[Item, Module] = {}
        self._known: dict[tuple[Module, str], str] = {}
        self._names: dict[tuple[Module, str], _Found] = {}
        self._targets: dict[tuple[Module, Use], _Found] = {}
        self._open: dict[tuple[Module, Use], int] = {}
        """The globs whose targets are being sought, each with its depth among them."""
        self._lowest = _NOTHING_OPEN
        """The lowest of the open globs that was met again, on which what was found since depends."""

    def resolve(self, text: str, module: Module, given: Mapping[str, str]) -> str:
        """Say what a written type means; `given` is what generic parameters stand for."""
        if text in PRIMITIVES:
            return text
        if any(name in text for name in given):
            return self._type(read(text), module, given, 0)
        known = self._known.get((module, text))
        if known is None:
            known = self._known[module, text] = self._type(read(text), module, {}, 0)
        return known

    def own(self, node: Node, module: Module) -> Item | None:
        """Give the struct, enum or union of the repository that a type names."""
        found = read(content(node))
        target = self._path(found.path, module, 0) if isinstance(found, Named) else None
        return target if isinstance(target, Item) and target.kind in (Kind.STRUCT, Kind.ENUM, Kind.UNION) else None

    def module(self, path: tuple[str, ...], module: Module) -> Module | None:
        """Give the module of the repository that a path certainly leads to."""
        found = self._path(path, module, 0)
        return found if isinstance(found, Module) else None

    def is_known(self, name: str, module: Module) -> bool:
        """Say whether a name is certainly declared here, or brought by a glob of the repository or of the standard library."""
        return name in self._declared(module) or self._name(module, name, module, 0) is not None

    def is_certain(self, use: Use, module: Module) -> bool:
        """Say whether it is known what a glob brings the names of."""
        return self._target(use, module, 0) is not None

    def trait_prefix(self, module: Module, written_path: str) -> str:
        """Give what tells a trait from the well-known one of its name: nothing where it certainly is that one, or has another name."""
        path = tuple(part.strip() for part in written_path.split("::"))
        known = TRAITS.get(path[-1])
        if known is None:
            return ""
        found = self._path(path, module, 0)
        if isinstance(found, _Standard) and ("::".join(found.path) == known or (found.path[:1] == ("prelude",) and path[-1] in PRELUDE)):
            return ""
        if len(path) > 1:
            return f"{path[-2]}::"
        uses = module.named.get(path[0], ())
        if uses:
            return f"{uses[0].path[0]}::"
        return "" if found is None and path[0] in PRELUDE else "self::"  # a glob of another crate leaves the names of the prelude alone

    def _type(self, found: RustType, module: Module, given: Mapping[str, str], depth: int) -> str:
        if depth > _DEEPEST:
            return UNKNOWN

        def inner(one: RustType) -> str:
            return self._type(one, module, given, depth + 1)

        match found:
            case Tuple(items=items):
                return f"({','.join(map(inner, items))})"
            case Borrowed(to=to, how=how):
                return f"{how}{inner(to)}" if how == "&" else f"{how} {inner(to)}"
            case Array(of=of, length=length):
                said = f";{length if _LENGTH.fullmatch(length) else UNKNOWN}" if length else ""
                return f"[{inner(of)}{said}]"
            case Named(path=path, arguments=arguments):
                if path[0] in given or path[0] == "Self":
                    return given.get(path[0], UNKNOWN) if len(path) == 1 and not arguments else UNKNOWN
                target = self._path(path, module, depth)
                if len(path) == 1 and path[0] in PRIMITIVES and (isinstance(target, Module) or target == _Standard(path)):
                    return path[0]  # `use std::str` brings the module, and no type stands before the primitive one
                if target is None and not arguments:
                    return self._foreign(path, module)
                return self._named(target, [inner(one) for one in arguments], depth)
            case _:
                return UNKNOWN

    def _foreign(self, path: tuple[str, ...], module: Module) -> str:
        """Name a type of a crate from elsewhere where its path is written, or where one import brings it."""
        uses = module.named.get(path[0], ())
        if self._declared(module).get(path[0]) or len(uses) > 1 or any(one.attributes.condition is not None for one in uses):
            return UNKNOWN
        whole = (*uses[0].path, *path[1:]) if uses else path
        crate = module.library.foreign.get(whole[0])
        return f"::{crate}::{whole[-1]}" if crate is not None and len(whole) > 1 and whole[-1][:1].isupper() else UNKNOWN

    def _named(self, target: _Found, arguments: list[str], depth: int) -> str:
        match target:
            case _Standard(path=path):
                return written("::".join(path), arguments)
            case Item(kind=Kind.STRUCT | Kind.ENUM | Kind.UNION):
                return OWN
            case Item(kind=Kind.ALIAS):
                return self._alias(target, arguments, depth)
            case _:
                return UNKNOWN

    def _alias(self, item: Item, arguments: list[str], depth: int) -> str:
        """Put what is given to an alias into what it stands for."""
        given: dict[str, str] = {}
        held = item.node.child_by_field_name("type_parameters")
        for one in held.named_children if held is not None else ():
            match one.type:
                case "lifetime_parameter":
                    continue
                case "type_parameter":
                    default = one.child_by_field_name("default_type")
                    known = arguments[len(given)] if len(given) < len(arguments) else None
                    given[content(one.child_by_field_name("name"))] = known or (self._type(read(content(default)), item.module, given, depth + 1))
                case _:
                    return UNKNOWN
        return self._type(read(content(item.node.child_by_field_name("type"))), item.module, given, depth + 1)

    # ---- names

    def _path(self, path: tuple[str, ...], module: Module, depth: int) -> _Found:
        """Say what a path means, if every step to it is certain."""
        if depth > _DEEPEST:
            self._lowest = -1
            return None
        head, *rest = path
        current: _Found
        if head in ("crate", "self", "super"):
            current, rest = _relative(path, module)
        elif not rest:
            return self._name(module, head, module, depth)
        else:
            current = self._name(module, head, module, depth)
            if current is None and head in ROOTS and not self._is_declared(module, head):
                current = _Standard(())
        for name in rest:
            match current:
                case _Standard(path=above):
                    current = _Standard((*above, name))
                case Module():
                    current = self._name(current, name, module, depth + 1)
                case _:
                    return None
        return current

    def _name(self, module: Module, name: str, viewer: Module, depth: int) -> _Found:
        """Say what a name means in a module, for one who looks from `viewer`: what it declares or imports, then what its globs bring, then the prelude."""
        if module is viewer and (module, name) in self._names:
            return self._names[module, name]
        found = self._seek(module, name, viewer, depth, set())
        if isinstance(found, bool):
            always = PRELUDE.get(name) or (f"primitive::{name}" if name in PRIMITIVES else "") if module is viewer else ""
            found = _Standard(tuple(always.split("::"))) if always else None
        if module is viewer and not depth:
            self._names[module, name] = found
        return found

    def _seek(self, module: Module, name: str, viewer: Module, depth: int, seen: set[Module]) -> _Sought:
        """Give what a module has under a name, False where it has nothing, None where that is not certain."""
        if depth > _DEEPEST:
            self._lowest = -1
            return False
        if module in seen:
            return False
        seen.add(module)
        declared, named = self._declared(module).get(name, ()), module.named.get(name, ())
        if declared or named:
            inside = module.contains(viewer)
            own = [one for one in declared if one.public or inside]
            uses = [one for one in named if one.public or inside]
            if own or uses:
                return self._one(module, own, uses, depth)
        if module.block:
            return None
        return self._behind_globs(module, name, viewer, depth, seen)

    def _one(self, module: Module, own: list[Item], uses: list[Use], depth: int) -> _Found:
        """Give what the only declaration of a name, or its only import, means."""
        if len(own) + len(uses) > 1 or any(one.attributes.condition is not None for one in own):
            return None
        if own:
            return self._children.get(own[0]) if own[0].kind is Kind.MODULE else own[0]
        return self._imported(uses[0], module, depth)

    def _behind_globs(self, module: Module, name: str, viewer: Module, depth: int, seen: set[Module]) -> _Sought:
        found: _Sought = False
        brought: _Sought
        for use in module.globs:
            if not (use.public or module.contains(viewer)):
                continue
            target = self._target(use, module, depth)
            match target:
                case Module():
                    brought = self._seek(target, name, viewer, depth + 1, seen)
                case _Standard(path=path):
                    known = "::".join((*path, name))
                    brought = _Standard((*path, name)) if known in STANDARD or known in RESULT_ALIASES or TRAITS.get(name) == known else False
                case Item():  # the variants of an enum are no types
                    brought = False
                case None:
                    brought = None if not _brings_no(use, name) else False
            if brought is False:
                continue
            if brought is None or use.attributes.condition is not None or (found is not False and found != brought):
                return None
            found = brought
        return found

    def _target(self, use: Use, module: Module, depth: int) -> _Found:
        """Give what a glob brings the names of, found once; what it takes itself to find that is not certain.

        What was cut short, by another glob that is still sought or by the depth, is not kept: for another it may be certain.
        """
        key = (module, use)  # modules that are read from the same text have the same imports
        if key in self._targets:
            return self._targets[key]
        if key in self._open:
            self._lowest = min(self._lowest, self._open[key])
            return None
        at, before = len(self._open), self._lowest
        self._open[key], self._lowest = at, _NOTHING_OPEN
        found = self._imported(use, module, depth) or self._below(use, module)
        del self._open[key]
        if self._lowest >= at:
            self._targets[key], self._lowest = found, before
        else:
            self._lowest = min(before, self._lowest)
        return found

    def _below(self, use: Use, module: Module) -> Module | None:
        """Give the only module of its name right below, which may be there under a condition: so is a glob of what is in it."""
        path = use.path[1:] if use.path[0] == "self" else use.path
        declared = self._declared(module).get(path[0], ()) if len(path) == 1 and not use.absolute else ()
        return self._children.get(declared[0]) if len(declared) == 1 else None

    def _imported(self, use: Use, module: Module, depth: int) -> _Found:
        path = use.path
        if use.is_crate:
            return _Standard(()) if path[0] in ROOTS else None
        if use.attributes.condition is not None and use.name != "*":
            return None
        if path[0] in ROOTS and (use.absolute or not self._is_declared(module, path[0])):
            return _Standard(path[1:])
        if use.absolute:
            return None
        start = module.root if module.library.edition <= EDITION_OF_ROOTS else module
        return self._path(path, start, depth + 1) if path != (use.name,) or start is not module else None

    def _declared(self, module: Module) -> Mapping[str, list[Item]]:
        """Give the types and modules that a module declares."""
        if module not in self._types:
            found: dict[str, list[Item]] = {}
            for one in module.items:
                if one.kind not in (Kind.FUNCTION, Kind.CONSTANT, Kind.MACRO):
                    found.setdefault(one.name, []).append(one)
            self._types[module] = found
            for space in module.spaces.values():
                self._children |= {one.item: one for one in space.values() if isinstance(one, Module) and one.item is not None}
        return self._types[module]

    def _is_declared(self, module: Module, name: str) -> bool:
        """Say whether a module has a name of its own that is a root of the standard library elsewhere."""
        return name in self._declared(module) or any(not one.is_crate and one.path != (name,) for one in module.named.get(name, ()))


def _relative(path: tuple[str, ...], module: Module) -> tuple[Module | None, list[str]]:
    current: Module | None = module
    while current is not None and current.block:
        current = current.parent
    if path[0] == "crate":
        return module.root, list(path[1:])
    index = 0
    while index < len(path) and path[index] in ("self", "super") and current is not None:
        current = current.parent if path[index] == "super" else current
        index += 1
    return current, list(path[index:])


def _brings_no(use: Use, name: str) -> bool:
    """Say whether a glob of a crate from elsewhere leaves a name alone: preludes offer no types with the names of Rust's own, results aside."""
    return name in PRIMITIVES or (name in PRELUDE and name != "Result" and "prelude" in use.path)
