"""The tools: what each is called, what it takes, the schema of what it gives, and what it asks of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from lockstep import api
from lockstep.agents.bounds import MOST_ITEMS
from lockstep.dataclass import dataclass

Schema: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the repository, what was given, already held against the schema, and who hears what happens on the way."""

    root: str
    given: Mapping[str, object]
    listener: api.Listener

    def text(self, name: str) -> str | None:
        """Give a text, None where none was given."""
        value = self.given.get(name)
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool:
        """Say whether something was asked for."""
        return self.given.get(name) is True

    def open(self, ref: str | None = None, *, staged: bool = False, writes: bool = False) -> api.Session:
        """Open the repository; only a tool that writes finishes a write that was interrupted."""
        return api.open_repository(self.root, ref=ref, staged=staged, read_only=not writes, listener=self.listener)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """What an agent may call: `gives` names the schemas of the document that it may answer with."""

    name: str
    title: str
    description: str
    takes: Schema
    run: Callable[[Call], api.Result]
    gives: tuple[str, ...]
    required: tuple[str, ...] = ()
    writes: bool = False
    asks_network: bool = False

    def input_schema(self, roots: tuple[str, ...]) -> Schema:
        """Give the schema of its arguments; the repository is one of those that the server was started with."""
        where: Schema = {"enum": [*roots], "description": f"The repository; {roots[0]} without it."}
        limit: Schema = {"type": "integer", "minimum": 1, "maximum": 5000, "description": f"Entries of each list of the answer; {MOST_ITEMS} without it."}
        properties = {**self.takes, "repository": where, "limit": limit}
        return {"type": "object", "properties": properties, "required": [*self.required], "additionalProperties": False}

    def output_schema(self) -> Schema:
        """Give the schema of its answer: that of the command's JSON, with the counts of what is left out."""
        omitted: Schema = {"type": "object", "additionalProperties": {"type": "integer"}, "description": "How many entries of each list are left out."}
        known = [{key: value for key, value in api.schema(name).items() if key != "$schema"} for name in self.gives]
        whole: Schema = known[0] if len(known) == 1 else {"type": "object", "anyOf": known}
        properties = whole.get("properties", {})
        assert isinstance(properties, dict)
        return {**whole, "properties": {**properties, "omitted": omitted}}


def _text(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": description}


def _flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


REF = _text("A commit, tag or branch in place of the work tree.")
GROUP = _text("The group of packages; the main one without it.")
BASE = _text("The commit to compare with; the last release without it.")
STEP: Schema = {
    "to": _text("patch, minor, major, pre, release, auto (as much as the changes ask for), or a version in full."),
    "pre": {"enum": [str(one) for one in api.PreKind], "description": "Go to a pre-release of that version."},
    "group": GROUP,
    "fix": _flag("Move places along that drifted, in place of refusing."),
    "force": _flag("Allow a step backwards, or one that is too small for what changed. Only when the person says so."),
}


def _check(call: Call) -> api.Result:
    opened = call.open(call.text("ref"), staged=call.flag("staged"))
    return api.check(opened, tag=call.text("tag"), release=call.flag("release"))


def _request(call: Call, *, writes: bool) -> api.BumpRequest:
    pre = call.text("pre")
    tag = writes and call.flag("tag")
    return api.BumpRequest(
        to=call.text("to") or "",
        pre=None if pre is None else api.PreKind(pre),
        group=call.text("group"),
        fix=call.flag("fix"),
        force=call.flag("force"),
        commit=writes and call.flag("commit"),
        tag=tag,
        allow_dirty=call.flag("allow_dirty"),
        writes=writes,
    )


def _plan_bump(call: Call) -> api.Result:
    return api.plan_bump(call.open(), _request(call, writes=False))


def _bump(call: Call) -> api.Result:
    planned = api.plan_bump(call.open(writes=True), _request(call, writes=True))
    if not isinstance(planned, api.BumpPlan):
        return planned
    return api.BumpDone(planned=planned, recorded=api.apply(planned))


def _gate(call: Call) -> api.Result:
    require = call.text("require")
    return api.gate(call.root, call.text("tag") or "", require=None if require is None else api.Policy(require))


TOOLS = (
    Tool(
        name="show",
        title="Packages, groups and versions",
        description=(
            "What the repository ships: its packages, which of them move together and why, how they are tagged, and with `sites` every place "
            "where a version is written. Start here."
        ),
        takes={"ref": REF, "sites": _flag("List every place where a version is written.")},
        run=lambda call: api.show(call.open(call.text("ref"))),
        gives=("show",),
    ),
    Tool(
        name="check",
        title="Do all versions agree?",
        description=(
            "Check that every version, requirement between siblings and lock entry agrees. Each finding has its place, what is and should be, "
            "and the next step."
        ),
        takes={
            "ref": REF,
            "staged": _flag("Check what the next commit would hold."),
            "tag": _text("A tag that must name the same version."),
            "release": _flag("Add what a release needs: notes of every break, dated and in order. Takes longer."),
        },
        run=_check,
        gives=("check",),
    ),
    Tool(
        name="plan_bump",
        title="Plan a version bump",
        description=(
            "What a bump would write, as a diff, or why it is refused: the step is too small for what changed, places disagree, or notes are "
            "missing. Nothing is written."
        ),
        takes=STEP,
        required=("to",),
        run=_plan_bump,
        gives=("bump", "diff"),
    ),
    Tool(
        name="bump",
        title="Bump the version",
        description=(
            "Write a bump everywhere at once, all or nothing: manifests, requirements, locks, copies, the changelog. Nothing is pushed. Call "
            "plan_bump first, and ask the person."
        ),
        takes={
            **STEP,
            "commit": _flag("Commit the edited files; hooks of the repository run."),
            "tag": _flag("Tag that commit; includes commit."),
            "allow_dirty": _flag("Edit files too that have uncommitted changes."),
        },
        required=("to",),
        run=_bump,
        gives=("bump", "diff"),
        writes=True,
    ),
    Tool(
        name="diff",
        title="What changed in the public surface",
        description=(
            "Compare what the packages promise (Python, native modules, Rust, C, Go, features, floors) with a commit or the last release: "
            "breaks, additions, and the version step that they ask for. Nothing is built or run; it may take a minute in a large repository."
        ),
        takes={
            "base": BASE,
            "head": _text("The commit to judge; the work tree without it."),
            "strict": _flag("What breaks type checkers alone counts as a break."),
        },
        run=lambda call: api.diff(call.open(call.text("head")), call.text("base"), strict=call.flag("strict")),
        gives=("diff",),
    ),
    Tool(
        name="changelog_check",
        title="What the changelog lacks",
        description="Check that every break since the last release has a note in the changelog that names it, and that its sections are in order.",
        takes={"group": GROUP, "base": BASE},
        run=lambda call: api.changelog(call.open(), call.text("group"), base=call.text("base")),
        gives=("changelog",),
    ),
    Tool(
        name="changelog_draft",
        title="Draft the notes that are missing",
        description=(
            "The notes that the changelog lacks, as a diff: a migration note for each break with the code that stops working, a line for each "
            "addition. TODO marks what only a person knows. Nothing is written."
        ),
        takes={"group": GROUP, "base": BASE},
        run=lambda call: api.draft_changelog(call.open(), call.text("group"), base=call.text("base")),
        gives=("changelog",),
    ),
    Tool(
        name="changelog_show",
        title="The notes of a release",
        description="The section of a version in the changelog, or `unreleased`, as release notes.",
        takes={"version": _text("The version in any spelling, or unreleased."), "group": GROUP},
        required=("version",),
        run=lambda call: api.release_notes(call.open(), call.text("version") or "", call.text("group")),
        gives=("changelog",),
    ),
    Tool(
        name="gate",
        title="May this tag be released?",
        description="Check that a tag is a stable release, that the project says the same version at that commit, and that its changelog section is there.",
        takes={
            "tag": _text("The tag, as v1.2.3."),
            "require": {"enum": [str(one) for one in api.Policy], "description": "What the tag must be; what the configuration says without it."},
        },
        required=("tag",),
        run=_gate,
        gives=("gate",),
    ),
    Tool(
        name="audit_workflow",
        title="Does the release workflow keep its promises?",
        description="Audit the release workflows of the repository: the order of jobs, their permissions, what they publish.",
        takes={"file": _text("One workflow by its path in the repository; every release workflow without it."), "ref": REF},
        run=lambda call: api.audit(call.open(call.text("ref")), call.text("file")),
        gives=("audit",),
    ),
    Tool(
        name="release_status",
        title="How far is a release?",
        description="Ask crates.io, PyPI, npm and GitHub what they have of each file of a release, and say what is next. Asks the network; changes nothing.",
        takes={
            "tag": _text("The tag; what is here without it."),
            "group": GROUP,
            "on": _text("The repository on GitHub as owner/name; the remote origin without it."),
        },
        run=lambda call: api.release_status(call.root, call.text("tag"), group=call.text("group"), repository=call.text("on"), listener=call.listener),
        gives=("release",),
        asks_network=True,
    ),
)


def offered(*, writes: bool) -> Iterator[Tool]:
    """Give the tools of a server; one that writes is there only where that is allowed."""
    return (one for one in TOOLS if writes or not one.writes)
