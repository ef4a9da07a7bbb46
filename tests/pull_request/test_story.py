"""The life of a release pull request, as it is told."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from tests.pull_request.conftest import Project
from tests.pull_request.story import moments


def test_five_commits_a_conflict_and_a_person(project: Project, snapshot: SnapshotAssertion) -> None:
    told = list(moments(project))
    assert "\n\n".join(map(str, told)).replace(str(project.folder), "<folder>") == snapshot
    assert [one.title for one in told[:3]] == ["Release 0.6.0"] * 3
    assert project.remote.git("for-each-ref", "--format=%(refname:strip=2) %(objecttype) %(contents:subject)", "refs/tags/v0.6.0").strip() == (
        "v0.6.0 tag Release 0.6.0"
    )
    assert project.remote.git("rev-parse", "v0.6.0^{commit}") == project.repo.git("rev-parse", "HEAD")
