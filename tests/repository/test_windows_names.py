"""Names on Windows: what leads to another file, a device or a stream is no name of a file; and folders on drives."""

from __future__ import annotations

import ntpath
from pathlib import Path
from types import SimpleNamespace

import pytest

from lockstep.errors import RepositoryError
from lockstep.repository import export, repository, windows_names
from lockstep.repository.windows_names import is_windows_name, names_itself
from lockstep.writing.paths import is_within_root

ODD = ["", ".", "..", "a.", "a ", "a\\b", "C:", "C:a", "a:b", "a::$DATA", "a?", "a*", "<a", "a|b", 'a"', "a\tb", "a\0"]
DEVICES = ["con", "CON", "prn", "aux", "Aux.rs", "nul", "nul.tar.gz", "com1", "COM9.txt", "lpt0", "com¹", "CONIN$", "conout$", "aux .txt"]


@pytest.mark.parametrize("name", [*ODD, *DEVICES])
def test_what_is_no_name(name: str) -> None:
    assert not is_windows_name(name)


@pytest.mark.parametrize("name", ["a", ".github", "a.b.c", "con1", "auxiliary.rs", "com", "com10", "a b", "é", "漢", "-", "nul-1", "~a", "a" * 255])
def test_what_is_a_name(name: str) -> None:
    assert is_windows_name(name)


@pytest.mark.parametrize("path", ["aux/Cargo.toml", "a/..\\..\\b", "C:/a", "a/b.", "con"])
def test_such_a_path_is_neither_read_nor_written(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_itself(path)
    assert is_within_root(path)
    monkeypatch.setattr(windows_names, "os", SimpleNamespace(name="nt"))
    assert not names_itself(path)
    assert not is_within_root(path)
    with pytest.raises(RepositoryError, match="no file can have this path"):
        export._file_below(tmp_path, path)  # noqa: SLF001 - what writes a tree of a stranger's
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("folder", "path", "holds"),
    [
        ("C:\\a", "C:\\a\\b", True),
        ("c:\\A", "C:\\a\\b", True),
        ("C:\\a", "C:\\a", True),
        ("C:\\a", "C:\\ab", False),
        ("C:\\a", "D:\\a\\b", False),
        ("\\\\host\\share\\a", "C:\\a", False),
        ("\\\\host\\share\\a", "\\\\host\\share\\a\\b", True),
    ],
)
def test_a_folder_holds_a_path_of_its_own_drive_alone(folder: str, path: str, monkeypatch: pytest.MonkeyPatch, *, holds: bool) -> None:
    monkeypatch.setattr(repository, "os", SimpleNamespace(path=ntpath))
    assert repository.contains(folder, path) is holds
