"""A folder that nobody else can read, which is gone afterwards."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import private_folder as private
from lockstep.writing.private_folder import private_folder


def test_files_are_there_for_the_user_alone_and_then_gone() -> None:
    with private_folder({"egg.tgz": b"x", ".npmrc": b"y"}) as folder:
        assert {name: Path(folder, name).read_bytes() for name in os.listdir(folder)} == {"egg.tgz": b"x", ".npmrc": b"y"}
        assert [stat.S_IMODE(os.stat(place).st_mode) for place in (folder, Path(folder, ".npmrc"))] == [0o700, 0o600]
        Path(folder, "target").mkdir()
    assert not os.path.exists(folder)


def test_what_cannot_be_written_is_told() -> None:
    with pytest.raises(WriteError, match="a temporary file cannot be written"), private_folder({"no/folder": b""}):
        pass


def test_what_others_put_above_it_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setattr(private, "user_cache_dir", lambda _: str(shared / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    with private_folder({}) as folder:
        assert Path(folder).parent == shared
    (shared / "rust-toolchain.toml").write_text("")
    with pytest.raises(WriteError, match="others may write there"), private_folder({}):
        pass
    mine = tmp_path / "mine"
    monkeypatch.setattr(private, "user_cache_dir", lambda _: str(mine))
    monkeypatch.setattr(private, "_is_others", lambda folder: folder == str(shared))
    with private_folder({}) as folder:
        assert Path(folder).parent == mine
