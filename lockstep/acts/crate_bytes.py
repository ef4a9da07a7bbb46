"""One crate to crates.io, or to a registry like it, as it was sealed: the very file, with what cargo would tell of it. No cargo, and no work tree.

What is sent is what was compared with the candidate, by construction; `cargo publish` packs the crate anew.

Source: https://doc.rust-lang.org/cargo/reference/registry-web-api.html#publish
"""

from __future__ import annotations

import io
import json
import struct

from lockstep.acts.sent import Sent, Unproven, Upload, sent
from lockstep.dataclass import replace
from lockstep.evidence.archives import ArchiveError, read_archive_in
from lockstep.evidence.http import Http, Server, origin
from lockstep.evidence.registries import crates_io
from lockstep.evidence.registries.addresses import CRATES_IO
from lockstep.release.crate_metadata import CrateMetadataError, metadata, readme_of
from lockstep.workflow.commit_runs import Unseen

API = "https://crates.io"
PATH = "/api/v1/crates/new"


def describe(upload: Upload) -> list[str]:
    """Say what would be asked."""
    one = upload.artifact
    return [f"PUT {API if upload.address.server.url == CRATES_IO else '(the API of the index)'}{PATH}: {one.name}, {one.size} bytes, sha256 {one.sha256}"]


def unproven(upload: Upload) -> Unproven | None:
    """Say why the crate must not be sent: it is not known what cargo would tell of it; None where nothing forbids it."""
    try:
        told(upload)
    except (CrateMetadataError, ArchiveError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        why = f"it is not known what cargo would tell of {upload.artifact.name}: {error}"
        return Unproven(why=why, help="publish it without --bytes: cargo packs it, and tells what it knows")
    return None


def told(upload: Upload) -> dict[str, object]:
    """Give what cargo would tell of the crate.

    Raises: CrateMetadataError, ArchiveError, and what reading a manifest that is none raises.
    """
    assert upload.file is not None
    name = f"{upload.artifact.package}-{upload.artifact.version}"
    path, readme = readme_of(upload.file.manifest, {one.path.removeprefix(f"{name}/") for one in upload.file.members}), None
    if path is not None:
        wanted = f"{name}/{path}"
        found = read_archive_in(io.BytesIO(upload.data), upload.artifact.name, upload.artifact.name, (wanted,)).texts.get(wanted)
        if found is None:
            raise CrateMetadataError(f"its readme {path} is not in it")
        readme = (path, found.decode())
    return metadata(upload.file.manifest, readme, f"sparse+{upload.address.server.url}/" if upload.address.server.url != CRATES_IO else _CRATES_IO)


_CRATES_IO = "https://github.com/rust-lang/crates.io-index"


async def publish(http: Http, upload: Upload, token: str) -> Sent:
    """Send the crate, once."""
    api = await _api(http, upload)
    if isinstance(api, Unseen):
        return Sent(accepted=False, said=f"{api.what}: {api.why}", help=api.help)
    said = json.dumps(told(upload)).encode()
    body = struct.pack("<I", len(said)) + said + struct.pack("<I", len(upload.data)) + upload.data
    server = replace(api, authorization=token)
    headers = {"Content-Type": "application/octet-stream", "Accept": "application/json"}
    return sent(server, await http.send(f"the upload of {upload.artifact.name}", server, "PUT", PATH, body, headers=headers))


async def _api(http: Http, upload: Upload) -> Server | Unseen:
    """Say where crates are sent: to crates.io itself, else where the index is, which is what the token's own environment names."""
    server = upload.address.server
    if server.url == CRATES_IO:
        return Server(name="crates.io", url=API, trouble=server.trouble)
    found = await crates_io.opened(http, upload.address)
    if isinstance(found, Unseen):
        return found
    if found.api is None or origin(found.api.url) != origin(server.url):
        why = "its index names no API at the same host, and a token is sent nowhere else"
        return Unseen(what=f"the API of {server.name}", why=why, help="publish it without --bytes: cargo sends the token where the index says")
    return found.api
