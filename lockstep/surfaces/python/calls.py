"""How things are called: the signatures of functions, and of classes by what makes their constructor.

Source: https://docs.python.org/3/reference/datamodel.html#basic-customization; dataclasses, typing.NamedTuple, typing.TypedDict; PEP 681 for
what makes dataclass-like classes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from lockstep.surface import Parameter, ParameterKind, Signature
from lockstep.surfaces.python.annotations import Types
from lockstep.surfaces.python.world import World, dotted

if TYPE_CHECKING:
    import griffe

Def: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_DEFAULT = 200
"""Characters of the longest default value or constant that is kept."""

_PLAIN_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC", "builtins.type"}
_DATACLASS = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
_ATTRS = {
    "attr.s",
    "attr.attrs",
    "attr.attributes",
    "attr.dataclass",
    "attr.define",
    "attr.frozen",
    "attr.mutable",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
}
_FIELDS = {"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field", "pydantic.fields.Field", "msgspec.field"}
_MODELS = {"pydantic.BaseModel", "pydantic.main.BaseModel", "msgspec.Struct", "sqlmodel.SQLModel"}
_ENUMS = {f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")}


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

    world: World
    types: Types

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

    def kind(self, cls: griffe.Class) -> set[str]:
        """Give what kind of class it is, by its own bases and decorators and those it inherits: `enum`, `namedtuple`, `typeddict`, `dataclass`..."""
        found: set[str] = set()
        for one in (cls, *self.world.ancestors(cls)):
            names = set(self.names(one))
            found |= {"enum"} if names & _ENUMS else set()
            found |= {"typeddict"} if "typing.TypedDict" in names else set()
            found |= {"model"} if names & _MODELS else set()
            if one is cls:
                found |= {"protocol"} if "typing.Protocol" in names else set()
                found |= {"namedtuple"} if names & {"typing.NamedTuple", "collections.namedtuple"} else set()
            if self.dataclass(one) is not None:
                found.add("dataclass")
        return found

    def names(self, cls: griffe.Class) -> list[str]:
        """Give the full names of the direct bases."""
        return [self.types.spelled(base if isinstance(base, str) else base.path) for base in self.world.bases(cls)]

    def decorators(self, thing: griffe.Object) -> Iterator[tuple[str, ast.expr]]:
        """Give (full name, syntax) of each decorator."""
        node = self.world.fact(thing).node
        for one in getattr(node, "decorator_list", ()):
            head = one.func if isinstance(one, ast.Call) else one
            if path := dotted(head):
                yield self.types.name(path, thing.parent), one

    def dataclass(self, cls: griffe.Class) -> dict[str, ast.expr] | None:
        """Give the options of the decorator that makes a dataclass of it, None without one."""
        for name, node in self.decorators(cls):
            if name in _DATACLASS or name in _ATTRS:
                options = {one.arg: one.value for one in node.keywords if one.arg} if isinstance(node, ast.Call) else {}
                if name.endswith("frozen"):
                    options.setdefault("frozen", ast.Constant(value=True))
                return options
        return None

    def constructor(self, cls: griffe.Class) -> Signature | None:
        """Give how a class is made into an object; None where that is not known."""
        fact = self.world.fact(cls)
        if fact.call is not None:
            return fact.call
        kind = self.kind(cls)
        if "enum" in kind:
            return None
        if (meta := self._metaclass(cls)) is not None:
            return meta
        if kind & {"namedtuple", "typeddict", "model"} and not {"__init__", "__new__"} & set(cls.members):
            return Signature(parameters=tuple(self._fields(cls, kind)))
        for one in (cls, *self.world.ancestors(cls)):
            for name in ("__init__", "__new__"):
                member = one.members.get(name)
                if member is not None and not member.is_alias and (call := self.of(cast("griffe.Object", member))) is not None:
                    return replace(call, returns=None)
            options = self.dataclass(one)
            if options is not None and not _is(options.get("init"), value=False):
                return Signature(parameters=tuple(self._dataclass_parameters(one)))
            if any(isinstance(base, str) and name not in _PLAIN_BASES for base, name in zip(self.world.bases(one), self.names(one), strict=True)):
                return None
        return Signature(parameters=())

    def of(self, member: griffe.Object, *, shown: bool = False) -> Signature | None:
        """Give the signature of a function or method; one to show has types for readers."""
        fact = self.world.fact(member)
        if fact.call is not None or not isinstance(fact.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return fact.call
        is_method = member.parent is not None and member.parent.is_class
        static = "staticmethod" in member.labels
        return self.function(fact.node, member.parent, bound=is_method and not static, shown=shown)

    def _metaclass(self, cls: griffe.Class) -> Signature | None:
        for one in (cls, *self.world.ancestors(cls)):
            node = self.world.fact(one).node
            for keyword in node.keywords if isinstance(node, ast.ClassDef) else ():
                path = dotted(keyword.value)
                found = self.world.lookup(path, one.parent) if keyword.arg == "metaclass" and path else None
                if found is not None and not isinstance(found, str) and found.is_class:
                    for meta in (found, *self.world.ancestors(cast("griffe.Class", found))):
                        call = meta.members.get("__call__")
                        signature = self.of(cast("griffe.Object", call)) if call is not None and not call.is_alias else None
                        if signature is not None and not _takes_anything(signature):
                            return signature
        return None

    def _dataclass_parameters(self, cls: griffe.Class) -> list[Parameter]:
        fields: dict[str, Parameter] = {}
        for one in reversed((cls, *self.world.ancestors(cls))):
            options = self.dataclass(one)
            if options is not None:
                for parameter in self._own_fields(one, keyword=_is(options.get("kw_only"), value=True)):
                    fields[parameter.name] = parameter
        found = list(fields.values())
        return [*(one for one in found if one.kind is not ParameterKind.KEYWORD), *(one for one in found if one.kind is ParameterKind.KEYWORD)]

    def _fields(self, cls: griffe.Class, kind: set[str]) -> Iterator[Parameter]:
        """Give the fields of a NamedTuple, a TypedDict or a model, in the order in which they are given."""
        fields: dict[str, Parameter] = {}
        positional = "namedtuple" in kind
        for one in reversed((cls, *self.world.ancestors(cls))):
            for parameter in self._own_fields(one, keyword=not positional):
                fields[parameter.name] = parameter
        for name, parameter in fields.items():
            member = cls.members.get(name)
            if "typeddict" in kind and member is not None and not member.is_alias and not self.required(cast("griffe.Object", member), cls):
                yield replace(parameter, default="...")
            else:
                yield parameter

    def required(self, member: griffe.Object, cls: griffe.Class) -> bool:
        """Say whether a key of a TypedDict must be given."""
        node = self.world.fact(member).node
        qualifiers = self.types.qualifiers(node.annotation, member.parent) if isinstance(node, ast.AnnAssign) else set()
        if qualifiers & {"Required", "NotRequired"}:
            return "Required" in qualifiers
        owner = self.world.fact(cast("griffe.Object", member.parent or cls)).node
        total = next((one.value for one in owner.keywords if one.arg == "total"), None) if isinstance(owner, ast.ClassDef) else None
        return not _is(total, value=False)

    def _own_fields(self, cls: griffe.Class, *, keyword: bool) -> Iterator[Parameter]:
        kind = ParameterKind.KEYWORD if keyword else ParameterKind.POSITIONAL_OR_KEYWORD
        for name, member in cls.members.items():
            node = self.world.fact(member).node
            if member.is_alias or not member.is_attribute or not isinstance(node, ast.AnnAssign | ast.Assign) or self.world.fact(member).instance:
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
            if options is not None and _is(options.get("init"), value=False):
                continue
            own = ParameterKind.KEYWORD if options is not None and _is(options.get("kw_only"), value=True) else kind
            if options is not None and _is(options.get("kw_only"), value=False):
                own = ParameterKind.POSITIONAL_OR_KEYWORD
            alias = options.get("alias") if options is not None else None
            yield Parameter(
                name=alias.value if isinstance(alias, ast.Constant) and isinstance(alias.value, str) else name,
                kind=own,
                default=_field_default(node.value, options),
                annotation=self.types.text(node.annotation, cls) if isinstance(node, ast.AnnAssign) else None,
            )

    def _field_options(self, value: ast.expr | None, scope: griffe.Class) -> dict[str, ast.expr] | None:
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


def _field_default(value: ast.expr | None, options: dict[str, ast.expr] | None) -> str | None:
    if options is None:
        return source(value)
    for name in ("default", "default_factory", "factory"):
        if name in options:
            text = source(options[name])
            return text if name == "default" else f"{text}()"
    return None


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _takes_anything(signature: Signature) -> bool:
    return {one.kind for one in signature.parameters} == {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}
