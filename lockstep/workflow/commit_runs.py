"""What GitHub tells of the workflow runs of one commit: frozen data, and what follows from it.

A run is one start of a workflow; it may be run again, and GitHub shows the newest attempt. A run is judged by its status while it goes on, and by
its conclusion when it is completed.

Source: https://docs.github.com/en/rest/actions/workflow-runs and https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks
"""

from __future__ import annotations

from lockstep.dataclass import dataclass
from lockstep.model import Place

UNFINISHED = ("queued", "in_progress", "requested", "waiting", "pending")
CONCLUSIONS = ("success", "failure", "timed_out", "startup_failure", "cancelled", "skipped", "neutral", "stale", "action_required")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """What could not be seen, why, and what would help; `again` says whether it may be seen a moment later, `wait` in how many seconds.

    `status` is that of an HTTP answer that refuses, 0 where there was none.
    """

    what: str
    why: str
    help: str
    again: bool = False
    wait: float = 0.0
    status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a workflow, as its newest attempt stands."""

    id: int
    number: int
    attempt: int
    event: str
    branch: str
    sha: str
    status: str
    conclusion: str
    url: str

    @property
    def state(self) -> str:
        """The conclusion of a run that is completed, else the status; "unknown" where GitHub's word is none that it documents."""
        word = self.conclusion if self.status == "completed" else self.status
        return word if word in (CONCLUSIONS if self.status == "completed" else UNFINISHED) else "unknown"

    @property
    def unfinished(self) -> bool:
        """Whether it may still succeed by itself."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A workflow that must have succeeded. `due` is false for one that runs for some paths only: it need not have run, but must not have failed.

    `name` is what GitHub calls it (`ci.yml`), `place` where it is written. `known` is false where the commit has no such file, `near` is then
    what may have been meant.
    """

    name: str
    place: Place
    due: bool = True
    known: bool = True
    near: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A gated workflow with its runs for a push of the commit to the branch, the newest first.

    `others` are its runs for the same commit that do not count. `state` is GitHub's word about the workflow itself, "" where nobody asked.
    """

    gated: Gated
    runs: tuple[Run, ...] = ()
    others: tuple[Run, ...] = ()
    state: str = ""
    unseen: Unseen | None = None

    @property
    def passed(self) -> Run | None:
        """The newest run that succeeded."""
        return next((run for run in self.runs if run.state == "success"), None)

    @property
    def decisive(self) -> Run | None:
        """The run to speak of: one that succeeded, else one that may still, else the newest; None where there is none, or not all is seen."""
        if self.passed is None and self.unseen is not None:
            return None
        return self.passed or next((run for run in self.runs if run.unfinished), None) or next(iter(self.runs), None)

    @property
    def disabled(self) -> bool:
        """Whether nothing starts it."""
        return self.state not in ("", "active")

    @property
    def missing(self) -> bool:
        """Whether it should have run, and did not."""
        return self.gated.known and self.gated.due and self.unseen is None and not self.runs

    @property
    def word(self) -> str:
        """The state in a word, for scripts."""
        if not self.gated.known:
            return "unknown-workflow"
        run = self.decisive
        if run is not None:
            return run.state
        return "unseen" if self.unseen is not None else "missing" if self.gated.due else "not-due"

    @property
    def open(self) -> bool:
        """Whether time alone may make it pass."""
        if self.passed is not None or not self.gated.known:
            return False
        if self.unseen is not None:
            return self.unseen.again
        if self.missing:
            return not self.disabled
        run = self.decisive
        return run is not None and (run.unfinished or run.state == "unknown")

    @property
    def lost(self) -> bool:
        """Whether it did not pass, and never will by itself."""
        idle = not self.gated.due and not self.runs and self.unseen is None
        return self.passed is None and not self.open and not (idle and self.gated.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was asked about a commit, and what GitHub answered. `branch` is "" while the default branch is not known.

    `unseen` is what stands above any workflow: the repository, or a workflow file that nobody can read.
    """

    repository: str
    sha: str
    branch: str
    workflows: tuple[Watched, ...] = ()
    unseen: tuple[tuple[Place, Unseen], ...] = ()
    waited: float = 0.0

    @property
    def open(self) -> bool:
        """Whether waiting helps: something may still pass, and nothing is lost."""
        if any(one.lost for one in self.workflows) or any(not one.again for _, one in self.unseen):
            return False
        return bool(self.unseen) or any(one.open for one in self.workflows)

    @property
    def wait(self) -> float:
        """Seconds before which GitHub will not answer, for a limit of its own."""
        return max((one.wait for one in (*(one for _, one in self.unseen), *(one.unseen for one in self.workflows)) if one is not None), default=0.0)
