"""Every command is alike: -h, formats that it takes, and words that a shell completes wherever a ref, a tag or a group is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import get_args

import pytest

from lockstep.cli import NAMES
from lockstep.cli.options import Declared, parameters
from tests.conftest import Run, Story


def commands() -> Iterator[tuple[str, Callable[..., None]]]:
    for name in NAMES:
        module = import_module(f"lockstep.cli.{name}")
        if hasattr(module, "NAMES"):
            yield from ((f"{name} {each}", import_module(f"lockstep.cli.{name}_{each}").command) for each in module.NAMES)
        else:
            yield name, module.command


COMMANDS = dict(commands())
FOR_FINDINGS = {"check", "diff", "changelog check", "audit workflow", "audit settings", "audit publishers", "gate tag", "gate head", "gate ci", "release seal"}
SERVERS = {"lsp", "mcp"}
"""What speaks a protocol, and writes no report."""
COMPLETED = {"REF": {"refs", "tags"}, "TAG": {"tags"}, "GROUP": {"groups"}, "RULE": {"rules"}, "BASE": {"refs"}, "HEAD": {"refs"}, "VERSION": {"tags", "steps"}}


@pytest.mark.parametrize("words", ["", "gate", "release", *COMMANDS])
def test_the_short_help_is_the_help(words: str, story: Story, run: Run) -> None:
    repo = story("twins")
    short, long = (run(*words.split(), option, repo=repo, code=0) for option in ("-h", "--help"))
    assert short.out == long.out != ""
    assert "-h, --help" in long.out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in SERVERS])
def test_help_offers_the_formats_that_the_command_takes(name: str, story: Story, run: Run) -> None:
    told = re.search(r"--format <([^>]*)>", run(*name.split(), "--help", repo=story("twins"), code=0).out)
    assert told is not None, "every command has a format"
    findings = ["sarif", "markdown", "html"] if name in FOR_FINDINGS else ["markdown"]
    assert told[1].split("|") == ["text", "json", "github", *findings]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_ref_a_tag_and_a_group_are_completed(name: str) -> None:
    for parameter, hint, _ in parameters(COMMANDS[name]):
        for declared in get_args(hint):
            if not isinstance(declared, Declared) or declared.metavar is None:
                continue
            taken = set(re.findall(r"[A-Z]+", declared.metavar)) & COMPLETED.keys()
            offered = {offer for word in taken for offer in COMPLETED[word]}
            assert not taken or declared.offers in offered, f"{name}: {parameter}"


def test_init_gives_what_it_would_write_as_json(story: Story, run: Run) -> None:
    repo = story("outsider")
    planned = json.loads(run("init", "--dry-run", "--format", "json", repo=repo, code=0).out)
    assert (planned["command"], planned["written"]) == ("init", False)
    assert planned["old"] != planned["new"]
    done = json.loads(run("init", "--format", "json", repo=repo, code=0).out)
    assert done == {**planned, "written": True}
    assert repo.read(done["path"]) == done["new"]
    again = json.loads(run("init", "--format", "json", repo=repo, code=0).out)
    assert (again["written"], again["path"], again["new"]) == (False, None, None)
