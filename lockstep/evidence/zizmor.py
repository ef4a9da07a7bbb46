"""zizmor's findings, where zizmor is installed: it is run on the files that a release uses, offline, and only reads.

Source: https://docs.zizmor.sh/usage/
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from lockstep.model import Place
from lockstep.record import dataclass
from lockstep.workflow.audit import Audit, Report, Zizmor

SECONDS = 60
"""How long it may take for one workflow."""
LARGEST = 16 * 2**20
"""Bytes of its answer that are read."""
_READ = re.compile(r"completed (\S+)")
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
OURS = {
    "artipacked": "checkout-keeps-credentials",
    "cache-poisoning": "cache-on-release-path",
    "concurrency-limits": "concurrency-missing",
    "dangerous-triggers": "trigger-privileged",
    "excessive-permissions": "permission-default-writes",
    "secrets-inherit": "secrets-inherited",
    "self-hosted-runner": "runner-self-hosted",
    "template-injection": "expression-in-script",
    "unpinned-uses": "action-unpinned",
    "unpinned-images": "action-unpinned",
    "unsound-condition": "condition-always-true",
    "use-trusted-publishing": "registry-token-stored",
    "self-repository": "",
}
"""What a rule of lockstep says too, and what is about the spelling of a workflow alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """An installed zizmor, and the folder of the work tree that it reads."""

    path: str
    root: Path

    @classmethod
    def find(cls, root: Path) -> Program | None:
        """Find zizmor on the PATH; one that lies in the repository is not run."""
        found = shutil.which("zizmor")
        if found is None:
            return None
        real = Path(os.path.realpath(found))
        return (
            None
            if real.is_relative_to(os.path.realpath(root)) and "site-packages" not in real.parts and ".venv" not in real.parts
            else cls(path=str(real), root=root)
        )

    def read(self, audit: Audit) -> Zizmor | None:
        """Run it on the workflow and all that it uses of the repository; None where the workflow itself could not be read."""
        if audit.workflow is None:
            return None
        expected = audit.workflow.files
        arguments = ("--offline", "--strict-collection", "--no-progress", "--color=never", "--format=json", "--no-exit-codes")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZIZMOR_", "GH_", "GITHUB_"))}
        try:
            done = subprocess.run(  # noqa: S603 - the user's own zizmor, the arguments are ours
                [self.path, *arguments, "--", *(f"./{path}" for path in sorted(expected))],
                cwd=self.root,
                env=kept,
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
            rows = json.loads(done.stdout[:LARGEST])
        except (OSError, subprocess.TimeoutExpired) as error:
            return Zizmor(expected=expected, failed=f"it could not run: {type(error).__name__}")
        except ValueError:
            said = [line for line in _STYLE.sub("", done.stderr.decode(errors="replace")).splitlines() if line.strip() and "INFO" not in line]
            return Zizmor(expected=expected, failed=said[0].strip()[:200] if said else "no answer")
        read = frozenset(os.path.normpath(name) for name in _READ.findall(_STYLE.sub("", done.stderr.decode(errors="replace"))))
        return Zizmor(reports=tuple(one for row in rows if isinstance(row, dict) for one in _report(row, audit)), read=read, expected=expected)


def _report(row: dict[str, object], audit: Audit) -> tuple[Report, ...]:
    """Read one finding: the place is that of its primary location, which counts lines from 0."""
    match row:
        case {"ident": str(ident), "desc": str(text), "url": str(url), "determinations": {"severity": str(severity)}, "locations": list(locations)} if (
            not row.get("ignored")
        ):
            pass
        case _:
            return ()
    if ident in OURS:
        return ()
    for one in locations:
        match one:
            case {
                "symbolic": {"key": {"Local": {"verbatim_path": str(path)}}, "kind": "Primary"},
                "concrete": {"location": {"start_point": {"row": int(line), "column": int(column)}}},
            }:
                place = Place(path=os.path.normpath(path), line=line + 1, column=column + 1)
                return (Report(rule=ident, severity=severity, place=place, message=text, url=url),)
            case _:
                continue
    return (Report(rule=ident, severity=severity, place=audit.place(), message=text, url=url),)
