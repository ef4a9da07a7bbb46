"""What is said of one thing under several paths is owed once."""

from __future__ import annotations

import pytest

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.model import Place
from lockstep.review.notes_owed import merged


def gone(symbol: str, *, line: int | None = 7, kind: ChangeKind = ChangeKind.BREAK, old: str = "fn melt()") -> Change:
    return Change(
        kind=kind, symbol=symbol, message=f"{symbol} is gone", place=Place(path="src/lib.rs", line=line), rule="function-removed", old=old, language="rust"
    )


@pytest.mark.parametrize("kind", [ChangeKind.BREAK, ChangeKind.ADDITION])
def test_one_thing_under_two_paths_is_owed_once_and_either_names_it(kind: ChangeKind) -> None:
    (one,) = merged([gone("dairy::cheese::rind::melt", kind=kind), gone("cheese::melt", kind=kind)])
    assert (one.symbol, one.kin) == ("cheese::melt", ("dairy::cheese::rind::melt",))


@pytest.mark.parametrize(
    "other",
    [
        gone("cheese::cut"),
        gone("dairy::cheese::melt", line=8),
        gone("dairy::cheese::melt", old="fn melt(u8)"),
        gone("dairy::Rind::melt"),
    ],
    ids=["another name", "another place", "another signature", "a member of a type: a macro writes many at one place"],
)
def test_two_things_are_two(other: Change) -> None:
    assert len(merged([gone("cheese::melt"), other])) == 2


def test_where_no_line_is_known_nothing_is_joined() -> None:
    assert len(merged([gone("cheese::melt", line=None), gone("dairy::cheese::melt", line=None)])) == 2
