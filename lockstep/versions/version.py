"""One version, several spellings.

`1.2.0-rc.1` (Cargo, npm, tags) and `1.2.0rc1` (Python) are one `Version`. Values are compared, spellings never are;
each place in a repository is written in its own spelling. The mapping of pre-releases is maturin's:
`-alpha.N -beta.N -rc.N -dev.N` and `aN bN rcN .devN`.

Sources: https://semver.org (2.0.0), https://packaging.python.org/en/latest/specifications/version-specifiers/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache, total_ordering
from typing import TypeAlias, assert_never

from lockstep.dataclass import dataclass, field
from lockstep.errors import VersionError
from lockstep.pattern import pattern

LARGEST = 2**64 - 1
"""Cargo and npm hold each number of a version in 64 bits or less."""

LONGEST = 256
"""npm reads no longer version, and no registry shows one."""


class Spelling(StrEnum):
    """How a place writes a version."""

    SEMVER = "semver"  # 1.2.0-rc.1      Cargo.toml, package.json, tags
    PEP440 = "pep440"  # 1.2.0rc1        pyproject.toml, __version__
    PREFIX = "prefix"  # 1.2             "name = 0.5" in a snippet: the leading numbers of the version, as many as stand there
    MAJOR = "major"  # 1               #define NAME_VERSION_MAJOR 1
    MINOR = "minor"  # 2
    PATCH = "patch"  # 0
    NUMBERS = "numbers"  # 1.2.0           CMake, R: what can hold no pre-release
    TUPLE = "tuple"  # 1, 2, 0, "rc", 1   version_info
    PRE = "pre"  # rc.1            #define NAME_VERSION_PRERELEASE "rc.1"; "" for a final release
    INTEGER = "integer"  # 10200           #define NAME_VERSION_NUMBER 10200, or 0x010200
    CARGO_REQUIREMENT = "cargo-requirement"  # ^1.2, <1.5
    NPM_RANGE = "npm-range"  # ^1.2.0 || ~1.3
    PEP440_SPECIFIERS = "pep440-specifiers"  # >=1.2,<2


class PreKind(StrEnum):
    """The pre-releases that both SemVer and PEP 440 can spell, in PEP 440's order."""

    DEV = "dev"
    ALPHA = "alpha"
    BETA = "beta"
    RC = "rc"


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

_IDENTIFIER = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*)"
_SEMVER = pattern(
    r"(?P<v>[vV]?)(?P<release>(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2})"
    rf"(?:-(?P<pre>{_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_KNOWN_PRE = pattern(r"(?P<word>[A-Za-z]+)(?:[.-]?(?P<number>[0-9]{1,19}))?")
# What both worlds write in common; the groups keep how it was written, so that the next version can be written alike.
_SHAPE = pattern(
    r"(?P<v>v?)(?P<release>[0-9]+(?:\.[0-9]+)*)"
    r"(?:(?P<sep>[-._]?)(?P<word>alpha|a|beta|b|preview|pre|rc|c|dev)(?P<dot>[-._]?)(?P<number>[0-9]*))?"
    r"(?:\+[0-9A-Za-z._-]+)?",
    re.ASCII | re.IGNORECASE,
)
_GLUED = pattern(r"\.?[A-Za-z]+[0-9]+")
"""A pre-release in the manner of PEP 440: rc1, .dev0."""
_LOCAL = pattern(r"[0-9A-Za-z]+(?:[-_.][0-9A-Za-z]+)*")
_DEVELOPMENT = pattern(r"dev(?![A-Za-z])", re.IGNORECASE)
_OF_ANOTHER = pattern(r"(?:^|[^0-9])[0-9]+\.[0-9]")

Identifiers: TypeAlias = tuple[tuple[int, int, str], ...]


def identifiers(pre: str) -> Identifiers:
    """Give SemVer's sort key of a pre-release: numbers by value and before words, words by letter, more identifiers after fewer."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in pre.split("."))


@dataclass(frozen=True, slots=True)
class Pre:
    """A pre-release: `kind` and `number` where both worlds can spell it, else `only`, the text that SemVer alone knows."""

    kind: PreKind | None
    number: int = 0
    only: str = ""

    def order(self) -> Identifiers:
        """Give the sort key: SemVer's, but for dev, which PEP 440 puts before all others."""
        if self.kind is PreKind.DEV:
            return ((-1, self.number, ""),)
        return identifiers(self.only if self.kind is None else f"{self.kind}.{self.number}")


@total_ordering
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """A release (1 to n numbers) and perhaps a pre-release; `text` is how it was read and takes no part in comparison.

    `post` and `dev` are PEP 440's alone; a development release of nothing else is a pre-release of kind DEV, and `dev` is None.
    Build metadata (`+dev`) takes no part in comparison either, as SemVer says, and lockstep keeps it out of requirements: precedence orders versions.
    Whether two texts are one version, metadata and all, `is_same` says.
    """

    release: tuple[int, ...]
    pre: Pre | None = None
    post: int | None = None
    dev: int | None = None
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

    def _order(self) -> tuple[tuple[int, ...], tuple[int, Identifiers], int, float]:
        stage = (1, ()) if self.pre is None else (0, self.pre.order())
        return (self.padded(1), stage, -1 if self.post is None else self.post, float("inf") if self.dev is None else self.dev)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Version):
            return NotImplemented
        if self.pre is other.pre is None and self.post == other.post and self.dev == other.dev and self.release == other.release:
            return True
        return self._order() == other._order()

    def __lt__(self, other: Version) -> bool:
        return self._order() < other._order()

    def __hash__(self) -> int:
        numbers = self.release  # the first two are enough, and zeros at the end count for nothing
        return hash((numbers[0], numbers[1] if len(numbers) > 1 else 0))

    def __str__(self) -> str:
        if self.text:
            return self.text
        pre = "" if self.pre is None else f"-{self.pre.only}" if self.pre.kind is None else f"-{self.pre.kind}.{self.pre.number}"
        post = "" if self.post is None else f".post{self.post}"
        dev = "" if self.dev is None else f".dev{self.dev}"
        return ".".join(map(str, self.padded(3))) + pre + post + dev + (f"+{self.build}" if self.build else "")

    @classmethod
    def read(cls, text: str, spelling: Spelling = Spelling.SEMVER) -> Version:
        """Read one version.

        Raises: VersionError when the text is no version in that spelling.
        """
        match spelling:
            case Spelling.SEMVER:
                return _read_semver(text)
            case Spelling.PEP440:
                return _read_pep440(text)
            case Spelling.PREFIX:
                return read_any(text)
            case Spelling.TUPLE:
                return _read_tuple(text)
            case Spelling.MAJOR | Spelling.MINOR | Spelling.PATCH | Spelling.PRE:
                raise VersionError(f"{shorten(text)} is one number of a version, not a version")
            case Spelling.NUMBERS:
                raise VersionError(f"{shorten(text)} is the numbers of a version, not a version")
            case Spelling.INTEGER:
                raise VersionError(f"{shorten(text)} is one number, not a version: in which encoding it does not show")
            case Spelling.CARGO_REQUIREMENT | Spelling.NPM_RANGE | Spelling.PEP440_SPECIFIERS:
                raise VersionError(f"{shorten(text)} is a requirement, not a version")
        assert_never(spelling)

    @property
    def final(self) -> bool:
        """Say whether it is neither a pre-release nor a development release, not even by its build metadata: `0.2.0+dev0` goes before 0.2.0."""
        return self.pre is None and self.dev is None and _DEVELOPMENT.match(self.build) is None

    @property
    def wraps(self) -> bool:
        """Say whether its build metadata is the version of something else that the package contains: `2.0.9+zstd.1.5.5`, `0.5.4+5.3.0`."""
        return self.final and _OF_ANOTHER.search(self.build) is not None

    def is_same(self, other: Version) -> bool:
        """Say whether both are one version: equal, with the same build metadata as PEP 440 compares it (`+build-5` is `+Build.5`)."""
        return self == other and (self.build == other.build or _local(self.build) == _local(other.build))

    def canonical(self) -> Version:
        """Give the version as PEP 440 normalises it: without the manner in which it was typed."""
        return Version(release=self.release, pre=self.pre, post=self.post, dev=self.dev, build=_local(self.build))

    def padded_like(self, like: str) -> Version:
        """Give the version with zeros in front of its numbers where another one has them (`2023.06.01`); where it cannot be so written, as it is."""
        if not is_zero_padded(like) and not is_zero_padded(self.text):
            return self
        try:
            return Version.read(self.spell(Spelling.PEP440, like), Spelling.PEP440)
        except VersionError:
            return self

    def spell(self, spelling: Spelling, like: str = "") -> str:
        """Write the version in a spelling, in the manner of `like` (its separators, its leading v, its number of parts).

        A `like` that says this version already is given back as it is.

        Raises: VersionError when the spelling cannot hold the version.
        """
        if like and self._is(like, spelling):
            return like
        match spelling:
            case Spelling.SEMVER:
                return self._semver(like)
            case Spelling.PEP440:
                return self._pep440(like)
            case Spelling.PREFIX:
                return self._prefix(like)
            case Spelling.TUPLE:
                return self._tuple(like)
            case Spelling.MAJOR | Spelling.MINOR | Spelling.PATCH:
                return str({Spelling.MAJOR: self.major, Spelling.MINOR: self.minor}.get(spelling, self.patch))
            case Spelling.NUMBERS:
                return ".".join(map(str, self.padded(like.count(".") + 1 if like else 3)))
            case Spelling.PRE:
                return self._pre_alone(like)
            case Spelling.INTEGER:
                raise VersionError(f"{shorten(like)} does not show how it writes {self}", help="write the number there by hand, and bump then")
            case Spelling.CARGO_REQUIREMENT | Spelling.NPM_RANGE | Spelling.PEP440_SPECIFIERS:
                raise VersionError(f"{self} is a version, not a requirement")
        assert_never(spelling)

    def _is(self, text: str, spelling: Spelling) -> bool:
        try:
            said = Version.read(text, spelling)
        except VersionError:
            return False
        return said.is_same(self)

    def padded(self, parts: int) -> tuple[int, ...]:
        """Give the numbers, as close to `parts` of them as zeros at the end allow."""
        numbers = self.release
        while len(numbers) > parts and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers + (0,) * (parts - len(numbers))

    def _semver(self, like: str) -> str:
        if self.post is not None or self.dev is not None:
            what = "post-release" if self.dev is None else "development release of another"
            raise VersionError(f"{self} is a {what}, which SemVer cannot spell", help=_BOTH)
        numbers = self.padded(3)
        if len(numbers) > 3:
            raise VersionError(f"{self} has {len(numbers)} numbers, SemVer has 3", help=_BOTH)
        text = ("v" if like[:1] in ("v", "V") else "") + ".".join(map(str, numbers))
        if self.pre is not None:
            text += f"-{self.pre.only}" if self.pre.kind is None else self._styled_pre(self.pre.kind, Spelling.SEMVER, like)
        return text + (f"+{self.build}" if self.build else "")

    def _pep440(self, like: str) -> str:
        shape = _SHAPE.match(like)
        numbers = self.padded(shape["release"].count(".") + 1) if shape else self.release
        text = (shape["v"] if shape else "") + zero_padded(numbers, like, self.text)
        if self.pre is not None and self.pre.kind is None:
            raise VersionError(f"{self} has a pre-release that PEP 440 cannot spell", help=_BOTH)
        if self.pre is not None and self.pre.kind is not None:
            text += self._styled_pre(self.pre.kind, Spelling.PEP440, like)
        text += "" if self.post is None else f".post{self.post}"
        text += "" if self.dev is None else f".dev{self.dev}"
        if not self.build:
            return text
        if not _LOCAL.fullmatch(self.build):
            raise VersionError(f"{self} has build metadata that PEP 440 cannot spell", help="letters, digits and single dots between them: 1.2.0+build.5")
        return f"{text}+{self.build}"

    def _styled_pre(self, kind: PreKind, world: Spelling, like: str) -> str:
        """Write the pre-release as the place wrote its last one, else as a person typed this one, else by the book."""
        assert self.pre is not None
        book = ("-", kind.value, ".") if world is Spelling.SEMVER else ("." if kind is PreKind.DEV else "", _SHORT[kind], "")
        sep, word, dot = book
        typed = _pre_shape(self.text, world)
        if typed is not None and (typed["sep"] == "-") is not (world is Spelling.SEMVER):
            typed = None  # in the other world's manner
        model = _pre_shape(like, world) or typed
        if model is not None:
            theirs = model["word"]
            if _KIND[theirs.lower()] is kind:
                word = theirs
            elif theirs.lower() not in ("rc", "dev"):  # these read alike in both manners
                word = _SHORT[kind] if len(theirs) == 1 else kind.value
            word = word.upper() if theirs.isupper() else word
            if model["sep"] == "-" or (kind is PreKind.DEV) is (_KIND[theirs.lower()] is PreKind.DEV):
                sep = model["sep"]
            dot = next((one["dot"] for one in (model, typed) if one is not None and one["number"]), dot)
        first = typed or model
        bare = self.pre.number == 0 and first is not None and not first["number"]
        return f"{sep}{word}" if bare else f"{sep}{word}{dot}{self.pre.number}"

    def _prefix(self, like: str) -> str:
        shape = _SHAPE.fullmatch(like)
        if self.post is not None or self.dev is not None or (self.pre is not None and shape and shape["word"] and shape["sep"] != "-"):
            return self._pep440(like)
        build = f"+{self.build}" if self.build and "+" in like else ""  # readers do without
        if self.pre is not None:  # a prefix of a pre-release would name a release that does not exist
            return self._semver(like).partition("+")[0] + build
        parts = shape["release"].count(".") + 1 if shape else 3
        return (shape["v"] if shape else "") + zero_padded(self.padded(parts)[:parts], like, self.text) + build

    def _tuple(self, like: str) -> str:
        if self.post is not None or self.dev is not None or (self.pre is not None and self.pre.kind is None):
            raise VersionError(f"{self} cannot be written as a tuple", help="release it as numbers, or with alpha, beta, rc or dev: 1.2.0, 1.2.0-rc.1")
        from lockstep.versions import version_tuple  # noqa: PLC0415 - few projects write tuples

        found = version_tuple.elements(like[:LONGEST])
        kind, number = ("", 0) if self.pre is None else (self.pre.kind or "", self.pre.number)
        styled = self._pre_like(found.pre if found is not None else "") if kind else ""
        if kind and (found is None or found.bare):
            raise VersionError(f"{self} cannot be written as a tuple of numbers", help="release it as numbers alone: 1.2.0")
        numbers = self.padded(len(found.numbers) if found is not None else 3)
        try:
            return version_tuple.write(like if found is not None else "0, 0, 0", numbers, kind, number, styled)
        except VersionError as error:
            raise VersionError(f"{self} cannot be written there: {error.message}", help=error.help) from None

    def _pre_alone(self, like: str) -> str:
        """Write the pre-release alone, in the manner of another."""
        if self.post is not None or self.dev is not None:
            raise VersionError(f"{self} cannot be written as numbers and a pre-release", help=_BOTH)
        if self.pre is None:
            return ""
        if not like:
            raise VersionError(f"the empty text does not show how it writes the pre-release of {self}", help="write it there by hand, and bump then")
        return self._pre_like(like)

    def _pre_like(self, like: str) -> str:
        """Write the pre-release as `like` writes one, separators in front of it too; as a person typed it where that shows nothing."""
        assert self.pre is not None
        if self.pre.kind is None:
            return like[: len(like) - len(like.lstrip("-._"))] + self.pre.only
        core = like.lstrip("-._")
        if _GLUED.fullmatch(like):
            return self._styled_pre(self.pre.kind, Spelling.PEP440, f"0.0.0{like}")
        if core:
            return like[: len(like) - len(core)] + self._styled_pre(self.pre.kind, Spelling.SEMVER, f"0.0.0-{core}").lstrip("-")
        typed_pep440 = _pre_shape(self.text, Spelling.PEP440) is not None and not is_semver(self.text)
        return self._styled_pre(self.pre.kind, Spelling.PEP440 if typed_pep440 else Spelling.SEMVER, "").lstrip("-.")


_BOTH = "give a version that Cargo and Python can both spell: 1.2.0, or 1.2.0-rc.1 with alpha, beta, rc or dev"


def _pre_shape(text: str, world: Spelling) -> re.Match[str] | None:
    """Take a version apart that writes a pre-release of a known kind in a way that its world allows."""
    shape = (_SEMVER if world is Spelling.SEMVER else _SHAPE).fullmatch(text) and _SHAPE.fullmatch(text)
    return shape if shape and shape["word"] else None


def shorten(text: str, most: int = 40) -> str:
    """Quote a text for a message, cut to `most` characters."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def _local(build: str) -> str:
    """Give build metadata as PEP 440 normalises a local version."""
    return ".".join(str(int(part)) if part.isdecimal() else part for part in re.split(r"[-_.]", build.lower()))


def zero_padded(numbers: Iterable[int], like: str, typed: str = "") -> str:
    """Write numbers with zeros in front of them as `like` has them, place by place; where two of its digits do not show it, as they were typed."""
    shown, meant = (found["release"].split(".") if (found := _SHAPE.match(text)) else [] for text in (like, typed))
    return ".".join(str(number).zfill(_width(shown[i : i + 1], meant[i : i + 1])) for i, number in enumerate(numbers))


def _width(shown: list[str], meant: list[str]) -> int:
    for one in (*shown, *meant):
        if len(one) == 1 or one.startswith("0"):
            return len(one)
    return 1


def is_zero_padded(text: str) -> bool:
    """Say whether one of the first three numbers of a version has a zero in front of it."""
    return any(len(one) > 1 and one.startswith("0") for one in re.findall(r"[0-9]+", text)[:3])


def is_semver(text: str) -> bool:
    """Say whether a text is a SemVer version, with or without a leading v."""
    return len(text) <= LONGEST and _SEMVER.fullmatch(text) is not None


def bounded(numbers: tuple[int, ...], text: str) -> tuple[int, ...]:
    """Give the numbers of a version.

    Raises: VersionError when one of them is too large for a registry.
    """
    if max(numbers) > LARGEST:
        raise VersionError(f"{shorten(text)} has or would have a number above {LARGEST}, which no package registry can hold", help="is it a version?")
    return numbers


def _release(text: str, whole: str) -> tuple[int, ...]:
    return bounded(tuple(map(int, text.split("."))), whole)


@lru_cache(maxsize=1024)  # a repository says few versions, many times
def _read_semver(text: str) -> Version:
    found = _SEMVER.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise VersionError(f"{shorten(text)} is no SemVer version", help="write three numbers, and perhaps a pre-release: 1.2.0 or 1.2.0-rc.1")
    pre = None if found["pre"] is None else _read_pre(found["pre"])
    return Version(release=_release(found["release"], text), pre=pre, build=found["build"] or "", text=text)


def _read_pre(text: str) -> Pre:
    found = _KNOWN_PRE.fullmatch(text)
    kind = _KIND.get(found["word"].lower()) if found else None
    return Pre(None, only=text) if found is None or kind is None else Pre(kind, int(found["number"] or 0))


def _read_tuple(text: str) -> Version:
    from lockstep.versions import version_tuple  # noqa: PLC0415 - likewise

    found = version_tuple.elements(text) if len(text) <= LONGEST else None
    if found is None:
        raise VersionError(f"{shorten(text)} is no tuple of numbers", help="write it as (1, 2, 0)")
    return Version(release=bounded(found.numbers, text), pre=read_pre(found.pre), text=text)


def read_pre(text: str) -> Pre | None:
    """Read a pre-release that stands alone, whatever separates it from the numbers; None for the empty text."""
    bare = text.lstrip("-._")
    return _read_pre(bare) if bare else None


@lru_cache(maxsize=1024)
def _read_pep440(text: str) -> Version:
    found = _parse_pep440(text)
    if found is not None:
        return found
    if is_semver(text):
        raise VersionError(f"{shorten(text)} is a SemVer version that PEP 440 cannot spell", help=_BOTH)
    raise VersionError(f"{shorten(text)} is no PEP 440 version", help="write numbers, and perhaps a pre-release: 1.2.0 or 1.2.0rc1")


def _parse_pep440(text: str) -> Version | None:
    """Read a PEP 440 version, None when the text is none."""
    if len(text) > LONGEST or not text.isascii() or text != text.strip():
        return None
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)*", text):
        return Version(release=_release(text, text), text=text)

    from packaging.version import InvalidVersion  # noqa: PLC0415 - only unusual versions pay for the library
    from packaging.version import Version as Pep440  # noqa: PLC0415

    try:
        parsed = Pep440(text)
    except InvalidVersion:
        return None
    if parsed.epoch:
        raise VersionError(
            f"{shorten(text)} has an epoch, which SemVer cannot spell and lockstep does not move",
            help="keep the epoch, for without it pip takes every later release for an older one; `exclude` in the configuration leaves the file to you",
        )
    bounded((*parsed.release, *(number for number in (parsed.pre and parsed.pre[1], parsed.post, parsed.dev) if number)), text)
    pre, dev = (Pre(_KIND[parsed.pre[0]], parsed.pre[1]), parsed.dev) if parsed.pre else (None, parsed.dev)
    if pre is None and parsed.post is None and dev is not None:
        pre, dev = Pre(PreKind.DEV, dev), None
    return Version(release=parsed.release, pre=pre, post=parsed.post, dev=dev, build=parsed.local or "", text=text)


def read_any(text: str) -> Version:
    """Read a version that a person typed or a file mentions, SemVer first, PEP 440 second.

    Raises: VersionError when it is neither.
    """
    if is_semver(text):
        return _read_semver(text)
    found = _parse_pep440(text)
    if found is None:
        raise VersionError(f"{shorten(text)} is no version", help="write it as 1.2.0, 1.2.0-rc.1 (SemVer) or 1.2.0rc1 (PEP 440)")
    return found
