"""What a C header declares: functions, variables, structs with their layout, enums with their values, typedefs, macros.

The header is read as it stands (tree-sitter): nothing is included, no macro is expanded. What cannot be read so is blind, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Blind, Item, ItemKind, Parameter, ParameterKind, Signature, Stability
from lockstep.surfaces.c.preprocessor import Macro, Plain
from lockstep.surfaces.constant_expressions import number

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_ATTRIBUTE = pattern(r"(?:__attribute__|__declspec|__extension__|extern\b|__cdecl|__stdcall|_Noreturn|__inline|inline\b|static\b|\[\[|__pragma|_Pragma)")
_CALLED = r"\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_COMPILER = pattern(
    rf"__attribute__{_CALLED}|__declspec{_CALLED}|__asm__{_CALLED}|_Alignas{_CALLED}|\[\[[^\]]*\]\]"
    r"|\b(?:__extension__|__restrict(?:__)?|restrict|_Nonnull|_Nullable|__cdecl|__stdcall|__fastcall|WINAPI|_Noreturn|__inline(?:__)?)\b"
)
_STORAGE_WORDS = pattern(r'\bextern\b(?:\s*"C")?|\b(?:static|inline)\b')
_CALLS = pattern(rf"(\w+){_CALLED}")
_EXPORT = pattern(r"\b[A-Z][A-Z0-9_]*_(?:API|EXPORTS?|PUBLIC|EXTERN|DECL|CALL|CDECL|NODISCARD|DEPRECATED)\b(?=\s+[A-Za-z_])")
_ALONE = pattern(
    r"^[ \t]*(?:[A-Z0-9_]{0,40}(?:BEGIN|END)[A-Z0-9_]{0,20}(?:DECLS?|HEADER|EXTERN_C)[A-Z0-9_]{0,20}|[A-Z0-9_]{0,40}_(?:BEGIN|END))[ \t]*$", re.MULTILINE
)
_WORDS = pattern(r"\w+|[^\w\s]")
_TAGGED = pattern(r"\b(?:struct|union|enum) (\w+)")
_CALL = pattern(r"\b([A-Za-z_]\w*)\s*\(")
_STORAGE = {"storage_class_specifier", "attribute_specifier", "attribute_declaration", "ms_declspec_modifier"}
_DECLARATORS = {"pointer_declarator", "array_declarator", "function_declarator", "parenthesized_declarator", "init_declarator", "attributed_declarator"}
_BODIES = {"struct_specifier": "struct", "union_specifier": "union", "enum_specifier": "enum"}
_KEYWORDS = frozenset(("if", "for", "while", "switch", "return", "sizeof", "defined", "int", "void", "char"))
ABI = pattern(r"(?:^|_)(?:ABI|API)(?:_\w+)?_VERSION(?:_(?:MAJOR|NUMBER))?$|(?:^|_)VERSION_ABI$|(?:^|_)ABI_(?:MAJOR|NUMBER|LEVEL)$", re.IGNORECASE)
VERSION = pattern(r"(?:^|_)(?:VERSION|VER)(?:_|$)|(?:^|_)(?:MAJOR|MINOR|PATCH)_VERSION$|(?:^|_)RELEASE(?:_|$)", re.IGNORECASE)


def attributes(macros: Mapping[str, list[Macro]]) -> frozenset[str]:
    """Give the macros that say something about a declaration and are no part of it: empty, or an attribute, in every branch."""
    around = wrappers(macros)
    found: set[str] = set()
    while more := {name for name, each in macros.items() if name not in found and name not in around and all(_is_attribute(one, found) for one in each)}:
        found |= more
    return frozenset(found)


def _is_attribute(macro: Macro, known: set[str]) -> bool:
    """Say whether a macro is nothing but attributes, `known` ones of the header's among them."""
    if not macro.value or _ATTRIBUTE.match(macro.value):
        return True
    bare = _STORAGE_WORDS.sub(" ", _COMPILER.sub(" ", macro.value))
    return bool(known) and all(word in known for word in _CALLS.sub(r"\1 ", bare).split())


def wrappers(macros: Mapping[str, list[Macro]]) -> frozenset[str]:
    """Give the macros that put attributes around a type, and are the type for all else: `#define API(type) __attribute__((...)) type`."""
    return frozenset(name for name, found in macros.items() if found and all(_is_wrapper(one) for one in found))


def _is_wrapper(macro: Macro) -> bool:
    parameter = (macro.parameters or "").strip("() ")
    if not parameter.isidentifier():
        return False
    bare = _EXPORT.sub(" ", _COMPILER.sub(" ", re.sub(rf"__declspec{_CALLED}", " ", macro.value)))
    words = [word for word in re.findall(r"\w+|[^\w\s]", bare) if word != "extern" and not re.fullmatch(r"[A-Z][A-Z0-9_]*", word)]
    return words == [parameter]


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415 - only who reads C pays for it
    import tree_sitter_c  # noqa: PLC0415 - likewise

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))


@dataclass
class Header:
    """One header while it is read. `aliases` are the typedef names of tags, `known` the constants so far."""

    path: str
    plain: Plain
    empty: frozenset[str]
    around: frozenset[str]
    aliases: dict[str, str]
    known: dict[str, str]
    blind: list[Blind] = field(default_factory=list)
    data: bytes = b""

    def __post_init__(self) -> None:
        blank = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self.empty)))})\b(?:{_CALLED})?") if self.empty else None
        text = self.plain.text
        for one in (_ALONE, _COMPILER, _EXPORT, *([blank] if blank is not None else [])):
            text = one.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        if self.around:
            wrapped = re.compile(rf"\b({'|'.join(map(re.escape, sorted(self.around)))})(\s*)\(([^()]*)\)")
            text = wrapped.sub(lambda found: f"{' ' * len(found[1])}{found[2]} {found[3]} ", text)
        self.data = text.encode()
        self.root: Node = _parser().parse(self.data).root_node

    # ---- places and texts

    def place(self, node: Node) -> Place:
        """Say where a node stands."""
        return Place(path=self.path, line=node.start_point[0] + 1)

    def condition(self, line: int | None) -> str | None:
        """Give the condition that a line stands under."""
        return self.plain.conditions[line - 1] if line and line <= len(self.plain.conditions) else None

    def text(self, start: int, end: int, holes: list[Node]) -> str:
        """Write a piece of the header one way: names in `holes` left out, one blank between words, tags by their typedef."""
        pieces = []
        for hole in sorted(holes, key=lambda one: one.start_byte):
            if start <= hole.start_byte < end:
                pieces.append(self.data[start : hole.start_byte])
                start = hole.end_byte
        pieces.append(self.data[start:end])
        words = " ".join(_WORDS.findall(b" ".join(pieces).decode(errors="replace")))
        words = _TAGGED.sub(lambda found: self.aliases.get(found[1], found[1]), words)
        words = re.sub(r"\b(?:extern|static|inline|register) ", "", words)
        words = re.sub(r"\b(unsigned|signed)\b(?! (?:int|char|short|long)\b)", r"\1 int", words)
        return re.sub(r" ?([*(),\[\]]) ?", r"\1", words).strip()

    # ---- declarations

    def items(self) -> Iterator[Item]:
        """Give everything that the header declares, macros last."""
        yield from self._all(self.root)
        yield from self._macros()

    def collect_aliases(self) -> None:
        """Learn which typedef names a tag: `typedef struct x x_t` makes `struct x` and `x_t` one type."""
        for node in self._nodes(self.root):
            if node.type != "type_definition":
                continue
            body, declarator = node.child_by_field_name("type"), node.child_by_field_name("declarator")
            tag = body.child_by_field_name("name") if body is not None and body.type in _BODIES else None
            if tag is not None and declarator is not None and declarator.type in ("type_identifier", "primitive_type"):
                self.aliases.setdefault(_name(tag), _name(declarator))

    def _nodes(self, node: Node) -> Iterator[Node]:
        pending = node.children[::-1]
        while pending:
            child = pending.pop()
            if child.type in ("linkage_specification", "declaration_list"):
                pending += child.children[::-1]
            else:
                yield child

    def _all(self, root: Node) -> Iterator[Item]:
        for node in self._nodes(root):
            match node.type:
                case "declaration" | "function_definition":
                    yield from self._declaration(node)
                case "type_definition":
                    yield from self._typedef(node)
                case "struct_specifier" | "union_specifier" | "enum_specifier":
                    yield from self._body(node, None)
                case "ERROR" | "expression_statement":
                    yield from self._unread(node)
                case _ if node.is_named and node.type != "comment" and not node.type.startswith("preproc"):
                    self._untold(node)
                case _:
                    pass

    def _item(self, path: str, kind: ItemKind, node: Node, **more: object) -> Item:
        place = self.place(node)
        return Item(path=path, kind=kind, place=place, stability=_stability(path), condition=self.condition(place.line), **more)  # type: ignore[arg-type]

    def _unread(self, node: Node) -> Iterator[Item]:
        """Give what looks like functions where the text cannot be parsed: they are there, in some form."""
        text = (node.text or b"").decode(errors="replace")
        if node.type == "expression_statement" and not re.match(r"\s*(?:static_assert|_Static_assert|STATIC_ASSERT)\b", text):
            called = _CALL.match(text)
            why = f"{called[1]} is a macro that makes declarations" if called else "this needs the preprocessor"
            self.blind.append(Blind(symbol=called[1] if called else "", place=self.place(node), why=why))
        elif node.type == "ERROR" and text.strip(" ;\n"):
            self.blind.append(Blind(symbol="", place=self.place(node), why="this cannot be read without the preprocessor"))
            for name in dict.fromkeys(_CALL.findall(text)):
                if name not in _KEYWORDS:
                    yield self._item(name, ItemKind.FUNCTION, node, traits=frozenset({"unread"}))

    def _untold(self, node: Node) -> None:
        """Tell what stands where declarations do and is none."""
        found = _CALL.match(_name(node))
        why = f"{found[1]} is a macro that makes declarations" if found else "this cannot be read without the preprocessor"
        self.blind.append(Blind(symbol=found[1] if found else "", place=self.place(node), why=why))

    def _declaration(self, node: Node) -> Iterator[Item]:
        body = node.child_by_field_name("type")
        if body is not None and body.type in _BODIES and body.child_by_field_name("body") is not None:
            yield from self._body(body, None)
        declarators = node.children_by_field_name("declarator")
        start = next((child.start_byte for child in node.children if child.type not in _STORAGE), node.start_byte)
        end = declarators[0].start_byte if declarators else node.end_byte
        if node.has_error:
            why = "this declaration cannot be read without the preprocessor"
            named = next((_name(name) for one in declarators if (name := _declared(one)[0]) is not None), "")
            self.blind.append(Blind(symbol=named, place=self.place(node), why=why))
        static = any(child.type == "storage_class_specifier" and child.text == b"static" for child in node.children)
        for declarator in declarators:
            name, function = _declared(declarator)
            if name is None or (static and function is None):
                continue
            specifiers = self.text(start, end, [])
            traits = frozenset({*(["inline"] if node.type == "function_definition" or static else []), *(["unread"] if node.has_error else [])})
            if function is None:
                annotation = self._joined(specifiers, declarator, [name])
                shown = f"{annotation} {_name(name)}"
                yield self._item(_name(name), ItemKind.ATTRIBUTE, name, signature=shown, annotation=annotation, traits=traits)
                continue
            parameters = function.child_by_field_name("parameters")
            assert parameters is not None
            returns = self._joined(specifiers, declarator, [name, parameters])
            call = Signature(parameters=tuple(self._parameters(parameters)), returns=returns)
            shown = f"{returns} {_name(name)}({', '.join(one.annotation or one.name for one in call.parameters)})"
            yield self._item(_name(name), ItemKind.FUNCTION, name, signature=shown, call=call, traits=traits)

    def _joined(self, specifiers: str, declarator: Node, holes: list[Node]) -> str:
        """Put the specifiers and what is left of the declarator without its name together."""
        rest = self.text(declarator.start_byte, declarator.end_byte, [*holes, *_inner_names(declarator)])
        return re.sub(r" ?([*(),\[\]]) ?", r"\1", f"{specifiers} {rest}").strip()

    def _parameters(self, parameters: Node) -> Iterator[Parameter]:
        for index, node in enumerate(parameters.named_children):
            if node.type == "variadic_parameter":
                yield Parameter(name="...", kind=ParameterKind.VAR_POSITIONAL, annotation="...")
            elif node.type == "parameter_declaration":
                declarator = node.child_by_field_name("declarator")
                name = _declared(declarator)[0] if declarator is not None else None
                annotation = self.text(node.start_byte, node.end_byte, _inner_names(node))
                annotation = _passed(annotation)
                if annotation != "void":
                    yield Parameter(name=_name(name) if name is not None else str(index), kind=ParameterKind.POSITIONAL, annotation=annotation)

    def _typedef(self, node: Node) -> Iterator[Item]:
        body = node.child_by_field_name("type")
        if body is None:
            return
        start = body.start_byte
        qualifiers = [child.start_byte for child in node.children if child.type == "type_qualifier"]
        start = min([start, *qualifiers])
        for declarator in node.children_by_field_name("declarator"):
            plain = declarator.type in ("type_identifier", "primitive_type")
            if plain and body.type in _BODIES:
                yield from self._body(body, _name(declarator))
                continue
            if body.type in _BODIES and body.child_by_field_name("body") is not None:
                yield from self._body(body, None)
            name, _ = _declared(declarator)
            if name is None:
                continue
            last = node.children_by_field_name("declarator")[0].start_byte
            annotation = self._joined(self.text(start, last, []), declarator, [name])
            yield self._item(_name(name), ItemKind.TYPE_ALIAS, name, signature=f"typedef {annotation}", annotation=annotation)

    def _body(self, node: Node, alias: str | None) -> Iterator[Item]:
        """Give a struct, a union or an enum under the name that users write: its typedef, else its tag; what has neither is no type of its own."""
        tag, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        path = alias or (self.aliases.get(_name(tag), _name(tag)) if tag is not None else "")
        word = _BODIES[node.type]
        if node.type == "enum_specifier":
            if path:
                yield self._item(path, ItemKind.ENUM, tag or node, signature=f"enum {path}", traits=frozenset() if body is not None else frozenset({"opaque"}))
            if body is not None:
                yield from self._enumerators(body, path)
            return
        if not path:
            return
        if body is None:
            yield self._item(path, ItemKind.STRUCT, tag or node, signature=f"{word} {path}", traits=frozenset({"opaque", word}))
            return
        fields = list(self._fields(body, path))
        layout = tuple(f"{annotation} {name}".strip() for name, annotation, _ in fields)
        shown = f"{word} {path} {{ {'; '.join(layout)} }}"
        yield self._item(path, ItemKind.STRUCT, tag or node, signature=shown, bases=layout, traits=frozenset({word}))

    def _fields(self, body: Node, path: str) -> Iterator[tuple[str, str, Node]]:
        """Give (name, type, node) of each field; the type of a nested body is its text."""
        for node in body.named_children:
            kind = node.child_by_field_name("type")
            if node.has_error or (kind is not None and kind.type == "macro_type_specifier"):
                self.blind.append(Blind(symbol=path, place=self.place(node), why="a field cannot be read without the preprocessor"))
            if node.type != "field_declaration":
                continue
            declarators = node.children_by_field_name("declarator")
            end = declarators[0].start_byte if declarators else node.end_byte - 1
            specifiers = self.text(node.start_byte, end, _inner_names(node) if not declarators else [])
            widths = [child for child in node.children if child.type == "bitfield_clause"]
            if not declarators:
                yield "", specifiers + "".join(self.text(one.start_byte, one.end_byte, []) for one in widths), node
            for declarator in declarators:
                name, _ = _declared(declarator)
                width = next((self.text(one.start_byte, one.end_byte, []) for one in widths if one.start_byte >= declarator.end_byte), "")
                if name is not None:
                    yield _name(name), self._joined(specifiers, declarator, [name]) + width, node

    def _enumerators(self, body: Node, origin: str) -> Iterator[Item]:
        last: int | None = -1
        before = ""
        for node in body.named_children:
            name = node.child_by_field_name("name") if node.type == "enumerator" else None
            if name is None:
                continue
            written = node.child_by_field_name("value")
            if written is not None:
                text = self.text(written.start_byte, written.end_byte, [])
                last = number(_name(written), self.known)
            else:
                last = None if last is None else last + 1
                text = f"{before}+1"
            before = value = str(last) if last is not None else text
            self.known[_name(name)] = value
            numeric = frozenset({"number"}) if last is not None else frozenset()
            shown = f"{_name(name)} = {value}"
            yield self._item(_name(name), ItemKind.CONSTANT, node, signature=shown, origin=origin, value=value, traits=numeric | _version(_name(name)))

    # ---- macros

    def _macros(self) -> Iterator[Item]:
        for macro in self.plain.macros:
            if macro.name in self.empty or not macro.value or macro.name.startswith("_"):
                continue
            place = Place(path=self.path, line=macro.line)
            words = re.sub(r" ?([*(),\[\]]) ?", r"\1", " ".join(_WORDS.findall(macro.value))) if '"' not in macro.value else macro.value
            computed = number(macro.value, self.known) if macro.parameters is None else None
            value = str(computed) if computed is not None else words
            if macro.parameters is None:
                self.known[macro.name] = value
            traits = {"macro"} | ({"number"} if computed is not None else set()) | _version(macro.name)
            yield Item(
                path=macro.name,
                kind=ItemKind.CONSTANT if macro.parameters is None else ItemKind.MACRO,
                place=place,
                signature=f"#define {macro.name}{macro.parameters or ''} {macro.value}"[:200],
                value=value,
                traits=frozenset(traits),
                stability=_stability(macro.name),
                condition=macro.condition,
            )


def _name(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")


def _passed(annotation: str) -> str:
    """Give a parameter's type as callers see it: whether the function may change its own copy is no part of it.

    Source: C11 6.7.6.3, paragraph 15
    """
    if annotation.endswith("*const"):
        return annotation.removesuffix("const")
    return annotation.removeprefix("const ") if not set(annotation) & set("*[(") else annotation


def _stability(name: str) -> Stability:
    """Say what a name promises: a leading underscore is the library's own."""
    if name.startswith("_"):
        return Stability.HIDDEN
    return Stability.EXPERIMENTAL if re.search(r"(?:^|_)(?:experimental|unstable|preview)(?:_|$)", name, re.IGNORECASE) else Stability.STABLE


def _version(name: str) -> frozenset[str]:
    return frozenset({"abi-version"}) if ABI.search(name) else frozenset({"version"}) if VERSION.search(name) else frozenset()


def _declared(declarator: Node) -> tuple[Node | None, Node | None]:
    """Give the name in a declarator, and the function declarator that it is the name of, None where it is no function."""
    node: Node | None = declarator
    function: Node | None = None
    while node is not None and node.type in _DECLARATORS:
        if node.type == "function_declarator":
            function = node
        elif node.type != "parenthesized_declarator":
            function = None
        inner = node.child_by_field_name("declarator")
        node = inner if inner is not None else next((child for child in node.named_children if "identifier" in child.type or child.type in _DECLARATORS), None)
    return (node, function) if node is not None and "identifier" in node.type else (None, None)


def _inner_names(node: Node) -> list[Node]:
    """Give the names of parameters in a declaration, at every depth: they are no part of its type."""
    found: list[Node] = []
    pending = [node]
    while pending:
        one = pending.pop()
        if one.type == "parameter_declaration" and (declarator := one.child_by_field_name("declarator")) is not None:
            name, _ = _declared(declarator)
            found += [name] if name is not None else []
        pending += one.named_children
    return found
