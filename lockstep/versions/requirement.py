"""Requirements: the comparators of which they are made, and whether a version satisfies them.

Each world decides for itself what a requirement means: Cargo as the `semver` crate does, npm as its `semver` package does,
Python as PEP 440 and Poetry do.

Sources: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html and https://github.com/dtolnay/semver (src/parse.rs,
src/eval.rs); https://github.com/npm/node-semver#ranges (classes/range.js);
https://packaging.python.org/en/latest/specifications/version-specifiers/;
https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.versions.version import LARGEST, Identifiers, Spelling, Version, identifiers, is_semver, shorten

LONGEST = 4000
"""Characters of the longest requirement; Cargo reads 32 comparators at most."""

Order: TypeAlias = tuple[tuple[int, ...], tuple[int, Identifiers]]
"""SemVer's precedence: three numbers, then (0, identifiers) for a pre-release and (1, ()) for the release after it."""

_RELEASE: tuple[int, Identifiers] = (1, ())
_LOWEST: tuple[int, Identifiers] = (0, identifiers("0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """One operator and its operand: `start` and `end` are the operand's span in the whole text.

    `op` is the operator, or what its absence means; `numbers` are as many as are written, none for a lone `*`; `pre` is SemVer's
    pre-release; `wild` says that wildcards stand in the place of more numbers.
    """

    op: str
    operand: str
    start: int
    end: int
    numbers: tuple[int, ...]
    pre: str = ""
    wild: bool = False

    @property
    def parts(self) -> int:
        """How many numbers are written."""
        return len(self.numbers)


Alternative: TypeAlias = list[Comparator]
"""Comparators that must all hold."""


def satisfies(requirement: str, spelling: Spelling, version: Version) -> bool:
    """Say whether a version satisfies a requirement.

    Raises: VersionError when the text is no requirement of that spelling, or the version cannot be spelled in its world.
    """
    alternatives = alternatives_of(requirement, spelling)
    if spelling is Spelling.NPM_RANGE and any(not any(map(_npm_bounds, found)) for found in alternatives):
        alternatives = [[]]  # a range that allows anything allows no pre-release, whatever stands beside it
    return is_link(requirement, spelling) or any(admits(found, spelling, version) for found in alternatives)


def alternatives_of(requirement: str, spelling: Spelling) -> list[Alternative]:
    """Read a requirement as the alternatives of which one must hold.

    Raises: VersionError when the text is no requirement of that spelling.
    """
    if len(requirement) > LONGEST:
        raise VersionError(f"{shorten(requirement)} is no version requirement", help=f"it has more than {LONGEST} characters")
    match spelling:
        case Spelling.NPM_RANGE if is_link(requirement, spelling):
            return [[]]
        case Spelling.NPM_RANGE:
            start = len(_WORKSPACE) if requirement.startswith(_WORKSPACE) else 0
            return [npm_comparators(requirement, *piece) for piece in _pieces(requirement, start, r"\|\|")]
        case Spelling.PEP440_SPECIFIERS:
            return [pep440_specifiers(requirement, *piece) for piece in _pieces(requirement, 0, r"\|\|?")]
        case _:
            return [comparators(requirement)]


def _pieces(text: str, start: int, separator: str) -> Iterator[tuple[int, int]]:
    for found in re.compile(separator).finditer(text, start):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def admits(found: Alternative, spelling: Spelling, version: Version) -> bool:
    """All comparators hold; a pre-release also needs one that names a pre-release of the same numbers, but in Python."""
    if not all(holds(one, spelling, version) for one in found):
        return False
    if version.pre is None or spelling is Spelling.PEP440_SPECIFIERS:
        return True
    return any(one.pre and one.numbers == semver_order(version)[0] for one in found)


def holds(one: Comparator, spelling: Spelling, version: Version) -> bool:
    """Say whether a version satisfies one comparator."""
    if spelling is Spelling.PEP440_SPECIFIERS:
        return _pep440_holds(one, version)
    order = semver_order(version, one.operand)
    return all(_TESTS[op](order, bound) for op, bound in _npm_bounds(one)) if spelling is Spelling.NPM_RANGE else _cargo_holds(one, order)


def semver_order(version: Version, like: str = "") -> Order:
    """Give SemVer's precedence of a version; one that was not read from SemVer is spelled like `like` first."""
    text = version.text if is_semver(version.text) else version.spell(Spelling.SEMVER, like)
    pre = text.partition("+")[0].partition("-")[2]
    return (version.major, version.minor, version.patch), (0, identifiers(pre)) if pre else _RELEASE


# ---- Cargo

_NUMBER = r"(?:0|[1-9][0-9]*)"
_IDENTIFIERS = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*)(?:\.(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*))*"
_BUILD = r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_COMPARATOR = pattern(
    rf"(?P<op>[<>]=?|[=~^])?[ ]*"
    rf"(?P<operand>(?P<numbers>{_NUMBER}(?:\.{_NUMBER}){{0,2}})(?P<wild>(?:\.[*xX]){{0,2}})(?:-(?P<pre>{_IDENTIFIERS}))?(?:{_BUILD})?)[ ]*"
)
_ANYTHING = pattern(r"[ ]*(?P<operand>[*xX])[ ]*")


def comparators(requirement: str) -> list[Comparator]:
    """Read Cargo's comparators.

    Raises: VersionError when the text is not made of them.
    """
    if alone := _ANYTHING.fullmatch(requirement):
        return [_comparator(alone, "*", ())]
    found: list[Comparator] = []
    i = _skip(requirement, 0, len(requirement), " ")
    while len(found) < 32 and (match := _COMPARATOR.match(requirement, i)):
        numbers, wild = _numbers(match["numbers"], requirement, LARGEST), match["wild"]
        if len(numbers) + wild.count(".") > 3 or (len(numbers) < 3 and match["operand"] != match["numbers"] + wild):
            break
        found.append(_comparator(match, match["op"] or ("=" if wild else "^"), numbers, pre=match["pre"] or "", wild=bool(wild)))
        i = match.end()
        if i == len(requirement):
            return found
        if requirement[i] != ",":
            break
        i = _skip(requirement, i + 1, len(requirement), " ")
    raise VersionError(f"{shorten(requirement)} is no version requirement", help="write it as Cargo does: 1.2, =1.2.3, or >=1.2, <1.5")


def _comparator(match: re.Match[str], op: str, numbers: tuple[int, ...], *, pre: str = "", wild: bool = False) -> Comparator:
    start, end = match.span("operand")
    return Comparator(op=op, operand=match["operand"], start=start, end=end, numbers=numbers, pre=pre, wild=wild)


def _numbers(text: str, requirement: str, largest: int) -> tuple[int, ...]:
    words = text.split(".") if text else []
    if any(len(word) > 20 or int(word) > largest for word in words):
        raise VersionError(f"{shorten(requirement)} has a number above {largest}", help="check the requirement's numbers")
    return tuple(map(int, words))


def _cargo_holds(one: Comparator, order: Order) -> bool:
    """Decide one comparator as the semver crate does: what is not written is not compared."""
    numbers, pre = order
    wanted, wanted_pre = one.numbers, (0, identifiers(one.pre)) if one.pre else _RELEASE
    have, full = numbers[: one.parts], one.parts == 3
    same = have == wanted
    above = have > wanted or (same and full and pre > wanted_pre)
    below = have < wanted or (same and full and pre < wanted_pre)
    exact = same and pre == wanted_pre
    match one.op:
        case "*":
            return True
        case "=":
            return exact
        case ">":
            return above
        case ">=":
            return exact or above
        case "<":
            return below
        case "<=":
            return exact or below
        case "~":
            return have[:2] == wanted[:2] and (above or (same and pre >= wanted_pre))
        case _:
            fixed = _fixed(wanted)
            return have[:fixed] == wanted[:fixed] and (above or (same and (not full or pre >= wanted_pre)))


def _fixed(numbers: tuple[int, ...]) -> int:
    """Say how many of the leading numbers a caret holds fast: up to the first that is not 0."""
    return next((i for i, number in enumerate(numbers[:3], 1) if number), len(numbers[:3]))


# ---- npm

_WORKSPACE = "workspace:"
_ID = rf"(?:{_NUMBER}|[*xX])"
_RANGE = pattern(
    rf"(?P<op>[<>]=?|=|\^|~>?)?\s*=?v?(?P<operand>(?P<numbers>{_ID}(?:\.{_ID}){{0,2}})(?:-(?P<pre>{_IDENTIFIERS}))?)(?:{_BUILD})*(?:\s+|$)",
    re.ASCII,
)
_HYPHEN = pattern(r"\s-\s", re.ASCII)
_BLANKS = " \t\r\n\f\v"
_LARGEST_SAFE = 2**53 - 2
"""npm reads numbers as JavaScript does, and needs the next one for an upper bound."""


def is_link(requirement: str, spelling: Spelling) -> bool:
    """Say whether it is pnpm's and Yarn's `workspace:*`, which takes the sibling as it is."""
    return spelling is Spelling.NPM_RANGE and requirement in ("workspace:", "workspace:*", "workspace:^", "workspace:~")


def npm_comparators(requirement: str, start: int = 0, end: int | None = None) -> list[Comparator]:
    """Read the comparators of one alternative of an npm range, a span of the text.

    Raises: VersionError when the text is not made of them.
    """
    end = len(requirement) if end is None else end
    dash = _HYPHEN.search(requirement, start, end)
    if dash is None:
        return list(_npm_comparators(requirement, start, end, ordered=True))
    found = [
        *_npm_comparators(requirement, start, dash.start(), ordered=False),
        *_npm_comparators(requirement, dash.end(), end, ordered=False),
    ]
    if [one.op for one in found] != ["=", "="]:
        raise _no_range(requirement)
    return [replace(found[0], op=">="), replace(found[1], op="<=")]


def _npm_comparators(requirement: str, start: int, end: int, *, ordered: bool) -> Iterator[Comparator]:
    at = _skip(requirement, start, end, _BLANKS)
    while at < end:
        match = _RANGE.match(requirement, at, end)
        if match is None:
            raise _no_range(requirement)
        words = match["numbers"].split(".")
        known = next((i for i, word in enumerate(words) if not word.isdecimal()), len(words))
        op = "~" if match["op"] == "~>" else match["op"] or "="
        # what follows a wildcard means nothing, and only some operators let it stand there
        if (match["pre"] and len(words) < 3) or (ordered and op not in "^~" and any(word.isdecimal() for word in words[known:])):
            raise _no_range(requirement)
        numbers = _numbers(".".join(words[:known]), requirement, _LARGEST_SAFE)
        yield _comparator(match, op, numbers, pre=match["pre"] or "" if known == 3 else "", wild=known < len(words))
        at = match.end()


def _no_range(requirement: str) -> VersionError:
    return VersionError(f"{shorten(requirement)} is no npm range", help="write it as npm does: ^1.2.0, ~1.2.0, 1.x, or >=1.2.0 <2.0.0")


def _skip(text: str, start: int, end: int, blanks: str) -> int:
    return end - len(text[start:end].lstrip(blanks))


def _npm_bounds(one: Comparator) -> list[tuple[str, Order]]:
    """Give what npm makes of a comparator: bounds on whole versions, none where it allows anything."""
    low: Order = ((*one.numbers, 0, 0, 0)[:3], (0, identifiers(one.pre)) if one.pre else _RELEASE)
    full = one.parts == 3
    bounds: list[tuple[str, Order]] = []
    match one.op:
        case "<" | ">" if not one.parts:
            bounds = [("<", ((0, 0, 0), _LOWEST))]
        case _ if not one.parts:
            pass
        case "^" | "~" | "=" if not (full and one.op == "="):
            place = {"^": _fixed(one.numbers), "~": min(one.parts, 2), "=": one.parts}[one.op]
            bounds = [(">=", low), ("<", (next_numbers(low[0], place), _LOWEST))]
        case "<" if not full:
            bounds = [("<", (low[0], _LOWEST))]
        case ">" if not full:
            bounds = [(">=", (next_numbers(low[0], one.parts), _RELEASE))]
        case "<=" if not full:
            bounds = [("<", (next_numbers(low[0], one.parts), _LOWEST))]
        case op:
            bounds = [(op, low)]
    return [bound for bound in bounds if bound != (">=", ((0, 0, 0), _RELEASE))]


def next_numbers(numbers: tuple[int, ...], place: int) -> tuple[int, ...]:
    """Give the next numbers in a place, counted from 1, with zeros after it."""
    return (*numbers[: place - 1], numbers[place - 1] + 1, *(0,) * (len(numbers) - place))


_TESTS: dict[str, Callable[[Order, Order], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


# ---- Python

_SPECIFIER = pattern(r"(?P<op>===?|~=|!=|<>|<=|>=|[<>=^~])?\s*(?P<operand>[^\s,|]+)(?:[\s,]+|$)", re.ASCII)
_LEADING = pattern(r"v?([0-9]+(?:\.[0-9]+)*)", re.ASCII | re.IGNORECASE)
_NUMBERS = pattern(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)
_COMPARED = {"==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
"""What PEP 440 says of versions that are numbers alone: they are compared part by part, and zeros at the end say nothing."""
_POETRY = {None: "==", "=": "==", "<>": "!="}


def pep440_specifiers(requirement: str, start: int = 0, end: int | None = None) -> list[Comparator]:
    """Read PEP 440 specifiers, and Poetry's `^1.2`, `~1.2`, `1.*`, bare `1.2` and `*`; none where anything is allowed.

    Raises: VersionError when the text is not made of them.
    """
    end = len(requirement) if end is None else end
    found: list[Comparator] = []
    at = _skip(requirement, start, end, _BLANKS + ",")
    while at < end:
        match = _SPECIFIER.match(requirement, at, end)
        op = match and _POETRY.get(match["op"], match["op"])
        if match is None or op is None or not _is_specifier(match["op"], op, match["operand"]):
            raise VersionError(f"{shorten(requirement)} is no version specifier", help="write it as PEP 440 does: ==1.2.3 or >=1.2,<2")
        leading = _LEADING.match(match["operand"])
        numbers = tuple(map(int, leading[1].split("."))) if leading else ()
        found.append(_comparator(match, "*" if match["operand"] == "*" and op != "===" else op, numbers, wild=match["operand"].endswith(".*")))
        at = match.end()
    return found


def _is_specifier(written: str | None, op: str, operand: str) -> bool:
    """Let packaging decide; a caret and a tilde want a version, and a lone star stands without an operator."""
    if operand == "*" and op != "===":
        return written is None
    if op in _COMPARED and _NUMBERS.fullmatch(operand):
        return True
    from packaging.specifiers import InvalidSpecifier, Specifier  # noqa: PLC0415 - only unusual specifiers pay for it

    poetry = op in ("^", "~")
    try:
        Specifier(f"{'==' if poetry else op}{operand}")
    except InvalidSpecifier:
        return False
    return not (poetry and operand.endswith(".*"))


def _padded(*texts: str) -> Iterator[tuple[int, ...]]:
    """Give dotted numbers as equally many."""
    parts = [tuple(map(int, text.split("."))) for text in texts]
    longest = max(map(len, parts))
    return ((*one, *(0,) * (longest - len(one))) for one in parts)


def _pep440_holds(one: Comparator, version: Version) -> bool:
    match one.op:
        case "*":
            return True
        case "^" | "~":
            # https://python-poetry.org/docs/dependency-specification/#version-constraints
            fixed = _fixed(one.numbers) if one.op == "^" else min(one.parts, 2)
            numbers, wanted = (*version.release, 0, 0)[:3], (*one.numbers, 0, 0)[:3]
            return numbers[:fixed] == wanted[:fixed] and version >= Version.read(one.operand, Spelling.PEP440)
        case op:
            text = version.spell(Spelling.PEP440)
            if op in _COMPARED and _NUMBERS.fullmatch(one.operand) and _NUMBERS.fullmatch(text):
                return bool(_COMPARED[op](*_padded(text, one.operand)))
            from packaging.specifiers import Specifier  # noqa: PLC0415 - only unusual specifiers pay for it

            return Specifier(f"{op}{one.operand}").contains(text, prereleases=True)
