"""What one Go file exports: functions, methods, types with their fields and methods, constants, variables.

Source: https://go.dev/ref/spec#Exported_identifiers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Blind, Item, ItemKind, Signature
from lockstep.surfaces.constant_expressions import number
from lockstep.surfaces.go.types import parameters, result, spelled, text

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_BUILD = pattern(r"^//go:build (.+)$|^// \+build (.+)$")
_SUFFIX = pattern(
    r".*_(?P<one>aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w*"
    r"|ppc64\w*|riscv64|s390x|wasm)\.go"
)
_IOTA = pattern(r"\biota\b")


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415 - only who reads Go pays for it
    import tree_sitter_go  # noqa: PLC0415 - likewise

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_go.language()))


def is_exported(name: str) -> bool:
    """Say whether a name is visible to importers: its first letter is upper case."""
    return name[:1].isupper()


@dataclass
class GoFile:
    """One file; `name` is filled in with the package's name when it is read."""

    path: str
    source: str

    def __post_init__(self) -> None:
        self.root: Node = _parser().parse(self.source.encode()).root_node
        self.blind: list[Blind] = []
        clause = next((child for child in self.root.children if child.type == "package_clause"), None)
        self.name = text(clause.named_children[0]) if clause is not None and clause.named_children else ""
        self.condition = self._condition()

    def _condition(self) -> str | None:
        """Give the build constraint: a comment before the package clause, or the end of the file's name."""
        for child in self.root.children:
            if child.type == "package_clause":
                break
            if child.type == "comment" and (found := _BUILD.match(text(child))):
                return found[1] or found[2]
        suffix = _SUFFIX.fullmatch(self.path)
        return suffix["one"] if suffix else None

    def items(self, prefix: str) -> Iterator[Item]:
        """Give everything that is exported, under the path of the package."""
        for node in self.root.children:
            match node.type:
                case "function_declaration":
                    yield from self._function(prefix, node)
                case "method_declaration":
                    yield from self._method(prefix, node)
                case "type_declaration":
                    for spec in node.named_children:
                        yield from self._type(prefix, spec)
                case "const_declaration":
                    yield from self._constants(prefix, node)
                case "var_declaration":
                    yield from self._variables(prefix, node)
                case "ERROR":
                    self.blind.append(Blind(symbol=prefix, place=self._place(node), why="this is no Go that can be read"))
                case _:
                    pass
            if node.has_error and node.type != "ERROR":
                self.blind.append(Blind(symbol=prefix, place=self._place(node), why="this declaration cannot be read"))

    def _place(self, node: Node) -> Place:
        return Place(path=self.path, line=node.start_point[0] + 1)

    def _item(self, path: str, kind: ItemKind, node: Node, **more: object) -> Item:
        return Item(path=path, kind=kind, place=self._place(node), condition=self.condition, **more)  # type: ignore[arg-type]

    # ---- functions

    def _call(self, node: Node) -> Signature:
        return Signature(parameters=tuple(parameters(node.child_by_field_name("parameters"))), returns=result(node.child_by_field_name("result")))

    def _callable(self, path: str, node: Node, traits: frozenset[str]) -> Item:
        call = self._call(node)
        generics = spelled_generics(node)
        shown = f"func {path.rpartition('.')[2]}{generics}({', '.join(one.annotation or '' for one in call.parameters)}) {call.returns}".rstrip()
        return self._item(path, ItemKind.FUNCTION, node, signature=shown, call=call, traits=traits, annotation=generics or None)

    def _function(self, prefix: str, node: Node) -> Iterator[Item]:
        name = node.child_by_field_name("name")
        if name is not None and is_exported(text(name)):
            yield self._callable(f"{prefix}.{text(name)}", node, frozenset())

    def _method(self, prefix: str, node: Node) -> Iterator[Item]:
        name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
        owner = next((one.annotation or "" for one in parameters(receiver)), "")
        plain = owner.lstrip("*").partition("[")[0]
        if name is not None and is_exported(text(name)) and is_exported(plain):
            yield self._callable(f"{prefix}.{plain}.{text(name)}", node, frozenset({"method", *(["pointer"] if owner.startswith("*") else [])}))

    # ---- types

    def _type(self, prefix: str, spec: Node) -> Iterator[Item]:
        name, body = spec.child_by_field_name("name"), spec.child_by_field_name("type")
        if name is None or body is None or not is_exported(text(name)):
            return
        path = f"{prefix}.{text(name)}"
        generics = spelled_generics(spec)
        match body.type:
            case "struct_type" if spec.type == "type_spec":
                yield self._item(path, ItemKind.STRUCT, spec, signature=f"type {text(name)}{generics} struct", annotation=generics or None)
                yield from self._fields(path, body)
            case "interface_type" if spec.type == "type_spec":
                methods = [one for one in body.named_children if one.type == "method_elem"]
                parents = tuple(spelled(one) for one in body.named_children if one.type == "type_elem")
                sealed = any(not is_exported(text(own)) for one in methods if (own := one.child_by_field_name("name")) is not None)
                traits = frozenset({"sealed"} if sealed else ())
                shown = f"type {text(name)}{generics} interface"
                yield self._item(path, ItemKind.INTERFACE, spec, signature=shown, annotation=generics or None, bases=parents, traits=traits)
                for one in methods:
                    named = one.child_by_field_name("name")
                    if named is not None and is_exported(text(named)):
                        yield self._callable(f"{path}.{text(named)}", one, frozenset({"method", "interface"}))
            case _:
                alias = "= " if spec.type == "type_alias" else ""
                written = f"{generics}{alias}{spelled(body)}"
                yield self._item(path, ItemKind.TYPE_ALIAS, spec, signature=f"type {text(name)} {written}", annotation=written)

    def _fields(self, path: str, body: Node) -> Iterator[Item]:
        for field in (one for part in body.named_children for one in part.named_children if one.type == "field_declaration"):
            annotation = spelled(field.child_by_field_name("type"))
            names = [text(name) for name in field.children_by_field_name("name")]
            embedded = not names
            if embedded and any(child.type == "*" for child in field.children):
                annotation = f"*{annotation}"
            for name in names or [annotation.lstrip("*").partition("[")[0].rpartition(".")[2]]:
                if is_exported(name):
                    shown = annotation if embedded else f"{name} {annotation}"
                    traits = frozenset({"embedded"} if embedded else ())
                    yield self._item(f"{path}.{name}", ItemKind.FIELD, field, signature=shown, annotation=annotation, traits=traits)

    # ---- values

    def _constants(self, prefix: str, node: Node) -> Iterator[Item]:
        """Give the constants; one without a value repeats the expression before it, with the next iota."""
        annotation, values = "", list[str]()
        specs = [one for one in node.named_children if one.type == "const_spec"]
        for index, spec in enumerate(specs):
            written = spec.child_by_field_name("value")
            if written is not None:
                annotation = spelled(spec.child_by_field_name("type"))
                values = [text(one) for one in written.named_children if one.type != "comment"]
            for name, value in zip(_names(spec), [*values, *[""] * 8], strict=False):
                if not is_exported(name):
                    continue
                plain = _IOTA.sub(str(index), value)
                computed = number(plain, {})
                said = str(computed) if computed is not None else " ".join(plain.split())
                shown = f"const {name}{' ' if annotation else ''}{annotation} = {said}"
                yield self._item(f"{prefix}.{name}", ItemKind.CONSTANT, spec, signature=shown[:200], annotation=annotation or None, value=said)

    def _variables(self, prefix: str, node: Node) -> Iterator[Item]:
        specs = [one for part in (node.named_children) for one in ([part] if part.type == "var_spec" else part.named_children)]
        for spec in (one for one in specs if one.type == "var_spec"):
            annotation = spelled(spec.child_by_field_name("type"))
            for name in _names(spec):
                if is_exported(name):
                    shown = f"var {name} {annotation}".rstrip()
                    yield self._item(f"{prefix}.{name}", ItemKind.ATTRIBUTE, spec, signature=shown, annotation=annotation or None)


def _names(spec: Node) -> Sequence[str]:
    return [text(one) for one in spec.children_by_field_name("name") if one.type == "identifier"]


def spelled_generics(node: Node) -> str:
    """Write type parameters with their constraints."""
    found = list(parameters(node.child_by_field_name("type_parameters")))
    return f"[{', '.join(f'{one.name} {one.annotation}' for one in found)}]" if found else ""
