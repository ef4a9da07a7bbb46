"""The shipped JSON Schemas say what the code says, and what is printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from lockstep.config import HOMES
from lockstep.config.reading import load
from lockstep.config.schema import SCHEMAS, schema
from lockstep.errors import ConfigError
from lockstep.tree import MemoryTree
from tests.conftest import Run, Story


def shipped(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("lockstep").joinpath(f"schemas/{name}.json").read_text())
    return found


@pytest.mark.parametrize("home", SCHEMAS)
def test_the_configuration_schema_is_the_code(home: str) -> None:
    assert shipped(SCHEMAS[home]) == schema(home), "python -m tests.documents writes it anew"


CONFIGURATIONS = {
    "nothing": ("", True),
    "everything": (
        """\
exclude = ["vendor"]
outside = ["cargo:spam-fuzz"]
tag = "{group}-v{version}"
message = "Release {version}"
experimental = ["spam.lab.*"]
hidden = ["spam.testing.*"]
groups.core = { packages = ["spam", "spam-*"] }
sites = [{ path = "docs/install.md", pattern = "spam {version}", spelling = "pep440" }]
waivers = [
  { rule = "python-floor-raised", reason = "end-of-life", expires = 2027-01-31 },
  { rule = "name-removed", reason = "never worked", expires = "0.6.0", symbol = "spam.*" },
]
declared = [{ path = "schemas/*.json", kind = "json-schema", direction = "out" }]
workflow.roles = { wheels = "build" }
gate = { tags = "annotated" }
changelog = { commits = true }
pr = { groups = "each", branch = "release/{group}", labels = ["release"], draft = true }
registries = { crates-io = "mine", crates-io-api = false, pypi = "https://test.pypi.org/simple/", npm = "https://npm.example.org" }
""",
        True,
    ),
    "an unknown option": ('exclde = ["vendor"]\n', False),
    "a wrong type": ('exclude = "vendor"\n', False),
    "an unknown option of a place": ('sites = [{ path = "a", pattern = "{version}", group_ = "x" }]\n', False),
    "a place without a pattern": ('sites = [{ path = "a" }]\n', False),
    "a spelling that is none": ('sites = [{ path = "a", pattern = "{version}", spelling = "calver" }]\n', False),
    "a group without packages": ("groups.core = {}\n", False),
    "a waiver that never ends": ('waivers = [{ rule = "name-removed", reason = "so" }]\n', False),
    "a waiver that ends with a number": ('waivers = [{ rule = "name-removed", reason = "so", expires = 3 }]\n', False),
    "groups of a pull request that are neither": ('pr.groups = "some"\n', False),
    "a draft that is a text": ('pr.draft = "yes"\n', False),
    "commits that are a text": ('changelog.commits = "yes"\n', False),
    "a registry that is none": ('registries.maven = "https://example.org"\n', False),
    "an API that is a text": ('registries.crates-io-api = "no"\n', False),
    "a registry that is a number": ("registries.npm = 1\n", False),
    "a role that is none": ('workflow.roles = { wheels = "cook" }\n', False),
    "a tag with another name in it": ('tag = "v{versoin}"\n', False),
}
configurations = pytest.mark.parametrize("name", CONFIGURATIONS)


def accepted(text: str) -> bool:
    try:
        load(MemoryTree({"lockstep.toml": text}))
    except ConfigError:
        return False
    return True


@configurations
def test_lockstep_takes_what_its_schema_takes(name: str) -> None:
    text, fine = CONFIGURATIONS[name]
    assert accepted(text) is fine
    assert jsonschema.Draft7Validator(schema()).is_valid(tomllib.loads(text)) is fine


@configurations
def test_validate_pyproject_finds_the_schema_and_takes_what_lockstep_takes(name: str) -> None:
    api = pytest.importorskip("validate_pyproject.api")
    errors = pytest.importorskip("validate_pyproject.errors")
    text, fine = CONFIGURATIONS[name]
    document = {"project": {"name": "spam", "version": "1"}, "tool": {"lockstep": tomllib.loads(text)}}
    validator = api.Validator()
    if fine:
        validator(document)
    else:
        with pytest.raises(errors.ValidationError, match="lockstep"):
            validator(document)


@pytest.mark.parametrize("home", SCHEMAS)
@configurations
def test_taplo_takes_what_lockstep_takes(home: str, name: str, tmp_path: Path) -> None:
    """The directive stands in the first line; nothing is fetched."""
    program = shutil.which("taplo", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("taplo is not installed")
    text, fine = CONFIGURATIONS[name]
    for key in reversed(dict(HOMES)[home]):
        text = re.sub(r"^(?=\w)", f"{key}.", text, flags=re.MULTILINE)
    (tmp_path / "schema.json").write_text(json.dumps(shipped(SCHEMAS[home])))
    (tmp_path / home).write_text(f"#:schema ./schema.json\n{text}")
    done = subprocess.run([program, "lint", home], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is fine, done.stderr


@pytest.mark.parametrize("name", ["config", "pyproject", "cargo", "check"])
def test_a_shipped_schema_is_printed(name: str, run: Run, story: Story) -> None:
    assert json.loads(run("explain", "--schema", name, repo=story("twins"), code=0).out) == shipped(name)


def test_a_schema_that_is_none_is_answered_with_the_nearest(run: Run, story: Story) -> None:
    assert "did you mean pyproject?" in run("explain", "--schema", "pyprojct", repo=story("twins"), code=2).err


@pytest.mark.parametrize("home", SCHEMAS)
def test_an_editor_is_told_what_each_option_does(home: str) -> None:
    found = schema(home)
    for key in dict(HOMES)[home]:
        found = cast("Any", found)["properties"][key]
    for name, option in cast("Any", found)["properties"].items():
        assert option["description"], name
        assert "default" in option, name


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "--fix"),
        ("bump", "minor", "--dry-run"),
        ("bump", "minor"),
        ("bump", "minor", "--fix"),
        ("changelog", "check"),
        ("audit", "workflow", "--no-zizmor"),
        ("gate", "tag", "v0.3.0"),
        ("diff",),
        ("diff", "v0.3.0", "v0.4.0"),
        ("surface",),
        ("surface", "v0.3.0"),
        ("show",),
        ("explain",),
        ("explain", "version-mismatch"),
        ("cache",),
        ("init", "--dry-run"),
        ("release", "plan"),
    ],
    ids=" ".join,
)
def test_what_is_printed_is_what_the_schema_says(args: tuple[str, ...], story: Story, run: Run) -> None:
    result = run(*args, "--format", "json", repo=story("drifted"))
    document = json.loads(result.out)
    jsonschema.validate(document, shipped(args[0]), jsonschema.Draft7Validator)
    assert document["command"].split()[0] == args[0]
    missing = set(shipped(args[0])["properties"]) - set(document)
    assert not missing or args[0] in ("audit", "gate", "release"), "every key of the schema is there; each gate, audit, and command of a release has its own"
    assert not [*unknown(document, shipped(args[0]))], "every key is in the schema, at every depth"


def unknown(value: object, schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Give the keys of a document that its schema does not name."""
    match value:
        case dict() if "properties" in schema:
            for key, inner in value.items():
                if key in schema["properties"]:
                    yield from unknown(inner, schema["properties"][key], f"{at}.{key}")
                else:
                    yield f"{at}.{key}"
        case list() if isinstance(schema.get("items"), dict):
            for inner in value:
                yield from unknown(inner, schema["items"], f"{at}[]")
