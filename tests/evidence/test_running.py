"""A program of the user's ends when its time is over, on every system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lockstep.evidence import running

SLEEPER = (sys.executable, "-c", "import time; time.sleep(300)")


@pytest.mark.skipif(sys.platform == "win32", reason="plays Windows on another system")
def test_where_there_are_no_groups_of_processes_the_program_alone_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kill = signal.SIGKILL
    ended: list[int] = []

    def end(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            ended.append(process.pid)
            os.kill(process.pid, kill)

    monkeypatch.setattr(subprocess.Popen, "kill", end)
    monkeypatch.setattr(running, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.delattr(os, "killpg")
    monkeypatch.delattr(signal, "SIGKILL")
    assert running.run(SLEEPER, tmp_path, os.environ, 0.1) is None
    assert len(ended) == 1
    done = running.run((sys.executable, "-c", "print(1)"), tmp_path, os.environ, 60)
    assert done is not None
    assert (done.code, done.out) == (0, "1\n")
