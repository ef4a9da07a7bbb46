"""How an item is exposed to users: under which path, when, and with what promise of stability."""

from __future__ import annotations

from functools import lru_cache

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surface import Stability
from lockstep.surfaces.manifests import stability
from lockstep.surfaces.rust.paths import is_hidden
from lockstep.surfaces.rust_source.attributes import Attributes
from lockstep.surfaces.rust_source.conditions import joined

_FEATURE = pattern(r'feature = "([^"]*)"')
_CHOICE = pattern(r"\b(?:any|not)\(")


@lru_cache(maxsize=1024)
def promised_under(condition: str) -> Stability:
    """Say what is promised of what exists under a condition: the least that one of its features promises, or all where any of them will do."""
    each = [stability(name) for name in _FEATURE.findall(condition)]
    choose = all if _CHOICE.search(condition) else any
    return next((one for one in (Stability.HIDDEN, Stability.EXPERIMENTAL) if each and choose(said is one for said in each)), Stability.STABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The path of an item, what is promised of it, and when it exists."""

    path: str
    hidden: bool = False
    condition: str | None = None
    varies: bool = False
    deprecated: str | None = None

    @property
    def stability(self) -> Stability:
        """What is promised: less where it waits for a feature whose name says so."""
        if self.hidden:
            return Stability.HIDDEN
        return promised_under(self.condition) if self.condition is not None else Stability.STABLE

    def below(self, path: str, attributes: Attributes, condition: str | None = None) -> Exposure:
        """Give the exposure of a part of it."""
        return Exposure(path=path, hidden=self.hidden or is_hidden(attributes), condition=joined(self.condition, attributes.condition, condition))
