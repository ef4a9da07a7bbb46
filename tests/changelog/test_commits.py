"""Notes from conventional commits: what is told, what is not, and what is said where commits and comparison disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lockstep.changelog.announced import hold
from lockstep.changelog.changes import ChangeKind
from lockstep.changelog.conventional import CommitMessage, ConventionalCommit, NoteKind, read, read_all
from lockstep.evidence.commits import commits_since
from lockstep.model import Place
from lockstep.repository.repository import find
from tests.changelog.trials import BREAK
from tests.conftest import Fresh, Run, Story


def message(text: str, id_: str = "a" * 40) -> CommitMessage:
    return CommitMessage(id=id_, message=text)


@pytest.mark.parametrize(
    ("text", "kind", "note", "breaking"),
    [
        ("feat: add eggs", NoteKind.ADDED, "Add eggs", False),
        ("feat(core)!: drop eggs", NoteKind.ADDED, "core: drop eggs", True),
        ("Fix: no eggs (#12)", NoteKind.FIXED, "No eggs (#12)", False),
        ("perf: quicker eggs", NoteKind.CHANGED, "Quicker eggs", False),
        ("refactor: eggs\n\nBREAKING CHANGE: eggs are\nround now\n\nRefs: #1", NoteKind.CHANGED, "Eggs", True),
        ("refactor: eggs\n\nBREAKING-CHANGE: round", NoteKind.CHANGED, "Eggs", True),
        ("docs: eggs", None, "Eggs", False),
        ("chore: a BREAKING CHANGE: in the middle of a line is none", None, "A BREAKING CHANGE: in the middle of a line is none", False),
    ],
)
def test_a_conventional_commit_is_read(text: str, kind: NoteKind | None, note: str, breaking: object) -> None:
    found = read(message(text))
    assert found is not None
    assert (found.kind, found.note, found.breaking) == (kind, note, breaking)


@pytest.mark.parametrize("text", ["Add eggs", "feat:no space", "feat add", ": eggs", "Merge pull request #1 from a/b", "", "feat(a)(b): eggs", "12: x"])
def test_any_other_message_is_none(text: str) -> None:
    assert read(message(text)) is None


def test_the_words_of_a_footer_are_kept() -> None:
    found = read(message("fix: eggs\n\nLonger.\n\nBREAKING CHANGE: eggs are\n round now\nRefs: #1"))
    assert found is not None
    assert found.why == "eggs are round now"


def test_what_is_reverted_is_not_told_nor_what_reverts_it() -> None:
    first, other = message("feat: eggs", "1" * 40), message("feat: spam", "2" * 40)
    undo = message(f'revert: "feat: eggs"\n\nThis reverts commit {"1" * 40}.', "3" * 40)
    elsewhere = message("revert: ham\n\nRefs: 9999999", "4" * 40)
    assert [one.description for one in read_all([first, other, undo])] == ["spam"]
    assert [one.description for one in read_all([other, elsewhere])] == ["spam", "ham"]


def test_a_break_is_announced_by_who_touched_its_file_or_names_it() -> None:
    change = replace(BREAK, symbol="spam.normalize", place=Place(path="src/spam.py", line=3))

    def said(text: str, id_: str, *paths: str) -> ConventionalCommit:
        found = read(replace(message(text, id_ * 40), paths=paths))
        assert found is not None
        return found

    by_file = said("feat!: eggs", "1", "src/spam.py")
    by_name = said("feat: eggs\n\nBREAKING CHANGE: `spam.normalize` takes a length", "2", "a.py")
    neither = said("feat!: eggs", "3", "other.py")
    quiet = said("feat: eggs", "4", "src/spam.py")
    assert hold([by_file], [change]) == hold([by_name], [change]) == hold([], [])
    assert hold([neither, quiet], [change]).unseen == (neither,)
    assert hold([neither, quiet], [change]).silent == (change,)
    assert hold([quiet], [replace(change, kind=ChangeKind.ADDITION)]).silent == ()


def test_commits_are_those_of_the_folders(fresh: Fresh) -> None:
    repo = fresh({"a/x": "1", "b/x": "1", "README": "1"})
    base = repo.git("rev-parse", "HEAD").strip()
    repo.write({"a/x": "2"}).commit("feat!: in a")
    repo.write({"b/x": "2"}).commit("fix: in b\n\nLonger\nbody")
    repo.write({"README": "2"}).commit("docs: at the root")
    repo.git("checkout", "-q", "-b", "side", base)
    repo.write({"a/y": "2"}).commit("feat: on a side")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge branch side", "side")
    repository = find(repo.root)

    def told(*folders: str, without: tuple[str, ...] = ()) -> set[str]:
        return {one.message.partition("\n")[0] for one in commits_since(repository, base, "HEAD", folders, without)}

    assert told("") == {"feat!: in a", "fix: in b", "docs: at the root", "feat: on a side"}
    assert told("a") == {"feat!: in a", "feat: on a side"}
    assert told("", without=("b",)) == {"feat!: in a", "docs: at the root", "feat: on a side"}
    assert told("a", "b") == {"feat!: in a", "feat: on a side", "fix: in b"}
    [breaking] = [one for one in commits_since(repository, base, "HEAD", ("",)) if one.paths]
    assert breaking.paths == ("a/x",)


def test_draft_takes_additions_and_fixes_from_commits_and_breaks_from_the_code(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.write({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n- Told already (#7)\n", "lockstep.toml": "changelog.commits = true\n"}).commit(
        "docs: a changelog"
    )
    repo.write({"src/a.rs": "// a\n"}).commit("feat(rank): a quicker search")
    repo.write({"src/b.rs": "// b\n"}).commit("fix: empty queries (#7)")
    repo.write({"src/c.rs": "// c\n"}).commit("fix!: what no signature shows")
    result = run("changelog", "draft", repo=repo, code=0)
    said = repo.read("CHANGELOG.md")
    assert "- rank: a quicker search" in said
    assert "- What no signature shows" in said
    assert "empty queries" not in said
    assert "normalize" in said
    assert " is new" not in said
    assert "a commit announces a break that the comparison with v0.5.0 does not show" in result.err
    assert "that no commit announces with ! or BREAKING CHANGE: " in result.err
    assert run("changelog", "draft", repo=repo, code=0).out == ""
    assert repo.read("CHANGELOG.md") == said


def test_without_the_option_no_commit_is_read(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.write({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"}).commit("feat!: eggs")
    result = run("changelog", "draft", repo=repo, code=0)
    assert "ggs" not in repo.read("CHANGELOG.md")
    assert "announces" not in result.err
