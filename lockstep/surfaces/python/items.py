"""The names of a package as items: at the path that users write, and at the path where they are defined.

A module's `__all__` decides what is public in it. Without one, what is defined there under a public name is, and of what is imported only
`from x import Y as Y`, a wildcard import, and what the `__init__` of a package takes from its own package.
Source: https://typing.python.org/en/latest/spec/distributing.html#library-interface-public-and-private-symbols
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lockstep.model import Place
from lockstep.surface import Blind, Item, ItemKind, Parameter, ParameterKind, Signature, Stability
from lockstep.surfaces.python.annotations import Types, short
from lockstep.surfaces.python.calls import Calls, source
from lockstep.surfaces.python.world import Scanned, World

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.world import Name, Thing

MOST_ITEMS = 200_000
"""Names of one package; what is above it is blind."""

_TESTS = re.compile(r"(?:^|\.)(?:tests|conftest|test_[^.]*|[^.]*_test|__main__|_?vendor(?:ed)?)(?:\.|$)")
"""Modules that nobody is meant to import."""
_SHOWN_DUNDERS = {"__version__", "__version_info__"}
_LIKE_PROPERTY = {
    "cached_property",
    "property",
    "reify",
    "lazy_property",
    "lazyproperty",
    "classproperty",
    "hybrid_property",
    "async_cached_property",
    "abstractproperty",
}
_TRAITS = {
    "abc.abstractmethod": "abstract",
    "abc.abstractproperty": "abstract",
    "typing.final": "final",
    "typing.override": "override",
    "warnings.deprecated": "deprecated",
    "typing.deprecated": "deprecated",
    "typing.runtime_checkable": "runtime_checkable",
    "contextlib.contextmanager": "contextmanager",
    "contextlib.asynccontextmanager": "asynccontextmanager",
    "functools.cache": "cached",
    "functools.lru_cache": "cached",
    "functools.total_ordering": "total_ordering",
}


@dataclass(slots=True)
class _Found:
    """A name before its types are written."""

    path: str
    thing: Thing | None
    target: str
    stability: Stability
    via: Name
    inherited: bool = False
    condition: str | None = None


class Reader:
    """Makes the items of a world."""

    def __init__(self, world: World, packages: tuple[str, ...]) -> None:
        self._world = world
        self._packages = packages
        self._public: dict[str, str] = {}
        self._types = Types(world, self._public)
        self._calls = Calls(world, self._types)
        self.blind: list[Blind] = []

    def items(self) -> dict[str, Item]:
        """Give every item by its path, in the order of definition."""
        found: dict[str, _Found] = {}
        for one in self._walk():
            if len(found) >= MOST_ITEMS:
                self.blind.append(Blind(symbol=self._packages[0], place=Place(path=""), why=f"the package has more than {MOST_ITEMS} names"))
                break
            known = found.get(one.path)
            if known is None or (known.thing is not None and known.thing.is_module and one.thing is not known.thing and one.thing is not None):
                found[one.path] = one
        for one in found.values():
            origin = one.thing.path if one.thing is not None else one.target
            if one.thing is not None and one.stability is Stability.STABLE and not one.inherited:
                known_name = self._public.get(origin)
                if known_name is None or (one.path.count("."), len(one.path)) < (known_name.count("."), len(known_name)):
                    self._public[origin] = one.path
        return {path: self._item(one) for path, one in found.items()}

    # ---- which names there are

    def _walk(self) -> Iterator[_Found]:
        for name, scanned in self._world.modules.items():
            if _TESTS.search(name.partition(".")[2]):
                continue
            hidden = any(_is_private(part) for part in name.split("."))
            stability = Stability.HIDDEN if hidden else Stability.STABLE
            if scanned.path:
                yield _Found(name, scanned.module, name, stability, scanned.module)
            yield from self._members(name, scanned, name, stability, ())

    def _members(self, prefix: str, scanned: Scanned, module: str, above: Stability, stack: tuple[str, ...]) -> Iterator[_Found]:
        """Give the members of a module below a path that leads to it."""
        exported = self._world.exported(module)
        for name, member in list(scanned.module.members.items()):
            stability = self._publicness(name, member, scanned, exported)
            if stability is not None:
                fact = self._world.fact(member)
                if fact.guarded and not (exported is not None and name in exported) and not self._world.dynamic(module):
                    continue
                yield from self._name(f"{prefix}.{name}", member, Stability.HIDDEN if above is Stability.HIDDEN else stability, stack)
        made = self._world.made(module)
        for name in [*(exported or ()), *made]:
            if name not in scanned.module.members and f"{module}.{name}" not in self._world.modules:
                stability = Stability.HIDDEN if _is_private(name) else above
                yield from self._made(f"{prefix}.{name}", made.get(name) or f"{module}.{name}", scanned, stability, stack)

    def _made(self, path: str, target: str, scanned: Scanned, stability: Stability, stack: tuple[str, ...]) -> Iterator[_Found]:
        """Give a name that a module makes when it is asked, or that its `__all__` promises and nothing binds."""
        found = self._world.find(target) if target != path else None
        if found is None or isinstance(found, str):
            yield _Found(path, None, target, stability, scanned.module)
            return
        yield _Found(path, found, found.path, stability, scanned.module)
        if found.is_class and found.path not in stack:
            yield from self._class(path, cast("griffe.Class", found), stability, (*stack, found.path))

    def _publicness(self, name: str, member: Name, scanned: Scanned, exported: list[str] | None) -> Stability | None:
        """Say how stable a member of a module is, None when it is none of its names."""
        if "/" in name or name in {"__all__", "__getattr__", "__dir__", "__path__", "__file__"}:
            return None
        imported = member.is_alias
        if exported is not None and name in exported:
            return Stability.STABLE
        if not imported and cast("Thing", member).is_module:
            return None  # it comes as a module
        if imported:
            fact = self._world.fact(member)
            target = cast("griffe.Alias", member).target_path
            own = self._world.owns(target)
            into_package = scanned.module.is_init_module and own and isinstance(fact.node, ast.ImportFrom) and not scanned.stub
            if exported is not None or not (fact.explicit or into_package):
                return None
        elif exported is not None:
            return Stability.STABLE if name in _SHOWN_DUNDERS else Stability.HIDDEN
        if _is_dunder(name):
            return Stability.STABLE if name in _SHOWN_DUNDERS else Stability.HIDDEN
        return Stability.HIDDEN if _is_private(name) else Stability.STABLE

    def _name(self, path: str, member: Name, stability: Stability, stack: tuple[str, ...]) -> Iterator[_Found]:
        """Give a member and what is below it."""
        thing = self._world.follow(member)
        target = cast("griffe.Alias", member).target_path if member.is_alias else path
        if thing is None or isinstance(thing, str):
            yield _Found(path, None, thing or target, stability, member)
            return
        thing = self._world.renamed(thing)
        yield _Found(path, thing, thing.path, stability, member, condition=self._world.fact(member).condition)
        if thing.is_class and thing.path not in stack:
            yield from self._class(path, cast("griffe.Class", thing), stability, (*stack, thing.path))
        elif thing.is_module and thing.path not in stack and member.is_alias and thing.path != path:
            scanned = self._world.modules[thing.path]
            yield from self._members(path, scanned, thing.path, stability, (*stack, thing.path))

    def _class(self, path: str, cls: griffe.Class, above: Stability, stack: tuple[str, ...]) -> Iterator[_Found]:
        taken: set[str] = set()
        for owner in (cls, *self._world.ancestors(cls)):
            for name, member in owner.members.items():
                if name in taken or name in {"__slots__", "__module__", "__qualname__", "__doc__", "__match_args__", "__annotations__"}:
                    continue
                taken.add(name)
                private = _is_private(name) and not _is_dunder(name)
                fact = self._world.fact(member)
                if private and (fact.instance or owner is not cls):
                    continue
                if member.is_alias and isinstance(fact.node, ast.Import | ast.ImportFrom):
                    continue  # an import in a class body
                stability = Stability.HIDDEN if private else above
                thing = self._world.follow(member)
                thing = None if isinstance(thing, str) else thing
                if thing is None:
                    continue
                sibling = self._world.renamed(thing)
                yield _Found(f"{path}.{name}", sibling, sibling.path, stability, member, inherited=owner is not cls, condition=fact.condition)
                if sibling.is_class and sibling.path not in stack:
                    yield from self._class(f"{path}.{name}", cast("griffe.Class", sibling), stability, (*stack, sibling.path))

    # ---- what they are

    def _place(self, one: _Found) -> Place:
        thing = one.thing if one.thing is not None else one.via
        if thing.is_alias:
            parent = thing.parent
            return Place(path=self._world.file(cast("Thing", parent)) if parent is not None else "", line=self._world.fact(thing).line)
        return Place(path=self._world.file(cast("Thing", thing)), line=self._world.fact(thing).line or (1 if cast("Thing", thing).is_module else None))

    def _item(self, one: _Found) -> Item:
        place, thing = self._place(one), one.thing
        name = one.path.rpartition(".")[2]
        if thing is None:
            external = not self._world.owns(one.target)
            module, _, last = one.target.rpartition(".")
            written = f"from {module} import {last}" if module and external else name
            facts = frozenset({"external" if external else "unresolved"})
            return Item(path=one.path, kind=ItemKind.ATTRIBUTE, place=place, origin=one.target, signature=written, traits=facts, stability=one.stability)
        fact = self._world.fact(thing)
        traits = set(fact.traits) | ({"inherited"} if one.inherited else set())
        match thing.kind.value:
            case "module":
                return Item(path=one.path, kind=ItemKind.MODULE, place=place, origin=thing.path, signature=f"module {one.path}", stability=one.stability)
            case "class":
                return self._class_item(one, cast("griffe.Class", thing), place, traits)
            case "function":
                return self._function_item(one, cast("griffe.Function", thing), place, traits)
        return self._attribute_item(one, thing, place, traits)

    def _class_item(self, one: _Found, cls: griffe.Class, place: Place, traits: set[str]) -> Item:
        name = one.path.rpartition(".")[2]
        fact = self._world.fact(cls)
        bases = tuple(base for base in self._calls.names(cls) if base != "builtins.object")
        traits |= self._calls.kind(cls) | {_TRAITS[path] for path, _ in self._calls.decorators(cls) if path in _TRAITS}
        options = self._calls.dataclass(cls)
        if options is not None and isinstance(frozen := options.get("frozen"), ast.Constant) and frozen.value is True:
            traits.add("frozen")
        if "__slots__" in cls.members or (options is not None and isinstance(slots := options.get("slots"), ast.Constant) and slots.value is True):
            traits.add("slots")
        if self._abstract(cls):
            traits.add("abstract")
        shown = [short(base) for base in bases]
        return Item(
            path=one.path,
            kind=ItemKind.CLASS,
            place=place,
            origin=cls.path,
            signature=f"class {name}" + (f"({', '.join(shown)})" if shown else ""),
            call=self._calls.constructor(cls),
            bases=bases,
            traits=frozenset(traits),
            stability=one.stability,
            condition=one.condition or fact.condition,
        )

    def _abstract(self, cls: griffe.Class) -> bool:
        """Say whether a class has methods that nobody has written: Python makes no object of it."""
        line = (cls, *self._world.ancestors(cls))
        names = {name for one in line for name, member in one.members.items() if not member.is_alias and self._is_abstract(cast("Thing", member))}
        for name in names:
            first = next(one.members[name] for one in line if name in one.members)
            if not first.is_alias and self._is_abstract(cast("Thing", first)):
                return True
        return False

    def _is_abstract(self, member: Thing) -> bool:
        node = self._world.fact(member).node
        return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(path.startswith("abc.abstract") for path, _ in self._calls.decorators(member))

    def _function_item(self, one: _Found, function: griffe.Function, place: Place, traits: set[str]) -> Item:
        name = one.path.rpartition(".")[2]
        fact = self._world.fact(function)
        decorators = dict(self._calls.decorators(function))
        traits |= {_TRAITS[path] for path in decorators if path in _TRAITS}
        is_method = function.parent is not None and function.parent.is_class
        if is_method:
            if "staticmethod" in function.labels:
                traits.add("staticmethod")
            elif "classmethod" in function.labels or name in {"__init_subclass__", "__class_getitem__"}:
                traits.add("classmethod")
        if isinstance(fact.node, ast.AsyncFunctionDef):
            traits.add("async")
        like = next((path for path in decorators if path.rpartition(".")[2] in _LIKE_PROPERTY), None)
        call = self._calls.of(function)
        if is_method and like is not None:
            return Item(
                path=one.path,
                kind=ItemKind.PROPERTY,
                place=place,
                origin=function.path,
                signature=_attribute_line("property ", name, shown.returns if (shown := self._calls.of(function, shown=True)) else None, None),
                annotation=call.returns if call else None,
                traits=frozenset(traits | {"property"}),
                stability=one.stability,
                condition=one.condition or fact.condition,
            )
        owner = function.parent
        overloads = tuple(
            self._calls.function(node, owner, bound=is_method and "staticmethod" not in traits)
            for over in (function.overloads or [])
            if isinstance(node := self._world.fact(over).node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        return Item(
            path=one.path,
            kind=ItemKind.FUNCTION,
            place=place,
            origin=function.path,
            signature=_function_line(name, self._calls.of(function, shown=True), asynchronous="async" in traits),
            call=call,
            overloads=overloads,
            traits=frozenset(traits),
            stability=one.stability,
            condition=one.condition or fact.condition,
        )

    def _attribute_item(self, one: _Found, attribute: Thing, place: Place, traits: set[str]) -> Item:
        name = one.path.rpartition(".")[2]
        fact = self._world.fact(attribute)
        node, scope = fact.node, attribute.parent
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._property_item(one, cast("griffe.Attribute", attribute), node, place, traits)
        annotation, value = fact.annotation, fact.value
        kind = ItemKind.ATTRIBUTE
        in_class = scope is not None and scope.is_class
        if isinstance(node, ast.AnnAssign):
            annotation, value = self._types.text(node.annotation, scope), source(node.value)
            if annotation in {"typing.Final", "typing.ClassVar"}:
                annotation = None
        elif isinstance(node, ast.Assign):
            value = source(node.value)
            annotation = annotation or _plain_type(node.value)
        alias = self._world.alias_value(attribute)
        if not in_class and alias is not None and (attribute.is_type_alias or not isinstance(alias, ast.Name | ast.Attribute)):
            kind, annotation = ItemKind.TYPE_ALIAS, self._types.text(alias, scope)
        traits |= self._variable_traits(attribute)
        if "member" in traits:
            annotation = None
        if name in _SHOWN_DUNDERS:
            value = None  # it is another one in every release
        if kind is ItemKind.TYPE_ALIAS:
            written = f"type {name} = {self._types.shown(alias, scope)}"
        else:
            shown = self._types.shown(node.annotation, scope) if isinstance(node, ast.AnnAssign) else short(annotation or "")
            written = _attribute_line("", name, shown, value)
        return Item(
            path=one.path,
            kind=kind,
            place=place,
            origin=attribute.path,
            signature=written,
            annotation=annotation,
            value=value,
            traits=frozenset(traits),
            stability=one.stability,
            condition=one.condition or fact.condition,
        )

    def _variable_traits(self, attribute: Thing) -> set[str]:
        fact, scope = self._world.fact(attribute), attribute.parent
        traits = {"instance"} if fact.instance else set[str]()
        qualifiers = self._types.qualifiers(fact.node.annotation, scope) if isinstance(fact.node, ast.AnnAssign) else set()
        traits |= {word.lower() for word in qualifiers & {"Final", "ReadOnly", "ClassVar"}}
        if scope is not None and scope.is_class:
            owner = cast("griffe.Class", scope)
            kinds = self._calls.kind(owner)
            if "enum" in kinds and isinstance(fact.node, ast.Assign) and not attribute.name.startswith("_"):
                traits.add("member")
            if "typeddict" in kinds:
                traits.add("required" if self._calls.required(attribute, owner) else "not_required")
            if kinds & {"dataclass", "namedtuple", "model"} and isinstance(fact.node, ast.AnnAssign) and "classvar" not in traits:
                traits.add("field")
        return traits

    def _property_item(self, one: _Found, attribute: griffe.Attribute, node: ast.FunctionDef | ast.AsyncFunctionDef, place: Place, traits: set[str]) -> Item:
        decorators = dict(self._calls.decorators(attribute))
        traits |= {_TRAITS[path] for path in decorators if path in _TRAITS}
        if "cached" in attribute.labels:
            traits |= {"cached", "settable", "deletable"}
        if attribute.setter is not None:
            traits.add("settable")
        if attribute.deleter is not None:
            traits.add("deletable")
        annotation = self._types.text(node.returns, attribute.parent)
        return Item(
            path=one.path,
            kind=ItemKind.PROPERTY,
            place=place,
            origin=attribute.path,
            signature=_attribute_line("property ", one.path.rpartition(".")[2], self._types.shown(node.returns, attribute.parent), None),
            annotation=annotation,
            traits=frozenset(traits | {"property"}),
            stability=one.stability,
            condition=one.condition,
        )


def _is_dunder(name: str) -> bool:
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def _is_private(name: str) -> bool:
    return name.startswith("_") and not _is_dunder(name)


def _plain_type(value: ast.expr) -> str | None:
    """Give the type of a literal."""
    match value:
        case ast.Constant(value=bool()):
            return "builtins.bool"
        case ast.Constant(value=str() | bytes() | int() | float() | complex() as literal):
            return f"builtins.{type(literal).__name__}"
    return None


LONGEST_LINE = 300


def _attribute_line(word: str, name: str, annotation: str | None, value: str | None) -> str:
    line = f"{word}{name}" + (f": {annotation}" if annotation else "")
    if value is not None and "\n" not in value and len(value) <= 60:
        line += f" = {value}"
    return line


def _function_line(name: str, call: Signature | None, *, asynchronous: bool = False) -> str:
    word = "async def" if asynchronous else "def"
    if call is None:
        return f"{word} {name}(...)"
    returns = f" -> {call.returns}" if call.returns else ""
    return f"{word} {name}({', '.join(_parameters(call.parameters))}){returns}"


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    """Write parameters, with the `/` and `*` that their kinds need."""
    positional, star = False, False
    for one in parameters:
        if positional and one.kind is not ParameterKind.POSITIONAL:
            yield "/"
            positional = False
        match one.kind:
            case ParameterKind.POSITIONAL:
                positional = True
            case ParameterKind.VAR_POSITIONAL:
                star = True
            case ParameterKind.KEYWORD if not star:
                yield "*"
                star = True
        mark = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(one.kind, "")
        text = f"{mark}{one.name}" + (f": {one.annotation}" if one.annotation else "")
        yield text + ("" if one.default is None else f" = {one.default}" if one.annotation else f"={one.default}")
    if positional:
        yield "/"
