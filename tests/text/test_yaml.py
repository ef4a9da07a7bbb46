"""The YAML reader: words stay words, every node has its place, and what is a trap is refused with its line."""

from __future__ import annotations

import time

import pytest

from lockstep.errors import ManifestError
from lockstep.text.yaml import Kind, Mapping, Node, Scalar, Sequence, read, texts


def mapping(text: str) -> Mapping:
    node = read("a.yml", text)
    assert isinstance(node, Mapping)
    return node


@pytest.mark.parametrize("word", ["on", "yes", "no", "off", "y", "n", "On", "012", "1:30", "2026-01-01"])
def test_words_of_other_readers_stay_texts_or_numbers(word: str) -> None:
    node = mapping(f"{word}: {word}")
    value = node.get(word)
    assert isinstance(value, Scalar)
    assert value.value == word


@pytest.mark.parametrize(
    ("text", "kind"), [("true", Kind.BOOLEAN), ("False", Kind.BOOLEAN), ("~", Kind.NULL), ("", Kind.NULL), ("'true'", Kind.TEXT), ("1e3", Kind.NUMBER)]
)
def test_the_core_schema(text: str, kind: Kind) -> None:
    value = mapping(f"a: {text}\n").get("a")
    assert isinstance(value, Scalar)
    assert value.kind is kind


def test_places_and_aliases() -> None:
    node = mapping("# one\na: &x [1, {b: c}]\nd: *x\ne: |\n  text\n")
    listed, block = node.get("d"), node.get("e")
    assert isinstance(listed, Sequence)
    assert isinstance(listed.items[1], Mapping)
    assert (listed.items[1].line, listed.items[1].column) == (2, 11)
    assert isinstance(block, Scalar)
    assert block.block
    assert [one.text for one in texts(listed)] == ["1"]
    assert (node.keys["e"].line, node.keys["e"].column) == (4, 1)


BAD = {
    "a: 1\nb: 2\na: 3\n": (3, 1),
    "a: 1\n'a': 2\n": (2, 1),
    "a:\n  <<: {b: c}\n": (2, 3),
    "a: !!python/object/apply:os.system [x]\n": (1, 4),
    "a: [b\n": (2, 1),
    "a: b\n---\nc: d\n": (2, 1),
    "[" * 500: (1, 61),
    "a: *b\n": (1, 4),
    "a: &a [*a]\n": (1, 8),
    "{[a]: b}\n": (1, 4),
    "<<<<<<< ours\na: 1\n": (1, 1),
    "": (1, 1),
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:20]))
def test_what_is_refused_has_its_place(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read("a.yml", text)
    assert (caught.value.line, caught.value.column) == BAD[text]


def bombs() -> dict[str, str]:
    doubling = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    return {"doubling": doubling, "aliases": "a: &a b\nc: [" + "*a, " * 300 + "]\n", "size": "a: " + "x" * 600_000, "deep": "- " * 20_000, "nul": "a: \x00"}


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_at_once(name: str) -> None:
    started = time.process_time()
    with pytest.raises(ManifestError):
        read("a.yml", bombs()[name])
    assert time.process_time() - started < 5


def test_a_key_may_repeat_in_another_mapping() -> None:
    node: Node = read("a.yml", "a: {b: 1}\nc: {b: 1}\n")
    assert isinstance(node, Mapping)
