"""What is wrong in a repository as an editor has it: its files, and the texts that are not saved yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from lockstep import api
from lockstep.dataclass import dataclass, field
from lockstep.editor.positions import offset_of
from lockstep.pattern import pattern

AUDITED = ".github/"
"""Whoever has a file of this folder open is told what the audit of release workflows finds in it."""
_WORD = pattern(r"""["'][^"'\r\n]*["']|[^\s"',#=\[\]{}()]+""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something to underline: `start` and `end` count characters from 0; where the text is not known, they are None, and the place says where.

    `finding` is None for what stops lockstep from looking further.
    """

    place: api.Place
    start: int | None
    end: int | None
    level: api.Level
    message: str
    help: str = ""
    finding: api.Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A repository at one moment of editing: `problems` by path. Where something `stopped` the check, nothing is known but what did."""

    opened: api.Session | None
    found: api.CheckResult | None
    buffers: Mapping[str, str]
    problems: Mapping[str, tuple[Problem, ...]]
    stopped: api.LockstepError | None
    _planned: dict[api.Finding | None, api.FixPlan | None] = field(default_factory=dict, compare=False)

    def text(self, path: str) -> str | None:
        """Give a file's text as it was looked at; None where that is not known."""
        if path in self.buffers:
            return self.buffers[path]
        if self.opened is None or not self.opened.tree.has(path):
            return None
        try:
            return self.opened.tree.read(path)
        except api.LockstepError:
            return None

    def depends_on(self, path: str) -> bool:
        """Say whether another text of a file could change anything: it was read, or nobody knows."""
        return self.stopped is not None or self.opened is None or path.startswith(AUDITED) or self.opened.was_read(path)

    def plan_fix(self, only: api.Finding | None = None) -> api.FixPlan | None:
        """Plan what ends one finding, or aligns everything; None where nothing can be aligned. It takes as long as a check, once."""
        if self.opened is None or self.found is None:
            return None
        if only not in self._planned:
            try:
                self._planned[only] = api.plan_fix(self.opened, self.found, only=only)
            except api.LockstepError:
                self._planned[only] = None  # the result would have an error that is not there now
        return self._planned[only]

    def site(self, path: str, offset: int) -> api.Site | None:
        """Give the version that stands at a character of a file."""
        sites = self.found.project.sites if self.found is not None else ()
        return next((one for one in sites if one.path == path and one.start <= offset <= one.start + len(one.text)), None)


def analyse(folder: str, buffers: Mapping[str, str]) -> Analysis:
    """Check a repository with the texts of an editor, and audit its release workflows where one of their files is open."""
    opened: api.Session | None = None
    found: api.CheckResult | None = None
    findings: list[api.Finding] = []
    stopped: list[api.LockstepError] = []
    try:
        opened = api.open_repository(folder, buffers=buffers)
        found = api.check(opened)
        findings += found.findings
    except api.LockstepError as error:
        stopped += [error, *error.others]
    audited = [path for path in buffers if path.startswith(AUDITED)]
    if opened is not None and audited:
        try:
            findings += (one for one in api.audit(opened).findings if one.place.path in audited)
        except api.LockstepError as error:
            stopped.append(error)
    known = Analysis(opened=opened, found=found, buffers=buffers, problems={}, stopped=stopped[0] if stopped else None)
    problems: dict[str, list[Problem]] = {}
    for problem in (*_failures(known, stopped), *_found(known, dict.fromkeys(findings))):
        problems.setdefault(problem.place.path, []).append(problem)
    return Analysis(opened=opened, found=found, buffers=buffers, problems={path: tuple(each) for path, each in problems.items()}, stopped=known.stopped)


def _failures(known: Analysis, errors: Collection[api.LockstepError]) -> Iterator[Problem]:
    for error in errors:
        if error.path is None:
            continue
        place = api.Place(path=error.path, line=error.line, column=error.column)
        start, end = _span(known.text(error.path), place)
        yield Problem(place=place, start=start, end=end, level=api.Level.ERROR, message=error.message, help=error.help)


def _found(known: Analysis, findings: Collection[api.Finding]) -> Iterator[Problem]:
    sites = {site.place: site for site in (known.found.project.sites if known.found is not None else ())}
    for one in findings:
        site = sites.get(one.place)
        start, end = (site.start, site.start + len(site.text)) if site is not None else _span(known.text(one.place.path), one.place, one.old)
        yield Problem(place=one.place, start=start, end=end, level=one.level, message=one.message, help=one.help, finding=one)


def _span(text: str | None, place: api.Place, said: str | None = None) -> tuple[int | None, int | None]:
    """Give from where to where to underline: what is said to stand there, else a word, else one character; at the end of a line that before it."""
    if text is None:
        return None, None
    start = offset_of(text, place.line, place.column)
    if said and text.startswith(said, start):
        return start, start + len(said)
    if (word := _WORD.match(text, start)) is not None:
        return start, word.end()
    return (start - 1, start) if start and text[start : start + 1] in ("", "\r", "\n") and text[start - 1] != "\n" else (start, start + 1)
