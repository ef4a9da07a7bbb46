"""The pictures of the README and the guides: a terminal in which the commands ran, as SVG, light or dark as the reader's system is.

No font and nothing else is fetched by a picture: the reader's own monospaced font is used.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.conftest import Repo, all_drawn

LIGHT = TerminalTheme(
    (255, 255, 255),
    (31, 35, 40),
    [(31, 35, 40), (180, 35, 24), (17, 99, 41), (125, 78, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129)],
    [(87, 96, 106), (164, 14, 38), (26, 127, 55), (99, 60, 1), (33, 139, 255), (164, 117, 249), (49, 146, 170), (140, 149, 159)],
)
DARK = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221), (240, 246, 252)],
)
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; }}
.{unique_id}-frame {{ fill: #ffffff; stroke: #d0d7de; stroke-width: 2; }}
.{unique_id}-dots {{ fill: #d0d7de; }}
{styles}
@media (prefers-color-scheme: dark) {{
.{unique_id}-frame {{ fill: #161b22; stroke: #30363d; }}
.{unique_id}-dots {{ fill: #30363d; }}
DARK
}}
</style>
<rect class="{unique_id}-frame" width="100%" height="100%" rx="10"/>
<g class="{unique_id}-dots"><circle cx="24" cy="22" r="6"/><circle cx="44" cy="22" r="6"/><circle cx="64" cy="22" r="6"/></g>
<g class="{unique_id}-matrix" transform="translate({terminal_x}, {terminal_y})">
{matrix}
</g>
</svg>
"""
STYLE = r"^\.[a-z]+-r\d+ \{.*\}$"
WIDTH = 100


@dataclass(frozen=True)
class Picture:
    """A picture: its name, the story that it is taken in, and the lines that are run."""

    name: str
    story: str
    commands: tuple[str, ...]


PICTURES = (
    Picture(
        "check", "twins", ("lockstep check", "sed -i 's/0.2.0/0.1.9/' python/spam/__init__.py", "lockstep check", "lockstep check --fix", "lockstep bump minor")
    ),
    Picture("diff", "promises", ("lockstep diff v0.4.0 v0.5.0",)),
    Picture("refused", "promises", ("lockstep bump patch",)),
    Picture("show", "outsider", ("lockstep show",)),
)

RECORDED = {"release"}
"""Pictures that are taken elsewhere: tests/registries/test_whole_release.py."""


def on_terminal(repo: Repo, command: str) -> str:
    """Give what a command prints on a terminal, colours included."""
    main, side = pty.openpty()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    process = subprocess.Popen([shutil.which("bash") or "bash", "-c", command], cwd=repo.root, env=env, stdin=side, stdout=side, stderr=side)
    os.close(side)
    read = all_drawn(main)
    process.wait()
    return read.decode().replace("\r\n", "\n")


def taken(one: Picture, story: Callable[[str, str | None], Repo]) -> str:
    """Give the SVG of a picture."""
    repo = story(one.story, None)
    console = Console(record=True, width=WIDTH, height=100, file=StringIO(), force_terminal=True, color_system="standard", highlight=False)
    for index, command in enumerate(one.commands):
        console.print(("\n" if index else "") + f"$ {command}", style="bold", markup=False)
        if printed := on_terminal(repo, command).rstrip("\n"):
            console.print(Text.from_ansi(printed))
    return drawn(console, one)


def drawn(console: Console, one: Picture) -> str:
    """Draw what a console recorded, in both themes at once: the classes of the two are the same."""

    def svg(theme: TerminalTheme) -> str:
        return console.export_svg(title="", theme=theme, code_format=FRAME, unique_id=one.name, clear=False)

    light, dark = (re.findall(STYLE, svg(theme), re.MULTILINE) for theme in (LIGHT, DARK))
    assert len(light) == len(dark), "two styles of one theme look alike"
    text = svg(LIGHT).replace("DARK", "\n".join(dark))
    text = re.sub(r' clip-path="[^"]*"', "", text).replace("><text", ">\n<text")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
