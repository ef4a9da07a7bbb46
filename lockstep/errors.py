"""What stops the program, and only that: whatever a person fixes in a repository is a Finding.

LockstepError               could not do the job: the command ends with exit code 2
├── UsageError              the command line asks for something that does not exist
├── ConfigError             lockstep's own configuration is wrong
├── RepositoryError         no repository, no such ref, a file that cannot be read
├── ManifestError           a file of the project is not what its name promises
├── VersionError            a text is no version, or no spelling can hold the version
└── WriteError              the tree could not be written; nothing was changed
    └── RefusedByGitError   git would not commit or tag it
"""

from __future__ import annotations


class LockstepError(Exception):
    """One failure: where (when there is a where), what is, and what to do next.

    `others` are failures of the same kind that were met at the same time: other files that cannot be read.

    Args:
        message: what is wrong and what was expected, one sentence, without the place.
        path: POSIX path below the repository root, when the fault is in a file.
        line: 1-based line of the fault.
        column: 1-based column, counted in characters.
        help: the next step for the reader.

    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        help: str = "",  # noqa: A002 - the word that the report prints; no builtin is needed here
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.help = help
        self.others: tuple[LockstepError, ...] = ()

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{where}: {self.message}" if where else self.message


class UsageError(LockstepError):
    """The command line asks for something that does not exist."""


class ConfigError(LockstepError):
    """Lockstep's own configuration is wrong."""


class RepositoryError(LockstepError):
    """No repository, no such ref, or a file that cannot be read."""


class ManifestError(LockstepError):
    """A file of the project is not what its name promises."""


class VersionError(LockstepError):
    """A text is no version, or a spelling cannot hold the version."""


class WriteError(LockstepError):
    """The tree could not be written; nothing was changed."""


class RefusedByGitError(WriteError):
    """A hook, a signature or git itself refuses a commit or a tag; what stands then is added to the message."""
