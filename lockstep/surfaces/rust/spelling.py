"""Types, bounds and generic parameters as texts that are equal where only the spelling differs.

What differs still may mean the same: another alias, an import under another name. Lifetimes other than `'static` are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surface import TypeParameter
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.items import content, members

if TYPE_CHECKING:
    from tree_sitter import Node

Scope: TypeAlias = Callable[[str], str]
"""Gives what to write before the path of a trait with a well-known name that is not the standard library's: `other::` of `Hash`."""

_COMMENT = pattern(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_LIFETIME = pattern(r"'(?!static\b)[A-Za-z_]\w*(?!')\s*(?:,\s*)?")
_MODULES = pattern(r"(?<![\w>])(?:\$?\b(?:r#)?[a-z_][a-z0-9_]*\s*::\s*)+(?=[A-Za-z_])|(?<![\w>:])::(?=\s*\w)")
_APART = pattern(r"(?<=\w)(?<!\bas)(?<!\bdyn)(?<!\bmut)(?<!\bimpl)(?<!\bconst)\s+::")
"""A path that a macro put together."""
_PUNCTUATION = pattern(r"\s*(->|::|[<>(),;&\[\]:=|+*!?{}])\s*")
_SPACED = pattern(r"->|[,;+=]|(?<!:):(?!:)|(?<=mut|dyn)(?=[\[(])|(?<=const)(?=[\[(])")
_EMPTY = pattern(r"for<>\s?|<>|(?<=[\w>)\]]) ?\+\s*(?=[,>)]|$)|,\s*(?=[>\]])")
_LAST_COMMA = pattern(r",\s*\)")
_WORD = pattern(r"(?<![\w'])[^\W\d]\w*\b(?!\s*:[^:])")
_PATH = pattern(r"(?:\w+\s*::\s*)*\w+")
_BEFORE = {"": " ", "->": " -> ", ",": ", ", ";": "; ", "+": " + ", "=": " = ", ":": ": "}


MOST_LISTS = 100
"""Lists of one type that end in a comma; where there are more, what follows that comma is compared as it is written, for each is looked at from its end."""


@lru_cache(maxsize=32_768)
def spelled(text: str) -> str:
    """Write a type or a bound: paths by what follows their modules, without lifetimes, with one way to put spaces."""
    if text.isidentifier():
        return text
    if "/" in text:
        text = _COMMENT.sub(" ", text)
    if "'" in text:
        text = _LIFETIME.sub("", text)
    if "::" in text:
        text = _APART.sub("::", text)
        text = _MODULES.sub("", text)
    text = _PUNCTUATION.sub(r"\1", " ".join(text.split()))
    text = _EMPTY.sub("", text)
    if 0 < text.count(",)") <= MOST_LISTS:
        text = _LAST_COMMA.sub(_end_of_tuple, text)
    return _SPACED.sub(lambda found: _BEFORE[found[0]], text).strip()


def _end_of_tuple(found: re.Match[str]) -> str:
    """Give the end of a list in brackets without a comma that says nothing; that of a tuple of one makes the tuple."""
    depth = 0
    for index in range(found.start() - 1, -1, -1):
        one = found.string[index]
        depth += (one in ")]}>" and found.string[index - 1 : index + 1] != "->") - (one in "([{<")
        if depth < 0:
            return ")" if index and (found.string[index - 1].isalnum() or found.string[index - 1] == ">") else ",)"
        if one == "," and not depth:
            return ")"
    return ",)"


_FEW = 16
"""Names, below which looking for each in a text takes less time than looking at each of its words."""


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Write a spelled text with other names for generic parameters."""
    if len(names) < _FEW and not any(name in text for name in names):
        return text
    return _WORD.sub(lambda found: names.get(found[0], found[0]), text)


def parameter_names(node: Node, build: Build, prefix: str = "T") -> Mapping[str, str]:
    """Give the types and constants among the generic parameters of an item, each with the name that stands for it by its position."""
    head = _head(node)
    return _parameter_names(head, head.in_build(build), prefix) if head.parameters is not None else _NO_NAMES


_NO_NAMES: Mapping[str, str] = MappingProxyType({})


@lru_cache(maxsize=32_768)
def _parameter_names(head: _Head, build: Build | None, prefix: str) -> Mapping[str, str]:
    found = (content(child.child_by_field_name("name")) for child in _children(head, build) if child.type in ("type_parameter", "const_parameter"))
    return MappingProxyType({name: f"{prefix}{index}" for index, name in enumerate(found)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Head:
    """Where an item has generic parameters and a where clause; `varies` says whether a build may have others."""

    parameters: Node | None
    clause: Node | None
    varies: bool

    def in_build(self, build: Build) -> Build | None:
        """Give a build, None where it says nothing."""
        return build if self.varies else None


@lru_cache(maxsize=65_536)
def _head(node: Node) -> _Head:
    """Find the generic parameters of an item, once for all who read it."""
    parameters = node.child_by_field_name("type_parameters")
    clause = next((child for child in node.named_children if child.type == "where_clause"), None)
    if parameters is None and clause is None:
        return _BARE
    return _Head(parameters=parameters, clause=clause, varies="cfg" in content(parameters))


_BARE = _Head(parameters=None, clause=None, varies=False)


def _children(head: _Head, build: Build | None) -> Iterable[Node]:
    """Give the generic parameters that this build has; one that another feature has instead is no other parameter."""
    return (one for one, attributes in members(head.parameters, build or Build()) if attributes.condition is None)


def generics(node: Node, build: Build, names: Mapping[str, str], scope: Scope) -> tuple[TypeParameter, ...]:
    """Give the generic parameters of an item, named by position, with what its where clause says of them; what that says of others comes last."""
    head = _head(node)
    if head is _BARE:
        return ()
    found: list[TypeParameter] = []
    wheres = dict[str, list[str]]()
    for predicate in head.clause.named_children if head.clause is not None else ():
        left = renamed(spelled(content(predicate.child_by_field_name("left"))), names)
        wheres.setdefault(left, []).append(_bounds(predicate, names, scope))
    lifetimes = 0
    for child in _children(head, head.in_build(build)):
        match child.type:
            case "lifetime_parameter":
                found.append(TypeParameter(name=f"'{lifetimes}"))
                lifetimes += 1
            case "type_parameter":
                name = names.get(content(child.child_by_field_name("name")), "")
                bounds = [_bounds(child, names, scope), *wheres.pop(name, ())]
                found.append(TypeParameter(name=name, bound=_together(bounds), default=_default(child, "default_type", names)))
            case "const_parameter":
                name = names.get(content(child.child_by_field_name("name")), "")
                kind = spelled(content(child.child_by_field_name("type")))
                found.append(TypeParameter(name=f"const {name}", bound=kind, default=_default(child, "value", names)))
            case _:
                pass
    found += [TypeParameter(name=f"where {left}", bound=said) for left, each in sorted(wheres.items()) if (said := _together(each))]
    return tuple(found)


def within(parameters: tuple[TypeParameter, ...], around: Iterable[TypeParameter]) -> tuple[TypeParameter, ...]:
    """Give the generic parameters of a member with what the impl block asks of its own, as if the member's where clause said it."""
    wheres = {one.name: one.bound or "" for one in parameters if one.name.startswith("where ")}
    for one in around:
        if one.bound and not one.name.startswith(("'", "const ")):
            name = f"where {one.name.removeprefix('where ')}"
            wheres[name] = _together([one.bound, wheres.get(name, "")]) or ""
    plain = [one for one in parameters if not one.name.startswith("where ")]
    return (*plain, *(TypeParameter(name=name, bound=said) for name, said in sorted(wheres.items())))


def asked_around(node: Node, build: Build, names: Mapping[str, str], scope: Scope) -> tuple[TypeParameter, ...]:
    """Give what an impl block asks of its parameters, and `where impl` with its type where that is not the plain type with all of them in order."""
    asked = generics(node, build, names, scope)
    itself = renamed(spelled(content(node.child_by_field_name("type"))), names)
    _, angle, arguments = itself.partition("<")
    if angle + arguments == (f"<{', '.join(names.values())}>" if names else ""):
        return asked
    return (*asked, TypeParameter(name="where impl", bound=itself))


def _default(node: Node, name: str, names: Mapping[str, str]) -> str | None:
    held = node.child_by_field_name(name)
    return renamed(spelled(content(held)), names) if held is not None else None


def _bounds(node: Node, names: Mapping[str, str], scope: Scope) -> str:
    return " + ".join(_each_bound(node, names, scope))


def _each_bound(node: Node, names: Mapping[str, str], scope: Scope) -> Iterator[str]:
    held = node.child_by_field_name("bounds")
    for one in held.named_children if held is not None else ():
        written = content(one)
        if text := renamed(spelled(written), names):
            path = _PATH.match(written)
            yield f"{scope(path[0])}{text}" if path is not None else text


def _together(bounds: Iterable[str]) -> str | None:
    """Write bounds in one order."""
    return " + ".join(sorted({one for each in bounds for one in each.split(" + ") if one})) or None


def bounds_of(node: Node, names: Mapping[str, str], scope: Scope) -> tuple[str, ...]:
    """Give what stands behind the colon of a trait or an associated type, one by one."""
    return tuple(text for text in _each_bound(node, names, scope) if not text.startswith("'"))


def _lifetime(name: str) -> str:
    """Write a lifetime, which is named by its number, as Rust code may: https://doc.rust-lang.org/reference/tokens.html#lifetimes-and-loop-labels."""
    number = int(name[1:])
    return f"'{chr(ord('a') + number)}" if number < 26 else f"'l{number}"


def shown(parameters: Iterable[TypeParameter]) -> str:
    """Write generic parameters for readers, without bounds; lifetimes are `'a`, `'b`, ... by their order, whatever the source calls them."""
    names = [_lifetime(one.name) if one.name.startswith("'") else one.name for one in parameters if not one.name.startswith("where ")]
    return f"<{', '.join(names)}>" if names else ""
