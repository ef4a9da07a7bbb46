"""The Simple API in HTML, which indexes have that do not speak JSON: each file of a project is a link with its digest.

Source: https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api (PEP 503, PEP 592)
"""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit

from lockstep.evidence.http import Json, parsed
from lockstep.evidence.reach import Fault

_FILES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".egg", ".exe", ".tar.xz", ".tar.Z", ".rpm", ".msi", ".deb", ".dmg")


class _Links(HTMLParser):
    """Gathers the links of a page; `others` are those that lead to no file."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Json] = []
        self.others = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link."""
        if tag != "a":
            return
        said = {name: value or "" for name, value in attrs}
        url, digest = urldefrag(said.get("href", ""))
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        if not name.endswith(_FILES):
            self.others += 1
            return
        kind, _, value = digest.partition("=")
        yanked: Json = (said["data-yanked"] or True) if "data-yanked" in said else False
        self.files.append({"filename": name, "url": url, "hashes": {kind: value} if kind == "sha256" else {}, "yanked": yanked})


def read(project: str, body: bytes) -> Json | Fault:
    """Read a project's page, JSON or HTML, as PEP 691 has it; a page without a file, or with links to something else, is none."""
    if body.lstrip()[:1] != b"<":
        return parsed(body)
    links = _Links()
    try:
        links.feed(body.decode())
        links.close()
    except (UnicodeDecodeError, ValueError, AssertionError):
        return Fault("its answer is no HTML that can be read")
    if not links.files or links.others:
        return Fault("its answer is a page, and no list of a project's files")
    return {"name": project, "files": links.files}
