"""Which tags are stable releases: MAJOR.MINOR.PATCH in ASCII digits, and nothing else.

Source: https://semver.org/#spec-item-2
"""

from __future__ import annotations

import re

from lockstep.versions.version import Version

_NUMBER = "(?:0|[1-9][0-9]*)"
LONGEST = 100
"""Characters of the longest tag that is a release."""


def stable(tag: str, template: str = "v{version}") -> Version | None:
    """Give the version of a stable release tag that is written as `template` says; None for every other tag."""
    before, _, after = template.partition("{version}")
    group = "[0-9A-Za-z][0-9A-Za-z._@/-]*"
    around = (re.escape(part).replace(r"\{group\}", group) for part in (before, after))
    found = re.fullmatch(rf"(?P<version>{_NUMBER}\.{_NUMBER}\.{_NUMBER})".join(around), tag) if len(tag) <= LONGEST else None
    return Version.read(found["version"]) if found else None
