"""A crate in a folder that git ignores is put there before the build: it is not read, and no error."""

from __future__ import annotations

import subprocess

import pytest

from lockstep.project.git_ignore import ignored_by
from lockstep.tree import MemoryTree
from tests.conftest import Fresh, Run

CRATE = '[package]\nname = "spam"\nversion = "0.1.0"\n\n'
PATH = '[dependencies]\negg = { path = "vendor/egg" }\n'
MEMBER = '[workspace]\nmembers = ["vendor/egg"]\n'


@pytest.mark.parametrize(("more", "rule"), [(PATH, "path-dependency-missing"), (MEMBER, "member-missing")], ids=["path", "member"])
def test_a_crate_in_an_ignored_folder_is_not_read(more: str, rule: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"bind/Cargo.toml": CRATE + more, "bind/src/lib.rs": "", "bind/.gitignore": "vendor/\n"})
    said = run("check", repo=repo, code=0).out
    assert f"warning {rule}: " in said
    assert "bind/.gitignore ignores" in said
    repo.write({"bind/.gitignore": "vendors/\n"})
    assert f" {rule}: " in run("check", repo=repo, code=1).out


IGNORES = {
    "": "*.log\n# vendor\nbuild/\n/top\nsub/deep\n!sub/deep\nfoo/**\n**/any/thing\n{a,b}\n\\!odd\nq?x\n[ab]c\n",
    "a": "!build\nout\n",
    "a/b": "*\n!kept\n",
}
FOLDERS = (
    *("vendor", "build", "a/build", "a/build/x", "top", "x/top", "sub/deep", "a/sub/deep", "foo", "foo/x", "x/any/thing", "any/thing"),
    *("{a,b}", "a", "b", "!odd", "odd", "qqx", "qx", "ac", "a/bc", "out", "a/out", "a/x/out/y", "a/b", "a/b/c", "a/b/kept"),
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_ignored_is_what_git_ignores(folder: str, fresh: Fresh) -> None:
    files = {f"{at}/.gitignore".lstrip("/"): text for at, text in IGNORES.items()}
    repo = fresh(files)
    path = f"{folder}/Cargo.toml"
    said = subprocess.run(["git", "-C", str(repo.root), "check-ignore", "-q", "--no-index", path], check=False)
    assert (ignored_by(MemoryTree(files), path) is not None) == (said.returncode == 0)
