"""`lockstep changelog` and the promotion inside of `lockstep bump`, as a user meets them."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import Fresh, Repo, Run, Story

MANIFEST = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "cheese"\nversion = "0.5.0"\n'
OLD = '''__version__ = "0.5.0"


def slice(width: int) -> None:
    """Cut a slice."""


def melt_evenly(heat: float) -> None:
    """Melt."""
'''
NEW = '''__version__ = "0.5.0"


def slice(width: int) -> None:
    """Cut a slice."""


def slice_thinly(width: int = 3) -> None:
    """Cut a thin slice."""
'''
LOG = """# Changelog

## [Unreleased]

## [0.5.0] - 2023-11-15

### Added

- `melt_evenly`: see [the guide](docs/guide.md), and [#7].

[#7]: https://example.org/dairy/cheese/issues/7
[Unreleased]: https://github.com/dairy/cheese/compare/v0.5.0...HEAD
[0.5.0]: https://github.com/dairy/cheese/releases/tag/v0.5.0
"""


@pytest.fixture
def dairy(fresh: Fresh) -> Repo:
    """Give a package that lost a function since its release, and got another."""
    repo = fresh({"pyproject.toml": MANIFEST, "src/cheese/__init__.py": OLD, "CHANGELOG.md": LOG, "docs/guide.md": "# Guide\n"})
    repo.git("tag", "v0.5.0")
    return repo.write({"src/cheese/__init__.py": NEW}).commit("no more melting")


def test_from_the_break_to_the_release_notes(dairy: Repo, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("changelog", "check", repo=dairy, code=1)) == snapshot(name="1 check finds what is missing")
    assert str(run("changelog", "draft", "--dry-run", repo=dairy, code=0)) == snapshot(name="2 the draft")
    assert dairy.git("status", "--porcelain") == ""
    run("changelog", "draft", repo=dairy, code=0)
    assert dairy.git("diff", "--name-only") == "CHANGELOG.md\n"
    drafted = dairy.read("CHANGELOG.md")
    assert "nothing to add" in run("changelog", "draft", "--allow-dirty", repo=dairy, code=0).err
    assert dairy.read("CHANGELOG.md") == drafted
    assert str(run("changelog", "check", repo=dairy, code=1)) == snapshot(name="3 check finds what a person must write")

    dairy.replace("CHANGELOG.md", "TODO: why, and what to write instead.", "It never was even: melt in a pan.").commit("say why")
    assert "nothing to add" in run("changelog", "draft", repo=dairy, code=0).err, "what a person made of it is found again"
    run("changelog", "check", repo=dairy, code=0)
    assert str(run("bump", "minor", repo=dairy, code=0)) == snapshot(name="4 the bump")
    dairy.commit("release")
    run("changelog", "check", "--strict", repo=dairy, code=0)
    assert str(run("changelog", "show", "0.6.0", repo=dairy, code=0)) == snapshot(name="5 the release notes")
    assert dairy.read("CHANGELOG.md") == snapshot(name="6 the file")


def test_show(dairy: Repo, run: Run) -> None:
    expected = (
        "### Added\n\n- `melt_evenly`: see [the guide](https://github.com/dairy/cheese/blob/v0.5.0/docs/guide.md), and [#7].\n\n"
        "[#7]: https://example.org/dairy/cheese/issues/7\n"
    )
    for spelling in ("0.5.0", "v0.5.0", "0.5"):
        assert run("changelog", "show", spelling, repo=dairy, code=0).out == expected
    document = json.loads(run("changelog", "show", "0.5.0", "--format", "json", repo=dairy, code=0).out)
    assert (document["version"], document["date"], document["text"]) == ("0.5.0", "2023-11-15", expected.rstrip("\n"))


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("show", "9.9.9"), 2, "no section of 9.9.9"),
        (("show", "cheese"), 2, "'cheese' is no version, and not unreleased"),
        (("show", "9.9.9"), 2, "help: lockstep changelog show "),
        (("show",), 2, "a version is missing"),
        (("check", "0.5.0"), 2, "unexpected extra argument"),
        (("draft", "--strict"), 2, "lockstep changelog draft has no option --strict"),
        (("melt",), 2, "there is no command melt"),
        (("draft", "--base", "nowhere"), 2, "nowhere"),
    ],
)
def test_what_cannot_be_asked(args: tuple[str, ...], code: int, said: str, dairy: Repo, run: Run) -> None:
    before = dairy.contents()
    assert said in run("changelog", *args, repo=dairy, code=code).err
    assert dairy.contents() == before


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("CHANGES.rst", "Version 0.5.0\n-------------\n", "CHANGES.rst is not Markdown and is left alone"),
        ("CHANGELOG.md", "See the [releases](https://example.org).\n", "CHANGELOG.md has no section of any release and is left alone"),
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n```\nopen\n", "CHANGELOG.md: the code fence of line 5 is never closed"),
        ("CHANGELOG.md", "# Changelog\n\n<!-- towncrier release notes start -->\n", "CHANGELOG.md is written by towncrier and is left alone"),
    ],
)
def test_a_changelog_that_is_left_alone(path: str, text: str, said: str, dairy: Repo, run: Run) -> None:
    dairy.git("rm", "-q", "CHANGELOG.md")
    dairy.write({path: text}).commit("another changelog")
    before = dairy.contents()
    assert said in run("changelog", "draft", repo=dairy, code=2).err
    assert dairy.contents() == before
    run("bump", "minor", repo=dairy, code=0)
    assert dairy.read(path) == text


def test_without_a_changelog_a_break_is_untold_and_a_bump_goes_on(dairy: Repo, run: Run) -> None:
    dairy.git("rm", "-q", "CHANGELOG.md")
    dairy.commit("no changelog")
    assert "there is no changelog" in run("changelog", "draft", repo=dairy, code=2).err
    assert "break-without-note" in run("changelog", "check", repo=dairy, code=1).out
    assert "warning break-without-note" in run("check", "--release", repo=dairy, code=0).out, "nobody keeps one, so it refuses no release"
    assert "no changelog found" in run("bump", "minor", repo=dairy, code=0).err


def test_a_changelog_that_ends_before_the_last_release_refuses_no_release(dairy: Repo, run: Run) -> None:
    dairy.write({"CHANGELOG.md": "# Changelog\n\n## [0.3.0] - 2023-01-15\n\n- Cheese.\n"}).commit("long ago").git("tag", "--force", "v0.5.0")
    dairy.write({"src/cheese/__init__.py": "def nothing() -> None: ...\n"}).commit("all is gone")
    assert "warning break-without-note" in run("check", "--release", repo=dairy, code=0).out
    assert "break-without-note" in run("changelog", "check", repo=dairy, code=1).out


def test_what_is_not_markdown_is_unproven(dairy: Repo, run: Run) -> None:
    dairy.git("mv", "CHANGELOG.md", "CHANGES.rst")
    dairy.commit("another format")
    result = run("changelog", "check", repo=dairy, code=3)
    assert "CHANGES.rst: it is not Markdown, so what it tells of is not known" in result.err
    assert "CHANGES.rst: it is not Markdown" in run("check", "--release", repo=dairy, code=3).err


def test_a_changelog_that_leads_elsewhere_is_unproven_and_its_help_helps(dairy: Repo, run: Run) -> None:
    dairy.write({"CHANGELOG.md": "All changes are tracked via [releases](https://example.org/releases).\n"}).commit("elsewhere")
    for args in (("changelog", "check"), ("check", "--release")):
        result = run(*args, repo=dairy, code=3)
        assert "CHANGELOG.md: it has no section of any release, so what it tells of is not known" in result.err
        assert "put the heading ## [Unreleased] into CHANGELOG.md" in result.err
        assert "note" not in result.out
    dairy.write({"CHANGELOG.md": "## [Unreleased]\n"}).commit("the heading")
    assert "break-without-note" in run("changelog", "check", repo=dairy, code=1).out
    run("changelog", "draft", repo=dairy, code=0)


def test_many_additions_are_one_warning(dairy: Repo, run: Run) -> None:
    dairy.write({"src/cheese/__init__.py": NEW + "".join(f"\n\ndef cut_{number}() -> None: ...\n" for number in range(4))}).commit("many cuts")
    said = run("changelog", "check", repo=dairy, code=1).out
    assert said.count("addition-without-note") == 1
    assert "5 additions are not in the changelog: cheese.slice_thinly, cheese.cut_0, cheese.cut_1 and 2 more" in said
    assert run("check", "--release", repo=dairy, code=1).out.count("addition-without-note") == 1
    assert run("changelog", "check", "--verbose", repo=dairy, code=1).out.count("addition-without-note") == 5
    document = json.loads(run("changelog", "check", "--format", "json", repo=dairy, code=1).out)
    assert sum(one["rule"] == "addition-without-note" for one in document["findings"]) == 5


def test_fragments_tell(dairy: Repo, run: Run) -> None:
    dairy.write({"towncrier.toml": "[tool.towncrier]\n"}).commit("towncrier")
    said = run("changelog", "check", repo=dairy, code=1).out
    assert "break-without-note" in said
    assert "help: tell of it where towncrier gathers texts" in said
    dairy.write({"newsfragments/8.removed.md": "`melt_evenly` is gone.\n", "newsfragments/9.added.md": "`slice_thinly`\n"}).commit("tell")
    run("changelog", "check", "--strict", repo=dairy, code=0)


@pytest.mark.parametrize("config", ["cliff.toml", "release-plz.toml", "release-please-config.json", ".cz.toml"])
def test_what_a_generator_writes_is_its_own(config: str, dairy: Repo, run: Run) -> None:
    dairy.write({config: "", "CHANGELOG.md": "# Changelog\n\n## [0.5.0] - 2023-11-15\n\n- Cheese.\n"}).commit("generated")
    before = dairy.contents()
    assert "CHANGELOG.md is written by " in run("changelog", "draft", repo=dairy, code=2).err
    for args in (("changelog", "check"), ("check", "--release")):
        result = run(*args, repo=dairy, code=3)
        assert "writes it, so what it will tell of is not known\n  help: lockstep diff lists what to tell of" in result.err
        assert "without-note" not in result.out
    assert "writes it, it is left alone" in run("bump", "minor", "--dry-run", repo=dairy, code=0).err
    assert dairy.contents() == before


def test_notes_that_are_begun_by_hand_beside_a_generator_are_drafted(dairy: Repo, run: Run) -> None:
    dairy.write({"cliff.toml": "", "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n- Slices.\n\n## [0.5.0] - 2023-11-15\n\n- Cheese.\n"}).commit("both")
    assert "break-without-note" in run("changelog", "check", repo=dairy, code=1).out
    run("changelog", "draft", repo=dairy, code=0)
    assert "melt_evenly" in dairy.read("CHANGELOG.md")


def test_a_heading_that_was_passed_over_is_no_place_for_a_draft(dairy: Repo, run: Run) -> None:
    dairy.write({"CHANGELOG.md": "# Changelog\n\n## [0.5.0] - 2023-11-15\n\n- Cheese.\n\n## [Unreleased]\n\n- Rinds.\n"}).commit("passed over")
    before = dairy.contents()
    assert "CHANGELOG.md: Unreleased (line 7) stands below 0.5.0, and belongs above it; it is left alone" in run("changelog", "draft", repo=dairy, code=2).err
    assert dairy.contents() == before
    assert "release-out-of-order: Unreleased stands below 0.5.0" in run("changelog", "check", repo=dairy, code=1).out


def test_draft_refuses_uncommitted_changes_of_the_changelog(dairy: Repo, run: Run) -> None:
    dairy.write({"CHANGELOG.md": LOG + "\n"})
    before = dairy.contents()
    assert "uncommitted changes in what would be edited: CHANGELOG.md" in run("changelog", "draft", repo=dairy, code=2).err
    assert dairy.contents() == before


def test_a_drafted_title_is_one_level_below_its_section(dairy: Repo, run: Run) -> None:
    dairy.write({"CHANGELOG.md": "# 0.5.0\n\n- First.\n"}).commit("headings of the first level")
    run("changelog", "draft", repo=dairy, code=0)
    assert [line for line in dairy.read("CHANGELOG.md").splitlines() if line[:1] == "#" and line[-1:].isalnum()] == [
        "# Unreleased",
        "## Migration",
        "## Added",
        "# 0.5.0",
    ]


def test_each_format(dairy: Repo, run: Run) -> None:
    document = json.loads(run("changelog", "check", "--format", "json", repo=dairy, code=1).out)
    assert {one["rule"] for one in document["findings"]} == {"break-without-note", "addition-without-note"}
    assert "::error file=CHANGELOG.md,line=3" in run("changelog", "check", "--format", "github", repo=dairy, code=1).out
    document = json.loads(run("changelog", "draft", "-n", "--format", "json", repo=dairy, code=0).out)
    assert (document["written"], [edit["role"] for edit in document["edits"]]) == (False, ["notes"])
    assert json.loads(run("changelog", "draft", "--format", "json", repo=dairy, code=0).out)["written"] is True


@pytest.mark.parametrize("args", [("check",), ("draft", "-n"), ("draft",), ("show", "0.5.0"), ("show", "unreleased")], ids=" ".join)
def test_what_is_printed_is_what_the_schema_says(args: tuple[str, ...], dairy: Repo, run: Run) -> None:
    document = json.loads(run("changelog", *args, "--format", "json", repo=dairy).out)
    shipped = json.loads(files("lockstep").joinpath("schemas/changelog.json").read_text())
    jsonschema.validate(document, shipped, jsonschema.Draft7Validator)
    assert set(document) == set(shipped["properties"])
    assert document["action"] == args[0]


def test_a_release_check_asks_for_the_notes(dairy: Repo, run: Run) -> None:
    run("check", repo=dairy, code=0)
    assert "break-without-note" in run("check", "--release", repo=dairy, code=1).out
    run("changelog", "draft", repo=dairy, code=0)
    dairy.replace("CHANGELOG.md", "TODO: why, and what to write instead.", "Melt in a pan.").commit("tell")
    run("check", "--release", "--strict", repo=dairy, code=0)
    run("bump", "minor", repo=dairy, code=0)
    dairy.replace("CHANGELOG.md", "## [0.6.0] - 2023-12-14", "## [0.6.0]").commit("release").git("tag", "v0.6.0")
    assert "release-undated" in run("check", "--release", "--ref", "v0.6.0", "--tag", "v0.6.0", repo=dairy, code=1).out


def test_a_tag_waits_for_the_notes(dairy: Repo, run: Run) -> None:
    before = dairy.contents()
    result = run("bump", "auto", "--tag", repo=dairy, code=1)
    assert "refused: 1 break has no note since v0.5.0; nothing was written" in result.err
    assert "help: lockstep changelog draft" in result.err
    assert "break-without-note" in result.out
    document = json.loads(run("bump", "minor", "--tag", "--format", "json", repo=dairy, code=1).out)
    assert [one["rule"] for one in document["findings"]] == ["break-without-note"]
    assert dairy.contents() == before

    assert "next: finish and commit the notes, then bump (or bump --allow-dirty)" in run("changelog", "draft", repo=dairy, code=0).err
    dairy.commit("draft")
    before = dairy.contents()
    assert "refused: 1 TODO is left in CHANGELOG.md; nothing was written" in run("bump", "minor", "--tag", repo=dairy, code=1).err
    assert dairy.contents() == before
    dairy.replace("CHANGELOG.md", "TODO: why, and what to write instead.", "Melt in a pan.").commit("say why")
    assert "note" not in run("bump", "minor", "--tag", repo=dairy, code=0).err
    assert dairy.git("tag") == "v0.5.0\nv0.6.0\n"


def test_force_tags_without_notes_and_says_so(dairy: Repo, run: Run) -> None:
    assert "forced: 1 break has no note since v0.5.0" in run("bump", "minor", "--tag", "--force", repo=dairy, code=0).err
    assert dairy.git("tag") == "v0.5.0\nv0.6.0\n"


def test_without_a_tag_it_is_a_warning(dairy: Repo, run: Run) -> None:
    assert "1 break has no note since v0.5.0\n  help: lockstep changelog draft" in run("bump", "auto", "--dry-run", repo=dairy, code=0).err
    assert "break" not in run("bump", "minor", "--dry-run", repo=dairy, code=0).err, "no surface is read for it"
    run("changelog", "draft", repo=dairy, code=0)
    dairy.commit("draft")
    assert "1 TODO is left in CHANGELOG.md" in run("bump", "minor", "--commit", repo=dairy, code=0).err


def test_what_a_candidate_told_is_told_and_what_came_later_waits(dairy: Repo, run: Run) -> None:
    dairy.replace("CHANGELOG.md", "## [0.5.0]", "## [0.6.0-rc.1] - 2023-12-01\n\n### Removed\n\n- `melt_evenly`\n\n## [0.5.0]")
    dairy.replace("pyproject.toml", '"0.5.0"', '"0.6.0rc1"').replace("src/cheese/__init__.py", '"0.5.0"', '"0.6.0rc1"').commit("candidate").git(
        "tag", "v0.6.0rc1"
    )
    dairy.write({"README.md": "later\n"}).commit("later")
    result = run("changelog", "check", repo=dairy, code=0)
    assert [line.partition(" ")[2] for line in result.out.splitlines() if not line.startswith(" ")] == [
        "warning addition-without-note: cheese.slice_thinly is new, and the changelog does not mention it"
    ]
    run("changelog", "draft", repo=dairy, code=0)
    text = dairy.read("CHANGELOG.md")
    assert text.index("## [Unreleased]") < text.index("slice_thinly") < text.index("## [0.6.0-rc.1]")


def test_a_first_release_owes_a_dated_section(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": MANIFEST, "src/cheese/__init__.py": NEW, "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n- Slices.\n"})
    assert "release-without-section" in run("check", "--release", repo=repo, code=1).out
    run("check", repo=repo, code=0)


# ---- the day of a release


@pytest.mark.parametrize(
    ("args", "epoch", "day"),
    [(("--date", "2024-02-29"), "0", "2024-02-29"), ((), "1700000000", "2023-11-14"), ((), "0", "1970-01-01")],
)
def test_the_day_of_a_release(args: tuple[str, ...], epoch: str, day: str, story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("notes")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    run("bump", "minor", *args, repo=repo, code=0)
    assert f"## [0.6.0] - {day}\n" in repo.read("CHANGELOG.md")


@pytest.mark.parametrize(
    ("args", "epoch"),
    [(("--date", "2026-02-30"), "0"), (("--date", "tomorrow"), "0"), ((), "soon"), ((), "99999999999999999"), ((), "")],
)
def test_a_day_that_is_none(args: tuple[str, ...], epoch: str, story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("notes")
    before = repo.contents()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = run("bump", "minor", *args, repo=repo, code=2)
    assert "no day of the calendar" in result.err or "no number of seconds" in result.err
    assert repo.contents() == before


def test_several_changelogs_belong_to_their_packages(fresh: Fresh, run: Run) -> None:
    log = "# Changelog\n\n## Unreleased\n\n- Slices.\n\n## 0.5.0 - 2023-11-15\n"
    crate = '[package]\nname = "{}"\nversion = "{}"\nedition = "2021"\n'
    repo = fresh(
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
            "crates/curd/Cargo.toml": crate.format("curd", "0.5.0"),
            "crates/curd/src/lib.rs": "",
            "crates/curd/CHANGELOG.md": log,
            "crates/whey/Cargo.toml": crate.format("whey", "0.5.0"),
            "crates/whey/src/lib.rs": "",
            "crates/wax/Cargo.toml": crate.format("wax", "2.1.0"),
            "crates/wax/src/lib.rs": "",
            "crates/wax/CHANGELOG.md": log,
            "CHANGELOG.md": log,
            "vendor/rennet/CHANGELOG.md": log,
            "lockstep.toml": 'outside = ["wax"]\n',
        }
    )
    run("bump", "minor", "--date", "2026-11-22", repo=repo, code=0)
    promoted = log.replace("## Unreleased\n", "## Unreleased\n\n## 0.6.0 - 2026-11-22\n")
    assert {
        path: repo.read(path) == promoted for path in ("CHANGELOG.md", "crates/curd/CHANGELOG.md", "crates/wax/CHANGELOG.md", "vendor/rennet/CHANGELOG.md")
    } == {
        "CHANGELOG.md": True,
        "crates/curd/CHANGELOG.md": True,
        "crates/wax/CHANGELOG.md": False,
        "vendor/rennet/CHANGELOG.md": False,
    }


@pytest.mark.parametrize("folder", ["", "python/"])
def test_a_section_is_shown_where_git_states_the_version(folder: str, fresh: Fresh, run: Run) -> None:
    manifest = '[build-system]\nrequires = ["setuptools-scm"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "cheese"\ndynamic = ["version"]\n'
    repo = fresh({f"{folder}pyproject.toml": f"{manifest}[tool.setuptools_scm]\n", "CHANGELOG.md": "# Changelog\n\n## 0.5.0\n\n- Slices.\n"})
    assert run("changelog", "show", "0.5.0", repo=repo, code=0).out == "- Slices.\n"


def test_a_section_that_a_tool_will_write_is_missing_only_at_a_release(dairy: Repo, run: Run) -> None:
    dairy.write({"cliff.toml": "", "CHANGELOG.md": "# Changelog\n\n## [0.5.0] - 2023-11-15\n\n- Cheese.\n"})
    dairy.replace("pyproject.toml", '"0.5.0"', '"0.6.0"').replace("src/cheese/__init__.py", '"0.5.0"', '"0.6.0"').commit("0.6.0")
    assert "release-without-section" not in run("changelog", "check", repo=dairy, code=3).out
    assert "release-without-section" in run("check", "--release", repo=dairy, code=1).out


def test_an_excluded_changelog_is_nobody_s(story: Story, run: Run) -> None:
    repo = story("notes")
    repo.write({"lockstep.toml": 'exclude = ["CHANGELOG.md"]\n'}).commit("keep out")
    before = repo.read("CHANGELOG.md")
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("CHANGELOG.md") == before


def test_a_newer_release_on_a_branch_of_its_own_is_told(dairy: Repo, run: Run) -> None:
    last = run("changelog", "check", repo=dairy).err.partition("since ")[2].partition(":")[0]
    newer = f"{last}1"
    branch = dairy.git("branch", "--show-current").strip()
    dairy.git("checkout", "-q", "-b", "release", last)
    dairy.commit("fix: later", tag=newer)
    dairy.git("checkout", "-q", branch)
    stated = newer.lstrip("v")
    for path in (one for one in dairy.git("ls-files", "*.toml").split()):
        dairy.write({path: dairy.read(path).replace(f'version = "{last.lstrip("v")}"', f'version = "{stated}"')})
    dairy.commit("chore: the version of that branch")
    assert f"since {newer}" in run("changelog", "check", repo=dairy).err, "it left this history behind the last release that is in it"
    dairy.git("tag", above := f"{last}9", "release~0")
    said = f"{above} is newer than {newer}, but not in this history (a release branch?), and is not compared with; "
    assert f"{said}lockstep changelog draft --base {above} does" in run("changelog", "draft", "--dry-run", repo=dairy).err
    assert f"{said}lockstep changelog check --base {above} does" in run("changelog", "check", repo=dairy).err
    assert f"{said}lockstep diff {above} does" in run("diff", repo=dairy).err
    assert "is newer than" not in run("diff", last, repo=dairy).err
