"""Locks of npm, bun, pnpm, Yarn and pixi say what the folders of a repository are at, and require of each other: that moves, and nothing else."""

from __future__ import annotations

import pytest

from tests.conftest import Fresh, Run

ROOT = '{"name": "root", "private": true, "workspaces": ["packages/*"]}\n'
HAM = '{"name": "@spam/ham", "version": "VERSION"}\n'
EGGS = '{"name": "@spam/eggs", "version": "VERSION", "dependencies": {"@spam/ham": "^VERSION", "left": "^2.3.4"}}\n'
MEMBERS = {"package.json": ROOT, "packages/ham/package.json": HAM, "packages/eggs/package.json": EGGS}
BUN = """{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root", },
    "packages/eggs": {
      "name": "@spam/eggs",
      "version": "VERSION",
      "dependencies": {
        "@spam/ham": "^VERSION",
        "left": "^2.3.4",
      },
    },
  },
  "packages": {
    "left": ["left@2.3.4", "", {}, "sha"],
  }
}
"""
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
PNPM = """lockfileVersion: '9.0'
importers:
  packages/eggs:
    dependencies:
      '@spam/ham':
        specifier: ^VERSION
        version: link:../ham
      left:
        specifier: ^2.3.4
        version: 2.3.4
"""
YARN = """__metadata:
  version: 8

"@spam/ham@npm:^VERSION, @spam/ham@workspace:packages/ham":
  version: 0.0.0-use.local
  resolution: "@spam/ham@workspace:packages/ham"

"@spam/eggs@workspace:packages/eggs":
  version: 0.0.0-use.local
  dependencies:
    "@spam/ham": "npm:^VERSION"
    left: "npm:^2.3.4"

"left@npm:^2.3.4":
  version: 2.3.4
"""


def at(text: str, version: str) -> str:
    return text.replace("VERSION", version)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "text"), [("package-lock.json", NPM), ("bun.lock", BUN), ("pnpm-lock.yaml", PNPM), ("yarn.lock", YARN)])
def test_what_members_require_of_each_other_moves_in_their_lock(path: str, text: str, newline: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({**{one: at(each, "2.3.4") for one, each in MEMBERS.items()}, path: at(text, "2.3.4").replace("\n", newline)})
    run("check", repo=repo, code=0)
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.path(path).read_bytes().decode() == at(text, "3.0.0").replace("\n", newline)


def test_a_member_that_bun_left_behind_is_no_fault(fresh: Fresh, run: Run) -> None:
    repo = fresh({**{one: at(each, "3.0.0") for one, each in MEMBERS.items()}, "bun.lock": at(BUN, "2.3.4")})
    run("check", repo=repo, code=0)


def test_a_folder_in_a_pixi_lock_moves_and_nothing_else_does(fresh: Fresh, run: Run) -> None:
    theirs = "- pypi: https://a.test/ham.whl\n  name: ham\n  version: 2.3.4\n"
    text = "version: 6\npackages:\n- pypi: ./\n  name: spam\n  version: VERSION\n  requires_dist:\n  - ham\n" + theirs
    repo = fresh({"pyproject.toml": '[project]\nname = "spam"\nversion = "2.3.4"\n', "pixi.lock": at(text, "2.3.4")})
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read("pixi.lock") == at(text, "2.4.0")


def test_what_an_example_requires_of_a_release_stays_in_the_lock_too(fresh: Fresh, run: Run) -> None:
    example = '{"name": "example", "version": "0.0.1", "private": true, "dependencies": {"@spam/ham": "^2.3.4"}}\n'
    lock = NPM.replace('"": {', '"packages/example": { "name": "example", "version": "0.0.1", "dependencies": { "@spam/ham": "^2.3.4" } },\n    "": {')
    files = {**MEMBERS, "packages/example/package.json": example, "package-lock.json": lock}
    repo = fresh({path: at(text, "2.3.4") for path, text in files.items()})
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.read("packages/example/package.json") == at(example, "3.0.0")
    assert repo.read("package-lock.json") == at(lock, "3.0.0")


APP = '{"name": "app", "dependencies": {"@spam/ham": "VERSION"}}\n'
APP_LOCK = '{"lockfileVersion": 3, "packages": {"": {"name": "app", "dependencies": {"@spam/ham": "VERSION"}}}}\n'


@pytest.mark.parametrize("pinned", ["2.0.0", "2.3.4"])
@pytest.mark.parametrize(
    ("path", "lock"), [("package-lock.json", APP_LOCK), ("pnpm-lock.yaml", PNPM.replace("packages/eggs", ".").replace("^VERSION", "VERSION"))]
)
def test_the_lock_of_a_test_app_is_left_alone_as_its_manifest_is(path: str, lock: str, pinned: str, fresh: Fresh, run: Run) -> None:
    app = {"tests/app/package.json": at(APP, pinned), f"tests/app/{path}": at(lock, pinned)}
    repo = fresh({one: at(text, "2.3.4") for one, text in MEMBERS.items()} | app)
    run("check", repo=repo, code=0)
    run("bump", "3.0.0", repo=repo, code=0)
    run("check", "--fix", repo=repo, code=0)
    assert {one: repo.read(one) for one in app} == app
