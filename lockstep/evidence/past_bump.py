"""The project's last release bump: the commit that moved the version, and the lines that it moved with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.errors import LockstepError
from lockstep.formats import formats
from lockstep.manifest import Source
from lockstep.model import Site
from lockstep.project.learning import ChangedLine, PastBump
from lockstep.repository.git_trees import decode
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from lockstep.versions.version import Version

MOST_COMMITS = 80
"""How many commits that touched the manifest are looked at before lockstep gives up."""
LARGEST_DIFF = 8 * 2**20
"""Bytes; of a larger diff only this much is read."""

_NUMBERS = re.compile(rb"[0-9][0-9A-Za-z.+-]*[0-9A-Za-z]|[0-9]")
_HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def last_bump(repository: Repository, site: Site, head: str = "HEAD") -> PastBump | None:
    """Find the newest commit on the first-parent line that changed the version at `site`; None when the history that is here has none.

    `site` must be where a manifest states the version.
    """
    out = repository.try_git("rev-list", "--first-parent", f"--max-count={MOST_COMMITS}", head, "--", f":(literal,top){site.path}")
    objects = ObjectReader(repository)
    try:
        for sha in (out or b"").decode().split():
            new, old = _version_at(objects, sha, site), _version_at(objects, f"{sha}^1", site)
            if new is None or old is None:
                return None
            if new != old:
                return PastBump(commit=sha, subject=_subject(objects, sha), old=old, new=new, lines=tuple(_changed(repository, sha, new)))
    finally:
        objects.close()
    return None


def _version_at(objects: ObjectReader, commit: str, site: Site) -> Version | None:
    data = objects.read(f"{commit}:{site.path}")
    if data is None:
        return None
    try:
        source = Source(site.path, decode(site.path, data))
        for format_ in formats().values():
            if not any(site.path.endswith(pattern.removeprefix("**/")) for pattern in format_.FILES):
                continue
            for mention in format_.read(source).mentions:
                if mention.key == site.key:
                    return Version.read(mention.text, mention.spelling)
    except LockstepError:
        return None
    return None


def _subject(objects: ObjectReader, sha: str) -> str:
    data = (objects.read(sha, "commit") or b"").decode(errors="replace")
    return data.partition("\n\n")[2].partition("\n")[0]


def _changed(repository: Repository, sha: str, new: Version) -> Iterator[ChangedLine]:
    """Give the lines that a commit replaced, of the files where the new version appears."""
    wanted = re.escape(f"{new.major}.{new.minor}").replace("\\.", "[.]")
    out = repository.try_git(
        "diff-tree", "-r", "-p", "-U0", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/",
        f"-G{wanted}", f"{sha}^1", sha,
    )  # fmt: skip
    path, removed, added, left_old, left_new = "", [], [], 0, 0
    for line in (out or b"")[:LARGEST_DIFF].split(b"\n"):
        if left_old or left_new:
            if line[:1] == b"-":
                removed.append(line[1:])
                left_old -= 1
            elif line[:1] == b"+":
                added.append(line[1:])
                left_new -= 1
            if not left_old and not left_new:
                yield from _pairs(path, removed, added if len(removed) == len(added) else _partners(removed, added))
        elif hunk := _HUNK.match(line):
            removed, added = [], []
            left_old, left_new = int(hunk[1] or 1), int(hunk[2] or 1)
        elif line.startswith(b"+++ b/"):
            path = line[6:].decode(errors="replace").rstrip("\t")
        elif line.startswith(b"+++ "):
            path = ""


def _partners(removed: list[bytes], added: list[bytes]) -> list[bytes]:
    """Give each removed line the added line that has its shape, numbers aside; itself where there is none, which teaches nothing."""
    shapes: dict[bytes, list[bytes]] = {}
    for line in added:
        shapes.setdefault(_NUMBERS.sub(b"#", line), []).append(line)
    return [partners.pop(0) if (partners := shapes.get(_NUMBERS.sub(b"#", line))) else line for line in removed]


def _pairs(path: str, removed: list[bytes], added: list[bytes]) -> Iterator[ChangedLine]:
    for old, new in zip(removed, added, strict=True) if path else ():
        if old != new and len(old) < 2000:
            yield ChangedLine(path=path, old=old.decode(errors="replace").rstrip("\r"), new=new.decode(errors="replace").rstrip("\r"))
