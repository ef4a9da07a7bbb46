"""What a release workflow is held to: `hardened` is everything that lockstep asks for, `basic` what any workflow that publishes promises.

Without a choice in the configuration the workflow's own steps tell: one that attests, makes a draft, gates, or makes it public has taken these
promises on, and is held to all of them. A promise that is broken in one place leaves the others, so a fault does not lower the bar for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from lockstep.workflow.model import Deed, Role


class Profile(StrEnum):
    """How much a workflow promises."""

    BASIC = "basic"
    HARDENED = "hardened"


PROMISES = {Role.ATTEST: "attests", Role.DRAFT: "makes a draft release", Role.GATE: "asks whether the commit is green", Role.UNDRAFT: "makes the draft public"}
"""What nobody does by chance, in words."""
ENOUGH = 3
"""So many of them make a hardened release."""


def kept(deeds: Iterable[Deed]) -> tuple[str, ...]:
    """Give in words what a workflow does of what a hardened release does."""
    roles = {deed.role for deed in deeds}
    return tuple(words for role, words in PROMISES.items() if role in roles)


def inferred(deeds: Iterable[Deed]) -> Profile:
    """Give the profile that the steps of a workflow show."""
    return Profile.HARDENED if len(kept(deeds)) >= ENOUGH else Profile.BASIC
