"""Parts of items that are the same wherever they are given on: made once for all crates that do, and for both moments of a comparison.

What a function, a field or a member of an impl block is depends on how it is written, on what the names in it mean in its module, and on the path by which
users meet it. What it asked of the names is kept with it: where they mean the same, it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from lockstep.comparison.rust_types import UNKNOWN
from lockstep.dataclass import dataclass, replace
from lockstep.surface import Item as SurfaceItem
from lockstep.surfaces.rust.exposure import Exposure
from lockstep.surfaces.rust.foreign_crates import ForeignCrates, paths_in, written_types
from lockstep.surfaces.rust.type_resolution import TypeResolver
from lockstep.surfaces.rust_source.items import content
from lockstep.surfaces.rust_source.module_tree import Impl, Item, Module

if TYPE_CHECKING:
    from tree_sitter import Node

    from lockstep.surfaces.rust_source.attributes import Attributes

MOST_KEPT = 300_000
"""Items that are kept for others; then all are dropped."""
MOST_VARIANTS = 4
"""Meanings of the names around one declaration with which it is kept."""

Asked: TypeAlias = tuple[str, str | tuple[str, ...], tuple[str, ...]]
Answers: TypeAlias = Mapping[Asked, str | frozenset[str]]


class Names:
    """Says what the names of a module mean; what is asked while a part is made is noted."""

    def __init__(self) -> None:
        self.types = TypeResolver()
        self.foreign = ForeignCrates(self.types)
        self._noted: dict[Asked, str | frozenset[str]] = {}

    def noted(self) -> dict[Asked, str | frozenset[str]]:
        """Give what was asked since the last time, with the answers."""
        found, self._noted = self._noted, {}
        return found

    def type(self, node: Node | None, module: Module, given: Mapping[str, str]) -> str:
        """Say what the type of a node means; `given` is what generic parameters stand for."""
        text = content(node)
        found = self._noted[("type", text, tuple(given))] = self.types.resolve(text, module, given)
        return found

    def trait_prefix(self, module: Module, path: str) -> str:
        """Give what tells a trait from the well-known one of its name."""
        found = self._noted[("trait", path, ())] = self.types.trait_prefix(module, path)
        return found

    def crates(self, node: Node, module: Module, given: Mapping[str, str]) -> frozenset[str]:
        """Give which crates from elsewhere stand in a declaration, bounds included."""
        return frozenset().union(*[self.crates_of_type(one, module, given) for one in written_types(node)])

    def crates_of_type(self, node: Node | None, module: Module, given: Mapping[str, str]) -> frozenset[str]:
        """Give which crates from elsewhere stand in one type, where it is written."""
        found: set[str] = set()
        for path in paths_in(content(node)):
            if path[0] not in given:
                facts = self._noted[("crate", path, ())] = self.foreign.of(path, module)
                found |= facts
        return frozenset(found)

    def agree(self, answers: Answers, module: Module) -> bool:
        """Say whether in a module the names that were asked for mean what they meant."""
        for (kind, asked, given), answer in answers.items():
            match kind, asked:
                case "type", str():
                    found: str | frozenset[str] = self.types.resolve(asked, module, dict.fromkeys(given, UNKNOWN))
                case "trait", str():
                    found = self.types.trait_prefix(module, asked)
                case _, tuple():
                    found = self.foreign.of(asked, module)
            if found != answer:
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Variant:
    """Items as they were made below a path, with all that they depend on beside their key."""

    path: str
    items: tuple[SurfaceItem, ...]
    attributes: Attributes
    answers: Answers


class _Kept:
    """What was made in this process, and how many items that is."""

    known: ClassVar[dict[Hashable, tuple[_Variant, ...]]] = {}
    count = 0


class SharedItems:
    """Makes items of a program where they are not known yet."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def of(self, what: Hashable, holder: Item | Impl, at: Exposure, make: Callable[[], tuple[list[SurfaceItem], bool]]) -> list[SurfaceItem]:
        """Give `what` of a declaration, as users meet it `at` a path; `make` gives it, and whether nothing but the names in it has a part in it."""
        node, text = holder.node, holder.text
        build = holder.module.library.build if _is_conditional(node) else None
        key = (what, node, text.path, text.line, text.depth, text.condition, holder.condition, build, at.hidden, at.condition, at.varies, at.deprecated)
        variants = _Kept.known.get(key, ())
        for one in variants:
            if one.attributes == holder.attributes and self._names.agree(one.answers, holder.module):
                return list(one.items) if one.path == at.path else [_moved(item, len(one.path), at.path) for item in one.items]
        self._names.noted()
        made, alike = make()
        answers = self._names.noted()
        if alike:
            _Kept.count += len(made) + 1
            if _Kept.count > MOST_KEPT:
                forget()
            _Kept.known[key] = (_Variant(path=at.path, items=tuple(made), attributes=holder.attributes, answers=answers), *variants)[:MOST_VARIANTS]
        return made


def forget() -> None:
    """Drop all that is kept."""
    _Kept.known.clear()
    _Kept.count = 0


@lru_cache(maxsize=65_536)
def _is_conditional(node: Node) -> bool:
    """Say whether a build has a say in what is written there."""
    return "cfg" in content(node)


def _moved(one: SurfaceItem, length: int, path: str) -> SurfaceItem:
    """Give an item that stands below a path of some length below another one."""
    there = path + one.path[length:]
    return replace(one, path=there, origin=there)
