"""Which pushes start a workflow? The filters of branches, tags and paths, as GitHub reads them.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from __future__ import annotations

import re

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
    passes = False
    for one in filters:
        negated = one.text.startswith("!")
        if re.fullmatch(_glob(one.text.removeprefix("!")), name):
            passes = not negated
    return passes


def _glob(text: str) -> str:
    """Write a filter pattern of GitHub as an expression; `?` and `+` are about the character before."""
    out, i = "", 0
    while i < len(text[:LONGEST]):
        char = text[i]
        close = text.find("]", i + 1) if char == "[" else -1
        if text.startswith("**", i):
            out, i = out + ".*", i + 1
        elif char == "*":
            out += "[^/]*"
        elif char in "?+" and out and not out.endswith(("*", "+", "?")):
            out += char
        elif close > i + 1 and re.fullmatch(r"[A-Za-z0-9_-]+", text[i + 1 : close]):
            out, i = out + f"[{text[i + 1 : close]}]", close
        else:
            out += re.escape(char)
        i += 1
    return out
