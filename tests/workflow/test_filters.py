"""Which names pass a filter of `on.push`: the table is GitHub's cheat sheet, and what a pattern costs is counted."""

from __future__ import annotations

import pytest

from lockstep.errors import ManifestError
from lockstep.text.yaml import Scalar, Sequence, read
from lockstep.workflow import filters, reading
from lockstep.workflow.filters import starts

PASSES = [
    (["v*"], "v1.2.3"), (["v[0-9]+.[0-9]+.[0-9]+"], "v10.20.30"), (["**"], "a/b"), (["*"], "main"), (["releases/**"], "releases/a/b"), (["v1?"], "v"),
    (["v1+"], "v111"), (["v?1"], "1"), (["*.js"], "a.js"), (["**.js"], "a/b.js"), (["v*", "!v2"], "v1"), (["!v1", "v*"], "v1"), (["?"], "?"), (["+"], "+"),
    (["a??"], "?"), (["[9-0]"], "[9-0]"), (["v[0-9]?"], "v"), (["a.b"], "a.b"),
]  # fmt: skip
FAILS = [
    (["v*"], "v1/2"), (["v[0-9]+"], "v"), (["*"], "a/b"), (["v1"], "v12"), (["v*", "!v2"], "v2"), ([], "v1"), (["a.b"], "axb"), (["*.js"], "a/b.js"),
    (["[9-0]"], "5"), (["v1+"], "v"),
]  # fmt: skip


def _filters(patterns: list[str]) -> tuple[Scalar, ...]:
    node = read("a.yml", f"- {patterns!r}")
    assert isinstance(node, Sequence)
    (inner,) = node.items
    assert isinstance(inner, Sequence)
    return tuple(one for one in inner.items if isinstance(one, Scalar))


@pytest.mark.parametrize(("patterns", "name"), PASSES)
def test_a_name_passes(patterns: list[str], name: str) -> None:
    assert starts(_filters(patterns), name)


@pytest.mark.parametrize(("patterns", "name"), FAILS)
def test_a_name_does_not_pass(patterns: list[str], name: str) -> None:
    assert not starts(_filters(patterns), name)


def test_a_pattern_of_stars_takes_each_character_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends: with backtracking, the way through these takes longer than anybody lives."""
    asked: list[int] = []
    behind = filters._behind  # noqa: SLF001 - what it does for each character

    def count(parts: tuple[tuple[str, str], ...], states: set[int]) -> set[int]:
        asked.append(len(states))
        return behind(parts, states)

    monkeypatch.setattr(filters, "_behind", count)
    assert not starts(_filters(["*a" * 140 + "b", "[0-9]+" * 40 + "x"]), "a" * 250)
    assert not starts(_filters(["[0-9]+" * 40 + "x"]), "1" * 250)
    assert len(asked) < 1000
    assert max(asked) <= 2 * 281


def test_a_filter_of_many_patterns_is_refused_with_its_place() -> None:
    names = ", ".join(f"v{one}" for one in range(reading.MOST_PATTERNS + 1))
    text = f"on:\n  push:\n    tags: [{names}]\njobs:\n  a: {{runs-on: u, steps: [{{run: a}}]}}\n"
    with pytest.raises(ManifestError, match="more than 200 patterns of tags") as error:
        reading.workflow("a.yml", text, lambda _: None)
    assert error.value.line == 3
