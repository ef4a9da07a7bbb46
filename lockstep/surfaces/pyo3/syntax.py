"""The parts of Rust's expressions, as syntax nodes have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lockstep.pattern import pattern
from lockstep.surfaces.rust_source.items import content
from lockstep.surfaces.rust_source.types import Named, RustType, read

if TYPE_CHECKING:
    from tree_sitter import Node


def field(node: Node, name: str) -> Node:
    """Give a part by its name; the last part, or the node itself, where there is none."""
    found = node.child_by_field_name(name)
    return found if found is not None else next(reversed(node.named_children), node)


def expressions(node: Node | None) -> Iterator[Node]:
    """Give the parts of a node without comments and the like."""
    if node is None:
        return iter(())
    return (one for one in node.named_children if one.type not in ("line_comment", "block_comment", "attribute_item", "mutable_specifier", "label"))


_QUALIFIED = pattern(r"<\s*([\w:]+)\s+as\s+[^>]+>\s*::\s*(\w+)")


def path_segments(written: str) -> tuple[str, ...]:
    """Give the parts of a path, without generic arguments and references; `<A as B>::c` is `A::c`."""
    qualified = _QUALIFIED.fullmatch(written)
    found = read(f"{qualified[1]}::{qualified[2]}" if qualified is not None else written.lstrip("& "))
    return found.path if isinstance(found, Named) else ()


def type_arguments(node: Node | None) -> tuple[RustType, ...]:
    """Read generic arguments, lifetimes left out."""
    return tuple(read(content(one)) for one in expressions(node) if one.type != "lifetime")


def type_path(found: RustType) -> str:
    """Write the path of a type; `?` for one that has none."""
    return "::".join(found.path) if isinstance(found, Named) else "?"


def is_error(node: Node) -> bool:
    """Say whether an expression is an error: `Err(...)`."""
    return node.type == "call_expression" and content(node.child_by_field_name("function")) in ("Err", "Result::Err")
