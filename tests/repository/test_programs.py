"""No program that lies in the examined repository is ever run: not by its name, through a link, through a PATH that leads there, nor by another program."""

from __future__ import annotations

import json
import ntpath
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from lockstep.repository import programs
from tests.conftest import Repo, Story
from tests.conftest import lockstep as program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs are found in another way there")
RELEASE = "name: release\non: {push: {tags: ['v*']}}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n"
CALLED = ("git", "zizmor", "cargo-semver-checks", "cargo", "rustc", "gpg", "ssh-keygen", "ssh")
FOLDERS = (".venv/bin", "site-packages/bin", "tools", "")
"""Where a repository keeps programs; the last is its root."""


@pytest.fixture
def armed(story: Story) -> Repo:
    """A repository with a program of each name in each folder, all of which leave a trace when they run."""
    repo = story("twins").write({".github/workflows/release.yml": RELEASE})
    for folder in FOLDERS:
        for name in CALLED:
            path = f"{folder}/{name}".lstrip("/")
            repo.write({path: f"#!/bin/sh\necho {path} >> '{repo.root}/ran'\nexit 1\n"})
            repo.path(path).chmod(0o755)
    return repo.commit("ci: programs")


def ways(repo: Repo, outside: Path) -> Iterator[tuple[str, str]]:
    """Give PATH entries that lead into the repository, each in its way."""
    for folder in FOLDERS:
        yield f"absolute {folder}", str(repo.path(folder)) if folder else str(repo.root)
        yield f"relative {folder}", folder or "."
    yield "empty", ""
    outside.mkdir()
    (outside / "folder").symlink_to(repo.path("tools"))
    yield "a link outside, to a folder of it", str(outside / "folder")
    (outside / "bin").mkdir()
    for name in CALLED:
        (outside / "bin" / name).symlink_to(repo.path(f"tools/{name}"))
    yield "links outside, to its programs", str(outside / "bin")
    yield "dots", f"{repo.root}/python/../tools"
    repo.path("linked").mkdir()
    for name in CALLED:
        repo.path(f"linked/{name}").symlink_to(repo.path(f"tools/{name}") if name == "zizmor" else "/bin/false")
    yield "its own links, to the outside", str(repo.path("linked"))


COMMANDS = (
    ("check", "--ref", "HEAD~0"),
    ("diff", "HEAD", "HEAD", "--witness", "cargo-semver-checks"),
    ("audit", "workflow"),
    ("gate", "tag", "v0.2.0", "--require", "signed"),
    ("gate", "head"),
    ("bump", "patch", "--commit", "--tag", "--force"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_of_the_repository_runs_whatever_the_path_says(command: tuple[str, ...], armed: Repo, tmp_path: Path) -> None:
    armed.git("remote", "add", "origin", "ssh://git@127.0.0.1:1/x")
    path = os.pathsep.join(folder for _, folder in ways(armed, tmp_path / "outside"))
    result = program(*command, repo=armed, env={"PATH": f"{path}{os.pathsep}/usr/bin{os.pathsep}/bin"})
    assert not armed.path("ran").exists(), f"{armed.path('ran').read_text()}\n{result}"


def test_where_there_is_no_ssh_none_of_the_repository_s_is_taken(armed: Repo, tmp_path: Path) -> None:
    armed.git("remote", "add", "origin", "ssh://git@127.0.0.1:1/x")
    git, shell = shutil.which("git"), shutil.which("sh")
    assert git is not None
    assert shell is not None
    (tmp_path / "system").mkdir()
    for name, target in (("git", git), ("sh", shell)):
        (tmp_path / "system" / name).symlink_to(target)
    path = os.pathsep.join((*(folder for _, folder in ways(armed, tmp_path / "outside")), str(tmp_path / "system")))
    result = program("gate", "head", repo=armed, env={"PATH": path}, code=3)
    assert "remote-unseen" in result.out
    assert not armed.path("ran").exists(), f"{armed.path('ran').read_text()}\n{result}"


@pytest.mark.parametrize("below", ["tools", "tools/deeper", ""])
def test_a_folder_that_has_names_in_every_case_is_the_repository_by_each(below: str, armed: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    shouted = os.path.join(str(armed.root).upper(), below)
    monkeypatch.setenv("PATH", shouted)
    programs._safe_path.cache_clear()  # noqa: SLF001 - it knows what the system said before
    assert programs.safe_path(armed.root) == shouted
    monkeypatch.setattr(programs, "_is_same", lambda one, other: one.lower() == other.lower())
    programs._safe_path.cache_clear()  # noqa: SLF001
    assert programs.safe_path(armed.root) == ""
    programs._safe_path.cache_clear()  # noqa: SLF001


@pytest.mark.parametrize(("path", "holds"), [("c:\\REPO\\tools", True), ("C:\\repo", True), ("C:/repo/x", True), ("C:\\repo2", False), ("D:\\repo", False)])
def test_on_windows_a_path_has_either_slash_and_any_case(path: str, monkeypatch: pytest.MonkeyPatch, *, holds: bool) -> None:
    monkeypatch.setattr(programs, "os", SimpleNamespace(path=ntpath, sep="\\"))
    monkeypatch.setattr(programs, "_is_same", lambda *_: False)
    assert programs._is_below(path, "C:\\Repo") is holds  # noqa: SLF001 - what decides it


def test_the_canary_does_sing(armed: Repo) -> None:
    os.system(f"PATH='{armed.path('tools')}' git >/dev/null 2>&1")
    assert armed.path("ran").read_text() == "tools/git\n"


def test_what_is_passed_over_is_told_and_the_next_is_taken(armed: Repo, tmp_path: Path) -> None:
    for where, folder in ways(armed, tmp_path / "outside"):
        if os.path.isabs(folder):
            path = f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"
            told = program("audit", "workflow", "--zizmor", repo=armed, env={"PATH": path}, code=2).err
            assert "error: zizmor lies in the repository, at " in told, where
            assert "pipx install zizmor" in told
            assert "zizmor lies in the repository" in program("audit", "workflow", repo=armed, env={"PATH": path}).err
    other = tmp_path / "other"
    other.mkdir()
    (other / "zizmor").write_text("#!/bin/sh\necho '[]'\necho ' INFO audit: zizmor: completed ./.github/workflows/release.yml' >&2\n")
    (other / "zizmor").chmod(0o755)
    path = os.pathsep.join((str(armed.path("tools")), str(other), "/usr/bin", "/bin"))
    result = program("audit", "workflow", "--zizmor", "--format", "json", repo=armed, env={"PATH": path})
    assert "zizmor-blind" not in {one["rule"] for one in json.loads(result.out)["findings"]}


def test_a_git_that_only_the_repository_has_is_none(armed: Repo) -> None:
    told = program("check", "--ref", "HEAD~0", repo=armed, env={"PATH": str(armed.path("tools"))}, code=2).err
    assert "git is found at <root>/tools/git alone, which may be the repository's own" in told
    assert "git is not installed" in program("check", "--ref", "HEAD~0", repo=armed, env={"PATH": "/nowhere"}, code=2).err


def test_what_a_program_starts_is_none_of_the_repository(armed: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([*(folder for _, folder in ways(armed, tmp_path / "outside")), "/usr/bin"]))
    # a link outside that leads in stays: what is searched are folders, and that one has programs of others too
    assert programs.safe_path(armed.root).split(os.pathsep) == [str(tmp_path / "outside/bin"), "/usr/bin"]


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_everything_lies_in_the_root_of_all_files() -> None:
    found = programs.find("git", Path("/"))
    assert found.path is not None
    assert not found.refused
