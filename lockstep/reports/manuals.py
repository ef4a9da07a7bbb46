"""The manuals of the rules, for the outputs that carry them: their address, their first sentence, their parts."""

from __future__ import annotations

import re
from typing import Any

from lockstep.about import REPOSITORY
from lockstep.model import Rule


def address(rule: Rule[Any]) -> str:
    """Give where a rule is explained: its module, whose docstring is the manual."""
    return f"{REPOSITORY}/blob/main/{rule.check.__module__.replace('.', '/')}.py"


def title(rule: Rule[Any]) -> str:
    """Give the sentence that a manual begins with."""
    return rule.doc.partition("\n")[0]


def part(rule: Rule[Any], heading: str) -> str:
    """Give what stands below a heading of a manual, one line a paragraph."""
    found = re.search(rf"^## {re.escape(heading)}$\n(.*?)(?=^## |\Z)", rule.doc, re.MULTILINE | re.DOTALL)
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in found[1].strip().split("\n\n")) if found else ""
