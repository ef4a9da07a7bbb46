"""Every style of changelog: how it is read, what a bump and a draft make of it, and that no other byte is touched."""

from __future__ import annotations

from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep.changelog.files import ChangelogFile
from lockstep.changelog.reading import read
from lockstep.changelog.titles import Kind
from lockstep.changelog.writers import CLIFF, PLEASE, PLZ, TOWNCRIER
from lockstep.model import Edit
from lockstep.plans.promotion import promote
from lockstep.tree import splice
from lockstep.versions.version import Version
from tests.changelog.trials import DAY, drafted, group, promoted, trial

STYLES = Path(__file__).parent / "styles"
NAMES = tuple(sorted(path.stem for path in STYLES.glob("*.md")))
WRITERS = {"git-cliff": CLIFF, "towncrier": TOWNCRIER}

every_style = pytest.mark.parametrize("name", NAMES)


def kept(name: str) -> ChangelogFile:
    """Give a style's file, and the tool that its project has configured."""
    text = (STYLES / f"{name}.md").read_bytes().decode()
    return ChangelogFile(path="CHANGELOG.md", folder="", text=text, writer=WRITERS.get(name))


def diff(before: str, edits: tuple[Edit, ...]) -> str:
    after = splice(before, edits)
    lines = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1)
    return "\n".join(line.replace("\r", "␍").replace("\ufeff", "<BOM>") for line in list(lines)[2:])


@every_style
def test_how_it_is_read(name: str, snapshot: SnapshotAssertion) -> None:
    log = read("CHANGELOG.md", kept(name).text)
    lines = [
        f"{section.line}: {section.kind} {section.version or '-'} {section.date.day if section.date else '-'} {section.marker} | {section.heading}"
        for section in log.sections
    ]
    assert "\n".join([*lines, f"definitions: {len(log.definitions)}", f"unclosed: {log.unclosed}"]) == snapshot


@every_style
def test_what_a_bump_makes_of_it(name: str, snapshot: SnapshotAssertion) -> None:
    one = kept(name)
    step = promoted(one)
    assert step is not None
    assert f"{step.summary}\n{diff(one.text, step.edits)}" == snapshot


@every_style
def test_what_a_draft_makes_of_it(name: str, snapshot: SnapshotAssertion) -> None:
    one = kept(name)
    assert diff(one.text, drafted(one)) == snapshot


@every_style
def test_no_law_is_broken(name: str) -> None:
    assert trial("CHANGELOG.md", kept(name).text).faults == ()


@every_style
def test_a_span_says_what_stands_there(name: str) -> None:
    text = kept(name).text
    log = read("CHANGELOG.md", text)
    assert "".join([text[: log.sections[0].start if log.sections else len(text)], *_pieces(text)]) == text
    for section in log.sections:
        assert text.startswith(section.heading, section.at)
        assert text[section.start : section.body].strip()
        assert section.heading[section.title.start :].startswith(section.title.text)
        assert section.date is None or text.startswith(section.date.text, section.date.start)
        for block in section.blocks:
            assert section.body <= block.start <= block.end <= section.end
            assert text[block.start : block.end].rstrip() == text[block.start : block.end]
            assert all(block.start <= item.start < item.end <= block.end for item in block.items)
    for definition in log.definitions:
        assert text.startswith(definition.url, definition.at)
        assert text[definition.start : definition.end].lstrip().startswith(f"[{definition.label}]:")


def _pieces(text: str) -> list[str]:
    """Cut a text at its sections: together they are the text."""
    log = read("CHANGELOG.md", text)
    return [text[start:end] for start, end in pairwise([*(section.start for section in log.sections), len(text)])]


@pytest.mark.parametrize("new", ["0.6.0-rc.1", "1.0.0-alpha.1"])
def test_a_pre_release_gets_a_section_where_the_last_ones_had_theirs(new: str) -> None:
    version = Version.read(new)
    step = promoted(kept("pre-releases"), version)
    assert step is not None
    assert f"## [{new}] — 2026-11-22\n" in splice(kept("pre-releases").text, step.edits)

    waiting = promoted(kept("keep-a-changelog"), version)
    assert waiting is not None
    assert waiting.edits == ()
    assert waiting.summary.startswith("no pre-release has a section here")
    assert len(waiting.unmoved) == 1, "the link goes on showing what waits"


def test_a_step_backwards_and_a_section_that_is_there_change_nothing() -> None:
    for new in ("0.5.0", "0.4.0", "0.3.0"):
        step = promoted(kept("keep-a-changelog"), Version.read(new))
        assert step is None or step.edits == (), new


def test_what_waits_stays_where_its_release_has_a_section() -> None:
    one = kept("keep-a-changelog")
    text = one.text.replace("## [0.5.0]", "## [0.6.0] - 2026-07-01\n\n## [0.5.0]")

    old = Version.read("0.5.0")
    step = promote(ChangelogFile(path="CHANGELOG.md", folder="", text=text), group(old), old, Version.read("0.6.0"), DAY)
    assert step is not None
    assert (step.edits, step.summary) == ((), "0.6.0 has its section already; what stands under Unreleased stays there")


def test_other_formats_are_left_alone() -> None:
    one = ChangelogFile(path="CHANGES.rst", folder="", text="Version 0.5.0\n-------------\n\nUnreleased\n")
    step = promoted(one)
    assert step is not None
    assert (step.edits, step.summary) == ((), "it is not Markdown and is left alone; write the section of 0.6.0 there")


def test_a_tool_s_changelog_is_promoted_where_a_person_gathers() -> None:
    one = kept("keep-a-changelog")
    configured = ChangelogFile(path=one.path, folder="", text=one.text, writer=CLIFF)
    step = promoted(configured)
    assert step is not None
    assert step.edits
    text = kept("plain-dash").text
    empty = promoted(ChangelogFile(path=one.path, folder="", text=text, writer=CLIFF))
    assert empty is not None
    assert empty.edits, "an Unreleased heading is a person's"
    for writer, log in ((PLZ, text), (PLEASE, text.replace("## Unreleased\n\n_No unreleased changes._\n\n", ""))):
        left = promoted(ChangelogFile(path=one.path, folder="", text=log, writer=writer))
        assert left is not None
        assert left.edits == ()
        assert left.summary.startswith(f"{writer.name} writes it, it is left alone; next: ")


def test_code_and_comments_hold_no_sections() -> None:
    log = read("CHANGELOG.md", kept("code").text)
    assert [(section.kind, str(section.version)) for section in log.sections] == [(Kind.UNRELEASED, "None"), (Kind.RELEASE, "0.5.0")]
