"""A version tuple keeps its quotes, names and gaps, and is written only where it shows how."""

from __future__ import annotations

import pytest

from lockstep.errors import VersionError
from lockstep.versions.agreement import says, written
from lockstep.versions.version import Spelling, read_any

MOVES = [
    ("1, 2, 0", "1.2.0", "1.3.0", "1, 3, 0"),
    ('"1","2","0"', "1.2.0", "1.10.0", '"1","10","0"'),
    ('1, 2, 0, "final", 0', "1.2.0", "1.3.0", '1, 3, 0, "final", 0'),
    ('1, 2, 0, "final", 0', "1.2.0", "1.3.0rc1", '1, 3, 0, "rc", 1'),
    ("1, 2, 0, 'alpha', 1", "1.2.0a1", "1.2.0b2", "1, 2, 0, 'beta', 2"),
    ("1, 2, 0, 'alpha', 1", "1.2.0a1", "1.2.0", "1, 2, 0, 'final', 0"),
    ("1, 2, 0, 'candidate', 1", "1.2.0rc1", "1.2.0rc2", "1, 2, 0, 'candidate', 2"),
    ('1, 2, 0, "alpha.1"', "1.2.0-alpha.1", "1.2.0-beta.1", '1, 2, 0, "beta.1"'),
    ('1, 2, 0, ".dev0"', "1.2.0.dev0", "1.3.0.dev0", '1, 3, 0, ".dev0"'),
    ("1, 2, 0, None", "1.2.0", "1.3.0", "1, 3, 0, None"),
    ("1, 2, 0, None", "1.2.0", "1.3.0-alpha.1", '1, 3, 0, "alpha.1"'),
    ("1, 2, 0, None", "1.2.0", "1.3.0rc1", '1, 3, 0, "rc1"'),
    ('"1", "2", "0rc1"', "1.2.0rc1", "1.2.0rc2", '"1", "2", "0rc2"'),
    ('"1", "2", "0rc1"', "1.2.0rc1", "1.2.0", '"1", "2", "0"'),
    ('major=1, minor=2, micro=0, releaselevel="final", serial=0', "1.2.0", "2.0.0b3", 'major=2, minor=0, micro=0, releaselevel="beta", serial=3'),
    ("1, 3, 0", "1.3.0rc1", "1.4.0rc1", "1, 4, 0"),
]


@pytest.mark.parametrize(("text", "old", "new", "wanted"), MOVES)
def test_moves(text: str, old: str, new: str, wanted: str) -> None:
    assert says(text, Spelling.TUPLE, read_any(old))
    assert written(text, Spelling.TUPLE, read_any(old), read_any(new)) == wanted
    assert says(wanted, Spelling.TUPLE, read_any(new))


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("1, 2, 0", "1.2.0", "1.3.0rc1"),
        ('1, 2, 0, "alpha.1"', "1.2.0-alpha.1", "1.2.0"),
        ('1, 2, 0, ""', "1.2.0", "1.3.0rc1"),
        ('1, 2, 0, "final", 0', "1.2.0", "1.2.0.1"),
        ('1, 2, 0, "final", 0', "1.2.0", "1.2.0.post1"),
        ('1, 2, 0, "final", 0', "1.2.0", "1.3.0-nightly.5"),
    ],
)
def test_refuses_what_it_does_not_show_how_to_write(text: str, old: str, new: str) -> None:
    with pytest.raises(VersionError):
        written(text, Spelling.TUPLE, read_any(old), read_any(new))


@pytest.mark.parametrize("text", ["1, 2, x", "1 2", "'spam', 1", "1, 2, 0, 'final', 3", "1, 2, 0, 'a', 'b'", "01, 2", "", ",", "1, 2,", "1, , 2"])
def test_is_no_version(text: str) -> None:
    with pytest.raises(VersionError):
        says(text, Spelling.TUPLE, read_any("1.2.0"))


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        ("10203", "1.2.3", "1.3.0", "10300"),
        ("1002003", "1.2.3", "1.10.0", "1010000"),
        ("0x010203", "1.2.3", "1.10.0", "0x010a00"),
        ("0X0A0203", "10.2.3", "10.11.0", "0X0A0B00"),
        ("0x01020300", "1.2.3", "1.3.0", "0x01030000"),
        ("0x010203F0", "1.2.3", "1.3.0rc1", "0x010300C1"),
        ("10200", "1.2.0-rc.1", "1.3.0-rc.1", "10300"),
    ],
)
def test_a_number_keeps_its_encoding(text: str, old: str, new: str, wanted: str) -> None:
    assert says(text, Spelling.INTEGER, read_any(old))
    assert written(text, Spelling.INTEGER, read_any(old), read_any(new)) == wanted


@pytest.mark.parametrize(
    ("text", "old", "new"), [("10203", "1.2.3", "1.3.0rc1"), ("10203", "1.2.3", "1.100.0"), ("10203", "1.2.4", "1.3.0"), ("0x010203F0", "1.2.3", "1.300.0")]
)
def test_a_number_that_cannot_hold_the_version_is_refused(text: str, old: str, new: str) -> None:
    with pytest.raises(VersionError):
        written(text, Spelling.INTEGER, read_any(old), read_any(new))


def test_one_is_no_version_of_a_first_patch() -> None:
    assert not says("1", Spelling.INTEGER, read_any("0.0.1"))


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        ("alpha.1", "1.2.0-alpha.1", "1.2.0-beta.1", "beta.1"),
        ("-dev", "1.2.0-dev", "1.3.0-dev", "-dev"),
        ("rc1", "1.2.0-rc.1", "1.2.0", ""),
        ("", "1.2.0", "1.3.0", ""),
    ],
)
def test_a_pre_release_alone(text: str, old: str, new: str, wanted: str) -> None:
    assert says(text, Spelling.PRE, read_any(old))
    assert written(text, Spelling.PRE, read_any(old), read_any(new)) == wanted


def test_an_empty_pre_release_does_not_show_how_to_write_one() -> None:
    with pytest.raises(VersionError):
        written("", Spelling.PRE, read_any("1.2.0"), read_any("1.3.0-rc.1"))
