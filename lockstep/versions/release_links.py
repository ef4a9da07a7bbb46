"""Links between releases: what compares a release with the branch or with the next release, and how they move."""

from __future__ import annotations

import re

from lockstep.pattern import pattern

TO_BRANCH = pattern(
    r"/compare/(?P<tag>(?:[\w.%-]{0,100}?[-_/@])?v?(?P<version>[0-9]{1,20}(?:\.[0-9]{1,20}){1,6}[0-9A-Za-z.-]{0,60}?))(?P<dots>\.\.\.?)(?P<branch>HEAD|main|master|develop)\b",
)
"""A link that compares a release with what is not released yet. Source: https://keepachangelog.com/en/1.1.0/"""
_BETWEEN = pattern(r"/compare/(?P<old>[^\s()<>]+?)(?P<dots>\.\.\.?)(?P<new>[^\s()<>]+)")


def with_version(text: str, old: str, new: str) -> str:
    """Write another version into a tag, a label or an address, where `old` stands as a whole."""
    return re.sub(rf"(?:(?<![0-9.])|(?<=%40)){re.escape(_bare(old))}(?![0-9A-Za-z]|\.[0-9])", lambda _: _bare(new), text)


def following(url: str, old: str, new: str, last: str = "") -> str:
    """Give the link of a release in the manner of `url`, which is about `old`: the comparison starts at `last`, else where it ended.

    A tag's page is the new tag's.
    """
    found = _BETWEEN.search(url)
    if found is None or with_version(found["new"], old, new) == found["new"]:
        return with_version(url, old, new)
    start = with_version(found["new"], old, last) if last else found["new"]
    return f"{url[: found.start('old')]}{start}{found['dots']}{with_version(found['new'], old, new)}{url[found.end() :]}"


def is_comparison(url: str) -> bool:
    """Say whether a link compares two commits; else it shows one, as a tag's page does."""
    return _BETWEEN.search(url) is not None


def _bare(version: str) -> str:
    return version[1:] if version[:1] in ("v", "V") else version


def start_of(url: str) -> str | None:
    """Give the version at which a link that compares with the branch starts; None when it does not compare with it."""
    found = TO_BRANCH.search(url)
    return None if found is None else found["version"]


def released(url: str, new: str, last: str = "") -> str | None:
    """Give the link of a new release, of the one that compares a release with the branch; it starts at `last`, where that is given.

    None when it does not compare with the branch.
    """
    found = TO_BRANCH.search(url)
    if found is None:
        return None
    start = with_version(found["tag"], found["version"], last) if last else found["tag"]
    tag = with_version(found["tag"], found["version"], new)
    return f"{url[: found.start('tag')]}{start}{found['dots']}{tag}{url[found.end() :]}"
