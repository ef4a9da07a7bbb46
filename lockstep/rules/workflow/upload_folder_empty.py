"""A job takes artifacts and uploads another folder.

## What it does
The folder that the PyPI action uploads (`packages-dir`, else `dist`) must be one that an artifact of the job is put into, or that a step of the
job fills.

## Why
The publish fails on the day of the release, after other registries took theirs.

## Example
```yaml
- uses: actions/download-artifact@...
  with: { name: canonical-dist, path: wheels }
- uses: pypa/gh-action-pypi-publish@... # uploads `dist`
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish#customizing-target-package-dists-directory)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import uploaded_folder
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the folders of a job that publishes by the action."""
    for deed in audit.of(Role.PUBLISH):
        step = deed.step
        if step is None or step.action != "pypa/gh-action-pypi-publish":
            continue
        folder = uploaded_folder(step)
        taken = [one for one in audit.downloads if one.job.id == deed.job.id and one.index < deed.index]
        filled = any(
            one.folder in (folder, ".") or one.folder.startswith(f"{folder}/") or folder.startswith(f"{one.folder}/") or "${{" in one.folder for one in taken
        )
        named = re.compile(rf"(?<![\w-]){re.escape(folder)}(?![\w-])")
        made = any(named.search(other.run.text) for other in deed.job.steps[: deed.index] if other.run is not None) or Role.BUILD in audit.roles(deed.job)
        if taken and not filled and not made and "${{" not in folder:
            yield audit.finding(
                rule="upload-folder-empty",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} uploads the folder {folder}, but its artifacts go to {', '.join(sorted({one.folder for one in taken}))}",
                help="give both the same folder",
                symbol=deed.job.id,
            )
