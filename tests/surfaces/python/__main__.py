"""`python -m tests.surfaces.python PACKAGE...`: installed packages as they are read, against what Python finds when it imports them."""

from __future__ import annotations

import sys

from tests.surfaces.python.truth import compare

PACKAGES = ("click", "packaging", "pytest", "_pytest", "pluggy", "rich", "typer", "tomlkit", "hypothesis", "syrupy", "griffe", "git", "libcst")


def main() -> int:
    """Print a line for each package, then what differs."""
    for name in sys.argv[1:] or PACKAGES:
        truth = compare(name)
        sys.stdout.write(
            f"{name:12} {truth.names:6} names, {len(truth.false):3} not there, {len(truth.missed):3} missed; "
            f"{truth.calls:5} calls alike, {len(truth.different):3} different\n"
        )
        for word, found in (("not there", truth.false), ("missed", truth.missed), ("different", truth.different)):
            for one in found[:40]:
                sys.stdout.write(f"    {word}: {one}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
