"""A place says another version than its group is at.

## What it does
Every manifest, `__version__` and other copy of the version of a package must equal the version of the group that the package
moves with. Spellings may differ where the value is one, as each tool normalises it: `1.2.0-rc.1` and `1.2.0rc1` agree, so do `1.0` and `1.0.0`, and
`2023.06.01` and `2023.6.1`. Build metadata is part of the version: `0.2.0` is not `0.2.0+dev0`, though no order is between them; but a package may bear the
version of what it wraps (`0.5.4+5.3.0`) in a group that does not, and what is for readers may leave build metadata out. The group's version is
what most of these places say; `lockstep show` prints it with the reason. A published package that history shows to move on its own is compared with
itself: its module, its install lines, and what its last bump moved in its folder.

A line that no format knows is compared too when the last bump moved it, and it stands where it stood then, in the same words. It is a warning where
that is not sure: the bump that goes on now may leave it behind on purpose, and a version above the group's may be meant, where the last commit wrote it
or another branch released it. A line that has been ahead for longer goes its own way, and is not compared.

## Why
The crate and the wheel of one release would carry different versions, or the module would report a version that was never released.
Registries do not let a release be replaced.

## Example
```
pyproject.toml:3:12 version-mismatch: version is 0.1.0, but the group is at 0.2.0
```
`lockstep check --fix` writes the group's version there.

## Source
lockstep's reason to exist; for maturin's mapping of spellings see https://www.maturin.rs/metadata
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import LEARNED, Finding, Level, Role, Site
from lockstep.project.project import Project
from lockstep.versions.agreement import says
from lockstep.versions.version import Version

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Compare each place with its group."""
    groups = project.groups_of(site.package for site in project.sites)
    for site in project.sites:
        group = groups[site.package]
        if group is None or group.version is None or site.role not in (Role.OWN, Role.MIRROR) or site.awaits:
            continue
        version = group.version_of(site.package, group.version)
        try:
            if says(site.text, site.spelling, version):
                continue
        except VersionError:
            continue  # version-unreadable says so
        named = group.name if site.package.group is None else f"the group {group.name}" if len(project.groups) > 1 else "the group"
        yield Finding(
            rule="version-mismatch",
            level=Level.WARNING if site.weak else LEVEL,
            place=site.place,
            message=f"{_label(site.key)} is {site.text}, but {named} is at {version}{f'; this line {site.why}' if site.key == LEARNED else ''}",
            help=_help(site, version),
            package=site.package.name,
            old=site.text,
            new=str(version),
        )


def _help(site: Site, version: Version) -> str:
    if site.key != LEARNED:
        return "lockstep check --fix"
    do = f"write {version} there" if site.weak else "lockstep check --fix"
    return f"{do}; if it is no copy of the version, add {site.path!r} to `exclude` in lockstep's configuration"


def _label(key: str) -> str:
    return "version" if key == LEARNED or key.rpartition(".")[2] == "version" else key
