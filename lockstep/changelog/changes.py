"""The changes of a release that its notes must tell of, as frozen data: breaks and additions."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.model import Place


class ChangeKind(StrEnum):
    """What a change does to users, and which note it requires."""

    BREAK = "break"  # a migration note: what changed, who is affected, what to write instead
    TYPING = "typing"  # a note: type checkers reject what they took before, and the code still runs
    ADDITION = "addition"  # a line that names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of what a package promises. `symbol` is how the user writes it; `kin` are other paths of the same thing, any of which names it.

    `old` and `new` are signatures, `witness` is user code that stops working, `language` is what both are written in; `why` says in general what such a
    change does to users. `instead` is what its author said of it where it was deprecated.
    """

    kind: ChangeKind
    symbol: str
    message: str
    place: Place
    package: str | None = None
    rule: str = ""
    old: str | None = None
    new: str | None = None
    witness: str | None = None
    language: str = ""
    why: str = ""
    kin: tuple[str, ...] = ()
    instead: str = ""
