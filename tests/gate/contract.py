"""GitHub's published OpenAPI description, as far as a gate asks, and prism, which holds every request and answer against it.

The description is the npm package @octokit/openapi, prism is @stoplight/prism-cli; tests/gate/package.json pins both.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import jsonschema
import pytest

PATHS = (
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}",
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/releases/{release_id}/assets",
    "/repos/{owner}/{repo}/releases/assets/{asset_id}",
    "/repos/{owner}/{repo}/git/matching-refs/{ref}",
    "/repos/{owner}/{repo}/git/tags/{tag_sha}",
    "/repos/{owner}/{repo}/attestations/{subject_digest}",
    "/repos/{owner}/{repo}/environments",
    "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
    "/repos/{owner}/{repo}/immutable-releases",
    "/repos/{owner}/{repo}/rulesets",
    "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
    "/repos/{owner}/{repo}/rules/branches/{branch}",
    "/repos/{owner}/{repo}/branches/{branch}",
    "/repos/{owner}/{repo}/branches/{branch}/protection",
    "/repos/{owner}/{repo}/actions/permissions/workflow",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "/repos/{owner}/{repo}/issues/{issue_number}/labels",
)
"""All that is asked."""
SENT = {
    "/repos/{owner}/{repo}/pulls": "post",
    "/repos/{owner}/{repo}/pulls/{pull_number}": "patch",
    "/repos/{owner}/{repo}/issues/{issue_number}/labels": "post",
}
"""All that is sent to pull requests."""
PACKAGES = Path(__file__).with_name("package.json")
INSTALLING = 180.0
"""Seconds that npm may take."""
PATIENCE = 60.0
"""Seconds that prism may take to start."""


def install(folder: Path) -> None:
    """Bring the pinned packages into a folder, unless they are there."""
    if not (folder / "node_modules/.bin/prism").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES, folder / "package.json")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock"], cwd=folder, check=True, timeout=INSTALLING)


def description(folder: Path) -> dict[str, Any]:
    """Give the published description, cut to what is asked: the operations as they are, with every component that they refer to."""
    whole = json.loads((folder / "node_modules/@octokit/openapi/generated/api.github.com.json").read_text())
    paths = {path: {method: whole["paths"][path][method] for method in ("get", SENT.get(path)) if method} for path in PATHS}
    components: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        match waiting.pop():
            case {"$ref": str(ref)}:
                _, _, kind, name = ref.split("/")
                if name not in components.setdefault(kind, {}):
                    components[kind][name] = whole["components"][kind][name]
                    waiting.append(components[kind][name])
            case dict() as table:
                waiting += table.values()
            case list() as items:
                waiting += items
            case _:
                pass
    return {"openapi": whole["openapi"], "info": whole["info"], "paths": paths, "components": components}


def violations(document: Any, template: str, body: object, method: str = "get", status: str = "200") -> list[str]:  # noqa: ANN401 - JSON
    """Hold an answer to a path against the description without prism, which lets anything pass where it cannot compile a schema."""
    wanted = document["paths"][template][method]["responses"][status]["content"]["application/json"]["schema"]
    schema = _as_json_schema({**wanted, "components": document["components"]})
    return [f"{one.json_path}: {one.message[:200]}" for one in jsonschema.Draft4Validator(schema).iter_errors(body)]


def asks_otherwise(document: Any, template: str, method: str, body: object) -> list[str]:  # noqa: ANN401 - JSON
    """Hold what is sent to a path against the description."""
    wanted = document["paths"][template][method]["requestBody"]["content"]["application/json"]["schema"]
    schema = _as_json_schema({**wanted, "components": document["components"]})
    return [f"{one.json_path}: {one.message[:200]}" for one in jsonschema.Draft4Validator(schema).iter_errors(body)]


def _as_json_schema(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Write a schema of OpenAPI 3.0 as one of JSON Schema, which has no `nullable`."""
    if isinstance(node, list):
        return [_as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_json_schema(one) for key, one in node.items() if key not in ("nullable", "example", "examples")}
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


@contextmanager
def prism(folder: Path, upstream: str, document: Path) -> Iterator[str]:
    """Hold what passes against the description: what breaks it is answered with an error. Gives the address to ask."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(folder / "node_modules/.bin/prism"), "proxy", "--errors", "--host", "127.0.0.1", "--port", str(port), str(document), upstream]
    log = document.with_suffix(".log")
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"}) as process:
        try:
            end = time.monotonic() + PATIENCE
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"prism does not start: {log.read_text()}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def fetched(url: str, token: str = "") -> tuple[int, Any]:
    """Ask as anybody would, or as who has a token."""
    try:
        with urlopen(Request(url, headers={"Authorization": f"Bearer {token}"} if token else {}), timeout=30) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        return error.code, json.load(error)
