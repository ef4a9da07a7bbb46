"""The way from edits to a written tree, the same for every command that writes: overlay, judge, compare, write."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from lockstep.app.session import Session
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError, WriteError
from lockstep.model import Edit, Finding, Level, Record, Recorded, Role
from lockstep.project.project import Project
from lockstep.repository.git_trees import WorkTree
from lockstep.rules import judge
from lockstep.text.toml import Lines
from lockstep.tree import Overlay

if TYPE_CHECKING:
    from lockstep.writing import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Edits with all that follows from them, applied in memory: the files, the project that they make, and what is found there.

    `stuck` names the edits that were left out, since no lock could follow them.
    """

    edits: tuple[Edit, ...]
    result: Overlay
    project: Project
    findings: list[Finding]
    stuck: tuple[str, ...] = ()


def overlay(opened: Session, edits: Iterable[Edit]) -> Settled:
    """Apply edits in memory and judge the result.

    Raises: WriteError when an edited Python file is not what it was but for the version: nothing is written then.
    """
    from lockstep.text.python import same_but_for  # noqa: PLC0415 - only a command that writes Python needs it

    planned = tuple(edits)
    result = Overlay(opened.tree, planned)
    for path in (path for path in result.texts if path.endswith(".py")):
        mine = [edit for edit in planned if edit.site.path == path]
        if not same_but_for(opened.tree.read(path), result.texts[path], len(mine)):
            raise WriteError("the edit would change more than the version; nothing was written", path=path, help="please report this file")
    project = opened.project(result)
    return Settled(edits=planned, result=result, project=project, findings=judge(project))


def settle(opened: Session, before: Project, edits: Iterable[Edit], *, repair: bool, mending: Container[str] = ()) -> Settled:
    """Apply edits in memory, add what makes the locks true to the result, and judge that.

    Without `repair`, a lock that was stale before stays so when the edits concern another workspace than its own, unless it is among `mending`.

    Raises: WriteError as `overlay` does.
    """
    from lockstep.plans.relock import already_stale_locks, relock, without_ambiguous_locks  # noqa: PLC0415 - only a command that writes needs it

    wanted = tuple(edits)
    safe = without_ambiguous_locks(before, wanted)
    found = overlay(opened, safe)
    stale = frozenset[str]() if repair or safe != wanted else already_stale_locks(before, found.project, wanted)
    leave = {path for path in stale if path not in mending}
    if safe == wanted and all(lock.path in leave or (lock.mended is None and lock.hashed is None) for lock in found.project.locks):
        return found
    return overlay(opened, relock(before, found.project, wanted, leave))


def settle_learned(opened: Session, before: Project, found: Iterable[Finding], edits: Iterable[Edit], *, repair: bool) -> Settled:
    """Do as `settle`, but leave out requirements that only the last bump taught when a lock cannot follow them; name these.

    They are on what a registry has under a name of ours: only its own tool can take the new version into the lock, once that is published.
    """
    from lockstep.project.learning import in_manifest  # noqa: PLC0415 - only a bump learns

    wanted = tuple(edits)
    settled = settle(opened, before, wanted, repair=repair)
    folders = {one.place.path.rpartition("/")[0] for one in new_errors(found, settled.findings) if one.rule.startswith("lock-")}
    stuck = [one for one in wanted if in_manifest(one.site) and any(not folder or one.site.path.startswith(f"{folder}/") for folder in folders)]
    if not stuck:
        return settled
    named = [f"{one.site.place} moved in the last bump, but no lock can follow without its tool: write {one.new} there, and lock" for one in stuck]
    return replace(settle(opened, before, [one for one in wanted if one not in stuck], repair=repair), stuck=tuple(named))


def with_late_places(opened: Session, before: Project, found: Iterable[Finding], settled: Settled, *, repair: bool) -> Settled:
    """Add to settled edits the places that only their result shows to be ours, and that were left behind: no plan may fail for an error that it makes.

    A text that is at the last release is a place of a group that is at a release, for one; while the group announces the next, it waits.
    """
    from lockstep.plans.bump import plan_fix  # noqa: PLC0415 - most plans leave no error

    wrong = {one.place for one in new_errors(found, settled.findings)}
    late = [edit for edit in plan_fix(settled.project) if edit.site.place in wrong and edit.site.role is not Role.LOCK] if wrong else []
    moved = [one for edit in late if (one := _before(opened, settled.edits, edit)) is not None]
    if not moved:
        return settled
    return replace(settle(opened, before, (*settled.edits, *moved), repair=repair), stuck=settled.stuck)


def _before(opened: Session, edits: Iterable[Edit], late: Edit) -> Edit | None:
    """Give an edit of the result of edits as one of the text before them; None where they wrote what it is about."""
    shift = 0
    for one in sorted((edit for edit in edits if edit.site.path == late.site.path), key=lambda edit: edit.site.start):
        begin = one.site.start + shift
        if late.site.start < begin:
            break
        if late.site.start < begin + len(one.new):
            return None
        shift += len(one.new) - len(one.site.text)
    start = late.site.start - shift
    line, column = Lines(opened.tree.read(late.site.path)).at(start)
    return replace(late, site=replace(late.site, start=start, line=line, column=column))


LATER = "lock-hash-stale"
"""The error that a plan may leave: the lock's own tool reads the manifests that are written, and makes it right then."""


def left_to_tools(before: Iterable[Finding], after: Iterable[Finding]) -> list[str]:
    """Name the locks that a plan leaves to their own tools."""
    known = {one.place.path for one in before if one.rule == LATER}
    return [f"{one.place.path} needs its own tool now: {one.help}" for one in after if one.rule == LATER and one.place.path not in known]


def left_stale(before: Project, after: Project) -> list[str]:
    """Name the locks that a plan leaves as stale as they were."""
    known = {lock.path for lock in before.locks if lock.mended is not None}
    left = [lock.path for lock in after.locks if lock.mended is not None and lock.path in known]
    return [f"{path} was stale before, for reasons of its own, and still is: lockstep check lists them" for path in left]


def new_errors(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Finding]:
    """Give the errors of a result that were not there before."""
    known = {(one.rule, one.place.path, one.package) for one in before}
    return (one for one in after if one.level is Level.ERROR and one.rule != LATER and (one.rule, one.place.path, one.package) not in known)


def refuse_new_errors(before: Iterable[Finding], after: Iterable[Finding]) -> None:
    """Refuse a plan whose result has an error that was not there before.

    Raises: WriteError with the first of them.
    """
    for one in new_errors(before, after):
        place = one.place
        raise WriteError(
            f"the plan would leave an error, {one.rule}: {one.message}; nothing was written",
            path=place.path,
            line=place.line,
            column=place.column,
            help=one.help,
        )


def refuse_dirty(opened: Session, paths: Iterable[str], *, writes: bool = True) -> None:
    """Refuse to edit files that have uncommitted changes; where nothing will be written, say that it would be refused.

    Raises: UsageError that lists them.
    """
    from lockstep.repository.uncommitted import dirty  # noqa: PLC0415 - only a bump asks

    tree = opened.tree
    assert isinstance(tree, WorkTree)
    if found := dirty(tree, paths):
        shown = ", ".join(found[:8]) + (f" and {len(found) - 8} more" if len(found) > 8 else "")
        what, help_ = f"uncommitted changes in what would be edited: {shown}", "commit or stash them first, or add --allow-dirty"
        if writes:
            raise UsageError(what, help=help_)
        opened.listener.say(f"without --dry-run this is refused: {what}; {help_}")


def write(opened: Session, result: Overlay) -> None:
    """Write the overlay's files into the work tree, all or none.

    Raises: UsageError when a sparse checkout leaves one out; WriteError, Interrupted.
    """
    from lockstep.writing import transaction  # noqa: PLC0415 - a dry run writes nothing

    changes = _changes(opened, result)
    transaction.write(_root(opened), opened.repository.git_dir, changes)


def write_and_record(opened: Session, result: Overlay, wanted: Record) -> Recorded:
    """Write the overlay's files, commit and tag them: all of that or nothing.

    Raises: as `write` does; WriteError with git's words when that refuses.
    """
    from lockstep.writing import transaction  # noqa: PLC0415 - likewise

    changes = _changes(opened, result)
    return transaction.write_and_record(_root(opened), opened.repository.git_dir, changes, wanted)


def _changes(opened: Session, result: Overlay) -> list[transaction.Change]:
    from lockstep.writing.transaction import Change  # noqa: PLC0415 - likewise

    tree = opened.tree
    assert isinstance(tree, WorkTree)
    if tree.buffers:
        raise UsageError("a repository that was opened with the texts of an editor is not written", help="save them, and open it without")
    if missing := tree.left_out(result.texts):
        shown = ", ".join(missing[:8]) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
        raise UsageError(f"a sparse checkout leaves out what would be edited: {shown}", help="git sparse-checkout add FOLDER, or git sparse-checkout disable")
    written = ((path, tree.read_bytes(path), text.encode()) for path, text in result.texts.items())
    return [Change(path=path, old=old, new=new) for path, old, new in written if old != new]


def _root(opened: Session) -> str:
    assert isinstance(opened.tree, WorkTree)
    return opened.tree.root


def write_file(opened: Session, path: str, old: str | None, new: str) -> None:
    """Write one file whole, where it says `old`; None for one that is not there.

    Raises: WriteError when it says something else, or cannot be written.
    """
    from lockstep.writing import new_file, transaction  # noqa: PLC0415 - who writes edits alone does without

    assert opened.repository.root is not None
    root, git_dir = opened.repository.root, opened.repository.git_dir
    if old is None:
        new_file.create(root, git_dir, path, new.encode())
    else:
        transaction.write(root, git_dir, [transaction.Change(path=path, old=old.encode(), new=new.encode())])
