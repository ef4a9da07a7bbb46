"""Other systems, as far as one system can play them: what Windows lacks is taken away before lockstep is loaded, and every command says what it always says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Fresh, Repo, Story
from tests.conftest import lockstep as program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="plays Windows on another system")

WINDOWS = """
import os, pathlib, signal, subprocess, sys, types
import asyncio, ctypes, importlib.metadata, json, multiprocessing, shutil, socket, ssl, tempfile, tomllib  # as the other system has them
import griffe, httpx, packaging.markers, platformdirs, ruamel.yaml, tomlkit, typer
import lockstep.cli
subprocess.Popen.kill = lambda self: None if self.poll() is not None else os.kill(self.pid, 9)
for name in (
    "fork uname getuid geteuid getgid getegid fchmod fchown chown killpg O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_DIRECTORY sched_getaffinity register_at_fork "
    "setsid getpgid mkfifo"
).split():
    if hasattr(os, name):
        delattr(os, name)
for name in "SIGKILL SIGHUP SIGPIPE SIGCHLD SIGUSR1".split():
    delattr(signal, name)
sys.modules.update({"fcntl": None, "pwd": None, "grp": None, "resource": None, "termios": None})
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.LK_UNLCK, msvcrt.locking = 2, 0, lambda *_: None
sys.modules["msvcrt"] = msvcrt
pathlib.WindowsPath = pathlib.PosixPath
os.name, sys.platform = "nt", "win32"
"""
NO_SYNC = """
import errno, os, stat
sync = os.fsync
def fsync(descriptor):
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "Invalid argument")
    sync(descriptor)
os.fsync = fsync
"""
RUN = '\nsys.argv[0] = "lockstep"\nfrom lockstep.cli import main\nmain()\n'
COMMANDS = [
    "show --sites",
    "check",
    "check --staged",
    "diff",
    "diff v0.4.0 v0.5.0",
    "surface v0.5.0",
    "bump minor --dry-run",
    "gate tag v0.5.0",
    "audit workflow --no-zizmor",
    "init --dry-run",
    "explain version-mismatch",
    "bump minor",
]


def played(prelude: str, *args: str, repo: Repo, programs: Path, **more: str) -> tuple[int, str, str]:
    """Run lockstep behind a prelude; git is found as git.exe too."""
    git = shutil.which("git")
    assert git is not None
    programs.mkdir(exist_ok=True)
    (programs / "git.exe").unlink(missing_ok=True)
    (programs / "git.exe").symlink_to(git)
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **more}
    done = subprocess.run([sys.executable, "-c", f"import sys\n{prelude}{RUN}", *args], cwd=repo.root, env=env, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


@pytest.mark.parametrize("line", COMMANDS)
def test_without_what_windows_lacks_every_command_says_the_same(line: str, story: Story, tmp_path: Path) -> None:
    repo = story("promises")
    repo.git("checkout", "-q", "v0.5.0")
    code, out, err = played(WINDOWS, *line.split(), repo=repo, programs=tmp_path / "programs")
    after = repo.contents()
    repo.git("checkout", "-q", "-f", "v0.5.0")
    there = program(*line.split(), repo=repo)
    assert (code, out, err) == (there.code, there.out, there.err)
    assert after == repo.contents()


def test_a_name_that_windows_takes_for_another_is_no_file_there(fresh: Fresh, tmp_path: Path) -> None:
    crate = '[package]\nname = "{0}"\nversion = "0.2.0"\n'
    names = {"aux": "device", "a\\..\\b": "climber", "c:d": "stream", "end.": "dot"}
    repo = fresh({"Cargo.toml": crate.format("spam"), **{f"{folder}/Cargo.toml": crate.format(name) for folder, name in names.items()}})
    assert all(name in program("show", repo=repo, code=0).out for name in names.values())
    code, out, err = played(WINDOWS, "show", repo=repo, programs=tmp_path / "programs")
    assert (code, "spam" in out) == (0, True), err
    assert not any(name in out for name in names.values())
    sites = "".join(f"[[sites]]\npath = '{folder}/Cargo.toml'\npattern = 'version = \"{{version}}\"'\n" for folder in names)
    repo.write({"lockstep.toml": sites}).commit("places")
    code, out, err = played(WINDOWS, "bump", "minor", repo=repo, programs=tmp_path / "programs")
    assert (code, "1 manifest version in 1 file" in out) == (0, True), err
    assert all('"0.2.0"' in repo.read(f"{folder}/Cargo.toml") for folder in names)


def test_a_system_that_syncs_no_folders_gets_its_bump(story: Story, tmp_path: Path) -> None:
    repo = story("twins")
    code, _, err = played(NO_SYNC, "bump", "minor", repo=repo, programs=tmp_path / "programs")
    assert code == 0, err
    program("check", repo=repo, code=0)


@pytest.mark.parametrize("page", ["cp1252", "cp437", "cp932", "ascii"])
def test_a_code_page_that_lacks_a_character_gets_an_escape(page: str, fresh: Fresh, tmp_path: Path) -> None:
    name = "r\N{LATIN SMALL LETTER E WITH ACUTE}\N{CJK UNIFIED IDEOGRAPH-6F22}"
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "0.2.0"\n', f"{name}/__init__.py": '__version__ = "0.1.0"\n'})
    config = f'[[sites]]\npath = "{name}/__init__.py"\npattern = \'__version__ = "{{version}}"\'\n'
    repo.write({"lockstep.toml": config}).commit("a place")
    code, out, err = played("", "check", repo=repo, programs=tmp_path / "programs", PYTHONIOENCODING=page, PYTHONUTF8="0")
    assert code == 1, err
    assert "version-mismatch" in out
    assert "Traceback" not in err


def test_names_that_differ_in_case_alone_stay_two(fresh: Fresh) -> None:
    crate = '[package]\nname = "{0}"\nversion = "0.2.0"\n'
    repo = fresh({"Spam/Cargo.toml": crate.format("spam"), "egg/Cargo.toml": crate.format("egg")})
    shown = program("show", repo=repo, code=0).out
    assert "Spam/Cargo.toml" in shown
    program("bump", "minor", repo=repo, code=0)
    assert all('"0.3.0"' in repo.read(path) for path in ("Spam/Cargo.toml", "egg/Cargo.toml"))


def test_a_checkout_with_other_line_ends_keeps_them(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": '[package]\r\nname = "spam"\r\nversion = "0.2.0"\r\n', "spam.py": '__version__ = "0.2.0"\r\n'})
    program("bump", "minor", repo=repo, code=0)
    assert repo.path("Cargo.toml").read_bytes() == b'[package]\r\nname = "spam"\r\nversion = "0.3.0"\r\n'
