"""What a crate offers, and what is told of what could not be read."""

from __future__ import annotations

import pytest

from lockstep.config.reading import load
from lockstep.model import Confidence, Ecosystem, Package
from lockstep.project.project import discover
from lockstep.review.review import Moment, review
from lockstep.surface import ItemKind, RustFact, Stability, Surface
from lockstep.surfaces import rust
from lockstep.surfaces.rust_source import macro_resolution
from lockstep.tree import MemoryTree

MANIFEST = '[package]\nname = "a"\nversion = "0.3.0"\nedition = "2021"\n'


def moment(files: dict[str, str]) -> Moment:
    tree = MemoryTree(files)
    packages = discover(tree, load(tree)).packages
    return Moment(ref="x", sha=None, version=packages[0].version, packages=packages, surfaces=rust.read(tree, packages))


def read(source: str, manifest: str = MANIFEST, **more: str) -> Surface:
    (found,) = moment({"Cargo.toml": manifest, "src/lib.rs": source, **more}).surfaces
    return found


def test_only_a_plain_pub_is_public() -> None:
    found = read("pub fn a() {} pub(crate) fn b() {} pub(super) fn c() {} fn d() {} mod m { pub fn e() {} } pub mod n { pub(in crate) fn f() {} }")
    assert list(found.items) == ["a::a", "mod a::n"]


def test_a_thing_is_listed_once_with_all_of_its_paths() -> None:
    found = read("pub mod m { pub struct S; impl S { pub fn f(&self) {} } } pub use m::S; pub use S as Renamed; pub type Other = S;")
    assert [path for path, item in found.items.items() if RustFact.ALIAS in item.traits] == ["a::Other", "a::Renamed", "a::m::S"]
    assert {item.origin for path, item in found.items.items() if path.endswith(("Other", "Renamed"))} == {"a::S"}
    assert [path for path in found.items if path.endswith("f")] == ["a::S::f"]


@pytest.mark.parametrize(
    ("source", "offered"),
    [
        ("mod a { pub mod a { pub struct X; } } pub use a::*;", False),  # error[E0603] for `c::a::X`: module `a` is private
        ("mod b { pub mod a { pub struct X; } } struct a; pub use b::*;", False),
        ("mod b { pub mod a { pub struct X; } } fn a() {} pub use b::*;", True),  # another namespace
        ('mod b { pub mod a { pub struct X; } } #[cfg(feature = "f")] mod a {} pub use b::*;', True),
    ],
)
def test_what_is_declared_hides_what_a_glob_brings(source: str, *, offered: bool) -> None:
    assert any(one.endswith("::a::X") for one in read(source).items) is offered


@pytest.mark.parametrize(
    ("source", "offered"),
    [
        ("mod a { pub use crate::b::*; } mod b { pub fn k() {} } pub use a::*;", True),
        ("mod a { pub use crate::b::*; fn k() {} } mod b { pub fn k() {} } pub use a::*;", False),
        ("mod a { pub use crate::b::*; struct k {} } mod b { pub fn k() {} } pub use a::*;", True),  # another namespace
        ("mod a { pub use crate::b::*; use crate::c::k; } mod b { pub fn k() {} } mod c { pub fn k() {} } pub use a::*;", False),
        ("mod b { pub fn k() {} } mod c { pub fn k() {} } use c::k; pub use b::*;", False),
        ("mod b { pub fn k() {} } use elsewhere::k; pub use b::*;", True),  # what that is, a type or a function, is not known
        ("mod a { pub use crate::b::*; fn k() {} } mod z { pub use crate::b::*; } mod b { pub fn k() {} } pub use a::*; pub use z::*;", True),
        ("mod a { pub use crate::b::*; fn k() {} } mod b { pub fn k() {} } pub use a::*; pub use b::k;", True),
    ],
)
def test_a_private_name_on_the_way_hides_what_a_glob_brings(source: str, *, offered: bool) -> None:
    assert ("a::k" in read(source).items) is offered


def test_who_passes_a_name_on_passes_no_private_module_of_it_on() -> None:
    private = "mod h { mod go { pub struct S; pub fn go() {} } pub use self::go::go; } pub use h::go;"
    assert list(read(private).items) == ["a::go"]
    assert "a::go::S" in read(private.replace("mod h { mod go", "mod h { pub mod go")).items


def test_modules_that_lead_back_to_themselves_end() -> None:
    found = read("pub mod a { pub use super::*; pub struct S; } pub use a::*; pub use crate as me;")
    assert "a::S" in found.items
    assert len(found.items) < 100


def test_what_waits_for_a_feature_has_its_condition() -> None:
    manifest = MANIFEST + '[features]\ndefault = ["std"]\nstd = []\nextra = []\nunstable = []\n'
    found = read('#[cfg(feature = "std")] pub fn a() {} #[cfg(feature = "extra")] pub fn b() {} #[cfg(feature = "unstable")] pub fn c() {}', manifest)
    assert {path: (item.condition, item.stability) for path, item in found.items.items()} == {
        "a::a": (None, Stability.STABLE),
        "a::b": ('feature = "extra"', Stability.STABLE),
        "a::c": ('feature = "unstable"', Stability.EXPERIMENTAL),
    }


def test_a_function_a_module_and_a_macro_may_share_a_name() -> None:
    found = read("pub mod x {} pub fn x() {} #[macro_export] macro_rules! x { () => {} }")
    assert {path: item.kind for path, item in found.items.items()} == {"mod a::x": ItemKind.MODULE, "a::x": ItemKind.FUNCTION, "a::x!": ItemKind.MACRO}


def test_self_in_a_field_is_the_type_by_its_name() -> None:
    said = [read(f"pub struct Tree {{ pub next: Option<Box<{name}>> }} pub enum E {{ A(Box<Tree>) }}").items["a::Tree.next"] for name in ("Tree", "Self")]
    assert said[0].annotation == said[1].annotation == "Option<Box<Tree>>"
    assert read("pub enum List { More(Box<Self>), End }").items["a::List::More.0"].annotation == "Box<List>"


def test_a_field_and_a_method_may_share_a_name() -> None:
    found = read("pub struct S { pub len: usize } impl S { pub fn len(&self) -> usize { 1 } }")
    assert {"a::S.len", "a::S::len"} <= set(found.items)


def test_a_macro_of_elsewhere_is_told() -> None:
    found = read("elsewhere::make! { pub struct S; }\nthread_local! { static X: u8 = 1; }\nconst_assert!(true);")
    assert [(one.symbol, one.place.line) for one in found.blind] == [("a", 1)]


EATS = """
macro_rules! one { ($vis:vis fn $name:ident) => { $vis fn $name() {} }; }
macro_rules! all {
    () => {};
    ($(#[$attribute:meta])* $vis:vis fn $name:ident; $($rest:tt)*) => { $(#[$attribute])* one! { $vis fn $name } all! { $($rest)* } };
}
"""


def test_what_eats_its_items_one_by_one_gives_them_all() -> None:
    found = read(f"{EATS} all! {{ {' '.join(f'pub fn f{number};' for number in range(200))} }}")
    assert list(found.items) == [f"a::f{number}" for number in range(200)]
    assert found.blind == ()


def test_a_last_call_with_an_attribute_is_that_attributes() -> None:
    found = read("macro_rules! make { () => { pub fn a() {} #[cfg(never)] one!(); } } macro_rules! one { () => { pub fn b() {} } } make!();")
    assert list(found.items) == ["a::a"]


def test_what_a_reading_that_stopped_does_not_hold_is_not_gone_for_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [f"pub fn f{number};" for number in range(40)]
    monkeypatch.setattr(macro_resolution, "MOST_EXPANSIONS", 40)
    before, after = (moment({"Cargo.toml": MANIFEST, "src/lib.rs": f"{EATS} all! {{ {' '.join(order)} }}"}) for order in (items, [*items[20:], *items[:20]]))
    gone = [one for one in review(before, after).findings if one.rule == "rust-item-removed"]
    assert gone
    assert {one.confidence for one in gone} == {Confidence.REVIEW}


def test_a_library_for_c_alone_offers_nothing_to_rust() -> None:
    assert moment({"Cargo.toml": MANIFEST + '[lib]\ncrate-type = ["cdylib"]\n', "src/lib.rs": "pub fn a() {}"}).surfaces == ()


def test_a_file_that_is_missing_or_no_rust_is_told() -> None:
    found = read("pub mod gone;\npub fn a() {}\npub mod bad;", **{"src/bad.rs": "pub fn ( {{{"})
    assert "a::a" in found.items
    assert {one.place.path for one in found.blind} == {"src/lib.rs", "src/bad.rs"}


def test_what_was_private_before_is_compared_when_it_ships() -> None:
    before = moment({"Cargo.toml": MANIFEST + "publish = false\n", "src/lib.rs": "pub struct S { pub x: u8 }"})
    after = moment({"Cargo.toml": MANIFEST, "src/lib.rs": "pub struct S { pub x: u8, pub y: u8 }"})
    assert [one.rule for one in review(before, after).findings] == ["package-added", "rust-field-added"]


def test_a_module_for_a_re_export_of_one_is_no_loss() -> None:
    manifest = MANIFEST + '[dependencies]\nother = "1"\n'
    before = moment({"Cargo.toml": manifest, "src/lib.rs": "pub use other::block;"})
    after = moment({"Cargo.toml": MANIFEST, "src/lib.rs": "pub mod block {}"})
    assert "rust-item-removed" not in {one.rule for each in (review(before, after), review(after, before)) for one in each.findings}


def test_a_pinned_type_is_read_as_it_stands() -> None:
    found = read("pin_project_lite::pin_project! { pub struct S { #[pin] pub a: u8, b: u8 } }")
    assert {"a::S", "a::S.a"} == set(found.items)
    assert not found.blind


def test_a_repetition_may_have_its_variable_in_a_body() -> None:
    found = read("macro_rules! m { ($n:ident $(, $f:path)?) => { pub struct $n; impl $n { $( pub fn a() { $f() } )? } } } m!(A, go); m!(B);")
    assert {"a::A", "a::A::a", "a::B"} == set(found.items)
    assert not found.blind


def test_what_an_extern_block_imports_is_public_where_it_says_so() -> None:
    found = read(
        'extern "C" { pub fn a(x: u8, ...) -> u8; fn b(); pub static C: u8; pub static mut D: u8; }\n'
        'unsafe extern "system" { pub safe fn e(); pub unsafe static F: u8; pub safe static G: u8; pub(crate) fn h(); }\n'
        "#[cfg(windows)] extern { pub fn i(); }\n"
        'mod m { extern "C" { pub fn j(); } } pub use m::j as k;'
    )
    assert {path: (item.signature, item.condition) for path, item in found.items.items()} == {
        "a::a": ('unsafe extern "C" fn a(u8, ...) -> u8', None),
        "a::C": ("unsafe static C: u8", None),
        "a::D": ("unsafe static mut D: u8", None),
        "a::e": ('extern "system" fn e()', None),
        "a::F": ("unsafe static F: u8", None),
        "a::G": ("static G: u8", None),
        "a::i": ('unsafe extern "C" fn i()', "windows"),
        "a::k": ('unsafe extern "C" fn k()', None),
    }
    assert not found.blind


def test_an_import_is_what_a_function_of_its_signature_is() -> None:
    known = frozenset({RustFact.UNSAFE.value, f"{RustFact.ABI} C"})
    for source in ("extern { pub fn f(x: u8); }", 'pub unsafe extern "C" fn f(x: u8) {}'):
        item = read(source).items["a::f"]
        assert (item.traits, item.signature) == (known, 'unsafe extern "C" fn f(u8)')


def test_macros_in_an_extern_block_import_too() -> None:
    found = read(
        'macro_rules! each { ($($n:ident)*) => { $(pub fn $n();)* } } extern "C" { each! { a b } later! {} elsewhere! { pub fn x(); } }\n#[macro_use] mod m;',
        **{"src/m.rs": "macro_rules! later { () => { pub static C: u8; } }"},
    )
    assert {path: item.signature for path, item in found.items.items()} == {
        "a::a": 'unsafe extern "C" fn a()',
        "a::b": 'unsafe extern "C" fn b()',
        "a::C": "unsafe static C: u8",
    }
    assert ["elsewhere" in one.why for one in found.blind] == [True]


def test_a_type_of_an_extern_block_is_one_that_nobody_can_make() -> None:
    found = read('extern "C" { type P;\n#[doc(hidden)] pub type T;\n#[cfg(windows)] pub type W;\npub fn a(x: &T) -> W; }')
    assert {path: (item.kind, item.place.line, item.condition) for path, item in found.items.items()} == {
        "a::T": (ItemKind.STRUCT, 2, None),
        "a::W": (ItemKind.STRUCT, 3, "windows"),
        "a::a": (ItemKind.FUNCTION, 4, None),
    }
    assert found.items["a::T"].stability is Stability.HIDDEN
    assert RustFact.LITERAL not in found.items["a::T"].traits
    assert not found.blind


def test_what_wasm_bindgen_imports_is_safe_and_may_be_a_method() -> None:
    found = read(
        """\
use wasm_bindgen::prelude::*;
#[wasm_bindgen(module = "/shelf.js")]
extern "C" {
    /// A shelf.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(extends = Object, js_name = "Regal")]
    pub type Shelf;
    #[wasm_bindgen(constructor, catch)]
    pub fn new(width: u32) -> Result<Shelf, JsValue>;
    #[wasm_bindgen(method, getter)]
    pub fn width(this: &Shelf) -> u32;
    #[wasm_bindgen(method)] #[deprecated]
    pub async fn fill(this: &Shelf, with: &str);
    #[wasm_bindgen(method)]
    fn private(this: &Shelf);
    #[wasm_bindgen(static_method_of = Shelf)]
    pub fn all() -> Vec<Shelf>;
    #[wasm_bindgen(method)]
    pub fn of_another(this: &JsValue);
    #[wasm_bindgen(js_name = "ausgabe")]
    pub fn log(text: &str);
    #[wasm_bindgen(thread_local_v2)]
    pub static SHELVES: JsValue;
}
""",
    )
    assert {path: (item.signature, item.place.line) for path, item in found.items.items()} == {
        "a::Shelf": ("struct Shelf { .. }", 7),
        "a::Shelf::new": ("fn new(u32) -> Result<Self, JsValue>", 9),
        "a::Shelf::width": ("fn width(&self) -> u32", 11),
        "a::Shelf::fill": ("async fn fill(&self, &str)", 13),
        "a::Shelf::all": ("fn all() -> Vec<Self>", 17),
        "a::log": ("fn log(&str)", 21),
        "a::SHELVES": ("static SHELVES: JsValue", 23),
    }
    assert {f"{RustFact.IMPLEMENTS} Clone", f"{RustFact.IMPLEMENTS} Debug"} <= found.items["a::Shelf"].traits
    assert RustFact.DEPRECATED in found.items["a::Shelf::fill"].traits
    assert not found.blind


def test_what_a_macro_makes_waits_for_the_condition_of_its_call() -> None:
    found = read(
        """\
macro_rules! one { ($n:ident) => { pub struct $n; impl $n { pub fn of() {} } } }
macro_rules! more { ($n:ident) => { #[cfg(windows)] pub fn $n() {} pub mod inside { pub fn $n() {} } pub use inside::$n as again; } }
macro_rules! eats { () => {}; ($n:ident $($rest:ident)*) => { pub static $n: u8 = 1; eats! { $($rest)* } } }
macro_rules! method { ($n:ident) => { pub fn $n(&self) {} } }
macro_rules! part { ($n:ident) => { fn $n(&self) {} } }
macro_rules! import { ($n:ident) => { pub safe fn $n(); } }
#[cfg(windows)] one! { Win }
#[cfg(feature = "x")] more! { more }
#[cfg(windows)] eats! { A B }
#[cfg(windows)] later! { Late }
pub struct S;
impl S { #[cfg(windows)] method! { shut } }
pub trait T { #[cfg(windows)] part! { begin } }
unsafe extern "C" { #[cfg(windows)] import! { open } }
#[macro_use] mod m;
""",
        **{"src/m.rs": "macro_rules! later { ($n:ident) => { pub struct $n; } }", "Cargo.toml": MANIFEST + "[features]\nx = []\n"},
    )
    assert {path: item.condition for path, item in found.items.items()} == {
        "a::Win": "windows",
        "a::Win::of": "windows",
        "a::more": 'all(feature = "x", windows)',
        "mod a::inside": 'feature = "x"',
        "a::inside::more": 'feature = "x"',
        "a::again": 'feature = "x"',
        "a::A": "windows",
        "a::B": "windows",
        "a::Late": "windows",
        "a::S": None,
        "a::S::shut": "windows",
        "a::T": None,
        "a::T::begin": "windows",
        "a::open": "windows",
    }


CORE = '[package]\nname = "core_x"\nversion = "0.3.0"\n[features]\nextra = []\n'
WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["core_x", "a", "b"]\n',
    "core_x/Cargo.toml": CORE,
    "core_x/src/lib.rs": '#[cfg(feature = "extra")] pub struct Extra;\nmacro_rules! make { ($n:ident) => { pub struct $n; } }\nmake!(Plain);\n',
    "a/Cargo.toml": '[package]\nname = "a"\nversion = "0.3.0"\n[dependencies]\ncore_x = { path = "../core_x" }\n',
    "a/src/lib.rs": "pub use core_x::*;",
    "b/Cargo.toml": '[package]\nname = "b"\nversion = "0.3.0"\n[dependencies]\ncore_x = { path = "../core_x", features = ["extra"] }\n',
    "b/src/lib.rs": "pub use core_x::*;",
}


def test_a_text_that_several_crates_are_built_with_is_judged_for_each() -> None:
    found = {one.package: {path: item.condition for path, item in one.items.items()} for one in moment(WORKSPACE).surfaces}
    assert found["a"] == {"a::Plain": None, "a::Extra": 'feature = "extra"'}
    assert found["b"] == {"b::Plain": None, "b::Extra": None}
    assert set(found["core_x"]) == {"core_x::Plain", "core_x::Extra"}


def test_what_was_read_before_changes_no_reading() -> None:
    other = {**WORKSPACE, "core_x/src/lib.rs": WORKSPACE["core_x/src/lib.rs"].replace("struct $n;", "enum $n {}")}
    first, second = moment(WORKSPACE).surfaces, moment(other).surfaces
    assert first != second
    assert (moment(WORKSPACE).surfaces, moment(other).surfaces) == (first, second)


def test_a_manifest_that_cannot_be_read_is_told_by_those_who_need_it() -> None:
    broken = {**WORKSPACE, "core_x/Cargo.toml": "[package\n", "c/Cargo.toml": '[package]\nname = "c"\nversion = "0.3.0"\n', "c/src/lib.rs": "pub fn f() {}"}
    broken["Cargo.toml"] = '[workspace]\nmembers = ["core_x", "a", "b", "c"]\n'
    tree = MemoryTree(broken)
    packages = tuple(Package(name=name, ecosystem=Ecosystem.CARGO, root=name, manifest=f"{name}/Cargo.toml", version=None) for name in "abc")
    found = {one.package: {blind.place.path for blind in one.blind} for one in rust.read(tree, packages)}
    assert found == {"a": {"core_x/Cargo.toml"}, "b": {"core_x/Cargo.toml"}, "c": set()}


def test_modules_that_are_read_from_one_file_have_each_their_own_names() -> None:
    source = """
    pub mod one { pub mod near { pub type Given = u8; } #[path = "../shared.rs"] pub mod inner; }
    pub mod two { pub mod near { pub type Given = u16; } #[path = "../shared.rs"] pub mod inner; }
    """
    found = read(source, **{"src/shared.rs": "use super::near::*;\npub fn f(given: Given) {}\n"})
    assert {path: found.items[path].types[0] for path in ("a::one::inner::f", "a::two::inner::f")} == {"a::one::inner::f": "u8", "a::two::inner::f": "u16"}


def test_what_one_build_has_is_not_taken_for_what_another_has() -> None:
    inner = '[package]\nname = "b"\nversion = "1.0.0"\nedition = "2021"\n[features]\nx = []\n'
    source = '#[cfg(feature = "x")] pub use std::rc::Rc as P;\n#[cfg(not(feature = "x"))] pub use std::sync::Arc as P;\n'
    source += 'pub struct S { #[cfg(feature = "x")] pub k: u8 }\npub fn f(#[cfg(feature = "x")] given: u8) {}\n'
    files = {"b/Cargo.toml": inner, "b/src/lib.rs": source, "Cargo.toml": '[workspace]\nmembers = ["plain", "with", "b"]\n'}
    for name, features in (("plain", "[]"), ("with", '["x"]')):
        asked = f'[dependencies]\nb = {{ path = "../b", features = {features} }}\n'
        files |= {f"{name}/Cargo.toml": MANIFEST.replace('"a"', f'"{name}"') + asked, f"{name}/src/lib.rs": "pub use b::*;"}
    found = {one.package: one.items for one in moment(files).surfaces}
    assert found["with"]["with::S.k"].condition is None
    assert found["plain"]["plain::S.k"].condition == 'feature = "x"'
    assert [len(found[name][f"{name}::f"].call.parameters) for name in ("plain", "with")] == [0, 1]  # type: ignore[union-attr]  # a function


MACRO = '[package]\nname = "made"\nversion = "0.3.0"\n[lib]\nproc-macro = true\n'
MADE = {"made/Cargo.toml": MACRO, "made/src/lib.rs": "#[proc_macro_attribute] pub fn streamable(_: T, x: T) -> T { x }"}
ASKS = MANIFEST + '[dependencies]\nmade = { path = "made" }\nserde_with = "3"\n'


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("use made::streamable; #[streamable(x)] pub struct S { a: u8 }", ["a::S"]),
        ("#[made::streamable] pub enum E { A }", ["a::E"]),
        ("use made::streamable; #[streamable] struct S;", []),
        ("use serde_with::serde_as; #[serde_as] pub struct S { a: u8 }", []),
        ("#[derive(Clone)] #[helper] pub struct S;", []),
    ],
)
def test_what_an_attribute_macro_of_the_repository_makes_is_told(source: str, told: list[str]) -> None:
    found = next(one for one in moment({"Cargo.toml": ASKS, "src/lib.rs": source, **MADE}).surfaces if one.package == "a")
    assert [one.symbol for one in found.blind if "may add to it" in one.why] == told


def test_what_it_is_given_anew_is_open() -> None:
    source = "use made::streamable; #[streamable] pub struct S { %s } #[streamable] pub struct Same { x: u8 }"
    before, after = (moment({"Cargo.toml": ASKS, "src/lib.rs": source % fields, **MADE}) for fields in ("a: u8", "a: u8, b: u8"))
    assert [blind.symbol for row in review(before, after).rows if row.package == "a" for blind in row.open] == ["a::S"]


def test_lifetimes_are_shown_as_rust_writes_them_and_their_names_are_no_change() -> None:
    one, other = (read(f"pub struct Held<'{x}, '{y}, T>(pub &'{x} T, pub &'{y} u8);") for x, y in (("a", "b"), ("src", "de")))
    assert one.items["a::Held"].signature.startswith("struct Held<'a, 'b, T0>")
    assert one.items["a::Held"].signature == other.items["a::Held"].signature
    assert read("pub fn f<'x>(one: &'x str) {}").items["a::f"].signature.startswith("fn f<'a>(")
