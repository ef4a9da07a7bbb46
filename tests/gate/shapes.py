"""What GitHub's answers look like, in the shape that it publishes: `python -m tests.gate` holds them against that description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from tests.gate.standin import Hub, Run

Json: TypeAlias = dict[str, Any]

WHEN = "2023-11-14T22:13:20Z"


def workflow(hub: Hub, name: str) -> Json:
    root = f"https://api.github.com/repos/{hub.name}"
    return {
        "id": 1 + list(hub.workflows).index(name),
        "node_id": "W_1",
        "name": name,
        "path": f".github/workflows/{name}",
        "state": hub.workflows[name],
        "created_at": WHEN,
        "updated_at": WHEN,
        "url": f"{root}/actions/workflows/1",
        "html_url": f"https://github.com/{hub.name}/blob/main/.github/workflows/{name}",
        "badge_url": f"https://github.com/{hub.name}/workflows/{name}/badge.svg",
    }


def workflow_run(hub: Hub, one: Run) -> Json:
    status, _, conclusion = one.newest.now().partition("/")
    root = f"https://api.github.com/repos/{hub.name}/actions"
    this = f"{root}/runs/{one.id}"
    return {
        "id": one.id,
        "name": one.workflow,
        "node_id": "WFR_1",
        "check_suite_id": 42,
        "check_suite_node_id": "CS_42",
        "head_branch": one.branch,
        "head_sha": one.sha,
        "path": f".github/workflows/{one.workflow}",
        "display_title": "change",
        "run_number": one.number,
        "event": one.event,
        "status": status,
        "conclusion": conclusion or None,
        "workflow_id": 1 + list(hub.workflows).index(one.workflow),
        "url": this,
        "html_url": f"https://github.com/{hub.name}/actions/runs/{one.id}",
        "pull_requests": [],
        "created_at": WHEN,
        "updated_at": WHEN,
        "actor": user(hub),
        "run_attempt": one.attempt,
        "referenced_workflows": [],
        "run_started_at": WHEN,
        "triggering_actor": user(hub),
        "jobs_url": f"{this}/jobs",
        "logs_url": f"{this}/logs",
        "check_suite_url": f"https://api.github.com/repos/{hub.name}/check-suites/42",
        "artifacts_url": f"{this}/artifacts",
        "cancel_url": f"{this}/cancel",
        "rerun_url": f"{this}/rerun",
        "previous_attempt_url": f"{this}/attempts/{one.attempt - 1}" if one.attempt > 1 else None,
        "workflow_url": f"{root}/workflows/1",
        "head_commit": {
            "id": one.sha,
            "tree_id": one.sha,
            "message": "change",
            "timestamp": WHEN,
            "author": {"name": "A. Maintainer", "email": "maintainer@example.org"},
            "committer": {"name": "A. Maintainer", "email": "maintainer@example.org"},
        },
        "repository": repository(hub),
        "head_repository": repository(hub),
    }


def user(hub: Hub) -> Json:
    login = hub.name.partition("/")[0]
    root = f"https://api.github.com/users/{login}"
    return {
        "login": login,
        "id": 1,
        "node_id": "U_1",
        "avatar_url": "https://avatars.githubusercontent.com/u/1?v=4",
        "gravatar_id": "",
        "url": root,
        "html_url": f"https://github.com/{login}",
        "followers_url": f"{root}/followers",
        "following_url": f"{root}/following{{/other_user}}",
        "gists_url": f"{root}/gists{{/gist_id}}",
        "starred_url": f"{root}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{root}/subscriptions",
        "organizations_url": f"{root}/orgs",
        "repos_url": f"{root}/repos",
        "events_url": f"{root}/events{{/privacy}}",
        "received_events_url": f"{root}/received_events",
        "type": "User",
        "site_admin": False,
    }


_BELOW = (
    "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors", "deployments", "downloads",
    "events", "forks", "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges",
    "milestones", "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees",
)  # fmt: skip


def repository(hub: Hub) -> Json:
    root = f"https://api.github.com/repos/{hub.name}"
    return {
        "id": 1,
        "node_id": "R_1",
        "name": hub.name.partition("/")[2],
        "full_name": hub.name,
        "private": hub.private,
        "owner": user(hub),
        "html_url": f"https://github.com/{hub.name}",
        "description": None,
        "fork": False,
        "url": root,
        **{f"{name}_url": f"{root}/{name}" for name in _BELOW},
    }


def full_repository(hub: Hub) -> Json:
    return {
        **repository(hub),
        "created_at": WHEN,
        "updated_at": WHEN,
        "pushed_at": WHEN,
        "git_url": f"git://github.com/{hub.name}.git",
        "ssh_url": f"git@github.com:{hub.name}.git",
        "clone_url": f"https://github.com/{hub.name}.git",
        "svn_url": f"https://github.com/{hub.name}",
        "homepage": None,
        "size": 1,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "open_issues_count": 0,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if hub.private else "public",
        "forks": 0,
        "open_issues": 0,
        "watchers": 0,
        "default_branch": hub.default_branch,
        "network_count": 0,
        "subscribers_count": 0,
    }
