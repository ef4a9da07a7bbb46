"""C headers that cannot be read whole: what is blind, and what is read all the same."""

from __future__ import annotations

import time

import pytest

from lockstep.model import Ecosystem, Package
from lockstep.surface import Surface
from lockstep.surfaces import c
from lockstep.surfaces.constant_expressions import number
from lockstep.tree import MemoryTree

PACKAGE = Package(name="a", ecosystem=Ecosystem.CARGO, root="", manifest="Cargo.toml", version=None)


def header(text: str) -> Surface:
    (found,) = c.read(MemoryTree({"include/a.h": text}), (PACKAGE,))
    return found


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("int a(void);\nDECLARE_HANDLE(b);\n", 2, "macro"),
        ("int a(void);\nnamespace x {\nint b;\n}\n", 2, "C++"),
        ("template <typename T>\nT a(T b);\n", 1, "C++"),
        ("int a(void);\nint (((;\n", 2, "preprocessor"),
        ("struct b {\n  int x;\n  FIELDS(y z)\n};\nint a(void);\n", 3, "preprocessor"),
        ("struct b {\n  int x;\n  FIELDS(y);\n  int z;\n};\nint a(void);\n", 3, "preprocessor"),
    ],
)
def test_what_needs_the_preprocessor_is_blind_with_its_line(text: str, line: int, why: str) -> None:
    found = header(text)
    assert [(one.place.line, why in one.why) for one in found.blind][:1] == [(line, True)]
    assert "C++" in why or "a" in found.items


@pytest.mark.parametrize(
    "text",
    [
        "#if A\n" * 2000,
        "(" * 20_000,
        "struct a { " * 2000,
        "#define A(x) " + "(" * 5000 + "\n",
        "enum { A = " + "(" * 150 + "1" + ")" * 150 + " };",
        "/*" * 10_000,
        "#if A\n#else\n" * 2000,
        "#if A\n" + "#elif B\nint x;\n" * 5000,
        "BEGIN" * 20_000,
        "int a(" + "int (*x)(" * 500,
        "typedef a a;\ntypedef b c; typedef c b;\nint f(a x, b y);\n",
    ],
    ids=lambda text: text[:12].strip(),
)
def test_hostile_headers_are_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    header(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 << 3", 8),
        ("0x10u", 16),
        ("010", 8),
        ("(1 | 2) & ~1", 2),
        ("-1", -1),
        ("'A'", 65),
        ("(uint32_t)7UL", 7),
        ("KNOWN + 1", 6),
        ('"a"', None),
        ("1 / 2", None),
        ("sizeof(int)", None),
        ("1 << 99", None),
        ("9" * 100, None),
        ("__import__('os')", None),
        ("UNKNOWN", None),
    ],
)
def test_constants_are_computed_where_integers_decide(text: str, value: int | None) -> None:
    assert number(text, {"KNOWN": "5"}) == value


def test_nothing_that_needs_the_preprocessor_is_passed_over_in_silence() -> None:
    found = header(
        "#define FIELDS(x) int x##_a;\n#define DECLARE(n) int a_get_##n(void)\n"
        "struct a_config { FIELDS(cfg) int size; };\nDECLARE(one);\nELSEWHERE(const char *path);\n"
        "struct a_odd { int x[A B]; };\nint a_fine(void);"
    )
    assert "a_fine" in found.items
    assert [(one.symbol, one.place.line) for one in found.blind] == [("a_config", 3), ("DECLARE", 4), ("ELSEWHERE", 5), ("a_odd", 6)]
