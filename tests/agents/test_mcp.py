"""`lockstep mcp` over stdio, with the client of the official SDK."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import Fresh, Repo, Story

pytest.importorskip("mcp", reason="the extra mcp is not installed")

import jsonschema
from mcp import Client, StdioServerParameters

from lockstep.agents.tools import TOOLS, offered

PATIENCE = 60
"""Seconds until a test gives up on an answer."""


class Agent:
    """A client that writes down what it asks and what it is answered."""

    def __init__(self, client: Client, repo: Repo) -> None:
        self.client, self._repo = client, repo
        self.said: list[str] = []

    async def call(self, tool: str, given: Mapping[str, object] | None = None, *, shows: bool = True) -> Any:  # noqa: ANN401 - a content of several kinds
        found: Any = await asyncio.wait_for(self.client.call_tool(tool, dict(given or {})), PATIENCE)
        self.said.append(f"> {tool} {json.dumps(given or {})}")
        (content,) = found.content
        self.said += [f"{'!' if found.is_error else '<'} {line}".rstrip() for line in content.text.splitlines()]
        if shows and found.structured_content is not None:
            self.said += [f"    {line}" for line in json.dumps(found.structured_content, indent=2).splitlines()]
        return found

    async def tools(self) -> dict[str, Any]:
        return {one.name: one for one in (await self.client.list_tools()).tools}

    def transcript(self) -> str:
        text = "\n".join(self.said) + "\n"
        for root in {str(self._repo.root), os.path.realpath(self._repo.root)}:
            text = text.replace(root, "<root>")
        return text


@asynccontextmanager
async def talking(repo: Repo, *words: str, mode: str = "auto") -> AsyncIterator[Agent]:
    arguments = ["-m", "lockstep", "mcp", *words]
    server = StdioServerParameters(command=sys.executable, args=arguments, cwd=repo.root, env={**os.environ, "PYTHONWARNINGS": "error"})
    async with Client(server, mode=mode) as client:
        yield Agent(client, repo)


def run(session: Coroutine[Any, Any, None]) -> None:
    asyncio.run(session)


def test_an_agent_looks_around_and_plans(story: Story, snapshot: SnapshotAssertion) -> None:
    repo = story("promises")
    before = repo.contents()

    async def session() -> None:
        async with talking(repo) as agent:
            await agent.call("show", {"sites": True})
            await agent.call("check")
            assert (await agent.call("plan_bump", {"to": "patch"}, shows=False)).structured_content["verdict"] == "too-small"
            await agent.call("plan_bump", {"to": "minor"})
            await agent.call("diff", {"base": "v0.4.0", "head": "v0.5.0"}, shows=False)
            await agent.call("gate", {"tag": "v0.5.0"})
            await agent.call("audit_workflow")
            assert agent.transcript() == snapshot

    run(session())
    assert repo.contents() == before


def test_an_agent_reads_and_drafts_notes(story: Story, snapshot: SnapshotAssertion) -> None:
    repo = story("promises")
    repo.write({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.5.0] - 2023-11-01\n\n- Ranks.\n"}).commit("docs: a changelog")
    before = repo.contents()

    async def session() -> None:
        async with talking(repo) as agent:
            await agent.call("changelog_check", shows=False)
            await agent.call("changelog_draft", shows=False)
            await agent.call("changelog_show", {"version": "v0.5.0"})
            assert agent.transcript() == snapshot

    run(session())
    assert repo.contents() == before


def test_what_is_refused_is_the_error_of_a_tool_in_its_own_words(story: Story, snapshot: SnapshotAssertion, tmp_path_factory: pytest.TempPathFactory) -> None:
    repo = story("twins", "v0.2.0")
    other = tmp_path_factory.mktemp("other")

    async def session() -> None:
        async with talking(repo) as agent:
            await agent.call("check", {"ref": "nowhere"})
            await agent.call("gate", {"tag": "v9.9.9"})
            await agent.call("plan_bump", {"to": "mjaor"})
            await agent.call("plan_bump")
            await agent.call("check", {"release": "yes"})
            await agent.call("check", {"ref": "HEAD", "folder": "/"})
            await agent.call("changelog_show", {"version": "7.7.7"})
            await agent.call("audit_workflow", {"file": "../../../etc/passwd"})
            await agent.call("release_status", {"tag": "../../secret.json"})
            await agent.call("bump", {"to": "minor"})
            assert agent.transcript() == snapshot
            for elsewhere in (str(other), "/", f"{repo.root}/..", "."):
                found = await agent.call("check", {"repository": elsewhere})
                assert found.is_error
                assert "repository: " in found.content[0].text
            repo.write({"Cargo.toml": "[package\n", "pyproject.toml": "[project\n"})
            broken = await agent.call("check")
            assert broken.is_error
            assert "Cargo.toml:1" in broken.content[0].text
            assert "pyproject.toml:1" in broken.content[0].text

    run(session())


def test_only_who_allows_it_is_offered_a_tool_that_writes(story: Story, snapshot: SnapshotAssertion) -> None:
    repo = story("twins", "v0.2.0")

    async def session() -> None:
        async with talking(repo, "--allow-writes") as agent:
            listed = await agent.tools()
            assert not listed["bump"].annotations.read_only_hint
            assert listed["bump"].annotations.destructive_hint
            assert all(one.annotations.read_only_hint for name, one in listed.items() if name != "bump")
            assert [name for name, one in listed.items() if one.annotations.open_world_hint] == ["release_status"]
            await agent.call("plan_bump", {"to": "minor"}, shows=False)
            await agent.call("bump", {"to": "minor", "commit": True, "tag": True}, shows=False)
            await agent.call("check")
            assert agent.transcript().replace(repo.git("rev-parse", "HEAD")[:9], "<commit>") == snapshot

    run(session())
    assert repo.tags() == ["v0.1.0", "v0.2.0", "v0.3.0"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_every_answer_is_what_its_schema_says(mode: str, story: Story) -> None:
    repo = story("drifted")
    asked: dict[str, dict[str, object]] = {"plan_bump": {"to": "minor"}, "gate": {"tag": "v0.3.0"}, "diff": {"base": "v0.3.0", "head": "v0.4.0"}}

    async def session() -> None:
        async with talking(repo, mode=mode) as agent:
            for tool in (await agent.tools()).values():
                jsonschema.Draft202012Validator.check_schema(tool.input_schema)
                found = await agent.call(tool.name, asked.get(tool.name))
                if not found.is_error:
                    jsonschema.validate(found.structured_content, tool.output_schema, jsonschema.Draft202012Validator)
                assert found.is_error is (tool.name in ("changelog_draft", "changelog_show", "release_status")), agent.transcript()

    run(session())


def test_much_is_cut_and_counted(fresh: Fresh) -> None:
    crates = {f"c{number}/Cargo.toml": f'[package]\nname = "c{number}"\nversion = "0.5.0"\n' for number in range(400)}
    repo = fresh({**crates, "Cargo.toml": '[workspace]\nmembers = ["c*"]\n'})

    async def session() -> None:
        async with talking(repo) as agent:
            found = await agent.call("show", {"sites": True})
            assert len(found.structured_content["packages"]) == 50
            assert found.structured_content["omitted"] == {"packages": 350, "groups[].packages": 350, "sites": 350}
            assert "more lines are left out" in found.content[0].text
            assert len(found.content[0].text.splitlines()) == 201
            assert len((await agent.call("show", {"limit": 1000})).structured_content["packages"]) == 400

    run(session())


def test_several_repositories_are_told_apart(story: Story, fresh: Fresh) -> None:
    twins, other = story("twins", "v0.2.0"), fresh({"Cargo.toml": '[package]\nname = "eggs"\nversion = "7.0.0"\n'})
    real = os.path.realpath(other.root)

    async def session() -> None:
        async with talking(twins, str(twins.root / "python"), str(other.root)) as agent:
            assert (await agent.call("check")).structured_content["groups"][0]["version"] == "0.2.0"
            assert (await agent.call("check", {"repository": real})).structured_content["groups"][0]["version"] == "7.0.0"

    run(session())


def test_a_write_that_was_interrupted_stays_as_it_is(story: Story) -> None:
    repo = story("twins", "v0.2.0").write({".git/lockstep-journal.json": "{}"})

    async def session() -> None:
        async with talking(repo) as agent:
            assert (await agent.call("check")).is_error

    run(session())
    assert repo.read(".git/lockstep-journal.json") == "{}"


def test_a_folder_that_is_no_repository_ends_it_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("none")
    done = subprocess.run([sys.executable, "-m", "lockstep", "mcp", str(folder)], input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"is not in a git repository" in done.stderr


def test_a_client_that_leaves_ends_it(story: Story) -> None:
    done = subprocess.run([sys.executable, "-m", "lockstep", "mcp"], cwd=story("twins").root, input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_no_tool_reads_a_file_that_it_is_told() -> None:
    """Each argument is a ref, a tag, a version, a group or a path among the tracked files."""
    taken = {name for tool in TOOLS for name in tool.takes}
    assert taken == {
        *("ref", "sites", "staged", "tag", "release", "to", "pre", "group", "fix", "force", "commit", "allow_dirty"),
        *("base", "head", "strict", "version", "require", "file", "on"),
    }
    assert [one.name for one in TOOLS if one.writes] == ["bump"]
    assert {one.name for one in TOOLS} - {one.name for one in offered(writes=False)} == {"bump"}
