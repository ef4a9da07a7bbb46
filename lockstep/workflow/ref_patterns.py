"""The patterns of GitHub's settings: which branches or tags may deploy to an environment, which refs a ruleset is about.

They are those of Ruby's File.fnmatch with FNM_PATHNAME, and not those of `on.push.tags`: `+` is a plus and nothing else, `?` is one character, `**/` is any
number of folders, `[0-9]` is one digit.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags,
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository,
https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

LONGEST = 300
"""Characters of the longest pattern that is tried; a longer one matches nothing."""
_BRACKETS = pattern(r"\[(?P<not>[!^]?)(?P<inner>(?:\\.|[^\\])(?:\\.|[^\]\\])*)\]")
_ANY, _FOLDERS, _ONE = "*", "**/", "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a pattern takes: any characters of a name, any folders, or one character, of which `wanted` is an expression."""

    what: str
    wanted: str = ""


def matches(text: str, name: str) -> bool:
    """Say whether a name matches; what may come next is kept after each character, so a pattern of stars costs no more than another."""
    parts = _parts(text)
    if parts is None:
        return False
    states = _reached(parts, {0}, at_folder=True)
    for char in name:
        following = set()
        for state in states:
            if state == len(parts):
                continue
            one = parts[state]
            if one.what == _FOLDERS:
                following.add(state)
            elif one.what == _ANY:
                following |= {state} if char != "/" else set()
            elif re.fullmatch(one.wanted, char, re.DOTALL):
                following.add(state + 1)
        states = _reached(parts, following, at_folder=char == "/")
    return len(parts) in states


def _reached(parts: tuple[_Part, ...], states: set[int], *, at_folder: bool) -> set[int]:
    """Add what is reached by taking nothing: behind a star always, behind `**/` where a folder begins."""
    found = set()
    for state in states:
        at = state
        found.add(at)
        while at < len(parts) and (parts[at].what == _ANY or (parts[at].what == _FOLDERS and at_folder)):
            at += 1
            found.add(at)
    return found


@lru_cache(maxsize=256)
def _parts(text: str) -> tuple[_Part, ...] | None:
    """Read a pattern; None for one that matches nothing."""
    return None if len(text) > LONGEST else _valid(_read(text))


def _valid(found: Iterator[_Part | None]) -> tuple[_Part, ...] | None:
    parts = []
    for one in found:
        if one is None:
            return None
        parts.append(one)
    return tuple(parts)


def _read(text: str) -> Iterator[_Part | None]:
    at = 0
    while at < len(text):
        char = text[at]
        if text.startswith(_FOLDERS, at) and (at == 0 or text[at - 1] == "/"):
            yield _Part(what=_FOLDERS)
            at += 2
        elif char == "*":
            yield _Part(what=_ANY)
        elif char == "?":
            yield _Part(what=_ONE, wanted="[^/]")
        elif char == "[":
            found = _BRACKETS.match(text, at)
            yield _set(found["inner"], negated=bool(found["not"])) if found is not None else None
            at = found.end() - 1 if found is not None else len(text)
        else:
            at += char == "\\" and at + 1 < len(text)
            yield _Part(what=_ONE, wanted=re.escape(text[at]))
        at += 1


def _set(text: str, *, negated: bool) -> _Part | None:
    """Read what stands between brackets; None where a range runs backwards, which nothing is in."""
    inner = re.sub(r"([\\\[\]^&~|])", r"\\\1", re.sub(r"\\(.)", r"\1", text))
    wanted = f"(?!/)[{'^' if negated else ''}{inner}]"
    try:
        re.compile(wanted)
    except re.error:
        return None
    return _Part(what=_ONE, wanted=wanted)


def misread(text: str) -> str:
    """Say which character of a pattern means something in `on.push.tags` and not here, as a part of a sentence; "" for none."""
    if "+" in text:
        return "`+` is a plus here, not a repetition"
    if text.startswith("!"):
        return "`!` takes nothing away here"
    return "`?` is one character here, not an optional one" if re.search(r"[A-Za-z0-9\]]\?", text) else ""
