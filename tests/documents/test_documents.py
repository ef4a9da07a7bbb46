"""What the README and the guides show is what lockstep prints; `python -m tests.documents` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import typer

from lockstep import cli, rules
from tests.conftest import Repo
from tests.documents import pictures, tables
from tests.documents.blocks import PAGES, ROOT, BlockError, blocks, renewed, stands_for

RENEW = "python -m tests.documents writes it anew"
Copies = Callable[[str, "str | None"], Repo]


@pytest.fixture
def copies(tmp_path: Path, built: Callable[[str], Repo]) -> Copies:
    number = count()

    def copy(name: str, tag: str | None) -> Repo:
        repo = built(name).copy(tmp_path / str(next(number)))
        if tag is not None:
            repo.git("checkout", "-q", tag)
        return repo

    return copy


@pytest.mark.parametrize("page", [page for page in PAGES if "console\n$ " in page.read_text()], ids=lambda page: page.name)
def test_a_block_shows_what_its_commands_print(page: Path, copies: Copies) -> None:
    text = page.read_text()
    assert list(blocks(text))
    assert renewed(text, copies) == text, RENEW


@pytest.mark.parametrize("one", pictures.PICTURES, ids=lambda one: one.name)
def test_a_picture_shows_what_its_commands_print(one: pictures.Picture, copies: Copies) -> None:
    drawn = pictures.taken(one, copies)
    assert (ROOT / f"docs/pictures/{one.name}.svg").read_text() == drawn, RENEW
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", drawn))
    assert addresses == {"http://www.w3.org/2000/svg"}, "a picture asks nobody for anything"
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"


def test_every_picture_is_shown_and_every_shown_picture_is_taken() -> None:
    shown = {name for page in PAGES for name in re.findall(r"pictures/([\w-]+)\.svg", page.read_text())}
    assert shown == {one.name for one in pictures.PICTURES} | pictures.RECORDED == {path.stem for path in (ROOT / "docs/pictures").iterdir()}


def test_the_tables_of_the_configuration_are_its_options() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    assert tables.renewed(text) == text, RENEW
    shown = [set(tables.ROW.findall(found[1])) for found in tables.TABLE.finditer(text)]
    assert [set(one) for one in tables.options() if set(one) not in shown] == [], "every set of options has its table"


# ---- the tools themselves


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one\n...\n", "one\ntwo\nthree\n", True),
        ("...\nthree\n", "one\ntwo\nthree\n", True),
        ("...\ntwo\n", "one\ntwo\nthree\n", False),
        ("one\n...\nfour\n", "one\ntwo\nthree\n", False),
        ("", "one\n", False),
        ("", "", True),
    ],
)
def test_three_dots_stand_for_any_lines(shown: str, printed: str, alike: bool) -> None:  # noqa: FBT001 - a row of a table
    assert stands_for(shown, printed) is alike


def test_a_stale_block_is_written_anew(copies: Copies) -> None:
    page = "<!-- runs: twins -->\n```console\n$ lockstep check\nin step: 7 packages\n```\n"
    assert "in step: 2 packages at 0.2.0" in renewed(page, copies)


def test_a_block_that_runs_nowhere_is_refused() -> None:
    with pytest.raises(BlockError, match="line 1"):
        list(blocks("```console\n$ lockstep check\n```\n"))


# ---- the site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as its documented command does; a warning is an error."""
    pytest.importorskip("furo", reason="pip install '.[docs]' brings what builds the site")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", str(folder / "cache"), "docs", str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_site_has_a_place_for_every_rule(site: Path) -> None:
    text = "".join(page.read_text() for page in (site / "reference/rules").glob("*.html"))
    missing = [rule.id for rule in rules.every_rule() if f'id="{rule.id}"' not in text]
    assert missing == []


def test_the_site_asks_no_other_host(site: Path) -> None:
    loads = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=["'](https?:)?//|@import|url\(["']?(?:https?:)?//""")
    for page in (*site.rglob("*.html"), *site.rglob("*.css")):
        found = loads.search(page.read_text())
        assert found is None, f"{page.relative_to(site)}: {found}"


def test_the_reference_of_commands_has_every_option(site: Path) -> None:
    text = (site / "reference/commands.html").read_text()
    for words, command in _commands(("lockstep",), typer.main.get_command(cli.app())):
        assert f"Usage: {' '.join(words)} " in text, words
        for option in (name for one in command.params for name in one.opts if name.startswith("--")):
            assert option in text, (words, option)


def _commands(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's classes are not public
    yield words, command
    for name, one in getattr(command, "commands", {}).items():
        yield from _commands((*words, name), one)
