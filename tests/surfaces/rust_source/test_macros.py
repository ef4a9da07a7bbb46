from __future__ import annotations

import pytest

from lockstep.surfaces.rust_source import known_macros, macros
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.tokens import lex, trees, write


def expanded(rules: str, arguments: str) -> str:
    return " ".join(write(macros.read("m", rules).expand(trees(arguments))).split())


def same(left: str, right: str) -> None:
    assert [one.text for one in lex(left)] == [one.text for one in lex(right)]


@pytest.mark.parametrize(
    ("rules", "arguments", "result"),
    [
        ("($n:ident) => { struct $n; };", "A", "struct A ;"),
        ("($($n:ident),* $(,)?) => { $(struct $n;)* };", "A, B,", "struct A ; struct B ;"),
        ("($($n:ident),+) => { [$($n),+] };", "A, B", "[ A , B ]"),
        ("($t:ty, $e:expr) => { const X: $t = $e; };", "HashMap<K, V>, f::<a, b>(|x, y| x)", "const X: HashMap<K, V> = f::<a, b>(|x, y| x);"),
        ("(@in $n:ident) => { inner $n }; ($n:ident) => { m!(@in $n); };", "A", "m ! ( @ in A ) ;"),
        ("(@in $n:ident) => { inner $n }; ($n:ident) => { m!(@in $n); };", "@in A", "inner A"),
        ("($($k:ident => [$($v:literal),*]);*) => { $( $k($($v)-*) )* };", "a => [1, 2]; b => []", "a ( 1 - 2 ) b ( )"),
        ("($(#[$m:meta])* $v:vis struct $n:ident) => { $(#[$m])* $v $n };", '#[doc = "x"] #[a(b)] pub(crate) struct N', '#[doc = "x"] #[a(b)] pub(crate) N'),
        ("($($t:tt)*) => { $($t)* };", "a (b) { c }", "a ( b ) { c }"),
        ("($i:item) => { $i };", "#[pyclass] pub struct A { x: u8 }", "# [ pyclass ] pub struct A { x : u8 }"),
        ("($a:ident $(as $b:literal)?) => { $a $(, $b)? };", "x", "x"),
        ("($l:lifetime $b:block $p:path) => { $p $b };", "'a { 1 } std::fmt::Debug", "std :: fmt :: Debug { 1 }"),
        ("($n:ident) => { $crate::f::<$n>() };", "A", "crate :: f :: < A > ( )"),
    ],
)  # fmt: skip
def test_a_macro_by_example_gives_what_rust_gives(rules: str, arguments: str, result: str) -> None:
    same(expanded(rules, arguments), result)


def test_the_first_arm_that_fits_is_taken() -> None:
    assert expanded("($x:literal) => { one }; ($x:expr) => { two };", "1") == "one"
    assert expanded("($x:literal) => { one }; ($x:expr) => { two };", "a + 1") == "two"


@pytest.mark.parametrize(
    ("rules", "arguments"),
    [
        ("($x:literal) => {};", "a"),
        ("($($x:ident),*) => { $x };", "a"),
        ("($($x:ident),*; $($y:ident),*) => { $($x $y)* };", "a; b, c"),
        ("($x:unheard_of) => {};", "a"),
        ("($($x:ident)*) => { $( $($x)* $($x)* )* };", "a b"),
    ],
)
def test_what_cannot_be_expanded_is_opaque(rules: str, arguments: str) -> None:
    with pytest.raises(macros.OpaqueError):
        expanded(rules, arguments)


def test_an_expansion_that_grows_without_end_is_opaque() -> None:
    twice = macros.read("m", "($($x:tt)*) => { $($x)* $($x)* };")
    parts = trees("a " * 40_000)
    with pytest.raises(macros.OpaqueError, match="too large"):
        twice.expand(parts)


def test_what_follows_a_capture_in_the_invocation_does_not_stick_to_it() -> None:
    same(expanded("($a:ident, $b:ident) => { impl $a for $b {} };", "A,B"), "impl A for B { }")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("fn [<get_ $x>]() {}", "fn get_x"),
        ("[<Foo:snake:upper _ Bar:lower>]", "FOO_bar"),
        ("[<some_name:camel>]", "SomeName"),
    ],
)
def test_paste_joins_names(text: str, result: str) -> None:
    found = known_macros.expand("paste", trees(text.replace("$x", "x")), Build())
    assert found is not None
    assert result in write(found)


def test_paste_joins_the_values_of_attributes() -> None:
    found = known_macros.expand("paste", trees("#[pyo3(name = RouterId:snake:upper)] A"), Build())
    assert found is not None
    same(write(found), '#[pyo3(name = "ROUTER_ID")] A')


def test_cfg_if_takes_the_branch_of_the_build() -> None:
    text = 'if #[cfg(windows)] { struct W; } else if #[cfg(feature = "x")] { struct X; } else { struct E; }'
    for features, result in ((frozenset({"x"}), "struct X ;"), (frozenset[str](), "struct E ;")):
        found = known_macros.expand("cfg_if", trees(text), Build(features=features))
        assert found is not None
        same(write(found), result)


def test_cfg_if_marks_what_is_not_known() -> None:
    found = known_macros.expand("cfg_if", trees("if #[cfg(custom)] { struct A; struct B { x: u8 } } else { struct C; }"), Build())
    assert found is not None
    same(write(found), "#[cfg(custom)] struct A; #[cfg(custom)] struct B { x: u8 } struct C;")
