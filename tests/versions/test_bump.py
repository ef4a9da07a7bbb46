"""The next version: what each part of a version goes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.errors import VersionError
from lockstep.versions.bump import Bump, bumped
from lockstep.versions.version import LARGEST, PreKind, Version, read_any
from tests.versions.test_version import laws, versions


@pytest.mark.parametrize(
    ("version", "bump", "pre", "expected"),
    [
        ("1.2.3", Bump.PATCH, None, "1.2.4"),
        ("1.2.3", Bump.MINOR, None, "1.3.0"),
        ("1.2.3", Bump.MAJOR, None, "2.0.0"),
        ("1.2", Bump.PATCH, None, "1.2.1"),
        ("1.2.3.4", Bump.PATCH, None, "1.2.4"),
        ("1.2.3", Bump.PATCH, PreKind.RC, "1.2.4-rc.1"),
        ("1.2.3", Bump.MINOR, PreKind.DEV, "1.3.0-dev.0"),
        ("1.2.3-rc.1", Bump.PATCH, None, "1.2.3"),
        ("1.2.0-rc.1", Bump.MINOR, None, "1.2.0"),
        ("1.2.3-rc.1", Bump.MINOR, None, "1.3.0"),
        ("2.0.0-rc.1", Bump.MAJOR, None, "2.0.0"),
        ("2.0.1-rc.1", Bump.MAJOR, None, "3.0.0"),
        ("1.2.0-nightly.7", Bump.PATCH, None, "1.2.0"),
        ("1.2.0-alpha.3", Bump.MINOR, PreKind.BETA, "1.2.0-beta.1"),
        ("1.2.0-rc.1", Bump.MINOR, PreKind.ALPHA, "1.3.0-alpha.1"),
        ("1.2.0-rc.1", Bump.RELEASE, None, "1.2.0"),
        ("1.2.3.4rc1", Bump.RELEASE, None, "1.2.3.4"),
        ("1.2.0.post1.dev2", Bump.RELEASE, None, "1.2.0.post1"),
        ("1.2.0.post1", Bump.PATCH, None, "1.2.1"),
        ("1.2.0", Bump.PRE, PreKind.ALPHA, "1.2.1-alpha.1"),
        ("1.2.0-alpha.1", Bump.PRE, None, "1.2.0-alpha.2"),
        ("1.2.0-alpha", Bump.PRE, None, "1.2.0-alpha.1"),
        ("1.2.0-alpha.9", Bump.PRE, PreKind.ALPHA, "1.2.0-alpha.10"),
        ("1.2.0-alpha.9", Bump.PRE, PreKind.RC, "1.2.0-rc.1"),
        ("1.2.0-dev.9", Bump.PRE, PreKind.ALPHA, "1.2.0-alpha.1"),
    ],
)
def test_bumps(version: str, bump: Bump, pre: PreKind | None, expected: str) -> None:
    assert str(bumped(read_any(version), bump, pre)) == expected


@pytest.mark.parametrize(
    ("version", "bump", "pre", "message"),
    [
        ("1.2.0", Bump.RELEASE, None, "is a release already"),
        ("1.2.0", Bump.PRE, None, "which pre-release comes next"),
        ("1.2.0-nightly.7", Bump.PRE, None, "has no next one"),
        ("1.2.0-rc.1", Bump.PRE, PreKind.ALPHA, "is past its alpha releases"),
        (f"1.2.{LARGEST}", Bump.PATCH, None, "above 18446744073709551615"),
        (f"1.2.0-rc.{LARGEST}", Bump.PRE, None, "has no next one"),
        (f"1.2.0rc{LARGEST}", Bump.PRE, None, "above 18446744073709551615"),
    ],
)
def test_refuses_to_bump(version: str, bump: Bump, pre: PreKind | None, message: str) -> None:
    with pytest.raises(VersionError, match=message) as caught:
        bumped(read_any(version), bump, pre)
    assert caught.value.help


@laws
@given(versions, st.sampled_from(Bump), st.one_of(st.none(), st.sampled_from(PreKind)))
def test_a_bump_goes_up(version: Version, bump: Bump, pre: PreKind | None) -> None:
    try:
        new = bumped(version, bump, pre)
    except VersionError:
        return
    assert new > version
    assert new.build == ""
    assert pre is None or bump is Bump.RELEASE or (new.pre is not None and new.pre.kind is pre)
