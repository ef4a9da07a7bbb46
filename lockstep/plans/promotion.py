"""Plans that make a release of what stands under Unreleased, or leave a changelog alone, and say why."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.changelog import blocks
from lockstep.changelog.dates import Day
from lockstep.changelog.files import ChangelogFile, is_generated, package_of
from lockstep.changelog.model import Changelog, Section
from lockstep.changelog.reading import read
from lockstep.changelog.sections import is_begun, names_told, oldest_first, only_of, passed_over, unsafe
from lockstep.changelog.titles import Kind
from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.model import Ecosystem, Edit, Group
from lockstep.plans.release_edits import ReleaseEditor
from lockstep.versions import release_links
from lockstep.versions.version import Spelling, Version, is_zero_padded

RECENT = 10
"""Releases that show whether pre-releases have sections of their own here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What becomes of one changelog: the edits, none where it is left alone, and what is to be said about it.

    `unmoved` are the offsets of versions in links that must not move: they show what still waits.
    """

    path: str
    edits: tuple[Edit, ...]
    summary: str
    unmoved: tuple[int, ...] = ()


def promote(file: ChangelogFile, group: Group, old: Version, new: Version, day: Day, *, last: Version | None = None) -> Promotion | None:
    """Plan the section of `new` in one changelog; None where there is nothing to do and nothing to say.

    `last` is the version of the last release, where that is known: a changelog that does not tell of it, and gathers nothing, is not kept any more.
    """
    if not file.markdown:
        return _left_alone(file, f"it is not Markdown and is left alone; write the section of {new} there")
    writer = file.writer
    if writer is not None and writer.always:
        return _left_alone(file, f"{writer.name} writes it, it is left alone; next: {writer.how.format(version=new, path=file.path)}")
    changelog = read(file.path, file.text)
    reason = _refusal(changelog, file, group, old, new)
    if reason is None:
        reason = _abandoned(changelog, last)
    if reason is not None:
        return _left_alone(file, reason) if reason else None
    if not new.final and not _gets_a_section(changelog, new):
        unmoved = _links_to_branch(changelog.text)
        if not unmoved and not _has_entries(changelog):
            return None
        summary = (
            f"no pre-release has a section here: {'what stands under Unreleased stays there' if _has_entries(changelog) else 'its links wait'} for the release"
        )
        return Promotion(path=file.path, edits=(), summary=summary, unmoved=unmoved)
    mine = only_of(changelog, frozenset(name.lower() for name in group.names)) if names_told(changelog) else changelog
    editor = ReleaseEditor(changelog, package_of(file, group), _version_text(mine, group, new), day, like=mine)
    pending = _pending(changelog, new)
    if pending is not None and pending.version is not None and pending.version < old:
        return _left_alone(
            file, f"{pending.title.text} is not released yet by it, but the group is at {old}: it is left alone; write {new} there, or delete it"
        )
    if pending is not None:
        return Promotion(path=file.path, edits=tuple(editor.from_pending(pending)), summary=_dated_summary(pending, editor.version, day))
    waiting = changelog.unreleased
    if not waiting:
        return Promotion(
            path=file.path,
            edits=tuple(editor.with_unreleased()),
            summary=f"no Unreleased heading: one is added, and below it the section of {editor.version}, still empty",
        )
    held = bool(blocks.entry_blocks(waiting[0]))
    summary = (
        f"what stands under {_unreleased_name(waiting[0])} becomes {editor.version}"
        if held
        else f"nothing stands under {_unreleased_name(waiting[0])}: the section of {editor.version} is empty"
    )
    return Promotion(path=file.path, edits=tuple(editor.from_unreleased(waiting[0])), summary=summary)


def _left_alone(file: ChangelogFile, why: str) -> Promotion:
    return Promotion(path=file.path, edits=(), summary=why, unmoved=_links_to_branch(file.text))


def _links_to_branch(text: str) -> tuple[int, ...]:
    return tuple(found.start("version") for found in release_links.TO_BRANCH.finditer(text))


def _dated_summary(pending: Section, version: str, day: Day) -> str:
    renamed = version.lstrip("vV") != pending.title.text.lstrip("vV")
    return f"the section of {pending.title.text} becomes {version}'s, dated {day}" if renamed else f"the section of {version} is dated {day}"


def _unreleased_name(section: Section) -> str:
    return "Unreleased" if "nreleased" in section.heading.lower() else section.heading.strip("[]")


def _refusal(changelog: Changelog, file: ChangelogFile, group: Group, old: Version, new: Version) -> str | None:
    """Say why a changelog is left alone; "" where nobody needs to know, None where it is not."""
    if (fault := unsafe(changelog)) is not None:
        return f"{fault}; it is left alone"
    if any(section.kind is Kind.TEMPLATE for section in changelog.sections):
        return "its placeholders are another tool's to fill in; it is left alone"
    there = changelog.of(new)
    if any(section.kind is Kind.RELEASE for section in there):
        return "" if not _has_entries(changelog) else f"{new} has its section already; what stands under Unreleased stays there"
    if new < old or (new.is_same(old) and not _has_entries(changelog)):
        return ""
    if (disorder := _disorder(changelog) or _foreign(changelog, group)) is not None:
        return f"{disorder}; it is left alone"
    if file.writer is not None and is_generated(file, changelog, new):
        return f"{file.writer.name} writes it, it is left alone; next: {file.writer.how.format(version=new, path=file.path)}"
    if not changelog.sections and not is_begun(changelog):
        return "it has no section of any release, and is left alone"
    return None


def _disorder(changelog: Changelog) -> str | None:
    """Say why the section of the next release has no place of its own, None where it has."""
    if oldest_first(changelog):
        return "its sections go from the oldest to the newest"
    if len(changelog.unreleased) > 1:
        lines = " and ".join(str(section.line) for section in changelog.unreleased)
        return f"lines {lines} both say Unreleased"
    return passed_over(changelog)


def _abandoned(changelog: Changelog, last: Version | None) -> str | None:
    """Say that a changelog ends before the last release and gathers nothing for the next one; None where it does not."""
    told = [one.version for one in changelog.releases if one.version is not None]
    if last is None or not told or changelog.unreleased or len(told) < len(changelog.sections) or max(told) >= last:
        return None
    return f"its newest section is {max(told)}, and {last} has none: it is left alone; to keep it again, begin with ## [Unreleased]"


def _foreign(changelog: Changelog, group: Group) -> str | None:
    """Say that the sections are those of several packages, none of which is in the group; None where they are not."""
    told = names_told(changelog)
    if not told or told & {name.lower() for name in group.names}:
        return None
    return f"its sections are those of {', '.join(sorted(told)[:3])}, and none says {group.name}"


def _gets_a_section(changelog: Changelog, new: Version) -> bool:
    """Say whether a pre-release gets a section here: cargo-release leaves changelogs alone then, and so do people, unless the last ones had theirs.

    Source: https://github.com/crate-ci/cargo-release/blob/master/docs/reference.md (`pre-release-replacements`, `prerelease`)
    """
    return bool(changelog.of(new)) or any(not one.version.final for one in changelog.releases[:RECENT] if one.version is not None)


def _has_entries(changelog: Changelog) -> bool:
    return any(blocks.entry_blocks(section) for section in changelog.unreleased)


def _pending(changelog: Changelog, new: Version) -> Section | None:
    """Find the section that names a version which is not released yet: this one, or the next one that nobody else waits in."""
    named = [section for section in changelog.sections if section.kind is Kind.PENDING]
    if (mine := next((section for section in named if section.version == new), None)) is not None:
        return mine
    if not named or changelog.unreleased or (changelog.releases and changelog.releases[0].start < named[0].start):
        return None
    return named[0]


def _version_text(changelog: Changelog, group: Group, new: Version) -> str:
    """Write the version as this changelog would: a pre-release as its last pre-release, else as the packages have it."""
    like = next((one.title.text for one in changelog.releases if one.version is not None and one.version.final == new.final), "")
    like = like or next((one.title.text for one in changelog.releases), "")
    python = all(package.ecosystem is Ecosystem.PYTHON for package in group.packages)
    for spelling in (Spelling.PEP440, Spelling.SEMVER) if python or new.post is not None or is_zero_padded(new.text) else (Spelling.SEMVER, Spelling.PEP440):
        try:
            text = new.spell(spelling, like)
        except VersionError:
            continue
        return text if like[:1] in ("v", "V") or text[:1] not in ("v", "V") else text[1:]
    return str(new)


def merged_edits(edits: Iterable[Edit], promotions: Iterable[Promotion]) -> tuple[Edit, ...]:
    """Join the edits of sites with those of changelogs: a link that compares with the branch is moved once, and not while entries stay behind it."""
    planned = tuple(promotions)
    unmoved = {(one.path, start) for one in planned for start in one.unmoved}
    kept = [edit for edit in edits if (edit.site.path, edit.site.start) not in unmoved]
    made = {(edit.site.path, edit.site.start) for edit in kept if edit.site.text}
    notes = [edit for one in planned for edit in one.edits if not edit.site.text or (edit.site.path, edit.site.start) not in made]
    return (*kept, *notes)
