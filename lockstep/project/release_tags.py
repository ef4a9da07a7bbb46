"""Which tags are the releases of which group: told from their names, from the packages, and from what the manifests said at them.

One answer for `bump --tag`, `gate tag`, `check --tag`, `diff`, `changelog`, `bump auto`, `init` and `show`. The configuration decides where it has a
`tag`; else a tag belongs to the package or the folder that it names, or to the packages of the ecosystem that it names (`py-v1.2.0`); a plain tag
(`v1.2.0`), or one whose word says nothing (`r1.2.0`), belongs to the groups whose manifests had its version at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.model import Ecosystem, Group, Package
from lockstep.project.discovery import is_example
from lockstep.project.grouping import TAG_WORDS, is_placeholder
from lockstep.project.project import Project
from lockstep.versions.tag_names import TagName, parse, parse_as, parse_number
from lockstep.versions.version import Version

ECOSYSTEMS = {**TAG_WORDS, "wheel": Ecosystem.PYTHON}
"""What the word before the version in a tag means, when it names no package."""
ASKED = 3
"""Tags of a scheme, newest first, at which manifests are read to tell whose it is."""
MOST_SCHEMES = 24
"""Schemes, newest first, of which that is asked; older ones belong to nobody for certain."""
DEFAULT = "v{version}"


class ReleaseTags:
    """The release tags of a project.

    `names` are the tags of the repository, the newest first. `version_at` gives the version that a group's manifest stated at a tag, None where it cannot
    be told; it is asked only where the names leave a doubt.
    """

    def __init__(self, project: Project, config: Config, names: Iterable[str], version_at: Callable[[str, Group], Version | None]) -> None:
        self._project = project
        self._config = config
        self._names = tuple(names)
        self.version_at = version_at
        self._owners: dict[tuple[str, str], tuple[Group, ...]] = {}

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups, the main one first, and each package that moves on its own as a group of one."""
        return (*self._project.groups, *(_alone(package) for package in self._project.outsiders))

    @cached_property
    def configured(self) -> dict[str, str]:
        """How the tags of each group are written, by the group's name, as far as the configuration says so."""
        own = {group.name: group.tag for group in self._config.groups if group.tag}
        return {group.name: template for group in self.groups if (template := own.get(group.name, self._config.tag))}

    @cached_property
    def schemes(self) -> dict[str, list[TagName]]:
        """The tags by what stands before the version, those with the newest tag first."""
        found: dict[str, list[TagName]] = {}
        for name in self._names:
            if (parsed := parse(name)) is not None:
                found.setdefault(parsed.prefix, []).append(parsed)
        return found

    def of(self, group: Group) -> list[TagName]:
        """Give the tags that release a group, the newest first."""
        if (template := self.configured.get(group.name)) is not None:
            read = (parse_as(name, template, (group.name,)) for name in self._names)
            return [one for one, _ in filter(None, read)]
        mine = {prefix for prefix in self.schemes if _key_of(group) in map(_key_of, self.owners(prefix))}
        return [one for name in self._names if (one := parse(name)) is not None and one.prefix in mine]

    def owners(self, prefix: str, beside: str = "") -> tuple[Group, ...]:
        """Give the groups whose releases the tags of a scheme are; with `beside`, what the tags next to that one say, and not itself."""
        if (prefix, beside) not in self._owners:
            self._owners[prefix, beside] = self._find_owners(prefix, beside)
        return self._owners[prefix, beside]

    def _find_owners(self, prefix: str, beside: str) -> tuple[Group, ...]:
        tags = self.schemes.get(prefix, [])
        word = tags[0].word if tags else ""
        candidates, named = self.candidates(word)
        free = tuple(one for one in candidates if one.name not in self.configured)
        if len(free) < 2 and (named or (len(self.groups) < 2 and (not word or not self._has_plainer))):
            return free
        if list(self.schemes).index(prefix) >= MOST_SCHEMES:
            return free[:1] if named else ()
        near = _next_to(tags, beside)
        held = {_key_of(one): sum(_is_tagged(one) or self.version_at(tag.tag, one) == tag.version for tag in near) for one in free}
        most = max(held.values(), default=0)
        if most and (named or not word or most == len(near) > 1 or not self._has_plainer):
            return tuple(one for one in free if held[_key_of(one)] == most)
        return free[:1] if named or not word else ()

    @cached_property
    def _has_plainer(self) -> bool:
        """Whether some tags are plain, or name a package: then a word that says nothing is no scheme by itself."""
        return any(not tags[0].word or self.candidates(tags[0].word)[1] for tags in self.schemes.values())

    def candidates(self, word: str) -> tuple[tuple[Group, ...], bool]:
        """Give the groups that a word before the version may mean, the likeliest first, and whether it names them."""
        if word:
            for fits in (_is_named, _is_of_ecosystem, _ends_so):
                if found := tuple(group for group in self.groups if any(fits(word, package) for package in group.packages) or _same(word, group.name)):
                    return found, True
        return self.groups, False

    def template(self, group: Group) -> str:
        """Give how the next tag of a group is written: as configured, else as its newest tag, else as other packages here are tagged."""
        return self._template(group)[0]

    def _template(self, group: Group) -> tuple[str, str]:
        """Give how the next tag of a group is written, and from what that is known: "" where no tag and no configuration says it."""
        if (template := self.configured.get(group.name)) is not None:
            return template, "as configured"
        newest = self.newest(group)
        if newest is not None:
            return newest.template, f"as {newest.tag}"
        if self._project.groups and group.name == self._project.groups[0].name:
            return DEFAULT, ""
        named = next((one for tags in self.schemes.values() for one in tags[:1] if one.word and one.word in one.prefix), None)
        return (named.template.replace(named.word, group.name, 1), f"like {named.tag}") if named is not None else (f"{group.name}-{DEFAULT}", "")

    def newest(self, group: Group) -> TagName | None:
        """Give the newest tag of a group, a release before what only announces one; of several that say the same version, one that names no package."""
        mine = _without_floating(self.of(group))
        newest = next((one for one in mine if one.version.final), mine[0] if mine else None)
        same = (one for one in mine if newest is not None and one.version == newest.version and not one.word)
        return newest if newest is None or not newest.word else next(same, newest)

    def summary(self) -> list[GroupTags]:
        """Give how each group is tagged, of those that move alone the ones that have tags of their own, or any tag where there is no group."""
        found = [
            GroupTags(group=one.name, template=template, newest=self.newest(one), beside=self.beside(one), ahead=self.ahead(one), basis=basis)
            for one in self.groups
            for template, basis in [self._template(one)]
        ]
        main = self._project.groups
        return [one for number, one in enumerate(found) if number < len(main) or (one.newest is not None and (one.newest.word or not main))]

    def ahead(self, group: Group) -> TagName | None:
        """Give the highest pre-release of a version that a group has not reached, tagged as its newest release is."""
        newest = self.newest(group)
        if newest is None or not newest.version.final:
            return None
        like = [one for one in _without_floating(self.of(group)) if one.template == newest.template]
        highest = max((one.version for one in like if one.version.final), default=newest.version)
        return max((one for one in like if not one.version.final and one.version > highest), key=lambda one: one.version, default=None)

    def beside(self, group: Group) -> tuple[TagName, ...]:
        """Give the other tags that say a group's newest release, one of each scheme: a project may tag each of its packages."""
        newest = self.newest(group)
        same = {} if newest is None else {one.prefix: one for one in self.of(group) if one.version == newest.version and one.prefix != newest.prefix}
        return tuple(same.values())

    def read(self, tag: str) -> TagReading:
        """Read a tag: its version, the groups that it may be a release of, and whether it is written as release tags of theirs are."""
        for group in self.groups:
            if (template := self.configured.get(group.name)) is not None and (found := parse_as(tag, template, (group.name,))) is not None:
                sharing = (group,) if "{group}" in template else tuple(one for one in self.groups if self.configured.get(one.name) == template)
                return TagReading(tag=tag, name=found[0], groups=sharing)
        parsed = parse(tag) or parse_number(tag)
        if parsed is None:
            return TagReading(tag=tag, name=None, groups=self.groups[:1], template=self._template_of(self.groups[:1]))
        candidates, named = self.candidates(parsed.word)
        if candidates and all(one.name in self.configured for one in candidates):
            return TagReading(tag=tag, name=parsed, groups=candidates, template=self._template_of(candidates), evidence=f"{self._config.path} says so")
        if any(one.tag != tag for one in self.schemes.get(parsed.prefix, ())):
            groups = self.owners(parsed.prefix, tag) or candidates
            return TagReading(tag=tag, name=parsed, groups=groups, stated_by_tags=self._stated_by_tags(groups, parsed))
        usual = () if named else self._usual(candidates, parsed)
        if not usual:
            return TagReading(tag=tag, name=parsed, groups=candidates)
        evidence = f"as {usual[0].tag} and {len(usual) - 1} more" if len(usual) > 1 else f"as {usual[0].tag}"
        return TagReading(tag=tag, name=parsed, groups=candidates, template=usual[0].template, evidence=evidence)

    def _stated_by_tags(self, groups: Sequence[Group], parsed: TagName) -> tuple[Group, ...]:
        """Give the groups whose manifests did not move at the tags next to one, which says another version than they do."""
        near = [one for one in _next_to(self.schemes[parsed.prefix], parsed.tag) if one.version != parsed.version]
        if len(near) < 2 or any(one.version is not None and parsed.says(one.version) for one in groups):
            return ()
        return tuple(one for one in groups if one.version is not None and all(self.version_at(tag.tag, one) == one.version != tag.version for tag in near))

    def _usual(self, candidates: Sequence[Group], parsed: TagName) -> list[TagName]:
        """Give the releases of the groups that a tag may mean, where these are tagged in another way, twice at least."""
        holders = [one for one in candidates if one.version is not None and parsed.says(one.version)] or list(candidates[:1])
        for holder in holders:
            others = [one for one in self.of(holder) if one.prefix != parsed.prefix and one.version.final]
            if len(others) > 1:
                return others
        return []

    def _template_of(self, groups: Sequence[Group]) -> str:
        return self.template(groups[0]) if groups else DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTags:
    """How the releases of a group are tagged, the newest of them, those of other schemes `beside` it, and a pre-release that is `ahead` of it.

    `basis` says from what the template is known: "" where it is assumed.
    """

    group: str
    template: str
    newest: TagName | None
    beside: tuple[TagName, ...] = ()
    ahead: TagName | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReading:
    """What a tag says: its name, None where that holds no version, and the groups that it may be a release of, the likeliest first.

    `template` is how release tags are written here, "" where the tag is written so; `evidence` says how that is known.
    """

    tag: str
    name: TagName | None
    groups: tuple[Group, ...]
    template: str = ""
    evidence: str = ""
    stated_by_tags: tuple[Group, ...] = ()
    """The groups whose manifests said the version that they say now at the tags before it too: their releases are at what the tags say."""

    @property
    def usual(self) -> bool:
        """Whether it is written as release tags of the project are."""
        return not self.template

    @property
    def holder(self) -> Group | None:
        """The group that says the tag's version, or states none; None where every group says another."""
        name = self.name
        if name is None:
            return None
        said = next((one for one in self.groups if one.version is not None and name.says(one.version)), None)
        return said or next((one for one in self.groups if _is_tagged(one) or one in self.stated_by_tags), None)

    @property
    def unreadable(self) -> Group | None:
        """The group of a Python package that is shipped and whose version cannot be read, where no group says the tag's version.

        Where all that the groups state are placeholders, the first of these: a release may fill it in.
        """
        if self.name is None or self.holder is not None:
            return None
        stated = [one for one in self.groups if one.version is not None]
        if stated and all(is_placeholder(one.version) for one in stated if one.version is not None):
            return stated[0]
        return next((one for one in self.groups if one.version is None and any(map(_is_shipped, one.packages))), None)

    def suggestion(self) -> str:
        """Give the name that the tag should have."""
        group = self.holder or next(iter(self.groups), None)
        version = (group.version if group else None) or (self.name.version if self.name else None)
        return (self.template or DEFAULT).replace("{version}", str(version or "1.2.0")).replace("{group}", group.name if group else "main")


def _next_to(tags: Sequence[TagName], beside: str) -> Sequence[TagName]:
    """Give the newest tags of a scheme, or those that came before one of them."""
    at = next((number for number, one in enumerate(tags) if one.tag == beside), None)
    if at is None:
        return tags[:ASKED]
    return tags[at + 1 : at + 1 + ASKED] or tags[max(at - ASKED, 0) : at]


def _alone(package: Package) -> Group:
    return Group(name=package.name, version=package.version, basis="on its own", packages=(package,))


def _is_tagged(group: Group) -> bool:
    """Say whether the versions of a group come from git's tags."""
    return group.version is None and any(package.tagged for package in group.packages)


def _is_shipped(package: Package) -> bool:
    return package.ecosystem is Ecosystem.PYTHON and package.publish is not False and not is_example(package.root)


def _without_floating(tags: Sequence[TagName]) -> list[TagName]:
    """Leave out the tags that are moved to each release of a series: `v1` and `v1.2` beside `v1.2.3`."""
    longer = {one.version.release[:length] for one in tags for length in range(1, len(one.version.release))}
    return [one for one in tags if one.version.release not in longer or len(one.version.release) > 2]


def _key_of(group: Group) -> tuple[str, str]:
    """Tell groups apart: a crate and a wheel that move on their own may have one name."""
    return group.name, group.packages[0].id if group.packages else ""


def _key(name: str) -> str:
    return re.sub(r"[-_./]+", "-", name.lstrip("@")).lower()


def _same(word: str, name: str) -> bool:
    return _key(word) == _key(name)


def _is_named(word: str, package: Package) -> bool:
    """Say whether a word is a package's name, the last part of it, or its folder."""
    folder = package.root
    return any(_same(word, name) for name in (package.name, package.name.rpartition("/")[2], folder, folder.rpartition("/")[2]) if name)


def _is_of_ecosystem(word: str, package: Package) -> bool:
    return ECOSYSTEMS.get(word.lower()) is package.ecosystem and package.publish is not False and not is_example(package.root)


def _ends_so(word: str, package: Package) -> bool:
    """Say whether a package's name ends in a word: `core` of `pydantic-core`."""
    return _key(package.name).endswith(f"-{_key(word)}")
