"""One file to PyPI, or to an index like it, through the upload API: the bytes that were compared with the candidate are the bytes that are sent.

It is sent from here and not by twine or uv, so that no file is read a second time, no token stands in the arguments or the environment of another
program, and an answer that a file exists is never skipped.

Sources: https://docs.pypi.org/api/upload/, https://packaging.python.org/en/latest/specifications/core-metadata/,
https://packaging.python.org/en/latest/specifications/index-hosted-attestations/ (PEP 740), https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from packaging.metadata import parse_email

from lockstep.acts import tokens
from lockstep.acts.sent import Sent, Unproven, Upload, sent
from lockstep.dataclass import replace
from lockstep.errors import UsageError
from lockstep.evidence.http import Http, Server, is_safe
from lockstep.evidence.registries.addresses import PYPI, Address
from lockstep.release.built_file import BuiltFile
from lockstep.release.candidate import ArtifactKind
from lockstep.workflow.commit_runs import Unseen

UPLOADS = {"PyPI": "https://upload.pypi.org/legacy/", "TestPyPI": "https://test.pypi.org/legacy/"}
"""Where the known indexes take files."""
_VARIABLES = ("UV_PUBLISH_URL", "TWINE_REPOSITORY_URL")
_RENAMED = {"platforms": "platform", "supported_platforms": "supported_platform", "license_files": "license_file"}
"""Fields of the metadata that the form calls otherwise."""


def describe(upload: Upload, environment: Mapping[str, str]) -> list[str]:
    """Say what would be asked."""
    said = f"POST {_url(upload.address, environment)}: {upload.artifact.name}, {upload.artifact.size} bytes, sha256 {upload.artifact.sha256}"
    return [said + (f", with {len(upload.attestations)} attestations" if upload.attestations else "")]


def unproven(upload: Upload, environment: Mapping[str, str]) -> Unproven | None:
    """Say why the file must not be sent: an attestation beside it is of other bytes; None where nothing forbids it."""
    del environment
    help_ = "take it away, or put the attestation of this very file there"
    for text in upload.attestations:
        try:
            statement = json.loads(base64.b64decode(json.loads(text)["envelope"]["statement"], validate=True))
            digests = [one["digest"]["sha256"] for one in statement["subject"]]
        except (ValueError, TypeError, KeyError, RecursionError):
            return Unproven(why=f"an attestation beside {upload.artifact.name} cannot be read as one of PEP 740", help=help_)
        if digests != [upload.artifact.sha256]:
            others = ", ".join(map(str, digests))
            why = f"an attestation beside {upload.artifact.name} is of sha256 {others}, and the candidate's is {upload.artifact.sha256}"
            return Unproven(why=why, help=help_)
    return None


async def publish(http: Http, upload: Upload, environment: Mapping[str, str]) -> Sent:
    """Send the file, once.

    Raises: UsageError where there is no token, or nobody knows where files are sent.
    """
    url = _url(upload.address, environment)
    server = Server(name=upload.address.server.name, url=url.rstrip("/"), trouble=upload.address.server.trouble)
    token = await _token(http, upload.address, environment)
    if isinstance(token, Unseen):
        return Sent(accepted=False, said=f"{token.what}: {token.why}", help=token.help)
    assert upload.file is not None
    boundary = f"lockstep-{upload.artifact.sha256}"
    body = _body(boundary, [*_form(upload.file, upload)], upload)
    server = replace(server, authorization=f"Basic {base64.b64encode(':'.join(token).encode()).decode('ascii')}")
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "application/json, text/plain"}
    return sent(server, await http.send(f"the upload of {upload.artifact.name}", server, "POST", url, body, headers=headers))


def _url(address: Address, environment: Mapping[str, str]) -> str:
    """Say where files are sent. What an index that is not known takes, only who sets the token may say, in the same environment.

    Raises: UsageError where nobody says it, or it is none that a token may be sent to.
    """
    known = UPLOADS.get(address.server.name) if address.server.url in PYPI else None
    variable = next((one for one in _VARIABLES if environment.get(one)), "")
    said = environment.get(variable, "").strip()
    if known is None and not said:
        raise UsageError(f"it is not known where {address.server.name} takes files", help=f"set {_VARIABLES[0]} beside the token")
    if known is not None and said and said.rstrip("/") != known.rstrip("/"):
        host = urlsplit(said).hostname if is_safe(said) else "another host"
        raise UsageError(f"{variable} is at {host}, and the release is looked for at {address.server.name}", help="registries.pypi names the index")
    if known is None and not is_safe(said):
        raise UsageError(f"{variable} is no address that a token may be sent to", help="https, a host, and a path")
    return known or said


async def _token(http: Http, address: Address, environment: Mapping[str, str]) -> tuple[str, str] | Unseen:
    """Give the user's name and the token.

    Raises: UsageError where there is none.
    """
    for user, name in ((None, "UV_PUBLISH_TOKEN"), ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"), ("TWINE_USERNAME", "TWINE_PASSWORD")):
        if token := environment.get(name, "").strip():
            if address.server.name == "TestPyPI" and not any(environment.get(one) for one in _VARIABLES):  # who configures the index has no say over it
                raise UsageError(f"the environment does not say that {name} is for TestPyPI", help=f"set {_VARIABLES[0]} beside the token")
            return (environment.get(user, "") if user else "") or "__token__", tokens.checked(token, name)
    if address.server.url in PYPI and tokens.has_identity(environment):
        server = Server(name=address.server.name, url=address.server.url.removesuffix("/simple"), trouble=address.server.trouble)
        said = await tokens.identity(http, environment, "pypi" if server.name == "PyPI" else "testpypi")
        token_ = said if isinstance(said, Unseen) else await tokens.exchanged(http, server, "/_/oidc/mint-token", "token", said)
        return token_ if isinstance(token_, Unseen) else ("__token__", token_)
    hint = "set UV_PUBLISH_TOKEN or TWINE_PASSWORD, or give the job id-token: write where it is a trusted publisher"
    raise UsageError(f"there is no token to publish to {address.server.name} with", help=hint)


def _form(file: BuiltFile, upload: Upload) -> Iterator[tuple[str, str]]:
    """Give the fields of the form: the file's own metadata, field by field, and its digests."""
    wheel = file.kind is ArtifactKind.WHEEL
    yield from ((":action", "file_upload"), ("protocol_version", "1"))
    yield "filetype", "bdist_wheel" if wheel else "sdist"
    yield "pyversion", file.name.removesuffix(".whl").split("-")[-3] if wheel else "source"
    end = ".dist-info/METADATA" if wheel else "/PKG-INFO"
    [text, *_] = [file.texts[path] for path in sorted(file.texts, key=lambda path: (path.count("/"), path)) if path.endswith(end)]
    metadata, _ = parse_email(text)
    for key, value in metadata.items():
        name = _RENAMED.get(key, key)
        if key == "license_files" and metadata.get("metadata_version", "") < "2.4":  # what setuptools wrote before it was a field
            continue
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            yield from ((name, f"{label}, {url}") for label, url in value.items())
        elif isinstance(value, list):
            yield from [(name, ",".join(value))] if key == "keywords" else ((name, one) for one in value)
    yield "sha256_digest", upload.artifact.sha256
    yield "blake2_256_digest", hashlib.blake2b(upload.data, digest_size=32).hexdigest()
    if upload.attestations:
        yield "attestations", json.dumps([json.loads(one) for one in upload.attestations])


def _body(boundary: str, fields: list[tuple[str, str]], upload: Upload) -> bytes:
    """Write a form. Source: https://www.rfc-editor.org/rfc/rfc7578"""
    name = upload.artifact.name.replace("%", "%25").replace('"', "%22")
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="content"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return b"".join([*parts, head.encode(), upload.data, f"\r\n--{boundary}--\r\n".encode()])
