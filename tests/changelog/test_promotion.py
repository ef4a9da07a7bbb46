"""What a bump writes into a changelog: headings and links in the manner of their neighbours; a file that is left alone keeps its links."""

from __future__ import annotations

import pytest

from lockstep.changelog.files import ChangelogFile
from lockstep.plans.promotion import promote
from lockstep.tree import splice
from lockstep.versions.version import Version
from tests.changelog.trials import DAY, group
from tests.conftest import Fresh, Run

HOME = "https://example.invalid/dairy/cheese"


def released(text: str, old: str, new: str) -> str:
    """Give a changelog after the bump; what is said about it, where nothing is written."""
    at = Version.read(old)
    step = promote(ChangelogFile(path="CHANGELOG.md", folder="", text=text), group(at), at, Version.read(new), DAY)
    assert step is not None
    return splice(text, step.edits) if step.edits else step.summary


# ---- where the link of a release starts


def log(*links: str, versions: tuple[str, ...] = ("0.25.0", "0.24.0", "0.23.0")) -> str:
    sections = "".join(f"\n## [{version}] - 2024-01-01\n\n- Cheese.\n" for version in versions)
    return f"# Changelog\n\n## [Unreleased]\n\n- Slices.\n{sections}\n" + "".join(f"{link}\n" for link in links)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("v0.25.0", "v0.25.0...v0.26.0"),
        ("v0.23.0", "v0.25.0...v0.26.0"),  # two releases moved no link
        ("v0.25.1", "v0.25.1...v0.26.0"),  # a release without a section: the link knows of it
        ("cheese/v0.23.0", "cheese/v0.25.0...cheese/v0.26.0"),
    ],
)
def test_the_link_of_a_release_starts_at_the_last_one(start: str, expected: str) -> None:
    said = released(log(f"[Unreleased]: {HOME}/compare/{start}...HEAD", f"[0.23.0]: {HOME}/releases/tag/v0.23.0"), "0.25.0", "0.26.0")
    moved = expected.partition("...")[2]
    assert f"[Unreleased]: {HOME}/compare/{moved}...HEAD\n[0.26.0]: {HOME}/compare/{expected}\n[0.23.0]" in said


def test_a_candidate_is_where_a_link_starts_only_if_it_starts_there() -> None:
    versions = ("0.26.0-rc.1", "0.25.0")
    for start in ("v0.25.0", "v0.26.0-rc.1"):
        said = released(log(f"[Unreleased]: {HOME}/compare/{start}...HEAD", versions=versions), "0.26.0-rc.1", "0.26.0")
        assert f"[0.26.0]: {HOME}/compare/{start}...v0.26.0\n" in said


def test_a_link_below_the_heading_starts_at_the_last_release_too() -> None:
    text = f"## Unreleased\n\n[All changes]({HOME}/compare/v0.5.0...main)\n\n- Slices.\n\n## 0.6.0 - 2024-02-01\n\n## 0.5.0 - 2024-01-01\n"
    assert f"## 0.7.0 - 2026-11-22\n\n[All changes]({HOME}/compare/v0.6.0...v0.7.0)\n" in released(text, "0.6.0", "0.7.0")


def test_a_link_in_the_heading_starts_at_the_last_release_too() -> None:
    dated = "".join(f"## [0.{new}.0]({HOME}/compare/v0.{new - 1}.0...v0.{new}.0) (2024-01-0{new})\n\n" for new in (6, 5))
    text = f"## Unreleased\n\n- Slices.\n\n## 0.6.1\n\n{dated}"
    assert f"## [0.7.0]({HOME}/compare/v0.6.1...v0.7.0) (2026-11-22)\n" in released(text, "0.6.1", "0.7.0")


# ---- in the manner of the neighbours


def test_where_links_show_tags_the_new_one_does_too() -> None:
    tags = [f"[{version}]: {HOME}/releases/tag/v{version}" for version in ("0.25.0", "0.24.0", "0.23.0")]
    said = released(log(f"[Unreleased]: {HOME}/compare/v0.25.0...HEAD", *tags), "0.25.0", "0.26.0")
    assert f"[Unreleased]: {HOME}/compare/v0.26.0...HEAD\n[0.26.0]: {HOME}/releases/tag/v0.26.0\n[0.25.0]" in said


def test_the_first_release_has_a_tag_to_show_and_nothing_to_compare_with() -> None:
    said = released(log(f"[Unreleased]: {HOME}/compare/v0.23.0...HEAD", f"[0.23.0]: {HOME}/releases/tag/v0.23.0", versions=("0.23.0",)), "0.23.0", "0.24.0")
    assert f"[0.24.0]: {HOME}/compare/v0.23.0...v0.24.0\n" in said


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (f"<small>[0.5.0]({HOME}/compare/v0.4.0...v0.5.0) (2024-01-01)</small>", f"<small>[0.6.0]({HOME}/compare/v0.5.0...v0.6.0) (2026-11-22)</small>"),
        ("<small>0.5.0</small>", "<small>0.6.0</small>"),
        ("<b>0.5.0</b> - 2024-01-01", "<b>0.6.0</b> - 2026-11-22"),
        (f"[0.5.0] (January 1 2024)({HOME}/releases/tag/v0.5.0)", f"[0.6.0] (November 22 2026)({HOME}/releases/tag/v0.6.0)"),
        ('<a name="0.5.0"></a>0.5.0 (2024-01-01)', '<a name="0.6.0"></a>0.6.0 (2026-11-22)'),
        ('<a id="v0.5.0"></a>[0.5.0] - 2024-01-01', '<a id="v0.6.0"></a>[0.6.0] - 2026-11-22'),
    ],
)
def test_the_markup_of_a_heading_is_kept(heading: str, expected: str) -> None:
    assert f"\n## {expected}\n\n- Slices.\n\n## {heading}\n" in released(f"## Unreleased\n\n- Slices.\n\n## {heading}\n\n- Cheese.\n", "0.5.0", "0.6.0")


def test_where_several_packages_are_told_of_the_heading_is_as_the_package_s_own() -> None:
    text = "## Unreleased\n\n- Slices.\n\n## whey v3.1.0 (2024-03-01)\n\n## [cheese-v0.5.0] - 2024-02-01\n\n## whey v3.0.0 (2024-01-01)\n"
    assert "## Unreleased\n\n## [cheese-v0.6.0] - 2026-11-22\n\n- Slices.\n" in released(text, "0.5.0", "0.6.0")


# ---- what is left alone


LINK = f"[All changes]({HOME}/compare/v0.5.0...HEAD)\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"# Changelog\n\n## [[UnreleasedVersion]] - [[ReleaseDate]]\n\n{LINK}\n## v0.5.0\n\n- Cheese.\n", "its placeholders are another tool's"),
        (f"# Changelog\n\n## 0.4.0\n\n## 0.5.0\n\n{LINK}", "from the oldest to the newest"),
        (f"# Changelog\n\n<!-- towncrier release notes start -->\n\n{LINK}\n## 0.5.0\n", "towncrier writes it"),
        (f"# Changelog\n\n## 0.5.0\n\n## Unreleased\n\n{LINK}- Late.\n\n## 0.4.0\n", "Unreleased (line 5) stands below 0.5.0"),
        (f"# Changelog\n\n## whey v0.5.0\n\n{LINK}\n## rind v0.5.0\n", "its sections are those of rind, whey, and none says main"),
        (f"# Changelog\n\nSee elsewhere, please.\n\n{LINK}", "it has no section of any release"),
    ],
)
def test_a_changelog_that_is_left_alone_keeps_its_links(text: str, why: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": '[project]\nname = "cheese"\nversion = "0.5.0"\n', "CHANGELOG.md": text})
    assert why in run("bump", "minor", repo=repo, code=0).err
    assert repo.read("CHANGELOG.md") == text


def test_a_changelog_that_is_not_kept_gets_no_section(fresh: Fresh, run: Run) -> None:
    text = "# Changelog\n\n## 0.3.0\n\n- Cheese.\n"
    repo = fresh({"pyproject.toml": '[project]\nname = "cheese"\nversion = "0.5.0"\n', "CHANGELOG.md": text})
    repo.git("tag", "v0.5.0")
    assert "its newest section is 0.3.0, and 0.5.0 has none: it is left alone" in run("bump", "minor", repo=repo, code=0).err
    assert repo.read("CHANGELOG.md") == text
    repo.write({"CHANGELOG.md": text.replace("## 0.3.0", "## Unreleased\n\n## 0.3.0")}).commit("kept again")
    run("bump", "minor", repo=repo, code=0)
    assert "## 0.7.0" in repo.read("CHANGELOG.md")
