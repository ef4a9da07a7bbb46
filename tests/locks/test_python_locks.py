"""Real locks of uv, Poetry and PDM, as the tools wrote them, and what lockstep says when the manifests or the locks change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lockstep.config import Config
from lockstep.errors import ManifestError
from lockstep.locks.markers import equivalent, written
from lockstep.locks.requires_python import intersection
from lockstep.model import Finding, Level
from lockstep.plans.bump import plan_bump
from lockstep.plans.relock import relock, without_ambiguous_locks
from lockstep.project.project import discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree, Overlay
from lockstep.versions.bump import Bump, bumped
from tests.locks.hashes import Tool, trials

RECORDED = Path(__file__).parent / "recorded"
STORIES = {"poetry-1.8": "poetry.lock", "poetry-2.5": "poetry.lock", "pdm-2.29": "pdm.lock", "uv-0.13": "uv.lock"}
every_story = pytest.mark.parametrize(("story", "lock"), STORIES.items(), ids=STORIES)


def texts(story: str) -> dict[str, str]:
    folder = RECORDED / story
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def found(files: dict[str, str], lock: str) -> list[Finding]:
    return [one for one in judge(discover(MemoryTree(files), Config())) if one.place.path == lock]


@every_story
def test_a_lock_as_its_tool_wrote_it_is_true(story: str, lock: str) -> None:
    assert found(texts(story), lock) == []


CHANGES = [
    ("poetry-1.8", "pyproject.toml", 'python = "^3.9"', 'python = "^3.10"', True),
    ("poetry-1.8", "pyproject.toml", 'version = "0.1.0"', 'version = "0.1.0"  # the same', False),
    ("poetry-1.8", "pyproject.toml", 'description = ""', 'description = "new"', False),
    ("poetry-1.8", "pyproject.toml", "[tool.poetry.group.dev.dependencies]", "[tool.poetry.group.docs.dependencies]", True),
    ("poetry-2.5", "pyproject.toml", ">=3.9", ">=3.10", True),
    ("poetry-2.5", "pyproject.toml", "gamma (>=0.1)", "gamma (>=0.1,<9)", True),
    ("poetry-2.5", "pyproject.toml", 'name = "alpha"', 'name = "omega"', False),
    ("poetry-2.5", "pyproject.toml", "develop = true}", "develop = false}", True),
    ("pdm-2.29", "pyproject.toml", 'requires-python = ">=3.9"', 'requires-python = ">=3.10"', True),
    ("pdm-2.29", "pyproject.toml", "Dev_tools", "dev-tools", False),
    ("pdm-2.29", "pyproject.toml", "Dev_tools", "dev", True),
    ("pdm-2.29", "libs/beta/pyproject.toml", ">=3.9", ">=3.8", True),
    ("pdm-2.29", "libs/beta/pyproject.toml", "[build-system]", "# a comment\n[build-system]", False),
]


@pytest.mark.parametrize(("story", "path", "old", "new", "stale"), CHANGES)
def test_what_the_hash_covers(story: str, path: str, old: str, new: str, stale: bool) -> None:  # noqa: FBT001 - a table's column
    files = texts(story)
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    assert [one.rule for one in found(files, STORIES[story])] == ["lock-hash-stale"] * stale


@every_story
def test_a_version_left_behind_is_no_error_where_the_tool_takes_the_folder_as_it_is(story: str, lock: str) -> None:
    files = {path: text.replace('"0.1.0"', '"0.3.0"') if path.endswith(".toml") else text for path, text in texts(story).items()}
    said = [one for one in found(files, lock) if one.rule == "lock-left-behind"]
    assert said
    assert {one.level for one in said} == {Level.ERROR if lock == "uv.lock" else Level.WARNING}


@every_story
def test_a_bump_leaves_a_true_lock(story: str, lock: str) -> None:
    files = texts(story)
    tree = MemoryTree(files)
    before = discover(tree, Config())
    (group,) = before.groups
    assert group.version is not None
    edits = plan_bump(before, group, bumped(group.version, Bump.MINOR)).edits
    result = Overlay(tree, relock(before, discover(Overlay(tree, without_ambiguous_locks(before, edits)), Config()), edits))
    assert judge(discover(result, Config())) == []
    changed = [one for one in zip(files[lock].splitlines(), result.read(lock).splitlines(), strict=True) if one[0] != one[1]]
    assert all("0.1.0" in old or "hash" in old for old, _ in changed)
    assert any("0.2.0" in new for _, new in changed)


DAMAGE = {
    "a conflict": lambda text: text.replace('name = "beta"', '<<<<<<< HEAD\nname = "beta"\n=======\nname = "b"\n>>>>>>> theirs', 1),
    "cut off within a text": lambda text: text[: text.rindex('"') - 3],
}


@pytest.mark.parametrize("damage", DAMAGE)
@every_story
def test_what_is_no_toml_is_refused_with_its_place(story: str, lock: str, damage: str) -> None:
    files = texts(story)
    files[lock] = DAMAGE[damage](files[lock])
    with pytest.raises(ManifestError) as caught:
        discover(MemoryTree(files), Config())
    assert caught.value.path == lock
    assert caught.value.line is not None
    assert ("conflict markers" in caught.value.message) == (damage == "a conflict")


@pytest.mark.parametrize(
    ("story", "old", "new", "message"),
    [
        ("poetry-2.5", "[metadata]\n", "[other]\n", "no [metadata]"),
        ("poetry-2.5", "[metadata]\n", '[metadata]\nlock-version = "2.1"\n\n[metadata]\n', "[metadata] stands twice"),
        ("poetry-2.5", 'lock-version = "2.1"', 'lock-version = "3.0"', "format 3.0"),
        ("poetry-2.5", 'lock-version = "2.1"', 'lock-version = "2.1"\nlock-version = "2.1"', "no [metadata] that can be read"),
        ("pdm-2.29", 'lock_version = "4.5.1"', 'lock_version = "5.0.0"', "format 5.0.0"),
        ("pdm-2.29", 'lock_version = "4.5.1"\n', "", "format none"),
        ("uv-0.13", "version = 1\n", "version = 9\n", "format 9"),
        ("uv-0.13", "version = 1\n", "", "states no format"),
        ("uv-0.13", 'version = "0.1.0"\nsource = { virtual', 'version = "0.1.0"\nversion = "0.1.0"\nsource = { virtual', "a key stands twice"),
        ("uv-0.13", 'source = { editable = "libs/beta" }', 'source = { virtual = "." }', "stands twice"),
    ],
)
def test_a_lock_that_is_none_says_so_once(story: str, old: str, new: str, message: str) -> None:
    files, lock = texts(story), STORIES[story]
    assert old in files[lock]
    files[lock] = files[lock].replace(old, new, 1)
    (one,) = [each for each in found(files, lock) if each.rule == "lock-malformed"]
    assert message in one.message
    assert one.level is Level.ERROR


@pytest.mark.parametrize("lock", ["poetry.lock", "pdm.lock", "uv.lock"])
@pytest.mark.parametrize("text", ["", "\ufeff", "version = 1\n", "[metadata]\n", "[[package]]\n", '[[package]]\nname = "beta"\n', "metadata = 1\n"])
def test_any_lock_is_judged_without_a_traceback(lock: str, text: str) -> None:
    story = next(story for story, name in STORIES.items() if name == lock)
    assert {one.rule for one in found({**texts(story), lock: text}, lock)} <= {
        "lock-malformed",
        "lock-entry-missing",
        "lock-reference-stale",
        "lock-hash-stale",
    }
    assert found({**texts(story), lock: text}, lock)


def test_a_manifest_that_poetry_cannot_hash_says_nothing() -> None:
    files = texts("poetry-1.8")
    files["pyproject.toml"] = files["pyproject.toml"].replace('python = "^3.9"', 'python = "^3.9"\nodd = 2020-01-01')
    assert found(files, "poetry.lock") == []


MARKERS = [
    ("python_version < '3.11'", "python_full_version < '3.11'", True),
    ("python_version <= '3.10'", "python_full_version < '3.11'", True),
    ("python_version == '3.11'", "python_full_version == '3.11.*'", True),
    ("python_version in '3.10 3.11'", "python_full_version >= '3.10' and python_full_version < '3.12'", True),
    ("python_version < '3.9'", "", False),
    ("python_version >= '3.8'", "", True),
    ("platform_system == 'Windows'", "sys_platform == 'win32'", True),
    ("sys_platform == 'win32' or os_name == 'nt'", "os_name == 'nt' or sys_platform == 'win32'", True),
    ("sys_platform == 'win32'", "sys_platform != 'win32'", False),
    ("not a marker", "", None),
]


@pytest.mark.parametrize(("one", "other", "expected"), MARKERS)
def test_markers_are_the_same_where_no_environment_tells_them_apart(one: str, other: str, expected: bool | None) -> None:  # noqa: FBT001 - a table's column
    assert equivalent(one, other, ">=3.9") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python_version>='3.8'", ""),
        ("python_version > '3.10'", "python_full_version >= '3.11'"),
        ("sys_platform=='linux' and python_version < \"3.12\"", "python_full_version < '3.12' and sys_platform == 'linux'"),
        ("sys_platform == 'linux' or os_name == 'nt'", None),
        ("python_version < '3.8'", None),
    ],
)
def test_a_marker_is_written_as_uv_does(text: str, expected: str | None) -> None:
    assert written(text, ">=3.9") == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [([">=3.9", ">= 3.10"], ">=3.10"), ([">=3.9,<4", ">=3.8"], ">=3.9, <4"), (["~=3.9"], ">=3.9, <4"), ([">=3.9,!=3.10.*"], ">=3.9, !=3.10.*"), ([], None)],
)
def test_the_pythons_of_a_workspace_are_written_as_uv_does(texts: list[str], expected: str | None) -> None:
    assert intersection(texts) == expected


@pytest.mark.parametrize("name", ["poetry", "pdm"])
def test_the_tool_agrees_about_every_hash(name: str, tmp_path: Path) -> None:
    """A slice of `python -m tests.locks.hashes --tool NAME --seed N --count 100`."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    assert [fault for _, _, fault in trials(Tool(name, program, tmp_path), 1, 4) if fault] == []
