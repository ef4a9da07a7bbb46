"""The commands of a script."""

from __future__ import annotations

import pytest

from lockstep.workflow.shell import commands


@pytest.mark.parametrize(("script", "line"), [("a\n\nb", 2), ("a \\\n  x\nb", 2), ("a 'x\ny'\nb", 2), ("a <<E\nx\nE\nb", 3), ("a $(\nx\n)\nb", 3)])
def test_a_command_has_its_line(script: str, line: int) -> None:
    assert next(one.line for one in commands(script) if one.words == ("b",)) == line


def test_the_words_of_an_array_are_no_command() -> None:
    found = [one.words for one in commands('F=("log/release" x)\nF+=(\n  y z\n)\ncargo build "${F[@]}"\nlast')]
    assert [words for words in found if words] == [("cargo", "build", "log/release", "x", "y", "z"), ("last",)]
