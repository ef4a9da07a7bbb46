"""What the project's own past says: the versions of its packages at its last release tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial

from lockstep.config import Config
from lockstep.errors import LockstepError, VersionError
from lockstep.pattern import pattern
from lockstep.project.discovery import Discovery
from lockstep.project.grouping import PackageId, PastRelease
from lockstep.repository.git_trees import GitTree
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from lockstep.versions.version import Version, read_any

MOST_TAGS = 12
"""How many tags are looked at, newest first, before lockstep says that there is no history."""

PLAIN = pattern(r"[vV]?[0-9].*")
"""A tag that names no package."""

_TAG = pattern(r"(?:.*?[^0-9A-Za-z.]|)[vV]?(?P<version>[0-9]+\.[0-9]+(?:\.[0-9]+)*(?:[-.+]?[0-9A-Za-z.-]+)?)")


def tag_version(tag: str) -> Version | None:
    """Give the version in a tag's name (`v1.2.0`, `1.2.0`, `spam-v1.2.0`, `release/1.2.0`), None when there is none."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    try:
        return read_any(found["version"])
    except VersionError:
        return None


def release_tags(repository: Repository, head: str = "HEAD") -> list[tuple[str, Version]]:
    """Give the tags that `head` contains and whose names hold a version, newest first."""
    out = repository.try_git("for-each-ref", f"--merged={head}", "--sort=-creatordate", "--format=%(refname:strip=2)", "refs/tags")
    if out is None:
        return []
    tags = [(tag, tag_version(tag)) for tag in out.decode(errors="surrogateescape").split("\n")]
    return [(tag, version) for tag, version in tags if version is not None]


def tag_template(repository: Repository, version: Version, head: str = "HEAD") -> tuple[str, str]:
    """Give how this project writes its release tags, and the version's text in the tag that says so: `v{version}` where there is none.

    The tag of `version` itself decides, else the newest one.
    """
    tags = release_tags(repository, head)
    same = sorted((one for one in tags if one[1] == version), key=lambda one: len(one[0]))
    plain = [one for one in tags if PLAIN.fullmatch(one[0])]
    for tag, _ in (*same, *plain[:1], *tags[:1]):
        found = _TAG.fullmatch(tag)
        assert found is not None
        return tag[: found.start("version")] + "{version}" + tag[found.end("version") :], found["version"]
    return "v{version}", ""


def past_releases(repository: Repository, config: Config, head: str = "HEAD") -> Iterator[PastRelease]:
    """Give the last release tags, newest first: the plain ones (`v1.2.0`), or those with a name where no recent tag is plain."""
    tags = release_tags(repository, head)
    recent = tags[:MOST_TAGS]
    if any(PLAIN.fullmatch(tag) for tag, _ in recent):
        recent = [(tag, version) for tag, version in tags if PLAIN.fullmatch(tag)][:MOST_TAGS]
    for tag, version in recent:
        prefix = _prefix(tag)
        read, text = cache(partial(_versions_at, repository, config, tag)), cache(partial(_text_at, repository, tag))
        yield PastRelease(tag=tag, version=version, prefix=prefix, read=read, text=text)


def _text_at(repository: Repository, tag: str, path: str) -> str | None:
    objects = ObjectReader(repository)
    try:
        data = objects.read(f"refs/tags/{tag}:{path}")
    finally:
        objects.close()
    return None if data is None else data.decode(errors="replace")


def _versions_at(repository: Repository, config: Config, tag: str) -> Mapping[PackageId, Version | None] | None:
    try:
        discovery = Discovery(GitTree(repository, f"refs/tags/{tag}"), config)
    except LockstepError:
        return None
    return {found.id: found.version for found in discovery.packages}


def last_release(repository: Repository, head: str, stated: Version | None, moved: Callable[[], bool], names: Iterable[str] = ()) -> tuple[str, Version] | None:
    """Give the full name of the release tag that `head` follows, and its version; None when there is none.

    That is the newest version below or at `stated` that is tagged in `head`'s history, with one of the `names` in the tag or with none;
    pre-releases, and tags with other names, count only where there is nothing else. The tag that `head` itself carries counts when the
    work tree has `moved` on from it: a release is compared with the one before, the first one with itself.
    """
    wanted = set(names)
    tags = [(tag, version) for tag, version in release_tags(repository, head) if stated is None or version <= stated]
    tags = [one for one in tags if _prefix(one[0]) in wanted or PLAIN.fullmatch(one[0])] or tags
    full = [one for one in tags if one[1].pre is None and one[1].dev is None] or tags
    here = repository.commit(head)
    own = None
    for tag, version in sorted(full, key=lambda one: one[1], reverse=True):
        ref = f"refs/tags/{tag}"
        if (stated is not None and version != stated) or repository.commit(ref) != here or moved():
            return ref, version
        own = ref, version
    return own


def newer_elsewhere(repository: Repository, head: str, tag: str, stated: Version | None) -> str | None:
    """Give the newest release tag above `tag` that `head` does not contain, as one on a release branch; None where there is none.

    One above the `stated` version is of a line of its own.
    """
    since = tag_version(tag)
    within = {one for one, _ in release_tags(repository, head)}
    found = [
        (version, one)
        for one in repository.refs("refs/tags")
        if (version := tag_version(one)) is not None and version.pre is None and version.dev is None and one not in within and _prefix(one) == _prefix(tag)
    ]
    found = [(version, one) for version, one in found if since is not None and version > since and (stated is None or version <= stated)]
    return max(found)[1] if found else None


def _prefix(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    return tag[: found.start("version")].rstrip("vV").rstrip("-_/@.") if found else ""
