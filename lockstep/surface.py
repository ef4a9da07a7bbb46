"""The nouns of a promise: what a package offers to those who use it, as frozen data without a parser behind it.

A surface is read by `surfaces/` from a tree, kept in a cache, and compared by `rules/compat/`: everything that a rule asks stands here.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from enum import StrEnum

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Place


class ItemKind(StrEnum):
    """What an item is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"  # methods too
    PROPERTY = "property"
    ATTRIBUTE = "attribute"  # a variable, a constant, a field, an enum's member
    TYPE_ALIAS = "type_alias"
    STRUCT = "struct"
    ENUM = "enum"
    VARIANT = "variant"  # of a Rust enum
    UNION = "union"
    INTERFACE = "interface"
    TRAIT = "trait"  # of Rust
    FIELD = "field"
    CONSTANT = "constant"
    STATIC = "static"
    MACRO = "macro"
    FEATURE = "feature"  # what a user can switch on: a Cargo feature, an extra
    DEPENDENCY = "dependency"
    FLOOR = "floor"  # the least that a user must have
    PLATFORM = "platform"
    FILE = "file"
    KEY = "key"  # of a document: a schema's property


class ParameterKind(StrEnum):
    """How an argument reaches a parameter: the kinds of `inspect.Parameter`."""

    POSITIONAL = "positional"
    POSITIONAL_OR_KEYWORD = "positional_or_keyword"
    VAR_POSITIONAL = "var_positional"
    KEYWORD = "keyword"
    VAR_KEYWORD = "var_keyword"


class Stability(StrEnum):
    """What is promised about an item."""

    STABLE = "stable"
    EXPERIMENTAL = "experimental"
    HIDDEN = "hidden"  # private by name, `#[doc(hidden)]`, below a private module


class Trait(StrEnum):
    """Facts of Python items that rules ask for: there or not."""

    ABC = "abc"  # a class whose metaclass is ABCMeta, by whatever way: only there does `abstract` forbid to make objects
    ABSTRACT = "abstract"  # a method that a child must write; a class of which no object can be made, for it has such methods
    ASYNC = "async"  # `async def`
    ASYNCCONTEXTMANAGER = "asynccontextmanager"
    CACHED = "cached"
    CLASSMETHOD = "classmethod"
    CLASSVAR = "classvar"
    CONTEXTMANAGER = "contextmanager"
    DATACLASS = "dataclass"
    DELETABLE = "deletable"  # a property with a deleter
    DEPRECATED = "deprecated"
    DYNAMIC = "dynamic"  # a module or class whose `__getattr__` may give names that are not listed; a name that a module makes when it is asked for
    ENUM = "enum"
    EQUATED = "equated"  # a class with an `__eq__` of its own or of a base, written or made by a dataclass
    EXTERNAL = "external"  # imported from another distribution: nothing more is known
    FIELD = "field"  # of a dataclass, a NamedTuple, a model
    FINAL = "final"  # `@final`, `Final`; a native class that Python cannot inherit from
    FROZEN = "frozen"  # a dataclass, a model or a native class whose fields cannot be set
    GENERATOR = "generator"  # a function with a `yield` of its own
    INFERRED = "inferred"  # its annotation is that of its value, and nobody wrote it
    INHERITED = "inherited"  # listed below a class that has it from a base
    INSTANCE = "instance"  # an attribute of the objects and not of the class
    LISTED = "listed"  # a module with an `__all__`
    MEMBER = "member"  # of an enum
    MODEL = "model"
    NAMEDTUPLE = "namedtuple"
    NATIVE = "native"  # defined in Rust
    NOT_REQUIRED = "not_required"  # a key of a TypedDict
    OTHER_CALL = "other_call"  # below a decorator that may put something else there, with other parameters
    OTHER_RESULT = "other_result"  # likewise, that gives something else
    ORDERED = "ordered"  # a class whose objects can be compared with `<`, as `@dataclass(order=True)` makes them
    PROTOCOL = "protocol"
    READONLY = "readonly"
    REQUIRED = "required"  # a key of a TypedDict
    RUNTIME_CHECKABLE = "runtime_checkable"
    SETTABLE = "settable"  # a property with a setter; a native attribute that can be set
    SLOTS = "slots"  # a class whose objects have no `__dict__`: it and all of its bases have `__slots__`
    STATICMETHOD = "staticmethod"
    TOTAL_ORDERING = "total_ordering"  # `@total_ordering`: what is not written of `<`, `<=`, `>`, `>=` is made
    TYPEDDICT = "typeddict"
    TYPING_ONLY = "typing_only"  # there for type checkers alone: below `if TYPE_CHECKING`
    UNHASHABLE = "unhashable"  # a class whose `__hash__` is None: written so, or by an `__eq__` without a `__hash__`, or by a dataclass
    UNRESOLVED = "unresolved"  # a name that leads nowhere in its own package: to import it fails, or what has it could not be seen


class RustFact(StrEnum):
    """Facts of Rust items that rules ask for. Those from IMPLEMENTS on stand before a word: `implements Clone`, `repr C`, `abi C`, `helper serde`."""

    ALIAS = "alias"  # another path of the item at `origin`, which is listed in full there
    ASYNC = "async"
    BLANKET = "blanket"  # a trait with an implementation for every type that satisfies some bounds
    BRIDGED = "bridged"  # a function that is written to be called from another language: `#[pymethods]`, `#[pyfunction]`
    CONST = "const"  # a function that constants may call
    DEFAULT = "default"  # an item of a trait that those who implement it may leave out
    DEPRECATED = "deprecated"
    DYN = "dyn"  # a trait that makes trait objects, as far as its own items tell
    FOREIGN = "foreign"  # of a crate from elsewhere: nothing more is known
    LITERAL = "literal"  # a struct or variant that users can write with all of its fields
    MUST_USE = "must_use"
    MUTABLE = "mutable"  # a static
    NAMED = "named"  # a struct or variant with names for its fields
    NON_EXHAUSTIVE = "non_exhaustive"
    ORDERED = "ordered"  # compared by the order of its variants or fields, by derive
    OPAQUE = "opaque"  # has parts that a macro of another crate may have made
    PRIVATE = "private"  # has fields that users cannot name
    REQUIRED = "required"  # an item of a trait that those who implement it must write
    SEALED = "sealed"  # a trait that only its own crate can implement
    TUPLE = "tuple"
    UNIT = "unit"
    UNSAFE = "unsafe"
    VARIES = "varies"  # there is another definition, for another feature or target
    IMPLEMENTS = "implements"
    REPR = "repr"
    ABI = "abi"
    GIVEN = "given"  # a supertrait that some implementation gives to all types that satisfy its bounds
    HERE = "here"  # a condition that holds on the target that is read for, and not on every one
    HELPER = "helper"  # an attribute that a derive takes
    MADE_FROM = "made_from"  # a digest of all that macros of other crates are given of it, where it is opaque and nothing else has a part in it
    USES = "uses"  # a type of a crate from elsewhere stands in it: `uses pyo3`
    MAY_USE = "may_use"  # one may: a glob import of the crate may bring a name of it
    DEREFS = "derefs"  # to what, as `rust_types` writes it; one of the crate's own types by its public path


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeParameter:
    """A type parameter of a class, a function or an alias, PEP 695 or a TypeVar; types write it by this name. `name` has its stars."""

    name: str
    bound: str | None = None
    constraints: tuple[str, ...] = ()
    default: str | None = None
    covariant: bool = False
    contravariant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. `default` is its source text, None when an argument must be given; `annotation` is a resolved type, None when none is written."""

    name: str
    kind: ParameterKind
    default: str | None = None
    annotation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How something is called, without `self` or `cls`. `returns` is a resolved type, None when none is written."""

    parameters: tuple[Parameter, ...]
    returns: str | None = None


MOST_ADVICE = 400
"""Characters of what a deprecation says that are kept."""


def advice(text: str) -> str:
    """Give what the author of a deprecation says, on one line."""
    return " ".join(text.split())[:MOST_ADVICE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One name that a user can write.

    `path` is how the user writes it (`ordvec.Rank.search`); `origin` is the path where it is defined, so that one thing under two names is
    known as one. `signature` is for readers, `call` and `overloads` for rules; `call` is None where it is not callable or not known.
    `annotation`, `bases` and the types of `call` are written with full names (`builtins.int | None`, `collections.abc.Sequence[ordvec.Rank]`).
    One spelling stands for all that mean the same (`Optional[X]` is `X | None`), an alias of a type is replaced by what it stands for unless it stands
    for itself, a class is called by its shortest public path wherever it is defined, and a type variable by its bare name.
    A class's `call` is how an object of it is made; its `__init__` and `__new__` are items too, where it has them.
    `ancestors` are all bases of a class in the order in which Python asks them, private ones too, as far as they are known; the names of those
    that are public are their public paths. `metaclass` is its full name, None for `type`. `type_parameters` are those of a class in the order
    of its brackets, and those that a function's types name.
    `traits` are facts that are there or not; `Trait` lists those of Python, `RustFact` those of Rust.
    `types` are those of the parameters and the result of a Rust function, of a field, a constant or an alias, as far as they certainly mean one
    thing (`rust_types`); there are none where none is known. Of a native function of Python whose stub says other types, `name: type` as Rust takes it.
    `value` is the source text of a constant's value. `condition` is what decides whether the item exists at all (a cfg, a version test).
    `deprecation` is what its author says of it where it is deprecated, "" for nothing.
    """

    path: str
    kind: ItemKind
    place: Place
    origin: str = ""
    signature: str = ""
    call: Signature | None = None
    overloads: tuple[Signature, ...] = ()
    bases: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    metaclass: str | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    annotation: str | None = None
    types: tuple[str, ...] = ()
    value: str | None = None
    traits: frozenset[str] = frozenset()
    stability: Stability = Stability.STABLE
    condition: str | None = None
    deprecation: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """What could not be seen: names below `symbol` may be missing, because `place` could not be read.

    `cut`: reading stopped there, at a limit or because there was nothing to read, so that what is missing may be another part each time.
    `basis` is a digest of all that stands there and that it depends on, empty where that is not known: where it is the same, the same is missing.
    """

    symbol: str
    place: Place
    why: str
    cut: bool = False
    basis: str = ""

    @property
    def cause(self) -> tuple[str, str, str, str] | None:
        """What makes it the same as another, wherever in its file that stands; None where nothing is known to be the same."""
        return (self.symbol, self.place.path, self.why, self.basis) if self.basis and not self.cut else None


class LaterItems(Mapping[str, Item]):
    """Items that are made when somebody asks for one; `name` tells them from others, `offered` says how many of them are promised to anybody."""

    __slots__ = ("_count", "_known", "_make", "name", "offered")

    def __init__(self, make: Callable[[], Mapping[str, Item]], name: str, count: int, offered: int) -> None:
        self._make = make
        self.name = name
        self._known: Mapping[str, Item] | None = None
        self._count = count
        self.offered = offered

    @property
    def made(self) -> Mapping[str, Item]:
        """The items themselves, for who asks for many."""
        if self._known is None:
            self._known = self._make()
        return self._known

    def __getitem__(self, path: str) -> Item:
        return self.made[path]

    def __contains__(self, path: object) -> bool:
        return path in self.made

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return self._count

    def items(self) -> ItemsView[str, Item]:
        """Give the paths and the items."""
        return self.made.items()

    def values(self) -> ValuesView[Item]:
        """Give the items."""
        return self.made.values()


def made(items: Mapping[str, Item]) -> Mapping[str, Item]:
    """Give the items themselves, made if they are made later."""
    return items.made if isinstance(items, LaterItems) else items


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What one package promises in one language. `items` are in the order of their definition; that order is part of some promises.

    `stubs` are what stubs say of native modules, by the paths where it is defined: what is in the items there is what Rust says.
    `imported` are names that modules bind by an import and do not give on: nobody was promised them, and they can be used.
    """

    surface: str
    package: str
    items: Mapping[str, Item] = field(default_factory=dict)
    blind: tuple[Blind, ...] = ()
    stubs: Mapping[str, Item] = field(default_factory=dict)
    imported: Mapping[str, Item] = field(default_factory=dict)

    @property
    def offered(self) -> int:
        """How many items are promised to anybody: those that are not hidden."""
        return self.items.offered if isinstance(self.items, LaterItems) else sum(item.stability is not Stability.HIDDEN for item in self.items.values())

    def is_blind_at(self, symbol: str) -> bool:
        """Say whether what is named could not be seen."""
        return any(one.symbol == symbol for one in self.blind)


def with_items_of(other: Surface | None, one: Surface) -> Surface:
    """Give a surface in which every item that another moment has too is the very object that it has: they are held once, and told to be equal at once."""
    if other is None or not isinstance(one.items, dict):
        return one
    known = other.items
    pairs = ((path, known.get(path), item) for path, item in one.items.items())
    return replace(one, items={path: same if same is not None and (same is item or same == item) else item for path, same, item in pairs})
