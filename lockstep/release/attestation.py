"""An attestation, as a bundle of Sigstore or as PyPI keeps it: what it is about, who signed it by its certificate, and what it says of a build.

Nothing is verified here; an attestation that cannot be read is a sentence that says why.

Sources: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto, https://peps.python.org/pep-0740/,
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.0/provenance
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from lockstep.dataclass import dataclass, field, replace
from lockstep.release.candidate import Artifact
from lockstep.release.certificate import claims
from lockstep.release.published import Provenance, Signature

PUBLISH_OF_NPM = "https://github.com/npm/attestation/tree/main/specs/publish/"
RELEASE_OF_GITHUB = "https://in-toto.io/attestation/release/"
OLD_ENTRY = "intoto 0.0.2"
_GITHUB = "https://github.com/"
_PLAIN = "https://slsa.dev/provenance/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What an attestation holds: the statement (None where bytes alone are signed), the certificate's claims, and the kinds of its log entries.

    `digests` are those that it is about, by the subjects' names; `certified` says that there is a certificate, and not a key that is known elsewhere.
    `timestamped` says that a timestamp authority tells when it was signed, and no public log does.
    """

    predicate: str = ""
    statement: Mapping[str, Any] | None = field(default=None, repr=False)
    digests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    certified: bool = True
    timestamped: bool = False

    def is_about(self, artifact: Artifact) -> bool:
        """Say whether it is about the bytes of an artifact."""
        mine = {artifact.sha256, *_sha512(artifact.integrity)} - {""}
        return any(mine & one for one in self.digests.values())

    def other_bytes(self, artifact: Artifact) -> str:
        """Say about what it is, where that is not the artifact; "" where it is."""
        if self.is_about(artifact):
            return ""
        if artifact.name in self.digests:
            stated = ", ".join(sorted(self.digests[artifact.name])) or "no digest"
            return f"it is about other bytes of this name: {stated}, and the file is {artifact.sha256 or artifact.integrity}"
        named = ", ".join(sorted(self.digests)[:3]) or "no file"
        return f"it is about another file: {named}"


def _sha512(integrity: str) -> tuple[str, ...]:
    try:
        return (base64.b64decode(integrity.removeprefix("sha512-"), validate=True).hex(),) if integrity else ()
    except binascii.Error:
        return ()


def read_bundle(body: object) -> Attestation | str:
    """Read a bundle of Sigstore, or an envelope without one."""
    match body:
        case {"payload": str(payload), "payloadType": str(), "signatures": list(signatures)}:  # a bare envelope, as the SLSA generator attaches
            return _of_statement(payload, next(filter(None, map(_pem, signatures)), b""), (OLD_ENTRY,))
        case {"verificationMaterial": dict(material), **rest}:
            pass
        case _:
            return "it is no bundle of Sigstore"
    raw, entries = _certificate(material), tuple(_entry(one) for one in _list(material.get("tlogEntries")))
    found: Attestation | str = "it has neither an envelope nor a signature of a digest"
    match rest:
        case {"dsseEnvelope": {"payload": str(payload)}}:
            found = _of_statement(payload, raw or b"", entries)
        case {"messageSignature": {"messageDigest": {"digest": str(said)}}}:
            digest = _bytes(said)
            found = "its digest is no base64"
            if digest is not None:
                found = Attestation(digests={"": frozenset({digest.hex()})}, claims=claims(raw or b""), entries=entries)
    if isinstance(found, str):
        return found
    return replace(found, certified=raw is not None, timestamped=not entries and _is_timestamped(material))


def read_pep740(body: object) -> Attestation | str:
    """Read an attestation as PyPI keeps it."""
    match body:
        case {"version": 1, "verification_material": {"certificate": str(raw), **material}, "envelope": {"statement": str(statement)}}:
            certificate = _bytes(raw)
            entries = tuple(_entry(one) for one in _list(material.get("transparency_entries")))
            return "its certificate is no base64" if certificate is None else _of_statement(statement, certificate, entries)
    return "it is no attestation as PEP 740 has it"


def _of_statement(payload: str, certificate: bytes, entries: tuple[str, ...]) -> Attestation | str:
    try:
        statement = json.loads(base64.b64decode(payload, validate=True))
    except (ValueError, RecursionError):
        return "its statement cannot be read"
    match statement:
        case {"subject": list(subjects), "predicateType": str(predicate)}:
            pass
        case _:
            return "its statement is none of in-toto"
    digests: dict[str, frozenset[str]] = {}
    for one in subjects:
        match one:
            case {"digest": dict(said), **rest}:
                name = rest.get("name")
                name = name if isinstance(name, str) else ""
                digests[name] = digests.get(name, frozenset()) | {value.lower() for value in said.values() if isinstance(value, str)}
            case _:
                return "a subject of its statement has no digest"
    return Attestation(predicate=predicate, statement=statement, digests=digests, claims=claims(certificate), entries=entries)


def _is_timestamped(material: Mapping[str, Any]) -> bool:
    match material:
        case {"timestampVerificationData": {"rfc3161Timestamps": [_, *_]}}:
            return True
    return False


def _certificate(material: Mapping[str, Any]) -> bytes | None:
    """Give the certificate of a bundle, of version 0.3 or before."""
    match material:
        case {"certificate": {"rawBytes": str(raw)}} | {"x509CertificateChain": {"certificates": [{"rawBytes": str(raw)}, *_]}}:
            return _bytes(raw)
    return None


def _pem(signature: object) -> bytes:
    """Give the certificate that stands beside a signature of the SLSA generator."""
    match signature:
        case {"cert": str(text)}:
            found = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.DOTALL)
            return (_bytes("".join(found[1].split())) or b"") if found is not None else b""
    return b""


def _entry(one: object) -> str:
    match one:
        case {"kindVersion": {"kind": str(kind), "version": str(version)}}:
            return f"{kind} {version}"
    return ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None


def provenances(
    found: Attestation, artifact: Artifact, witness: str, endpoint: str, signature: Signature | None, environment: str | None = None
) -> tuple[Provenance, ...]:
    """Give what an attestation says of an artifact: by its certificate, which whoever signs cannot choose, and by its statement where that names a build."""
    other = found.other_bytes(artifact)
    said = found.claims
    certified = Provenance(
        witness=witness,
        endpoint=endpoint,
        commit=said.get("commit", ""),
        repository=said.get("repository", "").removeprefix(_GITHUB),
        workflow=_file(said.get("workflow", "")),
        environment=environment,
        run=said.get("run", ""),
        signature=signature,
        of_other=other,
    )
    stated = None if other else _of_build(found.statement or {}, f"{witness} (statement)", endpoint)
    return (certified,) if stated is None else (certified, stated)


def _file(uri: str) -> str:
    """Give the path of a workflow: `https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1`."""
    path = uri.removeprefix(_GITHUB).partition("@")[0]
    return path.split("/", 2)[2] if path.count("/") > 2 else path


def _of_build(statement: Mapping[str, Any], witness: str, endpoint: str) -> Provenance | None:
    """Read provenance of SLSA, version 1 as GitHub and npm write it."""
    match statement:
        case {"predicateType": str(kind), "predicate": {"buildDefinition": {"externalParameters": {"workflow": dict(workflow)}, **rest}}} if kind == _PLAIN:
            pass
        case _:
            return None
    commit = ""
    for one in _list(rest.get("resolvedDependencies")):
        match one:
            case {"digest": {"gitCommit": str(said)}}:
                commit = commit or said
    path, repository = workflow.get("path"), workflow.get("repository")
    return Provenance(
        witness=witness,
        endpoint=endpoint,
        commit=commit,
        repository=repository.removeprefix(_GITHUB) if isinstance(repository, str) else "",
        workflow=path if isinstance(path, str) else "",
    )
