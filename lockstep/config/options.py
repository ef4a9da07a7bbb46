"""The options: of every key its type, its default, a sentence and its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One key of the configuration: its type in words, its default as TOML, what it decides, and its JSON Schema."""

    kind: str
    default: str
    doc: str
    schema: Mapping[str, object]


_TEXT: Mapping[str, object] = {"type": "string"}
_DAY: Mapping[str, object] = {"not": {"type": ["number", "boolean", "array", "object", "null"]}, "examples": ["2027-01-31", "0.6.0"]}
"""A text, or a date of TOML, which is no text to validators that read TOML with Python."""
_TEXTS: Mapping[str, object] = {"type": "array", "items": {"type": "string"}}
_TEMPLATE: Mapping[str, object] = {"type": "string", "pattern": r"^[^{}]*(\{(version|group)\}[^{}]*)*$"}
SPELLINGS = ("prefix", "semver", "pep440")
KINDS = ("file", "json-schema", "constant", "values", "c-header")
STABILITIES = ("stable", "experimental", "hidden")
DIRECTIONS = ("in", "out", "both")
ROLES = ("build", "test", "guard", "gate", "head", "attest", "draft", "stage", "verify", "mint", "publish", "un-draft")
PROFILES = ("basic", "hardened")
TAGS = ("any", "annotated", "signed")
PR_GROUPS = ("one", "each")
LONGEST_WAIT = 43_200
"""Minutes of the longest wait timer that GitHub has: thirty days."""


def _like(schema: Mapping[str, object], *examples: object) -> Mapping[str, object]:
    """Give a schema with examples for an editor to offer."""
    return {**schema, "examples": list(examples)}


def _default(written: str) -> object:
    """Give a default, which is a text, a number, true, or the empty list or table."""
    return int(written) if written.isdecimal() else {"[]": [], "{}": {}, "true": True, "false": False}.get(written, written.strip('"'))


def object_schema(options: Mapping[str, Option], required: tuple[str, ...] = ()) -> dict[str, object]:
    """Give the JSON Schema of a table that has these options and no others."""
    properties = {
        name: {**option.schema, "description": option.doc, **({} if option.default == "required" else {"default": _default(option.default)})}
        for name, option in options.items()
    }
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


GROUP_OPTIONS: dict[str, Option] = {
    "packages": Option("list of package names", "[]", "Names or globs of the packages; cargo:, python: or npm: before a name narrows it.", _TEXTS),
    "tag": Option(
        "text",
        '""',
        "How a release tag of this group is written, with {version}; else the tag of all.",
        _like(_TEMPLATE, "spam-v{version}"),
    ),
}
SITE_OPTIONS: dict[str, Option] = {
    "path": Option("path", "required", "The file, from the root of the repository; globs are allowed.", _TEXT),
    "pattern": Option(
        "text",
        "required",
        "The text around the version, with {version} in it; it must stand in the file at least once.",
        _like(_TEXT, "spam {version} or newer"),
    ),
    "group": Option("text", '""', "Whose version it is; the main group without it.", _TEXT),
    "spelling": Option(
        "semver, pep440 or prefix",
        '"prefix"',
        "How it is written: 1.2.0-rc.1, 1.2.0rc1, or as many numbers as stand there now.",
        {"enum": list(SPELLINGS)},
    ),
}
WAIVER_OPTIONS: dict[str, Option] = {
    "rule": Option("rule name", "required", "The finding's rule.", _like(_TEXT, "python-floor-raised")),
    "reason": Option("text", "required", "Why it is accepted: end-of-life, security, or a sentence.", _like(_TEXT, "end-of-life", "security")),
    "expires": Option("date or version", "required", "The last day, as 2027-01-31, or the version from which on it holds no more, as 0.6.0.", _DAY),
    "symbol": Option("glob", '"*"', "The finding's symbol, as diff shows it.", _TEXT),
    "package": Option("glob", '"*"', "The finding's package.", _TEXT),
}
DECLARED_OPTIONS: dict[str, Option] = {
    "path": Option("path", "required", "The files, from the root of the repository; globs are allowed.", _TEXT),
    "kind": Option(
        "file, json-schema, constant, values or c-header",
        '"file"',
        "How they are compared: as a whole, as JSON Schema or OpenAPI, by the one value that stands in the pattern, by all that do, as a C header.",
        {"enum": list(KINDS)},
    ),
    "name": Option("text", '""', "What a review calls it; the file's path without it.", _TEXT),
    "stability": Option("stable, experimental or hidden", '"stable"', "What is promised about it.", {"enum": list(STABILITIES)}),
    "direction": Option(
        "in, out or both",
        '"both"',
        "Who writes documents of a schema: users, for us to read (in), we, for users to read (out), or both.",
        {"enum": list(DIRECTIONS)},
    ),
    "pattern": Option("text", '""', "For a constant or values: the text around a value, with {value} in it.", _TEXT),
}
WORKFLOW_OPTIONS: dict[str, Option] = {
    "files": Option("list of globs", "[]", "The release workflows; without it, those that start like a release, or publish.", _TEXTS),
    "unpinned": Option("list of globs", "[]", "Actions that need no commit id: owner/name.", _TEXTS),
    "roles": Option(
        "table of jobs",
        "{}",
        'What jobs do that lockstep does not recognise: roles.JOB = "publish".',
        {"type": "object", "additionalProperties": {"enum": list(ROLES)}},
    ),
}
AUDIT_OPTIONS: dict[str, Option] = {
    "profile": Option(
        "basic or hardened",
        '""',
        "What release workflows are held to; without it, hardened for those that do three of: attest, draft, gate, un-draft; else basic.",
        {"enum": ["", *PROFILES]},
    ),
    "reviewers": Option(
        "list of names", "[]", "The accounts and teams that must be able to approve in every environment of a release: for audit settings.", _TEXTS
    ),
    "wait": Option(
        "minutes",
        "0",
        "The wait timer that every environment of a release must have: for audit settings.",
        {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
    ),
}
GATE_OPTIONS: dict[str, Option] = {
    "tags": Option("any, annotated or signed", '"any"', "What a release tag must be, for gate tag.", {"enum": list(TAGS)}),
    "branch": Option("text", '""', "The branch whose head is released, for gate head and gate ci; the default branch without it.", _TEXT),
    "workflows": Option("list of names", "[]", "Workflows that must have succeeded, as ci.yml; without it, those that run for every push.", _TEXTS),
}
REGISTRIES_OPTIONS: dict[str, Option] = {
    "crates-io": Option(
        "text",
        '""',
        "Where crates go: a sparse index, or the name of a registry in your Cargo settings.",
        _like(_TEXT, "sparse+https://crates.example.org/index/"),
    ),
    "crates-io-api": Option(
        "true or false", "true", "false for a registry whose API does not answer for a single version: its index is taken at its word.", {"type": "boolean"}
    ),
    "pypi": Option("text", '""', "Where wheels and sdists go: the Simple API.", _like(_TEXT, "https://test.pypi.org/simple/")),
    "pypi-api": Option(
        "text", '""', "The JSON API of that Simple API, where it has one and is neither PyPI nor TestPyPI.", _like(_TEXT, "https://pypi.example.org/pypi")
    ),
    "npm": Option("text", '""', "Where npm packages go.", _like(_TEXT, "https://npm.example.org/")),
}
CHANGELOG_OPTIONS: dict[str, Option] = {
    "commits": Option(
        "true or false",
        "false",
        "Whether additions and fixes are drafted from conventional commits; breaks are drafted from what changed in any case.",
        {"type": "boolean"},
    ),
}
PR_OPTIONS: dict[str, Option] = {
    "groups": Option(
        "one or each", '"one"', "Whether one pull request releases all groups that changed, or each has one of its own.", {"enum": list(PR_GROUPS)}
    ),
    "branch": Option(
        "text",
        '"lockstep/release-{group}"',
        "The branch of the pull request, with {group}; nobody else commits to it.",
        {"type": "string", "pattern": r"^[^{}]*(\{group\}[^{}]*)?$", "examples": ["lockstep/release-{group}"]},
    ),
    "labels": Option("list of names", "[]", "Labels that the pull request is given.", _like(_TEXTS, ["release"])),
    "draft": Option("true or false", "false", "Whether the pull request is opened as a draft.", {"type": "boolean"}),
}
OPTIONS: dict[str, Option] = {
    "exclude": Option(
        "list of globs", "[]", "Files that lockstep never looks at: vendored code, test data, templates.", _like(_TEXTS, ["vendor", "tests/data"])
    ),
    "outside": Option(
        "list of package names", "[]", "Packages that move on their own: lockstep shows them and leaves them alone.", _like(_TEXTS, ["cargo:spam-fuzz"])
    ),
    "tag": Option(
        "text",
        '"v{version}"',
        "How a release tag is written, with {version} and perhaps {group}; inferred from the last tags.",
        _like(_TEMPLATE, "v{version}", "{group}-v{version}"),
    ),
    "message": Option("text", '"Release {version}"', "The message of the commit and the tag that bump makes, with {version} and perhaps {group}.", _TEXT),
    "groups": Option(
        "table of groups",
        "{}",
        'Packages that move together: groups.NAME = { packages = ["name", "glob-*"] }.',
        {"type": "object", "additionalProperties": object_schema(GROUP_OPTIONS, ("packages",))},
    ),
    "sites": Option(
        "list of places",
        "[]",
        'Places that no format knows: { path = "docs/install.md", pattern = "version {version}" }.',
        {"type": "array", "items": object_schema(SITE_OPTIONS, ("path", "pattern"))},
    ),
    "waivers": Option(
        "list of waivers",
        "[]",
        'Findings of check, diff and audit that are accepted: { rule = "python-floor-raised", reason = "end-of-life", expires = "2027-01-31" }.',
        {"type": "array", "items": object_schema(WAIVER_OPTIONS, ("rule", "reason", "expires"))},
    ),
    "declared": Option(
        "list of promises",
        "[]",
        'Promises that no reader knows: { path = "schemas/*.json", kind = "json-schema", direction = "out" }.',
        {"type": "array", "items": object_schema(DECLARED_OPTIONS, ("path",))},
    ),
    "experimental": Option("list of globs", "[]", "Symbols, as diff shows them, that may break in any release.", _TEXTS),
    "hidden": Option("list of globs", "[]", "Symbols, as diff shows them, that are promised to nobody.", _TEXTS),
    "workflow": Option("table", "{}", "What the release workflows are, and do: for lockstep audit workflow.", object_schema(WORKFLOW_OPTIONS)),
    "gate": Option("table", "{}", "What a commit needs to be released: for lockstep gate.", object_schema(GATE_OPTIONS)),
    "audit": Option("table", "{}", "What releases are held to: for lockstep audit.", object_schema(AUDIT_OPTIONS)),
    "registries": Option(
        "table", "{}", "Where the packages are published, for lockstep release; the public registries without it.", object_schema(REGISTRIES_OPTIONS)
    ),
    "changelog": Option("table", "{}", "What notes are drafted from: for lockstep changelog draft and lockstep pr.", object_schema(CHANGELOG_OPTIONS)),
    "pr": Option("table", "{}", "How the release pull request is made: for lockstep pr.", object_schema(PR_OPTIONS)),
}
