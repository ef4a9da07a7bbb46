"""Release tags by their names: what stands before the version, and the version.

`v1.2.0`, `1.2.0`, `hatch-v1.18.0`, `v/0.23.29`, `release/1.2`, `object_store_0.12.0`, `r0.16.0`, `rel_2_0_30`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling, Version, is_zero_padded, read_any

LONGEST = 200
"""Characters of the longest tag that is read as a release."""
PLAIN_WORDS = frozenset({"", "v", "ver", "version", "versions", "rel", "release", "releases", "tag", "tags", "stable"})
"""What may stand before a version without naming a package."""

_START = pattern(r"(?<![0-9.!])[0-9]")
"""Where a version may start: behind the `!` of an epoch only a part of one does."""
_VERSION = pattern(r"[0-9]+\.[0-9]+[0-9A-Za-z.+_-]*", re.ASCII)
_UNDERSCORED = pattern(r"(?P<prefix>.*?[^0-9.]|)(?P<version>[0-9]{1,6}(?:_[0-9]{1,6}){1,3}(?:_?(?:a|b|rc|alpha|beta)_?[0-9]+)?)", re.ASCII)
_ONE_NUMBER = pattern(r"(?P<prefix>[vV]?)(?P<version>[0-9]{1,6})", re.ASCII)
_MARK = pattern(r"(?:^|(?<=[^0-9A-Za-z]))[vV]$")
_ENDS = "-_/@.+ "


@dataclass(frozen=True, slots=True, kw_only=True)
class TagName:
    """A tag whose name holds a version: `prefix` stands before it, `text` is the version as it is written there."""

    tag: str
    prefix: str
    text: str
    version: Version

    @property
    def word(self) -> str:
        """What the prefix names: `hatch` in `hatch-v1.18.0`, "" where it names nothing, as in `v1.2.0` and `release/1.2`."""
        name = _MARK.sub("", self.prefix.rstrip(_ENDS)).strip(_ENDS)
        return "" if name.lower() in PLAIN_WORDS else name

    @property
    def template(self) -> str:
        """How a tag of its scheme is written, with {version}."""
        return self.prefix + "{version}"

    @property
    def underscored(self) -> bool:
        """Whether the numbers of the version are separated by underscores."""
        return "_" in self.text and "." not in self.text

    def says(self, version: Version) -> bool:
        """Say whether the tag names a version, as text: `1.2.0` does not name `1.2.0+dev0`, nor `v1.02.0` 1.2.0."""
        if self.version != version or self.version.build != version.build:
            return False
        return self.underscored or _numbers(self.text) == _numbers(version.text) or not is_zero_padded(self.text)


def _numbers(text: str) -> list[str]:
    return re.findall(r"[0-9]+", text)


@lru_cache(maxsize=2**16)
def parse(tag: str) -> TagName | None:
    """Read a tag's name; None when it holds no version, which has two numbers at least."""
    if len(tag) > LONGEST:
        return None
    for start in _START.finditer(tag):
        found = _VERSION.fullmatch(tag, start.start())
        if found is not None and (version := _read(found[0])) is not None:
            return TagName(tag=tag, prefix=tag[: start.start()], text=found[0], version=version)
    if (found := _UNDERSCORED.fullmatch(tag)) is not None and (version := _read(found["version"].replace("_", "."))) is not None:
        return TagName(tag=tag, prefix=found["prefix"], text=found["version"], version=version)
    return None


def parse_number(tag: str) -> TagName | None:
    """Read a tag that is one number, as `v16`: the release 16.0.0, or a name that moves from one release of that number to the next."""
    found = _ONE_NUMBER.fullmatch(tag)
    version = None if found is None else _read(found["version"])
    return None if found is None or version is None else TagName(tag=tag, prefix=found["prefix"], text=found["version"], version=version)


def parse_as(tag: str, template: str, groups: Iterable[str] = ()) -> tuple[TagName, str] | None:
    """Read a tag that is written as a template says, with {version} and perhaps {group}; give it with the group that it names, "" for none."""
    if len(tag) > LONGEST:
        return None
    before, _, after = template.partition("{version}")
    for group in dict.fromkeys(groups) if "{group}" in template else ("",):
        start, end = before.replace("{group}", group), after.replace("{group}", group)
        if tag.startswith(start) and tag.endswith(end) and len(tag) > len(start) + len(end):
            text = tag[len(start) : len(tag) - len(end)]
            if (version := _read(text)) is not None:
                return TagName(tag=tag, prefix=start, text=text, version=version), group
    return None


def is_release(tag: str, template: str = "") -> bool:
    """Say whether a tag may be a stable release: as a template says, or in any scheme without one; `v01.2.0` and `v1.2.0+build` are none."""
    found = parse(tag) if not template else next(iter(parse_as(tag, template) or ()), None)
    return isinstance(found, TagName) and found.version.final and not found.version.build and not is_zero_padded(found.text)


def write(template: str, version: Version, group: str = "", like: TagName | None = None, *, python: bool = False) -> str:
    """Give the tag of a version: as `like`, the last tag of its scheme, spells it; in PEP 440's spelling where `python` says so; with the zeros that it has.

    Raises: VersionError when the spelling cannot hold the version.
    """
    written_like = like.text if like is not None and not like.underscored else ""
    if is_zero_padded(version.text):
        text = version.text
    else:
        text = version.spell(Spelling.PEP440 if python or version.post is not None else Spelling.SEMVER, written_like)
    if like is not None and like.underscored:
        text = text.replace(".", "_")
    return template.replace("{version}", text).replace("{group}", group)


def _read(text: str) -> Version | None:
    try:
        return read_any(text)
    except VersionError:
        return None
