"""How things are called: the signatures of functions, and of classes by what makes their constructor.

Source: https://docs.python.org/3/reference/datamodel.html#basic-customization; dataclasses, typing.NamedTuple, typing.TypedDict; PEP 681 for
what makes dataclass-like classes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias, cast

from lockstep.dataclass import dataclass, replace
from lockstep.surface import Parameter, ParameterKind, Signature, Trait
from lockstep.surfaces.python.annotations import Types, parsed
from lockstep.surfaces.python.classes import Classes, Options, is_constant
from lockstep.surfaces.python.names import dotted, plain
from lockstep.surfaces.python.symbol_table import SymbolTable

if TYPE_CHECKING:
    import griffe

Def: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_DEFAULT = 200
"""Characters of the longest default value or constant that is kept."""

_PLAIN_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC", "builtins.type"}
_FIELDS = {"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field", "pydantic.fields.Field", "msgspec.field"}


def source(node: ast.expr | None) -> str | None:
    """Write an expression as text, cut where it is long."""
    if node is None:
        return None
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return "..."
    return text if len(text) <= LONGEST_DEFAULT else f"{text[: LONGEST_DEFAULT - 3]}..."


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads signatures."""

    symbols: SymbolTable
    types: Types
    classes: Classes

    def function(self, node: Def, scope: griffe.Object | griffe.Alias | None, *, bound: bool = False, shown: bool = False) -> Signature:
        """Give a function's signature; a bound one has no first parameter, and one to show has types for readers."""
        write = self.types.shown if shown else self.types.text
        args = node.args
        positional = [*((one, ParameterKind.POSITIONAL) for one in args.posonlyargs), *((one, ParameterKind.POSITIONAL_OR_KEYWORD) for one in args.args)]
        defaults: list[ast.expr | None] = [*([None] * (len(positional) - len(args.defaults))), *args.defaults]
        found = [self._parameter(one, kind, default, write(one.annotation, scope)) for (one, kind), default in zip(positional, defaults, strict=True)]
        if bound and found:
            found = found[1:]
        if args.vararg:
            found.append(self._parameter(args.vararg, ParameterKind.VAR_POSITIONAL, None, write(args.vararg.annotation, scope)))
        found += [
            self._parameter(one, ParameterKind.KEYWORD, default, write(one.annotation, scope))
            for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        ]
        if args.kwarg:
            found.append(self._parameter(args.kwarg, ParameterKind.VAR_KEYWORD, None, write(args.kwarg.annotation, scope)))
        return Signature(parameters=tuple(found), returns=write(node.returns, scope))

    @staticmethod
    def _parameter(one: ast.arg, kind: ParameterKind, default: ast.expr | None, annotation: str | None) -> Parameter:
        return Parameter(name=one.arg, kind=kind, default=source(default), annotation=annotation)

    # ---- classes

    def constructor(self, cls: griffe.Class) -> Signature | None:
        """Give how a class is made into an object; None where that is not known."""
        fact = self.symbols.fact(cls)
        if fact.call is not None:
            return replace(self._native(fact.call, cls.parent), returns=None)
        kind = self.classes.kind(cls)
        if Trait.ENUM in kind:
            return None
        if (meta := self._metaclass(cls)) is not None:
            return meta
        if kind & {Trait.NAMEDTUPLE, Trait.TYPEDDICT, Trait.MODEL} and not self._has_constructor(cls, kind):
            return Signature(parameters=tuple(self._fields(cls, kind)))
        for one in self.classes.line(cls):
            if isinstance(one, str):
                if one not in _PLAIN_BASES:
                    return None
                continue
            if Trait.NATIVE in self.symbols.fact(one).traits:
                made = self.symbols.fact(one).call
                return replace(self._native(made, one.parent), returns=None) if made is not None else None
            for name in ("__init__", "__new__"):
                member = one.members.get(name)
                if member is not None and not member.is_alias and (call := self.of(cast("griffe.Object", member))) is not None:
                    return replace(call, returns=None)
            options = self.classes.options(one)
            if options is not None and not is_constant(options.get("init"), value=False):
                return Signature(parameters=tuple(self._dataclass_parameters(one)))
        return Signature(parameters=())

    def _has_constructor(self, cls: griffe.Class, kind: frozenset[str]) -> bool:
        """Say whether a class has a constructor written out; one of a NamedTuple that takes anything hands it on to that of the fields."""
        found = [one.members[name] for one in self.classes.own_line(cls) for name in ("__init__", "__new__") if name in one.members]
        calls = [self.of(cast("griffe.Object", one)) if not one.is_alias else None for one in found]
        return not all(Trait.NAMEDTUPLE in kind and call is not None and _takes_anything(call) for call in calls)

    def of(self, member: griffe.Object, *, shown: bool = False) -> Signature | None:
        """Give the signature of a function or method; one to show has types for readers."""
        fact = self.symbols.fact(member)
        if fact.call is not None:
            return self._native(fact.call, member.parent, shown=shown)
        if not isinstance(fact.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        is_method = member.parent is not None and member.parent.is_class
        static = "staticmethod" in member.labels
        return self.function(fact.node, member.parent, bound=is_method and not static, shown=shown)

    def _native(self, call: Signature, scope: griffe.Object | griffe.Alias | None, *, shown: bool = False) -> Signature:
        """Write the types of a native signature in full: they name the classes of their own module as they stand there."""
        write = self.types.shown if shown else self.types.text
        parameters = tuple(replace(one, annotation=write(parsed(one.annotation), scope) if one.annotation else None) for one in call.parameters)
        return Signature(parameters=parameters, returns=write(parsed(call.returns), scope) if call.returns else None)

    def inferred(self, attribute: griffe.Object) -> str | None:
        """Give the type of a variable that has none written: that of a literal, or of the constructor's parameter that it is set to."""
        node = self.symbols.fact(attribute).node
        if not isinstance(node, ast.Assign | ast.AnnAssign) or (isinstance(node, ast.Assign) and len(node.targets) != 1):
            return None
        path = plain(node.value) if node.value is not None else ""
        found = self.symbols.lookup(path, attribute.parent) if path else None
        if found is not None and not isinstance(found, str) and found.is_class:
            return f"builtins.type[{self.types.spelled(found.path)}]"
        if isinstance(node.value, ast.Name) and self.symbols.fact(attribute).instance and attribute.parent is not None:
            init = attribute.parent.members.get("__init__")
            call = self.of(cast("griffe.Object", init)) if init is not None and not init.is_alias else None
            return next((one.annotation for one in call.parameters if one.name == node.value.id), None) if call else None
        return literal_type(node.value)

    def _metaclass(self, cls: griffe.Class) -> Signature | None:
        """Give the signature of the metaclass's `__call__`, which then makes the objects; one that takes anything hands it on."""
        found = self.classes.own_metaclass(cls)
        for meta in self.classes.own_line(found) if found is not None else ():
            call = meta.members.get("__call__")
            signature = self.of(cast("griffe.Object", call)) if call is not None and not call.is_alias else None
            if signature is not None and not _takes_anything(signature):
                return signature
        return None

    def _dataclass_parameters(self, cls: griffe.Class) -> list[Parameter]:
        fields: dict[str, Parameter] = {}
        for one in reversed(self.classes.own_line(cls)):
            options = self.classes.options(one)
            if options is not None:
                for parameter in self._own_fields(one, keyword=is_constant(options.get("kw_only"), value=True)):
                    fields[parameter.name] = parameter
        found = list(fields.values())
        return [*(one for one in found if one.kind is not ParameterKind.KEYWORD), *(one for one in found if one.kind is ParameterKind.KEYWORD)]

    def _fields(self, cls: griffe.Class, kind: frozenset[str]) -> Iterator[Parameter]:
        """Give the fields of a NamedTuple, a TypedDict or a model, in the order in which they are given."""
        fields: dict[str, Parameter] = {}
        positional = Trait.NAMEDTUPLE in kind
        for one in reversed(self.classes.own_line(cls)):
            for parameter in self._own_fields(one, keyword=not positional):
                fields[parameter.name] = parameter
        for name, parameter in fields.items():
            member = cls.members.get(name)
            if Trait.TYPEDDICT in kind and member is not None and not member.is_alias and not self.required(cast("griffe.Object", member), cls):
                yield replace(parameter, default="...")
            else:
                yield parameter

    def required(self, member: griffe.Object, cls: griffe.Class) -> bool:
        """Say whether a key of a TypedDict must be given."""
        node = self.symbols.fact(member).node
        qualifiers = self.types.qualifiers(node.annotation, member.parent) if isinstance(node, ast.AnnAssign) else set()
        if qualifiers & {"Required", "NotRequired"}:
            return "Required" in qualifiers
        owner = self.symbols.fact(cast("griffe.Object", member.parent or cls)).node
        total = next((one.value for one in owner.keywords if one.arg == "total"), None) if isinstance(owner, ast.ClassDef) else None
        return not is_constant(total, value=False)

    def _own_fields(self, cls: griffe.Class, *, keyword: bool) -> Iterator[Parameter]:
        kind = ParameterKind.KEYWORD if keyword else ParameterKind.POSITIONAL_OR_KEYWORD
        for name, member in cls.members.items():
            node = self.symbols.fact(member).node
            if member.is_alias or not member.is_attribute or not isinstance(node, ast.AnnAssign | ast.Assign) or self.symbols.fact(member).instance:
                continue
            options = self._field_options(node.value, cls)
            if isinstance(node, ast.Assign):
                if options is None:  # attrs has fields without a type: x = attr.ib()
                    continue
            elif "ClassVar" in self.types.qualifiers(node.annotation, cls):
                continue
            elif self.types.name(dotted(node.annotation), cls) == "dataclasses.KW_ONLY":
                kind = ParameterKind.KEYWORD
                continue
            if options is not None and is_constant(options.get("init"), value=False):
                continue
            own = ParameterKind.KEYWORD if options is not None and is_constant(options.get("kw_only"), value=True) else kind
            if options is not None and is_constant(options.get("kw_only"), value=False):
                own = ParameterKind.POSITIONAL_OR_KEYWORD
            alias = options.get("alias") if options is not None else None
            yield Parameter(
                name=alias.value if isinstance(alias, ast.Constant) and isinstance(alias.value, str) else self._argument(name, cls),
                kind=own,
                default=_field_default(node.value, options),
                annotation=self.types.text(node.annotation, cls) if isinstance(node, ast.AnnAssign) else None,
            )

    def _argument(self, name: str, cls: griffe.Class) -> str:
        """Give the name of a field's argument: attrs takes `_size` as `size`, https://www.attrs.org/en/stable/init.html#private-attributes-and-aliases."""
        return (name.lstrip("_") or name) if self.classes.is_of_attrs(cls) else name

    def _field_options(self, value: ast.expr | None, scope: griffe.Class) -> Options | None:
        """Give the options of `field(...)`; None when the value is anything else. A default by position counts as `default`."""
        if not isinstance(value, ast.Call) or not (path := dotted(value.func)):
            return None
        name = self.types.name(path, scope)
        if name not in _FIELDS and not (name.startswith(("attr.", "attrs.")) and path.endswith((".ib", ".field"))):
            return None
        options = {one.arg: one.value for one in value.keywords if one.arg}
        if value.args and not (isinstance(value.args[0], ast.Constant) and value.args[0].value is ...):
            options.setdefault("default", value.args[0])
        return options


def _field_default(value: ast.expr | None, options: Options | None) -> str | None:
    if options is None:
        return source(value)
    for name in ("default", "default_factory", "factory"):
        if name in options:
            text = source(options[name])
            return text if name == "default" else f"{text}()"
    return None


def _takes_anything(signature: Signature) -> bool:
    return {one.kind for one in signature.parameters} == {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}


_DISPLAYS = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.JoinedStr: "str",
}


def literal_type(value: ast.expr | None) -> str | None:
    """Give the type of a value that is written out."""
    while isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub | ast.UAdd):
        value = value.operand
    match value:
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=str() | bytes() | int() | float() | complex() as literal):
            return f"builtins.{type(literal).__name__}"
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "builtins.bool"
    name = _DISPLAYS.get(type(value)) if value is not None else None
    return f"builtins.{name}" if name else None
