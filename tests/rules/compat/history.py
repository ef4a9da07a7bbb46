"""`python -m tests.rules.compat.history [--pairs N] REPOSITORY...`: what lockstep says of the last releases of real projects.

For each of the last N pairs of adjacent release tags, the level, the step and the verdict; for each patch release, every finding that asks for more:
these are to be confirmed by hand against the project's own changes, or are false.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path

from lockstep.app.cache_folder import folder as cache_folder
from lockstep.app.session import open_commit
from lockstep.app.surfaces import Request, read_all
from lockstep.cache import Cache
from lockstep.errors import LockstepError
from lockstep.evidence.release_tags import tag_names
from lockstep.model import Requires
from lockstep.policy.semver import Step, step_between
from lockstep.repository.repository import Repository, find
from lockstep.review.review import review
from lockstep.versions.tag_names import TagName, parse
from lockstep.versions.version import Version


def pairs(repository: Repository, count: int) -> list[tuple[str, str]]:
    """Give the last adjacent release tags, oldest first; pre-releases and tags that name a package are left out."""
    tags = [one for name in tag_names(repository, "--merged=HEAD") if (one := parse(name)) is not None and not one.word and one.version.final]
    named = [one.tag for one in sorted(tags, key=_order)]
    return list(pairwise(named))[-count:]


def _order(one: TagName) -> Version:
    return one.version


def report(folder: Path, count: int) -> None:
    """Print what is said of each pair."""
    repository, cache = find(folder), Cache(cache_folder())
    for old, new in pairs(repository, count):
        try:
            before, after = read_all([Request(opened=open_commit(repository, f"refs/tags/{tag}")) for tag in (old, new)], cache)
        except LockstepError as error:
            sys.stdout.write(f"{folder} {old}..{new}: {error}\n")
            continue
        found = review(before, after)
        sys.stdout.write(f"{folder} {old}..{new}: asks for {found.level or 'nothing'}, made a {found.step} step: {found.verdict}\n")
        if step_between(before.version, after.version) is Step.PATCH:
            for one in found.findings:
                if one.requires not in (None, Requires.PATCH):
                    sys.stdout.write(f"    {one.requires} {one.rule} {one.message}  {one.place}\n")


def main() -> None:
    """Report on the repositories that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.rules.compat.history", description=__doc__)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("repositories", nargs="+", type=Path)
    options = parser.parse_args()
    for folder in options.repositories:
        report(folder, options.pairs)


if __name__ == "__main__":
    main()
