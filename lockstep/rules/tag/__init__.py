"""May a release tag release? Evidence: a TagClaim."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.model import Policy
from lockstep.project.project import Project
from lockstep.project.release_tags import TagReading

NAMES = ("tag_lightweight", "tag_mismatch", "tag_renamed", "tag_signature_unseen", "tag_unexpected", "tag_unsigned", "tag_version_unseen")


class Signature(StrEnum):
    """What is known of a tag's signature."""

    NONE = "none"
    GOOD = "good"
    BAD = "bad"
    UNSEEN = "unseen"  # there is one, and the key, the program or the signers are not here


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature, who made a good one, and why another is not good."""

    state: Signature
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagClaim:
    """A tag as it is read, and the project at it.

    `policy` is what the tag must be. `own` is the name in the tag's object, None for a lightweight tag; what is asked of a name alone has
    neither. `signed` is None where nobody asked.
    """

    reading: TagReading
    project: Project
    policy: Policy = Policy.ANY
    own: str | None = None
    signed: Signed | None = None

    @property
    def tag(self) -> str:
        """The tag's name."""
        return self.reading.tag
