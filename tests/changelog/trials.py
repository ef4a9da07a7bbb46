"""What is tried on every changelog, a fixture of ours or a real one: read it, promote it, draft into it, show it, and account for every byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.changelog import links
from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.dates import Day
from lockstep.changelog.files import ChangelogFile
from lockstep.changelog.model import Changelog
from lockstep.changelog.reading import read
from lockstep.changelog.sections import is_begun, unsafe
from lockstep.model import Ecosystem, Edit, Group, Package, Place
from lockstep.plans.note_draft import draft
from lockstep.plans.promotion import Promotion, promote
from lockstep.tree import splice
from lockstep.versions.version import Version

DAY = Day(2026, 11, 22)
BREAK = Change(
    kind=ChangeKind.BREAK,
    symbol="cheese.Rind.melt_evenly",
    message="the method cheese.Rind.melt_evenly is gone",
    place=Place(path="cheese/__init__.py", line=3),
    package="cheese",
    rule="name-removed",
    old="def melt_evenly(heat: float) -> None",
    witness="cheese.Rind().melt_evenly(3.0)",
    language="python",
)
ADDITION = Change(
    kind=ChangeKind.ADDITION,
    symbol="cheese.slice_thinly",
    message="cheese.slice_thinly is new",
    place=Place(path="cheese/__init__.py", line=9),
    package="cheese",
    new="def slice_thinly(width: int = 3) -> list[Slice]",
    language="python",
)


def package(version: Version) -> Package:
    return Package(name="cheese", ecosystem=Ecosystem.CARGO, root="", manifest="Cargo.toml", version=version)


def group(version: Version) -> Group:
    return Group(name="cheese", version=version, basis="", packages=(package(version),))


def last(log: Changelog) -> Version:
    """Give the newest version that a changelog tells of."""
    return max((one.version for one in log.releases if one.version is not None), default=Version.read("0.5.0"))


def following(version: Version) -> Version:
    return Version(release=(version.major, version.minor + 1, 0))


def promoted(kept: ChangelogFile, new: Version | None = None) -> Promotion | None:
    old = last(read(kept.path, kept.text))
    return promote(kept, group(old), old, new or following(old), DAY)


def drafted(kept: ChangelogFile, changes: Sequence[Change] = (BREAK, ADDITION), version: Version | None = None) -> tuple[Edit, ...]:
    log = read(kept.path, kept.text)
    old = last(log)
    return draft(kept, log, package(old), changes, version or old, old).edits


def untouched(before: str, edits: Sequence[Edit], after: str) -> bool:
    """Say whether the new text is the old one but for the spans of the edits: walk both, and compare what lies between."""
    at = moved = 0
    for edit in sorted(edits, key=lambda one: one.site.start):
        start, end = edit.site.start, edit.site.start + len(edit.site.text)
        if before[at:start] != after[at + moved : start + moved] or before[start:end] != edit.site.text:
            return False
        if after[start + moved : start + moved + len(edit.new)] != edit.new:
            return False
        at, moved = end, moved + len(edit.new) - len(edit.site.text)
    return before[at:] == after[at + moved :] and len(after) == len(before) + moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one changelog; `faults` are broken laws, none of which may be."""

    path: str
    size: int
    sections: int
    marker: str
    dated: int
    account: str
    lines: int
    shown: int
    faults: tuple[str, ...]


def trial(path: str, text: str) -> Trial:
    """Try everything on one changelog."""
    kept = ChangelogFile(path=path, folder="", text=text)
    log = read(path, text)
    faults: list[str] = []
    new = following(last(log))
    step = promoted(kept)
    after = text
    if step is not None and step.edits:
        after = splice(text, step.edits)
        if not untouched(text, step.edits, after):
            faults.append("promotion touched another byte")
        found = read(path, after).of(new)
        if len(found) != 1 or found[0].title.kind.value != "release":
            faults.append(f"promotion made {len(found)} sections of {new}")
        again = promote(ChangelogFile(path=path, folder="", text=after), group(new), new, new, DAY)
        if again is not None and again.edits:
            faults.append("promoting twice is not promoting once")
        kinds = [one.kind for one in log.sections]
        if len(read(path, after).sections) < len(kinds):
            faults.append("promotion lost a section")
    edits = drafted(kept) if kept.markdown and unsafe(log) is None and (log.sections or is_begun(log)) else ()
    written = splice(text, edits)
    if not untouched(text, edits, written):
        faults.append("the draft touched another byte")
    if edits and drafted(ChangelogFile(path=path, folder="", text=written)):
        faults.append("drafting twice is not drafting once")
    if (
        kept.markdown
        and unsafe(log) is None
        and [one.heading for one in log.sections]
        != [one.heading for one in read(path, written).sections if one.heading.strip("[]") != "Unreleased" or log.unreleased]
    ):
        faults.append("the draft changed the sections")
    shown = 0
    for section in log.sections:
        body = links.absolute(log, section.body, section.end, "https://example.org/dairy/cheese", "HEAD")
        lines = [line for line in text[section.body : section.end].splitlines() if "](" not in line and "]:" not in line]
        shown += all(line in body for line in lines)
    if shown != len(log.sections):
        faults.append(f"show gives {shown} of {len(log.sections)} sections")
    return Trial(
        path=path,
        size=len(text.encode()),
        sections=len(log.sections),
        marker=log.sections[0].marker.value if log.sections else "-",
        dated=sum(one.date is not None for one in log.sections),
        account=step.summary if step is not None else "nothing to do",
        lines=written.count("\n") - text.count("\n"),
        shown=shown,
        faults=tuple(faults),
    )
