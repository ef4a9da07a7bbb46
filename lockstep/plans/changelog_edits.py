"""What every plan that writes into a changelog needs: the edit of a place in it, the newlines at its end, and the title of what is not released."""

from __future__ import annotations

from lockstep.changelog.model import Changelog, Section
from lockstep.model import Edit, Package, Role, Site
from lockstep.versions.version import Spelling


def changelog_edit(changelog: Changelog, package: Package, start: int, new: str, *, old: str = "", why: str) -> Edit:
    """Give the edit that puts `new` in the place of `old` at an offset."""
    line, column = changelog.at(start)
    site = Site(
        path=changelog.path,
        key="changelog",
        start=start,
        text=old,
        line=line,
        column=column,
        role=Role.NOTES,
        spelling=Spelling.PREFIX,
        package=package,
        why=why,
    )
    return Edit(site=site, new=new)


def newlines_at_end(changelog: Changelog) -> int:
    """Count the newlines that part a new section from the text above it at the end of a file; none where there is no text."""
    kept = changelog.text[: changelog.tail].rstrip()
    return max(0, 2 - changelog.text[len(kept) : changelog.tail].count("\n")) if kept.strip("\ufeff") else 0


def unreleased_title(like: Section | None) -> str:
    """Write the title of what is not released as `like` has its own: in brackets, or without."""
    return "[Unreleased]" if like is None or is_reference_link(like) else "Unreleased"


def is_reference_link(section: Section) -> bool:
    """Say whether a heading is a link that is defined elsewhere: `[1.2.0]`, not `[1.2.0](https://...)`."""
    return section.heading.startswith("[") and "](" not in section.heading
