"""Crates whose macros make more than what is written."""

from __future__ import annotations

from tests.hostile.shapes import SURFACE, Shape, crate_of, nested, one, times

DOUBLE = "macro_rules! b { ($($x:tt)*) => { b!($($x)* $($x)*); } }\nb!(a);\n"

SHAPES: dict[str, Shape] = {
    "calls of a macro": one(
        lambda n: crate_of("macro_rules! f { ($a:ident) => { pub fn $a() {} } }\n" + times(n, lambda i: f"f!(f{i});\n")), SURFACE, 100, 1000
    ),
    "arguments of a macro": one(
        lambda n: crate_of("macro_rules! f { ($($a:ident),*) => { $(pub fn $a() {})* } }\nf!(" + ", ".join(f"f{i}" for i in range(n)) + ");\n"),
        SURFACE,
        100,
        1000,
    ),
    "macros that take one at a time": one(
        lambda n: crate_of(
            "macro_rules! f { () => {}; ($a:ident $($b:tt)*) => { pub fn $a() {} f!($($b)*); } }\nf!(" + " ".join(f"f{i}" for i in range(n)) + ");\n"
        ),
        SURFACE,
        20,
        20,
        square=True,
    ),
    "macros that call the next": one(
        lambda n: crate_of(
            times(n, lambda i: f"macro_rules! m{i} {{ () => {{ m{i + 1}!(); }} }}\n") + f"macro_rules! m{n} {{ () => {{ pub fn f() {{}} }} }}\nm0!();\n"
        ),
        SURFACE,
        20,
        100,
    ),
    "macros that call the next twice": one(
        lambda n: crate_of(
            times(n, lambda i: f"macro_rules! m{i} {{ () => {{ m{i + 1}!(); m{i + 1}!(); }} }}\n")
            + f"macro_rules! m{n} {{ () => {{ pub fn f() {{}} }} }}\nm0!();\n"
        ),
        SURFACE,
        8,
        20,
    ),
    "macros that double": one(lambda n: crate_of("".join(DOUBLE.replace("b!", f"b{i}!").replace("! b ", f"! b{i} ") for i in range(n))), SURFACE, 8, 8),
    "macros in macros": one(lambda n: crate_of(nested(n, "macro_rules! m { () => { ", "pub fn f() {}", " } }") + "\nm!();\n"), SURFACE, 20, 100),
    "arms of a macro": one(
        lambda n: crate_of("macro_rules! f { " + times(n, lambda i: f"(a{i}) => {{ pub fn f{i}() {{}} }}; ") + "}\n" + times(n, lambda i: f"f!(a{i});\n")),
        SURFACE,
        30,
        250,
    ),
    "repetitions in repetitions": one(
        lambda n: crate_of("macro_rules! f { (" + nested(n, "$(", "$a:ident", ")*") + ") => { pub fn g() {} } }\nf!(" + "a " * n + ");\n"), SURFACE, 8, 16
    ),
    "repetitions in a row": one(
        lambda n: crate_of("macro_rules! f { (" + times(n, lambda i: f"$($a{i}:ident)* ") + ") => { pub fn g() {} } }\nf!(" + "a " * n + ");\n"), SURFACE, 8, 16
    ),
    "repetitions that are all alike": one(
        lambda n: crate_of("macro_rules! f { (" + "$(a)* " * n + "b) => { pub fn g() {} } }\nf!(" + "a " * n + ");\n"), SURFACE, 8, 16
    ),
    "products of repetitions": one(
        lambda n: crate_of(
            "macro_rules! f { ($($a:ident)*; $b:tt) => { $( g!($a $b); )* } }\n"
            "macro_rules! g { ($a:ident ($($b:ident)*)) => { pub mod $a { $( pub fn $b() {} )* } } }\n"
            f"f!({' '.join(f'a{i}' for i in range(n))}; ({' '.join(f'b{i}' for i in range(n))}));\n"
        ),
        SURFACE,
        8,
        16,
        square=True,
    ),
    "fragments of expressions": one(
        lambda n: crate_of("macro_rules! f { ($a:expr) => { pub const X: u8 = $a; } }\nf!(" + "1 + " * n + "1);\n"), SURFACE, 50, 2000
    ),
    "fragments of types": one(
        lambda n: crate_of("macro_rules! f { ($a:ty) => { pub type T = $a; } }\nf!(" + nested(n, "Vec<", "u8", ">") + ");\n"), SURFACE, 20, 500
    ),
    "brackets in a macro": one(
        lambda n: crate_of("macro_rules! f { ($a:tt) => { pub fn f() {} } }\nf!(" + nested(n, "(", "", ")") + ");\n"), SURFACE, 50, 1000
    ),
}
