"""What may start a workflow, and what its expressions know then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Mapping as Map
from lockstep.workflow.model import Workflow

TAG = "v1.2.3"


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """What may start the workflow: an event, and what is known about it."""

    name: str
    known: Mapping[str, str | bool]


def triggers_of(workflow: Workflow) -> Iterator[Trigger]:
    """Give what may start a workflow, and what is known then."""
    tagged: dict[str, str | bool] = {"github.event.pull_request": False, "github.ref": f"refs/tags/{TAG}", "github.ref_name": TAG, "github.ref_type": "tag"}
    for name, node in workflow.triggers.items():
        known: dict[str, str | bool] = {"github.event_name": name}
        if name == "push":
            filters = set(node.entries) if isinstance(node, Map) else set()
            if filters & {"tags", "tags-ignore"} or not filters & {"branches", "branches-ignore"}:
                yield Trigger("tag", {**known, **tagged, "inputs": False})
            if filters & {"branches", "branches-ignore"} or not filters & {"tags", "tags-ignore"}:
                yield Trigger("branch", {**known, "github.ref_type": "branch", "github.ref": "refs/heads/main", "github.ref_name": "main", "inputs": False})
        elif name == "release":
            yield Trigger("release", {**known, **tagged, "inputs": False})
        elif name in ("workflow_call", "workflow_dispatch"):
            yield Trigger(name, known if name == "workflow_dispatch" else {})
        else:
            ref = "refs/pull/1/merge" if name == "pull_request" else "refs/heads/main"
            asked = name.startswith("pull_request")
            yield Trigger(name, {**known, "github.ref_type": "branch", "github.ref": ref, "inputs": False, "github.event.pull_request": asked})
