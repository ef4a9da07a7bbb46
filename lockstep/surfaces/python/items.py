"""The names of a package as items: what a rule asks of each, and the line that a reader sees."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from lockstep.dataclass import replace
from lockstep.model import Place
from lockstep.surface import Blind, Item, ItemKind, Stability, Trait, advice
from lockstep.surfaces.python.annotations import Types, parsed, short
from lockstep.surfaces.python.calls import Calls, source
from lockstep.surfaces.python.classes import Classes, is_constant
from lockstep.surfaces.python.declaration_lines import attribute_line, class_line, for_readers, function_line
from lockstep.surfaces.python.decorators import ALL, NOTHING, Keeps, is_known
from lockstep.surfaces.python.export_table import ExportTable
from lockstep.surfaces.python.listing import SHOWN, Listed, Listing
from lockstep.surfaces.python.names import dotted
from lockstep.surfaces.python.source import is_generator
from lockstep.surfaces.python.symbol_table import SymbolTable

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.symbol_table import Thing

_LIKE_PROPERTY = {
    "abstractproperty",
    "async_cached_property",
    "cached_property",
    "classproperty",
    "hybrid_property",
    "lazy_property",
    "lazyproperty",
    "property",
    "reify",
}
"""Last names of decorators that make an attribute of a method, whoever wrote them."""
_KEEPS_VALUE = {"async_cached_property", "cached_property", "lazy_property", "lazyproperty", "reify"}
"""Those that keep what the method gave among the attributes of the object, where it can be set and deleted."""
_TRAITS = {
    "abc.abstractmethod": Trait.ABSTRACT,
    "abc.abstractproperty": Trait.ABSTRACT,
    "abc.abstractclassmethod": Trait.ABSTRACT,
    "abc.abstractstaticmethod": Trait.ABSTRACT,
    "typing.final": Trait.FINAL,
    "warnings.deprecated": Trait.DEPRECATED,
    "typing.deprecated": Trait.DEPRECATED,
    "functools.total_ordering": Trait.TOTAL_ORDERING,
    "typing.runtime_checkable": Trait.RUNTIME_CHECKABLE,
    "contextlib.contextmanager": Trait.CONTEXTMANAGER,
    "contextlib.asynccontextmanager": Trait.ASYNCCONTEXTMANAGER,
    "functools.cache": Trait.CACHED,
    "functools.lru_cache": Trait.CACHED,
    "functools.cached_property": Trait.CACHED,
}
_DEPRECATES = ("warnings.deprecated", "typing.deprecated", "deprecated.deprecated")
_GENERATED = SHOWN | {"version", "version_tuple", "__version_tuple__", "__commit_id__", "commit_id"}
"""Names that a build writes from git's tags."""


class Items:
    """Makes the items of a symbol table."""

    def __init__(self, symbols: SymbolTable, exports: ExportTable) -> None:
        self._symbols = symbols
        self._exports = exports
        self._public: dict[str, str] = {}
        self._types = Types(symbols, self._public)
        self._classes = Classes(symbols, self._types)
        self._calls = Calls(symbols, self._types, self._classes)
        self._listing = Listing(symbols, exports, self._classes)
        self._known: dict[tuple[int, str], Item] = {}
        self.blind: list[Blind] = []

    def all(self) -> dict[str, Item]:
        """Give every item by its path, in the order of definition."""
        names = self._listing.names()
        self.blind += self._listing.blind
        for one in names.values():
            if one.thing is not None and one.stability is Stability.STABLE and not one.inherited:
                if one.thing.is_module and one.path == one.target and (line := self._exports.open_from(one.path)):
                    place = Place(path=self._symbols.file(one.thing), line=line)
                    self.blind.append(Blind(symbol=one.path, place=place, why="it makes names when it is asked for them, which cannot be listed"))
                known = self._public.get(one.target)
                if known is None or (one.path.count("."), len(one.path)) < (known.count("."), len(known)):
                    self._public[one.target] = one.path
        return {path: self._item(one) for path, one in names.items()}

    def imported(self) -> dict[str, Item]:
        """Give the names that modules bind by an import and do not give on; `origin` says what they are."""
        return {
            one.path: Item(
                path=one.path,
                kind=ItemKind.ATTRIBUTE,
                place=self._symbols.place(one.via),
                origin=one.target,
                signature=f"from {one.target.rpartition('.')[0]} import {one.target.rpartition('.')[2]}",
                traits=frozenset({Trait.EXTERNAL}),
                stability=one.stability,
            )
            for one in self._listing.imported()
        }

    def _item(self, one: Listed) -> Item:
        """Make an item: what its thing is, and what the name adds."""
        facts = ((Trait.INHERITED, one.inherited), (Trait.TYPING_ONLY, one.guarded), (Trait.CLASSMETHOD, one.on_class))
        traits = {trait for trait, there in facts if there}
        condition = self._symbols.fact(one.via).condition
        if one.thing is None:
            return self._foreign(one, traits, condition)
        name = one.path.rpartition(".")[2]
        key = (id(one.thing), name)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._made(one.path, one.thing)
        if known.path == one.path and one.stability is known.stability and not traits and condition is None:
            return known
        return replace(known, path=one.path, stability=one.stability, traits=known.traits | traits, condition=condition or known.condition)

    def _made(self, path: str, thing: Thing) -> Item:
        """Make the item of a thing."""
        fact = self._symbols.fact(thing)
        item = Item(
            path=path,
            kind=ItemKind.ATTRIBUTE,
            place=self._symbols.place(thing),
            origin=thing.path,
            traits=fact.traits | self._decorated(thing),
            condition=fact.condition,
            deprecation=fact.deprecation or self._deprecation(thing),
        )
        match thing.kind.value:
            case "module":
                listed = thing.path in self._symbols.modules and self._exports.exported(thing.path) is not None
                traits = item.traits | ({Trait.DYNAMIC} if self._exports.open_from(thing.path) else set()) | ({Trait.LISTED} if listed else set())
                return replace(item, kind=ItemKind.MODULE, signature=f"module {path}", traits=traits)
            case "class":
                return self._class(item, cast("griffe.Class", thing))
            case "function":
                return self._function(item, cast("griffe.Function", thing))
        if (made := self._made_property(item, thing)) is not None:
            return made
        if isinstance(fact.node, ast.FunctionDef | ast.AsyncFunctionDef) or "property" in thing.labels:
            return self._property(item, cast("griffe.Attribute", thing))
        return self._attribute(item, thing)

    def _foreign(self, one: Listed, traits: set[Trait], condition: str | None) -> Item:
        """Make the item of a name that leads out of our packages, or nowhere."""
        external = not self._symbols.owns(one.target)
        module, _, last = one.target.rpartition(".")
        place = self._symbols.place(one.via)
        made = not one.via.is_alias and last in (self._symbols.modules[one.via.path].exports.lazy_names or {})
        unexplained = not external and not self._symbols.is_unseen(one.target) and not self._exports.is_only_declared(one.target)
        if unexplained and one.stability is Stability.STABLE and last not in _GENERATED:
            self.blind.append(Blind(symbol=one.path, place=place, why=f"{one.target} is not in the sources"))
        return Item(
            path=one.path,
            kind=ItemKind.ATTRIBUTE,
            place=place,
            origin=one.target,
            signature=f"from {module} import {last}" if module and external else one.path.rpartition(".")[2],
            traits=frozenset(traits | {Trait.EXTERNAL if external else Trait.DYNAMIC if made else Trait.UNRESOLVED}),
            stability=one.stability,
            condition=condition,
        )

    def _decorated(self, thing: Thing) -> set[Trait]:
        return {_TRAITS[name] for name, _ in self._classes.decorators(thing) if name in _TRAITS}

    def _deprecation(self, thing: Thing) -> str:
        """Give what a deprecation says: the first argument of PEP 702's decorator, and that of its like."""
        for name, node in self._classes.decorators(thing):
            if name in _DEPRECATES and isinstance(node, ast.Call):
                said = node.args[0] if node.args else next((one.value for one in node.keywords if one.arg in ("message", "reason")), None)
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    return advice(said.value)
        return ""

    def _changed_by_decorators(self, thing: Thing) -> set[Trait]:
        """Say what of a function may be otherwise than it is written, for a decorator that cannot be read stands above it."""
        found: set[Trait] = set()
        for one in getattr(self._symbols.fact(thing).node, "decorator_list", ()):
            if dotted(one).rpartition(".")[2] in _LIKE_PROPERTY:
                continue
            kept = self._kept(one, thing)
            found |= {trait for trait, keeps in ((Trait.OTHER_CALL, kept.call), (Trait.OTHER_RESULT, kept.result)) if not keeps}
        return found

    def _kept(self, decorator: ast.expr, thing: Thing) -> Keeps:
        """Say what a decorator keeps of the function below it."""
        called = isinstance(decorator, ast.Call)
        path = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if not path:
            return NOTHING
        if is_known(self._types.name(path, thing.parent)):
            return ALL
        above, _, last = path.rpartition(".")
        found = self._symbols.lookup(path, thing.parent)
        owner = self._symbols.lookup(above, thing.parent) if above and found is None else None
        if owner is not None and not isinstance(owner, str):
            if owner.is_function and last == "register":
                return ALL  # a function for another type: functools.singledispatch
            node = self._symbols.fact(owner).node  # registry = Registry(), @registry.add
            made = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            found = self._symbols.lookup(f"{dotted(made.func)}.{last}", owner.parent) if isinstance(made, ast.Call) and dotted(made.func) else None
        if found is None or isinstance(found, str):
            return NOTHING
        found = self._symbols.follow_assignment(found)
        module = found.module.path
        known = self._symbols.modules[module].exports.decorators.get(found.path.removeprefix(f"{module}.")) if module in self._symbols.modules else None
        if known is None or not found.is_function:
            return NOTHING
        return known.called if called else known.bare

    # ---- by kind

    def _class(self, item: Item, cls: griffe.Class) -> Item:
        self._types.parameters.clear()
        bases = tuple(name for name in self._types.bases(cls) if name != "builtins.object")
        own = self._types.own_parameters(cls)
        parameters = own or tuple(self._types.parameters.values())
        maker = next((one for name in ("__init__", "__new__") if (one := self._classes.first(cls, name)) is not None and not one.is_alias), None)
        made = self._changed_by_decorators(cast("Thing", maker)) & {Trait.OTHER_CALL} if maker is not None else set()
        return replace(
            item,
            kind=ItemKind.CLASS,
            signature=class_line(item.name, [short(base) for base in bases]),
            call=self._calls.constructor(cls),
            bases=bases,
            ancestors=self._classes.ancestors(cls),
            metaclass=self._classes.metaclass(cls),
            type_parameters=parameters,
            traits=item.traits | self._classes.traits(cls) | made,
        )

    def _function(self, item: Item, function: griffe.Function) -> Item:
        fact, owner = self._symbols.fact(function), function.parent
        traits = set(item.traits)
        is_method = owner is not None and owner.is_class
        if is_method and ("classmethod" in function.labels or function.name in {"__init_subclass__", "__class_getitem__"}):
            traits.add(Trait.CLASSMETHOD)
        if is_method and "staticmethod" in function.labels:
            traits.add(Trait.STATICMETHOD)
        if isinstance(fact.node, ast.AsyncFunctionDef):
            traits.add(Trait.ASYNC)
        if is_generator(fact.node):
            traits.add(Trait.GENERATOR)
        traits |= self._changed_by_decorators(function)
        self._types.parameters.clear()
        replaced = self._types.replaced
        call = self._calls.of(function)
        shown = for_readers(call) if self._types.replaced == replaced else self._calls.of(function, shown=True)
        names = {name.rpartition(".")[2] for name, _ in self._classes.decorators(function)}
        if is_method and names & _LIKE_PROPERTY:
            traits |= {Trait.SETTABLE, Trait.DELETABLE} if names & _KEEPS_VALUE else set()
            written = attribute_line(item.name, shown.returns if shown else None, word="property ")
            return replace(item, kind=ItemKind.PROPERTY, signature=written, annotation=call.returns if call else None, traits=frozenset(traits))
        overloads = tuple(found for one in function.overloads or () if (found := self._calls.of(one)) is not None)
        return replace(
            item,
            kind=ItemKind.FUNCTION,
            signature=function_line(item.name, shown, asynchronous=Trait.ASYNC in traits),
            call=call,
            overloads=overloads,
            type_parameters=self._types.own_parameters(function) or tuple(self._types.parameters.values()),
            traits=frozenset(traits),
        )

    def _property(self, item: Item, attribute: griffe.Attribute) -> Item:
        fact = self._symbols.fact(attribute)
        traits = set(item.traits)
        if Trait.CACHED in traits:
            traits |= {Trait.SETTABLE, Trait.DELETABLE}  # functools.cached_property keeps its value among the object's attributes
        if attribute.setter is not None:
            traits.add(Trait.SETTABLE)
        if attribute.deleter is not None:
            traits.add(Trait.DELETABLE)
        returns = fact.node.returns if isinstance(fact.node, ast.FunctionDef | ast.AsyncFunctionDef) else None
        returns = returns or (parsed(fact.annotation) if fact.annotation else None)
        annotation, shown = self._types.text(returns, attribute.parent), self._types.shown(returns, attribute.parent)
        written = attribute_line(item.name, shown, word="property ")
        return replace(item, kind=ItemKind.PROPERTY, signature=written, annotation=annotation, traits=frozenset(traits))

    def _made_property(self, item: Item, thing: Thing) -> Item | None:
        """Make the item of `name = property(get, set, delete)`; None of anything else."""
        match self._symbols.fact(thing).node:
            case ast.Assign(value=ast.Call(func=func, args=args, keywords=keywords)) if (
                thing.parent is not None and thing.parent.is_class and self._types.name(dotted(func), thing.parent) == "builtins.property"
            ):
                given = dict(zip(("fget", "fset", "fdel"), args, strict=False)) | {one.arg: one.value for one in keywords if one.arg}
            case _:
                return None
        there = {name for name, value in given.items() if not is_constant(value, value=None)}
        traits = {trait for name, trait in (("fset", Trait.SETTABLE), ("fdel", Trait.DELETABLE)) if name in there}
        getter = self._symbols.lookup(dotted(given["fget"]), thing.parent) if "fget" in there and dotted(given["fget"]) else None
        node = self._symbols.fact(getter).node if getter is not None and not isinstance(getter, str) else None
        returns = node.returns if isinstance(node, ast.FunctionDef) else None
        written = attribute_line(item.name, self._types.shown(returns, thing.parent), word="property ")
        annotation = self._types.text(returns, thing.parent)
        return replace(item, kind=ItemKind.PROPERTY, signature=written, annotation=annotation, traits=item.traits | traits)

    def _attribute(self, item: Item, attribute: Thing) -> Item:
        fact, scope = self._symbols.fact(attribute), attribute.parent
        native = parsed(fact.annotation) if fact.annotation else None
        annotation, value, shown = self._types.text(native, scope), fact.value, self._types.shown(native, scope)
        traits = set(item.traits) | self._variable_traits(attribute)
        match fact.node:
            case ast.AnnAssign(annotation=written, value=assigned):
                annotation, shown, value = self._types.text(written, scope), self._types.shown(written, scope), source(assigned)
                if annotation in {"typing.Final", "typing.ClassVar"}:
                    annotation = shown = None
            case ast.Assign(value=assigned):
                value = source(assigned)
        if Trait.MEMBER in traits:
            annotation = shown = None
        elif annotation is None and (annotation := self._calls.inferred(attribute)) is not None:
            traits.add(Trait.INFERRED)
        alias = self._symbols.alias_value(attribute)
        in_class = scope is not None and scope.is_class
        if alias is not None and not in_class and (attribute.is_type_alias or self._types.is_type(alias, fact.node, scope)):
            self._types.parameters.clear()
            return replace(
                item,
                kind=ItemKind.TYPE_ALIAS,
                signature=f"type {item.name} = {self._types.shown(alias, scope)}",
                annotation=self._types.text(alias, scope),
                type_parameters=self._types.own_parameters(attribute) or tuple(self._types.parameters.values()),
                traits=frozenset(traits - {Trait.INFERRED}),
            )
        if attribute.name in SHOWN:
            value = None  # it is another one in every release
        return replace(item, signature=attribute_line(item.name, shown, value), annotation=annotation, value=value, traits=frozenset(traits))

    def _variable_traits(self, attribute: Thing) -> set[Trait]:
        fact, scope = self._symbols.fact(attribute), attribute.parent
        traits = {Trait.INSTANCE} if fact.instance else set[Trait]()
        qualifiers = self._types.qualifiers(fact.node.annotation, scope) if isinstance(fact.node, ast.AnnAssign) else set[str]()
        traits |= {Trait(word.lower()) for word in qualifiers & {"Final", "ReadOnly", "ClassVar"}}
        if scope is None or not scope.is_class:
            return traits
        owner = cast("griffe.Class", scope)
        kinds = self._classes.kind(owner)
        if Trait.ENUM in kinds and isinstance(fact.node, ast.Assign) and not fact.instance and not attribute.name.startswith("_"):
            traits.add(Trait.MEMBER)
        if Trait.TYPEDDICT in kinds:
            traits.add(Trait.REQUIRED if self._calls.required(attribute, owner) else Trait.NOT_REQUIRED)
        if kinds & {Trait.DATACLASS, Trait.NAMEDTUPLE, Trait.MODEL} and isinstance(fact.node, ast.AnnAssign) and not traits & {Trait.CLASSVAR, Trait.INSTANCE}:
            traits.add(Trait.FIELD)
        if isinstance(fact.node, ast.AnnAssign) and fact.node.value is None and Trait.CLASSVAR not in traits:
            traits.add(Trait.INSTANCE)
        return traits
