"""The last bump of each group, found in the history once a release: after that it stands in the user's cache.

An entry is for a repository, the site that states a version, and the version that stands there now. It names the commit for which it was made: it holds
for that one, and for those that follow it on the first-parent line as long as the version at the site stays. It is a plain text with a checksum, read
without what other entries of the cache need: most checks find one, and little else to do.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.app import cache_folder
from lockstep.errors import VersionError
from lockstep.repository import git_files

if TYPE_CHECKING:
    from lockstep.model import Site
    from lockstep.project.learning import PastBump
    from lockstep.repository.repository import Repository
    from lockstep.versions.version import Version

_FORM = "1"
"""Which bumps and lines are found, and how they are written down; what another lockstep kept does not count."""
_GAP, _END = "\x1f", "\x1e"
MOST_KEPT = 4 * 2**20
"""Characters of an entry that is kept."""


def last_bump(repository: Repository, site: Site, head: str, version: Version) -> PastBump | None:
    """Give the last bump before a commit; None when the history that is here has none.

    `site` must be where a manifest states a version, and `version` what the group is at: an entry is not asked beyond it.
    """
    kept = cache_folder.folder()
    if kept is None:
        from lockstep.evidence.past_bump import last_bump as found  # noqa: PLC0415 - only where nothing is kept

        return found(repository, site, head)
    here = (git_files.head(repository.git_dir) if repository.ordinary and head == "HEAD" else None) or repository.commit(head)
    if here is None:
        return None
    depends = _GAP.join((_FORM, __version__, repository.git_dir, git_files.boundary(repository.git_dir), site.path, site.key, str(version)))
    path = f"{kept}/{zlib.crc32(depends.encode(errors='surrogateescape')):08x}.bump"
    entry = _entry(path, depends)
    if entry is not None and entry[0] == here:
        return _bump(entry[1:])
    from lockstep.evidence import past_bump  # noqa: PLC0415 - once a commit

    if entry is not None and past_bump.is_bumped_since(repository, site, entry[0], here, entry[1]) is False:
        _keep(path, depends, (here, *entry[1:]))
        return _bump(entry[1:])
    bump = past_bump.last_bump(repository, site, here)
    _keep(path, depends, (here, *_fields(bump)))
    return bump


def _entry(path: str, depends: str) -> list[str] | None:
    """Give the fields of an entry: the commit for which it was made, and the bump's; None when there is none, or not the whole of it."""
    try:
        with open(path, "rb") as file:
            data = file.read(2 * MOST_KEPT)
    except OSError:
        return None
    checksum, _, body = data.partition(b"\n")
    if checksum != f"{zlib.crc32(body):08x}".encode():
        return None
    about, _, rest = body.decode(errors="surrogateescape").partition(_END)
    return rest.split(_END) if about == depends else None


def _keep(path: str, depends: str, fields: tuple[str, ...]) -> None:
    """Keep an entry in place of the one before; a folder that cannot be written is no fault."""
    from lockstep.cache import keep_file  # noqa: PLC0415 - only who has something to keep

    body = _END.join((depends, *fields)).encode(errors="surrogateescape")
    if len(body) <= MOST_KEPT:
        folder, _, name = path.rpartition("/")
        keep_file(folder, name, f"{zlib.crc32(body):08x}\n".encode() + body)


def _fields(bump: PastBump | None) -> tuple[str, ...]:
    """Give what is kept of a bump: words about it, and the lines with their mentions."""
    if bump is None:
        return ("",)
    lines = (
        _GAP.join(
            (one.path, one.old, one.new, one.above, one.below, str(one.nth), str(one.alike), *(f"{it.start} {it.spelling} {it.text}" for it in one.mentions))
        )
        for one in bump.lines
    )
    return (bump.commit, bump.subject, str(bump.old), str(bump.new), *lines)


def _bump(fields: list[str]) -> PastBump | None:
    """Read a bump as it was written down; None where there was none, or one without lines, from which nobody learns."""
    if len(fields) < 5:
        return None
    from lockstep.project.learning import ChangedLine, Mention, PastBump  # noqa: PLC0415 - only who learns
    from lockstep.versions.version import Spelling, read_any  # noqa: PLC0415 - likewise

    commit, subject, old, new, *lines = fields
    taught = []
    try:
        for line in lines:
            path, before, after, above, below, nth, alike, *mentions = line.split(_GAP)
            read = (one.split(" ", 2) for one in mentions)
            found = tuple(Mention(int(start), text, Spelling(spelling)) for start, spelling, text in read)
            taught.append(ChangedLine(path=path, old=before, new=after, above=above, below=below, nth=int(nth), alike=int(alike), mentions=found))
        return PastBump(commit=commit, subject=subject, old=read_any(old), new=read_any(new), lines=tuple(taught))
    except (ValueError, VersionError):
        return None  # it has what cannot be written down
