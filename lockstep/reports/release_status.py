"""How far a release is, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lockstep.release.candidate import Artifact, Registry
from lockstep.release.listing import digest_of
from lockstep.release.observation import Observation, State, Visibility
from lockstep.release.planner import OPEN, Act, Progress, Step
from lockstep.release.status import Stage, Status
from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted, first_few

MOST_NAMED = 3
"""Steps that are named one by one."""
_SHORT = 12
"""Characters of a digest that are shown."""
_STYLES = {State.VERIFIED: Style.NEW, State.CONFLICT: Style.ERROR, State.YANKED: Style.ERROR, State.UNSEEN: Style.WARNING, State.PENDING: Style.NOTE}


def text(status: Status, paint: Painter | None = None) -> str:
    """Write a status for people: a line for each file, then what stands in the way and what is next."""
    return "".join(f"{line}\n" for line in _lines(status, paint or Painter()))


def summary(status: Status) -> str:
    """Say how far a release is, in a line."""
    counts = {state: sum(one.state is state for one in status.observations) for state in State}
    files = len(status.candidate.artifacts)
    said = [f"{counts[State.VERIFIED]} of {counted(files, 'file')} verified", *(f"{number} {state}" for state, number in counts.items() if number)]
    said = [one for one in said if not one.endswith(f" {State.VERIFIED}") or one == said[0]]
    release = {Visibility.NONE: "no release on GitHub yet", Visibility.DRAFT: "a draft on GitHub", Visibility.PUBLIC: "public", Visibility.UNSEEN: ""}
    visible = release[status.visibility] if status.visibility is not None else ""
    whole = status.candidate.tag if status.candidate.beside is None else f"a part of {status.candidate.tag}"
    return printable(f"{whole}: {status.stage}; {', '.join([*said, *([visible] if visible else [])])}")


def _lines(status: Status, paint: Painter) -> Iterator[str]:
    yield paint(Style.STRONG, summary(status))
    yield ""
    seen = {one.artifact: one for one in status.observations}
    known = {one.id: one for one in status.candidate.artifacts}
    rows: list[tuple[str, str, State | Visibility | Literal["state"], str, str]] = [("file", "registry", "state", "digest", "next")]
    for step in status.plan.steps:
        artifact = known.get(step.subject)
        if artifact is not None:
            found = seen.get(artifact.id)
            seen_as = found.state if found is not None else State.UNSEEN
            rows.append((_name(artifact), artifact.registry, seen_as, _short((found and found.digest) or digest_of(artifact)), _next(step, seen_as)))
    for other in status.others:
        name = other.artifact.partition(":")[2]
        act = {State.CONFLICT: "decide", State.UNSEEN: "ask again", State.ABSENT: "push it"}.get(other.state, "")
        rows.append((name, other.artifact.partition(":")[0], other.state, _short(other.digest), act))
    if status.visibility not in (None, Visibility.UNSEEN):  # what was not seen stands among the others
        assert status.visibility is not None
        rows.append(("release", Registry.GITHUB, status.visibility, "", _next_of_release(status)))
    widths = [max(len(printable(row[column])) for row in rows) for column in range(4)]
    for name, registry, state, digest, act in rows:
        padded = [printable(cell).ljust(width) for cell, width in zip((name, registry, state, digest), widths, strict=True)]
        if isinstance(state, State) and state in _STYLES:
            padded[2] = paint(_STYLES[state], padded[2])
        line = f"  {'  '.join(padded)}  {printable(act)}".rstrip()
        yield paint(Style.DIM, line) if state == "state" else line
    yield ""
    yield from in_the_way(status, paint)
    yield f"next: {printable(next_step(status))}"


def _name(artifact: Artifact) -> str:
    return f"{artifact.package} {artifact.version}" if artifact.registry is Registry.NPM else artifact.name


def _short(digest: str) -> str:
    return digest[: _SHORT + len("sha512-")] if digest.startswith("sha512-") else digest[:_SHORT]


def _next(step: Step, state: State) -> str:
    """Say who must act on a file, in a few words."""
    match step.progress, state:
        case Progress.DONE, _:
            return ""
        case Progress.READY, _:
            return "stage it" if step.act is Act.STAGE else "publish it"
        case _, State.CONFLICT | State.YANKED:
            return "decide"
        case _, State.PENDING:
            return "wait"
        case _, State.UNSEEN:
            return "ask again"
        case Progress.WAITING, _ if step.needs:
            return step.why
    return "" if step.progress is Progress.WAITING else "held back"


def _next_of_release(status: Status) -> str:
    step = next(one for one in status.plan.steps if one.act is Act.OPEN)
    match step.progress:
        case Progress.DONE:
            return ""
        case Progress.READY:
            return "open it"
        case Progress.BLOCKED:
            return "held back"
    return step.why


def in_the_way(status: Status, paint: Painter) -> Iterator[str]:
    """Name what stops everything, with the way out, and what could not be seen."""
    conflicts = {one.artifact for one in status.plan.conflicts}
    for one in status.plan.conflicts:
        yield f"{paint(Style.ERROR, 'conflict')}: {printable(f'{one.artifact}: {one.why}' if one.artifact != OPEN else one.why)}"
        if one.endpoint:
            yield printable(f"  seen at {one.endpoint}, {one.at}")
        yield f"  help: {_way_out(one, status)}"
    for one in (*status.observations, *status.others):
        if one.state in (State.UNSEEN, State.PENDING) and one.artifact not in conflicts:
            yield f"{paint(_STYLES[one.state], one.state)}: {printable(f'{one.artifact}: {one.why}')}"


def _way_out(one: Observation, status: Status) -> str:
    if one.artifact.startswith(f"{Registry.GITHUB}:tag "):
        return "the tag was moved, or the candidate is of another commit: seal again from the tag's commit"
    if one.artifact == OPEN:
        return "what is missing is published before anything else; a release is opened only when all is verified"
    known = status.candidate.artifact(one.artifact) is not None
    if one.state is State.YANKED:
        return "take the withdrawal back if it was a mistake; else bump, and release the next version"
    if one.artifact.startswith(f"{Registry.GITHUB}:"):
        return "whoever attached it must say what it is: delete that asset, or seal again with it"
    if known:
        return (
            "a registry takes a file once: if those bytes are yours, seal again (they are the release's); if not, bump to the next version and find out whose"
        )
    return "if it is yours, seal again with it; if not, yank it, and find out who published it"


def next_step(status: Status) -> str:
    """Say what is to be done next, in a sentence."""
    if status.stage is Stage.COMPLETE:
        return "nothing is left to do"
    if status.stage is Stage.CONFLICT:
        return "nothing is uploaded anywhere until the conflict is decided"
    if ready := [_said(one, status) for one in status.plan.ready]:
        return first_few(ready, MOST_NAMED)
    if status.stage is Stage.UNSEEN:
        return "ask again, what could not be seen may be there: lockstep release status --wait"
    if any(one.state is State.PENDING for one in status.observations):
        return "wait until everybody sees what was accepted: lockstep release status --wait"
    waiting = next((one for one in status.plan.steps if one.progress is not Progress.DONE), None)
    if waiting is not None:
        return waiting.why
    return "push the tag" if status.candidate.beside is None else "nothing of this part is left to do; the other parts are not looked at"


def _said(step: Step, status: Status) -> str:
    artifact = status.candidate.artifact(step.subject)
    if artifact is None:
        return "open the release: it becomes public"
    return f"attach {artifact.name} to the draft" if step.act is Act.STAGE else f"publish {_name(artifact)} to {artifact.registry}"


def outputs(status: Status) -> dict[str, str]:
    """Give the outputs for a workflow: `next` are the steps that can be done now, a word and a subject each, in one line."""
    ready = ", ".join(f"{one.act} {one.subject}" for one in status.plan.ready)
    complete = "true" if status.stage is Stage.COMPLETE else "false"
    return {"state": status.stage, "next": ready, "complete": complete}


def data(status: Status) -> dict[str, object]:
    """Give a status as a JSON document."""
    seen = {one.artifact: one for one in status.observations}
    steps = {one.subject: one for one in status.plan.steps}
    known = {one.id: one for one in status.candidate.artifacts}
    release = {"visibility": status.visibility.value, "url": status.url or None, **_step(steps[OPEN])} if status.visibility is not None else None
    return {
        "schema": 1,
        "command": "release status",
        "tag": status.candidate.tag,
        "commit": status.candidate.commit,
        "group": status.candidate.group,
        "candidate": status.source,
        "state": status.stage.value,
        "complete": status.stage is Stage.COMPLETE,
        "next": [{"act": one.act.value, "subject": one.subject, "why": one.why} for one in status.plan.ready],
        "artifacts": [_artifact(known[one], seen.get(one), step) for one, step in steps.items() if one in known],
        "others": [_observation(one) for one in status.others],
        "conflicts": [{**_observation(one), "help": _way_out(one, status)} for one in status.plan.conflicts],
        "release": release,
        "requests": status.requests,
    }


def _step(step: Step) -> dict[str, object]:
    return {"act": step.act.value, "progress": step.progress.value, "step": step.why}


def _observation(one: Observation) -> dict[str, object]:
    named = {"id": one.artifact, "state": one.state.value, "digest": one.digest or None, "why": one.why or None}
    return {**named, "endpoint": one.endpoint or None, "at": one.at or None}


def _artifact(one: Artifact, found: Observation | None, step: Step) -> dict[str, object]:
    seen = _observation(found or Observation(artifact=one.id, state=State.UNSEEN))
    of = {"registry": one.registry.value, "package": one.package, "version": one.version, "name": one.name, "kind": one.kind.value}
    return {**seen, **of, "expected": digest_of(one), "needs": list(one.needs), **_step(step)}
