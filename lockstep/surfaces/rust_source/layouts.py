"""What one text declares in one build, laid out once: every module that is read from it, for another crate or another release, takes it from there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass
from lockstep.surfaces.rust_source.conditions import Build, joined
from lockstep.surfaces.rust_source.items import Declaration, Kind, Text, awaiting, content, declarations, raws_of, under
from lockstep.surfaces.rust_source.module_tree import Impl, Item, Module, Space, Use, impl_of, inactive_impl, uses_of
from lockstep.surfaces.rust_source.tokens import unraw

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERAL = re.compile(r'"([^"]*)"')
_VALUES = (Kind.FUNCTION, Kind.CONSTANT)
_FOLLOWED = (Kind.MACRO, Kind.CALL, Kind.MODULE, Kind.EXTERN_BLOCK)
"""What is more than a name in its module: a program follows it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plain:
    """Declarations one after the other that are no more than names in their module, by what they are.

    `spoken_for` gives for each namespace which of the items speaks for a name, where the module is there in every build.
    """

    items: tuple[Declaration, ...]
    impls: tuple[Declaration, ...]
    uses: tuple[Use, ...]
    named: Mapping[str, list[Use]]
    globs: tuple[Use, ...]
    spoken_for: Mapping[Space, Mapping[str, int]]

    def put(self, module: Module, text: Text) -> list[Impl]:
        """Put the items and the imports into a module; give its impl blocks."""
        if self.uses:
            module.add_imports(self.uses, self.named, self.globs)
        if self.items:
            above = module.condition
            module.declare_all(
                [
                    Item(
                        kind=one.kind,
                        name=one.name,
                        node=one.node,
                        text=text,
                        module=module,
                        attributes=one.attributes,
                        public=one.public,
                        exported=one.exported,
                        condition=one.attributes.condition if above is None else joined(above, one.attributes.condition),
                    )
                    for one in self.items
                ],
                self.spoken_for if above is None else None,
            )
        return [impl_of(module, one, text) for one in self.impls]


Step: TypeAlias = Plain | Declaration


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """What a text declares, in its order; `inactive` are the impl blocks that wait for a feature."""

    steps: tuple[Step, ...]
    inactive: tuple[Node, ...]

    def inactive_impls(self, module: Module, text: Text) -> list[Impl]:
        """Give the impl blocks that wait for a feature."""
        return [inactive_impl(module, node, text) for node in self.inactive]


def layout_of(node: Node, text: Text, build: Build) -> Layout:
    """Give what stands below a node of a text, in one build: it is the same in all that agree on the features that are named there."""
    return _layout(node, text.path, text.line, text.condition, _as_far_as_named(node, build))


def _as_far_as_named(node: Node, build: Build) -> Build | None:
    """Give of a build what the attributes below a node can ask for; None where that is nothing."""
    named = _named(node)
    if named is None:
        return build
    if not named:
        return None
    features, choices = named & build.features, None if build.choices is None else named & build.choices
    return Build(features=features, given=build.given, absent=build.absent, uncertain=build.uncertain, choices=choices)


_WITHOUT = frozenset({""})
"""Stands for attributes that ask for no feature, and may ask for other things."""


@lru_cache(maxsize=65_536)
def _named(node: Node) -> frozenset[str] | None:
    """Give every text in the attributes below a node that ask for something, which may be the name of a feature; nothing where none asks, None for any."""
    raws = raws_of(node)
    if any("\\" in raw for raw in raws):
        return None
    return _WITHOUT.union(*map(_LITERAL.findall, raws)) if raws else frozenset()


@lru_cache(maxsize=32_768)
def _layout(node: Node, path: str, line: int | None, condition: str | None, in_build: Build | None) -> Layout:
    steps: list[Step] = []
    run: list[Declaration] = []
    build = in_build or Build()
    for declared in declarations(node, build):
        one = under(declared, condition)
        if one.kind not in _FOLLOWED:
            run.append(one)
            continue
        if run:
            steps.append(_plain(run, path, line))
            run = []
        steps.append(one)
    if run:
        steps.append(_plain(run, path, line))
    return Layout(steps=tuple(steps), inactive=tuple(left for left in awaiting(node, build) if left.type == "impl_item"))


def _plain(run: list[Declaration], path: str, line: int | None) -> Plain:
    items: list[Declaration] = []
    impls: list[Declaration] = []
    uses: list[Use] = []
    for one in run:
        match one.kind:
            case Kind.USE:
                uses += uses_of(one, path, line)
            case Kind.EXTERN_CRATE:
                uses.append(_extern_crate(one, path, line))
            case Kind.IMPL:
                impls.append(one)
            case _:
                items.append(one)
    named: dict[str, list[Use]] = {}
    for use in uses:
        if use.name != "*":
            named.setdefault(use.name, []).append(use)
    spoken_for: dict[Space, dict[str, int]] = {Space.TYPES: {}, Space.VALUES: {}}
    for number, one in enumerate(items):
        names = spoken_for[Space.VALUES if one.kind in _VALUES else Space.TYPES]
        known = names.get(one.name)
        if known is None or (items[known].attributes.condition is not None and one.attributes.condition is None):
            names[one.name] = number
    globs = tuple(use for use in uses if use.name == "*")
    return Plain(items=tuple(items), impls=tuple(impls), uses=tuple(uses), named=named, globs=globs, spoken_for=spoken_for)


def _extern_crate(one: Declaration, path: str, line: int | None) -> Use:
    return Use(
        name=unraw(content(one.node.child_by_field_name("alias"))) or one.name,
        path=(one.name,),
        absolute=True,
        public=one.public,
        attributes=one.attributes,
        place=Text(path=path, line=line).place(one.node),
        exported=one.exported,
        is_crate=True,
    )
