"""Many additions that a changelog does not mention, as one warning."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.dataclass import replace
from lockstep.model import Finding

ADDITION = "addition-without-note"
FEW = 3
"""Additions that are named one by one."""


def summarised(findings: Sequence[Finding]) -> list[Finding]:
    """Make one warning of the many additions that stand at one place; few, and whatever else was found, stay."""
    additions = [one for one in findings if one.rule == ADDITION]
    if len(additions) <= FEW:
        return list(findings)
    places = dict.fromkeys(one.place for one in additions)
    shown = [one for one in findings if one.rule != ADDITION]
    for place in places:
        here = [one for one in additions if one.place == place]
        shown += here if len(here) <= FEW else [_as_one(here)]
    return sorted(shown, key=lambda one: (one.place.path, one.place.line or 0, one.place.column or 0, one.rule))


def _as_one(additions: Sequence[Finding]) -> Finding:
    named = ", ".join(one.symbol or "" for one in additions[:FEW])
    return replace(
        additions[0],
        message=f"{len(additions)} additions are not in the changelog: {named} and {len(additions) - FEW} more",
        help="lockstep changelog draft; -v lists all",
        symbol=None,
        new=None,
    )
