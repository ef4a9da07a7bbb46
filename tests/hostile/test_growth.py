"""What a repository asks for grows with its size, and not with the square of it: each shape is made twice as large, and the calls are counted.

Calls of Python and of what is written in C are steps that no clock disturbs; what a run takes whatever it reads falls out of the differences.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Repo, Run

Files = Mapping[str, str]
MOST = 3.2
"""How many times as many calls a shape of twice the size takes: two, and a half for what is sorted, and what is hashed; the square takes four."""

WHEEL = '[project]\nname = "spam"\nversion = "1.0.0"\n'
CRATE = '[package]\nname = "spam"\nversion = "1.0.0"\nedition = "2021"\n'
PACKAGE = '{"name": "spam", "version": "1.0.0"'
RELEASE = "on: {push: {tags: ['v*']}}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n"


def _python(text: str) -> Files:
    return {"pyproject.toml": WHEEL, "spam/__init__.py": text}


def _rust(text: str, manifest: str = "") -> Files:
    return {"Cargo.toml": CRATE + manifest, "src/lib.rs": text}


def _numbered(count: int, line: Callable[[int], str]) -> str:
    return "".join(map(line, range(count)))


def _parameters(count: int, name: str) -> Files:
    return _python(f"def f({', '.join(f'{name}{one}' for one in range(count))}): ...\n")


def _stars(count: int) -> Files:
    ring = {f"spam/m{one}.py": f"from .m{(one + 1) % count} import *\ndef f{one}(): ...\n" for one in range(count)}
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "from .m0 import *\n", **ring}


def _globs(count: int) -> Files:
    return _rust(_numbered(count, lambda one: f"pub mod m{one} {{ pub use crate::m{(one + 1) % count}::*; pub fn f{one}() {{}} }}\n"))


def _features(count: int) -> Files:
    needs = ", ".join(f'"f{one}"' for one in range(count))
    return _rust("", "[features]\n" + _numbered(count, lambda one: f"f{one} = [{needs}]\n"))


def _calls(count: int) -> Files:
    def jobs(before: str) -> str:
        return before + "jobs:\n" + _numbered(count, lambda one: f"  j{one}: {{uses: ./.github/workflows/w{one}.yml}}\n")

    others = {f".github/workflows/w{one}.yml": jobs("on: workflow_call\n") for one in range(count)}
    return {"pyproject.toml": WHEEL, ".github/workflows/release.yml": jobs("on: {push: {tags: ['v*']}}\n"), **others}


def _waivers(count: int) -> Files:
    table = _numbered(count, lambda one: f'[[waivers]]\nrule = "name-removed"\nsymbol = "spam.f{one}"\nreason = "old"\n')
    return {**_python(_numbered(count, lambda one: f"def f{one}(): ...\n")), "lockstep.toml": table}


def _members(count: int) -> Files:
    crates = {f"crates/c{one}/Cargo.toml": CRATE.replace("spam", f"c{one}") for one in range(count)}
    libraries = {f"crates/c{one}/src/lib.rs": "pub fn f() {}\n" for one in range(count)}
    return {"Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n', **crates, **libraries}


def _npm(count: int) -> Files:
    listed = ", ".join(f'"@spam/p{one}": "1.0.0"' for one in range(count))
    others = {f"npm/p{one}/package.json": f'{{"name": "@spam/p{one}", "version": "1.0.0"}}' for one in range(count)}
    return {"package.json": f'{PACKAGE}, "workspaces": ["npm/*"], "optionalDependencies": {{{listed}}}}}', **others}


SHAPES: dict[str, tuple[int, Callable[[int], Files], tuple[str, ...]]] = {
    "assignments in a module": (300, lambda n: _python(_numbered(n, lambda one: f"v{one} = {one}\n")), ("surface",)),
    "assignments under a condition": (
        300,
        lambda n: _python("import os\nif os.name:\n    a = 0\nelse:\n" + _numbered(n, lambda one: f"    v{one} = {one}\n")),
        ("surface",),
    ),
    "classes in a chain": (40, lambda n: _python("class C0: ...\n" + _numbered(n, lambda one: f"class C{one + 1}(C{one}): ...\n")), ("surface",)),
    "names in a list of exports": (
        300,
        lambda n: _python("__all__ = []\n" + _numbered(n, lambda one: f"__all__ += ['f{one}']\ndef f{one}(): ...\n")),
        ("surface",),
    ),
    "features in a chain": (200, lambda n: _rust("", "[features]\n" + _numbered(n, lambda one: f'f{one} = ["f{one + 1}"]\n') + f"f{n} = []\n"), ("surface",)),
    "functions of Rust": (200, lambda n: _rust(_numbered(n, lambda one: f"pub fn f{one}(a: u8) {{}}\n")), ("surface",)),
    "variants of an enum": (200, lambda n: _rust("pub enum E {\n" + _numbered(n, lambda one: f"    V{one} {{ a: u8 }},\n") + "}\n"), ("surface",)),
    "commands in a step": (
        200,
        lambda n: {"pyproject.toml": WHEEL, ".github/workflows/release.yml": RELEASE + "      - run: |\n" + "          a && cargo publish || true; $(b)\n" * n},
        ("audit", "workflow", "--no-zizmor"),
    ),
    "steps in a job": (
        60,
        lambda n: {"pyproject.toml": WHEEL, ".github/workflows/release.yml": RELEASE + "      - run: cargo publish\n" * n},
        ("audit", "workflow", "--no-zizmor"),
    ),
    "a variable that doubles line by line": (
        10,
        lambda n: {
            "pyproject.toml": WHEEL,
            ".github/workflows/release.yml": RELEASE + "      - run: |\n          A=xx\n" + "          A=$A$A\n" * n + "          $A\n",
        },
        ("audit", "workflow", "--no-zizmor"),
    ),
    "terms of a condition": (
        400,
        lambda n: {"pyproject.toml": WHEEL, ".github/workflows/release.yml": RELEASE + "      - if: " + "a && " * n + "b\n        run: cargo publish\n"},
        ("audit", "workflow", "--no-zizmor"),
    ),
    "a pattern in a run of versions": (
        3000,
        lambda n: {"pyproject.toml": WHEEL, "lockstep.toml": '[[sites]]\npath = "d.md"\npattern = "{version} x"\n', "d.md": "1." * n},
        ("check",),
    ),
    "a pattern at many places": (
        200,
        lambda n: {"pyproject.toml": WHEEL, "lockstep.toml": '[[sites]]\npath = "d.md"\npattern = "spam {version}"\n', "d.md": "spam 1.0.0\n" * n},
        ("check",),
    ),
    "a dotted key": (400, lambda n: {"Cargo.toml": CRATE + "[package.metadata]\n" + "a." * n + "b = 1\n"}, ("check",)),
    "a dotted header": (400, lambda n: {"pyproject.toml": WHEEL + "[" + "a." * n + "b]\n"}, ("check",)),
    "linkage of C": (300, lambda n: {**_rust(""), "include/spam.h": 'extern "C" {\n' * n + "int f(void);\n" + "}\n" * n}, ("surface",)),
    "tables of TOML": (200, lambda n: {"pyproject.toml": WHEEL + _numbered(n, lambda one: f"[tool.t{one}]\na = 1\n")}, ("check",)),
    "sections of a changelog": (
        100,
        lambda n: {
            "pyproject.toml": WHEEL,
            "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n" + _numbered(n, lambda one: f"## [0.{n - one}.0] - 2024-01-01\n\n- a\n\n"),
        },
        ("changelog", "check"),
    ),
    "members of a workspace": (30, _members, ("check",)),
    "packages of npm": (40, _npm, ("check",)),
    "brackets of Python": (500, lambda n: _python("x = " + "(" * n + ")" * n + "\n"), ("surface",)),
    "brackets of JSON": (500, lambda n: {"package.json": PACKAGE + ', "a": ' + "[" * n + "]" * n + "}"}, ("check",)),
    "brackets of YAML": (
        500,
        lambda n: {"pyproject.toml": WHEEL, ".github/workflows/release.yml": "on: " + "[" * n + "]" * n},
        ("audit", "workflow", "--no-zizmor"),
    ),
    "brackets of Rust": (500, lambda n: _rust("pub const X: u8 = " + "(" * n + "1" + ")" * n + ";\n"), ("surface",)),
}
"""How large, what is in it, and what is asked."""

STEPS: dict[str, tuple[int, Callable[[int], Files], Callable[[int], Files]]] = {
    "parameters that have other names": (300, lambda n: _parameters(n, "a"), lambda n: _parameters(n, "b")),
    "parameters that are gone": (300, lambda n: _parameters(n, "a"), lambda _: _parameters(1, "b")),
    "names that are gone, each accepted": (60, _waivers, lambda n: {**_waivers(n), "spam/__init__.py": ""}),
    "functions that take more": (
        100,
        lambda n: _python(_numbered(n, lambda one: f"def f{one}(): ...\n")),
        lambda n: _python(_numbered(n, lambda one: f"def f{one}(a): ...\n")),
    ),
    "attributes of other types": (
        100,
        lambda n: _python(_numbered(n, lambda one: f"v{one}: int = 0\n")),
        lambda n: _python(_numbered(n, lambda one: f"v{one}: str = ''\n")),
    ),
    "functions of Rust that take more": (
        100,
        lambda n: _rust(_numbered(n, lambda one: f"pub fn f{one}() {{}}\n")),
        lambda n: _rust(_numbered(n, lambda one: f"pub fn f{one}(a: u8) {{}}\n")),
    ),
}
"""How large, what was in it, and what is."""


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")


def _calls_of(run: Callable[[], object]) -> int:
    """Count the calls that a run takes."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def _repository(root: Path, *states: Files) -> Repo:
    repo = Repo(root)
    root.mkdir()
    repo.git("init", "-q", "-b", "main")
    for state in states:
        repo.write(state).commit()
    return repo


def _growth(tmp_path: Path, size: int, states: tuple[Callable[[int], Files], ...], ask: Callable[[Repo], object]) -> float:
    """Give how many times as many calls a doubling takes as the doubling before it; the first run is for what is loaded once."""
    sizes = (size // 2, size, 2 * size, 4 * size)
    counts = []
    for number, one in enumerate(sizes):
        repo = _repository(tmp_path / f"r{number}", *(state(one) for state in states))
        counts.append(_calls_of(lambda repo=repo: ask(repo)))  # type: ignore[misc]  # a default that binds
    _, first, second, third = counts
    return (third - second) / max(second - first, 1000)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_twice_as_large_takes_about_twice_as_many_calls(shape: str, tmp_path: Path, run: Run) -> None:
    size, files, args = SHAPES[shape]
    assert _growth(tmp_path, size, (files,), lambda repo: run(*args, repo=repo)) < MOST


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_twice_as_large_takes_about_twice_as_many_calls(step: str, tmp_path: Path, run: Run) -> None:
    size, old, new = STEPS[step]
    assert _growth(tmp_path, size, (old, new), lambda repo: run("diff", "HEAD~1", "HEAD", repo=repo)) < MOST


SQUARES: dict[str, tuple[int, Callable[[int], Files], tuple[str, ...]]] = {
    "star imports in a ring": (16, _stars, ("surface",)),
    "globs in a ring": (16, _globs, ("surface",)),
    "features that all need all": (16, _features, ("surface",)),
    "workflows that all call all": (4, _calls, ("audit", "workflow", "--no-zizmor")),
}
"""Of these the text, or what is promised, is the square of the number; names have a limit of their own."""


@pytest.mark.parametrize("shape", SQUARES)
def test_what_all_have_of_all_is_looked_at_once(shape: str, tmp_path: Path, run: Run) -> None:
    size, files, args = SQUARES[shape]
    assert _growth(tmp_path, size, (files,), lambda repo: run(*args, repo=repo)) < 2 * MOST
