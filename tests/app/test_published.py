"""One answer to what is published: `release plan`, `pr` and `audit publishers` leave out the same crates."""

from __future__ import annotations

import json

import pytest

from lockstep.app import audit_publishers
from lockstep.app.release_plan import is_published
from lockstep.app.session import open_ref
from lockstep.surfaces.rust_source.crates import Opened
from tests.conftest import Fresh, Run

CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n'
FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["egg", "ham"]\nresolver = "2"\n',
    "egg/Cargo.toml": CRATE.format("egg"),
    "egg/src/lib.rs": "",
    "ham/src/lib.rs": "",
}


@pytest.mark.parametrize(
    ("needs", "published"),
    [('egg = { path = "../egg" }', False), ('x = { git = "https://a.test/x" }', False), ('egg = { path = "../egg", version = "1.0.0" }', True)],
)
def test_what_cargo_refuses_to_publish_is_left_out_everywhere(needs: str, published: bool, fresh: Fresh, run: Run) -> None:  # noqa: FBT001 - what is expected
    repo = fresh({**FILES, "ham/Cargo.toml": f"{CRATE.format('ham')}[dependencies]\n{needs}\n"})
    opened = open_ref(str(repo.root), "HEAD")
    left = {"egg", "ham"} if published else {"egg"}
    assert {one.name for one in opened.project().packages if is_published(opened, Opened(opened.tree).crates, one)} == left
    assert {one.package for one in audit_publishers.published_packages(opened)} == left
    plan = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert {one["name"] for each in plan["rounds"] for one in each} == left
