"""A file takes the place of another: on Windows once nobody has it open any more."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from lockstep.writing import durable_files


def opened(times: int, calls: list[tuple[str, str]]) -> Callable[[str, str], None]:
    """Refuse as Windows does while somebody has the file open, so many times."""

    def replace(source: str, target: str) -> None:
        calls.append((source, target))
        if len(calls) <= times:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process", source, 32, target)

    return replace


@pytest.mark.parametrize("times", [0, 1, 4])
def test_a_file_that_is_open_for_a_moment_is_replaced_afterwards(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    slept: list[float] = []
    monkeypatch.setattr(durable_files, "time", SimpleNamespace(sleep=slept.append))
    monkeypatch.setattr(durable_files, "os", SimpleNamespace(name="nt", replace=opened(times, calls)))
    durable_files.replace("a", "b")
    assert calls == [("a", "b")] * (times + 1)
    assert len(slept) == times


@pytest.mark.parametrize("name", ["nt", "posix"])
def test_one_that_stays_open_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    slept: list[float] = []
    monkeypatch.setattr(durable_files, "time", SimpleNamespace(sleep=slept.append))
    monkeypatch.setattr(durable_files, "os", SimpleNamespace(name=name, replace=opened(100, calls)))
    with pytest.raises(PermissionError):
        durable_files.replace("a", "b")
    assert (len(calls), sum(slept) < 2) == ((6, True) if name == "nt" else (1, True))


def test_nobody_replaces_a_file_past_it() -> None:
    folder = os.path.dirname(durable_files.__file__)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and name != "durable_files.py":
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                assert "os.replace(" not in file.read(), name
