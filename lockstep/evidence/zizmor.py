"""zizmor's findings, where zizmor is installed: it is run on the files that a release uses, offline, and only reads.

Source: https://docs.zizmor.sh/usage/
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.model import Place
from lockstep.repository import programs
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import Zizmor, ZizmorFinding

SECONDS = 60
"""How long it may take for one workflow."""
LARGEST = 16 * 2**20
"""Bytes of its answer that are read."""
ABSENT = "is not installed"
_LEADING = ("ZIZMOR_", "GH_", "GITHUB_", "RUST_", "CLICOLOR")
"""What begins so leads it to other settings, to the network, or to other words on stderr, where it says which files it read."""
_READ = re.compile(r"^ *INFO .*? completed (.+)$", re.MULTILINE)
_UNREAD = re.compile(r"^ *WARN .*?failed to \w+ file://(.+?) as [a-z ]+: (.*)$", re.MULTILINE)
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
OURS = {
    "artipacked": ("checkout-keeps-credentials",),
    "cache-poisoning": ("cache-on-release-path",),
    "concurrency-limits": ("concurrency-missing", "concurrency-cancels"),
    "dangerous-triggers": ("trigger-privileged",),
    "excessive-permissions": ("permission-default-missing", "permission-default-writes", "permission-everything", "id-token-unneeded", "permission-unneeded"),
    "secrets-inherit": ("secrets-inherited",),
    "self-hosted-runner": ("runner-self-hosted",),
    "template-injection": ("expression-in-script", "secret-in-script"),
    "unpinned-uses": ("action-unpinned",),
    "unpinned-images": ("action-unpinned",),
    "unsound-condition": ("condition-always-true",),
    "use-trusted-publishing": ("registry-token-stored", "registry-password"),
}
"""The rules of lockstep that find the same fault. On the same line it is told once; on any other line zizmor's finding stands."""
_OF_STEPS = ("artipacked", "cache-poisoning")
"""What is the fault of a whole step: zizmor's place is the action, ours the input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """An installed zizmor, and the folder of the work tree that it reads."""

    path: str
    root: programs.StrPath

    @classmethod
    def find(cls, root: programs.StrPath) -> Program | str:
        """Find zizmor on the PATH, or say why there is none: one that lies in the repository is not run, as a part of its `.venv` or otherwise."""
        found = programs.find("zizmor", root)
        if found.path is None:
            return f"lies in the repository, at {found.refused[0]}, and nothing of the repository is run" if found.refused else ABSENT
        return cls(path=found.path, root=root)

    def read(self, audit: Audit) -> Zizmor | None:
        """Run it on the workflow and all that it uses of the repository; None where the workflow itself could not be read."""
        if audit.workflow is None:
            return None
        expected = audit.workflow.files
        arguments = ("--offline", "--no-progress", "--color=never", "--format=json", "--no-exit-codes")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEADING)}
        try:
            done = subprocess.run(  # noqa: S603 - the user's own zizmor, the arguments are ours
                [self.path, *arguments, "--", *(f"./{path}" for path in sorted(expected))],
                cwd=self.root,
                env={**kept, "PATH": programs.safe_path(self.root), "RUST_BACKTRACE": "0"},
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Zizmor(expected=expected, failed=f"it could not run: {type(error).__name__}")
        said = _STYLE.sub("", done.stderr[:LARGEST].decode(errors="replace"))
        try:
            rows = json.loads(done.stdout[:LARGEST])
        except ValueError:
            return Zizmor(expected=expected, failed=_reason(said))
        return Zizmor(
            reports=tuple(one for row in rows if isinstance(row, dict) for one in _report(row, audit)),
            read=frozenset(map(os.path.normpath, _READ.findall(said))),
            expected=expected,
            reasons={os.path.normpath(path): why[:200] for path, why in _UNREAD.findall(said)},
        )


def _reason(said: str) -> str:
    """Say in one line why it audited nothing."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and "INFO" not in line]
    first = next(
        (line for line in lines if "failed to" in line), next((line for line in lines if line.startswith("error: ")), lines[0] if lines else "no answer")
    )
    return re.sub(r"^(?:WARN .*?(?=failed to)|error: )", "", first)[:300]


def _report(row: dict[str, object], audit: Audit) -> tuple[ZizmorFinding, ...]:
    """Read one finding: the place is that of its primary location, which counts lines from 0."""
    match row:
        case {"ident": str(ident), "desc": str(text), "url": str(url), "determinations": {"severity": str(severity)}, "locations": list(locations)} if (
            not row.get("ignored")
        ):
            pass
        case _:
            return ()
    for one in locations:
        match one:
            case {
                "symbolic": {"key": {"Local": {"verbatim_path": str(path)}}, "kind": "Primary"},
                "concrete": {"location": {"start_point": {"row": int(line), "column": int(column)}, **rest}},
            }:
                place = Place(path=os.path.normpath(path), line=line + 1, column=column + 1)
                if ident == "unpinned-uses" and _is_excepted(audit, place):
                    return ()
                last = max(_last(rest, line), _end_of_step(locations) if ident in _OF_STEPS else 0)
                return (ZizmorFinding(rule=ident, severity=severity, place=place, message=text, url=url, last=last, ours=frozenset(OURS.get(ident, ()))),)
            case _:
                continue
    return (ZizmorFinding(rule=ident, severity=severity, place=audit.place(), message=text, url=url),)


def _last(location: Mapping[object, object], line: int) -> int:
    """Give the last line of a location, which ends before the column of its end."""
    match location:
        case {"end_point": {"row": int(row), "column": int(column)}}:
            return row + 1 if column else max(row, line + 1)
        case _:
            return line + 1


def _end_of_step(locations: list[object]) -> int:
    """Give the last line of the step that a finding is about, 0 where none is told."""
    for one in locations:
        match one:
            case {"symbolic": {"kind": "Hidden"}, "concrete": {"location": {"start_point": {"row": int(line)}, **rest}}}:
                return _last(rest, line)
            case _:
                continue
    return 0


def _is_excepted(audit: Audit, place: Place) -> bool:
    """Say whether the configuration excepts the action of a line, or it cannot be pinned."""
    used = [(job.calls, job.at(job.calls.scalar)) for job in audit.jobs.values() if job.calls is not None]
    used += [(step.uses, step.at(step.uses.scalar)) for job in audit.jobs.values() for step in job.steps if step.uses is not None]
    return any(at.path == place.path and at.line == place.line and audit.excepted(one) for one, at in used)
