"""Functions and methods as Python calls them: what PyO3 makes of parameters, `#[pyo3(signature)]` and `Option`.

Sources: pyo3-macros-backend/src/pyfunction/signature.rs and method.rs; PyO3's changelog for what changed when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass, replace
from lockstep.pattern import pattern
from lockstep.surface import Parameter, ParameterKind, Signature, advice
from lockstep.surfaces.pyo3.annotations import Annotator, Position
from lockstep.surfaces.pyo3.model import Binding, NativeFunction
from lockstep.surfaces.pyo3.options import Options, options, text
from lockstep.surfaces.rust_source.attributes import Attribute, Attributes, deprecation
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Text, content, members, name_of
from lockstep.surfaces.rust_source.module_tree import Item, Module
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, literal, split, unraw, write
from lockstep.surfaces.rust_source.types import UNIT, Borrowed, Named, RustType, read

if TYPE_CHECKING:
    from tree_sitter import Node

IMPLICIT_NONE_ENDED = (0, 24)
"""From this PyO3 on, a trailing `Option` has no default of its own (changelog of 0.24.0, #4729)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A parameter of the Rust function that Python fills."""

    name: str
    type: RustType


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Rust function that Python can call, before it has a kind."""

    node: Node
    text: Text
    module: Module
    attributes: Attributes
    own: Item | None = None

    @property
    def options(self) -> Options:
        """The options of its attributes."""
        return options(self.attributes, "pyfunction", "pyfn")

    @property
    def name(self) -> str:
        """How Python names it, unless its kind says otherwise."""
        return text(self.options, "name") or name_of(self.node)

    @property
    def result(self) -> RustType:
        """What the Rust function returns."""
        node = self.node.child_by_field_name("return_type")
        return read(content(node)) if node is not None else UNIT


class Functions:
    """Reads functions of one program."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator

    def native(self, function: Function, binding: Binding, *, name: str | None = None, condition: str | None = None) -> NativeFunction:
        """Give a function as Python sees it."""
        call = self.signature(function, binding)
        return NativeFunction(
            name=name or function.name,
            place=function.text.place(function.node),
            call=call,
            binding=binding,
            asynchronous=_is_async(function.node),
            deprecated=_deprecated(function),
            text_signature=text_signature(function.options),
            condition=joined(condition, function.attributes.condition),
        )

    def signature(self, function: Function, binding: Binding) -> Signature | None:
        """Give the signature without the receiver; None when the attribute that says it cannot be read."""
        arguments = arguments_of(function, binding)
        found = function.options
        if "signature" in found:
            parameters = _declared(_parentheses(found["signature"]))
            parameters = _annotated(parameters, {one.name: self._annotation(one.type, function) for one in arguments})
        elif function.attributes.has("args"):
            parameters = self._legacy(arguments, function)
        else:
            parameters = self._implied(arguments, function)
        return Signature(parameters=tuple(parameters), returns=self.returns(function))

    @staticmethod
    def declared(parts: Sequence[Tree]) -> list[Parameter]:
        """Read a signature as an attribute writes it, without annotations."""
        return _declared(_parentheses(parts))

    def returns(self, function: Function) -> str | None:
        """Give the annotation of the result."""
        return self._annotator.annotation(function.result, function.module, Position.RETURN, own=function.own)

    def annotations(self, function: Function, binding: Binding) -> tuple[str | None, ...]:
        """Give the annotations of the arguments in their order."""
        return tuple(self._annotation(one.type, function) for one in arguments_of(function, binding))

    def _annotation(self, found: RustType, function: Function) -> str | None:
        return self._annotator.annotation(found, function.module, Position.PARAMETER, own=function.own)

    def _implied(self, arguments: Sequence[Argument], function: Function) -> list[Parameter]:
        """Give the parameters of a function that declares no signature."""
        version = function.module.library.pyo3
        optional = 0
        if version is not None and version < IMPLICIT_NONE_ENDED:
            while optional < len(arguments) and is_option(arguments[-optional - 1].type):
                optional += 1
        return [
            Parameter(
                name=one.name,
                kind=ParameterKind.POSITIONAL_OR_KEYWORD,
                default="None" if index >= len(arguments) - optional else None,
                annotation=self._annotation(one.type, function),
            )
            for index, one in enumerate(arguments)
        ]

    def _legacy(self, arguments: Sequence[Argument], function: Function) -> list[Parameter]:
        """Give the parameters that `#[args(...)]` of PyO3 before 0.20 describes."""
        said: dict[str, tuple[str, bool]] = {}
        keyword = False
        for attribute in function.attributes.named("args"):
            for part in split(attribute.arguments):
                if isinstance(part[0], Token) and part[0].text == "*":
                    keyword = True
                elif isinstance(part[0], Token):
                    said[unraw(part[0].text)] = (literal(part[2:]) or write(part[2:]), keyword)
        found = []
        for one in arguments:
            value, only = said.get(one.name, ("", False))
            kind = {"*": ParameterKind.VAR_POSITIONAL, "**": ParameterKind.VAR_KEYWORD}.get(value)
            default = None if kind else python_default(value) if value else "None" if is_option(one.type) else None
            kind = kind or (ParameterKind.KEYWORD if only else ParameterKind.POSITIONAL_OR_KEYWORD)
            found.append(Parameter(name=one.name, kind=kind, default=default, annotation=None if "VAR" in kind.name else self._annotation(one.type, function)))
        return found


def arguments_of(function: Function, binding: Binding) -> tuple[Argument, ...]:
    """Give the parameters that Python fills: neither the receiver, nor `Python`, nor a cancel handle."""
    found: list[Argument] = []
    first = True
    receiver = binding in (Binding.METHOD, Binding.CLASSMETHOD)
    parameters = function.node.child_by_field_name("parameters")
    for node, attributes in members(parameters, function.module.library.build, "parameter", "self_parameter"):
        kind = read(content(node.child_by_field_name("type"))) if node.type == "parameter" else Named(("Self",))
        if binding is not Binding.METHOD and _is_python(kind):
            continue
        if first and (receiver or "pass_module" in function.options or node.type == "self_parameter"):
            first = False
            continue
        first = False
        if _is_python(kind) or any(name == "cancel_handle" for one in attributes.named("pyo3") for name, _ in one.options()):
            continue
        pattern = content(node.child_by_field_name("pattern"))
        found.append(Argument(name=unraw(re.sub(r"^(?:(?:ref|mut)\s+|&)+", "", pattern)), type=kind))
    return tuple(found)


def text_signature(found: Options) -> str | None:
    """Give the text that PyO3 is told to show as the signature."""
    return literal(found["text_signature"]) if "text_signature" in found else None


def is_option(found: RustType) -> bool:
    """Say whether a type is `Option<...>`."""
    return isinstance(found, Named) and found.name == "Option"


def _deprecated(function: Function) -> str | None:
    """Give what is said of a function that is deprecated in Rust, or warns where Python calls it; None for one that does neither.

    Source: https://pyo3.rs/latest/function.html#-pyo3warnmessage---category--
    """
    said = deprecation(function.attributes)
    if said or "warn" not in function.options:
        return said
    warned = (one for group in function.options["warn"] if isinstance(group, Group) for one in Attribute(path=("warn",), arguments=group.trees).options())
    texts = (literal(value) for name, value in warned if name == "message")
    return next((advice(one) for one in texts if one), "")


def _is_python(found: RustType) -> bool:
    return isinstance(found, Named) and found.name == "Python" and not isinstance(found, Borrowed)


def _is_async(node: Node) -> bool:
    return any(child.type == "function_modifiers" and "async" in content(child).split() for child in node.children)


def _parentheses(parts: Sequence[Tree]) -> Sequence[Tree]:
    head = parts[0] if parts else None
    return head.trees if isinstance(head, Group) else parts


def _declared(parts: Sequence[Tree]) -> list[Parameter]:
    """Read `(a, /, b = 1, *args, c, **kwargs)`."""
    found: list[Parameter] = []
    kind = ParameterKind.POSITIONAL_OR_KEYWORD
    for part in split(parts):
        match part:
            case (Token(text="/"),):
                found = [replace(one, kind=ParameterKind.POSITIONAL) for one in found]
            case (Token(text="*"),):
                kind = ParameterKind.KEYWORD
            case (Token(text="*"), Token(text="*"), Token(text=name), *_):
                found.append(Parameter(name=unraw(name), kind=ParameterKind.VAR_KEYWORD))
            case (Token(text="*"), Token(text=name), *_):
                found.append(Parameter(name=unraw(name), kind=ParameterKind.VAR_POSITIONAL))
                kind = ParameterKind.KEYWORD
            case (Token(text=name), *rest):
                equals = next((index for index, one in enumerate(rest) if isinstance(one, Token) and one.text == "="), None)
                default = python_default(rest[equals + 1 :]) if equals is not None else None
                found.append(Parameter(name=unraw(name), kind=kind, default=default))
    return found


def _annotated(parameters: Sequence[Parameter], annotations: Mapping[str, str | None]) -> list[Parameter]:
    return [
        one if one.kind in (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD) else replace(one, annotation=annotations.get(one.name))
        for one in parameters
    ]


_NUMBER = pattern(r"(-?)(0[xob])?([0-9a-fA-F_]+?(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?)_?(?:[iuf](?:8|16|32|64|128|size))?")


def python_default(value: Sequence[Tree] | str) -> str:
    """Write a Rust default as Python would; what is no literal keeps its Rust text."""
    written = value if isinstance(value, str) else re.sub(r"\s*(::|[.()\[\]<>])\s*|-\s+", lambda one: one[0].strip(), write(value))
    plain = {"true": "True", "false": "False", "None": "None", "()": "None"}.get(written)
    if plain is not None:
        return plain
    if (said := literal(value) if not isinstance(value, str) else None) is not None:
        return repr(said)
    if (some := re.fullmatch(r"Some\((.*)\)", written)) is not None:
        return python_default(some[1])
    number = _NUMBER.fullmatch(written)
    if number is not None and (number[2] or not re.search("[a-df-zA-DF-Z]", number[3])):
        if number[2]:
            return f"{number[1]}{int(number[3].replace('_', ''), {'x': 16, 'o': 8, 'b': 2}[number[2][1]])}"
        return f"{number[1]}{number[3].replace('_', '')}"
    return written
