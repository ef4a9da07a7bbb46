"""On a terminal a report has colours, links and lines as wide as it; in a pipe, with NO_COLOR or on a dumb terminal it is plain."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Mapping

import pytest

from lockstep.cli import progress, terminal
from lockstep.model import Place
from lockstep.reports.style import Painter, columns
from lockstep.tree import MemoryTree
from tests.conftest import Repo, Story, all_drawn
from tests.conftest import lockstep as program

LINK = re.compile(r"\x1b\]8;;([^\x1b]*)\x1b\\")


def on_terminal(repo: Repo, *args: str, env: Mapping[str, str], wide: int = 80, report_only: bool = False) -> str:
    """Run lockstep with stdout and stderr on a real pseudo-terminal; give what it drew, without the progress on stderr where only the report counts."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, wide))
    stderr = subprocess.DEVNULL if report_only else theirs
    process = subprocess.Popen([sys.executable, "-m", "lockstep", *args], cwd=repo.root, env={**os.environ, **env}, stdout=theirs, stderr=stderr)
    os.close(theirs)
    seen = all_drawn(ours)
    process.wait()
    return seen.decode().replace("\r\n", "\n")


def test_a_terminal_that_opens_links_gets_them(story: Story) -> None:
    repo = story("drifted")
    drawn = on_terminal(repo, "check", env={"TERM": "xterm-kitty"}, wide=200)
    assert "\x1b[36m" in drawn
    (first, *_) = LINK.findall(drawn)
    assert re.fullmatch(rf"file://[^/]+{re.escape(os.path.realpath(repo.root))}/[^#]+#\d+", first)
    assert on_terminal(repo, "check", "--ref", "HEAD", env={"TERM": "xterm-kitty"}).count("\x1b]8") == 0, "what a commit holds lies nowhere"


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "xterm-kitty", "NO_COLOR": "1"}], ids=str)
def test_a_plain_terminal_gets_plain_text(env: dict[str, str], story: Story) -> None:
    assert "\x1b" not in on_terminal(story("drifted"), "check", env=env)


def test_a_pipe_gets_what_it_always_got(story: Story) -> None:
    repo = story("drifted")
    plain = program("check", repo=repo, code=1)
    assert program("check", repo=repo, code=1, env={"TERM": "xterm-kitty", "COLUMNS": "40"}) == plain
    assert "\x1b" not in plain.out


def test_lines_are_as_wide_as_the_terminal_and_say_the_same(story: Story) -> None:
    repo = story("promises")
    narrow = on_terminal(repo, "diff", "v0.4.0", "v0.5.0", env={"TERM": "xterm", "NO_COLOR": "1"}, wide=60, report_only=True)
    wide = on_terminal(repo, "diff", "v0.4.0", "v0.5.0", env={"TERM": "xterm", "NO_COLOR": "1"}, wide=500, report_only=True)
    assert narrow.split() == wide.split()
    assert max(map(len, wide.splitlines())) > 60
    for line in narrow.splitlines():
        assert len(line) <= 60 or " " not in line.strip(), line


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  one two\n", "  one two\n"),
        (f"  {'word ' * 10}end\n", "  word word word word word word word\n      word word word end\n"),
        (f"{'x' * 50} y\n", f"{'x' * 50}\n    y\n"),
        (f"{'雪' * 10} {'雪' * 11}\n", f"{'雪' * 10}\n    {'雪' * 11}\n"),
        (f"\x1b[31m{'a' * 30}\x1b[0m bbb", f"\x1b[31m{'a' * 30}\x1b[0m bbb"),
    ],
)
def test_a_line_is_folded_between_words(text: str, folded: str) -> None:
    assert Painter(width=40).fold(text) == folded
    assert Painter().fold(text) == text
    assert Painter(width=10).fold(text) == text


def test_a_link_is_never_broken_and_steers_nothing() -> None:
    paint = Painter(colour=True, width=40, links="file://host{path}#{line}", root="/a b")
    place = Place(path="x y/\x1b\\\u202e;%.py", line=3)
    shown = paint.place(place)
    assert LINK.findall(shown) == ["file://host/a%20b/x%20y/%1B%5C%E2%80%AE%3B%25.py#3", ""]
    assert LINK.sub("", shown) == "\x1b[36mx y/\\u001b\\\\u202e;%.py:3\x1b[0m"
    assert shown in paint.fold(f"{'word ' * 7}{shown} end")
    assert columns(shown) == len("x y/\\u001b\\\\u202e;%.py:3")


@pytest.mark.parametrize(
    ("env", "known"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM_PROGRAM": "vscode"}, False),
        ({"VTE_VERSION": "5000"}, False),
        ({"VTE_VERSION": "7603"}, True),
        ({"VTE_VERSION": "x"}, False),
        ({"KONSOLE_VERSION": "230800"}, True),
        ({"TERM": "screen-256color", "VTE_VERSION": "7603"}, False),
        ({"TERM": "xterm", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM_PROGRAM": "WezTerm", "FORCE_HYPERLINK": "0"}, False),
    ],
    ids=str,
)
def test_a_terminal_is_known_by_what_it_says(env: dict[str, str], known: bool) -> None:  # noqa: FBT001
    assert bool(terminal.links(env, "host")) is known


# ---- progress


def test_long_work_is_drawn_and_taken_away_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "visible", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "OFTEN", 0)
    with progress.reading(MemoryTree({"a.py": "", "b.py": "", "c.txt": ""})) as tree:
        assert [tree.read(path) for path in tree.paths("*.py")] == ["", ""]
        assert tree.has("a.py")
    first, second, cleared = capsys.readouterr().err.split("\r")[1:]
    assert (first.count("#"), second.count("#"), cleared) == (12, 24, "\x1b[K")


def test_short_work_and_pipes_see_no_progress(story: Story) -> None:
    repo = story("promises")
    assert "reading" not in program("diff", "v0.4.0", "v0.5.0", repo=repo, code=0, env={"TERM": "xterm"}).err
    assert "\x1b[K" not in on_terminal(repo, "diff", "v0.4.0", "v0.5.0", "-q", env={"TERM": "xterm"})
    tree = MemoryTree({})
    with progress.reading(tree) as given:
        assert given is tree
