"""What is published was not compared with what was attested.

## What it does
A job that publishes with a command that packs anew (`cargo publish`, `maturin publish` and others) must take the artifact that was attested and
first compare its own package with it, unconditionally: by digest, `cmp`, `gh attestation verify` or the like. A file that is downloaded from the
registry in the same script does not count.

## Why
The tool, the compiler or the clock differ between two jobs; the registry gets bytes that nobody attested.

## Example
```yaml
- run: cargo publish --locked # nothing compares the package before
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Deed, Job, Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_PACKS = ("cargo publish", "cargo release", "cargo smart-release", "cargo workspaces publish", "maturin publish", "flit publish", "publish-crates")


def check(audit: Audit) -> Iterator[Finding]:
    """Look for a comparison before each publish."""
    for deed in audit.publishes:
        if deed.step is None or deed.what not in _PACKS or (audit.sound and set(audit.missing(deed.job)) & {Role.ATTEST, Role.STAGE}):
            continue
        if packed := _packed(audit, deed):
            yield audit.finding(
                rule="bytes-unverified",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} packs and compares {packed}, and publishes something else",
                help=f"cargo publish --package {packed}",
                symbol=deed.job.id,
            )
            continue
        takes = _takes(audit, deed.job)
        if not takes or not any(one.job.id == deed.job.id and one.index < deed.index and _unconditional(one, deed) for one in audit.of(Role.VERIFY)):
            yield audit.finding(
                rule="bytes-unverified",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} publishes with `{deed.what}`, and compares nothing with the attested files before",
                help="pack, and compare the digest with the artifact that was attested",
                symbol=deed.job.id,
            )


def _packed(audit: Audit, deed: Deed) -> str:
    """Give the package that was packed to be compared, where another one is published; "" where it is the same, or not said."""
    if deed.what != "cargo publish" or deed.step is None:
        return ""
    before = [one for step in deed.job.steps[: deed.index] for one in audit.commands(step) if one.name == "cargo" and one.words[1:2] == ("package",)]
    packed = {one.option("-p", "--package") for one in before}
    mine = [one for one in audit.commands(deed.step) if one.name == "cargo" and "publish" in one.words[1:3] and not one.has("--dry-run", "-n")]
    published = {one.option("-p", "--package") for one in mine}
    if not packed or None in packed or any("$" in (name or "") for name in packed | published) or any(one.has("--manifest-path") for one in mine):
        return ""
    return "" if published <= packed else ", ".join(sorted(name for name in packed if name))


def _unconditional(one: Deed, deed: Deed) -> bool:
    """Say whether a comparison runs whenever the publish does."""
    mine = {scalar.text.strip() for scalar in deed.step.conditions} if deed.step else set()
    return one.step is not None and all(
        scalar.text.strip() in mine or scalar.text.strip(" ${}") in ("always()", "success()", "!cancelled()") for scalar in one.step.conditions
    )


def _takes(audit: Audit, job: Job) -> bool:
    """Say whether a job takes a file that is attested, or one that nobody knows; it need not where no artifact is attested."""
    covered = [up for ups in audit.attested.values() for up in ups]
    unknown = any(one.job.id == job.id and not audit.matching(one) for one in audit.downloads)
    return not covered or unknown or any(up in covered for up in audit.taken(job))
