"""The standard library's dataclass for slotted data, made in a tenth of its time.

`dataclasses` loads `inspect`, and writes and compiles seven functions for each class: for the two hundred that a command loads, a fifth
of its time. Here `__init__` alone is compiled, when the first object is made; comparison, representation and the refusal to be written to are
shared. What is made is a dataclass in every respect (`fields`, `replace` and `match` know it): the standard library is asked for the rest when
somebody wants it. To a type checker it is `dataclasses.dataclass`, and the tests hold it against that.

Source: https://docs.python.org/3/library/dataclasses.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for type checkers it is the same
    from dataclasses import field as field  # noqa: PLC0414 - likewise
    from dataclasses import replace as replace  # noqa: PLC0414 - likewise
else:
    from functools import cache
    from operator import attrgetter

    _MISSING = object()
    _OPTIONS = {"frozen", "slots", "kw_only", "eq"}
    _SPECIAL = ("ClassVar", "InitVar", "KW_ONLY")

    class _Field:
        """What `field` says of one: its name, its default or what makes it, whether objects are shown and compared by it."""

        __slots__ = ("compare", "default", "default_factory", "name", "repr")

        def __init__(self, name, default=_MISSING, default_factory=_MISSING, *, repr=True, compare=True):  # noqa: A002 - the library's word
            self.name, self.default, self.default_factory, self.repr, self.compare = name, default, default_factory, repr, compare

    def field(**options):
        """Give what stands in a class for a field with these options, of `dataclasses.field`; others than the usual are made there."""
        if options.keys() <= {"default", "default_factory", "repr", "compare"}:
            return _Field("", **options)
        import dataclasses  # noqa: PLC0415 - what it costs is what is saved here

        return dataclasses.field(**options)

    def replace(one, /, **changes):
        """Give a dataclass object with some values changed."""
        cls = one.__class__
        if (fields := cls.__dict__.get("__record__")) is None:
            import dataclasses  # noqa: PLC0415 - likewise

            return dataclasses.replace(one, **changes)
        for each in fields:
            if each.name not in changes:
                changes[each.name] = getattr(one, each.name)
        return cls(**changes)

    def dataclass(cls=None, /, **options):
        """Make a dataclass, with the options of `dataclasses.dataclass`; one that is not slotted, or no simple one, is made there."""
        if cls is None:
            return lambda made: dataclass(made, **options)
        if not _is_simple(cls, options):
            return _by_the_library(cls, options)
        kw_only = options.get("kw_only", False)
        fields = [_read(cls, name) for name in cls.__annotations__]
        body = {name: value for name, value in cls.__dict__.items() if name not in {"__dict__", "__weakref__", *cls.__annotations__}}
        body["__slots__"] = tuple(one.name for one in fields)
        body["__record__"] = fields
        body["__match_args__"] = () if kw_only else body["__slots__"]
        body["__dataclass_fields__"], body["__dataclass_params__"] = _Asked("fields", cls, options), _Asked("params", cls, options)
        body["__signature__"] = _Signature()
        body["__init__"] = _first(fields, kw_only=kw_only)
        body |= {"__getstate__": _state, "__setstate__": _restore, "__replace__": replace}
        if frozen := options.get("frozen", False):
            body |= {"__setattr__": _refuse, "__delattr__": _refuse}
        body.setdefault("__repr__", _repr)
        if options.get("eq", True) and "__eq__" not in cls.__dict__:
            body |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
        made = type(cls)(cls.__name__, cls.__bases__, body)
        made.__qualname__ = cls.__qualname__
        return made

    def _is_simple(cls, options):
        """Say whether a class has no parents that count, and nothing that changes how it is made."""
        own = cls.__dict__
        return (
            options.get("slots")
            and options.keys() <= _OPTIONS
            and "__post_init__" not in own
            and "__slots__" not in own
            and not any("__dataclass_fields__" in base.__dict__ for base in cls.__mro__)
            and not any(word in str(annotation) for annotation in cls.__annotations__.values() for word in _SPECIAL)
            and all(type(own.get(name)) is _Field or type(own.get(name)).__module__ != "dataclasses" for name in cls.__annotations__)
        )

    def _by_the_library(cls, options):
        import dataclasses  # noqa: PLC0415 - likewise

        for name in cls.__annotations__:
            if isinstance(one := cls.__dict__.get(name), _Field):
                known = {"default": one.default, "default_factory": one.default_factory}
                setattr(cls, name, dataclasses.field(repr=one.repr, compare=one.compare, **{key: it for key, it in known.items() if it is not _MISSING}))
        return dataclasses.dataclass(cls, **options)

    def _read(cls, name):
        one = cls.__dict__.get(name, _MISSING)
        if type(one) is not _Field:
            return _Field(name, one)
        one.name = name
        return one

    class _Asked:
        """Stands in a class where the standard library keeps what it knows of a dataclass; the first who asks has it made there."""

        __slots__ = ("cls", "options", "what")

        def __init__(self, what, cls, options):
            self.what, self.cls, self.options = what, cls, options

        def __get__(self, _one, cls):
            if "__dataclass_fields__" not in self.cls.__dict__:  # the class as it was written, which nobody else has
                _by_the_library(self.cls, {**self.options, "init": False, "eq": False, "repr": False, "slots": False})
            for name in ("__dataclass_fields__", "__dataclass_params__"):
                setattr(
                    cls if "__record__" in cls.__dict__ else next(one for one in cls.__mro__ if "__record__" in one.__dict__), name, self.cls.__dict__[name]
                )
            return self.cls.__dict__[f"__dataclass_{self.what}__"]

    class _Signature:
        """Gives the signature of a class to `inspect`: that of its `__init__`, which is compiled for it."""

        __slots__ = ()

        def __get__(self, _one, cls):
            import inspect  # noqa: PLC0415 - who asks has it

            init = cls.__init__
            whole = inspect.signature(getattr(init, "made", lambda _: init)(cls))
            return whole.replace(parameters=list(whole.parameters.values())[1:])

    def _first(fields, *, kw_only):
        """Give the `__init__` that puts the compiled one in its place when the first object is made."""

        def made(cls):
            home = next(one for one in cls.__mro__ if one.__dict__.get("__init__") is __init__)
            compiled = _init(home, fields, kw_only=kw_only)
            compiled.__qualname__ = f"{home.__qualname__}.__init__"
            type.__setattr__(home, "__init__", compiled)
            return compiled

        def __init__(self, /, *values, **named):  # noqa: N807 - it is one
            made(self.__class__)(self, *values, **named)

        __init__.made = made
        return __init__

    def _init(cls, fields, *, kw_only):
        """Compile `__init__`: the parameters are the fields, a factory is called where nothing is given; each slot's own descriptor sets it."""
        known = {"_missing": _MISSING, **{f"_set_{one.name}": cls.__dict__[one.name].__set__ for one in fields}}
        parameters, lines = [], []
        for one in fields:
            value = one.name
            if one.default is not _MISSING:
                known[f"_default_{one.name}"] = one.default
                parameters.append(f"{one.name}=_default_{one.name}")
            elif one.default_factory is not _MISSING:
                known[f"_make_{one.name}"] = one.default_factory
                parameters.append(f"{one.name}=_missing")
                value = f"_make_{one.name}() if {one.name} is _missing else {one.name}"
            else:
                parameters.append(one.name)
            lines.append(f"    _set_{one.name}(self, {value})\n")
        listed = ", ".join(["self", *(["*"] if kw_only and parameters else []), *parameters])
        exec(f"def __init__({listed}):\n{''.join(lines) or '    pass'}", known)  # noqa: S102 - of the names of fields in our own source
        return known["__init__"]

    @cache
    def _values(cls):
        """Give the function that gives what objects of a class are compared by."""
        names = [one.name for one in cls.__record__ if one.compare]
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
        shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in self.__record__ if one.repr)
        return f"{self.__class__.__qualname__}({shown})"

    def _refuse(self, name, *_):
        from dataclasses import FrozenInstanceError  # noqa: PLC0415 - it is a bug that asks

        raise FrozenInstanceError(f"cannot write to field {name!r} of {self.__class__.__qualname__}")

    def _state(self):
        return [getattr(self, one.name) for one in self.__record__]

    def _restore(self, state):
        for one, value in zip(self.__record__, state, strict=True):
            object.__setattr__(self, one.name, value)
