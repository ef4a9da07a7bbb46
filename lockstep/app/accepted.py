"""Findings that a project accepts: by waivers of its configuration, or by comments beside the line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.app.release_day import release_day
from lockstep.dataclass import replace
from lockstep.errors import UsageError
from lockstep.model import Confidence, Finding, Level
from lockstep.policy.baseline import LARGEST, Baseline
from lockstep.policy.comments import comments
from lockstep.policy.waivers import Waiving, waive
from lockstep.repository.git_trees import GitTree
from lockstep.rules import judge_waivers
from lockstep.rules import names as every_name
from lockstep.rules import room as rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lockstep.app.session import Session
    from lockstep.config import WaiverConfig


def accepted(opened: Session, findings: Iterable[Finding], *, room: str, files: Iterable[str], base: str | None = None) -> Iterator[Finding]:
    """Give findings of a room of rules, those that are accepted as notes with the reason, and then the waivers that met nothing, or are over.

    `files` are those whose comments count. With `base`, a comment counts where that commit has it: a change does not accept its own faults.
    """
    names = {name.replace("_", "-") for name in rules_of(room).NAMES}
    texts = {name: opened.tree.read(name) for name in files if opened.tree.has(name)}
    others = {*every_name()} - names
    beside = [one for name, text in texts.items() for one in comments(name, text) if one.waiver.rule not in others]
    if base is not None:
        before = GitTree(opened.repository, base)
        known = {(name, one.text) for name in texts if before.has(name) for one in comments(name, before.read(name))}
        beside = [one for one in beside if (one.waiver.path, one.text) in known]
    by_line = {(one.waiver.path, one.line, one.waiver.rule): one.waiver for one in beside}
    met: set[WaiverConfig] = set()
    left = []
    for finding in findings:
        waiver = by_line.get((finding.place.path, finding.place.line or 0, finding.rule))
        if waiver is None:
            left.append(finding)
        else:
            met.add(waiver)
            yield _noted(finding, waiver)
    waiving = waive(left, (one for one in opened.config.waivers if one.rule in names), today=str(release_day(None)))
    yield from (_noted(one.finding, one.waiver) for one in waiving.waived)
    yield from waiving.kept
    unused = (*waiving.unused, *(one.waiver for one in beside if one.waiver not in met))
    yield from judge_waivers(Waiving(kept=(), expired=waiving.expired, unused=unused))


def _noted(finding: Finding, waiver: WaiverConfig) -> Finding:
    end = f", until {waiver.expires}" if waiver.expires else ""
    said = f"{finding.message} (accepted: {waiver.reason}{end})"
    return replace(finding, level=Level.NOTE, confidence=Confidence.CERTAIN, message=said, help="")


def read_baseline(opened: Session, file: str, base: str | None = None) -> Baseline:
    """Read an earlier report; with `base`, one that lies in the repository as that commit has it: a change does not accept its own faults.

    Raises: UsageError when there is no such file, ConfigError when it is no report.
    """
    path, root = Path(file).absolute(), opened.repository.root
    if root is not None and (real := path.parent.resolve()).is_relative_to(whole := Path(root).resolve()):
        path = Path(root) / real.relative_to(whole) / path.name
    inside = root is not None and path.is_relative_to(root)
    if base is not None and inside:
        before, name = GitTree(opened.repository, base), path.relative_to(str(root)).as_posix()
        return Baseline.read(before.read(name), file) if before.has(name) else Baseline.none()
    try:
        with path.open(encoding="utf-8") as report:
            return Baseline.read(report.read(LARGEST + 1), file)
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is no text"
        raise UsageError(f"--baseline {file}: {why}", help="write it first: the same command with --format json") from None
