"""What came of an act of a release, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.release.acted import Acted, Outcome
from lockstep.release.candidate import Artifact
from lockstep.release.status import Stage
from lockstep.reports import release_status
from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted

_STYLES = {Outcome.DONE: Style.NEW, Outcome.REFUSED: Style.ERROR, Outcome.WAITING: Style.WARNING, Outcome.SENT: Style.WARNING}


def text(acted: Acted, paint: Painter | None = None) -> str:
    """Write what came of it for people, and what is next."""
    return "".join(f"{line}\n" for line in _lines(acted, paint or Painter()))


def _lines(acted: Acted, paint: Painter) -> Iterator[str]:
    word = paint(_STYLES[acted.outcome], acted.outcome) if acted.outcome in _STYLES else str(acted.outcome)
    what = "" if acted.subject == acted.act else f" {printable(acted.subject)}"
    yield f"{acted.act}{what}: {word}: {printable(acted.why)}"
    if acted.outcome is Outcome.PLANNED:
        yield from (f"  would ask: {printable(one)}" for one in acted.asks)
    if acted.help:
        yield f"  help: {printable(acted.help)}"
    if acted.status.stage is Stage.CONFLICT:
        yield from release_status.in_the_way(acted.status, paint)
    yield release_status.summary(acted.status)
    if acted.outcome is not Outcome.PLANNED:
        yield f"next: {printable(release_status.next_step(acted.status))}"


def outputs(acted: Acted) -> dict[str, str]:
    """Give the outputs for a workflow: those of a status, and `outcome`."""
    return {"outcome": acted.outcome, **release_status.outputs(acted.status)}


def data(acted: Acted) -> dict[str, object]:
    """Give what came of it as a JSON document: a status, and the act."""
    act = {"act": acted.act.value, "subject": acted.subject, "outcome": acted.outcome.value, "why": acted.why}
    said = {**act, "help": acted.help or None, "asks": [*acted.asks]}
    return {**release_status.data(acted.status), "command": f"release {acted.act}", "acted": said}


def proof(artifact: Artifact, packed: Sequence[Artifact], why: str, paint: Painter | None = None) -> str:
    """Write whether a crate was packed to the candidate's bytes."""
    paint = paint or Painter()
    if why:
        return f"prove {printable(artifact.id)}: {paint(Style.ERROR, Outcome.REFUSED)}: {printable(why)}\n"
    others = f", packed with {counted(len(packed) - 1, 'crate')} that it needs" if len(packed) > 1 else ""
    return f"prove {printable(artifact.id)}: {paint(Style.NEW, Outcome.DONE)}: cargo packs the candidate's bytes, sha256 {artifact.sha256}{others}\n"


def proof_data(artifact: Artifact, packed: Sequence[Artifact], why: str) -> dict[str, object]:
    """Give the same as a JSON document."""
    outcome = Outcome.REFUSED if why else Outcome.DONE
    said = {"act": "prove", "subject": artifact.id, "outcome": outcome.value, "why": why, "help": None, "asks": [f"cargo package {one.id}" for one in packed]}
    return {"schema": 1, "command": "release prove", "acted": said}
