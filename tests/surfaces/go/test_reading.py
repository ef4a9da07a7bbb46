"""Go files that cannot be read whole, and what go.mod may say."""

from __future__ import annotations

import time

import pytest

from lockstep.surface import Surface
from lockstep.surfaces import go
from lockstep.tree import MemoryTree


def module(**files: str) -> Surface:
    (found,) = go.read(MemoryTree({"go.mod": "module example.com/a\n", **{name.replace("_go", ".go"): text for name, text in files.items()}}), ())
    return found


def test_what_cannot_be_parsed_is_blind_and_the_rest_is_read() -> None:
    found = module(a_go="package a\n\nfunc Good() {}\n\nfunc (((\n")
    assert "a.Good" in found.items
    assert [one.place.line for one in found.blind] == [5]


@pytest.mark.parametrize(
    ("text", "path"), [('module "example.com/a"\n', "example.com/a"), ("// x\nmodule example.com/a/v2 // y\n\ngo 1.22\n", "example.com/a/v2")]
)
def test_a_module_path_is_read_as_go_does(text: str, path: str) -> None:
    (found,) = go.read(MemoryTree({"go.mod": text}), ())
    assert found.items["module"].value == path


def test_an_interface_is_called_by_its_own_name() -> None:
    found = module(a_go="package a\n\ntype Walker interface {\n\tWalk(steps int) error\n}\n")
    assert {path: one.signature for path, one in found.items.items() if path.startswith("a.")} == {
        "a.Walker": "type Walker interface",
        "a.Walker.Walk": "func Walk(int) error",
    }


def test_a_go_mod_without_a_module_is_blind() -> None:
    (found,) = go.read(MemoryTree({"go.mod": "go 1.22\n"}), ())
    assert [one.symbol for one in found.blind] == ["module"]


def test_two_modules_of_one_repository_do_not_see_each_other() -> None:
    files = {"go.mod": "module m\n", "a.go": "package a\nfunc A() {}\n", "sub/go.mod": "module m/sub\n", "sub/b.go": "package b\nfunc B() {}\n"}
    found = {one.package: set(one.items) for one in go.read(MemoryTree(files), ())}
    assert found == {"go": {"module", "a.A"}, "sub": {"module", "b.B"}}


@pytest.mark.parametrize(
    "text", ["package a\n" + "func (" * 5000, "package a\ntype A " + "[]" * 400 + "int\n", "package a\nconst (\n" + "A = 1\n" * 5000 + ")\n"]
)
def test_hostile_files_are_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    module(a_go=text)
    assert time.process_time() - start < 3
