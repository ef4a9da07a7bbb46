"""Is a file that was built for a release what the release promises? Evidence: an ArtifactClaim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass, field
from lockstep.errors import VersionError
from lockstep.model import Finding, Level, Place
from lockstep.release.built_file import BuiltFile
from lockstep.release.candidate import Registry
from lockstep.release.owed import Owing
from lockstep.versions.version import Version, read_any

NAMES = (
    "artifact_file_twice",
    "artifact_link",
    "artifact_metadata_unreadable",
    "artifact_name_mismatch",
    "artifact_not_owed",
    "artifact_outside",
    "artifact_path_leaves",
    "artifact_version_mismatch",
    "crate_commit_mismatch",
    "crate_commit_unseen",
    "licence_file_missing",
    "requires_python_mismatch",
    "sibling_version_mismatch",
    "wheel_dist_info",
    "wheel_record",
    "wheel_tags_mismatch",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A package of the release: its version at the tag, and the Pythons that its manifest promises, where that says so."""

    name: str
    version: Version
    requires_python: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactClaim:
    """A file, what the release owes by registry and name as it is compared there, and the commit of the tag.

    `owing` says which files of its packages it has, as far as that is told.
    """

    file: BuiltFile
    owed: Mapping[tuple[Registry, str], Owed]
    commit: str
    owing: Owing = field(default_factory=Owing)

    @property
    def mine(self) -> Owed | None:
        """The package that the file is of."""
        return self.owed.get(self.file.key)

    def finding(self, rule: str, message: str, help_: str, level: Level = Level.ERROR) -> Finding:
        """Make a finding about the file."""
        return Finding(rule=rule, level=level, place=Place(path=self.file.path), message=message, help=help_)


def says(text: str, version: Version) -> bool:
    """Say whether a text is a version, in whatever spelling."""
    try:
        return read_any(text).is_same(version)
    except VersionError:
        return False


def first_few(found: Iterator[Finding], most: int = 10) -> Iterator[Finding]:
    """Give the first findings of one kind about one file: a thousand say no more."""
    for _, one in zip(range(most), found, strict=False):
        yield one
