"""A requirement on a sibling excludes the version that the sibling is at.

## What it does
A dependency on a package of the same repository, by path or by name, carries a version requirement; the sibling's own version must
satisfy it.

## Why
Cargo refuses to resolve a path dependency whose version falls outside of the requirement. pip would install an older release of the
sibling, or nothing.

## Example
```
spam-cli/Cargo.toml:9:40 requirement-unsatisfied: spam-core is required at "0.3.0", but it is at 0.4.0
```
`lockstep check --fix` moves the requirement; operators and precision stay as they are.

## Source
[Multiple locations](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#multiple-locations)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level, Role
from lockstep.project.project import Project
from lockstep.versions.agreement import says

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Hold each requirement against the package that it names."""
    at = {group.name: group.version for group in project.groups}
    for site in project.sites:
        version = at.get(site.package.group or "") or site.package.version
        if site.role is not Role.REQUIREMENT or version is None:
            continue
        try:
            if says(site.text, site.spelling, version):
                continue
            message = f'{site.package.name} is required at "{site.text}", but it is at {version}'
            help_ = "lockstep check --fix"
        except VersionError as error:
            message, help_ = error.message, error.help
        yield Finding(
            rule="requirement-unsatisfied",
            level=LEVEL,
            place=site.place,
            message=message,
            help=help_,
            package=site.package.name,
            old=site.text,
            new=str(version),
        )
