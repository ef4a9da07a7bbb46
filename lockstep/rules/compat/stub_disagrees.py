"""A stub and the Rust that it describes disagree.

## What it does
Compares the `.pyi` of a native module with its Rust source, as they are now: the same names, of the same kind, called with the same
parameters. Only what is certain is told. What the Rust hides, in a macro, under an unknown `cfg` or behind a feature that other wheels may
turn on, is not held against the stub, and neither is what only types need: aliases, protocols, private names, names that it gives on from
other stubs, a variable that stands for a function or a module. About all names where the two disagreed at the older version already, there
is one warning for each stub.

## Why
Type checkers and editors believe the stub. They accept a call that fails, or reject one that works.

## Example
```python
# _ordvec.pyi
def search(queries, k: int = ...): ...  # #[pyo3(signature = (queries, top_k))]
```

## Source
[Stub files](https://typing.python.org/en/latest/spec/distributing.html#stub-files);
[Python stubs in PyO3](https://pyo3.rs/latest/python-typing-hints)
"""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from lockstep.comparison.python_items import CONSTRUCTORS, is_type_variable, parent
from lockstep.comparison.python_pairs import PythonPairs
from lockstep.comparison.python_stdlib import expanded, is_given, is_standard
from lockstep.comparison.signatures import POSITIONAL, with_positional_only, written
from lockstep.dataclass import replace
from lockstep.model import Finding, Level, Place
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, ParameterKind, Signature, Surface, Trait
from lockstep.wording import first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)

MOST_NAMED = 3
"""Names that one message lists."""

_VARIABLES = {ItemKind.ATTRIBUTE, ItemKind.PROPERTY}
_NAMELESS = {ParameterKind.POSITIONAL, ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}
_DATA = {f"builtins.{name}" for name in ("int", "float", "bool", "complex", "str", "bytes", "list", "tuple", "dict", "set", "frozenset")} | {"None"}
"""Types whose objects nobody calls, and that are no classes or modules."""
_MADE = {"__buffer__", "__release_buffer__", "__match_args__", "__slots__"}
"""What Python, or PyO3 for newer Pythons, makes of other names."""
_KEYWORD = {ParameterKind.KEYWORD}
_OF_TYPES = {Trait.PROTOCOL, Trait.TYPEDDICT, Trait.TYPING_ONLY, Trait.EXTERNAL, Trait.UNRESOLVED}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what the newer version says twice."""
    known = _disagreed(comparison.base)
    before: dict[str, list[Finding]] = {}
    for stub, found in _found(comparison):
        if found.symbol in known:
            before.setdefault(stub, []).append(found)
        else:
            yield found
    for stub, findings in before.items():
        names = [_short(comparison.head, one.symbol or "") for one in findings]
        yield replace(
            findings[0],
            level=Level.WARNING,
            place=Place(path=stub),
            message=f"the stub disagrees with the Rust as it did before: {first_few(names, MOST_NAMED)}",
            help="write the stub as the Rust has it",
            symbol=None,  # of none of these names anything changed
            old=None,
            new=None,
        )


def _short(surface: Surface, path: str) -> str:
    """Give a name without the module that the stub is of."""
    above = parent(path)
    while above and (item := surface.items.get(above)) is not None and item.kind is ItemKind.CLASS:
        above = parent(above)
    return path.removeprefix(f"{above}.")


def _found(comparison: Comparison) -> Iterator[tuple[str, Finding]]:
    """Give all that disagrees, each with its stub's file."""
    head = comparison.head
    for stub, native in _pairs(head):
        if (fault := _fault(stub, native)) is not None:
            help_ = f"write the stub as {native.place} has it"
            yield stub.place.path, comparison.contradiction(rule="stub-disagrees", level=LEVEL, old=native, new=stub, message=fault, help=help_)
    for stub in _only_in_stub(comparison.python):
        message = f"the stub has {stub.path}, and the Rust does not"
        found = comparison.contradiction(rule="stub-disagrees", level=LEVEL, old=None, new=stub, message=message, help="take it out of the stub")
        yield stub.place.path, found
    for native in _only_in_rust(head):
        message = f"the Rust has {native.path}, and the stub does not"
        found = comparison.contradiction(rule="stub-disagrees", level=LEVEL, old=native, new=None, message=message, help="add it to the stub")
        yield head.stubs[parent(native.path)].place.path, found


def _disagreed(base: Surface) -> set[str]:
    """Give the names about which stub and Rust disagreed before."""
    only_stub = base.stubs.keys() - base.items.keys()
    return {*only_stub, *(native.path for native in _only_in_rust(base)), *(stub.path for stub, native in _pairs(base) if _fault(stub, native) is not None)}


def _pairs(surface: Surface) -> Iterator[tuple[Item, Item]]:
    for path, stub in surface.stubs.items():
        native = surface.items.get(path)
        if native is not None and Trait.NATIVE in native.traits and not (native.traits | stub.traits) & (_OF_TYPES | {Trait.INHERITED}):
            yield stub, native


def _fault(stub: Item, native: Item) -> str | None:
    """Say in what the two disagree."""
    if stub.kind is not native.kind and _are_of_other_kinds(stub, native):
        return f"{stub.path} is a {_word(stub)} in the stub, and a {_word(native)} in Rust"
    if stub.call is None or native.call is None or stub.kind is not ItemKind.FUNCTION or stub.overloads or _is_operator(stub):
        return None
    if _agree(stub.call, native.call) or any(_is_open(one) for one in (stub.call, native.call)):
        return None
    return f"{stub.path} takes ({written(stub.call)}) in the stub, and ({written(native.call)}) in Rust"


def _are_of_other_kinds(stub: Item, native: Item) -> bool:
    """Say whether no object is both what the stub says and what Rust makes: a variable may hold a function, a class, a module."""
    if {stub.kind, native.kind} <= _VARIABLES or stub.kind is ItemKind.TYPE_ALIAS or {stub.kind, native.kind} == {ItemKind.CLASS, ItemKind.MODULE}:
        return False
    variable = next((one for one in (stub, native) if one.kind is ItemKind.ATTRIBUTE), None)
    variable = variable or (native if native.kind is ItemKind.PROPERTY else None)
    return variable is None or (variable.annotation or "").partition("[")[0] in _DATA


def _word(item: Item) -> str:
    return item.kind.value.replace("_", " ")


def _is_operator(item: Item) -> bool:
    return item.name.startswith("__") and item.name.endswith("__") and item.name not in {*CONSTRUCTORS, "__call__"}


def _shape(call: Signature) -> list[tuple[str, str, bool]]:
    """Give what a caller can tell apart: names that can be written, kinds, and what may be left out; of keyword-only parameters the order says nothing.

    A name that is a keyword of Python can be written neither in a stub nor in a call.
    """
    found = [
        ("" if one.kind in _NAMELESS else one.name.removesuffix("_") if iskeyword(one.name.removesuffix("_")) else one.name, one.kind, one.default is not None)
        for one in with_positional_only(call)
    ]
    return sorted(found, key=lambda one: (one[1] in _KEYWORD, one[0] if one[1] in _KEYWORD else ""))


def _agree(stub: Signature, native: Signature) -> bool:
    """Say whether both can be true: of what goes into `*args` and `**kwargs` in Rust, a stub may name what is read there."""
    kinds = {one.kind for one in native.parameters}
    if ParameterKind.VAR_POSITIONAL in kinds and not any(one.kind is ParameterKind.VAR_POSITIONAL for one in stub.parameters):
        return True
    said, made = _shape(stub), _shape(native)
    if ParameterKind.VAR_KEYWORD in kinds:
        said = [one for one in said if one[1] is not ParameterKind.VAR_KEYWORD and (one[1] is not ParameterKind.KEYWORD or one in made)]
        made = [one for one in made if one[1] is not ParameterKind.VAR_KEYWORD]
    return said == made


def _is_open(call: Signature) -> bool:
    """Say whether a signature takes whatever comes: it says nothing."""
    kinds = {one.kind for one in call.parameters}
    return bool(kinds) and not kinds & {*POSITIONAL, *_KEYWORD}


def _only_in_stub(names: PythonPairs) -> Iterator[Item]:
    surface = names.head
    for path, stub in surface.stubs.items():
        owner = surface.items.get(parent(path))
        if (
            path in surface.items
            or stub.origin != path
            or stub.name in _MADE
            or owner is None
            or Trait.NATIVE not in owner.traits
            or stub.traits & _OF_TYPES
            or stub.kind is ItemKind.TYPE_ALIAS
        ):
            continue
        if (stub.name.startswith("_") and (not stub.name.endswith("__") or stub.name in CONSTRUCTORS)) or _is_inherited(surface, owner, stub.name):
            continue
        if names.unseen_above(path) is None and not is_type_variable(stub):
            yield stub


def _is_inherited(surface: Surface, owner: Item, name: str) -> bool:
    """Say whether a base gives a class a name that Rust need not write, or may do so, for nothing is known of that base."""
    return is_given(owner, name) or any(one not in surface.items and not is_standard(one) for one in expanded(owner.ancestors))


def _only_in_rust(surface: Surface) -> Iterator[Item]:
    for path, native in surface.items.items():
        if Trait.NATIVE not in native.traits or path in surface.stubs or (native.origin or path) != path or native.condition is not None:
            continue
        if native.name.startswith("_") or parent(path) not in surface.stubs or Trait.INHERITED in native.traits:
            continue
        owner = surface.stubs[parent(path)]
        if owner.traits & {Trait.DYNAMIC} or owner.kind not in (ItemKind.MODULE, ItemKind.CLASS) or _is_inherited(surface, owner, native.name):
            continue
        yield native
