"""What of a C header no longer fits the source, or the compiled programs, that were written against it before?

Sources: https://community.kde.org/Policies/Binary_Compatibility_Issues_With_C%2B%2B#The_Do's_and_Don'ts (what holds for C),
https://abi-laboratory.pro/index.php?view=breakage_reports
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surface import Item, ItemKind, Surface


class Fault(StrEnum):
    """What happened."""

    SYMBOL_REMOVED = "symbol removed"
    TYPE_REMOVED = "type removed"
    CONSTANT_REMOVED = "constant removed"
    HEADER_REMOVED = "header removed"
    FUNCTION_CHANGED = "function changed"
    STRUCT_CHANGED = "struct changed"
    TYPE_CHANGED = "type changed"
    CONSTANT_CHANGED = "constant changed"
    CONDITION_ADDED = "condition added"


COMPILED = frozenset({Fault.SYMBOL_REMOVED, Fault.FUNCTION_CHANGED, Fault.STRUCT_CHANGED, Fault.TYPE_CHANGED, Fault.CONSTANT_CHANGED})
"""What a program that is not compiled again can notice."""

_TYPES = frozenset({ItemKind.STRUCT, ItemKind.ENUM, ItemKind.TYPE_ALIAS})
_SYMBOLS = frozenset({ItemKind.FUNCTION, ItemKind.ATTRIBUTE})
_SENTINEL = pattern(r"(?:^|_)(?:COUNT|MAX|MAX_ENUM|LAST|END|NUM|SIZE|TOTAL|FORCE_\w+)(?:_|$)", re.IGNORECASE)
_FIELD = pattern(r"(?P<type>.+) (?P<name>\w+)")
_RESERVED = pattern(r"reserved|pad|spare|unused", re.IGNORECASE)
_NAME = pattern(r"[A-Za-z_]\w*")
_POINTER = pattern(r"\(\*[*\w ]*(?=\))")
_DEEPEST, _LONGEST = 32, 2000
"""Typedefs of typedefs that are followed, and characters of the longest type that comes of it."""
_ARRAY = pattern(r"(?P<type>.+?)\[(?P<count>[0-9]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One break; `sure` is False where a person must look."""

    fault: Fault
    old: Item
    new: Item | None
    message: str
    sure: bool = True


def breaks(base: Surface, head: Surface) -> Iterator[Break]:
    """Give every break between two readings of the headers of a package."""
    unclear = {one.place.path for one in head.blind}
    lost = _with_headers(base, head)
    types = _Types(base, head)
    for path, old in base.items.items():
        new = head.items.get(path)
        if new is None:
            if old.place.path in lost and old.kind not in (*_SYMBOLS, ItemKind.FILE):
                continue  # the header was removed, which says it
            yield _removed(old, sure=old.place.path not in unclear, beside=lost.get(old.place.path, 0))
        elif "unread" not in old.traits | new.traits:
            yield from _changed(old, new, types)


def _with_headers(base: Surface, head: Surface) -> dict[str, int]:
    """Give the files of the headers that were removed, each with how many names went with it."""
    files = {item.place.path: 0 for path, item in base.items.items() if item.kind is ItemKind.FILE and path not in head.items}
    for path, item in base.items.items():
        if item.place.path in files and item.kind is not ItemKind.FILE and path not in head.items:
            files[item.place.path] += 1
    return files


class _Types:
    """Types as two readings of the headers write them; a typedef and what it stands for are one type."""

    def __init__(self, base: Surface, head: Surface) -> None:
        self._aliases = tuple(
            {path: item.annotation for path, item in surface.items.items() if item.kind is ItemKind.TYPE_ALIAS and item.annotation is not None}
            for surface in (base, head)
        )

    def differ(self, old: str | None, new: str | None, *, passed: bool = False) -> bool:
        """Say whether two types differ as they are written, and when typedefs are followed; `passed` as parameters are, a function or an array as a pointer."""
        if old == new or old is None or new is None:
            return old != new
        before, now = self._resolved(old, 0), self._resolved(new, 1)
        return (_as_parameter(before) != _as_parameter(now)) if passed else before != now

    def _resolved(self, text: str, side: int) -> str:
        for _ in range(_DEEPEST):
            further = _without_alias(text, self._aliases[side])
            if further == text or len(further) > _LONGEST:
                break
            text = further
        return text


def _without_alias(text: str, aliases: Mapping[str, str]) -> str:
    """Write what stands for the first alias in a type in its place: what surrounds the alias surrounds the name of a declaration of that type."""
    found = next((one for one in _NAME.finditer(text) if aliases.get(one[0], one[0]) != one[0]), None)
    if found is None:
        return text
    before, end = text[: found.start()], _declarator_end(text, found.end())
    around, after, resolved = text[found.end() : end], text[end:], aliases[found[0]]
    at = _name_position(resolved)
    if before.endswith("const ") and resolved[:at].endswith("*"):  # of a pointer, not of what it points to
        before, around = before.removesuffix("const "), f"const{' ' if around[:1].isalnum() else ''}{around}"
    if around.startswith("*") and resolved[at : at + 1] in ("(", "["):
        around = f"({around})"
    return before + resolved[:at] + around + resolved[at:] + after


def _declarator_end(text: str, start: int) -> int:
    """Give where the declarator ends that begins at `start`: before a comma, or a bracket that opened before it."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] in "([") - (text[index] in ")]")
        if depth < 0 or (text[index] == "," and not depth):
            return index
    return len(text)


def _name_position(resolved: str) -> int:
    """Give where the name would stand in a type: behind the stars of a pointer to a function, before what follows a function or an array, else at the end."""
    pointer = _POINTER.search(resolved)
    if pointer is not None:
        return pointer.end()
    return next((index for index, one in enumerate(resolved) if one in "(["), len(resolved))


def _as_parameter(resolved: str) -> str:
    """Give a type as a parameter has it. Source: C11 6.7.6.3, paragraphs 7 and 8."""
    at = _name_position(resolved)
    if resolved[at : at + 1] == "(":
        return f"{resolved[:at]}(*){resolved[at:]}"
    if resolved[at : at + 1] == "[" and (closing := resolved.find("]", at)) >= 0:
        return f"{resolved[:at]}*{resolved[closing + 1 :]}"
    return resolved


def _removed(old: Item, *, sure: bool, beside: int) -> Break:
    match old.kind:
        case ItemKind.FUNCTION | ItemKind.ATTRIBUTE:
            what = "function" if old.kind is ItemKind.FUNCTION else "variable"
            message = f"{what} {old.path} was removed: programs that use it no longer {'compile' if 'inline' in old.traits else 'link'}"
            return Break(fault=Fault.SYMBOL_REMOVED, old=old, new=None, message=message, sure=sure)
        case ItemKind.STRUCT | ItemKind.ENUM | ItemKind.TYPE_ALIAS:
            return Break(fault=Fault.TYPE_REMOVED, old=old, new=None, message=f"type {old.path} was removed", sure=sure)
        case ItemKind.FILE:
            with_it = f", and {beside} name{'s' if beside > 1 else ''} with it" if beside else ""
            return Break(fault=Fault.HEADER_REMOVED, old=old, new=None, message=f"header {old.path} was removed{with_it}: {old.signature} fails")
        case _:
            what = "macro" if "macro" in old.traits else "constant"
            return Break(fault=Fault.CONSTANT_REMOVED, old=old, new=None, message=f"{what} {old.path} was removed", sure=sure)


def _changed(old: Item, new: Item, types: _Types) -> Iterator[Break]:
    if old.kind is not new.kind:
        yield _replaced(old, new)
    elif old.kind in _SYMBOLS:
        yield from _symbol(old, new, types)
    elif old.kind is ItemKind.STRUCT:
        yield from _struct(old, new, types)
    elif old.kind is ItemKind.TYPE_ALIAS and types.differ(old.annotation, new.annotation):
        yield Break(fault=Fault.TYPE_CHANGED, old=old, new=new, message=f"{old.path} was {old.annotation}, and is {new.annotation}")
    elif old.kind in (ItemKind.CONSTANT, ItemKind.MACRO):
        yield from _constant(old, new)
    if new.condition is not None and old.condition is None and old.kind is new.kind:
        message = f"{new.path} is there only where {new.condition} holds"
        yield Break(fault=Fault.CONDITION_ADDED, old=old, new=new, message=message, sure=False)


def _replaced(old: Item, new: Item) -> Break:
    """Say what it means that a name is something else now."""
    message = f"{old.path} was a {_word(old)}, and is a {_word(new)}"
    if old.kind in _SYMBOLS:
        return Break(fault=Fault.SYMBOL_REMOVED, old=old, new=new, message=f"{message}: compiled programs no longer find it")
    if old.kind in _TYPES:
        return Break(fault=Fault.TYPE_CHANGED, old=old, new=new, message=message)
    return Break(fault=Fault.CONSTANT_REMOVED, old=old, new=new, message=message, sure=False)


def _word(item: Item) -> str:
    match item.kind:
        case ItemKind.TYPE_ALIAS:
            return f"typedef of {item.annotation}"
        case ItemKind.ATTRIBUTE:
            return "variable"
        case ItemKind.STRUCT if "union" in item.traits:
            return "union"
        case kind:
            return kind.value


def _symbol(old: Item, new: Item, types: _Types) -> Iterator[Break]:
    before, after = _shape(old), _shape(new)
    if len(before) != len(after) or any(types.differ(one, other, passed=index > 0) for index, (one, other) in enumerate(zip(before, after, strict=True))):
        message = f"{old.path} was `{old.signature}`, and is `{new.signature}`"
        yield Break(fault=Fault.FUNCTION_CHANGED, old=old, new=new, message=message, sure=not _fits_callers(before, after, types))
    elif "inline" in new.traits and "inline" not in old.traits:
        message = f"{old.path} is inline now: compiled programs no longer find it"
        yield Break(fault=Fault.SYMBOL_REMOVED, old=old, new=new, message=message, sure=False)


def _fits_callers(before: tuple[str | None, ...], after: tuple[str | None, ...], types: _Types) -> bool:
    """Say whether callers go on to compile and to link: a parameter promises more now, a result less, or there is one where none was.

    Who frees the result may have changed with it, and a pointer to the function has another type.
    """
    if len(before) != len(after) or not before:
        return False
    given = before[0] == "void" or not types.differ((before[0] or "").removeprefix("const "), after[0])
    return given and all(not types.differ(one, (other or "").removeprefix("const ")) or one == other for one, other in zip(before[1:], after[1:], strict=True))


def _shape(item: Item) -> tuple[str | None, ...]:
    call = item.call
    return (item.annotation,) if call is None else (call.returns, *(one.annotation for one in call.parameters))


def _struct(old: Item, new: Item, types: _Types) -> Iterator[Break]:
    words = [next((word for word in ("union", "struct") if word in one.traits), "") for one in (old, new)]
    if words[0] != words[1]:
        yield Break(fault=Fault.TYPE_CHANGED, old=old, new=new, message=f"{old.path} was a {words[0]}, and is a {words[1]}")
    elif "opaque" in old.traits:
        return
    elif "opaque" in new.traits:
        yield Break(fault=Fault.STRUCT_CHANGED, old=old, new=new, message=f"the fields of {old.path} are hidden now: callers can only point to it")
    elif len(old.bases) != len(new.bases) or any(_field_differs(one, other, types) for one, other in zip(old.bases, new.bases, strict=True)):
        reserved = fits_reserved(old.bases, new.bases)
        message = f"the layout of {old.path} changed: {_difference(old.bases, new.bases)}"
        pointers = _differ_in_pointees(old.bases, new.bases)
        note = " in the place of reserved ones; the size may be as it was" if reserved else ": the offsets are as they were" if pointers else ""
        yield Break(fault=Fault.STRUCT_CHANGED, old=old, new=new, message=message + note, sure=not reserved and not pointers)


def _field_differs(old: str, new: str, types: _Types) -> bool:
    """Say whether two fields have another name or another type."""
    before, now = old.rpartition(" "), new.rpartition(" ")
    return old != new and (before[2] != now[2] or types.differ(before[0], now[0]))


def _difference(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    parts = [f"{', '.join(f'`{one}`' for one in some)} {word}" for some, word in ((gone, "was removed"), (come, "is new")) if some]
    return " and ".join(parts) or "its fields stand in another order"


def _differ_in_pointees(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Say whether the fields differ only in what their pointers point to."""
    if len(old) != len(new):
        return False
    changed = [(one.rpartition(" "), other.rpartition(" ")) for one, other in zip(old, new, strict=True) if one != other]
    return all(one[2] == other[2] and one[0].endswith("*") and other[0].endswith("*") for one, other in changed)


def _reserved_array(field: str) -> re.Match[str] | None:
    """Give the element type and the length of an array that keeps room free."""
    found = _FIELD.fullmatch(field)
    return _ARRAY.fullmatch(found["type"]) if found is not None and _RESERVED.search(found["name"]) else None


def fits_reserved(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Say whether new fields only took room that was kept free: all others stand where they stood, and a reserved array got shorter."""
    for index, written in enumerate(old):
        array = _reserved_array(written)
        if array is None:
            continue
        rest = old[index + 1 :]
        cut = len(new) - len(rest)
        shrunk = _reserved_array(new[cut - 1]) if cut > index else None
        kept = shrunk is not None and shrunk["type"] == array["type"] and int(shrunk["count"]) < int(array["count"])
        if new[:index] == old[:index] and new[cut:] == rest and (kept or (cut > index and len(new) > len(old))):
            return True
    return False


def _constant(old: Item, new: Item) -> Iterator[Break]:
    if old.value == new.value or new.traits & {"version", "abi-version"}:
        return
    counts = _SENTINEL.search(old.path) is not None
    sure = {"number"} <= old.traits & new.traits and not counts
    yield Break(fault=Fault.CONSTANT_CHANGED, old=old, new=new, message=f"{old.path} was {_short(old.value)}, and is {_short(new.value)}", sure=sure)


def _short(text: str | None) -> str:
    return text if text is not None and len(text) <= 60 else f"{(text or '')[:57]}..."
