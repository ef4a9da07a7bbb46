"""An editor: pygls' client over stdio, with buffers of its own, and a transcript of what was said."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.conftest import Repo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


Result = TypeVar("Result")
PATIENCE = 30
"""Seconds until a test gives up on an answer."""


def widths(text: str, encoding: str) -> bytes:
    """Give a text in the units that the two count in."""
    return text.encode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding])


@dataclass
class Editor:
    """An editor that has a repository open. `said` is the transcript: `>` is what it says, `<` what it is told."""

    repo: Repo
    client: Any
    encoding: str = "utf-16"
    said: list[str] = field(default_factory=list)
    shown: dict[str, tuple[int | None, list[Any]]] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    watchers: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def uri(self, path: str) -> str:
        return self.repo.path(path).as_uri()

    def path(self, uri: str) -> str:
        return Path(unquote(urlsplit(uri).path)).relative_to(self.repo.root).as_posix()

    def transcript(self) -> str:
        return "\n".join(self.said).replace(self.repo.root.as_uri(), "<root>") + "\n"

    # ---- what it says

    def open(self, path: str) -> None:
        self.buffers[path], self.versions[path] = self.repo.read(path), 1
        self.said.append(f"> didOpen {path}")
        item = types.TextDocumentItem(self.uri(path), "text", 1, self.buffers[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: str, old: str, new: str) -> None:
        """Put a text where another one stands, once, and tell the server the whole of it."""
        assert self.buffers[path].count(old) == 1, (path, old)
        self.said.append(f"> didChange {path}: {old} -> {new}")
        self._change(path, self.buffers[path].replace(old, new))

    def _change(self, path: str, text: str) -> None:
        self.buffers[path] = text
        self.versions[path] += 1
        known = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=self.versions[path])
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(known, [types.TextDocumentContentChangeWholeDocument(text)]))

    def save(self, path: str) -> None:
        self.said.append(f"> didSave {path}")
        self.repo.write({path: self.buffers[path]})
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(self.uri(path))))

    def close(self, path: str) -> None:
        self.said.append(f"> didClose {path}")
        del self.buffers[path], self.versions[path]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(path))))

    def changed_on_disk(self, path: str) -> None:
        self.said.append(f"> didChangeWatchedFiles {path}")
        events = [types.FileEvent(self.uri(path), types.FileChangeType.Changed)]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    # ---- what it asks

    def place(self, path: str, text: str) -> types.Position:
        """Give the position of a text that stands once in a file, in the units of the connection."""
        whole = self.buffers.get(path) or self.repo.read(path)
        before = whole[: whole.index(text)]
        lines = re.split(r"\r\n|\n|\r", before)
        return types.Position(len(lines) - 1, len(widths(lines[-1], self.encoding)) // len(widths("x", self.encoding)))

    async def hover(self, path: str, text: str) -> str:
        self.said.append(f"> hover {path} at {text}")
        found = await wait(self.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(self.uri(path)), self.place(path, text))))
        shown = "nothing" if found is None else f"{found.range}\n{found.contents.value}"
        self.said.append(f"< {shown}")
        return shown

    async def actions(self, path: str, text: str, only: list[str] | None = None) -> list[types.CodeAction]:
        self.said.append(f"> codeAction {path} at {text}" + (f" only {', '.join(only)}" if only else ""))
        here = self.place(path, text)
        context = types.CodeActionContext(diagnostics=self.shown.get(path, (None, []))[1], only=only)
        wanted = types.CodeActionParams(types.TextDocumentIdentifier(self.uri(path)), types.Range(here, here), context)
        found = await wait(self.client.text_document_code_action_async(wanted))
        for one in found or ():
            self.said.append(f"< {one.kind if isinstance(one.kind, str) else one.kind.value}: {one.title}")
            self.said += [f"    {line}" for line in self._edits(one.edit)]
        return list(found or ())

    def _edits(self, edit: types.WorkspaceEdit) -> Iterable[str]:
        for uri, version, changes in self._changes(edit):
            for one in changes:
                yield f"{self.path(uri)} (version {version}) {one.range}: {one.new_text!r}"

    def _changes(self, edit: types.WorkspaceEdit) -> Iterable[tuple[str, int | None, Any]]:
        if edit.changes is not None:
            yield from ((uri, None, changes) for uri, changes in edit.changes.items())
        documents: Any = edit.document_changes or ()
        yield from ((one.text_document.uri, one.text_document.version, one.edits) for one in documents)

    async def apply(self, action: types.CodeAction) -> None:
        """Make the edits of an action in the buffers, as an editor does; a file that is not open is opened."""
        assert action.edit is not None
        for uri, version, changes in self._changes(action.edit):
            path = self.path(uri)
            if path not in self.buffers:
                assert version is None
                self.open(path)
                await self.until(lambda path=path: self._is_new(path))  # type: ignore[misc]  # a default that binds
            assert version in (None, self.versions[path])
            text = self.buffers[path]
            for one in sorted(changes, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
                start, end = self._offset(text, one.range.start), self._offset(text, one.range.end)
                text = text[:start] + one.new_text + text[end:]
            self.said.append(f"> didChange {path}: the edits of {action.title!r}")
            self._change(path, text)

    def _offset(self, text: str, at: types.Position) -> int:
        lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r|$)", text)
        before = "".join(lines[: at.line])
        units = widths(lines[at.line], self.encoding)[: at.character * len(widths("x", self.encoding))]
        return len(before) + len(units.decode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[self.encoding]))

    # ---- what it is told

    async def until(self, settled: Callable[[], bool]) -> None:
        while not settled():
            self.news.clear()
            try:
                await wait(self.news.wait())
            except TimeoutError:
                raise AssertionError(self.transcript()) from None

    async def told(self, path: str, *rules: str | None) -> None:
        """Wait until these and no other problems are shown in a file, in the text that it has now."""
        await self.until(lambda: [one.code for one in self.shown.get(path, (None, []))[1]] == [*rules] and self._is_new(path))

    def _is_new(self, path: str) -> bool:
        return self.shown.get(path, (None, []))[0] == self.versions.get(path)

    def publish(self, params: types.PublishDiagnosticsParams) -> None:
        self.news.set()
        path = self.path(params.uri)
        self.shown[path] = (params.version, [*params.diagnostics])
        self.said.append(f"< publishDiagnostics {path} (version {params.version})" + ("" if params.diagnostics else ": none"))
        for one in params.diagnostics:
            level = one.severity.name.lower() if one.severity is not None else ""
            self.said.append(f"    {one.range} {level} {one.code}: {one.message}".replace("\n", "\n      "))


async def wait(answer: Awaitable[Result]) -> Result:
    return await asyncio.wait_for(answer, PATIENCE)


@asynccontextmanager
async def editing(repo: Repo, *, encodings: list[str] | None = None, versioned: bool = True, watches: bool = False) -> AsyncIterator[Editor]:
    """Start a server, and give an editor that has a repository open as its folder; the server is asked to leave at the end, and does."""
    client = LanguageClient("an editor", "1")
    editor = Editor(repo, client)

    def publish(params: types.PublishDiagnosticsParams) -> None:
        editor.publish(params)

    def tell(params: types.LogMessageParams | types.ShowMessageParams) -> None:
        editor.messages.append(params.message)
        editor.news.set()

    def register(params: types.RegistrationParams) -> None:
        options: list[Any] = [one.register_options for one in params.registrations]
        editor.watchers += [one["globPattern"] for each in options for one in each["watchers"]]

        editor.news.set()

    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
    client.feature(types.WINDOW_LOG_MESSAGE)(tell)
    client.feature(types.WINDOW_SHOW_MESSAGE)(tell)
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)
    await client.start_io(sys.executable, "-m", "lockstep", "lsp", cwd=repo.root.parent)
    workspace = types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=versioned),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=watches),
    )
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    folder = types.WorkspaceFolder(uri=repo.root.as_uri(), name="repository")
    capabilities = types.ClientCapabilities(workspace=workspace, general=general)
    started = await wait(client.initialize_async(types.InitializeParams(capabilities, workspace_folders=[folder])))
    editor.encoding = str(getattr(started.capabilities.position_encoding, "value", started.capabilities.position_encoding))
    client.initialized(types.InitializedParams())
    yield editor
    await wait(client.shutdown_async(None))
    client.exit(None)
    process = client._server  # noqa: SLF001 - the client has no other way to it
    assert process is not None
    assert process.stderr is not None
    assert await wait(process.wait()) == 0
    said = (await process.stderr.read()).decode()
    stop: Any = client.stop
    await stop()
    assert said == ""


def run(session: Coroutine[Any, Any, None]) -> None:
    asyncio.run(session)
