"""One way to write a type: where a comma says nothing it goes, and a type of very many lists is left as it is."""

from __future__ import annotations

from lockstep.surfaces.rust.spelling import MOST_LISTS, spelled


def test_a_comma_at_the_end_goes_unless_it_makes_a_tuple() -> None:
    assert spelled("(u8, u16,)") == spelled("(u8, u16)")
    assert spelled("(u8,)") != spelled("(u8)")
    assert spelled("Fn(u8,)") == spelled("Fn(u8)")


def test_a_type_of_very_many_lists_is_left_as_it_is() -> None:
    few, many = ("Fn(" * count + "u8" + ",)" * count for count in (MOST_LISTS, MOST_LISTS + 1))
    assert "," not in spelled(few)
    assert spelled(many).count(",") == MOST_LISTS + 1
