"""Does a package of another ecosystem move with ours: a pom.xml, a podspec, a Helm chart?

Nothing joins it to ours but what it says, so that it must say our version, and one thing more must speak for it: it is named like ours, it stands
beside ours, or it said our version at the release before, too. Where history tells that it did not, it has a life of its own, whatever it says
today. One that says what the last release was, and said so at that release and at the one before, was left behind, if it is ours by name and not
a part of ours: what connects spam with some framework rests while spam moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lockstep.dataclass import dataclass, replace
from lockstep.errors import LockstepError, VersionError
from lockstep.manifest import Kin, Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.project.discovery import Found, is_example
from lockstep.project.grouping import DEFAULTS, Grouping, PastRelease
from lockstep.versions.agreement import says
from lockstep.versions.version import Spelling, Version

_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MOST_WORDS = 12
_SHORTEST = 3
_SNAPSHOT = "-SNAPSHOT"
_COMMON = pattern(
    r"android|api|app|bindings|chart|cli|client|common|core|cpp|crate|csharp|dart|dev|dotnet|elixir|engine|ffi|go|helm|ios|java|js|julia|kotlin|lib|library|main|native"
    r"|net|node|package|parent|php|project|py|python|r|root|rs|ruby|rust|scala|sdk|server|service|shared|src|swift|sys|tests?|tools|utils|wasm|web|workspace"
)
"""Words that name a part of something, never what it is a part of."""

Read = Callable[[Source], Manifest]


def is_named_like(name: str, ours: Iterable[str]) -> bool:
    """Say whether a name holds one of ours (`spam-java`, `Org.Spam`, `libspam`), or is what several of ours begin with."""
    theirs = _words(name)
    runs = {"".join(theirs[start:end]) for start in range(len(theirs)) for end in range(start + 1, len(theirs) + 1)}
    whole = "".join(theirs)
    for one in ours:
        mine = _words(one.rpartition("/")[2])
        joined = "".join(mine)
        plain = "".join(word for word in mine if not _COMMON.fullmatch(word))
        if any(_tells(each) and each in runs for each in (joined, plain, plain.removeprefix("lib"), plain.removeprefix("py"))):
            return True
        if _tells(whole) and whole.removeprefix("lib") in ("".join(mine[:end]) for end in range(1, len(mine) + 1)):
            return True
    return False


def is_same_name(name: str, ours: Iterable[str]) -> bool:
    """Say whether a name is one of ours, but for what says which part or language of it is meant: `spam-java`, not `spam-spring`."""
    wanted = _plain(name)
    return _tells(wanted) and any(_plain(one.rpartition("/")[2]) == wanted for one in ours)


def _plain(name: str) -> str:
    plain = "".join(word for word in _words(name) if not _COMMON.fullmatch(word))
    return plain.removeprefix("lib").removeprefix("py")


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name[:200])][:_MOST_WORDS]


def _tells(name: str) -> bool:
    return len(name) >= _SHORTEST and not _COMMON.fullmatch(name)


@dataclass(frozen=True, slots=True)
class Step:
    """What a mention said at a release: the tag, the release's version, the text, and whether that was the version."""

    tag: str
    version: Version
    text: str
    is_ours: bool


class Kinship:
    """Decides whose the mentions of other ecosystems are."""

    def __init__(self, packages: Iterable[Found], grouping: Grouping) -> None:
        self._grouping = grouping
        by_id = {found.id: found for found in packages}
        self._group = {member: [by_id[one] for one in group.members] for group in grouping.groups for member in group.members}
        self._version = {member: group.version for group in grouping.groups for member in group.members}
        self._at: dict[str, list[Found]] = {}
        for found in by_id.values():
            self._at.setdefault(found.root, []).append(found)

    def claim(self, source: Source, mention: Mention, beside: Found, read: Read, *, awaited: bool) -> tuple[Mention, Found] | None:
        """Give a mention as the site that it is, and whose, if it is one."""
        kin = mention.owner
        assert isinstance(kin, Kin)
        found = self._called(kin.name, beside)
        if found.version is None or found.version != self._version[found.id] or self._is_an_outsiders(source.folder, mention):
            return None  # of a package that drifted nobody can tell who follows it
        is_shown = is_example(source.folder)
        ours = [one.declared.name for one in self._group[found.id]]
        named = not is_shown and is_named_like(kin.name, ours)
        close = named or (kin.beside and not is_shown and source.folder == found.root)
        if _says(mention, found.version):
            why = self._moves(source, mention, found, read, close=close)
        elif mention.kept and (not kin.name or (close and (source.folder == found.root or is_same_name(kin.name, ours)))) and (awaited or found.version.final):
            why = self._was_left(source, mention, found, read, close=close)
        else:
            why = None
        if why is None and close and (why := self._awaits(source, mention, found, read)):
            mention = replace(mention, awaits=True)
        return None if why is None else (replace(mention, weak=False, why=f"{mention.why}; {why}" if why else mention.why), found)

    def _called(self, name: str, beside: Found) -> Found:
        """Give the package of the same name that moves with `beside`, or else that one."""
        whole = "".join(_words(name))
        same = [found for found in self._group[beside.id] if "".join(_words(found.declared.name.rpartition("/")[2])) == whole]
        return next((found for found in same if found.version == beside.version), beside)

    def _is_an_outsiders(self, folder: str, mention: Mention) -> bool:
        """Say whether the nearest package stands outside of the groups, and is at that very version."""
        while not (near := self._at.get(folder)):
            if not folder:
                return False
            folder = folder.rpartition("/")[0]
        return all(found.id not in self._group for found in near) and any(found.version is not None and _says(mention, found.version) for found in near)

    def _moves(self, source: Source, mention: Mention, found: Found, read: Read, *, close: bool) -> str | None:
        """Say why a mention that agrees moves with a package; None when it does so by chance."""
        assert found.version is not None
        if close and found.version not in DEFAULTS:
            return ""
        step = next((one for one in self._past(source, mention, found, read) if one.version != found.version), None)
        if step is not None:
            return f"in step at {step.tag}" if step.is_ours else None
        return "" if close else None

    def _was_left(self, source: Source, mention: Mention, found: Found, read: Read, *, close: bool) -> str | None:
        """Say why a mention of the last release was left behind since."""
        if mention.whole or found.version is None:
            return None
        final = [one for one in self._grouping.tags() if one.version.final]
        if not final or final[0].version >= found.version or not _says(mention, final[0].version):
            return None
        steps: list[Step] = []
        for step in self._past(source, mention, found, read, final):
            if not steps or step.version != steps[-1].version:
                steps.append(step)
            if len(steps) > 1:
                break
        if not steps or not all(one.is_ours for one in steps) or steps[0].text != mention.text or steps[0].version != final[0].version:
            return None
        if len(steps) == 1 and (not close or steps[0].version in DEFAULTS):
            return None  # once is no habit
        return f"in step at {steps[0].tag}"

    def _awaits(self, source: Source, mention: Mention, found: Found, read: Read) -> str | None:
        """Say why a mention says the next release, as Maven does between two of them; None where it did not say the last one at that release.

        Source: https://maven.apache.org/guides/getting-started/index.html#what-is-a-snapshot-version
        """
        numbers = mention.text.removesuffix(_SNAPSHOT)
        if numbers == mention.text or found.version is None or not found.version.final:
            return None
        try:
            if Version.read(numbers) < found.version:
                return None
        except VersionError:
            return None
        step = next(self._past(source, mention, found, read, [one for one in self._grouping.tags() if one.version.final]), None)
        return f"in step at {step.tag}, and on the way to the next release" if step is not None and step.is_ours else None

    def _past(self, source: Source, mention: Mention, found: Found, read: Read, releases: Iterable[PastRelease] | None = None) -> Iterator[Step]:
        """Give what the mention said at the last releases, newest first, where it was there."""
        try:
            now = [one for one in read(source).mentions if one.key == mention.key]
        except LockstepError:
            return
        if mention not in now:
            return
        for release in self._grouping.tags() if releases is None else releases:
            text = release.text(source.path)
            if text is None:
                continue
            try:
                then = [one for one in read(Source(source.path, text)).mentions if one.key == mention.key]
            except LockstepError:
                continue
            if len(then) == len(now):
                said = then[now.index(mention)]
                version = release.version
                if not _says(said, version):
                    version = (release.read() or {}).get(found.id) or version
                yield Step(release.tag, version, said.text, _says(said, version))


def _says(mention: Mention, version: Version) -> bool:
    try:
        return says(mention.whole, Spelling.PREFIX, version) if mention.whole else says(mention.text, mention.spelling, version)
    except VersionError:
        return False
