"""A long review on one screen: the packages as a table, each kind of change with its first example, and how many there are of everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.model import Finding, Level, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.reports.escape import printable
from lockstep.reports.sentences import by_importance, compared_refs, is_addition
from lockstep.reports.style import Painter, Style
from lockstep.versions.version import Version
from lockstep.wording import counted, first_few

if TYPE_CHECKING:
    from lockstep.review.review import Review, Row
    from lockstep.surface import Blind

SCREEN = 48
"""Lines: a longer review is told in brief."""
MOST_PACKAGES = 10
"""Packages that have a line of their own in the table; those with the most breaks come first."""
MOST_KINDS = 8
"""Kinds of change that are shown with an example."""
MOST_REASONS = 6
"""Reasons why something could not be analysed."""
MOST_NAMED = 3
"""Names, packages and places that are named one by one."""
LONGEST = 150
"""Characters of a message or a line of code; `-v` shows all of it."""
_LANGUAGE = {"cargo": "rust"}
_STYLE = {Level.ERROR: Style.ERROR, Level.WARNING: Style.WARNING, Level.NOTE: Style.NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What changed in the surfaces of one package. `unseen` could not be analysed, and may hide a change."""

    name: str
    breaking: int
    additions: int
    other: int
    unseen: int


def review_brief(review: Review, paint: Painter) -> Iterator[str]:
    """Give what was compared, the packages, the kinds of change, what was added, what could not be analysed, and how to see all of it."""
    yield paint(Style.STRONG, printable(f"comparing {compared_refs(review)}"))
    yield ""
    yield from (printable(line) for line in _table(review))
    changes, added = _split(review)
    yield ""
    refusing = {id(one) for one in review.faults}
    kinds = sorted(_kinds(changes), key=lambda same: id(same[0]) not in refusing)
    most = max(MOST_KINDS, sum(id(same[0]) in refusing for same in kinds))
    for kind in kinds[:most]:
        yield from _kind(kind, paint)
    if rest := kinds[most:]:
        named = ", ".join(f"{len(one)} {one[0].requires or one[0].level} {one[0].rule}" for one in rest)
        yield paint(Style.DIM, f"and {counted(sum(map(len, rest)), 'other change')}: {named}")
    if added:
        where = Counter(one.package or "" for one in added).most_common()
        names = [one.symbol or "" for one in added] if len(added) <= MOST_NAMED else [f"{number} in {name}" for name, number in where]
        yield paint(Style.NEW, counted(len(added), "addition")) + printable(f": {first_few(names, MOST_NAMED)}")
    if names := [name for row in review.rows for name in row.unnamed]:
        yield printable(f"{counted(len(names), 'name')} added or removed, without a rule for it: {first_few(names, MOST_NAMED)}")
    yield from _unseen(review, paint)
    yield ""
    yield paint(Style.DIM, "-v lists every change with its signatures; --format html > review.html writes a page of them")
    yield ""


def _split(review: Review) -> tuple[list[Finding], list[Finding]]:
    """Give the changes of something that was there, and what only adds; what is told about no surface is told by the caller."""
    loose = {id(one) for one in review.loose}
    found = [one for one in review.findings if id(one) not in loose]
    return [one for one in found if not is_addition(one)], [one for one in found if is_addition(one)]


def _table(review: Review) -> Iterator[str]:
    every = list(_counts(review))
    changed = sorted((one for one in every if one.breaking or one.other or one.additions or one.unseen), key=lambda one: (-one.breaking, -one.other))
    shown = changed[:MOST_PACKAGES]
    wide = max((len(one.name) for one in shown), default=0)
    if shown:
        yield f"{'':<{wide}}  breaking  additions  other  not analysed"
    for one in shown:
        yield f"{one.name:<{wide}}  {one.breaking or '-':>8}  {one.additions or '-':>9}  {one.other or '-':>5}  {one.unseen or '-':>12}"
    if rest := changed[MOST_PACKAGES:]:
        sums = ((sum(one.breaking for one in rest), "breaking"), (sum(one.additions for one in rest), "additions"), (sum(one.other for one in rest), "other"))
        unseen = sum(one.unseen for one in rest)
        parts = [f"{number} {word}" for number, word in (*sums, (unseen, "not analysed")) if number]
        yield f"{counted(len(rest), 'more package')}: {', '.join(parts)} ({first_few([one.name for one in rest], MOST_NAMED)})"
    if still := len(every) - len(changed):
        yield f"{counted(still, 'package')} unchanged"


def _counts(review: Review) -> Iterator[_Counts]:
    """Count what changed in each package, all of its surfaces together."""
    rows: dict[str, list[Row]] = {}
    for row in review.rows:
        language = row.surface.removesuffix("-manifest")
        rows.setdefault(f"{_LANGUAGE.get(language, language)} {row.package}", []).append(row)
    for name, surfaces in rows.items():
        found = [(row, one) for row in surfaces for one in review.findings_of(row)]
        breaking = sum(_breaks(one, row.versions[0] or review.base.version) for row, one in found)
        additions = sum(is_addition(one) for _, one in found)
        unseen = len({blind for row in surfaces for blind in row.open})
        yield _Counts(name=name, breaking=breaking, additions=additions, other=len(found) - breaking - additions, unseen=unseen)


def _breaks(one: Finding, version: Version | None) -> bool:
    """Say whether a change breaks users, by the step that it requires; below 0.1.0 every change requires the same."""
    if version is None or one.requires is None or is_addition(one):
        return False
    return one.requires is Requires.MAJOR or one.requires is requires(Impact.BREAKING, version)


def _kinds(changes: Sequence[Finding]) -> list[list[Finding]]:
    """Group changes by rule and step: what decides comes first, then the largest step, then the most frequent."""
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for one in by_importance(changes):
        kinds.setdefault((one.level, one.requires, one.rule), []).append(one)
    order = [Requires.MAJOR, Requires.MINOR, Requires.PATCH, None]
    levels = [Level.ERROR, Level.WARNING, Level.NOTE]
    return sorted(kinds.values(), key=lambda same: (levels.index(same[0].level), order.index(same[0].requires), -len(same)))


def _kind(same: Sequence[Finding], paint: Painter) -> Iterator[str]:
    """Give one kind of change: how often and where, the first of them, and the names of a few others."""
    one = same[0]
    head = paint(_STYLE[one.level], f"{one.requires or one.level} {one.rule}")
    if len(same) == 1:
        yield f"{head}  {_short(one.message)}  {paint.place(one.place)}"
    else:
        where = Counter(found.package or "" for found in same).most_common()
        yield head + printable(f"  {len(same)} in {first_few([name for name, _ in where], MOST_NAMED)}")
        yield f"  {_short(one.message)}  {paint.place(one.place)}"
        if names := list(dict.fromkeys(found.symbol for found in same[1:] if found.symbol and found.symbol != one.symbol)):
            yield paint(Style.DIM, printable(f"  also {first_few(names, MOST_NAMED)}"))
    if one.witness:
        yield f"  stops working: {_short(one.witness)}"


def _unseen(review: Review, paint: Painter) -> Iterator[str]:
    """Give what could not be analysed: of what may hide a change a line for each reason, of what is the same as before the number."""
    open_ = list(dict.fromkeys(one for row in review.rows for one in row.open))
    reasons: dict[str, list[Blind]] = {}
    for one in open_:
        reasons.setdefault(one.why, []).append(one)
    for why, same in sorted(reasons.items(), key=lambda one: -len(one[1]))[:MOST_REASONS]:
        more = f" and {counted(len(same) - 1, 'other place')}" if len(same) > 1 else ""
        yield f"{paint(Style.WARNING, 'not analysed')} {printable(same[0].symbol)}: {_short(why)}  {paint.place(same[0].place)}{more}"
    if rest := sum(len(same) for same in sorted(reasons.values(), key=len, reverse=True)[MOST_REASONS:]):
        yield f"{paint(Style.WARNING, 'not analysed')} either: {counted(rest, 'place')}, for {counted(len(reasons) - MOST_REASONS, 'other reason')}"
    if still := len({one for row in review.rows for one in row.blind} - set(open_)):
        yield paint(Style.DIM, f"{counted(still, 'place')} could not be analysed and did not change")


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 4]} ..."
