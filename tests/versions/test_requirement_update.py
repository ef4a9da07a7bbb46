"""Requirements after a bump: what moves, what stays, and what cannot be moved."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lockstep.errors import VersionError
from lockstep.versions.requirement import satisfies
from lockstep.versions.requirement_update import updated
from lockstep.versions.version import Pre, PreKind, Spelling, Version, is_semver, read_any
from tests.conftest import examples

CARGO, NPM, PEP440 = Spelling.CARGO_REQUIREMENT, Spelling.NPM_RANGE, Spelling.PEP440_SPECIFIERS
laws = settings(derandomize=True, max_examples=examples(150), deadline=None)


def moves(table: str) -> list[tuple[str, str, str, str]]:
    """Read lines of `requirement | old | new | after`; = stays as it is."""
    rows = [tuple(part.strip() for part in line.split(";")) for line in table.strip().splitlines()]
    return [(requirement, old, new, requirement if after == "=" else after) for requirement, old, new, after in rows]


CARGO_MOVES = moves("""
0.4.0                 ; 0.4.0         ; 0.5.0         ; 0.5.0
^0.4.0                ; 0.4.0         ; 0.4.1         ; ^0.4.1
=0.4.0                ; 0.4.0         ; 0.4.1         ; =0.4.1
~0.4.1                ; 0.4.1         ; 0.4.2         ; ~0.4.2
~0.4.0                ; 0.4.1         ; 0.4.2         ; =
~0.4.0                ; 0.4.1         ; 0.5.0         ; ~0.5.0
=0.4                  ; 0.4.1         ; 0.4.2         ; =
=0.4                  ; 0.4.1         ; 0.5.0         ; =0.5
0.4                   ; 0.4.1         ; 0.5.0         ; 0.5
0.31                  ; 0.31.2        ; 0.32.0        ; 0.32
1.2                   ; 1.2.0         ; 1.3.0         ; 1.3
1.2                   ; 1.3.0         ; 1.4.0         ; =
0                     ; 0.4.0         ; 0.5.0         ; =
0                     ; 0.9.0         ; 1.0.0         ; 1
1                     ; 1.2.0         ; 1.3.0         ; =
1.*                   ; 1.2.0         ; 1.3.0         ; =
1.*                   ; 1.2.0         ; 2.0.0         ; 2.*
1.x.x                 ; 1.2.0         ; 2.0.0         ; 2.x.x
0.4.*                 ; 0.4.0         ; 0.5.0         ; 0.5.*
*                     ; 0.4.0         ; 0.5.0         ; =
*                     ; 0.4.0         ; 0.5.0-rc.1    ; 0.5.0-rc.1
>=0.4,<0.5            ; 0.4.0         ; 0.5.0         ; >=0.5,<0.6
>=0.4, <0.5           ; 0.4.3         ; 0.4.4         ; =
>= 0.4.0, < 0.5.0     ; 0.4.0         ; 0.5.0         ; >= 0.5.0, < 0.6.0
>=0.4.0, <0.5.0       ; 0.4.0         ; 0.5.0-rc.1    ; >=0.5.0-rc.1, <0.6.0
>=0.4, <0.5           ; 0.4.0         ; 0.5.0-rc.1    ; >=0.5.0-rc.1, <0.6
>=0.4.0, <0.5.0-0     ; 0.4.0         ; 0.5.0         ; >=0.5.0, <0.6.0-0
>=1.2,<2              ; 1.2.0         ; 1.3.0         ; =
>=1.2,<2              ; 1.2.0         ; 2.0.0         ; >=2.0,<3
>=1.2,<2              ; 1.5.0         ; 2.0.0         ; >=1.2,<3
>=1.2.0,<2            ; 1.2.0         ; 1.3.0         ; >=1.3.0,<2
>=0.4,<1              ; 0.4.0         ; 0.5.0         ; =
>=0.4,<1.0            ; 0.9.0         ; 1.0.0         ; >=0.4,<2.0
>=0.4,<0.5            ; 0.4.0         ; 0.3.0         ; >=0.3,<0.4
>=0.1,<0.6            ; 0.5.0         ; 0.4.0         ; >=0.1,<0.5
<2                    ; 1.2.0         ; 0.9.0         ; <1
>=0.4.1,<0.4.2        ; 0.4.1         ; 0.5.0         ; >=0.5.0,<0.5.1
>=0.4.0,<0.4.5        ; 0.4.0         ; 0.5.0         ; >=0.5.0,<0.6.0
>=0.1, <0.3           ; 0.4.0         ; 0.4.0         ; >=0.1, <0.5
>=0.4                 ; 0.4.0         ; 0.5.0         ; >=0.5
>=0.3                 ; 0.4.0         ; 0.5.0         ; =
<=0.4.0               ; 0.4.0         ; 0.5.0         ; <=0.5.0
<=0.4                 ; 0.4.0         ; 0.5.0         ; <=0.5
>0.3                  ; 0.4.0         ; 0.5.0         ; =
0.38.0-beta.3         ; 0.38.0-beta.3 ; 0.38.0-beta.4 ; 0.38.0-beta.4
=0.38.0-beta.3        ; 0.38.0-beta.3 ; 0.38.0        ; =0.38.0
1.24.0-rc3            ; 1.24.0-rc3    ; 1.24.0        ; 1.24.0
=1.24.0-rc3           ; 1.24.0-rc3    ; 1.24.0-rc.4   ; =1.24.0-rc4
=1.24.0-rc3           ; 1.24.0rc3     ; 1.24.0rc4     ; =1.24.0-rc4
1.23                  ; 1.23.0        ; 1.24.0-rc3    ; 1.24.0-rc3
^0.4                  ; 0.4.0         ; 0.5.0-rc.1    ; ^0.5.0-rc.1
0                     ; 0.4.0         ; 0.5.0-rc.1    ; 0.5.0-rc.1
1.*                   ; 1.2.0         ; 2.0.0-rc.1    ; 2.0.0-rc.1
^0.5.0-rc.1           ; 0.5.0-rc.1    ; 0.5.0         ; ^0.5.0
^1.24.0-rc.3          ; 1.24.0-rc3    ; 1.24.0-rc3    ; ^1.24.0-rc3
=0.4.0+meta           ; 0.4.0         ; 0.5.0         ; =0.5.0
0.4.0                 ; 0.4.0         ; 0.5.0+dev     ; 0.5.0
0.4.0                 ; v0.4.0        ; v0.5.0        ; 0.5.0
0.3.0                 ; 0.4.0         ; 0.4.0         ; 0.4.0
0.3                   ; 0.4.0         ; 0.4.0         ; 0.4
=0.3                  ; 0.4.0         ; 0.5.0         ; =0.5
0.5.0                 ; 0.4.0         ; 0.4.0         ; 0.4.0
0.4.0, <0.4.3         ; 0.4.2         ; 0.4.3         ; 0.4.0, <0.4.4
""")
PYTHON_MOVES = moves("""
==0.4.0               ; 0.4.0         ; 0.5.0         ; ==0.5.0
==0.4.*               ; 0.4.0         ; 0.5.0         ; ==0.5.*
==0.4.*               ; 0.4.0         ; 0.5.0rc1      ; ==0.5.*
==0.4.1.*             ; 0.4.1         ; 0.5.0         ; ==0.5.0.*
~=0.4.0               ; 0.4.0         ; 0.5.0         ; ~=0.5.0
~=0.4.0               ; 0.4.1         ; 0.4.2         ; =
~=0.4                 ; 0.4.0         ; 0.5.0         ; ~=0.5
~=0.4                 ; 0.4.0         ; 0.5.0rc1      ; ~=0.5.0rc1
>=0.4,<0.5            ; 0.4.0         ; 0.5.0         ; >=0.5,<0.6
>=0.4,<0.5            ; 0.4.0         ; 0.5.0rc1      ; >=0.5.0rc1,<0.6
>=0.4,<0.5.dev0       ; 0.4.0         ; 0.5.0         ; >=0.5,<0.6.dev0
>=0.4.0.0,<0.5.0.0    ; 0.4.0         ; 0.5.0         ; >=0.5.0.0,<0.6.0.0
>=0.4,!=0.4.3         ; 0.4.5         ; 0.5.0         ; >=0.5,!=0.4.3
>=0.3,!=0.4.3         ; 0.4.5         ; 0.5.0         ; =
==0.4                 ; 0.4.0         ; 0.5.2         ; ==0.5.2
==0.4                 ; 0.4.0         ; 0.5.0         ; ==0.5
<=0.4                 ; 0.4.0         ; 0.5.2         ; <=0.5.2
===0.4.0              ; 0.4.0         ; 0.5.0         ; ===0.5.0
^0.4                  ; 0.4.0         ; 0.5.0         ; ^0.5
^0.4.0                ; 0.4.0         ; 0.5.0rc1      ; ^0.5.0rc1
~0.4                  ; 0.4.0         ; 0.5.0         ; ~0.5
0.4.0                 ; 0.4.0         ; 0.5.0         ; 0.5.0
^0.3 || ^0.4          ; 0.4.0         ; 0.5.0         ; ^0.3 || ^0.5
^0.4 || ^0.3          ; 0.4.0         ; 0.5.0         ; ^0.5 || ^0.3
^0.1 | ^0.2           ; 0.4.0         ; 0.4.0         ; ^0.1 | ^0.4
==1.0.0-rc.1          ; 1.0.0rc1      ; 1.0.0rc2      ; ==1.0.0-rc.2
==1.0.0rc1            ; 1.0.0-rc.1    ; 1.0.0-rc.2    ; ==1.0.0rc2
==v0.4.0              ; 0.4.0         ; 0.5.0         ; ==v0.5.0
== 0.4.0 , >= 0.2     ; 0.4.0         ; 0.5.0         ; == 0.5.0 , >= 0.2
==0.4.0+cu12          ; 0.4.0         ; 0.5.0         ; ==0.5.0
==0.4.0a1+dev         ; 0.4.0a1+dev   ; 0.5.0a1+dev   ; ==0.5.0a1+dev
==0.4.0-alpha.1+dev   ; 0.4.0a1+dev   ; 0.5.0a1+dev   ; ==0.5.0-alpha.1+dev
==0.4.0a1             ; 0.4.0a1+dev   ; 0.5.0a1+dev   ; ==0.5.0a1
*                     ; 0.4.0         ; 0.5.0rc1      ; =
==2024.1.5            ; 2024.1.5      ; 2024.2.1      ; ==2024.2.1
""")
NPM_MOVES = moves("""
^0.4.0                ; 0.4.0         ; 0.5.0         ; ^0.5.0
0.4.0                 ; 0.4.0         ; 0.5.0         ; 0.5.0
v0.4.0                ; 0.4.0         ; 0.5.0         ; v0.5.0
~0.4                  ; 0.4.0         ; 0.5.0         ; ~0.5
0.4.x                 ; 0.4.0         ; 0.5.0         ; 0.5.x
>= 0.4.0              ; 0.4.0         ; 0.5.0         ; >= 0.5.0
>=0.4.0 <0.5.0        ; 0.4.0         ; 0.5.0         ; >=0.5.0 <0.6.0
>=0.4.0 <0.5.0-0      ; 0.4.0         ; 0.5.0         ; >=0.5.0 <0.6.0-0
0.4.0 - 0.4.9         ; 0.4.0         ; 0.5.0         ; 0.5.0 - 0.5.0
^0.4.0 || ^0.5.0      ; 0.5.0         ; 0.5.1         ; ^0.4.0 || ^0.5.1
^0.4.0 || ^0.5.0      ; 0.5.0         ; 0.6.0         ; ^0.4.0 || ^0.6.0
workspace:*           ; 0.4.0         ; 0.5.0-rc.1    ; =
workspace:^           ; 0.4.0         ; 0.5.0         ; =
workspace:^0.4.0      ; 0.4.0         ; 0.5.0         ; workspace:^0.5.0
*                     ; 0.4.0         ; 0.5.0         ; =
^0.4.0                ; 0.4.0         ; 0.5.0-rc.1    ; ^0.5.0-rc.1
""")
MOVES = [(spelling, *row) for spelling, rows in ((CARGO, CARGO_MOVES), (PEP440, PYTHON_MOVES), (NPM, NPM_MOVES)) for row in rows]


@pytest.mark.parametrize(("spelling", "requirement", "old", "new", "after"), MOVES)
def test_moves(spelling: Spelling, requirement: str, old: str, new: str, after: str) -> None:
    moved = updated(requirement, spelling, read_any(old), read_any(new))
    assert moved == after
    there = read_any(read_any(new).spell(Spelling.SEMVER, old) if is_semver(old) and is_semver(new) else new)  # as the sibling says it then
    assert updated(moved, spelling, there, there) == moved


@pytest.mark.parametrize(
    ("spelling", "requirement", "new"),
    [
        (CARGO, ">0.5", "0.5.0"),
        (CARGO, ">0.3", "0.5.0-rc.1"),
        (PEP440, "!=0.5.0", "0.5.0"),
        (PEP440, "==1!0.4.0", "0.5.0"),
        (NPM, "<*", "0.5.0"),
        (NPM, "", "0.5.0-rc.1"),
        (CARGO, "0.4.0", "0.5.0.post1"),
        (PEP440, "==0.4.0", "0.5.0-nightly"),
        (CARGO, "latest", "0.5.0"),
    ],
)
def test_refuses_to_move(spelling: Spelling, requirement: str, new: str) -> None:
    with pytest.raises(VersionError) as caught:
        updated(requirement, spelling, read_any("0.4.0"), read_any(new))
    assert caught.value.help


pres = st.one_of(st.none(), st.none(), st.builds(Pre, st.sampled_from(PreKind), st.integers(0, 3)))
counts = st.integers(0, 3)
versions = st.builds(lambda release, pre: Version(release=release, pre=pre), st.tuples(counts, counts, counts), pres)
WORLD = {CARGO: Spelling.SEMVER, NPM: Spelling.SEMVER, PEP440: Spelling.PEP440}
EXACT = {
    CARGO: ["", "=", "^", "~", ">=", "<=", "= ", "^  "],
    NPM: ["", "=", "^", "~", ">=", "<=", "v", "~> "],
    PEP440: ["==", "~=", ">=", "<=", "===", "", "^", "~", "== "],
}
worlds = st.sampled_from([CARGO, NPM, PEP440])


def named(version: Version, spelling: Spelling) -> Version:
    return Version.read(version.spell(WORLD[spelling]), WORLD[spelling])


@laws
@given(worlds, st.data(), versions, versions)
def test_what_names_the_old_version_names_the_new_one_and_comes_back(spelling: Spelling, data: st.DataObject, one: Version, other: Version) -> None:
    old, new = named(one, spelling), named(other, spelling)
    operator = data.draw(st.sampled_from(EXACT[spelling]))
    requirement = operator + old.text
    moved = updated(requirement, spelling, old, new)
    assert moved == operator + new.text
    assert satisfies(moved, spelling, new)
    assert updated(moved, spelling, new, old) == requirement


partial = st.builds(lambda version, parts: ".".join(map(str, version.release[:parts])), versions, st.integers(1, 3))
SHAPES = {
    CARGO: st.one_of(st.builds("{}{}".format, st.sampled_from(["", "=", "^", "~", ">=", "<", "<="]), partial), st.builds("{}.*".format, st.integers(0, 3))),
    NPM: st.one_of(st.builds("{}{}".format, st.sampled_from(["", "=", "^", "~", ">=", "<", "<="]), partial), st.builds("{}.x".format, st.integers(0, 3))),
    PEP440: st.one_of(st.builds("{}{}".format, st.sampled_from(["==", ">=", "<", "<=", "^", "~", ""]), partial), st.builds("=={}.*".format, st.integers(0, 3))),
}
BETWEEN = {CARGO: [",", ", "], NPM: [" ", " || "], PEP440: [",", " , ", " || "]}


@settings(laws, max_examples=examples(500))
@given(worlds, st.data(), versions, versions)
def test_whatever_stands_there_holds_after_the_move(spelling: Spelling, data: st.DataObject, one: Version, other: Version) -> None:
    old, new = named(one, spelling), named(other, spelling)
    between = data.draw(st.sampled_from(BETWEEN[spelling]))
    requirement = between.join(data.draw(st.lists(SHAPES[spelling], min_size=1, max_size=3)))
    # Nothing is below 0.0.0, and a bound on a release says nothing about pre-releases: no numbers mend that.
    assume(new.pre is None or any(not part.lstrip().startswith("<") for part in re.split(r",|\|\|", requirement)))
    moved = updated(requirement, spelling, old, new)
    assert satisfies(moved, spelling, new)
    skeleton = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:-[a-z]+\.[0-9]+|(?:a|b|rc|\.dev)[0-9]+)?")
    if new.pre is None:
        assert skeleton.sub("#", moved) == skeleton.sub("#", requirement)
    assert updated(moved, spelling, new, new) == moved


@laws
@given(worlds, st.data(), versions)
def test_what_holds_and_names_another_version_stays(spelling: Spelling, data: st.DataObject, version: Version) -> None:
    new = named(version, spelling)
    requirement = data.draw(SHAPES[spelling])
    old = named(Version(release=(9, 9, 9)), spelling)
    assume(satisfies(requirement, spelling, new))
    assert updated(requirement, spelling, old, new) == requirement
