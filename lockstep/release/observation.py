"""What a registry says of a file, afresh: never remembered, and never absent because a server failed."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass


class State(StrEnum):
    """What there is of a file."""

    ABSENT = "absent"
    """The registry answers that it does not have it."""
    PENDING = "pending"
    """It was accepted, and is not visible everywhere yet."""
    VERIFIED = "verified"
    """It is there, with the candidate's digest."""
    CONFLICT = "conflict"
    """Other bytes are there, or a file that the candidate does not have."""
    YANKED = "yanked"
    """It is there, and was withdrawn."""
    UNSEEN = "unseen"
    """The registry could not be asked, or gave no answer that can be read."""
    BESIDE = "beside"
    """It is there, and is of another part of the release than this candidate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen of an artifact (its id), or of a file that no candidate has: the digest there, who said so, and when (ISO 8601, UTC).

    `why` is a sentence where the state needs one; `again` says of what is unseen that it may be seen a moment later.
    """

    artifact: str
    state: State
    digest: str = ""
    endpoint: str = ""
    at: str = ""
    why: str = ""
    again: bool = False


class Visibility(StrEnum):
    """What there is of GitHub's release of a tag."""

    NONE = "none"
    DRAFT = "draft"
    PUBLIC = "public"
    UNSEEN = "unseen"
