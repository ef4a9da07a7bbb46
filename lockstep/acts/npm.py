"""One tarball to npm, or to a registry like it, through `npm publish TARBALL`: npm makes the provenance, and uploads the file's bytes as they are.

npm runs in a folder of its own with settings of its own: no .npmrc of the repository, and no `publishConfig`, says where the token goes.

Sources: https://docs.npmjs.com/cli/commands/npm-publish, https://docs.npmjs.com/generating-provenance-statements, https://docs.npmjs.com/trusted-publishers
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from os import devnull

from lockstep.acts import tokens
from lockstep.acts.sent import Sent, Unproven, Upload
from lockstep.errors import UsageError
from lockstep.evidence.http import Http, Server
from lockstep.evidence.registries.addresses import NPM
from lockstep.evidence.running import OF_A_REPOSITORY, run
from lockstep.repository import programs
from lockstep.writing.private_folder import private_folder

SECONDS = 600.0
"""How long npm may take for one tarball."""
_TOKENS = ("NODE_AUTH_TOKEN", "NPM_TOKEN")
_OF_SETUP_NODE = "XXXXX-XXXXX-XXXXX-XXXXX"
"""What actions/setup-node sets where no token is given."""
_KEPT = ("npm_config_cache", "npm_config_proxy", "npm_config_https_proxy", "npm_config_noproxy", "npm_config_cafile")
_PLAIN = ("access", "provenance", "tag")
"""What a package may say of its own publishing; any other key of `publishConfig` is a setting of npm: a proxy, a certificate, a token."""
_ERROR = re.compile(r"^npm (?:error|ERR!) (.*)$", re.MULTILINE)
_CODE = re.compile(r"^code E(\d{3})$")


def describe(upload: Upload, environment: Mapping[str, str]) -> list[str]:
    """Say what would be asked."""
    del environment
    return [f"npm {' '.join(_arguments(upload, upload.artifact.name))}: {upload.artifact.size} bytes, {upload.artifact.integrity}"]


def unproven(upload: Upload, environment: Mapping[str, str]) -> Unproven | None:
    """Say why the tarball must not be sent: it wants to go elsewhere than where it is looked for; None where nothing forbids it."""
    del environment
    why = _wants_otherwise(upload)
    return Unproven(why=why, help=f"change the package.json of {upload.artifact.package}, build it, and seal again") if why else None


def _wants_otherwise(upload: Upload) -> str:
    assert upload.file is not None
    url, name = _server(upload).url, upload.artifact.name
    for key, value in _config(upload).items():
        if (key == "registry" or key.endswith(":registry")) and (not isinstance(value, str) or value.rstrip("/") != url):
            return f"publishConfig in {name} names another registry than {url}, where the release is looked for"
        if key not in _PLAIN and not (key == "registry" or key.endswith(":registry")):
            return f"publishConfig in {name} sets {key}, which npm takes for a setting of its own: only {', '.join(_PLAIN)} are let through"
    if upload.file.manifest.get("private") is True:
        return f"{upload.artifact.package} says that it is private, and npm refuses it"
    return ""


async def publish(http: Http, upload: Upload, environment: Mapping[str, str]) -> Sent:
    """Let npm send the tarball, once.

    Raises: UsageError where there is no token, or no npm.
    """
    server = _server(upload)
    found = programs.find("npm", upload.root)
    if found.path is None:
        raise UsageError("npm is not installed" if not found.refused else "the npm of the PATH lies in the repository, and is not run", help="install Node.js")
    token = _token(server, environment)
    line = f"//{server.url.partition('://')[2]}/:_authToken=${{NODE_AUTH_TOKEN}}\n" if token else ""
    settings = f"registry={server.url}/\n{line}update-notifier=false\n"
    with private_folder({upload.artifact.name: upload.data, ".npmrc": settings.encode(), "package.json": b"{}"}) as folder:
        done = await asyncio.to_thread(
            run,
            [found.path, *_arguments(upload, f"./{upload.artifact.name}")],
            folder,
            {**_environment(upload, environment), "npm_config_userconfig": f"{folder}/.npmrc", "npm_config_globalconfig": devnull, "NODE_AUTH_TOKEN": token},
            min(SECONDS, max(http.left, 1.0)),
        )
    if done is None:
        return Sent(accepted=None, said="npm did not end in time", help="try again")
    if done.code == 0:
        return Sent(accepted=True, said=f"npm published {upload.artifact.package} {upload.artifact.version}")
    lines = [one for one in _ERROR.findall(done.err) if not one.startswith("A complete log")]
    codes = [int(code[1]) for one in lines if (code := _CODE.fullmatch(one.strip()))]
    words = " ".join(" ".join(one for one in lines if not one.startswith("code ")).split())
    said = f"npm ended with code {done.code}: {words.replace(token, '***') if token else words}"[:400]
    return Sent(accepted=False if codes and codes[0] in (400, 401, 402, 403, 404, 422) else None, said=said, help=_hint(codes))


def _hint(codes: list[int]) -> str:
    match codes:
        case [401 | 404, *_]:
            return "the token is expired or may not publish this; npm answers 404 to that too"
        case [402, *_]:
            return "a new package of a scope is private unless its publishConfig says access: public, or --access public is given"
    return ""


def _server(upload: Upload) -> Server:
    return upload.address.of_package(upload.artifact.package).server


def _config(upload: Upload) -> Mapping[str, object]:
    said = upload.file.manifest.get("publishConfig") if upload.file is not None else None
    return said if isinstance(said, dict) else {}


def _arguments(upload: Upload, path: str) -> Iterator[str]:
    url, package = f"{_server(upload).url}/", upload.artifact.package
    yield from ("publish", path, "--ignore-scripts", "--workspaces=false", "--fetch-retries=0", f"--registry={url}")
    if package.startswith("@"):
        yield f"--{package.partition('/')[0]}:registry={url}"
    tag = upload.options.get("tag") or ("" if "tag" in _config(upload) or "-" not in upload.artifact.version else "next")
    if tag:
        yield f"--tag={tag}"
    if access := upload.options.get("access"):
        yield f"--access={access}"
    if upload.options.get("provenance"):
        yield "--provenance"


def _environment(upload: Upload, environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in tokens.without_secrets(environment).items()
        if name not in OF_A_REPOSITORY and (name.lower() in _KEPT or not name.lower().startswith("npm_config_"))
    }
    return {**kept, "PATH": programs.safe_path(upload.root)}


def _token(server: Server, environment: Mapping[str, str]) -> str:
    """Give the token, "" where npm asks for one itself. To another registry than npm's it goes only where the same environment names that registry."""
    named = next((value for name, value in environment.items() if name.lower() == "npm_config_registry"), "")
    if named.rstrip("/") != server.url and (named or server.url != NPM):
        raise UsageError(f"the environment does not say that its token is for {server.name}", help="set NPM_CONFIG_REGISTRY beside the token")
    for name in _TOKENS:
        if (token := environment.get(name, "").strip()) and token != _OF_SETUP_NODE:
            return tokens.checked(token, name)
    if server.url == NPM and tokens.has_identity(environment):
        return ""  # npm asks for a token itself, as a trusted publisher
    raise UsageError(f"there is no token to publish to {server.name} with", help="set NODE_AUTH_TOKEN, or give the job id-token: write as a trusted publisher")
