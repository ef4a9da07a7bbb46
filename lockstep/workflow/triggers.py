"""What may start a workflow, and what its expressions know then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Node, Scalar, texts
from lockstep.workflow.conditions import begun_with, parsed
from lockstep.workflow.filters import starts
from lockstep.workflow.model import Workflow

TAG = "v1.2.3"
_WITH_REF = ("create", "delete")
"""The events, beside a push, whose payload has a `ref`: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""
_UNASKED: dict[str, str | bool] = {"github.head_ref": "", "github.base_ref": ""}
"""What is empty for every event that is about no pull request: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts."""
_UNRELEASED: dict[str, str | bool] = {"github.event.release": False, "github.event.release.tag_name": ""}


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """What may start the workflow: an event, and what is known about it."""

    name: str
    known: Mapping[str, str | bool]


def triggers_of(workflow: Workflow) -> Iterator[Trigger]:
    """Give what may start a workflow, and what is known then."""
    for name, node in workflow.triggers.items():
        known: dict[str, str | bool] = {"github.event_name": name}
        if name == "push":
            filters = set(node.entries) if isinstance(node, Map) else set()
            pushed = {**known, **_UNASKED, **_UNRELEASED, "inputs": False, "github.event.action": False}
            if filters & {"tags", "tags-ignore"} or not filters & {"branches", "branches-ignore"}:
                for tagged in _tags(workflow, node):
                    yield Trigger("tag", {**pushed, **tagged, **({"github.event.ref": tagged["github.ref"]} if "github.ref" in tagged else {})})
            if filters & {"branches", "branches-ignore"} or not filters & {"tags", "tags-ignore"}:
                for branch in _branches(node):
                    ref = f"refs/heads/{branch}"
                    yield Trigger("branch", {**pushed, "github.ref_type": "branch", "github.ref": ref, "github.ref_name": branch, "github.event.ref": ref})
        elif name == "release":
            for tagged in _tags(workflow, None):
                yield Trigger("release", {**known, **_UNASKED, **tagged, **_action(node), "inputs": False, "github.event.ref": ""})
        elif name in ("workflow_call", "workflow_dispatch"):
            yield Trigger(name, {**known, **_UNASKED, **_UNRELEASED, "github.event.action": False} if name == "workflow_dispatch" else {})
        else:
            ref = "refs/pull/1/merge" if name == "pull_request" else "refs/heads/main"
            asked = name.startswith("pull_request")
            action = {} if not asked else _action(node) if texts(_types(node)) else {"github.event.action": "synchronize"}
            none: dict[str, str | bool] = {"github.event.action": False} if name == "schedule" else {}
            none |= _UNRELEASED if asked else {**_UNRELEASED, **_UNASKED}
            none |= {} if name in _WITH_REF else {"github.event.ref": ""}
            yield Trigger(
                name, {**known, "github.ref_type": "branch", "github.ref": ref, "inputs": False, "github.event.pull_request": asked, **action, **none}
            )


def _tags(workflow: Workflow, node: Node | None) -> Iterator[dict[str, str | bool]]:
    """Give what is known of tags that pass a push filter: a plain version's, and one for each prefix that a condition asks for.

    Where no name is known that passes, nothing is known of it but that it is a tag.
    """
    filters, ignored = (texts(node.get(name)) if isinstance(node, Map) else () for name in ("tags", "tags-ignore"))
    begun = [re.split(r"[*?+\[!\\]", one.text.strip())[0] for one in filters]
    plain = (TAG, TAG[1:], *(f"{prefix}{TAG[1:]}" for prefix in begun), *(f"{prefix}{TAG}" for prefix in begun))
    passing = [name for name in (*plain, *(f"{prefix}{TAG[1:]}" for prefix in _prefixes(workflow))) if _passes(name, filters, ignored)]
    chosen = dict.fromkeys((*passing[:1], *(name for name in passing if name not in plain)))
    tagged: dict[str, str | bool] = {"github.event.pull_request": False, "github.ref_type": "tag"}
    yield from ({**tagged, "github.ref": f"refs/tags/{name}", "github.ref_name": name} for name in chosen)
    if not chosen:
        yield tagged


def _passes(name: str, filters: tuple[Scalar, ...], ignored: tuple[Scalar, ...]) -> bool:
    return (not filters or starts(filters, name)) and not starts(ignored, name)


def _prefixes(workflow: Workflow) -> Iterator[str]:
    """Give what conditions want the name of a tag to begin with."""
    for job in workflow.jobs.values():
        for scalar in (*job.conditions, *(one for step in job.steps for one in step.conditions)):
            for parts, text in begun_with(parsed(scalar)):
                if parts in (("github", "ref_name"), ("github", "ref"), ("github", "event", "ref")):
                    name = text.removeprefix("refs/tags/")
                    if name and not name.startswith("refs/") and not TAG.startswith(name):
                        yield name


MOST_BRANCHES = 8


def _branches(node: Node | None) -> tuple[str, ...]:
    """Give branches that a push filter lets through: those that it names, else what default branches are called."""
    names = tuple(one.text for one in texts(node.get("branches"))) if isinstance(node, Map) else ()
    return tuple(one for one in names if not set(one) & set("*?+[]!"))[:MOST_BRANCHES] or ("main", "master")


def _types(node: Node | None) -> Node | None:
    return node.get("types") if isinstance(node, Map) else None


def _action(node: Node | None) -> dict[str, str | bool]:
    """Give the activity that starts it, where the filter names one alone."""
    names = texts(_types(node))
    return {"github.event.action": names[0].text} if len(names) == 1 else {}
