"""What packages promise is read again where something of it changed, and nowhere else; and what is found is what a fresh reading finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from lockstep.app import parallel_surfaces
from lockstep.app.kept_surfaces import ContentIds, KeptSurfaces, Variant
from lockstep.app.session import open_ref
from lockstep.cache import Cache
from lockstep.dataclass import replace
from lockstep.model import Place
from lockstep.repository import git_trees
from lockstep.surface import Blind, Item, ItemKind, Surface
from lockstep.surfaces import Part, read_part
from lockstep.surfaces.observed_tree import ObservedTree
from lockstep.tree import MemoryTree
from tests.conftest import Fresh, Repo, Run

if TYPE_CHECKING:
    from lockstep.repository.git_trees import IndexTree

CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n{}'
FILES: dict[str, str | bytes] = {
    "Cargo.toml": '[workspace]\nmembers = ["egg", "ham", "spam"]\n',
    "egg/Cargo.toml": CRATE.format("egg", "[features]\nraw = []\n"),
    "egg/src/lib.rs": 'pub struct Egg { pub size: u8 }\n#[cfg(feature = "raw")]\npub fn raw() {}\n',
    "ham/Cargo.toml": CRATE.format("ham", '[dependencies]\negg = { path = "../egg" }\n'),
    "ham/src/lib.rs": "pub use egg::*;\npub fn fry() {}\n",
    "spam/Cargo.toml": CRATE.format("spam", ""),
    "spam/src/lib.rs": "pub fn boil() {}\n",
    "py/pyproject.toml": '[project]\nname = "toast"\nversion = "1.0.0"\n',
    "py/toast/__init__.py": "from toast.bread import cut\ndef eat(times: int) -> None: ...\n",
    "py/toast/bread.py": "def cut() -> None: ...\n",
}


@pytest.fixture
def repo(fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    repo = fresh(FILES)
    repo.git("tag", "v1.0.0")
    return repo


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packages whose promises are read."""
    names: list[str] = []

    def seen(tree: object, part: Part, config: object) -> object:
        names.extend(f"{part.reader} {one.name}" for one in part.packages if part.beside)
        return read_part(tree, part, config)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(parallel_surfaces, "read_part", seen)
    return names


@pytest.mark.parametrize(
    ("files", "again"),
    [
        ({"spam/src/lib.rs": "pub fn stew() {}\n"}, ["rust spam"]),
        ({"ham/src/lib.rs": "pub use egg::*;\n"}, ["rust ham"]),
        ({"egg/src/lib.rs": "pub struct Egg;\n"}, ["rust egg", "rust ham"]),
        ({"py/toast/bread.py": "def slice() -> None: ...\n"}, ["python toast"]),
        ({"py/toast/butter.py": "def spread() -> None: ...\n"}, ["python toast"]),
        ({"README.md": "Eggs.\n"}, []),
    ],
)
def test_what_a_commit_touched_is_read_again(repo: Repo, run: Run, reads: list[str], files: dict[str, str | bytes], again: list[str]) -> None:
    run("diff", "v1.0.0", repo=repo)
    assert sorted(reads) == ["python toast", "rust egg", "rust ham", "rust spam"]  # the work tree is the release
    reads.clear()
    repo.write(files).git("add", "-A")
    run("diff", "v1.0.0", repo=repo)
    repo.commit()
    run("diff", "v1.0.0", "HEAD", repo=repo)
    assert sorted(reads) == again


def feature(repo: Repo) -> None:
    repo.write({"ham/Cargo.toml": CRATE.format("ham", '[dependencies]\negg = { path = "../egg", features = ["raw"] }\n')})


def removed(repo: Repo) -> None:
    repo.path("py/toast/bread.py").unlink()


def shadowed(repo: Repo) -> None:
    repo.write(
        {"py/toast/bread/__init__.py": "def eat() -> int: ...\n", "egg/src/lib.rs": "mod inner;\npub use inner::*;\n", "egg/src/inner.rs": "pub fn f() {}\n"}
    )


def module_beside(repo: Repo) -> None:
    repo.write({"egg/src/lib.rs": "pub mod inner;\n", "egg/src/inner/mod.rs": "pub fn g() {}\n"})


def another_library(repo: Repo) -> None:
    repo.write({"spam/Cargo.toml": CRATE.format("spam", '[lib]\npath = "src/other.rs"\n'), "spam/src/other.rs": "pub fn other() {}\n"})


def nothing(repo: Repo) -> None:
    """Leave all as it is."""


CHANGES = (nothing, feature, removed, shadowed, module_beside, another_library)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_found_with_what_was_kept_is_what_is_found_without(
    repo: Repo, run: Run, change: Callable[[Repo], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("diff", "v1.0.0", repo=repo)
    change(repo)
    repo.git("add", "-A")
    found = [[run(*line, "--format", "json", repo=repo).out for _ in range(2)] for line in (["diff", "v1.0.0"], ["surface"])]
    (tmp_path / "cache").rename(tmp_path / "other")
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")
    alone = [run(*line, "--format", "json", repo=repo).out for line in (["diff", "v1.0.0"], ["surface"])]
    assert found == [[one, one] for one in alone]


class AlwaysSame(ContentIds):
    """A tree that holds whatever was read."""

    def __init__(self) -> None:
        super().__init__(cast("IndexTree", None))  # it is never asked

    def holds(self, variant: Variant) -> bool:
        return bool(variant.surfaces)


def test_all_of_a_surface_is_kept(tmp_path: Path) -> None:
    """Each field has a value of its own, so that one which is forgotten shows."""
    item = Item(path="a.b", kind=ItemKind.FUNCTION, place=Place(path="a.py", line=1))
    values = {name: {path: replace(item, path=path)} for name in ("items", "stubs", "imported") for path in (f"{name}.b",)}
    whole = Surface(surface="python", package="spam", blind=(Blind(symbol="a", place=item.place, why="y", basis="z"),), **values)
    assert all(getattr(whole, one.name) for one in fields(Surface)), "give the new field a value here"
    part = Part(reader="python", packages=())
    KeptSurfaces(Cache(tmp_path)).keep(part, AlwaysSame(), ObservedTree(MemoryTree({})), (whole,))
    assert KeptSurfaces(Cache(tmp_path)).read(part, AlwaysSame()) == (whole,)


def test_what_both_moments_promise_is_held_once(repo: Repo, tmp_path: Path) -> None:
    """Of the same package at two commits every item that is equal is one object: as it was read, and as it was kept."""
    repo.write({"spam/src/lib.rs": "pub fn boil() {}\npub fn fry(eggs: u8) {}\npub struct Pan;\n"}).commit(tag="v1.1.0")
    repo.write({"spam/src/lib.rs": "pub fn boil() {}\npub fn fry(eggs: u16) {}\npub struct Pan;\n"}).commit(tag="v1.2.0")
    for _ in range(2):
        kept, readings = KeptSurfaces(Cache(tmp_path / "folder")), []
        for ref in ("v1.1.0", "v1.2.0"):
            opened = open_ref(str(repo.root), ref)
            readings.append(
                parallel_surfaces.Reading(tree=opened.tree, watched=opened.tree, packages=opened.project(texts=False).packages, config=opened.config)
            )
        old, new = (next(one.items for one in each if one.package == "spam") for each in parallel_surfaces.read(readings, kept))
        assert {path: old[path] is new[path] for path in old} == {"spam::boil": True, "spam::fry": False, "spam::Pan": True}


def test_entries_that_are_damaged_or_gone_are_read_again(repo: Repo, run: Run, tmp_path: Path) -> None:
    first = run("surface", "--format", "json", repo=repo, code=0).out
    for spoil in (lambda one: one.write_bytes(one.read_bytes()[:-9]), Path.unlink):
        for entry in sorted((tmp_path / "cache").glob("*.json"), key=lambda one: one.stat().st_size)[::2]:
            spoil(entry)
        assert run("surface", "--format", "json", repo=repo, code=0).out == first


def test_what_was_read_of_a_file_that_changed_meanwhile_is_not_kept(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is read anew each time: its id and what was made of it may be of two moments."""
    monkeypatch.setattr(git_trees, "LARGEST_KEPT", 0)

    def changed(tree: object, part: Part, config: object) -> object:
        found = read_part(tree, part, config)  # type: ignore[arg-type]  # passed on
        if any(one.name == "spam" for one in part.packages):
            repo.write({"spam/src/lib.rs": "pub fn stew() {}\n"})
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(parallel_surfaces, "read_part", changed)
        run("surface", repo=repo, code=0)
    assert "stew" in run("surface", "--format", "json", repo=repo, code=0).out
