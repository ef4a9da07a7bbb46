"""JSON with places: the values by the standard library, and where the members of an object stand.

Values that are not asked for are skipped at the speed of the C decoder: a lock of several megabytes costs milliseconds.

Source: RFC 8259
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.errors import ManifestError
from lockstep.pattern import pattern
from lockstep.text.toml import CONFLICT, Lines

_SPACE = pattern(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: `start` and `end` are its value's content (strings without their quotes), `at` is where its key starts."""

    key: str
    value: object
    at: int
    start: int
    end: int


def load(path: str, text: str) -> dict[str, Member]:
    """Give the members of the object that a file holds.

    Raises: ManifestError with the place when the file is no JSON object.
    """
    import json  # noqa: PLC0415 - only a JSON file pays for it

    body = text.removeprefix("\ufeff")
    try:
        json.loads(body)
    except json.JSONDecodeError as error:
        if (marker := CONFLICT.search(text)) is not None:
            line, _ = Lines(text).at(marker.start())
            raise ManifestError("merge conflict markers", path=path, line=line, column=1, help="resolve the conflict, then run the command again") from None
        raise ManifestError(
            f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}", path=path, line=error.lineno, column=error.colno, help="correct the line"
        ) from None
    except RecursionError:
        raise ManifestError("not readable as JSON: nested too deeply", path=path) from None
    except ValueError:  # Python converts no text of more than 4300 digits
        raise ManifestError("not readable as JSON: a number has more than 4300 digits", path=path) from None
    start = _skip(text, len(text) - len(body))
    if not text.startswith("{", start):
        raise ManifestError("this JSON is no object", path=path, line=1, column=1, help="a manifest is an object: { ... }")
    return {member.key: member for member in members(text, start)}


def members(text: str, start: int) -> Iterator[Member]:
    """Give the members of the object that starts at `start` in a valid text; the first of two equal keys comes first.

    Raises: ValueError where a text that is not valid ends too soon.
    """
    from json.decoder import (  # type: ignore[attr-defined] # noqa: PLC0415 - likewise; documented since Python 2.6 in the module's own text only
        JSONDecoder,
        scanstring,
    )

    decoder = JSONDecoder()
    i = _skip(text, start + 1)
    while not text.startswith("}", i):
        at = i
        key, i = scanstring(text, i + 1)
        i = _skip(text, _skip(text, i) + 1)
        value, end = decoder.raw_decode(text, i)
        quoted = text[i] == '"'
        yield Member(key, value, at, i + quoted, end - quoted)
        i = _skip(text, end)
        if text.startswith(",", i):
            i = _skip(text, i + 1)


def _skip(text: str, i: int) -> int:
    found = _SPACE.match(text, i)
    assert found
    return found.end()
