"""What a native module offers to Python, as its Rust source says it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from lockstep.dataclass import dataclass, field
from lockstep.model import Place
from lockstep.surface import Blind, Signature


class Binding(StrEnum):
    """How Python finds a function of a class."""

    FUNCTION = "function"  # of a module
    METHOD = "method"
    CLASSMETHOD = "classmethod"
    STATICMETHOD = "staticmethod"


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeFunction:
    """A `#[pyfunction]` or a method of `#[pymethods]`; `call` is None where a macro or an unknown wrapper hides it.

    `text_signature` is the text that PyO3 is told to show in place of the real signature. A `slot` is a special method that PyO3 or CPython
    makes from another one (`__radd__` of `__add__`): it is there, and its parameters are CPython's.
    """

    name: str
    place: Place
    call: Signature | None
    binding: Binding = Binding.FUNCTION
    asynchronous: bool = False
    deprecated: str | None = None
    slot: bool = False
    text_signature: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeValue:
    """A constant of a module, a class attribute, or (with `field`) a getter and perhaps a setter of a class.

    `value` is its source text; a text that Python would write the same way is written as Python would.
    """

    name: str
    place: Place
    annotation: str | None = None
    value: str | None = None
    field: bool = False
    settable: bool = False
    deprecated: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeClass:
    """A `#[pyclass]` or an exception. Its constructor is the member `__new__`; without one it cannot be made from Python.

    `bases` are Python names, resolved as far as Rust says (`builtins.Exception`, the name of another class of the module).
    `base` is a base that Rust makes, whether Python can reach it or not.
    `final` is true without `subclass`; `module` is what `__module__` is told to say.
    """

    name: str
    place: Place
    bases: tuple[str, ...] = ()
    members: Mapping[str, NativeMember] = field(default_factory=dict)
    base: NativeClass | None = None
    final: bool = True
    frozen: bool = False
    enum: bool = False
    exception: bool = False
    deprecated: str | None = None
    module: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeModule:
    """A `#[pymodule]`, or a submodule of one; the symbols of `blind` are relative to it ("" is the module itself)."""

    name: str
    place: Place
    members: Mapping[str, NativeMember] = field(default_factory=dict)
    blind: tuple[Blind, ...] = ()
    condition: str | None = None


NativeMember: TypeAlias = NativeFunction | NativeValue | NativeClass | NativeModule
