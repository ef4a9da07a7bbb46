"""The journal of one write: what it is about, and how its files go back or are cleaned up; read anew after a kill, nothing of it is believed.

It bears a digest of itself: one that a broken disk or a hand has changed is told, and nothing is undone by it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress

from lockstep.dataclass import dataclass
from lockstep.errors import WriteError
from lockstep.writing.durable_files import CREATE_NEW, is_file, read_file, remove, replace, sha256_of, status_of, sync_folder, write_all
from lockstep.writing.journal_files import COMMITTED, FRESH, JOURNAL
from lockstep.writing.parallel import in_parallel
from lockstep.writing.paths import is_free_of_links, is_within_root
from lockstep.writing.release import Release

FORMAT = 2
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Journal:
    """What one write is about: `files` are the paths with the SHA-256 of their new bytes, `before` has that of the old ones; `token` names what it stages.

    A `release` is recorded in git.
    """

    root: str
    git_dir: str
    token: str
    beside: bool
    files: tuple[tuple[str, str], ...]
    before: tuple[str, ...]
    release: Release | None = None

    def target(self, number: int) -> str:
        """Give the file that is written."""
        return f"{self.root}/{self.files[number][0]}"

    def staged(self, number: int) -> str:
        """Give where its new bytes wait."""
        return self._temporary(number, "new")

    def kept(self, number: int) -> str:
        """Give where its old bytes are kept."""
        return self._temporary(number, "old")

    @property
    def staging(self) -> str:
        """The folder in which files wait and are kept, where that is not `beside` their targets, and what a release needs."""
        return f"{self.git_dir}/lockstep-{self.token}"

    @property
    def new_index(self) -> str:
        """The copy of the index with which git makes the release."""
        return f"{self.staging}/index"

    @property
    def old_index(self) -> str:
        """The index as it was."""
        return f"{self.staging}/index.before"

    @property
    def git_note(self) -> str:
        """The file that names the process of the git that makes the release."""
        return f"{self.staging}/git"

    @property
    def git_paths(self) -> str:
        """The list of files for that git; it is there as long as all of them are the new ones."""
        return f"{self.staging}/paths"

    @property
    def git_stale_paths(self) -> str:
        """The list of files whose content in the index is not that of the commit."""
        return f"{self.staging}/stale"

    def folders(self) -> list[str]:
        """Give the folders of the targets."""
        return sorted({os.path.dirname(self.target(number)) for number in range(len(self.files))})

    def record(self) -> None:
        """Write the journal down, whole or not at all."""
        files = [[path, new, old] for (path, new), old in zip(self.files, self.before, strict=True)]
        data: dict[str, object] = {"lockstep": FORMAT, "token": self.token, "beside": self.beside, "files": files}
        if self.release is not None:
            data["release"] = [self.release.ref, self.release.before, self.release.second, self.release.tag]
        fresh = f"{self.git_dir}/{FRESH}"
        descriptor = os.open(fresh, CREATE_NEW, 0o600)
        try:
            write_all(descriptor, sealed(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        replace(fresh, f"{self.git_dir}/{JOURNAL}")

    def commit(self) -> None:
        """Decide for the new tree."""
        replace(f"{self.git_dir}/{JOURNAL}", f"{self.git_dir}/{COMMITTED}")
        sync_folder(self.git_dir)

    def revoke(self) -> None:
        """Take a commit back that could not be synced."""
        if status_of(f"{self.git_dir}/{COMMITTED}") is not None:
            replace(f"{self.git_dir}/{COMMITTED}", f"{self.git_dir}/{JOURNAL}")

    def roll_back(self, *, again: bool, keep: Callable[[str], bool] = lambda _: False) -> list[str]:
        """Put every old file back; give the paths of those that somebody else changed in the meantime, which stay, unless `keep` keeps them elsewhere.

        One that was changed where it was kept goes back as it is, and is among them: a program that had it open may have written into it.
        `again` syncs every folder: whoever was killed may have put files back and not synced them.
        """
        left, folders = [], set(self.folders() if again else ())
        for number, (path, wanted) in enumerate(self.files):
            if status_of(self.staged(number)) is not None:
                continue
            target, kept = self.target(number), self.kept(number)
            now = sha256_of(target)
            if not is_file(kept):
                if now == wanted:
                    left.append(path)
            elif now == wanted or (now != sha256_of(kept) and keep(target)):
                if sha256_of(kept) != self.before[number]:
                    left.append(path)
                replace(kept, target)
                folders.add(os.path.dirname(target))
            elif now != sha256_of(kept):
                left.append(path)
        in_parallel(sync_folder, [folder for folder in sorted(folders) if os.path.isdir(folder)])
        return left

    def clean(self) -> None:
        """Remove the old files, then the new ones (the table of `lockstep.writing.transaction` needs that order), and the journal last."""
        numbers = range(len(self.files))
        found = [f"{self.staging}/{name}" for name in os.listdir(self.staging)] if status_of(self.staging) is not None else []
        kept, rest = ([name for name in found if name.endswith(".old") is old] for old in (True, False))
        if self.beside:
            kept, rest = [self.kept(number) for number in numbers], [*rest, *(self.staged(number) for number in numbers)]
        in_parallel(remove, kept)
        in_parallel(remove, rest)
        with suppress(FileNotFoundError):
            os.rmdir(self.staging)
        for name in (FRESH, JOURNAL, COMMITTED):
            remove(f"{self.git_dir}/{name}")

    def _temporary(self, number: int, suffix: str) -> str:
        if self.beside:
            return f"{os.path.dirname(self.target(number))}/.lockstep-{self.token}-{number}.{suffix}"
        return f"{self.staging}/{number}.{suffix}"


def sealed(data: dict[str, object]) -> bytes:
    """Write down what a journal says, with the digest by which damage is seen."""
    return json.dumps({"journal": data, "sha256": _digest(data)}).encode()


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def read_journal(root: str, git_dir: str, path: str) -> Journal:
    """Read a journal that a dead process left, and believe nothing of it.

    Raises: WriteError when it is not one of ours, or names a file that is not inside the repository.
    """
    try:
        written = json.loads(read_file(path))
        data = written["journal"]
        token, beside, files = data["token"], data["beside"], [(file, new, old) for file, new, old in data["files"]]
        release = Release(*data["release"]) if "release" in data else None
        sound = written["sha256"] == _digest(data) and data["lockstep"] == FORMAT and isinstance(beside, bool)
        sound = sound and isinstance(token, str) and re.fullmatch("[0-9a-f]{16}", token) and (release is None or release.is_sound)
        sound = sound and files and all(isinstance(file, str) and _DIGEST.fullmatch(new) and _DIGEST.fullmatch(old) for file, new, old in files)
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise WriteError("the journal of an interrupted write is damaged", path=path, help="compare the work tree with git diff, then delete the journal")
    known: set[str] = set()
    for file, *_ in files:
        if not is_within_root(file) or not is_free_of_links(root, os.path.dirname(file), known):
            raise WriteError(
                f"the journal of an interrupted write names {file}, which is not inside the repository, or behind a link",
                path=path,
                help="compare the work tree with git diff, then delete the journal",
            )
    pairs, before = tuple((file, new) for file, new, _ in files), tuple(old for *_, old in files)
    journal = Journal(root=root, git_dir=git_dir, token=token, beside=beside, files=pairs, before=before, release=release)
    if (staging := status_of(journal.staging)) is not None and not stat.S_ISDIR(staging.st_mode):
        raise WriteError("the staging folder of an interrupted write is a link or a file", path=journal.staging, help="delete it and the journal")
    return journal
