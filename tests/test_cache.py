"""What is kept comes back whole, or not at all."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockstep import cache
from lockstep.cache import Cache
from lockstep.dataclass import replace
from lockstep.model import Ecosystem, Package, Place
from lockstep.review.review import Moment
from lockstep.surface import Blind, Item, ItemKind, Parameter, ParameterKind, Signature, Surface, TypeParameter
from lockstep.versions.version import Version
from tests.conftest import Run

PLACE = Place(path="src/lib.rs", line=3)
ITEM = Item(
    path="spam.Egg.boil",
    kind=ItemKind.FUNCTION,
    place=PLACE,
    call=Signature(parameters=(Parameter(name="minutes", kind=ParameterKind.KEYWORD, default="3"),), returns="builtins.int | None"),
    traits=frozenset({"async", "final"}),
)
MOMENT = Moment(
    ref="v1.2.0rc1",
    sha="0" * 40,
    version=Version.read("1.2.0-rc.1"),
    packages=(Package(name="spam", ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None),),
    surfaces=(Surface(surface="python", package="spam", items={ITEM.path: ITEM}, blind=(Blind(symbol="spam", place=PLACE, why="a macro"),)),),
)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "deep" / "down")
    assert kept.read(Moment, "a") is None
    kept.keep(MOMENT, "a")
    assert kept.read(Moment, "a") == MOMENT
    assert kept.read(Moment, "b") is None
    assert kept.read(Surface, "a") is None


def test_many_come_back_as_few_do() -> None:
    """Of many objects the functions are compiled, and their texts are shared; the JSON is the same, and so is what it refuses."""
    other = Item(path="spam.Ham", kind=ItemKind.CLASS, place=PLACE, bases=("spam.Egg",), type_parameters=(TypeParameter(name="T", bound="int"),), value="")
    many = tuple(replace((ITEM, other)[number % 2], origin=f"spam.{number}") for number in range(500))
    text = cache.packed(many, tuple[Item, ...])
    assert text == f"[{','.join(cache.packed(one, Item) for one in many)}]"
    assert cache.unpacked(text, tuple[Item, ...]) == many == tuple(cache.unpacked(cache.packed(one, Item), Item) for one in many)
    for damaged in (text.replace('"spam.7"', "7"), text.replace('"async"', "1"), text.replace('"class"', '"klass"'), text.replace("[[", "[[[]", 1)):
        assert damaged != text
        assert cache.unpacked(damaged, tuple[Item, ...]) is None


def test_a_damaged_entry_is_none(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.keep(MOMENT, "a")
    (entry,) = tmp_path.iterdir()
    whole = entry.read_bytes()
    for damaged in (b"", whole[:-7], whole.replace(b"Egg", b"Ham"), whole.replace(b"\n", b""), b"\xff" * 100):
        entry.write_bytes(damaged)
        assert kept.read(Moment, "a") is None
    entry.write_bytes(whole)
    assert kept.read(Moment, "a") == MOMENT


def test_data_of_another_shape_is_kept_under_another_name(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Now:
        name: str

    def later() -> type:
        @dataclass(frozen=True)
        class Now:
            name: str
            place: str = ""

        return Now

    kept = Cache(tmp_path)
    kept.keep(Now(name="x"), "a")
    assert kept.read(Now, "a") == Now(name="x")
    assert kept.read(later(), "a") is None


def test_two_at_once_never_see_half_an_entry(tmp_path: Path) -> None:
    def work(number: int) -> bool:
        kept = Cache(tmp_path)
        if number % 2:
            kept.keep(MOMENT, "a")
        return kept.read(Moment, "a") in (None, MOMENT)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Cache(tmp_path / "file" / "below")
    kept.keep(MOMENT, "a")
    assert kept.read(Moment, "a") is None
    Cache(None).keep(MOMENT, "a")
    assert Cache(None).read(Moment, "a") is None


def test_the_folder_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 3000)
    for number in range(60):
        Cache(tmp_path).keep(MOMENT, str(number))
    assert 0 < sum(entry.stat().st_size for entry in tmp_path.iterdir()) <= 3000


def test_what_nobody_used_for_long_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Cache(tmp_path)
    kept.keep(MOMENT, "old")
    kept.keep(MOMENT, "used")
    ago = time.time() - cache.OLDEST - 60
    for entry in tmp_path.iterdir():
        os.utime(entry, (ago, ago))
    assert kept.read(Moment, "used") == MOMENT
    monkeypatch.setattr(cache._Written, "folders", set())  # noqa: SLF001 - as in another process
    kept.keep(MOMENT, "new")
    assert [kept.read(Moment, one) for one in ("old", "used", "new")] == [None, MOMENT, MOMENT]


def test_the_cache_is_shown_and_cleared_and_what_is_not_ours_stays(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(folder))
    assert run("cache", code=0).out == f"{folder}: 0 entries, 0.0 MiB of at most 512 MiB\n"
    Cache(folder).keep(MOMENT, "a")
    (folder / "letter.txt").write_text("dear")
    monkeypatch.setenv("LOCKSTEP_CACHE_SIZE", "7")
    assert run("cache", code=0).out == f"{folder}: 1 entry, 0.0 MiB of at most 7 MiB\n"
    assert run("cache", "--clear", code=0).out == f"{folder}: removed 1 entry, 0.0 MiB\n"
    assert [one.name for one in folder.iterdir()] == ["letter.txt"]
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")
    assert run("cache", code=0).out == "no cache: LOCKSTEP_CACHE_DIR is empty\n"
