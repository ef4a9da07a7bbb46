"""Signals during a write: the old tree stands."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.writing import recovery, signals, transaction
from tests.faults.trials import snapshot
from tests.writing.conftest import NAMES, changes, half_written, instead, leftovers, new, posix


@posix
class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    @pytest.mark.parametrize("times", [1, 2])
    @pytest.mark.parametrize("call", ["fsync", "replace", "unlink"])
    def test_the_old_tree_stands(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, times: int, call: str) -> None:
        before, handler = snapshot(root), signal.getsignal(number)

        def interrupt(real: Callable[[], object], *_: object) -> object:
            for _again in range(times):
                os.kill(os.getpid(), number)
            return real()

        with instead(monkeypatch, call, interrupt), pytest.raises(signals.Interrupted):
            transaction.write(root, git_dir, changes())
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)
        assert signal.getsignal(number) is handler

    def test_what_is_ignored_stays_ignored(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def hang_up(real: Callable[[], object], *_: object) -> object:
            os.kill(os.getpid(), signal.SIGHUP)
            return real()

        handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with instead(monkeypatch, "replace", hang_up):
                transaction.write(root, git_dir, changes())
        finally:
            signal.signal(signal.SIGHUP, handler)
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])

    def test_an_interrupt_in_a_recovery_is_not_lost(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)
        half_written(root, git_dir)

        def interrupt(real: Callable[[], object], *_: object) -> object:
            os.kill(os.getpid(), signal.SIGINT)
            return real()

        with instead(monkeypatch, "replace", interrupt), pytest.raises(signals.Interrupted):
            recovery.recover(root, git_dir)
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_a_write_outside_of_the_main_thread_works(self, root: Path, git_dir: Path) -> None:
        thread = threading.Thread(target=transaction.write, args=(root, git_dir, changes()))
        thread.start()
        thread.join()
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])
