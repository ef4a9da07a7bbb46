"""An artifact holds files as they were before they were made canonical.

## What it does
In a job that downloads artifacts into one folder and has a command read that folder and write another (`--from built --to canonical`), finds an upload that
takes files of the first: beside files of the other, or in the place of them.

## Why
What is attested and published from here on is not what the command checked, normalised or chose.

## Example
```yaml
- run: python3 canonical.py --from built --to canonical
- uses: actions/upload-artifact@...
  with: { name: canonical-dist, path: built/*.whl }
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import normalized_folder
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"

_OUTPUTS = ("--to", "--out", "--out-dir", "--outdir", "--output", "--output-dir", "--output-directory", "--dest", "--destination", "-o")


def check(audit: Audit) -> Iterator[Finding]:
    """Compare what each job uploads with the folders that its commands read and write."""
    for job in audit.route:
        made = dict(_made(audit, job))
        mine = [up for up in audit.uploads if up.job.id == job.id and up.step.uses is not None]
        for up in mine:
            for old, new in made.items():
                raw = [path for path in up.files if _within(path, old)]
                beside = any(_within(path, new) for path in up.files)
                if raw and (beside or not any(_within(path, new) for other in mine for path in other.files)):
                    yield audit.finding(
                        rule="artifact-raw",
                        level=LEVEL,
                        place=up.step.at(up.step.inputs["path"]),
                        message=f"{job.id} uploads {', '.join(raw)} as {up.name}, as it was downloaded: what was made of {old} lies in {new}",
                        help=f"upload {raw[0].replace(old, new, 1)}",
                        symbol=job.id,
                    )


def _made(audit: Audit, job: Job) -> Iterator[tuple[str, str]]:
    """Give the folders of downloads that a command reads, each with the folder that it writes."""
    folders = {one.folder for one in audit.downloads if one.job.id == job.id and one.folder != "."}
    for step in job.steps:
        for one in audit.commands(step):
            new = one.option(*_OUTPUTS)
            old = next((folder for folder in folders if folder in map(normalized_folder, one.words[1:])), None)
            if new is not None and old is not None and "$" not in new and not _within(new, old):
                yield old, normalized_folder(new)


def _within(path: str, folder: str) -> bool:
    clean = normalized_folder(path)
    return clean == folder or clean.startswith(f"{folder}/")
