"""How much Rust one reading takes in: what is above that is not parsed, and told.

The memory and time of a syntax tree grow with the signs of a text (commas, brackets, operators) and not with its length: about 200 bytes for each.
"""

from __future__ import annotations

from functools import lru_cache

from lockstep.pattern import pattern

MOST_FILES = 20_000
LARGEST = 4 * 1024 * 1024
"""Characters of the largest file that is parsed."""
MOST_SIGNS_OF_A_FILE = 400_000
"""A file of code has one sign in seven characters; a table of numbers, one in three."""
MOST_SIGNS = 750_000
"""Of all that is read for one library."""

_SIGNS = bytes(code for code in range(33, 127) if not chr(code).isalnum() and chr(code) not in "_\"'")
MOST_UNENDED = 20
"""Raw strings that never end, in one file: the parser reads to the end of the file for each of them."""
_RAW = pattern(r'\b[bc]?r(#{1,255})"')


@lru_cache(maxsize=8192)
def _unended(source: str) -> int:
    """Count raw strings that nothing ends, up to the first that are too many; what stands in comments and other strings may be among them."""
    found, at = 0, 0
    endless = set[str]()
    while found <= MOST_UNENDED and (one := _RAW.search(source, at)) is not None:
        end = -1 if one[1] in endless else source.find(f'"{one[1]}', one.end())
        if end == -1:
            endless.add(one[1])
            found += 1
        at = one.end() if end == -1 else end + 1
    return found


@lru_cache(maxsize=8192)
def signs(source: str) -> int:
    """Count what a syntax tree grows with."""
    data = source.encode("utf-8", "surrogatepass")
    return len(data) - len(data.translate(None, _SIGNS))


class Budget:
    """What is left of it while the files of a program are read."""

    def __init__(self) -> None:
        self._files = 0
        self._signs = 0
        self._is_spent = False

    def refuses_more(self) -> str | None:
        """Count a file: say why neither it nor what comes after it is read; nothing more the second time, None while there is room."""
        self._files += 1
        return self._spent(f"more than {MOST_FILES} files; the rest is not read") if self._is_spent or self._files > MOST_FILES else None

    def refuses(self, source: str) -> str | None:
        """Count a text; say why it is not parsed where it is too much."""
        if _unended(source) > MOST_UNENDED:
            return f"more than {MOST_UNENDED} raw strings of the file never end"
        if len(source) > LARGEST:
            return f"the file is too large to be parsed: {_count(len(source))} characters, at most {_count(LARGEST)}; divide it into modules"
        found = signs(source)
        if found > MOST_SIGNS_OF_A_FILE:
            most = _count(MOST_SIGNS_OF_A_FILE)
            return f"the file is too large to be parsed: {_count(found)} commas, brackets and operators, at most {most}; divide it into modules"
        self._signs += found
        if self._signs > MOST_SIGNS:
            size, most = _count(len(source)), _count(MOST_SIGNS)
            return self._spent(
                f"with this file of {size} characters there are more than {most} commas, brackets and operators; neither it nor the rest is read"
            )
        return None

    def _spent(self, why: str) -> str:
        first, self._is_spent = not self._is_spent, True
        return why if first else ""


def _count(number: int) -> str:
    return f"{number / 1e6:.1f} million" if number >= 100_000 else str(number)
