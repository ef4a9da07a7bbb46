"""Which item of one Rust surface is which of the other: a thing is met at several paths, and what is below it stands at one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from lockstep.comparison.rust_types import UNKNOWN
from lockstep.surface import Item, ItemKind, RustFact, Stability, Surface, made

HOLDERS = frozenset({ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION, ItemKind.TRAIT, ItemKind.VARIANT})
"""What has items below it; what is in a module stands for itself."""

TYPES = frozenset({ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION})
_VALUES = frozenset({ItemKind.FUNCTION, ItemKind.CONSTANT, ItemKind.STATIC})


def parent_of(path: str) -> str:
    """Give the path above: of `a::S::f` and `a::S.x` that is `a::S`."""
    above, dot, name = path.rpartition(".")
    return above if dot and "::" not in name else path.rpartition("::")[0]


class RustPairs:
    """Two surfaces of one crate."""

    def __init__(self, base: Surface, head: Surface) -> None:
        self._base = made(base.items)
        self._head = made(head.items)
        self._paths: dict[str, list[Item]] = {}
        for one in self._base.values():
            if RustFact.ALIAS in one.traits:
                self._paths.setdefault(one.origin, []).append(one)
        self._found: dict[str, Item | None] = {}
        self._pairs: list[tuple[Item, Item]] | None = None
        self._all_pairs: list[tuple[Item, Item]] | None = None
        self._members_removed: list[tuple[Item, Item, Item]] | None = None
        self._members_added: list[tuple[Item, Item, Item]] | None = None
        self._members: tuple[dict[str, list[Item]], dict[str, list[Item]]] | None = None
        self._type_names: frozenset[str] | None = None
        self._previous: dict[str, Item] = {}
        for one in self._base.values():
            if RustFact.ALIAS not in one.traits and (new := self.counterpart(one)) is not None:
                self._previous.setdefault(new.path, one)
        known = Counter((one.symbol, one.why) for one in base.blind)
        fresh = Counter((one.symbol, one.why) for one in head.blind) - known
        self._hiding = {symbol for symbol, _ in fresh} | {one.symbol for one in head.blind if one.cut}
        was, now = ({path.removesuffix("::*") for path in items if path.endswith("::*")} for items in (self._base, self._head))
        self._globs = now - was

    def counterpart(self, old: Item) -> Item | None:
        """Give what an item of the base is in the head."""
        if old.path not in self._found:
            self._found[old.path] = None
            self._found[old.path] = self._find(old)
        return self._found[old.path]

    def previous(self, new: Item) -> Item | None:
        """Give what an item of the head was in the base."""
        return self._previous.get(new.path)

    def _find(self, old: Item) -> Item | None:
        same = self._head.get(old.path)
        holder = self.holder(old)
        if same is old and (holder is None or self.counterpart(holder) is holder) and (old.kind not in _VALUES or f"{old.path}()" not in self._head):
            return self._original(old) if holder is None else old
        if holder is None:
            paths = (old, *self._paths.get(old.path, ()))
            direct = (self._head[path] for one in paths if (path := self._path_now(one)) in self._head)
            return next((self._original(one) for one in direct), None)
        new = self.counterpart(holder)
        if new is None or new.kind is not holder.kind:
            return None
        return self._head.get(new.path + old.path[len(holder.path) :])

    def _path_now(self, old: Item) -> str:
        """Give the path in the head: a value has `()` behind its name while a type of that name stands beside it."""
        if old.kind not in _VALUES:
            return old.path
        plain = old.path.removesuffix("()")
        beside = f"{plain}()"
        if beside in self._head:
            return beside
        known = self._head.get(plain)
        return plain if known is not None and known.kind is old.kind else old.path

    def _original(self, item: Item) -> Item:
        return self._head.get(item.origin, item) if RustFact.ALIAS in item.traits else item

    def holder(self, old: Item) -> Item | None:
        """Give the type, trait or variant that an item of the base stands below."""
        return _holder(self._base, old)

    def is_below(self, old: Item, paths: Collection[str]) -> bool:
        """Say whether an item of the base stands below the type, or in the module, at one of some paths."""
        holder = self.holder(old)
        return (holder is not None and holder.path in paths) or f"mod {parent_of(old.path.removeprefix('mod '))}" in paths

    def is_implemented_by_users(self, old: Item) -> bool:
        """Say whether users write an item of the base themselves: one of a trait that is theirs to implement."""
        holder = self.holder(old)
        return holder is not None and holder.kind is ItemKind.TRAIT and RustFact.SEALED not in holder.traits

    def is_trait_lost(self, path: str) -> bool:
        """Say whether one of the crate's own traits is gone, or is called otherwise: a finding of its own."""
        return "::" in path and path not in self._head

    def is_given_to_all(self, path: str) -> bool:
        """Say whether one of the crate's own traits is, or may be, implemented for all types that satisfy some bounds."""
        known = self._head.get(path)
        return "::" in path and (known is None or known.kind is not ItemKind.TRAIT or bool({RustFact.BLANKET, RustFact.OPAQUE} & known.traits))

    def may_be_made(self, old: Item, now: Item) -> bool:
        """Say whether a macro may define more of a type than what is seen, and not the same as before."""
        same = fact_value(old, RustFact.MADE_FROM) == fact_value(now, RustFact.MADE_FROM) != ""
        return (RustFact.OPAQUE in now.traits and not same) or self.may_hide(f"{now.path}::")

    def is_called_otherwise(self, old: Item, now: Item) -> bool:
        """Say whether a member that is gone may be met as that of a trait that is always imported, or of what the type derefs to."""
        name = old.path.rpartition("::")[2]
        implemented = {one.partition("<")[0].partition(" ")[0] for one in fact_values(now, RustFact.IMPLEMENTS)}
        from lockstep.comparison.rust_methods import is_of_trait  # noqa: PLC0415 - only where a member is gone

        if is_of_trait(name, implemented):
            return True
        if not receiver(old):  # what is called by the name of its type is sought there alone
            return False
        return self._may_deref_to(name, now)

    def _may_deref_to(self, name: str, now: Item) -> bool:
        from lockstep.comparison.rust_methods import may_have  # noqa: PLC0415 - only where a member is gone

        seen = set[str]()
        while any(one == "Deref" or one.startswith("Deref if ") for one in fact_values(now, RustFact.IMPLEMENTS)):
            target = fact_value(now, RustFact.DEREFS)
            own = self._head.get(target)
            if own is None:
                return may_have(target or UNKNOWN, name)
            if own.path in seen or f"{own.path}::{name}" in self._head or RustFact.OPAQUE in own.traits or self.may_hide(f"{own.path}::"):
                return True
            seen.add(own.path)
            now = own
        return False

    def are_two_types(self, one: str, other: str) -> bool:
        """Say whether two names are two structs, enums or unions of the crate before and after; neither is made of the other by itself."""
        if self._type_names is None:
            self._type_names = _type_names(self._base) & _type_names(self._head)
        return {one, other} <= self._type_names

    def pairs(self) -> Sequence[tuple[Item, Item]]:
        """Give every item that is there at both moments, at the path where what is below it stands; what comes from elsewhere left out.

        The same thing twice is left out too: nothing can be said of it.
        """
        if self._pairs is None:
            self._pairs = [(old, new) for old, new in self.all_pairs() if old is not new and old != new]
        return self._pairs

    def members(self, old: Item, new: Item, kind: ItemKind) -> tuple[list[Item], list[Item]]:
        """Give the parts of one kind that stand right below a thing, before and after, in their order."""
        if self._members is None:
            self._members = _by_parent(self._base), _by_parent(self._head)
        base, head = self._members
        return [one for one in base.get(old.path, ()) if one.kind is kind], [one for one in head.get(new.path, ()) if one.kind is kind]

    def has_hidden_variant(self, old: Item) -> bool:
        """Say whether an enum has a variant that nobody is promised: the way to keep users from a `match` in full before `#[non_exhaustive]`."""
        return old.stability is not Stability.HIDDEN and any(one.stability is Stability.HIDDEN for one in self.members(old, old, ItemKind.VARIANT)[0])

    def all_pairs(self) -> Sequence[tuple[Item, Item]]:
        """Give the pairs with those that are equal: what is below them may still stand in another order."""
        if self._all_pairs is None:
            self._all_pairs = list(self._paired())
        return self._all_pairs

    def _paired(self) -> Iterator[tuple[Item, Item]]:
        for old in self._base.values():
            if RustFact.ALIAS not in old.traits and (new := self.counterpart(old)) is not None and RustFact.FOREIGN not in old.traits | new.traits:
                yield old, new

    def alike(self) -> Iterator[tuple[Item, Item]]:
        """Give the pairs that are still of one kind and one shape."""
        return ((old, new) for old, new in self.pairs() if old.kind is new.kind and shape(old) == shape(new))

    def functions(self) -> Iterator[tuple[Item, Item]]:
        """Give the pairs that are called: functions and methods."""
        return ((old, new) for old, new in self.alike() if old.call is not None and new.call is not None)

    def removed(self) -> Iterator[Item]:
        """Give the paths that are gone, without those below a module that is gone, and once for a thing that is gone everywhere."""
        for old in self._base.values():
            if self._path_now(old) in self._head or self._is_module_elsewhere(old) or self.holder(old) is not None or self._module_lost(old):
                continue
            if RustFact.ALIAS in old.traits:
                first = self._base.get(old.origin)
                if first is not None and self.counterpart(first) is None and not self._module_lost(first):
                    continue
            yield old

    def _is_module_elsewhere(self, old: Item) -> bool:
        """Say whether a path leads to a module, where what came from elsewhere may have been one, or the other way round."""
        plain = old.path.removeprefix("mod ").removesuffix("!")
        known = self._head.get(plain)
        if RustFact.FOREIGN in old.traits:
            return f"mod {plain}" in self._head or f"{plain}!" in self._head
        return old.path != plain and known is not None and RustFact.FOREIGN in known.traits

    def still_at(self, old: Item) -> Item | None:
        """Give where a thing still is whose path is gone."""
        first = self._base.get(old.origin, old) if RustFact.ALIAS in old.traits else old
        return self.counterpart(first)

    def _module_lost(self, item: Item) -> bool:
        above = f"mod {parent_of(item.path.removeprefix('mod '))}"
        return above in self._base and above not in self._head

    def members_removed(self, *kinds: ItemKind) -> Iterator[tuple[Item, Item, Item]]:
        """Give what is gone from below a thing that is still there and of the same shape: the item, what it was below, what that is now."""
        if self._members_removed is None:
            self._members_removed = list(self._find_members_removed())
        return (each for each in self._members_removed if each[0].kind in kinds)

    def _find_members_removed(self) -> Iterator[tuple[Item, Item, Item]]:
        for old in self._base.values():
            if RustFact.ALIAS not in old.traits and self.counterpart(old) is None and (holder := self.holder(old)) is not None:
                new = self.counterpart(holder)
                if new is not None and new.kind is holder.kind and RustFact.FOREIGN not in new.traits and _same_shape(old, holder, new):
                    yield old, holder, new

    def members_added(self, *kinds: ItemKind) -> Iterator[tuple[Item, Item, Item]]:
        """Give what is new below a thing that was there and of the same shape: the item, what it is below, what that was."""
        if self._members_added is None:
            self._members_added = list(self._find_members_added())
        return (each for each in self._members_added if not kinds or each[0].kind in kinds)

    def _find_members_added(self) -> Iterator[tuple[Item, Item, Item]]:
        for new in self._head.values():
            if RustFact.ALIAS not in new.traits and self.previous(new) is None and (holder := _holder(self._head, new)) is not None:
                old = self.previous(holder)
                if old is not None and old.kind is holder.kind and RustFact.FOREIGN not in old.traits and _same_shape(new, holder, old):
                    yield new, holder, old

    def added(self) -> Iterator[Item]:
        """Give what is new and below nothing that is new."""
        for new in self._head.values():
            if new.path in self._base or _holder(self._head, new) is not None:
                continue
            above = f"mod {parent_of(new.path.removeprefix('mod '))}"
            if above in self._head and above not in self._base:
                continue
            first = self._head.get(new.origin)
            if RustFact.ALIAS in new.traits and first is not None and first.path not in self._base and self.previous(first) is None:
                continue  # new under several names: told under the shortest
            yield new

    def may_hide(self, path: str) -> bool:
        """Say whether something in the head that could not be seen, and was not there before, may define what is not found."""
        plain = path.removeprefix("mod ")
        if any(plain.startswith(f"{one}::") for one in self._globs):
            return True
        return any(plain.startswith(f"{one}::") or plain == one or f"mod {one}" not in self._head for one in self._hiding)

    def has_uncertain_part(self, old: Item, new: Item) -> bool:
        """Say whether what is compared is one definition of several: of a method that each of several impl blocks has, or under conditions."""
        return RustFact.VARIES in old.traits | new.traits


def _by_parent(items: Mapping[str, Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for path, item in items.items():
        if RustFact.ALIAS not in item.traits:
            found.setdefault(parent_of(path), []).append(item)
    return found


def _holder(items: Mapping[str, Item], item: Item) -> Item | None:
    if item.kind is ItemKind.MODULE:
        return None
    found = items.get(parent_of(item.path))
    return found if found is not None and found.kind in HOLDERS else None


def _type_names(items: Mapping[str, Item]) -> frozenset[str]:
    """Give the names that one type alone bears, by itself or where it is given on, and that is no alias and derefs to nothing."""
    named: dict[str, set[str]] = {}
    for path, item in items.items():
        if item.kind in TYPES or item.kind is ItemKind.TYPE_ALIAS:
            plain = item.kind in TYPES and not fact_value(item, RustFact.DEREFS)
            named.setdefault(path.rpartition("::")[2], set()).add((item.origin or path) if plain else "")
    return frozenset(name for name, origins in named.items() if len(origins) == 1 and (origin := next(iter(origins))) and origin.rpartition("::")[2] == name)


SHAPES = frozenset({RustFact.UNIT.value, RustFact.TUPLE.value, RustFact.NAMED.value})


def shape(item: Item) -> frozenset[str]:
    """Give whether fields have names, numbers, or are none."""
    return item.traits & SHAPES


def _same_shape(item: Item, one: Item, other: Item) -> bool:
    return item.kind is not ItemKind.FIELD or shape(one) == shape(other)


def is_breaking_member(new: Item, holder: Item) -> bool:
    """Say whether a new member breaks those who write or match all members of what it is below; `holder` is that as it was."""
    match new.kind, holder.kind:
        case ItemKind.VARIANT, _:
            return RustFact.NON_EXHAUSTIVE not in holder.traits
        case ItemKind.FIELD, ItemKind.VARIANT:
            return RustFact.NON_EXHAUSTIVE not in holder.traits
        case ItemKind.FIELD, _:
            return RustFact.LITERAL in holder.traits
        case _, ItemKind.TRAIT:
            return RustFact.REQUIRED in new.traits and RustFact.SEALED not in holder.traits
        case _:
            return False


def arguments(item: Item) -> tuple[str, ...]:
    """Give the types of the parameters, without the receiver."""
    return tuple(one.annotation or "" for one in item.call.parameters if not one.name) if item.call is not None else ()


def receiver(item: Item) -> str:
    """Give how a method takes its object: `&self`; nothing for one that takes none."""
    return next((one.annotation or "" for one in item.call.parameters if one.name), "") if item.call is not None else ""


def fact_value(item: Item, fact: RustFact) -> str:
    """Give the word behind a fact: `C` of `abi C`."""
    return next((one.partition(" ")[2] for one in sorted(item.traits) if one.startswith(f"{fact} ")), "")


def fact_values(item: Item, fact: RustFact) -> frozenset[str]:
    """Give the words behind a fact."""
    return frozenset(one.partition(" ")[2] for one in item.traits if one.startswith(f"{fact} "))
