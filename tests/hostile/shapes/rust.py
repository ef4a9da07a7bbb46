"""One crate that is large in some way."""

from __future__ import annotations

from tests.hostile.shapes import CRATE, DIFF, SURFACE, Files, Shape, crate_of, nested, one, step, times


def _globs(count: int) -> Files:
    return crate_of(times(count, lambda n: f"pub mod m{n} {{ pub use crate::m{(n + 1) % count}::*; pub fn f{n}() {{}} }}\n"))


def _glob_chain(count: int) -> Files:
    return crate_of("pub use m0::*;\n" + times(count, lambda n: f"mod m{n} {{ pub use crate::m{n + 1}::*; }}\n") + f"mod m{count} {{ pub fn f() {{}} }}\n")


def _all_globs(count: int) -> Files:
    lines = times(count, lambda n: f"pub use crate::m{n}::*;")
    return crate_of(times(count, lambda n: f"pub mod m{n} {{ {lines} pub fn f{n}() {{}} }}\n"))


def _features(count: int) -> Files:
    needs = ", ".join(f'"f{n}"' for n in range(count))
    return crate_of("", "[features]\n" + times(count, lambda n: f"f{n} = [{needs}]\n"))


def _conditions(count: int) -> str:
    return f"#[cfg(any({', '.join(f'feature = {chr(34)}f{n}{chr(34)}' for n in range(count))}))]"


def _impls(count: int) -> Files:
    return crate_of("pub struct S;\n" + times(count, lambda n: f"impl S {{ pub fn f{n}(&self) {{}} }}\n"))


def _traits(count: int) -> Files:
    return crate_of("pub struct S;\n" + times(count, lambda n: f"pub trait T{n} {{ fn f(&self); }}\nimpl T{n} for S {{ fn f(&self) {{}} }}\n"))


def _crates(count: int) -> Files:
    """Give crates that each give the next one's names on."""
    files = {"Cargo.toml": '[workspace]\nmembers = ["c*"]\n'}
    for n in range(count):
        need = f'\n[dependencies]\nc{n + 1} = {{path = "../c{n + 1}", version = "1"}}\n' if n + 1 < count else ""
        files[f"c{n}/Cargo.toml"] = CRATE.replace("spam", f"c{n}") + need
        files[f"c{n}/src/lib.rs"] = (f"pub use c{n + 1}::*;\n" if need else "") + f"pub fn f{n}() {{}}\n"
    return files


SHAPES: dict[str, Shape] = {
    "functions of Rust": one(lambda n: crate_of(times(n, lambda i: f"pub fn f{i}(a: u8) {{}}\n")), SURFACE, 200, 2000),
    "variants of an enum": one(lambda n: crate_of("pub enum E {\n" + times(n, lambda i: f"    V{i} {{ a: u8 }},\n") + "}\n"), SURFACE, 200, 2000),
    "fields of a struct": one(lambda n: crate_of("pub struct S {\n" + times(n, lambda i: f"    pub f{i}: u8,\n") + "}\n"), SURFACE, 200, 4000),
    "structs that hold the next": one(
        lambda n: crate_of(times(n, lambda i: f"pub struct S{i} {{ pub a: S{i + 1} }}\n") + f"pub struct S{n};\n"), SURFACE, 100, 1000
    ),
    "structs that hold the next twice": one(
        lambda n: crate_of(times(n, lambda i: f"pub struct S{i}(S{i + 1}, S{i + 1});\n") + f"pub struct S{n};\n"), SURFACE, 30, 500
    ),
    "impls of one type": one(_impls, SURFACE, 100, 1000),
    "traits of one type": one(_traits, SURFACE, 100, 1000),
    "traits that need the last": one(
        lambda n: crate_of("pub trait T0 { fn f0(&self); }\n" + times(n, lambda i: f"pub trait T{i + 1}: T{i} {{ fn f{i + 1}(&self); }}\n")), SURFACE, 50, 500
    ),
    "types of one trait": one(lambda n: crate_of("pub trait T {}\n" + times(n, lambda i: f"pub struct S{i};\nimpl T for S{i} {{}}\n")), SURFACE, 100, 1000),
    "impls for all types": one(
        lambda n: crate_of(
            "pub struct S;\n" + times(n, lambda i: f"pub trait T{i} {{}}\nimpl<A> T{i} for A {{}}\n") + times(n, lambda i: f"pub struct S{i};\n")
        ),
        SURFACE,
        30,
        250,
    ),
    "a chain of deref": one(
        lambda n: crate_of(
            "use std::ops::Deref;\n"
            + times(n, lambda i: f"pub struct S{i}(S{i + 1});\nimpl Deref for S{i} {{ type Target = S{i + 1}; fn deref(&self) -> &S{i + 1} {{ &self.0 }} }}\n")
            + f"pub struct S{n};\n"
        ),
        SURFACE,
        30,
        250,
    ),
    "type aliases in a chain": one(lambda n: crate_of(times(n, lambda i: f"pub type T{i} = T{i + 1};\n") + f"pub type T{n} = u8;\n"), SURFACE, 100, 1000),
    "type aliases that double": one(
        lambda n: crate_of(times(n, lambda i: f"pub type T{i} = (T{i + 1}, T{i + 1});\n") + f"pub type T{n} = u8;\npub fn f(a: T0) {{}}\n"), SURFACE, 30, 200
    ),
    "generic aliases that double": one(
        lambda n: crate_of(
            times(n, lambda i: f"pub type T{i}<A> = T{i + 1}<(A, A)>;\n") + f"pub type T{n}<A> = Vec<A>;\npub fn f(a: T0<u8>) {{}}\npub struct S(T0<u8>);\n"
        ),
        SURFACE,
        10,
        20,
    ),
    "generics of a function": one(
        lambda n: crate_of(f"pub fn f<{', '.join(f'A{i}: Clone' for i in range(n))}>({', '.join(f'a{i}: A{i}' for i in range(n))}) {{}}\n"), SURFACE, 100, 1000
    ),
    "bounds of a function": one(lambda n: crate_of("pub fn f<A>(a: A) where " + times(n, lambda i: f"A: T{i}, ") + "{}\n"), SURFACE, 100, 1000),
    "generics in generics": one(lambda n: crate_of("pub fn f(a: " + nested(n, "Vec<", "u8", ">") + ") {}\n"), SURFACE, 20, 1000),
    "tuples in tuples": one(lambda n: crate_of("pub fn f(a: " + nested(n, "(", "u8", ",)") + ") {}\n"), SURFACE, 20, 1000),
    "references of references": one(lambda n: crate_of("pub fn f(a: " + "&" * n + "u8) {}\n"), SURFACE, 50, 1000),
    "functions in functions of Rust": one(lambda n: crate_of(nested(n, "fn f() {", "", "}")), SURFACE, 50, 1000),
    "modules in modules": one(lambda n: crate_of(nested(n, "pub mod m {", "pub fn f() {}", "}")), SURFACE, 30, 500),
    "modules of a crate": one(
        lambda n: {**crate_of(times(n, lambda i: f"pub mod m{i};\n")), **{f"src/m{i}.rs": "pub fn f() {}\n" for i in range(n)}}, SURFACE, 30, 500
    ),
    "brackets of Rust": one(lambda n: crate_of("pub const X: u8 = " + nested(n, "(", "1", ")") + ";\n"), SURFACE, 500, 4000),
    "terms of a constant": one(lambda n: crate_of("pub const X: u8 = " + "1 + " * n + "1;\n"), SURFACE, 200, 4000),
    "constants in a chain": one(
        lambda n: crate_of(times(n, lambda i: f"pub const C{i}: u64 = C{i + 1} + C{i + 1};\n") + f"pub const C{n}: u64 = 1;\n"), SURFACE, 30, 500
    ),
    "globs in a ring": one(_globs, SURFACE, 16, 16, square=True),
    "globs in a chain": one(_glob_chain, SURFACE, 16, 100),
    "globs of all": one(_all_globs, SURFACE, 8, 16, square=True),
    "imports in a chain of Rust": one(
        lambda n: crate_of("mod a { pub fn n0() {} }\nuse a::n0;\n" + times(n, lambda i: f"pub use n{i} as n{i + 1};\n")), SURFACE, 30, 500
    ),
    "imports in a tree": one(
        lambda n: crate_of(f"mod a {{ {times(n, lambda i: f'pub fn f{i}() {{}} ')} }}\npub use a::{{{times(n, lambda i: f'f{i}, ')}}};\n"), SURFACE, 100, 2000
    ),
    "imports in trees": one(lambda n: crate_of("pub use " + nested(n, "a::{", "b", "}") + ";\n"), SURFACE, 30, 500),
    "features that all need all": one(_features, SURFACE, 16, 32, square=True),
    "features in a chain": one(lambda n: crate_of("", "[features]\n" + times(n, lambda i: f'f{i} = ["f{i + 1}"]\n') + f"f{n} = []\n"), SURFACE, 200, 2000),
    "features that need two": one(
        lambda n: crate_of("", "[features]\n" + times(n, lambda i: f'f{i} = ["f{i + 1}", "f{i + 2}"]\n') + f"f{n} = []\nf{n + 1} = []\n"), SURFACE, 200, 2000
    ),
    "default features": one(
        lambda n: crate_of("", "[features]\ndefault = [" + times(n, lambda i: f'"f{i}", ') + "]\n" + times(n, lambda i: f"f{i} = []\n")), SURFACE, 200, 2000
    ),
    "conditions of an item": one(lambda n: crate_of(_conditions(n) + " pub fn f() {}\n"), SURFACE, 50, 500),
    "conditions in conditions": one(lambda n: crate_of(f"#[cfg({nested(n, 'not(', 'unix', ')')})] pub fn f() {{}}\n"), SURFACE, 30, 500),
    "attributes of an item": one(lambda n: crate_of(times(n, lambda i: f'#[cfg(feature = "f{i}")] ') + "pub fn f() {}\n"), SURFACE, 50, 500),
    "items with conditions": one(lambda n: crate_of(times(n, lambda i: f'#[cfg(feature = "f{i}")] pub fn f{i}() {{}}\n')), SURFACE, 100, 1000),
    "one item with many conditions": one(lambda n: crate_of(times(n, lambda i: f'#[cfg(feature = "f{i}")] pub fn f() {{}}\n')), SURFACE, 50, 500),
    "conditions that add up": one(lambda n: crate_of(nested(n, '#[cfg(feature = "a")] pub mod m {', "pub fn f() {}", "}")), SURFACE, 20, 200),
    "raw strings that never end": one(lambda n: crate_of('pub const A: &str = r#"' * n), SURFACE, 30, 500),
    "raw strings of many hashes": one(lambda n: crate_of("pub fn f() {}\n" + "r" + "#" * n + '"' + ("#" * (n - 1) + '"') * 20 + "\n"), SURFACE, 30, 2000),
    "beginnings of raw strings": one(lambda n: crate_of(times(n, lambda i: f'const A{i}: &str = r{"#" * (i % 250)}"a;\n')), SURFACE, 30, 500),
    "strings that never end": one(lambda n: crate_of('const A: &str = "a;\n' * n + '"'), SURFACE, 30, 2000),
    "comments in comments": one(lambda n: crate_of("/*" * n + "*/" * n + "pub fn f() {}\n"), SURFACE, 100, 4000),
    "comments that never end": one(lambda n: crate_of("pub fn f() {}\n" + "/*" * n), SURFACE, 100, 4000),
    "characters that are none": one(lambda n: crate_of("pub fn f() {}\n" + "'" * n), SURFACE, 100, 4000),
    "lifetimes": one(lambda n: crate_of("pub fn f<" + times(n, lambda i: f"'a{i}, ") + ">() {}\n"), SURFACE, 100, 500),
    "brackets that never close": one(lambda n: crate_of("pub fn f() {}\n" + "fn g(" * n), SURFACE, 100, 2000),
    "angles that never close": one(lambda n: crate_of("pub fn f() {}\npub type A = " + "Vec<" * n), SURFACE, 100, 2000),
    "what is no Rust": one(lambda n: crate_of("pub fn f() {}\n" + ") ] } ; , " * n), SURFACE, 100, 4000),
    "errors line by line": one(lambda n: crate_of("pub fn f( {\n" * n), SURFACE, 100, 1000),
    "doc comments": one(lambda n: crate_of("/// a\n" * n + "pub fn f() {}\n"), SURFACE, 200, 20_000),
    "blank lines of Rust": one(lambda n: crate_of("\n" * n + "pub fn f() {}\n"), SURFACE, 0, 200_000),
    "crates that give on the next": one(_crates, SURFACE, 8, 16, square=True),
    "functions of Rust that take more": step(
        lambda n: crate_of(times(n, lambda i: f"pub fn f{i}() {{}}\n")), lambda n: crate_of(times(n, lambda i: f"pub fn f{i}(a: u8) {{}}\n")), 100, 1000
    ),
    "functions of Rust that are gone": step(lambda n: crate_of(times(n, lambda i: f"pub fn f{i}() {{}}\n")), lambda _: crate_of(""), 100, 1000),
    "functions of Rust that are renamed": step(
        lambda n: crate_of(times(n, lambda i: f"pub fn f{i}(a: u8) {{}}\n")), lambda n: crate_of(times(n, lambda i: f"pub fn g{i}(a: u8) {{}}\n")), 100, 1000
    ),
    "variants that are gone": step(
        lambda n: crate_of("pub enum E { " + times(n, lambda i: f"V{i}, ") + "}\n"), lambda _: crate_of("pub enum E { V0 }\n"), 100, 1000
    ),
    "impls that are gone": step(_traits, lambda n: crate_of("pub struct S;\n" + times(n, lambda i: f"pub trait T{i} {{ fn f(&self); }}\n")), 50, 500),
    "features that are gone": step(
        lambda n: crate_of("", "[features]\n" + times(n, lambda i: f"f{i} = []\n")), lambda _: crate_of("", "[features]\n"), 100, 2000
    ),
    "conditions that moved": step(
        lambda n: crate_of(times(n, lambda i: f'#[cfg(feature = "f{i}")] pub fn f{i}() {{}}\n')),
        lambda n: crate_of(times(n, lambda i: f'#[cfg(feature = "g{i}")] pub fn f{i}() {{}}\n')),
        50,
        500,
    ),
    "modules of Rust that moved": Shape(
        make=lambda repo, n: (
            repo.write(crate_of(times(n, lambda i: f"pub mod m{i} {{ pub fn f(a: u8) {{}} pub struct S; }}\n"))).commit(),
            repo.write(crate_of(times(n, lambda i: f"pub mod n{i} {{ pub fn f(a: u8) {{}} pub struct S; }}\n"))).commit(),
        ),
        ask=DIFF,
        size=50,
        large=500,
    ),
}
