"""Locks that only their own tools write, and that still say the old version of a package after a bump: named, and left to the tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.model import Plan
from lockstep.tree import Tree
from lockstep.versions.version import Version

LARGEST = 2_000_000
"""Characters of the largest lock that is looked into."""
NEAR = 12
"""Lines behind a package's name in which its version stands."""
_PUB_NAME = re.compile(r"^name:[ \t]*[\"']?(?P<name>\w+)", re.MULTILINE)


def left_behind(tree: Tree, tools: Mapping[str, str], plan: Plan, old: Version) -> Iterator[str]:
    """Say which locks have an entry of a package that moves, at its old version; `tools` are their paths, each with what writes it."""
    names = {edit.site.package.name for edit in plan.edits}
    for path in {edit.site.path for edit in plan.edits}:
        if path.endswith(".podspec"):
            names.add(path.rpartition("/")[2].removesuffix(".podspec"))
        elif path.endswith("pubspec.yaml") and (found := _PUB_NAME.search(tree.read(path))) is not None:
            names.add(found["name"])
    if not names:
        return
    named = re.compile(rf"(?<![\w./-])(?:[\w-]+/)?(?:{'|'.join(map(re.escape, sorted(names)))})(?![\w./-])")
    version = re.compile(rf"(?<![\w.])v?{re.escape(str(old))}(?![\w.-])")
    for path, tool in tools.items():
        text = tree.read(path)
        lines = text.splitlines() if len(text) <= LARGEST else []
        last = -NEAR
        for number, line in enumerate(lines, 1):
            last = number if named.search(line) else last
            if number - last < NEAR and version.search(line):
                yield f"{path}:{number} still says {old}: {tool} writes it"
                break
