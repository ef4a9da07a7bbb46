"""A lock of npm says what the folders of a repository are at, and require of each other: that moves, and nothing else."""

from __future__ import annotations

import pytest

from tests.conftest import Fresh, Run

ROOT = '{"name": "root", "private": true, "workspaces": ["packages/*"]}\n'
HAM = '{"name": "@spam/ham", "version": "VERSION"}\n'
EGGS = '{"name": "@spam/eggs", "version": "VERSION", "dependencies": {"@spam/ham": "^VERSION", "left": "^2.3.4"}}\n'
MEMBERS = {"package.json": ROOT, "packages/ham/package.json": HAM, "packages/eggs/package.json": EGGS}
NPM = """{
  "name": "root",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "root" },
    "packages/eggs": { "name": "@spam/eggs", "version": "VERSION", "dependencies": { "@spam/ham": "^VERSION", "left": "^2.3.4" } },
    "packages/ham": { "name": "@spam/ham", "version": "VERSION" },
    "node_modules/left": { "version": "2.3.4" }
  }
}
"""


def at(text: str, version: str) -> str:
    return text.replace("VERSION", version)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "text"), [("package-lock.json", NPM)])
def test_what_members_require_of_each_other_moves_in_their_lock(path: str, text: str, newline: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({**{one: at(each, "2.3.4") for one, each in MEMBERS.items()}, path: at(text, "2.3.4").replace("\n", newline)})
    run("check", repo=repo, code=0)
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.path(path).read_bytes().decode() == at(text, "3.0.0").replace("\n", newline)


def test_what_an_example_requires_of_a_release_stays_in_the_lock_too(fresh: Fresh, run: Run) -> None:
    example = '{"name": "example", "version": "0.0.1", "private": true, "dependencies": {"@spam/ham": "^2.3.4"}}\n'
    lock = NPM.replace('"": {', '"packages/example": { "name": "example", "version": "0.0.1", "dependencies": { "@spam/ham": "^2.3.4" } },\n    "": {')
    files = {**MEMBERS, "packages/example/package.json": example, "package-lock.json": lock}
    repo = fresh({path: at(text, "2.3.4") for path, text in files.items()})
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.read("packages/example/package.json") == at(example, "3.0.0")
    assert repo.read("package-lock.json") == at(lock, "3.0.0")
