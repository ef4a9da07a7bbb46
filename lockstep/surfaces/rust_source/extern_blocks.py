"""What an `extern` block declares beside functions and statics: types, and under `#[wasm_bindgen]` their methods.

Sources: https://doc.rust-lang.org/reference/items/external-blocks.html, https://rustwasm.github.io/docs/wasm-bindgen/reference/attributes/on-js-imports/index.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lockstep.surfaces.rust_source.attributes import Attribute, judged
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.items import Declaration, Kind, content, parse_expansion, visibility
from lockstep.surfaces.rust_source.tokens import write
from lockstep.surfaces.rust_source.types import Borrowed, Named, read

if TYPE_CHECKING:
    from tree_sitter import Node


def types(body: Node, build: Build) -> Iterator[tuple[Declaration, Node]]:
    """Give each type as the struct that it is for those who use it, nothing of which can be seen, with where it stands.

    The grammar knows no types there: one with a visibility is an error of two names.
    """
    raws: list[str] = []
    for child in body.named_children:
        match child.type:
            case "attribute_item":
                raws += [content(one) for one in child.named_children[:1]]
                continue
            case "line_comment" | "block_comment":
                continue
            case "associated_type":
                name = content(child.child_by_field_name("name"))
            case "ERROR" if any(one.type == "type" for one in child.children):
                name = next((content(one) for one in child.named_children if one.type in ("identifier", "type_identifier")), "")
            case _:
                name = ""
        attributes = judged(raws, build) if name else None
        if attributes is not None:
            seen = visibility(child)
            node = parse_expansion(f"struct {name} {{ opaque: () }}").root.named_children[0]
            yield Declaration(kind=Kind.STRUCT, name=name, node=node, attributes=attributes, public=bool(seen), exported=seen == "pub"), child
        raws = []


def member(function: Declaration) -> tuple[Named, str] | None:
    """Give the type that a function of a `#[wasm_bindgen]` block belongs to, and the impl block that it makes; None for a function that stands alone."""
    said = {name: value for one in function.attributes.named("wasm_bindgen") for name, value in one.options()}
    node = function.node
    parameters = node.child_by_field_name("parameters")
    given = [one for one in parameters.named_children if one.type == "parameter"] if parameters is not None else []
    owner = None
    if "method" in said and given:
        owner = read(content(given[0].child_by_field_name("type")))
        owner = owner.to if isinstance(owner, Borrowed) else owner
    elif "static_method_of" in said:
        owner = read(write(said["static_method_of"]))
    elif "constructor" in said:
        owner = read(content(node.child_by_field_name("return_type")))
        if isinstance(owner, Named) and owner.name == "Result" and owner.arguments:  # `catch`
            owner = owner.arguments[0]
    if not isinstance(owner, Named):
        return None
    inside = [content(one) for one in given]
    if "method" in said:
        inside[0] = "&self"
    modifiers = next((content(one) for one in node.children if one.type == "function_modifiers"), "")
    result = content(node.child_by_field_name("return_type"))
    attributes = "".join(_written(one) for one in function.attributes.all if one.name != "wasm_bindgen")
    head = f"{attributes}{visibility(node)} {modifiers} fn {function.name}({', '.join(inside)}){f' -> {result}' if result else ''};"
    return owner, f"impl {'::'.join(owner.path)} {{ {head} }}"


def _written(one: Attribute) -> str:
    given = f"({write(one.arguments)})" if one.arguments else f" = {write(one.value)}" if one.value else ""
    return f"#[{'::'.join(one.path)}{given}] "
