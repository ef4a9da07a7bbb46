"""What a bump teaches, and where a line that it taught is broken: never one that is gone, was rewritten, or is another project's."""

from __future__ import annotations

import pytest

from lockstep.model import Ecosystem, Package, Site
from lockstep.project.learning import PastBump, learn
from lockstep.project.lessons import lessons
from lockstep.tree import MemoryTree
from lockstep.versions.version import Spelling, Version, read_any

SPAM = Package(name="spam", ecosystem=Ecosystem.CARGO, root="", manifest="Cargo.toml", version=None)


def past(before: str, after: str, old: str = "1.1.0", new: str = "1.2.0", path: str = "status.txt") -> PastBump:
    versions = read_any(old), read_any(new)
    return PastBump(commit="c0ffee" * 7, subject="bump", old=versions[0], new=versions[1], lines=tuple(lessons(path, before, after, *versions)))


def sites(bump: PastBump, text: str, current: str = "", path: str = "status.txt") -> list[Site]:
    version = Version.read(current, Spelling.PREFIX) if current else bump.new
    found = [*learn(MemoryTree({path: text}), bump, version, SPAM, [SPAM], frozenset())]
    assert all(text.startswith(one.text, one.start) and text.split("\n")[one.line - 1].startswith(one.text, one.column - 1) for one in found)
    return found


def texts(bump: PastBump, text: str, current: str = "") -> list[str]:
    return [one.text for one in sites(bump, text, current)]


# ---- what is taught


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("state of {}\n", "state of {}\n", "1.1.0", "1.2.0-rc.1"),
        ("state of {}\n", "state of {}\n", "1.2.0-rc.1", "1.2.0"),
        ("state of {}\n", "state of {}\n", "1.2.0rc1", "1.2.0"),
        ("get spam-v{}-x86_64-linux.tar.gz\n", "get spam-v{}-x86_64-linux.tar.gz\n", "1.1.0", "1.2.0"),
        ("get spam-{}-py3-none-any.whl\n", "get spam-{}-py3-none-any.whl\n", "1.1.0", "1.2.0"),
        ("get spam_{}-1_amd64.deb\n", "get spam_{}-1_amd64.deb\n", "1.1.0", "1.2.0"),
        ('.TH SPAM 1 "2024-01-31" "spam {}"\n', '.TH SPAM 1 "2024-03-02" "spam {}"\n', "1.1.0", "1.2.0"),
        ("spam {} (31 January 2024)\n", "spam {} (2 March 2024)\n", "1.1.0", "1.2.0"),
        ("spam {}, Jan. 31, 2024\n", "spam {}, Mar. 2, 2024\n", "1.1.0", "1.2.0"),
        ("moved {}\nabove\n", "above\nbetween\nmoved {}\n", "1.1.0", "1.2.0"),
        ("state of {}\n", "state of {}\n", "1.1.0", "1.1.1-edge.1"),
        ("state of {}\n", "state of {}\n", "1.1.1-edge.1", "1.1.1-edge.2+build-7"),
        ("twice {0} and {0}\n", "twice {0} and {0}\n", "1.1.0", "1.2.0"),
    ],
)
def test_a_line_that_moved_is_taught_and_found(before: str, after: str, old: str, new: str) -> None:
    bump = past(before.format(old), after.format(new), old, new)
    assert set(texts(bump, f"new on top\n{after.format(new)}")) == {new}
    assert set(texts(bump, after.format("3.0.0"), "3.0.0")) == {"3.0.0"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("since 1.1.0\n", "since 1.2.0\n"),
        ("this needs spam v1.1.0 or later\n", "this needs spam v1.2.0 or later\n"),
        ("only on 1.1.0 and greater\n", "only on 1.2.0 and greater\n"),
        ("spam 1.1.0-rc1\n", "spam 1.2.0-rc1\n"),
        ("spam 1.1.0-1\n", "spam 1.2.0-1\n"),
        ("spam 1.1.0: one egg\n", "spam 1.2.0: two eggs\n"),
        ("spam 1.1.0\n", "spam 1.2.0\nspam 1.1.0\n"),
        ("spam 1.1\n", "spam 1.2.0\n"),
    ],
)
def test_what_is_history_or_says_something_else_now_teaches_nothing(before: str, after: str) -> None:
    assert past(before, after).lines == ()


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/history/one.txt", "poetry.lock", "vendor/spam/version.txt", "Cargo.toml"])
def test_what_formats_know_and_what_is_no_copy_teaches_nothing(path: str) -> None:
    line = 'version = "{}"\n'
    assert sites(past(line.format("1.1.0"), line.format("1.2.0"), path=path), line.format("1.2.0"), path=path) == [] or path.startswith(("vendor", "poetry"))


def test_a_place_of_python_stays_one_when_its_pre_release_is_over() -> None:
    (site,) = sites(past("spam 1.2.0rc1\n", "spam 1.2.0\n", "1.2.0rc1", "1.2.0"), "spam 1.2.0\n")
    assert site.spelling is Spelling.PEP440


# ---- what is broken


LIST = "name: spam\nversion: {}\n\nname: eggs\nversion: {}\n\nname: ham\nversion: 0.3.1\n"
TAUGHT = past(LIST.format("1.1.0", "1.1.0"), LIST.format("1.2.0", "1.2.0"))


@pytest.mark.parametrize("wrong", ["1.1.0", "1.2.1", "2.0.0-rc.1"])
def test_a_taught_line_with_another_version_is_broken(wrong: str) -> None:
    assert texts(TAUGHT, LIST.format("1.2.0", "1.2.0")) == ["1.2.0", "1.2.0"]
    assert texts(TAUGHT, LIST.format("1.2.0", wrong)) == ["1.2.0", wrong]
    assert texts(TAUGHT, "# more\n" + LIST.format(wrong, "1.2.0")) == ["1.2.0", wrong]
    assert texts(TAUGHT, "name: new\nversion: 7.0.0\n\n" + LIST.format(wrong, "1.2.0")) == ["1.2.0", wrong]
    assert [one.weak for one in sites(TAUGHT, LIST.format(wrong, "1.2.0"))] == [False, False]


@pytest.mark.parametrize(
    "text",
    [
        "name: spam\nversion: 1.2.0\n\nname: ham\nversion: 0.3.1\n",
        "name: spam\nversion: 1.2.0\n\nname: eggs\nversion of its own: 1.1.0\n\nname: ham\nversion: 0.3.1\n",
        "name: spam\nversion: 1.2.0\n\nname: ham\nversion: 0.3.1\n\nname: beans\nversion: 0.4.0\n\nname: toast\nversion: 0.5.0\n",
        "name: spam\nversion: 1.2.0\n\nname: eggs\nversion: 1.2\n\nname: ham\nversion: 0.3.1\n",
        "version: 1.2.0\n",
        "",
    ],
)
def test_a_taught_line_that_is_gone_or_was_rewritten_is_no_site(text: str) -> None:
    assert set(texts(TAUGHT, text)) <= {"1.2.0"}


def test_a_line_that_is_nothing_but_a_version_is_told_by_what_is_around_it() -> None:
    bump = past("1.1.0\n", "1.2.0\n")
    assert texts(bump, "1.1.0\n") == ["1.1.0"]
    assert texts(bump, "eggs\n1.1.0\nham\n") == []


def test_the_date_beside_a_broken_version_may_change_too() -> None:
    assert texts(past("spam 1.1.0 (2024-01-31)\n", "spam 1.2.0 (2024-03-02)\n"), "spam 1.1.0 (2024-04-01)\n") == ["1.1.0"]


def test_one_broken_mention_of_two_is_named_alone() -> None:
    line = "get v{}/spam-{}-x86_64\n"
    (site,) = sites(past(line.format("1.1.0", "1.1.0"), line.format("1.2.0", "1.2.0")), line.format("1.2.0", "1.1.0"))
    assert (site.text, site.column) == ("1.1.0", 17)


def test_what_a_bump_in_progress_left_behind_is_not_sure_to_move() -> None:
    assert [(one.text, one.weak) for one in sites(TAUGHT, LIST.format("1.2.0", "1.3.0"), "1.3.0")] == [("1.3.0", False), ("1.2.0", True)]
    assert texts(TAUGHT, LIST.format("1.2.0", "1.1.0"), "1.3.0") == ["1.2.0"]
    assert texts(TAUGHT, LIST.format("1.2.0", "1.2.0"), "1.3.0-dev.0") == []
    assert texts(TAUGHT, LIST.format("1.2.0", "1.2.0"), "1.1.0") == []


def test_line_endings_of_windows_are_none_of_a_line() -> None:
    assert texts(TAUGHT, LIST.format("1.2.0", "1.2.0").replace("\n", "\r\n")) == ["1.2.0", "1.2.0"]
    assert texts(TAUGHT, LIST.format("1.2.0", "1.1.0").replace("\n", "\r\n")) == ["1.2.0", "1.1.0"]


def test_a_hostile_line_takes_no_time() -> None:
    long = "1." * 900 + "x"
    assert texts(past("v 1.1.0 x\n", "v 1.2.0 x\n"), f"v {long}\n" * 200) == []
