"""The standard library's dataclass for frozen, slotted data, made in a quarter of its time.

`dataclasses` writes and compiles seven functions for each frozen class: for the two hundred that a command loads, a seventh of its time. Here one
is compiled, `__init__`; comparison, representation and the refusal to be written to are shared. What is made is a dataclass in every respect
(`fields`, `replace` and `match` know it), to a type checker it is `dataclasses.dataclass`, and the tests hold it against that.

Source: https://docs.python.org/3/library/dataclasses.html
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for type checkers it is the same
else:
    from functools import cache
    from operator import attrgetter

    def dataclass(cls=None, /, **options):
        """Make a dataclass, with the options of `dataclasses.dataclass`; one that is not frozen and slotted is made there."""
        if cls is None:
            return lambda made: dataclass(made, **options)
        own = cls.__dict__
        if not (options.get("frozen") and options.get("slots")) or options.get("order") or "__post_init__" in own:
            return dataclasses.dataclass(cls, **options)
        kw_only = options.get("kw_only", False)
        made = dataclasses.dataclass(cls, init=False, eq=False, repr=False, slots=True, kw_only=kw_only)
        made.__init__ = _init(dataclasses.fields(made), kw_only=kw_only)
        made.__setattr__, made.__delattr__ = _refuse, _refuse
        made.__getstate__, made.__setstate__ = _state, _restore
        if "__repr__" not in own:
            made.__repr__ = _repr
        if options.get("eq", True) and "__eq__" not in own:
            made.__eq__, made.__hash__ = _eq, _hash
        return made

    def _init(fields, *, kw_only):
        """Compile `__init__`: the parameters are the fields, a factory is called where nothing is given."""
        known = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
        parameters, lines = [], []
        for one in fields:
            value = one.name
            if one.default is not dataclasses.MISSING:
                known[f"_default_{one.name}"] = one.default
                parameters.append(f"{one.name}=_default_{one.name}")
            elif one.default_factory is not dataclasses.MISSING:
                known[f"_make_{one.name}"] = one.default_factory
                parameters.append(f"{one.name}=_missing")
                value = f"_make_{one.name}() if {one.name} is _missing else {one.name}"
            else:
                parameters.append(one.name)
            lines.append(f"    _set(self, {one.name!r}, {value})\n")
        listed = ", ".join(["self", *(["*"] if kw_only and parameters else []), *parameters])
        exec(f"def __init__({listed}):\n{''.join(lines) or '    pass'}", known)  # noqa: S102 - of the names of fields in our own source
        return known["__init__"]

    @cache
    def _values(cls):
        """Give the function that gives what objects of a class are compared by."""
        names = [one.name for one in dataclasses.fields(cls) if one.compare]
        single = attrgetter(*names) if names else None
        return (lambda _: ()) if single is None else single

    def _eq(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = _values(self.__class__)
        return values(self) == values(other)

    def _hash(self):
        return hash(_values(self.__class__)(self))

    def _repr(self):
        shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{self.__class__.__qualname__}({shown})"

    def _refuse(self, name, *_):
        raise dataclasses.FrozenInstanceError(f"cannot write to field {name!r} of {self.__class__.__qualname__}")

    def _state(self):
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _restore(self, state):
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, one.name, value)
