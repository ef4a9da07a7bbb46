"""An attestation leaves out a kind of file that is published.

## What it does
The subjects of the attesting steps of a job must together cover every kind of file (`.whl`, `.tar.gz`, `.crate`) of the artifacts that the job
takes.

## Why
Half of the release is attested; a user who verifies the other half gets an error, or gives up verifying.

## Example
```yaml
- uses: actions/attest-build-provenance@...
  with:
    subject-path: dist/*.crate # wheels lie there too
```

## Source
[attest-build-provenance](https://github.com/actions/attest-build-provenance#inputs)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.workflow.artifacts import file_ending, is_distribution
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import parsed, required
from lockstep.workflow.model import Job, Role, Step
from lockstep.workflow.script_branches import skipped_lines

LEVEL = Level.ERROR
SINCE = "0.1.0"

_ONE = pattern(r"x86_64|amd64|aarch64|arm64|macos|darwin|win32|windows|linux|musl|cp3[0-9]+-")
"""In the name of a file: of one platform or interpreter alone."""


_OUTPUT = pattern(r"\$\{\{\s*(needs\.[\w-]+\.outputs\.[\w-]+)\s*\}\}")


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the subjects with the files of each artifact."""
    for name, covered in audit.attested.items():
        mine = [deed for deed in audit.of(Role.ATTEST) if deed.job.id == name]
        steps = [deed.step for deed in mine if deed.step is not None and deed.step.uses is not None]
        kinds = {end for up in covered if is_distribution(up) for path in up.files if (end := file_ending(path))}
        if not steps or any(step.input("subject-path") is None for step in steps):
            given = _digested(audit, mine[0].job) if mine else None
            for kind in sorted(kinds) if given is not None else ():
                if given is not None and not any(_covers(subject, kind) for subject in given[1]):
                    yield _finding(audit, name, given[0], f"the digests that {name} attests leave out the {kind} files that are collected for it", kind)
            continue
        missing = [kind for kind in sorted(kinds) if not any(_covers(subject, kind) for step in steps for subject in _subjects(step))]
        for kind in missing:
            yield _finding(audit, name, steps[0].place, f"{name} takes {kind} files, but no subject of its attestation covers them", kind)
        ends = [step for job in audit.publish_jobs if any(up in covered for up in audit.taken(job)) for step in job.steps]
        for world in audit.worlds((*steps, *ends)) if any(step.conditions for step in steps) else ():
            active = [subject for step in steps if audit.active_in(step, world) for subject in _subjects(step)]
            published = {id(up) for deed in audit.publishes if audit.done_in(deed, world) for up in audit.taken(deed.job)}
            owed = {end for up in covered if id(up) in published for path in up.files if (end := file_ending(path))} - set(missing)
            for kind in sorted(one for one in owed if not any(_covers(subject, one) for subject in active)):
                said = " and ".join(f"{key} is {value}" for key, value in world.items())
                yield _finding(audit, name, steps[0].place, f"where {said}, {kind} files are published, and no subject of {name} covers them", kind)


def _subjects(step: Step) -> list[str]:
    return [row.strip() for part in step.inputs["subject-path"].text.split(",") for row in part.splitlines() if row.strip()]


def _covers(subject: str, kind: str) -> bool:
    name = re.sub(r"\$\{\{.*?\}\}", "${{", subject).rpartition("/")[2]
    return (subject.endswith(kind) and not _ONE.search(name)) or not file_ending(subject) or "${{" in name


def _digested(audit: Audit, job: Job) -> tuple[Place, tuple[str, ...]] | None:
    """Give the files whose digests a job is given to attest, where a script lists them by their endings."""
    files: list[str] = []
    place = None
    for need in job.needs if job.calls is not None else ():
        if not any(f"needs.{need.lower()}." in value.text.lower() for value in job.inputs.values()):
            continue
        known = _when_published(audit)
        for step in audit.jobs[need].steps:
            skipped = _skipped(audit, audit.jobs[need], step, known)
            for one in audit.commands(step):
                if one.line not in skipped and one.name in ("sha256sum", "shasum") and not one.has("-c", "--check"):
                    words = [word for word in one.words[1:] if not word.startswith("-") and not word.isdigit()]
                    if not words or any(not file_ending(word) for word in words):
                        return None
                    place = place or step.script_line(one.line)
                    files += words
    return (place, tuple(files)) if place is not None else None


def _when_published(audit: Audit) -> Mapping[str, str]:
    """Give what outputs of jobs say where something is published to an index of files, as far as conditions ask for it."""
    known: dict[str, str] = {}
    for deed in audit.publishes:
        for scalar in (*deed.job.conditions, *(deed.step.conditions if deed.step is not None else ())):
            known |= {".".join(parts): value for parts, value in required(parsed(scalar)) if parts[0] == "needs"}
    return known


def _skipped(audit: Audit, job: Job, step: Step, known: Mapping[str, str]) -> frozenset[int]:
    """Give the lines of a step's script that do not run when something is published."""
    env = audit.env(job, step)
    given = {name: known[found[1].lower()] for name, value in env.items() if (found := _OUTPUT.fullmatch(value.text.strip())) and found[1].lower() in known}
    return skipped_lines(step.run.text, env, given) if step.run is not None and given else frozenset()


def _finding(audit: Audit, name: str, place: Place, message: str, kind: str) -> Finding:
    help_ = f"add a subject that ends in *{kind}"
    return audit.finding(rule="attest-subject-missing", level=LEVEL, place=place, message=message, help=help_, symbol=name)
