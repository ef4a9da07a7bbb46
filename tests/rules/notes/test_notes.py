"""Each rule about the changelog: a text that has the fault, and its neighbour that has not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.reading import read
from lockstep.changelog.sections import notes_of, release_section
from lockstep.model import Finding, Level
from lockstep.rules import judge_notes, rules
from lockstep.rules.notes import Notes
from lockstep.versions.version import Version
from tests.changelog.trials import ADDITION, BREAK

HEAD = "# Changelog\n\n"
LINKS = "\n[Unreleased]: https://example.org/a/b/compare/v0.6.0...HEAD\n[0.6.0]: https://example.org/a/b/compare/v0.5.0...v0.6.0\n"


def notes(text: str, *changes: Change, version: str = "0.6.0", base: str = "0.5.0", files: frozenset[str] = frozenset()) -> Notes:
    log = read("CHANGELOG.md", text)
    section = release_section(log, Version.read(version), Version.read(base))
    said = notes_of(log, section, Version.read(base))
    at = Version.read(version)
    return Notes(changelog=log, section=section, said=said, changes=changes, version=at, moved=at != Version.read(base), files=files)


def found(evidence: Notes, rule: str) -> list[Finding]:
    known = {one.id for one in rules("notes")}
    assert rule in known
    return [one for one in judge_notes(evidence) if one.rule == rule]


def test_many_releases_are_judged_in_one_pass_each() -> None:
    evidence = notes(HEAD + "".join(f"## 0.{number}.0\n\n- One.\n\n" for number in range(8_000, 0, -1)), version="0.8000.0", base="0.7999.0")
    start = time.process_time()
    assert judge_notes(evidence) == []
    assert time.process_time() - start < 5  # a pass for each of them takes a minute


RELEASE = "## [0.6.0] - 2026-11-22\n\n"
BEFORE = "\n## [0.5.0] - 2026-06-19\n\n- Slices.\n\n## [0.4.0] - 2026-02-03\n"


@pytest.mark.parametrize(
    "entry",
    [
        "### Migration\n\n- `cheese.Rind.melt_evenly` is gone.\n",
        "### Removed\n\n- `Rind.melt_evenly`\n",
        "### Changed\n\n- melt_evenly melts no more\n",
        "### Fixed\n\n- Remove `Rind::melt_evenly`, which never was.\n",
        "- `melt_evenly` is gone\n",
        "**Breaking changes**\n\nThe method `melt_evenly` of `Rind`.\n",
        "### Migration\n\n- Heat:\n\n  ```python\n  rind.melt_evenly(3)\n  ```\n",
    ],
)
def test_a_break_that_is_told(entry: str) -> None:
    assert found(notes(HEAD + RELEASE + entry + BEFORE, BREAK), "break-without-note") == []


@pytest.mark.parametrize(
    "entry",
    [
        "### Added\n\n- `Rind.melt_evenly` has a table.\n",
        "### Security\n\n- Heating applies `melt_evenly` first.\n",
        "### Removed\n\n- `Rind.melt`\n",
        "<!-- `melt_evenly` is gone -->\n",
        "",
    ],
)
def test_a_break_that_is_not(entry: str) -> None:
    (one,) = found(notes(HEAD + RELEASE + entry + BEFORE, BREAK), "break-without-note")
    assert (one.level, str(one.place), one.symbol) == (Level.ERROR, "CHANGELOG.md:3:1", "cheese.Rind.melt_evenly")
    assert one.help == "lockstep changelog draft"


def test_a_break_told_in_another_release_is_not_told() -> None:
    text = f"{HEAD}{RELEASE}{BEFORE}\n### Removed\n\n- `melt_evenly`\n"
    assert len(found(notes(text, BREAK), "break-without-note")) == 1


def test_before_the_version_moves_it_is_unreleased_that_tells() -> None:
    text = f"{HEAD}## [Unreleased]\n\n### Removed\n\n- `melt_evenly`\n{BEFORE}"
    assert judge_notes(notes(text, BREAK, version="0.5.0")) == []


def test_what_breaks_type_checkers_alone_is_a_warning() -> None:
    (one,) = found(notes(HEAD + RELEASE + BEFORE, replace(BREAK, kind=ChangeKind.TYPING)), "break-without-note")
    assert one.level is Level.WARNING


def test_another_path_of_the_same_thing_tells_too() -> None:
    text = f"{HEAD}{RELEASE}### Removed\n\n- `cheese.rinds.melt_all`\n{BEFORE}"
    assert found(notes(text, replace(BREAK, kin=("cheese.rinds.melt_all",))), "break-without-note") == []


def test_without_a_changelog_every_break_is_untold() -> None:
    evidence = Notes(changelog=None, changes=(BREAK, ADDITION), version=Version.read("0.6.0"), moved=True)
    (one,) = judge_notes(evidence)
    assert (one.rule, str(one.place)) == ("break-without-note", "cheese/__init__.py:3")


def test_additions() -> None:
    (one,) = found(notes(HEAD + RELEASE + BEFORE, ADDITION), "addition-without-note")
    assert (one.level, one.message) == (Level.WARNING, "cheese.slice_thinly is new, and the changelog does not mention it")
    assert found(notes(f"{HEAD}{RELEASE}- Thin slices: `slice_thinly`.\n{BEFORE}", ADDITION), "addition-without-note") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- TODO: why.\n", 1),
        ("- FIXME: later\n- XXX\n", 2),
        ("- `TODO` is shown.\n", 0),
        ("```\nTODO\n```\n", 0),
        ("- Todo lists.\n", 0),
        ("TBD\n", 1),
        ("### TODO\n", 1),
        ("1. **TODO(ann):** why\n", 1),
        ("- [ ] TODO: why\n", 1),
        ("* _TBD_.\r\n", 1),
        ("- It is gone.\n  TODO - why\n", 1),
        ("- It is gone. TODO: why, and what to write instead.\n", 1),
        ("- Notes are drafted, and\n  TODO stands where only you know why.\n", 0),
        ("- TODO comments are read no more.\n", 0),
        ("- A `TODO:` is found, a TODO: in a sentence is not.\n", 0),
        ("- XXX-Large cheese.\n", 0),
    ],
)
def test_unfinished_notes(text: str, count: int) -> None:
    assert len(found(notes(f"{HEAD}{RELEASE}{text}{BEFORE}"), "note-unfinished")) == count


def test_unfinished_history_is_history() -> None:
    assert found(notes(f"{HEAD}{RELEASE}- Slices.\n{BEFORE}\n- TODO\n"), "note-unfinished") == []


@pytest.mark.parametrize(
    ("heading", "count"), [("## [0.6.0]\n", 1), ("## [0.6.0] - TBD\n", 1), ("## [0.6.0] - 2026-11-22\n", 0), ("## 0.6.0\n\nReleased 2026-11-22\n", 0)]
)
def test_a_release_is_dated_as_the_others_are(heading: str, count: int) -> None:
    assert len(found(notes(f"{HEAD}{heading}\n- Slices.\n{BEFORE}"), "release-undated")) == count


def test_a_project_that_dates_nothing_is_left_in_peace() -> None:
    assert judge_notes(notes(f"{HEAD}## 0.6.0\n\n- Slices.\n\n## 0.5.0\n\n## 0.4.0\n")) == []


@pytest.mark.parametrize(("day", "level"), [("[0.6.0] - 2026-02-30", Level.ERROR), ("[0.6.0] - 2026-11-30", None), ("[0.3.0] - 2025-13-01", Level.WARNING)])
def test_days_that_do_not_exist(day: str, level: Level | None) -> None:
    text = HEAD + (RELEASE if "0.3.0" in day else "") + ("" if "0.3.0" in day else f"## {day}\n") + BEFORE + (f"\n## {day}\n" if "0.3.0" in day else "")
    assert [one.level for one in found(notes(text), "release-date-impossible")] == ([level] if level else [])


def test_two_sections_of_one_version() -> None:
    text = f"{HEAD}{RELEASE}{BEFORE}\n## [0.5] - 2026-01-01\n\n## [0.6.0]\n"
    assert [(one.level, one.message) for one in found(notes(text), "release-repeated")] == [
        (Level.WARNING, "0.5 has a section on line 6 already"),
        (Level.ERROR, "0.6.0 has a section on line 3 already"),
    ]


def test_two_packages_may_share_a_version() -> None:
    text = f"{HEAD}## rust-v0.6.0\n\n## python-v0.6.0\n\n## rust-v0.5.0\n"
    assert judge_notes(notes(text)) == []


@pytest.mark.parametrize(
    ("headings", "count"),
    [
        (("0.6.0", "0.5.0", "0.4.0"), 0),
        (("0.4.0", "0.5.0", "0.6.0"), 0),
        (("0.6.0", "0.4.0", "0.5.0", "0.3.0"), 1),
        (("0.6.0 - 2026-11-22", "0.5.0 - 2026-06-19", "0.6.0-rc.1 - 2026-07-01"), 1),
        (("2.0.0 - 2026-11-22", "1.9.9 - 2026-11-20", "2.0.0-rc.1 - 2026-11-01"), 0),
    ],
)
def test_the_order_of_sections(headings: tuple[str, ...], count: int) -> None:
    text = HEAD + "".join(f"## {heading}\n\n- Slices.\n\n" for heading in headings)
    assert len(found(notes(text), "release-out-of-order")) == count


def test_the_newest_section_is_that_of_the_version() -> None:
    (one,) = found(notes(f"{HEAD}## [Unreleased]\n\n- Slices.\n{BEFORE}"), "release-without-section")
    assert (one.message, one.old, one.new) == ("the version is 0.6.0, and the newest section is 0.5.0", "0.5.0", "0.6.0")
    assert found(notes(f"{HEAD}{RELEASE}{BEFORE}"), "release-without-section") == []
    assert len(found(notes(f"{HEAD}## [0.7.0] - 2026-11-23\n\n{RELEASE}{BEFORE}"), "release-without-section")) == 1
    assert found(notes(f"{HEAD}## [Unreleased]\n{BEFORE}", version="0.6.0-rc.1"), "release-without-section") == []
    assert found(notes(f"{HEAD}## [Unreleased]\n{BEFORE}", version="0.5.0"), "release-without-section") == []


def test_nothing_is_left_under_unreleased() -> None:
    (one,) = found(notes(f"{HEAD}## [Unreleased]\n\n- Late.\n- Later.\n\n{RELEASE}{BEFORE}"), "unreleased-left-over")
    assert (str(one.place), one.message) == ("CHANGELOG.md:5:1", "2 entries stand under Unreleased, while 0.6.0 has its section")
    assert found(notes(f"{HEAD}## [Unreleased]\n\n_No unreleased changes._\n\n{RELEASE}{BEFORE}"), "unreleased-left-over") == []
    assert found(notes(f"{HEAD}## [Unreleased]\n\n- Late.\n{BEFORE}", version="0.5.0"), "unreleased-left-over") == []


def test_what_was_passed_over_long_ago_is_not_left_over() -> None:
    text = f"{HEAD}{RELEASE}{BEFORE}\n## [Unreleased]\n\n- Late.\n\n## [0.3.0] - 2026-01-01\n"
    assert found(notes(text), "unreleased-left-over") == []
    assert [(one.level, one.message) for one in judge_notes(notes(text))] == [(Level.WARNING, "Unreleased stands below 0.6.0")]
    assert judge_notes(replace(notes(text), releasing=True)) == []
    assert len(found(notes(f"{HEAD}{RELEASE}- Slices.\n\n## [Unreleased]\n\n- Late.\n{BEFORE}"), "unreleased-left-over")) == 1


def test_at_the_end_of_a_changelog_that_grows_downward_unreleased_is_where_it_belongs() -> None:
    assert judge_notes(notes(f"{HEAD}## 0.4.0\n\n## 0.5.0\n\n## Unreleased\n\n- Late.\n", version="0.5.0")) == []


# ---- what is not released is compared with the last release


def linked(start: str, above: str = "", below: str = "", definition: str = "") -> str:
    return f"{HEAD}## [Unreleased]{above.format(start)}\n\n{below.format(start)}- Slices.\n\n## [0.6.0] - 2026-11-22\n{BEFORE}\n{definition.format(start)}"


@pytest.mark.parametrize(
    "place",
    [
        {"definition": "[Unreleased]: https://example.org/a/b/compare/{}...HEAD\n"},
        {"above": "(https://example.org/a/b/compare/{}...HEAD)"},
        {"below": "[All changes](https://example.org/a/b/compare/{}...main)\n\n"},
    ],
    ids=["definition", "heading", "below"],
)
def test_the_link_of_what_is_not_released_starts_at_the_last_release(place: dict[str, str]) -> None:
    def links(start: str, version: str = "0.6.0") -> list[Finding]:
        return found(notes(linked(start, **place), version=version), "compare-link-stale")

    (one,) = links("v0.4.0")
    assert (one.level, one.message, one.old, one.new) == (Level.WARNING, "what is not released is compared with 0.4.0, but 0.6.0 is released", "0.4.0", "0.6.0")
    assert links("v0.6.0") == []
    assert links("v0.7.0") == []
    assert links("v0.5.0", "0.5.0") == []  # the branch of an older line: 0.6.0 is none of its releases
    assert found(replace(notes(linked("v0.4.0", **place)), releasing=True), "compare-link-stale") == []


def test_a_name_that_was_given_up_long_ago_hides_no_link() -> None:
    text = linked("v0.4.0", definition="[Unreleased]: https://example.org/a/b/compare/{}...HEAD\n").replace("## [0.4.0]", "## cheese 0.4.0")
    assert len(found(notes(text), "compare-link-stale")) == 1


# ---- where a release is judged


def test_the_past_is_no_question_where_a_release_is_judged() -> None:
    past = "\n## [0.2.0] - 2026-02-30\n\n## [0.3.0]\n\n## [0.2.0]\n\n- TODO: why\n\n```\nopen\n"
    assert {one.rule for one in judge_notes(notes(f"{HEAD}{RELEASE}- Slices.\n{BEFORE}{past}"))} >= {"release-repeated", "release-date-impossible"}
    assert [(one.rule, one.level) for one in judge_notes(replace(notes(f"{HEAD}{RELEASE}- Slices.\n{BEFORE}{past}"), releasing=True))] == [
        ("fence-unclosed", Level.WARNING)
    ]


def test_a_second_section_of_the_release_is_a_warning_where_it_is_judged() -> None:
    text = f"{HEAD}{RELEASE}- Slices.\n{BEFORE}\n## [0.6.0] - 2026-11-22\n"
    assert {one.level for one in judge_notes(replace(notes(text), releasing=True))} == {Level.WARNING}


@pytest.mark.parametrize(("heading", "count"), [("## [0.6.0] - Unreleased", 0), ("## 0.6.0 (unreleased)", 0), ("## 0.6.0 - TBD", 1), ("## 0.6.0", 1)])
def test_what_says_unreleased_has_no_date_yet(heading: str, count: int) -> None:
    text = f"{HEAD}{heading}\n\n- Slices.\n{BEFORE}"
    assert len(found(notes(text), "release-undated")) == count
    assert len(found(replace(notes(text), releasing=True), "release-undated")) == 1


@pytest.mark.parametrize(("text", "what"), [("```python\nslice(3)\n\n", "code fence"), ("- x\n\n  ~~~\n  y\n", "code fence"), ("<!-- hidden\n\n", "comment")])
def test_what_is_never_closed(text: str, what: str) -> None:
    (one,) = found(notes(f"{HEAD}## [Unreleased]\n\n{text}"), "fence-unclosed")
    assert one.message == f"the {what} is never closed, and hides the rest of the file"


@pytest.mark.parametrize("text", ["```python\nslice(3)\n```\n", "```\n```", "- x\n\n  ~~~\n  y\n  ~~~\n", "<!-- shown -->\n", "```` md\n```\n````\n"])
def test_what_is_closed(text: str) -> None:
    assert found(notes(f"{HEAD}## [Unreleased]\n\n{text}"), "fence-unclosed") == []


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[a](docs/guide.md)", None),
        ("[a](docs/guide.md#times)", None),
        ("[a](docs)", None),
        ("[a](/docs/guide.md)", None),
        ("[a](#050---2026-06-19)", None),
        ("[a][0.6.0]", None),
        ("[a](https://example.org/gone)", None),
        ("[a](mailto:cheese@example.org)", None),
        ("`[a](nowhere.md)`", None),
        ("[a](nowhere.md)", "nowhere.md is not in the repository"),
        ("![a](img/no.png)", "img/no.png is not in the repository"),
        ("[a](../../etc/passwd)", "../../etc/passwd leads out of the repository"),
        ("[a](#nothing)", "no heading of this file is #nothing"),
        ("[a][nobody]", "no link is defined as [nobody]"),
    ],
)
def test_links_lead_somewhere(link: str, message: str | None) -> None:
    evidence = notes(f"{HEAD}{RELEASE}- See {link}.\n{BEFORE}{LINKS}", files=frozenset({"docs/guide.md", "CHANGELOG.md"}))
    assert [one.message for one in found(evidence, "changelog-link-broken")] == ([message] if message else [])


def test_links_of_history_are_history() -> None:
    assert judge_notes(notes(f"{HEAD}{RELEASE}- Slices.\n{BEFORE}\n- See [a](nowhere.md).\n")) == []
