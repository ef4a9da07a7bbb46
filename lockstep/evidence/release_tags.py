"""What the repository's tags say: which releases a group had, which is the last one before a commit, and what the packages were at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import TypeAlias

from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.model import Group
from lockstep.project.grouping import PackageId, PastRelease
from lockstep.project.project import Project
from lockstep.project.release_tags import ReleaseTags
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from lockstep.versions.tag_names import TagName, parse
from lockstep.versions.version import Version

MOST_TAGS = 12
"""How many tags are looked at, newest first, before lockstep says that there is no history."""
MOST_ELSEWHERE = 6
"""How many tags outside of a history are looked at, the highest first, for one that is before it all the same."""

VersionsAt: TypeAlias = Callable[[str], Mapping[PackageId, Version | None] | None]
"""Gives the versions of the packages at a tag; None when its files cannot be read. Asked more than once, it reads once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release before a commit: the full name of its tag, the version in that, and whether the commit's history holds it."""

    ref: str
    version: Version
    within: bool = True

    @property
    def tag(self) -> str:
        """The tag's name."""
        return self.ref.removeprefix("refs/tags/")


def tag_version(tag: str) -> Version | None:
    """Give the version in a tag's name (`v1.2.0`, `1.2.0`, `spam-v1.2.0`, `release/1.2.0`), None when there is none."""
    found = parse(tag.removeprefix("refs/tags/"))
    return None if found is None else found.version


def tag_names(repository: Repository, *options: str) -> tuple[str, ...]:
    """Give the names of all tags, the newest first; `options` are those of git-for-each-ref(1)."""
    out = repository.try_git("for-each-ref", *options, "--sort=-creatordate", "--format=%(refname:strip=2)", "refs/tags")
    return tuple((out or b"").decode(errors="surrogateescape").split("\n")[:-1])


def release_tags(repository: Repository, config: Config, project: Project, versions_at: VersionsAt) -> ReleaseTags:
    """Give the release tags of a project."""

    def version_at(tag: str, group: Group) -> Version | None:
        found = versions_at(tag) or {}
        return next((version for package in group.packages if (version := found.get((package.manifest, package.name))) is not None), None)

    return ReleaseTags(project, config, tag_names(repository), version_at)


def past_releases(repository: Repository, versions_at: VersionsAt, head: str = "HEAD") -> Iterator[PastRelease]:
    """Give the last release tags, newest first: the plain ones (`v1.2.0`), or those with a name where no recent tag is plain.

    Behind them stand, as `beside`, the two newest of each name that was left out.
    """
    tags = [one for name in tag_names(repository, f"--merged={head}") if (one := parse(name)) is not None]
    recent = tags[:MOST_TAGS]
    if any(not one.word for one in recent):
        recent = [one for one in tags if not one.word][:MOST_TAGS]
    chosen = {one.tag for one in recent}
    named: dict[str, list[TagName]] = {}
    for one in tags:
        if one.word and one.tag not in chosen:
            named.setdefault(one.word, []).append(one)
    for one in (*recent, *(one for series in named.values() for one in series[:2])):
        text = cache(partial(_text_at, repository, one.tag))
        yield PastRelease(tag=one.tag, version=one.version, prefix=one.word, beside=one.tag not in chosen, read=partial(versions_at, one.tag), text=text)


def _text_at(repository: Repository, tag: str, path: str) -> str | None:
    objects = ObjectReader(repository)
    try:
        data = objects.read(f"refs/tags/{tag}:{path}")
    finally:
        objects.close()
    return None if data is None else data.decode(errors="replace")


def last_release(repository: Repository, tags: ReleaseTags, group: Group, head: str, moved: Callable[[], bool]) -> Release | None:
    """Give the release of a group that `head` follows; None when there is none.

    That is the highest version, at or below the one that the group states or prepares, of which a tag is in the history of `head`, or on a branch that
    left this history behind its last release and went no further than that version. Pre-releases count only where there is nothing else. The tag that `head`
    itself carries counts when the work tree has `moved` on from it: a release is compared with the one before, the first one with itself.
    """
    mine = tags.of(group)
    within = set(tag_names(repository, f"--merged={head}"))
    stated = _stated(tags, group, mine, within)
    below = [one for one in mine if stated is None or one.version <= stated or (not stated.final and one.version.padded(3) == stated.padded(3))]
    final = [one for one in below if one.version.final] or below
    here, own = repository.commit(head), None
    for one in _ranked(one for one in final if one.tag in within):
        found = Release(ref=f"refs/tags/{one.tag}", version=one.version)
        if (stated is not None and one.version != stated) or repository.commit(found.ref) != here or moved():
            own = found
            break
        own = own or found
    return _elsewhere(repository, [one for one in final if one.tag not in within], own, head, here) or own


def _ranked(newest_first: Iterable[TagName]) -> list[TagName]:
    """Order tags by version, the highest first; of one version the plain ones come first, then the newest: what was released last holds all of it."""
    return sorted(sorted(newest_first, key=lambda one: bool(one.word)), key=lambda one: one.version, reverse=True)


def _stated(tags: ReleaseTags, group: Group, mine: list[TagName], within: set[str]) -> Version | None:
    """Give the version that bounds the releases before a commit; None where what the manifest says is no version that is released.

    That is so where the manifest said the same at a release of another version. Where nothing is stated, a pre-release in the history says what comes.
    """
    if group.version is None:
        held = [one.version for one in mine if one.tag in within]
        return max(held) if held and not max(held).final else None
    above = next((one for one in mine if one.version.final and one.version > group.version), None)
    return None if above is not None and tags.version_at(above.tag, group) == group.version else group.version


def _elsewhere(repository: Repository, others: list[TagName], own: Release | None, head: str, here: str | None) -> Release | None:
    """Give a higher release than `own` whose branch holds `own` and not `head`: it left the history between the two."""
    for one in _ranked(one for one in others if own is None or one.version > own.version)[:MOST_ELSEWHERE]:
        ref = f"refs/tags/{one.tag}"
        if repository.commit(ref) is None or here is None:
            continue
        follows = own is None or repository.contains(ref, own.ref)
        if follows and not repository.contains(ref, head) and (own is not None or repository.try_git("merge-base", head, ref)):
            return Release(ref=ref, version=one.version, within=False)
    return None


def newer_release(repository: Repository, tags: ReleaseTags, group: Group, head: str, than: Version) -> TagName | None:
    """Give the tag of the highest release of a group above a version that the history of `head` does not hold; None where there is none."""
    above = [one for one in tags.of(group) if one.version.final and one.version > than]
    within = set(tag_names(repository, f"--merged={head}")) if above else set()
    return max((one for one in above if one.tag not in within), key=lambda one: one.version, default=None)
