"""The release pull request in words: its body for GitHub, and what came of it for people and programs.

Source: https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/organizing-information-with-collapsed-sections
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.pattern import pattern
from lockstep.release.proposal import BEGIN, END, Act, GroupRelease, Outcome, Proposal, Skipped
from lockstep.reports import Format, writer
from lockstep.reports.escape import markdown_code as _code
from lockstep.reports.escape import markdown_text as escape
from lockstep.reports.escape import printable
from lockstep.reports.report import ReportOptions
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.review.review import Review

LARGEST = 60_000
"""Characters of a body; GitHub takes 65,536."""
MOST_NOTES = 20_000
"""Characters of the notes of all releases."""
MAIN = "main"
"""What the first group is called where nobody names it."""
MOST_ROWS = 100
MOST_FILES = 60
MOST_IN_TITLE = 3
MOST_SKIPPED = 10
_STYLES = {Outcome.REFUSED: Style.ERROR, Outcome.UNKNOWN: Style.WARNING, Outcome.OPENED: Style.NEW, Outcome.UPDATED: Style.NEW, Outcome.TAGGED: Style.NEW}
_FENCE = pattern(r" {0,3}(?:[-*+] +)?(?P<fence>`{3,}|~{3,})")
_CODE = pattern(r"(`+)(?!`)(?:.+?)(?<!`)\1(?!`)")
_MENTION = pattern(r"(?<![\w./@-])@(?=[A-Za-z0-9])")
_TAG = pattern(r"<(?=!--|/?(?:details|summary)\b)", re.IGNORECASE)


def body(releases: Sequence[GroupRelease], reviews: Mapping[str, Review], files: Sequence[str], left: Sequence[str], mark: str) -> str:
    """Write the body: the table, what a person has to do, the notes, and folded the compatibility reviews and the files."""
    head = "\n".join(_head(releases, left))
    tail = "\n".join(_tail(files))
    notes = _notes(releases)
    room = max(LARGEST - sum(map(len, (head, tail, notes, mark))) - 500, 2_000)
    return "\n".join([BEGIN, mark, head, notes, "\n".join(_reviews(releases, reviews, room)), tail, END]) + "\n"


def _head(releases: Sequence[GroupRelease], left: Sequence[str]) -> Iterator[str]:
    own = [one for one in releases if not one.dependent]
    named = ", ".join(_named(one) for one in own[:MOST_FILES])
    yield f"Merging this releases {named}" + (f" and what depends on {'it' if len(own) == 1 else 'them'}." if len(own) < len(releases) else ".")
    yield ""
    yield "| package | old | new | why |"
    yield "| --- | --- | --- | --- |"
    rows = [one for release in releases for one in release.packages]
    alone = len({one.ecosystem for one in rows}) == 1
    for one in rows[:MOST_ROWS]:
        name = one.package if alone else f"{one.ecosystem}:{one.package}"
        yield f"| {_code(name)} | {escape(one.old)} | {escape(one.new)} | {escape(one.why)} |"
    if len(rows) > MOST_ROWS:
        yield f"| and {len(rows) - MOST_ROWS} more | | | |"
    if said := [*_asked_of_people(releases), *(escape(one) for one in left)]:
        yield from ("", "**Before merging**", "", *(f"- {one}" for one in said))
    yield ""


def _named(one: GroupRelease) -> str:
    """Name a release: the version alone, with the number of its packages, where the group has no name of its own."""
    if one.group == MAIN:
        return f"**{escape(one.new)}** of {counted(len(one.packages), 'package')}"
    return f"**{escape(one.group)} {escape(one.new)}**"


def _asked_of_people(releases: Sequence[GroupRelease]) -> Iterator[str]:
    """Say what a person has to look at, or to write."""
    for one in releases:
        if one.unfinished:
            what = counted(one.unfinished, "note")
            has = "has" if one.unfinished == 1 else "have"
            how = "`lockstep changelog draft` on the base branch, and finish it there; this pull request takes it over"
            yield f"{what} in {_code(one.notes_path)} {has} a TODO that only you can write: {how}"
        if one.unproven:
            yield f"{escape(one.group)}: something that matters could not be analysed, so the step is not proven; the compatibility review lists it"
        if one.unread:
            how = "is this step enough? `lockstep pr --to STEP` names another; with `changelog.commits` conventional commits say it"
            yield f"{escape(one.group)}: lockstep reads no API of it (of npm packages, none), so it cannot tell what breaks: {how}"
        for line in one.disputed:
            yield f"{escape(one.group)}: {escape(line)}"


def _notes(releases: Sequence[GroupRelease]) -> str:
    told = [one for one in releases if one.notes.strip()]
    lines: list[str] = []
    for one in told:
        where = f" ({_code(one.notes_path)})" if one.notes_path else ""
        text = cut(neutral(one.notes.strip()), MOST_NOTES // max(len(told), 1))
        lines += [f"## {escape(one.group)} {escape(one.new)}{where}" if len(told) > 1 else f"## Notes{where}", "", text, ""]
    return "\n".join(lines)


def _reviews(releases: Sequence[GroupRelease], reviews: Mapping[str, Review], room: int) -> Iterator[str]:
    told = [(one, found) for one in releases if (found := reviews.get(one.group)) is not None]
    for one, found in told:
        text = cut(neutral(writer(Format.MARKDOWN).review(found, ReportOptions(paint=Painter())).strip()), room // len(told))
        asks = f"asks for a {one.level} release" if one.level is not None else "no surface changed"
        about = f"Compatibility of {escape(one.group)} with {escape(one.since)}: {asks}" + ("; not proven" if one.unproven else "")
        yield from ("<details>", f"<summary>{about}</summary>", "", text, "", "</details>", "")


def _tail(files: Sequence[str]) -> Iterator[str]:
    yield from ("<details>", f"<summary>{counted(len(files), 'file')}</summary>", "")
    yield from (f"- {_code(one)}" for one in files[:MOST_FILES])
    if len(files) > MOST_FILES:
        yield f"- and {len(files) - MOST_FILES} more"
    yield from ("", "</details>", "")
    yield "This branch is written anew by `lockstep pr` whenever the base branch moves, unless somebody else commits to it: what the release should hold,"
    yield "commit to the base branch. What you write above or below this text stays."


def neutral(text: str) -> str:
    """Give a text of the repository in Markdown that calls nobody, opens no comment, and ends no fold; code stays as it is."""
    out, fence = [], ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found is not None and (not fence or found["fence"].startswith(fence)):
            fence = "" if fence else found["fence"]
        out.append(line if fence or found is not None else _neutral_line(line))
    return "\n".join(printable(line) if not line.isprintable() else line for line in (one.replace("\t", "    ").rstrip("\r") for one in out))


def _neutral_line(line: str) -> str:
    end, out = 0, []
    for code in _CODE.finditer(line):
        out += [_plain(line[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*out, _plain(line[end:])])


def _plain(text: str) -> str:
    return _MENTION.sub("@&#8203;", _TAG.sub("&lt;", text))


def cut(text: str, most: int) -> str:
    """Give the first lines of a text, as a whole block and with no code left open; say where that is not all."""
    if len(text) <= most:
        return text
    kept, size, fence, last = [], 0, "", 0
    for line in text.split("\n"):
        size += len(line) + 1
        if size > most:
            break
        found = _FENCE.match(line)
        if found is not None and (not fence or found["fence"].startswith(fence)):
            fence = "" if fence else found["fence"]
        kept.append(line)
        if not fence and not line.strip():
            last = len(kept)
    return "\n".join([*kept[:last], "The rest does not fit in here; `lockstep diff` and the changelog have all of it."])


def changed_lines(old: str, new: str) -> tuple[int, int]:
    """Count the lines that are added and removed."""
    import difflib  # noqa: PLC0415 - only where a change is counted

    added = removed = 0
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False).get_opcodes():
        if tag != "equal":
            removed += b - a
            added += d - c
    return added, removed


def planned(proposals: Sequence[Proposal], skipped: Sequence[Skipped], paint: Painter, *, verbose: bool) -> str:
    """Write what a dry run would do: of each pull request the branch, the title, the body, and how many lines change in which file."""
    lines: list[str] = []
    for one in proposals:
        lines += [f"{paint(Style.NEW, 'would open or update')}: {printable(one.title)}", f"branch: {printable(one.branch)}", ""]
        lines += [*(printable(line) for line in one.body.rstrip("\n").split("\n")), ""]
        width = max(map(len, one.changed), default=0)
        lines += [
            f"  {printable(path):<{width}}  {paint(Style.NEW, f'+{added}')} {paint(Style.OLD, f'-{removed}')}" for path, (added, removed) in one.changed.items()
        ]
        lines.append("")
    if not proposals:
        lines += ["nothing to release", ""]
    shown = skipped if verbose or not proposals else skipped[:MOST_SKIPPED]
    lines += not_released(shown)
    if len(shown) < len(skipped):
        lines.append(f"not released: {len(skipped) - len(shown)} more; --verbose lists them")
    return "\n".join(lines).rstrip("\n") + "\n"


def data(
    command: str, proposals: Sequence[Proposal], skipped: Sequence[Skipped], acts: Sequence[Act] = (), findings: Sequence[Mapping[str, object]] = ()
) -> dict[str, object]:
    """Give pull requests as a JSON document; `acts` is what was done with each, `findings` forbid them all."""
    done = {one.branch: one for one in acts}
    return {
        "schema": 1,
        "command": command,
        "pull_requests": [_proposal(one) | _act(done.get(one.branch)) for one in proposals],
        "closed": [{"branch": one.branch, **_act(one)} for one in acts if one.branch not in {two.branch for two in proposals}],
        "skipped": [{"group": one.group, "why": one.why} for one in skipped],
        "findings": [*findings],
    }


def _proposal(one: Proposal) -> dict[str, object]:
    return {
        "branch": one.branch,
        "title": one.title,
        "body": one.body,
        "files": [{"path": path, "added": added, "removed": removed} for path, (added, removed) in one.changed.items()],
        "releases": [
            {
                "group": release.group,
                "from": release.old,
                "to": release.new,
                "tag": release.tag,
                "since": release.since,
                "level": release.level or "none",
                "why": release.why,
                "dependent": release.dependent,
                "unproven": release.unproven,
                "unread": release.unread,
                "unfinished": release.unfinished,
                "disputed": [*release.disputed],
                "packages": [{"package": row.package, "ecosystem": row.ecosystem, "from": row.old, "to": row.new, "why": row.why} for row in release.packages],
            }
            for release in one.releases
        ],
        "left": [*one.left],
    }


def _act(one: Act | None) -> dict[str, object]:
    if one is None:
        return {"outcome": "planned", "number": None, "url": None, "commit": None, "tag": None, "why": None, "help": None}
    known = {"url": one.url or None, "commit": one.commit or None, "tag": one.tag or None}
    return {"outcome": one.outcome.value, "number": one.number, **known, "why": one.why, "help": one.help or None}


def acted(acts: Sequence[Act], paint: Painter) -> str:
    """Write what came of it, a line for each pull request."""
    lines = []
    for one in acts:
        word = paint(_STYLES[one.outcome], one.outcome.value) if one.outcome in _STYLES else one.outcome.value
        where = f" {one.url}" if one.url else ""
        lines.append(f"{printable(one.branch)}: {word}: {printable(one.why)}{printable(where)}")
        lines += [f"  help: {printable(one.help)}"] if one.help else []
        lines += [f"  warning: {printable(line)}" for line in one.warnings]
    return "".join(f"{line}\n" for line in lines)


def not_released(skipped: Sequence[Skipped]) -> list[str]:
    """Say of each group that releases nothing why."""
    return [f"not released: {printable(one.group)}: {printable(one.why)}" for one in skipped]


def outputs(acts: Sequence[Act], *, tags: bool) -> dict[str, str]:
    """Give the outputs for a workflow: of pull requests the outcomes, and number and address of the first; of tags what they are called."""
    if tags:
        return {"tag": " ".join(one.tag for one in acts if one.tag and one.outcome in (Outcome.TAGGED, Outcome.CURRENT))}
    first = next((one for one in acts if one.number is not None), None)
    return {
        "pr-outcome": " ".join(dict.fromkeys(one.outcome.value for one in acts)),
        "pr-number": "" if first is None else str(first.number),
        "pr-url": "" if first is None else first.url,
    }
