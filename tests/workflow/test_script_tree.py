"""The structure of a script."""

from __future__ import annotations

from lockstep.workflow.script_tree import DEEPEST, If, parse_script
from lockstep.workflow.shell import statements


def test_what_is_nested_endlessly_is_passed_over_and_what_follows_is_read() -> None:
    for opening, closing in (("if b; then\n", "fi\n"), ("{\n", "}\n"), ("if b; then\nc\nelse\n", "fi\n")):
        first, last = parse_script(statements(opening * 700 + "a\n" + closing * 700 + "if x; then\ny\nfi\n"))
        assert isinstance(last, If)
        assert [one.words for one in last.test] == [("x",)]
        assert first != last


def test_what_is_nested_as_people_do_is_read_to_its_end() -> None:
    [part] = parse_script(statements("if b; then\n" * DEEPEST + "a\n" + "fi\n" * DEEPEST))
    for _ in range(DEEPEST - 1):
        assert isinstance(part, If)
        [part] = part.then
    assert isinstance(part, If)
    assert part.then != ()
