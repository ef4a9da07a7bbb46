from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lockstep.config import Config
from lockstep.locks.requires_python import marker_of
from lockstep.model import Level
from lockstep.project.project import discover
from lockstep.tree import MemoryTree
from tests.conftest import FULL
from tests.locks.uv_differential import trials


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_agrees_about_every_lock(tmp_path: Path) -> None:
    """A slice of `python -m tests.locks --uv --seed N --count 300`."""
    done = list(trials(1, 30 if FULL else 10, tmp_path))
    assert [one.fault for one in done if one.fault] == []
    least = 3 if FULL else 0
    assert sum(not one.taken for one in done) > least
    assert sum(one.taken for one in done) > least
    assert sum(one.mended for one in done) > max(0, least - 1)


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


LINKED = """\
version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "egg"
version = "1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "egg"
version = "2.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "ham"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "egg", version = "1.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version < '3.10'" },
    { name = "egg", version = "2.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version >= '3.10'" },
]

[[package]]
name = "spam"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "ham" },
]

[package.metadata]
requires-dist = [{ name = "ham" }, { name = "gone", marker = "python_full_version < '3'" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ('name = "ham"\nversion', 'name = "bacon"\nversion', ["spam depends on ham, which the lock does not hold"]),
        ('"egg"\nversion = "1.0"', '"egg"\nversion = "1.1"', ["ham depends on egg 1.0, which the lock does not hold in this version or from this source"]),
        ('"egg", version = "2.0", ', '"egg", ', ["ham depends on egg, and the lock does not say which of its 2 entries is meant"]),
        ('"egg"\nversion = "1.0"', '"egg"\nversion = "2.0"', ["egg stands twice in the lock, first in line 5"]),
        (
            '"egg", version = "1.0", source = { registry = "https://pypi.org/simple" }',
            '"egg", version = "1.0", source = { registry = "https://other.example/simple" }',
            ["ham depends on egg 1.0, which the lock does not hold in this version or from this source"],
        ),
    ],
)
def test_what_entries_of_a_registry_depend_on_is_in_the_lock(old: str, new: str, expected: list[str]) -> None:
    """As uv 0.13.9 reads them: it cannot parse the others."""
    manifest = '[project]\nname = "spam"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["ham", "gone; python_version < \'3\'"]\n'
    text = LINKED.replace(old, new, 1) if old else LINKED
    assert complaints({"pyproject.toml": manifest, "uv.lock": text})[:1] == expected


OPTIONS = 'version = 1\nrevision = 3\nrequires-python = ">=3.9"\n{}\n[[package]]\nname = "spam"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\n'
SPAM = '[project]\nname = "spam"\nversion = "0.1.0"\nrequires-python = ">=3.9"\n'


@pytest.mark.parametrize(
    ("settings", "head"),
    [
        ('resolution = "lowest"', '[options]\nresolution-mode = "lowest"\n'),
        ('prerelease = "allow"', '[options]\nprerelease-mode = "allow"\n'),
        ('fork-strategy = "fewest"', '[options]\nfork-strategy = "fewest"\n'),
        ("environments = \"sys_platform == 'linux'\"", "supported-markers = [\n    \"sys_platform == 'linux'\",\n]\n"),
        (
            "environments = [\"platform_system == 'Linux' and python_version > '3.10'\"]",
            "supported-markers = [\n    \"python_full_version >= '3.11' and sys_platform == 'linux'\",\n]\n",
        ),
        ("required-environments = [\"sys_platform == 'linux'\"]", "required-markers = [\n    \"sys_platform == 'linux'\",\n]\n"),
        ('exclude-newer = "2024-01-01"', '[options]\nexclude-newer = "2024-01-02T05:00:00Z"\n'),
        ('exclude-newer = "2024-06-01T12:00:00+02:00"', '[options]\nexclude-newer = "2024-06-01T10:00:00Z"\n'),
        ('exclude-newer = "1 week"', '[options]\nexclude-newer = "0001-01-01T00:00:00Z"\nexclude-newer-span = "P7D"\n'),
        (
            'exclude-newer-package = { Egg_1 = "PT24H" }',
            '[options]\n\n[options.exclude-newer-package]\negg-1 = { timestamp = "0001-01-01T00:00:00Z", span = "P1D" }\n',
        ),
        ("exclude-newer-package = { egg = false }", "[options]\n\n[options.exclude-newer-package]\negg = false\n"),
        (
            'conflicts = [[{ extra = "Y_1" }, { package = "Ham", group = "x" }]]',
            'conflicts = [[\n    { package = "ham", group = "x" },\n    { package = "spam", extra = "y-1" },\n]]\n',
        ),
        (
            'dependency-metadata = [{ name = "Egg", version = "1.0", requires-dist = ["ham >= 1"] }]',
            '[[manifest.dependency-metadata]]\nname = "egg"\nversion = "1.0"\nrequires-dist = ["ham>=1"]\n',
        ),
    ],
)
def test_a_setting_that_steers_the_resolver(settings: str, head: str) -> None:
    """As uv 0.13.9 writes them; beside one it takes no other, and none where none is set."""
    name, locked, plain = settings.partition(" = ")[0], OPTIONS.format(head), OPTIONS.format("")
    beside = {"pyproject.toml": SPAM + f"[tool.uv]\n{settings}\n", "uv.lock": locked}
    assert complaints(beside) == []
    assert complaints({**beside, "uv.lock": plain}) != []
    (said,) = complaints({**beside, "pyproject.toml": SPAM})
    assert name in said


@pytest.mark.parametrize(
    ("settings", "held"),
    [
        ('exclude-newer = "2024-01-01"', 'exclude-newer = "2024-02-02T00:00:00Z"'),
        ('exclude-newer = "8 days"', 'exclude-newer-span = "P1W"'),
        ('exclude-newer = "2024-01-01T00:00:00Z"', 'exclude-newer-span = "P1W"'),
        ('resolution = "lowest-direct"', 'resolution-mode = "lowest"'),
    ],
)
def test_a_setting_that_has_another_value(settings: str, held: str) -> None:
    assert len(complaints({"pyproject.toml": SPAM + f"[tool.uv]\n{settings}\n", "uv.lock": OPTIONS.format(f"[options]\n{held}\n")})) == 1


def test_settings_count_from_the_first_file_upwards_that_has_them() -> None:
    locked = OPTIONS.format('[options]\nresolution-mode = "lowest"\n')
    above = {"uv.toml": 'resolution = "lowest"\n', "pyproject.toml": '[tool.uv]\nresolution = "highest"\n'}
    assert complaints({**above, "egg/pyproject.toml": SPAM, "egg/uv.lock": locked}) == []
    assert len(complaints({**above, "egg/pyproject.toml": SPAM + "[tool.uv]\n", "egg/uv.lock": locked})) == 1
    assert len(complaints({"pyproject.toml": above["pyproject.toml"], "egg/pyproject.toml": SPAM, "egg/uv.lock": locked})) == 1


def test_a_setting_that_may_be_a_user_s_own_or_is_far_away_is_a_warning() -> None:
    lowest, plain = OPTIONS.format('[options]\nresolution-mode = "lowest"\n'), OPTIONS.format("")
    asked = '[tool.uv]\nresolution = "lowest"\n'
    for files, level in (
        ({"pyproject.toml": SPAM, "uv.lock": lowest}, Level.WARNING),
        ({"pyproject.toml": SPAM + asked, "uv.lock": plain}, Level.ERROR),
        ({"pyproject.toml": asked, "egg/pyproject.toml": SPAM, "egg/uv.lock": plain}, Level.WARNING),
    ):
        (lock,) = discover(MemoryTree(files), Config()).locks
        assert [one.level for one in lock.stale] == [level]


def complaints(files: dict[str, str]) -> list[str]:
    (lock,) = discover(MemoryTree(files), Config()).locks
    return [one.message for one in lock.stale]
