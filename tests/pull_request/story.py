"""The life of a release pull request: five commits, a conflict, a person's own commit, the merge and the tag. What it says after each is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.conftest import EPOCH
from tests.pull_request.conftest import BRANCH, Project

SOURCE = "python/spam/__init__.py"


@dataclass(frozen=True)
class Moment:
    """What there is after a step: what `lockstep pr` said, the pull request, and what its branch changes."""

    step: str
    said: str
    title: str
    body: str
    state: str
    branch: str

    def __str__(self) -> str:
        return f"=== {self.step}\n\n{self.said}\n--- {self.state}: {self.title}\n\n{self.body}\n--- the branch\n\n{self.branch}"


def moments(project: Project) -> Iterator[Moment]:
    """Live it, step by step."""
    day = EPOCH + 86_400 * 40

    def source(change: Callable[[str], str], message: str) -> None:
        nonlocal day
        day += 60
        project.repo.write({SOURCE: change(project.repo.read(SOURCE))}).commit(message, when=day)
        project.repo.git("push", "-q", "origin", "main")

    def told(step: str, *args: str, code: int = 0) -> Moment:
        result = project.pr(*args, code=code)
        pull = project.hub.pulls[-1]
        changed = project.remote.git("diff", "--no-color", f"main...{BRANCH}") if project.head() else "gone\n"
        log = project.remote.git("log", "--format=%h %an: %s", f"main..{BRANCH}") if project.head() else ""
        return Moment(step, f"{result.out}{result.err}exit {code}\n", pull.title, pull.body, pull.state, f"{log}\n{changed}")

    yield told("nothing but the break of the fixture")
    halve = "\n\ndef halve(vector: list[float]) -> list[float]:\n    return [one / 2 for one in vector]\n"
    source(lambda text: text.replace('["Rank"', '["Rank", "halve"') + halve, "feat: halve a vector")
    yield told("an addition")
    source(lambda text: text.replace("one / 2", "one * 0.5"), "fix: halve without a division (#12)")
    yield told("a fix")
    project.repo.write({"README.md": "# spam\n"}).commit("docs: a README", when=day + 1)
    project.repo.git("push", "-q", "origin", "main")
    yield told("a commit that no user gets")
    before = project.head()
    notes = "# Changelog\n\n## [Unreleased]\n\n### Migration\n\n- `spam.normalize` takes `length`: write `length=`.\n\n## [0.5.0] - 2023-11-01\n\n- Old.\n"
    day += 60
    project.repo.write({"CHANGELOG.md": notes}).commit("docs: the note is finished by a person", when=day)
    project.repo.git("push", "-q", "origin", "main")
    merged = project.remote.git("merge-tree", project.remote.git("merge-base", "main", before).strip(), "main", before)
    assert "<<<<<<<" in merged, "the branch as it was conflicts with main"
    yield told("a person writes the note, which conflicts with the branch")
    merged = project.remote.git("merge-tree", project.remote.git("merge-base", "main", BRANCH).strip(), "main", BRANCH)
    assert "<<<<<<<" not in merged
    source(
        lambda text: text.replace("def search", "def seek").replace('"search"]', '"seek"]').replace("Rank, search", "Rank, seek"),
        "feat!: search is called seek",
    )
    yield told("another break")
    other = project.other()
    other.git("checkout", "-q", BRANCH)
    other.write({"NOTICE": "mine\n"}).commit("a person's own commit", when=day + 2)
    other.git("push", "-q", "origin", BRANCH)
    own = project.head()
    source(lambda text: text + "\n\nWHY = 42\n", "refactor: why")
    yield told("a person commits to the branch", code=1)
    yield told("once more, and nothing is told twice", code=1)
    assert project.head() == own
    other.git("fetch", "-q", "origin")
    other.git("checkout", "-q", "-B", "main", "origin/main")
    other.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{project.pull.number}", BRANCH, when=day + 3)
    other.git("push", "-q", "origin", "main")
    project.hub.merge(project.pull, other.git("rev-parse", "HEAD").strip())
    project.repo.git("pull", "-q", "--ff-only", "origin", "main")
    yield told("it is merged, and tagged", "--merge-tag")
    yield told("tagged again", "--merge-tag")
