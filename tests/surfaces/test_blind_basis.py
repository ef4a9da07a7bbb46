"""What could not be seen of Rust, C and setup.py carries what it depends on: the same where all of that is the same, nothing where it is not known."""

from __future__ import annotations

from importlib import import_module

import pytest

from lockstep.config import Config
from lockstep.project.project import discover
from lockstep.tree import MemoryTree

MANIFEST = '[package]\nname = "a"\nversion = "1.0.0"\n[dependencies]\nmade = "1.2"\nother = "1"\n'
SHOWN = "pub mod shown { use made::things; type Word = u32; things! { pub fn f() -> Word } local! { pub fn g } }\n"
LIB = f"{SHOWN}macro_rules! local {{ (x) => {{}} }}\n"
RUST = {"Cargo.toml": MANIFEST, "src/lib.rs": LIB}
C = {"Cargo.toml": MANIFEST, "include/a.h": '#include "b.h"\nint f(HOW(x) y z);\n', "src/b.h": "#define HOW(x) int\n", "src/c.h": "#define OTHER 1\n"}
SETUP = 'from setuptools import setup\nREAD = open("README.md").read()\nNEEDS = [f"x{LEAST}"]\nLEAST = ">=1"\n'
PYTHON = {"setup.py": f'{SETUP}setup(\n    name="a",\n    version="1.0",\n    long_description=READ,\n    install_requires=list(NEEDS),\n)\n', "README.md": "a"}


def basis(reader: str, files: dict[str, str]) -> list[str]:
    tree = MemoryTree(files)
    found = import_module(f"lockstep.surfaces.{reader}").read(tree, discover(tree, Config()).packages)
    return sorted(one.basis for surface in found for one in surface.blind)


@pytest.mark.parametrize(("reader", "files", "spots"), [("rust", RUST, 2), ("c", C, 1), ("python_manifest", PYTHON, 1)])
def test_the_basis_is_known(reader: str, files: dict[str, str], spots: int) -> None:
    found = basis(reader, files)
    assert len(found) == spots
    assert all(found)


@pytest.mark.parametrize(
    ("reader", "files", "path", "old", "new", "same"),
    [
        ("rust", RUST, "src/lib.rs", "pub mod", "pub fn more() {}\npub mod", True),
        ("rust", RUST, "src/lib.rs", "-> Word", "-> Text", False),
        ("rust", RUST, "src/lib.rs", "= u32", "= u64", False),
        ("rust", RUST, "src/lib.rs", "(x) =>", "(y) =>", False),
        ("rust", RUST, "Cargo.toml", '"1.2"', '"2"', False),
        ("rust", RUST, "Cargo.toml", 'other = "1"', 'other = "2"', True),
        ("c", C, "include/a.h", "y z", "y w", False),
        ("c", C, "src/b.h", "int", "long", False),
        ("c", C, "src/c.h", "1", "2", True),
        ("python_manifest", PYTHON, "setup.py", "1.0", "1.1", True),
        ("python_manifest", PYTHON, "setup.py", ">=1", ">=2", False),
        ("python_manifest", PYTHON, "README.md", "a", "b", True),
    ],
)
def test_what_it_depends_on_and_nothing_else_makes_it_another(reader: str, files: dict[str, str], path: str, old: str, new: str, same: bool) -> None:  # noqa: FBT001
    assert old in files[path]
    assert (basis(reader, {**files, path: files[path].replace(old, new)}) == basis(reader, files)) is same


@pytest.mark.parametrize(
    ("reader", "files"),
    [
        ("rust", {**RUST, "src/lib.rs": "pub mod shown { nowhere! { pub fn f() } }", "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n'}),
        ("rust", {**RUST, "src/lib.rs": 'pub mod shown { made::things! { pub fn f() include!("x") } }'}),
        ("python_manifest", {"setup.py": PYTHON["setup.py"].replace("NEEDS = ", "NEEDS = open(LEAST).read() + ")}),
    ],
)
def test_what_is_not_known_has_no_basis(reader: str, files: dict[str, str]) -> None:
    assert basis(reader, files) == [""]
