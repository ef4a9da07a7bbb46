"""`release plan`: what no workflow is seen to publish is owed by nobody, and what only steps make is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Fresh, Run

CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n'
HEAD = 'on:\n  push:\n    tags: ["v*"]\npermissions: {}\njobs:\n  out:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n'


def planned(fresh: Fresh, run: Run, steps: str | None, **files: str) -> dict[str, Any]:
    made: dict[str, str | bytes] = {
        "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["a", "b"]\n',
        "a/Cargo.toml": CRATE.format("spam"),
        "a/src/lib.rs": "",
        "b/Cargo.toml": CRATE.format("eggs"),
        "b/src/lib.rs": "",
        "js/package.json": '{"name": "spam-js", "version": "1.0.0", "scripts": {"release": "make pkg && npm publish --access public ./pkg"}}',
        **({".github/workflows/release.yml": HEAD + steps} if steps is not None else {}),
        **files,
    }
    found: dict[str, Any] = json.loads(run("release", "plan", "--format", "json", repo=fresh(made), code=0).out)
    return found


ROUTES = {
    "nothing": (None, []),
    "another registry": ("      - uses: pypa/gh-action-pypi-publish@v1\n", []),
    "the folder": ("      - run: cargo publish\n        working-directory: ./a\n", ["cargo:spam"]),
    "a step into the folder": ("      - run: |\n          cd b\n          cargo publish\n", ["cargo:eggs"]),
    "the name": ("      - run: cargo publish -p eggs\n", ["cargo:eggs"]),
    "names": ("      - run: cargo publish -p eggs --package=spam\n", ["cargo:eggs", "cargo:spam"]),
    "the manifest": ("      - run: cargo publish --manifest-path a/Cargo.toml\n", ["cargo:spam"]),
    "a name that only the run knows": ("      - run: for one in $ALL; do cargo publish -p $one; done\n", ["cargo:eggs", "cargo:spam"]),
    "the workspace": ("      - run: cargo publish --workspace\n", ["cargo:eggs", "cargo:spam"]),
    "a folder that only the run knows": ("      - run: cargo publish\n        working-directory: ${{ matrix.crate }}\n", ["cargo:eggs", "cargo:spam"]),
    "an action that looks itself": ("      - uses: katyo/publish-crates@v2\n", ["cargo:eggs", "cargo:spam"]),
    "what publishes everything": ("      - run: npx semantic-release\n", ["cargo:eggs", "cargo:spam", "npm:spam-js"]),
    "npm in the folder": ("      - run: npm publish\n        working-directory: js\n", ["npm:spam-js"]),
    "a tarball": ("      - run: npm publish spam-js-1.0.0.tgz\n", ["npm:spam-js"]),
}


@pytest.mark.parametrize("name", ROUTES)
def test_what_no_workflow_publishes_is_not_owed(fresh: Fresh, run: Run, name: str) -> None:
    steps, owed = ROUTES[name]
    found = planned(fresh, run, steps)
    assert sorted(one["package"] for one in found["owed"]) == owed
    untold = [one["package"] for one in found["untold"] if one["what"] == "who publishes it"]
    assert sorted(untold) == sorted({"cargo:eggs", "cargo:spam", "npm:spam-js"} - set(owed))


BUILT = {
    "a script of package.json": ("      - run: npm run release\n        working-directory: ./js\n", ("js/pkg", "npm:spam-js")),
    "an action": ("      - uses: JS-DevTools/npm-publish@v4\n        with: { package: a/pkg/package.json }\n", ("a/pkg", "cargo:spam")),
    "wasm-pack": ("      - run: cd a && wasm-pack publish\n", ("a/pkg", "cargo:spam")),
}


@pytest.mark.parametrize("name", BUILT)
def test_a_package_that_only_a_step_makes_is_named(fresh: Fresh, run: Run, name: str) -> None:
    steps, wanted = BUILT[name]
    [one] = planned(fresh, run, steps)["built"]
    assert (one["folder"], one["beside"]) == wanted
    assert (one["registry"], one["job"]) == ("npm", "out")


def test_what_is_not_owed_is_said_in_words(fresh: Fresh, run: Run) -> None:
    files = {
        "Cargo.toml": CRATE.format("spam"),
        "src/lib.rs": "",
        "pkg/README": "",
        ".github/workflows/release.yml": HEAD + BUILT["wasm-pack"][0].replace("cd a && ", ""),
    }
    said = run("release", "plan", repo=fresh(files), code=0).out
    assert "       not told by the workflow: who publishes it; no workflow here is seen to publish to crates.io\n" in said
    assert "npm also gets what job out (.github/workflows/release.yml:10) builds" in said
    assert "git has no pkg/package.json, so its version is not checked" in said


@pytest.mark.parametrize("command", ["make release", "just publish", "./scripts/release.sh", "make -C tools release"])
def test_a_task_that_may_publish_is_named(fresh: Fresh, run: Run, command: str) -> None:
    steps = f"      - run: {command}\n        env: {{ CARGO_REGISTRY_TOKEN: '${{{{ secrets.CRATES }}}}' }}\n"
    whys = {one["why"] for one in planned(fresh, run, steps)["untold"]}
    told = f"; whether `{command}` does (.github/workflows/release.yml:10) cannot be told"
    assert whys == {f"no workflow here is seen to publish to {registry}{told}" for registry in ("crates.io", "npm")}
