"""What the system refuses is told as what it is: a file by its name, the report, or what asked for it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

import pytest
import typer

from lockstep.cli import _guarded
from lockstep.cli.output import Output


def refused(action: Callable[[], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    monkeypatch.setattr(os, "open", lambda *_: 1)
    with pytest.raises((SystemExit, typer.Exit)):
        _guarded(action)()
    return capsys.readouterr().err


def test_a_file_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def action() -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "some/folder")

    assert "error: some/folder could not be used: permission denied" in refused(action, capsys, monkeypatch)


def test_a_report_that_cannot_be_printed_is_told_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def action() -> None:
        def write(_: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(sys.stdout, "write", write)
        Output.report(object.__new__(Output), "x", annotations=True)

    assert "error: the report could not be printed: no space left on device" in refused(action, capsys, monkeypatch)


def test_anything_else_is_told_by_who_asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    code = compile("def ask(fork):\n    fork()\n", "x", "exec")
    space: dict[str, object] = {"__name__": "lockstep.repository.programs"}
    exec(code, space)  # a frame of that module
    ask = space["ask"]
    assert callable(ask)
    said = refused(lambda: ask(fork), capsys, monkeypatch)
    assert "error: the system refused what lockstep.repository.programs needs: too many open files" in said
    assert "report" not in said
