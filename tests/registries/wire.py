"""A whole release in this process: registries behind one transport that can fail at any request in any way, and a guard that holds what is sent to the laws.

npm and cargo are stood in for by what they send; that the real ones send this is shown in test_publish and test_crates.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from lockstep.acts import cargo_token, crates_io, npm
from lockstep.acts.sent import Crate, Upload
from lockstep.app import release_publish, release_stage
from lockstep.app.release_publish import PublishRequest
from lockstep.app.release_stage import StageRequest
from lockstep.app.release_status import Asked, StatusRequest
from lockstep.config import RegistriesConfig
from lockstep.errors import LockstepError
from lockstep.evidence import github as api
from lockstep.evidence import http
from lockstep.evidence.github import Api
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.observing import Question
from lockstep.evidence.running import Done
from lockstep.release.candidate import Artifact, Candidate, Registry
from lockstep.release.status import Stage, Status
from lockstep.repository.programs import Found
from tests.gate.releases import ReleaseHub
from tests.registries import standin
from tests.registries.acting import COMMIT
from tests.registries.generated import made
from tests.registries.wire_client import Capturing, Client, Lost, file_of

TOKENS = {"pypi.test": "pypi-s3cret", "npm.test": "npm-s3cret", "crates.test": "cio-s3cret", "api.hub.test": "ghp-s3cret", "uploads.hub.test": "ghp-s3cret"}
ENVIRONMENT = {
    "UV_PUBLISH_TOKEN": TOKENS["pypi.test"],
    "UV_PUBLISH_URL": "https://pypi.test/legacy/",
    "NODE_AUTH_TOKEN": TOKENS["npm.test"],
    "NPM_CONFIG_REGISTRY": "https://npm.test/",
    "CARGO_REGISTRIES_MINE_INDEX": "sparse+https://crates.test/index/",
    "CARGO_REGISTRIES_MINE_TOKEN": TOKENS["crates.test"],
    "PATH": "/usr/bin",
}
KINDS = (
    *("refused", "lost-before", "lost-after", "500-before", "500-after", "429", "truncated", "tampered", "stale"),
    *("taken", "taken-same", "killed-before", "killed-after", "two-at-once", "two-stages", "moved", "tag-moved", "yanked", "replaced"),
)
"""What can go wrong at a request: `taken` is that somebody else publishes a file with other bytes, `taken-same` with the same;
`two-stages` that another job stages it meanwhile, `two-at-once` that one does everything; `moved` that another commit is checked out where this job runs,
`tag-moved` that the tag is of another one; `yanked` that a crate or wheel is withdrawn, `replaced` that an asset has other bytes."""
MOST_RUNS = 6
STALE = 12
"""Requests for which an index is stale."""


class Killed(BaseException):
    """The job is killed."""


@dataclass
class Fault:
    """What goes wrong, and at which request from the start."""

    kind: str
    at: int


@dataclass
class Wire:
    """The registries, what was sent to them, and what goes wrong; `broken` are the laws that were broken."""

    candidate: Candidate
    built: dict[str, bytes]
    fault: Fault | None
    folder: Path
    crates: standin.Crates = field(default_factory=lambda: standin.Crates(url="https://crates.test"))
    pypi: standin.PyPI = field(default_factory=lambda: standin.PyPI(url="https://pypi.test"))
    npm: standin.Npm = field(default_factory=lambda: standin.Npm(url="https://npm.test"))
    hub: ReleaseHub = field(default_factory=lambda: ReleaseHub(refs={"v1.0.0": COMMIT}, writers={TOKENS["api.hub.test"]}, says_push=False))
    requests: int = 0
    acts: int = 0
    conflict_in: int | None = None
    """The act during which a conflict came to be that stays."""
    attempts: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    stale_until: int = -1
    is_alarm_due: bool = False
    runs: int = 0
    moved_in: int = -1
    """The run from which on another commit is checked out, to its end."""
    broken: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    # ---- requests

    def handle(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Answer a request, or do to it what is to go wrong."""
        number, self.requests = self.requests, self.requests + 1
        host = urlsplit(url).hostname or ""
        self._tokens(host, headers, body)
        kind = self.fault.kind if self.fault is not None and self.fault.at == number else ""
        self._meanwhile(kind, number)
        if kind == "killed-before":
            raise Killed
        if kind in ("refused", "lost-before"):
            raise Lost
        if kind in ("500-before", "429"):
            return int(kind[:3]), b'{"message": "boom"}', "application/json"
        answer = self._answer(method, url, headers, body)
        match kind:
            case "killed-after":
                raise Killed
            case "lost-after" | "truncated":
                raise Lost
            case "500-after":
                return 500, b'{"message": "boom"}', "application/json"
            case "tampered":
                return answer[0], re.sub(rb"[0-9a-f]{64}", b"0" * 64, answer[1]), answer[2]
        return answer

    def _meanwhile(self, kind: str, number: int) -> None:
        """Let something happen beside the request."""
        if kind == "stale":
            self.stale_until = number + STALE
        if kind in ("taken", "taken-same"):
            self._taken(same=kind == "taken-same")
        if kind == "moved":
            self.moved_in = self.runs
        if kind in ("tag-moved", "yanked", "replaced"):
            self._meddled(kind)
        if kind in ("two-at-once", "two-stages"):
            other = threading.Thread(target=self.run, args=(1 if kind == "two-stages" else None,))
            other.start()
            other.join()

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, str]:
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path)
        whole = {name.lower(): value for name, value in headers.items()}
        if method not in ("GET", "HEAD"):
            self._guard(method, url, body)
        stale = self.requests <= self.stale_until
        self.crates.stale = {one.package for one in self.candidate.artifacts} if stale else set()
        self.pypi.stale = {one.name for one in self.candidate.artifacts} if stale else set()
        self.npm.stale = {one.package for one in self.candidate.artifacts} if stale else set()
        match host:
            case "crates.test":
                return self.crates.reply(method, path, whole, body)
            case "pypi.test":
                return self.pypi.reply(method, path, whole, body)
            case "npm.test":
                return self.npm.reply(method, path, whole, body)
            case "api.hub.test" | "uploads.hub.test":
                if method != "GET":
                    return self.hub.reply(method, f"{parts.path}?{parts.query}", whole, body)
                capturing = Capturing(self.hub, headers)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                capturing.respond(parts.path, query, whole.get("authorization", "").removeprefix("Bearer "))
                return capturing.answer
        self.broken.append(f"{host} was asked")
        return 404, b"", ""

    # ---- laws

    def _tokens(self, host: str, headers: Mapping[str, str], body: bytes) -> None:
        text = " ".join(headers.values())
        text += "".join(base64.b64decode(one).decode(errors="replace") for one in re.findall(r"Basic ([A-Za-z0-9+/=]+)", text))
        for owner, token in TOKENS.items():
            if TOKENS.get(host) != token and (token in text or token.encode() in body):
                self.broken.append(f"the token of {owner} went to {host}")

    def _guard(self, method: str, url: str, body: bytes) -> None:
        """Hold what is sent to the laws."""
        if self.conflict_in is not None and self.acts > self.conflict_in:
            self.broken.append(f"{method} {url} after a conflict")
        if method == "DELETE":
            [draft] = [one for one in self.hub.releases if url.endswith(f"/{one.id}")]
            if not draft.draft or draft.assets or len(self.hub.releases) == 1:
                self.broken.append("a release was deleted that holds something")
            return
        if method == "PATCH":
            self.opened += 1
            if left := [one.id for one in self.candidate.artifacts if self.there(one) != self.built[one.name]]:
                if self.fault is None or self.fault.at != self.requests - 1:
                    self.broken.append(f"made public without {left[0]}")
                self.is_alarm_due = True  # it changed while it was asked for, which no look before can see
            return
        sent = file_of(url, body)
        if sent is None:
            return
        digests = {hashlib.sha256(data).hexdigest() for data in self.built.values()}
        digest = hashlib.sha256(sent).hexdigest()
        if digest not in digests:
            self.broken.append(f"{method} {url} sent what is not in the candidate")
        self.attempts[digest] = self.attempts.get(digest, 0) + 1
        if self.attempts[digest] > 2:
            self.broken.append(f"{method} {url} for the third time")

    def there(self, one: Artifact) -> bytes | None:
        """Give the bytes that are there in truth."""
        match one.registry:
            case Registry.CRATES_IO:
                return self.crates.files.get((one.package, one.version))
            case Registry.PYPI:
                return self.pypi.files[one.name][2] if one.name in self.pypi.files else None
            case Registry.NPM:
                return self.npm.files.get((one.package, one.version))
        return next((asset.data for release in self.hub.releases for asset in release.assets if asset.name == one.name), None)

    def _taken(self, *, same: bool) -> None:
        """Let somebody else publish what is not there yet."""
        left = [one for one in self.candidate.artifacts if self.there(one) is None and one.registry is not Registry.GITHUB]
        if not left:
            return
        one, data = left[0], self.built[left[0].name] if same else b"theirs"
        match one.registry:
            case Registry.CRATES_IO:
                self.crates.add(one.package, one.version, data)
            case Registry.PYPI:
                self.pypi.add(one.name, one.package, one.version, data)
            case Registry.NPM:
                self.npm.add(one.package, one.version, data)
        if not same:
            self.conflict_in = self.acts

    def _meddled(self, kind: str) -> None:
        """Let somebody change what is there, where there is anything."""
        there = [one for one in self.candidate.artifacts if self.there(one) is not None]
        crates = [(one.package, one.version) for one in there if one.registry is Registry.CRATES_IO]
        wheels = [one.name for one in there if one.registry is Registry.PYPI]
        assets = [asset for release in self.hub.releases for asset in release.assets]
        if kind == "tag-moved":
            self.hub.refs["v1.0.0"] = "d" * 40
        elif kind == "yanked" and crates:
            self.crates.yanked.add(crates[0])
        elif kind == "yanked" and wheels:
            self.pypi.yanked[wheels[0]] = "broken"
        elif kind == "replaced" and assets:
            assets[0].data += b"!"
        else:
            return
        self.conflict_in = self.acts

    # ---- npm and cargo

    def program(self, command: Sequence[str], folder: str, environment: Mapping[str, str], seconds: float) -> Done | None:
        """Do what npm and cargo do, as far as a registry sees it."""
        del seconds
        for host, token in TOKENS.items():
            own = {"NODE_AUTH_TOKEN": "npm.test"}
            if any(token in value and own.get(name) != host for name, value in environment.items()) or any(token in word for word in command):
                self.broken.append(f"{command[0]} was given the token of {host}")
        try:
            if command[1] == "package":
                for number, word in enumerate(command):
                    if word == "-p":
                        place = Path(folder, "target", "package", f"{command[number + 1]}-1.0.0.crate")
                        place.parent.mkdir(parents=True, exist_ok=True)
                        place.write_bytes(self._packed(place.name))
                return Done(code=0, out="", err="")
            status, body, _ = self._npm(command, folder, environment) if "npm" in command[0] else self._cargo(command, folder)
        except Lost:
            return Done(code=1, out="", err="npm error code ECONNRESET\nerror: lost")
        said = body.decode(errors="replace")
        return Done(code=0 if status < 300 else 1, out="", err="" if status < 300 else f"npm error code E{status}\nerror: got {status} {said}")

    def _packed(self, name: str) -> bytes:
        return self.built[name] if self.moved_in != self.runs else b"of another commit"

    def _npm(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> tuple[int, bytes, str]:
        name = command[2].removeprefix("./")
        one = next(one for one in self.candidate.artifacts if one.name == name)
        data = base64.b64encode(Path(folder, name).read_bytes()).decode()
        body = {"versions": {one.version: {}}, "dist-tags": {}, "_attachments": {f"{one.package}-{one.version}.tgz": {"data": data}}}
        headers = {"authorization": f"Bearer {environment['NODE_AUTH_TOKEN']}"}
        return self.handle("PUT", f"https://npm.test/{one.package}", headers, json.dumps(body).encode())

    def _cargo(self, command: Sequence[str], folder: str) -> tuple[int, bytes, str]:
        """Ask for the token as cargo does, which packs anew, and send what was packed; that the real one does is shown in test_crates."""
        name = command[command.index("-p") + 1]
        said = json.dumps({"name": name, "vers": "1.0.0", "deps": [], "features": {}}).encode()
        data = self._packed(f"{name}-1.0.0.crate")
        body = struct.pack("<I", len(said)) + said + struct.pack("<I", len(data)) + data
        known = json.loads(Path(folder, "token.json").read_bytes())
        if known["crate"]["cksum"] != hashlib.sha256(data).hexdigest():
            return 500, cargo_token.REFUSED.encode(), ""
        return self.handle("PUT", "https://crates.test/api/v1/crates/new", {"authorization": known["token"]}, body)

    # ---- a job

    def asked(self) -> Asked:
        config = RegistriesConfig(
            crates_io="sparse+https://crates.test/index/", pypi="https://pypi.test/simple/", pypi_api="https://pypi.test/pypi", npm="https://npm.test/"
        )
        where = addresses(config, {}, "/nowhere")
        hub = Api(url="https://api.hub.test", token=TOKENS["api.hub.test"])
        question = Question(candidate=self.candidate, addresses=where, api=hub, slug=self.hub.name, writes=True)
        return Asked(question=question, source="", opened=None)

    def run(self, most: int | None = None) -> None:
        """Run a job as a workflow does: stage, every file in an order, open; each act goes its way, whatever came of the one before."""
        self.runs += 1
        status = StatusRequest(folder=str(self.folder))
        stage = StageRequest(status=status, dist=str(self.folder))
        files = [one.id for one in self.candidate.artifacts if one.registry is not Registry.GITHUB]
        acts: list[Callable[[], object]] = [lambda: release_stage.stage(stage, ENVIRONMENT, self.said.append)]
        acts += [lambda id_=id_: self._publish(id_, status) for id_ in files]  # type: ignore[misc]
        acts.append(lambda: release_stage.open_release(stage, ENVIRONMENT, self.said.append))
        try:
            for act in acts[:most]:
                self.acts += 1
                try:
                    self.said.append(str(act()))
                except LockstepError as error:
                    self.said.append(f"{error} {error.help}")
        except Killed:
            return

    def _publish(self, id_: str, status: StatusRequest) -> object:
        return release_publish.publish(PublishRequest(artifact=id_, status=status, dist=str(self.folder)), ENVIRONMENT, self.said.append)

    def status(self) -> Status:
        return self.asked().look(self.said.append)

    def to_the_end(self) -> list[str]:
        """Run jobs until nothing is left to do, and give the laws that were broken."""
        status = None
        for _ in range(MOST_RUNS):
            self.run()
            try:
                status = self.status()
            except Killed:
                continue
            if status.stage is (Stage.COMPLETE if self.conflict_in is None else Stage.CONFLICT):
                break
        assert status is not None
        end = Stage.COMPLETE if self.conflict_in is None else Stage.CONFLICT
        if status.stage is not end:
            self.broken.append(f"it ended {status.stage}, not {end}: {[one for one in status.observations if one.why]}{status.others}")
        if status.stage is Stage.COMPLETE and status.plan.ready:
            self.broken.append("a complete release has steps that are ready")
        if self.opened > (2 if self.fault is not None else 1):
            self.broken.append(f"made public {self.opened} times")
        if self.is_alarm_due and not any("THE RELEASE IS PUBLIC, and is not what was verified" in text for text in self.said):
            self.broken.append("what became public unverified is not told")
        if any(token in text for text in self.said for token in TOKENS.values()):
            self.broken.append("a message holds a token")
        return self.broken


@contextmanager
def wired(seed: int, fault: Fault | None) -> Iterator[Wire]:
    """Give a wire that everything in this process goes over."""
    candidate, built = made(seed)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name, data in built.items():
            Path(folder, name).write_bytes(data)
        wire = Wire(candidate, built, fault, Path(folder))

        async def client(self: http.Http, url: str) -> Client:
            del self, url
            return Client(wire.handle)

        def crate(asked: Asked, one: Artifact, options: Mapping[str, str]) -> Upload:
            address = asked.question.addresses[Registry.CRATES_IO]
            return Upload(
                candidate=candidate, artifact=one, address=address, root=Path(folder), crate=Crate(manifest="Cargo.toml", commit=COMMIT), options=options
            )

        asked: Callable[..., Any] = lambda *_, **__: wire.asked()  # noqa: E731
        patch.setattr(http.Http, "_client", client)
        patch.setattr(http, "PAUSE", 0.0)
        patch.setattr(api, "MINUTE", 0.0)
        patch.setattr(release_publish, "prepared", asked)
        patch.setattr(release_stage, "prepared", asked)
        patch.setattr(release_publish, "crate_upload", crate)
        for module in (npm, crates_io):
            patch.setattr(module, "run", wire.program)
            patch.setattr(module.programs, "find", lambda name, _: Found(path=f"/usr/bin/{name}"))
        yield wire
