"""A text is laid out once for all builds that agree on what it asks for, and for each of the others."""

from __future__ import annotations

from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.crates import Library
from lockstep.surfaces.rust_source.items import Text, parse
from lockstep.surfaces.rust_source.layouts import Layout, Plain, layout_of
from lockstep.surfaces.rust_source.module_tree import Module, Space

SOURCE = """
pub use a::{b, c as d, e::*};
#[cfg(feature = "on")] pub struct S;
#[cfg(not(feature = "on"))] pub struct S { x: u8 }
#[cfg(feature = "off")] impl S {}
impl S {}
macro_rules! m { () => {} }
pub fn f() {}
pub use g::b;
mod inner;
"""
NODE, TEXT = parse(SOURCE).root, Text(path="src/lib.rs")


def laid_out(*features: str, choices: frozenset[str] | None = None, given: frozenset[str] = frozenset()) -> Layout:
    return layout_of(NODE, TEXT, Build(features=frozenset(features), uncertain=frozenset(), choices=choices, given=given))


def test_builds_that_differ_elsewhere_have_one_layout() -> None:
    assert laid_out("on") is laid_out("on", "unheard")
    assert laid_out("on") is not laid_out("off") is not laid_out()
    assert laid_out(choices=frozenset({"on"})) is not laid_out(choices=frozenset({"unheard"})) is laid_out(choices=frozenset())
    assert laid_out("on", given=frozenset({"flag"})) is not laid_out("on")


def test_a_module_has_what_the_text_says_in_its_order() -> None:
    module = Module(Library(name="x", package="x", manifest="Cargo.toml", folder="", root="src/lib.rs", build=Build()), ("x",), None)
    steps = laid_out("on").steps
    assert ["plain" if isinstance(one, Plain) else one.kind.value for one in steps] == ["plain", "macro", "plain", "module"]
    impls = [impl for one in steps if isinstance(one, Plain) for impl in one.put(module, TEXT)]
    assert [one.name for one in module.items] == ["S", "f"]
    assert len(impls) == len(laid_out("on").inactive_impls(module, TEXT)) == 1
    assert [one.name for one in module.uses] == ["b", "d", "*", "b"]
    assert {name: [use.path for use in each] for name, each in module.named.items()} == {"b": [("a", "b"), ("g", "b")], "d": [("a", "c")]}
    assert module.spaces[Space.TYPES]["S"] is module.items[0]
    other = Module(module.library, ("x",), None)
    for one in steps:
        if isinstance(one, Plain):
            one.put(other, TEXT)
    assert [len(each) for each in other.named.values()] == [2, 1]
    assert other.items[0].module is other


def test_of_two_definitions_the_one_that_is_always_there_speaks() -> None:
    library = Library(name="x", package="x", manifest="Cargo.toml", folder="", root="src/lib.rs", build=Build())
    node = parse('#[cfg(windows)] pub fn f() {}\npub fn f() {}\n#[cfg(target_arch = "arm")] pub fn g() {}\n#[cfg(odd)] pub fn g() {}').root
    for condition, spoken in ((None, [1, 2]), ("odd", [0, 2])):
        module = Module(library, ("x",), None, condition=condition)
        (step,) = layout_of(node, TEXT, Build(choices=frozenset())).steps
        assert isinstance(step, Plain)
        step.put(module, TEXT)
        assert [module.items.index(one) for one in module.spaces[Space.VALUES].values()] == spoken  # type: ignore[arg-type]  # they are items
