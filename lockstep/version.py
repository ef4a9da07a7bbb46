"""One version, several spellings.

`1.2.0-rc.1` (Cargo, npm, tags) and `1.2.0rc1` (Python) are one `Version`. Values are compared, spellings never are;
each place in a repository is written in its own spelling. The mapping of pre-releases is maturin's:
`-alpha.N -beta.N -rc.N -dev.N` and `aN bN rcN .devN`.

Sources: https://semver.org (2.0.0), https://packaging.python.org/en/latest/specifications/version-specifiers/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import total_ordering
from typing import assert_never

from lockstep.errors import VersionError

LARGEST = 2**64 - 1
"""Cargo and npm hold each number of a version in 64 bits or less."""


class Spelling(StrEnum):
    """How a place writes a version."""

    SEMVER = "semver"  # 1.2.0-rc.1      Cargo.toml, package.json, tags
    PEP440 = "pep440"  # 1.2.0rc1        pyproject.toml, __version__
    PREFIX = "prefix"  # 1.2             "name = 0.5" in a snippet: the leading numbers of the version, as many as stand there
    MAJOR = "major"  # 1               #define NAME_VERSION_MAJOR 1
    MINOR = "minor"  # 2
    PATCH = "patch"  # 0
    TUPLE = "tuple"  # 1, 2, 0         version_info
    CARGO_REQUIREMENT = "cargo-requirement"  # ^1.2, <1.5
    NPM_RANGE = "npm-range"  # ^1.2.0 || ~1.3
    PEP440_SPECIFIERS = "pep440-specifiers"  # >=1.2,<2


class Bump(StrEnum):
    """Which part of a version moves."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    PRE = "pre"
    RELEASE = "release"


class PreKind(StrEnum):
    """The pre-releases that both SemVer and PEP 440 can spell, in PEP 440's order."""

    DEV = "dev"
    ALPHA = "alpha"
    BETA = "beta"
    RC = "rc"


_RANK = {PreKind.DEV: 0, PreKind.ALPHA: 1, PreKind.BETA: 2, PreKind.RC: 3}
_KIND = {
    "dev": PreKind.DEV,
    "a": PreKind.ALPHA,
    "alpha": PreKind.ALPHA,
    "b": PreKind.BETA,
    "beta": PreKind.BETA,
    "c": PreKind.RC,
    "rc": PreKind.RC,
    "pre": PreKind.RC,
    "preview": PreKind.RC,
}
_SHORT = {PreKind.DEV: "dev", PreKind.ALPHA: "a", PreKind.BETA: "b", PreKind.RC: "rc"}

_PLAIN = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)
# One pre-release in any of the ways that people write it; groups keep the separators so that they can be written again.
_SHAPE = re.compile(
    r"(?P<v>[vV]?)(?P<release>[0-9]+(?:\.[0-9]+)*)"
    r"(?:(?P<sep>[-._]?)(?P<kind>alpha|beta|a|b|preview|pre|rc|c|dev)(?P<dot>[-._]?)(?P<number>[0-9]*))?"
    r"(?P<build>\+[0-9A-Za-z.-]+)?",
    re.ASCII | re.IGNORECASE,
)
_CANONICAL_PEP440 = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]*)?(\+[a-z0-9.]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pre:
    """A pre-release: `kind` and `number` where both worlds can spell it, else `only`, the text that one world alone knows."""

    kind: PreKind | None
    number: int = 0
    only: str = ""

    def order(self) -> tuple[int, int, str]:
        """Give the sort key; kinds in PEP 440's order, unknown ones after them."""
        return (_RANK[self.kind] if self.kind else len(_RANK), self.number, self.only)


@total_ordering
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """A release (1 to n numbers) and perhaps a pre-release; `text` is how it was read and takes no part in comparison.

    Build metadata (`+dev`) takes no part in comparison either; SemVer says so, and lockstep keeps it out of requirements.
    """

    release: tuple[int, ...]
    pre: Pre | None = None
    post: int | None = None
    build: str = ""
    text: str = field(default="")

    @property
    def major(self) -> int:
        """The first number."""
        return self.release[0]

    @property
    def minor(self) -> int:
        """The second number; 0 where it is not written."""
        return self.release[1] if len(self.release) > 1 else 0

    @property
    def patch(self) -> int:
        """The third number; 0 where it is not written."""
        return self.release[2] if len(self.release) > 2 else 0

    def _numbers(self) -> tuple[int, ...]:
        numbers = self.release
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers

    def _order(self) -> tuple[tuple[int, ...], int, tuple[int, int, str], int]:
        stage = (1, (0, 0, "")) if self.pre is None else (0, self.pre.order())
        return (self._numbers(), *stage, -1 if self.post is None else self.post)

    def __eq__(self, other: object) -> bool:
        return self._order() == other._order() if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return self._order() < other._order()

    def __hash__(self) -> int:
        return hash(self._order())

    def __str__(self) -> str:
        return self.text or self.spell(Spelling.SEMVER)

    @classmethod
    def read(cls, text: str, spelling: Spelling = Spelling.SEMVER) -> Version:
        """Read one version.

        Raises: VersionError when the text is no version in that spelling.
        """
        if (plain := _PLAIN.fullmatch(text)) and len(text) < 50:
            return cls(release=tuple(map(int, plain.groups())), text=text)
        match spelling:
            case Spelling.SEMVER:
                return _read_semver(text)
            case Spelling.PEP440:
                return _read_pep440(text)
            case Spelling.PREFIX:
                return read_any(text)
            case Spelling.TUPLE:
                return cls(release=_numbers(re.sub(r"\s*,\s*", ".", text.strip(" ,")), text), text=text)
            case Spelling.MAJOR | Spelling.MINOR | Spelling.PATCH:
                raise VersionError(f"{shorten(text)} is one number of a version, not a version")
            case Spelling.CARGO_REQUIREMENT | Spelling.NPM_RANGE | Spelling.PEP440_SPECIFIERS:
                raise VersionError(f"{text!r} is a requirement, not a version")
        assert_never(spelling)

    def spell(self, spelling: Spelling, like: str = "") -> str:
        """Write the version in a spelling, in the manner of `like` (its separators, its leading v, its number of parts).

        Raises: VersionError when the spelling cannot hold the version.
        """
        match spelling:
            case Spelling.SEMVER:
                return self._semver(like)
            case Spelling.PEP440:
                return self._pep440(like)
            case Spelling.PREFIX:
                return self._prefix(like)
            case Spelling.TUPLE:
                if self.pre or self.post is not None:
                    raise VersionError(f"{self} cannot be written as a tuple of numbers")
                gap = ", " if ", " in like or not like else ","
                return gap.join(map(str, self._padded(max(3, len(like.strip(" ,").split(","))) if like else 3)))
            case Spelling.MAJOR:
                return str(self.major)
            case Spelling.MINOR:
                return str(self.minor)
            case Spelling.PATCH:
                return str(self.patch)
            case Spelling.CARGO_REQUIREMENT | Spelling.NPM_RANGE | Spelling.PEP440_SPECIFIERS:
                raise VersionError(f"{self} is a version, not a requirement")
        assert_never(spelling)

    def _padded(self, parts: int) -> tuple[int, ...]:
        numbers = self.release
        while len(numbers) > parts and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers + (0,) * (parts - len(numbers))

    def _semver(self, like: str) -> str:
        if self.post is not None:
            raise VersionError(f"{self} has a post-release, which SemVer cannot spell")
        numbers = self._padded(3)
        if len(numbers) > 3:
            raise VersionError(f"{self} has {len(numbers)} numbers, SemVer has 3")
        head = ("v" if like[:1] in "vV" and like else "") + ".".join(map(str, numbers))
        if self.pre is None:
            return head + (f"+{self.build}" if self.build else "")
        if self.pre.kind is None:
            if not _semver_identifiers(self.pre.only):
                raise VersionError(f"{self} is not spelled in SemVer")
            return f"{head}-{self.pre.only}"
        return head + self._styled_pre(like, ("-", self.pre.kind.value, "."))

    def _pep440(self, like: str) -> str:
        parts = len(shape["release"].split(".")) if like and (shape := _SHAPE.fullmatch(like)) else 0
        numbers = ".".join(map(str, self._padded(parts))) if parts else ".".join(map(str, self.release))
        if self.pre is None and _CANONICAL_PEP440.fullmatch(self.text):
            numbers = self.text if not parts or len(self.release) == parts else numbers
            return numbers.partition("+")[0] + (f"+{self.build}" if self.build else "")
        if self.pre is None:
            return numbers + (f".post{self.post}" if self.post is not None else "") + (f"+{self.build}" if self.build else "")
        if self.pre.kind is None:
            if _semver_identifiers(self.pre.only):
                raise VersionError(f"{self} has a pre-release that PEP 440 cannot spell")
            return numbers + self.pre.only
        if _CANONICAL_PEP440.fullmatch(self.text) and not _has_pre(like):
            return self.text
        dev = self.pre.kind is PreKind.DEV
        return numbers + self._styled_pre(like, ("." if dev else "", _SHORT[self.pre.kind], ""))

    def _styled_pre(self, like: str, default: tuple[str, str, str]) -> str:
        """Write the pre-release as the place wrote its last one, else as the user typed this one, else by the book."""
        assert self.pre is not None
        assert self.pre.kind is not None
        sep, name, dot = default
        number = str(self.pre.number)
        for text in (like, self.text):
            shape = _SHAPE.fullmatch(text)
            if not shape or not shape["kind"]:
                continue
            if text is not like and (shape["sep"] == "-") != (sep == "-"):
                continue  # typed in the other world's manner
            if _KIND[shape["kind"].lower()] is self.pre.kind:
                name = shape["kind"]
                number = "" if text is self.text and not shape["number"] else number
            elif shape["kind"].lower() in _SHORT.values():
                name = _SHORT[self.pre.kind]
            sep, dot = shape["sep"], shape["dot"] if shape["number"] else dot
            break
        return f"{sep}{name}{dot}{number}" if number else f"{sep}{name}"

    def _prefix(self, like: str) -> str:
        shape = _SHAPE.fullmatch(like)
        parts = len(shape["release"].split(".")) if shape else 3
        lead = shape["v"] if shape else ""
        if self.pre is not None:  # a prefix of a pre-release would name a release that does not exist
            return lead + (self._semver("") if not _has_pre(like) or "-" in like else self._pep440(like))
        return lead + ".".join(map(str, self._padded(3)[:parts]))

    def bump(self, bump: Bump, pre: PreKind | None = None) -> Version:
        """Give the next version; from a pre-release, `patch`, `minor` and `major` go to the release that it announces.

        Raises: VersionError when there is no such next version (`release` of a release, `pre` of an unknown kind).
        """
        major, minor, patch = self.major, self.minor, self.patch
        announced = self.pre is not None
        match bump:
            case Bump.MAJOR:
                numbers = (major, 0, 0) if announced and (minor, patch) == (0, 0) else (major + 1, 0, 0)
            case Bump.MINOR:
                numbers = (major, minor, 0) if announced and patch == 0 else (major, minor + 1, 0)
            case Bump.PATCH:
                numbers = (major, minor, patch) if announced else (major, minor, patch + 1)
            case Bump.RELEASE:
                if not announced:
                    raise VersionError(f"{self} is a release already", help="lockstep bump patch, minor or major")
                numbers = (major, minor, patch)
            case Bump.PRE:
                return self._next_pre(pre)
            case _:
                assert_never(bump)
        if pre is None:
            return Version(release=numbers)
        return Version(release=numbers, pre=Pre(pre, _first(pre)))

    def _next_pre(self, kind: PreKind | None) -> Version:
        old = self.pre
        if old is None:
            if kind is None:
                raise VersionError(f"{self} is a release: which pre-release comes next?", help="lockstep bump pre --pre alpha|beta|rc|dev")
            return Version(release=(self.major, self.minor, self.patch + 1), pre=Pre(kind, _first(kind)))
        if old.kind is None:
            raise VersionError(f"the pre-release of {self} has no next one", help="lockstep bump VERSION with the version in full")
        if kind is None or kind is old.kind:
            return Version(release=self.release, pre=Pre(old.kind, old.number + 1))
        return Version(release=self.release, pre=Pre(kind, _first(kind)))


def _first(kind: PreKind) -> int:
    return 0 if kind is PreKind.DEV else 1


def _has_pre(text: str) -> bool:
    shape = _SHAPE.fullmatch(text)
    return bool(shape and shape["kind"])


def _semver_identifiers(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*", text, re.ASCII) is not None


def _numbers(text: str, whole: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", text, re.ASCII):
        raise VersionError(f"{shorten(whole)} is no version")
    if any(len(part.lstrip("0")) > 20 or int(part) > LARGEST for part in text.split(".")):
        raise VersionError(f"{shorten(whole)} has a number above {LARGEST}, which no package registry can hold")
    return tuple(map(int, text.split(".")))


def shorten(text: str, most: int = 40) -> str:
    """Quote a text for a message, cut to `most` characters."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def _read_semver(text: str) -> Version:
    from semver import Version as SemVer  # noqa: PLC0415 - only unusual versions pay for the library

    bare = text[1:] if text[:1] in ("v", "V") else text
    if len(text) > 1000 or not SemVer.is_valid(bare):
        _numbers(bare, text) if re.fullmatch(r"[0-9.]+", bare) and bare.count(".") == 2 and ".." not in bare else None
        raise VersionError(f"{shorten(text)} is no SemVer version", help="write three numbers, and perhaps a pre-release: 1.2.0 or 1.2.0-rc.1")
    core = bare.partition("+")[0].partition("-")[0]
    release = _numbers(core, text)
    rest = bare[len(core) :]
    pre_text, _, build = rest.partition("+") if not rest.startswith("+") else ("", "", rest[1:])
    return Version(release=release, pre=_read_pre(pre_text[1:]) if pre_text else None, build=build, text=text)


def _read_pre(text: str) -> Pre:
    shape = re.fullmatch(r"([A-Za-z]+)[.-]?([0-9]*)", text, re.ASCII)
    if shape and (kind := _KIND.get(shape[1].lower())) and len(shape[2]) < 20:
        return Pre(kind, int(shape[2] or 0))
    return Pre(None, only=text)


def _read_pep440(text: str) -> Version:
    from packaging.version import InvalidVersion  # noqa: PLC0415 - only unusual versions pay for the library
    from packaging.version import Version as Pep440  # noqa: PLC0415

    try:
        parsed = Pep440(text[:1000])
    except InvalidVersion:
        try:
            known = _read_semver(text)
        except VersionError:
            raise VersionError(f"{shorten(text)} is no PEP 440 version", help="write numbers, and perhaps a pre-release: 1.2.0 or 1.2.0rc1") from None
        raise VersionError(f"{shorten(text)} has a pre-release that PEP 440 cannot spell (SemVer can): {known}") from None
    if parsed.epoch:
        raise VersionError(f"{shorten(text)} has an epoch, which lockstep does not move")
    _numbers(".".join(map(str, parsed.release)), text)
    pre = None
    letters = {"a": PreKind.ALPHA, "b": PreKind.BETA, "rc": PreKind.RC}
    if parsed.pre and parsed.dev is None:
        pre = Pre(letters[parsed.pre[0]], parsed.pre[1])
    elif parsed.dev is not None and not parsed.pre and parsed.post is None:
        pre = Pre(PreKind.DEV, parsed.dev)
    elif parsed.dev is not None:
        stem = f"{parsed.pre[0]}{parsed.pre[1]}" if parsed.pre else ""
        pre = Pre(None, only=stem + (f".post{parsed.post}" if parsed.post is not None else "") + f".dev{parsed.dev}")
    post = parsed.post if parsed.dev is None else None
    return Version(release=parsed.release, pre=pre, post=post, build=parsed.local or "", text=text)


def read_any(text: str) -> Version:
    """Read a version that a person typed or a file mentions, SemVer first, PEP 440 second.

    Raises: VersionError when it is neither.
    """
    bare = text[1:] if text[:1] in ("v", "V") else text
    try:
        return Version.read(bare, Spelling.SEMVER)
    except VersionError as semver_error:
        try:
            return Version.read(bare, Spelling.PEP440)
        except VersionError as pep440_error:
            raise VersionError(
                f"{shorten(text)} is no version" if "above" not in semver_error.message else semver_error.message,
                help="write it as 1.2.0, 1.2.0-rc.1 (SemVer) or 1.2.0rc1 (PEP 440)",
            ) from pep440_error
