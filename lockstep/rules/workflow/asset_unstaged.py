"""A file is collected for the release, and not uploaded to it.

## What it does
Every artifact that a staging job takes by name must have its kind of file among the arguments of `gh release upload`.

## Why
The release lacks the signature or the wheel that its own workflow made for it; users who verify cannot.

## Example
```yaml
- uses: actions/download-artifact@...
  with: { name: sigstore-bundle, path: dist } # *.sigstore.json
- run: gh release upload "$TAG_NAME" dist/*.whl
```

## Source
[gh release upload](https://cli.github.com/manual/gh_release_upload)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import file_ending
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare what is taken with what is uploaded."""
    for name, covered in audit.staged.items():
        deeds = [deed for deed in audit.of(Role.STAGE) if deed.job.id == name]
        found = [
            _files(one) for deed in deeds if deed.step is not None for one in audit.commands(deed.step) if one.name == "gh" and one.words[1:2] == ("release",)
        ]
        files = [file for each in found for file in each]
        if not files or any(deed.step is None or deed.step.uses is not None for deed in deeds) or any(not file_ending(file) for file in files):
            continue
        everything = any(one.job.id == name and one.everything and not one.foreign for one in audit.downloads)
        beside = [up for up in audit.uploads if up.step.uses is None and up.job.id in audit.before(audit.jobs[name])] if everything else []
        for kind in sorted({end for up in (*covered, *beside) for path in up.files if (end := file_ending(path))}):
            if not any(file.endswith(kind) for file in files):
                yield audit.finding(
                    rule="asset-unstaged",
                    level=LEVEL,
                    place=deeds[0].place,
                    message=f"{name} collects {kind} files for the release, but uploads none",
                    help=f"add dist/*{kind} to the upload",
                    symbol=name,
                )


def _files(one: Command) -> tuple[str, ...]:
    return tuple(word for word in one.words[4:] if not word.startswith("-")) if one.words[2:3] in (("upload",), ("create",)) else ()
