"""One new file in the work tree, whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

from lockstep.errors import WriteError
from lockstep.repository.programs import StrPath
from lockstep.writing.durable_files import create_like, remove, replace, status_of, sync_folder
from lockstep.writing.journal_files import BESIDE, CREATED
from lockstep.writing.lock import locked
from lockstep.writing.paths import is_free_of_links, is_within_root
from lockstep.writing.recovery import undo_interrupted
from lockstep.writing.signals import deferred, stop_if
from lockstep.writing.system_errors import refused


def create(root: StrPath, git_dir: StrPath, path: str, data: bytes) -> None:
    """Make one new file in the work tree, whole or not at all, and the folders that it lies in.

    Raises: WriteError when there is one of that name already, a link stands on the way, or the disk refuses; Interrupted. There is no such file then.
    """
    folder = os.path.dirname(path)
    if not is_within_root(path) or not is_free_of_links(str(root), folder, set()):
        raise WriteError("a link, or no folder of the work tree, is on the way there: nothing was changed", path=path, help="name another path")
    target, staged = f"{root}/{path}", f"{git_dir}/{CREATED}"
    with locked(git_dir, patience=0), deferred() as interrupted:
        undo_interrupted(root, git_dir)
        made = False
        try:
            like = os.stat(f"{git_dir}/HEAD")
            create_like(staged, data, like)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _link_or_copy(staged, target, f"{root}/{BESIDE}", data, like)
            made = True
            sync_folder(os.path.dirname(target))
            stop_if(interrupted)
        except BaseException as error:
            outcome = "nothing was changed"
            try:
                if made:
                    remove(target)
            except OSError:
                outcome = "the file is there, but a loss of power may take it"
            if isinstance(error, FileExistsError):
                raise WriteError("there is a file of this name already", path=path, help=f"git add {path}, or move it away") from None
            if isinstance(error, OSError):
                error.filename = path
                raise refused(error, outcome) from None
            raise
        finally:
            with suppress(OSError):  # the next command removes it
                remove(staged)


def _link_or_copy(staged: str, target: str, beside: str, data: bytes, like: os.stat_result) -> None:
    """Give a staged file its name, if nobody has that name yet; where no link leads there, a copy of it.

    Raises: FileExistsError.
    """
    try:
        os.link(staged, target)
    except FileExistsError:
        raise
    except OSError:
        try:
            create_like(beside, data, like)
            if status_of(target) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
            replace(beside, target)
        except OSError:
            with suppress(OSError):
                remove(beside)
            raise
