"""Headers of C, and packages of Go."""

from __future__ import annotations

from tests.hostile.shapes import SURFACE, Files, Shape, crate_of, nested, one, step, times


def _c(text: str, **more: str) -> Files:
    return {**crate_of(""), "include/spam.h": text, **{f"include/{name}.h": one for name, one in more.items()}}


def _go(text: str) -> Files:
    return {"go.mod": "module example.org/spam\n", "a.go": "package spam\n\n" + text}


def _includes(count: int) -> Files:
    return _c('#include "h0.h"\n', **{f"h{n}": f'#include "h{n + 1}.h"\nint f{n}(void);\n' for n in range(count)})


def _all_includes(count: int) -> Files:
    lines = times(count, lambda n: f'#include "h{n}.h"\n')
    return _c(lines, **{f"h{n}": lines + f"int f{n}(void);\n" for n in range(count)})


SHAPES: dict[str, Shape] = {
    "functions of C": one(lambda n: _c(times(n, lambda i: f"int f{i}(int a);\n")), SURFACE, 200, 2000),
    "fields of a C struct": one(lambda n: _c("struct s { " + times(n, lambda i: f"int a{i}; ") + "};\n"), SURFACE, 200, 2000),
    "constants of a C enum": one(lambda n: _c("enum e { " + times(n, lambda i: f"A{i}, ") + "};\n"), SURFACE, 200, 2000),
    "constants of a C enum that add": one(lambda n: _c("enum e { A0 = 1, " + times(n, lambda i: f"A{i + 1} = A{i} + A{i}, ") + "};\n"), SURFACE, 50, 500),
    "structs in structs": one(lambda n: _c(nested(n, "struct { ", "int a; ", "} b; ") + "\n"), SURFACE, 20, 200),
    "structs of the last": one(lambda n: _c("struct s0 { int a; };\n" + times(n, lambda i: f"struct s{i + 1} {{ struct s{i} a, b; }};\n")), SURFACE, 20, 200),
    "macros of C": one(lambda n: _c(times(n, lambda i: f"#define A{i} {i}\n")), SURFACE, 200, 2000),
    "macros of C in a chain": one(lambda n: _c("#define A0 1\n" + times(n, lambda i: f"#define A{i + 1} A{i}\n") + f"int a[A{n}];\n"), SURFACE, 100, 1000),
    "macros of C that double": one(
        lambda n: _c("#define A0 1\n" + times(n, lambda i: f"#define A{i + 1} (A{i} + A{i})\n") + f"int a[A{n}];\n"), SURFACE, 20, 200
    ),
    "macros of C with arguments that double": one(
        lambda n: _c("#define A0(x) x\n" + times(n, lambda i: f"#define A{i + 1}(x) A{i}(x) A{i}(x)\n") + f"A{n}(int f(void);)\n"), SURFACE, 20, 200
    ),
    "headers that include the next": one(_includes, SURFACE, 20, 200),
    "headers that include all": one(_all_includes, SURFACE, 8, 16, square=True),
    "conditions of C in a row": one(lambda n: _c(times(n, lambda i: f"#ifdef A{i}\nint f{i}(void);\n#endif\n")), SURFACE, 100, 1000),
    "conditions of C in conditions": one(lambda n: _c(times(n, lambda i: f"#ifdef A{i}\n") + "int f(void);\n" + "#endif\n" * n), SURFACE, 50, 500),
    "alternatives of C": one(lambda n: _c("#if A\nint f(void);\n" + times(n, lambda i: f"#elif A{i}\nint f{i}(void);\n") + "#endif\n"), SURFACE, 50, 500),
    "terms of a C condition": one(lambda n: _c("#if " + " || ".join(f"defined(A{i})" for i in range(n)) + "\nint f(void);\n#endif\n"), SURFACE, 50, 500),
    "terms of a C condition, both": one(
        lambda n: _c("#if " + " && ".join(f"(defined(A{i}) || defined(B{i}))" for i in range(n)) + "\nint f(void);\n#else\nint g(void);\n#endif\n"),
        SURFACE,
        20,
        100,
    ),
    "brackets of a C condition": one(lambda n: _c("#if " + nested(n, "(", "A", ")") + "\nint f(void);\n#endif\n"), SURFACE, 50, 500),
    "denials of a C condition": one(lambda n: _c("#if " + "!" * n + "A\nint f(void);\n#endif\n"), SURFACE, 50, 500),
    "pointers of C": one(lambda n: _c("int " + "*" * n + "f(void);\n"), SURFACE, 100, 500),
    "functions that give functions": one(lambda n: _c("int " + nested(n, "(*", "f", "(void))") + ";\n"), SURFACE, 20, 100),
    "lines that go on": one(lambda n: _c("#define A \\\n" + "1 \\\n" * n + "1\n"), SURFACE, 0, 20_000),
    "comments of C that never end": one(lambda n: _c("int f(void);\n" + "/* " * n), SURFACE, 0, 20_000),
    "attributes of C": one(lambda n: _c("__attribute__((a)) " * n + "int f(void);\n"), SURFACE, 50, 500),
    "typedefs of C in a chain": one(lambda n: _c("typedef int t0;\n" + times(n, lambda i: f"typedef t{i} t{i + 1};\n") + f"t{n} f(void);\n"), SURFACE, 50, 500),
    "what is no C": one(lambda n: _c("int f(void);\n" + ") ] } ; , " * n), SURFACE, 100, 4000),
    "errors of C": one(lambda n: _c("int f( {\n" * n), SURFACE, 100, 1000),
    "linkage of C": one(lambda n: _c('extern "C" {\n' * n + "int f(void);\n" + "}\n" * n), SURFACE, 300, 2000),
    "functions of C that take more": step(
        lambda n: _c(times(n, lambda i: f"int f{i}(int a);\n")), lambda n: _c(times(n, lambda i: f"int f{i}(int a, int b);\n")), 100, 500
    ),
    "functions of Go": one(lambda n: _go(times(n, lambda i: f"func F{i}(a int) error {{ return nil }}\n")), SURFACE, 200, 2000),
    "fields of a Go struct": one(lambda n: _go("type T struct {\n" + times(n, lambda i: f"\tA{i} int\n") + "}\n"), SURFACE, 200, 2000),
    "structs in structs of Go": one(lambda n: _go("type T " + nested(n, "struct { A ", "int", " }") + "\n"), SURFACE, 30, 500),
    "structs that embed the last": one(
        lambda n: _go("type T0 struct { A int }\nfunc (t T0) F() {}\n" + times(n, lambda i: f"type T{i + 1} struct {{ T{i}; A{i + 1} int }}\n")),
        SURFACE,
        20,
        100,
        square=True,
    ),
    "structs that embed two": one(
        lambda n: _go(
            "type A0 struct{}\ntype B0 struct{}\n" + times(n, lambda i: f"type A{i + 1} struct {{ A{i}; B{i} }}\ntype B{i + 1} struct {{ A{i}; B{i} }}\n")
        ),
        SURFACE,
        10,
        20,
    ),
    "aliases of Go in a chain": one(lambda n: _go("type T0 = int\n" + times(n, lambda i: f"type T{i + 1} = T{i}\n")), SURFACE, 50, 500),
    "aliases of Go that double": one(
        lambda n: _go("type T0 = int\n" + times(n, lambda i: f"type T{i + 1} = map[T{i}]T{i}\n") + f"func F(a T{n}) {{}}\n"), SURFACE, 20, 100
    ),
    "interfaces that embed the last": one(
        lambda n: _go("type I0 interface { F() }\n" + times(n, lambda i: f"type I{i + 1} interface {{ I{i}; F{i}() }}\n")), SURFACE, 20, 100, square=True
    ),
    "constants of Go": one(lambda n: _go("const (\n\tA0 = iota\n" + times(n, lambda i: f"\tA{i + 1}\n") + ")\n"), SURFACE, 200, 2000),
    "constants of Go in a chain": one(lambda n: _go("const A0 = 1\n" + times(n, lambda i: f"const A{i + 1} = A{i} * A{i} + 1\n")), SURFACE, 30, 250),
    "shifts of Go": one(lambda n: _go(f"const A = 1 << {'9' * n}\nconst B = 1 << 1000000000\n"), SURFACE, 0, 4),
    "files of Go": one(
        lambda n: {"go.mod": "module example.org/spam\n", **{f"f{i}.go": f"package spam\n\nfunc F{i}() {{}}\n" for i in range(n)}}, SURFACE, 50, 500
    ),
    "brackets of Go": one(lambda n: _go("const A = " + nested(n, "(", "1", ")") + "\n"), SURFACE, 100, 1000),
    "errors of Go": one(lambda n: _go("func F( {\n" * n), SURFACE, 100, 1000),
    "functions of Go that take more": step(
        lambda n: _go(times(n, lambda i: f"func F{i}() {{}}\n")), lambda n: _go(times(n, lambda i: f"func F{i}(a int) {{}}\n")), 100, 500
    ),
}
