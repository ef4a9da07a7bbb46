"""Outer attributes as they apply to one build: `cfg_attr` unfolded, `cfg` judged.

Source: https://doc.rust-lang.org/reference/attributes.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from lockstep.dataclass import dataclass, replace
from lockstep.surface import advice
from lockstep.surfaces.rust_source.conditions import Build, joined, spelled
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, literal, split, trees, unraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute: `path` is how it is written, `arguments` what stands in its parentheses, `value` what follows `=`."""

    path: tuple[str, ...]
    arguments: tuple[Tree, ...] = ()
    value: tuple[Tree, ...] = ()

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path[-1]

    def options(self) -> Iterator[tuple[str, tuple[Tree, ...]]]:
        """Give the arguments as (name, value): `a, b = 1, c(d)` gives ("a", ()), ("b", 1), ("c", (d))."""
        for part in split(self.arguments):
            match part:
                case (Token(text=name), Token(text="="), *value):
                    yield unraw(name), tuple(value)
                case (Token(text=name), *value):
                    yield unraw(name), tuple(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The attributes of one item; `condition` is the part of its cfg that is not known, `here` the part that holds here, and not on every target."""

    all: tuple[Attribute, ...] = ()
    condition: str | None = None
    here: str | None = None

    def named(self, *names: str) -> Iterator[Attribute]:
        """Give those whose last part is one of `names`."""
        return (one for one in self.all if one.path[-1] in names)

    def has(self, *names: str) -> bool:
        """Say whether one of them is called one of `names`."""
        for one in self.all:  # noqa: SIM110 - it is asked of every item, and a generator takes twice as long
            if one.path[-1] in names:
                return True
        return False

    def value(self, name: str) -> str | None:
        """Give the text of `#[name = "text"]`."""
        return next((text for one in self.named(name) if (text := literal(one.value)) is not None), None)


NONE = Attributes()


def deprecation(attributes: Attributes) -> str | None:
    """Give what the author of a deprecated item says in `#[deprecated]`: "" for nothing; None for an item that is not deprecated.

    Source: https://doc.rust-lang.org/reference/attributes/diagnostics.html#the-deprecated-attribute
    """
    if not attributes.has("deprecated"):
        return None
    for one in attributes.named("deprecated"):
        note = literal(one.value) if one.value else next((literal(value) for name, value in one.options() if name == "note"), None)
        if note:
            return advice(note)
    return ""


def judged(raws: Iterable[str], build: Build) -> Attributes | None:
    """Read the texts of attributes (what stands in `#[...]`); None when a cfg says that the item does not exist."""
    given = tuple(raws)
    if not given:
        return NONE
    return _judged(given, build if any("cfg" in raw for raw in given) else _ANY)


def judged_always(raws: tuple[str, ...]) -> Attributes | None:
    """Read the texts of attributes that are the same in every build; None for those that are not."""
    return judged(raws, _ANY) if not any("cfg" in raw for raw in raws) else None


_ANY = Build()
"""Reads attributes that are the same in every build."""


@lru_cache(maxsize=65_536)
def _judged(raws: tuple[str, ...], build: Build) -> Attributes | None:
    found: list[Attribute] = []
    conditions: list[str] = []
    here: list[str] = []
    for raw in raws:
        if not _unfold(trees(raw), build, found, conditions, here):
            return None
    if not found and not conditions and not here:
        return NONE
    return Attributes(all=tuple(found), condition=joined(*conditions), here=joined(*here))


def awaits_feature(raws: Sequence[str], build: Build) -> bool:
    """Say whether what `judged` leaves out would exist with more features."""
    return judged(raws, replace(build, every_feature=True)) is not None


def _unfold(parts: Sequence[Tree], build: Build, found: list[Attribute], conditions: list[str], here: list[str]) -> bool:
    attribute = read(parts)
    if attribute is None:
        return True
    if attribute.path == ("cfg",):
        truth = build.anywhere(attribute.arguments)
        if truth is None:
            conditions.append(spelled(attribute.arguments))
        elif truth and build.choices is not None and replace(build, wide=True).holds(attribute.arguments) is None:
            here.append(spelled(attribute.arguments))
        return truth is not False
    if attribute.path == ("cfg_attr",):
        predicate, *rest = split(attribute.arguments) or [()]
        if build.holds(predicate) is False:
            return True
        return all(_unfold(part, build, found, conditions, here) for part in rest)
    found.append(attribute)
    return True


def read(parts: Sequence[Tree]) -> Attribute | None:
    """Read one attribute; None for what is none."""
    path: list[str] = []
    for index, part in enumerate(parts):
        if isinstance(part, Group):
            if path == ["unsafe"]:  # #[unsafe(no_mangle)]
                return read(part.trees)
            return Attribute(path=tuple(path), arguments=part.trees) if path else None
        if part.text == "=":
            return Attribute(path=tuple(path), value=tuple(parts[index + 1 :])) if path else None
        if part.is_name:
            path.append(unraw(part.text))
        elif part.text != "::":
            return None
    return Attribute(path=tuple(path)) if path else None
