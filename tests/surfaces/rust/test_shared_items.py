"""What is made once for several crates and releases is what each of them would have made: where a name means something else, it is made anew."""

from __future__ import annotations

import pytest

from lockstep.config.reading import load
from lockstep.project.project import discover
from lockstep.surface import Surface
from lockstep.surfaces import rust
from lockstep.surfaces.rust import callables, items, shared_items, surface_cache
from lockstep.tree import MemoryTree

CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n{}'
PLAIN = """
use crate::means::*;
pub struct Held { pub first: Named, pub second: Vec<u8> }
pub enum Kind { One(Named), Two { inner: Named } }
impl Held {
    pub fn get(&self) -> Named { todo!() }
    pub fn with<T: Hash>(&self, one: T, two: foreign::Thing) -> T { one }
}
pub trait Give { fn give(&self) -> Named; }
pub fn make(one: Named) -> Vec<Named> { vec![one] }
pub const MOST: Named = 1;
pub type Alias<T> = Result<T, Named>;
"""
MEANS = (
    "pub type Named = u8;\n",
    "pub type Named = u16;\n",
    "pub struct Named(u8);\n",
    "pub use std::string::String as Named;\n",
    "pub type Named = u8;\npub trait Hash {}\n",
    "pub type Named = u8;\npub mod foreign { pub struct Thing; }\n",
    '#[cfg(feature = "more")]\npub type Named = u8;\n#[cfg(not(feature = "more"))]\npub type Named = u16;\n',
)


def files(means: str, *, plain: str = PLAIN, more: str = "") -> dict[str, str]:
    return {
        "egg/Cargo.toml": CRATE.format("egg", more),
        "egg/src/lib.rs": "mod plain;\nmod means;\npub use plain::*;\n",
        "egg/src/plain.rs": plain,
        "egg/src/means.rs": means,
        "ham/Cargo.toml": CRATE.format("ham", '[dependencies]\negg = { path = "../egg" }\n'),
        "ham/src/lib.rs": "pub use egg::*;\npub mod again { pub use egg::Held as Other; }\n",
    }


@pytest.fixture(autouse=True)
def _crates_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface_cache, "MOST", 0)
    shared_items.forget()


def read(at: dict[str, str]) -> tuple[Surface, ...]:
    tree = MemoryTree(at)
    return rust.read(tree, [one for one in discover(tree, load(tree)).packages if one.name != "macros"])


@pytest.mark.parametrize("first", MEANS)
@pytest.mark.parametrize("second", MEANS)
def test_another_meaning_of_a_name_is_another_item(first: str, second: str) -> None:
    read(files(first))
    found = read(files(second))
    shared_items.forget()
    assert found == read(files(second))


def test_what_means_the_same_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def counted(*given: object) -> object:
        made.append(given)
        return callables.call(*given)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(items, "call", counted)
    read(files(MEANS[0]))
    assert len(made) == 4  # get, with, give and make: of egg and of ham, and of Held under two names
    read(files(MEANS[0] + "pub fn beside() {}\n"))
    assert len(made) == 4
    read(files(MEANS[1]))
    assert len(made) == 8


def test_a_feature_of_another_build_is_another_item() -> None:
    plain = 'pub struct Held {\n    #[cfg(feature = "more")]\n    pub more: u8,\n    pub size: u8,\n}\n'
    features = ("[features]\nmore = []\n", '[features]\ndefault = ["more"]\nmore = []\n', "")
    for first in features:
        for second in features:
            shared_items.forget()
            read(files("", plain=plain, more=first))
            found = read(files("", plain=plain, more=second))
            shared_items.forget()
            assert found == read(files("", plain=plain, more=second))


def test_what_a_macro_of_another_crate_makes_is_not_shared() -> None:
    plain = "use macros::bring;\npub struct Held;\nimpl Held { bring!(); }\n"
    there = files("", plain=plain)
    there["egg/Cargo.toml"] += '[dependencies]\nmacros = { path = "../macros" }\n'
    there["macros/Cargo.toml"] = CRATE.format("macros", "")
    for name in ("first", "second"):
        there["macros/src/lib.rs"] = f"#[macro_export]\nmacro_rules! bring {{ () => {{ pub fn {name}(&self) {{}} }} }}\n"
        egg, _ = read(there)
        assert f"egg::Held::{name}" in egg.items


def test_what_is_too_much_to_keep_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(files(MEANS[0]))
    dropped: list[int] = []
    forget = shared_items.forget
    monkeypatch.setattr(shared_items, "MOST_KEPT", 3)

    def counted() -> None:
        dropped.append(1)
        forget()

    monkeypatch.setattr(shared_items, "forget", counted)
    assert read(files(MEANS[1])) != whole
    assert read(files(MEANS[0])) == whole
    assert dropped
