"""What is too much Rust is told with its size, and each limit once."""

from __future__ import annotations

import pytest

from lockstep.surfaces.rust_source import budget
from lockstep.surfaces.rust_source.budget import Budget


def test_a_file_that_is_too_large_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "LARGEST", 150_000)
    one = Budget()
    why = one.refuses("x" * 2_400_000)
    assert why is not None
    assert "2.4 million characters, at most 0.1 million" in why
    assert "divide it" in why
    assert one.refuses_more() is None
    assert one.refuses("pub fn f() {}") is None


def test_a_table_of_numbers_is_judged_by_its_commas() -> None:
    assert Budget().refuses("// words and words\n" * 100_000) is None
    assert "commas, brackets and operators" in (Budget().refuses("1," * (budget.MOST_SIGNS_OF_A_FILE + 1)) or "")


def test_a_library_that_is_too_large_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_SIGNS", 10)
    one = Budget()
    assert one.refuses("fn f() {}") is None
    assert "nor the rest is read" in (one.refuses("fn f() {} fn g() {} fn h() {}") or "")
    assert one.refuses_more() == ""


def test_too_many_files_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_FILES", 1)
    one = Budget()
    assert [one.refuses_more() for _ in range(3)] == [None, "more than 1 files; the rest is not read", ""]


def test_raw_strings_that_never_end_are_counted_before_the_parser_reads_them() -> None:
    assert Budget().refuses('pub const A: &str = r#"' * 21) == "more than 20 raw strings of the file never end"
    assert Budget().refuses('pub const A: &str = r#"' * 20) is None
    assert Budget().refuses('const A: &str = r#"a"#; const B: &[u8] = br##"a"# b"##; const C: &str = r"a";\n' * 100) is None
