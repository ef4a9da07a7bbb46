"""A README that says in words which version is out: `The current version is 0.5.0`, `This version (0.5.0)`, `**Version:** 0.5.0`, `# spam 0.5.0`.

Only a sentence that is about nothing but the version counts: one that begins with it, and names our package or none. What tells of the past, of what
is required or of what something was tried with is none, nor what stands in code, in a list of releases, or beside another version.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from lockstep.manifest import Here, Manifest, Mention, Named, Scope, Source
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("README*.{md,rst,txt,adoc}", "README")

_NUMBER = r"v?(?P<version>[0-9]+(?:\.[0-9]+){2,3}(?:-?(?:alpha|beta|rc|a|b|dev)[.-]?[0-9]*)?)(?![0-9A-Za-z+-]|\.[0-9A-Za-z])"
_MARKUP = r"[*_`(\[]{0,4}"
_NAME = r"[*_`\[]{0,3}(?P<name>@?[A-Za-z][\w.@/-]{0,80}?)[*_`\]]{0,3}"
_NOW = r"(?:current|latest|newest|present|most[ ]recent|this)(?:[ ](?:stable|released|published|official))?|stable"
_KIND = r"(?:package|crate|library|project|module|tool|app)"
_WORD = r"(?:version|release)"
_START = r"(?:^[ \t>#*_+|-]*|(?<=[.!?])[ ]+)(?:currently,?[ ])?(?:the[ ]|our[ ]|its[ ]|it[ ]is[ ]the[ ]|this[ ]is[ ]the[ ])?"
_SAYS = rf"[*_`]{{0,3}}[ ]?(?:is[ ](?:now[ ]|currently[ ])?|[:=|][ ]*|(?=\()|)(?:{_WORD}[ ])?{_MARKUP}[ ]?{_MARKUP}"
_SENTENCES = (
    pattern(rf"{_START}(?:{_NOW})[ ](?:{_KIND}[ ])?{_WORD}(?:[ ]of[ ](?:the|this)[ ]{_KIND})?{_SAYS}{_NUMBER}", re.MULTILINE | re.IGNORECASE),
    pattern(rf"{_START}(?:{_NOW})[ ]{_WORD}[ ]of[ ]{_NAME}{_SAYS}{_NUMBER}", re.MULTILINE | re.IGNORECASE),
    pattern(rf"{_START}(?:{_NOW})[ ]{_NAME}[ ]{_WORD}{_SAYS}{_NUMBER}", re.MULTILINE | re.IGNORECASE),
    pattern(rf"{_START}{_NAME}(?:'s)?[ ](?:{_NOW})[ ]{_WORD}{_SAYS}{_NUMBER}", re.MULTILINE | re.IGNORECASE),
    pattern(rf"{_START}{_WORD}[ ]{_MARKUP}{_NUMBER}[*_`)\]]{{0,4}}[ ]is[ ]the[ ](?:{_NOW})[ ]{_WORD}\b", re.MULTILINE | re.IGNORECASE),
)
_LABEL = pattern(rf"^(?:[-*+|][ ]+)?[*_]{{0,3}}Version[*_]{{0,3}}[ ]?[:|][*_]{{0,3}}[ ]*{_MARKUP}{_NUMBER}[*_`)\]]{{0,4}}[ ]*\|?[ \t]*\r?$", re.MULTILINE)
_TITLE = pattern(
    rf"\A\s*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)?(?:#[ ]++|(?=[^\n]++\n[ \t]*+=++[ \t]*+\r?\n))"
    rf"{_NAME}[ ]+(?:{_WORD}[ ])?{_MARKUP}{_NUMBER}[*_`)\]]{{0,4}}[ \t]*\r?$",
    re.MULTILINE,
)
_TOKEN = pattern(r"[Vv]ersion|[Rr]elease|VERSION|RELEASE")
_ANOTHER = pattern(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)+")
_PAST = pattern(
    r"\b(?:since|as of|starting|until|before|after|prior|earlier|older|previous(?:ly)?|was|were|will|would|had|no longer"
    r"|(?:added|new|introduced|removed|changed|fixed|deprecated|available|broken|dropped) in|deprecated|requir\w*|needs?|depend\w*|minimum|at least|min"
    r"|test\w* (?:with|on|against)|compatib\w*|compar\w*|benchmark\w*|based on|built (?:with|on|against)|bundle\w*|wraps?|upstream|fork\w*|vendor\w*"
    r"|example)\b|\be\.g\."
    r"|(?:\band|\bor) (?:later|greater|newer|higher|above|up|below|earlier)\b|[<>≥≤]=?[ ]?v?[0-9]",
    re.IGNORECASE,
)
"""What makes a sentence one about the past, about a need, or about another project."""
_HISTORY = pattern(r"(?i)change ?-?log|changes|history|releases|release notes|what'?s new|news|migrat|upgrad|roadmap|compatib|support|benchmark")
_RULES = "=-~^"
"""What a heading of reStructuredText is underlined with, the outermost first, as most write it."""
_MARK = pattern(
    r"^[ \t]*(?P<fence>```+|~~~+)|^(?P<marks>\#{1,6})[ ]+(?P<text>[^\n]*)"
    rf"|^(?P<line>(?=[^\n]*?\w)[^\n]*+)\n[ \t]*+(?P<rule>[{re.escape(_RULES)}])(?P=rule){{2,}}[ \t]*\r?$",
    re.MULTILINE,
)
_LONGEST_LINE = 1000
_LARGEST = 1_000_000


def read(source: Source) -> Manifest:
    """Find the sentences that say which version is out."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)) if len(source.text) <= _LARGEST else ())


def _mentions(text: str) -> Iterator[Mention]:
    title = _TITLE.match(text)
    if title is not None:
        yield from _mention(title)
    sentences: dict[int, re.Match[str]] = {}
    labels: list[re.Match[str]] = []
    for start, end in _lines(text):
        if (label := _LABEL.match(text, start, end)) is not None:
            labels.append(label)
        elif not _PAST.search(text, start, end):
            for found in (one for shape in _SENTENCES for one in shape.finditer(text, start, end)):
                sentences.setdefault(found.start("version"), found)
    if len(labels) == 1:  # several are a list of releases
        sentences[labels[0].start("version")] = labels[0]
    if sentences:
        closed = [*_closed(text)]
        for at, found in sentences.items():
            number = bisect_right(closed, (at, len(text)))
            if not number or closed[number - 1][1] <= at:
                yield from _mention(found)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Give the lines that speak of a version or a release, and say one number."""
    end = 0
    while near := _TOKEN.search(text, end):
        start, end = text.rfind("\n", 0, near.start()) + 1, text.find("\n", near.end())
        end = len(text) if end == -1 else end
        if end - start <= _LONGEST_LINE and len(_ANOTHER.findall(text, start, end)) == 1:
            yield start, end


def _closed(text: str) -> Iterator[tuple[int, int]]:
    """Give the parts of a page that are code, or stand below a heading of a history."""
    fence = history = ""
    since: int | None = None
    for found in _MARK.finditer(text):
        if mark := found["fence"]:
            fence = "" if fence and mark.startswith(fence) else fence or mark
        elif not fence:
            level = found["marks"] or "#" * (1 + _RULES.index(found["rule"][0]))
            if not history or len(level) <= len(history):
                history = level if _HISTORY.search(found["text"] or found["line"] or "") else ""
        if (fence or history) and since is None:
            since = found.start()
        elif not fence and not history and since is not None:
            yield since, found.start()
            since = None
    if since is not None:
        yield since, len(text)


def _mention(found: re.Match[str]) -> Iterator[Mention]:
    name = found.groupdict().get("name")
    for owner in (Here(),) if name is None else tuple(Named(one, name) for one in (Ecosystem.CARGO, Ecosystem.PYTHON, Ecosystem.NPM)):
        yield Mention(
            key="version in words",
            start=found.start("version"),
            text=found["version"],
            role=Role.MIRROR,
            spelling=Spelling.PREFIX,
            owner=owner,
            why="says which version is out",
            weak=True,
            kept=True,
            installs=True,
        )
