"""The fields of a struct, a union or a variant, and its shape: unit, tuple or named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.surface import RustFact
from lockstep.surfaces.rust.spelling import renamed, spelled
from lockstep.surfaces.rust_source.attributes import Attributes, judged
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.items import content, members, visibility
from lockstep.surfaces.rust_source.tokens import unraw

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One field, by its name or its position."""

    name: str
    node: Node
    type: Node | None
    kind: str
    public: bool
    attributes: Attributes


def shape_text(shape: str, fields: Sequence[Field]) -> str:
    """Write the fields behind a name as users see them."""
    match shape:
        case RustFact.TUPLE:
            return f"({', '.join(one.kind if one.public else '_' for one in fields)})"
        case RustFact.NAMED:
            seen = [f"{one.name}: {one.kind}" for one in fields if one.public]
            seen += [".."] if len(seen) < len(fields) else []
            return f" {{ {', '.join(seen)} }}" if seen else " {}"
        case _:
            return ""


def fields_of(body: Node | None, build: Build, names: Mapping[str, str], *, public: bool) -> tuple[tuple[Field, ...], str]:
    """Give the fields of a struct or a variant, and its shape; those of a variant are as public as the variant."""
    if body is None:
        return (), RustFact.UNIT
    return _fields_of(body, build if "cfg" in content(body) else None, tuple(names.items()), public)


@lru_cache(maxsize=32_768)
def _fields_of(body: Node, in_build: Build | None, named: tuple[tuple[str, str], ...], public: bool) -> tuple[tuple[Field, ...], str]:  # noqa: FBT001 - a key
    """Read fields, once for all crates that give the type to their users; no build where all have the same."""
    found: list[Field] = []
    names, build = dict(named), in_build or Build()
    if body.type == "ordered_field_declaration_list":
        raws: list[str] = []
        seen = ""
        for child in body.named_children:
            match child.type:
                case "attribute_item":
                    raws.append(content(child.named_children[0]) if child.named_child_count else "")
                case "visibility_modifier":
                    seen = content(child)
                case "line_comment" | "block_comment":
                    pass
                case _:
                    attributes = judged(raws, build)
                    if attributes is not None:
                        kind = renamed(spelled(content(child)), names)
                        found.append(Field(name=str(len(found)), node=child, type=child, kind=kind, public=public or seen == "pub", attributes=attributes))
                    raws, seen = [], ""
        return tuple(found), RustFact.TUPLE
    for node, attributes in members(body, build, "field_declaration"):
        name = unraw(content(node.child_by_field_name("name")))
        written_type = node.child_by_field_name("type")
        kind = renamed(spelled(content(written_type)), names)
        shown_to_all = public or visibility(node) == "pub"
        found.append(Field(name=name, node=node, type=written_type, kind=kind, public=shown_to_all, attributes=attributes))
    return tuple(found), RustFact.NAMED
