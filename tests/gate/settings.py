"""GitHub's settings beside the stand-in's releases: environments, rulesets, branch protection, Actions; to an administrator, and to others.

A refusal is GitHub's: 404 for what is off and for what is hidden, 403 for a token without the permission.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.shapes import WHEN, Json, full_repository, user

ADMIN = "ghp_of-an-administrator"
REVIEWERS = ("ham", "spam")


@dataclass
class Env:
    """An environment: everything as a hardened project has it, unless it is said otherwise. `policies` are kinds and patterns, None for any branch or tag."""

    reviewers: tuple[str, ...] = REVIEWERS
    prevents_self_review: bool = True
    wait: int = 30
    policies: list[tuple[str, str]] | None = field(default_factory=lambda: [("tag", "v[0-9]*.[0-9]*.[0-9]*")])
    protected_branches: bool = False


@dataclass
class Rules:
    """A ruleset; `bypass` are types of actors with their ids."""

    target: str = "tag"
    include: tuple[str, ...] = ("refs/tags/v*",)
    exclude: tuple[str, ...] = ()
    rules: tuple[str, ...] = ("update", "deletion")
    bypass: tuple[tuple[str, int], ...] = ()
    enforcement: str = "active"


@dataclass
class SettingsHub(ReleaseHub):
    """A repository as a hardened project sets it up. `classic` is the classic protection of the default branch, None for none."""

    environments: dict[str, Env] = field(default_factory=lambda: {"crates-io": Env(), "pypi": Env()})
    immutable: bool = True
    rulesets: dict[int, Rules] = field(default_factory=lambda: {7: Rules()})
    branch_rules: dict[str, Json | None] = field(default_factory=lambda: {"non_fast_forward": None, "deletion": None, "pull_request": review(1)})
    classic: Json | None = None
    default_permissions: str = "read"
    approves: bool = False


def review(number: int) -> Json:
    return {
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_approving_review_count": number,
        "required_review_thread_resolution": False,
    }


class SettingsHandler(ReleaseHandler):
    """Answers about settings, and about all else as the stand-in does."""

    hub: SettingsHub

    def respond(self, path: str, query: dict[str, str], token: str) -> None:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        hub, admin = self.hub, token == ADMIN
        if "/".join(parts[1:3]).lower() != hub.name.lower() or (hub.private and not admin):
            super().respond(path, query, token)
            return
        match parts[3:]:
            case [] if admin:
                self._say({**full_repository(hub), "permissions": {"admin": True, "push": True, "pull": True}})
            case ["environments"]:
                self._say({"total_count": len(hub.environments), "environments": [environment(hub, name) for name in hub.environments]})
            case ["actions", "permissions", "workflow"] if admin:
                self._say({"default_workflow_permissions": hub.default_permissions, "can_approve_pull_request_reviews": hub.approves})
            case ["actions", "permissions", "workflow"]:
                self.send(403, b'{"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com/rest", "status": "403"}')
            case ["immutable-releases"] if admin and hub.immutable:
                self._say({"enabled": True, "enforced_by_owner": False})
            case ["branches" | "rules", *_]:
                self._of_branch(parts[3:], path, query, token)
            case ["environments", name, "deployment-branch-policies"] if name in hub.environments:
                found = [policy(number, *one) for number, one in enumerate(hub.environments[name].policies or ())]
                self._say({"total_count": len(found), "branch_policies": found})
            case ["rulesets"]:
                self._say([ruleset(hub, one) for one, rules in hub.rulesets.items() if rules.target == query.get("targets", rules.target)])
            case ["rulesets", number] if number.isdigit() and int(number) in hub.rulesets:
                self._say(ruleset(hub, int(number), whole=True, admin=admin))
            case _:
                super().respond(path, query, token)

    def _of_branch(self, parts: list[str], path: str, query: dict[str, str], token: str) -> None:
        hub = self.hub
        match parts:
            case ["rules", "branches", name]:
                of = {"ruleset_source_type": "Repository", "ruleset_source": hub.name, "ruleset_id": 1}
                rules = hub.branch_rules if name == hub.default_branch else {}
                self._say([{"type": one, **({"parameters": said} if said else {}), **of} for one, said in rules.items()])
            case ["branches", name] if name == hub.default_branch:
                self._say(branch(hub))
            case ["branches", name, "protection"] if token == ADMIN and name == hub.default_branch and hub.classic is not None:
                self._say(hub.classic)
            case _:
                super().respond(path, query, token)


def environment(hub: SettingsHub, name: str) -> Json:
    one, root = hub.environments[name], f"https://api.github.com/repos/{hub.name}/environments/{name}"
    rules: list[Json] = []
    if one.wait:
        rules.append({"id": 1, "node_id": "GR_1", "type": "wait_timer", "wait_timer": one.wait})
    if one.reviewers:
        who = [{"type": "User", "reviewer": {**user(hub), "login": login}} for login in one.reviewers]
        rules.append({"id": 2, "node_id": "GR_2", "type": "required_reviewers", "prevent_self_review": one.prevents_self_review, "reviewers": who})
    chosen = one.policies is not None or one.protected_branches
    if chosen:
        rules.append({"id": 3, "node_id": "GR_3", "type": "branch_policy"})
    return {
        "id": 1,
        "node_id": "EN_1",
        "name": name,
        "url": root,
        "html_url": f"https://github.com/{hub.name}/deployments/activity_log?environments_filter={name}",
        "created_at": WHEN,
        "updated_at": WHEN,
        "protection_rules": rules,
        "deployment_branch_policy": {"protected_branches": one.protected_branches, "custom_branch_policies": not one.protected_branches} if chosen else None,
    }


def policy(number: int, kind: str, name: str) -> Json:
    return {"id": number, "node_id": f"GP_{number}", "name": name, "type": kind}


def ruleset(hub: SettingsHub, number: int, *, whole: bool = False, admin: bool = False) -> Json:
    """Give a ruleset: in a list without what it says."""
    one = hub.rulesets[number]
    shape: dict[str, Any] = {
        "id": number,
        "name": f"{one.target}s of releases",
        "target": one.target,
        "source_type": "Repository",
        "source": hub.name,
        "enforcement": one.enforcement,
        "node_id": "RRS_1",
        "created_at": WHEN,
        "updated_at": WHEN,
    }
    if whole:
        shape["conditions"] = {"ref_name": {"include": list(one.include), "exclude": list(one.exclude)}}
        shape["rules"] = [{"type": kind} for kind in one.rules]
    if whole and admin:
        shape["bypass_actors"] = [{"actor_id": actor, "actor_type": kind, "bypass_mode": "always"} for kind, actor in one.bypass]
    return shape


def branch(hub: SettingsHub) -> Json:
    root = f"https://api.github.com/repos/{hub.name}"
    person = {"name": "A. Maintainer", "email": "maintainer@example.org", "date": WHEN}
    sha = "c" * 40
    commit = {
        "url": f"{root}/commits/{sha}",
        "sha": sha,
        "node_id": "C_1",
        "html_url": f"https://github.com/{hub.name}/commit/{sha}",
        "comments_url": f"{root}/commits/{sha}/comments",
        "commit": {
            "url": f"{root}/git/commits/{sha}",
            "author": person,
            "committer": person,
            "message": "change",
            "comment_count": 0,
            "tree": {"sha": sha, "url": f"{root}/git/trees/{sha}"},
        },
        "author": user(hub),
        "committer": user(hub),
        "parents": [],
    }
    at = f"{root}/branches/{hub.default_branch}"
    protected = hub.classic is not None
    return {
        "name": hub.default_branch,
        "commit": commit,
        "_links": {"html": f"https://github.com/{hub.name}/tree/{hub.default_branch}", "self": at},
        "protected": protected,
        "protection": {"enabled": protected},
        "protection_url": f"{at}/protection",
    }


def protection(*, force_pushes: bool = False, deletions: bool = False, approvals: int | None = 1) -> Json:
    """Give a classic protection of a branch."""
    said: Json = {"allow_force_pushes": {"enabled": force_pushes}, "allow_deletions": {"enabled": deletions}}
    if approvals is not None:
        reviews = {"dismiss_stale_reviews": False, "require_code_owner_reviews": False, "required_approving_review_count": approvals}
        said["required_pull_request_reviews"] = {**reviews, "require_last_push_approval": False}
    return said
