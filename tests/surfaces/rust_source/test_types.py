from __future__ import annotations

import pytest

from lockstep.surfaces.rust_source.types import UNIT, Array, Borrowed, Bounded, Named, Other, RustType, Tuple, read
from tests.conftest import soon

U8 = Named(("u8",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("u8", U8),
        ("&'a mut std::vec::Vec<u8>", Borrowed(Named(("std", "vec", "Vec"), (U8,)), "&mut")),
        ("*const u8", Borrowed(U8, "*const")),
        ("*mut u8", Borrowed(U8, "*mut")),
        ("&&'a mut u8", Borrowed(Borrowed(U8, "&mut"))),
        ("()", UNIT),
        ("(u8)", U8),
        ("(u8,)", Tuple((U8,))),
        ("(u8, &str)", Tuple((U8, Borrowed(Named(("str",)))))),
        ("[u8; 32]", Array(U8, "32")),
        ("&[u8]", Borrowed(Array(U8))),
        ("Option<Vec<Vec<u8>>>", Named(("Option",), (Named(("Vec",), (Named(("Vec",), (U8,)),)),))),
        ("Bound<'py, PyAny>", Named(("Bound",), (Named(("PyAny",)),))),
        ("impl Iterator<Item = u8> + Send + 'a", Bounded((Named(("Iterator",)), Named(("Send",))))),
        ("Box<dyn Fn(u8) -> u8 + Send>", Named(("Box",), (Bounded((Named(("Fn",)), Named(("Send",)))),))),
        ("r#type::X", Named(("type", "X"))),
        ("Foo::<u8>", Named(("Foo",), (U8,))),
        ("for<'a> fn(&'a u8) -> u8", Other("fn(&'a u8) -> u8")),
        ("!", Other("!")),
    ],
)
def test_a_type_is_a_tree(text: str, found: RustType) -> None:
    assert read(text) == found


def test_a_type_that_nests_for_ever_ends() -> None:
    with soon(10):
        read("Vec<" * 2000 + "u8" + ">" * 2000)
