"""What an editor has open of one repository, what was last found there, and what it was told."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lockstep import api
from lockstep.editor.messages import Client, Document, diagnostics

if TYPE_CHECKING:
    from lsprotocol import types as lsp

    from lockstep.editor.analysis import Analysis


class Watched:
    """A repository: `root` is where it really is, `shown` where the editor sees it, through links perhaps."""

    def __init__(self, root: str, shown: str) -> None:
        self.root, self.shown = root, shown
        self.open: dict[str, tuple[Document, str]] = {}
        """The files that are open, by path, each with its text."""
        self.changes = 0
        """How often something changed; an analysis is of one of these moments."""
        self.analysis: Analysis | None = None
        self.analysed = -1
        self._told: dict[str, list[lsp.Diagnostic]] = {}
        self._failed: set[str] = set()
        self._versions: dict[str, int | None] = {}

    @property
    def is_current(self) -> bool:
        """Whether the last analysis is of what is there now."""
        return self.analysed == self.changes

    def buffers(self) -> Mapping[str, str]:
        """Give the texts that are open, by path."""
        return {path: text for path, (_, text) in self.open.items()}

    def named(self, path: str) -> Document:
        """Give what the editor calls a file."""
        from pygls.uris import from_fs_path  # noqa: PLC0415 - the extra `lsp`

        if path in self.open:
            return self.open[path][0]
        return Document(from_fs_path(os.path.join(self.shown, *path.split("/"))) or "", None)

    def news(self, analysis: Analysis, client: Client) -> list[tuple[Document, list[lsp.Diagnostic]]]:
        """Give the files whose problems are to be told anew: those whose text the editor has changed, and others where something changed.

        Where the check was stopped, what was told of other files stands until it can be judged again, as long as their texts do.
        """
        now = {path: diagnostics(analysis, path, client) for path in analysis.problems}
        if analysis.found is None:
            now = {path: told for path, told in self._told.items() if path not in self._failed and self._is_unchanged(path, analysis)} | now
        self._failed = {*analysis.problems} if analysis.found is None else set()
        before, self._told = self._told, {path: found for path, found in now.items() if found}
        versions, self._versions = self._versions, {path: document.version for path, (document, _) in self.open.items()}
        paths = sorted({*now, *before, *self.open})
        return [
            (self.named(path), now.get(path, []))
            for path in paths
            if now.get(path) != before.get(path) or (path in self.open and versions.get(path) != self._versions[path])
        ]

    def _is_unchanged(self, path: str, analysis: Analysis) -> bool:
        """Say whether a file's text is what it was at the analysis before, as far as that is known."""
        return self.analysis is not None and (analysis.opened is None or self.analysis.text(path) == analysis.text(path))


class Repositories:
    """The repositories of an editor, found by the files that it opens."""

    def __init__(self) -> None:
        self._by_root: dict[str, Watched] = {}

    def of_folder(self, folder: str) -> Watched | None:
        """Give the repository that holds a folder; None where there is none with a work tree."""
        try:
            root = api.find_repository(folder).root
        except api.LockstepError:
            return None
        if root is None:
            return None
        root = os.path.realpath(root)
        below = os.path.relpath(os.path.realpath(folder), root)
        shown = folder if below == "." else folder.removesuffix(f"{os.sep}{below}")
        return self._by_root.setdefault(root, Watched(root, shown if os.path.realpath(shown) == root else root))

    def of_file(self, file: str) -> tuple[Watched, str] | None:
        """Give the repository that holds a file, and the file's path there."""
        folder, name = os.path.split(file)
        found = self.of_folder(folder)
        if found is None:
            return None
        below = os.path.relpath(os.path.realpath(folder), found.root).replace(os.sep, "/")
        return found, name if below == "." else f"{below}/{name}"
