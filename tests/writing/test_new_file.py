"""One new file: whole or not at all, at every fault of every call."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import new_file, recovery
from tests.conftest import FULL
from tests.faults.inject import ANY, Fault, Injector, Ledger, Point
from tests.faults.trials import snapshot
from tests.writing.conftest import fail, git, leftovers, posix


class TestCreate:
    @pytest.fixture(params=["links", "no links"], autouse=True)
    def _way(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        if request.param == "no links":
            monkeypatch.setattr(os, "link", fail(errno.EXDEV))

    def test_a_new_file(self, root: Path, git_dir: Path) -> None:
        new_file.create(root, git_dir, "lockstep.toml", b"x")
        assert (root / "lockstep.toml").read_bytes() == b"x"
        assert git(root, "status", "--porcelain") == "?? lockstep.toml\n"
        assert not leftovers(root, git_dir)

    def test_nothing_is_overwritten(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        with pytest.raises(WriteError, match="already"):
            new_file.create(root, git_dir, "Cargo.toml", b"x")
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_a_link_that_leads_nowhere_is_a_name_too(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        (root / "lockstep.toml").symlink_to(tmp_path / "outside")
        with pytest.raises(WriteError, match="already"):
            new_file.create(root, git_dir, "lockstep.toml", b"x")
        assert not (tmp_path / "outside").exists()

    @posix
    @pytest.mark.usefixtures("_unsynced")
    @pytest.mark.parametrize("fault", list(Fault) if FULL else [Fault.KILLED, Fault.FULL, Fault.SHORT, Fault.SIGINT])
    def test_every_fault_at_every_call(self, root: Path, git_dir: Path, fault: Fault) -> None:
        without = snapshot(root)
        for number in range(1, 100):
            ledger = Ledger()
            child = os.fork()
            if child == 0:
                Injector([Point(ANY, number, fault)], ledger).arm()
                code = 1
                try:
                    new_file.create(root, git_dir, "lockstep.toml", b"whole")
                    code = 0
                except WriteError:
                    code = 2
                except KeyboardInterrupt:
                    code = 130
                finally:
                    os._exit(code)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            recovery.recover(root, git_dir)
            now = snapshot(root)
            made = now.pop("lockstep.toml", None)
            assert now == without
            assert not leftovers(root, git_dir)
            assert made is None or made[1] == b"whole"
            assert code in (0, 2, 130, -signal.SIGKILL)
            assert code == -signal.SIGKILL or fault is Fault.DEAD or {0: True, 2: False, 130: False}[code] == (made is not None), number
            (root / "lockstep.toml").unlink(missing_ok=True)
            if not ledger.hits:
                return
        pytest.fail("it never ended")
