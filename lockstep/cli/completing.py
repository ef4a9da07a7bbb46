"""What a shell offers for a word that is being typed: the rules, the refs, the groups that there are. A repository that cannot be read offers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.repository.repository import Repository

Offers = list[str | tuple[str, str]]
"""Words, each with its help where there is one."""


def rules(incomplete: str) -> Offers:
    """Give the rules that begin so, each with the first sentence of its manual."""
    from lockstep.rules import every_rule  # noqa: PLC0415 - `--help` pays for nothing

    return [(rule.id, rule.doc.partition("\n")[0]) for rule in every_rule() if rule.id.startswith(incomplete)]


def refs(ctx: typer.Context, incomplete: str) -> Offers:
    """Give the tags, newest first, and the branches that begin so."""
    return [name for repository in _repository(ctx) for name in repository.refs() if name.startswith(incomplete)]


def tags(ctx: typer.Context, incomplete: str) -> Offers:
    """Give the tags that begin so, newest first."""
    return [name for repository in _repository(ctx) for name in repository.refs("refs/tags") if name.startswith(incomplete)]


def groups(ctx: typer.Context, incomplete: str) -> Offers:
    """Give the groups that begin so, and the packages that move on their own."""
    from lockstep.app.session import Session  # noqa: PLC0415
    from lockstep.config.reading import load  # noqa: PLC0415
    from lockstep.errors import LockstepError  # noqa: PLC0415
    from lockstep.repository.git_trees import WorkTree  # noqa: PLC0415

    for repository in _repository(ctx):
        try:
            tree = WorkTree(repository)
            project = Session(repository=repository, tree=tree, config=load(tree, ctx.params.get("config"))).project(texts=False)
        except LockstepError:  # `check` tells what is wrong with it
            continue
        found = [(group.name, f"at {group.version}: {counted(len(group.packages), 'package')}") for group in project.groups]
        found += [(one.name, f"at {one.version}, on its own") for one in project.outsiders if one.version]
        return [one for one in found if one[0].startswith(incomplete)]
    return []


def steps(incomplete: str) -> Offers:
    """Give the steps that a version can make."""
    from lockstep.versions.bump import STEPS  # noqa: PLC0415

    return [(name, doc) for name, doc in STEPS.items() if name.startswith(incomplete)]


def schemas(incomplete: str) -> Offers:
    """Give the JSON Schemas that are shipped."""
    from lockstep.app.schemas import names  # noqa: PLC0415 - only who completes pays for it

    return [name for name in names() if name.startswith(incomplete)]


def _repository(ctx: typer.Context) -> Iterator[Repository]:
    from lockstep.errors import LockstepError  # noqa: PLC0415
    from lockstep.repository.repository import find  # noqa: PLC0415

    try:
        yield find(ctx.params.get("repo") or ".")
    except LockstepError:
        return
