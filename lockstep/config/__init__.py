"""The configuration: a frozen Config, in which all is empty that is left to lockstep; zero configuration is the rule.

It stands in `lockstep.toml`, in `[tool.lockstep]` of the root `pyproject.toml`, or in `[workspace.metadata.lockstep]` of the root
`Cargo.toml`; two of them at once are an error. `reading` makes it of a tree, `options` says what each key decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.tree import glob
from lockstep.versions.version import LONGEST

DATE = pattern(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
"""A day; days compare as texts."""
HOMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lockstep.toml", ()),
    ("pyproject.toml", ("tool", "lockstep")),
    ("Cargo.toml", ("workspace", "metadata", "lockstep")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfig:
    """A group that the configuration states: `packages` are names or globs of names, with or without `cargo:`, `python:`, `npm:`.

    `tag` is how its release tags are written, "" for the way of the whole configuration.
    """

    name: str
    packages: tuple[str, ...]
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """A place that no format knows: wherever `pattern` stands in `path`, {version} is the version of `group` ("" is the main one).

    `spelling` is semver, pep440 or prefix; `line` and `column` are the place of the entry in the configuration.
    """

    path: str
    pattern: str
    group: str = ""
    spelling: str = "prefix"
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverConfig:
    """A finding that is accepted: `rule` by its name, `symbol` and `package` as globs, with the reason, until a date or a version.

    `line` and `column` are the place of the entry in the file `path`.
    """

    rule: str
    reason: str
    expires: str
    symbol: str = "*"
    package: str = "*"
    path: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredConfig:
    """A promise that no reader knows: the files that `path` names, compared as `kind` says.

    `pattern` is the text around a constant's value, with {value} in it; `direction` says who writes documents of a schema.
    """

    path: str
    kind: str = "file"
    name: str = ""
    stability: str = "stable"
    direction: str = "both"
    pattern: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowConfig:
    """What the release workflows are: their files (empty: those that start like a release or publish), the roles of jobs, what need not be pinned."""

    files: tuple[str, ...] = ()
    unpinned: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditConfig:
    """What release workflows are held to: basic or hardened, "" for what their own steps show.

    `reviewers` are the accounts and teams that must be able to approve in every environment, `wait` are the minutes of its wait timer.
    """

    profile: str = ""
    reviewers: tuple[str, ...] = ()
    wait: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateConfig:
    """What a commit must have behind it to be released: the workflows that must have succeeded (empty: those that run for every push).

    `tags` is what a release tag must be, `branch` where it must stand (empty: what the remote says is its default).
    """

    workflows: tuple[str, ...] = ()
    tags: str = "any"
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistriesConfig:
    """Where the packages go, "" for the public registries: a sparse index or the name of one in Cargo's settings, a Simple API, npm's registry.

    `crates_io_api` says whether a registry of crates answers for a single version, as crates.io does, `pypi_api` is the JSON API of a Simple API that has one.
    """

    crates_io: str = ""
    crates_io_api: bool = True
    pypi: str = ""
    pypi_api: str = ""
    npm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogConfig:
    """What notes are drafted from: with `commits`, additions and fixes come from conventional commits."""

    commits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestConfig:
    """How the release pull request is made: `groups` is one (for all that changed) or each, `branch` its branch, with {group}."""

    groups: str = "one"
    branch: str = "lockstep/release-{group}"
    labels: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the project decided; empty where it left the decision to lockstep."""

    path: str = ""
    exclude: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    tag: str = ""
    message: str = "Release {version}"
    groups: tuple[GroupConfig, ...] = ()
    sites: tuple[SiteConfig, ...] = ()
    waivers: tuple[WaiverConfig, ...] = ()
    declared: tuple[DeclaredConfig, ...] = ()
    experimental: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    workflow: WorkflowConfig = WorkflowConfig()
    gate: GateConfig = GateConfig()
    audit: AuditConfig = AuditConfig()
    registries: RegistriesConfig = RegistriesConfig()
    changelog: ChangelogConfig = ChangelogConfig()
    pr: PullRequestConfig = PullRequestConfig()

    def excludes(self, path: str) -> bool:
        """Say whether lockstep must not look at `path`."""
        return any(glob(pattern).fullmatch(path) or glob(pattern.rstrip("/") + "/**").fullmatch(path) for pattern in self.exclude)


def matches_package(pattern: str, ecosystem: str, name: str) -> bool:
    """Say whether a configured name or glob means this package."""
    wanted, _, rest = pattern.partition(":")
    if rest and wanted != ecosystem:
        return False
    return glob(rest or wanted).fullmatch(name) is not None


def version_places(pattern: str, text: str) -> Iterator[tuple[int, str]]:
    """Give the offset and the text of each version that stands in the literal text of a configured pattern.

    No version has more than `LONGEST` characters. What a run of such characters does not end in at its first place, it does at none after it: each is
    looked at once.
    """
    before, _, after = pattern.partition("{version}")
    head = re.compile(rf"{re.escape(before)}(?P<version>v?[0-9][0-9A-Za-z.+_-]{{0,{LONGEST}}})")
    at = 0
    while (found := head.search(text, at)) is not None:
        start, end = found.span("version")
        stop = text.find(after, start + 1 + found["version"].startswith("v"), end + len(after)) if after else start + len(found["version"].rstrip(".+_-"))
        if end - start > LONGEST:
            end = _RUN.match(text, end).end()  # type: ignore[union-attr]  # it may be empty
            stop = stop if after else end
        if stop == -1 or stop - start > LONGEST:
            at = max(found.start() + 1, end - len(before))
        else:
            yield start, text[start:stop]
            at = stop + len(after)


_RUN = pattern(r"[0-9A-Za-z.+_-]*")


def tool_schema(tool: str) -> dict[str, object]:
    """The configuration of lockstep, as validate-pyproject asks for it: `[tool.lockstep]`."""  # noqa: D401 - what it prints of us
    from lockstep.config.schema import schema  # noqa: PLC0415 - no command of ours asks

    assert tool == "lockstep"
    return schema()
