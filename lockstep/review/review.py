"""The compatibility review: what changed in every surface between two moments, what that asks of the version, and whether the version gave it.

Silence is never proof: a step too small to hold a break is *unproven* while a part of a surface could not be seen and its sources changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from lockstep.comparison.packages import WITHOUT_REGISTRY, Holders, PackageChange, PackageKey, ecosystem, package_changes, published_packages, renamed_surface
from lockstep.comparison.second_opinion import SecondOpinion
from lockstep.config import WaiverConfig
from lockstep.dataclass import dataclass, replace
from lockstep.model import Ecosystem, Finding, Level, Package, Place, Requires
from lockstep.policy.semver import Impact, Step, holds, largest, requires, step_between
from lockstep.policy.waivers import Waived, Waiving, parted, waive
from lockstep.rules import judge_package, judge_surfaces, judge_waivers, room
from lockstep.rules.compat import Comparison
from lockstep.surface import Blind, ItemKind, Stability, Surface
from lockstep.versions.version import Version


class Verdict(StrEnum):
    """Whether the version step may hold what changed."""

    OK = "ok"
    TOO_SMALL = "too-small"
    UNPROVEN = "unproven"
    REFUSED = "refused"  # for what no step mends


class Ending(StrEnum):
    """What a review comes to: the exit code of `lockstep diff` in a word."""

    OK = "ok"
    REFUSED = "refused"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A tree to compare: what it is called, its commit (None for the work tree), the packages it ships, and what they promise.

    `version` is the main group's. `by_history` says that the tags of the repository had a say in what belongs together, `lacks` that something
    in the tree is not in this clone: another day may tell otherwise of the same commit.
    """

    ref: str
    sha: str | None
    version: Version | None
    packages: tuple[Package, ...]
    surfaces: tuple[Surface, ...]
    waivers: tuple[WaiverConfig, ...] = ()
    by_history: bool = False
    lacks: bool = False

    @property
    def settled(self) -> bool:
        """Whether the commit alone says all of it."""
        return not (self.by_history or self.lacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One surface of one package: how many items there are, what came, went and changed, and what could not be seen.

    `level` is the step that the changes ask for, None when nothing changed; `versions` are the package's own at both moments. `open` are the blind
    spots that a change may hide in: the others are the same at both moments, and all that they depend on is. `unnamed` are the names that came or went
    and that no finding is about. `elsewhere` says of how many findings another package has the place: what is offered again is told where it is defined.
    """

    surface: str
    package: str
    items: int
    added: int
    removed: int
    changed: int
    blind: tuple[Blind, ...]
    level: Requires | None
    verdict: Verdict
    versions: tuple[Version | None, Version | None]
    open: tuple[Blind, ...] = ()
    unnamed: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, int], ...] = ()

    @property
    def is_still(self) -> bool:
        """Whether nothing came, went or changed, and all was seen."""
        return not (self.added or self.removed or self.changed or self.blind or self.elsewhere) and self.verdict is Verdict.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Two moments, row by row, and the one verdict.

    `level` is what the changes ask of the main version, and of any that made too small a step; None when no surface changed. With `strict` a warning
    refuses too; `pushed` is for what no release is made of: only a version that moved, and moved by too little, is too small then.
    """

    base: Moment
    head: Moment
    level: Requires | None
    step: Step
    verdict: Verdict
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    witnesses: tuple[SecondOpinion, ...] = ()
    strict: bool = False
    pushed: bool = False
    tagged: bool = False
    """Whether no file states a version: that of each package comes from git's tags."""

    @property
    def is_too_small(self) -> bool:
        """Whether the version step refuses."""
        if not self.pushed or self.strict:
            return self.verdict is Verdict.TOO_SMALL
        return any(row.verdict is Verdict.TOO_SMALL and row.versions[0] != row.versions[1] for row in self.rows)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What refuses whatever the version is."""
        return tuple(filter(self._is_fault, self.findings))

    def _is_fault(self, one: Finding) -> bool:
        if one.level is Level.ERROR:
            return one.requires is None or self.verdict is not Verdict.TOO_SMALL
        return self.strict and one.level is Level.WARNING

    @property
    def conclusion(self) -> Verdict:
        """The verdict on the step, and on what no step mends: what every report says, and what the exit code follows."""
        return Verdict.REFUSED if self.faults and self.verdict is not Verdict.TOO_SMALL else self.verdict

    def conclusion_of(self, row: Row) -> Verdict:
        """Give the verdict on one surface."""
        if row.verdict is Verdict.TOO_SMALL:
            return row.verdict
        return Verdict.REFUSED if any(map(self._is_fault, self.findings_of(row))) else row.verdict

    def findings_of(self, row: Row) -> Iterator[Finding]:
        """Give the findings about one surface."""
        return iter(_BY_SURFACE.of(self.findings).get((row.surface, row.package), ()))

    @property
    def loose(self) -> tuple[Finding, ...]:
        """What is found about no surface that was compared: the configuration, a package that is gone."""
        rows = {(row.surface, row.package) for row in self.rows}
        return tuple(one for one in self.findings if (one.surface, one.package) not in rows)

    @property
    def ending(self) -> Ending:
        """What the review comes to."""
        if self.is_too_small or self.faults:
            return Ending.REFUSED
        return Ending.UNPROVEN if self.verdict is Verdict.UNPROVEN and (self.strict or not self.pushed) else Ending.OK


class _BySurface:
    """Findings by what they are about, put in order once for all rows of the review that was last asked."""

    def __init__(self) -> None:
        self._last: tuple[tuple[Finding, ...], dict[tuple[str | None, str | None], list[Finding]]] = ((), {})

    def of(self, findings: tuple[Finding, ...]) -> Mapping[tuple[str | None, str | None], Sequence[Finding]]:
        last, known = self._last
        if findings is not last:
            known = {}
            for one in findings:
                known.setdefault((one.surface, one.package), []).append(one)
            self._last = (findings, known)
        return known


_BY_SURFACE = _BySurface()

_SETTINGS = frozenset({ItemKind.DEPENDENCY, ItemKind.FLOOR, ItemKind.PLATFORM})
"""What no user names: that there is more of it is no addition of its own; the rules say what it means."""

_STEP = re.compile(r"::|\.")

Key: TypeAlias = tuple[str, str]
"""Names a surface: its language and its package."""


def review(
    base: Moment, head: Moment, *, unchanged: Collection[Key] = (), strict: bool = False, today: str = "", witnesses: Sequence[SecondOpinion] = ()
) -> Review:
    """Compare two moments. `unchanged` are the surfaces whose source files are the same, so that what could not be seen has not changed either.

    The waivers are those of the later moment; `today` is a day as 2027-01-31, which ends some of them. `witnesses` are the answers of a stronger
    witness about Rust crates.
    """
    found = published_packages(base.packages, base.surfaces, head.packages, head.surfaces)
    shown, base = base, _with_new_names(base, head, found.renamed)
    rows, findings = [], []
    stated = _Stated(base), _Stated(head)
    holding, expired = parted(head.waivers, today=today, version=head.version)
    waived: list[Waived] = []
    said = {one.package: one for one in witnesses}
    after = _by_name(head)
    # What ships now and was private then had users too: those who built it from its source.
    before = {key: one for one in base.surfaces if (key := (one.surface, one.package)) in after} | _by_name(base)
    both = {**after, **{key: one for key, one in before.items() if key not in after}}
    lost = {package for surface, package in before.keys() - after.keys() if surface == "rust" and (Ecosystem.CARGO, package) in found.after}
    changes = {(change.surface, change.package.name): change for change in package_changes(found, both.values(), lost)}
    # A package whose files are all the same hides nothing, not in the surface of another package either that offers its names again.
    settled = {(one.place, one.why) for key in unchanged for known in (before.get(key), after.get(key)) if known is not None for one in known.blind}
    for key, known in both.items():
        old, new = before.get(key), after.get(key)
        whole = new is None and key[0] not in WITHOUT_REGISTRY and ((ecosystem(known), key[1]) not in found.after or (key[0] == "rust" and key[1] in lost))
        pair = _Pair(old=old, new=new, change=changes.get(key), whole=whole, code=before.get(("rust", key[1])) if key[0] == "cargo-manifest" else None)
        asking = _Asking(waivers=holding, strict=strict, same_sources=key in unchanged, settled=settled, opinion=said.get(key[1]) if key[0] == "rust" else None)
        row, found_here, accepted = _row(stated, pair, asking)
        rows.append(row)
        findings += found_here
        waived += accepted
    used = {one.waiver for one in waived}
    unused = tuple(one for one in holding if one not in used)
    findings += judge_waivers(Waiving(kept=(), expired=_of_diff(expired), unused=_of_diff(unused)))
    told, elsewhere = _once(findings, head)
    rows = [replace(row, elsewhere=tuple(sorted(elsewhere[row.surface, row.package].items()))) for row in rows]
    main = (base.version, head.version)
    levels = [row.level for row in rows if row.level is not None and (row.versions == main or row.verdict is not Verdict.OK)]
    return Review(
        base=shown,
        head=head,
        level=largest(levels),
        step=step_between(base.version, head.version),
        verdict=_worst(row.verdict for row in rows),
        rows=tuple(rows),
        findings=told,
        waived=tuple(waived),
        witnesses=tuple(witnesses),
        strict=strict,
        tagged=any(one.tagged for one in head.packages) and not any(one.version for one in head.packages),
    )


def _with_new_names(base: Moment, head: Moment, names: Mapping[PackageKey, Package]) -> Moment:
    """Give the earlier moment with the names that its packages have now."""
    if not names:
        return base
    now = {(one.surface, one.package): one for one in head.surfaces}

    def with_new_name(one: Surface) -> Surface:
        package = names.get((ecosystem(one), one.package))
        return one if package is None else renamed_surface(one, package.name, now.get((one.surface, package.name)))

    packages = tuple(replace(one, name=names[one.ecosystem, one.name].name) if (one.ecosystem, one.name) in names else one for one in base.packages)
    return replace(base, packages=packages, surfaces=tuple(map(with_new_name, base.surfaces)))


def _once(findings: Sequence[Finding], head: Moment) -> tuple[tuple[Finding, ...], Mapping[Key, Counter[str]]]:
    """Give each fault once, and for each surface the packages that have findings of it: what a crate offers again of a sibling is told where it is defined."""
    roots = {package.name: package.root for package in head.packages}
    owners: dict[tuple[object, ...], str | None] = {}
    for one in findings:
        known = owners.setdefault(_fault(one), one.package)
        if known != one.package and _nearness(roots, one) > _nearness(roots, replace(one, package=known)):
            owners[_fault(one)] = one.package
    elsewhere: dict[Key, Counter[str]] = defaultdict(Counter)
    for one in findings:
        if (owner := owners[_fault(one)]) != one.package:
            elsewhere[one.surface or "", one.package or ""][owner or ""] += 1
    return tuple(one for one in findings if owners[_fault(one)] == one.package), elsewhere


def _fault(one: Finding) -> tuple[object, ...]:
    return (one.surface, one.rule, one.level, one.place, one.old, one.new, (one.symbol or "").rpartition("::")[2])


def _nearness(roots: Mapping[str, str], one: Finding) -> int:
    """Say how near a package's folder is to the place of a finding: the length of the part that they share."""
    root = roots.get(one.package or "", "")
    return len(root) if one.place.path.startswith(f"{root}/") else 0


def _by_name(moment: Moment) -> dict[tuple[str, str], Surface]:
    """Give what is promised: what a private package offers is nobody's but ours."""
    private = {(package.ecosystem, package.name) for package in moment.packages if package.publish is False}
    private -= {(package.ecosystem, package.name) for package in moment.packages if package.publish is not False}
    return {(one.surface, one.package): one for one in moment.surfaces if one.surface in WITHOUT_REGISTRY or (ecosystem(one), one.package) not in private}


class _Stated:
    """The versions that packages state at one moment."""

    def __init__(self, moment: Moment) -> None:
        self._main = moment.version
        self._holders = Holders(package for package in moment.packages if package.version is not None)

    def of(self, surface: Surface) -> Version | None:
        """Give the version of the package that makes a promise; the main group's where the package states none."""
        found = self._holders.of(surface)
        return found[0].version if found else self._main


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One surface at both moments, and what became of its package; `whole` where what is gone is told as a whole, `code` the Rust behind a manifest."""

    old: Surface | None
    new: Surface | None
    change: PackageChange | None
    whole: bool
    code: Surface | None = None

    @property
    def is_same(self) -> bool:
        """Whether both moments were read from the same sources; what a stub says is held against the module all the same."""
        return self.old is not None and self.new is not None and self.old.items is self.new.items and not self.old.stubs and not self.new.stubs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """How a surface is judged: what is waived, whether its sources are the same, what a stronger witness says of it."""

    waivers: Sequence[WaiverConfig]
    strict: bool
    same_sources: bool
    settled: Collection[tuple[Place, str]]
    opinion: SecondOpinion | None


def _row(moments: tuple[_Stated, _Stated], pair: _Pair, asking: _Asking) -> tuple[Row, list[Finding], tuple[Waived, ...]]:
    old, new, change, whole = pair.old, pair.new, pair.change, pair.whole
    known = new or old
    assert known is not None
    empty = Surface(surface=known.surface, package=known.package)
    stated = moments[0].of(known), moments[1].of(known)
    version = stated[0] or Version(release=(0, 1, 0))
    comparison = Comparison(base=old or empty, head=new or empty, version=version, strict=asking.strict, opinion=asking.opinion, code=pair.code)
    findings = judge_package(change) if change is not None else []
    same = pair.is_same and asking.opinion is None
    if old is not None and not whole and not same:
        findings += judge_surfaces(comparison)
    added = 0 if same else sum(item.stability is not Stability.HIDDEN and item.kind not in _SETTINGS for item in comparison.added())
    removed = 0 if same else sum(item.stability is not Stability.HIDDEN for item in comparison.removed())
    changed = len({one.symbol for one in findings if one.symbol in comparison.base.items and one.symbol in comparison.head.items})
    waiving = waive(findings, asking.waivers)
    findings = list(waiving.kept)
    wanted = [one.requires for one in findings if one.requires is not None]
    if added or removed or changed:
        wanted.append(Requires.PATCH)  # what asks for more is a finding
    level = largest(wanted)
    versions = stated if old is not None else (None, None)
    blind, open_ = (comparison.head.blind, comparison.head.blind) if old is None or whole else _unseen(comparison.base.blind, comparison.head.blind)
    heard = asking.opinion
    open_ = () if asking.same_sources or heard is not None else tuple(one for one in open_ if (one.place, one.why) not in asking.settled)
    if heard is not None and not heard.answered:
        # It sees what macros make, and was asked because it sees more: without its answer nothing is proven.
        open_ = (Blind(symbol=known.package, place=heard.place, why=f"{heard.witness} {heard.why}"),)
        blind = (*blind, *open_)
    verdict = Verdict.OK
    if any(not holds(*versions, one) for one in wanted):
        verdict = Verdict.TOO_SMALL
    elif open_ and not holds(*versions, requires(Impact.BREAKING, comparison.version)):
        verdict = Verdict.UNPROVEN
    row = Row(
        surface=known.surface,
        package=known.package,
        items=comparison.head.offered,
        added=added,
        removed=removed,
        changed=changed,
        blind=blind,
        level=level,
        verdict=verdict,
        versions=stated,
        open=open_,
        unnamed=() if whole or old is None else tuple(_unnamed(comparison, [*findings, *(one.finding for one in waiving.waived)])),
    )
    return row, [_settled(one, allowed=one.requires is None or holds(*versions, one.requires)) for one in findings], waiving.waived


def _unnamed(comparison: Comparison, findings: Sequence[Finding]) -> Iterator[str]:
    """Give the names that came or went where no finding is about them, about what they are in; or came by another path too, and that is told."""
    said = {(one.symbol or "").rpartition(" ")[2] for one in findings}  # `mod a::m` of Rust
    for number, moved in enumerate((tuple(comparison.removed()), tuple(one for one in comparison.added() if one.kind not in _SETTINGS))):
        told = {one.path: any(above in said for above in _above(one.path.rpartition(" ")[2])) for one in moved}
        same = {one.origin for one in moved if one.origin and told[one.path]} if number else set()
        yield from (one.path for one in moved if one.stability is not Stability.HIDDEN and not told[one.path] and one.origin not in same)


def _above(path: str) -> Iterator[str]:
    """Give a path and all that it lies in."""
    yield path
    for found in reversed(list(_STEP.finditer(path))):
        yield path[: found.start()]


def _unseen(before: Sequence[Blind], after: Sequence[Blind]) -> tuple[tuple[Blind, ...], tuple[Blind, ...]]:
    """Give what could not be seen at either moment, and what of it may hide a change: all but what is the same at both, with all that it depends on."""
    counts = Counter(one.cause for one in before), Counter(one.cause for one in after)
    same = {cause for cause, number in counts[0].items() if cause is not None and counts[1][cause] == number}
    open_ = tuple(dict.fromkeys(one for one in after if one.cause not in same))
    known = {(one.symbol, one.place.path, one.why) for one in open_}
    open_ = (*dict.fromkeys(one for one in before if one.cause not in same and (one.symbol, one.place.path, one.why) not in known), *open_)
    return (*open_, *dict.fromkeys(one for one in after if one.cause in same)), open_


def _settled(one: Finding, *, allowed: bool) -> Finding:
    """Make an error of what the step may not hold, and a note of what it may."""
    if one.level is Level.ERROR and one.requires is not None and allowed:
        return replace(one, level=Level.NOTE)
    return one if allowed else replace(one, level=Level.ERROR)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return next((verdict for verdict in (Verdict.TOO_SMALL, Verdict.UNPROVEN) if verdict in found), Verdict.OK)


def _of_diff(waivers: Sequence[WaiverConfig]) -> tuple[WaiverConfig, ...]:
    """Give those that are not about a release workflow: of these the audit says whether they meet anything."""
    elsewhere = {name.replace("_", "-") for name in room("workflow").NAMES} if waivers else ()
    return tuple(one for one in waivers if one.rule not in elsewhere)
