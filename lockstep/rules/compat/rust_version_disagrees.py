"""Another place says another rust-version than the manifest.

## What it does
Reads what the README (badge or sentence), a CI job or setting called msrv, and clippy.toml say, and compares it with the `rust-version` of
the crates in the same folder and below; one of them must be meant. A `rust-toolchain` may name a newer Rust, never an older one. A crate
cannot declare an older Rust than a crate of this repository that it needs.

## Why
A badge that promises 1.70 while Cargo asks for 1.74 is a bug report; a CI job that proves the wrong floor proves nothing.

## Example
```
README.md:5 rust-version-disagrees: README.md says Rust 1.70, but rust-version is 1.74
```

## Source
https://doc.rust-lang.org/cargo/reference/rust-version.html and https://doc.rust-lang.org/clippy/configuration.html#specifying-the-minimum-supported-rust-version
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.rules.compat import Comparison
from lockstep.surface import Item
from lockstep.versions.ranges import Range, at_least, floor_raised

LEVEL = Level.ERROR
SINCE = "0.1.0"
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Hold every other declaration of the release against the manifests; what the last release said is no matter."""
    own = comparison.head.items.get("package.rust-version")
    for item in comparison.head.items.values():
        try:
            fault = _fault(item, own)
        except VersionError:
            continue  # Cargo refuses such a manifest
        if fault is not None:
            message, help_ = fault
            yield comparison.contradiction(rule="rust-version-disagrees", level=LEVEL, old=None, new=item, message=message, help=help_)


def _fault(item: Item, own: Item | None) -> tuple[str, str] | None:
    if item.traits & {"mirror", "toolchain"} and item.value is not None:
        said = at_least(item.value)
        declared = " or ".join(item.bases)
        if "toolchain" in item.traits:
            older = all(floor_raised(said, at_least(one)) for one in item.bases)
            fault = f"the repository is built with Rust {item.value}, but rust-version is {declared}"
            return (fault, "name a toolchain that is at least the rust-version") if older else None
        if any(_same(said, at_least(one)) for one in item.bases):
            return None
        return f"{item.place.path} says Rust {item.value}, but rust-version is {declared}", "correct the one that is wrong"
    if "sibling" in item.traits and "optional" not in item.traits and item.annotation and own is not None and own.value is not None:
        if not floor_raised(at_least(own.value), at_least(item.annotation)):
            return None
        return f"{item.origin} needs Rust {item.annotation}, but rust-version is {own.value}", f'write rust-version = "{item.annotation}"'
    return None


def _same(one: Range, other: Range) -> bool:
    return not floor_raised(one, other) and not floor_raised(other, one)
