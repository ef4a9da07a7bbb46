"""`#[cfg(...)]` judged for one build, in three values: true, false, and None for what only a build script or a target knows.

Source: https://doc.rust-lang.org/reference/conditional-compilation.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, literal, split, write

Truth: TypeAlias = bool | None

TARGET = {
    ("target_os", "linux"),
    ("target_arch", "x86_64"),
    ("target_family", "unix"),
    ("target_env", "gnu"),
    ("target_vendor", "unknown"),
    ("target_pointer_width", "64"),
    ("target_endian", "little"),
    ("panic", "unwind"),
}
"""The build that speaks for all: x86-64 Linux, where every project of the field ships a wheel."""
TARGET_KEYS = {key for key, _ in TARGET} | {"target_abi"}
ON = {"unix", "panic"}
OFF = {
    "windows",
    "test",
    "doc",
    "docsrs",
    "doctest",
    "miri",
    "fuzzing",
    "loom",
    "kani",
    "debug_assertions",
    "proc_macro",
    "rust_analyzer",
    "clippy",
    "tarpaulin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What a crate is built with.

    `given` are the bare names that are known to be set, `absent` those that are known not to be, `uncertain` those that its build script may set
    (None: any); all others are unset.
    With `every_feature`, each feature counts as on: what is left out even so is not left out for the sake of a feature.
    `choices` are features that a user may turn on, None where one build speaks for all; where it does not, other targets count too.
    """

    features: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    uncertain: frozenset[str] | None = None
    every_feature: bool = False
    choices: frozenset[str] | None = None
    wide: bool = False
    """Whether choices and targets are not known, instead of off and this one's."""

    def anywhere(self, predicate: Sequence[Tree]) -> Truth:
        """Judge one cfg predicate: what is false here, and may be true by the user's choice or on another target, is not known."""
        truth = self.holds(predicate)
        return replace(self, wide=True).holds(predicate) if truth is False and self.choices is not None else truth

    def holds(self, predicate: Sequence[Tree]) -> Truth:
        """Judge one cfg predicate."""
        match predicate:
            case (Token(text="any" | "all" | "not" as word), Group(trees=inner)):
                return self._join(word, [self.holds(part) for part in split(inner)])
            case (Token(text=key), Token(text="="), *value):
                return self._equals(key, literal(value))
            case (Token(text="true"),):
                return True
            case (Token(text=name),):
                return self._flag(name)
        return None

    @staticmethod
    def _join(word: str, truths: list[Truth]) -> Truth:
        if word == "not":
            return None if truths[:1] in ([None], []) else not truths[0]
        decisive = word == "any"
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive

    def _equals(self, key: str, value: str | None) -> Truth:
        if value is None:
            return None
        if key == "feature":
            chosen = self.every_feature or value in self.features
            return None if not chosen and self.wide and value in (self.choices or ()) else chosen
        if key == "target_has_atomic":
            return value in ("8", "16", "32", "64", "ptr")
        if key in TARGET_KEYS:
            return None if self.wide else (key, value) in TARGET
        return None

    def _flag(self, name: str) -> Truth:
        if name in self.given or name in self.absent:
            return name in self.given
        if self.wide and name in ("unix", "windows"):
            return None
        if name in ON:
            return True
        return False if name in OFF or name == "false" or (self.uncertain is not None and name not in self.uncertain) else None


def joined(*conditions: str | None) -> str | None:
    """Give the condition that holds where all of these do."""
    only = None
    for one in conditions:
        if one and one != only:
            if only is not None:
                break
            only = one
    else:
        return only
    return f"all({', '.join(one for one in dict.fromkeys(conditions) if one)})"


def spelled(predicate: Sequence[Tree]) -> str:
    """Give a predicate for readers: `feature = "x"`, `all(unix, not(y))`."""
    out = []
    for part in predicate:
        match part:
            case Group(trees=inner):
                out.append(f"({', '.join(spelled(one) for one in split(inner))})")
            case Token(text="="):
                out.append(" = ")
            case Token():
                out.append(write([part]))
    return "".join(out)
