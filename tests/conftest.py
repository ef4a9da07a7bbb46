"""Real repositories for the tests: `fixtures/<story>/<tag>/...`, committed and tagged in the order of their versions.

A folder `head` holds what was committed after the last tag. Every story is built once a session and copied for each test. Time,
identity and configuration of git are fixed, so that a story has the same commit ids everywhere.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest
import typer
from hypothesis import HealthCheck, settings

from lockstep import cli
from lockstep.text import yaml
from lockstep.versions.version import Version
from lockstep.workflow import reading

FULL = bool(os.environ.get("LOCKSTEP_FULL"))
"""Whether everything is tried; otherwise a part of what takes long is, the same part each time."""


def examples(number: int) -> int:
    """Give how many examples of a law are tried."""
    return number if FULL else max(25, number // 4)


settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100))
settings.load_profile("unhurried")  # a loaded machine is slow, and no fault

FIXTURES = Path(__file__).parent.parent / "fixtures"
STORIES = tuple(sorted({folder.parent.name for folder in (*FIXTURES.glob("*/v[0-9]*"), *FIXTURES.glob("*/head"))}))
EXECUTABLE = ("Cargo.toml",)
"""Files of the story `edges` that carry the executable bit, which archives and checkouts of this repository may lose."""

EPOCH = 1_700_000_000
"""2023-11-14, when the first commit of every story was made; each next one is a day younger."""

GIT = {
    "LOCKSTEP_CACHE_DIR": "",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Maintainer",
    "GIT_AUTHOR_EMAIL": "maintainer@example.org",
    "GIT_COMMITTER_NAME": "A. Maintainer",
    "GIT_COMMITTER_EMAIL": "maintainer@example.org",
    "GIT_TERMINAL_PROMPT": "0",
}
RELEASED = {"SOURCE_DATE_EPOCH": str(EPOCH + 86_400 * 30)}
"""2023-12-14, the day of every release that a test makes."""
OURS_TO_SET = (
    "GIT_",
    "GITHUB_",
    "GH_",
    "LOCKSTEP_",
    "CARGO_",
    "RUSTUP_TOOLCHAIN",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "TERMINAL_WIDTH",
    "PYTHONIOENCODING",
    "PYTHONUNBUFFERED",
)


def part(of: int) -> pytest.MarkDecorator:
    """Try one of so many cases of a test; all of them with LOCKSTEP_FULL=1, and where the test, its file or a word of its name is asked for."""
    return pytest.mark.part(of)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "part(of): one of so many cases is tried, all of them with LOCKSTEP_FULL=1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if FULL or config.option.keyword or any("::" in one or one.endswith(".py") for one in config.args):
        return
    kept, left, seen = list[pytest.Item](), list[pytest.Item](), Counter[tuple[str, str]]()
    for item in items:
        mark = item.get_closest_marker("part")
        key = item.nodeid.partition("[")[0], item.name.partition("[")[0]
        (left if mark is not None and seen[key] % mark.args[0] else kept).append(item)
        seen[key] += 1
    config.hook.pytest_deselected(items=left)
    items[:] = kept


Contents: TypeAlias = dict[str, tuple[int, bytes]]


def environment() -> dict[str, str]:
    """Give the environment of every test: git sees no configuration but the repository's, reports have no colour."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS_TO_SET) or name == "CARGO_HOME"}
    return {**kept, **GIT, **RELEASED, "TERM": "dumb"}


@dataclass(frozen=True)
class Repo:
    """A real repository in a temporary folder."""

    root: Path

    def git(self, *args: str, when: int = EPOCH) -> str:
        date = f"{when} +0000"
        done = subprocess.run(
            ["git", *args],
            cwd=self.root,
            env={**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (args, done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="surrogateescape")

    def path(self, path: str) -> Path:
        return self.root / path

    def read(self, path: str) -> str:
        return self.path(path).read_bytes().decode()

    def write(self, files: Mapping[str, str | bytes]) -> Repo:
        for path, text in files.items():
            self.path(path).parent.mkdir(parents=True, exist_ok=True)
            self.path(path).write_bytes(text if isinstance(text, bytes) else text.encode(errors="surrogateescape"))
        return self

    def replace(self, path: str, old: str, new: str) -> Repo:
        """Put `new` where `old` stands, which it must, once."""
        text = self.read(path)
        assert text.count(old) == 1, (path, old, text)
        return self.write({path: text.replace(old, new)})

    def commit(self, message: str = "change", *, tag: str = "", when: int = EPOCH) -> Repo:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, when=when)
        if tag:
            self.git("tag", tag)
        return self

    def contents(self) -> Contents:
        """Give mode and bytes of every file of the work tree, git's own folder left out."""
        found: Contents = {}
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".git"]
            for name in files:
                path = Path(folder, name)
                if not (path.name == ".git" and path.is_file()):
                    mode = os.lstat(path).st_mode
                    found[path.relative_to(self.root).as_posix()] = (mode, b"" if stat.S_ISLNK(mode) else path.read_bytes())
        return found

    def copy(self, root: Path) -> Repo:
        """Copy everything, git's folder included, to a folder that is not there yet."""
        shutil.copytree(self.root, root, symlinks=True)
        return Repo(root)

    def tags(self) -> list[str]:
        return self.git("tag", "--sort=creatordate").split()


@dataclass(frozen=True)
class Result:
    """What a command printed and left with; paths of this machine are written as `<root>`."""

    args: tuple[str, ...]
    out: str
    err: str
    code: int

    def __str__(self) -> str:
        shown = f"$ lockstep {' '.join(self.args)}\n{self.out}"
        return shown + (f"--- stderr\n{self.err}" if self.err else "") + f"--- exit {self.code}\n"


class Run(Protocol):
    """Runs the command line, in this process; `repo` is the folder that it is called in."""

    def __call__(self, *args: str, repo: Repo | Path | None = None, code: int | None = None) -> Result: ...


class Story(Protocol):
    """Gives a fresh copy of a story; at a tag, when one is named."""

    def __call__(self, name: str, tag: str | None = None) -> Repo: ...


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session", autouse=True)
def _isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = dict(os.environ)
    wanted = {**environment(), "GIT_CEILING_DIRECTORIES": str(tmp_path_factory.getbasetemp())}
    os.environ.clear()
    os.environ.update(wanted)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a shell starts what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session", autouse=True)
def _workflows_are_parsed_once() -> Iterator[None]:
    """Parse the text of a workflow once a session: the same few are audited hundreds of times, and what was parsed is never changed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read", lru_cache(maxsize=64)(yaml.read))
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Repo]:
    """Build each story once."""
    shelf = tmp_path_factory.mktemp("stories")

    def build(name: str) -> Repo:
        repo = Repo(shelf / name)
        if not repo.root.exists():
            _build(repo, FIXTURES / name)
        return repo

    return build


def _build(repo: Repo, story: Path) -> None:
    repo.root.mkdir()
    repo.git("init", "-q", "--template=", "--initial-branch=main")
    moments = sorted((folder for folder in story.iterdir() if folder.is_dir()), key=_moment)
    assert moments, story
    for day, folder in enumerate(moments):
        for path in repo.root.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(folder, repo.root, dirs_exist_ok=True, copy_function=shutil.copyfile)
        for name in EXECUTABLE if story.name == "edges" else ():
            repo.path(name).chmod(0o755)
        tagged = folder.name != "head"
        message = f"release {folder.name}" if tagged else "after the release"
        repo.commit(message, tag=folder.name if tagged else "", when=EPOCH + 86_400 * day)


def _moment(folder: Path) -> tuple[bool, Version]:
    return (True, Version(release=(0,))) if folder.name == "head" else (False, Version.read(folder.name))


@pytest.fixture
def story(tmp_path: Path, built: Callable[[str], Repo]) -> Story:
    """Give fresh copies of stories."""

    def copy(name: str, tag: str | None = None) -> Repo:
        repo = built(name).copy(tmp_path / name)
        if tag is not None:
            repo.git("checkout", "-q", tag)
        return repo

    return copy


Fresh: TypeAlias = Callable[[Mapping[str, str | bytes]], Repo]


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str | bytes], Path], Repo]:
    """Make a repository with these files in its only commit, in a folder; those that are wanted again are copied."""
    shelf = tmp_path_factory.mktemp("made")
    seen: dict[tuple[tuple[str, str | bytes], ...], Repo | None] = {}

    def make(files: Mapping[str, str | bytes], root: Path) -> Repo:
        key = tuple(files.items())
        if key in seen:
            kept = seen[key] = seen[key] or first(files, shelf / str(next(numbers)))
            return kept.copy(root)
        seen[key] = None
        return first(files, root)

    def first(files: Mapping[str, str | bytes], root: Path) -> Repo:
        if not empty.root.exists():
            empty.root.mkdir()
            empty.git("init", "-q", "--template=", "--initial-branch=main")
        return empty.copy(root).write(files).commit("start")

    empty, numbers = Repo(shelf / "empty"), count()
    return make


@pytest.fixture
def fresh(tmp_path: Path, committed: Callable[[Mapping[str, str | bytes], Path], Repo]) -> Fresh:
    """Give a new repository with these files in its only commit."""
    return lambda files: committed(files, tmp_path / "fresh")


_app = cli.app


@cache
def _command() -> Callable[[], Any]:
    """Build the command line once; every test that is not about its start shares it."""
    return partial(typer.main.get_command(_app()), prog_name="lockstep")


def call(*args: str, repo: Repo | Path | None = None, code: int | None = None) -> Result:
    """Run the command line as the console script does, in this process."""
    out, err = _Stream(), _Stream()
    root = repo.root if isinstance(repo, Repo) else repo
    left = 0
    with pytest.MonkeyPatch.context() as patch:
        if root is not None:
            patch.chdir(root)
        patch.setattr(cli, "app", lambda _: _command())
        patch.setattr(sys, "argv", ["lockstep", *args])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            cli.main()
        except SystemExit as exit_:
            left = exit_.code if isinstance(exit_.code, int) else 1 if exit_.code else 0
    result = _result(args, out.text(), err.text(), left, root)
    assert code is None or result.code == code, str(result)
    return result


@pytest.fixture
def run() -> Run:
    """Give `call`."""
    return call


def lockstep(*args: str, repo: Repo, code: int | None = None, env: Mapping[str, str] | None = None, python: Sequence[str] = ()) -> Result:
    """Run lockstep as a program of its own: for the few tests where the process is the point."""
    done = subprocess.run(
        [sys.executable, *python, "-m", "lockstep", *args],
        cwd=repo.root,
        env={**os.environ, "PYTHONWARNINGS": "error", **(env or {})},
        capture_output=True,
        check=False,
    )
    result = _result(args, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode, repo.root)
    assert code is None or result.code == code, str(result)
    return result


def _result(args: tuple[str, ...], out: str, err: str, code: int, root: Path | None) -> Result:
    for text in (out, err):
        assert "Traceback" not in text, text
    if root is not None:
        for name in {str(root), os.path.realpath(root)}:
            out, err = out.replace(name, "<root>"), err.replace(name, "<root>")
    return Result(args, out, err, code)


class _Stream(io.TextIOWrapper):
    """A standard stream as Python opens it in a UTF-8 locale: what cannot be encoded is an error here too."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


@dataclass(frozen=True)
class Cargo:
    """The real cargo, offline, with a home of its own; what a lock takes from a registry is made up as empty crates."""

    program: str
    folder: Path

    def __call__(self, *args: str, repo: Repo, manifest: str = "Cargo.toml", code: int | None = 0) -> subprocess.CompletedProcess[str]:
        vendored = self._vendored(repo)
        done = subprocess.run(
            [
                self.program,
                *args,
                "--offline",
                "--quiet",
                "--manifest-path",
                str(repo.path(manifest)),
                "--config",
                'source.crates-io.replace-with="vendored"',
                "--config",
                f"source.vendored.directory={str(vendored)!r}",
            ],
            cwd=self.folder,
            env={**os.environ, "CARGO_HOME": str(self.folder / "home"), "CARGO_TERM_COLOR": "never"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert code is None or done.returncode == code, done.stderr
        return done

    def _vendored(self, repo: Repo) -> Path:
        """Make a folder of empty crates for every registry entry of every lock; source: cargo-vendor(1), `.cargo-checksum.json`."""
        shelf = self.folder / f"vendored-{repo.root.name}"
        shelf.mkdir(exist_ok=True)
        for lock in repo.root.rglob("Cargo.lock"):
            for entry in tomllib.loads(lock.read_text()).get("package", ()):
                if "checksum" in entry:
                    crate = Repo(shelf / f"{entry['name']}-{entry['version']}")
                    manifest = f'[package]\nname = "{entry["name"]}"\nversion = "{entry["version"]}"\nedition = "2021"\n'
                    checksum = json.dumps({"files": {}, "package": entry["checksum"]})
                    crate.write({"Cargo.toml": manifest, "src/lib.rs": "", ".cargo-checksum.json": checksum})
        return shelf


@cache
def working_cargo() -> str | None:
    """Give cargo, if there is one that runs: rustup's stand-in is on the PATH before any toolchain is."""
    program = shutil.which("cargo")
    return program if program and subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0 else None


@pytest.fixture
def cargo(tmp_path: Path) -> Cargo:
    """Give the real cargo. Without one the test is skipped, for that reason alone."""
    if (program := working_cargo()) is None:
        pytest.skip("cargo is not installed, or rustup has no toolchain for it")
    folder = tmp_path / "cargo"
    folder.mkdir()
    return Cargo(program, folder)


@contextmanager
def soon(seconds: float) -> Iterator[None]:
    """Hold that what is done here takes no more than so much processor time of this process, whatever else the machine does."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def all_drawn(screen: int) -> bytes:
    """Read all that is drawn on a pseudo-terminal, until nobody draws on it any more; the screen is closed then."""
    seen = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while more := os.read(screen, 65536):
            seen += more
    os.close(screen)
    return seen
