"""Macros of crates that everybody uses, whose expansion their documentation defines: `paste!`, `cfg_if!`, `bitflags!`, `pin_project!`.

Sources: https://docs.rs/paste, https://docs.rs/cfg-if, https://docs.rs/bitflags,
https://docs.rs/pin-project-lite
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.macro_fragments import item_end
from lockstep.surfaces.rust_source.macros import OpaqueError
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, split, trees, unquote, unraw, write


def knows(name: str) -> bool:
    """Say whether a macro is known by name."""
    return name in _KNOWN


def expand(name: str, arguments: Sequence[Tree], build: Build) -> tuple[Tree, ...] | None:
    """Expand a macro that is known by name; None for any other.

    Raises: OpaqueError when its arguments are not what it takes.
    """
    known = _KNOWN.get(name)
    return known(arguments, build) if known is not None else None


# ---- paste


def _paste(parts: Sequence[Tree], build: Build) -> tuple[Tree, ...]:
    """Join what stands in `[< >]` to one identifier, everywhere, and the value of an attribute to one text."""
    found: list[Tree] = []
    for index, part in enumerate(parts):
        match part:
            case Group(opening="[", trees=inner_trees) if index and isinstance(before := parts[index - 1], Token) and before.text == "#":
                found.append(Group("[", tuple(_attribute(_paste(inner_trees, build)))))
            case Group(opening="[", trees=(Token(text="<"), *inner, Token(text=">"))):
                found.append(Token(_joined(inner)))
            case Group(opening=opening, trees=inner_trees):
                found.append(Group(opening, _paste(inner_trees, build)))
            case _:
                found.append(part)
    return tuple(found)


def _attribute(parts: Sequence[Tree]) -> Iterator[Tree]:
    """Join the values of an attribute: `#[pyo3(name = $x:snake)]` becomes a text."""
    if len(parts) > 1 and isinstance(group := parts[-1], Group):
        each = [tuple(_attribute(one)) for one in split(group.trees)]
        joined = [tree for index, one in enumerate(each) for tree in ((Token(","), *one) if index else one)]
        yield from (*parts[:-1], Group(group.opening, tuple(joined)))
        return
    equals = next((index for index, one in enumerate(parts) if isinstance(one, Token) and one.text == "="), None)
    value = parts[equals + 1 :] if equals is not None else ()
    if len(value) > 1 and all(isinstance(one, Token) and (one.is_name or one.text == ":" or unquote(one.text) is not None) for one in value):
        yield from (*parts[: len(parts) - len(value)], Token(f'"{_joined(value)}"'))
    else:
        yield from parts


def _joined(parts: Sequence[Tree]) -> str:
    words: list[str] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        if isinstance(part, Group):
            words.append(_joined(part.trees))
        elif part.text == ":" and index + 1 < len(parts) and isinstance(modifier := parts[index + 1], Token) and words:
            words[-1] = _modified(words[-1], modifier.text)
            index += 1
        elif part.text[0] == "'":
            words.append(part.text[1:])
        else:
            said = unquote(part.text)
            words.append(unraw(part.text) if said is None else said.replace("-", "_"))
        index += 1
    if not any(words):
        raise OpaqueError("paste! joins nothing")
    return "".join(words)


def _modified(word: str, modifier: str) -> str:
    match modifier:
        case "lower":
            return word.lower()
        case "upper":
            return word.upper()
        case "snake":
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()
        case "camel" | "upper_camel":
            return "".join(part[:1].upper() + part[1:] for part in word.split("_"))
        case "lower_camel":
            found = "".join(part[:1].upper() + part[1:] for part in word.split("_"))
            return found[:1].lower() + found[1:]
    raise OpaqueError(f"paste! does not know the modifier {modifier}")


# ---- cfg_if


def _cfg_if(parts: Sequence[Tree], build: Build) -> tuple[Tree, ...]:
    """Take the branch whose predicate holds; of predicates that are not known, each with its cfg."""
    found: list[Tree] = []
    for predicate, body in _branches(parts):
        truth = True if predicate is None else build.holds(predicate)
        if truth:
            return (*found, *body)
        if truth is None and predicate is not None:
            found += _guarded(predicate, body)
    return tuple(found)


def _branches(parts: Sequence[Tree]) -> Iterator[tuple[Sequence[Tree] | None, Sequence[Tree]]]:
    predicate: Sequence[Tree] | None = None
    for part in parts:
        match part:
            case Group(opening="[", trees=(Token(text="cfg"), Group(trees=inner))):
                predicate = inner
            case Group(opening="{", trees=body):
                yield predicate, body
                predicate = None


def _guarded(predicate: Sequence[Tree], body: Sequence[Tree]) -> Iterator[Tree]:
    """Put the cfg before each item of a branch."""
    index = 0
    while index < len(body):
        end = item_end(body, index) or len(body)
        yield Token("#")
        yield Group("[", (Token("cfg"), Group("(", tuple(predicate))))
        yield from body[index:end]
        index = end


# ---- bitflags

_FLAGS = """
    pub const fn empty() -> Self {} pub const fn all() -> Self {} pub const fn bits(&self) -> BITS {} pub const fn from_bits(bits: BITS) -> Option<Self> {}
    pub const fn from_bits_truncate(bits: BITS) -> Self {} pub const fn is_empty(&self) -> bool {} pub const fn is_all(&self) -> bool {}
    pub const fn intersects(&self, other: Self) -> bool {} pub const fn contains(&self, other: Self) -> bool {} pub fn insert(&mut self, other: Self) {}
    pub fn remove(&mut self, other: Self) {} pub fn toggle(&mut self, other: Self) {} pub fn set(&mut self, other: Self, value: bool) {}
"""
"""What every version gives to a type of flags."""


def _bitflags(parts: Sequence[Tree], _: Build) -> tuple[Tree, ...]:
    """Write the types of flags as their documentation shows them: a struct that nobody can take apart, a constant for each flag, methods."""
    found: list[Tree] = []
    start = index = 0
    while index < len(parts):
        part = parts[index]
        if isinstance(part, Token) and part.text == "struct":
            name, colon = (parts[at] if at < len(parts) else None for at in (index + 1, index + 2))
            body = next((one for one in range(index, len(parts)) if isinstance(group := parts[one], Group) and group.opening == "{"), None)
            if not isinstance(name, Token) or not isinstance(colon, Token) or colon.text != ":" or body is None:
                raise OpaqueError("bitflags! does not have the form that is known")
            bits = write(parts[index + 3 : body])
            flags = parts[body]
            assert isinstance(flags, Group)
            found += [*parts[start:index], *trees(f"struct {name.text} {{ bits: {bits} }}")]
            consts = _flags(flags.trees)
            found += [*trees(f"impl {name.text}"), Group("{", (*consts, *trees(_FLAGS.replace("BITS", bits))))]
            start = index = body + 1
        elif isinstance(part, Token) and part.text == "impl":  # for a type that is written elsewhere
            body = next((one for one in range(index, len(parts)) if isinstance(group := parts[one], Group) and group.opening == "{"), None)
            colon_at = next((one for one in range(index, body or index) if isinstance(token := parts[one], Token) and token.text == ":"), None)
            if body is None or colon_at is None:
                raise OpaqueError("bitflags! does not have the form that is known")
            flags = parts[body]
            assert isinstance(flags, Group)
            written = trees(_FLAGS.replace("BITS", write(parts[colon_at + 1 : body])))
            found += [*parts[start:colon_at], Group("{", (*_flags(flags.trees), *written))]
            start = index = body + 1
        else:
            index += 1
    return (*found, *parts[start:])


def _flags(parts: Sequence[Tree]) -> Iterator[Tree]:
    """Give `pub const NAME: Self = value;` for each flag, with its attributes."""
    for one in split(parts, ";"):
        at = next((index for index, part in enumerate(one) if isinstance(part, Token) and part.text == "const"), None)
        if at is None or at + 1 >= len(one):
            continue
        name = one[at + 1]
        if isinstance(name, Token) and name.text != "_":
            yield from (*one[:at], *trees(f"pub const {name.text}: Self = Self;"))


# ---- pin_project_lite


def _pin_project(parts: Sequence[Tree], _: Build) -> tuple[Tree, ...]:
    """Leave the type as it is written: what is made beside it is private."""
    return tuple(parts)


_KNOWN: Mapping[str, Callable[[Sequence[Tree], Build], tuple[Tree, ...]]] = {
    "paste": _paste,
    "cfg_if": _cfg_if,
    "bitflags": _bitflags,
    "pin_project": _pin_project,
}
