"""Many additions that a changelog does not mention, as one warning."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.dataclass import replace
from lockstep.model import Finding, Place

ADDITION = "addition-without-note"
FEW = 3
"""Additions that are named one by one."""


def summarised(findings: Sequence[Finding]) -> list[Finding]:
    """Make one warning of the many additions that stand at one place, or here and there; few, and whatever else was found, stay."""
    additions = [one for one in findings if one.rule == ADDITION]
    if len(additions) <= FEW:
        return list(findings)
    shown = [one for one in findings if one.rule != ADDITION]
    at: dict[Place, list[Finding]] = {}
    for one in additions:
        at.setdefault(one.place, []).append(one)
    few = [one for here in at.values() if len(here) <= FEW for one in here]
    for here in (*(here for here in at.values() if len(here) > FEW), few):
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
