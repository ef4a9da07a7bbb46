"""How a requirement reads after its package has moved to another version.

Operators, spacing and precision are kept; only the numbers move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import dataclass, replace
from lockstep.errors import VersionError
from lockstep.versions.requirement import Alternative, Comparator, admits, alternatives_of, holds, is_link, next_numbers, satisfies
from lockstep.versions.version import Spelling, Version, is_semver, shorten


def updated(requirement: str, spelling: Spelling, old: Version, new: Version) -> str:
    """Write a requirement on a package that goes from `old` to `new`.

    It moves when the new version would fall outside it, when it is an exact pin of the old version, or when it was written
    as the old version (in full, or as its major.minor, unless it is a range with an upper bound that still holds).

    Raises: VersionError when the text is no requirement, or when it cannot be moved.
    """
    alternatives = alternatives_of(requirement, spelling)
    if is_link(requirement, spelling):
        return requirement
    update = _Update(spelling=spelling, old=old, new=new if spelling is Spelling.PEP440_SPECIFIERS else _as_sibling_spells(alternatives, old, new))
    text = requirement
    for one, operand in sorted(update.moves(alternatives), key=lambda move: move[0].start, reverse=True):
        text = text[: one.start] + operand + text[one.end :]
    if not satisfies(text, spelling, update.new):
        raise VersionError(f"{shorten(requirement)} excludes {new} and cannot be moved there", help="rewrite the requirement by hand")
    return text


def _as_sibling_spells(alternatives: list[Alternative], old: Version, new: Version) -> Version:
    """Give the new version as the sibling will spell it: in the manner of its old one, else of the requirement, else as it was typed.

    SemVer tells `rc.1` from `rc1`, so a requirement must say exactly what the sibling does; it never says build metadata.
    """
    like = old.text if is_semver(old.text) else next((one.operand for found in alternatives for one in found if one.pre), "")
    return Version.read(new.spell(Spelling.SEMVER, like.lstrip("vV")).partition("+")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    """What a package's way from `old` to `new` does to a requirement on it."""

    spelling: Spelling
    old: Version
    new: Version

    @property
    def world(self) -> Spelling:
        """How the requirement spells versions."""
        return Spelling.PEP440 if self.spelling is Spelling.PEP440_SPECIFIERS else Spelling.SEMVER

    def moves(self, alternatives: list[Alternative]) -> Iterator[tuple[Comparator, str]]:
        """Give the comparators that move with their new operands.

        Where every alternative excludes the new version, the last that allows the old one must move.
        """
        must: Alternative | None = None
        if not any(admits(found, self.spelling, self.new) for found in alternatives):
            must = next((found for found in reversed(alternatives) if admits(found, self.spelling, self.old)), alternatives[-1])
        for found in alternatives:
            range_holds = found is not must and any(one.op in ("<", "<=") for one in found)
            for one in found:
                operand = self._bound(one, must=found is must) if one.op == "<" else self._pin(one, must=found is must, range_holds=range_holds)
                if operand is not None:
                    yield one, operand

    def _pin(self, one: Comparator, *, must: bool, range_holds: bool) -> str | None:
        """Give the operand of anything but an exclusive bound, None when it stays."""
        if one.op in ("!=", ">"):
            return None
        excludes = must and not admits([one], self.spelling, self.new)
        return self._written(one) if excludes or self._is_old(one, range_holds=range_holds) else None

    def _is_old(self, one: Comparator, *, range_holds: bool) -> bool:
        """Say whether it was written as the old version: in full, or as its major.minor."""
        if one.parts < 2:
            return False
        if one.wild or _is_short(one):
            return one.numbers == (self.old.major, self.old.minor) and not range_holds
        return Version.read(one.operand, self.world) == self.old

    def _written(self, one: Comparator) -> str:
        """Write the new version as precisely as the operand was, or in full where less would exclude it, as it does a pre-release."""
        if "!" in one.operand:
            raise VersionError(f"{shorten(one.operand)} has an epoch, which lockstep does not move", help="rewrite the requirement by hand")
        short = one.wild or _is_short(one)
        if short and one.parts:
            numbers = (*self.new.release, 0, 0)[: one.parts]
            brief = _renumbered(one.operand, numbers)
            if admits([replace(one, operand=brief, numbers=numbers)], self.spelling, self.new):
                return brief
        if self.world is not Spelling.PEP440:
            return self.new.text
        text = self.new.spell(self.world, "" if short else one.operand)
        return text if "+" in one.operand and one.op in ("==", "===") else text.partition("+")[0]

    def _bound(self, one: Comparator, *, must: bool) -> str | None:
        """Move an exclusive upper bound: what was the next major, minor or patch after the old version is so after the new one."""
        wanted, old, new = ((*numbers, 0, 0)[:3] for numbers in (one.numbers, self.old.release, self.new.release))
        place = next((place for place in (1, 2, 3) if wanted == next_numbers(old, place)), None)
        if place is None and must and not holds(one, self.spelling, self.new):
            place = 2 if any(wanted[1:]) else 1
        if place is None or not one.parts:
            return None
        return _renumbered(one.operand, (*next_numbers(new, place), *one.numbers[3:])[: one.parts])


def _is_short(one: Comparator) -> bool:
    """Say whether it has fewer numbers than a version, and nothing after them."""
    return one.parts < 3 and re.fullmatch(r"v?[0-9.]*|[*xX]", one.operand, re.IGNORECASE) is not None


def _renumbered(operand: str, numbers: tuple[int, ...]) -> str:
    return re.sub(r"[0-9]+(?:\.[0-9]+)*", ".".join(map(str, numbers)), operand, count=1)
