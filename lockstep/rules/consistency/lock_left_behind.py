"""A lock has one of our packages at another version than its manifest.

## What it does
Every lock of the repository (the root's, those of `fuzz/`, `python/`, examples) is compared with the manifests of the packages that
it holds. Entries of registries are never looked at, whatever their name or version. Cargo's and npm's locks repeat the version as text; Python's in its
normal form, where any spelling of the same version will do.

## Why
`cargo build --locked` and `uv sync --locked` fail on such a lock, and the next ordinary build changes it, in somebody else's commit.

## Example
```
fuzz/Cargo.lock:234:12 lock-left-behind: the lock has spam at 0.3.0, spam/Cargo.toml says 0.4.0
```
`lockstep check --fix` writes the version, as the tool itself would. Poetry and PDM install the folder as it is, whatever the lock says:
there it is a warning. So is an entry of npm's lock for another folder, which `npm ci` links, and one of a
Cargo lock that is kept under another name (`compat-Cargo.lock`).

## Source
[cargo build --locked](https://doc.rust-lang.org/cargo/commands/cargo-build.html#option-cargo-build---locked)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level, Role, Site
from lockstep.project.project import Project
from lockstep.versions.agreement import says
from lockstep.versions.version import Spelling, Version

LEVEL = Level.ERROR
SINCE = "0.1.0"
TOLERANT = ("poetry.lock", "pdm.lock")
"""The locks whose tools take an entry by path at any version; `poetry check --lock` and `pdm lock --check` pass."""
LINKING = ("package-lock.json", "npm-shrinkwrap.json")
"""The locks whose entries for other folders are links; `npm ci` passes."""


def check(project: Project) -> Iterator[Finding]:
    """Compare each entry of ours with its manifest."""
    for site in project.sites:
        if site.role is not Role.LOCK or site.package.version is None:
            continue
        if _repeats(site, site.package.version):
            continue
        yield Finding(
            rule="lock-left-behind",
            level=Level.WARNING if _is_tolerated(site) else LEVEL,
            place=site.place,
            message=f"the lock has {site.package.name} at {site.text}, {site.package.manifest} says {site.package.version}",
            help="lockstep check --fix",
            package=site.package.name,
            old=site.text,
            new=str(site.package.version),
        )


def _is_tolerated(site: Site) -> bool:
    """Say whether the lock's tool installs a package whatever version the entry says."""
    folder, _, name = site.path.rpartition("/")
    return name in TOLERANT or ("Cargo" in name and name != "Cargo.lock") or (name in LINKING and site.package.root != folder)


def _repeats(site: Site, version: Version) -> bool:
    """Say whether an entry says a version as its tool would: Cargo and npm compare texts, and tell `1.0.0-rc1` from `1.0.0-rc.1`."""
    if site.spelling is Spelling.SEMVER:
        return site.text == str(version)
    try:
        return says(site.text, site.spelling, version)
    except VersionError:
        return False  # an entry that is no version is as stale as any other
