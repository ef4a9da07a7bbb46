"""The settings of a repository on GitHub: each is asked for by itself, and one that is not shown is told as such, with the permission that shows it.

GitHub answers 404 both for what is switched off and for what a token may not see. Where it says that the token is an administrator's, and
shows it what administrators alone see, 404 is the former.

Sources: https://docs.github.com/en/rest/deployments/environments, https://docs.github.com/en/rest/deployments/branch-policies,
https://docs.github.com/en/rest/repos/repos#check-if-immutable-releases-are-enabled-for-a-repository, https://docs.github.com/en/rest/repos/rules,
https://docs.github.com/en/rest/branches/branch-protection, https://docs.github.com/en/rest/actions/permissions
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from lockstep.dataclass import replace
from lockstep.evidence.github import ADMINISTRATION, Api, Client
from lockstep.evidence.http import Http, Json
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import Branch, Environment, Protection, RefPattern, Refs, Settings, TagRuleset

PAGE = 100
MOST_PAGES = 10
"""Pages of one list that are read."""
PATIENCE = 60.0
"""Seconds that all questions together may take."""
_HINT = "lockstep audit settings --verbose tells what was asked; please report it"
T = TypeVar("T")


def ask_settings(api: Api, slug: str, page: str, environments: Sequence[str], say: Callable[[str], None]) -> Settings:
    """Ask for the settings of a repository whose page is `page`; of `environments` it is asked which refs they admit."""
    return asyncio.run(_ask(api, slug, page, environments, say))


async def _ask(api: Api, slug: str, page: str, environments: Sequence[str], say: Callable[[str], None]) -> Settings:
    async with Http(time.monotonic() + PATIENCE, say) as http:
        return await Questions(api, http, slug).all(page, {one.lower() for one in environments})


class Questions:
    """What is asked about one repository."""

    def __init__(self, api: Api, http: Http, slug: str) -> None:
        self._slug = slug
        self._root = f"/repos/{slug}"
        self._anybody = Client(api, http, reads="actions")
        self._owner = Client(api, http, reads=ADMINISTRATION)
        self._administers = False

    async def all(self, page: str, environments: set[str]) -> Settings:
        """Ask all questions, in parallel but for those that rest on another's answer."""
        named = await self._repository()
        if isinstance(named, Unseen):
            return Settings.unknown(self._slug, named, page)
        writes, approves = await self._token()
        self._administers &= not isinstance(writes, Unseen)  # the account may be an administrator's, and its token one that sees less
        found, immutable, branch, rulesets = await asyncio.gather(
            self._environments(environments), self._immutable(), self._branch(named), self._tag_rulesets()
        )
        return Settings(
            repository=self._slug,
            url=page,
            environments=found,
            immutable=immutable,
            branch=branch,
            tag_rulesets=rulesets,
            token_writes=writes,
            approves=approves,
        )

    async def _repository(self) -> str | Unseen:
        """Give the name of the default branch; that the token is an administrator's is kept."""
        what = f"the repository {self._slug}"
        answer = await self._anybody.get(what, self._root)
        match answer:
            case Unseen():
                return answer
            case {"default_branch": str(branch), **rest} if branch:
                match rest.get("permissions"):
                    case {"admin": True}:
                        self._administers = True
                return branch
        return _malformed(what)

    # ---- environments

    async def _environments(self, wanted: set[str]) -> tuple[Environment, ...] | Unseen:
        items = await self._pages(self._anybody, f"the environments of {self._slug}", "/environments", "environments")
        if isinstance(items, Unseen):
            return items
        found = [_environment(one) for one in items]
        good = [one for one in found if one is not None]
        if len(good) != len(found):
            return _malformed(f"the environments of {self._slug}")
        return tuple(await asyncio.gather(*(self._with_patterns(one) if one.name.lower() in wanted else _itself(one) for one in good)))

    async def _with_patterns(self, one: Environment) -> Environment:
        if one.refs is not Refs.SELECTED:
            return one
        what = f"the branches and tags that may deploy to {one.name}"
        items = await self._pages(self._anybody, what, f"/environments/{quote(one.name, safe='')}/deployment-branch-policies", "branch_policies")
        if isinstance(items, Unseen):
            return replace(one, patterns=items)
        found = []
        for item in items:
            match item:
                case {"name": str(name), **rest} if rest.get("type", "branch") in ("branch", "tag"):
                    found.append(RefPattern(tags=rest.get("type") == "tag", name=name))
                case _:
                    return replace(one, patterns=_malformed(what))
        return replace(one, patterns=tuple(found))

    # ---- releases and tags

    async def _immutable(self) -> bool | Unseen:
        what = "whether releases are immutable"
        answer = await self._owner.get(what, f"{self._root}/immutable-releases")
        match answer:
            case Unseen():
                return False if self._is_off(answer) else answer
            case {"enabled": bool(enabled)}:
                return enabled
        return _malformed(what)

    async def _tag_rulesets(self) -> tuple[TagRuleset, ...] | Unseen:
        what = f"the tag rulesets of {self._slug}"
        items = await self._pages(self._owner, what, "/rulesets", "", targets="tag", includes_parents="true")
        if isinstance(items, Unseen):
            return items
        ids = []
        for item in items:
            match item:
                case {"id": int(number), "enforcement": str(enforcement), **rest} if not isinstance(number, bool):
                    if enforcement == "active" and rest.get("target", "tag") == "tag":
                        ids.append(number)
                case _:
                    return _malformed(what)
        found = await asyncio.gather(*(self._tag_ruleset(number) for number in ids))
        good = [one for one in found if isinstance(one, TagRuleset)]
        return tuple(good) if len(good) == len(found) else next(one for one in found if isinstance(one, Unseen))

    async def _tag_ruleset(self, number: int) -> TagRuleset | Unseen:
        what = f"the ruleset {number} of {self._slug}"
        answer = await self._owner.get(what, f"{self._root}/rulesets/{number}", {"includes_parents": "true"})
        match answer:
            case Unseen():
                return answer
            case {"name": str(name), "conditions": {"ref_name": dict(refs)}, "rules": list(rules), **rest}:
                include, exclude, kinds = _texts(refs.get("include")), _texts(refs.get("exclude")), _kinds(rules)
                bypass = _bypass(rest["bypass_actors"]) if "bypass_actors" in rest else None
                if include is not None and exclude is not None and kinds is not None:
                    return TagRuleset(name=name, include=include, exclude=exclude, rules=kinds, bypass=bypass)
        return _malformed(what)

    # ---- the default branch

    async def _branch(self, name: str) -> Branch:
        at = quote(name, safe="")
        what = f"the rules for {name}"
        found, protected = await asyncio.gather(
            self._pages(self._anybody, what, f"/rules/branches/{at}", ""), self._anybody.get(f"the branch {name}", f"{self._root}/branches/{at}")
        )
        kinds = found if isinstance(found, Unseen) else _kinds(found)
        approvals = 0 if isinstance(found, Unseen) else max((_approvals(one) for one in found), default=0)
        match protected:
            case {"protected": False}:
                protection: Protection | Unseen | None = None
            case {"protected": True} | Unseen():
                protection = await self._protection(name, at)
            case _:
                protection = _malformed(f"the branch {name}")
        return Branch(name=name, rules=_malformed(what) if kinds is None else kinds, approvals=approvals, protection=protection)

    async def _protection(self, name: str, at: str) -> Protection | Unseen | None:
        what = f"the protection of {name}"
        answer = await self._owner.get(what, f"{self._root}/branches/{at}/protection")
        match answer:
            case Unseen():
                return None if self._is_off(answer) else answer
            case {**said}:
                return Protection(
                    force_pushes=_is_enabled(said.get("allow_force_pushes")),
                    deletions=_is_enabled(said.get("allow_deletions")),
                    approvals=_count(said.get("required_pull_request_reviews")),
                )
        return _malformed(what)

    # ---- Actions

    async def _token(self) -> tuple[bool | Unseen, bool | Unseen]:
        """Give whether the token of a workflow may write where nothing is said, and whether Actions may approve pull requests."""
        what = "what the token of a workflow may do by default"
        answer = await self._owner.get(what, f"{self._root}/actions/permissions/workflow")
        match answer:
            case Unseen():
                return answer, answer
            case {"default_workflow_permissions": "read" | "write" as word, "can_approve_pull_request_reviews": bool(approves)}:
                return word == "write", approves
        return _malformed(what), _malformed(what)

    # ---- all

    def _is_off(self, answer: Unseen) -> bool:
        """Say whether an answer means that a setting is off: 404, to a token that is shown everything."""
        return answer.status == 404 and self._administers

    async def _pages(self, client: Client, what: str, path: str, key: str, **query: str) -> list[Json] | Unseen:
        """Read a list to its end; it stands under `key`, or is the answer itself."""
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            answer = await client.get(what, f"{self._root}{path}", {**query, "per_page": PAGE, "page": page})
            if isinstance(answer, Unseen):
                return answer
            items = answer.get(key) if key and isinstance(answer, dict) else answer
            if not isinstance(items, list):
                return _malformed(what)
            found += items
            if len(items) < PAGE:
                return found
        return Unseen(what=what, why=f"there are more than {MOST_PAGES * PAGE}", help="lockstep looks at no more")


async def _itself(one: T) -> T:
    return one


def _environment(item: Json) -> Environment | None:
    match item:
        case {"name": str(name), **rest}:
            policy, rules = rest.get("deployment_branch_policy"), rest.get("protection_rules", [])
        case _:
            return None
    match policy:
        case None:
            refs = Refs.ALL
        case {"protected_branches": bool(protected), "custom_branch_policies": bool()}:
            refs = Refs.PROTECTED if protected else Refs.SELECTED
        case _:
            return None
    one = Environment(name=name, refs=refs)
    for rule in rules if isinstance(rules, list) else [None]:
        match rule:
            case {"type": "required_reviewers", "reviewers": list(who), **more}:
                one = replace(one, reviewers=tuple(sorted(map(_reviewer, who))), prevents_self_review=more.get("prevent_self_review") is True)
            case {"type": "wait_timer", "wait_timer": int(minutes)}:
                one = replace(one, wait=minutes)
            case {"type": str()}:
                pass
            case _:
                return None
    return one


def _reviewer(item: Json) -> str:
    match item:
        case {"reviewer": {"login": str(name)}} | {"reviewer": {"slug": str(name)}}:
            return name
    return "somebody"


def _kinds(rules: Sequence[Json]) -> frozenset[str] | None:
    kinds = [one.get("type") if isinstance(one, dict) else None for one in rules]
    names = [one for one in kinds if isinstance(one, str)]
    return frozenset(names) if len(names) == len(kinds) else None


def _approvals(rule: Json) -> int:
    match rule:
        case {"type": "pull_request", "parameters": {**parameters}}:
            return _count(parameters)
    return 0


def _count(said: object) -> int:
    number = said.get("required_approving_review_count") if isinstance(said, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _is_enabled(said: object) -> bool:
    return isinstance(said, Mapping) and said.get("enabled") is True


def _texts(items: Json) -> tuple[str, ...] | None:
    names = [one for one in items if isinstance(one, str)] if isinstance(items, list) else []
    return tuple(names) if isinstance(items, list) and len(names) == len(items) else () if items is None else None


_ACTORS = {
    "OrganizationAdmin": "administrators of the organisation",
    "RepositoryRole": "a role of the repository",
    "Team": "a team",
    "Integration": "an app",
    "DeployKey": "deploy keys",
    "User": "a user",
}
_ROLES = {2: "who maintains", 4: "who writes", 5: "administrators of the repository"}
"""GitHub's numbers of the roles that every repository has."""


def _bypass(actors: object) -> tuple[str, ...] | None:
    """Give in words who may always pass by; None where that cannot be read. By pull request nobody moves a tag."""
    found = []
    for one in actors if isinstance(actors, list) else [None]:
        match one:
            case {"actor_type": str(kind), **rest}:
                number = rest.get("actor_id")
                role = _ROLES.get(number) if isinstance(number, int) and kind == "RepositoryRole" else None
                if rest.get("bypass_mode", "always") != "pull_request":
                    found.append(role or _ACTORS.get(kind, kind))
            case _:
                return None
    return tuple(dict.fromkeys(found))


def _malformed(what: str) -> Unseen:
    return Unseen(what=what, why="GitHub's answer is not what it documents", help=_HINT)
