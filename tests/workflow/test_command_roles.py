"""A command has its role in whatever spelling."""

from __future__ import annotations

import pytest

from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.model import Role
from lockstep.workflow.registries import CRATES_IO, NPM, OTHER, PYPI
from lockstep.workflow.shell import commands


@pytest.mark.parametrize(
    "script",
    [
        "cargo publish",
        "cargo +nightly --color never publish --locked",
        "CARGO_TERM_COLOR=never sudo -E cargo publish",
        "if ! cargo publish; then exit 1; fi",
        'bash -c "cd a && cargo publish"',
        "for c in a b; do\n  cargo \\\n    publish -p $c\ndone",
        'C="cargo publish"\n$C --locked',
        "x=$(cargo publish)",
        "timeout 60 cargo publish",
        "set -e; (cargo publish)",
        'args=(publish -p spam)\nargs+=(--locked)\ncargo "${args[@]}"',
        'all=(cargo publish)\n"${all[@]}"',
    ],
)
def test_a_publish_is_seen_in_every_spelling(script: str) -> None:
    assert Role.PUBLISH in {seen.role for one in commands(script) for seen in roles_of_command(one)}


@pytest.mark.parametrize(
    "script",
    [
        "case $x in\n  1) exit 1 ;;\n  *)\n    exit 0\n    ;;\nesac\ncargo publish",
        "if a; then\n  exit 0\nfi\ncargo publish",
        "a || exit 1\ncargo publish",
        "f() {\n  exit 1\n}\ncargo publish",
        "(\nexit 0\n)\ncargo publish",
        "for i in 1 2; do exit 0; done; cargo publish",
    ],
)
def test_a_way_out_hides_nothing_behind_it(script: str) -> None:
    assert Role.PUBLISH in {seen.role for one in commands(script) for seen in roles_of_command(one)}


@pytest.mark.parametrize(
    "script",
    [
        "set -e\nexit 0\ncargo publish",
        "cargo publish --dry-run",
        "echo cargo publish",
        "# cargo publish",
        "cat <<EOF\ncargo publish\nEOF",
        "cargo test publish",
        "grep 'cargo publish' x",
        "cargo publish --help",
    ],
)
def test_what_only_speaks_of_a_publish_is_none(script: str) -> None:
    assert Role.PUBLISH not in {seen.role for one in commands(script) for seen in roles_of_command(one)}


@pytest.mark.parametrize(
    ("script", "roles"),
    [
        ("lockstep release publish crates.io:egg-1.0.0.crate", {(Role.VERIFY, ""), (Role.PUBLISH, CRATES_IO)}),
        ('for file in dist/*.whl; do\n  lockstep release publish "pypi:${file##*/}" --wait\ndone', {(Role.VERIFY, ""), (Role.PUBLISH, PYPI)}),
        ('lockstep release publish "npm:@spam/egg/spam-egg-$VERSION.tgz" --provenance', {(Role.VERIFY, ""), (Role.PUBLISH, NPM)}),
        ("lockstep release publish dist/egg-1.0.0-py3-none-any.whl", {(Role.VERIFY, ""), (Role.PUBLISH, PYPI)}),
        ('lockstep release publish "$file"', {(Role.VERIFY, ""), (Role.PUBLISH, OTHER)}),
        ("lockstep release publish pypi:egg-1.0.0.tar.gz --dry-run", set()),
        ("lockstep release stage --all-files", {(Role.DRAFT, ""), (Role.STAGE, "")}),
        ("lockstep release open", {(Role.UNDRAFT, "")}),
        ("lockstep release prove crates.io:egg-1.0.0.crate", {(Role.VERIFY, "")}),
        ("lockstep release seal dist", set()),
        ("lockstep release status", set()),
    ],
)
def test_what_lockstep_does_in_a_release_has_its_role(script: str, roles: set[tuple[Role, str]]) -> None:
    assert {(seen.role, seen.registry) for one in commands(script) for seen in roles_of_command(one)} == roles
