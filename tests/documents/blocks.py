"""The console blocks of a page, and what their commands print.

A block is preceded by a comment that says in which repository it runs:

    <!-- runs: STORY [TAG] -->      a fresh copy of a story of `fixtures/`, at a tag where one is named
    <!-- prepare: COMMAND -->       in it, before the first block; nothing of it is shown
    <!-- goes on -->                where the block before left it

A line `$ COMMAND` is run by bash, and what it prints on stdout and stderr is below. A line of three dots stands for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import EPOCH, Repo

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"(?P<before>(?:^<!--(?:[^-]|-(?!->))*-->\n)*)^(?P<fence>`{3,})console\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"<!-- (?P<what>runs|prepare|goes on)(?:: (?P<value>.*?))? -->", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A command and what stands below it."""

    command: str
    output: str


@dataclass(frozen=True)
class Block:
    """A console block: where its body stands in the page, and where its commands run."""

    start: int
    end: int
    story: str
    tag: str | None
    prepare: tuple[str, ...]
    goes_on: bool
    shown: tuple[Shown, ...]


class BlockError(ValueError):
    """A block does not say where it runs."""


def blocks(text: str) -> Iterator[Block]:
    """Give the console blocks of a page."""
    for found in BLOCK.finditer(text):
        notes = [(note["what"], note["value"] or "") for note in NOTE.finditer(found["before"])]
        story, _, tag = next((value for what, value in notes if what == "runs"), "").partition(" ")
        goes_on = any(what == "goes on" for what, _ in notes)
        if bool(story) is goes_on:
            line = text.count("\n", 0, found.start("body"))
            raise BlockError(f"line {line}: say with <!-- runs: STORY --> or <!-- goes on --> where the block runs")
        prepare = tuple(value for what, value in notes if what == "prepare")
        yield Block(found.start("body"), found.end("body"), story, tag or None, prepare, goes_on, tuple(_shown(found["body"])))


def _shown(body: str) -> Iterator[Shown]:
    for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
        if part.startswith("$ "):
            command, _, output = part[2:].partition("\n")
            yield Shown(command, output)


def run(repo: Repo, command: str) -> str:
    """Run a line with bash, lockstep of this repository first on the path; give what it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{EPOCH + 86400 * 9} +0000")
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", command],
        cwd=repo.root,
        env={**os.environ, **dates, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return done.stdout


def stands_for(shown: str, printed: str) -> bool:
    """Say whether what is shown, lines of three dots aside, is what was printed."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in shown.rstrip("\n").split("\n") if shown.strip())
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n" if printed.strip() else "") is not None


def renewed(text: str, story: Callable[[str, str | None], Repo]) -> str:
    """Give a page with every block as its commands print it now; what is still true, with dots or without, is kept as it is."""
    made, at, repo = [], 0, None
    for block in blocks(text):
        if not block.goes_on:
            repo = story(block.story, block.tag)
            for command in block.prepare:
                run(repo, command)
        assert repo is not None, "the first block of a page cannot go on"
        parts = []
        for index, shown in enumerate(block.shown):
            printed = run(repo, shown.command)
            output = shown.output.strip("\n") if stands_for(shown.output, printed) else printed.strip("\n")
            gap = "\n" if index + 1 < len(block.shown) and (output or shown.output.endswith("\n\n")) else ""
            parts.append(f"$ {shown.command}\n" + (f"{output}\n" if output else "") + gap)
        made.append(text[at : block.start] + "".join(parts))
        at = block.end
    return "".join(made) + text[at:]
