"""What a repository asks for grows with its size, and not with the square of it: shapes are made twice as large, and the calls are counted.

Calls of Python and of what is written in C are steps that no clock disturbs; what a run takes whatever it reads falls out of the differences.
`python -m tests.hostile.growth` measures time and memory of all shapes; counted here are those that once grew too fast, and one of each reader.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Repo, Run
from tests.hostile.growth import Took, exponent
from tests.hostile.shapes import Shape, shapes

MOST = 3.2
"""How many times as many calls a shape of twice the size takes: two, and a half for what is sorted, and what is hashed; the square takes four."""

ALL = dict(shapes())
COUNTED = (
    *("assignments in a module", "assignments under a condition", "classes in a chain", "names in a list of exports", "parameters that have other names"),
    *("parameters that are gone", "names that are gone, each accepted", "functions that take more", "attributes of other types", "brackets of Python"),
    *("star imports in a ring", "imports in a chain", "features in a chain", "functions of Rust", "variants of an enum", "brackets of Rust", "globs in a ring"),
    *("features that all need all", "functions of Rust that take more", "functions of PyO3", "linkage of C", "functions of Go"),
    *("commands in a step", "steps in a job", "steps that use actions", "a variable that doubles line by line", "terms of a condition"),
    *("workflows that all call all", "jobs that need all before", "a pattern in a run of versions", "a pattern at many places", "a dotted key"),
    *("a dotted header", "tables of TOML", "brackets of JSON", "brackets of YAML", "sections of a changelog", "members of a workspace", "packages of npm"),
    *("folders that are excluded", "groups of uv", "groups of uv in the lock", "crates that changed", "crates that are renamed"),
    *("crates that are all alike, and renamed", "overloads of other types", "generics of a function", "arms of a macro", "groups of the configuration"),
    *("packages that are outside", "globs of all", "star imports of all"),
)


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


def _repository(root: Path, shape: Shape, count: int) -> Repo:
    repo = Repo(root)
    root.mkdir()
    repo.git("init", "-q", "-b", "main")
    shape.make(repo, count)
    return repo


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_twice_as_large_takes_about_twice_as_many_calls(name: str, tmp_path: Path, run: Run) -> None:
    """Compare a doubling with the doubling before it; the first run is for what is loaded once."""
    shape = ALL[name]
    counts = []
    for number, size in enumerate((shape.size // 2, shape.size, 2 * shape.size, 4 * shape.size)):
        repo = _repository(tmp_path / f"r{number}", shape, size)
        counts.append(_calls_of(lambda repo=repo: run(*shape.ask, repo=repo)))  # type: ignore[misc]  # a default that binds
    _, first, second, third = counts
    assert (third - second) / max(second - first, 1000) < MOST * (2 if shape.square else 1)


def test_every_shape_has_its_own_name_and_a_size_to_begin_with() -> None:
    assert len(ALL) == len(list(shapes()))
    assert all(shape.size or shape.large for shape in ALL.values())


def test_the_exponent_is_that_of_the_last_doubling() -> None:
    less, more = (Took(size=size, seconds=seconds, memory=1, code=0, fell=False) for size, seconds in ((1000, 1.1), (2000, 4.1)))
    assert exponent(less, more, 0.1) == 2
    assert exponent(less, less, 0.1) is None
    assert exponent(less, more, 4.0) is None
