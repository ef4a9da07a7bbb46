"""Versions: one value, several spellings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.version import Version as Pep440
from semver import Version as SemVer

from lockstep.errors import VersionError
from lockstep.versions.version import LARGEST, LONGEST, Pre, PreKind, Spelling, Version, read_any, shorten
from tests.conftest import examples, soon

SEMVER, PEP440, PREFIX, TUPLE = Spelling.SEMVER, Spelling.PEP440, Spelling.PREFIX, Spelling.TUPLE
READABLE = (SEMVER, PEP440, PREFIX, TUPLE)
laws = settings(derandomize=True, max_examples=examples(60), deadline=None)


def semver(text: str) -> Version:
    return Version.read(text, SEMVER)


def pep440(text: str) -> Version:
    return Version.read(text, PEP440)


numbers = st.one_of(st.integers(0, 3), st.integers(0, 30), st.just(LARGEST))
releases = st.tuples(numbers, numbers, numbers).map(lambda release: ".".join(map(str, release)))
identifier = st.one_of(
    st.integers(0, 12).map(str),
    st.sampled_from(["alpha", "beta", "rc", "pre", "dev", "nightly", "x", "-", "0a", "rc1", "rc-1", "RC", "post", "preview", "c"]),
    st.from_regex(r"[0-9A-Za-z-]{1,6}", fullmatch=True).filter(lambda text: not (text.isdecimal() and text[0] == "0" and text != "0")),
)
semver_texts = st.builds(
    lambda v, release, pre, build: v + release + (f"-{'.'.join(pre)}" if pre else "") + (f"+{'.'.join(build)}" if build else ""),
    st.sampled_from(["", "", "v"]),
    releases,
    st.lists(identifier, max_size=3),
    st.lists(st.from_regex(r"[0-9A-Za-z-]{1,6}", fullmatch=True), max_size=2),
)
separators = st.sampled_from(["", ".", "-", "_"])
counts = st.one_of(st.just(""), st.integers(0, 12).map(str))
pep440_pre = st.builds(
    lambda sep, word, dot, number: sep + word + dot + number,
    separators,
    st.sampled_from(["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC", "Alpha"]),
    separators,
    counts,
)
pep440_post = st.one_of(
    st.integers(0, 12).map("-{}".format), st.builds("{}{}{}{}".format, separators, st.sampled_from(["post", "rev", "r"]), separators, counts)
)
pep440_dev = st.builds("{}dev{}{}".format, separators, separators, counts)
pep440_texts = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "v"]),
    st.lists(numbers, min_size=1, max_size=4).map(lambda release: ".".join(map(str, release))),
    st.one_of(st.just(""), pep440_pre),
    st.one_of(st.just(""), pep440_post),
    st.one_of(st.just(""), pep440_dev),
    st.sampled_from(["", "", "", "+local", "+ubuntu.1", "+Foo-1"]),
)
tuple_texts = st.builds(
    lambda release, gap: gap.join(map(str, release)), st.lists(numbers, min_size=1, max_size=4), st.sampled_from([", ", ",", " , ", ",\n    "])
)
versions = st.one_of(semver_texts.map(semver), pep440_texts.map(pep440))
shared = st.builds(  # what both worlds can spell
    lambda release, pre: Version(release=release, pre=pre),
    st.tuples(numbers, numbers, numbers),
    st.one_of(st.none(), st.builds(Pre, st.sampled_from(PreKind), st.integers(0, 12))),
)

# ---- reading


@pytest.mark.parametrize(
    ("text", "spelling", "release", "pre"),
    [
        ("1.2.0", SEMVER, (1, 2, 0), None),
        ("v1.2.0", SEMVER, (1, 2, 0), None),
        ("1.2.0-rc.1", SEMVER, (1, 2, 0), Pre(PreKind.RC, 1)),
        ("1.24.0-rc3", SEMVER, (1, 24, 0), Pre(PreKind.RC, 3)),
        ("1.2.0-alpha", SEMVER, (1, 2, 0), Pre(PreKind.ALPHA, 0)),
        ("1.2.0-pre.2", SEMVER, (1, 2, 0), Pre(PreKind.RC, 2)),
        ("1.2.0-nightly.2026", SEMVER, (1, 2, 0), Pre(None, only="nightly.2026")),
        ("1.2.0-alpha.1.2", SEMVER, (1, 2, 0), Pre(None, only="alpha.1.2")),
        ("1.2.0-0.3.7", SEMVER, (1, 2, 0), Pre(None, only="0.3.7")),
        (f"{LARGEST}.0.0", SEMVER, (LARGEST, 0, 0), None),
        ("2026.7.14", SEMVER, (2026, 7, 14), None),
        ("1.2", PEP440, (1, 2), None),
        ("1.2.3.4", PEP440, (1, 2, 3, 4), None),
        ("2024.01.05", PEP440, (2024, 1, 5), None),
        ("1.2.0rc1", PEP440, (1, 2, 0), Pre(PreKind.RC, 1)),
        ("1.2.0.dev3", PEP440, (1, 2, 0), Pre(PreKind.DEV, 3)),
        ("1.2.0-beta_2", PEP440, (1, 2, 0), Pre(PreKind.BETA, 2)),
        ("0.5", PREFIX, (0, 5), None),
        ("v1", PREFIX, (1,), None),
        ("1.2.0-1", PREFIX, (1, 2, 0), Pre(None, only="1")),
        ("1, 2, 0", TUPLE, (1, 2, 0), None),
        ("1,2", TUPLE, (1, 2), None),
    ],
)
def test_reads(text: str, spelling: Spelling, release: tuple[int, ...], pre: Pre | None) -> None:
    version = Version.read(text, spelling)
    assert (version.release, version.pre, version.post, version.dev, version.text) == (release, pre, None, None, text)


def test_reads_what_only_pep440_knows() -> None:
    version = pep440("1.2rc1.post2.dev3+Local-4")
    assert version == Version(release=(1, 2), pre=Pre(PreKind.RC, 1), post=2, dev=3)
    assert version.build == "local.4"
    assert pep440("1.2.0-1").post == 1
    assert (version.major, version.minor, version.patch) == (1, 2, 0)
    assert (pep440("7").major, pep440("7").minor) == (7, 0)


@pytest.mark.parametrize("spelling", READABLE)
@pytest.mark.parametrize("text", ["", " ", "1.2.0\n", "\n1.2.0", " 1.2.0", "1.2.0 ", "\ufeff1.2.0", "1.2.0-", "1.2.0+", "1..0", "1.2.", "v", "x", "-1.0.0"])
def test_refuses_what_is_no_version(text: str, spelling: Spelling) -> None:
    with pytest.raises(VersionError) as caught:
        Version.read(text, spelling)
    assert caught.value.help
    assert shorten(text) in caught.value.message


@pytest.mark.parametrize("spelling", READABLE)
@pytest.mark.parametrize("text", ["\u0661.\u0662.\u0663", "1.2.\u0663", "\uff11.2.0", "1, 2, \u0663", "1.0.po\u017ft1", "1.0.0-\u017f", "1,\u00a02"])
def test_digits_and_letters_are_ascii(text: str, spelling: Spelling) -> None:
    with pytest.raises(VersionError):
        Version.read(text, spelling)


@pytest.mark.parametrize("text", ["01.2.0", "1.02.0", "1.2.0-01", "1.2", "1.2.3.4", "1.2.0rc1", "1.2.0-a..b", "1.2.0-ä", "vv1.2.0", "1.2.0-rc_1"])
def test_semver_is_strict(text: str) -> None:
    with pytest.raises(VersionError, match="is no SemVer version"):
        semver(text)


@pytest.mark.parametrize("text", ["1.2.0-nightly", "1.2.0-alpha.1.2", "1.2.0-rc.1.x"])
def test_pep440_says_what_semver_alone_can_spell(text: str) -> None:
    with pytest.raises(VersionError, match="PEP 440 cannot spell") as caught:
        pep440(text)
    assert "alpha" in caught.value.help


MONSTERS = {
    "300 digits": "9" * 300,
    "300 digits and two zeros": f"{'9' * 300}.0.0",
    "10 MB of digits": "1" * 10_000_000,
    "5 million numbers": "1." * 5_000_000 + "1",
    "10 MB of blanks": " " * 10_000_000,
    "10 MB of commas": "1" + "," * 10_000_000,
    "5 million identifiers": "1.0.0-" + "a." * 5_000_000 + "a",
}


@pytest.mark.parametrize("spelling", READABLE)
@pytest.mark.parametrize("monster", MONSTERS)
def test_refuses_monsters_quickly(monster: str, spelling: Spelling) -> None:
    with soon(5), pytest.raises(VersionError) as caught:
        Version.read(MONSTERS[monster], spelling)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("text", [f"1.2.{LARGEST + 1}", f"1.2.{LARGEST + 1}-rc.1", f"1.2rc{LARGEST + 1}", f"1.2.post{LARGEST + 1}", f"1.2.dev{LARGEST + 1}"])
def test_a_number_has_64_bits(text: str) -> None:
    with pytest.raises(VersionError, match="above 18446744073709551615"):
        read_any(text)


def test_a_version_has_a_longest() -> None:
    assert len(semver("1.2.0-" + "a" * (LONGEST - 6)).text) == LONGEST
    with pytest.raises(VersionError):
        semver("1.2.0-" + "a" * (LONGEST - 5))


def test_an_epoch_is_refused() -> None:
    with pytest.raises(VersionError, match="epoch"):
        pep440("1!2.0")


@pytest.mark.parametrize("spelling", [one for one in Spelling if one not in READABLE])
def test_reads_no_requirement_and_no_part(spelling: Spelling) -> None:
    with pytest.raises(VersionError, match="not a version"):
        Version.read("1.2.0", spelling)


@pytest.mark.parametrize(
    ("text", "equal"), [("1.2.0-rc.1", "1.2.0rc1"), ("1.2.0-dev.3", "1.2.dev3"), ("v1.2.0", "1.2"), ("1.2.0-beta3", "1.2b3"), ("1.2.0+dev", "1.2.0")]
)
def test_one_value_in_two_spellings(text: str, equal: str) -> None:
    assert semver(text) == pep440(equal)
    assert hash(semver(text)) == hash(pep440(equal))
    assert semver(text) != "1.2.0"


# ---- writing


@pytest.mark.parametrize(
    ("version", "spelling", "like", "expected"),
    [
        ("1.3.0", SEMVER, "1.2.0", "1.3.0"),
        ("1.3.0", SEMVER, "v1.2.0", "v1.3.0"),
        ("1.3", SEMVER, "", "1.3.0"),
        ("1.3.0.0", SEMVER, "1.2.0", "1.3.0"),
        ("1.3.0", SEMVER, "1.2.0-rc.1", "1.3.0"),
        ("0.38.0-beta.4", SEMVER, "0.38.0-beta.3", "0.38.0-beta.4"),
        ("1.24.0-rc.4", SEMVER, "1.24.0-rc3", "1.24.0-rc4"),
        ("1.24.0rc4", SEMVER, "1.24.0-rc3", "1.24.0-rc4"),
        ("1.24.0-rc4", SEMVER, "1.23.0", "1.24.0-rc4"),
        ("1.24.0-rc4", PEP440, "1.23.0", "1.24.0rc4"),
        ("1.24.0rc4", SEMVER, "1.23.0", "1.24.0-rc.4"),
        ("1.24.0-alpha.1", SEMVER, "1.24.0-rc3", "1.24.0-alpha1"),
        ("1.24.0-rc.1", SEMVER, "1.24.0-b.3", "1.24.0-rc.1"),
        ("1.24.0-alpha.1", SEMVER, "1.24.0-b.3", "1.24.0-a.1"),
        ("1.24.0-rc.1", SEMVER, "1.24.0-BETA-3", "1.24.0-RC-1"),
        ("1.3.0-dev.0", SEMVER, "1.2.0-dev", "1.3.0-dev.0"),
        ("1.3.0-dev", SEMVER, "1.2.0-dev.3", "1.3.0-dev"),
        ("1.3.0.dev0", SEMVER, "1.2.0-dev", "1.3.0-dev"),
        ("1.3.0-alpha", PEP440, "1.2.0", "1.3.0a0"),
        ("1.3.0-rc.2", SEMVER, "1.2.0rc1", "1.3.0-rc.2"),
        ("1.3.0-rc.1+build.5", SEMVER, "1.2.0", "1.3.0-rc.1+build.5"),
        ("1.3.0-nightly.7", SEMVER, "1.2.0-nightly.6", "1.3.0-nightly.7"),
        ("1.3.0", PEP440, "1.2", "1.3"),
        ("1.3.1", PEP440, "1.2", "1.3.1"),
        ("1.3.0", PEP440, "v1.2.0", "v1.3.0"),
        ("1.3.0", PEP440, "1.2.0.0", "1.3.0.0"),
        ("1.3.0-rc.1", PEP440, "1.2.0", "1.3.0rc1"),
        ("2.5.0-rc1", SEMVER, "2.5.0-dev", "2.5.0-rc1"),
        ("2.5.0-rc.1", SEMVER, "2.5.0-dev", "2.5.0-rc.1"),
        ("2.5.0-rc1", SEMVER, "2.4.0-rc.2", "2.5.0-rc.1"),
        ("1.3.0-dev.1", PEP440, "1.2.0", "1.3.0.dev1"),
        ("1.3.0-dev.1", PEP440, "1.2.0rc1", "1.3.0.dev1"),
        ("1.3.0-rc.1", PEP440, "1.2.0.dev3", "1.3.0rc1"),
        ("1.3.0-rc.2", PEP440, "1.3.0-rc.1", "1.3.0-rc.2"),
        ("1.3.0-rc.2", PEP440, "1.3.0.RC.1", "1.3.0.RC.2"),
        ("1.3.0-beta.2", PEP440, "1.3.0alpha1", "1.3.0beta2"),
        ("1.3.0rc2", PEP440, "1.3.0c1", "1.3.0c2"),
        ("1.3.0.post1", PEP440, "1.2.0", "1.3.0.post1"),
        ("1.3.0+dev", PEP440, "1.2.0", "1.3.0+dev"),
        ("1.3.0", PREFIX, "0.5", "1.3"),
        ("1.3.0", PREFIX, "v1", "v1"),
        ("1.3.0", PREFIX, "1.2.0", "1.3.0"),
        ("1.3.7", PREFIX, "1.2", "1.3"),
        ("1.3.0", PREFIX, "", "1.3.0"),
        ("1.3.0-rc.1", PREFIX, "1.2", "1.3.0-rc.1"),
        ("1.3.0-rc.2", PREFIX, "v1.3.0-rc1", "v1.3.0-rc2"),
        ("1.3.0-rc.2", PREFIX, "1.3.0rc1", "1.3.0rc2"),
        ("1.3.0.post1", PREFIX, "1.2.0", "1.3.0.post1"),
        ("1.3.0+dev", PREFIX, "1.2", "1.3"),
        ("1.3.0", TUPLE, "1, 2, 0", "1, 3, 0"),
        ("1.3.0", TUPLE, "1,2,0", "1,3,0"),
        ("1.3.0", TUPLE, "1,\n  2,\n  0", "1,\n  3,\n  0"),
        ("1.3.0", TUPLE, "1, 2", "1, 3"),
        ("1.3.1", TUPLE, "1, 2", "1, 3, 1"),
        ("1.3.1", TUPLE, "1, 2, 0, 0", "1, 3, 1, 0"),
        ("1.3.1", TUPLE, "", "1, 3, 1"),
        ("1.3.4", Spelling.MAJOR, "0", "1"),
        ("1.3.4", Spelling.MINOR, "0", "3"),
        ("1.3.4", Spelling.PATCH, "0", "4"),
        ("1.3.4-rc.1", Spelling.NUMBERS, "1.2.0", "1.3.4"),
        ("1.3.4", Spelling.NUMBERS, "1.2.0.0", "1.3.4.0"),
        ("1.3.4+dev", Spelling.NUMBERS, "", "1.3.4"),
    ],
)
def test_spells_in_the_manner_of_the_place(version: str, spelling: Spelling, like: str, expected: str) -> None:
    assert read_any(version).spell(spelling, like) == expected


@pytest.mark.parametrize(
    ("version", "spelling"),
    [
        ("1.2.0.post1", SEMVER),
        ("1.2.0rc1.dev2", SEMVER),
        ("1.2.3.4", SEMVER),
        ("1.2.0-nightly.2026", PEP440),
        ("1.2.0+-", PEP440),
        ("1.2.0-rc.1", TUPLE),
        ("1.2.0.post1", TUPLE),
        ("1.2.3.4rc1", PREFIX),
    ],
)
def test_refuses_what_a_spelling_cannot_hold(version: str, spelling: Spelling) -> None:
    with pytest.raises(VersionError) as caught:
        read_any(version).spell(spelling)
    assert version in caught.value.message
    assert caught.value.help


@pytest.mark.parametrize("spelling", [Spelling.CARGO_REQUIREMENT, Spelling.NPM_RANGE, Spelling.PEP440_SPECIFIERS])
def test_spells_no_requirement(spelling: Spelling) -> None:
    with pytest.raises(VersionError, match="not a requirement"):
        semver("1.2.0").spell(spelling)


@pytest.mark.parametrize(
    ("version", "text"),
    [
        (Version(release=(1, 2)), "1.2.0"),
        (Version(release=(1, 2, 0, 1), pre=Pre(PreKind.RC, 1), post=2, dev=3, build="b"), "1.2.0.1-rc.1.post2.dev3+b"),
        (Version(release=(1, 2, 0), pre=Pre(None, only="x.1"), post=1), "1.2.0-x.1.post1"),
        (pep440("1.2"), "1.2"),
    ],
)
def test_every_version_has_a_name_for_messages(version: Version, text: str) -> None:
    assert str(version) == text


@laws
@given(semver_texts)
def test_a_text_is_its_own_manner_in_semver(text: str) -> None:
    assert semver(text).spell(SEMVER, text) == text
    assert read_any(text).spell(PREFIX, text) == text


@laws
@given(pep440_texts)
def test_a_text_is_its_own_manner_in_pep440(text: str) -> None:
    assert pep440(text).spell(PEP440, text) == text


@laws
@given(tuple_texts)
def test_a_text_is_its_own_manner_in_a_tuple(text: str) -> None:
    assert Version.read(text, TUPLE).spell(TUPLE, text) == text


@laws
@given(versions, st.sampled_from([SEMVER, PEP440, TUPLE]), st.one_of(st.just(""), semver_texts, pep440_texts, tuple_texts, st.text(max_size=8)))
def test_what_is_spelled_reads_as_the_same_value(version: Version, spelling: Spelling, like: str) -> None:
    try:
        text = version.spell(spelling, like)
    except VersionError:
        return
    assert Version.read(text, spelling) == version


@laws
@given(shared, semver_texts, pep440_texts)
def test_every_shared_version_goes_through_both_worlds(version: Version, like_semver: str, like_pep440: str) -> None:
    text = version.spell(SEMVER, like_semver)
    assert semver(text) == version
    assert pep440(semver(text).spell(PEP440, like_pep440)) == version
    assert pep440(version.spell(PEP440, like_pep440)) == version
    assert Pep440(version.spell(PEP440, like_pep440)) == Pep440(version.spell(PEP440))


@laws
@given(shared)
def test_by_the_book_is_canonical(version: Version) -> None:
    assert str(SemVer.parse(version.spell(SEMVER))) == version.spell(SEMVER)
    assert str(Pep440(version.spell(PEP440))) == version.spell(PEP440)


# ---- order


@laws
@given(st.lists(pep440_texts, min_size=2, max_size=4))
def test_orders_as_packaging_does(texts: list[str]) -> None:
    assume(not any("+" in text for text in texts))  # local versions, which PEP 440 orders and SemVer does not
    ours = [[pep440(one) < pep440(two) for two in texts] for one in texts]
    theirs = [[Pep440(one) < Pep440(two) for two in texts] for one in texts]
    assert ours == theirs
    assert [[pep440(one) == pep440(two) for two in texts] for one in texts] == [[Pep440(one) == Pep440(two) for two in texts] for one in texts]


plain = st.one_of(  # one manner: SemVer orders rc.1 and rc1 as words, and knows neither that pre is rc nor that dev comes first
    st.builds("{}.{}".format, st.sampled_from(["alpha", "beta", "rc"]), st.integers(0, 12)),
    st.sampled_from(["nightly", "nightly.9", "nightly.10", "nightly.x", "0", "9", "10", "canary.1.2", "canary.1", "zeta", "alpha.1.x", "alpha.beta"]),
)


@laws
@given(st.lists(st.tuples(st.sampled_from(["1.0.0", "1.0.1", "0.9.0"]), st.one_of(st.none(), plain)), min_size=2, max_size=4))
def test_orders_as_semver_does(pairs: list[tuple[str, str | None]]) -> None:
    texts = [release if pre is None else f"{release}-{pre}" for release, pre in pairs]
    assert [[semver(one) < semver(two) for two in texts] for one in texts] == [[SemVer.parse(one).compare(two) < 0 for two in texts] for one in texts]


def test_the_example_of_the_standard() -> None:
    # https://semver.org/#spec-item-11
    texts = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ]
    assert all(semver(one) < semver(two) for one, two in pairwise(texts))


@laws
@given(versions, versions, versions)
def test_is_a_total_order(one: Version, two: Version, three: Version) -> None:
    assert (one < two) + (one == two) + (one > two) == 1
    assert not one < two < three or one < three
    assert one != two or hash(one) == hash(two)


# ---- messages


def test_a_quote_is_short() -> None:
    assert shorten("1.2.0") == "'1.2.0'"
    assert shorten("9" * 100) == repr("9" * 39 + "…")
