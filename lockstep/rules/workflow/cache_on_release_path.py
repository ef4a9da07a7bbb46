"""A release is built with what a cache holds.

## What it does
No job whose files or outputs reach a release may use a cache: `actions/cache`, `Swatinem/rust-cache`, sccache, `cache:` of the setup actions. A cache
that an action uses unless it is told not to is a warning. A job that only tests gives the release nothing.

## Why
Whoever can write the cache, by a run of another branch, writes into the release.

## Example
```yaml
- uses: Swatinem/rust-cache@...
```

## Source
[zizmor: cache-poisoning](https://docs.zizmor.sh/audits/#cache-poisoning)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Step

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_CACHES = (
    "actions/cache",
    "swatinem/rust-cache",
    "mozilla-actions/sccache-action",
    "hendrikmuhs/ccache-action",
    "taiki-e/cache-cargo-install-action",
    "leafwing-studios/cargo-cache",
    "buildjet/cache",
    "runs-on/cache",
    "namespacelabs/nscloud-cache-action",
    "useblacksmith/rust-cache",
    "ubicloud/cache",
    "awalsh128/cache-apt-pkgs-action",
    "ramsey/composer-install",
    "determinatesystems/magic-nix-cache-action",
)
_INPUTS = {
    "actions/setup-python": ("cache",),
    "actions/setup-node": ("cache",),
    "actions/setup-java": ("cache",),
    "actions/setup-go": ("cache",),
    "actions/setup-dotnet": ("cache",),
    "astral-sh/setup-uv": ("enable-cache",),
    "pyo3/maturin-action": ("sccache",),
    "messense/maturin-action": ("sccache",),
    "ruby/setup-ruby": ("bundler-cache",),
    "pdm-project/setup-pdm": ("cache",),
    "actions-rust-lang/setup-rust-toolchain": ("cache",),
    "prefix-dev/setup-pixi": ("cache",),
    "pnpm/action-setup": ("cache",),
    "oven-sh/setup-bun": ("cache",),
    "moonrepo/setup-rust": ("cache",),
    "jdx/mise-action": ("cache",),
    "denoland/setup-deno": ("cache",),
}
_BY_DEFAULT = {"astral-sh/setup-uv", "actions/setup-go", "actions-rust-lang/setup-rust-toolchain", "moonrepo/setup-rust", "jdx/mise-action"}
_OWN = re.compile(r"v?[1-4](?:\.|$)")
"""Versions of setup-node that cache nothing by themselves."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the jobs on the way to a registry."""
    if not audit.final_jobs:
        return
    yield from _by_environment(audit)
    for job, step in audit.steps:
        if step.uses is None or job.id not in audit.feeding or not audit.active(step):
            continue
        name = step.uses.name
        if name in _CACHES and step.uses.folder != "save":
            yield _finding(audit, job, step, LEVEL, step.at(step.uses.scalar), "uses a cache")
        elif _by_default(audit, step):
            yield _finding(audit, job, step, Level.WARNING, step.at(step.uses.scalar), "uses a cache unless it is told not to")
        elif name in _INPUTS:
            given = step.input(*_INPUTS[name])
            asked = given is not None and given.text.strip() not in ("", "auto") and not step.is_off(*_INPUTS[name])
            if given is not None and asked and audit.value(given) is not False:
                yield _finding(audit, job, step, LEVEL, step.at(given), "uses a cache")
        if "cache-from" in step.inputs and "type=" in step.inputs["cache-from"].text:
            yield _finding(audit, job, step, LEVEL, step.at(step.inputs["cache-from"]), "uses a cache")


def _by_environment(audit: Audit) -> Iterator[Finding]:
    for job in audit.route:
        if job.id not in audit.feeding:
            continue
        for scalar in (*job.env.values(), *(value for step in job.steps for value in step.env.values())):
            names = {name for env in (job.env, *(step.env for step in job.steps)) for name, value in env.items() if value is scalar}
            if names & {"SCCACHE_GHA_ENABLED", "SCCACHE_BUCKET", "ACTIONS_CACHE_URL"} and scalar.text.lower() not in ("", "0", "false", "off"):
                yield audit.finding(
                    rule="cache-on-release-path",
                    level=LEVEL,
                    place=job.at(scalar),
                    message=f"{job.id} is part of the release, and {', '.join(sorted(names))} turns on a cache",
                    help="build a release without caches",
                    symbol=job.id,
                )


def _by_default(audit: Audit, step: Step) -> bool:
    """Say whether an action uses a cache because nobody told it not to."""
    if step.action == "gradle/actions":
        return step.uses is not None and step.uses.folder == "setup-gradle" and not step.is_on("cache-disabled")
    given = step.input(*_INPUTS.get(step.action, ()))
    automatic = given is None or given.text.strip() == "auto"
    return (automatic and step.action in _BY_DEFAULT) or (given is None and step.action == "actions/setup-node" and _by_package_manager(audit, step))


def _by_package_manager(audit: Audit, step: Step) -> bool:
    """Say whether setup-node caches because package.json names a package manager: npm from version 5 on, others in version 5."""
    ref = step.uses.ref if step.uses is not None else ""
    named = bool(audit.package_manager) if re.match(r"v?5(?:\.|$)", ref) else audit.package_manager == "npm"
    return named and not _OWN.match(ref) and not step.is_off("package-manager-cache")


def _finding(audit: Audit, job: Job, step: Step, level: Level, place: Place, what: str) -> Finding:
    return audit.finding(
        rule="cache-on-release-path",
        level=level,
        place=place,
        message=f"{job.id} is part of the release, and {step.uses.text.partition('@')[0] if step.uses else 'it'} {what}",
        help="build a release without caches",
        symbol=job.id,
    )
