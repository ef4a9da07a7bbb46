"""Bad input is answered with a place, what was expected and the next step; never with a traceback, and nothing is written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep.reports import Format
from tests.conftest import Fresh, Repo, Result, Run, Story
from tests.conftest import lockstep as program

CRATE = '[package]\nname = "spam"\nversion = "1.0.0"\nedition = "2021"\n'
WHEEL = '[project]\nname = "spam"\nversion = "1.0.0"\n'
HATCH = '[project]\nname = "spam"\ndynamic = ["version"]\n\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
CONFLICT = '<<<<<<< HEAD\nversion = "1.0.0"\n=======\nversion = "1.1.0"\n>>>>>>> other\n'
COMMANDS = (("check",), ("show",), ("bump", "minor"))


@dataclass(frozen=True)
class Bad:
    """Files, the place that the report must name first, and the exit code of `check`: 1 where a person mends a finding, 2 where it cannot run."""

    files: Mapping[str, str | bytes]
    place: str
    code: int
    bumps: bool = False
    """Whether `bump` may go on: what is wrong has nothing to do with the versions that move."""


CASES: dict[str, Bad] = {
    "malformed TOML": Bad({"Cargo.toml": '[package]\nname = "spam"\nversion = \n'}, "Cargo.toml:3:11", 2),
    "unclosed text": Bad({"pyproject.toml": '[project]\nname = "spam\n'}, "pyproject.toml:2:13", 2),
    "a key twice": Bad({"Cargo.toml": CRATE + 'version = "1.0.0"\n'}, "Cargo.toml:5", 2),
    "TOML nested too deeply": Bad({"pyproject.toml": WHEEL + "x = " + "[" * 5000 + "]" * 5000 + "\n"}, "pyproject.toml", 2),
    "a lock that is no TOML": Bad({"Cargo.toml": CRATE, "Cargo.lock": "[[package]]\nname = spam\n"}, "Cargo.lock:2:8", 2),
    "a uv.lock that is no TOML": Bad({"pyproject.toml": WHEEL, "uv.lock": "version = 1\n\n[[package]\n"}, "uv.lock:3:", 2),
    "a merge conflict in a lock": Bad({"Cargo.toml": CRATE, "Cargo.lock": f'version = 4\n\n[[package]]\nname = "spam"\n{CONFLICT}'}, "Cargo.lock:5:1", 2),
    "a merge conflict in a manifest": Bad({"Cargo.toml": f'[package]\nname = "spam"\n{CONFLICT}'}, "Cargo.toml:3:1", 2),
    "a manifest that is not UTF-8": Bad({"Cargo.toml": CRATE.encode() + b'description = "caf\xe9"\n'}, "Cargo.toml:5:19", 2),
    "UTF-16": Bad({"Cargo.toml": CRATE.encode("utf-16")}, "Cargo.toml:1:1", 2),
    "a NUL byte": Bad({"Cargo.toml": CRATE + "\0\n"}, "Cargo.toml:5:1", 2),
    "malformed JSON": Bad({"package.json": '{"name": "spam", "version": "1.0.0", 1}\n'}, "package.json:1:", 2),
    "a Python package without a version": Bad({"pyproject.toml": '[project]\nname = "spam"\n'}, "pyproject.toml:1:1", 1),
    "a package without a name": Bad({"Cargo.toml": '\n[package]\nversion = "1.0.0"\n'}, "Cargo.toml:2:1", 1),
    "a version that is a number": Bad({"Cargo.toml": CRATE.replace('"1.0.0"', "1")}, "Cargo.toml:3:1", 1),
    "a version that is too short": Bad({"Cargo.toml": CRATE.replace("1.0.0", "1.0")}, "Cargo.toml:3:12", 1),
    "a version above 64 bits": Bad({"Cargo.toml": CRATE.replace("1.0.0", f"{2**64}.0.0")}, "Cargo.toml:3:12", 1),
    "a version of the other world": Bad({"Cargo.toml": CRATE, "pyproject.toml": WHEEL.replace("1.0.0", "1.0.0-nightly.1")}, "pyproject.toml:3:12", 1),
    "an epoch": Bad({"pyproject.toml": WHEEL.replace("1.0.0", "1!1.0.0")}, "pyproject.toml:3:12", 1),
    "control characters in a version": Bad({"pyproject.toml": WHEEL.replace("1.0.0", "1.0\x9b31m\u202e\u2028")}, "pyproject.toml:3:12", 1),
    "a version inherited from nobody": Bad({"Cargo.toml": CRATE.replace('version = "1.0.0"', "version.workspace = true")}, "Cargo.toml:3:1", 1),
    "a dynamic version from no file": Bad({"pyproject.toml": HATCH + '\n[tool.hatch.version]\npath = "spam/about.py"\n'}, "pyproject.toml:", 1),
    "a dynamic version from outside": Bad({"pyproject.toml": HATCH + '\n[tool.hatch.version]\npath = "../../etc/passwd"\n'}, "pyproject.toml:", 1),
    "a member glob that matches nothing": Bad(
        {"Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n', "pyproject.toml": WHEEL}, "Cargo.toml:2:12", 1, bumps=True
    ),
    "a path dependency that is not there": Bad({"Cargo.toml": CRATE + '[dependencies]\negg = { path = "egg" }\n'}, "Cargo.toml:6:9", 1, bumps=True),
    "a path dependency that leads outside": Bad({"Cargo.toml": CRATE + '[dependencies]\negg = { path = "../egg" }\n'}, "Cargo.toml:6:9", 0, bumps=True),
    "a member that lies outside": Bad({"Cargo.toml": CRATE + '[workspace]\nmembers = ["../egg"]\n'}, "Cargo.toml:6:12", 0, bumps=True),
    "a requirement that is none": Bad(
        {"Cargo.toml": CRATE + '[dependencies]\negg = { path = "egg", version = "any" }\n', "egg/Cargo.toml": CRATE.replace("spam", "egg")},
        "Cargo.toml:6:34",
        1,
    ),
    "an unknown key of the configuration": Bad({"Cargo.toml": CRATE, "lockstep.toml": 'exclde = ["x"]\n'}, "lockstep.toml:1:1", 2),
    "an unknown key of a group": Bad({"pyproject.toml": WHEEL + '[tool.lockstep.groups.main]\npackage = ["spam"]\n'}, "pyproject.toml:5:1", 2),
    "a configuration of the wrong type": Bad({"pyproject.toml": WHEEL + '[tool.lockstep]\nexclude = "x"\n'}, "pyproject.toml:5:1", 2),
    "a configuration that is no table": Bad({"pyproject.toml": WHEEL + "[tool]\nlockstep = 3\n"}, "pyproject.toml:5:1", 2),
    "a configuration that is no TOML": Bad({"Cargo.toml": CRATE, "lockstep.toml": "exclude = [\n"}, "lockstep.toml:", 2),
    "two homes of the configuration": Bad({"pyproject.toml": WHEEL + "[tool.lockstep]\n", "lockstep.toml": ""}, "pyproject.toml", 2),
}


def said(result: Result) -> str:
    return (result.err if result.code == 2 else result.out).removeprefix("error: ")


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_named_with_its_place_and_the_next_step(name: str, fresh: Fresh, run: Run, snapshot: SnapshotAssertion) -> None:
    bad = CASES[name]
    repo = fresh(bad.files)
    old = repo.contents()
    check = run("check", repo=repo, code=bad.code)
    assert said(check).startswith(bad.place), str(check)
    assert "  help: " in said(check), str(check)
    assert str(check) == snapshot
    for args in (("--staged",), ("--ref", "HEAD")):
        alike = run("check", *args, repo=repo)
        assert (alike.out, alike.err, alike.code) == (check.out, check.err, check.code)
    run("show", repo=repo, code=2 if bad.code == 2 else 0)
    assert repo.contents() == old
    bump = run("bump", "minor", repo=repo)
    assert (bump.code == 0) is bad.bumps, str(bump)
    assert (repo.contents() != old) is bad.bumps


def test_several_malformed_files_are_all_listed(fresh: Fresh, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = fresh({"Cargo.toml": "[package\n", "a/Cargo.toml": "x = = 1\n", "pyproject.toml": b"\xff\n", "Cargo.lock": "{\n", "fine/Cargo.toml": CRATE})
    assert str(run("check", repo=repo, code=2)) == snapshot


def test_a_module_that_is_not_utf8_is_no_silence(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": WHEEL, "spam/__init__.py": b"# -*- coding: latin-1 -*-\n# \xe9\n__version__ = '0.9.0'\n"})
    assert run("check", repo=repo, code=2).err.startswith("error: spam/__init__.py:2:3: not UTF-8")


# ---- the file system


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "x").write_text("x")


def link_in_its_place(path: Path) -> None:
    real = path.with_name("real.toml")
    path.rename(real)
    path.symlink_to("real.toml")


def link_outside(path: Path) -> None:
    outside = path.parent.parent / "outside.toml"
    path.rename(outside)
    path.symlink_to(outside)


def pipe_in_its_place(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


SWAPS: tuple[Callable[[Path], None], ...] = (folder_in_its_place, link_in_its_place, link_outside, pipe_in_its_place)


@pytest.mark.parametrize("swap", SWAPS, ids=lambda one: str(one.__name__))
def test_a_manifest_that_became_something_else_is_named(swap: Callable[[Path], None], story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("twins")
    swap(repo.path("Cargo.toml"))
    check = run("check", repo=repo, code=2)
    assert said(check).startswith("Cargo.toml: "), str(check)
    assert str(check) == snapshot
    assert run("bump", "minor", repo=repo, code=2).err == check.err
    assert repo.git("diff", "--name-only").split() in ([], ["Cargo.toml"])


def test_a_manifest_that_git_holds_as_a_link_declares_nothing(story: Story, run: Run) -> None:
    repo = story("twins")
    link_in_its_place(repo.path("Cargo.toml"))
    repo.commit("link")
    run("check", repo=repo, code=run("check", "--ref", "HEAD", repo=repo).code)
    run("bump", "minor", repo=repo)
    assert repo.path("Cargo.toml").is_symlink()
    assert 'version = "0.2.0"' in repo.read("real.toml")


def test_a_folder_that_is_a_link_leads_nowhere(story: Story, run: Run) -> None:
    repo = story("twins")
    outside = repo.root.parent / "elsewhere"
    repo.path("python").rename(outside)
    repo.path("python").symlink_to(outside)
    before = (outside / "spam/__init__.py").read_text()
    result = run("bump", "minor", repo=repo)
    assert (outside / "spam/__init__.py").read_text() == before
    assert result.code == 2, str(result)
    assert "python/spam/__init__.py" in result.err


def test_a_deleted_file_is_not_there(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.path("python/spam/__init__.py").unlink()
    run("check", repo=repo, code=0)
    repo.path("Cargo.toml").unlink()
    run("check", repo=repo)


def test_a_read_only_file_is_refused_and_nothing_is_written(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("twins")
    repo.path("pyproject.toml").chmod(0o444)
    old = repo.contents()
    result = run("bump", "minor", repo=repo, code=2)
    assert result.err.startswith("error: pyproject.toml: ")
    assert str(result) == snapshot
    assert repo.contents() == old
    run("bump", "minor", "--dry-run", repo=repo, code=0)


def test_a_file_that_the_system_will_not_open_is_named(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root reads everything, so the system's answer is given in its place."""
    repo = story("twins")
    real = os.open

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith("pyproject.toml"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    result = run("check", repo=repo, code=2)
    assert result.err.startswith("error: pyproject.toml: cannot be read: permission denied")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.path("pyproject.toml").chmod(0)
    assert run("check", repo=repo, code=2).err.startswith("error: pyproject.toml: cannot be read: permission denied")


# ---- repositories


def test_no_repository_at_all(tmp_path: Path, run: Run, snapshot: SnapshotAssertion) -> None:
    result = run("check", repo=tmp_path, code=2)
    assert str(result) == snapshot


def test_a_folder_that_is_not_there(tmp_path: Path, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("check", "--repo", "gone", repo=tmp_path, code=2)) == snapshot


def test_a_file_as_repository(story: Story, run: Run) -> None:
    assert "is not a folder" in run("check", "--repo", "Cargo.toml", repo=story("twins"), code=2).err


def test_the_git_folder_itself(story: Story, run: Run) -> None:
    repo = story("twins")
    assert "  help: " in run("check", repo=repo.path(".git"), code=2).err


def test_a_bare_repository_has_commits_but_no_work_tree(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("twins")
    bare = Repo(repo.root.parent / "bare.git")
    repo.git("clone", "-q", "--bare", ".", str(bare.root))
    assert str(run("check", repo=bare, code=2)) == snapshot
    run("check", "--ref", "v0.2.0", repo=bare, code=0)
    assert "bare" in run("bump", "minor", repo=bare, code=2).err


def test_a_repository_without_commits_checks_what_is_added(tmp_path: Path, run: Run) -> None:
    repo = Repo(tmp_path / "new")
    repo.root.mkdir()
    repo.git("init", "-q")
    run("check", repo=repo, code=0)
    assert "no commit is named 'HEAD'" in run("check", "--ref", "HEAD", repo=repo, code=2).err
    repo.write({"Cargo.toml": CRATE})
    repo.git("add", "-A")
    assert "1 package at 1.0.0" in run("check", repo=repo, code=0).out
    assert "1 package at 1.0.0" in run("check", "--staged", repo=repo, code=0).out
    run("bump", "minor", repo=repo, code=0)
    assert 'version = "1.1.0"' in repo.read("Cargo.toml")


def test_an_unmerged_lock_is_named(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.git("checkout", "-q", "-b", "ours")
    run("bump", "minor", repo=repo, code=0)
    repo.commit("ours")
    repo.git("checkout", "-q", "-b", "theirs", "main")
    run("bump", "major", repo=repo, code=0)
    repo.commit("theirs")
    subprocess.run(["git", "merge", "-q", "ours"], cwd=repo.root, capture_output=True, check=False)
    conflicted = repo.contents()
    for args in COMMANDS:
        result = run(*args, repo=repo, code=2)
        assert all(f"error: {path}:" in result.err for path in ("Cargo.lock", "Cargo.toml", "pyproject.toml")), str(result)
        assert "merge conflict markers" in result.err
    assert repo.contents() == conflicted


def test_a_detached_head_is_a_place_like_any_other(story: Story, run: Run) -> None:
    repo = story("twins", "v0.1.0")
    assert "at 0.1.0" in run("check", repo=repo, code=0).out
    assert "the tag v0.2.0 exists already: 0.2.0 is released" in run("bump", "minor", repo=repo, code=2).err
    run("bump", "0.2.0", repo=repo, code=0)
    run("check", "--tag", "v0.2.0", repo=repo, code=0)


def test_a_linked_work_tree_is_a_repository(story: Story, run: Run) -> None:
    repo = story("twins")
    linked = Repo(repo.root.parent / "linked")
    repo.git("worktree", "add", "-q", str(linked.root), "-b", "side")
    old = repo.contents()
    run("bump", "minor", repo=linked, code=0)
    run("check", repo=linked, code=0)
    assert 'version = "0.3.0"' in linked.read("Cargo.toml")
    assert repo.contents() == old


def test_a_submodule_is_somebody_elses(story: Story, run: Run) -> None:
    repo, other = story("twins"), story("hatch")
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "vendored")
    repo.commit("submodule")
    inner = Repo(repo.path("vendored"))
    old = inner.contents()
    assert "cheddar" not in run("show", repo=repo, code=0).out
    run("bump", "minor", repo=repo, code=0)
    run("check", repo=repo, code=0)
    assert inner.contents() == old
    assert "cheddar" in run("show", repo=inner, code=0).out


def test_a_sparse_checkout_shows_what_is_there(story: Story, run: Run) -> None:
    repo = story("workspace")
    repo.git("status")  # the copy has other inodes than the index remembers
    repo.git("sparse-checkout", "set", "--cone", "crates/core")
    assert not repo.path("crates/cli").exists()
    result = run("check", repo=repo)
    assert result.code in (0, 1, 2)
    run("check", "--ref", "HEAD", repo=repo, code=0)
    run("check", "--staged", repo=repo, code=0)


def test_what_a_partial_clone_lacks_below_a_sparse_checkout_stops_nothing(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    """git ends at the first object that it may not fetch; each file is asked for all the same."""
    whole = fresh({"Cargo.toml": CRATE, "src/lib.rs": "", **{f"apart/{name}/pyproject.toml": WHEEL for name in ("a", "b")}, "apart/README.md": "x"})
    whole.git("config", "uploadpack.allowFilter", "true")
    whole.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{whole.root}", str(tmp_path / "part"))
    repo = Repo(tmp_path / "part")
    repo.git("sparse-checkout", "set", "--no-cone", "/*", "!apart/")
    repo.git("checkout", "-q")
    for command in (("check",), ("bump", "minor")):
        result = run(*command, repo=repo, code=0)
        assert "not looked at, since this partial clone does not have it: apart/a/pyproject.toml, apart/b/pyproject.toml;" in result.err
        assert "Traceback" not in result.err
    assert repo.git("diff", "--name-only").split() == ["Cargo.toml"]


def test_below_the_root_the_whole_repository_counts(story: Story, run: Run) -> None:
    repo = story("workspace")
    here = run("check", repo=repo.path("crates/core"), code=0)
    assert here.out == run("check", repo=repo, code=0).out
    assert here.out == run("check", "--repo", "crates/cli", repo=repo, code=0).out


ODD_NAMES = ("with blank", "ünïcode-日本", "new\nline", "tab\there", 'quo"te', "back\\slash", "\x1b[31mred", "-n", "\u202eevil", "percent%0A", "star*[x]")


@pytest.mark.parametrize("folder", ODD_NAMES, ids=ascii)
def test_a_path_may_be_called_anything(folder: str, fresh: Fresh, run: Run, tmp_path: Path) -> None:
    repo = fresh({f"{folder}/Cargo.toml": CRATE, f"{folder}/src/lib.rs": "", "pyproject.toml": WHEEL})
    twin = repo.copy(tmp_path / "twin")
    for args in (("check",), ("show", "--sites"), ("check", "--format", "json"), ("check", "--format", "github"), ("bump", "minor", "--dry-run")):
        result = run(*args, repo=repo, code=0)
        text = (result.out + result.err).replace("\n", "").replace("\t", "")
        assert text.isprintable(), ascii(text)

    patch = tmp_path / "dry-run.patch"
    patch.write_bytes(run("bump", "minor", "--dry-run", repo=repo, code=0).out.encode())
    twin.git("apply", str(patch))
    run("bump", "minor", repo=repo, code=0)
    assert repo.contents() == twin.contents()
    assert 'version = "1.1.0"' in repo.read(f"{folder}/Cargo.toml")


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="the file system wants UTF-8 names")
def test_a_path_that_is_not_utf8_is_escaped_too(fresh: Fresh, run: Run) -> None:
    name = os.fsdecode(b"caf\xe9")
    repo = fresh({f"{name}/Cargo.toml": CRATE, "pyproject.toml": WHEEL})
    for args in (("check",), ("show", "--sites"), ("show", "--format", "json"), ("bump", "minor", "--dry-run"), ("bump", "minor")):
        run(*args, repo=repo, code=0)
    assert 'version = "1.1.0"' in repo.read(f"{name}/Cargo.toml")


def test_control_characters_reach_no_terminal_and_no_workflow(fresh: Fresh, run: Run) -> None:
    evil = "1.0\x9b31m\u202e"
    repo = fresh({"pyproject.toml": WHEEL.replace("1.0.0", f"{evil}%0A::error::x"), "Cargo.toml": CRATE})
    for args in (("check",), ("check", "--format", "github"), ("check", "--format", "json"), ("show", "--sites"), ("bump", "minor"), ("bump", evil)):
        result = run(*args, repo=repo)
        assert (result.out + result.err).replace("\n", "").isprintable(), str(result)
    workflow = run("check", "--format", "github", repo=repo).out
    (command,) = [line for line in workflow.splitlines() if line.startswith("::") and not line.startswith(("::group::", "::endgroup::"))]
    assert "%0A::error" not in command  # a line of a group is no command, and keeps its text


# ---- the command line


@pytest.mark.parametrize(
    "args",
    [
        ("bump", "next"),
        ("bump", "1.0.0.0.0-x"),
        ("bump", "0.2.0"),
        ("bump", "0.1.0"),
        ("bump", f"{2**64}.0.0"),
        ("bump", "1.0.0-nightly.2026"),
        ("bump", "1.0.0.post1"),
        ("bump", "release"),
        ("bump", "release", "--pre", "rc"),
        ("bump", "1.0.0", "--pre", "rc"),
        ("bump", "minor", "--pre", "nightly"),
        ("bump", "minor", "--group", "mian"),
        ("bump",),
        ("bmup", "minor"),
        ("xyzzy",),
        ("bump", "minro"),
        ("check", "--formt", "json"),
        ("check", "--ref"),
        ("check", "--ref", "0.2.0"),
        ("check", "extra"),
        ("changelog", "drat"),
        ("audit", "workflows"),
        ("check", "--ref", "v9.9.9"),
        ("check", "--ref", "--output=x"),
        ("check", "--ref", "HEAD", "--staged"),
        ("check", "--ref", "HEAD", "--fix"),
        ("check", "--config", "gone.toml"),
        ("check", "--config", "../outside.toml"),
        ("check", "--format", "xml"),
        ("explain", "version-mismach"),
        ("explain", "nonsense"),
        ("show", "--ref", "v9.9.9"),
    ],
    ids=" ".join,
)
def test_a_command_line_that_makes_no_sense_is_answered_with_exit_code_2(args: tuple[str, ...], story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("twins")
    old = repo.contents()
    result = run(*args, repo=repo, code=2)
    assert result.out == ""
    assert repo.contents() == old
    assert str(result).replace(", ".join(Format), "<formats>") == snapshot


def test_a_tag_that_says_something_else_is_a_finding(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("check", "--tag", "v0.3.0", repo=story("twins"), code=1)) == snapshot


# ---- as a program


def test_a_narrow_encoding_is_no_reason_to_fall(fresh: Fresh) -> None:
    repo = fresh({"ünïcode/Cargo.toml": CRATE.replace("1.0.0", "1.0"), "pyproject.toml": WHEEL})
    for args in (("check",), ("show", "--sites"), ("bump", "minor", "--dry-run")):
        assert program(*args, repo=repo, env={"PYTHONIOENCODING": "ascii"}).code in (0, 1)


def test_a_reader_that_leaves_is_no_traceback(story: Story) -> None:
    repo = story("workspace")
    done = subprocess.run(
        "python -m lockstep show --sites --format json | true",
        shell=True,
        cwd=repo.root,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_without_git_the_reason_is_said(story: Story) -> None:
    """An ordinary work tree is read without it, and so is a commit, but not an expression."""
    repo = story("twins")
    program("check", repo=repo, env={"PATH": "/nonexistent"}, code=0)
    result = program("check", "--ref", "HEAD~0", repo=repo, env={"PATH": "/nonexistent"}, code=2)
    assert result.err == "error: git is not installed, or not on the PATH\n  help: install git 2.25 or newer\n"


def test_nothing_that_lockstep_writes_stays_behind(story: Story, run: Run) -> None:
    repo = story("twins")
    before = {path.name for path in repo.path(".git").iterdir()}
    run("bump", "minor", repo=repo, code=0)
    assert {path.name for path in repo.path(".git").iterdir()} - before <= {"lockstep.lock"}
    assert not [path for path in repo.contents() if "lockstep" in path]
    assert all(stat.S_ISREG(mode) for mode, _ in repo.contents().values())


@pytest.mark.parametrize(
    ("args", "said", "help_"),
    [
        (("-q", "check"), "-q is an option of the commands, and stands behind them", "lockstep check -q"),
        (("--repo", "x", "diff"), "--repo is an option of the commands", "lockstep check --repo"),
        (("audit", "--strict"), "--strict is an option of the commands", "lockstep audit workflow --strict"),
        (("gate", "tag"), "lockstep gate tag needs TAG", "lockstep gate tag --help"),
        (("check", "--config", "locstep.toml"), "locstep.toml: git tracks no such file", "did you mean lockstep.toml?"),
    ],
)
def test_the_help_is_a_next_step(args: tuple[str, ...], said: str, help_: str, fresh: Fresh, run: Run) -> None:
    told = run(*args, repo=fresh({"lockstep.toml": "", "README.md": "# spam\n"}), code=2).err
    assert said in told
    assert f"  help: {help_}\n" in told


def test_without_a_release_it_is_said_what_there_is_instead(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.2.0"\n', "src/lib.rs": ""})
    assert "lockstep diff COMMIT compares with a commit; git tag v1.2.0 COMMIT marks one as the release" in run("diff", repo=repo, code=2).err
    repo.git("tag", "nightly")
    assert "the tags here (nightly) name no release of it; lockstep diff nightly compares with one" in run("diff", repo=repo, code=2).err
