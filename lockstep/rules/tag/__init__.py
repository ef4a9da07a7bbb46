"""Does a release tag say what the project says? Evidence: a TagClaim."""

from __future__ import annotations

from lockstep.project import Project
from lockstep.record import dataclass

NAMES = ("tag_mismatch",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagClaim:
    """A tag, the template that tags of this project follow ("" for `v{version}` or the bare version), and the project at it."""

    tag: str
    template: str
    project: Project
