"""The release workflow that lockstep writes for a project: `write` is a function of what is released, of pins, and of nothing else.

`templates` are the pieces of the text, one file for each kind of job. A kind of package is one file in `kinds`, and one line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from lockstep.release_workflow.project import Part, Project

KINDS = ("crates", "pure_python", "maturin", "napi", "npm")
"""The kinds of packages, in the order in which they are asked: a package is built by the first that knows it."""


class Kind(Protocol):
    """A kind of packages, and how they are built."""

    def part(self, project: Project) -> Part | None:
        """Give the jobs that build the packages of this kind; None where there are none."""


def parts(project: Project) -> Iterator[Part]:
    """Give what each kind of package brings; a package that one kind builds is not asked of the next."""
    left = project
    for name in KINDS:
        found = cast("Kind", import_module(f"{__name__}.kinds.{name}")).part(left)
        if found is not None:
            left = left.without(found.packages)
            yield found
