"""Requirements: what the three worlds mean by them.

The tables were decided by Rust's semver crate 1.0.28 (its tests and the examples of the Cargo reference among them), by npm's semver
7.8.6 and by poetry-core 2.5.0; packaging is asked directly.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from lockstep.errors import VersionError
from lockstep.versions.requirement import comparators, npm_comparators, pep440_specifiers, satisfies, semver_order
from lockstep.versions.version import Spelling, Version
from tests.conftest import examples, soon

CARGO, NPM, PEP440 = Spelling.CARGO_REQUIREMENT, Spelling.NPM_RANGE, Spelling.PEP440_SPECIFIERS
laws = settings(derandomize=True, max_examples=examples(150), deadline=None)


def cases(table: str) -> list[tuple[str, str, bool]]:
    """Read lines of `requirement | versions inside | versions outside`."""
    found = []
    for line in table.strip("\n").splitlines():
        requirement, inside, outside = (part.strip() if i else part.strip(" ").replace("_", " ") for i, part in enumerate(line.split("|")))
        found += [(requirement, version, True) for version in inside.split()] + [(requirement, version, False) for version in outside.split()]
    return found


# ---- Cargo

CARGO_CASES = cases("""
1.0.0               | 1.0.0 1.1.0 1.0.1                       | 0.9.9 0.10.0 0.1.0 1.0.0-pre 1.0.1-pre 2.0.0
=1.0.0              | 1.0.0                                   | 1.0.1 0.9.9 0.10.0 0.1.0 1.0.0-pre
=0.9.0              | 0.9.0                                   | 0.9.1 1.9.0 0.0.9 0.9.0-pre
=0.0.2              | 0.0.2                                   | 0.0.1 0.0.3 0.0.2-pre
=0.1.0-beta2.a      | 0.1.0-beta2.a                           | 0.9.1 0.1.0 0.1.1-beta2.a 0.1.0-beta2
=0.1.0+meta         | 0.1.0 0.1.0+meta 0.1.0+any              | 0.1.1
>=_1.0.0            | 1.0.0 2.0.0                             | 0.1.0 0.0.1 1.0.0-pre 2.0.0-pre
>=_2.1.0-alpha2     | 2.1.0-alpha2 2.1.0-alpha3 2.1.0 3.0.0   | 2.0.0 2.1.0-alpha1 2.0.0-alpha2 3.0.0-alpha2
<_1.0.0             | 0.1.0 0.0.1                             | 1.0.0 1.0.0-beta 1.0.1 0.9.9-alpha
<=_2.1.0-alpha2     | 2.1.0-alpha2 2.1.0-alpha1 2.0.0 1.0.0   | 2.1.0 2.2.0-alpha1 2.0.0-alpha2 1.0.0-alpha2
>1.0.0-alpha,_<1.0.0 | 1.0.0-beta                             | 1.0.0
>1.0.0-alpha,_<1.0  |                                         | 1.0.0-beta
>1.0.0-alpha,_<1    |                                         | 1.0.0-beta
>_0.0.9,_<=_2.5.3   | 0.0.10 1.0.0 2.5.3                      | 0.0.8 2.5.4
0.3.0,_0.4.0        |                                         | 0.0.8 0.3.0 0.4.0
<=_0.2.0,_>=_0.5.0  |                                         | 0.0.8 0.3.0 0.5.1
0.1.0,_0.1.4,_0.1.6 | 0.1.6 0.1.9                             | 0.1.0 0.1.4 0.2.0
>=0.5.1-alpha3,_<0.6 | 0.5.1-alpha3 0.5.1-alpha4 0.5.1-beta 0.5.1 0.5.5 | 0.5.1-alpha1 0.5.2-alpha3 0.5.5-pre 0.5.0-pre 0.6.0 0.6.0-pre
~1                  | 1.0.0 1.0.1 1.1.1                       | 0.9.1 2.9.0 0.0.9
~1.2                | 1.2.0 1.2.1                             | 1.1.1 1.3.0 0.0.9
~1.2.2              | 1.2.2 1.2.4                             | 1.2.1 1.9.0 1.0.9 2.0.1 0.1.3
~1.2.3-beta.2       | 1.2.3 1.2.4 1.2.3-beta.2 1.2.3-beta.4   | 1.3.3 1.1.4 1.2.3-beta.1 1.2.4-beta.2
^1                  | 1.1.2 1.1.0 1.2.1 1.0.1                 | 0.9.1 2.9.0 0.1.4 1.0.0-beta1 0.1.0-alpha 1.0.1-pre
^1.1                | 1.1.2 1.1.0 1.2.1                       | 0.9.1 2.9.0 1.0.1 0.1.4
^1.1.2              | 1.1.2 1.1.4 1.2.1                       | 0.9.1 2.9.0 1.1.1 0.0.1 1.1.2-alpha1 1.1.3-alpha1 2.9.0-alpha1
^0.1.2              | 0.1.2 0.1.4                             | 0.9.1 2.9.0 1.1.1 0.0.1 0.1.2-beta 0.1.3-alpha 0.2.0-pre
^0.5.1-alpha3       | 0.5.1-alpha3 0.5.1-alpha4 0.5.1-beta 0.5.1 0.5.5 | 0.5.1-alpha1 0.5.2-alpha3 0.5.5-pre 0.5.0-pre 0.6.0
^0.0.2              | 0.0.2                                   | 0.9.1 2.9.0 1.1.1 0.0.1 0.1.4
^0.0                | 0.0.2 0.0.0                             | 0.9.1 2.9.0 1.1.1 0.1.4
^0                  | 0.9.1 0.0.2 0.0.0                       | 2.9.0 1.1.1
^1.4.2-beta.5       | 1.4.2 1.4.3 1.4.2-beta.5 1.4.2-beta.6 1.4.2-c | 0.9.9 2.0.0 1.4.2-alpha 1.4.2-beta.4 1.4.3-beta.5
*                   | 0.9.1 2.9.0 0.0.9 1.0.1 1.1.1           | 1.0.0-pre
x                   | 1.0.0                                   | 1.0.0-pre
_X_                 | 1.0.0                                   | 1.0.0-pre
1.*                 | 1.2.0 1.2.1 1.1.1 1.3.0                 | 0.0.9 1.2.0-pre 2.0.0
1.*.*               | 1.2.0                                   | 2.0.0
1.2.*               | 1.2.0 1.2.2 1.2.4                       | 1.9.0 1.0.9 2.0.1 0.1.3 1.2.2-pre
=2.1.1-really.0     | 2.1.1-really.0                          | 2.1.1
0.*.*               | 0.5.0                                   | 1.0.0
0.0.*               | 0.0.1                                   | 0.1.0
1.2.3               | 1.2.3 1.9.9                             | 2.0.0
1.2                 | 1.2.0 1.9.9                             | 1.1.9 2.0.0
0.2.3               | 0.2.3 0.2.9                             | 0.3.0
0.2                 | 0.2.0                                   | 0.3.0
0.0.3               | 0.0.3                                   | 0.0.4
0.0                 | 0.0.9                                   | 0.1.0
0                   | 0.9.9                                   | 1.0.0
>=1.2.0             | 1.2.0 3.0.0                             | 1.1.9
>1                  | 2.0.0                                   | 1.0.0 1.9.9
>1.2                | 1.3.0                                   | 1.2.9
>=1                 | 1.0.0 2.0.0                             | 0.9.9
<2                  | 1.9.9                                   | 2.0.0
<=1.2               | 1.2.9                                   | 1.3.0
<=1                 | 1.9.9                                   | 2.0.0
=1.2                | 1.2.9                                   | 1.3.0
=1                  | 1.9.9                                   | 2.0.0
>=1.2,_<1.5         | 1.2.3 1.4.9                             | 1.5.0
^1.*                | 1.9.9                                   | 2.0.0
~1.2.x              | 1.2.9                                   | 1.3.0
^0.*                | 0.9.0                                   | 1.0.0
^0.0.*              | 0.0.9                                   | 0.1.0
>1.*                | 2.0.0                                   | 1.9.9
<=1.2.*             | 1.2.9                                   | 1.3.0
^1,_>=1.0.0-alpha   | 1.0.0-beta                              | 2.0.0
~1,_>=1.0.0-alpha   |                                         | 1.0.0-beta
1.*,_>=1.0.0-alpha  | 1.0.0                                   | 1.0.0-beta
~1.0,_>1.0.0-alpha  | 1.0.1                                   | 1.0.0-beta
>=1.0.0-0           | 1.0.0-0 1.0.0-alpha 1.0.0               | 0.9.9
>=1.0.0-rc.9        | 1.0.0-rc.10 1.0.0-rc.9                  | 1.0.0-rc.8 1.0.0-beta.10
>=1.0.0-rc9         | 1.0.0-rc9                               | 1.0.0-rc10 1.0.0-rc.9 1.0.0-rc.10
=1.0.0-rc3          | 1.0.0-rc3                               | 1.0.0-rc.3
^1.0.0-alpha        | 1.0.0-alpha 1.0.0-alpha.0 1.0.0-alpha.1 1.0.0-dev | 1.0.0-Alpha 1.0.0-1
=1.2.3-01a          | 1.2.3-01a                               | 1.2.3-1a
=1.2.3--            | 1.2.3--                                 | 1.2.3
18446744073709551615 | 18446744073709551615.0.0               | 0.0.0
_1.0_,_<_1.5_       | 1.4.0                                   | 1.5.0
""")


@pytest.mark.parametrize(("requirement", "version", "inside"), CARGO_CASES)
def test_cargo_decides(requirement: str, version: str, inside: bool) -> None:  # noqa: FBT001 - a column of a table
    assert satisfies(requirement, CARGO, Version.read(version)) is inside


@pytest.mark.parametrize(
    "requirement",
    [
        "", " ", ",", "> 0.1.0,", "> 0.3.0, ,", ",1", "1.2.3 - 2.3.4", "> 0.0.9 <= 2.5.3", "=1.2.3 || =2.3.4", "1.1 || =1.2.3", "\0", ">= >= 0.0.2",
        ">== 0.0.2", "a.0.0", "1.0.0-", "1.0.0+", ">=", "1.2.3-01", "1.2.3+4.", "1.", "1.*.", "*.1", "*.*", "1.*.1", ">=1.*.1", "1.2.*.*", "1.2.3.*",
        "*, 0.20.0-any", "0.20.0-any, *", "0.20.0-any, *, 1.0", ">*", "=*", "1.2-a", "1.2+b", "1.*-a", "1.*+b", "1.2.3.4", "01", "1.02", "1.0.00",
        "v1.2.3", "1.0.0\n", "\t1.0.0", "1.0.0-a..b", "1.0.0-\u00e4", "1.2.3+4\u00ff", "\u0661.0.0", "18446744073709551616", "0.18446744073709551616",
        "==1.0", "!=1.0", "~>1.0", "~=1.0", "1.0;", "1 .0", "1. 0", "latest", ", ".join(f">{number}" for number in range(33)), "9" * 300,
        "9" * 10_000_000, "1, " * 1_000_000 + "1",
    ],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_cargo_refuses(requirement: str) -> None:
    with soon(5):
        with pytest.raises(VersionError) as caught:
            satisfies(requirement, CARGO, Version.read("1.0.0"))
        assert caught.value.help
        assert len(caught.value.message) < 200


def test_cargo_reads_32_comparators() -> None:
    assert satisfies(", ".join(f">{number}" for number in range(32)), CARGO, Version.read("40.0.0"))


def test_a_comparator_knows_its_place() -> None:
    text = " >= 1.2.0-rc.1+b , < 2.*"
    first, second = comparators(text)
    assert (first.op, first.operand, first.numbers, first.pre, first.wild) == (">=", "1.2.0-rc.1+b", (1, 2, 0), "rc.1", False)
    assert (second.op, second.operand, second.numbers, second.parts, second.wild) == ("<", "2.*", (2,), 1, True)
    assert all(text[one.start : one.end] == one.operand for one in (first, second))
    assert comparators("1.2")[0].op == "^"
    assert comparators("1.*")[0].op == "="
    assert npm_comparators("1.2")[0].op == "="
    assert pep440_specifiers("1.2")[0].op == "=="


def test_a_version_of_python_takes_the_manner_of_the_requirement() -> None:
    # A group that reads its version from pyproject.toml says rc3; whether the crate says rc3 or rc.3 is the crate's own matter.
    version = Version.read("1.24.0rc3", Spelling.PEP440)
    assert satisfies("=1.24.0-rc3", CARGO, version)
    assert satisfies("=1.24.0-rc.3", CARGO, version)
    assert not satisfies("=1.24.0-rc.2", CARGO, version)
    assert satisfies("^1.2", CARGO, Version.read("1.2", Spelling.PEP440))
    assert semver_order(version) == semver_order(Version.read("1.24.0-rc.3"))
    for python in ("1.2.0.post1", "1.2.3.4"):
        with pytest.raises(VersionError):
            satisfies("^1.2", CARGO, Version.read(python, Spelling.PEP440))


# ---- npm

NPM_CASES = cases("""
1.2.3               | 1.2.3                                   | 1.2.4 1.2.3-rc.1
=1.2.3              | 1.2.3                                   | 1.2.4
v1.2.3              | 1.2.3                                   | 1.2.4
=v1.2.3+build       | 1.2.3 1.2.3+other                       | 1.2.4
^1.2.3              | 1.2.3 1.9.0                             | 1.2.2 2.0.0 2.0.0-0 1.3.0-rc.1
^0.2.3              | 0.2.3 0.2.9                             | 0.3.0
^0.0.3              | 0.0.3                                   | 0.0.4
^1.2.3-beta.2       | 1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.9.0   | 1.2.3-beta.1 1.2.4-beta.2
^0.0.3-beta         | 0.0.3-beta 0.0.3-pr.2 0.0.3             | 0.0.4 0.0.2
^1.2.x              | 1.2.0 1.9.0                             | 2.0.0
^0.0.x              | 0.0.9                                   | 0.1.0
^0.0                | 0.0.9                                   | 0.1.0
^1.x                | 1.0.0 1.9.0                             | 2.0.0
^0.x                | 0.9.0                                   | 1.0.0
^*                  | 1.0.0                                   | 1.0.0-rc.1
~1.2.3              | 1.2.3 1.2.9                             | 1.2.2 1.3.0
~1.2                | 1.2.0 1.2.9                             | 1.3.0
~1                  | 1.0.0 1.9.0                             | 2.0.0
~>_1.2.3            | 1.2.9                                   | 1.3.0
~1.2.3-beta.2       | 1.2.3-beta.2 1.2.3                      | 1.2.4-beta.2 1.3.0
*                   | 0.0.0 1.2.3                             | 1.2.3-rc.1
                    | 0.0.0 1.2.3                             | 1.2.3-rc.1
x                   | 1.2.3                                   | 1.2.3-rc.1
1.x                 | 1.0.0 1.9.9                             | 2.0.0 2.0.0-0
1.2.X               | 1.2.0                                   | 1.3.0
1                   | 1.9.9                                   | 2.0.0
1.2                 | 1.2.9                                   | 1.3.0
1.2+build           | 1.2.9                                   | 1.3.0
1.2.x-beta          | 1.2.9                                   | 1.2.3-beta
>1.2                | 1.3.0                                   | 1.2.9
>1                  | 2.0.0                                   | 1.9.9
>=1.2               | 1.2.0                                   | 1.1.9
<1.2                | 1.1.9                                   | 1.2.0 1.2.0-0
<=1.2               | 1.2.9                                   | 1.3.0
<=1                 | 1.9.9                                   | 2.0.0
<*                  |                                         | 0.0.0 1.0.0
>x                  |                                         | 0.0.0 1.0.0
>=*                 | 0.0.0                                   | 1.0.0-rc.1
>=_1.2.0_<2.0.0     | 1.2.0 1.9.9                             | 2.0.0 1.1.9
>=1.2.0-alpha_<1.2.0 | 1.2.0-beta                             | 1.2.0 1.1.0
>=0.0.0_<=0.0.0-beta | 0.0.0-alpha                            | 0.0.1
1.x_>=1.5.0-alpha   | 1.5.0-beta 1.5.0                        | 1.6.0-beta 2.0.0
1.x_>=1.0.0-alpha   | 1.0.0                                   | 1.0.0-beta
1.2.3_-_2.3.4       | 1.2.3 2.3.4                             | 2.3.5 1.2.2
1.2_-_2.3           | 1.2.0 2.3.9                             | 2.4.0
1.2.3_-_2           | 2.9.9                                   | 3.0.0
1.2.3-a_-_2.3.4-b   | 1.2.3-b 2.3.4-a                         | 2.3.4-c 2.3.4
x_-_1.2             | 1.2.9                                   | 1.3.0
>1.0.0-rc.9         | 1.0.0-rc.10 1.0.0                       | 1.0.0-rc.9
""")
NPM_OR = [
    ("^1.0.0 || ^2.0.0", "2.5.0", True),
    ("^1.0.0||^2.0.0", "3.0.0", False),
    ("1.x || >=2.5.0 || 5.0.0 - 7.2.3", "6.0.0", True),
    ("1.2.7 || >=1.2.9 <2.0.0", "1.2.8", False),
    ("^1.0.0 ||", "9.0.0", True),
    ("* || 1.0.0-rc.1", "1.0.0-rc.1", False),
    ("^1.0.0-rc.1 || ^2.0.0", "1.0.0-rc.2", True),
    ("workspace:^1.0.0", "1.5.0", True),
    ("workspace:^1.0.0", "2.0.0", False),
    ("workspace:*", "2.0.0-rc.1", True),
    ("workspace:^", "2.0.0-rc.1", True),
    ("workspace:~", "2.0.0", True),
]


@pytest.mark.parametrize(("requirement", "version", "inside"), [*NPM_CASES, *NPM_OR])
def test_npm_decides(requirement: str, version: str, inside: bool) -> None:  # noqa: FBT001 - a column of a table
    assert satisfies(requirement, NPM, Version.read(version)) is inside


@pytest.mark.parametrize(
    "requirement",
    [
        "latest", "file:../a", "npm:b@^1", "workspace:../a", "1.", ".1", "1..2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2-beta", "1.x-beta", "*.1", "1.x.3",
        ">=1.2.3,<2", "1.2.3 -", "- 1", "1 - 2 - 3", ">1 - 2", "1 2 - 3", "1.2.3-01", "9007199254740992.0.0", "\u0661", ">=", "^", "1 || latest",
        "^^1.2.3", "9" * 10_000_000, "||" * 1_000_000, " " * 1_000_000 + "a",
    ],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_npm_refuses(requirement: str) -> None:
    with soon(5):
        with pytest.raises(VersionError) as caught:
            satisfies(requirement, NPM, Version.read("1.0.0"))
        assert caught.value.help


# ---- Python

POETRY_CASES = cases("""
^1.2.3              | 1.2.3 1.9.9 1.2.3.post1                 | 1.2.2 2.0.0 2.0.0a1 2.0.0.dev0 1.2.3rc1
^1.2                | 1.2.0 1.9.9                             | 2.0.0
^1                  | 1.0.0 1.9.9                             | 2.0.0
^0.2.3              | 0.2.3 0.2.9                             | 0.3.0 0.3.0rc1
^0.0.3              | 0.0.3                                   | 0.0.4
^0.0                | 0.0.9                                   | 0.1.0
^0                  | 0.9.9                                   | 1.0.0
^0.5.0rc1           | 0.5.0rc1 0.5.0rc2 0.5.9                 | 0.5.0b1 0.6.0
~1.2.3              | 1.2.3 1.2.9                             | 1.3.0
~1.2                | 1.2.0 1.2.9                             | 1.3.0
~1                  | 1.9.9                                   | 2.0.0
~_1.2.3             | 1.2.9                                   | 1.3.0
*                   | 0.0.0 1.2.3rc1                          |
1.*                 | 1.9.9                                   | 2.0.0
1.2.*               | 1.2.9                                   | 1.3.0
1.2.3               | 1.2.3 1.2.3.0                           | 1.2.4 1.2.3rc1
=1.2.3              | 1.2.3                                   | 1.2.4
<>1.2.3             | 1.2.4                                   | 1.2.3
>=1.2_<1.5          | 1.4.9                                   | 1.5.0
^1.2,!=1.3.0        | 1.4.0                                   | 1.3.0 2.0.0
                    | 0.1.0 1.0.0rc1                          |
>=1.2,              | 1.2.0                                   | 1.1.0
""")
POETRY_OR = [
    ("^1.0 || ^2.0", "2.5.0", True),
    ("^1.0 | ^2.0", "2.5.0", True),
    ("^1.0||^2.0", "3.0.0", False),
    ("<1.0 || >=1.5,<2", "1.2", False),
]


@pytest.mark.parametrize(("requirement", "version", "inside"), [*POETRY_CASES, *POETRY_OR])
def test_poetry_decides(requirement: str, version: str, inside: bool) -> None:  # noqa: FBT001 - a column of a table
    assert satisfies(requirement, PEP440, Version.read(version, Spelling.PEP440)) is inside


numbers = st.sampled_from(["0", "1", "2", "10"])
releases = st.lists(numbers, min_size=1, max_size=4).map(".".join)
suffixes = st.sampled_from(["", "", "", "a1", "b2", "rc1", ".dev0", ".post1", "a1.dev2", "-rc.1", "-alpha1", "RC2"])
pythons = st.builds("{}{}".format, releases, suffixes)
specifiers = st.one_of(
    st.builds("{}{}{}".format, st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~=", "==="]), st.sampled_from(["", " "]), pythons),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!=", ">=", "==="]), releases),
    st.sampled_from(["==1.0+local", ">=1.0+local", "==v1.0", "~=1", "===foo", "==1!1.0", ">=", "==1..0"]),
)


@settings(laws, max_examples=examples(400))
@given(st.lists(specifiers, min_size=1, max_size=3), st.sampled_from([",", ", ", " , "]), pythons)
def test_packaging_decides(found: list[str], comma: str, version: str) -> None:
    requirement = comma.join(found)
    try:
        expected = SpecifierSet(requirement).contains(version, prereleases=True)
    except InvalidSpecifier:
        with pytest.raises(VersionError, match="is no version specifier"):
            satisfies(requirement, PEP440, Version.read(version, Spelling.PEP440))
        return
    assert satisfies(requirement, PEP440, Version.read(version, Spelling.PEP440)) is expected


@pytest.mark.parametrize(
    "requirement",
    ["latest", "^1.*", ">=1.*", "~=1", ">=*", "==1.0.*.*", "^", "1 -", "(>=1)", ">=1;", "git+https://example.org", "9" * 10_000_000, ">=1," * 1_000_000],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_python_refuses(requirement: str) -> None:
    with soon(5):
        with pytest.raises(VersionError) as caught:
            satisfies(requirement, PEP440, Version.read("1.0.0"))
        assert caught.value.help


def test_python_asks_for_a_version_that_it_can_spell() -> None:
    with pytest.raises(VersionError, match="PEP 440 cannot spell"):
        satisfies(">=1.0", PEP440, Version.read("1.0.0-nightly"))
