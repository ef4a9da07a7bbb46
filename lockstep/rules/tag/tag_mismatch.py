"""A release tag says another version than the project.

## What it does
The version in the tag's name must be the version of the group that the tag names, as text: `v0.2.0` is no release of `0.2.0+dev0`. Without a
configured `tag`, `v1.2.0`, `1.2.0`, `name-v1.2.0`, `name/1.2.0` and their like are read: a tag belongs to the package or the folder that it names, or to
the packages of the ecosystem that it names (`py-v1.2.0`); any other to the groups that had its version at the tags before it.

## Why
A tag push publishes; what it publishes carries the version of the manifests, not that of the tag.

## Example
```
lockstep check --tag v1.3.0
Cargo.toml:3:12 tag-mismatch: the tag v1.3.0 says 1.3.0, but spam is at 1.2.0
```

## Source
lockstep's own rule; registries never let a version be published twice
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Group, Level, Place, Role
from lockstep.project.project import Project
from lockstep.rules.tag import TagClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Compare the tag with the groups that it may be a release of."""
    reading = claim.reading
    if reading.holder is not None or reading.unreadable is not None:  # setuptools-scm, hatch-vcs and their like state it by the tag
        return
    if reading.name is not None and not claim.project.packages:
        return
    group = next(iter(reading.groups), None)
    at = group.version if group else None
    if reading.name is None:
        message, help_ = f"the tag {reading.tag} names no version", f"name it {reading.suggestion()}"
    elif group is None:
        message, help_ = f"the tag {reading.tag} is of no package of this project", "lockstep show lists them"
    else:
        name = "the group" if claim.project.groups[:1] == (group,) else group.name
        message = f"the tag {reading.tag} says {reading.name.text}, but {name} is at {at}"
        help_ = "tag the commit that has this version, or bump first"
    said = None if reading.name is None else reading.name.text
    yield Finding(rule="tag-mismatch", level=LEVEL, place=_place(claim.project, group), message=message, help=help_, old=str(at), new=said)


def _place(project: Project, group: Group | None) -> Place:
    members = {package.id for package in group.packages} if group else set()
    sites = [site for site in project.sites if site.role is Role.OWN and site.package.id in members]
    return min(sites, key=lambda site: (site.path.count("/"), site.path)).place if sites else Place(path=".")
