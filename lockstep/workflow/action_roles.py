"""The roles of actions of the trade in a release; one that is not known here has none, and a project declares it: `workflow.roles`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lockstep.pattern import pattern
from lockstep.workflow.model import Action, Role, Step, StepRole, literal
from lockstep.workflow.registries import CONTAINERS, CRATES_IO, NPM, OTHER, PYPI, TEST_PYPI


def uses_trusted_publishing(step: Step) -> bool:
    """Say whether the PyPI action publishes by OIDC: without a password or a token."""
    return not any(step.input(name) is not None and step.inputs[name].text.strip() for name in ("password", "user"))


def _pypi(step: Step) -> Iterator[StepRole]:
    url = step.input("repository-url", "repository_url")
    registry = TEST_PYPI if url is not None and "test.pypi" in url.text else PYPI if url is None or "pypi.org" in url.text else OTHER
    yield StepRole(role=Role.PUBLISH, what="the PyPI action", registry=registry)


def _maturin(step: Step) -> Iterator[StepRole]:
    command = literal(step.input("command"))
    if command in ("upload", "publish"):
        yield StepRole(role=Role.PUBLISH, what=f"maturin {command}", registry=_pypi_of(step.inputs.get("args")))
    else:
        yield StepRole(role=Role.BUILD, what=f"maturin {command or 'build'}")


def _pypi_of(args: object) -> str:
    text = getattr(args, "text", "")
    return TEST_PYPI if "testpypi" in text or "test.pypi" in text else PYPI


def _release(step: Step) -> Iterator[StepRole]:
    """Read the actions that create or update a release: public unless `draft` is on."""
    if step.is_on("draft"):
        yield StepRole(role=Role.DRAFT, what=f"{_action_name(step)} with a draft")
    else:
        yield StepRole(role=Role.UNDRAFT, what=f"{_action_name(step)} without `draft: true`")
    if any(step.is_on(name) for name in ("files", "artifacts", "assets")):
        yield StepRole(role=Role.STAGE, what=_action_name(step))


def _action_name(step: Step) -> str:
    return step.uses.text.partition("@")[0] if step.uses else ""


def _slsa(step: Step) -> Iterator[StepRole]:
    yield StepRole(role=Role.ATTEST, what="the SLSA generator")
    if step.is_on("upload-assets"):
        yield StepRole(role=Role.STAGE, what="the SLSA generator")
        if not step.is_on("draft-release"):
            yield StepRole(role=Role.UNDRAFT, what="the SLSA generator with `upload-assets` and without `draft-release`")


def _always(role: Role, what: str, registry: str = "") -> Callable[[Step], Iterator[StepRole]]:
    return lambda _: iter((StepRole(role=role, what=what, registry=registry),))


def _where_on(name: str, role: Role, what: str, registry: str = "") -> Callable[[Step], Iterator[StepRole]]:
    return lambda step: iter((StepRole(role=role, what=what, registry=registry, switch=step.input(name)),) if step.is_on(name) else ())


def _publish_crates(step: Step) -> Iterator[StepRole]:
    if not step.is_on("dry-run"):
        yield StepRole(role=Role.PUBLISH, what="publish-crates", registry=CRATES_IO)


def _release_plz(step: Step) -> Iterator[StepRole]:
    if literal(step.input("command")) != "release-pr":
        yield StepRole(role=Role.PUBLISH, what="release-plz", registry=CRATES_IO)


def _goreleaser(step: Step) -> Iterator[StepRole]:
    args = step.input("args")
    if args is not None and "release" in args.text and "--snapshot" not in args.text:
        yield StepRole(role=Role.UNDRAFT, what="goreleaser")
        yield StepRole(role=Role.PUBLISH, what="goreleaser", registry=OTHER)


RELEASE_API = pattern(r"/releases/|(?:updateRelease|update_release|releases\.update)\b")
"""How scripts name the API that changes a release."""
DRAFT_OFF = pattern(r"(?<![\w-])[\"']?draft[\"']?\s*[:=]\s*[\"']?(?:false|False)\b")


def _github_script(step: Step) -> Iterator[StepRole]:
    script = step.input("script")
    text = script.text if script is not None else ""
    if RELEASE_API.search(text) and DRAFT_OFF.search(text):
        yield StepRole(role=Role.UNDRAFT, what="github-script: draft false")
    elif "createRelease" in text and "generateReleaseNotes" not in text:
        draft = re.search(r"draft[\"']?\s*:\s*(?!false)", text) is not None
        yield StepRole(role=Role.DRAFT if draft else Role.UNDRAFT, what="github-script: createRelease")
    if "uploadReleaseAsset" in text:
        yield StepRole(role=Role.STAGE, what="github-script: uploadReleaseAsset")


ACTIONS: dict[str, Callable[[Step], Iterator[StepRole]]] = {
    "pypa/gh-action-pypi-publish": _pypi,
    "pyo3/maturin-action": _maturin,
    "messense/maturin-action": _maturin,
    "pypa/cibuildwheel": _always(Role.BUILD, "cibuildwheel"),
    "etils-actions/pypi-auto-publish": _always(Role.PUBLISH, "pypi-auto-publish", PYPI),
    "jrubics/poetry-publish": _always(Role.PUBLISH, "poetry-publish", PYPI),
    "katyo/publish-crates": _publish_crates,
    "release-plz/action": _release_plz,
    "marcoieni/release-plz-action": _release_plz,
    "js-devtools/npm-publish": _always(Role.PUBLISH, "npm-publish", NPM),
    "changesets/action": _where_on("publish", Role.PUBLISH, "changesets", NPM),
    "docker/build-push-action": _where_on("push", Role.PUBLISH, "docker build-push", CONTAINERS),
    "docker/bake-action": _where_on("push", Role.PUBLISH, "docker bake", CONTAINERS),
    "rubygems/release-gem": _always(Role.PUBLISH, "release-gem", OTHER),
    "goreleaser/goreleaser-action": _goreleaser,
    "haalleo/publish-vscode-extension": _always(Role.PUBLISH, "publish-vscode-extension", OTHER),
    "haaleo/publish-vscode-extension": _always(Role.PUBLISH, "publish-vscode-extension", OTHER),
    "vedantmgoyal9/winget-releaser": _always(Role.PUBLISH, "winget-releaser", OTHER),
    "rust-lang/crates-io-auth-action": _always(Role.MINT, "crates-io-auth-action", CRATES_IO),
    "actions/attest-build-provenance": _always(Role.ATTEST, "attest-build-provenance"),
    "actions/attest": _always(Role.ATTEST, "attest"),
    "astral-sh/attest-action": _always(Role.ATTEST, "attest-action"),
    "sigstore/gh-action-sigstore-python": _always(Role.ATTEST, "sigstore-python"),
    "slsa-framework/slsa-github-generator": _slsa,
    "softprops/action-gh-release": _release,
    "ncipollo/release-action": _release,
    "actions/create-release": _release,
    "taiki-e/create-gh-release-action": _release,
    "actions/github-script": _github_script,
    "eregon/publish-release": _always(Role.UNDRAFT, "publish-release"),
    "svenstaro/upload-release-action": _always(Role.STAGE, "upload-release-action"),
    "actions/upload-release-asset": _always(Role.STAGE, "upload-release-asset"),
    "taiki-e/upload-rust-binary-action": _always(Role.STAGE, "upload-rust-binary-action"),
    "alexellis/upload-assets": _always(Role.STAGE, "upload-assets"),
    "lewagon/wait-on-check-action": _always(Role.GATE, "wait-on-check-action"),
    "fountainhead/action-wait-for-check": _always(Role.GATE, "action-wait-for-check"),
    "samuelcolvin/check-python-version": _always(Role.GUARD, "check-python-version"),
}


def roles_of_action(step: Step, used: Action) -> Iterator[StepRole]:
    """Give the roles of an action, or of a workflow of another repository."""
    known = ACTIONS.get(used.name)
    if known is not None:
        yield from known(step)
