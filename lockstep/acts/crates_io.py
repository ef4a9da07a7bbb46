"""One crate to crates.io, or to a registry like it, through `cargo publish --locked --no-verify`: after it was packed once more, to the candidate's bytes.

cargo runs in a folder outside of the repository, so that neither its .cargo/config.toml nor its rust-toolchain.toml is read: the one may name a program
that is given the token. With `--no-verify` nothing is built, and no code of the repository runs. It packs a second time before it sends, and is given a token
for the candidate's bytes alone (`cargo_token`).

Sources: https://doc.rust-lang.org/cargo/commands/cargo-publish.html, https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure,
https://crates.io/docs/trusted-publishing
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from lockstep.acts import cargo_token, crate_bytes, tokens
from lockstep.acts.sent import REFUSING, Sent, Unproven, Upload
from lockstep.dataclass import replace
from lockstep.errors import UsageError
from lockstep.evidence.http import Http, Server
from lockstep.evidence.registries.addresses import CRATES_IO
from lockstep.evidence.running import OF_A_REPOSITORY, Done, run
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate
from lockstep.repository import programs
from lockstep.workflow.commit_runs import Unseen
from lockstep.writing.private_folder import private_folder

SECONDS = 1800.0
"""How long cargo may take."""
API = "https://crates.io"
_STATUS = re.compile(r"\b(?:status(?: code)?|got) ([1-5]\d\d)\b")
"""How cargo tells what a registry answered."""


def describe(upload: Upload, environment: Mapping[str, str]) -> list[str]:
    """Say what would be asked."""
    if upload.options.get("bytes"):
        return crate_bytes.describe(upload)
    words = " ".join([*_registry(upload, environment), "-p", upload.artifact.package])
    return [f"cargo package --locked --no-verify {words}, compared with sha256 {upload.artifact.sha256}", f"cargo publish --locked --no-verify {words}"]


def unproven(upload: Upload, environment: Mapping[str, str]) -> Unproven | None:
    """Say why the crate must not be sent: cargo packs other bytes, or none; None where nothing forbids it. In a dry run nothing is packed."""
    if upload.options.get("bytes"):
        return crate_bytes.unproven(upload)
    why = "" if upload.options.get("dry_run") else packed(upload, [upload.artifact], environment, ("--no-verify",))
    return Unproven(why=why, help="lockstep release prove packs it from a clean checkout of the tag, with the cargo that packed it first") if why else None


def packed(upload: Upload, crates: Sequence[Artifact], environment: Mapping[str, str], options: Sequence[str] = ()) -> str:
    """Let cargo pack crates together, and compare each with the candidate; say what differs, "" where nothing does.

    Raises: UsageError where there is no cargo, or no name of the registry for it.
    """
    crate = upload.crate
    if crate.commit != upload.candidate.commit:
        return f"{crate.commit[:12]} is checked out, and the candidate is of {upload.candidate.commit[:12]}: git checkout {upload.candidate.tag}"
    with private_folder({}) as folder:
        words = [word for one in crates for word in ("-p", one.package)]
        registry = [] if upload.address.server.url == CRATES_IO else _registry(upload, environment)  # older cargos know no such option
        done = _cargo(upload, ["package", "--locked", *options, *registry, *words], folder, environment)
        if done is None or done.code:
            return f"cargo cannot pack it: {_words(done, '')}"
        for one in crates:
            path = Path(folder, "target", "package", f"{one.package}-{one.version}.crate")
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "none"
            if digest != one.sha256:
                how = "was it packed by another cargo (RUSTUP_TOOLCHAIN), of other files, or with another Cargo.lock?"
                return f"cargo packs {one.name} with sha256 {digest}, and the candidate's is {one.sha256}; {how}"
    return ""


def closure(candidate: Candidate, artifact: Artifact) -> list[Artifact]:
    """Give a crate and the crates of the candidate that it needs, directly or not: cargo packs them together, though none is published."""
    found: dict[str, Artifact] = {}
    left = [artifact]
    while left:
        one = left.pop()
        if one.kind is ArtifactKind.CRATE and one.id not in found:
            found[one.id] = one
            left += [need for id_ in one.needs if (need := candidate.artifact(id_)) is not None]
    return [*found.values()]


async def publish(http: Http, upload: Upload, environment: Mapping[str, str]) -> Sent:
    """Let cargo send the crate, once.

    Raises: UsageError where there is no token, or no cargo.
    """
    registry = _registry(upload, environment)
    name = "CARGO_REGISTRY_TOKEN" if upload.address.server.url == CRATES_IO else f"CARGO_REGISTRIES_{_named(upload.address.server.url, environment)}_TOKEN"
    token, borrowed = environment.get(name, "").strip(), False
    if not token and upload.address.server.url == CRATES_IO and tokens.has_identity(environment):
        said = await tokens.identity(http, environment, "crates.io")
        server = Server(name="crates.io", url=API, trouble=upload.address.server.trouble)
        given = said if isinstance(said, Unseen) else await tokens.exchanged(http, server, "/api/v1/trusted_publishing/tokens", "jwt", said)
        if isinstance(given, Unseen):
            return Sent(accepted=False, said=f"{given.what}: {given.why}", help=given.help)
        token, borrowed = given, True
    if not token:
        hint = f"set {name}" + (", or give the job id-token: write where it is a trusted publisher" if upload.address.server.url == CRATES_IO else "")
        raise UsageError(f"there is no token to publish to {upload.address.server.name} with", help=hint)
    if upload.options.get("bytes"):
        done_ = await crate_bytes.publish(http, upload, tokens.checked(token, name))
        if borrowed:
            await _given_back(http, token)
        return done_
    with private_folder(cargo_token.files(upload.artifact, tokens.checked(token, name)), executable=cargo_token.LAUNCHER) as folder:
        words = ["publish", "--locked", "--no-verify", *registry, "-p", upload.artifact.package, "--config", cargo_token.setting(folder, registry[1])]
        done = await asyncio.to_thread(_cargo, upload, words, folder, environment)
    if borrowed:
        await _given_back(http, token)
    if done is not None and done.code == 0:
        return Sent(accepted=True, said=f"cargo published {upload.artifact.package} {upload.artifact.version}")
    if done is not None and cargo_token.REFUSED in done.err:
        hint = f"was another commit checked out, or a file changed, since it was proven? git status, git checkout {upload.candidate.tag}, and publish again"
        return Sent(accepted=False, said=" ".join(done.err[done.err.index(cargo_token.REFUSED) :].split("\n")[0].split()), help=hint)
    answer = _STATUS.search(done.err) if done is not None else None
    return Sent(accepted=False if answer is not None and int(answer[1]) in REFUSING else None, said=f"cargo: {_words(done, token)}")


async def _given_back(http: Http, token: str) -> None:
    """Give a token back that was for this crate alone; it ends by itself within the hour."""
    server = replace(Server(name="crates.io", url=API), authorization=f"Bearer {token}")
    await http.send("the token", server, "DELETE", "/api/v1/trusted_publishing/tokens", b"", headers={"Accept": "application/json"})


def _registry(upload: Upload, environment: Mapping[str, str]) -> list[str]:
    """Say which registry cargo is told of: crates.io, or one that the same environment names which has the token.

    Raises: UsageError where it names none.
    """
    url = upload.address.server.url
    return ["--registry", "crates-io" if url == CRATES_IO else _named(url, environment).lower().replace("_", "-")]


def _named(url: str, environment: Mapping[str, str]) -> str:
    for name, value in sorted(environment.items()):
        found = re.fullmatch(r"CARGO_REGISTRIES_(\w+)_INDEX", name)
        if found is not None and value.removeprefix("sparse+").rstrip("/") == url:
            return found[1]
    raise UsageError("the environment names no registry of cargo at that index", help="set CARGO_REGISTRIES_NAME_INDEX beside CARGO_REGISTRIES_NAME_TOKEN")


def _cargo(upload: Upload, words: Sequence[str], folder: str, environment: Mapping[str, str]) -> Done | None:
    """Run cargo on the crate's manifest from a folder outside of the repository.

    Raises: UsageError where there is none.
    """
    found = programs.find("cargo", upload.root)
    if found.path is None:
        why = "the cargo of the PATH lies in the repository, and is not run" if found.refused else "cargo is not installed"
        raise UsageError(why, help="https://rustup.rs")
    kept = {
        name: value
        for name, value in tokens.without_secrets(environment).items()
        if name not in OF_A_REPOSITORY and not name.startswith(("ACTIONS_ID_TOKEN_", "CARGO_TERM_", "CARGO_LOG"))
    }
    settings = {"PATH": programs.safe_path(upload.root), "CARGO_TARGET_DIR": os.path.join(folder, "target"), "CARGO_TERM_COLOR": "never"}
    command = [found.path, *words, "--manifest-path", os.path.join(upload.root, upload.crate.manifest)]
    return run(command, folder, {**kept, **settings}, SECONDS)


def _words(done: Done | None, token: str) -> str:
    """Give what cargo says is wrong, without the token."""
    if done is None:
        return f"it did not end in {SECONDS / 60:.0f} minutes"
    lines = [line.strip() for line in done.err[max(done.err.find("error:"), 0) :].splitlines() if line.strip() and line.strip() != "Caused by:"]
    said = " ".join(lines).removeprefix("error: ")
    return (said.replace(token, "***") if token else said)[:500] or f"it ended with code {done.code}"
