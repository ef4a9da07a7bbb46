"""Jobs that hold a credential and run something that publishes by its name, which nobody can look into from here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.model import Permissions
from lockstep.workflow.shell import Command

_NAME = pattern(r"(?:^|[^A-Za-z])(?:publish|release|deploy|upload)(?:$|[^A-Za-z])", re.IGNORECASE)
_BEFORE = pattern(r"prepare|prune|install|download|for[_-](?:upload|release)|(?:release|changelog)[_-]notes|bump", re.IGNORECASE)
"""Names of what comes before a publish and is none."""
_LOOKS = pattern(r"verify|check|validate|test|lint|build|canonicali[sz]e|normali[sz]e|list|show|print|help|version|diff|compare", re.IGNORECASE)
"""Subcommands that say that a script makes or looks at files, whatever it is named for."""
_SECRET = pattern(r"\bsecrets\.(?!GITHUB_TOKEN\b)\w", re.IGNORECASE)
_RUNNERS = frozenset(
    {"just", "make", "gmake", "nox", "tox", "invoke", "inv", "task", "rake", "mage", "doit", "poe", "gradle", "gradlew", "mvn", "sbt", "node", "deno", "tsx"}
)
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_INTERPRETER = pattern(r"python[0-9.]*|node|ruby|perl|bash|sh")
_SCRIPT = pattern(r"(?:python[0-9.]*|node|ruby|perl|bash|sh)|.*/[^/]+|.*\.(?:py|js|mjs|ts|rb|pl)")
_DRY = ("--dry-run", "-n", "--help", "--check")


def runs_a_publisher(found: tuple[Command, ...]) -> Iterator[Command]:
    """Give the commands that start a task or a script of the project which is named for publishing."""
    for one in found:
        words = tuple(word for word in one.words[1:] if not word.startswith("-"))
        if not one.words or one.has(*_DRY) or any(_BEFORE.search(word) for word in one.words[:2]):
            continue
        task = one.name in _RUNNERS or (one.name in _MANAGERS and words[:1] in (("run",), ("run-script",)))
        interpreted = _INTERPRETER.fullmatch(one.name) is not None
        if (interpreted or not task) and _LOOKS.fullmatch(next(iter(words[1:] if interpreted else words), "")):
            continue
        if (task and any(_NAME.search(word) for word in words[:3])) or (
            _SCRIPT.fullmatch(one.words[0]) and any(_NAME.search(word.rpartition("/")[2]) for word in (one.words[0], *words[:1]))
        ):
            yield one


def holds_a_credential(permissions: Permissions | None, environment: Scalar | None, env: Mapping[str, Scalar], texts: tuple[str, ...]) -> bool:
    """Say whether a job can publish: a token for OIDC, an environment, or a secret that is not GitHub's own token."""
    asks = permissions is not None and "id-token" in permissions.scopes and permissions.allows("id-token")
    return asks or environment is not None or any(_SECRET.search(text) for text in (*(one.text for one in env.values()), *texts))
