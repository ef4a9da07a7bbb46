"""Locks beside members of a workspace, whose tools read the workspace's lock alone."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.plans.bump import plan_bump
from lockstep.project.project import discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree
from lockstep.versions.bump import Bump, bumped

PROJECT = '[project]\nname = "{}"\nversion = "0.1.0"\nrequires-python = ">=3.9"\n'
UV = 'version = 1\nrequires-python = ">=3.8"\n\n[[package]]\nname = "eggs"\nversion = "0.0.9"\nsource = { virtual = "." }\n'
PDM = '[metadata]\nlock_version = "4.5.0"\ncontent_hash = "sha256:0"\n'
NPM = '{"name": "eggs", "version": "0.0.9", "lockfileVersion": 3, "packages": {"": {"name": "eggs", "version": "0.0.9"}}}\n'
NPM_ROOT = '{"name": "spam", "version": "0.1.0", "workspaces": %s}\n'
NPM_MEMBER = '{"name": "eggs", "version": "0.1.0"}\n'

UV_ROOT = PROJECT.format("spam") + "[tool.uv.workspace]\n"
UV_MEMBERS = UV_ROOT + 'members = ["libs/*"]\n'


def rules(files: dict[str, str], path: str) -> list[str]:
    return [f"{one.level} {one.rule}" for one in judge(discover(MemoryTree(files), Config())) if one.place.path == path]


def in_member(lock: str, text: str, root: str, member: str) -> dict[str, str]:
    name = "package.json" if lock.endswith("json") else "pyproject.toml"
    return {name: root, f"libs/eggs/{name}": member, f"libs/eggs/{lock}": text}


@pytest.mark.parametrize(
    ("lock", "text", "root", "member", "tool"),
    [
        ("uv.lock", UV, UV_MEMBERS, PROJECT.format("eggs"), "uv"),
        ("pdm.lock", PDM, PROJECT.format("spam") + '[tool.pdm.workspace]\nmembers = ["libs/eggs"]\n', PROJECT.format("eggs"), "pdm"),
        ("package-lock.json", NPM, NPM_ROOT % '["libs/*"]', NPM_MEMBER, "npm"),
    ],
)
def test_the_lock_of_a_member_is_read_by_nobody(lock: str, text: str, root: str, member: str, tool: str) -> None:
    files = in_member(lock, text, root, member)
    assert rules(files, f"libs/eggs/{lock}") == ["warning lock-unread"]
    project = discover(MemoryTree(files), Config())
    assert next(one for one in project.locks if one.unread).stale[0].message.startswith(f"{tool} never reads this lock: libs/eggs/")
    (group,) = project.groups
    assert group.version is not None
    assert lock not in {edit.site.path.rpartition("/")[2] for edit in plan_bump(project, group, bumped(group.version, Bump.MINOR)).edits}


@pytest.mark.parametrize(
    ("lock", "text", "root", "member"),
    [
        ("uv.lock", UV, UV_ROOT + 'members = ["other"]\n', PROJECT.format("eggs")),
        ("uv.lock", UV, UV_MEMBERS + 'exclude = ["libs/eggs"]\n', PROJECT.format("eggs")),
        ("uv.lock", UV, PROJECT.format("spam"), PROJECT.format("eggs")),
        ("package-lock.json", NPM, NPM_ROOT % '["libs/*", "!libs/eggs"]', NPM_MEMBER),
        ("package-lock.json", NPM, NPM_ROOT % "[]", NPM_MEMBER),
        ("npm-shrinkwrap.json", NPM, NPM_ROOT % '["libs/*"]', NPM_MEMBER),
    ],
)
def test_a_lock_of_its_own_is_compared(lock: str, text: str, root: str, member: str) -> None:
    assert "error lock-left-behind" in rules(in_member(lock, text, root, member), f"libs/eggs/{lock}")


def test_uv_looks_no_further_than_a_project_on_the_way() -> None:
    """Source: uv 0.13.9 says "Project is contained in non-workspace project"."""
    files = in_member("uv.lock", UV, UV_ROOT + 'members = ["libs", "libs/*"]\n', PROJECT.format("eggs"))
    assert "error lock-left-behind" in rules({**files, "libs/pyproject.toml": PROJECT.format("ham")}, "libs/eggs/uv.lock")
