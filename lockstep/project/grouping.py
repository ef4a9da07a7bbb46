"""Which packages move together, and how that is known.

The configuration decides. Without it: packages at the dominant version are in step; a package at another version is asked for its
history: it was in step at the last release, so it drifted; it never was, so it stands outside. Where there is no history, links decide
(a wheel and the crate that it is built from, a lock that remembers), then `publish = false`; what is left is a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from lockstep.config import Config
from lockstep.dataclass import dataclass, field
from lockstep.model import Ecosystem, Finding, Level
from lockstep.project.discovery import Found, is_example, place_of
from lockstep.versions.version import Version

PackageId = tuple[str, str]
MAIN = "main"
TAG_WORDS = {
    **dict.fromkeys(("rust", "crate", "crates", "cargo", "rs"), Ecosystem.CARGO),
    **dict.fromkeys(("python", "py", "pypi", "pip"), Ecosystem.PYTHON),
    **dict.fromkeys(("node", "nodejs", "js", "npm", "wasm"), Ecosystem.NPM),
}
"""What the name before the version in a tag means, when it names no package."""
DEFAULTS = tuple(Version(release=numbers) for numbers in ((0, 1, 0), (0, 0, 1), (1, 0, 0)))
"""What a new package gets from cargo, npm and templates: two packages that share one of these share nothing."""
RELEASES_ASKED = 4
"""How many releases back history is asked: the last one decides, the one before it tells coincidence from habit."""

RELEASES_TO_STAND_STILL = 3
"""Releases at which a version was the same: who bumps by hand forgets it once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRelease:
    """One release tag: the version that its name says, the name before it, and, when asked, the packages' versions there."""

    tag: str
    version: Version
    prefix: str = ""
    beside: bool = False
    """Whether it is a package's own, beside the tags of the project."""
    read: Callable[[], Mapping[PackageId, Version | None] | None]
    """Gives the versions of the packages at the tag; None when its files cannot be read. Asked more than once, it reads once."""
    text: Callable[[str], str | None]
    """Gives the text of a file at the tag; None when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Some place says that a package is at a version; `firm` for a manifest or `__version__`, not for a lock or a requirement.

    `whole` is False where build metadata has no place: `(1, 2, 0)`.
    """

    package: PackageId
    version: Version
    firm: bool
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A group before its packages are built: names, the version that it is at, and why it is one."""

    name: str
    version: Version
    basis: str
    members: tuple[PackageId, ...]


@dataclass(slots=True, kw_only=True)
class Grouping:
    """Groups the packages of one tree."""

    packages: tuple[Found, ...]
    claims: tuple[Claim, ...]
    config: Config
    past: Callable[[], Iterable[PastRelease]]
    links: tuple[tuple[PackageId, PackageId], ...]
    groups: list[Grouped] = field(default_factory=list)
    alone: list[Found] = field(default_factory=list)
    """The packages that are published, and that history shows to move on their own."""
    reasons: dict[PackageId, str] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    _tags: tuple[PastRelease, ...] | None = None
    _beside: tuple[PastRelease, ...] = ()

    def run(self) -> Grouping:
        """Fill `groups`, `reasons` and `faults`."""
        outside = self._outside()
        free = [found for found in self.packages if self._may_move(found, outside)]
        if self.config.groups:
            self._configured(free)
        elif free:
            still = self._standing_still(free)
            for found in still:
                newest = max(self.tags()[:RELEASES_ASKED], key=lambda one: one.version)
                self.reasons[found.id] = f"outside: {found.version} at every recent release, {newest.tag} the newest; no release is written in a manifest"
            if moving := [found for found in free if found not in still]:
                self._inferred(moving)
        return self

    def _outside(self) -> set[PackageId]:
        """Give the packages that the configuration leaves out."""
        if not self.config.outside:
            return set()
        from lockstep.config.package_patterns import PackagePatterns  # noqa: PLC0415 - few leave any out

        patterns = PackagePatterns(self.config.outside)
        return {one.id for one in self.packages if patterns.first(one.declared.ecosystem, one.declared.name) is not None}

    def _may_move(self, found: Found, outside: set[PackageId]) -> bool:
        if found.id in outside:
            self.reasons[found.id] = f"outside: {self.config.path} says so"
        elif found.version is None:
            self.reasons[found.id] = f"outside: {found.why}" if found.why else "outside: its version cannot be read"
        elif is_placeholder(found.version):
            self.reasons[found.id] = f"outside: {found.version} is a placeholder"
        else:
            return True
        return False

    # ---- as configured

    def _configured(self, free: list[Found]) -> None:
        from lockstep.config.package_patterns import PackagePatterns  # noqa: PLC0415 - most groups are found without being named

        numbers = [number for number, group in enumerate(self.config.groups) for _ in group.packages]
        patterns = PackagePatterns(pattern for group in self.config.groups for pattern in group.packages)
        members: dict[int, list[Found]] = {}
        left: list[Found] = []
        for found in free:
            first = patterns.first(found.declared.ecosystem, found.declared.name)
            (left if first is None else members.setdefault(numbers[first], [])).append(found)
        for number, group in enumerate(self.config.groups):
            if chosen := members.get(number):
                self._add(group.name, chosen, f"configured in {self.config.path}", {one.id: f"named in {self.config.path}" for one in chosen})
        for found in left:
            self.reasons[found.id] = f"outside: no group of {self.config.path} names it"

    def _standing_still(self, free: list[Found]) -> list[Found]:
        """Give the packages whose version stays the same while releases go on, where no release had its version in a manifest: a workflow puts it there.

        Asked only where what stands in the manifests may be no release: what templates give, a development version, or several versions.
        """
        stated = {found.version for found in free}
        if len(stated) == 1 and all(one is not None and one.final and one not in DEFAULTS for one in stated):
            return []
        newest = next(iter(self.tags()), None)
        if newest is None or newest.prefix or any(_follows(found.version, newest.version) for found in free):
            return []
        told = {release.version: versions for release in self.tags()[:RELEASES_ASKED] if not release.prefix and (versions := release.read())}
        if len(told) < RELEASES_TO_STAND_STILL or any(one is not None and _is_release(one, tag) for tag, each in told.items() for one in each.values()):
            return []
        same = [found for found in free if all(each.get(found.id) in (None, found.version) for each in told.values())]
        whole = {found.version for found in same if all(found.id in each for each in told.values())}
        return [found for found in same if found.version in whole]

    # ---- inferred

    def _inferred(self, free: list[Found]) -> None:
        shipped = [found for found in free if found.declared.publish is not False and not is_example(found.root)] or free
        shipped = self._released(free, shipped)
        main = self._dominant(shipped)
        core = [found for found in free if found.version == main]
        published = {found.id for found in shipped}
        anchors = [found for found in core if found.id in published] or core
        reasons = {found.id: f"at the dominant version {main}" for found in core}
        members, rest = list(core), []
        for found in free:
            if found.version == main:
                continue
            verdict, why = self._judge(found, anchors, main)
            if verdict is True:
                members.append(found)
                reasons[found.id] = why
            else:
                self.reasons[found.id] = f"outside: {why}"
                rest.append((found, verdict))
        basis = f"{len(core)} of {len(self.packages)} packages {'is' if len(core) == 1 else 'are'} at {main}" if len(self.packages) > 1 else "the only package"
        if any(found.root == "" for found in core) and len(self.packages) > 1:
            basis += ", the root's version"
        self._add(MAIN, members, basis, reasons, main)
        self._side_groups([found for found, _ in rest])
        grouped = {member for group in self.groups for member in group.members}
        for found, verdict in rest:
            if verdict is None and found.id not in grouped:
                self._undecided(found, main)
        published |= {found.id for found in shipped}
        self.alone = [one for one, verdict in rest if verdict is False and one.id in published - grouped and one.version not in DEFAULTS]

    def _released(self, free: list[Found], shipped: list[Found]) -> list[Found]:
        """Give what the project releases: what its registries get, or everything where the newest tag can only mean what none of them gets.

        A program whose crates all say `publish = false` is released as binaries and images, beside npm packages that its workflow gives a version.
        """
        known = {found.id for found in shipped}
        inner = [found for found in free if found.id not in known and not is_example(found.root)]
        if not inner or not any(found.version is not None and found.version not in DEFAULTS for found in inner):
            return shipped
        newest = next(iter(self.tags()), None)
        if newest is None or newest.prefix or any(_follows(found.version, newest.version) for found in shipped):
            return shipped
        return [*shipped, *inner] if any(_follows(found.version, newest.version) for found in inner) else shipped

    def _dominant(self, shipped: list[Found]) -> Version:
        """Give the version that most packages are at; that of the packages that the release tags name, or the root's, where these disagree."""
        most = self._vote(shipped, stated=True)
        agree = [found for found in shipped if found.version == most]
        plain = any(found.root == "" for found in agree) and 2 * len(agree) > len(shipped) and most not in DEFAULTS
        if not plain and len({found.version for found in shipped}) > 1 and (tagged := self._tagged(shipped)):
            meant = self._vote(tagged, stated=True)
            together, _ = self._judge(agree[0], [found for found in tagged if found.version == meant], meant)
            if together is True or self._is_long_past(meant, most):
                return most
            return meant
        roots = [found for found in shipped if found.stated_in.folder == ""]
        if not roots or any(found.version == most for found in roots):
            return most
        root = roots[0]
        assert root.version is not None
        verdict, _ = self._judge(root, [found for found in shipped if found.version == most], most)
        return most if verdict is True else root.version

    def _tagged(self, shipped: list[Found]) -> list[Found]:
        """Give the packages that the newest release tag means: these are what the project releases.

        A plain tag (`v1.2.0`) means the packages whose version is nearest to it, above it where there are any. So does a tag that names
        an ecosystem (`py-v1.2.0`), among its packages. A tag with a package's name means that package; of several, the one with the
        shortest name is the project's own.
        """
        newest = next(iter(self.tags()), None)
        if newest is None:
            return []
        ecosystem = TAG_WORDS.get(newest.prefix.lower())
        if not newest.prefix or ecosystem:
            among = [found for found in shipped if found.version is not None and (ecosystem is None or found.declared.ecosystem is ecosystem)]
            distance = {found.version: _distance(newest.version, found.version) for found in among if found.version is not None}
            nearest = min(distance.values(), default=None)
            return [found for found in among if found.version is not None and distance[found.version] == nearest]
        named = {release.prefix for release in self.tags()}
        called = [found for found in shipped if found.declared.name in named or found.declared.name.rpartition("/")[2] in named]
        return [min(called, key=lambda found: (len(found.declared.name), found.root.count("/")))] if called else []

    def _is_long_past(self, meant: Version, most: Version) -> bool:
        """Say whether the newest tag is so old that both versions may have come after it: then it does not tell which of them it means.

        Projects that release from branches leave their main branch with the tags of long ago.
        """
        newest = next(iter(self.tags()))
        same = most.major == meant.major or meant.major != newest.version.major
        return self._is_old(newest, meant) and most > newest.version and same

    @staticmethod
    def _is_old(newest: PastRelease, version: Version) -> bool:
        """Say whether a release lies further back from a version than one step."""
        return not newest.prefix and newest.version < version and not is_step(newest.version, version)

    def _vote(self, packages: Iterable[Found], *, stated: bool = False, likely: Version | None = None) -> Version:
        """Give the version that most places claim: firm ones first, then the `likely` one, locks and requirements, the root, and the highest.

        With `stated`, only what a package is at counts, not what copies alone say. Of texts that differ in build metadata alone the most frequent
        counts, then the root's; the version of something that one of several packages wraps does not.
        """
        chosen = list(packages)
        ids = {found.id for found in chosen}
        places = {(found.stated_in.path, found.stated.start): found.version for found in chosen if found.stated and found.version}
        firm = Counter(places.values())
        firm.update(claim.version for claim in self.claims if claim.firm and claim.package in ids)
        soft = Counter(claim.version for claim in self.claims if not claim.firm and claim.package in ids)
        roots = {found.version for found in chosen if found.root == ""}
        most = max(places.values() if stated else firm, key=lambda one: (firm[one], one == likely, soft[one], one in roots, one))
        most = max((version for version in places.values() if version.post is not None and version.padded(3) == most.padded(3)), default=most)
        texts = [version for version in places.values() if version == most]
        texts += [claim.version for claim in self.claims if not stated and claim.firm and claim.whole and claim.package in ids and claim.version == most]
        texts = [version for version in texts if not version.wraps] or texts or [most]
        if all(version.build == texts[0].build for version in texts):
            return texts[0]
        builds = Counter(version.canonical().build for version in texts)
        at_root = {found.version.canonical().build for found in chosen if found.root == "" and found.version == most}
        return max(texts, key=lambda one: (builds[build := one.canonical().build], build in at_root, build))

    def _judge(self, found: Found, anchors: list[Found], main: Version) -> tuple[bool | None, str]:
        """Say whether a package that is not at `main` belongs to the group all the same: True, False, or None for nobody knows."""
        assert found.version is not None
        known = self._history(found, anchors, main)
        if known:
            latest, equal = known[0]
            if equal and all(before for _, before in known[1:2]):
                return True, f"in step with the group at {latest}; now at {found.version}"
            apart = next(tag for tag, equal in known if not equal)
            return False, f"versioned independently ({found.version}; also differed at {apart})"
        if _is_one_step(found.version, main):
            return True, f"at {found.version}: the same release as the group's {main}, at another stage"
        releases = self.releases()
        shipped = found.declared.publish is not False and not is_example(found.root)
        if releases and shipped and _is_next(found.version, main) and self._is_old(self.tags()[0], main):
            return True, f"at {found.version}, one step behind the group; the newest tag, {self.tags()[0].tag}, is older than both"
        if releases:
            return False, f"not part of any recent release (at {found.version})"
        if self._is_linked(found, anchors):
            return True, "built together with a package of the group"
        if any(claim.package == found.id and not claim.firm and claim.version == main for claim in self.claims):
            return True, f"a lock or the requirement of a sibling has it at {main}"
        if found.declared.publish is False or is_example(found.root):
            return False, f"not published (at {found.version})"
        return None, f"undecided: at {found.version}, and no release tag tells whether it moves with the group"

    def _history(self, found: Found, anchors: list[Found], main: Version) -> list[tuple[str, bool]]:
        """Give the last releases with whether a package was in step with others there, the newest first.

        Of what hardly parts on purpose (two stages of one release, a wheel and its crate) one release that is as they are now tells nothing: the commit at
        hand may carry its tag.
        """
        assert found.version is not None
        close = found.version.padded(3) == main.padded(3) or self._is_linked(found, anchors)
        as_now: list[tuple[str, bool]] = []
        before: list[tuple[str, bool]] = []
        for tag, versions in self.releases():
            then, group = versions.get(found.id), _most_common(versions, anchors)
            if then is None or group is None:
                continue
            told = (tag, then == group or _is_one_step(then, group))
            (as_now if close and not before and (then, group) == (found.version, main) else before).append(told)
            if len(before) == 2:
                break
        return before if before and len(as_now) < 2 else as_now or before

    def _is_linked(self, found: Found, others: list[Found]) -> bool:
        """Say whether a package is built together with one of others."""
        return any(found.id in link and any(other.id in link for other in others) for link in self.links)

    def _undecided(self, found: Found, main: Version) -> None:
        name = f"{found.declared.ecosystem}:{found.declared.name}"
        self.faults.append(
            Finding(
                rule="package-undecided",
                level=Level.ERROR,
                place=place_of(found),
                message=f"{found.declared.name} is at {found.version}, the group at {main}, and no release tag tells whether they move together",
                help=f'fetch the tags (git fetch --tags), or decide: outside = ["{name}"] in [tool.lockstep], or correct the version',
                package=found.declared.name,
                old=str(found.version),
                new=str(main),
            )
        )

    def _side_groups(self, rest: list[Found]) -> None:
        """Make a group of each version that two or more of the other packages share, or that a wheel shares with its crate, or did until now."""
        linked = {one for link in self.links for one in link}
        left = dict(self._left_behind([found for found in rest if found.id in linked and not is_example(found.root)]))
        at = {found.id: left[found.id][0] if found.id in left else found.version for found in rest}
        shipped = [found for found in rest if found.id in linked or (found.declared.publish is not False and found.version not in DEFAULTS)]
        shared = Counter(at[found.id] for found in shipped if not is_example(found.root))
        for version, count in sorted(shared.items(), key=lambda one: (-one[1], str(one[0]))):
            members = [found for found in rest if at[found.id] == version and not is_example(found.root)]
            if count < 2 or version is None:
                continue
            alone = self._released_apart(members)
            members = [found for found in members if found.id not in alone]
            if (count := sum(found in shipped for found in members)) < 2:
                continue
            reasons = {found.id: f"at {version} like its neighbours, versioned independently of the main group" for found in members}
            self._add(
                _name_of(members, {group.name for group in self.groups}),
                members,
                f"{count} packages share {version}, versioned independently of the main group",
                {**reasons, **{found.id: left[found.id][1] for found in members if found.id in left}},
                version,
            )

    def _released_apart(self, members: list[Found]) -> set[PackageId]:
        """Give the packages that have tags of their own by which another one of the same version was at another: they met there by chance."""
        named = [(found, [release for release in (*self.tags(), *self._beside) if release.prefix == found.declared.name][:2]) for found in members]
        named = [(found, own) for found, own in named if own]
        apart: set[PackageId] = set()
        for found, own in named if len(named) > 1 else ():
            for versions in filter(None, (release.read() for release in own)):
                others = [other for other, _ in named if other is not found and not self._is_linked(found, [other])]
                if any(versions.get(other.id) not in (None, versions.get(found.id)) for other in others):
                    apart |= {found.id, *(other.id for other in others if versions.get(other.id) != versions.get(found.id))}
        return apart

    def _left_behind(self, linked: list[Found]) -> Iterator[tuple[PackageId, tuple[Version, str]]]:
        """Give each wheel or crate that was in step with its other half at the last releases, and is below it now, with that version and the reason."""
        by_id = {found.id: found for found in linked}
        for link in self.links:
            stated = [(found.version, found) for one in link if (found := by_id.get(one)) is not None and found.version is not None]
            if len(stated) < 2 or stated[0][0] == stated[1][0]:
                continue
            (_, low), (version, high) = sorted(stated, key=lambda one: one[0])
            known = self._history(low, [high], version)
            if known and all(equal for _, equal in known):
                yield low.id, (version, f"in step with {high.manifest.source.path} at {known[0][0]}; now at {low.version}")

    def _add(self, name: str, members: list[Found], basis: str, reasons: dict[PackageId, str], likely: Version | None = None) -> None:
        self.groups.append(Grouped(name=name, version=self._version_of(members, likely), basis=basis, members=tuple(found.id for found in members)))
        self.reasons.update(reasons)

    def _version_of(self, members: list[Found], likely: Version | None) -> Version:
        """Give the version that a group is at: what most places claim, unless the root is one step ahead of them: then they lag behind.

        Where as many claim one as the other, the `likely` one counts, unless a release is above it already.
        """
        if likely is not None and any(found.version != likely for found in members):
            newest = next(iter(self.tags()), None)
            likely = None if newest is not None and not newest.prefix and newest.version > likely else likely
        most = self._vote(members, likely=likely)
        roots = {found.version for found in members if found.root == "" and found.declared.publish is not False}
        root = roots.pop() if len(roots) == 1 else None
        return root if root is not None and is_step(most, root) else most

    def tags(self) -> tuple[PastRelease, ...]:
        """Give the last release tags, newest first; history is asked once, and only when packages differ."""
        if self._tags is None:
            past = tuple(self.past())
            self._tags = tuple(release for release in past if not release.beside)
            self._beside = tuple(release for release in past if release.beside)
        return self._tags

    def releases(self) -> list[tuple[str, Mapping[PackageId, Version | None]]]:
        """Give the packages' versions at the last releases, newest first."""
        readable = ((release.tag, versions) for release in self.tags() if (versions := release.read()) is not None)
        return list(islice(readable, RELEASES_ASKED))


def _distance(tag: Version, version: Version) -> tuple[bool, int, int, int]:
    """Measure how far a version is from a release: below it is farther than anything above it, then number by number."""
    return (version < tag, abs(version.major - tag.major), abs(version.minor - tag.minor), abs(version.patch - tag.patch))


def _is_release(version: Version, tag: Version) -> bool:
    """Say whether a version is that of a tag, at whatever stage."""
    return version.padded(3) == tag.padded(3)


def _follows(version: Version | None, tag: Version) -> bool:
    """Say whether a version is the tag's, or the next one."""
    return version is not None and (version == tag or is_step(tag, version))


def is_step(old: Version, new: Version) -> bool:
    """Say whether `new` is one step from `old`: the next patch, minor or major, a pre-release on the way there, or the next pre-release."""
    numbers = (new.major, new.minor, new.patch)
    if old.pre and new.pre and old.pre.kind is new.pre.kind and old.release == new.release:
        return new.pre.number == old.pre.number + 1
    if new.pre and new.pre.number > 1:
        return False
    from lockstep.versions.bump import Bump, bumped  # noqa: PLC0415 - only a version that left its last release pays for it

    return new > old and any(bumped(old, part).release == numbers for part in (Bump.PATCH, Bump.MINOR, Bump.MAJOR))


def _is_next(old: Version | None, new: Version) -> bool:
    """Say whether a version is the next one after another, pre-releases aside; nothing follows what templates give."""
    if old is None or old in DEFAULTS or old >= new:
        return False
    return old.release == new.release or is_step(Version(release=old.release), Version(release=new.release))


def _is_one_step(one: Version, other: Version) -> bool:
    """Say whether two versions are stages of one release, as 1.2.0-rc.1, 1.2.0 and 1.2.0.post1 are; what templates give is nobody's release."""
    return one.padded(3) == other.padded(3) and Version(release=one.padded(3)) not in DEFAULTS


def _most_common(versions: Mapping[PackageId, Version | None], packages: list[Found]) -> Version | None:
    """Give the version that most of some packages had at a release; None when none of them was there."""
    counted = Counter(version for found in packages if (version := versions.get(found.id)) is not None)
    return counted.most_common(1)[0][0] if counted else None


def is_placeholder(version: Version) -> bool:
    """Say whether a version only fills the field: 0.0.0, 999.0.0."""
    return version.release in ((0, 0, 0), (0, 0), (0,)) or version.major in (99, 999, 9999)


MANY_ALIKE = 3
"""How many packages beside each other make a name of what theirs have in common: one of them would stand for nothing."""


def _shared(members: list[Found]) -> str:
    """Give the words with which the names of packages of one ecosystem begin; "" where these are none."""
    if len({found.declared.ecosystem for found in members}) > 1:
        return ""
    words = [re.split(r"(?<=[^@])[-_./]", found.declared.name.removeprefix("@")) for found in members]
    count = next((number for number, alike in enumerate(zip(*words, strict=False)) if len(set(alike)) > 1), min(map(len, words)))
    return "-".join(words[0][:count])


def _name_of(members: list[Found], taken: set[str]) -> str:
    order = {Ecosystem.PYTHON: 0, Ecosystem.CARGO: 1, Ecosystem.NPM: 2}
    least = min(found.root.count("/") for found in members)
    if len(level := [found for found in members if found.root.count("/") == least]) >= MANY_ALIKE and (shared := _shared(level)):
        name = f"{shared}-{level[0].declared.ecosystem}"
        if name not in taken:
            return name
    shallow = sorted(members, key=lambda found: (found.root.count("/") if found.root else -1, order[found.declared.ecosystem], found.declared.name))
    for found in shallow:
        for name in (found.declared.name, f"{found.declared.name}-{found.declared.ecosystem}"):
            if name not in taken:
                return name
    return f"{shallow[0].declared.name}-{len(taken)}"
