"""How a text is spoilt: bytes, words, lines and brackets of it moved, doubled, nested, left out, or taken from another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

WORDS = re.compile(rb"[A-Za-z0-9_]+|[^\x00-\x20]|[\x00-\x20]+")
STRANGE = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\x1b[31m", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\x85", b"\xe2\x80\xa8", b"\x0b", b"\xf0\x9f\xa7\x80"),
    *(b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b'"', b"'", b'"""', b"'''", b"`", b"```", b"\\", b"$", b"${{", b"}}", b"$(", b"#", b"//", b"/*", b"*/"),
    *(b"0", b"-1", b"1e999", b"9" * 25, b"9" * 4400, b"0x", b"1.0.0", b"v1.0.0-rc.1+x", b"1.", b"*", b"**/", b"..", b"../", b"/", b"~", b"null", b"true"),
    *(b"%s", b"<<: *a", b"&a", b"*a", b"!!python/object", b"- ", b": ", b"= ", b"[[", b"]]", b"<!--", b"-->", b"\t", b" " * 300, b"\n" * 50, b"::error::"),
)
"""What somebody may write where nobody thinks of it."""
LARGEST = 60_000
"""Bytes of a spoilt text."""


def spoilt(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Spoil a text once or a few times."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(_WAYS)(data, others, chance)[:LARGEST]
    return data


def _place(data: bytes, chance: Random) -> int:
    return chance.randint(0, len(data))


def _range(data: bytes, chance: Random) -> tuple[int, int]:
    start = _place(data, chance)
    return start, min(len(data), start + chance.choice((1, 1, 2, 4, 8, 30, 200, 2000)))


def _bit(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    if not data:
        return b"\x01"
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _byte(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + chance.randint(0, 1) :]


def _strange(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _range(data, chance)
    return data[:start] + chance.choice(STRANGE) + data[chance.choice((start, end)) :]


def _cut(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _range(data, chance)
    return data[:start] + data[end:]


def _truncated(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    return data[: _place(data, chance)]


def _doubled(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _range(data, chance)
    return data[:start] + data[start:end] * chance.choice((2, 2, 3, 20, 300)) + data[end:]


def _moved(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _range(data, chance)
    rest = data[:start] + data[end:]
    at = _place(rest, chance)
    return rest[:at] + data[start:end] + rest[at:]


def _crossed(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others) if others else data
    start, end = _range(other, chance)
    first, last = _range(data, chance)
    return data[:first] + other[start:end] + data[chance.choice((first, last)) :]


def _word(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Put one word in the place of another: most results can still be read."""
    words = list(WORDS.finditer(data))
    if not words:
        return data
    gone = chance.choice(words)
    other = chance.choice(others) if others and chance.random() < 0.3 else data
    spare = WORDS.findall(other[(at := _place(other, chance)) : at + 400]) or [b""]
    return data[: gone.start()] + chance.choice((chance.choice(spare), chance.choice(spare), chance.choice(STRANGE), b"")) + data[gone.end() :]


def _lines(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = [lines[at]] * chance.choice((1, 2, 50))
        case 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            spare = chance.choice(others).splitlines(keepends=True) if others else []
            lines.insert(at, chance.choice(spare or [b"\n"]))
        case _:
            lines[at] = b" " * chance.randint(1, 12) + lines[at]
    return b"".join(lines)


_BRACKETS = (
    *((b"[", b"]"), (b"(", b")"), (b"{", b"}"), (b"<", b">"), (b"$(", b")"), (b"{a = ", b"}")),
    *((b'{"a": ', b"}"), (b"- ", b""), (b"> ", b"")),
)


def _nested(data: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _range(data, chance)
    opening, closing = chance.choice(_BRACKETS)
    depth = chance.choice((1, 2, 10, 100, 3000))
    return data[:start] + opening * depth + data[start:end] + closing * (depth - chance.choice((0, 0, 1))) + data[end:]


_WAYS: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    *(_bit, _byte, _strange, _cut, _truncated, _doubled, _moved, _crossed, _word, _word, _word, _lines, _lines, _nested),
)
