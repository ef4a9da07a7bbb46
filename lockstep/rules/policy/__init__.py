"""Does a change alter the configuration that judges it? Evidence: a PolicyChange."""

from __future__ import annotations

from lockstep.dataclass import dataclass
from lockstep.model import Place

NAMES = ("policy_changed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An option that the change sets in another way: what it adds and takes away, as texts, and where it stands in the change."""

    option: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """The commit whose configuration counts, as it was named, and what the change would have in its place."""

    base: str
    differences: tuple[Difference, ...]
