"""The workflows that must have succeeded for a commit: those that are named, or those that run for every push."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from posixpath import basename

from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence.workflows import FOLDER, all_workflows
from lockstep.model import Place
from lockstep.tree import Tree
from lockstep.workflow.commit_runs import Gated, Unseen
from lockstep.workflow.filters import PATHS, filtered
from lockstep.workflow.model import Fault

_FILE = re.compile(r"[A-Za-z0-9 ._@+-]{1,200}\.ya?ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedWorkflows:
    """The gated workflows, and those files that nobody can read, so that it is not known whether they are gated."""

    gated: tuple[Gated, ...]
    unseen: tuple[tuple[Place, Unseen], ...] = ()


def chooser(tree: Tree | None, named: Iterable[str], source: Place, itself: str = "") -> Callable[[str], GatedWorkflows]:
    """Give what chooses the gated workflows: those that are named, in a place such as the configuration; else those that run for every push.

    `itself` is the path of the workflow that asks, if a push to the branch started it: nobody waits for oneself.
    Raises: UsageError for a name that no workflow can have.
    """
    names = tuple(dict.fromkeys(named))
    files = {} if tree is None else all_workflows(tree)
    for name in names:
        if tree is None and not _FILE.fullmatch(basename(name)):
            raise UsageError(f"{name!r} is no name of a workflow file", help="name it as ci.yml")

    def by_name(name: str) -> Gated:
        if tree is None:
            return Gated(name=basename(name), place=Place(path=f"{FOLDER}/{basename(name)}"))
        wanted = [path for path, one in files.items() if name in (path, basename(path)) or (not isinstance(one, Fault) and name == one.name)]
        if wanted:
            return Gated(name=basename(wanted[0]), place=_place_of_push(wanted[0], files[wanted[0]]))
        near = get_close_matches(basename(name), [basename(path) for path in files], n=1)
        return Gated(name=basename(name), place=source, known=False, near=near[0] if near else ", ".join(basename(path) for path in files))

    def choose(branch: str) -> GatedWorkflows:
        if names:
            return GatedWorkflows(gated=tuple(dict.fromkeys(by_name(name) for name in names)))
        gated, unseen = [], []
        for path, one in files.items():
            if isinstance(one, Fault):
                why = Unseen(
                    what=f"whether {basename(path)} runs for every push", why=one.message, help=one.help or "mend the workflow, or name those to wait for"
                )
                unseen.append((one.place, why))
            elif path != itself and (why_not := filtered(one, branch)) in ("", PATHS):
                gated.append(Gated(name=basename(path), place=_place_of_push(path, one), due=not why_not))
        return GatedWorkflows(gated=tuple(gated), unseen=tuple(unseen))

    return choose


def _place_of_push(path: str, one: object) -> Place:
    """Give the place of a workflow's push trigger."""
    key = getattr(one, "events", {}).get("push")
    return Place(path=path, line=key.line if key else 1, column=key.column if key else 1)
