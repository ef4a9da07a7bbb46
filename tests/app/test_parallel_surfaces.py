"""Two processes read what one would, and one reads what the other does not send."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lockstep import cache
from lockstep.app import parallel_surfaces
from lockstep.app.kept_surfaces import KeptSurfaces
from lockstep.app.session import open_ref
from lockstep.app.surfaces import Request, read_all
from lockstep.cache import Cache
from lockstep.config import Config
from lockstep.surface import Surface
from lockstep.surfaces import Part, read, read_part
from lockstep.tree import Tree
from tests.conftest import Repo

Fresh = Callable[[Mapping[str, str | bytes]], Repo]
CRATES = [f"c{number}" for number in range(12)]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the work is shared where a process can be copied")


@pytest.fixture
def workspace(fresh: Fresh) -> Repo:
    """A workspace whose crates pass each other on, with a Python package beside; the second commit changes some of them."""
    files: dict[str, str | bytes] = {"Cargo.toml": '[workspace]\nmembers = ["c*"]\n', "pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\n'}
    files["spam/__init__.py"] = "def boil(eggs: int) -> str: ...\n"
    for number, name in enumerate(CRATES):
        needs = "".join(f'{other} = {{ path = "../{other}" }}\n' for other in CRATES[max(number - 3, 0) : number])
        files[f"{name}/Cargo.toml"] = f'[package]\nname = "{name}"\nversion = "1.0.0"\nedition = "2021"\n[dependencies]\n{needs}'
        passed = "".join(f"pub use {other}::*;\n" for other in CRATES[max(number - 2, 0) : number])
        files[f"{name}/src/lib.rs"] = f"pub mod inner;\npub struct S{number} {{ pub x: u8 }}\n{passed}"
        files[f"{name}/src/inner.rs"] = f"pub fn f{number}(eggs: &str) -> Option<u8> {{ None }}\n"
    repo = fresh(files)
    repo.git("tag", "v1.0.0")
    repo.write({"c3/src/inner.rs": "pub fn other() {}\n", "c7/src/lib.rs": "pub enum E { A, B }\n", "spam/__init__.py": "def fry() -> None: ...\n"}).commit(
        tag="v1.1.0"
    )
    return repo


def both(repo: Repo) -> tuple[list[list[Surface]], list[list[Surface]]]:
    """Read two commits together, and one after the other."""
    asked = []
    for ref in ("v1.0.0", "v1.1.0"):
        opened = open_ref(str(repo.root), ref)
        asked.append(parallel_surfaces.Reading(tree=opened.tree, watched=opened.tree, packages=opened.project(texts=False).packages, config=opened.config))
    return parallel_surfaces.read(asked), [list(read(one.tree, one.packages, one.config)) for one in asked]


def test_two_read_what_one_reads(workspace: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    shared = parallel_surfaces._shared  # noqa: SLF001 - to see that it was

    def seen(*args: object) -> object:
        found = shared(*args)  # type: ignore[arg-type]  # passed on
        taken.append(len(found))
        return found

    monkeypatch.setattr(parallel_surfaces, "_shared", seen)
    monkeypatch.setattr(parallel_surfaces, "_is_much", lambda _: True)
    found, alone = both(workspace)
    assert found == alone
    assert sum(map(len, found)) > 2 * len(CRATES)
    assert taken == [2 * (len(CRATES) + 1 + 6)]  # the crates, the Python package, and what the other readers make of all, twice


@pytest.mark.parametrize("broken", ["dies", "says nothing", "says nonsense"])
def test_what_the_other_does_not_send_is_read_here(broken: str, workspace: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    packed = cache.packed

    def write(value: object, kind: object) -> str:
        assert os.getpid() != here
        if broken == "dies":
            raise MemoryError
        return "" if broken == "says nothing" else packed(value, kind)[:-40]

    monkeypatch.setattr(parallel_surfaces, "_is_much", lambda _: True)
    monkeypatch.setattr(parallel_surfaces, "packed", write)
    found, alone = both(workspace)
    assert found == alone


def test_little_is_read_alone(workspace: Repo) -> None:
    opened = open_ref(str(workspace.root), "v1.0.0")
    assert not parallel_surfaces._is_much([parallel_surfaces.Reading(tree=opened.tree, watched=opened.tree, packages=(), config=opened.config)])  # noqa: SLF001 - nothing else tells


def test_a_reader_lets_go_after_its_last_part(workspace: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and not before: what it keeps is for the package that it reads next."""
    told: list[str] = []

    def seen(tree: Tree, part: Part, config: Config) -> tuple[Surface, ...]:
        told.append(part.reader)
        return read_part(tree, part, config)

    monkeypatch.setattr(parallel_surfaces, "read_part", seen)
    monkeypatch.setattr(parallel_surfaces, "release", lambda reader: told.append(f"release {reader}"))
    monkeypatch.setattr(parallel_surfaces, "_is_much", lambda _: False)
    both(workspace)
    assert [one for one in told if "python" in one] == ["python", "python", "release python", "python_manifest", "python_manifest", "release python_manifest"]
    assert told.index("release rust") > max(place for place, one in enumerate(told) if one == "rust")


def test_a_copy_holds_nothing_that_it_has_kept(workspace: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sent: list[int] = []

    def seen(data: str | bytes, kind: object) -> object:
        found = cache.unpacked(data, kind)
        sent.append(len(found))
        return found

    monkeypatch.setattr(parallel_surfaces, "unpacked", seen)
    monkeypatch.setattr(parallel_surfaces, "_is_much", lambda _: True)
    readings = []
    for ref in ("v1.0.0", "v1.1.0"):
        opened = open_ref(str(workspace.root), ref)
        readings.append(parallel_surfaces.Reading(tree=opened.tree, watched=opened.tree, packages=opened.project(texts=False).packages, config=opened.config))
    kept = parallel_surfaces.read(readings, KeptSurfaces(Cache(tmp_path / "folder")))
    alone = [list(read(one.tree, one.packages, one.config)) for one in readings]
    assert [[(one.package, dict(one.items)) for one in each] for each in kept] == [[(one.package, dict(one.items)) for one in each] for each in alone]
    assert sum(sent) <= 2 * len(("cargo_manifest", "python_manifest", "c", "go", "npm", "declared"))


def test_what_no_review_shows_is_not_read(fresh: Fresh) -> None:
    files: dict[str, str | bytes] = {"Cargo.toml": '[workspace]\nmembers = ["*"]\n'}
    for name, publish in (("open", ""), ("closed", "publish = false\n"), ("now_open", "publish = false\n"), ("examples/shown", "")):
        files[f"{name}/Cargo.toml"] = f'[package]\nname = "{name.rpartition("/")[2]}"\nversion = "1.0.0"\n{publish}'
        files[f"{name}/src/lib.rs"] = "pub struct S;\n"
    repo = fresh(files)
    repo.git("tag", "v1.0.0")
    repo.write({"now_open/Cargo.toml": '[package]\nname = "now_open"\nversion = "1.0.0"\n'}).commit(tag="v1.1.0")

    def shown(*refs: str) -> list[list[str]]:
        moments = read_all([Request(opened=open_ref(str(repo.root), ref)) for ref in refs], Cache(None))
        return [sorted(one.package for one in moment.surfaces if one.surface == "rust") for moment in moments]

    assert shown("v1.0.0", "v1.1.0") == [["now_open", "open"], ["now_open", "open"]]
    assert shown("v1.0.0") == [["closed", "now_open", "open"]]
    repo.write({"lockstep.toml": 'hidden = ["closed::*"]\n'}).commit(tag="v1.2.0")
    assert shown("v1.1.0", "v1.2.0") == [["closed", "now_open", "open"], ["closed", "now_open", "open"]]
