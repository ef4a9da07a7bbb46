"""What a bump teaches: the lines that moved with it, told by their shape, and where such a line stands in a text today, in step or broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.project.learning import ChangedLine, Mention, PastBump, Standing
from lockstep.versions.agreement import says
from lockstep.versions.version import Spelling, Version

_HISTORY = pattern(
    r"(?:^|/)(?:[^/]*(?:change(?:s|log)|history|release[_-]?notes|releases|whats[_-]?new|migrat|upgrad)[^/]*|news)(?:/|\.[a-z]+$|$)", re.IGNORECASE
)
_FROZEN = pattern(
    r"[.-]lock(?:\.\w+)?$|(?:^|/)(?:go\.sum|yarn\.lock|pnpm-lock\.yaml|npm-shrinkwrap\.json)$|\.(?:snap|ambr|svg|min\.js|map|ipynb|csv|tsv|log|out|diff|patch)$|(?:^|/)(?:licen[cs]es?|third[-_]party[^/]*|notice)[^/]*$",
    re.IGNORECASE,
)
_FOREIGN = pattern(r"(?:^|/)(?:vendor|vendored|_vendor|third[_-]?party|node_modules|testdata|test[_-]data|fixtures?|__fixtures__|snapshots)/", re.IGNORECASE)
_PAST = pattern(
    r"\b(?:since|as of|starting (?:from|with|in)|from version|(?:added|new|introduced|removed|changed|fixed|deprecated|available) in|prior to|before|until"
    r"|version(?:added|changed)|deprecated)\b|(?:\band|\bor) (?:later|greater|newer|higher|above|up)\b",
    re.IGNORECASE,
)
_OWN = pattern(r"\s*[\"']?version[\"']?\s*[=:]")
"""How a manifest states its own version, which asks for no package."""
_COMPARE = pattern(r"/compare/[^\s/]+\.\.\.(?:HEAD|main|master|develop)\b")
LONGEST = 2000
"""Characters of the longest line that is looked at."""
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_DATE = (
    rf"(?:(?:19|20)[0-9]{{2}}(?:-{_MONTH}-{_DAY}|/{_MONTH}/{_DAY}|{_MONTH}{_DAY})"
    r"|(?:[0-9]{1,2}\.? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:[0-9]{1,2},? )?(?:19|20)[0-9]{2})(?![0-9])"
)
"""A day, or a month, as people write it beside a version."""
_DATES = pattern(rf"(?<![0-9A-Za-z]){_DATE}")
_ANY = (
    r"[0-9]+(?:\.[0-9]+){1,5}(?:[-._]?(?:alpha|beta|preview|pre|rc|dev|post|a|b|c)[-._]?[0-9]*){0,2}"
    r"(?:-[0-9A-Za-z.-]{1,40})?(?:\+[0-9A-Za-z.-]{1,40})?"
)
"""A version, or its first two numbers."""
_FOLLOWS = (
    r"(?![0-9A-Za-z]|\.[0-9]|(?i:[-+](?:alpha|beta|preview|pre|rc|dev|post|canary|nightly|next|snapshot|build|a|b|c|r|p)[-.]?[0-9])"
    r"|[-+][0-9]+(?![0-9]|[._][A-Za-z]))"
)
"""What stands behind a whole version: no pre-release. A platform (`-x86_64`, `-py3`) and the revision of a package (`-1_amd64`) are none."""
_TELLING = pattern(r"[A-Za-z]{3}")

Shape: TypeAlias = tuple[str, ...]
"""The text around each mention of a version in a line, dates aside, and how full each mention is."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    text: str
    spelling: Spelling


class Mentions:
    """Finds a version in lines."""

    def __init__(self, version: Version) -> None:
        self._texts: dict[str, Spelling] = {}
        for text, spelling in _spellings(version):
            self._texts.setdefault(text, spelling)
        self._brief = f"{version.major}.{version.minor}" if version.pre is None and str(version) != f"{version.major}.{version.minor}" else ""
        ordered = sorted(self._texts, key=len, reverse=True)
        self._found = re.compile(rf"(?<![0-9A-Za-uw-z.])(?:{'|'.join(map(re.escape, ordered))}){_FOLLOWS}")

    def tokens(self, line: str) -> list[_Token]:
        """Give each whole mention in a line, from left to right."""
        if len(line) > LONGEST or not any(text in line for text in self._texts):
            return []
        return [_Token(found.start(), found[0], self._texts[found[0]]) for found in self._found.finditer(line)]

    def shape(self, line: str) -> Shape:
        """Give a line with each mention taken out, and whether each was a brief one; () where there is none."""
        parts, end, kinds = [], 0, []
        for token in self.tokens(line):
            parts.append(line[end : token.start])
            kinds.append("brief" if token.text == self._brief else "full")
            end = token.start + len(token.text)
        return (*(_DATES.sub("\0", part) for part in (*parts, line[end:])), *kinds) if parts else ()


def is_never_learned(path: str) -> bool:
    """Say whether nothing in a file can teach a site: it is not ours, or a lock, or what nobody writes by hand."""
    return _FOREIGN.search(path) is not None or _FROZEN.search(path) is not None


def lessons(path: str, before: str, after: str, old: Version, new: Version) -> Iterator[ChangedLine]:
    """Give the lines of a file that a commit moved from one version to the other, and nothing else in them but a date.

    What is history, in a changelog or in words, teaches nothing.
    """
    was, now = Mentions(old), Mentions(new)
    then, there = _lines(before), _lines(after)
    removed, added = Counter(then), Counter(there)
    removed, added = removed - added, added - removed
    is_history, is_manifest = _HISTORY.search(path) is not None, path.endswith(("Cargo.toml", "package.json", "pyproject.toml"))
    sources: dict[Shape, str] = {}
    for line in removed:
        if (shape := was.shape(line)) and not _PAST.search(line) and (not is_history or _COMPARE.search(line)) and not (is_manifest and _OWN.match(line)):
            sources.setdefault(shape, line)
    for number, line in enumerate(there):
        if line not in added or (source := sources.get(shape := now.shape(line))) is None:
            continue
        alike = _alike(there, shape)
        if number not in alike:
            continue  # the version is of a kind that nobody would know for one
        is_pep440 = any(token.spelling is Spelling.PEP440 for token in (*was.tokens(source), *now.tokens(line)))
        yield ChangedLine(
            path=path,
            old=source,
            new=line,
            above=_at(there, number - 1),
            below=_at(there, number + 1),
            nth=alike.index(number),
            alike=len(alike),
            mentions=tuple(Mention(token.start, token.text, Spelling.PEP440 if is_pep440 else token.spelling) for token in now.tokens(line)),
        )


def search(text: str, taught: list[ChangedLine], bump: PastBump, current: Version) -> Iterator[Standing]:
    """Give the mentions in a text that taught lines make sites: those of the current version in lines of their shape, and those that are broken.

    Where the text is at another version than that of the bump, what was left behind is broken, but not for sure.
    """
    new, now = Mentions(bump.new), Mentions(current)
    lines = _lines(text)
    shapes: dict[Shape, list[ChangedLine]] = {}
    for change in taught:
        shapes.setdefault(new.shape(change.new), []).append(change)
    pep440 = {shape for shape, some in shapes.items() if any(one.spelling is Spelling.PEP440 for line in some for one in line.mentions)}
    dated = {shape for shape, some in shapes.items() if any(line.is_dated for line in some)}
    standing = {number: shape for number, line in enumerate(lines) if (shape := now.shape(line)) in shapes}
    found = [(number, token, shape) for number, shape in standing.items() for token in now.tokens(lines[number])]
    if current == bump.new:
        count = Counter(standing.values())
        missing = {shape: some for shape, some in shapes.items() if count[shape] < len(some)}
        found += ((number, token, shape) for shape, some in missing.items() for number, token in _broken(lines, shape, some, current))
    elif current > bump.new and current.final == bump.new.final:
        left = {change.new: shape for shape, some in shapes.items() for change in some}
        found += ((number, token, left[line]) for number, line in enumerate(lines) if line in left for token in new.tokens(line))
    starts = _starts(text)
    for number, token, shape in found:
        mention = Mention(token.start, token.text, Spelling.PEP440 if shape in pep440 else token.spelling)
        yield Standing(start=starts[number], line=number + 1, mention=mention, weak=current != bump.new and number not in standing, dated=shape in dated)


def _broken(lines: list[str], shape: Shape, taught: list[ChangedLine], current: Version) -> Iterator[tuple[int, _Token]]:
    """Give the mentions of other versions in lines that stand where taught lines of a shape stood."""
    alike = _alike(lines, shape)
    wild = _wild(shape)
    is_telling = _TELLING.search("".join(shape[: len(shape) // 2 + 1])) is not None
    seen = set()
    for one in taught:
        near = [number for number in alike if (_at(lines, number - 1), _at(lines, number + 1)) == (one.above, one.below)]
        place = alike[one.nth] if is_telling and len(alike) == one.alike else near[0] if len(near) == 1 else None
        if place is None or place in seen:
            continue
        seen.add(place)
        found = wild.fullmatch(lines[place])
        assert found is not None
        for group, text in enumerate(found.groups(), 1):
            try:
                if not says(text, Spelling.PREFIX, current):
                    yield place, _Token(found.start(group), text, Spelling.PREFIX)
            except VersionError:
                continue


def _alike(lines: Iterable[str], shape: Shape) -> list[int]:
    """Give the numbers of the lines that have a shape with any versions."""
    first, last, wild = shape[0].partition("\0")[0], shape[len(shape) // 2].rpartition("\0")[2], _wild(shape)
    return [number for number, line in enumerate(lines) if line.startswith(first) and line.endswith(last) and len(line) <= LONGEST and wild.fullmatch(line)]


def _wild(shape: Shape) -> re.Pattern[str]:
    """Give the expression of a shape with any versions and dates in it; its groups are the versions."""
    texts = (_DATE.join(map(re.escape, part.split("\0"))) for part in shape[: len(shape) // 2 + 1])
    return re.compile(f"({_ANY})".join(texts))


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def _starts(text: str) -> list[int]:
    """Give the offset of each line."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _at(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _spellings(version: Version) -> Iterator[tuple[str, Spelling]]:
    """Give the texts by which a line may mean a version, the longest first; a bare major.minor stands for a release alone."""
    for spelling in (Spelling.SEMVER, Spelling.PEP440):
        try:
            yield version.spell(spelling, version.text if spelling is Spelling.SEMVER else ""), Spelling.PREFIX if spelling is Spelling.SEMVER else spelling
        except VersionError:
            continue
    if version.pre is None:
        yield f"{version.major}.{version.minor}", Spelling.PREFIX
