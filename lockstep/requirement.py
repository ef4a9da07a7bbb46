"""Requirements on a sibling: does a version satisfy one, and how does one read after a bump?

Cargo's and npm's operators are the same where siblings use them (`^ ~ = > < >= <= *`, partial versions); PEP 440 has its own.
Operators, spacing and precision are kept; only the numbers move.

Sources: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html and the semver crate it names;
https://packaging.python.org/en/latest/specifications/version-specifiers/; https://github.com/npm/node-semver#ranges;
https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lockstep.errors import VersionError
from lockstep.version import Spelling, Version

_COMPARATOR = re.compile(
    r"\s*(?P<op>>=|<=|=|>|<|\^|~)?\s*(?P<version>v?(?P<numbers>[0-9]+(?:\.[0-9]+){0,2})(?P<wild>(?:\.[*xX]){0,2})(?P<pre>-[0-9A-Za-z.-]+)?(?P<build>\+[0-9A-Za-z.-]+)?|[*xX](?:\.[*xX]){0,2})\s*",
    re.ASCII,
)
_SPECIFIER = re.compile(r"\s*(?P<op>===|==|~=|!=|<=|>=|<|>|\^|~)?\s*(?P<version>v?[0-9](?:[0-9A-Za-z+!_-]|\.(?!\*))*(?P<wild>\.\*)?|\*)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Comparator:
    """One operator and its operand: `start` and `end` are the operand's span in the whole text."""

    op: str
    operand: str
    start: int
    end: int
    parts: int
    wild: bool


def satisfies(requirement: str, spelling: Spelling, version: Version) -> bool:
    """Say whether a version satisfies a requirement.

    Raises: VersionError when the text is no requirement of that spelling.
    """
    if spelling is Spelling.PEP440_SPECIFIERS:
        return _pep440_satisfies(requirement, version)
    if spelling is Spelling.NPM_RANGE:
        return any(_all(part, version) for part in _npm(requirement).split("||"))
    return _all(requirement, version)


def respell(requirement: str, spelling: Spelling, old: Version, new: Version) -> str:
    """Write a requirement on a package that goes from `old` to `new`.

    It moves when the new version would fall outside it, when it is an exact pin of the old version, or when it was written
    as the old version (in full, or as its major.minor); else it stays as it is.

    Raises: VersionError when the text is no requirement, or when it cannot be moved.
    """
    if spelling is Spelling.NPM_RANGE:
        return _respell_npm(requirement, old, new)
    world = Spelling.PEP440 if spelling is Spelling.PEP440_SPECIFIERS else Spelling.SEMVER
    text = requirement
    outside = not satisfies(requirement, spelling, new)
    read = pep440_specifiers if spelling is Spelling.PEP440_SPECIFIERS else comparators
    for one in reversed(read(requirement)):
        if (moved := _move(one, old, new, world, outside=outside)) is not None:
            text = text[: one.start] + moved + text[one.end :]
    if not satisfies(text, spelling, new):
        raise VersionError(f"{requirement!r} excludes {new} and cannot be moved there", help="rewrite the requirement by hand")
    return text


def _move(one: Comparator, old: Version, new: Version, world: Spelling, *, outside: bool) -> str | None:
    """Give the operand after the bump, None when it stays."""
    if not one.parts:
        return None
    operand = _operand(one, world)
    written_as_old = operand == old or (one.parts == 2 and operand.pre is None and operand.release == (old.major, old.minor))
    if one.op in ("<", "<=", "!=", ">"):
        bound_holds = not outside or _holds(one, world, new)
        written_as_next = one.op == "<" and not one.wild and operand.pre is None and operand in _next(old)
        if one.op == "!=" or (bound_holds and not written_as_next and not (one.op == "<=" and operand == old)):
            return None
        if one.op == "<=":
            return _like(new, one, world)
        return None if one.op == ">" else _upper(operand, one, old, new)
    if written_as_old or (outside and not _holds(one, world, new)):
        return _like(new, one, world)
    return None


def _operand(one: Comparator, world: Spelling) -> Version:
    numbers = one.operand.removesuffix(".*")
    if world is Spelling.SEMVER and one.parts < 3:
        return Version(release=tuple(int(part) for part in re.sub(r"(\.[*xX])+$", "", one.operand).lstrip("v").split(".")))
    return Version.read(numbers, world)


def _like(new: Version, one: Comparator, world: Spelling) -> str:
    """Write the new version as precisely as the operand was; a pre-release is always written in full."""
    tail = "".join(re.findall(r"(?:\.[*xX])+$", one.operand))
    if new.pre is not None:
        return new.spell(world, "" if one.parts < 3 else one.operand)
    if one.parts < 3 or tail:
        numbers = (new.major, new.minor, new.patch)[: one.parts]
        lead = "v" if one.operand.startswith("v") else ""
        return lead + ".".join(map(str, numbers)) + tail
    return new.spell(world, one.operand).partition("+")[0]


def _next(version: Version) -> tuple[Version, Version]:
    """Give the next minor and the next major, which an upper bound is usually written as."""
    return (Version(release=(version.major, version.minor + 1, 0)), Version(release=(version.major + 1, 0, 0)))


def _upper(operand: Version, one: Comparator, old: Version, new: Version) -> str:
    """Move an exclusive upper bound: the next minor stays the next minor, the next major stays the next major."""
    next_minor = (operand.major, operand.minor) == (old.major, old.minor + 1) and operand.patch == 0
    numbers = (new.major, new.minor + 1, 0) if next_minor or (one.parts == 3 and operand.patch) else (new.major + 1, 0, 0)
    if new.major == 0 and old.major == 0 and not next_minor:
        numbers = (0, new.minor + 1, 0) if operand.major == 0 else (operand.major, operand.minor, operand.patch)
    return ".".join(map(str, numbers[: max(one.parts, 2 if numbers[1] else 1)]))


def _holds(one: Comparator, world: Spelling, version: Version) -> bool:
    text = f"{one.op}{one.operand}"
    if world is Spelling.PEP440:
        return _pep440_satisfies(text, version)
    return _matches(one, version)


def comparators(requirement: str) -> list[Comparator]:
    """Read Cargo's comparators, separated by commas (npm separates them by blanks).

    Raises: VersionError when the text is not made of them.
    """
    found, i = [], 0
    text = requirement
    while True:
        match = _COMPARATOR.match(text, i)
        if match is None or (match.end() < len(text) and text[match.end()] not in ", " and match.end() == i):
            raise VersionError(f"{requirement!r} is no version requirement", help="write it as Cargo does: 1.2, =1.2.3, >=1.2, <1.5")
        numbers = match["numbers"]
        found.append(
            Comparator(
                match["op"] or "^" if numbers else "*",
                match["version"],
                match.start("version"),
                match.end("version"),
                len(numbers.split(".")) if numbers else 0,
                bool(match["wild"]),
            )
        )
        i = match.end()
        if i == len(text):
            return found
        if text[i] != ",":
            raise VersionError(f"{requirement!r} is no version requirement", help="separate comparators by commas: >=1.2, <1.5")
        i += 1
        if not text[i:].strip():
            return found


def _all(requirement: str, version: Version) -> bool:
    """All comparators hold; a pre-release satisfies only a requirement that names a pre-release of the same numbers."""
    found = comparators(requirement)
    if not all(_matches(one, version) for one in found):
        return False
    if version.pre is None:
        return True
    core = (version.major, version.minor, version.patch)
    return any("-" in one.operand and one.parts == 3 and _core(one) == core for one in found)


def _core(one: Comparator) -> tuple[int, int, int]:
    operand = Version.read(one.operand.lstrip("v").partition("+")[0], Spelling.SEMVER)
    return (operand.major, operand.minor, operand.patch)


def _matches(one: Comparator, version: Version) -> bool:
    """Decide one comparator as the semver crate does (src/eval.rs)."""
    if not one.parts:
        return True
    numbers = (version.major, version.minor, version.patch)
    if one.parts < 3:
        wanted = tuple(int(part) for part in re.sub(r"(\.[*xX])+$", "", one.operand).lstrip("v").split("."))
        floor = (*wanted, 0, 0)[:3]
        same = numbers[: len(wanted)] == wanted
        after = numbers[: len(wanted)] > wanted
        caret = same if wanted[0] or len(wanted) == 1 else numbers[:2] == floor[:2]
        if one.op == "^" and not one.wild and wanted[0] and len(wanted) == 2:
            caret = numbers[0] == wanted[0] and numbers[1] >= wanted[1]
        results = {"=": same, "~": same, "^": same if one.wild else caret, ">": after, ">=": same or after, "<": not (same or after), "<=": same or not after}
        return results[one.op]
    operand = Version.read(one.operand.lstrip("v").partition("+")[0], Spelling.SEMVER)
    core = (operand.major, operand.minor, operand.patch)
    match one.op:
        case "=":
            return semver_order(version) == semver_order(operand)
        case ">":
            return semver_order(version) > semver_order(operand)
        case ">=":
            return semver_order(version) >= semver_order(operand)
        case "<":
            return semver_order(version) < semver_order(operand)
        case "<=":
            return semver_order(version) <= semver_order(operand)
        case "~":
            return numbers[:2] == core[:2] and semver_order(version) >= semver_order(operand)
        case _:
            fixed = 1 if core[0] else 2 if core[1] else 3
            return numbers[:fixed] == core[:fixed] and semver_order(version) >= semver_order(operand)


def semver_order(version: Version) -> tuple[object, ...]:
    """Give SemVer's precedence: identifiers by number or by letter, a release after its pre-releases."""
    text = version.spell(Spelling.SEMVER, version.text).lstrip("v").partition("+")[0]
    pre = text.partition("-")[2]
    identifiers = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in pre.split(".")) if pre else ()
    return (version.major, version.minor, version.patch, not pre, identifiers)


def _npm(requirement: str) -> str:
    """Give an npm range with commas between comparators."""
    alternatives = []
    for part in requirement.removeprefix("workspace:").split("||"):
        tight = re.sub(r"([<>=^~])\s+", r"\1", part.strip())
        alternatives.append(", ".join(re.sub(r"(^|, )v?([0-9])", r"\1=\2" if _exact(tight) else r"\1\2", word) for word in tight.split()) or "*")
    return "||".join(alternatives)


def _exact(part: str) -> bool:
    return re.fullmatch(r"v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?", part) is not None


def _respell_npm(requirement: str, old: Version, new: Version) -> str:
    found = re.fullmatch(r"(?P<head>(?:workspace:)?\s*)(?P<op>\^|~|=|>=)?(?P<gap>\s*)(?P<operand>v?[0-9][0-9A-Za-z.+-]*)", requirement)
    if found is None:
        if satisfies(requirement, Spelling.NPM_RANGE, new):
            return requirement
        raise VersionError(f"{requirement!r} excludes {new} and cannot be moved there", help="rewrite the range by hand")
    one = respell((found["op"] or "=") + found["operand"], Spelling.CARGO_REQUIREMENT, old, new)
    return found["head"] + (found["op"] or "") + found["gap"] + one.lstrip("^~=>")


def pep440_specifiers(requirement: str) -> list[Comparator]:
    """Read PEP 440 specifiers, and Poetry's `^1.2`, `~1.2` and bare `1.2`.

    Raises: VersionError when the text is not made of them.
    """
    found, i = [], 0
    while True:
        match = _SPECIFIER.match(requirement, i)
        if match is None:
            raise VersionError(f"{requirement!r} is no version specifier", help="write it as PEP 440 does: ==1.2.3 or >=1.2,<2")
        operand = match["version"]
        parts = 0 if operand == "*" else len(re.match(r"v?([0-9]+(?:\.[0-9]+)*)", operand)[1].split("."))  # type: ignore[index]  # the pattern above begins alike
        found.append(Comparator(match["op"] or ("==" if parts else "*"), operand, match.start("version"), match.end("version"), parts, bool(match["wild"])))
        i = match.end()
        if i == len(requirement):
            return found
        if requirement[i] != ",":
            raise VersionError(f"{requirement!r} is no version specifier", help="separate specifiers by commas: >=1.2,<2")
        i += 1


def _pep440_satisfies(requirement: str, version: Version) -> bool:
    from packaging.specifiers import InvalidSpecifier, Specifier  # noqa: PLC0415 - only requirements between Python siblings pay for it

    text = version.spell(Spelling.PEP440)
    for one in pep440_specifiers(requirement):
        if not one.parts:
            continue
        if one.op in ("^", "~"):
            cargo = Comparator(one.op, one.operand, 0, 0, min(one.parts, 3), wild=False)
            operand = Version.read(one.operand, Spelling.PEP440)
            fixed = one.parts - 1 if one.op == "~" and one.parts > 1 else 1 if operand.major or one.parts == 1 else 2 if operand.minor or one.parts == 2 else 3
            fixed = min(fixed, 2) if cargo.op == "~" else fixed
            numbers, core = (version.major, version.minor, version.patch), (operand.major, operand.minor, operand.patch)
            if numbers[:fixed] != core[:fixed] or version < operand:
                return False
            continue
        try:
            if not Specifier(f"{one.op}{one.operand}").contains(text, prereleases=True):
                return False
        except InvalidSpecifier:
            raise VersionError(f"{requirement!r} is no version specifier", help="write it as PEP 440 does: ==1.2.3 or >=1.2,<2") from None
    return True
