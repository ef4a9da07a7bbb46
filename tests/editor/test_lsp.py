"""`lockstep lsp` over stdio, with pygls' client as the editor."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep import api
from tests.conftest import Fresh, Repo, Story

pytest.importorskip("pygls", reason="the extra lsp is not installed")

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.editor.client import editing, run, wait


def in_step(repo: Repo) -> bool:
    return not api.check(api.open_repository(repo.root)).findings


def test_a_version_that_is_typed_is_told_fixed_and_saved(story: Story, snapshot: SnapshotAssertion) -> None:
    repo = story("twins", "v0.2.0")

    async def session() -> None:
        async with editing(repo) as editor:
            before = repo.contents()
            editor.open("pyproject.toml")
            await editor.told("pyproject.toml")
            await editor.hover("pyproject.toml", "0.2.0")
            editor.type("pyproject.toml", '"0.2.0"', '"0.1.9"')
            await editor.told("pyproject.toml", "version-mismatch")
            await editor.hover("pyproject.toml", "0.1.9")
            (fix,) = await editor.actions("pyproject.toml", "0.1.9")
            assert repo.contents() == before
            await editor.apply(fix)
            await editor.told("pyproject.toml")
            editor.save("pyproject.toml")
            assert await editor.actions("pyproject.toml", "0.2.0") == []
            assert editor.transcript() == snapshot
            assert repo.contents() == before

    run(session())
    assert in_step(repo)


def test_the_files_that_a_buffer_leaves_behind_are_told_and_aligned_at_once(story: Story, snapshot: SnapshotAssertion) -> None:
    repo = story("twins", "v0.2.0")

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("Cargo.toml")
            await editor.told("Cargo.toml")
            editor.type("Cargo.toml", '"0.2.0"', '"0.3.0"')
            await editor.told("Cargo.toml", "version-mismatch")
            await editor.told("Cargo.lock", "lock-left-behind")
            editor.open("pyproject.toml")
            await editor.told("pyproject.toml")
            editor.type("pyproject.toml", '"0.2.0"', '"0.3.0"')
            await editor.told("python/spam/__init__.py", "version-mismatch")
            await editor.told("Cargo.toml")
            lock, everything = await editor.actions("Cargo.lock", "0.2.0")
            assert everything.kind == "source.fixAll.lockstep"
            await editor.apply(lock)
            await editor.told("Cargo.lock")
            await editor.hover("Cargo.lock", "0.3.0")
            await editor.hover("python/spam/__init__.py", "0.2.0")
            (fix,) = await editor.actions("Cargo.toml", "0.3.0", ["source.fixAll"])
            await editor.apply(fix)
            await editor.told("python/spam/__init__.py")
            assert await editor.actions("Cargo.toml", "0.3.0", ["refactor"]) == []
            assert editor.transcript() == snapshot
            for path in editor.buffers:
                editor.save(path)

    run(session())
    assert in_step(repo)


CRATE = '[package]\nname = "spam"\nversion = "0.5.0"\n'
WHEEL = '[project]\nname = "spam"\nversion = "0.5.0"\n'
RELEASE = """\
on:
  push:
    tags: ["v*"]
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: cargo publish
"""


def test_an_open_workflow_is_audited_and_no_other(fresh: Fresh, snapshot: SnapshotAssertion) -> None:
    path, other = ".github/workflows/release.yml", ".github/workflows/again.yml"
    repo = fresh({"Cargo.toml": CRATE, path: RELEASE, other: RELEASE})

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open(path)
            await editor.until(lambda: bool(editor.shown.get(path, (None, []))[1]))
            assert editor.transcript() == snapshot
            editor.type(path, "permissions: {}\n", "")
            await editor.until(lambda: "permission-default-missing" in [one.code for one in editor.shown[path][1]])
            assert {*editor.shown} == {path}
            editor.close(path)
            await editor.told(path)

    run(session())


UNUSUAL = (
    '# \u00fc\U0001f980\x85\u2028\r\nproject = {{ description = "Gr\u00fc\u00dfe \U0001f980\U0001f980", version = "{0}", name = "spam" }} # \U0001f980\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("versioned", [True, False])
def test_places_are_told_in_the_units_that_were_agreed_on(encoding: str, versioned: bool, fresh: Fresh) -> None:  # noqa: FBT001
    repo = fresh({"Cargo.toml": CRATE, "pyproject.toml": UNUSUAL.format("0.5.0")})

    async def session() -> None:
        async with editing(repo, encodings=[encoding], versioned=versioned) as editor:
            assert editor.encoding == encoding
            editor.open("pyproject.toml")
            editor.type("pyproject.toml", "0.5.0", "0.4.9")
            await editor.told("pyproject.toml", "version-mismatch")
            (problem,) = editor.shown["pyproject.toml"][1]
            assert problem.range.start == editor.place("pyproject.toml", "0.4.9")
            assert problem.range.start.line == 1
            assert problem.range.end == editor.place("pyproject.toml", '", name')
            (fix,) = await editor.actions("pyproject.toml", "0.4.9")
            assert (fix.edit is not None and fix.edit.changes is not None) is not versioned
            await editor.apply(fix)
            assert editor.buffers["pyproject.toml"] == UNUSUAL.format("0.5.0")
            await editor.told("pyproject.toml")

    run(session())


def test_what_cannot_be_read_is_told_where_it_stands_and_the_rest_stays(fresh: Fresh, snapshot: SnapshotAssertion) -> None:
    repo = fresh({"Cargo.toml": CRATE, "pyproject.toml": WHEEL, "py/pyproject.toml": WHEEL.replace("spam", "eggs")})
    repo.git("tag", "v0.5.0")

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("Cargo.toml")
            await editor.told("Cargo.toml")
            editor.open("py/pyproject.toml")
            await editor.told("py/pyproject.toml")
            editor.type("py/pyproject.toml", "0.5.0", "0.4.9")
            await editor.told("py/pyproject.toml", "version-mismatch")
            editor.type("Cargo.toml", "[package]", "[package")
            await editor.told("Cargo.toml", None)
            assert len(editor.shown["py/pyproject.toml"][1]) == 1
            assert await editor.hover("Cargo.toml", "0.5.0") == "nothing"
            assert await editor.actions("Cargo.toml", "[package") == []
            editor.type("py/pyproject.toml", "[project]", "[project")
            await editor.told("py/pyproject.toml", None)
            assert len(editor.shown["Cargo.toml"][1]) == 1
            editor.type("Cargo.toml", "[package", "[package]")
            await editor.told("Cargo.toml")
            editor.type("py/pyproject.toml", "[project", "[project]")
            await editor.told("py/pyproject.toml", "version-mismatch")
            assert editor.transcript() == snapshot
            assert editor.messages == []

    run(session())


def test_a_fault_of_the_configuration_is_told_as_it_is_typed(fresh: Fresh, snapshot: SnapshotAssertion) -> None:
    repo = fresh({"Cargo.toml": CRATE, "pyproject.toml": WHEEL + '\n[tool.lockstep]\nexclude = ["vendor"]\n', "vendor/a.txt": ""})

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("pyproject.toml")
            await editor.told("pyproject.toml")
            editor.type("pyproject.toml", "vendor", "vendors")
            await editor.told("pyproject.toml", "configured-pattern-idle")
            editor.type("pyproject.toml", "exclude", "exclde")
            await editor.told("pyproject.toml", None)
            editor.type("pyproject.toml", 'exclde = ["vendors"]\n', "")
            await editor.told("pyproject.toml")
            assert editor.transcript() == snapshot

    run(session())


def test_a_buffer_that_is_closed_unsaved_leaves_the_file_as_it_is(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE, "pyproject.toml": WHEEL})

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("pyproject.toml")
            editor.type("pyproject.toml", "0.5.0", "0.4.9")
            await editor.told("pyproject.toml", "version-mismatch")
            editor.close("pyproject.toml")
            await editor.told("pyproject.toml")

    run(session())


def test_what_changes_on_disk_is_looked_at(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE, "pyproject.toml": WHEEL, "notes.rs": ""})

    async def session() -> None:
        async with editing(repo, watches=True) as editor:
            editor.open("Cargo.toml")
            await editor.told("Cargo.toml")
            await editor.until(lambda: len(editor.watchers) == 2)
            repo.replace("pyproject.toml", "0.5.0", "0.4.9")
            editor.changed_on_disk("pyproject.toml")
            await editor.told("pyproject.toml", "version-mismatch")
            repo.git("rm", "-q", "--cached", "pyproject.toml")
            editor.changed_on_disk(".git/index")
            await editor.told("pyproject.toml")

    run(session())


def test_a_file_of_no_repository_is_none_of_its_business(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE})

    async def session() -> None:
        async with editing(repo) as editor:
            outside = (repo.root.parent / "Cargo.toml").as_uri()
            for uri in (outside, "untitled:Untitled-1", "git:/Cargo.toml?ref=HEAD", "file:///nowhere/at/all/Cargo.toml", ""):
                item = types.TextDocumentItem(uri, "toml", 1, "[package")
                editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
                where = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 3))
                assert await wait(editor.client.text_document_hover_async(where)) is None
            editor.open("Cargo.toml")
            await editor.told("Cargo.toml")
            assert {*editor.shown} == {"Cargo.toml"}
            assert editor.messages == []

    run(session())


def test_a_request_that_is_taken_back_is_not_answered_and_the_next_one_is(story: Story) -> None:
    repo = story("twins", "v0.2.0")

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("Cargo.toml")
            position = editor.place("Cargo.toml", "0.2.0")
            wanted = types.HoverParams(types.TextDocumentIdentifier(editor.uri("Cargo.toml")), position)
            taken_back = editor.client.protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, wanted, msg_id="17")
            editor.client.cancel_request(types.CancelParams(id="17"))
            with pytest.raises(JsonRpcException, match="cancel"):
                await wait(taken_back)
            assert "cargo:spam" in await editor.hover("Cargo.toml", "0.2.0")

    run(session())


def test_a_write_that_goes_on_is_waited_for_and_never_finished_here(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE, ".gitignore": ""})
    repo.write({".git/lockstep-journal.json": "{}"})

    async def session() -> None:
        async with editing(repo) as editor:
            editor.open("Cargo.toml")
            await editor.until(lambda: len(editor.messages) == 1)
            assert "a write of lockstep goes on here, or was interrupted" in editor.messages[0]
            repo.path(".git/lockstep-journal.json").unlink()
            editor.type("Cargo.toml", "0.5.0", "0.6.0")
            await editor.told("Cargo.toml")

    run(session())


def test_a_repository_that_is_seen_through_a_link_is_told_of_there(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE, "py/pyproject.toml": WHEEL, "README.md": ""})
    (repo.root.parent / "link").symlink_to(repo.root, target_is_directory=True)
    seen = Repo(repo.root.parent / "link")

    async def session() -> None:
        async with editing(seen) as editor:
            editor.open("Cargo.toml")
            editor.type("Cargo.toml", "0.5.0", "0.4.9")
            await editor.until(lambda: any(found for _, found in editor.shown.values()))
            assert {*editor.shown} <= {"Cargo.toml", "py/pyproject.toml"}

    run(session())


HELLO = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'


def speak(*messages: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    said = "".join(f"Content-Length: {len(one)}\r\n\r\n{one}" for one in messages)
    return subprocess.run([sys.executable, "-m", "lockstep", "lsp"], input=said.encode(), capture_output=True, check=False, env={**os.environ, **(env or {})})


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ((HELLO, '{"jsonrpc":"2.0","id":2,"method":"shutdown"}', '{"jsonrpc":"2.0","method":"exit"}'), 0),
        ((HELLO, '{"jsonrpc":"2.0","method":"exit"}'), 1),
        ((HELLO,), 1),
        ((), 1),
    ],
    ids=["shutdown and exit", "exit alone", "the editor is gone", "nobody came"],
)
def test_the_exit_code_says_whether_the_editor_said_good_bye(messages: tuple[str, ...], code: int) -> None:
    done = speak(*messages)
    assert (done.returncode, done.stderr) == (code, b"")


def test_a_person_who_types_the_command_is_told_who_starts_it(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE})
    screen, end = os.openpty()
    done = subprocess.run([sys.executable, "-m", "lockstep", "lsp"], stdin=end, capture_output=True, cwd=repo.root, check=False)
    os.close(screen)
    os.close(end)
    assert done.returncode == 2
    assert b"an editor starts it" in done.stderr
