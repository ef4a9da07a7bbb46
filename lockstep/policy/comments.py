"""Waivers that stand beside what they accept: `# lockstep: ignore[rule] reason`, at the end of a line, or alone above it.

A comment without a reason, or that names no rule, accepts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.config import WaiverConfig
from lockstep.dataclass import dataclass

_COMMENT = re.compile(r"#[ \t]*lockstep:[ \t]*ignore\[(?P<rules>[a-z0-9, -]{1,400})\][ \t]*(?P<reason>[^\n]*)")
LONGEST = 2_000
"""Characters of the longest line that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that accepts a rule's findings on a line; `text` is its whole line."""

    waiver: WaiverConfig
    line: int
    text: str


def comments(path: str, text: str) -> Iterator[Comment]:
    """Give the comments of a file that accept something, one for each rule that they name."""
    lines = text.split("\n") if "lockstep:" in text else []
    for number, line in enumerate(lines, 1):
        found = _COMMENT.search(line) if len(line) <= LONGEST else None
        if found is None or not found["reason"].strip():
            continue
        alone = line.lstrip().startswith("#")
        target = next((at for at in range(number + 1, len(lines) + 1) if not lines[at - 1].lstrip().startswith("#")), number) if alone else number
        for rule in found["rules"].split(","):
            waiver = WaiverConfig(rule=rule.strip(), reason=found["reason"].strip(), expires="", path=path, line=number, column=found.start() + 1)
            yield Comment(waiver=waiver, line=target, text=line.strip())
