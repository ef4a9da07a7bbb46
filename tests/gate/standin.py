"""A stand-in of GitHub's REST API on this machine: a repository with workflows and runs that go on, and every way to answer badly.

What it answers well has the shape that GitHub publishes: `python -m tests.gate` holds it against that description.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeAlias, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.gate.shapes import full_repository, workflow, workflow_run

Json: TypeAlias = dict[str, Any]
Fault: TypeAlias = "Callable[[Handler], None]"

LARGEST_PAGE = 100


class HasUrl(Protocol):
    """What is served: it is told where."""

    url: str


Served = TypeVar("Served", bound=HasUrl)


@dataclass
class Attempt:
    """One attempt of a run: the states that it goes through, one a question."""

    states: list[str]

    def now(self) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


@dataclass
class Run:
    """A run: `states` of its newest attempt, of which each question takes one until the last stays."""

    id: int
    number: int
    workflow: str
    sha: str
    branch: str | None
    event: str
    newest: Attempt
    attempt: int = 1


@dataclass
class Hub:
    """The state of GitHub: one repository, its workflows by file name with their state, its runs, and what goes wrong."""

    name: str = "spam/eggs"
    default_branch: str = "main"
    private: bool = False
    token: str = ""
    workflows: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    filters: bool = True
    """Whether the server knows the filters of a search; an old one ignores what it does not know."""

    def run(self, workflow: str, sha: str, *states: str, branch: str | None = "main", event: str = "push", attempt: int = 1) -> Run:
        """Start a run; a state is `queued`, `completed/success` and their like."""
        self.workflows.setdefault(workflow, "active")
        number = 1 + sum(one.workflow == workflow for one in self.runs)
        made = Run(1000 + len(self.runs), number, workflow, sha, branch, event, Attempt(list(states)), attempt)
        self.runs.append(made)
        return made

    def fault(self, path: str, answer: Fault, times: int = 1) -> None:
        """Answer so the next times that a path is asked for that holds `path`."""
        self.faults += [(path, answer)] * times

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


# ---- what GitHub answers


def answer(hub: Hub, path: str, query: dict[str, str], token: str) -> tuple[int, Json]:
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if hub.token and token and token != hub.token:
        return 401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"}
    missing = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
    if parts[:1] != ["repos"] or "/".join(parts[1:3]).lower() != hub.name.lower() or (hub.private and (not token or token != hub.token)):
        return 404, missing
    match parts[3:]:
        case []:
            return 200, full_repository(hub)
        case ["actions", "workflows", name] if name in hub.workflows:
            return 200, workflow(hub, name)
        case ["actions", "workflows", name, "runs"] if name in hub.workflows:
            return 200, listed(hub, [one for one in hub.runs if one.workflow == name], query)
        case _:
            return 404, missing


def listed(hub: Hub, runs: list[Run], query: dict[str, str]) -> Json:
    def wanted(one: Run) -> bool:
        asked = {"head_sha": one.sha, "branch": one.branch, "event": one.event}
        return not hub.filters or all(query.get(name) in (None, value) for name, value in asked.items())

    found = sorted((one for one in runs if wanted(one)), key=lambda one: one.id, reverse=True)
    size, page = min(int(query.get("per_page", "30")), LARGEST_PAGE), int(query.get("page", "1"))
    return {"total_count": len(found), "workflow_runs": [workflow_run(hub, one) for one in found[size * (page - 1) : size * page]]}


# ---- how it answers


class Handler(BaseHTTPRequestHandler):
    """One connection to the stand-in."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub: Hub
    stop: threading.Event

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.hub.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        for number, (path, fault) in enumerate(self.hub.faults):
            if path in self.path:
                del self.hub.faults[number]
                fault(self)
                return
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.respond(parts.path, query, self.headers.get("Authorization", "").removeprefix("Bearer "))

    def respond(self, path: str, query: dict[str, str], token: str) -> None:
        status, body = answer(self.hub, path, query, token)
        self.send(status, json.dumps(body).encode())

    def send(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None: ...  # the client went away, which tests do


@contextmanager
def serve(hub: Served, handler: type[BaseHTTPRequestHandler] | None = None) -> Iterator[Served]:
    """Answer for a hub, or for what another handler knows, on a free port of this machine."""
    stop = threading.Event()
    made = type("_Handler", (handler or Handler,), {"hub": hub, "stop": stop})
    with _Server(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield hub
        finally:
            stop.set()
            server.shutdown()
            thread.join()


# ---- ways to answer badly


def status(code: int, message: str = "", kind: str = "application/json", **headers: str) -> Fault:
    body = json.dumps({"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(code)}).encode()
    return lambda handler: handler.send(code, body if "json" in kind else message.encode(), kind, **headers)


def says(body: bytes, kind: str = "application/json", **headers: str) -> Fault:
    """Answer 200 with these bytes."""
    return lambda handler: handler.send(200, body, kind, **headers)


def changed(change: Callable[[Json], object]) -> Fault:
    """Answer as GitHub would, and change that."""

    def fault(handler: Handler) -> None:
        parts = urlsplit(handler.path)
        _, body = answer(handler.hub, parts.path, {name: values[-1] for name, values in parse_qs(parts.query).items()}, "")
        made = change(body)
        handler.send(200, json.dumps(body if made is None else made).encode())

    return fault


def cut_short(handler: Handler) -> None:
    """Promise more bytes than are sent, and hang up."""
    handler.send(200, b'{"total_count": 1, "workflow_runs": [{"id"', length="4000")
    handler.close_connection = True


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


def endless(pause: float, chunk: bytes = b" " * 65536) -> Fault:
    """Answer without an end, a piece at a time."""

    def fault(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        while not handler.stop.is_set():
            handler.wfile.write(chunk)
            if pause:
                time.sleep(pause)

    return fault


def endless_headers(pause: float) -> Fault:
    def fault(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        number = 0
        while not handler.stop.is_set():
            number += 1
            handler.wfile.write(f"X-{number}: 1\r\n".encode())
            handler.wfile.flush()
            time.sleep(pause)

    return fault


def silent(handler: Handler) -> None:
    """Take the question and say nothing."""
    handler.stop.wait()
    handler.close_connection = True
