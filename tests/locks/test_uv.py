from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lockstep.config import Config
from lockstep.locks.requires_python import marker_of
from lockstep.project.project import discover
from lockstep.tree import MemoryTree
from tests.locks.uv_differential import trials


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_agrees_about_every_lock(tmp_path: Path) -> None:
    """A slice of `python -m tests.locks --uv --seed N --count 300`."""
    done = list(trials(1, 30, tmp_path))
    assert [one.fault for one in done if one.fault] == []
    assert sum(not one.taken for one in done) > 3
    assert sum(one.taken for one in done) > 3
    assert sum(one.mended for one in done) > 2


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (">=3.11,<3.12", "==3.11.*"),
        (">=3.11.0, <3.12", "==3.11.*"),
        (">=3.11.1,<3.12", ">=3.11.1, <3.12"),
        (">=3.11,<3.13", ">=3.11, <3.13"),
        ("==3.11.*", "==3.11.*"),
        ("~=3.11.0", "==3.11.*"),
        ("~=3.11.3", ">=3.11.3, <3.12"),
        ("~=3.11", ">=3.11, <4"),
        ("==3.*", ">=3, <4"),
        (">=3,<4", ">=3, <4"),
        (">3.10,<3.13", ">3.10, <3.13"),
        ("==3.11.7", "==3.11.7"),
        (">=3.11,!=3.11.3,<3.12", "==3.11.*, !=3.11.3"),
    ],
)
def test_the_pythons_of_a_lock(asked: str, written: str) -> None:
    """As uv 0.13.9 wrote them."""
    manifest = f'[project]\nname = "spam"\nversion = "0.1.0"\nrequires-python = "{asked}"\n'
    lock = f'version = 1\nrevision = 3\nrequires-python = "{written}"\n\n[[package]]\nname = "spam"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\n'
    project = discover(MemoryTree({"pyproject.toml": manifest, "uv.lock": lock}), Config())
    assert [one.message for one in project.locks[0].stale] == []
    stale = lock.replace(written, ">=3.9")
    mended = discover(MemoryTree({"pyproject.toml": manifest, "uv.lock": stale}), Config()).locks[0].mended
    assert mended == lock or "!=" in asked


GROUPS = """\
[project]
name = "spam"
version = "0.1.0"
requires-python = ">=3.9"
[dependency-groups]
dev = ["iniconfig", "pluggy; python_version < '3.13'"]
docs = ["iniconfig>=1", {include-group = "dev"}]
Test_x = [{include-group = "docs"}]
[tool.uv.dependency-groups]
dev = {requires-python = ">=3.10, !=3.10.2"}
test-X = {requires-python = ">=3.11,<3.14"}
"""
GROUPS_LOCKED = """\
version = 1
revision = 5
requires-python = ">=3.9"

[[package]]
name = "spam"
version = "0.1.0"
source = { virtual = "." }

[package.group-requires-python]
dev = ">=3.10,!=3.10.2"
docs = ">=3.10,!=3.10.2"
test-x = ">=3.10,!=3.10.2,>=3.11,<3.14"

[package.metadata]

[package.metadata.requires-dev]
dev = [
    { name = "iniconfig", marker = "python_full_version >= '3.10'" },
    { name = "pluggy", marker = "python_full_version >= '3.10' and python_full_version < '3.13'" },
]
docs = [
    { name = "iniconfig", specifier = ">=1" },
    { name = "iniconfig", marker = "python_full_version >= '3.10'" },
    { name = "pluggy", marker = "python_full_version >= '3.10' and python_full_version < '3.13'" },
]
test-x = [
    { name = "iniconfig", marker = "python_full_version >= '3.11' and python_full_version < '3.14'" },
    { name = "iniconfig", marker = "python_full_version >= '3.11' and python_full_version < '3.14'", specifier = ">=1" },
    { name = "pluggy", marker = "python_full_version >= '3.11' and python_full_version < '3.13'" },
]
"""
REVISION_3 = GROUPS_LOCKED.replace("revision = 5", "revision = 3").replace(
    GROUPS_LOCKED[GROUPS_LOCKED.index("[package.group") : GROUPS_LOCKED.index("[package.meta")], ""
)
"""As uv before 0.13 wrote it: without the Pythons of the groups."""


def stale(manifest: str, lock: str) -> list[str]:
    return [one.message for one in discover(MemoryTree({"pyproject.toml": manifest, "uv.lock": lock}), Config()).locks[0].stale]


@pytest.mark.parametrize("lock", [GROUPS_LOCKED, REVISION_3])
def test_the_pythons_of_a_group_are_markers_of_what_it_asks_for(lock: str) -> None:
    """As uv 0.13.9 and 0.9.30 wrote them: those of an included group too, without gaps."""
    assert stale(GROUPS, lock) == []


def test_other_pythons_of_a_group_are_other_markers() -> None:
    changed = GROUPS.replace(">=3.10, !=3.10.2", ">=3.12")
    assert [one.partition(";")[0] for one in stale(changed, REVISION_3)] == [
        f"pyproject.toml has changed what spam requires in the group {group}" for group in ("dev", "docs", "test-x")
    ]


def test_the_pythons_of_a_group_that_asks_for_nothing() -> None:
    """Only a lock that remembers them tells; source: `uv lock --check` of 0.13.9."""
    changed = GROUPS.replace("!=3.10.2", "!=3.10.3")
    assert stale(changed, REVISION_3) == []
    assert stale(changed, GROUPS_LOCKED) == ["pyproject.toml has changed the Pythons of the groups of spam"]


def test_a_package_that_a_group_asks_for_twice_is_locked_twice() -> None:
    """With a marker and without one; source: uv 0.4.30 to 0.13.9."""
    manifest = GROUPS.partition("[dependency-groups]")[0] + '[dependency-groups]\na = ["pluggy; sys_platform == \'win32\'", "pluggy"]\n'
    head = REVISION_3.partition("dev = [")[0]
    marked = '    { name = "pluggy", marker = "sys_platform == \'win32\'" },\n'
    assert stale(manifest, head + 'a = [\n    { name = "pluggy" },\n' + marked + "]\n") == []
    assert stale(manifest, head + 'a = [{ name = "pluggy" }]\n') == [
        "pyproject.toml has changed what spam requires in the group a; the lock does not know pluggy; sys_platform == 'win32'"
    ]


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        (">=3.11", "python_full_version >= '3.11'"),
        ("==3.12.*,!=3.12.1", "python_full_version >= '3.12' and python_full_version < '3.13'"),
        ("~=3.11", "python_full_version >= '3.11' and python_full_version < '4'"),
        (">=3.12.0rc1", "python_full_version >= '3.12.0'"),
        ("", ""),
    ],
)
def test_a_statement_of_pythons_as_a_marker(text: str, marker: str) -> None:
    assert marker_of(text) == marker
