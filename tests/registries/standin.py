"""What the stand-ins share: a server with a log and with faults, and the three registries, each as its own clients expect it."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from packaging.utils import canonicalize_name

from lockstep.evidence.registries.crates_io import prefix

Headers: TypeAlias = Mapping[str, str]
Reply: TypeAlias = "tuple[int, bytes, str]"
Fault: TypeAlias = "Callable[[Any], None]"


@dataclass
class Registry:
    """A registry: what was asked of it, and what goes wrong the next times that a path is asked for that holds a text."""

    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    token: str = ""
    """What everybody must send as `Authorization`; "" for nothing."""

    def fault(self, path: str, answer: Fault, times: int = 1) -> None:
        self.faults += [(path, answer)] * times

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def reply(self, method: str, path: str, headers: Headers, body: bytes) -> Reply:
        raise NotImplementedError


class Handler(BaseHTTPRequestHandler):
    """One connection to a registry; the faults of the gate's stand-in work on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub: Registry
    stop: threading.Event
    said: tuple[Headers, bytes]
    """Headers and body of the request, for a fault that lets it through."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.said = headers, body
        self.hub.asked.append((self.command, self.path, headers))
        for number, (path, fault) in enumerate(self.hub.faults):
            if path in f"{self.command} {self.path}":
                del self.hub.faults[number]
                fault(self)
                return
        if self.hub.token and headers.get("authorization") != self.hub.token:
            self.send(401, b'{"errors": [{"detail": "who are you?"}], "error": "who are you?", "message": "who are you?"}')
            return
        self.send(*self.hub.reply(self.command, unquote(urlsplit(self.path).path), headers, body))

    do_GET = do_PUT = do_POST = _serve  # noqa: N815 - http.server's names

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


SLSA = "https://slsa.dev/provenance/v1"


def _json(status: int, body: object) -> Reply:
    return status, json.dumps(body).encode(), "application/json"


# ---- crates


@dataclass
class Crates(Registry):
    """A sparse registry that cargo publishes to. `stale` are crates whose index does not show them yet.

    `publishers` is what is kept of the token that published a version, `exclusive` are crates that trusted publishers alone may publish, `records` are
    those, which are shown to who sends `owner`.
    """

    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    yanked: set[tuple[str, str]] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    publishers: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    exclusive: set[str] = field(default_factory=set)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    owner: str = ""

    def add(self, name: str, version: str, data: bytes, **row: object) -> None:
        self.files[name, version] = data
        digest = hashlib.sha256(data).hexdigest()
        self.rows[name, version] = {"name": name, "vers": version, "deps": [], "features": {}, "cksum": digest, "yanked": False, "v": 2, **row}

    def reply(self, method: str, path: str, headers: Headers, body: bytes) -> Reply:
        match method, path.strip("/").split("/"):
            case "GET", ["api", "v1", "trusted_publishing", "github_configs"]:
                return self._records(headers)
            case "GET", ["api", "v1", "crates", name] if any(of == name for of, _ in self.files):
                return self._crate(name)
            case "GET", ["index", "config.json"]:
                return _json(200, {"dl": f"{self.url}/api/v1/crates", "api": self.url, **({"auth-required": True} if self.token else {})})
            case "GET", ["index", *folders, name] if "/".join(folders) == prefix(name):
                rows = [row | {"yanked": key in self.yanked} for key, row in self.rows.items() if key[0].lower() == name and key[0] not in self.stale]
                return (200, b"".join(json.dumps(row).encode() + b"\n" for row in rows), "text/plain") if rows else (404, b"", "text/plain")
            case "GET", ["api", "v1", "crates", name, version, "download"] if (name, version) in self.files:
                return 200, self.files[name, version], "application/gzip"
            case "GET", ["api", "v1", "crates", name, version]:
                if (name, version) not in self.files:
                    return _json(404, {"errors": [{"detail": f"crate `{name}` does not have a version `{version}`"}]})
                row = self.rows[name, version]
                record = {
                    "crate": name,
                    "num": version,
                    "checksum": row["cksum"],
                    "yanked": (name, version) in self.yanked,
                    "trustpub_data": self.publishers.get((name, version)),
                }
                return _json(200, {"version": record})
            case "PUT", ["api", "v1", "crates", "new"]:
                return self._publish(body)
        return _json(404, {"errors": [{"detail": "Not Found"}]})

    def _crate(self, name: str) -> Reply:
        """Answer for `?include=default_version`. Source: https://github.com/rust-lang/crates.io, src/controllers/krate/metadata.rs"""
        last = [version for of, version in self.files if of == name][-1]
        crate = {"id": name, "name": name, "default_version": last, "max_version": last, "newest_version": last, "trustpub_only": name in self.exclusive}
        by = self.publishers.get((name, last))
        version = {"crate": name, "num": last, "yanked": False, "trustpub_data": by, "published_by": None if by else {"id": 1, "login": "ham"}}
        return _json(200, {"crate": crate, "versions": [version], "keywords": None, "categories": None})

    def _records(self, headers: Headers) -> Reply:
        """Answer to an owner alone. Source: the same, src/controllers/trustpub/github_configs/list.rs"""
        if not self.owner or headers.get("authorization") != self.owner:
            return _json(403, {"errors": [{"detail": "this action requires authentication"}]})
        name = parse_qs(urlsplit(self.paths[-1]).query)["crate"][0]
        found = [{"id": 1, "crate": name, "repository_owner_id": 1, "created_at": "2026-01-01T00:00:00Z", **one} for one in self.records.get(name, [])]
        return _json(200, {"github_configs": found, "meta": {"total": len(found), "next_page": None}})

    def _publish(self, body: bytes) -> Reply:
        """Read what cargo sends. Source: https://doc.rust-lang.org/cargo/reference/registry-web-api.html#publish"""
        size = struct.unpack_from("<I", body)[0]
        said = json.loads(body[4 : 4 + size])
        data = body[8 + size : 8 + size + struct.unpack_from("<I", body, 4 + size)[0]]
        if (said["name"], said["vers"]) in self.files:
            return _json(400, {"errors": [{"detail": f"crate version `{said['vers']}` is already uploaded"}]})
        needs = [
            {"name": one.get("explicit_name_in_toml") or one["name"], "req": one["version_req"], "package": one["name"]}
            | {key: one[key] for key in ("features", "optional", "default_features", "target", "kind")}
            for one in said["deps"]
        ]
        self.add(said["name"], said["vers"], data, deps=needs, features=said["features"], links=said.get("links"))
        return _json(200, {"warnings": {"invalid_categories": [], "invalid_badges": [], "other": []}})


# ---- PyPI


@dataclass
class PyPI(Registry):
    """An index that twine and uv upload to and pip installs from. `stale` are files that the Simple API does not show yet, `yanked` those with a reason."""

    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    """Project, version and bytes by the name of the file."""
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """What was said of each file that was uploaded, beside its bytes."""
    yanked: dict[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    speaks_json: bool = True
    provenances: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the name of the file, what its provenance says."""
    publishers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The publishers of the attestations of a file; one that is not here has none."""

    def add(self, name: str, project: str, version: str, data: bytes) -> None:
        self.files[name] = (canonicalize_name(project), version, data)

    def reply(self, method: str, path: str, headers: Headers, body: bytes) -> Reply:
        match method, path.strip("/").split("/"):
            case "POST", ["legacy"]:
                return self._upload(headers, body)
            case "GET", ["simple", project]:
                return self._simple(project, headers)
            case "GET", ["pypi", project, version, "json"]:
                return self._release(project, version)
            case "GET", ["pypi", project, "json"] if any(of == project for of, _, _ in self.files.values()):
                return _json(200, {"info": {"name": project}, "urls": []})
            case "GET", ["files", name] if name in self.files:
                return 200, self.files[name][2], "application/octet-stream"
            case "GET", ["integrity", *_, name, "provenance"] if name in self.provenances:
                return _json(200, self.provenances[name])
            case "GET", ["integrity", *_, name, "provenance"] if name in self.publishers:
                bundles = [{"publisher": one, "attestations": []} for one in self.publishers[name]]
                return _json(200, {"version": 1, "attestation_bundles": bundles})
        return _json(404, {"message": "Not Found"})

    def _simple(self, project: str, headers: Headers) -> Reply:
        """Answer as PEP 691 or PEP 503, as it is wanted."""
        mine = {name: data for name, (of, _, data) in self.files.items() if of == project and name not in self.stale}
        if not mine:
            return 404, b"404 Not Found", "text/plain"
        if self.speaks_json and "vnd.pypi.simple.v1+json" in headers.get("accept", ""):
            listed = [
                {"filename": name, "url": f"{self.url}/files/{name}", "hashes": {"sha256": hashlib.sha256(data).hexdigest()}, "size": len(data)}
                | {"yanked": self.yanked.get(name, False)}
                for name, data in mine.items()
            ]
            body = {"meta": {"api-version": "1.1"}, "name": project, "versions": sorted({self.files[name][1] for name in mine}), "files": listed}
            return 200, json.dumps(body).encode(), "application/vnd.pypi.simple.v1+json"
        yanked = {name: f' data-yanked="{reason}"' for name, reason in self.yanked.items()}
        links = (f'<a href="/files/{name}#sha256={hashlib.sha256(data).hexdigest()}"{yanked.get(name, "")}>{name}</a>' for name, data in mine.items())
        return 200, f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode(), "text/html"

    def _release(self, project: str, version: str) -> Reply:
        mine = {name: data for name, (of, said, data) in self.files.items() if (of, said) == (project, version)}
        if not mine:
            return _json(404, {"message": "Not Found"})
        listed = [
            {"filename": name, "digests": {"sha256": hashlib.sha256(data).hexdigest()}, "size": len(data), "url": f"{self.url}/files/{name}"}
            | {"yanked": name in self.yanked, "yanked_reason": self.yanked.get(name)}
            for name, data in mine.items()
        ]
        return _json(200, {"info": {"name": project, "version": version}, "urls": listed})

    def _upload(self, headers: Headers, body: bytes) -> Reply:
        """Read a form. Source: https://docs.pypi.org/api/upload/"""
        whole = message_from_bytes(f"Content-Type: {headers['content-type']}\r\n\r\n".encode() + body)
        parts = whole.get_payload()
        assert isinstance(parts, list)
        form = {str(part.get_param("name", header="content-disposition")): part for part in parts if isinstance(part, Message)}
        name, data = str(form["content"].get_filename()), _bytes(form["content"])
        if name in self.files:
            return 400, b"File already exists", "text/plain"
        self.add(name, _bytes(form["name"]).decode(), _bytes(form["version"]).decode(), data)
        said = self.forms[name] = {}
        for part in (one for one in parts if isinstance(one, Message) and one.get_filename() is None):
            said.setdefault(str(part.get_param("name", header="content-disposition")), []).append(_bytes(part).decode())
        return 200, b"", "text/plain"


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


# ---- npm


@dataclass
class Npm(Registry):
    """A registry that npm publishes to and installs from. `stale` are packages whose packument does not show them yet."""

    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    deprecated: dict[tuple[str, str], str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    """The dist-tags that were asked for last."""
    stale: set[str] = field(default_factory=set)
    attestations: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, name: str, version: str, data: bytes, manifest: Mapping[str, Any] | None = None) -> None:
        self.files[name, version] = data
        self.manifests[name, version] = dict(manifest or {})

    def document(self, name: str, version: str) -> dict[str, Any]:
        data = self.files[name, version]
        file = f"{name.rpartition('/')[2]}-{version}.tgz"
        dist: dict[str, Any] = {"integrity": f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}", "shasum": hashlib.sha1(data).hexdigest()}
        told = {"deprecated": self.deprecated[name, version]} if (name, version) in self.deprecated else {}
        dist |= {"tarball": f"{self.url}/{name}/-/{file}"}
        if (name, version) in self.attestations:
            dist |= {"attestations": {"url": f"{self.url}/-/npm/v1/attestations/{name}@{version}", "provenance": {"predicateType": SLSA}}}
        return {**self.manifests[name, version], "name": name, "version": version, "dist": dist, **told}

    def reply(self, method: str, path: str, headers: Headers, body: bytes) -> Reply:
        del headers
        words = unquote(path).strip("/").split("/")
        name = "/".join(words[: 2 if path.startswith("/@") else 1])
        rest = words[2 if path.startswith("/@") else 1 :]
        versions = {version: self.document(name, version) for of, version in self.files if of == name}
        if words[:4] == ["-", "npm", "v1", "attestations"]:
            whose = "/".join(words[4:]).rpartition("@")
            statements = self.attestations.get((whose[0], whose[2]))
            return _json(404, {"error": "Not found"}) if statements is None else _json(200, {"attestations": statements})
        if method == "PUT" and not rest:
            return self._publish(name, json.loads(body))
        match rest:
            case [] if versions and name not in self.stale:
                return _json(200, {"name": name, "dist-tags": {"latest": [*versions][-1]}, "versions": versions})
            case [version] if version in versions:
                return _json(200, versions[version])
            case ["-", file] if method == "GET":
                found = [data for (of, version), data in self.files.items() if of == name and file.endswith(f"-{version}.tgz")]
                return (200, found[0], "application/octet-stream") if found else _json(404, {"error": "Not found"})
        return _json(404, {"error": "Not found"})

    def _publish(self, name: str, said: dict[str, Any]) -> Reply:
        [(version, manifest)] = said["versions"].items()
        if (name, version) in self.files:
            return _json(403, {"error": "You cannot publish over the previously published versions"})
        [attached] = [one for key, one in said["_attachments"].items() if key.endswith(".tgz")]
        self.add(name, version, base64.b64decode(attached["data"]), manifest)
        self.tags = said["dist-tags"]
        return _json(201, {"ok": True, "success": True})
