"""What may start a workflow, and what its expressions know then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Node, texts
from lockstep.workflow.model import Workflow

TAG = "v1.2.3"


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
            pushed = {**known, "inputs": False, "github.event.action": False}
            if filters & {"tags", "tags-ignore"} or not filters & {"branches", "branches-ignore"}:
                yield Trigger("tag", {**pushed, **_TAGGED, "github.event.ref": f"refs/tags/{TAG}"})
            if filters & {"branches", "branches-ignore"} or not filters & {"tags", "tags-ignore"}:
                for branch in _branches(node):
                    ref = f"refs/heads/{branch}"
                    yield Trigger("branch", {**pushed, "github.ref_type": "branch", "github.ref": ref, "github.ref_name": branch, "github.event.ref": ref})
        elif name == "release":
            yield Trigger("release", {**known, **_TAGGED, **_action(node), "inputs": False, "github.event.ref": False})
        elif name in ("workflow_call", "workflow_dispatch"):
            yield Trigger(name, {**known, "github.event.action": False} if name == "workflow_dispatch" else {})
        else:
            ref = "refs/pull/1/merge" if name == "pull_request" else "refs/heads/main"
            asked = name.startswith("pull_request")
            action = {} if not asked else _action(node) if texts(_types(node)) else {"github.event.action": "synchronize"}
            none: dict[str, str | bool] = {"github.event.action": False, "github.event.ref": False} if name == "schedule" else {}
            yield Trigger(
                name, {**known, "github.ref_type": "branch", "github.ref": ref, "inputs": False, "github.event.pull_request": asked, **action, **none}
            )


_TAGGED: Mapping[str, str | bool] = {
    "github.event.pull_request": False,
    "github.ref": f"refs/tags/{TAG}",
    "github.ref_name": TAG,
    "github.ref_type": "tag",
}
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
