from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from lockstep.surfaces.rust_source.crates import Libraries
from lockstep.surfaces.rust_source.module_tree import Associated, Foreign, Item, Module, Resolved, Space
from lockstep.surfaces.rust_source.program import Program
from lockstep.tree import MemoryTree

CARGO = '[package]\nname = "main"\nversion = "1.0.0"\nedition = "2021"\n[dependencies]\nelsewhere = "1"\nrenamed = { package = "real-name", version = "1" }\n'


def program(files: Mapping[str, str]) -> tuple[Program, Module]:
    tree = MemoryTree({"Cargo.toml": CARGO, **files})
    found = Program(tree, Libraries(tree, "Cargo.toml", features=()), declaring={})
    root = found.main()
    assert root is not None
    return found, root


def meaning(found: Resolved | None) -> str:
    match found:
        case Item():
            return "::".join((*found.module.path[1:], found.name))
        case Module():
            return "::".join(found.path[1:]) + "::"
        case Foreign():
            return "extern " + "::".join(found.path)
        case Associated():
            return f"{found.owner.name}.{found.name}"
    return "nothing"


FILES = {
    "src/lib.rs": """
        mod a; pub mod b { pub struct InB; pub use super::a::InA as Again; pub(crate) mod c { use super::*; pub struct InC; } }
        use a::*; use b::{InB, c::{self, InC as Renamed}}; use elsewhere::Thing; use renamed::Other; use std::collections::HashMap;
        #[path = "elsewhere/odd.rs"] mod odd; mod r#type { pub struct Raw; } use r#type::Raw;
        pub enum E { One } type Alias = InB; struct Own; impl Own { fn helper() {} }
        fn value() {} mod value { pub struct Deep; }
        macro_rules! make { ($($n:ident),*) => { $(pub struct $n;)* } } make!(M1, M2); late!(L1);
        mod defined_later { macro_rules! late { ($n:ident) => { pub struct $n; } } pub(crate) use late; }
        #[cfg(feature = "on")] struct On; #[cfg(feature = "off")] struct Off; #[cfg(unknown_flag)] struct Never;
    """,
    "src/a/mod.rs": "pub struct InA; struct Hidden; pub mod inner; use crate::b::c::InC as Private;",
    "src/a/inner.rs": "pub use super::super::b::*; pub struct Deepest;",
    "src/elsewhere/odd.rs": "pub struct Odd; mod beside;",
    "src/elsewhere/beside.rs": "",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("InA", "a::InA"),
        ("b::Again", "a::InA"),
        ("InB", "b::InB"),
        ("c::InC", "b::c::InC"),
        ("Renamed", "b::c::InC"),
        ("crate::a::inner::InB", "b::InB"),
        ("a::inner::Again", "a::InA"),
        ("self::a::inner::Deepest", "a::inner::Deepest"),
        ("odd::Odd", "odd::Odd"),
        ("Raw", "type::Raw"),
        ("Thing", "extern elsewhere::Thing"),
        ("Other::X", "extern real_name::Other::X"),
        ("renamed::Y", "extern real_name::Y"),
        ("HashMap", "extern std::collections::HashMap"),
        ("E::One", "E.One"),
        ("Alias::new", "InB.new"),
        ("Own::helper", "Own.helper"),
        ("value::Deep", "value::Deep"),
        ("M2", "M2"),
        ("L1", "L1"),
        ("On", "On"),
        ("Off", "nothing"),
        ("Never", "nothing"),
        ("Private", "nothing"),
        ("Missing", "nothing"),
        ("super::super::X", "nothing"),
    ],
)
def test_a_name_means_what_rust_says(path: str, found: str) -> None:
    read, root = program({**FILES, "Cargo.toml": CARGO + '[features]\ndefault = ["on"]\non = []\noff = []\n'})
    assert meaning(read.names.resolve(path.split("::"), root)) == found


def test_the_two_namespaces_are_two() -> None:
    read, root = program(FILES)
    assert meaning(read.names.resolve(["value"], root, Space.VALUES)) == "value"
    assert meaning(read.names.resolve(["value"], root, Space.TYPES)) == "value::"


@pytest.mark.parametrize("path", ["spam", "exported::spam", "again"])
def test_an_import_does_not_stand_in_its_own_way(path: str) -> None:
    source = "mod spam { pub mod spam { pub struct S; } } mod exported { use super::*; pub use spam::spam; } use exported::spam as again;"
    read, root = program({"src/lib.rs": source.replace("use exported", "pub use exported")})
    expected = "spam::" if path == "spam" else "spam::spam::"
    assert meaning(read.names.resolve(path.split("::"), root)) == expected
    (use,) = (use for module in read.modules for use in module.uses if use.name == "spam")
    home = next(module for module in read.modules if use in module.uses)
    assert meaning(read.names.imported(use, home)) == "spam::spam::"


@pytest.mark.parametrize("before", ["pub mod spam;", "mod outer { pub mod spam; } use outer::spam;", "mod outer { pub mod spam; } use outer::*;"])
def test_a_function_is_imported_from_the_module_of_its_name(before: str) -> None:
    files = {"src/lib.rs": f"{before} pub use spam::spam;", "src/spam.rs": "pub fn spam() {} pub fn other() {}", "src/outer/spam.rs": "pub fn spam() {}"}
    read, root = program(files)
    assert meaning(read.names.resolve(["spam"], root, Space.VALUES)).endswith("spam::spam")
    use = next(one for one in root.uses if one.path == ("spam", "spam"))
    assert meaning(read.names.imported(use, root, Space.VALUES)).endswith("spam::spam")
    assert meaning(read.names.resolve(["spam"], root)).endswith("spam::")


def test_siblings_are_reached_by_the_name_that_the_code_uses() -> None:
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["x", "y"]\n[workspace.dependencies]\nsib = { package = "yy", path = "y", features = ["f"] }\n',
        "x/Cargo.toml": '[package]\nname = "x"\nversion = "1.0.0"\n[dependencies]\nsib = { workspace = true }\n',
        "x/src/lib.rs": "use sib::Y; use sib::f::*; sib::make!(FromMacro);",
        "y/Cargo.toml": '[package]\nname = "yy"\nversion = "1.0.0"\n[features]\nf = []\n',
        "y/src/lib.rs": '#[macro_export] macro_rules! make { ($n:ident) => { pub struct $n; } } pub struct Y;#[cfg(feature = "f")] pub mod f { pub struct F; }',
    }
    tree = MemoryTree(files)
    read = Program(tree, Libraries(tree, "x/Cargo.toml", features=()), declaring={})
    root = read.main()
    assert root is not None
    for name in ("Y", "F", "FromMacro"):
        assert isinstance(read.names.resolve([name], root), Item), name


def test_what_is_not_known_to_exist_is_marked() -> None:
    files = {**FILES, "build.rs": 'fn main() { println!("cargo:rustc-cfg=unknown_flag"); }'}
    read, root = program(files)
    found = read.names.resolve(["Never"], root)
    assert isinstance(found, Item)
    assert found.condition == "unknown_flag"


def test_a_file_that_is_wrong_hides_no_other() -> None:
    read, root = program({"src/lib.rs": "mod bad; mod good; mod gone;", "src/bad.rs": "struct { ) fn (\npub struct Late;", "src/good.rs": "pub struct Good;"})
    assert meaning(read.names.resolve(["good", "Good"], root)) == "good::Good"
    assert {(gap.place.path, gap.place.line) for gap in read.gaps} >= {("src/bad.rs", 1), ("src/lib.rs", 1)}


HOSTILE = {
    "a module that contains itself": {"src/lib.rs": '#[path = "lib.rs"] mod again;'},
    "two files that contain each other": {"src/lib.rs": "mod a;", "src/a.rs": '#[path = "b.rs"] mod b;', "src/b.rs": '#[path = "a.rs"] mod a;'},
    "modules without end": {"src/lib.rs": "mod a {" * 2000 + "}" * 2000},
    "a macro that doubles": {"src/lib.rs": "macro_rules! b { ($($x:tt)*) => { b!($($x)* $($x)*); } } b!(pyclass);"},
    "a macro that calls itself twice": {"src/lib.rs": "macro_rules! b { ($($x:tt)*) => { b!($($x)*); b!($($x)*); } } b!(pyclass);"},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_what_never_ends_is_cut_and_told(files: Mapping[str, str]) -> None:
    start = time.process_time()
    read, _ = program(files)
    assert time.process_time() - start < 10
    assert read.gaps or read.unexpanded


def test_thousands_of_globs_are_walked_once() -> None:
    count = 5000
    lines = [
        f"pub mod g{i} {{ pub use crate::g{(i * 7 + 1) % count}::*; pub use crate::g{(i + 1) % count}::*; pub struct S{i}; }} use g{i}::*;"
        for i in range(count)
    ]
    start = time.process_time()
    read, root = program({"src/lib.rs": "\n".join(lines)})
    for i in range(0, count, 10):
        assert isinstance(read.names.resolve([f"S{i}"], root), Item)
        assert read.names.resolve([f"Missing{i}"], root) is None
    assert time.process_time() - start < 10


def test_imports_that_go_in_circles_mean_nothing() -> None:
    chain = "".join(f"use n{i} as n{i + 1};" for i in range(500))
    read, root = program({"src/lib.rs": f"mod a {{ pub use crate::b::X; }} mod b {{ pub use crate::a::X; }} use a::X; use a::*; use b::*; {chain}"})
    assert read.names.resolve(["X"], root) is None
    assert not isinstance(read.names.resolve(["n500"], root), Item)
