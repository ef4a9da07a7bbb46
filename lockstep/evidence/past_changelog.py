"""What a changelog said at the tag of an earlier release: whether it had the section of that release when it was tagged."""

from __future__ import annotations

from lockstep.changelog import blocks
from lockstep.changelog.reading import read
from lockstep.changelog.writers import LARGEST
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from lockstep.rules.notes import PreviousRelease
from lockstep.versions.version import Version


def previous_release(repository: Repository, ref: str, version: Version, path: str) -> PreviousRelease:
    """Read the Markdown changelog at `path` as it was at a release's `ref`; a file that was not there had no section."""
    tag = ref.removeprefix("refs/tags/")
    objects = ObjectReader(repository)
    try:
        data = objects.read(f"{ref}:{path}")
    finally:
        objects.close()
    if data is None or len(data) > LARGEST:
        return PreviousRelease(tag=tag)
    log = read(path, data.decode(errors="replace"))
    mine = log.of(version)
    waiting = [section for section in log.unreleased if mine and section.start < mine[0].start]
    return PreviousRelease(
        tag=tag,
        has_section=bool(mine),
        dated=any(section.date is not None for section in mine),
        left_over=any(blocks.entry_blocks(section) for section in waiting),
    )
