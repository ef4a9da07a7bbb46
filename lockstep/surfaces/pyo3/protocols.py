"""Which attributes a class shows for the special methods that PyO3 turns into type slots.

A slot of CPython stands for several names at once: a class that defines `__add__` also shows `__radd__`.
Sources: pyo3-macros-backend/src/pymethod.rs (`PyMethodKind::from_name`) and CPython's Objects/typeobject.c (`slotdefs`).
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.surface import Parameter, ParameterKind, Signature

COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_BINARY = ("add", "sub", "mul", "matmul", "floordiv", "truediv", "divmod", "mod", "lshift", "rshift", "and", "xor", "or", "pow")
_INPLACE = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "xor", "or")
_UNARY = ("str", "repr", "hash", "iter", "next", "await", "aiter", "anext", "len", "pos", "neg", "abs", "invert", "index", "int", "float", "bool")

SLOTS: Mapping[str, tuple[str, ...]] = {
    **{f"__{name}__": (f"__{name}__",) for name in _UNARY},
    **{f"__i{name}__": (f"__i{name}__",) for name in _INPLACE},
    **{f"__{side}{name}__": (f"__{name}__", f"__r{name}__") for name in _BINARY for side in ("", "r")},
    **dict.fromkeys(("__richcmp__", *COMPARISONS), COMPARISONS),
    "__contains__": ("__contains__",),
    "__getitem__": ("__getitem__",),
    "__setitem__": ("__setitem__", "__delitem__"),
    "__delitem__": ("__setitem__", "__delitem__"),
    "__getattribute__": ("__getattribute__",),
    "__getattr__": ("__getattribute__",),
    "__setattr__": ("__setattr__", "__delattr__"),
    "__delattr__": ("__setattr__", "__delattr__"),
    "__get__": ("__get__",),
    "__set__": ("__set__", "__delete__"),
    "__delete__": ("__set__", "__delete__"),
    "__concat__": ("__add__",),
    "__repeat__": ("__mul__", "__rmul__"),
    "__inplace_concat__": ("__iadd__",),
    "__inplace_repeat__": ("__imul__",),
    "__getbuffer__": (),  # __buffer__ from Python 3.12 on
    "__releasebuffer__": (),
    "__traverse__": (),
    "__clear__": (),
}
"""The names that a class shows for each special method; one that is not here is an ordinary method."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((f"__{name}__" for name in _UNARY), ()),
    "__getitem__": ("key",),
    "__contains__": ("key",),
    "__setitem__": ("key", "value"),
    "__delitem__": ("key",),
    "__getattribute__": ("name",),
    "__setattr__": ("name", "value"),
    "__delattr__": ("name",),
    "__get__": ("instance", "owner"),
    "__set__": ("instance", "value"),
    "__delete__": ("instance",),
}


REFUSED = "types.NotImplementedType"
"""What a slot gives for an operation of which its class has another half only: Python then raises TypeError."""
_ANSWERED = {("__eq__", "__ne__")}
"""PyO3 makes the second of the first; source: pyo3's src/impl_/pyclass.rs, `PyClass__ne__SlotFragment`."""


def refuses(shown: str, *, written: str) -> bool:
    """Say whether a name that a class shows for a special method only tells Python to ask elsewhere."""
    if (written, shown) in _ANSWERED or shown == written:
        return False
    return written in COMPARISONS or written.strip("_").removeprefix("r") in _BINARY or written.strip("_") in _BINARY


def signature(name: str, annotations: tuple[str | None, ...] = (), returns: str | None = None) -> Signature:
    """Give how the slot behind a name is called: CPython's own names, positional only; `annotations` are taken in their order."""
    names = _NAMES.get(name, ("value",))
    defaults = ("None",) if name in ("__pow__", "__rpow__", "__get__") else ()
    if name in ("__pow__", "__rpow__"):
        names = ("value", "mod")
    padded = (*annotations, *(None,) * len(names))
    return Signature(
        parameters=tuple(
            Parameter(
                name=one,
                kind=ParameterKind.POSITIONAL,
                default=defaults[0] if defaults and index == len(names) - 1 else None,
                annotation=padded[index],
            )
            for index, one in enumerate(names)
        ),
        returns=returns,
    )
