"""Attestations for the tests, signed by nobody: a certificate of nothing but extensions, and what stands around it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

NUMBERS = {"issuer": 8, "repository": 12, "commit": 13, "workflow": 18, "run": 21}
ISSUER = "https://token.actions.githubusercontent.com"


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def certificate(**claims: str) -> bytes:
    """Make what stands in a certificate's place, with Fulcio's extensions."""
    listed = [
        der(0x30, der(0x06, bytes.fromhex("2b0601040183bf3001") + bytes([NUMBERS[name]])), der(0x04, der(0x0C, text.encode()))) for name, text in claims.items()
    ]
    return der(0x30, der(0x30, der(0x02, b"\x01"), der(0xA3, der(0x30, *listed))))


def claims(repository: str = "spam/eggs", commit: str = "c" * 40, workflow: str = "release.yml", tag: str = "v1.0.0") -> dict[str, str]:
    url = f"https://github.com/{repository}"
    return {"issuer": ISSUER, "repository": url, "commit": commit, "workflow": f"{url}/.github/workflows/{workflow}@refs/tags/{tag}"}


def statement(name: str, sha256: str, predicate: Mapping[str, Any] | None = None, kind: str = "https://slsa.dev/provenance/v1", **digests: str) -> str:
    said = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": name, "digest": {**({"sha256": sha256} if sha256 else {}), **digests}}]}
    return _text(json.dumps({**said, "predicateType": kind, "predicate": predicate}).encode())


def build(commit: str, repository: str = "spam/eggs", workflow: str = "release.yml") -> dict[str, Any]:
    """Make provenance of SLSA as GitHub writes it."""
    where = {"ref": "refs/tags/v1.0.0", "repository": f"https://github.com/{repository}", "path": f".github/workflows/{workflow}"}
    needs = [{"uri": f"git+https://github.com/{repository}@refs/tags/v1.0.0", "digest": {"gitCommit": commit}}]
    return {"buildDefinition": {"externalParameters": {"workflow": where}, "resolvedDependencies": needs}}


def bundle(payload: str, raw: bytes, entry: tuple[str, str] = ("dsse", "0.0.1")) -> dict[str, Any]:
    entries = [{"kindVersion": {"kind": entry[0], "version": entry[1]}}]
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": _text(raw)}, "tlogEntries": entries},
        "dsseEnvelope": {"payload": payload, "payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": "AA=="}]},
    }


def pep740(payload: str, raw: bytes) -> dict[str, Any]:
    return {
        "version": 1,
        "verification_material": {"certificate": _text(raw), "transparency_entries": [{"kindVersion": {"kind": "dsse", "version": "0.0.1"}}]},
        "envelope": {"statement": payload, "signature": "AA=="},
    }


def provenance(
    *attestations: Mapping[str, Any], repository: str = "spam/eggs", workflow: str = "release.yml", environment: str | None = "pypi"
) -> dict[str, Any]:
    publisher = {"kind": "GitHub", "repository": repository, "workflow": workflow, "environment": environment}
    return {"version": 1, "attestation_bundles": [{"publisher": publisher, "attestations": list(attestations)}]}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
