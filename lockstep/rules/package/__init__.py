"""What changed about a package that users ask a registry for? Evidence: a PackageChange.

A rule here says what its fault does in `IMPACT`, as those about surfaces do.
"""

from __future__ import annotations

NAMES = ("library_removed", "package_added", "package_renamed", "package_unpublished")
