"""Tokens to publish with: from the environment alone, and where a workflow may ask for its identity, one that a registry gives for that.

Sources: https://docs.pypi.org/trusted-publishers/using-a-publisher/, https://crates.io/docs/trusted-publishing,
https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from lockstep.dataclass import replace
from lockstep.errors import UsageError
from lockstep.evidence.http import Answer, Http, Json, Server, is_loopback, origin, parsed, refused
from lockstep.evidence.reach import Fault
from lockstep.workflow.commit_runs import Unseen

SECRETS = (
    *("GH_TOKEN", "GITHUB_TOKEN", "UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD", "TWINE_PASSWORD", "NPM_TOKEN", "NODE_AUTH_TOKEN", "CARGO_REGISTRY_TOKEN"),
    *("ACTIONS_RUNTIME_TOKEN", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"),
)
"""Variables that hold a token, and are given to no program but the one that it is for."""
_IDENTITY = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Give an environment without the tokens of any registry."""
    return {name: value for name, value in environment.items() if name not in SECRETS and not re.fullmatch(r"CARGO_REGISTRIES_\w+_TOKEN", name)}


def checked(token: str, name: str) -> str:
    """Give a token that can be sent.

    Raises: UsageError for one that is none; it is not printed.
    """
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise UsageError(f"{name} holds characters that no token has", help="set it anew; it is not printed here")
    return token


def has_identity(environment: Mapping[str, str]) -> bool:
    """Say whether this is a job of GitHub Actions that may ask for its identity: `permissions: id-token: write`."""
    return all(environment.get(name) for name in _IDENTITY)


async def identity(http: Http, environment: Mapping[str, str], audience: str) -> str | Unseen:
    """Ask GitHub Actions for a statement of what this job is, for one audience; the request's own token goes to the host that stands beside it.

    Raises: UsageError for an address that a token must not be sent to.
    """
    url, token = (environment[name] for name in _IDENTITY)
    at, host = origin(url), urlsplit(url).hostname or ""
    if not at or not (at.startswith("https:") or is_loopback(host)):
        raise UsageError(f"{_IDENTITY[0]} is no address that a token may be sent to", help="GitHub Actions sets it")
    server = Server(name="GitHub Actions", url=at, authorization=f"Bearer {checked(token, _IDENTITY[1])}")
    what = f"the identity of this job for {audience}"

    def read(answer: Answer) -> str | Unseen:
        return _text(what, server, answer, "value")

    return await http.get(what, server, f"{url}{'&' if '?' in url else '?'}audience={quote(audience, safe='')}", read)


async def exchanged(http: Http, server: Server, path: str, field: str, identity_: str) -> str | Unseen:
    """Give a registry the statement of what this job is, and take the token that it gives for it."""
    what = f"a token of {server.name} for this job"
    body = json.dumps({field: identity_}).encode()
    answer = await http.send(what, server, "POST", path, body, headers={"Content-Type": "application/json", "Accept": "application/json"})
    if isinstance(answer, Unseen):
        return answer
    found = _text(what, server, answer, "token")
    if isinstance(found, Unseen) and 400 <= answer.status < 500:
        return replace(found, help="is this workflow, with this environment, a trusted publisher of the package there?")
    return found


def _text(what: str, server: Server, answer: Answer, key: str) -> str | Unseen:
    found: Json | Fault = parsed(answer.body) if 200 <= answer.status < 300 else None
    value = found.get(key) if isinstance(found, dict) else None
    if isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]+", value):
        return value
    if 200 <= answer.status < 300:
        return Unseen(what=what, why=f"{server.name} gives none", help="tell who runs it")
    return refused(what, server, answer)
