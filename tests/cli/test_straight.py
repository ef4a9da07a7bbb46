"""What is read without typer is read as typer reads it, and typer has the last word where that is not sure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache, wraps
from importlib import import_module
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from lockstep import cli
from lockstep.cli import straight

PLAIN = ("minor", "1.2.3", "show", "draft", "check", "workflow", "json", "text", "rc", "HEAD", "v1.2.3", ".", "core", "some words", "é", "x=y")
ODD = ("", "-", "--", "-h", "--help", "-vq", "-gcore", "--no-frob", "--frob", "--format", "--dry", "=", "-q=1", "xml", "-1", "--zizmor", "--no-zizmor")


def _commands() -> Iterator[tuple[str, Callable[..., None]]]:
    for name in cli.NAMES:
        module = import_module(f"lockstep.cli.{name}")
        if hasattr(module, "NAMES"):
            yield from ((f"{name} {inner}", import_module(f"lockstep.cli.{name}_{inner}").command) for inner in module.NAMES)
        if hasattr(module, "command"):
            yield name, module.command


COMMANDS = dict(_commands())


def split(line: str) -> tuple[str, list[str]]:
    """Give a line's command and its words."""
    name = next(one for one in COMMANDS if line == one or line.startswith(f"{one} "))
    return name, line.removeprefix(name).split()


@cache
def options(name: str) -> tuple[str, ...]:
    run, _ = by_typer(name)
    return tuple(spelled for one in run.params for spelled in (*one.opts, *one.secondary_opts) if spelled.startswith("-"))


@cache
def by_typer(name: str) -> tuple[Any, list[dict[str, object]]]:
    """Give what typer makes of a command that does nothing but remember what it is called with."""
    seen: list[dict[str, object]] = []

    @wraps(COMMANDS[name])
    def remember(**options: object) -> None:
        seen.append(options)

    made = typer.Typer(add_completion=False)
    made.command()(cli._typed(remember))  # noqa: SLF001 - as the program does
    return typer.main.get_command(made), seen


def read(name: str, words: list[str]) -> dict[str, object] | None:
    """Give all parameters as typer reads them, None where it refuses or helps."""
    run, seen = by_typer(name)
    seen.clear()
    try:
        run(args=words, standalone_mode=False)
    except (typer._click.exceptions.ClickException, SystemExit):  # noqa: SLF001 - its click is its own
        return None
    return seen[0] if seen else None


def lines(name: str) -> st.SearchStrategy[list[str]]:
    option = st.sampled_from(options(name))
    value = st.sampled_from(PLAIN)
    pair = st.tuples(option, value)
    piece = st.one_of(value.map(lambda one: (one,)), option.map(lambda one: (one,)), pair, pair.map(lambda one: ("=".join(one),)))
    odd = st.sampled_from(ODD).map(lambda one: (one,))
    return st.lists(st.one_of(piece, piece, piece, odd), max_size=5).map(lambda pieces: [word for one in pieces for word in one])


@pytest.mark.parametrize("name", COMMANDS)
@given(data=st.data())
def test_what_is_read_straight_is_what_typer_reads(name: str, data: st.DataObject) -> None:
    words = data.draw(lines(name))
    given = straight.read(COMMANDS[name], words)
    if given is not None:
        whole = read(name, words)
        assert whole is not None
        assert whole == {**_defaults(name), **given}


def _defaults(name: str) -> dict[str, object]:
    made = COMMANDS[name]
    names = made.__code__.co_varnames[: made.__code__.co_argcount]
    return dict(zip(reversed(names), reversed(made.__defaults__ or ()), strict=False))


ORDINARY = (
    "check",
    "check --staged --format json",
    "check --fix -q --repo .",
    "check --ref=HEAD --tag v1.2.3 --release --strict",
    "bump minor",
    "bump pre --pre rc --dry-run",
    "bump 1.2.3 -n -g core --commit --tag --sign --date 2026-01-01",
    "diff",
    "diff v1.0.0 v1.1.0 --format=markdown",
    "surface HEAD",
    "changelog draft --dry-run",
    "changelog show 1.2.3",
    "audit workflow",
    "gate tag v1.2.3",
    "show --sites --no-color",
    "init --dry-run",
    "explain name-removed",
)


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_line_is_read_straight(line: str) -> None:
    name, words = split(line)
    given = straight.read(COMMANDS[name], words)
    assert given is not None
    whole = read(name, words)
    assert whole is not None
    assert whole == {**_defaults(name), **given}


OTHER = ("bump", "check extra", "check --tag", "check --tag -q", "check -qv", "check -q -q", "audit workflow one two", "check --format=", "diff a b c")


@pytest.mark.parametrize("line", OTHER)
def test_typer_has_the_last_word_about_any_other(line: str) -> None:
    name, words = split(line)
    assert straight.read(COMMANDS[name], words) is None


def test_completion_is_typers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_LOCKSTEP_COMPLETE", "complete_bash")
    assert straight.read(COMMANDS["check"], []) is None


def test_the_overview_lists_what_the_whole_application_has(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for app in (cli.app(["--help"]), cli.app()):
        with pytest.raises(SystemExit):
            typer.main.get_command(app)(args=["--help"], prog_name="lockstep")
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert all(name in shown[0] for name in cli.NAMES)
    assert "typer" in sys.modules
