"""Rust types as Python annotations, by position: what a parameter takes is not always what a result is.

Source: https://pyo3.rs/latest/conversions/tables.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from lockstep.surfaces.rust_source.crates import NEWEST_PYO3
from lockstep.surfaces.rust_source.items import Kind, content, members
from lockstep.surfaces.rust_source.module_tree import Foreign, Item, Module
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.types import UNIT, Array, Borrowed, Bounded, Named, Other, RustType, Tuple, read


class Position(StrEnum):
    """Which way a value crosses."""

    PARAMETER = "parameter"
    RETURN = "return"


ANY = "typing.Any"
_INTEGERS = {f"{sign}{bits}" for sign in "iu" for bits in ("8", "16", "32", "64", "128", "size")} | {f"c_{name}" for name in ("int", "uint", "long", "ulong")}
PLAIN: Mapping[str, str] = {
    **dict.fromkeys(_INTEGERS, "int"),
    **dict.fromkeys(("BigInt", "BigUint", "PyInt", "PyLong", "NonZero", "Wrapping"), "int"),
    **{f"NonZero{one[0].upper()}{one[1:]}": "int" for one in _INTEGERS},
    **dict.fromkeys(("f32", "f64", "PyFloat"), "float"),
    **dict.fromkeys(("bool", "PyBool"), "bool"),
    **dict.fromkeys(("str", "String", "char", "PyString", "PyBackedStr", "CompactString", "SmolStr", "PyStringMethods"), "str"),
    **dict.fromkeys(("PyBytes", "PyBackedBytes", "Bytes"), "bytes"),
    **dict.fromkeys(("Complex", "Complex32", "Complex64", "PyComplex"), "complex"),
    **dict.fromkeys(("PyAny", "PyObject"), ANY),
    **dict.fromkeys(("PyDateTime", "DateTime", "NaiveDateTime", "OffsetDateTime", "PrimitiveDateTime", "SystemTime", "Zoned"), "datetime.datetime"),
    **dict.fromkeys(("PyDate", "NaiveDate"), "datetime.date"),
    **dict.fromkeys(("PyTime", "NaiveTime"), "datetime.time"),
    **dict.fromkeys(("PyDelta", "Duration", "TimeDelta"), "datetime.timedelta"),
    **dict.fromkeys(("PyTzInfo", "FixedOffset", "Tz"), "datetime.tzinfo"),
    "PyByteArray": "bytearray",
    "PyMemoryView": "memoryview",
    "PyDict": "dict",
    "PyList": "list",
    "PyTuple": "tuple",
    "PySet": "set",
    "PyFrozenSet": "frozenset",
    "PyType": "type",
    "PyModule": "types.ModuleType",
    "PySlice": "slice",
    "PyNone": "None",
    "PyIterator": "collections.abc.Iterator",
    "PyMapping": "collections.abc.Mapping",
    "PySequence": "collections.abc.Sequence",
    "PyFunction": "types.FunctionType",
    "PyCFunction": "types.BuiltinFunctionType",
    "PyCapsule": "types.CapsuleType",
    "PyEllipsis": "types.EllipsisType",
    "PyTraceback": "types.TracebackType",
    "PyFrame": "types.FrameType",
    "PyCode": "types.CodeType",
    "Decimal": "decimal.Decimal",
    "Uuid": "uuid.UUID",
    "IpAddr": "ipaddress.IPv4Address | ipaddress.IPv6Address",
    "Ipv4Addr": "ipaddress.IPv4Address",
    "Ipv6Addr": "ipaddress.IPv6Address",
    "PyUntypedArray": "numpy.ndarray",
    "PyArrayDescr": "numpy.dtype",
    "Infallible": "typing.NoReturn",
}
"""Types without arguments that matter, by their last name."""

THROUGH = {"Bound", "Py", "PyRef", "PyRefMut", "PyCell", "Borrowed", "PyResult", "Result", "Arc", "Box", "Rc", "PyClassGuard", "PyClassGuardMut", "NotNull"}
"""Types that are, to Python, what their first argument is."""
SEQUENCES = {"Vec", "VecDeque", "SmallVec", "ArrayVec", "LinkedList"}
MAPPINGS = {"HashMap", "BTreeMap", "IndexMap", "FxHashMap", "AHashMap", "DashMap"}
SETS = {"HashSet", "BTreeSet", "IndexSet", "FxHashSet", "AHashSet"}
_BYTE = Named(("u8",))
_DEEPEST = 12

ClassName: TypeAlias = Callable[[Item], str | None]


class Annotator:
    """Maps the types of one program; `name_of` gives the Python name of an item that is a class."""

    def __init__(self, program: Program, version: tuple[int, int] | None, name_of: ClassName) -> None:
        self._program = program
        self._version = version or NEWEST_PYO3
        self._name_of = name_of

    def annotation(self, found: RustType, module: Module, position: Position, *, own: Item | None = None, depth: int = 0) -> str | None:
        """Give the Python type, None where it is not known. `own` is what `Self` means."""
        if depth > _DEEPEST:
            return None

        def inner(one: RustType) -> str | None:
            return self.annotation(one, module, position, own=own, depth=depth + 1)

        match found:
            case Tuple():
                return "None" if found == UNIT and position is Position.RETURN else _applied("tuple", [inner(one) for one in found.items] or ["()"])
            case Borrowed(to=Array(of=of, length="")) | Array(of=of) if of == _BYTE:
                return "bytes"
            case Array(of=of):
                return _applied("list" if position is Position.RETURN else "collections.abc.Sequence", [inner(of)])
            case Borrowed(to=to):
                return inner(to)
            case Bounded() | Other():
                return None
            case Named():
                return self._named(found, module, position, own, depth)

    def _named(self, found: Named, module: Module, position: Position, own: Item | None, depth: int) -> str | None:
        if found.path == ("Self",):
            return self._name_of(own) if own is not None else None
        target = self._program.names.resolve(found.path, module)
        if isinstance(target, Item):
            return self._local(target, position, depth)
        if target is not None and not isinstance(target, Foreign):
            return None
        name = target.name if isinstance(target, Foreign) else found.name

        def inner(index: int = 0) -> str | None:
            if index >= len(found.arguments):
                return None
            return self.annotation(found.arguments[index], module, position, own=own, depth=depth + 1)

        return self._generic(name, found, inner, position)

    def _generic(self, name: str, found: Named, inner: Callable[..., str | None], position: Position) -> str | None:
        if name in THROUGH:
            return inner()
        if name == "Option":
            return _optional(inner())
        if name == "Cow":
            return "bytes" if found.arguments[:1] == (Array(_BYTE),) else inner()
        if name == "Either":
            left, right = inner(0), inner(1)
            return f"{left} | {right}" if left and right else None
        if name.startswith(("PyArray", "PyReadonlyArray", "PyReadwriteArray")) and name != "PyArrayDescr" and "Like" not in name:
            return "numpy.ndarray"
        if name in ("PathBuf", "Path"):
            return self._path(position)
        return self._collection(name, found, inner, position) or PLAIN.get(name)

    def _path(self, position: Position) -> str:
        """Give what a file's path is: `pathlib.Path` since 0.24 (#4925)."""
        if position is Position.PARAMETER:
            return "str | os.PathLike[str]"
        return "pathlib.Path" if self._version >= (0, 24) else "str"

    def _collection(self, name: str, found: Named, inner: Callable[..., str | None], position: Position) -> str | None:
        returned = position is Position.RETURN
        if name in SEQUENCES:
            if found.arguments[:1] == (_BYTE,) and self._version >= (0, 23):  # a result is bytes since 0.23 (#4442)
                return "bytes" if returned else "bytes | collections.abc.Sequence[int]"
            return _applied("list" if returned else "collections.abc.Sequence", [inner()])
        if name in MAPPINGS:
            return _applied("dict", [inner(0), inner(1)])
        return _applied("set", [inner()]) if name in SETS else None

    def _local(self, item: Item, position: Position, depth: int) -> str | None:
        """Give the Python type of something that the repository defines."""
        if (name := self._name_of(item)) is not None:
            return name
        if item.kind is Kind.ALIAS and item.node.child_by_field_name("type_parameters") is None:
            return self.annotation(read(content(item.node.child_by_field_name("type"))), item.module, position, depth=depth + 1)
        if item.kind is Kind.STRUCT and position is Position.PARAMETER and _derives(item, "FromPyObject"):
            return self._transparent(item, depth)
        return None

    def _transparent(self, item: Item, depth: int) -> str | None:
        """Give what a derived newtype takes: what its only field does."""
        body = item.node.child_by_field_name("body")
        if body is None or body.type != "ordered_field_declaration_list":
            return None
        fields = [node for node, _ in members(body, item.module.library.build)]
        if len(fields) != 1:
            return None
        return self.annotation(read(content(fields[0])), item.module, Position.PARAMETER, depth=depth + 1)


def _derives(item: Item, trait: str) -> bool:
    return any(name == trait for attribute in item.attributes.named("derive") for name, _ in attribute.options())


def _applied(generic: str, arguments: list[str | None]) -> str:
    """Write a generic; one whose arguments are not known stands without them."""
    return generic if None in arguments else f"{generic}[{', '.join(one for one in arguments if one)}]"


def _optional(annotation: str | None) -> str | None:
    if annotation is None or annotation in (ANY, "None") or annotation.endswith(" | None"):
        return annotation
    return f"{annotation} | None"
