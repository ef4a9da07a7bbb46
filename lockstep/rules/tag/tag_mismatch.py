"""A release tag says another version than the project.

## What it does
The version in the tag's name must be the version of a group of the project. Without a configured `tag` template, `v1.2.0`, `1.2.0`,
`name-v1.2.0` and `name/1.2.0` are read.

## Why
A tag push publishes; what it publishes carries the version of the manifests, not that of the tag.

## Example
```
lockstep check --tag v1.3.0
Cargo.toml:3:12 tag-mismatch: the tag v1.3.0 says 1.3.0, but the group is at 1.2.0
```

## Source
lockstep's own rule; registries never let a version be published twice
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Group, Level, Place, Role
from lockstep.pattern import pattern
from lockstep.project.project import Project
from lockstep.rules.tag import TagClaim
from lockstep.versions.version import Version, read_any

LEVEL = Level.ERROR
SINCE = "0.1.0"

_ANY = pattern(r"(?:(?P<name>.+?)[-_/@])?v?(?P<version>[0-9]+\.[0-9]+.*)", re.ASCII)


def check(claim: TagClaim) -> Iterator[Finding]:
    """Compare the tag with the group that it names, else with the main one."""
    tag = claim.tag.removeprefix("refs/tags/")
    group = group_of(claim.project, tag)
    said = _version(tag, claim.template, group)
    at = group.version if group else None
    if said is None:
        shape = claim.template or "v{version}"
        message, help_ = f"the tag {tag} names no version", f"name it {shape.replace('{version}', str(at or '1.2.0'))}"
    elif at is None:
        return  # the tag is where the version is stated: setuptools-scm, hatch-vcs and their like
    elif said != at:
        message, help_ = f"the tag {tag} says {said}, but the group is at {at}", "tag the commit that has this version, or bump first"
    else:
        return
    yield Finding(rule="tag-mismatch", level=LEVEL, place=_place(claim.project, group), message=message, help=help_, old=str(at), new=str(said))


def group_of(project: Project, tag: str) -> Group | None:
    """Give the group that a tag names, else the main one."""
    found = _ANY.fullmatch(tag)
    name = found["name"] if found else None
    named = [group for group in project.groups if name and (group.name == name or name in {package.name for package in group.packages})]
    return next(iter(named or project.groups), None)


def _version(tag: str, template: str, group: Group | None) -> Version | None:
    pattern = re.escape(template).replace(r"\{version\}", "(?P<version>.+)").replace(r"\{group\}", re.escape(group.name if group else ""))
    found = re.fullmatch(pattern, tag) if template else _ANY.fullmatch(tag)
    try:
        return read_any(found["version"]) if found else None
    except VersionError:
        return None


def _place(project: Project, group: Group | None) -> Place:
    sites = [site for site in project.sites if site.role is Role.OWN and group and site.package.group == group.name]
    return min(sites, key=lambda site: (site.path.count("/"), site.path)).place if sites else Place(path=".")
