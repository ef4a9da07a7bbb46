"""The roles of commands of the trade in a release; one that is not known here has none, and a project declares it: `workflow.roles`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lockstep.pattern import pattern
from lockstep.workflow.model import Role, StepRole
from lockstep.workflow.registries import CONTAINERS, CRATES_IO, NPM, OTHER, PYPI, TEST_PYPI
from lockstep.workflow.shell import Command

_DRAFT_OFF = pattern(r"--draft=(?:false|f|0)", re.IGNORECASE)
ASKS_RUNS = pattern(r"/actions/(?:workflows/[^/]+/)?runs\b|/check-(?:runs|suites)\b|/commits/[^/]+/status")
ASKS_HEAD = pattern(
    r"/commits/(?:HEAD|[A-Za-z][\w.-]*|\$\{?\w*(?:branch|main|default|head)\w*\}?)(?=[\"' )]|$)|/branches/|/git/refs?/heads/"
    r"|\bls-remote\b(?!.*(?:--tags|refs/tags/))|rev-parse\s+(?:--\S+\s+)*\"?(?:origin/|refs/remotes/|FETCH_HEAD)",
    re.IGNORECASE,
)
"""How scripts ask for the head of a branch."""
LOCKSTEP_PUBLISH = "lockstep release publish"
"""What publishes by the identity of its job, where the environment gives it no token."""
LOCKSTEP_OPEN = "lockstep release open"
_ARTIFACTS = {"crates.io:": CRATES_IO, "pypi:": PYPI, "npm:": NPM, ".crate": CRATES_IO, ".whl": PYPI, ".tar.gz": PYPI, ".tgz": NPM}
"""Where an artifact goes, by how its id begins or its file ends."""
_RELEASES = pattern(r"repos/[^ ]+/releases(?:/[^ ]+)?")
_VALUED = frozenset({"--color", "--config", "--manifest-path", "--directory", "--project", "--prefix", "--cwd"})
"""Options of the programs below that may stand before the subcommand, with a value of their own."""


def roles_of_command(one: Command) -> Iterator[StepRole]:
    """Give the roles of a command."""
    reader = _COMMANDS.get(one.name)
    if reader is not None and not one.has("--help", "-h", "--version"):
        for seen in reader(one, operands(one)):
            yield StepRole(role=seen.role, what=seen.what, registry=seen.registry, line=one.line)


def operands(one: Command) -> tuple[str, ...]:
    """Give the words behind the program that are no options; a toolchain of cargo is none."""
    valued = [number + 1 for number, word in enumerate(one.words) if word in _VALUED]
    return tuple(word for number, word in enumerate(one.words) if number and number not in valued and not word.startswith(("-", "+")))


def _begins_with(words: tuple[str, ...], *wanted: str) -> bool:
    return words[: len(wanted)] == wanted


def _cargo(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    dry = one.has("--dry-run", "-n")
    match words[:1]:
        case ("publish",) if not dry:
            yield StepRole(role=Role.PUBLISH, what="cargo publish", registry=CRATES_IO if one.option("--registry") in (None, "crates-io") else OTHER)
        case ("release" | "smart-release",) if one.has("--execute", "-x"):
            yield StepRole(role=Role.PUBLISH, what=f"cargo {words[0]}", registry=CRATES_IO)
        case ("workspaces" | "ws",) if "publish" in words and not dry:
            yield StepRole(role=Role.PUBLISH, what="cargo workspaces publish", registry=CRATES_IO)
        case ("build" | "package" | "zigbuild" | "rustc" | "ndk" | "auditable",):
            yield StepRole(role=Role.BUILD, what=f"cargo {words[0]}")
        case ("test" | "nextest" | "hack" | "llvm-cov" | "miri",):
            yield StepRole(role=Role.TEST, what=f"cargo {words[0]}")


def _publisher(registry: str, *wanted: str, off: tuple[str, ...] = ("--dry-run",)) -> Callable[[Command, tuple[str, ...]], Iterator[StepRole]]:
    """Read a program whose subcommand publishes."""

    def read(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
        text = " ".join(one.words)
        where = TEST_PYPI if registry == PYPI and ("testpypi" in text or "test.pypi" in text) else registry
        if words[:1] != ("pkg-pr-new",) and wanted[0] in words[:2] and set(wanted) <= set(words) and not one.has(*off):
            yield StepRole(role=Role.PUBLISH, what=f"{one.name} {' '.join(wanted)}", registry=where)
        elif words[:1] in (("build",), ("pack",), ("sdist",)):
            yield StepRole(role=Role.BUILD, what=f"{one.name} {words[0]}")
        elif words[:1] == ("test",) or _begins_with(words, "run", "test"):
            yield StepRole(role=Role.TEST, what=f"{one.name} test")

    return read


def _docker(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    if (
        words[:1] == ("push",)
        or _begins_with(words, "image", "push")
        or ("build" in words[:2] and one.has("--push"))
        or _begins_with(words, "manifest", "push")
    ):
        yield StepRole(role=Role.PUBLISH, what=f"{one.name} push", registry=CONTAINERS)
    elif _begins_with(words, "buildx", "imagetools") and "create" in words:
        yield StepRole(role=Role.PUBLISH, what=f"{one.name} buildx imagetools create", registry=CONTAINERS)


def _gh(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    match words[:2]:
        case ("release", "create"):
            draft = one.has("--draft", "-d") and not any(_DRAFT_OFF.fullmatch(word) for word in one.words)
            yield StepRole(role=Role.DRAFT if draft else Role.UNDRAFT, what="gh release create" + (" --draft" if draft else " without --draft"))
            if any(_looks_like_file(word) for word in words[3:]):
                yield StepRole(role=Role.STAGE, what="gh release create with files")
        case ("release", "edit") if any(_DRAFT_OFF.fullmatch(word) for word in one.words):
            yield StepRole(role=Role.UNDRAFT, what="gh release edit --draft=false")
        case ("release", "upload"):
            yield StepRole(role=Role.STAGE, what="gh release upload")
        case ("run", "list" | "view" | "watch"):
            yield StepRole(role=Role.GATE, what=f"gh run {words[1]}")
        case ("attestation", "verify") if not one.spared:
            yield StepRole(role=Role.VERIFY, what="gh attestation verify")
        case ("api", *_):
            text = " ".join(one.words)
            if ASKS_RUNS.search(text):
                yield StepRole(role=Role.GATE, what="gh api: the runs of the commit")
            elif ASKS_HEAD.search(text):
                yield StepRole(role=Role.HEAD, what="gh api: the head of the branch")
            elif _RELEASES.search(text) and re.search(r"draft=false|\"draft\": ?false", text):
                yield StepRole(role=Role.UNDRAFT, what="gh api: draft=false")


def _hub(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    if _begins_with(words, "release", "edit") and any(_DRAFT_OFF.fullmatch(word) for word in one.words):
        yield StepRole(role=Role.UNDRAFT, what="hub release edit --draft=false")
    elif _begins_with(words, "release", "create"):
        draft = one.has("--draft", "-d") and not any(_DRAFT_OFF.fullmatch(word) for word in one.words)
        yield StepRole(role=Role.DRAFT if draft else Role.UNDRAFT, what="hub release create" + (" --draft" if draft else " without --draft"))


def _looks_like_file(word: str) -> bool:
    return "/" in word or "*" in word or word.endswith((".gz", ".zip", ".whl", ".crate", ".tgz", ".xz"))


def _curl(one: Command, _: tuple[str, ...]) -> Iterator[StepRole]:
    text = " ".join(one.words)
    if "api.github.com" in text or "GITHUB_API_URL" in text:
        if ASKS_RUNS.search(text):
            yield StepRole(role=Role.GATE, what="the runs of the commit")
        elif ASKS_HEAD.search(text):
            yield StepRole(role=Role.HEAD, what="the API: the head of the branch")
        elif _RELEASES.search(text) and re.search(r"\"draft\": ?false", text):
            yield StepRole(role=Role.UNDRAFT, what="the API of releases: draft false")
    elif "oidc/mint-token" in text or "trusted_publishing/tokens" in text:
        yield StepRole(role=Role.MINT, what="a request for a short-lived token")


def _git(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    text = " ".join(one.words)
    if ASKS_HEAD.search(text) or (words[:1] == ("merge-base",) and one.has("--is-ancestor")) or (words[:1] == ("branch",) and one.has("--contains")):
        yield StepRole(role=Role.HEAD, what=f"git {words[0] if words else ''}".strip())


def _lockstep(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    if _begins_with(words, "gate", "tag") or (words[:1] == ("check",) and one.has("--tag")):
        yield StepRole(role=Role.GUARD, what=f"lockstep {' '.join(words[:2]) if words[0] == 'gate' else 'check --tag'}")
    elif _begins_with(words, "gate", "ci"):
        yield StepRole(role=Role.GATE, what="lockstep gate ci")
    elif _begins_with(words, "gate", "head"):
        yield StepRole(role=Role.HEAD, what="lockstep gate head")
    elif words[:1] == ("release",) and not one.has("--dry-run"):
        yield from _lockstep_release(one, words)


def _lockstep_release(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    """Read the steps of a release: `publish` compares the bytes before it asks for a token, `stage` makes the draft where there is none."""
    match words[1:2]:
        case ("publish",):
            artifact = words[2] if len(words) > 2 else ""
            registry = next((name for start, name in _ARTIFACTS.items() if artifact.startswith(start) or artifact.endswith(start)), OTHER)
            yield StepRole(role=Role.VERIFY, what="lockstep release publish: the candidate's digest")
            yield StepRole(role=Role.PUBLISH, what=LOCKSTEP_PUBLISH, registry=registry)
        case ("stage",):
            yield StepRole(role=Role.DRAFT, what="lockstep release stage")
            yield StepRole(role=Role.STAGE, what="lockstep release stage")
        case ("open",):
            yield StepRole(role=Role.UNDRAFT, what=LOCKSTEP_OPEN)
        case ("prove",) if not one.spared:
            yield StepRole(role=Role.VERIFY, what="lockstep release prove")


def _verifier(*wanted: str) -> Callable[[Command, tuple[str, ...]], Iterator[StepRole]]:
    def read(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
        if words and words[0].startswith(wanted) and not one.spared:
            yield StepRole(role=Role.VERIFY, what=f"{one.name} {words[0]}")
        elif words and words[0].startswith(("sign", "attest")):
            yield StepRole(role=Role.ATTEST, what=f"{one.name} {words[0]}")

    return read


def _tester(one: Command, _: tuple[str, ...]) -> Iterator[StepRole]:
    yield StepRole(role=Role.TEST, what=one.name)


def _builder(one: Command, _: tuple[str, ...]) -> Iterator[StepRole]:
    yield StepRole(role=Role.BUILD, what=one.name)


def _semantic_release(one: Command, words: tuple[str, ...]) -> Iterator[StepRole]:
    if one.has("--dry-run", "-d"):
        return
    if one.name == "semantic-release" or words[:1] == ("release",):
        yield StepRole(role=Role.PUBLISH, what=one.name, registry=OTHER)


_COMMANDS: dict[str, Callable[[Command, tuple[str, ...]], Iterator[StepRole]]] = {
    "cargo": _cargo,
    "cross": _cargo,
    "maturin": lambda one, words: _publisher(PYPI, words[0] if words[:1] in (("upload",), ("publish",)) else "upload")(one, words),
    "uv": _publisher(PYPI, "publish"),
    "twine": _publisher(PYPI, "upload"),
    "poetry": _publisher(PYPI, "publish"),
    "flit": _publisher(PYPI, "publish"),
    "hatch": _publisher(PYPI, "publish"),
    "pdm": _publisher(PYPI, "publish"),
    "rye": _publisher(PYPI, "publish"),
    "npm": _publisher(NPM, "publish"),
    "pnpm": _publisher(NPM, "publish"),
    "yarn": _publisher(NPM, "publish"),
    "lerna": _publisher(NPM, "publish"),
    "bun": _publisher(NPM, "publish"),
    "wasm-pack": _publisher(NPM, "publish"),
    "vsce": _publisher(OTHER, "publish"),
    "ovsx": _publisher(OTHER, "publish"),
    "gem": _publisher(OTHER, "push"),
    "dotnet": _publisher(OTHER, "nuget", "push"),
    "anaconda": _publisher(OTHER, "upload"),
    "docker": _docker,
    "podman": _docker,
    "gh": _gh,
    "git": _git,
    "hub": _hub,
    "curl": _curl,
    "wget": _curl,
    "lockstep": _lockstep,
    "release-plz": _semantic_release,
    "semantic-release": _semantic_release,
    "cosign": _verifier("verify"),
    "sigstore": _verifier("verify"),
    "slsa-verifier": _verifier("verify"),
    "pytest": _tester,
    "tox": _tester,
    "nox": _tester,
    "ctest": _tester,
    "unittest": _tester,
    "pyproject-build": _builder,
    "build": _builder,
    "cibuildwheel": _builder,
}
