"""Which pushes start a workflow? The filters of branches, tags and paths, as GitHub reads them.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Scalar, texts
from lockstep.workflow.model import Workflow

LONGEST = 300
"""Characters of the longest pattern that is tried."""


def filtered(one: Workflow, branch: str | None) -> str:
    """Say why there may be no run of a workflow for a push to a branch (None for one that is not known), "" where there is one for every commit."""
    if "push" not in one.triggers:
        return "no push starts"
    push = one.triggers["push"]
    if not isinstance(push, Map):
        return ""
    if unstarted := _other_branches(push, branch):
        return unstarted
    if push.get("paths") is not None or push.get("paths-ignore") is not None:
        return PATHS
    return ""


PATHS = "runs for some paths only"


def _other_branches(push: Map, branch: str | None) -> str:
    names, ignored = texts(push.get("branches")), texts(push.get("branches-ignore"))
    if not names and not ignored and (push.get("tags") is not None or push.get("tags-ignore") is not None):
        return "runs for tags only"
    if branch is not None and ((names and not starts(names, branch)) or starts(ignored, branch)):
        return f"does not run for pushes to {branch}"
    return ""


def starts(filters: tuple[Scalar, ...], name: str) -> bool:
    """Say whether a name passes a filter of branches or tags; the last pattern that fits decides."""
    for one in reversed(filters):
        negated = one.text.startswith("!")
        if _fits(one.text.removeprefix("!"), name):
            return not negated
    return False


_Part: TypeAlias = tuple[str, str]
"""What a pattern takes: an expression of one character, and how often: "" for once, else `?`, `+` or `*`."""
_SIGNS = (r"\?", r"\+")
"""What is about no character before, since there is none, and is itself."""
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")


def _fits(text: str, name: str) -> bool:
    """Say whether a name fits a pattern; what may come next is kept after each character, so a pattern of stars costs no more than another."""
    plain, parts = _parts(text)
    if not name.startswith(plain):
        return False
    if not parts:
        return len(name) == len(plain)
    states = _behind(parts, {0})
    for char in name[len(plain) :]:
        following = set()
        for state in states:
            if state < len(parts) and re.fullmatch(parts[state][0], char, re.DOTALL):
                following |= {state, state + 1} if parts[state][1] in ("+", "*") else {state + 1}
        if not following:
            return False
        states = _behind(parts, following)
    return len(parts) in states


def _behind(parts: tuple[_Part, ...], states: set[int]) -> set[int]:
    """Add what is reached by taking nothing."""
    found = set()
    for state in states:
        at = state
        found.add(at)
        while at < len(parts) and parts[at][1] in ("*", "?"):
            at += 1
            found.add(at)
    return found


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, tuple[_Part, ...]]:
    """Read a filter pattern of GitHub: the characters that it begins with, and what comes then; `?` and `+` are about the character before."""
    found: list[_Part] = []
    text, i = text[:LONGEST], 0
    while i < len(text):
        char = text[i]
        close = text.find("]", i + 1) if char == "[" else -1
        if text.startswith("**", i):
            found.append((".", "*"))
            i += 1
        elif char == "*":
            found.append(("[^/]", "*"))
        elif char in "?+" and found and not found[-1][1] and found[-1][0] not in _SIGNS:
            found[-1] = (found[-1][0], char)
        elif close > i + 1 and _is_set(text[i + 1 : close]):
            found.append((f"[{text[i + 1 : close]}]", ""))
            i = close
        else:
            found.append((re.escape(char), ""))
        i += 1
    plain = next((at for at, char in enumerate(text) if char not in _PLAIN), len(text))
    plain -= text[plain : plain + 1] in ("?", "+") and plain > 0  # the character before is optional, or may come again
    return text[:plain], tuple(found[plain:])


def _is_set(text: str) -> bool:
    """Say whether what stands between brackets is a set of characters; a range that runs backwards is none."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        return False
    try:
        re.compile(f"[{text}]")
    except re.error:
        return False
    return True
