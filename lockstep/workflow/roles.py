"""What a step does: actions and commands of the trade, and the roles that they have in a release.

An action or a command that is not known here has no role; a project declares it: `workflow.roles` of the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.model import Action, Role, Step, literal
from lockstep.workflow.shell import Command

PYPI, TEST_PYPI, CRATES_IO, NPM, CONTAINERS, OTHER = "PyPI", "TestPyPI", "crates.io", "npm", "a container registry", "a registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A role of a step: in words, the registry that it is about, and the line of the script, from 0."""

    role: Role
    what: str
    registry: str = ""
    line: int = 0


def false(step: Step, *names: str) -> bool:
    """Say whether an input is given and off."""
    found = step.input(*names)
    return found is not None and found.text.strip().lower() in ("false", "f", "0", "no", "off", "${{ false }}")


def true(step: Step, *names: str) -> bool:
    """Say whether an input is given and not off; an expression may be true."""
    found = step.input(*names)
    return found is not None and found.text.strip() != "" and not false(step, *names)


def trusted(step: Step) -> bool:
    """Say whether the PyPI action publishes by OIDC: without a password or a token."""
    return not any(step.input(name) is not None and step.inputs[name].text.strip() for name in ("password", "user"))


# ---- actions


def _pypi(step: Step) -> Iterator[Seen]:
    url = step.input("repository-url", "repository_url")
    registry = TEST_PYPI if url is not None and "test.pypi" in url.text else PYPI if url is None or "pypi.org" in url.text else OTHER
    yield Seen(role=Role.PUBLISH, what="the PyPI action", registry=registry)


def _maturin(step: Step) -> Iterator[Seen]:
    command = literal(step.input("command"))
    if command in ("upload", "publish"):
        yield Seen(role=Role.PUBLISH, what=f"maturin {command}", registry=_pypi_of(step.inputs.get("args")))
    else:
        yield Seen(role=Role.BUILD, what=f"maturin {command or 'build'}")


def _pypi_of(args: object) -> str:
    text = getattr(args, "text", "")
    return TEST_PYPI if "testpypi" in text or "test.pypi" in text else PYPI


def _release(step: Step) -> Iterator[Seen]:
    """Read the actions that create or update a release: public unless `draft` is on."""
    if true(step, "draft"):
        yield Seen(role=Role.DRAFT, what=f"{_name(step)} with a draft")
    else:
        yield Seen(role=Role.UNDRAFT, what=f"{_name(step)} without `draft: true`")
    if any(true(step, name) for name in ("files", "artifacts", "assets")):
        yield Seen(role=Role.STAGE, what=_name(step))


def _name(step: Step) -> str:
    return step.uses.text.partition("@")[0] if step.uses else ""


def _slsa(step: Step) -> Iterator[Seen]:
    yield Seen(role=Role.ATTEST, what="the SLSA generator")
    if true(step, "upload-assets"):
        yield Seen(role=Role.STAGE, what="the SLSA generator")
        if not true(step, "draft-release"):
            yield Seen(role=Role.UNDRAFT, what="the SLSA generator with `upload-assets` and without `draft-release`")


def _plain(role: Role, what: str, registry: str = "") -> Callable[[Step], Iterator[Seen]]:
    return lambda _: iter((Seen(role=role, what=what, registry=registry),))


def _when(name: str, role: Role, what: str, registry: str = "") -> Callable[[Step], Iterator[Seen]]:
    return lambda step: iter((Seen(role=role, what=what, registry=registry),) if true(step, name) else ())


def _publish_crates(step: Step) -> Iterator[Seen]:
    if not true(step, "dry-run"):
        yield Seen(role=Role.PUBLISH, what="publish-crates", registry=CRATES_IO)


def _release_plz(step: Step) -> Iterator[Seen]:
    if literal(step.input("command")) != "release-pr":
        yield Seen(role=Role.PUBLISH, what="release-plz", registry=CRATES_IO)


def _goreleaser(step: Step) -> Iterator[Seen]:
    args = step.input("args")
    if args is not None and "release" in args.text and "--snapshot" not in args.text:
        yield Seen(role=Role.UNDRAFT, what="goreleaser")
        yield Seen(role=Role.PUBLISH, what="goreleaser", registry=OTHER)


ACTIONS: dict[str, Callable[[Step], Iterator[Seen]]] = {
    "pypa/gh-action-pypi-publish": _pypi,
    "pyo3/maturin-action": _maturin,
    "messense/maturin-action": _maturin,
    "pypa/cibuildwheel": _plain(Role.BUILD, "cibuildwheel"),
    "etils-actions/pypi-auto-publish": _plain(Role.PUBLISH, "pypi-auto-publish", PYPI),
    "jrubics/poetry-publish": _plain(Role.PUBLISH, "poetry-publish", PYPI),
    "katyo/publish-crates": _publish_crates,
    "release-plz/action": _release_plz,
    "marcoieni/release-plz-action": _release_plz,
    "js-devtools/npm-publish": _plain(Role.PUBLISH, "npm-publish", NPM),
    "changesets/action": _when("publish", Role.PUBLISH, "changesets", NPM),
    "docker/build-push-action": _when("push", Role.PUBLISH, "docker build-push", CONTAINERS),
    "docker/bake-action": _when("push", Role.PUBLISH, "docker bake", CONTAINERS),
    "rubygems/release-gem": _plain(Role.PUBLISH, "release-gem", OTHER),
    "goreleaser/goreleaser-action": _goreleaser,
    "haalleo/publish-vscode-extension": _plain(Role.PUBLISH, "publish-vscode-extension", OTHER),
    "haaleo/publish-vscode-extension": _plain(Role.PUBLISH, "publish-vscode-extension", OTHER),
    "vedantmgoyal9/winget-releaser": _plain(Role.PUBLISH, "winget-releaser", OTHER),
    "rust-lang/crates-io-auth-action": _plain(Role.MINT, "crates-io-auth-action", CRATES_IO),
    "actions/attest-build-provenance": _plain(Role.ATTEST, "attest-build-provenance"),
    "actions/attest": _plain(Role.ATTEST, "attest"),
    "astral-sh/attest-action": _plain(Role.ATTEST, "attest-action"),
    "sigstore/gh-action-sigstore-python": _plain(Role.ATTEST, "sigstore-python"),
    "slsa-framework/slsa-github-generator": _slsa,
    "softprops/action-gh-release": _release,
    "ncipollo/release-action": _release,
    "actions/create-release": _release,
    "taiki-e/create-gh-release-action": _release,
    "eregon/publish-release": _plain(Role.UNDRAFT, "publish-release"),
    "svenstaro/upload-release-action": _plain(Role.STAGE, "upload-release-action"),
    "actions/upload-release-asset": _plain(Role.STAGE, "upload-release-asset"),
    "taiki-e/upload-rust-binary-action": _plain(Role.STAGE, "upload-rust-binary-action"),
    "alexellis/upload-assets": _plain(Role.STAGE, "upload-assets"),
    "lewagon/wait-on-check-action": _plain(Role.GATE, "wait-on-check-action"),
    "fountainhead/action-wait-for-check": _plain(Role.GATE, "action-wait-for-check"),
    "samuelcolvin/check-python-version": _plain(Role.GUARD, "check-python-version"),
}


def of_action(step: Step, used: Action) -> Iterator[Seen]:
    """Give the roles of an action, or of a workflow of another repository."""
    known = ACTIONS.get(used.name)
    if known is not None:
        yield from known(step)


# ---- commands


def of_command(one: Command) -> Iterator[Seen]:
    """Give the roles of a command."""
    reader = _COMMANDS.get(one.name)
    if reader is not None and not one.has("--help", "-h", "--version"):
        for seen in reader(one, _plain_words(one)):
            yield Seen(role=seen.role, what=seen.what, registry=seen.registry, line=one.line)


def _plain_words(one: Command) -> tuple[str, ...]:
    """Give the words behind the program that are no options; a toolchain of cargo is none."""
    valued = [number + 1 for number, word in enumerate(one.words) if word in _VALUED]
    return tuple(word for number, word in enumerate(one.words) if number and number not in valued and not word.startswith(("-", "+")))


_VALUED = frozenset({"--color", "--config", "--manifest-path", "--directory", "--project", "--prefix", "--cwd"})
"""Options of the programs below that may stand before the subcommand, with a value of their own."""


def _starts(words: tuple[str, ...], *wanted: str) -> bool:
    return words[: len(wanted)] == wanted


def _cargo(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    dry = one.has("--dry-run", "-n")
    match words[:1]:
        case ("publish",) if not dry:
            yield Seen(role=Role.PUBLISH, what="cargo publish", registry=CRATES_IO if one.option("--registry") in (None, "crates-io") else OTHER)
        case ("release" | "smart-release",) if one.has("--execute", "-x"):
            yield Seen(role=Role.PUBLISH, what=f"cargo {words[0]}", registry=CRATES_IO)
        case ("workspaces" | "ws",) if "publish" in words and not dry:
            yield Seen(role=Role.PUBLISH, what="cargo workspaces publish", registry=CRATES_IO)
        case ("build" | "package" | "zigbuild" | "rustc" | "ndk" | "auditable",):
            yield Seen(role=Role.BUILD, what=f"cargo {words[0]}")
        case ("test" | "nextest" | "hack" | "llvm-cov" | "miri",):
            yield Seen(role=Role.TEST, what=f"cargo {words[0]}")


def _publisher(registry: str, *wanted: str, off: tuple[str, ...] = ("--dry-run",)) -> Callable[[Command, tuple[str, ...]], Iterator[Seen]]:
    """Read a program whose subcommand publishes."""

    def read(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
        text = " ".join(one.words)
        where = TEST_PYPI if registry == PYPI and ("testpypi" in text or "test.pypi" in text) else registry
        if wanted[0] in words[:2] and set(wanted) <= set(words) and not one.has(*off):
            yield Seen(role=Role.PUBLISH, what=f"{one.name} {' '.join(wanted)}", registry=where)
        elif words[:1] in (("build",), ("pack",), ("sdist",)):
            yield Seen(role=Role.BUILD, what=f"{one.name} {words[0]}")
        elif words[:1] == ("test",) or _starts(words, "run", "test"):
            yield Seen(role=Role.TEST, what=f"{one.name} test")

    return read


def _docker(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    if words[:1] == ("push",) or _starts(words, "image", "push") or ("build" in words[:2] and one.has("--push")) or _starts(words, "manifest", "push"):
        yield Seen(role=Role.PUBLISH, what=f"{one.name} push", registry=CONTAINERS)
    elif _starts(words, "buildx", "imagetools") and "create" in words:
        yield Seen(role=Role.PUBLISH, what=f"{one.name} buildx imagetools create", registry=CONTAINERS)


_DRAFT_OFF = pattern(r"--draft=(?:false|f|0)", re.IGNORECASE)
RUNS = pattern(r"/actions/(?:workflows/[^/]+/)?runs\b|/check-(?:runs|suites)\b|/commits/[^/]+/status")
HEADS = pattern(
    r"/commits/(?:HEAD|[A-Za-z][\w.-]*|\$\{?\w*(?:branch|main|default|head)\w*\}?)(?=[\"' )]|$)|/branches/|/git/refs?/heads/"
    r"|\bls-remote\b|rev-parse\s+(?:--\S+\s+)*\"?(?:origin/|refs/remotes/|FETCH_HEAD)",
    re.IGNORECASE,
)
"""How scripts ask for the head of a branch."""
_RELEASES = pattern(r"repos/[^ ]+/releases(?:/[^ ]+)?")


def _gh(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    match words[:2]:
        case ("release", "create"):
            draft = one.has("--draft", "-d") and not any(_DRAFT_OFF.fullmatch(word) for word in one.words)
            yield Seen(role=Role.DRAFT if draft else Role.UNDRAFT, what="gh release create" + (" --draft" if draft else " without --draft"))
            if any(_looks_like_file(word) for word in words[3:]):
                yield Seen(role=Role.STAGE, what="gh release create with files")
        case ("release", "edit") if any(_DRAFT_OFF.fullmatch(word) for word in one.words):
            yield Seen(role=Role.UNDRAFT, what="gh release edit --draft=false")
        case ("release", "upload"):
            yield Seen(role=Role.STAGE, what="gh release upload")
        case ("run", "list" | "view" | "watch"):
            yield Seen(role=Role.GATE, what=f"gh run {words[1]}")
        case ("attestation", "verify") if not one.spared:
            yield Seen(role=Role.VERIFY, what="gh attestation verify")
        case ("api", *_):
            text = " ".join(one.words)
            if RUNS.search(text):
                yield Seen(role=Role.GATE, what="gh api: the runs of the commit")
            elif HEADS.search(text):
                yield Seen(role=Role.HEAD, what="gh api: the head of the branch")
            elif _RELEASES.search(text) and re.search(r"draft=false|\"draft\": ?false", text):
                yield Seen(role=Role.UNDRAFT, what="gh api: draft=false")


def _looks_like_file(word: str) -> bool:
    return "/" in word or "*" in word or word.endswith((".gz", ".zip", ".whl", ".crate", ".tgz", ".xz"))


def _curl(one: Command, _: tuple[str, ...]) -> Iterator[Seen]:
    text = " ".join(one.words)
    if "api.github.com" in text or "GITHUB_API_URL" in text:
        if RUNS.search(text):
            yield Seen(role=Role.GATE, what="the runs of the commit")
        elif HEADS.search(text):
            yield Seen(role=Role.HEAD, what="the API: the head of the branch")
        elif _RELEASES.search(text) and re.search(r"\"draft\": ?false", text):
            yield Seen(role=Role.UNDRAFT, what="the API of releases: draft false")
    elif "oidc/mint-token" in text or "trusted_publishing/tokens" in text:
        yield Seen(role=Role.MINT, what="a request for a short-lived token")


def _git(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    text = " ".join(one.words)
    if HEADS.search(text) or (words[:1] == ("merge-base",) and one.has("--is-ancestor")) or (words[:1] == ("branch",) and one.has("--contains")):
        yield Seen(role=Role.HEAD, what=f"git {words[0] if words else ''}".strip())


def _lockstep(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    if _starts(words, "gate", "tag") or (words[:1] == ("check",) and one.has("--tag")):
        yield Seen(role=Role.GUARD, what=f"lockstep {' '.join(words[:2]) if words[0] == 'gate' else 'check --tag'}")
    elif _starts(words, "gate", "ci"):
        yield Seen(role=Role.GATE, what="lockstep gate ci")
    elif _starts(words, "gate", "head"):
        yield Seen(role=Role.HEAD, what="lockstep gate head")
    elif words[:1] == ("verify",) and not one.spared:
        yield Seen(role=Role.VERIFY, what="lockstep verify")


def _verifier(*wanted: str) -> Callable[[Command, tuple[str, ...]], Iterator[Seen]]:
    def read(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
        if words and words[0].startswith(wanted) and not one.spared:
            yield Seen(role=Role.VERIFY, what=f"{one.name} {words[0]}")
        elif words and words[0].startswith(("sign", "attest")):
            yield Seen(role=Role.ATTEST, what=f"{one.name} {words[0]}")

    return read


def _tester(one: Command, _: tuple[str, ...]) -> Iterator[Seen]:
    yield Seen(role=Role.TEST, what=one.name)


def _builder(one: Command, _: tuple[str, ...]) -> Iterator[Seen]:
    yield Seen(role=Role.BUILD, what=one.name)


def _semantic_release(one: Command, words: tuple[str, ...]) -> Iterator[Seen]:
    if one.name == "semantic-release" or words[:1] == ("release",):
        yield Seen(role=Role.PUBLISH, what=one.name, registry=OTHER)


_COMMANDS: dict[str, Callable[[Command, tuple[str, ...]], Iterator[Seen]]] = {
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


# ---- scripts: what several commands do together

_HASH = pattern(r"(?:sha|md5|b2)[0-9]*sum|shasum|openssl")
_TEST = frozenset({"[", "[[", "test"})
TAG = pattern(r"github\.ref(?:_name)?\b|GITHUB_REF(?:_NAME)?\b|(?:outputs|inputs)\.[\w-]*(?:tag|version)", re.IGNORECASE)
_REGEX = pattern(r"(\$\{?\w+\}?|\$\{\{[^}]*\}\})\"?[ \t]*=~[ \t]*(.+?)[ \t]*(?:\]\]|&&|\|\|)|re\.(?:fullmatch|match)\(\s*r?[\"']([^\"'\n]+)[\"'],([^)\n]*)")


def of_script(step: Step, script: tuple[Command, ...], env: Mapping[str, Scalar] | None = None) -> Iterator[Seen]:
    """Give the roles that only the whole of a script has."""
    verified = verification(script)
    if verified is not None:
        yield Seen(role=Role.VERIFY, what="a comparison of the bytes", line=verified)
    for regex, line in tag_patterns(step, script, env):
        yield Seen(role=Role.GUARD, what=f"the pattern {regex[:60]}", line=line)


def fails(script: tuple[Command, ...]) -> bool:
    """Say whether a script can end with failure by its own decision."""
    return any(one.words[:1] in (("exit",), ("return",)) and one.words[1:2] != ("0",) and len(one.words) > 1 for one in script) or any(
        one.words == ("false",) for one in script
    )


def verification(script: tuple[Command, ...]) -> int | None:
    """Give the line where a script compares files that are here with each other, None where it does not.

    A file that it has just downloaded by itself counts as no file that is here: what a registry serves is compared when it is published.
    """
    served = {word for one in script if one.name in ("curl", "wget") for word in (one.option("-o", "--output", "-O"),) if word}
    hashed: dict[str, int] = {}
    for one in script:
        operands = [word for word in one.words[1:] if not word.startswith(("-", ">", "<")) and word not in ("dgst", "-")]
        if _HASH.fullmatch(one.name):
            if one.has("-c", "--check") and not one.spared:
                return one.line
            hashed.update({word: one.line for word in operands if word not in served and not word.isdigit()})
        elif one.name in ("cmp", "diff") and len(operands) >= 2 and not one.spared and not set(operands) & served:
            return one.line
    compares = any(
        one.words[:1] and one.words[0] in _TEST and set(one.words) & {"=", "==", "!="} and sum("$" in word for word in one.words) >= 2 for one in script
    )
    said = any("::error" in word for one in script for word in one.words)  # one that says so and goes on is `error-unraised`
    return max(hashed.values()) if len(hashed) >= 2 and compares and (said or fails(script)) else None


def tag_patterns(step: Step, script: tuple[Command, ...], env: Mapping[str, Scalar] | None = None) -> Iterator[tuple[str, int]]:
    """Give the regular expressions that a script holds a tag's name against, each with its line; `env` is the environment of the step."""
    text = step.run.text if step.run else ""
    tags = {name for name, value in {**(env or {}), **step.env}.items() if TAG.search(value.text)} | {"GITHUB_REF", "GITHUB_REF_NAME"}
    assigned = {name: value.lstrip("\0") for one in script for name, value in one.assigns}
    for _ in range(3):
        tags |= {name for name, value in assigned.items() if any(re.search(rf"\$\{{?{tag}\b", value) for tag in tags) or TAG.search(value)}
    for found in _REGEX.finditer(text):
        subject, regex = found[1] or found[4] or "", (found[2] or found[3] or "").strip().strip("\"'")
        if not (TAG.search(subject) or any(re.search(rf"\b{tag}\b", subject) for tag in tags)):
            continue
        regex = assigned.get(regex.strip("${}"), regex) if regex.startswith("$") else regex
        if regex and not regex.startswith("$"):
            yield regex, text.count("\n", 0, found.start())
    for one in script:
        compares = one.words[:1] == ("[[",) and len(one.words) == 5 and one.words[2] in ("=", "==") and re.match(r"v?[*?\[]", one.words[3])
        if not compares or not any(re.search(rf"\$\{{?{tag}\b", one.words[1]) for tag in tags):
            continue
        if re.search(regex := globbed(one.words[3]), "v1.2.3"):  # else it asks for something else, a pre-release say
            yield regex, one.line
    for number, one in enumerate(script):
        if one.name in ("grep", "egrep") and (one.name == "egrep" or any(re.fullmatch("-[a-zA-Z]*[EP][a-zA-Z]*", word) for word in one.words)):
            words = _plain_words(one)
            given = " ".join(script[number - 1].words) if number and script[number - 1].after == "|" else " ".join(words[1:])
            if words and any(re.search(rf"\$\{{?{tag}\b", given) for tag in tags):
                yield words[0], one.line


def globbed(glob: str) -> str:
    """Write a pattern of the shell as an expression."""
    pieces = {"*": ".*", "?": "."}
    return "^" + "".join(pieces.get(char) or (char if char in "[]" else re.escape(char)) for char in glob) + "$"
