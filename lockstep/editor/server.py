"""The language server: what the editor says goes to `watched`, what is found there goes back.

One analysis runs at a time, in a thread of its own, so that the editor is always answered; one whose texts have changed meanwhile is told to nobody. Whoever
asks for a fix or a hover is answered from an analysis of the texts as they are then.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO

from lockstep import __version__, api
from lockstep.editor.analysis import Analysis, analyse
from lockstep.editor.messages import FIX_ALL, SOURCE, Client, Document, fix_title, hover_text, problems_in, range_of, workspace_edit
from lockstep.editor.positions import Positions
from lockstep.editor.watched import Repositories, Watched

if TYPE_CHECKING:
    from lsprotocol import types as lsp
    from pygls.lsp.server import LanguageServer

PAUSE = 0.15
"""Seconds without a keystroke before a repository is looked at again."""
STACK = 64 * 2**20
"""Bytes of the stack of the thread that reads: as much as a program's own has, or more. On some systems a thread has a tenth of that."""
FILES = "**/*.{toml,lock,json,yml,yaml,py,pyi,md,rst,cfg,h,hpp,rs}"
"""What the editor is asked to watch on disk; what nobody has read changes nothing."""
GIT = "**/.git/{HEAD,index}"
"""What says which files are tracked, and where history ends."""

_log = logging.getLogger(__name__)


class Server:
    """The state of one connection."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.repositories = Repositories()
        self.was_shut_down = False
        self._one_at_a_time = asyncio.Lock()
        threading.stack_size(STACK)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lockstep")
        self._tasks: set[asyncio.Task[None]] = set()
        self._logged: set[str] = set()

    @property
    def client(self) -> Client:
        """What the editor has agreed on."""
        has = self.server.client_capabilities
        edits = has.workspace.workspace_edit if has.workspace is not None else None
        hovers = has.text_document.hover if has.text_document is not None else None
        return Client(
            encoding=str(getattr(self.server.workspace.position_encoding, "value", self.server.workspace.position_encoding)),
            versioned=bool(edits is not None and edits.document_changes),
            markdown=hovers is None or not hovers.content_format or "markdown" in {str(getattr(one, "value", one)) for one in hovers.content_format},
        )

    # ---- what the editor says

    def started(self) -> None:
        """Look at the repositories that the editor has open as folders, and ask to be told what changes on disk."""
        from pygls.uris import to_fs_path  # noqa: PLC0415 - the extra `lsp`

        folders = [one.uri for one in self.server.workspace.folders.values()] or [uri for uri in [self.server.workspace.root_uri] if uri]
        for uri in folders:
            path = to_fs_path(uri)
            watched = self.repositories.of_folder(path) if path else None
            if watched is not None:
                self.changed(watched, pause=0)
        self._watch()

    def _watch(self) -> None:
        from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

        has = self.server.client_capabilities.workspace
        if has is None or has.did_change_watched_files is None or not has.did_change_watched_files.dynamic_registration:
            return
        watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in (FILES, GIT)]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        registration = types.Registration(id=f"{SOURCE}-files", method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES, register_options=options)
        self._run(self._registered(types.RegistrationParams(registrations=[registration])))

    async def _registered(self, wanted: lsp.RegistrationParams) -> None:
        await self.server.client_register_capability_async(wanted)

    def edited(self, uri: str, *, pause: float) -> None:
        """Take a file's text as the editor has it now."""
        known = self._file(uri)
        if known is None:
            return
        watched, path = known
        document = self.server.workspace.get_text_document(uri)
        opened = path not in watched.open
        watched.open[path] = (Document(uri, document.version), document.source)
        if opened or watched.analysis is None or watched.analysis.depends_on(path) or not watched.is_current:
            self.changed(watched, pause=pause)

    def closed(self, uri: str) -> None:
        """Take a file from disk again."""
        known = self._file(uri)
        if known is not None and known[0].open.pop(known[1], None) is not None:
            self.changed(known[0], pause=PAUSE)

    def touched(self, uris: list[str]) -> None:
        """Hear that files changed on disk; one that is open is as the editor has it."""
        for uri in uris:
            above, git, _ = uri.partition("/.git/")
            known = self._file(f"{above}/.git" if git else uri)
            if known is None:
                continue
            watched, path = known
            if git or watched.analysis is None or (path not in watched.open and watched.analysis.depends_on(path)):
                self.changed(watched, pause=PAUSE)

    def _file(self, uri: str) -> tuple[Watched, str] | None:
        from pygls.uris import to_fs_path  # noqa: PLC0415 - the extra `lsp`

        path = to_fs_path(uri)
        return self.repositories.of_file(path) if path else None

    # ---- what is found

    def changed(self, watched: Watched, *, pause: float) -> None:
        """Look at a repository again, when nothing has changed for a while."""
        watched.changes += 1
        self._run(self._later(watched, watched.changes, pause))

    async def _later(self, watched: Watched, moment: int, pause: float) -> None:
        await asyncio.sleep(pause)
        if watched.changes == moment:
            await self.current(watched)

    async def current(self, watched: Watched) -> Analysis | None:
        """Give the analysis of what is there now; what is found is told to the editor, unless it has changed again."""
        async with self._one_at_a_time:
            if not watched.is_current:
                moment, buffers = watched.changes, watched.buffers()
                found = await asyncio.get_running_loop().run_in_executor(self._reader, analyse, watched.root, buffers)
                if watched.changes == moment:
                    self._tell(watched, found)
                    watched.analysis, watched.analysed = found, moment
        return watched.analysis if watched.is_current else None

    def _tell(self, watched: Watched, found: Analysis) -> None:
        from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

        for (uri, version), problems in watched.news(found, self.client):
            self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=problems))
        error = found.stopped
        if error is not None and error.path is None and str(error) not in self._logged:
            self._logged.add(str(error))
            said = f"{watched.shown}: {error}" + (f"; {error.help}" if error.help else "")
            self.server.window_log_message(types.LogMessageParams(type=types.MessageType.Warning, message=said))

    # ---- what the editor asks

    async def code_actions(self, uri: str, wanted: lsp.Range, context: lsp.CodeActionContext) -> list[lsp.CodeAction]:
        """Give the fixes of what stands in a range, and one of everything where that is asked for, or where it is more than these."""
        from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

        known = self._file(uri)
        analysis = await self.current(known[0]) if known is not None else None
        if known is None or analysis is None:
            return []
        (watched, path), client, only = known, self.client, context.only
        actions = list[types.CodeAction]()
        fixed = set[api.Edit]()
        for one in problems_in(analysis, path, wanted, client) if _is_asked(only, types.CodeActionKind.QuickFix.value) else ():
            planned = await self._planned(analysis, one.finding) if one.finding is not None else None
            if one.finding is not None and planned is not None:
                fixed |= {*planned.edits}
                mine = [shown for shown in context.diagnostics if shown.source == SOURCE and shown.code == one.finding.rule]
                edit = workspace_edit(analysis, planned.edits, watched.named, client)
                title, kind = fix_title(planned.edits, path), types.CodeActionKind.QuickFix
                actions.append(types.CodeAction(title=title, kind=kind, edit=edit, diagnostics=mine, is_preferred=len(actions) == 0))
        others = sum(map(len, analysis.problems.values())) > len(actions)
        if (actions and others) if only is None else _is_asked(only, FIX_ALL):
            planned = await self._planned(analysis, None)
            if planned is not None and (only is not None or {*planned.edits} != fixed):
                edit = workspace_edit(analysis, planned.edits, watched.named, client)
                actions.append(types.CodeAction(title="Align everything in this repository", kind=FIX_ALL, edit=edit))
        return actions

    async def hover(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        """Say whose version stands at a position."""
        from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

        known = self._file(uri)
        analysis = await self.current(known[0]) if known is not None else None
        text = analysis.text(known[1]) if known is not None and analysis is not None else None
        if known is None or analysis is None or analysis.found is None or text is None:
            return None
        client = self.client
        positions = Positions(text, client.encoding)
        site = analysis.site(known[1], positions.offset(position.line, position.character))
        if site is None:
            return None
        kind = types.MarkupKind.Markdown if client.markdown else types.MarkupKind.PlainText
        return types.Hover(
            contents=types.MarkupContent(kind=kind, value=hover_text(analysis.found.project, site, markdown=client.markdown)),
            range=range_of(positions, site.start, site.start + len(site.text)),
        )

    async def _planned(self, analysis: Analysis, finding: api.Finding | None) -> api.FixPlan | None:
        return await asyncio.get_running_loop().run_in_executor(self._reader, analysis.plan_fix, finding)

    # ---- what runs beside

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Tell what was not foreseen: the editor goes on, and so does the server."""
        from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("lockstep failed in the background", exc_info=error)
            said = f"lockstep: {type(error).__name__}: {error}; please report it with what the log of the server has"
            self.server.window_log_message(types.LogMessageParams(type=types.MessageType.Error, message=said))

    def close(self) -> None:
        """Begin nothing new."""
        self._reader.shutdown(wait=False, cancel_futures=True)


def _is_asked(only: Sequence[lsp.CodeActionKind | str] | None, kind: str) -> bool:
    """Say whether actions of a kind are asked for: all are, or a kind that it is one of."""
    wanted = [str(getattr(one, "value", one)) for one in only or ()]
    return only is None or any(not one or kind == one or kind.startswith(f"{one}.") for one in wanted)


def serve(stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Talk to an editor until it leaves; say whether it said good-bye first, as the protocol wants it.

    Raises: ImportError without the extra `lsp`.
    """
    from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`
    from pygls.lsp.server import LanguageServer  # noqa: PLC0415 - likewise

    # Whole texts: pygls ends a line at a form feed, too, and would put a change of a part in another place.
    server = LanguageServer(SOURCE, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    state = Server(server)

    def initialized(_: lsp.InitializedParams) -> None:
        state.started()

    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        state.edited(params.text_document.uri, pause=0)

    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        state.edited(params.text_document.uri, pause=PAUSE)

    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        state.edited(params.text_document.uri, pause=0)

    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        state.closed(params.text_document.uri)

    def touched(params: lsp.DidChangeWatchedFilesParams) -> None:
        state.touched([one.uri for one in params.changes])

    async def code_actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await state.code_actions(params.text_document.uri, params.range, params.context)

    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return await state.hover(params.text_document.uri, params.position)

    def shut_down(*_: object) -> None:
        state.was_shut_down = True

    for name, feature, options in (
        (types.INITIALIZED, initialized, None),
        (types.TEXT_DOCUMENT_DID_OPEN, opened, None),
        (types.TEXT_DOCUMENT_DID_CHANGE, changed, None),
        (types.TEXT_DOCUMENT_DID_SAVE, saved, None),
        (types.TEXT_DOCUMENT_DID_CLOSE, closed, None),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, touched, None),
        (types.TEXT_DOCUMENT_CODE_ACTION, code_actions, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL])),
        (types.TEXT_DOCUMENT_HOVER, hover, None),
        (types.SHUTDOWN, shut_down, None),
    ):
        server.feature(name, options)(feature)
    server.start_io(stdin, stdout)
    state.close()
    return state.was_shut_down
