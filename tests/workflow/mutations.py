"""Faults put into a good release workflow, one at a time: each must be found by its rule, and by no other.

`python -m tests.workflow.mutations REPO [FILE]` does that with the release workflow of a real repository. The mutations find their places by
what jobs do (the job that publishes a crate, the one that attests), so they fit any workflow that attests, stages, publishes to crates.io
and PyPI and makes a draft public at the end; one that finds no place is counted as not tried.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockstep.model import Finding, Level
from lockstep.rules import judge_workflow
from lockstep.workflow.artifacts import is_distribution
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role
from tests.workflow import mutations_of_decisions  # noqa: F401 - its mutations are tried too
from tests.workflow.mutating import MUTATIONS, PIN, RELEASE, Files, MisfitError, Mutation, Source, load, mutation, need, spelled

# ---- order

spelled("publish-unstaged", "a publish waits for the guard alone", lambda s: s.needs(s.crate, s.job(Role.GUARD).id))
spelled("publish-unstaged", "the same as a scalar", lambda s: s.set(s.crate, "needs", f"needs: {s.job(Role.GUARD).id}"))
spelled("publish-unstaged", "the same as a block", lambda s: s.set(s.crate, "needs", '"needs":', f"  - '{s.job(Role.GUARD).id}'"))


@mutation("publish-unstaged", "the last of several publishes waits for its sister, and not for its own staging")
def _(s: Source) -> None:
    job = s.jobs(Role.PUBLISH, "crates.io")[-1]
    need(len(s.jobs(Role.PUBLISH, "crates.io")) > 1, "one crate")
    s.drop_need(job, s.stage_of(job).id)


@mutation("publish-unattested", "the staging waits for no SLSA provenance")
def _(s: Source) -> None:
    s.drop_need(s.stage_of(s.crate), s.slsa().id)


@mutation("artifact-unordered", "the staging takes the bundle of an attestation that it does not wait for")
def _(s: Source) -> None:
    s.drop_need(s.stage_of(s.crate), s.attest_of(s.crate).id)


@mutation("publish-ungated", "nobody waits for the gate")
def _(s: Source) -> None:
    gate = s.job(Role.GATE).id
    for job in list(s.audit.jobs.values()):
        if gate in job.needs:
            s.audit = load(s.files, s.path)
            s.drop_need(s.audit.jobs[job.id], gate)


@mutation("publish-ungated", "the gate is taken out")
def _(s: Source) -> None:
    gate = s.job(Role.GATE)
    for job in list(s.audit.jobs.values()):
        if gate.id in job.needs:
            s.audit = load(s.files, s.path)
            s.drop_need(s.audit.jobs[job.id], gate.id)
    s.audit = load(s.files, s.path)
    s.put(s.audit.jobs[gate.id], "")


@mutation("job-unawaited", "nobody waits for a test of the release")
def _(s: Source) -> None:
    ends = {job.id for role in (Role.STAGE, Role.PUBLISH) for job in s.jobs(role)}
    for job in s.audit.jobs.values():
        waiting = [other for other in s.audit.jobs.values() if job.id in other.needs]
        if (
            not any(up.job.id == job.id for up in s.audit.uploads)
            and s.audit.roles(job) <= {Role.BUILD, Role.TEST}
            and len(waiting) == 1
            and waiting[0].id in ends
            and not job.outputs
        ):
            s.drop_need(waiting[0], job.id)
            return
    raise MisfitError("no job that only tests")


@mutation("stage-before-draft", "the staging does not wait for the draft")
def _(s: Source) -> None:
    s.drop_need(s.stage_of(s.crate), s.job(Role.DRAFT).id)


@mutation("undraft-early", "the un-draft waits for one publish alone")
def _(s: Source) -> None:
    s.needs(s.job(Role.UNDRAFT), s.job(Role.GUARD).id, s.crate.id)


spelled(
    "undraft-repeated",
    "the staging makes public",
    lambda s: s.step_append(
        s.stage_of(s.crate),
        "- env:",
        "    GH_TOKEN: ${{ github.token }}",
        "    GH_REPO: ${{ github.repository }}",
        "    TAG: ${{ github.ref_name }}",
        '  run: gh release edit "$TAG" --draft=false',
    ),
)
spelled("undraft-repeated", "the draft is none", lambda s: s.swap(r"^ +--draft \\\n", "", s.job(Role.DRAFT)))
spelled("undraft-repeated", "the draft is none, in so many words", lambda s: s.swap(r"--draft \\", r"--draft=false \\", s.job(Role.DRAFT)))


@mutation("undraft-repeated", "the flag comes from the environment")
def _(s: Source) -> None:
    s.step_append(
        s.builder(),
        "- env:",
        "    GH_TOKEN: ${{ github.token }}",
        "    FLAG: --draft=FALSE",
        "    TAG: ${{ github.ref_name }}",
        '  run: gh release edit -R "$GITHUB_REPOSITORY" "$TAG" $FLAG',
    )
    s.set(s.builder(), "permissions", "permissions:", "  contents: write")


spelled("undraft-repeated", "the SLSA generator makes public", lambda s: s.swap("upload-assets: false", "upload-assets: true", s.slsa()))
spelled("undraft-missing", "the un-draft drafts again", lambda s: s.swap("--draft=false", "--draft=true", s.job(Role.UNDRAFT)))
spelled("needs-unknown", "a job that is not there", lambda s: s.needs(s.crate, *s.crate.needs, "publish-nothing"))
spelled("needs-unknown", "an expression", lambda s: s.set(s.crate, "needs", "needs: ${{ fromJSON('[\"guard\"]') }}"))
spelled("needs-cyclic", "the gate waits for the publish", lambda s: s.needs(s.job(Role.GATE), *s.job(Role.GATE).needs, s.crate.id))
spelled("needs-cyclic", "a job waits for itself", lambda s: s.needs(s.pypi, *s.pypi.needs, s.pypi.id))


@mutation("expression-dangling", "a condition asks for a job that is not in needs")
def _(s: Source) -> None:
    guard = s.job(Role.GUARD).id
    job = next((one for one in s.audit.route if guard in one.needs and len(one.needs) > 1 and any(guard in scalar.text for scalar in one.conditions)), None)
    need(job is not None, "no condition about the guard")
    assert job is not None
    s.drop_need(job, guard)


spelled("expression-dangling", "an output that is not there", lambda s: s.swap(r"^(    if: .*outputs\.)ok", r"\1okay", s.crate))

# ---- conditions

for text in (
    "always()",
    "${{ always() }}",
    "${{ !cancelled() }}",
    "success() || failure()",
    "\"always() && needs.guard.result == 'success'\"",
    "${{ALWAYS()}}",
    "'!failure()'",
):
    spelled("condition-bypasses-failure", f"the publish runs if {text}", lambda s, text=text: s.set(s.crate, "if", f"if: {text}"))  # type: ignore[misc]
spelled("condition-bypasses-failure", "the un-draft always runs", lambda s: s.set(s.job(Role.UNDRAFT), "if", "if: always()"))
spelled("condition-bypasses-failure", "a build always runs", lambda s: s.set(s.builder(), "if", "if: ${{ always() }}"))
spelled(
    "condition-bypasses-failure",
    "the publishing step always runs",
    lambda s: s.swap(r"^        if: .*\n((?:.*\n){0,3}.*cargo publish -p \S+ --locked$)", r"        if: always()\n\1", s.crate),
)
spelled("condition-always-true", "text around the expression", lambda s: s.set(s.pypi, "if", "if: ${{ needs.guard.outputs.ok }} == 'true'"))
spelled("job-never-runs", "the attestation is switched off", lambda s: s.set(s.attest_of(s.crate), "if", "if: ${{ false }}"))
spelled("failure-ignored", "the gate may fail", lambda s: s.add(s.job(Role.GATE), "continue-on-error: true"))
spelled("failure-ignored", "a step of the publish may fail", lambda s: s.step_add(s.crate, "sha256sum", "continue-on-error: true"))
spelled("failure-ignored", "an expression says so", lambda s: s.add(s.attest_of(s.crate), "continue-on-error: ${{ github.event_name == 'push' }}"))
spelled("failure-ignored", "a test may fail", lambda s: s.add(s.builder(), "'continue-on-error': ${{ true }}"))
spelled("failure-discarded", "the publish may fail", lambda s: s.swap(r"(cargo publish -p \S+ --locked)$", r"\1 || true", s.crate))
spelled("failure-discarded", "the tests may fail", lambda s: s.swap(r"^( +)(python3? -m pytest .*)$", r"\1\2 || :"))


@mutation("error-unraised", "the gate prints its error and goes on")
def _(s: Source) -> None:
    s.swap(r'^( +echo "::error::no successful.*\n) +exit 1\n', r"\1", s.job(Role.GATE))


spelled("error-unraised", "the comparison prints its error and goes on", lambda s: s.swap(r'^( +echo "::error::byte-identity.*\n) +exit 1\n', r"\1", s.crate))

# ---- concurrency, environment

spelled("concurrency-missing", "no group", lambda s: s.swap(r"^concurrency:\n(?:  .*\n)+", ""))
spelled("concurrency-varies", "a group for each tag", lambda s: s.swap(r"^  group: .*$", "  group: release-${{ github.ref }}"))
spelled("concurrency-varies", "the short form", lambda s: s.swap(r"^concurrency:\n(?:  .*\n)+", "concurrency: 'release-${{github.ref_name}}'\n"))
spelled("concurrency-cancels", "the next one cancels", lambda s: s.swap(r"^  cancel-in-progress: false", "  cancel-in-progress: true"))
spelled(
    "concurrency-cancels",
    "an expression cancels",
    lambda s: s.swap(r"^  cancel-in-progress: false", "  cancel-in-progress: ${{ startsWith(github.ref, 'refs/tags/') }}"),
)
spelled("concurrency-cancels", "a job cancels", lambda s: s.add(s.pypi, "concurrency: { group: pypi, cancel-in-progress: true }"))
spelled("environment-missing", "no environment", lambda s: s.set(s.crate, "environment"))
spelled("environment-missing", "an environment without a name", lambda s: s.set(s.pypi, "environment", "environment:", "  url: https://pypi.org"))


@mutation("environment-differs", "another environment than its sister")
def _(s: Source) -> None:
    need(len(s.jobs(Role.PUBLISH, "PyPI")) > 1, "one publish")
    s.set(s.pypi, "environment", "environment: test")


# ---- permissions

spelled("permission-default-missing", "nothing on top", lambda s: s.swap(r"^permissions:\n(?:  .*\n)+", ""))
spelled("permission-default-writes", "write-all on top", lambda s: s.swap(r"^permissions:\n(?:  .*\n)+", "permissions: write-all\n"))
spelled("permission-default-writes", "id-token on top", lambda s: s.swap(r"^permissions:\n", "permissions:\n  id-token: write\n"))
spelled("permission-default-writes", "contents on top", lambda s: s.swap(r"^permissions:\n  contents: read", "permissions: {contents: 'write'}"))
spelled("permission-everything", "write-all in a job", lambda s: s.set(s.builder(), "permissions", "permissions: write-all"))
spelled(
    "id-token-unneeded",
    "a build may ask for the identity",
    lambda s: s.set(s.builder(), "permissions", "permissions:", "  contents: read", "  id-token: write"),
)
spelled(
    "id-token-unneeded",
    "the staging may ask for the identity",
    lambda s: s.set(s.stage_of(s.crate), "permissions", "permissions: { contents: write, id-token: write }"),
)
spelled("contents-write-unneeded", "a build may change the repository", lambda s: s.set(s.builder(), "permissions", "permissions:", "  contents: write"))
spelled(
    "contents-write-unneeded",
    "the gate may change the repository",
    lambda s: s.set(s.job(Role.GATE), "permissions", "permissions: {contents: write, actions: read}"),
)
spelled(
    "contents-write-unneeded", "a publish may change the repository", lambda s: s.set(s.pypi, "permissions", "permissions: {contents: write, id-token: write}")
)
spelled("permission-unneeded", "a build may attest", lambda s: s.set(s.builder(), "permissions", "permissions: {contents: read, attestations: write}"))
spelled("permission-unneeded", "a gate that may start runs", lambda s: s.swap(r"actions: read", "actions: write", s.job(Role.GATE)))
spelled("permission-missing", "a publish without its identity", lambda s: s.set(s.crate, "permissions", "permissions:", "  contents: read"))
spelled(
    "permission-missing",
    "an attestation without its store",
    lambda s: s.set(s.attest_of(s.crate), "permissions", "permissions: {contents: read, id-token: write}"),
)
spelled("permission-missing", "a staging that may not write", lambda s: s.set(s.stage_of(s.crate), "permissions", "permissions: read-all"))

# ---- tokens and switches

spelled(
    "registry-token-stored",
    "a stored token for cargo",
    lambda s: s.swap(r"CARGO_REGISTRY_TOKEN: .*", "CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO_REGISTRY_TOKEN }}", s.crate),
)
spelled(
    "registry-token-stored", "under another name", lambda s: s.swap(r"CARGO_REGISTRY_TOKEN: .*", "CARGO_REGISTRY_TOKEN: ${{ secrets['RELEASE'] }}", s.crate)
)
spelled("registry-token-stored", "for the whole workflow", lambda s: s.top_env("TWINE_PASSWORD: ${{ secrets.PYPI_API_TOKEN }}"))
spelled("registry-password", "a password for PyPI", lambda s: s.swap(r"^( +)packages-dir: .*", r"\g<0>\n\1password: ${{ secrets.PYPI_API_TOKEN }}", s.pypi))
spelled("secret-in-script", "a secret in a script", lambda s: s.step_append(s.builder(), "- run: echo ${{ secrets.TOKEN }}"))
SECRET = 'env: {TOKEN: "${{ github.token }}"}'
spelled("secret-printed", "a token in the log", lambda s: s.step_append(s.builder(), "- run: echo $TOKEN", f"  {SECRET}"))
spelled("secret-printed", "a trace", lambda s: s.step_append(s.builder(), "- run: |", "    set -x", "    test $TOKEN", f"  {SECRET}", "  shell: bash"))
for edit in ("sed -i s/1/2/ src/lib.rs", "echo x > src/lib.rs", "cp other.rs src/lib.rs", "git checkout HEAD~1 -- src"):
    spelled("bytes-touched", edit, lambda s, edit=edit: s.step_before(s.crate, r"run: cargo publish -p \S+ --locked\n", f"- run: {edit}"))  # type: ignore[misc]
spelled("script-from-network", "a script before a publish", lambda s: s.step_before(s.pypi, r"pypi-publish", "- run: curl -sSf https://example.org/x | sh"))
spelled("environment-chosen", "the name of the tag", lambda s: s.set(s.pypi, "environment", "environment: ${{ github.ref_name }}"))
spelled("tool-redirected", "a library before all others", lambda s: s.add(s.crate, "env: {LD_PRELOAD: ./x.so}"))
spelled("tool-redirected", "another index", lambda s: s.step_append(s.builder(), "- run: export PIP_INDEX_URL=https://example.org"))
spelled("expression-in-script", "the name of the tag in a script", lambda s: s.step_append(s.builder(), "- run: echo '${{ github.ref_name }}'"))
for switch in ("skip-existing: true", "skip_existing: 'true'", "skip-existing: ${{ true }}"):
    spelled("publish-skips-existing", switch, lambda s, switch=switch: s.swap(r"^( +)packages-dir: .*", rf"\g<0>\n\1{switch}", s.pypi))  # type: ignore[misc]
spelled("attestations-disabled", "no attestations", lambda s: s.swap(r"^( +)packages-dir: .*", r"\g<0>\n\1attestations: false", s.pypi))
spelled("verification-skipped", "--no-verify", lambda s: s.swap(r"(cargo publish -p \S+ --locked)$", r"\1 --no-verify", s.crate))
spelled("verification-skipped", "the package is not verified", lambda s: s.swap(r"(cargo package -p \S+ --locked)", r"\1 --no-verify"))
spelled(
    "dirty-tree-allowed", "--allow-dirty", lambda s: s.swap(r"(run: cargo) (publish -p \S+ --locked)$", r"\1 +stable --color=never \2 --allow-dirty", s.crate)
)

# ---- bytes

spelled("bytes-unverified", "no comparison before the publish", lambda s: s.step_drop(s.crate, r"PACKAGED|packaged"))
spelled("bytes-unverified", "a comparison that never runs", lambda s: s.step_add(s.crate, r"PACKAGED|packaged", "if: failure()"))


@mutation("token-minted-early", "the credential comes before the comparison")
def _(s: Source) -> None:
    mint, check = s.step(s.crate, "crates-io-auth-action"), s.step(s.crate, r"PACKAGED|packaged")
    plain = re.sub(r"^        if: .*\n", "", mint, flags=re.MULTILINE)
    s.put(s.crate, s.block(s.crate).replace(mint, "", 1).replace(check, plain + check, 1))


@mutation("served-bytes-unverified", "the served files are not looked at")
def _(s: Source) -> None:
    need(len(s.jobs(Role.PUBLISH, "crates.io")) > 1, "one crate")
    s.put(s.crate, s.block(s.crate).replace(s.steps(s.crate)[-1], "", 1))


def _raw(s: Source) -> str:
    """Give the name of an artifact that is built and not attested, for a canonical one is made of it."""
    covered = {id(up) for ups in s.audit.attested.values() for up in ups}
    ends = {deed.job.id for deed in s.audit.of(Role.PUBLISH, Role.STAGE)}
    taken = {id(up) for name in ends for up in s.audit.taken(s.audit.jobs[name])}
    for up in s.audit.uploads:
        if (
            is_distribution(up)
            and id(up) not in covered | taken
            and up.step.uses is not None
            and any(up in s.audit.taken(job) for job in s.audit.jobs.values())
        ):
            return up.name
    raise MisfitError("what is built is what is attested")


def _canonical(s: Source, job: Job) -> str:
    return next((up.name for up in s.audit.taken(job) if is_distribution(up)), "") or "?"


spelled("upload-unattested", "the raw builds are published", lambda s: s.swap(rf"name: {re.escape(_canonical(s, s.pypi))}$", f"pattern: '{_raw(s)}'", s.pypi))
spelled(
    "upload-unattested", "the raw builds are staged", lambda s: s.swap(rf"name: {re.escape(_canonical(s, s.pypi))}$", f"pattern: {_raw(s)}", s.stage_of(s.pypi))
)


@mutation("attest-foreign", "the raw builds are attested")
def _(s: Source) -> None:
    others = [ups for name, ups in s.audit.attested.items() if name != s.attest_of(s.pypi).id]
    need(any(up.name == _canonical(s, s.pypi) for ups in others for up in ups), "what is published would be attested by nobody: upload-unattested")
    s.swap(rf"name: {re.escape(_canonical(s, s.pypi))}$", f"pattern: {_raw(s)}", s.attest_of(s.pypi))


spelled("attest-subject-missing", "wheels are no subject", lambda s: s.swap(r"^ +dist/\*\.whl\n", "", s.attest_of(s.pypi)))
spelled("asset-unstaged", "the bundle is not uploaded", lambda s: s.swap(r"^ +dist/\*\.sigstore\.json \\\n", "", s.stage_of(s.crate)))


@mutation("upload-folder-foreign", "an SBOM in the folder that is uploaded")
def _(s: Source) -> None:
    name = next((up.name for up in s.audit.uploads if not is_distribution(up) and up.job.id in s.audit.before(s.pypi) and "cdx" in "".join(up.files)), None)
    need(name is not None, "no SBOM")
    s.step_before(s.pypi, "gh-action-pypi-publish", f"- uses: actions/download-artifact@{PIN}", "  with:", f"    name: {name}", "    path: ./dist/")


spelled("upload-folder-foreign", "a file is copied in", lambda s: s.step_before(s.pypi, "gh-action-pypi-publish", "- run: cp LICENSE dist/"))
spelled("upload-folder-empty", "another folder is uploaded", lambda s: s.swap(r"packages-dir: .*", "packages-dir: wheels", s.pypi))
spelled("artifact-unknown", "an artifact that nobody uploads", lambda s: s.swap(rf"name: {re.escape(_canonical(s, s.crate))}$", "name: dist-nothing", s.crate))
spelled(
    "artifact-foreign", "an artifact of another run", lambda s: s.swap(rf"^( +)name: {re.escape(_canonical(s, s.pypi))}$", r"\g<0>\n\1run-id: 12345", s.pypi)
)
spelled(
    "artifact-overwritten",
    "an artifact may be replaced",
    lambda s: s.swap(rf"^( +)name: {re.escape(_canonical(s, s.crate))}$", r"\g<0>\n\1overwrite: true", s.builder()),
)

# ---- caches, machines, triggers, gates

spelled("cache-on-release-path", "a cache of crates", lambda s: s.step_append(s.builder(), f"- uses: Swatinem/rust-cache@{PIN}"))
spelled("cache-on-release-path", "actions/cache", lambda s: s.step_append(s.crate, f"- uses: actions/cache/restore@{PIN}", "  with: { path: target, key: x }"))
spelled("cache-on-release-path", "sccache", lambda s: s.swap(r"^( +)command: sdist$", r"\g<0>\n\1sccache: 'true'"))
spelled("cache-on-release-path", "pip's cache", lambda s: s.swap(r"^( +)python-version: .*$", r"\g<0>\n\1cache: pip"))
spelled("runner-self-hosted", "self-hosted", lambda s: s.set(s.builder(), "runs-on", "runs-on: [self-hosted, linux]"))
spelled("runner-self-hosted", "self-hosted in the matrix", lambda s: s.swap(r"runner: macos-latest", "runner: self-hosted"))
spelled("trigger-privileged", "pull_request_target", lambda s: s.swap(r"^on:\n", "on:\n  pull_request_target:\n"))
spelled("trigger-privileged", "workflow_run", lambda s: s.swap(r"^on:\n", '"on":\n  workflow_run: { workflows: [ci], types: [completed] }\n'))
spelled("gated-workflow-missing", "a workflow that is not there", lambda s: s.swap(r"^( +for .*)\bci\.yml\b", r"\1test.yml", s.job(Role.GATE)))
spelled(
    "gated-workflow-filtered",
    "a filter of paths",
    lambda s: s.swap(r"^  push:\n    branches: \[main\]", "  push:\n    branches: [main]\n    paths: ['src/**']", path=".github/workflows/ci.yml"),
)
spelled(
    "gated-workflow-filtered",
    "another branch",
    lambda s: s.swap(r"^  push:\n    branches: \[main\]", "  push:\n    branches: [dev]", path=".github/workflows/ci.yml"),
)
spelled("gated-workflow-filtered", "no push", lambda s: s.swap(r"^  push:\n    branches: \[main\]\n", "", path=".github/workflows/ci.yml"))
spelled("gate-loose", "any commit", lambda s: s.swap(r"head_sha=\$\{?SHA\}?&", "", s.job(Role.GATE)))
spelled("gate-loose", "pull requests too", lambda s: s.swap(r"&event=push|and \.event == \"push\"|\.event == \"push\" and", "", s.job(Role.GATE), count=9))
spelled("tag-pattern-disagrees", "the trigger means other tags", lambda s: s.swap(r'^      - "v\[0-9\].*"', '      - "release-*"'))
spelled("tag-pattern-disagrees", "the guard means other tags", lambda s: s.swap(r"='\^v\(0", "='^release-(0", s.job(Role.GUARD)))
spelled("tag-pattern-disagrees", "the changelog means other tags", lambda s: s.swap(r"^tag_pattern = .*$", 'tag_pattern = "v[0-9].*"', path="cliff.toml"))
spelled("guard-loose", "the guard has no end", lambda s: s.swap(r"(=~ |=')(\^v.*)\$'$", r"\1\2'", s.job(Role.GUARD)))
spelled("guard-loose", "the guard lets leading zeros pass", lambda s: s.swap(r"\(0\|\[1-9\]\[0-9\]\*\)", "[0-9]+", s.job(Role.GUARD), count=9))
for ref in ("v4", "main", "df4cb1c"):
    spelled("action-unpinned", f"pinned to {ref}", lambda s, ref=ref: s.swap(r"(uses: actions/checkout)@\w+", rf"\1@{ref}"))  # type: ignore[misc]
spelled("action-unpinned", "quoted, without a ref", lambda s: s.swap(r"uses: (actions/upload-artifact)@\w+", r"'uses': '\1'"))
spelled("slsa-generator-not-tagged", "the generator by a commit", lambda s: s.swap(r"(generator_generic_slsa3\.yml)@v[0-9.]+", rf"\1@{PIN}"))
spelled("provenance-misnamed", "another ending", lambda s: s.swap(r"(provenance-name: .*)\.intoto\.jsonl", r"\1.json", s.slsa()))
spelled(
    "checkout-keeps-credentials", "the token stays", lambda s: s.swap(r"(uses: actions/checkout@.*\n) +with:\n +persist-credentials: false\n", r"\1", s.crate)
)
spelled(
    "checkout-keeps-credentials", "the token stays, in so many words", lambda s: s.swap("persist-credentials: false", "persist-credentials: 'true'", s.crate)
)
spelled("workflow-unreadable", "a key that stands twice", lambda s: s.swap(r"^permissions:\n", "permissions: write-all\npermissions:\n"))
spelled("workflow-unreadable", "a merge key", lambda s: s.swap(r"^permissions:\n", "permissions:\n  <<: {}\n"))
spelled("workflow-malformed", "a key that does not exist", lambda s: s.add(s.builder(), "permision: { contents: read }"))
spelled("gh-without-repository", "gh does not know where it is", lambda s: s.swap(r"^ +GH_REPO: .*\n", "", s.job(Role.UNDRAFT)))
spelled("gh-without-token", "gh has no token", lambda s: s.swap(r"^ +GH_TOKEN: .*\n", "", s.job(Role.DRAFT)))


spelled("checkout-elsewhere", "a branch is built", lambda s: s.swap(r"^( +)persist-credentials: false$", r"\g<0>\n\1ref: main", s.builder()))
spelled("checkout-elsewhere", "a fork is built", lambda s: s.swap(r"^( +)persist-credentials: false$", r"\g<0>\n\1repository: someone/fork", s.builder()))
spelled("tag-pattern-disagrees", "the trigger means every tag", lambda s: s.swap(r'^      - "v\[0-9\].*"', "      - '**'"))
spelled("tag-pattern-disagrees", "the trigger means whatever begins with v", lambda s: s.swap(r'^ +tags:\n      - "v\[0-9\].*"', "    tags: [v*]"))
spelled("trigger-unguarded", "pushes to main start it", lambda s: s.swap(r"^  push:\n", "  push:\n    branches: [main]\n"))
spelled("trigger-unguarded", "a clock starts it", lambda s: s.swap(r"^on:\n", "on:\n  schedule: [{cron: '0 0 * * *'}]\n"))
spelled("gate-loose", "the gate asks about no workflow", lambda s: s.swap(r"^( +for wf in) .*; do", r"\1 ; do", s.job(Role.GATE)))
spelled("cache-on-release-path", "sccache by the environment", lambda s: s.add(s.builder(), "env: { SCCACHE_GHA_ENABLED: 'true' }"))
spelled("failure-discarded", "a shell that does not stop", lambda s: s.step_add(s.crate, r"run: cargo publish -p \S+ --locked\n", "shell: bash {0}"))


@mutation("upload-folder-foreign", "everything is downloaded into the folder")
def _(s: Source) -> None:
    need(any(not is_distribution(up) and up.job.id in s.audit.before(s.pypi) for up in s.audit.uploads), "nothing but distributions")
    s.swap(rf"^ +name: {re.escape(_canonical(s, s.pypi))}\n", "", s.pypi)


spelled(
    "id-token-unneeded",
    "the attestation attests nothing",
    lambda s: s.swap(r"uses: actions/attest-build-provenance@", "uses: actions/attest-nothing@", s.attest_of(s.crate), count=9),
)
spelled(
    "undraft-repeated",
    "the API makes public",
    lambda s: s.step_append(
        s.stage_of(s.crate), "- env:", "    GH_TOKEN: ${{ github.token }}", '  run: gh api -X PATCH "repos/$GITHUB_REPOSITORY/releases/1" -F draft=false'
    ),
)
spelled(
    "undraft-repeated",
    "an action makes public",
    lambda s: s.step_append(s.stage_of(s.crate), f"- uses: softprops/action-gh-release@{PIN}", "  with: { files: dist/x.whl }"),
)
spelled("environment-missing", "an empty environment", lambda s: s.set(s.crate, "environment", "environment: ''"))
spelled("error-unraised", "the gate leaves with success", lambda s: s.swap(r"^( +)exit 1$", r"\1exit 0", s.job(Role.GATE), count=9))
spelled("permission-everything", "write-all for a publish", lambda s: s.set(s.crate, "permissions", "permissions: 'write-all'"))
spelled("needs-unknown", "another case is the same job, another name is not", lambda s: s.needs(s.crate, *(one.upper() for one in s.crate.needs), "Guardian"))
spelled("publish-unstaged", "anchors", lambda s: s.set(s.crate, "needs", f"needs: [&guard {s.job(Role.GUARD).id}, *guard]"))


@mutation("guard-ignored", "nobody asks what the guard said")
def _(s: Source) -> None:
    guard = s.job(Role.GUARD).id
    s.swap(rf"^    if: needs\.{guard}\.outputs\..*\n", "", count=99)


spelled(
    "publish-elsewhere",
    "the wheels go to TestPyPI",
    lambda s: s.swap(r"^( +)packages-dir: .*", r"\g<0>\n\1repository-url: https://test.pypi.org/legacy/", s.pypi),
)
spelled(
    "publish-elsewhere", "the wheels go to another index", lambda s: s.swap(r"^( +)packages-dir: .*", r"\g<0>\n\1repository-url: https://pypi.example", s.pypi)
)
spelled("publish-ungated", "the gate leaves before it asks", lambda s: s.swap(r"^( +)set -euo pipefail$", r"\1exit 0", s.job(Role.GATE)))


@mutation("bytes-unverified", "the comparison leaves before it compares")
def _(s: Source) -> None:
    old = s.step(s.crate, r"PACKAGED|packaged=")
    s.put(s.crate, s.block(s.crate).replace(old, old.replace("set -euo pipefail", "exit 0", 1), 1))


@mutation("bytes-unverified", "the attested file is not taken")
def _(s: Source) -> None:
    s.step_drop(s.crate, "actions/download-artifact")


# ---- what scripts decide


def _head(s: Source) -> Job:
    return s.job(Role.HEAD)


_COMPARE = r'^ +if \[ "\$SHA" != "\$(?:MAIN_SHA|head)" \]; then\n(?: {11,}.*\n)+? +fi\n'
spelled("check-toothless", "the head is asked for, and compared with nothing", lambda s: s.swap(_COMPARE, "", _head(s)))
spelled("head-unasked", "nobody asks for the head", lambda s: s.swap(r'^ +(?:MAIN_SHA|head)="\$\(gh.*\n(?: +echo "current.*\n)?' + _COMPARE[1:], "", _head(s)))
spelled("check-inverted", "the head is refused", lambda s: s.swap(r'"\$SHA" != ', '"$SHA" = ', _head(s)))
spelled("check-toothless", "the commit is compared with itself", lambda s: s.swap(r'"\$SHA" != "\$\w+"', '"$SHA" != "$SHA"', _head(s)))
spelled("gate-loose", "the head of another branch", lambda s: s.swap("commits/main", "commits/dev", _head(s)))
spelled("gate-loose", "the runs of the commit before", lambda s: s.swap(r"(SHA: \$\{\{ github\.)sha", r"\1event.before", s.job(Role.GATE)))
for test in ("-lt 0", "-lt 1 ] && [ 1 -gt 2", "-eq -1"):
    spelled("check-toothless", f"no number of runs stops it: {test}", lambda s, test=test: s.swap("-lt 1", test, s.job(Role.GATE)))  # type: ignore[misc]
for test in ("-gt 0", "-ge 1", "-ne 0"):
    spelled("check-inverted", f"a run stops it: {test}", lambda s, test=test: s.swap("-lt 1", test, s.job(Role.GATE)))  # type: ignore[misc]
spelled("check-inverted", "the same bytes stop it", lambda s: s.swap(r'"\$A_SHA" != "\$P_SHA"', '"$A_SHA" == "$P_SHA"', s.crate))
spelled("check-toothless", "a digest is compared with itself", lambda s: s.swap(r'"\$A_SHA" != "\$P_SHA"', '"$P_SHA" != "$P_SHA"', s.crate))
spelled("bytes-unverified", "both digests are of one file", lambda s: s.swap(r'sha256sum "\$PACKAGED"', 'sha256sum "$ATTESTED"', s.crate))

# ---- guards

spelled("guard-inverted", "the guard's test is negated", lambda s: s.swap(r"if \[\[ ", "if ! [[ ", s.job(Role.GUARD)))
spelled("guard-inverted", "a publish runs when the guard refuses", lambda s: s.swap(r"(outputs\.ok) == 'true'", r"\1 != 'true'", s.crate))


@mutation("guard-inverted", "the guard's answers are swapped")
def _(s: Source) -> None:
    s.swap(r'"ok=true"', '"ok=x"', s.job(Role.GUARD))
    s.swap(r'"ok=false"', '"ok=true"', s.job(Role.GUARD))


spelled("guard-inverted", "the guard stops at a release", lambda s: s.swap(r'^( +)echo "ok=true".*', r"\1exit 1", s.job(Role.GUARD)))
spelled("guard-ignored", "the guard says yes to everything", lambda s: s.swap(r'"ok=false"', '"ok=true"', s.job(Role.GUARD)))
spelled("guard-ignored", "the output is always true", lambda s: s.swap(r"^( +ok:) .*", r"\1 'true'", s.job(Role.GUARD)))
spelled("guard-ignored", "a text is true whatever it says", lambda s: s.swap(r"(if: needs\.guard\.outputs\.ok) == 'true'", r"\1", count=99))
spelled(
    "expression-dangling",
    "the output is of a step that is not there",
    lambda s: s.swap(r"steps\.\w+\.outputs\.ok", "steps.nothing.outputs.ok", s.job(Role.GUARD)),
)
spelled("expression-dangling", "the script writes no such output", lambda s: s.swap(r"(steps\.\w+\.outputs)\.ok", r"\1.okay", s.job(Role.GUARD)))
spelled("guard-loose", "a pattern of the shell", lambda s: s.swap(r"=~ \$\w+", "== v*", s.job(Role.GUARD)))

# ---- triggers and machines

_TAGS = r"^  push:\n    tags:\n      - .*\n"
for on in (
    "push: { branches: [main] }",
    "workflow_dispatch:",
    "schedule: [{ cron: '0 0 * * *' }]",
    "create:",
    "repository_dispatch:",
    "workflow_call:",
    "release:",
):
    spelled("trigger-not-tag", f"another trigger: {on}", lambda s, on=on: s.swap(_TAGS, f"  {on}\n"))  # type: ignore[misc]


def skip_on_purpose(s: Source) -> None:
    notes = next((job for job in s.audit.jobs.values() if job.id == "notes"), s.job(Role.GATE))
    old = [scalar.text for scalar in notes.conditions]
    s.needs(notes, *notes.needs, "rehearsal")
    asks = " && ".join((f"needs.{name}.result == 'success'") for name in notes.needs)
    s.set(notes, "if", f"if: always() && {asks} && {' && '.join(old)} && (needs.rehearsal.result == 'success' || needs.rehearsal.result == 'skipped')")
    s.put(
        notes,
        "  rehearsal:\n    if: vars.REHEARSE == 'yes'\n    runs-on: ubuntu-latest\n    permissions: {}\n    steps:\n      - run: 'true'\n" + s.block(notes),
    )


def publish_from_below(s: Source) -> None:
    job = s.pypi
    block = s.block(job)
    kept = [line for line in block.splitlines() if re.match(r"    (needs|if):", line)]
    s.files[".github/workflows/upload.yml"] = "on:\n  workflow_call:\npermissions: {}\njobs:\n" + "".join(
        line + "\n" for line in block.splitlines() if line not in kept
    )
    s.put(
        job,
        "\n".join((block.splitlines()[0], *kept, "    permissions: { contents: read, id-token: write }", "    uses: ./.github/workflows/upload.yml", "", "")),
    )


spelled("skip-cascades", "a rehearsal that a setting switches off", skip_on_purpose)
spelled("publisher-in-reusable-workflow", "the upload in a called workflow", publish_from_below)
PREFIXED = ("- run: |", '    version=$(grep -m1 "^version" Cargo.toml | cut -d"=" -f2)', '    [[ "$GITHUB_REF_NAME" == "v$version"* ]] || exit 1')
UNRAISED = ("- run: |", *PREFIXED[1:2], '    if [ "$GITHUB_REF_NAME" != "v$version" ]; then', "      echo '::error::another version'", "    fi")
spelled("version-check-loose", "the version's beginning", lambda s: s.step_append(s.builder(), *PREFIXED))
spelled("error-unraised", "another version, and on it goes", lambda s: s.step_append(s.builder(), *UNRAISED))
spelled("cache-on-release-path", "mise, which caches by itself", lambda s: s.step_append(s.builder(), f"- uses: jdx/mise-action@{PIN}"))
spelled("tag-pattern-disagrees", "every tag but those of a release", lambda s: s.swap(r"^    tags:\n", "    tags-ignore:\n"))
spelled("tag-pattern-disagrees", "every tag but some", lambda s: s.swap(r"^    tags:\n.*\n", "    tags-ignore: ['*-rc*']\n"))
spelled("tag-pattern-disagrees", "what starts it is taken back", lambda s: s.swap(r"^(    tags:\n.*\n)", r"\1      - '!v*'\n"))
for label in ("${{ vars.RUNNER }}", "${{ vars.RUNNER || 'ubuntu-latest' }}", "${{ fromJSON(vars.RUNNERS) }}", '["${{ secrets.RUNNER }}"]'):
    spelled("runner-unknown", f"runs-on: {label}", lambda s, label=label: s.set(s.crate, "runs-on", f"runs-on: {label}"))  # type: ignore[misc]
spelled("runner-unknown", "a setting in the matrix", lambda s: s.swap(r"runner: macos-latest", "runner: '${{ vars.MAC }}'"))
spelled("action-unpinned", "a container by its tag", lambda s: s.add(s.crate, "container: rust:1"))
spelled("action-unpinned", "a service by its tag", lambda s: s.add(s.pypi, "services: { proxy: { image: 'nginx:latest' } }"))
spelled("failure-discarded", "a default shell that does not stop", lambda s: s.add(s.crate, "defaults: { run: { shell: 'bash {0}' } }"))

# ---- locks and bytes

spelled("lock-unheeded", "the publish heeds no lock", lambda s: s.swap(r"(run: cargo publish -p \S+) --locked$", r"\1", s.crate))
spelled("lock-unheeded", "the package heeds no lock", lambda s: s.swap(r"(run: cargo package -p \S+) --locked$", r"\1", s.crate))
spelled("bytes-unverified", "another package is published", lambda s: s.swap(r"(run: cargo publish -p \S+) --locked$", r"\1-other --locked", s.crate))
spelled(
    "bytes-unverified",
    "all packages are published",
    lambda s: s.swap(r"run: cargo publish -p \S+ --locked$", "run: cargo publish --workspace --locked", s.crate),
)
spelled("publish-elsewhere", "another registry", lambda s: s.swap(r"(run: cargo publish -p \S+ --locked)$", r"\1 --registry mine", s.crate))
spelled("publish-elsewhere", "another index by the environment", lambda s: s.add(s.crate, "env: { CARGO_REGISTRIES_CRATES_IO_INDEX: 'https://x.example' }"))
spelled("attest-subject-missing", "wheels have no digest", lambda s: s.swap(r"(sha256sum .*)\./\*\.whl ", r"\1", s.audit.jobs[s.slsa().needs[-1]]))
spelled("attest-subject-missing", "wheels of one platform alone", lambda s: s.swap(r"dist/\*\.whl", "dist/*x86_64*.whl", s.attest_of(s.pypi)))
spelled("asset-unstaged", "the provenance is not uploaded", lambda s: s.swap(r"^ +dist/\*\.intoto\.jsonl.*\n", "", s.stage_of(s.crate)))


@mutation("attest-subject-missing", "the attestation runs where nothing is published")
def _(s: Source) -> None:
    job = s.attest_of(s.crate)
    given = re.search(r"^        if: needs\.\S+ == '\w+'$", s.block(job), re.MULTILINE)
    if given:
        s.swap(re.escape(given[0]), re.sub(r"== '\w+'", "== 'nothing'", given[0]), job)
    else:
        s.step_add(job, "attest-build-provenance", f"if: needs.{s.job(Role.GUARD).id}.outputs.version != '1.0.0'")


# ---- how they are tried


@dataclass(frozen=True)
class Outcome:
    """What came of a mutation: the findings, and the audit that they are of; `misfit` says why it could not be made."""

    mutation: Mutation
    found: tuple[Finding, ...] = ()
    audit: Audit | None = None
    misfit: str = ""

    @property
    def rules(self) -> frozenset[str]:
        return frozenset(one.rule for one in self.found)

    @property
    def good(self) -> bool:
        return self.rules == {self.mutation.rule}


def judged(files: Files, path: str) -> list[Finding]:
    return _judged(load(files, path))


def _judged(audit: Audit) -> list[Finding]:
    return [one for one in judge_workflow(audit) if one.level is not Level.NOTE]


def run(files: Files, path: str, mutations: Sequence[Mutation] = MUTATIONS) -> Iterator[Outcome]:
    """Try mutations; findings that the workflow has without any do not count."""
    good = load(files, path)
    before = {(one.rule, one.message) for one in judge_workflow(good)}
    for one in mutations:
        source = Source(files=dict(files), path=path, audit=good)
        try:
            one.edit(source)
        except MisfitError as error:
            yield Outcome(one, misfit=str(error))
            continue
        audit = load(source.files, path)
        yield Outcome(one, tuple(found for found in _judged(audit) if (found.rule, found.message) not in before), audit)


def repository(root: Path) -> dict[str, str]:
    """Give the files of a checkout that an audit may look at."""
    found = {}
    for pattern in (".github/**/*.yml", ".github/**/*.yaml", "cliff.toml", "Cargo.lock"):
        for path in root.glob(pattern):
            found[path.relative_to(root).as_posix()] = path.read_text()
    return found


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(root: str, path: str = RELEASE) -> int:
    files = repository(Path(root))
    own = judged(files, path)
    say(f"{path}: {len(own)} findings as it is, {sum(one.level is Level.ERROR for one in own)} of level error")
    for finding in own:
        say(f"  {finding.place} {finding.rule}: {finding.message}")
    outcomes = list(run(files, path))
    for one in outcomes:
        mark = "-" if one.misfit else "ok" if one.good else "BAD"
        said = one.misfit or ", ".join(sorted(one.rules)) or "nothing"
        say(f"{mark:>3} {one.mutation.rule}: {one.mutation.name}" + ("" if mark == "ok" else f"  ({said})"))
    tried = [one for one in outcomes if not one.misfit]
    good = [one for one in tried if one.good]
    alone = f"{len(good)} found by their rule alone, {len({one.mutation.rule for one in good})} rules"
    say(f"{len(tried)} mutations tried, {alone}; {len(outcomes) - len(tried)} did not fit")
    return 0 if len(good) == len(tried) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
